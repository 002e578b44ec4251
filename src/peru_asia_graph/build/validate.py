"""Validation of the finished graph against ``ontology/shapes.ttl``, by pySHACL and without inference.

Each source is validated on its own, with the code lists, since sources may contradict each other. Run as a program
(``python -m peru_asia_graph.build.validate SHAPES``) it reads N-Quads from its input, so that a build can validate in a
second process while it makes the exports.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import astuple, dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from peru_asia_graph.errors import PeruAsiaGraphError
from peru_asia_graph.vocabulary import (
    GRAPH,
    ONTOLOGY_GRAPH,
    RDF_TYPE,
    REFERENCE_GRAPH,
    THING,
    derived_graph,
    is_shared_graph,
    local,
    shared_graphs,
    shorten,
)

if TYPE_CHECKING:
    from rdflib import Graph

_TERM_GRAPHS: Final = (REFERENCE_GRAPH, ONTOLOGY_GRAPH)


@dataclass(frozen=True, order=True)
class Finding:
    """One violation of a shape: its severity, the thing it is about, the property and the message."""

    severity: str
    focus: str
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.focus} {self.path}: {self.message}".replace(" : ", ": ")


class Validator:
    """A process that validates; it loads its libraries while the graph is being made, so start it early."""

    def __init__(self, shapes: Path) -> None:
        command = [sys.executable, "-m", "peru_asia_graph.build.validate", str(shapes)]
        # The libraries need a working folder: one that has been removed is found out here.
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path.cwd())
        # One thread writes to the pipe, so that the caller goes on while the process is not reading yet.
        self._writer = ThreadPoolExecutor(1)
        self._sent: list[Future[None]] = []

    def send(self, quads: Iterable[ox.Quad]) -> None:
        """Send a part of the graph; it is read in parallel."""
        lines = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
        self._sent.append(self._writer.submit(self._write, lines))

    def finish(self) -> None:
        """Say that all has been sent; validation begins in parallel, and the pipe to it is closed."""
        self._sent.append(self._writer.submit(self._pipe.close))
        self._writer.shutdown()

    def findings(self) -> list[Finding]:
        """Wait for the findings."""
        assert self._process.stdout is not None
        answer = self._process.stdout.read()
        try:
            for sent in self._sent:
                sent.result()
        except BrokenPipeError as error:
            raise PeruAsiaGraphError("the validation ended early; see its messages above") from error
        if self._process.wait() != 0:
            raise PeruAsiaGraphError("the validation failed; see its messages above")
        return [Finding(*found) for found in json.loads(answer)]

    def __enter__(self) -> Validator:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._writer.shutdown(cancel_futures=True)
        with suppress(BrokenPipeError):
            self._pipe.close()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process.wait()

    @property
    def _pipe(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    def _write(self, data: bytes) -> None:
        self._pipe.write(data)
        self._pipe.flush()


def validate(quads: Iterable[ox.Quad] | Iterable[ox.Triple], shapes: Path) -> list[Finding]:
    """Return the findings, the most severe first; empty when the graph conforms."""
    from pyshacl import validate as run
    from rdflib import RDF, SH, Graph, URIRef

    _, report, _ = run(to_rdflib(quads), shacl_graph=_read_shapes(shapes), inplace=True, do_owl_imports=False)
    if not isinstance(report, Graph):
        raise TypeError(f"pySHACL gave no report: {report!r}")
    found = []
    for result in report.subjects(RDF.type, SH.ValidationResult):
        severity = str(report.value(result, SH.resultSeverity)).rsplit("#", 1)[1]
        path = report.value(result, SH.resultPath)
        message = min((str(one) for one in report.objects(result, SH.resultMessage)), default="")
        focus, value = (str(report.value(result, about)) for about in (SH.focusNode, SH.value))
        # A query whose focus is a code reports the things that it finds as values.
        is_query = report.value(result, SH.sourceConstraint) is not None
        if is_query and value.startswith(THING) and not focus.startswith(THING):
            focus = value
        path_shown = shorten(str(path)) if isinstance(path, URIRef) else ""
        found.append(Finding(severity, local(focus), path_shown, message.replace(THING, "")))
    return sorted(found, key=lambda one: (("Violation", "Warning", "Info").index(one.severity), one))


@lru_cache(1)
def _read_shapes(shapes: Path) -> Graph:
    from rdflib import Graph

    return Graph().parse(shapes, format="turtle")


def to_rdflib(quads: Iterable[ox.Quad] | Iterable[ox.Triple]) -> Graph:
    """Return all quads merged into one rdflib graph, literals as they are written."""
    from rdflib import BNode, Graph, Literal, URIRef

    cache: dict[Any, Any] = {}

    def convert(term: Any) -> Any:
        if term not in cache:
            if isinstance(term, ox.NamedNode):
                cache[term] = URIRef(term.value)
            elif isinstance(term, ox.BlankNode):
                cache[term] = BNode(term.value)
            elif term.language:
                cache[term] = Literal(term.value, lang=term.language)
            elif term.datatype.value.endswith("#string"):
                cache[term] = Literal(term.value)
            else:
                cache[term] = Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)
        return cache[term]

    graph = Graph()
    for quad in quads:
        graph.add((convert(quad.subject), convert(quad.predicate), convert(quad.object)))
    return graph


def parts_of(quads: Iterable[ox.Quad]) -> list[list[ox.Quad]]:
    """Return the quads of each source with those of no source; all in one part where no graph is of a source.

    What identifiers and matches say of things that a source does not speak of is not in its part. The first part has
    the whole ontology and all code lists, which need be validated once; the others have of them what they name.
    """
    graphs: dict[str, list[ox.Quad]] = defaultdict(list)
    for quad in quads:
        graphs[getattr(quad.graph_name, "value", "")].append(quad)
    written = [name for name in graphs if not is_shared_graph(name)]
    sources = [name for name in written if derived_graph(name.removeprefix(GRAPH)) in graphs]
    shared = shared_graphs(graphs, [name.removeprefix(GRAPH) for name in sources])
    own = {name: {name, derived_graph(name.removeprefix(GRAPH)), *shared[name.removeprefix(GRAPH)]} for name in sources}
    every = set().union(*own.values()) if own else set()
    common = [quad for name, found in graphs.items() if name not in every for quad in found]
    parts = [[quad for one in sorted(own[name] & graphs.keys()) for quad in graphs[one]] for name in sources]
    parts = [[*_concerning(part, common), *part] for part in parts]
    return [*parts[:1], *(_without_unused(part) for part in parts[1:])] or [common]


def _concerning(part: Sequence[ox.Quad], common: Sequence[ox.Quad]) -> list[ox.Quad]:
    """Return the common quads, without those of subjects that are, or speak of, things the part does not name."""
    named = {node.value for quad in part for node in (quad.subject, quad.object) if isinstance(node, ox.NamedNode)}
    reference = ox.NamedNode(REFERENCE_GRAPH)
    typed = {quad.subject for quad in common if quad.graph_name == reference and quad.predicate.value == RDF_TYPE}

    def elsewhere(node: object) -> bool:
        return (isinstance(node, ox.NamedNode) and node.value.startswith(THING)
                and node.value not in named and node not in typed)  # fmt: skip

    left_out = {quad.subject for quad in common if elsewhere(quad.subject) or elsewhere(quad.object)}
    return [quad for quad in common if quad.subject not in left_out]


def _without_unused(part: Sequence[ox.Quad]) -> list[ox.Quad]:
    """Return a part without the terms and codes that nothing leads to from the rest of it."""
    terms: dict[object, list[ox.Quad]] = defaultdict(list)
    kept: list[ox.Quad] = []
    for quad in part:
        of_terms = getattr(quad.graph_name, "value", "") in _TERM_GRAPHS
        is_thing = isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(THING)
        (terms[quad.subject] if of_terms and not is_thing else kept).append(quad)
    # Grows while it is read.
    for quad in kept:
        for node in (quad.subject, quad.object):
            kept += terms.pop(node, ())
    return kept


def main() -> None:
    """Validate N-Quads from the input against the shapes named; write the findings as JSON."""
    gc.disable()  # nothing is freed before the process ends
    import pyshacl  # noqa: F401  # loaded while the graph is still being made

    parts = parts_of(ox.parse(sys.stdin.buffer, format=ox.RdfFormat.N_QUADS))
    found = dict.fromkeys(one for part in parts for one in validate(part, Path(sys.argv[1])))
    json.dump([astuple(one) for one in found], sys.stdout)


if __name__ == "__main__":
    main()

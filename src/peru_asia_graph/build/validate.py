"""Validate the finished graph against ``ontology/shapes.ttl``, with pySHACL and without inference.

Each source is validated separately, with the code lists, because sources may contradict each other. Run as a program
(``python -m peru_asia_graph.build.validate SHAPES``), the module reads N-Quads from standard input, so that a build can
validate in a second process while it generates the exports.
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
from typing import IO, TYPE_CHECKING, Final

import pyoxigraph as ox

from peru_asia_graph.errors import PeruAsiaGraphError
from peru_asia_graph.rdf.rdflib_graph import term_converter
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
    """One violation of a shape: its severity, focus node, property and message."""

    severity: str
    focus: str
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.focus} {self.path}: {self.message}".replace(" : ", ": ")


class Validator:
    """A validation process; start it early, because it imports its libraries while the graph is being built."""

    def __init__(self, shapes: Path) -> None:
        command = [sys.executable, "-m", "peru_asia_graph.build.validate", str(shapes)]
        # The libraries need an existing working folder: fail here if it has been removed.
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path.cwd())
        # One thread writes to the pipe, so that the caller does not block until the process starts reading.
        self._writer = ThreadPoolExecutor(1)
        self._sent: list[Future[None]] = []

    def send(self, quads: Iterable[ox.Quad]) -> None:
        """Send a part of the graph; it is parsed in parallel."""
        lines = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
        self._sent.append(self._writer.submit(self._write, lines))

    def finish(self) -> None:
        """Signal the end of the graph and close the pipe; validation starts in parallel."""
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
            raise PeruAsiaGraphError("the validation process ended early; see its messages above") from error
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
    """Return the findings, most severe first; empty if the graph conforms."""
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
        # For a SPARQL constraint whose focus node is a code, the offending things are the values.
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
    """Return all quads merged into one rdflib graph, with literals unchanged."""
    from rdflib import Graph

    graph, convert = Graph(), term_converter(as_written=True)
    for quad in quads:
        graph.add((convert(quad.subject), convert(quad.predicate), convert(quad.object)))
    return graph


def parts_of(quads: Iterable[ox.Quad]) -> list[list[ox.Quad]]:
    """Return the quads of each source together with the common ones; all in one part if no graph belongs to a source.

    A source's part excludes identifiers and matches of things that it does not mention. The first part has the whole
    ontology and all code lists, which need validating only once; the others have only the terms and codes they use.
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
    """Return the common quads, except those with a subject that is, or refers to, a thing the part does not mention."""
    named = {node.value for quad in part for node in (quad.subject, quad.object) if isinstance(node, ox.NamedNode)}
    reference = ox.NamedNode(REFERENCE_GRAPH)
    typed = {quad.subject for quad in common if quad.graph_name == reference and quad.predicate.value == RDF_TYPE}

    def elsewhere(node: object) -> bool:
        return (isinstance(node, ox.NamedNode) and node.value.startswith(THING)
                and node.value not in named and node not in typed)  # fmt: skip

    left_out = {quad.subject for quad in common if elsewhere(quad.subject) or elsewhere(quad.object)}
    return [quad for quad in common if quad.subject not in left_out]


def _without_unused(part: Sequence[ox.Quad]) -> list[ox.Quad]:
    """Return a part without the ontology terms and codes that the rest of it does not use."""
    terms: dict[object, list[ox.Quad]] = defaultdict(list)
    kept: list[ox.Quad] = []
    for quad in part:
        of_terms = getattr(quad.graph_name, "value", "") in _TERM_GRAPHS
        is_thing = isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(THING)
        (terms[quad.subject] if of_terms and not is_thing else kept).append(quad)
    # The list grows during the loop.
    for quad in kept:
        for node in (quad.subject, quad.object):
            kept += terms.pop(node, ())
    return kept


def main() -> None:
    """Validate N-Quads from standard input against the given shapes; write the findings as JSON."""
    gc.disable()  # the process ends before memory needs to be freed
    import pyshacl  # noqa: F401  # imported while the graph is still being built

    parts = parts_of(ox.parse(sys.stdin.buffer, format=ox.RdfFormat.N_QUADS))
    found = dict.fromkeys(one for part in parts for one in validate(part, Path(sys.argv[1])))
    json.dump([astuple(one) for one in found], sys.stdout)


if __name__ == "__main__":
    main()

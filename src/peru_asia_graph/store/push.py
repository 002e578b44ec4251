"""A graph to a server, by the SPARQL 1.1 Graph Store Protocol: in batches, resumable, verified.

Quads in, a report out. The first batch of each graph replaces it, the others add to it; a journal remembers what the
server has acknowledged, so that the same push, started again, goes on from there. Afterwards the triples of each graph
are counted and those of a sample of subjects compared, literals by value: servers spell decimals and booleans anew.
Limit: no blank nodes, which mean nothing outside their batch; while a push runs, readers see a part of the graph.
"""

from __future__ import annotations

import hashlib
import heapq
import json
import os
import time
import urllib.parse
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from peru_asia_graph.errors import BadInput, CheckFailed, Problem, StoreUnreachable, WrongUse
from peru_asia_graph.files.output_file import write_file
from peru_asia_graph.rdf.quads import iri
from peru_asia_graph.store.embedded import format_of
from peru_asia_graph.store.http import Client
from peru_asia_graph.store.remote import RemoteStore
from peru_asia_graph.store.results import Term
from peru_asia_graph.store.terms import term_of
from peru_asia_graph.vocabulary import XSD

BATCH: Final = 10_000
SAMPLE: Final = 200
_TRIES: Final = 3
# Where a server that takes graphs at one path answers queries: Oxigraph, Virtuoso, Fuseki.
_QUERY_PATHS: Final = {
    "/store": "/query", "/sparql-graph-crud-auth": "/sparql", "/sparql-graph-crud": "/sparql", "/data": "/query",
}  # fmt: skip
Say = Callable[[str], None]
Batch = tuple[str, list[ox.Quad], bool]


@dataclass
class Tally:
    """What was sent: distinct triples a graph, and the statements of the sampled subjects."""

    counts: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    sample: dict[str, set[str]] = field(default_factory=dict)
    worst: list[tuple[int, str]] = field(default_factory=list)

    def add(self, quad: ox.Quad) -> None:
        """Count a quad; keep it when its subject is among the sampled, those of smallest hash."""
        graph, subject = _graph(quad), iri(quad.subject)
        self.counts[graph].add(_hash(str(quad)))
        if subject not in self.sample:
            rank = _hash(subject)
            if len(self.worst) >= SAMPLE:
                if -rank < self.worst[0][0]:
                    return
                _, out = heapq.heapreplace(self.worst, (-rank, subject))
                del self.sample[out]
            else:
                heapq.heappush(self.worst, (-rank, subject))
            self.sample[subject] = set()
        self.sample[subject].add(canonical(subject, quad.predicate.value, term_of(quad.object), graph))


def push(quads: Iterable[ox.Quad], graphs: str, query: str | None, journal: Path, batch: int, say: Say) -> int:
    """Send quads to the graph store at ``graphs`` and verify them at ``query``; return how many triples there are.

    Raise StoreUnreachable when the server fails (the journal then tells where to go on), CheckFailed when what it
    holds is not what was sent.
    """
    query = query or query_address(graphs)
    tally, client = Tally(), Client(graphs)
    done = json.loads(journal.read_text())["done"] if journal.exists() else 0
    if done:
        say(f"going on after batch {done}")
    for number, (graph, some, first) in enumerate(_batches(quads, batch, tally), 1):
        if number > done:
            _send(client, graphs, graph, some, first, number)
            write_file(journal, json.dumps({"done": number}).encode())
            say(f"batch {number}: {len(some):,} triples to {graph or 'the default graph'}")
    journal.unlink(missing_ok=True)
    verify(RemoteStore(query), tally)
    say(f"verified: {len(tally.counts)} graphs counted, {len(tally.sample)} subjects compared")
    return sum(map(len, tally.counts.values()))


def parse(file: Path) -> Iterator[ox.Quad]:
    """Yield the quads of an RDF file; raise BadInput where it breaks."""
    try:
        yield from ox.parse(path=str(file), format=format_of(file))
    except (SyntaxError, ValueError) as error:
        raise BadInput([Problem(str(file), getattr(error, "lineno", 0) or 0, "", str(error))]) from error


def query_address(graphs: str) -> str:
    """Return where a server whose graph store is at ``graphs`` answers queries."""
    for ending, query in _QUERY_PATHS.items():
        if graphs.endswith(ending):
            return graphs.removesuffix(ending) + query
    raise WrongUse("name where the server answers queries, to verify what arrived: --query URL")


def journal_file(graphs: str, file: Path, batch: int) -> Path:
    """Return the file that remembers how far this push has come."""
    with file.open("rb") as opened:
        content = hashlib.file_digest(opened, "sha256").hexdigest()
    name = hashlib.sha256(f"{graphs} {batch} {content}".encode()).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "peru-asia-graph" / f"push-{name}.json"


def verify(store: RemoteStore, tally: Tally) -> None:
    """Raise CheckFailed unless the store holds what was sent: counts of all graphs, statements of the sample."""
    for graph, triples in tally.counts.items():
        pattern = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
        counted = store.answer(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}", list, [])
        found = int(counted[0]["n"].value)
        if found != len(triples):
            raise CheckFailed(f"{graph or 'the default graph'} has {found:,} triples there, {len(triples):,} were sent")
    there: set[str] = set()
    subjects = sorted(tally.sample)
    for start in range(0, len(subjects), 50):
        values = " ".join(f"<{subject}>" for subject in subjects[start : start + 50])
        for graph in tally.counts:
            pattern = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
            for row in store.answer(f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {values} }} {pattern} }}", list, []):
                there.add(canonical(row["s"].value, row["p"].value, term_of(row["o"]), graph))
    sent = set().union(*tally.sample.values())
    if _digest(sent) != _digest(there):
        odd = sorted(sent ^ there)[0]
        raise CheckFailed(f"the sample of {len(subjects)} subjects differs there, first in: {odd}")


def canonical(subject: str, predicate: str, value: Term, graph: str) -> str:
    """Return a statement as text, its literal by value.

    >>> canonical("a", "b", Term("literal", "70.0", "http://www.w3.org/2001/XMLSchema#decimal"), "")
    'a b "70"^^http://www.w3.org/2001/XMLSchema#decimal@ '
    """
    text = value.python() if value.datatype else value.value
    kind = value.datatype
    if isinstance(text, Decimal):
        text = f"{text.normalize():f}"
    elif isinstance(text, int) and kind != XSD + "boolean":
        # Oxigraph keeps every kind of integer as xsd:integer.
        kind = XSD + "integer"
    written = f'"{text}"^^{kind}@{value.language.lower()}' if value.kind == "literal" else text
    return f"{subject} {predicate} {written} {graph}"


def _batches(quads: Iterable[ox.Quad], size: int, tally: Tally) -> Iterator[Batch]:
    """Yield graph, quads and whether they are its first, in an order that depends on the quads alone."""
    waiting: dict[str, list[ox.Quad]] = defaultdict(list)
    begun: set[str] = set()
    for quad in quads:
        if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
            raise WrongUse("the file has blank nodes, which cannot be sent in batches; give them addresses first")
        tally.add(quad)
        graph = _graph(quad)
        waiting[graph].append(quad)
        if len(waiting[graph]) == size:
            yield graph, waiting.pop(graph), graph not in begun
            begun.add(graph)
    for graph, rest in waiting.items():
        yield graph, rest, graph not in begun


def _graph(quad: ox.Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""


def _send(client: Client, graphs: str, graph: str, quads: list[ox.Quad], first: bool, number: int) -> None:
    place = f"{graphs}?{urllib.parse.urlencode({'graph': graph})}" if graph else f"{graphs}?default"
    body = ox.serialize([quad.triple for quad in quads], format=ox.RdfFormat.N_TRIPLES)
    # Every server reads N-Triples as Turtle; some do not know it by its own name.
    headers = {"Content-Type": "text/turtle"}
    for attempt in range(_TRIES):
        answer = client.send("PUT" if first else "POST", place, headers, body)
        if answer.status in (200, 201, 204):
            return
        if answer.status not in (429, 500, 502, 503, 504):
            break
        time.sleep(2.0**attempt)
    more = f"batch {number} did not arrive; the same command goes on from there"
    raise StoreUnreachable(f"{graphs} answers {answer.status}: {answer.said}; {more}")


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def _digest(lines: Any) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()

"""Send an RDF file to a SPARQL server in batches, with the Graph Store Protocol, and verify the triple counts."""

from __future__ import annotations

import urllib.parse
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from peru_asia_graph.errors import CheckFailed, StoreUnreachable, WrongUse
from peru_asia_graph.rdf.lenient import LeftOut
from peru_asia_graph.rdf.rdf_file import parse_rdf
from peru_asia_graph.store.http import HttpClient
from peru_asia_graph.store.remote import RemoteStore
from peru_asia_graph.store.terms import result_of

# The query endpoint for each graph store path: Oxigraph and Fuseki, Virtuoso with and without authentication.
_ENDPOINTS: Final = {
    "/store": "/query", "/data": "/query", "/sparql-graph-crud-auth": "/sparql", "/sparql-graph-crud": "/sparql",
}  # fmt: skip


def push_file(
    file: Path,
    graph_store: str,
    endpoint: str | None,
    batch: int,
    progress: Callable[[str], None],
    base: str | None = None,
    left_out: LeftOut | None = None,
) -> int:
    """Replace the file's graphs on a server; return the number of distinct triples.

    ``graph_store`` is the URL for the Graph Store Protocol, ``endpoint`` the one for the SPARQL Protocol (None: derived
    from ``graph_store``), ``batch`` the number of triples per request; ``base`` and ``left_out`` are those of
    `rdf_file.open_rdf`. The file is read twice, so nothing is sent if it is invalid.
    Raises BadInput for an invalid file, WrongUse for blank nodes (they would not be the same across batches),
    StoreUnreachable if the server fails; pushing again starts over. Raises CheckFailed if a graph on the server then
    has a different number of triples.
    """
    store = RemoteStore(endpoint or find_endpoint(graph_store))
    expected = _count(file, parse_rdf(file, base, left_out))
    client = HttpClient(graph_store)
    again = parse_rdf(file, base, None if left_out is None else LeftOut())
    for number, (graph, quads, is_first) in enumerate(_batches(again, batch), 1):
        _send(client, graph, quads, "PUT" if is_first else "POST")
        progress(f"batch {number}: {len(quads):,} triples to {graph or 'the default graph'}")
    for graph, count in expected.items():
        pattern = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
        found = _number(store, f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")
        if found != count:
            name = graph or "the default graph"
            message = f"{name} has {found:,} triples on the server, but {count:,} were sent; push again"
            # Such as 1 and 01: a server may store only the value.
            merged = "; if this persists, the server treats different spellings of a number as the same"
            raise CheckFailed(message + (merged if 0 < found < count else ""))
    graphs = "1 graph has" if len(expected) == 1 else f"{len(expected)} graphs have"
    progress(f"verified: {graphs} the number of triples sent")
    return sum(expected.values())


def _number(store: RemoteStore, query: str) -> int:
    """Return the number that a query counts; raise StoreUnreachable if the answer is something else."""
    counted = store.answer(query, result_of, [])
    if len(counted.rows) == 1 and len(counted.variables) == 1 and (term := counted.rows[0][0]) is not None:
        with suppress(ValueError):
            return int(term.value)
    raise StoreUnreachable("the triples were sent, but the server does not count them; is --query its SPARQL endpoint?")


def find_endpoint(graph_store: str) -> str:
    """Return the query endpoint for the graph store URL of a known server."""
    for path, endpoint in _ENDPOINTS.items():
        if graph_store.endswith(path):
            return graph_store.removesuffix(path) + endpoint
    raise WrongUse("the query endpoint of this server is unknown; name it: --query URL")


def _count(file: Path, quads: Iterable[ox.Quad]) -> dict[str, int]:
    """Return the number of distinct triples per graph; raise WrongUse for blank nodes."""
    # Hashes instead of quads: 60 bytes per triple.
    seen: dict[str, set[int]] = defaultdict(set)
    for quad in quads:
        if any(map(_has_blank_node, (quad.subject, quad.object, quad.graph_name))):
            raise WrongUse(
                f"{file} has blank nodes, whose labels are valid in one request only; give them IRIs, or load the "
                "file into the server with its own tools"
            )
        seen[_graph(quad)].add(hash(quad))
    return {graph: len(hashes) for graph, hashes in seen.items()}


def _has_blank_node(term: object) -> bool:
    if isinstance(term, ox.Triple):
        return _has_blank_node(term.subject) or _has_blank_node(term.object)
    return isinstance(term, ox.BlankNode)


def _batches(quads: Iterable[ox.Quad], size: int) -> Iterator[tuple[str, list[ox.Quad], bool]]:
    """Yield each batch with its graph and whether it is the first batch of that graph."""
    waiting: dict[str, list[ox.Quad]] = defaultdict(list)
    started: set[str] = set()
    for quad in quads:
        graph = _graph(quad)
        waiting[graph].append(quad)
        if len(waiting[graph]) == size:
            yield graph, waiting.pop(graph), graph not in started
            started.add(graph)
    for graph, rest in waiting.items():
        yield graph, rest, graph not in started


def _graph(quad: ox.Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""


def _send(client: HttpClient, graph: str, quads: list[ox.Quad], method: str) -> None:
    target = f"{client.url}?{urllib.parse.urlencode({'graph': graph})}" if graph else f"{client.url}?default"
    body = ox.serialize([quad.triple for quad in quads], format=ox.RdfFormat.N_TRIPLES)
    # N-Triples is a subset of Turtle, and Virtuoso does not know its media type.
    response = client.send(method, target, {"Content-Type": "text/turtle"}, body)
    if response.status not in (200, 201, 204):
        raise StoreUnreachable(f"{client.url} returned {response.status}: {response.excerpt}; push again")

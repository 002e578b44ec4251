"""Where queries are answered. Query text in, a Result out; nothing above knows which store answers.

Limit: a store is read, never changed, through this interface.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from peru_asia_graph.errors import StoreUnreachable
from peru_asia_graph.paths import find_project
from peru_asia_graph.results import Result


class Store(Protocol):
    """Anything that answers SPARQL 1.1 queries; the default graph is the union of all graphs."""

    def query(self, text: str) -> Result:
        """Answer a query; raise BadQuery when it cannot be run."""
        ...


def open_store(where: str | Path | None = None) -> Store:
    """Open the shipped graph, or the RDF file (Turtle, TriG, N-Triples, N-Quads, RDF/XML, JSON-LD) named."""
    from peru_asia_graph.store.embedded import EmbeddedStore

    path = find_project().graph if where is None else Path(where)
    if where is None and not path.is_file():
        raise StoreUnreachable(f"the graph {path} is not built yet; run: pag build")
    return EmbeddedStore.load(path, trusted=where is None)

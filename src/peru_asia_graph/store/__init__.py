"""Where queries are answered. Query text in, a Result out; nothing above knows which store answers.

Limit: a store is read, never changed, through this interface.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from peru_asia_graph.errors import StoreUnreachable
from peru_asia_graph.paths import find_project
from peru_asia_graph.store.results import Result

if TYPE_CHECKING:
    from pyoxigraph import Quad


class Store(Protocol):
    """Anything that answers SPARQL 1.1 queries; the default graph is the union of all graphs."""

    def query(self, text: str) -> Result:
        """Answer a query; raise BadQuery when it cannot be run."""
        ...

    def query_all(self, text: str, key: str) -> Result:
        """Answer a query of many rows, told apart by the address ``key``: fetched in pages where that is needed."""
        ...

    def columns(self, texts: Sequence[str], key: str) -> list[list[list[str]]]:
        """Answer queries of many rows, each as one list of texts a variable, addresses whole, empty where unbound."""
        ...

    def quads(self) -> list[Quad]:
        """Return everything in the store, held in memory."""
        ...


def open_store(where: str | Path | None = None) -> Store:
    """Open the shipped graph, or what ``where`` names; raise StoreUnreachable when it cannot be opened.

    A file (Turtle, TriG, N-Triples, N-Quads, RDF/XML, JSON-LD), a folder written by ``pag load``, or the http(s)
    address of a SPARQL endpoint.
    """
    if is_address(where):
        from peru_asia_graph.store.remote import RemoteStore

        return RemoteStore(str(where))
    from peru_asia_graph.store.embedded import EmbeddedStore

    path = find_project().graph if where is None else Path(where)
    if path.is_dir():
        return EmbeddedStore.open(path)
    if where is None and not path.is_file():
        raise StoreUnreachable(f"the graph {path} is not built yet; run: pag build")
    return EmbeddedStore.load(path, trusted=where is None)


def is_address(where: str | Path | None) -> bool:
    """Return whether ``where`` names a server, not a file or folder."""
    return str(where).startswith(("http://", "https://"))


def find_version(where: str | Path | None) -> str:
    """Return a text that changes when the data of a file or folder is replaced; empty for a server, or when gone."""
    if is_address(where):
        return ""
    path = find_project().graph if where is None else Path(where)
    try:
        # Of a folder of ours the link tells; of one of Oxigraph, its own pointer.
        real = next((one for one in (path / "current", path / "CURRENT") if one.exists()), path).resolve()
        found = real.stat()
    except OSError:
        return ""
    return f"{real} {found.st_mtime_ns} {found.st_size}"

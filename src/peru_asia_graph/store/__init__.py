"""SPARQL stores: a file in memory, a folder on disk or a server, behind one read-only interface."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from peru_asia_graph.errors import StoreUnreachable, WrongUse
from peru_asia_graph.paths import find_project
from peru_asia_graph.store.results import Result

if TYPE_CHECKING:
    from pyoxigraph import Quad


class Store(Protocol):
    """A SPARQL 1.1 store; the default graph is the union of all graphs."""

    def query(self, text: str) -> Result:
        """Run a query; raise BadQuery if it is invalid."""

    def query_all(self, text: str, key: str) -> Result:
        """Run a query with many rows; on a server, fetch it in pages ordered by the IRI variable ``key``."""

    def query_columns(self, texts: Sequence[str], key: str) -> list[list[list[str]]]:
        """Run several queries with many rows; return each as one list of strings per variable, empty where unbound.

        For a million rows this takes a seventh of the time of ``query``. IRIs are not shortened.
        """

    def quads(self) -> list[Quad]:
        """Return all quads in the store."""

    @property
    def graphs(self) -> Sequence[str] | None:
        """The graphs to which a part of a store is limited; None for a whole store."""

    def part(self, graphs: Sequence[str]) -> Store:
        """Return the store limited to these graphs: a query sees no others, and may not name its own (FROM)."""


def open_store(where: str | Path | None = None) -> Store:
    """Open the shipped graph, or the store ``where``; raise StoreUnreachable if it cannot be opened.

    ``where`` is an RDF file (with one of the endings in `rdf.endings`, optionally compressed), a folder written by
    ``pag load``, or the http(s) URL of a SPARQL endpoint.
    """
    if is_address(where):
        from peru_asia_graph.store.remote import RemoteStore

        return RemoteStore(str(where))
    from peru_asia_graph.store.embedded import EmbeddedStore

    path = find_local(where)
    if path.is_dir():
        return EmbeddedStore.open(path)
    return EmbeddedStore.load(path, trusted=where is None)


def find_local(where: str | Path | None) -> Path:
    """Return the path of a local store; raise StoreUnreachable if there is none."""
    path = built_graph() if where is None else Path(where)
    try:
        if path.is_dir() or path.exists():
            return path
    except OSError as error:  # a name that is too long, an unreadable folder
        raise StoreUnreachable(f"{path} cannot be opened: {error.strerror}") from error
    raise StoreUnreachable(f"there is no file or folder {path}; the URL of a server starts with http://")


def built_graph() -> Path:
    """Return the file of the project's graph; raise StoreUnreachable if it has not been built yet."""
    path = find_project().graph
    if not path.is_file():
        raise StoreUnreachable(f"the graph {path} is not built yet; run: pag build")
    return path


def is_address(where: str | Path | None) -> bool:
    """Return whether ``where`` is the URL of a server rather than a file or folder."""
    return str(where).startswith(("http://", "https://"))


def find_version(where: str | Path | None) -> str:
    """Return a string that changes when a file or folder is replaced; empty for a server and if there is none."""
    if is_address(where):
        return ""
    try:
        path = find_project().graph if where is None else Path(where)
        # "current" is the symbolic link in a folder written by pag load, "CURRENT" a file in a RocksDB database.
        named = next((one for one in (path / "current", path / "CURRENT") if one.exists()), path)
        real = Path(os.path.realpath(named))  # other than Path.resolve, without an error for a link to itself
        found = real.stat()
    except (OSError, WrongUse):
        return ""
    return f"{real} {found.st_mtime_ns} {found.st_size}"

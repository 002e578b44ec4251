"""The embedded store: an RDF file in memory, or a folder on disk, answered by Oxigraph.

Limit: a file is parsed at each start, which takes about a tenth of a second for the shipped graph; a folder is
opened for reading only; Oxigraph spells some literals anew (12.50 as 12.5), and a triple in two graphs counts twice.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pyoxigraph as ox

from peru_asia_graph.errors import BadQuery, StoreUnreachable
from peru_asia_graph.store.guard import check_query
from peru_asia_graph.store.results import Result
from peru_asia_graph.store.terms import columns_of, result_of
from peru_asia_graph.vocabulary import BASE, PREFIXES

if TYPE_CHECKING:
    from peru_asia_graph.store.folder import Reading

Kind = TypeVar("Kind")
Graphs = Sequence[str] | None
_PLACE: Final = re.compile(r"error at (\d+):(\d+): ")
_UPDATE: Final = re.compile(
    r"^\s*(?:(?:prefix|base)\b[^>]*>\s*)*(insert|delete|load|clear|create|drop|copy|move|add)\b", re.I
)


class EmbeddedStore:
    """A read-only SPARQL store in memory or on disk."""

    def __init__(self, store: ox.Store, reading: Reading | None = None) -> None:
        self._store = store
        # Held as long as the store is, so that a load does not remove the files under it.
        self._reading = reading

    @classmethod
    def load(cls, path: Path, trusted: bool = False) -> EmbeddedStore:
        """Load an RDF file; the name's ending tells its format. A trusted file, one we wrote, is not checked again.

        One transaction is quicker for a small graph, the bulk loader for any other.
        """
        store = ox.Store()
        load = store.load if trusted else store.bulk_load
        try:
            load(path=str(path), format=format_of(path), lenient=trusted)
        except (OSError, SyntaxError, ValueError) as error:
            raise StoreUnreachable(f"{path} cannot be loaded: {error}") from error
        return cls(store)

    @classmethod
    def open(cls, folder: Path) -> EmbeddedStore:
        """Open a folder written by ``pag load`` or by Oxigraph itself."""
        from peru_asia_graph.store.folder import Reading

        reading = Reading.of(folder)
        try:
            store = ox.Store.read_only(str(reading.store))
        except (OSError, ValueError) as error:
            raise StoreUnreachable(f"{folder} cannot be opened as a store: {error}") from error
        return cls(store, reading)

    @classmethod
    def of(cls, quads: Iterable[ox.Quad]) -> EmbeddedStore:
        """Return a store that holds the given quads."""
        store = ox.Store()
        store.bulk_extend(quads)
        return cls(store)

    def query(self, text: str) -> Result:
        """Answer a query; the known prefixes need no declaration."""
        return self.answer(text, result_of)

    def query_all(self, text: str, key: str) -> Result:
        """Answer a query of many rows, all at once."""
        return self.query(text)

    def columns(self, texts: Sequence[str], key: str) -> list[list[list[str]]]:
        """Answer queries of many rows by their columns, side by side."""
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(os.cpu_count()) as threads:
            return list(threads.map(lambda text: self.answer(text, columns_of), texts))

    def answer(self, text: str, read: Callable[[Any], Kind], default: Graphs = None, named: Graphs = None) -> Kind:
        """Return what ``read`` makes of Oxigraph's answer over the graphs given, else over the union of all."""
        names_graphs = check_query(text) or default is not None or named is not None
        graphs: dict[str, Any] = {}
        try:
            if default is not None or named is not None:
                graphs = {"default_graph": _nodes(default), "named_graphs": _nodes(named)}
            union = not names_graphs
            answer = self._store.query(
                text, base_iri=BASE, prefixes=PREFIXES, use_default_graph_as_union=union, **graphs
            )
            return read(answer)
        except SyntaxError as error:
            raise _bad_query(str(error), text) from error
        except (OSError, ValueError, RuntimeError) as error:
            raise BadQuery(str(error)) from error

    def quads(self) -> list[ox.Quad]:
        """Return everything in the store."""
        return list(self._store)


def _nodes(graphs: Graphs) -> list[ox.NamedNode]:
    return [ox.NamedNode(graph) for graph in graphs or ()]


def format_of(path: Path) -> ox.RdfFormat:
    """Return the RDF format a file's ending stands for; raise ValueError for an unknown one."""
    if path.suffix == ".json":
        return ox.RdfFormat.JSON_LD
    found = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
    if found is None:
        raise ValueError(f"no RDF format ends in '{path.suffix}'; use .ttl, .trig, .nt, .nq, .rdf or .jsonld")
    return found


def _bad_query(message: str, text: str) -> BadQuery:
    if match := _UPDATE.match(text):
        return BadQuery(f"{match[1].upper()} changes data; the store is read-only, write SELECT, ASK or CONSTRUCT")
    place = _PLACE.search(message)
    if place is None:
        return BadQuery(message)
    return BadQuery(_PLACE.sub("", message), int(place[1]), int(place[2]), text)

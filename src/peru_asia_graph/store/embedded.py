"""The embedded store: an RDF file in memory or a folder on disk, queried with Oxigraph.

Oxigraph normalises some literals (12.50 becomes 12.5). With the union default graph, a triple in two graphs counts
twice.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pyoxigraph as ox

from peru_asia_graph.errors import BadInput, BadQuery, StoreUnreachable, WrongUse
from peru_asia_graph.store.guard import check_query
from peru_asia_graph.store.part_copies import PartCopies
from peru_asia_graph.store.results import Result
from peru_asia_graph.store.syntax_errors import bad_query
from peru_asia_graph.store.terms import columns_of, result_of
from peru_asia_graph.vocabulary import BASE, PREFIXES

if TYPE_CHECKING:
    from peru_asia_graph.store.folder import ReadLock

Parsed = TypeVar("Parsed")
GraphNames = Sequence[str] | None
# The error for FROM in a query on a part of a store.
OWN_GRAPHS: Final = "a query with FROM cannot be limited to a source; remove FROM or the source"
# The known prefixes as queries write them (with the colon), their names and IRIs.
_PREFIXES: Final = [(f"{name}:", name, iri) for name, iri in PREFIXES.items()]


class EmbeddedStore:
    """A read-only SPARQL store in memory or on disk; after adding quads, create a new instance."""

    def __init__(
        self,
        store: ox.Store,
        lock: ReadLock | None = None,
        graphs: GraphNames = None,
        copies: PartCopies | None = None,
    ) -> None:
        self._store = store
        # A folder on disk may be larger than memory, so nothing is copied.
        self._copies = PartCopies(store) if lock is None and copies is None else copies
        # The graphs to which a part of a store is limited.
        self._graphs = graphs
        # Held while the store is open, so that a load does not delete the files in use.
        self._lock = lock

    @classmethod
    def load(cls, path: Path, trusted: bool = False, base: str | None = None) -> EmbeddedStore:
        """Load an RDF file into memory; the file name extension determines the format.

        ``trusted`` skips the validation of IRIs and literals, for files written by this program. Relative IRIs resolve
        against ``base``, else the file's URL.
        """
        store = ox.Store()
        # One transaction is faster for the shipped graph, the bulk loader for large files.
        try:
            if trusted:
                store.load(path=str(path), lenient=True)
            else:
                from peru_asia_graph.rdf.rdf_file import bulk_load

                bulk_load(store, path, base)
        except (OSError, SyntaxError, ValueError) as error:
            raise StoreUnreachable(f"{path} cannot be loaded: {error}") from error
        except BadInput as error:
            raise StoreUnreachable(f"the store cannot be loaded: {error}") from error
        return cls(store)

    @classmethod
    def open(cls, folder: Path, note: Callable[[Path], str] | None = None) -> EmbeddedStore:
        """Open a folder written by ``pag load`` or Oxigraph; with ``note``, check that it returns the recorded note."""
        from peru_asia_graph.store.folder import ReadLock

        lock = ReadLock.acquire(folder)
        if note is not None and lock.note != note(lock.store):
            raise StoreUnreachable(f"{folder} contains other data")
        try:
            store = ox.Store.read_only(str(lock.store))
        except (OSError, ValueError, RuntimeError) as error:
            raise StoreUnreachable(f"{folder} cannot be opened as a store: {error}") from error
        return cls(store, lock)

    @classmethod
    def of(cls, quads: Iterable[ox.Quad]) -> EmbeddedStore:
        """Return a store in memory with these quads."""
        store = ox.Store()
        store.bulk_extend(quads)
        return cls(store)

    def query(self, text: str) -> Result:
        """Run a query; known prefixes need no declaration."""
        return self.answer(text, result_of)

    def query_all(self, text: str, key: str) -> Result:
        """Run a query with many rows, all at once."""
        return self.query(text)

    def query_columns(self, texts: Sequence[str], key: str) -> list[list[list[str]]]:
        """Run several queries in parallel threads and return their columns."""
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(os.cpu_count()) as threads:
            return list(threads.map(lambda text: self.answer(text, columns_of), texts))

    def answer(
        self, text: str, read: Callable[[Any], Parsed], default: GraphNames = None, named: GraphNames = None
    ) -> Parsed:
        """Run a query and return ``read(results)``, where ``results`` is the pyoxigraph result.

        The dataset consists of the given graph names, else those of FROM clauses, else the union of all graphs.
        """
        query = check_query(text)
        has_dataset, store = query.has_from or default is not None or named is not None, self._store
        if self._graphs is not None:
            if has_dataset:
                raise WrongUse(OWN_GRAPHS)
            copy = None if self._copies is None else self._copies.find(self._graphs)
            if copy is not None:
                store = copy
            else:
                has_dataset, default, named = True, self._graphs, self._graphs
        dataset: dict[str, Any] = {}
        try:
            if default is not None or named is not None:
                dataset = {"default_graph": _named_nodes(default), "named_graphs": _named_nodes(named)}
            results = store.query(
                query.text,
                base_iri=BASE,
                prefixes=_prefixes_in(text),
                use_default_graph_as_union=not has_dataset,
                **dataset,
            )
            return read(results)
        except SyntaxError as error:
            raise bad_query(str(error), query) from error
        except (OSError, ValueError, RuntimeError) as error:
            raise BadQuery(str(error)) from error

    def quads(self) -> list[ox.Quad]:
        if self._graphs is None:
            return list(self._store)
        graphs = _named_nodes(self._graphs)
        return [quad for graph in graphs for quad in self._store.quads_for_pattern(None, None, None, graph)]

    @property
    def graphs(self) -> GraphNames:
        return self._graphs

    def copy_part(self, graphs: Sequence[str]) -> None:
        """Copy a part of a store in memory now, because it will be queried many times."""
        if self._copies is not None:
            self._copies.add(graphs)

    def part(self, graphs: Sequence[str]) -> EmbeddedStore:
        return type(self)(self._store, self._lock, graphs, self._copies)


def _prefixes_in(text: str) -> dict[str, str]:
    """Return the known prefixes that a query may use: passing all of them takes a sixth of the time of a look-up."""
    return {name: iri for written, name, iri in _PREFIXES if written in text}


def _named_nodes(graphs: GraphNames) -> list[ox.NamedNode]:
    return [ox.NamedNode(graph) for graph in graphs or ()]

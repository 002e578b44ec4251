"""One table a property: the subjects and objects of its triples as numbers, read from the engine when first asked for.

Vertical partitioning (Abadi and others 2007) with one dictionary of terms for all. Limit: so much memory; more, or a
blank node, which cannot be named in a query, raises NotInColumns.
"""

from __future__ import annotations

import secrets
from array import array
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyoxigraph as ox

from peru_asia_graph.memory import memory_left
from peru_asia_graph.store.columnar.lexicon import Lexicon

if TYPE_CHECKING:
    from numpy.typing import NDArray

# What tables and terms may take, about; a process whose memory is limited gives them a part of what is left.
MOST_BYTES: Final = 2_000_000_000
_PART: Final = 0.25
_ROW_BYTES: Final = 40
_PIECE: Final = 1_000_000


class NotInColumns(Exception):
    """What columns cannot answer, or not surely; the engine can."""


class Table:
    """Rows of a property: ``subjects`` and ``objects``, or subjects alone where the object is a constant."""

    def __init__(self, columns: list[NDArray[np.int32]]) -> None:
        self.columns = columns
        self._indexes: dict[tuple[int, int], Index] = {}

    def __len__(self) -> int:
        return len(self.columns[0])

    def index(self, column: int, terms: int) -> Index:
        """Return where each term stands in a column; ``terms``: how many there are by now."""
        key = (column, terms)
        if key not in self._indexes:
            self._indexes = {other: one for other, one in self._indexes.items() if other[0] != column}
            self._indexes[key] = Index(self.columns[column], terms)
        return self._indexes[key]


class Index:
    """The rows of each term: ``order[starts[term]:starts[term + 1]]``."""

    def __init__(self, column: NDArray[np.int32], terms: int) -> None:
        self.order: NDArray[np.intp] = np.argsort(column, kind="stable")
        counts = np.bincount(column, minlength=terms)
        self.starts: NDArray[np.intp] = np.concatenate(([0], np.cumsum(counts)))


class Tables:
    """The tables of one store that does not change."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self.lexicon = Lexicon()
        self._tables: dict[tuple[str, str], Table | None] = {}
        self._room = _room()

    def have(self, keys: Iterable[tuple[str, str]]) -> bool:
        """Return whether tables have been read: of properties, with a constant where there is one."""
        return all(self._tables.get(key) is not None for key in keys)

    def get(self, predicate: str, constant: str = "") -> Table:
        """Return the table of a property, or of those that have this value; raise NotInColumns when it is too big."""
        key = (predicate, constant)
        if key not in self._tables:
            self._tables[key] = None
            self._tables[key] = self._read(predicate, constant)
        table = self._tables[key]
        if table is None:
            raise NotInColumns
        return table

    def _read(self, predicate: str, constant: str) -> Table:
        names = "?s" if constant else "?s ?o"
        # Ends a row for sure: nobody who writes odd addresses into a store can know it.
        end = 10**11 + secrets.randbelow(9 * 10**11)
        text = f"SELECT {names} ({end} AS ?end) {{ ?s {predicate} {constant or '?o'} }}"
        width = len(names.split())
        reader = _Reader(self.lexicon, width, f"\t{end}\n".encode(), self._room)
        answer: Any = self._store.query(text, use_default_graph_as_union=True)
        answer.serialize(reader, format=ox.QueryResultsFormat.TSV)
        rows = reader.finish()
        if not self.lexicon.are_named(rows.ravel()):
            raise NotInColumns
        self._room -= _ROW_BYTES * len(rows)
        return Table([np.ascontiguousarray(rows[:, column]) for column in range(width)])


class _Reader:
    """A file that takes rows in as tab-separated values, each with the same end, and keeps numbers."""

    def __init__(self, lexicon: Lexicon, width: int, end: bytes, room: int) -> None:
        self._lexicon, self._width, self._end, self._room = lexicon, width, end, room
        self._waiting: list[bytes] = []
        self._size = 0
        self._found = array("i")
        self._headed = False

    def write(self, piece: bytes) -> int:
        """Take in a piece."""
        self._waiting.append(bytes(piece))
        self._size += len(piece)
        if self._size > _PIECE:
            self._read()
        return len(piece)

    def flush(self) -> None:
        """Do nothing; ``finish`` reads what waits."""

    def finish(self) -> NDArray[np.int32]:
        """Return the rows."""
        self._read()
        if self._waiting != [b""]:
            raise NotInColumns
        return np.frombuffer(self._found, dtype=np.int32).reshape(-1, self._width)

    def _read(self) -> None:
        text = b"".join(self._waiting)
        if not self._headed:
            _, _, text = text.partition(b"\n")
            self._headed = True
        text, ended, rest = text.rpartition(self._end)
        self._waiting, self._size = [rest], len(rest)
        if not ended:
            return
        rows = text.count(self._end) + 1
        text = text.replace(self._end, b"\t")
        terms = text.split(b"\t")
        self._room -= _ROW_BYTES * rows
        if self._room < self._lexicon.size or len(terms) != rows * self._width or b"\n" in text:
            raise NotInColumns
        self._found.extend(map(self._lexicon.__getitem__, terms))


def _room() -> int:
    """Return how many bytes there are for tables and terms."""
    left = memory_left()
    return MOST_BYTES if left is None else min(MOST_BYTES, int(_PART * left))

"""Copies of those parts of a store that are queried again and again.

Oxigraph looks up each pattern in every graph of a part in turn, and the part of a source has some twenty. In a copy
that holds these graphs alone it looks once in their union: the questions of the shipped graph take half the time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Final

import pyoxigraph as ox

# A part is copied at this query. Commands that show one thing ask less often, and a copy takes as long as ten queries.
_QUERIES: Final = 40
# The most quads in the store and its copies together; 100,000 take some 40 MB.
_MOST: Final = 400_000


def copy_graphs(store: ox.Store, graphs: Iterable[str]) -> ox.Store:
    """Return a store in memory with the quads of these graphs."""
    copy = ox.Store()
    for graph in graphs:
        copy.extend(store.quads_for_pattern(None, None, None, ox.NamedNode(graph)))
    return copy


class PartCopies:
    """The copies of parts of a store in memory that does not change."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._copied = 0
        self._queries: Counter[tuple[str, ...]] = Counter()
        # None for a part that is too large to copy.
        self._copies: dict[tuple[str, ...], ox.Store | None] = {}
        self._lock = Lock()

    def find(self, graphs: Sequence[str]) -> ox.Store | None:
        """Return a store with the quads of these graphs; None while they are queried too rarely, or for too many."""
        part = tuple(sorted(set(graphs)))
        with self._lock:
            self._queries[part] += 1
            if part not in self._copies and self._queries[part] >= _QUERIES:
                self._copies[part] = self._copy(part)
            return self._copies.get(part)

    def add(self, graphs: Sequence[str]) -> None:
        """Copy a part now."""
        part = tuple(sorted(set(graphs)))
        with self._lock:
            if part not in self._copies:
                self._copies[part] = self._copy(part)

    def _copy(self, part: tuple[str, ...]) -> ox.Store | None:
        # To count takes as long as some queries; a part may be the whole.
        if 2 * len(self._store) + self._copied > _MOST:
            return None
        copy = copy_graphs(self._store, part)
        self._copied += len(copy)
        return copy

"""In-memory copies of parts of a store that are queried repeatedly.

Oxigraph looks up each pattern in every graph of a part in turn, and the part of a source has about twenty. A copy with
only these graphs is queried as their union: the questions on the shipped graph take half the time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Final

import pyoxigraph as ox

# A part is copied on this query. Copying takes as long as ten queries, and commands for one thing run fewer than this.
_QUERIES: Final = 40
# The maximum number of quads in the store and its copies together; 100,000 take about 40 MB.
_MOST: Final = 400_000


def copy_graphs(store: ox.Store, graphs: Iterable[str]) -> ox.Store:
    """Return a store in memory with the quads of these graphs."""
    copy = ox.Store()
    for graph in graphs:
        copy.extend(store.quads_for_pattern(None, None, None, ox.NamedNode(graph)))
    return copy


class PartCopies:
    """The copies of parts of an in-memory store that does not change."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._copied = 0
        self._queries: Counter[tuple[str, ...]] = Counter()
        # None for a part that is too large to copy.
        self._copies: dict[tuple[str, ...], ox.Store | None] = {}
        self._lock = Lock()

    def find(self, graphs: Sequence[str]) -> ox.Store | None:
        """Return a store with the quads of these graphs; None if they are queried too rarely or are too large."""
        part = tuple(sorted(set(graphs)))
        with self._lock:
            self._queries[part] += 1
            if part not in self._copies and self._queries[part] >= _QUERIES:
                self._copies[part] = self._copy(part)
            return self._copies.get(part)

    def add(self, graphs: Sequence[str]) -> None:
        part = tuple(sorted(set(graphs)))
        with self._lock:
            if part not in self._copies:
                self._copies[part] = self._copy(part)

    def _copy(self, part: tuple[str, ...]) -> ox.Store | None:
        # Counting takes as long as several queries, and the part may be the whole store.
        if 2 * len(self._store) + self._copied > _MOST:
            return None
        copy = copy_graphs(self._store, part)
        self._copied += len(copy)
        return copy

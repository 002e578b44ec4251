"""Patterns become solutions: tables in, one column of numbers a variable out. Pure but for reading tables.

Limit: patterns that hang together only; what is joined may not have over ``MOST_CELLS``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from peru_asia_graph.store.columnar.analytic import Pattern
from peru_asia_graph.store.columnar.lexicon import UNBOUND
from peru_asia_graph.store.columnar.tables import Index, NotInColumns, Table, Tables

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_CELLS: Final = 20_000_000


class Solutions:
    """Solutions side by side: a column of term numbers for each variable."""

    def __init__(self, columns: dict[str, NDArray[np.int32]], count: int) -> None:
        self.columns = columns
        self.count = count

    def at(self, rows: NDArray[np.intp]) -> Solutions:
        """Return the solutions at these places."""
        return Solutions({name: column[rows] for name, column in self.columns.items()}, len(rows))

    def only(self, kept: NDArray[np.bool_]) -> Solutions:
        """Return the solutions that are kept."""
        return self.at(np.flatnonzero(kept))


def solve(tables: Tables, patterns: Sequence[Pattern], optionals: Iterable[Sequence[Pattern]]) -> Solutions:
    """Return the solutions of patterns, and with them those of optional patterns where there are any.

    Raise NotInColumns where the engine should do it.
    """
    found = _join_all(tables, patterns)
    for part in optionals:
        found = _join_perhaps(tables, found, part)
    return found


def _join_all(tables: Tables, patterns: Sequence[Pattern]) -> Solutions:
    """Begin with the smallest table; go on with the pattern that gives the fewest solutions."""
    read = {one: tables.get(one.predicate, one.constant) for one in patterns}
    terms = len(tables.lexicon.terms)
    first = min(read, key=lambda one: len(read[one]))
    found = _solutions(first, read.pop(first))
    while read:
        linked = [one for one in read if set(one.variables) & set(found.columns)]
        if not linked:
            raise NotInColumns
        steps = [_Step(found, one, read[one], terms) for one in linked]
        step = min(steps, key=lambda one: one.count)
        found = step.take(found)
        del read[step.pattern]
    return found


def _join_perhaps(tables: Tables, found: Solutions, part: Sequence[Pattern]) -> Solutions:
    """Join with the solutions of some optional patterns; without one, their variables stay unbound."""
    inner = _join_all(tables, part)
    shared = [name for name in inner.columns if name in found.columns]
    if len(shared) != 1 or (found.columns[shared[0]] == UNBOUND).any():
        raise NotInColumns
    name = shared[0]
    index = Index(inner.columns[name], len(tables.lexicon.terms))
    counts = _counts(found.columns[name], index)
    _check_size(int(np.maximum(counts, 1).sum()), len(set(inner.columns) | set(found.columns)))
    left, right = _matches(found.columns[name], index)
    missing = np.flatnonzero(counts == 0)
    rows = np.concatenate((left, missing))
    joined = found.at(rows)
    for other, column in inner.columns.items():
        if other != name:
            added = np.full(len(rows), UNBOUND, np.int32)
            added[: len(right)] = column[right]
            joined.columns[other] = added
    return joined


def _solutions(pattern: Pattern, table: Table) -> Solutions:
    if not pattern.object:
        return Solutions({pattern.subject: table.columns[0]}, len(table))
    subjects, objects = table.columns
    if pattern.subject == pattern.object:
        subjects = subjects[subjects == objects]
        return Solutions({pattern.subject: subjects}, len(subjects))
    return Solutions({pattern.subject: subjects, pattern.object: objects}, len(table))


class _Step:
    """A pattern that may be joined next: by which column of its table, and how many solutions that gives."""

    def __init__(self, found: Solutions, pattern: Pattern, table: Table, terms: int) -> None:
        self.pattern = pattern
        self._table = table
        self._shared = [number for number, name in enumerate(pattern.variables) if name in found.columns]
        self._keys = found.columns[pattern.variables[self._shared[0]]]
        self._index = table.index(self._shared[0], terms)
        self.count = int(_counts(self._keys, self._index).sum())

    def take(self, found: Solutions) -> Solutions:
        """Return the solutions joined with the pattern."""
        _check_size(self.count, len(set(self.pattern.variables) | set(found.columns)))
        left, right = _matches(self._keys, self._index)
        joined = found.at(left)
        for number, name in enumerate(self.pattern.variables):
            values = self._table.columns[number][right]
            if number in self._shared[1:]:
                joined, kept = joined.only(joined.columns[name] == values), joined.columns[name] == values
                right = right[kept]
            elif number not in self._shared:
                joined.columns[name] = values
        return joined


def _check_size(count: int, columns: int) -> None:
    if count * columns > MOST_CELLS:
        raise NotInColumns


def _counts(keys: NDArray[np.int32], index: Index) -> NDArray[np.intp]:
    counts: NDArray[np.intp] = index.starts[keys + 1] - index.starts[keys]
    return counts


def _matches(keys: NDArray[np.int32], index: Index) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the rows of the keys, each as often as it matches, and the rows that match them."""
    counts = _counts(keys, index)
    left = np.repeat(np.arange(len(keys)), counts)
    # Within each run of matches the places count up from the first.
    ends = np.cumsum(counts)
    within = np.arange(len(left)) - np.repeat(ends - counts, counts)
    return left, index.order[np.repeat(index.starts[keys], counts) + within]

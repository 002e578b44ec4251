"""Solutions become the rows of an answer: grouped, summed, told apart, sorted, cut. Columns in, spelt terms out.

Sums are exact: whole multiples of the smallest decimal place, as long as a double holds them all. Limit: what a sum, an
order or a least value is must be beyond doubt, else NotInColumns.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from peru_asia_graph.store.columnar.analytic import Analytic, Output
from peru_asia_graph.store.columnar.join import Solutions
from peru_asia_graph.store.columnar.lexicon import UNBOUND, Lexicon
from peru_asia_graph.store.columnar.tables import NotInColumns
from peru_asia_graph.store.columnar.values import IRI, NUMBER, TEXT, is_integer, spell

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Places = NDArray[np.intp]

# A double tells all whole numbers apart up to here.
_EXACT: Final = 2**53
# How long the terms of a column may be that are written into a query.
_MOST_BYTES: Final = 5_000_000
Row = tuple[bytes | None, ...]


class Terms:
    """A column of terms."""

    def __init__(self, lexicon: Lexicon, numbers: NDArray[np.int32]) -> None:
        self.numbers = numbers
        self._lexicon = lexicon

    def ranks(self, rows: Places) -> NDArray[np.intp]:
        """Return numbers that sort as the terms in these rows do; equal ones for equal terms, the least for unbound."""
        numbers = self.numbers[rows]
        used = self._lexicon.used(numbers)
        by_number = np.zeros(len(self._lexicon.terms) + 1, np.intp)
        by_number[used] = ranks_of(self._lexicon, used)
        ranks: NDArray[np.intp] = by_number[numbers]
        return ranks

    def spelt(self, rows: Places) -> list[bytes | None]:
        """Return the terms in these rows."""
        terms = self._lexicon.terms
        numbers = self.numbers[rows]
        if sum(len(terms[number]) for number in numbers.tolist()) > _MOST_BYTES:
            raise NotInColumns
        if not self._lexicon.are_whole(self._lexicon.used(numbers)):
            raise NotInColumns
        return [None if number == UNBOUND else terms[number] for number in numbers.tolist()]


class Amounts:
    """A column of whole numbers, or of multiples of a decimal place: ``counts * 10 ** -places``."""

    def __init__(self, counts: NDArray[np.int64], places: int = 0, whole: NDArray[np.bool_] | None = None) -> None:
        self._counts = counts
        self._places = places
        self._whole = np.ones(len(counts), bool) if whole is None else whole

    def ranks(self, rows: Places) -> NDArray[np.int64]:
        """Return numbers that sort as the amounts do."""
        return self._counts[rows]

    def spelt(self, rows: Places) -> list[bytes | None]:
        """Return the amounts in these rows."""
        return [
            spell(count // 10**self._places if whole else Decimal(count).scaleb(-self._places))
            for count, whole in zip(self._counts[rows].tolist(), self._whole[rows].tolist(), strict=True)
        ]


def summarise(query: Analytic, found: Solutions, lexicon: Lexicon, most: int) -> list[Row]:
    """Return the rows of the answer; raise NotInColumns when there are over ``most`` terms in them."""
    columns, count = _grouped(query, found, lexicon) if query.is_aggregate else _plain(query, found, lexicon)
    rows = np.arange(count)
    end = count if query.limit is None else min(count, query.offset + query.limit)
    for_each = _sorted([(columns[name], down) for name, down in query.order], rows, end)[query.offset : end]
    if len(for_each) * len(query.outputs) > most:
        raise NotInColumns
    return list(zip(*(columns[output.name].spelt(for_each) for output in query.outputs), strict=True))


def ranks_of(lexicon: Lexicon, numbers: Places) -> Places:
    """Return ranks from 1 for terms of one kind that has an order."""
    kinds = lexicon.kinds(numbers)
    if len(kinds) > 1 or not kinds <= {IRI, TEXT, NUMBER}:
        raise NotInColumns
    values: Sequence[Any] = lexicon.amounts(numbers) if kinds == {NUMBER} else lexicon.texts(numbers)
    ranks = {value: rank for rank, value in enumerate(sorted(set(values)), 1)}
    return np.array([ranks[value] for value in values], np.intp)


def _plain(query: Analytic, found: Solutions, lexicon: Lexicon) -> tuple[dict[str, Terms | Amounts], int]:
    if query.distinct:
        columns = [found.columns[output.name] for output in query.outputs]
        found = found.at(_groups(columns, lexicon)[1])
    return {name: Terms(lexicon, column) for name, column in found.columns.items()}, found.count


def _grouped(query: Analytic, found: Solutions, lexicon: Lexicon) -> tuple[dict[str, Terms | Amounts], int]:
    if not found.count and any(output.function != "COUNT" for output in query.outputs):
        raise NotInColumns
    groups, first = _groups([found.columns[name] for name in query.group], lexicon, found.count)
    columns: dict[str, Terms | Amounts] = {name: Terms(lexicon, found.columns[name][first]) for name in query.group}
    for output in query.outputs:
        if output.function:
            columns[output.name] = _aggregate(output, found, lexicon, groups, len(first))
    return columns, len(first)


def _groups(columns: Sequence[NDArray[np.int32]], lexicon: Lexicon, count: int = 0) -> tuple[Places, Places]:
    """Return the group of each solution, and the first solution of each group."""
    if not columns:
        return np.zeros(count, np.intp), np.zeros(1, np.intp)
    codes = columns[0].astype(np.int64)
    for column in columns[1:]:
        codes = np.unique(codes, return_inverse=True)[1] * (len(lexicon.terms) + 1) + column + 1
    _, first, groups = np.unique(codes, return_index=True, return_inverse=True)
    return groups, first


def _aggregate(output: Output, found: Solutions, lexicon: Lexicon, groups: Places, many: int) -> Terms | Amounts:
    if output.argument == "*":
        return Amounts(np.bincount(groups, minlength=many))
    column = found.columns[output.argument]
    if output.function == "COUNT":
        bound = column != UNBOUND
        groups, column = groups[bound], column[bound]
        if output.distinct:
            groups = np.unique(groups * len(lexicon.terms) + column) // len(lexicon.terms)
        return Amounts(np.bincount(groups, minlength=many))
    if (column == UNBOUND).any():
        raise NotInColumns
    if output.function == "SUM":
        return _sums(column, lexicon, groups, many)
    return _extreme(column, lexicon, groups, many, output.function == "MAX")


def _sums(column: NDArray[np.int32], lexicon: Lexicon, groups: Places, many: int) -> Amounts:
    used = lexicon.used(column)
    if lexicon.kinds(used) != {NUMBER}:
        raise NotInColumns
    values = lexicon.amounts(used)
    places = max(max(0, -int(value.as_tuple().exponent)) for value in values)
    counts = [int(value.scaleb(places)) for value in values]
    if max(map(abs, counts)) * len(column) >= _EXACT:
        raise NotInColumns
    by_number = np.zeros((2, len(lexicon.terms)))
    by_number[0, used] = counts
    by_number[1, used] = [not is_integer(lexicon.terms[number]) for number in used]
    sums = np.bincount(groups, weights=by_number[0, column], minlength=many)
    fractions = np.bincount(groups, weights=by_number[1, column], minlength=many)
    return Amounts(np.rint(sums).astype(np.int64), places, fractions == 0)


def _extreme(column: NDArray[np.int32], lexicon: Lexicon, groups: Places, many: int, greatest: bool) -> Terms:
    used = lexicon.used(column)
    ranks = Terms(lexicon, column).ranks(np.arange(len(column)))
    # Of equal numbers that are written in two ways either may be given; which, only the engine knows.
    if lexicon.kinds(used) not in ({NUMBER}, {TEXT}) or len(set(ranks_of(lexicon, used).tolist())) < len(used):
        raise NotInColumns
    order = np.lexsort((-ranks if greatest else ranks, groups))
    # The first of each group in this order.
    firsts = order[np.searchsorted(groups[order], np.arange(many))]
    return Terms(lexicon, column[firsts])


def _sorted(keys: Sequence[tuple[Terms | Amounts, bool]], rows: Places, end: int) -> Places:
    """Return the rows in order, or at least the first so many of them."""
    if not keys or not len(rows):
        return rows
    first = _downwards(keys[0], rows)
    if end < len(rows):
        # What comes after the last row wanted by the first key alone need not be looked at by the others.
        rows = rows[first <= np.partition(first, end)[end]]
        first = _downwards(keys[0], rows)
    others = [_downwards(key, rows) for key in reversed(keys[1:])]
    ordered: Places = rows[np.lexsort((*others, first))]
    return ordered


def _downwards(key: tuple[Terms | Amounts, bool], rows: Places) -> Any:
    ranks = key[0].ranks(rows)
    return -ranks if key[1] else ranks

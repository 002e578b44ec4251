"""Read what each source states about stakes, agreements and figures, to compare the sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, product
from typing import Final

from peru_asia_graph.audit.differences import (
    DATE,
    EXACT,
    UNITS,
    Difference,
    SourceStake,
    SourceValue,
    compare_dates,
    compare_stakes,
    compare_values,
)
from peru_asia_graph.ownership.stakes import UNSURE
from peru_asia_graph.query.side_by_side import SourcePart
from peru_asia_graph.sources.checks.row_cells import PRINTED_SHARE
from peru_asia_graph.store.values import Value, text
from peru_asia_graph.vocabulary import AGREEMENT_DATES, STAKE_DATES

_STAKES: Final = """
SELECT ?id ?owner ?asset ?basis ?certainty ?share ?printed ?low ?high ?earliest ?latest ?begun ?not_ended
  ?validFrom ?validUntil
WHERE {
  ?id a pag:Stake ; pag:owner ?owner ; pag:owned ?asset ; pag:basis ?basis .
  OPTIONAL { ?id pag:sharePercent ?share } OPTIONAL { ?id pag:shareLow ?low } OPTIONAL { ?id pag:shareHigh ?high }
  OPTIONAL { ?id pag:earliest ?earliest } OPTIONAL { ?id pag:latest ?latest }
  OPTIONAL { ?id pag:latestStart ?begun } OPTIONAL { ?id pag:earliestEnd ?not_ended }
  OPTIONAL { ?id pag:validFrom ?validFrom } OPTIONAL { ?id pag:validUntil ?validUntil }
  OPTIONAL { ?id pag:certainty ?certainty } OPTIONAL { ?id pag:shareAsPrinted ?printed } } ORDER BY ?id"""
_PARENTS: Final = """
SELECT ?firm ?parent WHERE {
  { ?statement pag:relation pag:subsidiaryOf ; pag:subject ?firm ; pag:object ?parent }
  UNION { ?statement a pag:Stake ; pag:owned ?firm ; pag:owner ?parent . ?firm a pag:Organization } }"""
_AGREEMENTS: Final = "SELECT ?id {} WHERE {{ ?id a pag:Agreement {} }} ORDER BY ?id".format(
    " ".join(f"?{name}" for name in AGREEMENT_DATES),
    " ".join(f"OPTIONAL {{ ?id pag:{name} ?{name} }}" for name in AGREEMENT_DATES),
)
_CELL: Final = ("figureOf", "flow", "partner", "category", "period", "measure", "unit")
_FIGURES: Final = """
SELECT ?id ?value ?qualifier ?precision {} WHERE {{ ?id a qb:Observation ; pag:value ?value {} }}
ORDER BY ?id""".format(
    " ".join(f"?{name}" for name in _CELL),
    " ".join(f"OPTIONAL {{ ?id pag:{name} ?{name} }}" for name in ("qualifier", "precision", *_CELL)),
)
FORMER: Final = "former"
# The property of a date whose meaning, such as signing or entry into force, is not stated.
_UNSAID: Final = "date"


@dataclass(frozen=True)
class _Side:
    """What one source says: its stakes, agreement dates by id and name, figures by cell."""

    source: str
    stakes: Sequence[SourceStake]
    agreements: dict[str, dict[str, SourceValue]]
    figures: Mapping[tuple[str, ...], Sequence[SourceValue]]
    parents: dict[str, set[str]]


def find_differences(parts: Sequence[SourcePart]) -> Iterator[Difference]:
    """Yield every difference between each pair of sources, in source order."""
    sides = [_read(part) for part in parts]
    parents: dict[str, set[str]] = defaultdict(set)
    for side in sides:
        for firm, above in side.parents.items():
            parents[firm] |= above
    for one, other in combinations(sides, 2):
        yield from compare_stakes(one.stakes, other.stakes, parents)
        for agreement in sorted(one.agreements.keys() & other.agreements.keys()):
            yield from compare_agreement(agreement, one.agreements[agreement], other.agreements[agreement])
        for cell in sorted(one.figures.keys() & other.figures.keys()):
            for said, twin in product(one.figures[cell], other.figures[cell]):
                yield compare_values(cell[0], "value", said, twin)


def compare_agreement(
    agreement: str, one: Mapping[str, SourceValue], other: Mapping[str, SourceValue]
) -> Iterator[Difference]:
    """Yield the differences in the dates of an agreement between two sources, keyed by ``AGREEMENT_DATES``.

    A date without a stated meaning is compared with all dates of the other source, unless it may be one that has
    already been compared; only the closest match is reported, whatever the order of the sources.
    """
    alike = [name for name in AGREEMENT_DATES[:-1] if name in one and name in other]
    for name in alike:
        yield compare_values(agreement, name, one[name], other[name], dated=True)
    first, second = (_has_free_date(said, alike) for said in (one, other))
    found = [
        (_ordered(compare_values(agreement, name, unsaid[_UNSAID], said, dated=True), unsaid is one), unsaid)
        for unsaid, named, free, both in ((one, other, first, second), (other, one, second, first)) if free
        for name, said in named.items() if name != _UNSAID or both
    ]  # fmt: skip
    if found:
        met, _ = min(found, key=lambda each: (*_distance(each[0], alike), each[1][_UNSAID].source))
        if met.property not in alike:
            yield met


def _has_free_date(said: Mapping[str, SourceValue], alike: Sequence[str]) -> bool:
    """Return whether a source gives a date without a meaning that cannot be one of the dates already compared."""
    dates = (said[name].value for name in alike)
    return _UNSAID in said and {compare_dates(said[_UNSAID].value, date) for date in dates} <= {DATE}


def _distance(found: Difference, alike: Sequence[str]) -> tuple[bool, bool, str, int]:
    """Return how far apart two dates are, to be sorted: of equal ones, both without a meaning come first."""
    rank = -1 if found.property == _UNSAID else AGREEMENT_DATES.index(found.property)
    return found.kind == DATE, found.property in alike, found.kind, rank


def _ordered(found: Difference, in_order: bool) -> Difference:
    first, second = found.sources
    return found if in_order else replace(found, one=found.other, other=found.one, sources=(second, first))


def _share_of(row: Mapping[str, Value | None]) -> str:
    """Return a share as a number or as ``low-high`` (a missing bound is 0 or 100); empty if none is stated."""
    if row["share"] is not None:
        return text(row["share"])
    if row["low"] is None and row["high"] is None:
        return ""
    low, high = (whole if row[end] is None else text(row[end]) for end, whole in (("low", "0"), ("high", "100")))
    return f"{low}-{high}"


def _last_digit(printed: str, value: str) -> str:
    """Return the place value of the last digit of a printed share (25.0% is stored as 25); empty if unknown."""
    number = PRINTED_SHARE.fullmatch(printed)
    if not number or not value or "-" in value or Decimal(number[1]) != Decimal(value):
        return ""
    return f"{Decimal(1).scaleb(-len(number[1].partition('.')[2])):f}"


def _read(part: SourcePart) -> _Side:
    source, last_day = part.name, (part.source.last_day or "") if part.source else ""
    stakes = []
    for row in part.store.query(_STAKES):
        value = _share_of(row)
        days = {name: text(row[name]) for name in ("earliest", "latest", "begun", "not_ended")}
        has_start, has_end = (row[name] is not None for name in STAKE_DATES)
        digit, certainty = _last_digit(text(row["printed"]), value), text(row["certainty"])
        said = SourceValue(source, str(row["id"]), value, last_day=last_day, former=certainty == FORMER,
                    unsure=certainty in UNSURE, last_digit=digit, has_start=has_start, has_end=has_end,
                    **days)  # fmt: skip
        dates = {name: text(row[name]) for name in STAKE_DATES if row[name] is not None}
        stakes.append(SourceStake(str(row["owner"]), str(row["asset"]), str(row["basis"]), said, dates))
    agreements = {
        str(row["id"]): {
            name: SourceValue(source, str(row["id"]), str(row[name]))
            for name in AGREEMENT_DATES
            if row[name] is not None
        }
        for row in part.store.query(_AGREEMENTS)
    }
    figures: dict[tuple[str, ...], list[SourceValue]] = defaultdict(list)
    for row in part.store.query(_FIGURES):
        unit, qualifier = text(row["unit"]), text(row["qualifier"]) or EXACT
        value, digit = text(row["value"]), text(row["precision"])
        said = SourceValue(source, str(row["id"]), value, unit=unit, qualifier=qualifier, last_digit=digit)
        figures[_cell(row)].append(said)
    parents: dict[str, set[str]] = defaultdict(set)
    for row in part.store.query(_PARENTS):
        parents[str(row["firm"])].add(str(row["parent"]))
    return _Side(source, stakes, agreements, figures, parents)


def _cell(row: Mapping[str, Value | None]) -> tuple[str, ...]:
    """Return the dimensions of a figure; amounts of money or mass match whatever the scale of their unit."""
    *cell, unit = (text(row[name]) for name in _CELL)
    return (*cell, UNITS[unit][2] if unit in UNITS else unit)

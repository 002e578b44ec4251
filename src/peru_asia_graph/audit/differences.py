"""Statements of two sources about the same matter, compared: values and dates in, differences out; knows no store.

A printed number stands for what rounds to it, a printed date for every day in it. Where these meet the sources agree,
or one is more exact; where they do not, they differ, unless one speaks of a later time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import product, starmap
from typing import Final

from peru_asia_graph.audit.intervals import claimed_interval
from peru_asia_graph.sources.dates import Span, parse_date

AGREES: Final = "agrees"
REFINES: Final = "refines"
VALUE: Final = "value"
LATER: Final = "later"
SILENT: Final = "silent"
LEVEL: Final = "level"
DATE: Final = "date"
EXACT: Final = "exact"
# Units that differ in size only: what one of them is worth, how it is written, and of what it is.
UNITS: Final[Mapping[str, tuple[int, str, str]]] = {
    "usd": (1, "US dollars", "US dollars"),
    "usd-million": (10**6, "million US dollars", "US dollars"),
    "usd-billion": (10**9, "billion US dollars", "US dollars"),
    "thousand-tonnes": (10**3, "thousand tonnes", "tonnes"),
    "million-tonnes": (10**6, "million tonnes", "tonnes"),
}


@dataclass(frozen=True)
class SourceValue:
    """What one source says: its name and last day, the statement, its value as text, and the days it may have held.

    ``value`` is empty where the source gives none, ``last_digit`` the place value of its last digit printed, where its
    digits do not tell (0.1 for 8.0, which is 8). ``earliest`` and ``latest`` are ISO days, empty where open. ``unit``
    and ``qualifier`` are codes of a figure; ``former``: called a thing of the past; ``unsure``: possible or planned
    only. ``begun`` and ``not_ended`` are the days by which it had begun and before which it had not ended, empty where
    not known.
    """

    source: str
    statement: str
    value: str = ""
    earliest: str = ""
    latest: str = ""
    last_day: str = ""
    unit: str = ""
    qualifier: str = EXACT
    former: bool = False
    unsure: bool = False
    last_digit: str = ""
    begun: str = ""
    not_ended: str = ""


@dataclass(frozen=True)
class Difference:
    """Two sources compared: the kind, what it is about, the property, and what each says; None where it is silent."""

    kind: str
    subject: str
    property: str
    one: SourceValue | None
    other: SourceValue | None
    sources: tuple[str, str]


@dataclass(frozen=True)
class SourceStake:
    """A stake as one source states it: its share is a number, ``low-high`` bounds, or empty.

    ``dates`` has those printed since and until when it is held, by property.
    """

    owner: str
    asset: str
    basis: str
    said: SourceValue
    dates: Mapping[str, str] = field(default_factory=dict)


def compare_numbers(one: str, other: str, last_digits: tuple[str, str] = ("", "")) -> str:
    """Return whether two printed numbers, or bounds as ``low-high``, agree, refine each other or differ.

    ``last_digits`` are as in `SourceValue`.

    >>> compare_numbers("11.6", "11.7"), compare_numbers("33.8", "33.75"), compare_numbers("25", "25")
    ('value', 'refines', 'agrees')
    >>> compare_numbers("25", "25.3"), compare_numbers("25", "25.3", ("0.1", ""))
    ('refines', 'value')
    """
    if one == other:
        return AGREES
    if not one or not other:
        return REFINES
    (low, high), (least, most) = map(_bounds, (one, other), last_digits)
    # A number halfway between two rounds to the upper one, so that neighbours do not meet; bounds include their ends.
    if "-" not in one + other:
        return REFINES if low < most and least < high else VALUE
    return REFINES if low <= most and least <= high else VALUE


def _bounds(text: str, digit: str = "", qualifier: str = EXACT) -> tuple[Decimal, Decimal]:
    low, dash, high = text.partition("-")
    if dash and low:
        return Decimal(low), Decimal(high)
    number = Decimal(text)
    exponent = number.as_tuple().exponent
    last_digit = Decimal(digit or Decimal(1).scaleb(min(exponent if isinstance(exponent, int) else 0, 0)))
    interval = claimed_interval(number, last_digit, qualifier)
    return interval.low, interval.high


def compare_figures(one: SourceValue, other: SourceValue) -> str:
    """Return how two figures compare, as ``compare_numbers``: at least 100 may be 150; units may differ in size.

    >>> compare_figures(SourceValue("a", "x", "100", qualifier="at-least"), SourceValue("b", "y", "150"))
    'refines'
    """
    if (one.unit, one.qualifier) == (other.unit, other.qualifier) and one.value == other.value:
        return AGREES
    sizes = [UNITS[said.unit][0] if one.unit != other.unit else 1 for said in (one, other)]
    (low, high), (least, most) = (
        [end * size for end in _bounds(said.value, said.last_digit, said.qualifier)]
        for said, size in zip((one, other), sizes, strict=True)
    )
    return REFINES if low < most and least < high else VALUE


def compare_dates(one: str, other: str) -> str:
    """Return whether two printed dates agree, one is more exact, or no day can be both.

    >>> compare_dates("2009", "2009-04-28"), compare_dates("2009", "2010-03-01")
    ('refines', 'date')
    """
    if one == other:
        return AGREES
    return REFINES if _meet(parse_date(one), parse_date(other)) else DATE


def _meet(one: Span, other: Span) -> bool:
    starts = [span.earliest for span in (one, other) if span.earliest]
    ends = [span.latest for span in (one, other) if span.latest]
    return not starts or not ends or max(starts) <= min(ends)


def is_later(one: SourceValue, other: SourceValue) -> bool:
    """Return whether one begins after the other ended, or after the last day that the other's source knows of."""
    return any(
        late.earliest and early_end and late.earliest > early_end
        for late, early in ((one, other), (other, one))
        for early_end in (early.latest, early.last_day)
    )


def compare_stakes(
    one: Sequence[SourceStake], other: Sequence[SourceStake], parents: Mapping[str, set[str]]
) -> Iterator[Difference]:
    """Yield the differences of two sources' stakes, of assets in which both state an owner.

    ``parents`` are the firms and states above each firm, in whichever source.
    """
    both = {stake.asset for stake in one} & {stake.asset for stake in other}
    for asset in sorted(both):
        ours, theirs = ([stake for stake in side if stake.asset == asset] for side in (one, other))
        yield from _compare_asset(asset, ours, theirs, parents)


def _compare_asset(
    asset: str, ours: Sequence[SourceStake], theirs: Sequence[SourceStake], parents: Mapping[str, set[str]]
) -> Iterator[Difference]:
    sources = (ours[0].said.source, theirs[0].said.source)
    met, named = set[str](), set[str]()
    pairs = [
        (kind, stake, twin)
        for of_ours, of_theirs in _of_one_holder(ours, theirs)
        for stake in of_ours for twin in of_theirs
        for kind in [REFINES if _add_up_alike(of_ours, of_theirs) else _kind_of_pair(stake.said, twin.said)]
    ]  # fmt: skip
    # Of stakes that followed each other in both sources, each is held against its like alone.
    alike = {one.said.statement for kind, *both in pairs if kind in (AGREES, REFINES) for one in both}
    for kind, stake, twin in pairs:
        statements = {stake.said.statement, twin.said.statement}
        met |= statements
        if kind in (AGREES, REFINES) or not statements <= alike:
            yield Difference(kind, asset, "sharePercent", stake.said, twin.said, sources)
            yield from _compare_times(stake, twin) if kind != LATER else ()
    met |= {stake.said.statement for side in (ours, theirs) for stake in side if _is_told_twice(stake, side, met)}
    for stake in ours:
        if stake.said.statement not in met:
            level = _level(stake, theirs, parents)
            named |= {level.statement} if level else set()
            kind = LEVEL if level else LATER if _began_after(stake.said, theirs) else SILENT
            yield Difference(kind, asset, "owner", stake.said, level, sources)
    for stake in theirs:
        if stake.said.statement not in met | named:
            level = _level(stake, ours, parents)
            kind = LEVEL if level else LATER if _began_after(stake.said, ours) else SILENT
            yield Difference(kind, asset, "owner", level, stake.said, sources)


def _of_one_holder(
    ours: Sequence[SourceStake], theirs: Sequence[SourceStake]
) -> Iterator[tuple[list[SourceStake], list[SourceStake]]]:
    """Yield the stakes of each owner and basis that both sides state, in the order of the first."""
    for owner, basis in dict.fromkeys((stake.owner, stake.basis) for stake in ours):
        found = [[one for one in side if (one.owner, one.basis) == (owner, basis)] for side in (ours, theirs)]
        if found[1]:
            yield found[0], found[1]


def _add_up_alike(ours: Sequence[SourceStake], theirs: Sequence[SourceStake]) -> bool:
    """Return whether one side tells apart what are one owner's by a match, and holds as much in all as the other."""
    sides = [[stake.said for stake in side] for side in (ours, theirs)]
    together = all(
        not one.former and one.value and "-" not in one.value
        and not (one.latest and other.earliest and one is not other)
        for side in sides for one in side for other in side
    )  # fmt: skip
    if not together or len(ours) == len(theirs) == 1:
        return False
    total, other_total = (str(sum(Decimal(one.value) for one in side)) for side in sides)
    return compare_numbers(total, other_total) != VALUE and not any(starmap(_are_apart, product(*sides)))


def _compare_times(stake: SourceStake, twin: SourceStake) -> Iterator[Difference]:
    """Yield where two sources give other dates for the beginning or the end of one holding."""
    for name in sorted(stake.dates.keys() & twin.dates.keys()):
        one, other = (replace(each.said, value=each.dates[name]) for each in (stake, twin))
        found = compare_values(stake.asset, name, one, other, dated=True)
        if found.kind != AGREES:
            yield found


def _kind_of_pair(one: SourceValue, other: SourceValue) -> str:
    kind = compare_numbers(one.value, other.value, (one.last_digit, other.last_digit))
    differs = kind == VALUE and is_later(one, other)
    # What may be, or is to be, does not contradict what is.
    if kind == VALUE and not differs and (one.unsure or other.unsure):
        kind = REFINES
    return LATER if differs or one.former != other.former or _are_apart(one, other) else kind


def _are_apart(one: SourceValue, other: SourceValue) -> bool:
    """Return whether one ended before a moment at which the other still held, or began after one at which it did."""
    return any(
        (dated.latest and not known.latest and known.not_ended > dated.latest)
        or (dated.earliest and not known.earliest and known.begun and known.begun < dated.earliest)
        for dated, known in ((one, other), (other, one))
    )


def _is_told_twice(stake: SourceStake, side: Sequence[SourceStake], met: Collection[str]) -> bool:
    """Return whether its source gives the same owner the same share on the other basis too, which has been compared."""
    return any(
        (twin.owner, twin.said.value) == (stake.owner, stake.said.value) and twin.said.statement in met
        for twin in side
        if twin.basis != stake.basis
    )


def _level(stake: SourceStake, others: Sequence[SourceStake], parents: Mapping[str, set[str]]) -> SourceValue | None:
    """Return what the other source says of the same owner on another basis, or of a firm above or below it."""
    for other in others:
        related = other.owner in parents.get(stake.owner, ()) or stake.owner in parents.get(other.owner, ())
        if other.owner == stake.owner or related:
            return other.said
    return None


def _began_after(said: SourceValue, others: Sequence[SourceStake]) -> bool:
    """Return whether it lies wholly after or before what the other source knows."""
    return all(is_later(said, other.said) for other in others)


def compare_values(subject: str, name: str, one: SourceValue, other: SourceValue, dated: bool = False) -> Difference:
    """Return the difference of one property of a thing, a number or with ``dated`` a date, in two sources."""
    kind = compare_dates(one.value, other.value) if dated else compare_figures(one, other)
    if one.unit != other.unit:
        one, other = (replace(said, value=f"{said.value} {UNITS[said.unit][1]}") for said in (one, other))
    return Difference(kind, subject, name, one, other, (one.source, other.source))

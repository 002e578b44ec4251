"""Compare statements of two sources about the same matter: values and dates in, differences out, without a store.

A printed number stands for everything that rounds to it, a printed date for every day in it. If the two ranges
overlap, the sources agree or one is more precise; if not, they differ, unless one is about a later time.
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
# Units that differ only in scale: the factor, how the unit is written, and the base unit.
UNITS: Final[Mapping[str, tuple[int, str, str]]] = {
    "usd": (1, "US dollars", "US dollars"),
    "usd-million": (10**6, "million US dollars", "US dollars"),
    "usd-billion": (10**9, "billion US dollars", "US dollars"),
    "thousand-tonnes": (10**3, "thousand tonnes", "tonnes"),
    "million-tonnes": (10**6, "million tonnes", "tonnes"),
}


@dataclass(frozen=True)
class SourceValue:
    """What one source says: its name and last day, the statement, its value as text, and when it may have held.

    ``value`` is empty if the source gives none. ``last_digit`` is the place value of the last printed digit if the
    value does not show it (0.1 for 8.0, which is stored as 8). ``earliest`` and ``latest`` are ISO days, empty if open.
    ``unit`` and ``qualifier`` are the codes of a figure; ``former``: described as past; ``unsure``: only possible or
    planned. ``begun`` and ``not_ended`` are the days by which it had begun and before which it had not ended, empty if
    unknown. ``has_start`` and ``has_end``: the source states one, perhaps with an open bound, such as "by 2015".
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
    has_start: bool = False
    has_end: bool = False


@dataclass(frozen=True)
class Difference:
    """Two sources compared: the kind, the subject, the property, and what each says; None if it says nothing."""

    kind: str
    subject: str
    property: str
    one: SourceValue | None
    other: SourceValue | None
    sources: tuple[str, str]


@dataclass(frozen=True)
class SourceStake:
    """A stake as one source states it: its share is a number, ``low-high`` bounds, or empty.

    ``dates`` has the printed start and end dates, by property.
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
    # Half-open intervals: a number halfway between two rounds up, so neighbours do not overlap. Bounds are inclusive.
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
    """Compare two figures as ``compare_numbers`` does; "at least 100" can be 150, and units may differ in scale.

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
    """Return whether two printed dates agree, one is more precise, or they have no day in common.

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
    """Return whether one begins after the other ended, or after the last day that the other's source covers."""
    return any(
        late.earliest and early_end and late.earliest > early_end
        for late, early in ((one, other), (other, one))
        for early_end in (early.latest, early.last_day)
    )


def compare_stakes(
    one: Sequence[SourceStake], other: Sequence[SourceStake], parents: Mapping[str, set[str]]
) -> Iterator[Difference]:
    """Yield the differences between two sources' stakes in assets for which both state an owner.

    ``parents`` are the firms and states above each firm, according to any source.
    """
    both = {stake.asset for stake in one} & {stake.asset for stake in other}
    for asset in sorted(both):
        ours, theirs = ([stake for stake in side if stake.asset == asset] for side in (one, other))
        yield from _compare_asset(asset, ours, theirs, parents)


def _compare_asset(
    asset: str, ours: Sequence[SourceStake], theirs: Sequence[SourceStake], parents: Mapping[str, set[str]]
) -> Iterator[Difference]:
    sources = (ours[0].said.source, theirs[0].said.source)
    met, found = set[str](), dict[Difference, None]()
    for of_ours, of_theirs in _of_one_holder(ours, theirs):
        met |= {stake.said.statement for stake in (*of_ours, *of_theirs)}
        for kind, stake, twin in _compare_holder(of_ours, of_theirs):
            yield Difference(kind, asset, "sharePercent", stake.said, twin.said, sources)
            yield from _compare_times(stake, twin) if kind != LATER else ()
    met |= {stake.said.statement for side in (ours, theirs) for stake in side if _is_told_twice(stake, side, met)}
    for side, others in ((ours, theirs), (theirs, ours)):
        for stake in side:
            if stake.said.statement in met:
                continue
            level = _level(stake, others, parents)
            one, other = (stake.said, level) if side is ours else (level, stake.said)
            is_apart = _is_at_other_time(stake.said, [level] if level else [each.said for each in others])
            kind = LATER if is_apart else LEVEL if level else SILENT
            found[Difference(kind, asset, "owner", one, other, sources)] = None  # a pair has the same from either side
    yield from found


def _of_one_holder(
    ours: Sequence[SourceStake], theirs: Sequence[SourceStake]
) -> Iterator[tuple[list[SourceStake], list[SourceStake]]]:
    """Yield the stakes of each owner and basis that both sides state, in the order of the first side."""
    for owner, basis in dict.fromkeys((stake.owner, stake.basis) for stake in ours):
        found = [[one for one in side if (one.owner, one.basis) == (owner, basis)] for side in (ours, theirs)]
        if found[1]:
            yield found[0], found[1]


def _compare_holder(
    ours: Sequence[SourceStake], theirs: Sequence[SourceStake]
) -> Iterator[tuple[str, SourceStake, SourceStake]]:
    """Yield the pairs of stakes of one holder that are comparable, with the kind of difference."""
    whole = _add_up_alike(ours, theirs)
    pairs = [(REFINES if whole else _kind_of_pair(one.said, other.said), one, other)
             for one, other in product(ours, theirs)]  # fmt: skip
    # If both sources state successive stakes, compare each only with its counterpart, or the rest with the rest.
    matched = {stake.said.statement for kind, *both in pairs if kind in (AGREES, REFINES) for stake in both}
    is_rest_on_both = all(any(stake.said.statement not in matched for stake in side) for side in (ours, theirs))
    for kind, one, other in pairs:
        found = {one.said.statement, other.said.statement} & matched
        if kind in (AGREES, REFINES) or len(found) < (1 if is_rest_on_both else 2):
            yield kind, one, other


def _add_up_alike(ours: Sequence[SourceStake], theirs: Sequence[SourceStake]) -> bool:
    """Return whether one side splits the stake of one (matched) owner, with a total that may be the other side's."""
    sides = [[stake.said for stake in side] for side in (ours, theirs)]
    together = all(
        not one.former and one.value and one.unsure == other.unsure
        and not (one.latest and other.earliest and one is not other)
        for side in sides for one in side for other in side
    )  # fmt: skip
    if not together or len(ours) == len(theirs) == 1:
        return False
    ranges = [[_bounds(one.value, one.last_digit) for one in side] for side in sides]
    (low, high), (least, most) = ([sum(ends, Decimal()) for ends in zip(*some, strict=True)] for some in ranges)
    return low < most and least < high and not any(starmap(_are_apart, product(*sides)))


def _compare_times(stake: SourceStake, twin: SourceStake) -> Iterator[Difference]:
    """Yield the differences in the start or end dates that two sources give for a stake."""
    for name in sorted(stake.dates.keys() & twin.dates.keys()):
        one, other = (replace(each.said, value=each.dates[name]) for each in (stake, twin))
        found = compare_values(stake.asset, name, one, other, dated=True)
        if found.kind != AGREES:
            yield found


def _kind_of_pair(one: SourceValue, other: SourceValue) -> str:
    kind = compare_numbers(one.value, other.value, (one.last_digit, other.last_digit))
    differs = kind == VALUE and is_later(one, other)
    # A possible or planned stake neither contradicts an actual one nor says the same.
    if not differs and one.unsure != other.unsure:
        kind = REFINES
    return LATER if differs or one.former != other.former or _are_apart(one, other) else kind


def _are_apart(one: SourceValue, other: SourceValue) -> bool:
    """Return whether one ended before, or began after, a moment at which the other held.

    If both sources state a start, or an end, these dates are compared instead.
    """
    return any(
        (dated.latest and not (known.latest or known.has_end) and known.not_ended > dated.latest)
        or (dated.earliest and not (known.earliest or known.has_start) and "" < known.begun < dated.earliest)
        for dated, known in ((one, other), (other, one))
    )


def _is_told_twice(stake: SourceStake, side: Sequence[SourceStake], met: Collection[str]) -> bool:
    """Return whether its source states the same share on the other basis too, and that stake has been compared."""
    return any(
        (twin.owner, twin.said.value) == (stake.owner, stake.said.value) and twin.said.statement in met
        for twin in side
        if twin.basis != stake.basis
    )


def _level(stake: SourceStake, others: Sequence[SourceStake], parents: Mapping[str, set[str]]) -> SourceValue | None:
    """Return what the other source says about the same owner on another basis, or about a firm above or below it.

    What may have held at the same time comes first.
    """
    family = {stake.owner, *parents.get(stake.owner, ())}
    related = [one.said for one in others if one.owner in family or stake.owner in parents.get(one.owner, ())]
    return min(related, key=lambda said: _is_at_other_time(stake.said, [said]), default=None)


def _is_at_other_time(said: SourceValue, others: Sequence[SourceValue]) -> bool:
    """Return whether it held, or is called former, entirely after or before what the other source states."""
    return all(is_later(said, one) or _are_apart(said, one) or said.former != one.former for one in others)


def compare_values(subject: str, name: str, one: SourceValue, other: SourceValue, dated: bool = False) -> Difference:
    """Return the difference in one property between two sources: a number or, if ``dated``, a date."""
    kind = compare_dates(one.value, other.value) if dated else compare_figures(one, other)
    if one.unit != other.unit:
        one, other = (replace(said, value=f"{said.value} {UNITS[said.unit][1]}") for said in (one, other))
    return Difference(kind, subject, name, one, other, (one.source, other.source))

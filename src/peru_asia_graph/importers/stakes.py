"""Converts the stakes in a foreign file to rows of a source, where an owner has one stake in a thing at a time.

A file may state several: share classes, two records, two data sets. Stakes held at the same time become one row without
a share, and the note says what each of them states.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from peru_asia_graph.importers.draft import Draft, DraftCell
from peru_asia_graph.sources.checks.shares import certain_days
from peru_asia_graph.sources.dates import parse_date

_SHARE: Final = ("share_percent", "share_low", "share_high", "share_printed")
# The dates of a stake, and their names in foreign files.
_TIMES: Final = {"valid_from": "startDate", "valid_until": "endDate"}
_ALIKE: Final = ("owner", "owned", "basis", "certainty")


class ForeignStake(NamedTuple):
    """The id, cells and citations of a row, and its position in the foreign file."""

    slug: str
    cells: dict[str, DraftCell]
    citations: Sequence[str]
    place: str

    def text(self, name: str) -> str:
        """Return a cell as text, empty if there is none."""
        value = self.cells.get(name)
        return "" if value is None else str(value)

    @property
    def days(self) -> tuple[date, date]:
        """The first day on which it is certainly held, and the first day on which it may have ended."""
        return certain_days(self.text("valid_from"), self.text("valid_until"))


class ForeignStakes:
    """Collects the stakes in a file; ``kind`` and ``field`` are its names for a stake and its share.

    If ``same`` is True, equal shares at the same time are one stake that is stated twice.
    """

    def __init__(self, draft: Draft, kind: str, field: str, same: bool = False) -> None:
        self.draft, self.kind, self.field, self.same = draft, kind, field, same
        self._found: dict[tuple[str, ...], list[ForeignStake]] = defaultdict(list)

    def add(self, stake: ForeignStake) -> None:
        self._found[tuple(map(stake.text, _ALIKE))].append(stake)

    def write(self) -> None:
        """Add the stakes to the draft, one row for those held at the same time."""
        for alike in self._found.values():
            for together in at_one_time(list(self._stated_once(alike))):
                one = self._left_open(together) if len(together) > 1 else together[0]
                self.draft.add("stakes", one.slug, one.citations, **one.cells)

    def _stated_once(self, stakes: Sequence[ForeignStake]) -> Iterator[ForeignStake]:
        """Yield the stakes, merging those that are stated twice."""
        if not self.same:
            yield from stakes
            return
        # As numbers, 51 and 51.00 are equal.
        by_share: dict[tuple[DraftCell, ...], list[ForeignStake]] = defaultdict(list)
        for one in stakes:
            by_share[tuple(one.cells.get(name) for name in _SHARE)].append(one)
        for equal in by_share.values():
            for together in at_one_time(equal):
                self._count_dates(together)
                notes = dict.fromkeys(filter(None, (one.text("note") for one in together)))
                yield _as_one(together, together[0].cells, "; ".join(notes), same=True)

    def _count_dates(self, together: Sequence[ForeignStake]) -> None:
        """Count differing dates of a stake that is stated twice, unless one only refines the others."""
        for name, field in _TIMES.items():
            told = sorted({one.text(name) for one in together} - {""})
            if len(told) > 1 and not _most_exact(told):
                reason = "stated differently for one stake: the first start and the last end are kept"
                self.draft.losses.add(self.kind, field, reason, "; ".join(told), together[0].place, len(told))

    def _left_open(self, together: Sequence[ForeignStake]) -> ForeignStake:
        first, second, *_ = together
        reason = "several of one owner at one time: no share, all in the note"
        example = f"{first.text('owner')} {_share(first)}; {_share(second)}"
        self.draft.losses.add(self.kind, self.field, reason, example, first.place, len(together))
        cells = {name: first.cells[name] for name in _ALIKE}
        return _as_one(together, cells, "; ".join(map(_in_words, together)), same=False)


def _as_one(together: Sequence[ForeignStake], cells: dict[str, DraftCell], note: str, same: bool) -> ForeignStake:
    """Merge stakes into one with these cells, held from the earliest start to the latest end."""
    times = {
        "valid_from": _limit(together, "valid_from", min, same),
        "valid_until": _limit(together, "valid_until", max, same),
        "as_of": max(one.text("as_of") for one in together),
    }
    cited = [one for stake in together for one in stake.citations]
    return together[0]._replace(cells={**cells, **times, "note": note}, citations=cited)


def at_one_time(stakes: Sequence[ForeignStake]) -> Iterator[list[ForeignStake]]:
    """Yield groups of stakes that were certainly held at the same time; successive stakes are in separate groups."""
    together: list[ForeignStake] = []
    over, dates = date.min, ("", "")
    for one in sorted(stakes, key=lambda one: one.days):
        own = one.text("valid_from"), one.text("valid_until")
        if together and one.days[0] >= over and own != dates:
            yield together
            together = []
        together.append(one)
        if len(together) == 1 or one.days[1] > over:
            over, dates = one.days[1], own
    yield together


def _limit(together: Sequence[ForeignStake], name: str, choose: Callable[..., date], same: bool) -> str:
    """Return when the first of the stakes began (``min``) or the last ended (``max``, empty if one has no end).

    For a stake that is stated twice, a date that refines the others counts.
    """
    told = [one.text(name) for one in together]
    is_open = not (same or all(told))
    if is_open and choose is max:
        return ""
    if same and (exact := _most_exact(told)):
        return exact
    spans = [parse_date(text) for text in told if text]
    earliest = choose((span.earliest or date.min for span in spans), default=date.min)
    latest = choose((span.latest or date.max for span in spans), default=date.max)
    return _written(told, date.min if is_open else earliest, latest)


def _most_exact(told: Sequence[str]) -> str:
    """Return the date that refines all the others, empty if there is none."""
    exact = max(told, key=len)
    return exact if exact[-1:].isdigit() and all(map(exact.startswith, told)) else ""


def _written(told: Sequence[str], earliest: date, latest: date) -> str:
    """Return the text among ``told`` that has these bounds, else a date written as bounds."""
    for text in filter(None, told):
        span = parse_date(text)
        if (span.earliest or date.min, span.latest or date.max) == (earliest, latest):
            return text
    low, high = ("" if day in (date.min, date.max) else str(day) for day in (earliest, latest))
    return f"[{low}..{high}]" if low or high else ""


def _in_words(one: ForeignStake) -> str:
    """Return the share, note and dates of a stake in words."""
    start, end = one.text("valid_from"), one.text("valid_until")
    said = [one.text("note"), f"from {start}" if start else "", f"until {end}" if end else ""]
    words = ", ".join(filter(None, said))
    return f"{_share(one)} ({words})" if words else _share(one)


def _share(one: ForeignStake) -> str:
    exact, low, high, printed = map(one.text, _SHARE)
    if low and high:
        return f"{low} to {high} %"
    bound = f"at least {low} %" if low else f"at most {high} %" if high else ""
    return f"{exact} %" if exact else bound or printed or "share not stated"

"""Checks stakes: no owner owns itself or is listed twice at the same time, no asset is over 100 percent on any day.

A stake counts from the last day its start may mean to the first day its end may mean, so that the shares of a seller
until 2012 and a buyer from 2012 are not added; without dates it counts on every day. Ownership cycles exist
(cross-holdings), so they are only a warning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from typing import Final

from peru_asia_graph.errors import Problem
from peru_asia_graph.sources.dates import parse_date
from peru_asia_graph.sources.tables import CsvRow, Table

ROUNDING: Final = Decimal("0.5")
LISTED: Final = 8
SIZES: Final = ("share_percent", "share_low", "share_high")
MERGE: Final = "merge the two rows or correct their dates"
CONTRADICTION: Final = (
    "correct their dates; if the source contradicts itself, keep one row and give both shares in discrepancies.csv"
)
NOT_HELD: Final = {"former", "not-confirmed", "possible", "planned", "announced"}


def check_stakes(stakes: Table, with_fractions: bool = True) -> Iterator[Problem]:
    """Yield the problems of a table of stakes; ``with_fractions`` also warns of shares that may be fractions."""
    by_asset: dict[str, list[CsvRow]] = defaultdict(list)
    for row in stakes.rows:
        if row.text("owner") and row.text("owner") == row.text("owned"):
            yield Problem(stakes.file, row.line, "owned", f"'{row.text('owned')}' owns itself", "name another")
        yield from _check_size(stakes.file, row)
        if row.text("owner") and row.text("owned"):
            by_asset[row.text("owned")].append(row)
    for asset, rows in by_asset.items():
        yield from _check_fractions(stakes.file, rows) if with_fractions else ()
        yield from _check_twice(stakes.file, asset, rows)
        yield from _check_sum(stakes.file, asset, rows)
    yield from _report_cycles(stakes)


def _check_size(file: str, row: CsvRow) -> Iterator[Problem]:
    """Check that a share is above zero, and within its bounds if both are given."""
    share, low, high = map(row.cells.get, SIZES)
    for name, most in (("share_percent", share), ("share_high", high)):
        if most == 0:
            remedy = "delete the row, or leave the cell empty if the share is not known"
            yield Problem(file, row.line, name, "a stake cannot be 0", remedy)
    for name, least, most in (("share_low", low, high), ("share_low", low, share), ("share_high", share, high)):
        if isinstance(least, Decimal) and isinstance(most, Decimal) and least > most:
            message = f"the bounds {low or 0} to {high or 100} do not contain {share or 'any value'}"
            yield Problem(file, row.line, name, message, "swap the bounds, or keep only the share or its bounds")
            return


def _check_fractions(file: str, rows: list[CsvRow]) -> Iterator[Problem]:
    """Warn of shares below 1 if no share of the asset is above 1: they may be fractions, not percent."""
    sizes = [(row, name, row.cells[name]) for row in rows for name in SIZES if row.cells.get(name) is not None]
    if any(not isinstance(size, Decimal) or size > 1 for _, _, size in sizes):
        return
    for row, name, size in sizes:
        if isinstance(size, Decimal) and 0 < size < 1 and "%" not in row.text("share_printed"):
            message = f"'{row.text(name)}' is read as {size} percent"
            remedy = (
                f"write {(size * 100).normalize():f} if it is a fraction; if not, write '{size} %' in share_printed"
            )
            yield Problem(file, row.line, name, message, remedy, warning=True)


def _check_twice(file: str, asset: str, rows: list[CsvRow]) -> Iterator[Problem]:
    alike: dict[tuple[str, ...], list[CsvRow]] = defaultdict(list)
    for row in rows:
        alike[tuple(row.text(column) for column in ("owner", "basis", "certainty"))].append(row)
    for group in alike.values():
        ordered = sorted(group, key=lambda row: (held(row), row.line))
        earlier = ordered[0]
        for row in ordered[1:]:
            same_dates = all(row.text(name) == earlier.text(name) for name in ("valid_from", "valid_until"))
            if same_dates or held(row)[0] < held(earlier)[1]:
                first, second = sorted((earlier, row), key=lambda one: one.line)
                message = f"'{row.text('owner')}' already holds '{asset}' then (line {first.line})"
                same_size = all(first.cells.get(name) == second.cells.get(name) for name in SIZES)
                yield Problem(file, second.line, "owner", message, MERGE if same_size else CONTRADICTION)
            earlier = max(earlier, row, key=lambda one: held(one)[1])


def _check_sum(file: str, asset: str, rows: list[CsvRow]) -> Iterator[Problem]:
    """Check the sum of shares; it is highest on a day on which a stake starts, so only those days are checked."""
    counted = [row for row in rows if row.text("basis") == "direct" and row.text("certainty") not in NOT_HELD]
    times = [(*held(row), row) for row in counted]
    # Changes of the sum by day: a share starts (True) or may have ended (False, sorted first on the same day).
    changes = sorted(
        (day, begins, _least(row) if begins else -_least(row))
        for start, over, row in times if start < over and _least(row)
        for day, begins in ((start, True), (over, False))
    )  # fmt: skip
    total = Decimal(0)
    for day, _, share in changes:
        total += share
        if total > 100 + ROUNDING:
            now = [row for start, over, row in times if start <= day < over]
            total = sum(map(_least, now), Decimal(0))
            owners = _listed([f"{row.text('owner')} {_least(row) or '?'}" for row in now], ", ")
            when = "at one time" if day == date.min else f"on {day}"
            message = f"direct shares of '{asset}' {when} add up to {total} ({owners})"
            last = max(now, key=lambda row: row.line)
            remedy = "correct a share, a date or a basis"
            # A warning, because the source itself may say so.
            yield Problem(file, last.line, "share_percent", message, remedy, warning=True)
            return


def _least(row: CsvRow) -> Decimal:
    """Return the share of a stake, or its lower bound."""
    stated = (row.cells.get(name) for name in ("share_percent", "share_low"))
    return next((share for share in stated if isinstance(share, Decimal)), Decimal(0))


def held(row: CsvRow) -> tuple[date, date]:
    """Return the first day on which a stake is certainly held, and the first day on which it may have ended."""
    return certain_days(row.text("valid_from"), row.text("valid_until"))


def certain_days(start: str, end: str) -> tuple[date, date]:
    """Return the first day that is certainly in a period, and the first day on which the period may have ended."""
    first = (parse_date(start).latest or date.max) if start else date.min
    over = (parse_date(end).earliest or date.min) if end else date.max
    return first, over


def _report_cycles(stakes: Table) -> Iterator[Problem]:
    lines: dict[tuple[str, str], int] = {}
    for row in stakes.rows:
        pair = row.text("owner"), row.text("owned")
        if all(pair) and pair[0] != pair[1]:
            lines.setdefault(pair, row.line)
    sorter = TopologicalSorter[str]()
    for owner, owned in lines:
        sorter.add(owned, owner)
    with suppress(CycleError):
        sorter.prepare()
        return
    import networkx as nx

    owners: nx.DiGraph[str] = nx.DiGraph(sorted(lines))
    for group in nx.strongly_connected_components(owners):
        if len(group) > 1:
            cycle = nx.find_cycle(owners.subgraph(group), min(group))
            names = _listed([f"'{owner}'" for owner, _ in cycle], " → ")
            line = max(lines[owner, owned] for owner, owned in cycle)
            message = f"'{cycle[0][0]}' owns itself through others: {names} → '{cycle[0][0]}'"
            yield Problem(stakes.file, line, "owner", message, "allowed if the source says so", warning=True)


def _listed(names: list[str], between: str) -> str:
    more = [f"… and {len(names) - LISTED} more"] if len(names) > LISTED else []
    return between.join([*names[:LISTED], *more])

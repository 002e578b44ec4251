"""Checks dates: a period has its start and end in two columns, in that order, and dates after the source was written
are marked as planned or possible, not as former.

The date of a source is in its metadata; without one, later dates are not checked, but that its last date is an end is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import Final

from peru_asia_graph.errors import Problem
from peru_asia_graph.sources.dates import OPEN, parse_date, parse_moment
from peru_asia_graph.sources.metadata import METADATA, kind_of
from peru_asia_graph.sources.tables import CsvRow, Source, Table

INTERVALS: Final = (
    ("valid_from", "valid_until"), ("date", "end_date"), ("signed_on", "in_force_on"), ("signed_on", "ended_on"),
    ("in_force_on", "ended_on"),
)  # fmt: skip
# Columns that hold a single moment.
_MOMENTS: Final = {name for pair in INTERVALS for name in pair} | {"as_of"}
# Columns that may be after the date of the source: ends, and the day on which a web page was retrieved.
MAY_COME: Final = {"valid_until", "end_date", "in_force_on", "ended_on", "retrieved"}
# Tables of people's later judgements on a source.
JUDGEMENTS: Final = {"matches", "decisions"}
PLANS: Final = {
    "planned", "possible", "announced", "in-progress", "not-confirmed", "proposed", "to-be-defined", "negotiated",
}  # fmt: skip


def check_dates(source: Source) -> Iterator[Problem]:
    written = date.fromisoformat(parse_moment(source.about.date[:4]).last) if source.about.date else None
    if not written:
        yield from _check_undated(source)
    for table in source.tables.values():
        dated = [column["name"] for column in table.columns if kind_of(column) == "date"]
        for row in table.rows:
            yield from _check_order(table.file, row)
            yield from _check_former(table.file, row, source.about.date)
            if table.name != "sources":  # the date of a work may be the years it appeared in
                yield from _check_moments(table.file, row)
            if table.name in JUDGEMENTS or {row.text("certainty"), row.text("status")} & PLANS:
                continue
            for name in dated:
                start = parse_date(row.text(name)).earliest if row.text(name) and name not in MAY_COME else None
                if start and written and start > written:
                    message = f"'{row.text(name)}' is after the source was written ({written.year})"
                    remedy = "correct it, or mark it as planned or possible"
                    yield Problem(table.file, row.line, name, message, remedy, warning=True)


def _check_undated(source: Source) -> Iterator[Problem]:
    """Yield a warning for stakes in a source without any date, or whose last date is an end that may be to come."""
    stakes = source.tables.get("stakes")
    dated = [
        (table, column["name"])
        for table in source.tables.values()
        if table.name not in JUDGEMENTS
        for column in table.columns
        if kind_of(column) == "date" and column["name"] != "retrieved"
    ]
    is_read = all(table.complete for table in source.tables.values())
    is_dated = source.about.as_of or any(row.text(name) for table, name in dated for row in table.rows)
    if stakes is not None and stakes.rows and is_read and not is_dated:
        message = "neither the source nor any of its rows has a date, so the year of its owners is unknown"
        remedy = "add 'dc:date', the last day, month or year that it covers"
        yield Problem(str(PurePosixPath(stakes.file).with_name(METADATA)), 0, "", message, remedy, warning=True)
    if stakes is not None and stakes.rows and not source.about.as_of:
        yield from _check_last_date(dated)


def _check_last_date(dated: Sequence[tuple[Table, str]]) -> Iterator[Problem]:
    """Yield a warning if the last date of a source is an end, as only a date of the source says whether it is past."""
    last: dict[bool, tuple[int, Table, CsvRow, str]] = {}
    for table, name in dated:
        for row in table.rows:
            day = parse_date(row.text(name)).latest if row.text(name) else None
            if day and day.year > last.get(name in MAY_COME, (0,))[0]:
                last[name in MAY_COME] = day.year, table, row, name
    if True in last and (False not in last or last[True][0] > last[False][0]):
        year, table, row, name = last[True]
        message = (
            f"'{row.text(name)}', an end, is the last date here, so owners are those of {year} and all ends are past"
        )
        remedy = "add 'dc:date', the last day, month or year that the source covers, to its metadata"
        yield Problem(table.file, row.line, name, message, remedy, warning=True)


def _check_former(file: str, row: CsvRow, covered: str) -> Iterator[Problem]:
    """Yield a warning for a row that is former, but ends after the last day that its source covers."""
    text = row.text("valid_until")
    end = parse_date(text).earliest if text and covered and row.text("certainty") == "former" else None
    if end and end.isoformat() > parse_moment(covered).last:
        message = f"'{text}' is after the last day that the source covers ({covered}), but the row is former"
        remedy = "correct the end or the certainty"
        yield Problem(file, row.line, "valid_until", message, remedy, warning=True)


def _check_order(file: str, row: CsvRow) -> Iterator[Problem]:
    for start_column, end_column in INTERVALS:
        start_text, end_text = row.text(start_column), row.text(end_column)
        start = parse_date(start_text).earliest if start_text else None
        end = parse_date(end_text).latest if end_text else None
        if start and end and start > end:
            message = f"'{end_text}' is before {start_column} '{start_text}'"
            # Some data sets do list agreements as in force before they were signed.
            stated = (start_column, end_column) == ("signed_on", "in_force_on")
            remedy = "correct one; allowed if the source says so" if stated else "swap or correct the two dates"
            yield Problem(file, row.line, end_column, message, remedy, warning=stated)


def _check_moments(file: str, row: CsvRow) -> Iterator[Problem]:
    """Yield a problem for each period in one cell: start and end have separate columns."""
    for name in sorted(_MOMENTS):
        if "/" in (text := row.text(name)):
            start, _, end = text.partition("/")
            bounds = f"[{start.replace(OPEN, '')}..{end.replace(OPEN, '')}]"
            remedy = f"write start and end in their own columns or, for one moment between them, {bounds}"
            yield Problem(file, row.line, name, f"'{text}' is a period in one cell", remedy)

"""Checks that the cells of one row fit together."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Final

from peru_asia_graph.errors import Problem
from peru_asia_graph.sources.dates import parse_date
from peru_asia_graph.sources.tables import CsvRow, Table

# By table: columns of which each row must fill at least one.
ONE_OF: Final[Mapping[str, tuple[str, str]]] = {
    "investments": ("amount_usd_million", "amount_printed"),
    "observations": ("value", "value_printed"),
}
# A share as printed: 25.0% or 25.
PRINTED_SHARE: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?%?")


def check_rows(table: Table) -> Iterator[Problem]:
    for row in table.rows:
        for name, message, remedy, *warning in _problems(table, row):
            yield Problem(table.file, row.line, name, message, remedy, warning=bool(warning))


def _problems(table: Table, row: CsvRow) -> Iterator[tuple[str, ...]]:
    """Yield column, message and remedy of each problem, and a fourth item if it is a warning."""
    if (one := ONE_OF.get(table.name)) and not _is_any(row, one):
        yield one[0], f"neither {one[0]} nor {one[1]} is given", "give the number, or the words as printed"
    if table.name == "entities" and _is_any(row, ["lat"]) != _is_any(row, ["long"]):
        missing, given = ("lat", "long") if row.text("long") else ("long", "lat")
        yield missing, f"is empty although {given} is '{row.text(given)}'", "give both coordinates, or neither"
    if table.name == "claims" and row.text("figure") and row.text("stated"):
        yield "stated", "both a figure and a number are given", "keep one of them"
    if table.name == "observations":
        yield from _of_figure(row)
    if table.name == "stakes":
        yield from _of_stake(row)
    yield from _of_moment(row)


def _is_any(row: CsvRow, names: Collection[str]) -> bool:
    """Return whether any of these cells has a value, readable or not."""
    return any(row.text(name) or name not in row.cells for name in names)


def _of_figure(row: CsvRow) -> Iterator[tuple[str, ...]]:
    digit = row.cells.get("precision")
    if isinstance(digit, Decimal) and digit <= 0:
        yield (
            "precision",
            f"'{digit}' is not above zero",
            "give the value of the last printed digit, such as 0.1 for 8.0",
        )
    if row.text("unit") == "rank":
        for name, what in (("ranked", "who or what is ranked"), ("scope", "among whom")):
            if not row.text(name):
                yield name, "is empty although the unit is a rank", f"say {what}"


def _of_stake(row: CsvRow) -> Iterator[tuple[str, ...]]:
    if row.text("certainty") == "not-confirmed":
        yield "certainty", "a rumour is not a stake", "enter unconfirmed statements as an investment or a relation"
    printed, share = PRINTED_SHARE.fullmatch(row.text("share_printed")), row.cells.get("share_percent")
    if printed and isinstance(share, Decimal) and Decimal(printed[1]) != share:
        message = f"'{row.text('share_printed')}' is not the share_percent {share}"
        yield "share_printed", message, "correct one; leave it if the source says so", "warning"


def _of_moment(row: CsvRow) -> Iterator[tuple[str, ...]]:
    """Check that the moment at which something held is between its start and its end."""
    if not row.text("as_of"):
        return
    moment = parse_date(row.text("as_of"))
    for name, is_start in (("valid_from", True), ("valid_until", False)):
        if text := row.text(name):
            first, then = (parse_date(text), moment) if is_start else (moment, parse_date(text))
            if first.earliest and then.latest and then.latest < first.earliest:
                message = f"'{row.text('as_of')}' is {'before' if is_start else 'after'} {name} '{text}'"
                yield "as_of", message, "correct one; leave it if the source says so", "warning"

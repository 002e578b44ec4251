"""Values as strings: cells, sorted citations, and HTML tables for notebooks."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

Value = str | int | bool | Decimal | float

CITED: Final = "citations"


def is_cited(name: str) -> bool:
    """Return whether a column of this name has citations.

    >>> is_cited("phase_citations"), is_cited("cited")
    (True, False)
    """
    return name == CITED or name.endswith(f"_{CITED}")


def text(value: Value | None) -> str:
    """Return a value as a string: true, false, NaN and INF as in RDF; empty for None."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "INF" if value > 0 else "-INF"
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def canonical_decimal(value: Decimal) -> str:
    """Return the shortest plain form, which every store returns unchanged.

    >>> canonical_decimal(Decimal("70.0")), canonical_decimal(Decimal("33.750"))
    ('70', '33.75')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def decimal(text: str) -> Decimal | None:
    """Return a number, or None if the text is not a finite number.

    >>> decimal("12.50"), decimal("about 12"), decimal("NaN")
    (Decimal('12.50'), None, None)
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def sort_parts(cell: str, separator: str) -> str:
    """Return the distinct parts of a cell in natural order, with numbers compared by value.

    >>> sort_parts("p. 10 ¶1; p. 9 ¶2; p. 10 ¶1", "; ")
    'p. 9 ¶2; p. 10 ¶1'
    >>> sort_parts("row 10²; row 9", "; ")
    'row 9; row 10²'
    """
    parts = {part for part in cell.split(separator) if part}
    return separator.join(sorted(parts, key=_natural_key))


@lru_cache(10_000)
def _natural_key(part: str) -> list[tuple[int, str]]:
    runs = re.findall(r"[0-9]{1,18}|[^0-9]+", part)
    return [(int(run) if run.isascii() and run.isdigit() else 0, run) for run in runs]


def html_table(header: Sequence[str], rows: Sequence[Sequence[Value | None]], limit: int = 200) -> str:
    """Return an escaped HTML table of the first ``limit`` rows, with the total number of rows."""
    from html import escape

    head = "".join(f"<th>{escape(name)}</th>" for name in header)
    body = "".join("<tr>" + "".join(f"<td>{escape(text(cell))}</td>" for cell in row) + "</tr>" for row in rows[:limit])
    shown = f", first {limit} shown" if len(rows) > limit else ""
    count = f"{len(rows):,} row{'' if len(rows) == 1 else 's'}"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{count}{shown}</p>"


def html_notes(notes: Sequence[str]) -> str:
    """Return notes as escaped HTML; empty if there are none."""
    from html import escape

    return "".join(f"<p><small>Note: {escape(note)}</small></p>" for note in notes)

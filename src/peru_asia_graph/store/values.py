"""Values of answers as people read them: texts, citations in reading order, tables for notebooks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from html import escape
from typing import Final

Value = str | int | bool | Decimal | float

CITED: Final = "citations"
_RUNS: Final = re.compile(r"\d+|\D+")


def text(value: Value | None) -> str:
    """Return a value as a person reads it: true and false in lower case, nothing for None."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def sort_parts(cell: str, separator: str) -> str:
    """Return the parts of a cell in reading order, numbers by their value, each once.

    >>> sort_parts("p. 10 ¶1; p. 9 ¶2; p. 10 ¶1", "; ")
    'p. 9 ¶2; p. 10 ¶1'
    """
    parts = {part for part in cell.split(separator) if part}
    return separator.join(
        sorted(parts, key=lambda part: [(int(run) if run.isdigit() else 0, run) for run in _RUNS.findall(part)])
    )


def html_table(header: Sequence[str], rows: Sequence[Sequence[Value | None]], most: int = 200) -> str:
    """Return an HTML table, every text escaped; at most ``most`` rows."""
    head = "".join(f"<th>{escape(name)}</th>" for name in header)
    body = "".join("<tr>" + "".join(f"<td>{escape(text(cell))}</td>" for cell in row) + "</tr>" for row in rows[:most])
    shown = f", the first {most} shown" if len(rows) > most else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{len(rows)} rows{shown}</p>"

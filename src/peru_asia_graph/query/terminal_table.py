"""Query results as tables for a terminal, as wide as it at most; records where columns would be too narrow to read."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal

from peru_asia_graph.store.literals import is_number
from peru_asia_graph.store.results import Result
from peru_asia_graph.store.values import CITED

if TYPE_CHECKING:
    from rich.table import Table

# The column of answers side by side (query/side_by_side.py).
SOURCE: Final = "source"
_DATES: Final = ("date", "end_date")
# Words of a table are cut to fit, but not to fewer letters than the second.
_LONGEST_WORD: Final = 16
_SHORTEST_WORD: Final = 9
# What a terminal obeys instead of showing it.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def write_table(result: Result) -> str:
    """Return a table for the terminal; answers of several sources as one table each, under the name of the source."""
    header, rows = result.variables, result.texts()
    numbers = result.cells(lambda term: is_number(term.python()))
    if len(header) < 2 or header[0] != SOURCE or not rows:
        return terminal_table(header, rows, numbers)
    tables = []
    for source, group in groupby(range(len(rows)), key=lambda row: rows[row][0]):
        places = list(group)
        title = f"Source: {source}" if source else "Of no source"
        told, counted = [rows[place][1:] for place in places], [numbers[place][1:] for place in places]
        tables.append(f"{title}\n\n{terminal_table(header[1:], told, counted)}")
    return "\n".join(tables)


def terminal_table(
    header: Sequence[str], rows: Sequence[Sequence[str | None]], numbers: Sequence[Sequence[bool | None]]
) -> str:
    """Return a table as wide as the terminal at most, followed by the number of rows.

    ``numbers`` tells which cells are numbers. Citations become numbered notes under the table; columns without any
    value are left out, and so are the dates that ``when`` gives in words. Where the columns would be too narrow for
    their words, each row becomes a record: a line for each of its values.
    """
    from rich.console import Console
    from rich.markup import escape as plain

    in_words = _DATES if "when" in header else ()
    filled = (index for index in range(len(header)) if not rows or any(row[index] is not None for row in rows))
    shown = [index for index in filled if header[index] not in in_words]
    names = [header[index] for index in shown]
    numeric = [all(row[index] is not False for row in numbers) and bool(rows) for index in shown]
    cells, notes = _with_notes(names, [[_shown(row[index]) for index in shown] for row in rows])
    console = Console(file=io.StringIO(), highlight=False)
    titles = [(name.removesuffix(CITED) + "notes" if _is_cited(name) else name).replace("_", " ") for name in names]
    gap, widths = _widths(titles, cells, console.width)
    tables = [_columns(titles, cells, numeric, widths, gap)] if widths else [_record(titles, row) for row in cells]
    with console.capture() as capture:
        for table in tables:
            console.print(table)
            if not widths:
                console.print()
        for number, note in enumerate(notes, 1):
            console.print(f"{plain(f'[{number}]')} {plain(note)}")
    lines = [line.rstrip() for line in capture.get().splitlines()]
    count = f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    return "\n".join(lines) + f"\n{count}\n"


def _columns(
    titles: Sequence[str],
    cells: Sequence[Sequence[str]],
    numeric: Sequence[bool],
    widths: Sequence[int],
    gap: int,
) -> Table:
    from rich import box
    from rich.markup import escape as plain
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, gap - 1, 0, 0), show_edge=False)
    for title, right, width in zip(titles, numeric, widths, strict=True):
        align: Literal["right", "left"] = "right" if right else "left"
        table.add_column(plain(title), justify=align, overflow="fold", width=width)
    for row in cells:
        table.add_row(*map(plain, row))
    return table


def _record(titles: Sequence[str], row: Sequence[str]) -> Table:
    """Return the values of a row, each on a line beside the title of its column; empty ones are left out."""
    from rich.markup import escape as plain
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(width=max(map(len, titles)), no_wrap=True)
    table.add_column(overflow="fold")
    for title, cell in zip(titles, row, strict=True):
        if cell:
            table.add_row(plain(title), plain(cell))
    return table


def _shown(cell: str | None) -> str:
    """Return a cell for a terminal, with control characters as their escapes."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), cell or "")


def _widths(titles: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> tuple[int, list[int]]:
    """Return the gap between columns (2, or 1 where that saves words from being cut) and the width of each column.

    Words are whole as far as they fit; the remaining space is shared by length. There are no widths where words would
    be cut to fewer than ``_SHORTEST_WORD`` letters.
    """
    from rich.cells import cell_len

    columns = [[title, *(row[index] for row in cells)] for index, title in enumerate(titles)]
    natural = [max(map(cell_len, column)) for column in columns]
    longest = [max((cell_len(word) for cell in column for word in cell.split()), default=1) for column in columns]
    whole = sum(min(one, _LONGEST_WORD) for one in longest)
    gap = 2 if whole <= width - 2 * len(titles) else 1
    room = width - gap * len(titles)
    fitting = ([min(one, cap) for one in longest] for cap in range(_LONGEST_WORD, _SHORTEST_WORD - 1, -1))
    least = next((one for one in fitting if sum(one) <= room), None)
    if least is None:
        return gap, []
    left, wish = max(room - sum(least), 0), sum(natural) - sum(least)
    if wish <= left:
        return gap, [max(one, few) for one, few in zip(natural, least, strict=True)]
    return gap, [few + left * (one - few) // wish for one, few in zip(natural, least, strict=True)]


def _is_cited(name: str) -> bool:
    return name == CITED or name.endswith(f"_{CITED}")


def _with_notes(names: Sequence[str], cells: list[list[str]]) -> tuple[list[list[str]], list[str]]:
    """Return the cells with each citation replaced by the number of a note, and the notes."""
    notes: dict[str, int] = {}
    for index in [index for index, name in enumerate(names) if _is_cited(name)]:
        for row in cells:
            cited = [part for part in row[index].split("; ") if part]
            row[index] = " ".join(f"[{notes.setdefault(part, len(notes) + 1)}]" for part in cited)
    return cells, list(notes)

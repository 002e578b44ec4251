"""Rows for a terminal: a table, or, where its words would be cut, a block of lines for each row."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Sequence
from typing import Final, Literal

from peru_asia_graph.store.values import CITED, is_cited

_DATES: Final = ("date", "end_date")
_LONGEST_WORD: Final = 16
# Columns whose values are copied into other commands: they are cut only if there is no room for them.
_COPIED: Final = ("id", "slug")
# If columns would cut words shorter than this, the table is unreadable.
_SHORTEST_CUT: Final = 10
# Control sequences that a terminal would execute instead of showing.
# Including characters that change the text direction or start a line.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def terminal_table(
    header: Sequence[str], rows: Sequence[Sequence[str | None]], numbers: Sequence[Sequence[bool | None]]
) -> str:
    """Return a table, at most as wide as the terminal, followed by the number of rows.

    ``numbers`` says which cells are numbers. Citations become numbered notes under the table; columns without values
    are left out, unless no column has any, as are dates that ``when`` gives in words.
    """
    from rich import box
    from rich.console import Console
    from rich.markup import escape as plain
    from rich.table import Table

    in_words = _DATES if "when" in header else ()
    every = range(len(header))
    filled = [index for index in every if any(row[index] is not None for row in rows)] or every
    shown = [index for index in filled if header[index] not in in_words]
    names = [header[index] for index in shown]
    numeric = [all(row[index] is not False for row in numbers) and bool(rows) for index in shown]
    cells, notes = _with_notes(names, [[_shown(row[index]) for index in shown] for row in rows])
    console = Console(file=io.StringIO(), highlight=False)
    titles = [(name.removesuffix(CITED) + "notes" if is_cited(name) else name).replace("_", " ") for name in names]
    gap, widths = _widths(titles, cells, console.width)
    count = f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    listed = [line for number, note in enumerate(notes, 1) for line in _wrapped(f"[{number}] ", note, console.width)]
    if not widths:
        return "\n".join([*_blocks(titles, cells, console.width), *listed, count]) + "\n"
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, gap - 1, 0, 0), show_edge=False)
    for title, right, width in zip(titles, numeric, widths, strict=True):
        align: Literal["right", "left"] = "right" if right else "left"
        table.add_column(plain(title), justify=align, overflow="fold", width=width)
    for row in cells:
        table.add_row(*map(plain, row))
    with console.capture() as capture:
        console.print(table)
    return "\n".join([*(line.rstrip() for line in capture.get().splitlines()), *listed, count]) + "\n"


def _blocks(titles: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return each row as lines "title  value", without empty values, followed by an empty line."""
    indent = max(map(len, titles), default=0) + 2
    lines = []
    for row in cells:
        for title, cell in zip(titles, row, strict=True):
            lines += _wrapped(title.ljust(indent), cell, width) if cell else []
        lines.append("")
    return lines


def _wrapped(start: str, text: str, width: int) -> list[str]:
    """Return a text as lines after a prefix, with the following lines indented to match."""
    lines = textwrap.wrap(text, max(width - len(start), 20), break_on_hyphens=False) or [""]
    return [f"{start if number == 0 else ' ' * len(start)}{line}".rstrip() for number, line in enumerate(lines)]


def _shown(cell: str | None) -> str:
    """Return a cell for a terminal, with control characters escaped."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), cell or "")


def _widths(titles: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> tuple[int, list[int]]:
    """Return the gap between columns (2, or 1 if that avoids cutting words) and the width of each column.

    Ids and words of up to 16 characters are kept whole if they fit, and no width is returned if even shorter ones
    would be cut; the remaining space is shared by length.
    """
    from rich.cells import cell_len

    columns = [[title, *(row[index] for row in cells)] for index, title in enumerate(titles)]
    natural = [max(map(cell_len, column)) for column in columns]
    longest = [max((cell_len(word) for cell in column for word in cell.split()), default=1) for column in columns]
    whole = sum(min(one, _LONGEST_WORD) for one in longest)
    gap = 2 if whole <= width - 2 * len(titles) else 1
    room = width - gap * len(titles)
    caps = range(_LONGEST_WORD, _SHORTEST_CUT - 1, -1)
    fitting = [[min(one, cap) for one in longest] for cap in caps]
    with_ids = [
        [one if title in _COPIED else few for title, one, few in zip(titles, longest, least, strict=True)]
        for least in fitting
    ]
    least = next((one for one in [*with_ids, *fitting] if sum(one) <= room), None)
    if least is None:
        return gap, []
    left, wish = max(room - sum(least), 0), sum(natural) - sum(least)
    if wish <= left:
        return gap, [max(one, few) for one, few in zip(natural, least, strict=True)]
    return gap, [few + left * (one - few) // wish for one, few in zip(natural, least, strict=True)]


def _with_notes(names: Sequence[str], cells: list[list[str]]) -> tuple[list[list[str]], list[str]]:
    """Return the cells with each citation replaced by a note number, and the notes."""
    notes: dict[str, int] = {}
    for index in [index for index, name in enumerate(names) if is_cited(name)]:
        for row in cells:
            cited = [part for part in row[index].split("; ") if part]
            row[index] = _marks([notes.setdefault(part, len(notes) + 1) for part in cited])
    return cells, list(notes)


def _marks(numbers: Sequence[int]) -> str:
    """Return note numbers in brackets, three or more consecutive ones as ``[1–3]``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return " ".join(
        f"[{run[0]}–{run[-1]}]" if len(run) > 2 else " ".join(f"[{number}]" for number in run) for run in runs
    )

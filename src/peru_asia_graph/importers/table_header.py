"""Finds the columns of a mapping in the header of a foreign table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from peru_asia_graph.errors import suggest
from peru_asia_graph.importers.draft import Draft
from peru_asia_graph.importers.table_mapping import TableMapping
from peru_asia_graph.importers.table_rows import is_workbook
from peru_asia_graph.sources.csv_file import printable


def find_columns(path: Path, header: Sequence[str], mapping: TableMapping, draft: Draft) -> dict[str, int]:
    """Return the column index of each role; note every column of the mapping that the table does not have."""
    titles = mapping.titles
    places = {role: header.index(title) for role, title in titles.items() if header.count(title) == 1}
    near = {role: _similar(title, header) for role, title in titles.items() if role not in places}
    shown, other = _first_row(header, "" if is_workbook(path) else ";\t|,".replace(mapping.delimiter, ""))
    if not places and (other or not any(near.values())):
        message = f"no column of the mapping is in the first row ({shown})"
        draft.problems.add(
            str(path), 1, "", message, other or "correct the mapping, or delete the rows above the header"
        )
    else:
        for role, meant in near.items():
            title = titles[role]
            twice = title in header
            times = "appears twice" if twice else "is missing" if meant else f"is missing (the first row is {shown})"
            remedy = f"did you mean '{meant}'?" if meant else "correct the mapping; the header is the first row"
            remedy = "give each column its own title" if twice else remedy
            draft.problems.add(str(path), 1, title, f"the column {times}", remedy)
    draft.problems.raise_any()
    return places


def _similar(title: str, header: Sequence[str]) -> str:
    """Return the title in the header that was probably meant; empty if there is none."""
    same = [one for one in header if one.casefold() == title.casefold()]
    return next(iter(same or suggest(title, list(header))), "")


def _first_row(header: Sequence[str], delimiters: str) -> tuple[str, str]:
    """Return the beginning of the first row for messages, and the remedy if it is no header but for its delimiter.

    ``delimiters`` are those that the table might have instead.
    """
    shown = ", ".join(map(printable, header[:6]))
    if header[0].startswith("sep="):
        return shown, "delete this line, which only Excel understands"
    if len(header) > 1 or not (found := next((one for one in delimiters if one in header[0]), "")):
        return shown, ""
    dialect = json.dumps({"dialect": {"delimiter": found}})[1:-1]
    return shown, f"the cells seem to be separated by {found!r}: add {dialect} to the mapping"

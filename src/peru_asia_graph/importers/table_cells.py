"""Cells of a foreign table that have no value: placeholders, and formulas with an error or without a stored value."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from pathlib import Path
from typing import Final

from peru_asia_graph.importers.countries import alpha_2
from peru_asia_graph.importers.draft import Draft
from peru_asia_graph.importers.reading import ForeignRow
from peru_asia_graph.importers.table_mapping import NEEDED, TableMapping
from peru_asia_graph.importers.table_rows import is_workbook
from peru_asia_graph.sources.csv_file import printable

# Placeholders for missing values, without a final full stop.
_MISSING: Final = frozenset({"n/a", "n.a", "na", "nan", "null", "none", "nd", "n.d", "s/d", "-", "--", "–", "—", "?",
                             "tbd", "unknown", "desconocido"})  # fmt: skip
# Placeholders for missing names.
_NOBODY: Final = _MISSING | {"other", "others", "otro", "otros", "otras", "various", "varios"}
# The error values of formulas.
_ERRORS: Final = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!",
                            "#FIELD!", "#GETTING_DATA"})  # fmt: skip


def note_formulas(row: ForeignRow, mapping: TableMapping, draft: Draft) -> bool:
    """Note each mapped cell that has the error value of a formula, or in a workbook none; return whether there are any.

    Other checks also refuse a text that begins with "=".
    """
    begun, in_workbook = len(draft.problems.found), is_workbook(Path(row.file))
    for role, title in mapping.titles.items():
        value = row.get(role)
        if value in _ERRORS:
            message = f"'{value}' is the error of a formula, not a value"
            draft.problems.at(row, title, message, "correct the formula, or empty the cell")
        elif in_workbook and value.startswith("="):
            message = f"'{printable(value)}' is a formula without a stored value"
            draft.problems.at(row, title, message, "open and save the workbook in a spreadsheet program")
    return len(draft.problems.found) > begun


def without_placeholders(row: ForeignRow, mapping: TableMapping, draft: Draft) -> ForeignRow:
    """Return a row in which placeholders for missing values, such as "n/a", are empty; each one is counted.

    "NA" is also the code of a state.
    """
    cells = list(row.cells)
    for role, title in mapping.titles.items():
        value = row.get(role)
        if role not in NEEDED and _is_one(value, _MISSING) and not (role == "homeState" and alpha_2(value)):
            draft.lose(row, title, "a placeholder, read as not stated", value)
            cells[row.places[role]] = ""
    return replace(row, cells=cells)


def is_nobody(name: str) -> bool:
    """Return whether a name is a placeholder or a word such as "others"."""
    return _is_one(name, _NOBODY)


def _is_one(value: str, words: Set[str]) -> bool:
    return value.casefold().strip(".") in words

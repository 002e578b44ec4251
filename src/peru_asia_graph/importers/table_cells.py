"""Cells of a foreign table without a value of their own: placeholders, faulty formulas, and totals of other rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Set
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

from peru_asia_graph.importers.countries import alpha_2
from peru_asia_graph.importers.draft import Draft, DraftCell, clean
from peru_asia_graph.importers.reading import ForeignRow
from peru_asia_graph.importers.shares import read_share
from peru_asia_graph.importers.table_mapping import NEEDED, TableMapping
from peru_asia_graph.importers.table_rows import is_workbook
from peru_asia_graph.sources.csv_file import printable
from peru_asia_graph.vocabulary import fold

# Placeholders for missing values, without a final full stop.
_MISSING: Final = frozenset({"n/a", "n.a", "na", "nan", "null", "none", "nd", "n.d", "s/d", "-", "--", "–", "—", "?",
                             "tbd", "unknown", "desconocido"})  # fmt: skip
# Placeholders for missing names.
_NOBODY: Final = _MISSING | {"other", "others", "otro", "otros", "otras", "various", "varios"}
# The loss reason for a placeholder.
PLACEHOLDER: Final = "a placeholder, read as not stated"
# The error values of formulas.
_ERRORS: Final = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!",
                            "#FIELD!", "#GETTING_DATA"})  # fmt: skip

_TOTAL: Final = frozenset(map(fold, (
    "total", "totals", "subtotal", "sub-total", "grand total", "sum", "total general", "totales", "suma", "合计",
)))  # fmt: skip


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
        if role not in NEEDED and is_placeholder(value) and not (role == "homeState" and alpha_2(value)):
            draft.lose(row, title, PLACEHOLDER, value)
            cells[row.places[role]] = ""
    return replace(row, cells=cells)


def is_placeholder(value: str) -> bool:
    """Return whether a value is a placeholder for a missing one, also with a percent sign, as in "nan%"."""
    return _is_one(value.rstrip(" %"), _MISSING)


def is_nobody(name: str) -> bool:
    """Return whether a name is a placeholder or a word such as "others"."""
    return _is_one(name, _NOBODY)


def _is_one(value: str, words: Set[str]) -> bool:
    return value.casefold().strip(".") in words


class _TotalRow(NamedTuple):
    row: ForeignRow
    column: str
    name: str
    share: DraftCell
    key: Hashable
    add: Callable[[], None]


class Totals:
    """Collects the shares of each asset at a time, and the owners that may be totals of them."""

    def __init__(self) -> None:
        self._shares: dict[Hashable, list[DraftCell]] = defaultdict(list)
        self._rows: list[_TotalRow] = []

    def collect(
        self, row: ForeignRow, column: str, name: str, cells: Mapping[str, DraftCell], add: Callable[[], None]
    ) -> None:
        """Add a stake with ``add``, unless its owner may be a total: then ``resolve`` decides."""
        key, share = _key(cells), cells.get("share_percent")
        if fold(clean(name)).strip(" :.") in _TOTAL:
            self._rows.append(_TotalRow(row, column, name, share, key, add))
        else:
            self._shares[key].append(share)
            add()

    def add_unnamed(self, share: str, cells: Mapping[str, DraftCell]) -> None:
        """Add the share of "others", who are not imported."""
        self._shares[_key(cells)].append(read_share(share)[0])

    def resolve(self, draft: Draft) -> None:
        """Leave out owners named "Total" whose share is the sum of the others and cannot be held beside them."""
        for one in self._rows:
            others = self._shares[one.key]
            known = [share for share in others if isinstance(share, Decimal)]
            is_sum = bool(others) and len(known) == len(others) and one.share == sum(known)
            if others and (one.share == 100 or (is_sum and sum(known) > 50)):
                draft.lose(
                    one.row, one.column, "the total of the other owners, not an owner", f"{one.name} {one.share} %"
                )
                continue
            if is_sum:
                reason = "equals the sum of the other owners; delete the row if it is a total"
                draft.lose(one.row, one.column, reason, f"{one.name} {one.share} %")
            one.add()


def _key(cells: Mapping[str, DraftCell]) -> Hashable:
    return tuple(cells.get(name) for name in ("owned", "valid_from", "valid_until", "as_of"))

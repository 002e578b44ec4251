"""Finds merged cells in a workbook, which have a value only in their first cell."""

from __future__ import annotations

import zipfile
from functools import cached_property
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import import_extra
from peru_asia_graph.importers.table_rows import choose_sheet, is_workbook

# Merged cells are only found by reading the whole sheet into memory.
_MOST_BYTES: Final = 8 * 2**20


class MergedCells:
    """The merged cells of the sheet that ``table_rows`` reads; they are read when first asked for."""

    def __init__(self, path: Path, sheet: str) -> None:
        self.path, self.sheet = path, sheet

    def first_of(self, row: int, column: int) -> str:
        """Return the first cell, such as ``A2``, of the merged cells that a cell is part of.

        Empty if it is not merged, or the merged cells have no value.
        """
        return self._firsts.get((row, column), "")

    @cached_property
    def _firsts(self) -> dict[tuple[int, int], str]:
        if not is_workbook(self.path) or not _has_merged(self.path):
            return {}
        openpyxl = import_extra("openpyxl", "reading workbooks needs openpyxl", "import")
        sheet = choose_sheet(openpyxl.load_workbook(self.path), self.sheet)
        return {cell: str(one.start_cell.coordinate) for one in sheet.merged_cells.ranges
                if one.start_cell.value is not None for cell in one.cells}  # fmt: skip


def _has_merged(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        sheets = [one for one in archive.infolist() if one.filename.startswith("xl/worksheets/")]
        return sum(one.file_size for one in sheets) <= _MOST_BYTES and any(
            b"<mergeCell " in archive.read(one) for one in sheets
        )

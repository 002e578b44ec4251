"""Reads the rows of a CSV file or of a sheet in an Excel workbook as strings, and finds merged cells."""

from __future__ import annotations

import csv
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import repeat, zip_longest
from pathlib import Path
from typing import Any, Final

from peru_asia_graph.errors import import_extra
from peru_asia_graph.files.loss_report import LossReport
from peru_asia_graph.importers.problems import Problems
from peru_asia_graph.importers.reading import (
    MAX_LINE,
    OLD_WORKBOOK,
    ReadProgress,
    not_csv,
    old_workbook,
    read_lines,
)

MAX_UNPACKED: Final = 256 * 2**20
# The maximum in Excel.
MAX_SHEET_ROWS: Final = 2**20
# A sheet whose first rows, as many as this, are empty is considered empty.
_LOOKED_AT: Final = 100
_SHEET: Final = re.compile(r"xl/worksheets/[^/]*\.xml")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[ />]")
# Literal parts of a number format.
_NO_PART: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_WORKBOOK: Final = (".xlsx", ".xlsm")

# Merged cells are only found by reading the whole sheet into memory.
_MOST_BYTES: Final = 8 * 2**20


def is_workbook(path: Path) -> bool:
    """Return whether a file is an Excel workbook, judging by its ending."""
    return path.suffix.lower() in _WORKBOOK


def table_rows(
    path: Path,
    problems: Problems,
    delimiter: str = ",",
    sheet: str = "",
    progress: ReadProgress | None = None,
    losses: LossReport | None = None,
) -> Iterator[tuple[int, int, list[str]]]:
    """Yield the header, then each row that is not empty, with its number and the line on which it begins.

    In CSV, a row may span several lines, and its number is that shown by a spreadsheet; in a workbook both are equal.
    Other sheets count as lost. Raises BadInput for a file that cannot be read and a sheet that does not exist.
    """
    rows = (
        _sheet_rows(path, problems, sheet, LossReport() if losses is None else losses)
        if is_workbook(path)
        else _csv_rows(path, problems, delimiter, progress)
    )
    width = 0
    for number, line, row in rows:
        cells = [cell.strip() for cell in row]
        while cells and not cells[-1] and (not width or len(cells) > width):
            cells.pop()
        if not any(cells):
            continue
        if width and len(cells) > width:
            message = f"{len(cells)} cells in a row, {width} in the header"
            problems.add(str(path), line, "", message, "give every column a title")
            continue
        width = width or len(cells)
        yield number, line, cells + [""] * (width - len(cells))
    if not width:
        raise problems.stop(str(path), 1, "", "the table is empty", "name a table with a header")


def _csv_rows(
    path: Path, problems: Problems, delimiter: str, progress: ReadProgress | None
) -> Iterator[tuple[int, int, list[str]]]:
    csv.field_size_limit(MAX_LINE)
    if len(delimiter) != 1:
        raise problems.stop(
            str(path), 0, "", f"the delimiter '{delimiter[:10]}' is not one character", "correct the mapping"
        )
    reader = csv.reader(read_lines(path, problems, progress), strict=True, delimiter=delimiter)
    line = 1
    try:
        for number, row in enumerate(reader, 1):
            yield number, line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise not_csv(error, str(path), line, problems) from error


def guess_delimiter(path: Path, problems: Problems) -> str:
    """Return the most frequent of the usual delimiters in the first line of a CSV file."""
    first = next(read_lines(path, problems), "")
    return max(",;\t|", key=first.count)


def _sheet_rows(path: Path, problems: Problems, sheet: str, losses: LossReport) -> Iterator[tuple[int, int, list[str]]]:
    openpyxl = import_extra("openpyxl", "reading workbooks needs openpyxl", "import")
    name = str(path)
    has_formulas = _check_archive(path, problems)
    try:
        # openpyxl warns of parts that are not imported (such as lists of allowed values) and of cells read as errors.
        with path.open("rb") as file, path.open("rb") as again, warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="openpyxl")
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            if sheet and sheet not in book.sheetnames:
                named = ", ".join(book.sheetnames)[:200]
                raise problems.stop(name, 0, "", f"there is no sheet '{sheet[:40]}'", f"name one of {named}")
            chosen = choose_sheet(book, sheet)
            _count_other_sheets(book, chosen, name, losses)
            rows = chosen.iter_rows()
            written: Iterator[Sequence[Any]] = repeat(())
            if has_formulas:
                written = iter(openpyxl.load_workbook(again, read_only=True)[chosen.title].iter_rows())
            for number, (row, cells) in enumerate(zip(rows, written, strict=False), 1):
                if number > MAX_SHEET_ROWS:
                    raise problems.stop(
                        name, number, "", "has more rows than a sheet can have", "save it again as .xlsx, or as CSV"
                    )
                yield number, number, [_text(cell) or _formula(one) for cell, one in zip_longest(row, cells)]
    except (OSError, LookupError, ValueError, TypeError, AttributeError, SyntaxError, zipfile.BadZipFile) as error:
        message = f"the workbook cannot be read ({type(error).__name__}: {error})"
        raise problems.stop(name, 0, "", message[:200], "save it again as .xlsx, or as CSV") from error


def choose_sheet(book: Any, sheet: str) -> Any:
    """Return the sheet of an openpyxl workbook with this title, else the first that is not hidden."""
    seen = [one for one in book.worksheets if one.sheet_state == "visible"] or book.worksheets
    return book[sheet] if sheet else seen[0]


def _count_other_sheets(book: Any, chosen: Any, file: str, losses: LossReport) -> None:
    """Count sheets that are not empty and not read as lost."""
    for one in book.worksheets:
        if one is not chosen and any(map(any, one.iter_rows(max_row=_LOOKED_AT, values_only=True))):
            losses.add("sheet", one.title, "not imported; choose it with --sheet", "", file)


def _check_archive(path: Path, problems: Problems) -> bool:
    """Return whether a workbook has formulas; raise BadInput if it is not a workbook or unpacks to too much."""
    try:
        with zipfile.ZipFile(path) as archive:
            total = sum(one.file_size for one in archive.infolist())
            if total <= MAX_UNPACKED:
                sheets = [one for one in archive.namelist() if _SHEET.fullmatch(one)]
                return any(_FORMULA.search(archive.read(one)) for one in sheets)
    except OSError as error:
        raise problems.stop(str(path), 0, "", f"cannot be read ({error.strerror})", "name a readable file") from error
    except zipfile.BadZipFile as error:
        with path.open("rb") as file:
            if file.read(4) == OLD_WORKBOOK:
                raise old_workbook(str(path), problems) from error
        raise problems.stop(str(path), 0, "", "is not a workbook", "save it as .xlsx, or as CSV") from error
    message = f"unpacks to more than {MAX_UNPACKED // 2**20} MiB"
    raise problems.stop(str(path), 0, "", message, "save the sheet as CSV")


def _formula(cell: Any) -> str:
    """Return the formula of a cell whose value was never computed, so that it does not count as empty."""
    return str(getattr(cell.value, "text", cell.value)) if getattr(cell, "data_type", "") == "f" else ""


def _text(cell: Any) -> str:
    """Return a cell as text: dates in ISO format, percentages with their sign, numbers without trailing zeros."""
    value = None if cell is None else cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"[: _date_length(cell.number_format or "")]
    if isinstance(value, (int, float)):
        number = Decimal(repr(value))
        # A percent sign in quotes is a literal, so the number is not a fraction of 1.
        if "%" in _NO_PART.sub("", cell.number_format or ""):
            return f"{(number * 100).normalize():f}%"
        return f"{number.normalize():f}" if number else "0"
    return str(value)


def _date_length(form: str) -> int:
    """Return the length of the part of an ISO date that a number format shows: Excel stores "Mar-20" as 1 March.

    >>> _date_length("mmm-yy"), _date_length("yyyy"), _date_length("dd/mm/yyyy")
    (7, 4, 10)
    """
    shown = _NO_PART.sub("", form).lower()
    if "y" not in shown or "d" in shown:
        return 10
    return 7 if "m" in shown else 4


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

"""The rows of a CSV file or of a sheet of an Excel workbook, as texts."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.importers.problems import Problems
from peru_asia_graph.importers.reading import MAX_LINE, ReadProgress, read_lines

MAX_UNPACKED: Final = 256 * 2**20
# As many as Excel has.
MAX_SHEET_ROWS: Final = 2**20
_WORKBOOK: Final = (".xlsx", ".xlsm")


def is_workbook(path: Path) -> bool:
    """Return whether a file is an Excel workbook by its ending."""
    return path.suffix.lower() in _WORKBOOK


def table_rows(
    path: Path, problems: Problems, delimiter: str = ",", sheet: str = "", progress: ReadProgress | None = None
) -> Iterator[tuple[int, list[str]]]:
    """Yield the header, then each row that is not empty, with its line or the number of its row.

    Raises BadInput for a file that cannot be read and for a sheet that is not there.
    """
    rows = _sheet_rows(path, problems, sheet) if is_workbook(path) else _csv_rows(path, problems, delimiter, progress)
    width = 0
    for number, row in rows:
        cells = [cell.strip() for cell in row]
        while cells and not cells[-1] and (not width or len(cells) > width):
            cells.pop()
        if not any(cells):
            continue
        if width and len(cells) > width:
            message = f"{len(cells)} cells in a row, {width} in the header"
            problems.add(str(path), number, "", message, "give every column a title")
            continue
        width = width or len(cells)
        yield number, cells + [""] * (width - len(cells))
    if not width:
        raise problems.stop(str(path), 1, "", "the table is empty", "name a table with a header")


def _csv_rows(
    path: Path, problems: Problems, delimiter: str, progress: ReadProgress | None
) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(MAX_LINE)
    if len(delimiter) != 1:
        raise problems.stop(
            str(path), 0, "", f"the delimiter '{delimiter[:10]}' is not one character", "correct the mapping"
        )
    reader = csv.reader(read_lines(path, problems, progress), strict=True, delimiter=delimiter)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        remedy = "close the quote; write a quote inside a quoted cell twice"
        raise problems.stop(str(path), reader.line_num, "", f"cannot be read as CSV ({error})", remedy) from error


def guess_delimiter(path: Path, problems: Problems) -> str:
    """Return which of the usual delimiters the first line of a CSV file has most of."""
    first = next(read_lines(path, problems), "")
    return max(",;\t|", key=first.count)


def _sheet_rows(path: Path, problems: Problems, sheet: str) -> Iterator[tuple[int, list[str]]]:
    try:
        import openpyxl
    except ImportError as error:
        raise WrongUse("workbooks are read with openpyxl; install it: pip install 'peru-asia-graph[import]'") from error
    name = str(path)
    _check_archive(path, problems)
    try:
        with path.open("rb") as file:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            titles = book.sheetnames
            if sheet and sheet not in titles:
                raise problems.stop(name, 0, "", f"no sheet '{sheet[:40]}'", f"name one of {', '.join(titles)[:200]}")
            for number, row in enumerate(book[sheet or titles[0]].iter_rows(), 1):
                if number > MAX_SHEET_ROWS:
                    raise problems.stop(
                        name, number, "", "no sheet has so many rows", "save it again as .xlsx, or as CSV"
                    )
                yield number, [_text(cell) for cell in row]
    except (OSError, LookupError, ValueError, TypeError, AttributeError, SyntaxError, zipfile.BadZipFile) as error:
        message = f"the workbook cannot be read ({type(error).__name__}: {error})"
        raise problems.stop(name, 0, "", message[:200], "save it again as .xlsx, or as CSV") from error


def _check_archive(path: Path, problems: Problems) -> None:
    """Raise BadInput for what is no workbook, or one that unpacks to too much."""
    try:
        with zipfile.ZipFile(path) as archive:
            total = sum(one.file_size for one in archive.infolist())
    except OSError as error:
        raise problems.stop(str(path), 0, "", f"cannot be read ({error.strerror})", "name a readable file") from error
    except zipfile.BadZipFile as error:
        raise problems.stop(str(path), 0, "", "is no workbook", "save it as .xlsx, or as CSV") from error
    if total > MAX_UNPACKED:
        message = f"unpacks to more than {MAX_UNPACKED // 2**20} MiB"
        raise problems.stop(str(path), 0, "", message, "save the sheet as CSV")


def _text(cell: Any) -> str:
    """Return a cell as it is meant: dates as ISO texts, percentages with their sign, numbers as short as they are."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float)):
        number = Decimal(repr(value))
        if "%" in (cell.number_format or ""):
            return f"{(number * 100).normalize():f}%"
        return f"{number.normalize():f}" if number else "0"
    return str(value)

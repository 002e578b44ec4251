"""Reads one CSV file into numbered records and reports all problems of the file itself.

CRLF and CR line endings are accepted; a byte order mark and blank rows are skipped with a warning.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import BadInput, Problem, raise_errors

MAX_BYTES: Final = 64 * 2**20
MAX_ROWS: Final = 100_000
MAX_CELL: Final = 100_000
_CONFLICT_MARKERS: Final = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")
_OTHER_DELIMITERS: Final = {";": "semicolons", "\t": "tabs", "|": "bars"}
_LINE_END: Final = re.compile("\r\n|\r|\n")
_CSV_FAULTS: Final = {
    "unexpected end of data": "a quote in this row is never closed",
    "',' expected after '\"'": "a quoted cell in this row continues after its closing quote",
}

Record = tuple[int, list[str]]


def write_rows(columns: Collection[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return rows as a CSV file with these columns; missing cells are left empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def read_records(path: Path, file: str, inside: Path) -> tuple[list[Record], list[Problem]]:
    """Return ``(line, cells)`` for each record, header first, and the problems found.

    ``file`` is the name shown in problems. A link that leads out of the folder ``inside`` is refused. The file is read
    into memory, so more than 64 MiB, 100,000 rows or 100,000 characters in a cell are refused, too.
    """
    try:
        text = _decode(_read_bytes(path, file, inside), file)
    except BadInput as error:
        return [], error.problems
    problems = list(_check_lines(text, file))
    if any(not problem.warning for problem in problems):
        return [], problems
    records, more = _parse(text.removeprefix("\ufeff"), file)
    if not records and all(problem.warning for problem in more):
        more.append(Problem(file, 0, "", "the file has no header", "write the column names in the first row"))
    return records, problems + more


def read_valid_records(path: Path, file: str = "") -> list[Record]:
    """Return the records of a file, header first; raise BadInput with all its problems, except warnings."""
    records, problems = read_records(path, file or str(path), path.resolve().parent)
    raise_errors(problems)
    return records


def _refuse(file: str, line: int, message: str, remedy: str) -> BadInput:
    return BadInput([Problem(file, line, "", message, remedy)])


def _read_bytes(path: Path, file: str, inside: Path) -> bytes:
    try:
        if not path.exists():
            remedy = "create it with a header, or remove it from csv-metadata.json"
            raise _refuse(file, 0, "the file is missing", remedy)
        if not path.is_file():
            raise _refuse(file, 0, "this is not a file", "replace it with a CSV file")
        if not path.resolve().is_relative_to(inside.resolve()):
            message = "the file is outside the data folder (its path or a link leads there)"
            raise _refuse(file, 0, message, "copy it into the folder")
        if path.stat().st_size > MAX_BYTES:
            raise _refuse(file, 0, f"the file is over {MAX_BYTES // 2**20} MiB", "split it")
        return path.read_bytes()
    except OSError as error:
        raise _refuse(file, 0, f"the file cannot be read ({error.strerror})", "check its permissions") from error


def _decode(data: bytes, file: str) -> str:
    if not data.strip():
        raise _refuse(file, 0, "the file is empty", "write at least its header")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _refuse(file, 1, "the file is UTF-16", "save it as UTF-8")
    if (at := data.find(b"\x00")) >= 0:
        raise _refuse(
            file, _line_at(data, at), "contains a NUL byte, so this is not a text file", "save the table as UTF-8 CSV"
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        seen = data[error.start : error.end].hex()
        before = _LINE_END.split(data[max(0, error.start - 20) : error.start].decode("utf-8", "ignore"))[-1]
        after = f" after '{before}'" if before and before.isprintable() else ""
        message = f"not UTF-8 (byte 0x{seen}{after})"
        raise _refuse(file, _line_at(data, error.start), message, "save the file as UTF-8") from error


def _line_at(data: bytes, offset: int) -> int:
    return len(_LINE_END.findall(data[:offset].decode("latin-1"))) + 1


def _check_lines(text: str, file: str) -> Iterator[Problem]:
    """Yield problems of lines: a byte order mark, merge conflicts, another delimiter."""
    if text.startswith("\ufeff"):
        yield Problem(file, 1, "", "starts with a byte order mark", "it was skipped", warning=True)
    lines = _LINE_END.split(text.removeprefix("\ufeff"))
    for number, line in enumerate(lines, 1):
        if line.startswith(_CONFLICT_MARKERS):
            message = "the file contains an unresolved merge conflict"
            yield Problem(file, number, "", message, "resolve it and remove the conflict markers")
    number, first = next(((number, line) for number, line in enumerate(lines, 1) if line.strip()), (1, ""))
    if "," not in first:
        for delimiter, name in _OTHER_DELIMITERS.items():
            if delimiter in first:
                yield Problem(file, number, "", f"the header is separated by {name}", "save the file with commas")


def _parse(text: str, file: str) -> tuple[list[Record], list[Problem]]:
    csv.field_size_limit(MAX_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[Record] = []
    problems: list[Problem] = []
    start = 1
    try:
        for cells in reader:
            if not "".join(cells).strip():
                problems.append(Problem(file, start, "", "the row is blank", "it was skipped", warning=True))
            elif (long := next((index for index, cell in enumerate(cells) if len(cell) > MAX_CELL), None)) is not None:
                header = records[0][1] if records else []
                column = printable(header[long]) if long < len(header) else ""
                problems.append(Problem(file, start, column, f"a cell is over {MAX_CELL:,} characters", "shorten it"))
            elif len(records) > MAX_ROWS:
                return [], [*problems, Problem(file, start, "", f"more than {MAX_ROWS:,} rows", "split the table")]
            else:
                records.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        fault = _CSV_FAULTS.get(str(error), f"cannot be read as CSV ({error})")
        problems.append(Problem(file, start, "", fault, "close the quote; write a quote inside a quoted cell twice"))
    return records, problems


def printable(name: str) -> str:
    """Return the first 40 characters of a text with control characters escaped, for one-line messages."""
    letters = (letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in name[:40])
    return "".join(letters) or "(without a name)"

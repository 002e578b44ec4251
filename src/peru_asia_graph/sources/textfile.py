"""One CSV file: bytes in, numbered records of text out, with every problem a file or a text can have.

Accepted silently: CRLF or CR line ends. Accepted with a warning: a byte-order mark, blank rows.
Limit: files up to 64 MiB, 100,000 rows and 100,000 characters a cell, read whole.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import BadInput, Problem

MAX_BYTES: Final = 64 * 2**20
MAX_ROWS: Final = 100_000
MAX_CELL: Final = 100_000
MAX_DIGITS: Final = 15
MAX_DECIMALS: Final = 6
_MARKS: Final = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")
_OTHER_DELIMITERS: Final = {";": "semicolons", "\t": "tabs", "|": "bars"}
_LINE_END: Final = re.compile("\r\n|\r|\n")
_CSV_FAULTS: Final = {
    "unexpected end of data": "a quote is opened in this row and never closed",
    "',' expected after '\"'": "a quoted cell of this row goes on after its closing quote",
}

# Letters that look like nothing, though Unicode counts them as letters or symbols.
_BLANKS: Final = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_CONTROLS: Final = {"\n": "a line break", "\r": "a line break", "\t": "a tab"}
_MARKUP: Final = re.compile("<[A-Za-z/!?]|<.*>")
_ESCAPE: Final = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2})")
# A sign may begin a number with its unit ("-1.8 % a year") or a remark ("- see above"), nothing else.
_FORMULA: Final = re.compile(r"[=@]|[+-](?!\s|$|[0-9.,]+ ?%?(?: [\w ]+)?$)")

_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_THOUSANDS: Final = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{2}0")

Record = tuple[int, list[str]]


def read_records(path: Path, file: str, inside: Path) -> tuple[list[Record], list[Problem]]:
    """Return ``(line, cells)`` for each record, header first, and the problems met.

    ``file`` is the name shown in problems; a link that leads out of the folder ``inside`` is refused.
    """
    try:
        text = _decode(_read_bytes(path, file, inside), file)
    except BadInput as error:
        return [], error.problems
    problems = list(_look(text, file))
    if any(not problem.warning for problem in problems):
        return [], problems
    records, more = _split(text.removeprefix("\ufeff"), file)
    if not records and all(problem.warning for problem in more):
        more.append(Problem(file, 0, "", "the file has no header", "write the names of the columns in its first row"))
    return records, problems + more


def _refuse(file: str, line: int, message: str, remedy: str) -> BadInput:
    return BadInput([Problem(file, line, "", message, remedy)])


def _read_bytes(path: Path, file: str, inside: Path) -> bytes:
    try:
        if not path.exists():
            remedy = "create it with its header, or take it out of csv-metadata.json"
            raise _refuse(file, 0, "the file is missing", remedy)
        if not path.is_file():
            raise _refuse(file, 0, "this is not a file", "put a CSV file in its place")
        if not path.resolve().is_relative_to(inside.resolve()):
            message = "the file lies outside the data folder (a link or its path leads there)"
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
        raise _refuse(file, _line_at(data, at), "a NUL byte, so this is no text file", "save the table as UTF-8 CSV")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        seen = data[error.start : error.end].hex()
        before = _LINE_END.split(data[max(0, error.start - 20) : error.start].decode("utf-8", "ignore"))[-1]
        after = f" after '{before}'" if before and before.isprintable() else ""
        message = f"not UTF-8 (byte 0x{seen}{after})"
        raise _refuse(file, _line_at(data, error.start), message, "save the file as UTF-8") from error


def _line_at(data: bytes, at: int) -> int:
    return len(_LINE_END.findall(data[:at].decode("latin-1"))) + 1


def _look(text: str, file: str) -> Iterator[Problem]:
    if text.startswith("\ufeff"):
        yield Problem(file, 1, "", "starts with a byte-order mark", "it was skipped", warning=True)
    lines = _LINE_END.split(text.removeprefix("\ufeff"))
    for number, line in enumerate(lines, 1):
        if line.startswith(_MARKS):
            yield Problem(file, number, "", "a merge conflict is left in the file", "settle it and remove the marks")
    number, first = next(((number, line) for number, line in enumerate(lines, 1) if line.strip()), (1, ""))
    if "," not in first:
        for mark, name in _OTHER_DELIMITERS.items():
            if mark in first:
                yield Problem(file, number, "", f"the header is separated by {name}", "save the file with commas")


def _split(text: str, file: str) -> tuple[list[Record], list[Problem]]:
    csv.field_size_limit(MAX_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[Record] = []
    problems: list[Problem] = []
    start = 1
    try:
        for cells in reader:
            if not any(cells):
                problems.append(Problem(file, start, "", "the row is blank", "it was skipped", warning=True))
            elif (long := next((index for index, cell in enumerate(cells) if len(cell) > MAX_CELL), None)) is not None:
                header = records[0][1] if records else []
                column = shown(header[long]) if long < len(header) else ""
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


def check_text(text: str) -> None:
    """Raise ValueError when a cell holds text no honest cell holds: markup, formulas, invisible characters."""
    if not (text.isascii() and text.isprintable()):
        for character in text:
            _check_character(character)
    if text != text.strip():
        raise ValueError("starts or ends with a space; delete it")
    if not unicodedata.is_normalized("NFC", text):
        raise ValueError("is not in Unicode normal form NFC; save the text as NFC")
    if _MARKUP.search(text):
        raise ValueError("holds markup in angle brackets; write plain text")
    if match := _ESCAPE.search(text):
        raise ValueError(f"holds the escape '{match[0]}'; write the character itself")
    if _FORMULA.match(text):
        raise ValueError(f"starts with '{text[0]}', which a spreadsheet runs; start with a letter or digit")


def _check_character(character: str) -> None:
    kind, code = unicodedata.category(character), f"U+{ord(character):04X}"
    named = f"{code} {name}" if (name := unicodedata.name(character, "")) else code
    if character in _CONTROLS:
        raise ValueError(f"holds {_CONTROLS[character]}; write the cell on one line, with spaces")
    if kind in _UNSEEN or character in _BLANKS or "\ufe00" <= character <= "\ufe0f":
        raise ValueError(f"holds the invisible character {named}; delete it")
    if kind == "Zs" and character != " ":
        raise ValueError(f"holds the special space {named}; delete it or type a plain space")
    if character == "\ufffd":
        raise ValueError(f"holds {named}, the mark of a lost letter; type the letter again")


def check_number(text: str, may_have_decimals: bool) -> None:
    """Raise ValueError when a number is not written plainly, can be read in two ways, or is too long for a store."""
    if not _NUMBER.fullmatch(text) or ("." in text and not may_have_decimals):
        how = "digits and a decimal point only, as 12.5 or 1000" if may_have_decimals else "digits only, as 12"
        raise ValueError(f"'{text[:40]}' is not a number; write {how}")
    if text.startswith("-") and not text.strip("-0."):
        raise ValueError(f"'{text[:40]}' is a zero with a sign; write 0")
    whole, _, decimals = text.removeprefix("-").partition(".")
    if len(whole) > MAX_DIGITS:
        raise ValueError(f"'{text[:40]}' has more than {MAX_DIGITS} digits; check it")
    if len(decimals) > MAX_DECIMALS:
        raise ValueError(f"'{text[:40]}' has more than {MAX_DECIMALS} decimals; round it as the source does")
    if _THOUSANDS.fullmatch(text):
        small, large = text.rstrip("0").rstrip("."), text.replace(".", "")
        raise ValueError(f"'{text}' may be {small} or, with a mark of thousands, {large}; write {small} or {large}")


def is_address(text: str) -> bool:
    """Return whether this is a web address every reader of RDF takes."""
    from pyoxigraph import NamedNode

    try:
        NamedNode(text)
    except ValueError:
        return False
    return re.match("https?://[^/?#]", text) is not None


def shown(name: str) -> str:
    """Return the beginning of a text as it can be printed on one line."""
    letters = (letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in name[:40])
    return "".join(letters) or "(without a name)"

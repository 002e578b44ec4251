"""Reads foreign files in chunks: unpacks gzip and zip, checks UTF-8, and limits the size of lines and archives."""

from __future__ import annotations

import codecs
import csv
import gzip
import lzma
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

from peru_asia_graph.errors import BadInput
from peru_asia_graph.importers.problems import ForeignPlace, Problems
from peru_asia_graph.sources.csv_file import printable

# Called with the name of a file, the number of bytes read from disk, and its size.
ReadProgress = Callable[[str, int, int], None]
# Larger chunks are slower, because they do not fit in the processor's cache.
_PIECE: Final = 2**17
MAX_LINE: Final = 16 * 2**20
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
# A higher compression ratio suggests a zip bomb: GLEIF and Comtrade files compress 10 to 40 times.
MAX_RATIO: Final = 200
_FREE: Final = 64 * 2**20
# A line with its line ending, if any, including the CR of old Macintosh files.
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
# A zip archive, and an empty one.
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
# bzip2, xz, Zstandard, 7-Zip, RAR
_PACKED: Final = (b"BZh", b"\xfd7zX", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"Rar!")
# An Excel workbook before 2007, or an encrypted one.
OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
_WORKBOOK: Final = "xl/workbook.xml"
_ARCHIVE_FAULTS: Final = (
    gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError
)  # fmt: skip


@dataclass(frozen=True)
class ForeignRow(ForeignPlace):
    """A row of a CSV file: its position, the indices of the columns, the cells, and the kind of row in loss reports."""

    places: Mapping[str, int]
    cells: Sequence[str]
    kind: str = "row"

    def get(self, column: str) -> str:
        """Return a cell without surrounding spaces; empty for a column that the file does not have."""
        place = self.places.get(column)
        return "" if place is None else self.cells[place].strip()


@contextmanager
def open_file(path: Path, problems: Problems) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Open a plain file, a gzip file, or a zip archive of one file; yield its content and the file on disk.

    Raises BadInput if it cannot be read or is another kind of archive.
    """
    name = str(path)
    if path.exists() and not path.is_file():
        raise problems.stop(name, 0, "", "is not a file", "name a file; pipes and folders are not read")
    try:
        with path.open("rb") as raw:
            start = raw.read(4)
            raw.seek(0)
            if start.startswith(b"\x1f\x8b"):
                with gzip.open(raw) as content:
                    yield cast(BinaryIO, content), raw
            elif start.startswith(_PACKED):
                raise problems.stop(name, 0, "", "uses an unsupported compression", "unpack it, or compress it as .gz")
            elif start == OLD_WORKBOOK:
                raise old_workbook(name, problems)
            elif start.startswith(_ZIP):
                with zipfile.ZipFile(raw) as archive, archive.open(_only_member(archive, name, problems)) as content:
                    yield cast(BinaryIO, content), raw
            else:
                yield raw, raw
    except _ARCHIVE_FAULTS as error:
        raise problems.stop(name, 0, "", f"the archive is damaged ({error})", "download the file again") from error
    except OSError as error:
        remedy = "name a readable file"
        raise problems.stop(name, 0, "", f"cannot be read ({error.strerror or error})", remedy) from error


def _only_member(archive: zipfile.ZipFile, name: str, problems: Problems) -> zipfile.ZipInfo:
    if _WORKBOOK in archive.namelist():
        raise problems.stop(name, 0, "", "is an Excel workbook", "rename it to end in .xlsx, or save it as CSV")
    if "content.xml" in archive.namelist():
        raise problems.stop(name, 0, "", "is an OpenDocument file", "save it as .xlsx, or as CSV")
    # macOS adds a metadata file for each file.
    members = [one for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX/")]
    if len(members) != 1:
        remedy = "unpack it and name the file to read"
        raise problems.stop(name, 0, "", f"the archive contains {len(members)} files, not one", remedy)
    if members[0].flag_bits & 1:
        raise problems.stop(name, 0, "", "the archive is encrypted", "unpack it first")
    return members[0]


def old_workbook(name: str, problems: Problems) -> BadInput:
    """Return the error for a workbook in the format before 2007, or an encrypted one."""
    message = "is an old or encrypted Office file, such as .xls"
    return problems.stop(name, 0, "", message, "save it as .xlsx without a password, or as CSV")


def read_pieces(path: Path, problems: Problems, progress: ReadProgress | None = None) -> Generator[bytes, None, None]:
    """Yield the content of a file in chunks; raise BadInput for UTF-16, and if it unpacks to far too much."""
    name, size, total = str(path), path.stat().st_size if path.is_file() else 0, 0
    with open_file(path, problems) as (content, raw):
        while piece := content.read(_PIECE):
            if not total and piece[:2] in _UTF_16:
                raise problems.stop(name, 1, "", "the file is UTF-16", "save it as UTF-8")
            total += len(piece)
            if total > _FREE and total > MAX_RATIO * max(size, 1):
                message = f"unpacks to more than {MAX_RATIO} times its size"
                raise problems.stop(name, 0, "", message, "this is not a data file; download it again")
            if progress is not None:
                progress(name, min(raw.tell(), size), size)
            yield piece


def read_blocks(
    path: Path, problems: Problems, progress: ReadProgress | None = None
) -> Iterator[tuple[int, int, bytes]]:
    """Yield blocks of whole lines, as the number of the first line, the count of lines, and the text.

    The last line of a block has no line ending.
    """
    name, rest, number = str(path), b"", 1
    for piece in read_pieces(path, problems, progress):
        end = piece.rfind(b"\n")
        if end >= 0:
            # A single copy, because copying takes much of the reading time.
            block, rest = b"".join((rest, memoryview(piece)[:end])), piece[end + 1 :]
            lines = block.count(b"\n") + 1
            yield number, lines, block
            number += lines
        else:
            rest += piece
        if len(rest) > MAX_LINE:
            message = f"a line is over {MAX_LINE // 2**20} MiB"
            raise problems.stop(name, number, "", message, "write one record per line")
    if rest:
        yield number, 1, rest


def read_lines(path: Path, problems: Problems, progress: ReadProgress | None = None) -> Iterator[str]:
    """Yield lines of UTF-8 text with their line endings; raise BadInput with the line for other bytes and for NUL."""
    name, decoder = str(path), codecs.getincrementaldecoder("utf-8-sig")()
    rest, number = "", 1
    for piece in read_pieces(path, problems, progress):
        try:
            text = decoder.decode(piece)
        except UnicodeDecodeError as error:
            line = number + piece.count(b"\n", 0, error.start)
            raise problems.stop(name, line, "", f"not UTF-8 ({error.reason})", "save the file as UTF-8") from error
        if "\0" in text:
            line = number + text.count("\n", 0, text.index("\0"))
            raise holds_nul(path, line, problems)
        lines = _split(rest + text)
        rest = lines.pop() if lines and not lines[-1].endswith("\n") else ""
        if len(rest) > MAX_LINE:
            message = f"a line is over {MAX_LINE // 2**20} MiB"
            raise problems.stop(name, number + len(lines), "", message, "write one record per line")
        number += len(lines)
        yield from lines
    if rest:
        yield rest


def holds_nul(path: Path, line: int, problems: Problems) -> BadInput:
    """Return the error for a file with a NUL byte in a line."""
    return problems.stop(str(path), line, "", "contains a NUL byte, so this is not text", "save the file as UTF-8 text")


def _split(text: str) -> list[str]:
    if text.count("\r") != text.count("\r\n"):
        return _LINE.findall(text)
    *lines, last = text.split("\n")
    return [line + "\n" for line in lines] + ([last] if last else [])


def read_rows(
    path: Path,
    needed: Sequence[str],
    problems: Problems,
    progress: ReadProgress | None = None,
    may_matter: Callable[[str], bool] | None = None,
) -> Iterator[tuple[int, list[str]]]:
    """Yield the header (line 0), then each row of a CSV file with the line on which it begins.

    Single-line rows for which ``may_matter`` returns False may be skipped, which is faster. Raises BadInput if a needed
    column is missing or a column appears twice, and notes rows whose length differs from the header's, except for empty
    cells after the last column.
    """
    name = str(path)
    csv.field_size_limit(MAX_LINE)
    lines = _CsvLines(read_lines(path, problems, progress), may_matter)
    reader = csv.reader(lines, strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        _check_header(name, header, needed, problems)
        yield 0, header
        width = len(header)
        lines.width, lines.within = width, False
        for row in reader:
            lines.within = False
            # UN Comtrade ends its rows, but not its header, with a comma.
            if len(row) == width or (len(row) > width and not any(row[width:])):
                yield lines.begin, row[:width]
            elif row:
                message = f"{len(row)} cells in a row, {width} in the header"
                problems.add(name, lines.begin, "", message, "quote cells that contain commas or line breaks")
    except csv.Error as error:
        raise not_csv(error, name, lines.begin, problems) from error


def not_csv(error: csv.Error, name: str, line: int, problems: Problems) -> BadInput:
    """Return the error for a row that is not valid CSV, with the line on which it begins."""
    remedy = "close the quote; write a quote inside a quoted cell twice"
    return problems.stop(name, line, "", f"the row that begins here cannot be read as CSV ({error})", remedy)


class _CsvLines:
    """The lines of a file for ``csv.reader``, without well-formed single-line rows that do not matter.

    ``number`` is the number of the last line read, ``begin`` that of the first line of its row; ``within`` is True
    while the reader is inside a row.
    """

    def __init__(self, lines: Iterator[str], may_matter: Callable[[str], bool] | None) -> None:
        self.lines, self.may_matter = lines, may_matter
        self.number = self.begin = self.width = 0
        self.within = False

    def __iter__(self) -> Iterator[str]:
        may_matter = self.may_matter
        for line in self.lines:
            self.number += 1
            if self.within or may_matter is None or not self.width or may_matter(line) or not self._is_row(line):
                if not self.within:
                    self.within, self.begin = True, self.number
                yield line

    def _is_row(self, line: str) -> bool:
        """Return whether a line is one row: either no cell is quoted, or all are and none contains a quote."""
        if line[0] != '"':
            return line.count(",") == self.width - 1 and '"' not in line
        return (
            line.count('"') == 2 * self.width
            and line.count('","') == self.width - 1
            and line.rstrip("\r\n").endswith('"')
            and '"""' not in line
        )


def _check_header(name: str, header: Sequence[str], needed: Sequence[str], problems: Problems) -> None:
    if not any(header):
        raise problems.stop(name, 1, "", "the file is empty", "name a file with a header")
    if header[0].startswith("<"):
        raise problems.stop(name, 1, "", "is XML or HTML, not CSV", "download the data as CSV")
    for column in needed:
        if column not in header:
            there = ", ".join(map(printable, header[:6]))
            message = f"the column is missing (the header begins {there})"
            problems.add(name, 1, column, message, "name a file of this format")
    for column, times in Counter(filter(None, header)).items():
        if times > 1:
            problems.add(name, 1, column, f"the column appears {times} times", "keep one of them")
    problems.raise_any()

"""CSV files: what is read, what is refused, and which line each problem refers to."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from peru_asia_graph.errors import Problem
from peru_asia_graph.sources import csv_file
from peru_asia_graph.sources.csv_file import Record, printable, read_records

CONFLICT = "t.csv:2: the file contains an unresolved merge conflict; resolve it and remove the conflict markers"


def read(folder: Path, data: bytes) -> tuple[list[Record], list[Problem]]:
    """Write the bytes to a file in this folder and read it."""
    path = folder / "t.csv"
    path.write_bytes(data)
    return read_records(path, "t.csv", folder)


def messages(problems: list[Problem]) -> list[str]:
    """Return the problems as the user sees them."""
    return [str(problem) for problem in problems]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_line_endings_make_no_difference(tmp_path: Path, end: str, last: bool) -> None:
    text = end.join(["a,b", "1,é", '"x, y",2']) + (end if last else "")
    assert read(tmp_path, text.encode()) == ([(1, ["a", "b"]), (2, ["1", "é"]), (3, ["x, y", "2"])], [])


def test_line_numbers_match_those_of_an_editor(tmp_path: Path) -> None:
    records, problems = read(tmp_path, b'a,b\n\n"1\n2",3\n,\n4,5\n  \n')
    assert [line for line, _ in records] == [1, 3, 6]
    assert messages(problems) == [f"t.csv:{line}: warning: the row is blank; it was skipped" for line in (2, 5, 7)]


def test_other_line_separators_do_not_end_a_line(tmp_path: Path) -> None:
    records, _ = read(tmp_path, "a,b\n1\x0b\x0c\x85\u2028,2\n3,4\n".encode())
    assert [line for line, _ in records] == [1, 2, 3]


def test_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    records, problems = read(tmp_path, b"\xef\xbb\xbfa,b\n")
    assert records == [(1, ["a", "b"])]
    assert messages(problems) == ["t.csv:1: warning: starts with a byte order mark; it was skipped"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "t.csv: the file is empty; write at least its header"),
        (b" \n\r\n", "t.csv: the file is empty; write at least its header"),
        (b"\xef\xbb\xbf", "t.csv: the file has no header; write the column names in the first row"),
        (b",,\n", "t.csv: the file has no header; write the column names in the first row"),
        (b"\xff\xfea\x00", "t.csv:1: the file is UTF-16; save it as UTF-8"),
        (b"a\r\nb\r\x00", "t.csv:3: contains a NUL byte, so this is not a text file; save the table as UTF-8 CSV"),
        (b"a\nPer\xfa", "t.csv:2: not UTF-8 (byte 0xfa after 'Per'); save the file as UTF-8"),
        (b"a\n\xe9", "t.csv:2: not UTF-8 (byte 0xe9); save the file as UTF-8"),
        (b"\na;b\n", "t.csv:2: the header is separated by semicolons; save the file with commas"),
        (b"a\tb\n", "t.csv:1: the header is separated by tabs; save the file with commas"),
        (b"a|b\n", "t.csv:1: the header is separated by bars; save the file with commas"),
        (b"a,b\n<<<<<<< x\n", CONFLICT),
        (b"a,b\n||||||| x\n", CONFLICT),
        (
            b'a,b\n1,2\n3,"4\n5,6\n',
            "t.csv:3: a quote in this row is never closed; close the quote; write a quote inside a quoted cell twice",
        ),
        (
            b'a,b\n"1"x,2\n',
            "t.csv:2: a quoted cell in this row continues after its closing quote; close the quote; "
            "write a quote inside a quoted cell twice",
        ),
    ],
)
def test_malformed_files_are_reported(tmp_path: Path, data: bytes, message: str) -> None:
    _, problems = read(tmp_path, data)
    assert [str(problem) for problem in problems if not problem.warning] == [message]


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "MAX_ROWS", 3)
    assert len(read(tmp_path, b"a,b\n" + b"1,2\n" * 3)[0]) == 4
    assert messages(read(tmp_path, b"a,b\n" + b"1,2\n" * 5)[1]) == ["t.csv:5: more than 3 rows; split the table"]
    monkeypatch.setattr(csv_file, "MAX_CELL", 3)
    records, problems = read(tmp_path, b"a,b\n1,2345\n1,234\n1,2,3456\n")
    assert [line for line, _ in records] == [1, 3]
    assert messages(problems) == [
        "t.csv:2: column 'b': a cell is over 3 characters; shorten it",
        "t.csv:4: a cell is over 3 characters; shorten it",
    ]
    monkeypatch.setattr(csv_file, "MAX_BYTES", 2**20)
    assert messages(read(tmp_path, b"a," * 2**20)[1]) == ["t.csv: the file is over 1 MiB; split it"]


def test_files_outside_the_folder_and_special_files(tmp_path: Path) -> None:
    inside = tmp_path / "data"
    (inside / "sub").mkdir(parents=True)
    (tmp_path / "out.csv").write_bytes(b"a,b\n")
    (inside / "out.csv").symlink_to(tmp_path / "out.csv")
    (inside / "in.csv").symlink_to(inside / "real.csv")
    (inside / "real.csv").write_bytes(b"a,b\n")
    (inside / "loop.csv").symlink_to(inside / "loop.csv")
    os.mkfifo(inside / "pipe.csv")
    faults = {
        "none.csv": "the file is missing; create it with a header, or remove it from csv-metadata.json",
        "sub": "this is not a file; replace it with a CSV file",
        "pipe.csv": "this is not a file; replace it with a CSV file",
        "out.csv": "the file is outside the data folder (its path or a link leads there); copy it into the folder",
        "../out.csv": "the file is outside the data folder (its path or a link leads there); copy it into the folder",
        "loop.csv": "the file is missing; create it with a header, or remove it from csv-metadata.json",
        "x" * 300: "the file cannot be read (File name too long); check its permissions",
    }
    for name, message in faults.items():
        assert messages(read_records(inside / name, "t.csv", inside)[1]) == [f"t.csv: {message}"]
    assert read_records(inside / "in.csv", "t.csv", inside) == ([(1, ["a", "b"])], [])


plain = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n"), min_size=1, max_size=8)


@given(st.lists(st.lists(plain, min_size=2, max_size=3), min_size=1, max_size=5))
def test_what_a_writer_writes_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    assume(not rows[0][0].startswith("\ufeff"))
    assume(not any(row[0].startswith(("<" * 7, "=" * 7, ">" * 7, "|" * 7)) for row in rows))
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    assert read(tmp_path_factory.getbasetemp(), out.getvalue().encode()) == (list(enumerate(rows, 1)), [])


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    records, problems = read(tmp_path_factory.getbasetemp(), data)
    assert records or any(not problem.warning for problem in problems)
    assert all(problem.remedy for problem in problems)


def test_control_characters_are_escaped_in_messages() -> None:
    assert [printable(name) for name in ("Perú", "a\nb", "", "x" * 99)] == [
        "Perú",
        "a\\u000ab",
        "(without a name)",
        "x" * 40,
    ]

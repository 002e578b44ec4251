"""Text files: what is read, what is refused, and where each fault is said to be."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from peru_asia_graph.errors import Problem
from peru_asia_graph.sources import textfile
from peru_asia_graph.sources.textfile import Record, check_number, check_text, is_address, read_records, shown


def read(folder: Path, data: bytes) -> tuple[list[Record], list[Problem]]:
    """Read bytes as a file of this folder."""
    path = folder / "t.csv"
    path.write_bytes(data)
    return read_records(path, "t.csv", folder)


def told(problems: list[Problem]) -> list[str]:
    """Return the problems as they are shown."""
    return [str(problem) for problem in problems]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_make_no_difference(tmp_path: Path, end: str, last: bool) -> None:
    text = end.join(["a,b", "1,é", '"x, y",2']) + (end if last else "")
    assert read(tmp_path, text.encode()) == ([(1, ["a", "b"]), (2, ["1", "é"]), (3, ["x, y", "2"])], [])


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    records, problems = read(tmp_path, b'a,b\n\n"1\n2",3\n,\n4,5\n')
    assert [line for line, _ in records] == [1, 3, 6]
    assert told(problems) == [f"t.csv:{line}: warning: the row is blank; it was skipped" for line in (2, 5)]


def test_separators_of_other_systems_do_not_end_a_line(tmp_path: Path) -> None:
    records, _ = read(tmp_path, "a,b\n1\x0b\x0c\x85\u2028,2\n3,4\n".encode())
    assert [line for line, _ in records] == [1, 2, 3]


def test_a_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    records, problems = read(tmp_path, b"\xef\xbb\xbfa,b\n")
    assert records == [(1, ["a", "b"])]
    assert told(problems) == ["t.csv:1: warning: starts with a byte-order mark; it was skipped"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "t.csv: the file is empty; write at least its header"),
        (b" \n\r\n", "t.csv: the file is empty; write at least its header"),
        (b"\xef\xbb\xbf", "t.csv: the file has no header; write the names of the columns in its first row"),
        (b",,\n", "t.csv: the file has no header; write the names of the columns in its first row"),
        (b"\xff\xfea\x00", "t.csv:1: the file is UTF-16; save it as UTF-8"),
        (b"a\r\nb\r\x00", "t.csv:3: a NUL byte, so this is no text file; save the table as UTF-8 CSV"),
        (b"a\nPer\xfa", "t.csv:2: not UTF-8 (byte 0xfa after 'Per'); save the file as UTF-8"),
        (b"a\n\xe9", "t.csv:2: not UTF-8 (byte 0xe9); save the file as UTF-8"),
        (b"\na;b\n", "t.csv:2: the header is separated by semicolons; save the file with commas"),
        (b"a\tb\n", "t.csv:1: the header is separated by tabs; save the file with commas"),
        (b"a|b\n", "t.csv:1: the header is separated by bars; save the file with commas"),
        (b"a,b\n<<<<<<< x\n", "t.csv:2: a merge conflict is left in the file; settle it and remove the marks"),
        (b"a,b\n||||||| x\n", "t.csv:2: a merge conflict is left in the file; settle it and remove the marks"),
        (
            b'a,b\n1,2\n3,"4\n5,6\n',
            "t.csv:3: a quote is opened in this row and never closed; close the quote; "
            "write a quote inside a quoted cell twice",
        ),
        (
            b'a,b\n"1"x,2\n',
            "t.csv:2: a quoted cell of this row goes on after its closing quote; close the quote; "
            "write a quote inside a quoted cell twice",
        ),
    ],
)
def test_faults_of_a_file(tmp_path: Path, data: bytes, message: str) -> None:
    _, problems = read(tmp_path, data)
    assert [str(problem) for problem in problems if not problem.warning] == [message]


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textfile, "MAX_ROWS", 3)
    assert len(read(tmp_path, b"a,b\n" + b"1,2\n" * 3)[0]) == 4
    assert told(read(tmp_path, b"a,b\n" + b"1,2\n" * 5)[1]) == ["t.csv:5: more than 3 rows; split the table"]
    monkeypatch.setattr(textfile, "MAX_CELL", 3)
    records, problems = read(tmp_path, b"a,b\n1,2345\n1,234\n1,2,3456\n")
    assert [line for line, _ in records] == [1, 3]
    assert told(problems) == [
        "t.csv:2: column 'b': a cell is over 3 characters; shorten it",
        "t.csv:4: a cell is over 3 characters; shorten it",
    ]
    monkeypatch.setattr(textfile, "MAX_BYTES", 2**20)
    assert told(read(tmp_path, b"a," * 2**20)[1]) == ["t.csv: the file is over 1 MiB; split it"]


def test_what_is_no_file_of_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "data"
    (inside / "sub").mkdir(parents=True)
    (tmp_path / "out.csv").write_bytes(b"a,b\n")
    (inside / "out.csv").symlink_to(tmp_path / "out.csv")
    (inside / "in.csv").symlink_to(inside / "real.csv")
    (inside / "real.csv").write_bytes(b"a,b\n")
    (inside / "loop.csv").symlink_to(inside / "loop.csv")
    os.mkfifo(inside / "pipe.csv")
    faults = {
        "none.csv": "the file is missing; create it with its header, or take it out of csv-metadata.json",
        "sub": "this is not a file; put a CSV file in its place",
        "pipe.csv": "this is not a file; put a CSV file in its place",
        "out.csv": "the file lies outside the data folder (a link or its path leads there); copy it into the folder",
        "../out.csv": "the file lies outside the data folder (a link or its path leads there); copy it into the folder",
        "loop.csv": "the file is missing; create it with its header, or take it out of csv-metadata.json",
        "x" * 300: "the file cannot be read (File name too long); check its permissions",
    }
    for name, message in faults.items():
        assert told(read_records(inside / name, "t.csv", inside)[1]) == [f"t.csv: {message}"]
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


HONEST: Final = [
    "",
    "plain",
    "Araña",
    "株式会社",
    "🙂",
    "“said”",
    "50–60",
    "Nº 5",
    "≥ 5",
    "p < 0.05",
    "a > b",
    "a = b",
    "x@y.org",
]
HONEST_WITH_SIGN: Final = ["-1.8", "-1.8 %", "+5", "-1,200", "-1.8 % a year", "- see above", "-", "C:\\mine"]


@pytest.mark.parametrize("text", HONEST + HONEST_WITH_SIGN)
def test_honest_texts(text: str) -> None:
    check_text(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (" a", "starts or ends with a space; delete it"),
        ("a\u00a0b", "holds the special space U+00A0 NO-BREAK SPACE; delete it or type a plain space"),
        ("\u3000a", "holds the special space U+3000 IDEOGRAPHIC SPACE"),
        ("a\nb", "holds a line break; write the cell on one line, with spaces"),
        ("a\tb", "holds a tab"),
        ("a\x07", "holds the invisible character U+0007; delete it"),
        ("a\u200db", "holds the invisible character U+200D ZERO WIDTH JOINER"),
        ("a\u202eb", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("a\u2028b", "U+2028 LINE SEPARATOR"),
        ("a\ue000", "U+E000"),
        ("a\ufdd0", "U+FDD0"),
        ("a\ufe0f", "U+FE0F VARIATION SELECTOR-16"),
        ("a\u3164b", "U+3164 HANGUL FILLER"),
        ("a\ud800b", "U+D800"),
        ("Per\ufffd", "holds U+FFFD REPLACEMENT CHARACTER, the mark of a lost letter; type the letter again"),
        ("Peru\u0301", "is not in Unicode normal form NFC; save the text as NFC"),
        ("<b>", "holds markup in angle brackets; write plain text"),
        ("a <script", "holds markup"),
        ("</a", "holds markup"),
        ("<!--", "holds markup"),
        ("<1>", "holds markup"),
        ("Per\\u00fa", "holds the escape '\\u00fa'; write the character itself"),
        ("\\xe9", "holds the escape '\\xe9'"),
        ("=1", "starts with '=', which a spreadsheet runs; start with a letter or digit"),
        ("= 1", "starts with '='"),
        ("@a", "starts with '@'"),
        ("+a", "starts with '+'"),
        ("-1+2", "starts with '-'"),
        ("-cmd", "starts with '-'"),
    ],
)
def test_texts_no_cell_may_hold(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        check_text(text)
    assert message in str(caught.value)
    assert str(caught.value).isprintable()


@given(st.text(max_size=30))
def test_any_text_is_printable_or_refused(text: str) -> None:
    try:
        check_text(text)
    except ValueError as error:
        assert str(error).isprintable() and "; " in str(error)
    else:
        assert text.isprintable() and text == text.strip()


@pytest.mark.parametrize("text", ["0", "7", "100", "12.5", "33.333333", "-1.8", "0.0", "552.0", "2417569333", "9" * 15])
def test_numbers(text: str) -> None:
    check_number(text, True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("12,5", "'12,5' is not a number; write digits and a decimal point only, as 12.5 or 1000"),
        *(
            (text, "is not a number")
            for text in ("12.5%", "1e2", "NaN", "INF", "1_0", "１２", "+1", ".5", "5.", "1 000", "007", "--1")
        ),
        ("-0", "'-0' is a zero with a sign; write 0"),
        ("-0.00", "is a zero with a sign"),
        ("1" * 16, "has more than 15 digits; check it"),
        ("9" * 5000, "has more than 15 digits"),
        ("0.0000001", "has more than 6 decimals; round it as the source does"),
        ("1.000", "'1.000' may be 1 or, with a mark of thousands, 1000; write 1 or 1000"),
        ("12.350", "may be 12.35 or, with a mark of thousands, 12350; write 12.35 or 12350"),
    ],
)
def test_numbers_nobody_may_write(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        check_number(text, True)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("https://example.org", True),
        ("http://example.org/Perú?a=b#c", True),
        ("https://example.org/Per%C3%BA", True),
        ("https://", False),
        ("https:///x", False),
        ("https://example.org/%zz", False),
        ("https://example.org/a b", False),
        ("https://[", False),
        ("ftp://example.org", False),
        ("javascript:alert(1)", False),
        ("example.org", False),
        ("", False),
    ],
)
def test_addresses(text: str, good: bool) -> None:
    assert is_address(text) is good


def test_names_are_shown_on_one_line() -> None:
    assert [shown(name) for name in ("Perú", "a\nb", "", "x" * 99)] == [
        "Perú",
        "a\\u000ab",
        "(without a name)",
        "x" * 40,
    ]


def test_whole_numbers_have_no_point() -> None:
    check_number("12", False)
    with pytest.raises(ValueError, match=r"'12\.0' is not a number; write digits only, as 12"):
        check_number("12.0", False)

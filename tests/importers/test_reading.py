"""Reading large files in blocks gives the same rows, records and errors as reading them one by one."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importers import import_bytes
from importers.bods_examples import entity, lines
from peru_asia_graph.errors import BadInput
from peru_asia_graph.importers.json_reading import decode_records, read_records
from peru_asia_graph.importers.problems import Problems
from peru_asia_graph.importers.reading import MAX_LINE, read_lines, read_rows

CELLS = st.text(st.sampled_from('PE",\n\r x\u2028\x0b'), max_size=4)
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8)
DECODER = msgspec.json.Decoder(msgspec.defstruct("Thin", [("id", str, "")]))


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS, st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]), st.sampled_from(["\n", "\r\n"]))
def test_rows_match_the_csv_module(
    tmp_path_factory: pytest.TempPathFactory, body: list[list[str]], quoting: int, end: str
) -> None:
    if quoting == csv.QUOTE_MINIMAL:  # the csv module does not quote a lone carriage return
        body = [[cell.replace("\r", "") for cell in row] for row in body]
    path, text = tmp_path_factory.mktemp("csv") / "rows.csv", io.StringIO()
    csv.writer(text, quoting=quoting, lineterminator=end).writerows([["a", "b", "c"], *body])
    path.write_bytes(text.getvalue().encode())
    every = list(csv.reader(io.StringIO(text.getvalue(), newline="")))[1:]
    assert [row for _, row in read_rows(path, ("a",), Problems())][1:] == every
    some = list(read_rows(path, ("a",), Problems(), None, lambda line: "PE" in line))[1:]
    assert [row for _, row in some if any("PE" in c for c in row)] == [
        row for row in every if any("PE" in c for c in row)
    ]
    whole = {tuple(row): line for line, row in list(read_rows(path, ("a",), Problems()))[1:]}
    assert [line for line, row in some if every.count(row) == 1] == [
        whole[tuple(row)] for _, row in some if every.count(row) == 1
    ]


def test_row_has_the_number_of_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('a,b\n1,"x\ny"\n\n2,z\n3,"never closed\n4,t\n', "utf-8")
    problems, found = Problems(), []
    with pytest.raises(BadInput, match=r"rows.csv:6: the row that begins here cannot be read as CSV"):
        for line, row in read_rows(path, (), problems):
            found.append((line, row[0]))
    assert found == [(0, "a"), (2, "1"), (5, "2")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('"x","y"\n', "2 cells in a row, 3 in the header"),
        ("x,y\n", "2 cells in a row, 3 in the header"),
        ('"x","y","z","t"\n', "4 cells in a row, 3 in the header"),
        ('"x","y""z"\n', "2 cells in a row, 3 in the header"),
        ('"",""","\n', "2 cells in a row, 3 in the header"),
        ('"x","y","z"t\n', "cannot be read as CSV"),
        ('"x","y","z\n', "cannot be read as CSV"),
    ],
)
def test_errors_in_skipped_rows_are_reported(tmp_path: Path, line: str, message: str) -> None:
    path, problems = tmp_path / "rows.csv", Problems()
    path.write_text(f'"a","b","c"\n"1","2","3"\n{line}')
    with pytest.raises(BadInput, match=message) as caught:
        assert [row for _, row in read_rows(path, ("a",), problems, None, lambda _: False)] == [["a", "b", "c"]]
        problems.raise_any()
    assert [one.line for one in caught.value.problems] == [3]


def test_empty_cells_after_the_last_column_are_ignored(tmp_path: Path) -> None:
    """UN Comtrade ends its rows, but not its header, with a comma."""
    path, problems = tmp_path / "rows.csv", Problems()
    path.write_text('a,b\n1,2,\n3,"4",,\n5,6,7\n8,9\n', "utf-8")
    assert list(read_rows(path, (), problems))[1:] == [(2, ["1", "2"]), (3, ["3", "4"]), (5, ["8", "9"])]
    assert [(one.line, one.message) for one in problems.found] == [(4, "3 cells in a row, 2 in the header")]


@pytest.mark.parametrize("start", ['<?xml version="1.0"?>\n<lei:LEIData/>', "<!DOCTYPE html>\n<html>Error 403</html>"])
@pytest.mark.parametrize("form", ["gleif", "comtrade"])
def test_xml_and_error_pages_are_named_as_such(tmp_path: Path, form: str, start: str) -> None:
    with pytest.raises(BadInput, match="is XML or HTML, not CSV; download the data as CSV"):
        import_bytes(tmp_path, form, start.encode())


def test_lone_carriage_return_ends_a_line(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(b"a,b\r1,2\r\n3,4\n5,6\r")
    assert list(read_lines(path, Problems())) == ["a,b\r", "1,2\r\n", "3,4\n", "5,6\r"]


@pytest.mark.parametrize("blank", ["", "\n", "  \r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_records_have_line_numbers(tmp_path: Path, blank: str, start: str) -> None:
    path = tmp_path / "records.jsonl"
    lines = [json.dumps({"id": f"r{at}", "more": "x" * 50}) for at in range(9000)]
    path.write_text(start + f"\n{blank}".join(lines), "utf-8")
    found = [
        (one.id, line, json.loads(raw)["id"])
        for block in decode_records(path, DECODER, Problems())
        for one, (line, raw) in zip(block.found, block.pick(range(len(block.found))), strict=True)
    ]
    step = 2 if blank else 1
    assert found == [(f"r{at}", 1 + at * step, f"r{at}") for at in range(9000)]


def test_binary_file_is_one_problem(tmp_path: Path) -> None:
    """UTF-16 without a BOM, and a NUL byte in text, are one problem rather than one per line."""
    for data, line in (
        (lines(entity("a", "A"), entity("b", "B")).decode().encode("utf-16-le"), 1),
        (b'{}\n"\0"\n{', 2),
    ):
        with pytest.raises(BadInput) as caught:
            import_bytes(tmp_path, "bods", data)
        assert [(one.line, one.message) for one in caught.value.problems] == [
            (line, "contains a NUL byte, so this is not text")
        ]


def test_bad_records_are_reported_and_others_kept(tmp_path: Path) -> None:
    path, problems = tmp_path / "records.jsonl", Problems()
    path.write_text('{"id": "a"}\n{"id": 1}\n{"id": "b"}\n{"id"\n{"id": "c"} {"id": "d"}\n{"id": "e"}\n')
    assert [one.id for block in decode_records(path, DECODER, problems) for one in block.found] == ["a", "b", "e"]
    assert [(one.line, one.column) for one in problems.found] == [(2, "id"), (4, ""), (5, "")]


def test_records_are_not_mixed_up(tmp_path: Path) -> None:
    """Two records on one line and one record on two lines: the number of records equals the number of lines."""
    path = tmp_path / "records.jsonl"
    path.write_text('{"id": "a"}{"id": "b"}\n{"id": "c"}\n{"id":\n"d"}\n')
    (block,) = decode_records(path, DECODER, Problems())
    assert [json.loads(raw)["id"] for _, raw in block.pick([1, 3])] == ["b", "d"]


def test_array_is_read_like_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "records.json"
    path.write_text(json.dumps([{"id": f"r{at}"} for at in range(2500)], indent=0))
    blocks = list(decode_records(path, DECODER, Problems()))
    assert [one.id for block in blocks for one in block.found] == [f"r{at}" for at in range(2500)]
    assert [json.loads(raw) for _, raw in blocks[2].pick([499])] == [{"id": "r2499"}]


@pytest.mark.parametrize(("form", "field"), [("bods", "name"), ("ftm", "id")])
def test_duplicate_field_is_refused(tmp_path: Path, form: str, field: str) -> None:
    """Decoders silently keep the last value."""
    data = lines(entity("mine", "Mina Uno")) if form == "bods" else b'{"id": "mine", "schema": "Company"}\n'
    twice = data.replace(f'"{field}": '.encode(), f'"{field}": "first", "{field}": '.encode())
    with pytest.raises(BadInput) as caught:
        import_bytes(tmp_path, form, twice)
    assert [(one.line, one.column, one.message) for one in caught.value.problems] == [
        (1, field, "the field appears twice")]  # fmt: skip


def test_multiline_record_is_one_problem(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        import_bytes(tmp_path, "ftm", json.dumps({"id": "mine", "schema": "Company"}, indent=2).encode())
    assert [(one.line, one.remedy) for one in caught.value.problems] == [
        (1, "write one record per line, for example with: jq -c . FILE")]  # fmt: skip


def test_single_line_array_may_exceed_the_line_limit(tmp_path: Path) -> None:
    """Many tools write JSON without line breaks."""
    firms = [{"id": f"firm-{at}", "schema": "Company", "note": "x" * 10_000} for at in range(1_800)]
    path = tmp_path / "firms.json"
    path.write_text(json.dumps(firms, separators=(",", ":")), "utf-8")
    assert path.stat().st_size > MAX_LINE
    assert sum(len(one.found) for one in decode_records(path, DECODER, Problems())) == 1_800
    assert len(list(read_records(path, Problems()))) == 1_800


def test_hostile_file_name_is_escaped(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        import_bytes(tmp_path, "ftm", b"x", "evil\x1b[31m\nname.json")
    assert r"/evil\x1b[31m\nname.json:1: is not JSON" in str(caught.value)


def test_records_not_in_utf_8_are_refused(tmp_path: Path) -> None:
    data = json.dumps({"id": "ñ", "schema": "Company"}, ensure_ascii=False).encode("latin-1")
    for text in (data, b"[" + data + b"]"):
        with pytest.raises(BadInput) as caught:
            import_bytes(tmp_path, "ftm", text)
        assert [one.remedy for one in caught.value.problems] == ["save the file as UTF-8"]

"""Imports of hostile and broken files: clear messages, nothing written, nothing executed."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import re
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import openpyxl
import pytest

from importers import import_bytes, make_project, rows
from importers.bods_examples import array, entity, lines, relation, shares
from peru_asia_graph.errors import BadInput
from peru_asia_graph.files.loss_report import LossReport
from peru_asia_graph.importers.bods_history import merge
from peru_asia_graph.importers.bods_statements import BodsStatement
from peru_asia_graph.importers.problems import Problems
from peru_asia_graph.importers.table import split_owners
from peru_asia_graph.importers.table_rows import table_rows
from peru_asia_graph.sources.checks.shares import check_stakes
from peru_asia_graph.sources.tables import CsvRow, Table

MEMORY = 900_000_000
FORMS = ("bods", "ftm", "gleif", "comtrade")
GLEIF = b"LEI,Entity.LegalName\n"


def run(tmp_path: Path, form: str, path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run an import in a subprocess with limited memory."""
    root = make_project(tmp_path / "project").root
    command = [sys.executable, "-m", "peru_asia_graph", "import", form, str(path), "--as", "alpha", "--date", "2020",
               "--project", str(root), *more]  # fmt: skip

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))

    return subprocess.run(command, capture_output=True, text=True, timeout=120, preexec_fn=limit, check=False)


def refused(tmp_path: Path, form: str, path: Path, *more: str) -> str:
    """Return the error message of an import that must be refused and write nothing."""
    done = run(tmp_path, form, path, *more)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "project/data").iterdir()) == []
    return done.stderr


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            archive.writestr(*member)
    return out.getvalue()


PACKED = [
    ("two files", lambda: zipped(("a", b"x"), ("b", b"y")), "the archive contains 2 files, not one"),
    ("no file", lambda: zipped(), "the archive contains 0 files, not one"),
    ("bzip2", lambda: bz2.compress(GLEIF), "uses an unsupported compression; unpack it"),
    ("xz", lambda: lzma.compress(GLEIF), "uses an unsupported compression; unpack it"),
    ("outside", lambda: zipped(("../../x.csv", b"a,b\n1,2\n")), "is not a GLEIF golden copy of level 1 or 2"),
    ("a bomb", lambda: zipped(("x.csv", GLEIF + b"0" * 200_000_000)), "a line is over 16 MiB"),
    ("a gzip bomb", lambda: gzip.compress(GLEIF + (b"0" * 15_000_000 + b"\n") * 5), "unpacks to more than"),
    ("damaged", lambda: zipped(("x.csv", GLEIF * 1000))[:-40], "damaged"),
    (
        "an old workbook",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1" + bytes(600),
        "save it as .xlsx without a password, or as CSV",
    ),
    ("OpenDocument", lambda: zipped(("mimetype", b"x"), ("content.xml", b"<x/>")), "save it as .xlsx, or as CSV"),
    ("within itself", lambda: zipped(("x.zip", zipped(("y.csv", GLEIF)))), "not UTF-8"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("make", "message"), [one[1:] for one in PACKED], ids=[one[0] for one in PACKED])
def test_bad_archives(tmp_path: Path, make: Callable[[], bytes], message: str) -> None:
    path = tmp_path / "lei.csv.packed"
    path.write_bytes(make())
    assert message in refused(tmp_path, "gleif", path)


@pytest.mark.slow
@pytest.mark.parametrize("form", [*FORMS, "table"])
@pytest.mark.parametrize("kind", ["pipe", "folder", "missing", "dangling", "empty"])
def test_unreadable_or_empty_input(tmp_path: Path, form: str, kind: str) -> None:
    path = tmp_path / "input"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "dangling":
        path.symlink_to(tmp_path / "nothing")
    elif kind == "empty":
        path.write_bytes(b"")
    (tmp_path / "input-metadata.json").write_text(
        '{"tableSchema":{"columns":[{"titles":"a","propertyUrl":"pag:owned"},{"titles":"b","propertyUrl":"pag:owner"}]}}'
    )
    assert "input" in refused(tmp_path, form, path) or kind == "empty"


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_overlong_line(tmp_path: Path, form: str) -> None:
    """A sparse 1 GiB file is a single line; reading stops after 16 MiB."""
    path = tmp_path / "long"
    with path.open("wb") as file:
        file.write(b'{"id": "' if form in ("bods", "ftm") else b"a,b,")
        file.seek(2**30)
        file.write(b"\n")
    assert "over 16 MiB" in (told := refused(tmp_path, form, path)) or "NUL" in told


JSON_BOMBS = {
    "deep lists": b"[" * 200_000,
    "deep objects": b'{"a":' * 200_000,
    "a long number": b'[{"statementId": ' + b"9" * 1_000_000 + b"}]",
    "an endless exponent": b'[{"statementId": 1e999999999}]',
    "many keys": b"[{" + b",".join(b'"%d":1' % at for at in range(200_000)) + b"}]",
    "half a file": array(entity("mine", "Mina"))[:-30],
    "not UTF-8": b'[{"statementId": "\xff\xfe"}]',
    "UTF-16": array(entity("mine", "Mina")).decode().encode("utf-16"),
    "no object": b'[1, null, true, "x"]',
    "a NUL": b'[{"statementId": "\\u0000"}]\x00',
}


@pytest.mark.parametrize("form", ["bods", "ftm"])
@pytest.mark.parametrize("data", JSON_BOMBS.values(), ids=JSON_BOMBS)
def test_invalid_json(tmp_path: Path, form: str, data: bytes) -> None:
    with pytest.raises(BadInput):
        import_bytes(tmp_path, form, data)
    assert list((tmp_path / "project/data").iterdir()) == []


HOSTILE = ["<script>alert(1)</script>", '=HYPERLINK("http://x")', "+cmd|' /C calc'!A0", "../../etc/passwd", "a;b;c",
           'quote " and , comma', "line\nbreak\r\nand\ttab", "\u202egnp.exe", "x" * 100_000, "'; DROP TABLE x; --",
           "${jndi:ldap://x}", "名前", "\u0301", "@SUM(A1)"]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names(tmp_path: Path, name: str) -> None:
    """A hostile name is imported as plain text or refused with its location; it is never interpreted."""
    data = lines(entity("mine", "Mina"), entity("../x", name), relation("r", "mine", "../x", [shares(5)]))
    try:
        import_bytes(tmp_path, "bods", data)
    except BadInput as error:
        assert all(one.file and one.message and one.remedy for one in error.problems)
        assert list((tmp_path / "project/data").iterdir()) == []
        return
    labels = {row["id"]: row["label"] for row in rows(tmp_path, "entities")}
    assert len(labels) == 2
    assert not any(letter in label for label in labels.values() for letter in "\n\r\t\u202e\0")
    (stake,) = rows(tmp_path, "stakes")
    assert {stake["owner"], stake["owned"]} == set(labels)
    assert {path.parent for path in (tmp_path / "project").rglob("*") if path.is_file()} == {
        tmp_path / "project/data/alpha", tmp_path / "project/data/alpha/import"}  # fmt: skip


def test_similar_ids_stay_distinct(tmp_path: Path) -> None:
    told = [entity(record, f"Firm {at}") for at, record in enumerate(["a-b", "A B", "a.b", "Á b", "a  b"])]
    import_bytes(tmp_path, "bods", lines(*told))
    assert len({row["id"] for row in rows(tmp_path, "entities")}) == 5


def test_circular_ownership(tmp_path: Path) -> None:
    held = [relation("r1", "a", "b", [shares(100)]), relation("r2", "b", "a", [shares(100)])]
    itself = relation("r3", "a", "a", [shares(1)])
    import_bytes(tmp_path, "bods", lines(entity("a", "A"), entity("b", "B"), *held, itself))
    assert len(rows(tmp_path, "stakes")) == 2


@pytest.mark.parametrize("told", ["[1]", '"x"', "5", "null", "true", "[" * 100_000, '{"tableSchema": {"columns": 5}}',
                                  '{"tableSchema": {"columns": [{"titles": {}, "propertyUrl": []}]}}'])  # fmt: skip
def test_invalid_mappings(tmp_path: Path, told: str) -> None:
    (tmp_path / "input-metadata.json").write_text(told)
    with pytest.raises(BadInput):
        import_bytes(tmp_path, "table", b"a,b\n1,2\n")


WORKBOOK = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(8)) + "]><x>&i;</x>"  # fmt: skip


@pytest.mark.parametrize(
    "members",
    [WORKBOOK, {**WORKBOOK, "xl/workbook.xml": ENTITIES}, {"x": "y"}, {"[Content_Types].xml": ENTITIES}, {}],
    ids=["bare", "entities", "other", "entities in types", "nothing"],
)
def test_invalid_workbooks(tmp_path: Path, members: dict[str, str]) -> None:
    path = tmp_path / "owners.xlsx"
    path.write_bytes(zipped(*((name, text.encode()) for name, text in members.items())))
    mapping = {"tableSchema": {"columns": [{"titles": "a", "propertyUrl": "pag:owned"},
                                           {"titles": "b", "propertyUrl": "pag:owner"}]}}  # fmt: skip
    (tmp_path / "owners.xlsx-metadata.json").write_text(json.dumps(mapping))
    assert "owners.xlsx" in refused(tmp_path, "table", path)


@pytest.mark.slow
def test_row_number_beyond_the_sheet_limit(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.save(tmp_path / "book.xlsx")
    with zipfile.ZipFile(tmp_path / "book.xlsx") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    members[sheet] = re.sub(b"<dimension[^>]*>", b"", members[sheet]).replace(b'<row r="1"', b'<row r="999999999999"')
    path = tmp_path / "far.xlsx"
    path.write_bytes(zipped(*members.items()))
    with pytest.raises(BadInput, match="has more rows than a sheet can have"):
        list(table_rows(path, Problems()))


@pytest.mark.slow
def test_long_owner_cells_are_split_in_linear_time() -> None:
    """Splitting these cells in quadratic time would take hours."""
    for cell in ("(" * 1_000_000, "A" + " " * 500_000 + "(5", ")" * 500_000 + "%)"):
        assert [one.share for one in split_owners(cell)] == [""]
    assert len(list(split_owners("A (1%);" * 100_000))) == 100_000


@pytest.mark.slow
def test_many_interests_and_stakes_are_checked_quickly() -> None:
    """60 % every day; then the first holding lasts one day longer, which makes 120 % on the second day."""
    interests = [shares(1, details=str(at)) for at in range(10_000)]
    told = [BodsStatement("s", at, relation("r", "mine", "holding", interests, at, statementDate=f"20{at}-01-01"))
            for at in (10, 11)]  # fmt: skip
    assert {(one.first.line, one.last.line) for one in merge(told, LossReport())} == {(10, 11)}
    days = [str(date(1900, 1, 1) + timedelta(at)) for at in range(5_002)]
    common: dict[str, Any] = {
        "owner": "a",
        "owned": "b",
        "share_percent": Decimal(60),
        "basis": "direct",
        "certainty": "stated",
    }
    held = [CsvRow(at, {**common, "valid_from": one, "valid_until": other}) for at, (one, other) in enumerate(
        pairwise(days), 2)]  # fmt: skip
    stakes = Table("stakes", "stakes.csv", cast(Any, {}), held)
    assert list(check_stakes(stakes)) == []
    held[0] = CsvRow(2, {**held[0].cells, "owner": "c", "valid_until": days[2]})
    (problem,) = check_stakes(stakes)
    assert (problem.line, problem.warning) == (3, True)
    assert "on 1900-01-02 add up to 120 (c 60, a 60)" in problem.message

"""GLEIF golden copies: firms with LEIs, their consolidating parents, and subsets of large files."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from pathlib import Path

import pytest

from importers import build_imported, make_project, rows
from peru_asia_graph.errors import BadInput, WrongUse
from peru_asia_graph.importers.gleif import is_lei
from peru_asia_graph.importers.run import ImportReport, import_source


def lei(stem: str) -> str:
    """Return an LEI with valid check digits (ISO 7064 MOD 97-10)."""
    body = stem.upper().ljust(18, "0")
    number = int("".join(str(int(letter, 36)) for letter in body + "00"))
    return f"{body}{98 - number % 97:02}"


MINE, PARENT, TOP, SISTER, OTHER = (lei(name) for name in ("MINE", "PARENT", "TOP", "SISTER", "OTHER"))
LEVEL_1 = ["LEI", "Entity.LegalName", "Entity.LegalName.xmllang", "Entity.OtherEntityNames.OtherEntityName.1",
           "Entity.LegalAddress.City", "Entity.LegalAddress.Country", "Entity.LegalJurisdiction",
           "Entity.EntityCategory", "Registration.LastUpdateDate"]  # fmt: skip
FIRMS = [
    [MINE, "Mina Uno S.A.", "es", "MU", "Lima", "PE", "PE", "GENERAL", "2024-05-06T07:08:09Z"],
    [PARENT, "Parent Ltd", "en", "", "", "GB", "GB-ENG", "GENERAL", "2024-05-07T07:08:09Z"],
    [TOP, "Top Corporation", "en", "", "", "CN", "CN", "GENERAL", "2024-05-08T07:08:09Z"],
    [SISTER, "Sister, Inc.", "en", "", "", "US", "US-DE", "GENERAL", "2024-05-09T07:08:09Z"],
    [OTHER, "Other S.A.C.", "es", "", "", "PE", "PE", "RESIDENT_GOVERNMENT_ENTITY", "2024-05-10T07:08:09Z"],
]
LEVEL_2 = ["Relationship.StartNode.NodeID", "Relationship.StartNode.NodeIDType", "Relationship.EndNode.NodeID",
           "Relationship.EndNode.NodeIDType", "Relationship.RelationshipType", "Relationship.RelationshipStatus",
           "Relationship.Period.1.startDate", "Relationship.Period.1.endDate", "Relationship.Period.1.periodType",
           "Registration.LastUpdateDate"]  # fmt: skip


def linked(child: str, parent: str, kind: str = "IS_DIRECTLY_CONSOLIDATED_BY", start: str = "", end: str = "",
           status: str = "ACTIVE") -> list[str]:  # fmt: skip
    """Return a level 2 row."""
    return [child, "LEI", parent, "LEI", kind, status, start, end, "RELATIONSHIP_PERIOD", "2024-06-01T00:00:00Z"]


LINKS = [linked(MINE, PARENT, start="2015-01-01T00:00:00Z"), linked(PARENT, TOP),
         linked(MINE, TOP, "IS_ULTIMATELY_CONSOLIDATED_BY"), linked(SISTER, TOP),
         linked(OTHER, SISTER, "IS_FUND-MANAGED_BY")]  # fmt: skip


def table(header: list[str], body: list[list[str]]) -> bytes:
    """Return a CSV file with every cell quoted, as GLEIF publishes it."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([header, *body])
    return text.getvalue().encode()


def read(tmp_path: Path, *files: tuple[str, bytes], **options: str) -> ImportReport:
    paths = []
    for name, data in files:
        (tmp_path / name).write_bytes(data)
        paths.append(tmp_path / name)
    given = {name.replace("_", "-"): value for name, value in options.items()}
    return import_source(make_project(tmp_path / "project"), "gleif", paths, "alpha", options=given)


ONE, TWO = ("lei2.csv", table(LEVEL_1, FIRMS)), ("rr.csv", table(LEVEL_2, LINKS))


def labels(tmp_path: Path) -> set[str]:
    """Return the names of the imported firms."""
    return {row["label"] for row in rows(tmp_path, "entities") if row["type"] != "State"}


@pytest.mark.slow
def test_both_levels(tmp_path: Path) -> None:
    report = read(tmp_path, ONE, TWO)
    names = {row["id"]: row["label"] for row in rows(tmp_path, "entities")}
    told = {(names[row["subject"]], row["relation"], names[row["object"]], row.get("valid_from", ""))
            for row in rows(tmp_path, "relations")}  # fmt: skip
    assert {one for one in told if one[1] != "homeState"} == {
        ("Mina Uno S.A.", "subsidiaryOf", "Parent Ltd", "2015-01-01"),
        ("Parent Ltd", "subsidiaryOf", "Top Corporation", ""),
        ("Mina Uno S.A.", "linkedTo", "Top Corporation", ""),
        ("Sister, Inc.", "subsidiaryOf", "Top Corporation", ""),
    }
    assert ("Parent Ltd", "homeState", "United Kingdom", "") in told
    assert {row["identifier"] for row in rows(tmp_path, "identifiers") if row["scheme"] == "lei"} == {
        MINE, PARENT, TOP, SISTER, OTHER}  # fmt: skip
    assert [row["name"] for row in rows(tmp_path, "names")] == ["MU"]
    lost = {(one.field, one.times) for one in report.losses.lines()}
    assert {("RelationshipType", 1), ("Entity.LegalAddress.City", 1), ("Entity.LegalName.xmllang", 5)} <= lost
    graph = build_imported(tmp_path)
    assert "Top Corporation" in {row["owner"] for row in graph.owners("Mina Uno S.A.", year=2024)}


@pytest.mark.parametrize("pack", ["gz", "zip", "macos.zip"])
def test_compressed_files(tmp_path: Path, pack: str) -> None:
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr(*ONE)
        if pack == "macos.zip":
            archive.writestr(f"__MACOSX/._{ONE[0]}", b"\x00\x05\x16\x07 what macOS knows of the file")
    data = gzip.compress(ONE[1]) if pack == "gz" else zipped.getvalue()
    read(tmp_path, (f"lei2.csv.{pack}", data))
    assert len(labels(tmp_path)) == 5


def test_country_includes_parents(tmp_path: Path) -> None:
    read(tmp_path, ONE, TWO, country="pe")
    # The mine's direct and ultimate parents, and the manager of the other entity.
    assert labels(tmp_path) == {"Mina Uno S.A.", "Other S.A.C.", "Parent Ltd", "Top Corporation", "Sister, Inc."}


def test_country_without_relationships(tmp_path: Path) -> None:
    read(tmp_path, ONE, country="PE")
    assert labels(tmp_path) == {"Mina Uno S.A.", "Other S.A.C."}


@pytest.mark.parametrize("wanted", [PARENT, "parent  ltd"])
def test_connected_to_keeps_a_group(tmp_path: Path, wanted: str) -> None:
    links = [row for row in LINKS if "FUND" not in row[4]]
    read(tmp_path, ONE, ("rr.csv", table(LEVEL_2, links)), connected_to=wanted)
    assert labels(tmp_path) == {"Mina Uno S.A.", "Parent Ltd", "Top Corporation", "Sister, Inc."}


def test_connected_to_an_unknown_entity(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="no entity has the LEI or the legal name 'Nobody'"):
        read(tmp_path, ONE, TWO, connected_to="Nobody")


def test_ended_relationship(tmp_path: Path) -> None:
    """An inactive relationship without an end had ended by the day of its update."""
    ended = [linked(MINE, PARENT, start="2010-01-01T00:00:00Z", end="2012-01-01T00:00:00Z", status="INACTIVE"),
             linked(SISTER, TOP, status="INACTIVE")]  # fmt: skip
    read(tmp_path, ONE, ("rr.csv", table(LEVEL_2, ended)))
    found = {row["subject"]: (row["valid_until"], row["certainty"], row.get("as_of", ""))
             for row in rows(tmp_path, "relations")
             if row["relation"] == "subsidiaryOf"}  # fmt: skip
    assert found == {
        f"alpha-{MINE.lower()}": ("2012-01-01", "stated", ""),
        f"alpha-{SISTER.lower()}": ("[..2024-06-01]", "former", ""),
    }  # fmt: skip


def test_active_direct_relationship_is_preferred(tmp_path: Path) -> None:
    """In any order; annulled rows are left out, and every unsupported column is counted."""
    links = [linked(MINE, PARENT, status="INACTIVE", end="2014-01-01"),
             linked(MINE, PARENT, start="2016-02-03"),
             linked(PARENT, TOP, "IS_ULTIMATELY_CONSOLIDATED_BY"), linked(PARENT, TOP),
             linked(SISTER, TOP)]  # fmt: skip
    header = [*LEVEL_2, "Registration.RegistrationStatus"]
    body = [[*row, "ANNULLED" if row[0] == SISTER else "LAPSED"] for row in links]
    report = read(tmp_path, ONE, ("rr.csv", table(header, body)))
    found = {(row["subject"][6:10], row["relation"], row["object"][6:9]): (row["valid_from"], row["certainty"])
             for row in rows(tmp_path, "relations") if row["relation"] != "homeState"}  # fmt: skip
    assert found == {
        ("mine", "subsidiaryOf", "par"): ("2016-02-03", "stated"), ("pare", "subsidiaryOf", "top"): ("", "stated"),
    }  # fmt: skip
    lost = {(one.field, one.reason, one.times) for one in report.losses.lines() if one.kind == "level 2"}
    assert lost == {
        ("RelationshipType", "a second relationship of the pair, or of an entity with itself", 2),
        ("RegistrationStatus", "annulled rows are left out", 1),
        ("Registration.RegistrationStatus", "'LAPSED' is not supported", 2),
    }  # fmt: skip


def test_check_digits() -> None:
    """LEIs published by GLEIF and others, and the same LEIs with one digit changed."""
    assert is_lei("5493006W3QUS5LMH6R84")
    assert not is_lei("5493006W3QUS5LMH6R85")
    assert not is_lei("5493006w3qus5lmh6r84")
    assert not is_lei("")


@pytest.mark.parametrize(
    ("file", "line", "column"),
    [
        (table(LEVEL_1, [FIRMS[0], ["X", *FIRMS[1][1:]]]), 3, "LEI"),
        (table(LEVEL_1, [FIRMS[0], FIRMS[0]]), 3, "LEI"),
        (table(LEVEL_1, [[MINE, "", *FIRMS[0][2:]]]), 2, "Entity.LegalName"),
        (table(LEVEL_1, [FIRMS[0][:-1]]), 2, ""),
        (table(LEVEL_2, [linked("X", TOP)]), 2, "Relationship.StartNode.NodeID"),
        (table([*LEVEL_1, LEVEL_1[3]], [[*FIRMS[0], "M1"]]), 1, LEVEL_1[3]),
        (b"a,b\n1,2\n", 1, ""),
        (b"", 1, ""),
        (ONE[1].decode().encode("utf-16"), 1, ""),
        (ONE[1] + b"\0", 7, ""),
        (ONE[1].replace(b"Mina", b"Min\xe1"), 2, ""),
        pytest.param(gzip.compress(ONE[1], mtime=0)[:60], 0, "", id="damaged"),
    ],
)
def test_bad_files(tmp_path: Path, file: bytes, line: int, column: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, ("bad.csv", file))
    assert (line, column) in {(one.line, one.column) for one in caught.value.problems}
    assert not (tmp_path / "project/data/alpha").exists()


def test_error_message_stays_on_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, ("lei2.csv", table(LEVEL_1, [["a\n\u202eb", *FIRMS[0][1:]]])))
    (line,) = str(caught.value).splitlines()
    assert line.isprintable() and r"'a\n\u202eb' is not an LEI" in line


def test_second_country_and_unsupported_category_are_reported_as_lost(tmp_path: Path) -> None:
    """A Cayman Islands fund with an address in Hong Kong; a Delaware firm with an address in the United States."""
    fund = [MINE, "Fund", "en", "", "", "HK", "KY", "FUND", "2024-05-06T07:08:09Z"]
    report = read(tmp_path, ("lei2.csv", table(LEVEL_1, [fund, FIRMS[3]])))
    homes = {row["object"] for row in rows(tmp_path, "relations")}
    assert homes == {"alpha-state-ky", "alpha-state-us"}
    lost = {(one.field, one.example, one.times) for one in report.losses.lines()}
    assert {one for one in lost if one[0] != "Entity.LegalName.xmllang"} == {
        ("Entity.EntityCategory", "FUND", 1), ("Entity.LegalAddress.Country", "HK", 1),
        ("subdivision", "US-DE", 1)}  # fmt: skip

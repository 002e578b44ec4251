"""BODS 0.4 export: valid for libcovebods, with every share exactly once and as its source states it."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from exporters import write_homes_and_offices
from peru_asia_graph.cli import pag
from peru_asia_graph.exporters.bods_records import share
from peru_asia_graph.exporters.source_content import is_day
from peru_asia_graph.files.loss_report import LossReport
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.importers.run import import_source
from peru_asia_graph.importers.source_folder import SourceTerms
from peru_asia_graph.paths import Project
from peru_asia_graph.query.sources import read_sources
from two_sources import build_in, same, source, write_source

Statement = dict[str, Any]
TOOLS = Path(__file__).parents[1] / "tools"
PROGRAM = TOOLS / "checkers" / "bin" / "libcovebods"

# Holders of Block 8. The paper: Table 6 (Pluspetrol Norte 60, Daewoo 11.6, KNOC 20, SK Energy 8.3) and Table 7, which
# replaces Pluspetrol Norte with CNPC 27 and Pluspetrol Resources 33. GEM: owner and parent columns of row OG0004942,
# with owners PlusPetrol Norte S.A. 60, POSCO DAEWOO 11.7, KNOC 20, SK 8.3, and parents PlusPetrol S.A. 33, POSCO 11.7,
# KNOC 20, SK Energy 8.3.
PAPER_BLOCK_8 = {
    ("pluspetrol-norte", 60, "direct"),
    ("daewoo", 11.6, "direct"),
    ("knoc", 20, "direct"),
    ("sk-energy", 8.3, "direct"),
    ("cnpc", 27, "indirect"),
    ("pluspetrol-resources", 33, "indirect"),
}
GEM_BLOCK_8 = [(60, "direct"), (20, "direct"), (11.7, "direct"), (8.3, "direct"),
               (33, "indirect"), (20, "indirect"), (11.7, "indirect"), (8.3, "indirect")]  # fmt: skip


def export(graph: KnowledgeGraph, losses: LossReport | None = None, **options: str) -> list[Statement]:
    found: list[Statement] = json.loads(graph.export("bods", losses=losses, **options))
    return found


def relationships(statements: list[Statement]) -> list[Statement]:
    """Return the first statement about each relationship."""
    return [one for one in statements if one["recordType"] == "relationship" and one["recordStatus"] == "new"]


def interest(statements: list[Statement], record: str) -> Statement:
    """Return the only interest of a relationship."""
    (one,) = [one for one in relationships(statements) if one["recordId"] == record]
    (found,) = one["recordDetails"]["interests"]
    return dict(found)


@pytest.fixture(scope="module")
def statements(sources: KnowledgeGraph) -> list[Statement]:
    """The exported statements of the shipped graph."""
    return export(sources)


@pytest.fixture(scope="module")
def file(sources: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The BODS export of the shipped graph as a file."""
    path = tmp_path_factory.mktemp("bods") / "bods.json"
    path.write_bytes(sources.export("bods"))
    return path


def check(command: str, path: Path) -> Any:
    """Return the output of libcovebods for a file, run as a subprocess without network access."""
    if not PROGRAM.is_file():
        pytest.skip("libcovebods is not installed (tests/tools/install.sh installs it)")
    settings = {**os.environ, "PYTHONPATH": str(TOOLS / "offline"), "PYTHONUTF8": "1"}
    done = subprocess.run([PROGRAM, command, path], capture_output=True, text=True, env=settings, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_libcovebods_finds_no_error_in_the_shipped_graph(file: Path) -> None:
    assert check("jsv", file) == []
    assert check("af", file) == {}
    found = check("pv", file)
    assert found["additional_checks"] == []
    assert found["statistics"]["count_person_statements"] == 0


@pytest.mark.slow
def test_libcovebods_detects_errors(file: Path, tmp_path: Path) -> None:
    """A year instead of a date, an undescribed party and an unknown field: a report without errors means something."""
    broken = json.loads(file.read_text("utf-8"))
    relation = next(one for one in broken if one["recordType"] == "relationship")
    relation["recordDetails"]["interests"][0]["startDate"] = "2012"
    relation["recordDetails"]["interestedParty"] = "nobody"
    relation["invented"] = 1
    path = tmp_path / "broken.json"
    path.write_text(json.dumps(broken))
    assert [one["message"] for one in check("jsv", path)] == ["'2012' is not a 'date'"]
    assert [one["type"] for one in check("pv", path)["additional_checks"]] == ["interested_party_must_be_record_id"]
    assert list(check("af", path)) == ["/invented"]


def test_block_8_shares_by_source(statements: list[Statement]) -> None:
    holders: dict[str, list[tuple[str, float, str]]] = {"sanborn-yong/block-8": [], "gem/block-8": []}
    for one in relationships(statements):
        details = one["recordDetails"]
        if details["subject"] in holders and details["interests"][0]["type"] == "rightsGrantedByContract":
            (found,) = details["interests"]
            owner = details["interestedParty"].partition("/")[2]
            holders[details["subject"]].append((owner, found["share"]["exact"], found["directOrIndirect"]))
    assert set(holders["sanborn-yong/block-8"]) == PAPER_BLOCK_8
    assert Counter((percent, how) for _, percent, how in holders["gem/block-8"]) == Counter(GEM_BLOCK_8)
    assert len(holders["sanborn-yong/block-8"]) == len(PAPER_BLOCK_8)


def test_statement_provenance(statements: list[Statement]) -> None:
    (one,) = [one for one in statements if one["recordId"] == "sanborn-yong/cnpc-in-block-8"]
    assert one["statementDate"] == "2013-05-08"
    assert one["declaration"] == "https://w3id.org/peru-asia-graph/graph/sanborn-yong"
    assert one["declarationSubject"] == "sanborn-yong/block-8"
    assert one["source"]["assertedBy"] == [{"name": "Cynthia Sanborn"}, {"name": "Alexis Yong"}]
    assert one["publicationDetails"]["license"] == "https://creativecommons.org/licenses/by/4.0/"
    (note,) = one["annotations"]
    assert (note["motivation"], note["statementPointerTarget"]) == ("commenting", "/recordDetails/interests/0")
    assert note["description"].startswith("Table 7, row Block 8 (p. 28)")
    found = interest(statements, "sanborn-yong/cnpc-in-block-8")
    assert (found["share"], found["directOrIndirect"]) == ({"exact": 27}, "indirect")
    assert found["beneficialOwnershipOrControl"] is False
    (tracker,) = [one for one in statements if one["recordId"] == "gem/gem-cnpc-peru-in-block-x"]
    assert tracker["source"]["url"].startswith("https://www.gem.wiki/")
    assert tracker["source"]["assertedBy"] == [{"name": "Global Energy Monitor"}]


def test_party_types_and_identifiers(statements: list[Statement]) -> None:
    parties = {one["recordId"]: one["recordDetails"] for one in statements if one["recordType"] == "entity"}
    assert parties["sanborn-yong/block-8"]["entityType"] == {
        "type": "arrangement", "details": "pag:HydrocarbonBlock",
    }  # fmt: skip
    assert parties["sanborn-yong/peru"]["entityType"] == {"type": "state"}
    assert parties["sanborn-yong/peru"]["jurisdiction"] == {"name": "Peru", "code": "PE"}
    assert parties["sanborn-yong/cnpc"]["jurisdiction"] == {"name": "China", "code": "CN"}
    mitsui = parties["sanborn-yong/mitsui-and-co"]
    assert mitsui["identifiers"][0] == {"id": "2NRSB4GOU9DD6CNW5R48", "scheme": "XI-LEI"}
    assert mitsui["entityType"]["type"] == "registeredEntity"
    # Two records of the same entity share an identifier.
    own = [parties[f"{name}/cnpc"]["identifiers"][-1]["uri"] for name in ("sanborn-yong", "gem")]
    assert set(own) == {"https://w3id.org/peru-asia-graph/id/cnpc"}


def test_partial_dates_are_exported_as_text(statements: list[Statement]) -> None:
    """2012~ and 2012 are not full dates and are exported as text; a former stake gets a closed record."""
    bought = interest(statements, "sanborn-yong/cumbres-andinas-in-mina-justa")
    assert "startDate" not in bought and bought["details"].startswith("from 2012~")
    sold = [one for one in statements if one["recordId"] == "sanborn-yong/cst-mining-group-in-mina-justa"]
    assert [one["recordStatus"] for one in sold] == ["new", "closed"]
    assert all("endDate" not in one["recordDetails"]["interests"][0] for one in sold)
    assert "until 2012" in sold[0]["recordDetails"]["interests"][0]["details"]
    (mine,) = [one for one in statements if one["recordId"] == "gem/gem-apurimac-ferrum-in-apurimac-mine"]
    assert mine["statementDate"] == "2024-11-30"
    assert any("As of 2024-11" in note["description"] for note in mine["annotations"])


def test_every_stake_is_exported_once_with_its_share(sources: KnowledgeGraph, statements: list[Statement]) -> None:
    told = {one["recordId"]: one["recordDetails"]["interests"][0] for one in relationships(statements)}
    query = """SELECT ?stake ?exact ?low ?high { ?stake a pag:Stake
        OPTIONAL { ?stake pag:sharePercent ?exact } OPTIONAL { ?stake pag:shareLow ?low }
        OPTIONAL { ?stake pag:shareHigh ?high } }"""
    seen = Counter[str]()
    for info in read_sources(sources.store):
        for slug, *shares in sources.only(info.name).query(query).table():
            pairs = zip(("exact", "minimum", "maximum"), shares, strict=True)
            wanted = {name: Decimal(str(value)) for name, value in pairs if value is not None}
            found = told[f"{info.name}/{slug}"].get("share", {})
            assert {name: Decimal(str(value)) for name, value in found.items()} == wanted
            seen[f"{info.name}/{slug}"] += 1
    assert set(seen.values()) == {1}
    assert {one for one, interest in told.items() if interest["type"] != "unknownInterest"} == set(seen)
    ids = [one["statementId"] for one in statements]
    assert len(ids) == len(set(ids)) and {len(one) for one in ids} == {36}


def test_single_source_matches_the_full_export(sources: KnowledgeGraph, statements: list[Statement]) -> None:
    alone = export(sources, source="gem")
    assert alone == [one for one in statements if one["recordId"].startswith("gem/")]
    lines = sources.export("bods-jsonl", source="gem").decode().splitlines()
    assert [json.loads(line) for line in lines] == alone


def test_losses_are_counted(sources: KnowledgeGraph) -> None:
    losses = LossReport()
    export(sources, losses, source="sanborn-yong")
    found = {(one.kind, one.field): one for one in losses.lines()}
    # stakes.csv of the paper: 4 dates in valid_from (2012~, 2010~, 1993, 1992), 4 in valid_until, none a full date.
    assert found["Stake", "validFrom"].times == found["Stake", "validUntil"].times == 4
    # investments.csv has 35 rows; observations have no equivalent in BODS.
    assert found["Investment", ""].times == 35
    assert ("Observation", "") in found and ("Relation", "homeState") in found


def test_command_writes_the_loss_report(sources: KnowledgeGraph, tmp_path: Path) -> None:
    told, report = tmp_path / "told.json", tmp_path / "lost.csv"
    line = ["export", "-f", "bods", "--source", "gem", "-o", str(told), "--report", str(report)]
    done = CliRunner().invoke(pag, line)
    assert done.exit_code == 0, done.output
    assert told.read_bytes() == sources.export("bods", source="gem")
    header, *lines = report.read_text("utf-8").splitlines()
    assert header == "kind,field,reason,count,example,place"
    # as_of is 2024-11 for three stakes and one subsidiary, all from the iron ore tracker.
    (days,) = [row for row in csv.reader(lines) if row[:2] == ["Stake", "asOf"]]
    assert days[3:5] == ["4", "2024-11"]
    assert "Stake.asOf" in done.stderr


def small(root: Path, stakes: list[dict[str, str]], **about: str) -> KnowledgeGraph:
    """Return the graph of one source with the given stakes in a firm and a mine."""
    things = {"firm": ("Firm", "Firm"), "mine": ("MiningProject", "Mine"), "owner": ("Firm", "Owner"),
              "ana": ("Person", "Ana"), "office": ("GovernmentBody", "Office")}  # fmt: skip
    write_source(root, "alpha", source("alpha", things, stakes), **about)
    return build_in(root)[0]


@pytest.mark.slow
def test_bounds_dates_people_and_government_bodies(tmp_path: Path) -> None:
    told = export(small(tmp_path, [
        {"id": "a", "owner": "ana", "owned": "firm", "share_low": "25", "share_high": "50", "valid_from": "2012-05-14"},
        {"id": "b", "owner": "owner", "owned": "firm", "share_low": "10.5", "valid_until": "2014-02-01",
         "certainty": "former"},
        {"id": "c", "owner": "office", "owned": "mine", "as_of": "2015"},
    ], date="2016-03-01"))  # fmt: skip
    ana, owner, office = (interest(told, f"alpha/{one}") for one in "abc")
    assert (ana["share"], ana["startDate"]) == ({"minimum": 25, "maximum": 50}, "2012-05-14")
    assert "beneficialOwnershipOrControl" not in ana
    assert (owner["share"], owner["endDate"]) == ({"minimum": 10.5}, "2014-02-01")
    assert (office["type"], "share" in office) == ("rightsGrantedByContract", False)
    days = {one["recordId"]: one["statementDate"] for one in told}
    assert (days["alpha/a"], days["alpha/c"]) == ("2016-03-01", "2015-12-31")
    kinds = {one["recordId"]: one["recordType"] for one in told}
    assert (kinds["alpha/ana"], kinds["alpha/office"]) == ("person", "entity")
    (body,) = [one["recordDetails"]["entityType"] for one in told if one["recordId"] == "alpha/office"]
    assert body == {"type": "stateBody", "details": "pag:GovernmentBody"}
    # A stake with a known end date needs no closed record.
    assert {one["recordStatus"] for one in told} == {"new"}
    path = tmp_path / "small.json"
    path.write_text(json.dumps(told))
    assert (check("jsv", path), check("pv", path)["additional_checks"]) == ([], [])


@pytest.mark.slow
def test_one_stake_in_two_sources_is_two_statements(tmp_path: Path) -> None:
    firms = {"field": ("HydrocarbonBlock", "Field"), "owner": ("Firm", "Owner Co.")}
    stake = {"owned": "field", "owner": "owner", "share_percent": "25"}
    write_source(tmp_path, "alpha", source("alpha", firms, [{"id": "a", **stake}]), date="2013-05-08", position=1)
    others = {f"b-{slug}": one for slug, one in firms.items()}
    second = {"id": "b", "owned": "b-field", "owner": "b-owner", "share_percent": "40"}
    matches = [same("b-field", "field"), same("b-owner", "owner")]
    decisions = [{"id": "difference--sharepercent--a--b", "preferred": "alpha", "reason": "printed",
                  "author_label": "a reader", "decided_on": "2026"}]  # fmt: skip
    write_source(tmp_path, "beta", source("beta", others, [second], matches=matches, decisions=decisions),
                 date="2020-02", position=2)  # fmt: skip
    losses = LossReport()
    told = export(build_in(tmp_path)[0], losses)
    assert [(one.kind, one.times) for one in losses.lines() if one.kind == "Decision"] == [("Decision", 1)]
    assert [(one["recordId"], one["statementDate"], one["recordDetails"]["interests"][0]["share"])
            for one in relationships(told)] == [
        ("alpha/a", "2013-05-08", {"exact": 25}), ("beta/b", "2020-02-29", {"exact": 40}),
    ]  # fmt: skip


@pytest.mark.slow
def test_source_without_a_date_is_not_exported(tmp_path: Path) -> None:
    losses = LossReport()
    graph = small(tmp_path, [{"id": "a", "owner": "owner", "owned": "firm", "share_percent": "5"}])
    assert export(graph, losses) == []
    absent, undated = "is not in any exported statement", "the source has no date; set dc:date in its csv-metadata.json"
    assert [(one.kind, one.times, one.reason) for one in losses.lines()] == [
        ("Firm", 2, absent), ("GovernmentBody", 1, absent), ("MiningProject", 1, absent), ("Person", 1, absent),
        ("Stake", 1, undated),
    ]  # fmt: skip


@pytest.mark.slow
def test_round_trip(sources: KnowledgeGraph, file: Path, tmp_path: Path) -> None:
    """Importing the export gives back every share with its parties by name, date, period and certainty."""
    (tmp_path / "data").mkdir()
    report = import_source(Project(tmp_path), "bods", [file], "back", SourceTerms())
    assert report.rows["stakes"] > 120
    graph = build_in(tmp_path)[0]
    query = """SELECT ?owner ?owned ?share ?low ?basis ?day { ?stake a pag:Stake ; pag:owner/rdfs:label ?owner ;
        pag:owned/rdfs:label ?owned ; pag:basis ?basis OPTIONAL { ?stake pag:asOf ?day }
        OPTIONAL { ?stake pag:sharePercent ?share } OPTIONAL { ?stake pag:shareLow ?low } }"""
    back = Counter(tuple(row) for row in graph.query(query).table())
    told, subsidiaries = Counter[Any](), set[tuple[str, str]]()
    names = {one["recordId"]: one["recordDetails"]["name"] for one in export(sources) if one["recordType"] == "entity"}
    for one in relationships(export(sources)):
        details, (found,) = one["recordDetails"], one["recordDetails"]["interests"]
        if found["type"] == "unknownInterest":
            subsidiaries.add((names[details["subject"]], names[details["interestedParty"]]))
            continue
        percent = found.get("share", {})
        bounds = [Decimal(str(percent[name])) if name in percent else None for name in ("exact", "minimum")]
        basis = "indirect" if found["directOrIndirect"] == "indirect" else "direct"
        parties = names[details["interestedParty"]], names[details["subject"]]
        # The statement has the date of its source, which is after the end, so no date when it was held is known.
        over = "until " in found.get("details", "")
        told[(*parties, *bounds, basis, None if over else one["statementDate"])] += 1
    assert back == told
    query = """SELECT ?firm ?parent {
        ?said pag:relation pag:subsidiaryOf ; pag:subject/rdfs:label ?firm ; pag:object/rdfs:label ?parent }"""
    assert len(subsidiaries) == 17
    assert {tuple(row) for row in graph.query(query).table()} == subsidiaries
    columns = ("sharePercent", "shareLow", "shareHigh", "shareAsPrinted", "validFrom", "validUntil")
    values = "".join(f" OPTIONAL {{ ?stake pag:{name} ?{name} }}" for name in columns)
    query = f"""SELECT ?basis ?sure ?{" ?".join(columns)} {{
        ?stake a pag:Stake ; pag:basis ?basis ; pag:certainty ?sure {values} }}"""
    before, after = (Counter(tuple(row) for row in one.query(query).table()) for one in (sources, graph))
    assert before == after


@given(st.decimals(min_value=0, max_value=100, places=6), st.sampled_from(["sharePercent", "shareLow", "shareHigh"]))
def test_shares_keep_all_digits(value: Decimal, name: str) -> None:
    (told,) = json.loads(json.dumps(share({name: [f"{value:f}"]})), parse_float=Decimal).values()
    assert told == value


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)), st.sampled_from(["", "~", "%"]), st.sampled_from([4, 7, 10]))
def test_is_day_accepts_only_full_dates(day: date, doubt: str, length: int) -> None:
    text = day.isoformat()[:length] + doubt
    assert is_day(text) == (length == 10 and not doubt)


@pytest.mark.slow
def test_details_of_jurisdictions_and_offices_are_counted(tmp_path: Path) -> None:
    losses = LossReport()
    told = export(build_in(write_homes_and_offices(tmp_path))[0], losses)
    (home,) = [one["recordDetails"]["jurisdiction"] for one in told if one["recordId"] == "alpha/firm"]
    assert home == {"name": "Atlantis"}
    assert {(one.kind, one.field, one.example) for one in losses.lines() if one.kind != "Stake"} == {
        ("Relation", "homeState", "2001"), ("Relation", "homeState", "by its name"), ("Tenure", "officeIn", "ministry"),
        ("Tenure", "", "Clerk"), ("Firm", "stateOwned", "false"), ("Investment", "", "i"),
        ("GovernmentBody", "", "Ministry"), ("State", "", "Atlantis"),
    }  # fmt: skip

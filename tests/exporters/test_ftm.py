"""FollowTheMoney export: conforms to its model, with every share exactly once and each statement from one source."""

from __future__ import annotations

import csv
import json
import subprocess
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from exporters import ROOT, write_homes_and_offices
from exporters.ftm_model import FtmModel
from peru_asia_graph.files.loss_report import LossReport
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.sources import read_sources
from two_sources import build_in, source, write_source

Entity = dict[str, Any]
TOOLS = Path(__file__).parents[1] / "tools"
PROGRAM = TOOLS / "followthemoney" / "bin" / "ftm"


def export(graph: KnowledgeGraph, losses: LossReport | None = None, **options: str) -> dict[str, Entity]:
    """Return the exported entities of a graph by id."""
    lines = graph.export("ftm", losses=losses, **options).decode().splitlines()
    found: dict[str, Entity] = {one["id"]: one for one in map(json.loads, lines)}
    assert len(found) == len(lines)
    return found


@pytest.fixture(scope="module")
def entities(sources: KnowledgeGraph) -> dict[str, Entity]:
    """The exported entities of the shipped graph."""
    return export(sources)


@pytest.fixture(scope="module")
def model() -> FtmModel:
    """The model of FollowTheMoney."""
    found = sorted((TOOLS / "checkers").glob("lib/python*/site-packages/followthemoney/schema"))
    if not found:
        pytest.skip("the model of FollowTheMoney is not installed (tests/tools/install.sh installs it)")
    return FtmModel(found[0])


def test_shipped_graph_conforms_to_the_model(entities: dict[str, Entity], model: FtmModel) -> None:
    assert list(model.problems(entities)) == []
    assert {one["schema"] for one in entities.values()} >= {
        "Asset", "Company", "Organization", "PublicBody", "Person", "Ownership", "Directorship", "Membership",
        "Occupancy", "Project", "ProjectParticipant", "UnknownLink", "Document",
    }  # fmt: skip


def test_checker_detects_errors(entities: dict[str, Entity], model: FtmModel) -> None:
    stake = entities["cnpc-in-block-8"]
    broken = {**stake["properties"], "asset": ["peru"], "startDate": ["2012~"], "owner": [], "shares": ["1"]}
    faults = set(model.problems({**entities, "cnpc-in-block-8": {**stake, "properties": broken}}))
    assert faults == {
        "cnpc-in-block-8: lacks owner", "cnpc-in-block-8.asset: peru is no Asset",
        "cnpc-in-block-8.startDate: '2012~' is no date", "cnpc-in-block-8.shares: no such property",
    }  # fmt: skip


def test_block_8_shares_by_source(entities: dict[str, Entity]) -> None:
    """Tables 6 and 7 of the paper, and the owner and parent columns of GEM's row OG0004942."""
    held: dict[str, Counter[tuple[str, str]]] = {"sanborn_yong": Counter(), "gem": Counter()}
    for one in entities.values():
        if one["properties"].get("asset") == ["block-8"]:
            (name,), said = one["datasets"], one["properties"]
            held[name][said["percentage"][0], said["ownershipType"][0]] += 1
    assert held == {
        "sanborn_yong": Counter([("60", "direct"), ("11.6", "direct"), ("20", "direct"), ("8.3", "direct"),
                                 ("27", "indirect"), ("33", "indirect")]),
        "gem": Counter([("60", "direct"), ("11.7", "direct"), ("20", "direct"), ("8.3", "direct"),
                        ("33", "indirect"), ("11.7", "indirect"), ("20", "indirect"), ("8.3", "indirect")]),
    }  # fmt: skip
    assert entities["block-8"]["datasets"] == ["gem", "sanborn_yong"]
    cited = entities["cnpc-in-block-8"]["properties"]
    assert cited["proof"] == ["sanborn-yong"] and cited["summary"][0] == "Table 7, row Block 8 (p. 28)"
    assert entities["sanborn-yong"]["properties"]["author"] == ["Cynthia Sanborn", "Alexis Yong"]


def test_every_stake_is_exported_once_with_its_share(sources: KnowledgeGraph, entities: dict[str, Entity]) -> None:
    told = {slug: one for slug, one in entities.items() if one["schema"] == "Ownership"}
    seen = set()
    for info in read_sources(sources.store):
        query = "SELECT ?stake ?owner ?owned ?share { ?stake a pag:Stake ; pag:owner ?owner ; pag:owned ?owned "
        for slug, owner, owned, share in (
            sources.only(info.name).query(query + "OPTIONAL { ?stake pag:sharePercent ?share } }").table()
        ):
            one = told[str(slug)]
            assert one["datasets"] == [info.name.replace("-", "_")]
            assert (one["properties"]["owner"], one["properties"]["asset"]) == ([owner], [owned])
            if share is not None:
                assert [Decimal(text) for text in one["properties"]["percentage"]] == [Decimal(str(share))]
            seen.add(slug)
    assert seen == told.keys()


def test_dates_keep_their_precision_or_are_text(entities: dict[str, Entity]) -> None:
    """2012 is a valid date in FollowTheMoney; 2012~ is not, and is kept as text rather than cut to 2012."""
    sold, bought = (entities[f"{one}-in-mina-justa"]["properties"] for one in ("cst-mining-group", "cumbres-andinas"))
    assert (sold["endDate"], sold["status"]) == (["2012"], ["former"])
    assert "startDate" not in bought and "valid from 2012~" in bought["description"][0]


def test_investment_is_exported_as_a_project(entities: dict[str, Entity]) -> None:
    """Table 7: US$ 1,500 million in Rio Blanco by three firms, 2009-2014."""
    project = entities["rio-blanco-investment-t7"]
    assert project["schema"] == "Project" and project["properties"]["amountUsd"] == ["1500000000"]
    investors = {one["properties"]["participant"][0] for one in entities.values()
                 if one["properties"].get("project") == ["rio-blanco-investment-t7"]}  # fmt: skip
    assert investors == {"tongling-nonferrous", "xiamen-c-and-d", "zijing-mining-group"}
    link = entities["rio-blanco-investment-t7--in-rio-blanco"]["properties"]
    assert (link["subject"], link["object"]) == (["rio-blanco-investment-t7"], ["rio-blanco"])


def test_identifiers_and_countries(entities: dict[str, Entity]) -> None:
    assert entities["mitsui-and-co"]["properties"]["leiCode"] == ["2NRSB4GOU9DD6CNW5R48"]
    assert entities["cnpc"]["properties"]["country"] == ["cn"]
    assert entities["cnpc"]["properties"]["topics"] == ["gov.soe"]
    assert entities["peru"]["schema"] == "PublicBody" and entities["peru"]["properties"]["wikidataId"] == ["Q419"]
    # A state entity is an organization, which cannot be an asset; as it is owned, it is exported as a company.
    assert entities["cofide"]["schema"] == "Company"


def test_single_source(sources: KnowledgeGraph) -> None:
    alone = export(sources, source="gem")
    assert {tuple(one["datasets"]) for one in alone.values()} == {("gem",)}
    assert "cnpc-in-block-8" not in alone and alone["cnpc"]["properties"]["alias"] == ["CNPC"]


def test_bounds_are_exported_as_text_and_counted(tmp_path: Path) -> None:
    things = {"firm": ("Organization", "Firm"), "owner": ("Person", "Owner")}
    things["other"] = ("Organization", "Other")
    rows = [{"id": "a", "owner": "owner", "owned": "firm", "share_low": "25", "share_high": "50.50"},
            {"id": "b", "owner": "owner", "owned": "other", "share_printed": "a majority"}]  # fmt: skip
    write_source(tmp_path, "alpha", source("alpha", things, rows), date="2016-03-01")
    losses = LossReport()
    found = export(build_in(tmp_path)[0], losses)
    assert found["a"]["properties"]["percentage"] == ["25 to 50.5"]
    assert (found["b"]["properties"]["percentage"], "description" in found["b"]["properties"]) == (
        ["a majority"],
        False,
    )
    assert found["firm"]["schema"] == "Company"
    assert [(one.kind, one.field, one.times) for one in losses.lines()] == [("Stake", "shareLow", 1)]


@pytest.mark.long
def test_ftm_accepts_every_value_and_writes_neo4j_files(sources: KnowledgeGraph, tmp_path: Path) -> None:
    if not PROGRAM.exists():
        pytest.skip("followthemoney is not installed (tests/tools/install.sh --long installs it)")
    given, taken, bulk = (tmp_path / name for name in ("given.jsonl", "taken.jsonl", "bulk"))
    given.write_bytes(sources.export("ftm"))
    for command, out in (("validate", taken), ("export-neo4j-bulk", bulk)):
        line = [str(part) for part in (PROGRAM, command, "-i", given, "-o", out)]
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
    before, after = ({one["id"]: one["properties"] for one in map(json.loads, path.read_text("utf-8").splitlines())}
                     for path in (given, taken))  # fmt: skip
    assert before.keys() == after.keys()
    for slug, properties in before.items():
        assert {name: set(values) for name, values in properties.items()} == {
            name: set(values) for name, values in after[slug].items()
        }
    with (bulk / "Ownership.csv").open(encoding="utf-8", newline="") as file:
        edges = list(csv.reader(file))[1:]
    assert len(edges) == sum(json.loads(line)["schema"] == "Ownership" for line in given.read_bytes().splitlines())


@pytest.mark.slow
def test_state_without_a_code_and_office_in_a_part_are_exported(tmp_path: Path) -> None:
    losses = LossReport()
    found = export(build_in(write_homes_and_offices(tmp_path))[0], losses)
    home = found["home"]["properties"]
    assert (home["subject"], home["object"], home["role"]) == (["firm"], ["atlantis"], ["home state"])
    assert (home["startDate"], home["description"], home["summary"]) == (["2001"], ["by its name"], ["p. 1 ¶1"])
    clerk = found["clerk"]["properties"]
    assert (clerk["organization"], clerk["director"], clerk["role"]) == (["ministry"], ["ana"], ["Clerk"])
    assert {(one.kind, one.field, one.example) for one in losses.lines()} == {
        ("Tenure", "officeIn", "ministry"), ("Firm", "stateOwned", "false"), ("Investment", "homeState", "atlantis"),
    }  # fmt: skip


@pytest.mark.slow
def test_certain_home_states_become_countries_and_possible_ones_links(sources: KnowledgeGraph) -> None:
    losses = LossReport()
    found = export(sources, losses, source="sanborn-yong")
    with (ROOT / "data" / "sanborn-yong" / "relations.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["relation"] == "homeState"]
    # These three are "possible" in relations.csv.
    for slug in ("brescia-group", "hutchison-port-holdings", "main-peruvian-economic-group"):
        (link,) = [row["id"] for row in rows if row["subject"] == slug]
        assert (found[link]["properties"]["status"], "country" in found[slug]["properties"]) == (["possible"], False)
    counts = {(one.kind, one.field, one.reason): one.times for one in losses.lines()}
    notes = [row for row in rows if row["note"] and row["certainty"] == "stated"]
    assert counts["Relation", "homeState", "countries have no notes"] == len(notes) == 64
    # Three rows of tenures.csv have an office_in besides the state.
    assert counts["Tenure", "officeIn", "no equivalent in FollowTheMoney"] == 3

"""The paper's ownership, by hand from its tables: chains, years, what is not known, and how each share is derived."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from peru_asia_graph.cli import pag
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.holdings.owners import picture_of
from peru_asia_graph.ownership.answers import all_rows, owners_of

BLOCK_8 = {
    "pluspetrol-norte": 60.0,
    "pluspetrol-resources": 33.0,
    "cnpc": 27.0,
    "knoc": 20.0,
    "daewoo": 11.6,
    "sk-energy": 8.3,
}


def test_block_8_is_what_table_7_states_and_adds_up_to_99_9(kg: KnowledgeGraph) -> None:
    """Table 6: 45 and 55 % of the 60 %; Table 7: 27 and 33 %. Nothing is added twice."""
    rows, found = owners_of(picture_of(kg.store, 2012), "block-8")
    assert {row.owner: row.share.point for row in rows} == BLOCK_8
    assert {row.owner for row in rows if row.share.direct} == set(BLOCK_8) - {"cnpc", "pluspetrol-resources"}
    ends = [row.share.point or 0 for row in rows if row.owner != "pluspetrol-norte"]
    assert sum(ends) == pytest.approx(99.9)
    assert found.unaccounted is not None and found.unaccounted.point == pytest.approx(0.1)
    assert {row.owner: row.stated.data["share"] for row in rows if row.stated} == {
        "cnpc": 27.0, "pluspetrol-resources": 33.0,
    }  # fmt: skip


def test_mina_justa_changes_hands_in_2012(kg: KnowledgeGraph) -> None:
    """70 % of CST until 2012, then of Cumbres Andinas; in the year itself neither is sure, and none of both is 140."""
    points = {
        year: {row.owner: row.share for row in owners_of(picture_of(kg.store, year), "mina-justa")[0]}
        for year in (2011, 2012, 2013)
    }
    assert points[2011]["cst-mining-group"].point == 70.0 and "cumbres-andinas" not in points[2011]
    assert points[2013]["cumbres-andinas"].point == 70.0 and "cst-mining-group" not in points[2013]
    for owner in ("cst-mining-group", "cumbres-andinas"):
        assert (points[2012][owner].low, points[2012][owner].high) == (0.0, 70.0)
    assert points[2012]["korea-resources"].point == points[2012]["ls-nikko-copper"].point == 15.0


def test_the_share_of_brescia_is_the_one_stated(kg: KnowledgeGraph) -> None:
    """The chain through Cumbres Andinas has no share; Table 6 gives the group the same 70 %, not a further 70."""
    rows = {row.owner: row for row in owners_of(picture_of(kg.store, 2013), "mina-justa")[0]}
    assert (rows["brescia-group"].how, rows["brescia-group"].share.point) == ("stated", 70.0)
    assert rows["brescia-group"].certainty == "possible"
    before = owners_of(picture_of(kg.store, 2011), "mina-justa")[0]
    assert "brescia-group" not in {row.owner for row in before}


def test_shares_not_stated_are_not_zero(kg: KnowledgeGraph) -> None:
    """Table 5 says Huanzala is held through a subsidiary, and no share."""
    rows, found = owners_of(picture_of(kg.store), "huanzala")
    assert {row.owner: (row.share.low, row.share.high) for row in rows} == {
        "mitsui-mining-and-smelting": (0.0, 100.0), "santa-luisa": (0.0, 100.0),
    }  # fmt: skip
    assert found.unaccounted is not None and (found.unaccounted.low, found.unaccounted.high) == (0.0, 100.0)


def test_undated_stakes_are_not_known_then(kg: KnowledgeGraph) -> None:
    rows = {(row.owner, row.asset): row.time for row in all_rows(picture_of(kg.store, 2012))}
    assert rows["cnpc", "block-8"] == "not known then"
    assert rows["mitsui-and-co", "bayovar"] == "true"


def test_every_computed_share_names_its_stakes(kg: KnowledgeGraph) -> None:
    answer = kg.query("""
        SELECT ?stake { id:cnpc-in-block-8--2013 a pag:EffectiveShare ; prov:wasDerivedFrom ?stake }""")
    assert {str(row["stake"]) for row in answer} == {
        "cnpc-in-pluspetrol-norte", "pluspetrol-norte-in-block-8", "cnpc-in-block-8",
    }  # fmt: skip
    assert not kg.query(
        "SELECT ?s { ?s a pag:EffectiveShare FILTER NOT EXISTS { ?s prov:wasDerivedFrom/pag:citation ?c } }"
    )


def test_control_follows_majorities_and_words(kg: KnowledgeGraph) -> None:
    found = {str(row["firm"]): str(row["control"]) for row in kg.control("China")}
    assert found["SAPET"] == found["El Galeno"] == "controls"
    assert "Block 8" not in found and "Pluspetrol Norte S.A." not in found
    assert [str(row["firm"]) for row in kg.control("CNPC")] == ["SAPET"]
    assert not kg.control("China MinMetals Corporation", threshold=60.0)


def test_ties_of_block_8(kg: KnowledgeGraph) -> None:
    """Korean firms 20 + 11.6 + 8.3, CNPC 27, Pluspetrol Resources 33 without a stated home state, 0.1 left."""
    found = {str(row["tied_to"]): row["percent"] for row in kg.ties(asset="Block 8")}
    assert {state: float(share or -1) for state, share in found.items()} == {  # type: ignore[arg-type]
        "South Korea": 39.9, "China": 27.0, "firms called state-owned": 27.0,
        "owners without a stated home state": 33.0, "unaccounted for": 0.1,
    }  # fmt: skip


def test_ties_of_mining_investment_of_korea(kg: KnowledgeGraph) -> None:
    """Table 6, mining: 744 and 200, and Cerro Lindo without an amount."""
    rows = {str(row["tied_to"]): row for row in kg.ties(sector="Mining")}
    korea = rows["South Korea"]
    assert (korea["investments"], korea["without_amount"], float(str(korea["usd_million"]))) == (3, 1, 944.0)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["owners", "block 8", "--year", "2012", "--explain"], "45 % of Pluspetrol Norte S.A.  [Table 6"),
        (["owners", "Block 8", "-f", "csv"], "Korea National Oil Corporation,20,20,20,20,computed"),
        (["owners", "Antamina", "-f", "table"], "unaccounted for"),
        (["holdings", "knoc", "-f", "csv"], "Block 115,30"),
        (["control", "China", "-f", "csv"], "called state-owned"),
        (["diff", "2011", "2013", "-f", "csv"], "came,Mina Justa,Cumbres Andinas,70,2012~"),
        (["ties", "--commodity", "copper", "-f", "csv"], "Toromocho,no owner stated"),
    ],
)
def test_commands_answer(command: list[str], said: str) -> None:
    done = CliRunner().invoke(pag, command)
    assert done.exit_code == 0, done.output
    assert said in done.stdout


def test_explanations_as_json_carry_the_tree() -> None:
    done = CliRunner().invoke(pag, ["owners", "Block 8", "--year", "2012", "--explain", "-f", "json"])
    tree = {row["owner"]: row for row in json.loads(done.stdout)}
    [chain] = tree["cnpc"]["chains"]
    assert [stake["share_percent"] for stake in chain["stakes"]] == [45.0, 60.0]
    assert chain["share_percent"] == 27.0
    assert all(stake["citations"] for stake in chain["stakes"])


@pytest.mark.parametrize(
    "command",
    [["ties"], ["owners", "Nowhere"], ["owners", "Block 8", "--year", "12"], ["control", "CNPC", "--threshold", "3"]],
)
def test_wrong_use_has_one_message(command: list[str]) -> None:
    done = CliRunner().invoke(pag, command)
    assert done.exit_code != 0 and done.exception is not None

"""Ownership tables, explanations and commands, worked out by hand from the paper's tables."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from peru_asia_graph.cli import pag
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.holdings.owners import (
    control_table,
    holdings_table,
    owners_table,
    read_snapshot,
    read_snapshot_around,
)


def test_every_computed_share_names_its_stakes(kg: KnowledgeGraph) -> None:
    answer = kg.query("""
        SELECT ?stake { id:cnpc-in-block-8--2013 a pag:EffectiveShare ; prov:wasDerivedFrom ?stake }""")
    assert {str(row["stake"]) for row in answer} == {
        "cnpc-in-pluspetrol-norte", "pluspetrol-norte-in-block-8", "cnpc-in-block-8",
    }  # fmt: skip
    assert not kg.query(
        "SELECT ?s { ?s a pag:EffectiveShare FILTER NOT EXISTS { ?s prov:wasDerivedFrom/pag:citation ?c } }"
    )


def test_control_follows_majorities_and_statements(kg: KnowledgeGraph) -> None:
    found = {str(row["firm"]): str(row["control"]) for row in kg.control("China")}
    assert found["SAPET"] == found["El Galeno"] == "controls"
    assert "Block 8" not in found and "Pluspetrol Norte S.A." not in found
    named = {"Block 6", "Block 7", "Block 111", "Block 113"}  # Table 7 names CNPC without a share
    assert {str(row["firm"]): str(row["control"]) for row in kg.control("CNPC")} == {
        "SAPET": "controls", "State-owned oil assets bought by Sapet": "may control",
        **dict.fromkeys(named, "named, no stake stated"),
    }  # fmt: skip
    assert not kg.control("China MinMetals Corporation", threshold=60.0)


def test_control_follows_indirect_shares_stated_without_a_chain(sources: KnowledgeGraph) -> None:
    """GEM, column parent: CNPC has 100 % of four fields and 46.2 % of Block 57, Repsol SA the other 53.8 %."""
    *found, last, very_last = sources.control("CNPC", source="gem").table()
    assert [row[2] for row in found] == ["controls"] * 4 and {row[4] for row in found} == {"100 % indirect"}
    assert {str(row[1]).split(" Oil")[0] for row in found} == {"Block 58", "Block VI/VII", "Block X", "Urubamba A/B"}
    assert [last[1], very_last[1]] == ["CNPC Perú S.A.", "SAPET"] and last[2] == "named, no stake stated"
    assert sources.control("Repsol SA").table()[0][1:5] == [
        "Block 57 Oil and Gas Field (Peru)",
        "may control",
        None,
        "53.8 % indirect",
    ]
    assert sources.control("Ecopetrol").table()[0][1:3] == ["Block Z-2B", "controls"]


@pytest.mark.parametrize("firm,parent", [
    ("CNPC Perú S.A.", "China National Petroleum Corporation"), ("Petrotal Peru S.R.L.", "Petrotal Corporation"),
    ("Apurimac Ferrum SAC", "Strike Resources"),
])  # fmt: skip
def test_possible_parent_is_named_without_a_share(sources: KnowledgeGraph, firm: str, parent: str) -> None:
    """Global Energy Monitor lists owners and parents in two columns, matched only by their order."""
    said = ["parent, no stake stated", "possible"]
    (row,) = sources.owners(firm, source="gem")
    assert [row["how"], row["certainty"]] == said and str(row["owner"]).startswith(parent)
    assert row["effective_high"] is row["direct_percent"] is None
    (held,) = (one for one in sources.holdings(parent, source="gem") if one["asset"] == row["asset"])
    assert [held["how"], held["certainty"]] == said
    (control,) = (one for one in sources.control(parent, source="gem") if one["firm"] == row["asset"])
    assert control["control"] == "named, no stake stated" and "(possible)" in str(control["because"])


def test_bounds_cover_conflicting_sources(sources: KnowledgeGraph) -> None:
    """Block Z-2B: Table 6 gives Ecopetrol 50, GEM record OG0004928 gives it 100 as parent of Savia Peru."""
    rows = {str(row["owner"]): row for row in sources.owners("Block Z-2B", 2025, combine=True)}
    bounds = ("effective_low", "effective_percent", "effective_high")
    assert [rows["Ecopetrol"][name] for name in bounds] == [50, None, 100]


def test_combined_answers_name_only_sources_with_owners(sources: KnowledgeGraph) -> None:
    """Only two of the seven sources state owners. Daewoo: 11.6 in Table 6, 11.7 in record OG0004942."""
    rows = list(sources.owners("Block 8", combine=True))
    assert {row["source"] for row in rows} == {"sanborn-yong+gem"}
    daewoo = next(row for row in rows if row["owner"] == "Daewoo")
    assert [float(str(daewoo[f"effective_{end}"])) for end in ("low", "high")] == [11.6, 11.7]
    assert sources.explain("Block 8", combine=True).startswith("Sanborn & Yong (2013) + GEM (2025)\n")


def test_combined_explanation_says_which_source_gives_which_share(sources: KnowledgeGraph) -> None:
    """Daewoo: 11.6 in Tables 6 and 7, 11.7 in record OG0004942; all sources give SK Energy 8.3."""
    lines = sources.explain("Block 8", combine=True).splitlines()
    at = lines.index("Daewoo: 11.6 to 11.7 %") + 2
    paper = "Sanborn & Yong Table 6, row Block 8 (p. 25); Sanborn & Yong Table 7, row Block 8 (p. 28)"
    record = "    11.7 %, as of 2025-02-26  [GEM record OG0004942, owner]"
    assert lines[at : at + 3] == [f"    11.6 %  [{paper}]", record, ""]
    after = lines.index("SK Energy: 8.3 %") + 2
    assert lines[after].startswith("  stated as indirect: 8.3 %")  # stated alike
    derived = {one["owner"]: one for one in sources.derivation("Block 8", combine=True)}
    (stake,) = derived["daewoo"]["chains"][0]["stakes"]  # type: ignore[index]
    assert [(one["source"], one["share_percent"]) for one in stake["statements"]] == [
        ("sanborn-yong", 11.6), ("gem", 11.7),
    ]  # fmt: skip


def test_combined_answers_say_their_year_unless_it_was_asked_for(sources: KnowledgeGraph) -> None:
    """The record of Global Energy Monitor is of 2025-02-26; no other source of owners is later."""
    asked = (lambda **given: sources.owners("Block 8", **given), lambda **given: sources.holdings("CNPC", **given),
             lambda **given: sources.control("China", **given),
             lambda **given: sources.ties(asset="Block 8", **given))  # fmt: skip
    for ask in asked:
        assert ask(combine=True).notes[0].startswith("combined for 2025, ")
        notes = [*ask(combine=True, year=2013).notes, *ask().notes]
        assert not [note for note in notes if note.startswith("combined for")]


def test_control_in_a_year_marks_undated_stakes(kg: KnowledgeGraph) -> None:
    """Table 7 gives El Galeno's 60 % without a date; p. 26 dates the purchase of Hierro Peru to 1992."""
    assert [str(row["time"]) for row in kg.control("China", 1993) if str(row["firm"]) == "El Galeno"] == [
        "not known then"
    ]
    assert [tuple(map(str, row.values()))[::4] for row in kg.control("Shougang Group", 2000)] == [
        ("Hierro Peru", "true")
    ]


def test_stake_with_uncertain_start_may_have_come(kg: KnowledgeGraph) -> None:
    """Table 7, Block 6 / 7: one since January 1994, one since October 1995, unstated which; p. 26: Sapet in 1993."""
    found = {(str(row["asset"]), str(row["owner"])): str(row["change"]) for row in kg.diff(1992, 1994)}
    cnpc = "China National Petroleum Corporation"
    assert found["Block 6", cnpc] == found["Block 7", cnpc] == "may have come"
    assert found["State-owned oil assets bought by Sapet", "SAPET"] == "came"
    later = {str(row["asset"]): str(row["change"]) for row in kg.diff(1992, 1996)}
    assert later["Block 6"] == later["Block 7"] == "came"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["owners", "block 8", "--year", "2012", "--explain"], "45 % of Pluspetrol Norte S.A.  [Table 6"),
        (["owners", "Block 8", "-f", "csv"], "Korea National Oil Corporation,20,20,20,20,computed"),
        (["owners", "Antamina", "-f", "table"], "unaccounted for"),
        (["holdings", "knoc", "-f", "csv"], "Block 115,30"),
        (["control", "China", "-f", "csv"], "called state-owned"),
        (["diff", "2011", "2013", "-f", "csv"], "came,Mina Justa,Cumbres Andinas,70,2012~"),
        (["ties", "--commodity", "copper", "-f", "csv"], 'Toromocho,"company named, no stake stated",100'),
        (["ties", "--asset", "Katanga", "-f", "csv"], "no owner stated,100"),
    ],
)
def test_commands_answer(command: list[str], said: str) -> None:
    done = CliRunner().invoke(pag, command)
    assert done.exit_code == 0, done.output
    assert said in done.stdout


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["holdings", "Vale"], "for all years: pag ask owned-by -p owner=Vale"),
        (["control", "Vale"], "no stake over 50 % is stated; for all holdings: pag holdings Vale"),
        (["diff", "2000", "2001"], "no change of owners is stated"),
        (["ties", "--commodity", "lead"], "the sources state nothing about it"),
    ],
)
def test_empty_answer_explains_itself(command: list[str], said: str) -> None:
    """Table 5: Vale sold its share of Bayovar in 2010 and is named nowhere else; no stake is dated 2000 or 2001."""
    assert said in CliRunner().invoke(pag, command).stderr


def test_json_explanations_contain_the_chains() -> None:
    done = CliRunner().invoke(pag, ["owners", "Block 8", "--year", "2012", "--explain", "-f", "json"])
    tree = {row["owner"]: row for row in json.loads(done.stdout)}
    [chain] = tree["cnpc"]["chains"]
    assert [stake["share_percent"] for stake in chain["stakes"]] == [45.0, 60.0]
    assert chain["share_percent"] == 27.0
    assert all(stake["citations"] for stake in chain["stakes"])


@pytest.mark.parametrize(
    "command",
    [
        ["ties"],
        ["owners", "Nowhere"],
        ["owners", "Block 8", "--year", "12"],
        ["control", "CNPC", "--threshold", "3"],
        ["diff", "2013", "2011"],
        ["ask", "un-votes", "-p", "from=2010", "-p", "to=2005"],
        ["ask", "events-in-years", "-p", "from=1990", "-p", "to=1989-12"],
    ],
)
def test_invalid_arguments_are_rejected(command: list[str]) -> None:
    done = CliRunner().invoke(pag, command)
    assert done.exit_code != 0 and done.exception is not None


@pytest.mark.slow
@pytest.mark.parametrize("year", [1991, *(pytest.param(year, marks=pytest.mark.long) for year in (2008, 2012)), 2013])
def test_partial_snapshot_gives_the_same_answers(kg: KnowledgeGraph, year: int) -> None:
    whole = read_snapshot(kg.store, year)
    for node in sorted(whole.graph.nodes):
        part = read_snapshot_around(kg.store, node, year, below=True)
        assert holdings_table(part, node).table() == holdings_table(whole, node).table()
        assert control_table(part, node, 50).table() == control_table(whole, node, 50).table()
        if whole.graph.edges_in(node):
            above = read_snapshot_around(kg.store, node, year)
            assert owners_table(above, node).table() == owners_table(whole, node).table()
            assert above.graph.nodes.keys() <= whole.graph.nodes.keys()


@pytest.mark.parametrize(
    "command",
    [
        ["owners", "Block 8"],
        ["holdings", "CNPC"],
        ["control", "China"],
        ["diff", "2011", "2013"],
        ["ties", "--asset", "Antamina"],
    ],
    ids=str,
)
def test_a_small_graph_needs_no_numerical_library(command: list[str]) -> None:
    code = (
        "import sys; from peru_asia_graph.cli import pag; pag(sys.argv[1:], standalone_mode=False); "
        "print({'numpy', 'scipy', 'networkx', 'pandas'} & sys.modules.keys(), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=True)
    assert done.stdout and done.stderr.strip().splitlines()[-1] == "set()"  # a note may come first


def test_holdings_of_a_state_point_to_those_of_its_firms(kg: KnowledgeGraph) -> None:
    """Table 6 (p. 25) lists stakes of Korean firms; the state itself holds none."""
    answer = kg.holdings("South Korea")
    assert not answer.rows
    assert answer.notes[0].endswith("for what its firms hold: pag ask stakes-of-country -p country=south-korea")
    # Control counts the firms that a state owns.
    for other in (kg.holdings("KNOC"), kg.control("South Korea")):
        assert not any("this is a state" in note for note in other.notes)

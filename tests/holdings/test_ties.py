"""Ties to states: worked out by hand from the paper's tables, and all at once against one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from ownership.generated import state_bounds
from peru_asia_graph.errors import WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.holdings.owners import read_snapshot
from peru_asia_graph.holdings.ties import ties_of
from peru_asia_graph.ownership.plain_graph import Edge, PlainGraph
from peru_asia_graph.ownership.snapshot import OwnershipSnapshot, make_snapshot
from peru_asia_graph.ownership.states import states_behind
from two_sources import build_in, same, source, write_source

YEARS = (1991, 1992, 2000, 2008, 2009, 2011, 2012, 2013)


@pytest.mark.parametrize("year", YEARS)
def test_all_ties_match_the_ties_of_each_asset(kg: KnowledgeGraph, year: int) -> None:
    snapshot = read_snapshot(kg.store, year).with_doubts_open
    home = {
        node: str(snapshot.label(node) if data.get("type") == "State" else data.get("country_label", ""))
        for node, data in snapshot.graph.nodes.items()
    }
    found = state_bounds(states_behind(snapshot.holdings, {node: state for node, state in home.items() if state}))
    states = set(home.values())
    for asset in (node for node in snapshot.graph if snapshot.graph.edges_in(node)):
        for state, tie in ties_of(snapshot, asset).items():
            if state in states:
                low, high = found.pop((asset, state))
                assert low == pytest.approx(tie.low, abs=1e-6) and high >= tie.high - 1e-6
    assert found == {}


def test_all_ties_are_labelled_and_sorted(kg: KnowledgeGraph) -> None:
    table = kg.ties().table()
    assert table == sorted(table, key=lambda row: (str(row[0]), str(row[1])))
    by_hand = {("Antamina", "Japan"): (10, 10), ("Block 1AB", "China"): (45, 45), ("Rio Blanco", "China"): (100, 100)}
    found = {(row[0], row[1]): (row[2], row[4]) for row in table}
    assert {key: found[key] for key in by_hand} == by_hand
    assert all(0 <= float(str(row[2])) <= float(str(row[4])) <= 100 for row in table if row[2] is not None)
    assert {row[1] for row in table if row[2] is None} == {"company named, no stake stated"}


def test_ties_of_block_8(kg: KnowledgeGraph) -> None:
    """Korean firms 20 + 11.6 + 8.3, CNPC 27, Pluspetrol Resources 33 without a stated home state; 0.1 is left."""
    found = {str(row["tied_to"]): row["percent"] for row in kg.ties(asset="Block 8")}
    assert {state: float(share or -1) for state, share in found.items()} == {  # type: ignore[arg-type]
        "South Korea": 39.9, "China": 27.0, "firms called state-owned": 27.0,
        "owners without a stated home state": 33.0, "unaccounted for": 0.1,
    }  # fmt: skip


def test_korean_mining_investment(kg: KnowledgeGraph) -> None:
    """Table 6, mining: 744 and 200, and Cerro Lindo without an amount."""
    rows = {str(row["tied_to"]): row for row in kg.ties(sector="Mining")}
    korea = rows["South Korea"]
    assert (korea["investments"], korea["without_amount"], float(str(korea["usd_million"]))) == (3, 1, 944.0)


def test_amount_repeated_in_the_text_counts_once(kg: KnowledgeGraph) -> None:
    """Table 7, mining: 2150 + 2500 + 1200 + 3005 + 1500 and seven rows without an amount; p. 26: Hierro Peru 118.

    Page 27 repeats Toromocho's 2.15 billion. Called state-owned: Chinalco 2150, MinMetals 2500, Shougang 118.
    """
    rows = {str(row["tied_to"]): row for row in kg.ties(sector="Mining")}
    found = {
        state: (row["investments"], row["without_amount"], float(str(row["usd_million"])))
        for state, row in rows.items()
    }
    assert found["China"] == (13, 7, 10473.0)
    assert found["firms called state-owned"] == (3, 0, 4768.0)
    assert float(str(rows["China"]["percent_of_known"])) == 67.2  # of 10473 + 4174 + 944
    assert "not the money invested" in str(rows["China"]["caveat"])


def test_mean_excludes_groups_of_projects(kg: KnowledgeGraph) -> None:
    """p. 22 ¶1 names Katanga, Santa Lucia and Michiquillay; Toromocho is one of the three concessions on p. 26 ¶3."""
    rows = [row for row in kg.ties(commodity="copper").table() if str(row[0]).startswith("mean")]
    assert [[str(row[0]), str(row[1]), row[3]] for row in rows] == [
        ["mean of 4 projects, unweighted", "company named, no stake stated", 25],
        ["mean of 4 projects, unweighted", "no owner stated", 75],
    ]


def test_combined_sources_give_the_states_behind_a_commodity(sources: KnowledgeGraph) -> None:
    """USGS records 246, 271 and 238 are porphyry copper; Tables 5 and 7 of the paper give their owners.

    El Galeno: 60 + 40 of two Chinese firms; Quellaveco: 18.1 of Mitsubishi; Rio Blanco: 45 + 35 + 20. In the mean of
    eight projects China has all of two, so 25.
    """
    table = sources.ties(commodity="copper", combine=True)
    found = {(str(row["project"]), str(row["tied_to"])): row for row in table}
    by_hand = {("El Galeno", "China"): 100.0, ("El Galeno", "firms called state-owned"): 60.0,
               ("Quellaveco", "Japan"): 18.1, ("Rio Blanco", "China"): 100.0,
               ("mean of 8 projects, unweighted", "China"): 25.0}  # fmt: skip
    assert {key: float(str(found[key]["percent"])) for key in by_hand} == by_hand
    assert found["El Galeno", "China"]["citations"] == "Sanborn & Yong Table 7, row El Galeno (p. 28)"
    assert {row["source"] for row in table} == {"sanborn-yong+gem+usgs-porphyry"}
    # GEM names CNPC as parent with 46.2 % of Block 57; the paper calls it Chinese.
    block = {row["tied_to"]: row["percent"] for row in sources.ties(asset="Block 57", combine=True)}
    assert float(str(block["China"])) == 46.2
    every = {(row["asset"], row["tied_to"]) for row in sources.ties(combine=True)}
    assert {("Rio Blanco", "China"), ("Quellaveco", "Japan")} <= every
    with pytest.raises(WrongUse, match="leave out combine"):
        sources.ties(sector="Mining", combine=True)


def test_shares_stated_without_a_chain_are_counted_once(sources: KnowledgeGraph) -> None:
    """Global Energy Monitor states the parents of an asset beside its owners, through which they hold.

    Block 8: 60 + 20 + 11.7 + 8.3; Block 39: 35 + 30.1 + 23.6 + 11.2; Block 56: 42.6 + 25.2 + 10 + 10, other 12.2.
    """
    by_hand = {"Block 8": 100.0, "Block 39": 99.9, "Block 56": 87.8, "Block Z-2B": 100.0, "Apurimac Mine": 100.0}
    for asset, share in by_hand.items():
        rows = {row["tied_to"]: row for row in sources.ties(asset=asset, source="gem")}
        assert float(str(rows["owners without a stated home state"]["percent"])) == share
        assert float(str(rows["unaccounted for"]["percent"])) == pytest.approx(100 - share)
    shares = [row[3:6] for row in sources.ties().table() if row[3] is not None]
    assert all(0 <= low <= high <= 100 for low, _, high in shares)  # type: ignore[operator]


def test_parent_in_another_state_replaces_one_of_the_owners() -> None:
    """Owners of 60 and 40, and a parent of 60 behind one of them, unstated which: each owner keeps at most 40."""
    graph: PlainGraph[str] = PlainGraph()
    for owner, share in (("one", 60.0), ("other", 40.0)):
        graph.add_edge(Edge(owner, "mine", owner, {"share": share, "time": "true"}))
    parent = Edge("parent", "mine", "parent", {"share": 60.0, "time": "true"})
    graph.nodes = {name: {"label": name, "country_label": f"state of {name}"} for name in ("one", "other", "parent")}
    graph.nodes["mine"] = {"label": "mine"}
    found = ties_of(OwnershipSnapshot(2020, graph, [parent]), "mine")
    assert {state: (tie.low, tie.high) for state, tie in found.items()} == {
        "state of parent": (60.0, 60.0), "state of one": (0.0, 40.0), "state of other": (0.0, 40.0),
        "unaccounted for": (0.0, 0.0),
    }  # fmt: skip


def test_company_with_a_stake_in_another_source_is_not_listed_as_named(sources: KnowledgeGraph) -> None:
    """Table 6 names Savia Peru for Block Z-2B without a stake, GEM record OG0004928 states 100 %; Marcona likewise."""
    for asset, firm in (("Block Z-2B", "Savia Peru"), ("Marcona mine", "Shougang Hierro Peru")):
        rows = [row for row in sources.owners(asset, combine=True) if row["owner"] == firm]
        assert [(row["effective_percent"], row["how"]) for row in rows] == [(100, "computed")]
        held = [row["how"] for row in sources.holdings(firm, combine=True) if row["asset"] == asset]
        assert held == ["computed"]
        tied = {row["tied_to"] for row in sources.ties(asset=asset, combine=True)}
        assert "company named, no stake stated" not in tied
        apart = sources.owners(asset, source="sanborn-yong")
        assert "no stake stated" in str(next(row["how"] for row in apart if row["owner"] == firm))


@pytest.mark.parametrize("certainty", ["stated", "possible"])
def test_home_state_on_which_sources_differ(certainty: str) -> None:
    """The holder of 60 is Chinese in one source, Japanese in the other, so each state has 0 to 60 of it.

    The holder of 30 is Chinese in both.
    """
    said = {"basis": "direct", "certainty": "stated", "citations": "p. 1", "source": "a"}
    graph: PlainGraph[str] = PlainGraph()
    graph.nodes = {"firm": {"country_label": "China"}, "other": {"country_label": "China"}, "mine": {},
                   "cn": {"label": "China"}, "jp": {"label": "Japan"}}  # fmt: skip
    for owner, share in (("firm", 60.0), ("other", 30.0)):
        graph.add_edge(Edge(owner, "mine", f"{owner}-stake", {**said, "relation": "stake", "share": share}))
        graph.add_edge(Edge("cn", owner, f"{owner}-home", {**said, "relation": "homeStateOf"}))
    home = {**said, "source": "b", "relation": "homeStateOf", "certainty": certainty}
    graph.add_edge(Edge("jp", "firm", "firm-home-b", home))
    found = {state: (tie.low, tie.high) for state, tie in ties_of(make_snapshot(graph, 2020), "mine").items()}
    differ = {"China": (30, 90), "Japan": (0, 60)} if certainty == "stated" else {"China": (90, 90)}
    assert found == {**differ, "unaccounted for": (10, 10)}


@pytest.mark.parametrize(
    ("certainty", "time", "expected"),
    [("planned", "true", (0, 50)), ("announced", "true", (0, 50)), ("possible", "not known then", (0, 50)),
     ("former", "not known then", (0, 50)), ("former", "true", (50, 50)), ("stated", "not known then", (50, 50))],
)  # fmt: skip
def test_stake_that_may_not_be_held_counts_from_zero(certainty: str, time: str, expected: tuple[int, int]) -> None:
    """A firm of Norland holds 40, one of Sudland 50 through another, of which it owns all; so 10 is left, or 60."""
    said = {"relation": "stake", "basis": "direct", "certainty": "stated", "time": "true", "citations": "p. 1"}
    graph: PlainGraph[str] = PlainGraph()
    graph.nodes = {"north": {"country_label": "Norland"}, "south": {"country_label": "Sudland"}, "firm": {}, "mine": {}}
    graph.add_edge(Edge("north", "mine", "s1", {**said, "share": 40.0}))
    graph.add_edge(Edge("firm", "mine", "s2", {**said, "share": 50.0, "certainty": certainty, "time": time}))
    graph.add_edge(Edge("south", "firm", "s3", {**said, "share": 100.0}))
    found = {state: (tie.low, tie.high) for state, tie in ties_of(make_snapshot(graph, 2020), "mine").items()}
    assert found == {"Norland": (40, 40), "Sudland": expected, "unaccounted for": (10, 10 if expected[0] else 60)}


@pytest.mark.slow
def test_note_names_owners_whose_home_state_only_another_source_gives(tmp_path: Path) -> None:
    """Alpha says where One and Two are from, beta who owns the field; only combined do they tie it to a state."""
    firms = {one: ("Firm", f"{one.title()}, Inc.") for one in ("one", "two", "six")}
    homes = [
        {"id": f"a-{one}", "subject": one, "relation": "homeState", "object": "japan", "certainty": certainty,
         "citations": "alpha-p1"}
        for one, certainty in (("one", "stated"), ("two", "stated"), ("six", "possible"))
    ]  # fmt: skip
    first = source("alpha", {**firms, "japan": ("State", "Japan")}, relations=homes)
    write_source(tmp_path, "alpha", first, date="2020", position=1)
    things = {"b-field": ("HydrocarbonBlock", "Field")} | {f"b-{one}": about for one, about in firms.items()}
    stakes = [{"id": f"b-{one}-1", "owner": f"b-{one}", "owned": "b-field", "share_percent": share}
              for one, share in (("one", "50"), ("two", "30"), ("six", "20"))]  # fmt: skip
    matches = [same(f"b-{one}", one) for one in firms]
    write_source(tmp_path, "beta", source("beta", things, stakes, matches=matches), date="2020", position=2)
    graph = build_in(tmp_path)[0]
    note = "beta gives no home state of One, Inc. and Two, Inc., but alpha does; combined, both count"
    assert graph.ties(asset="b-field").notes == graph.ties().notes == [note]
    assert {row["tied_to"] for row in graph.ties(asset="b-field")} == {
        "owners without a stated home state", "unaccounted for",
    }  # fmt: skip
    assert graph.ties(asset="b-field", source="beta").notes == []
    (japan,) = [row for row in graph.ties(asset="b-field", year=2020, combine=True) if row["tied_to"] == "Japan"]
    assert japan["percent"] == 80


@pytest.mark.slow
def test_home_state_from_a_source_without_a_stake_counts_if_combined(tmp_path: Path) -> None:
    """Alpha states the stake of a firm from Japan; to beta, which has no stakes, it is from China: 0 to 40 for each."""

    def homes(name: str, firm: str, state: str) -> list[dict[str, str]]:
        return [{"id": f"{name}-home", "subject": firm, "relation": "homeState", "object": state,
                 "certainty": "stated", "citations": f"{name}-p1"}]  # fmt: skip

    things = {"field": ("HydrocarbonBlock", "Field"), "one": ("Firm", "One"), "japan": ("State", "Japan")}
    stakes = [{"id": "s", "owner": "one", "owned": "field", "share_percent": "40"}]
    alpha = source("alpha", things, stakes, relations=homes("alpha", "one", "japan"))
    write_source(tmp_path, "alpha", alpha, date="2020", position=1)
    other = {"b-one": ("Firm", "One"), "b-china": ("State", "China")}
    beta = source("beta", other, relations=homes("beta", "b-one", "b-china"), matches=[same("b-one", "one")])
    write_source(tmp_path, "beta", beta, date="2020", position=2)
    graph = build_in(tmp_path)[0]
    for about in ({"asset": "field"}, {}):
        found = graph.ties(combine=True, **about)
        ends = {row["tied_to"]: (row["percent_low"], row["percent_high"]) for row in found}
        assert ends == {"China": (0, 40), "Japan": (0, 40), "unaccounted for": (60, 60)}
        assert {row["source"] for row in found} == {"alpha+beta"}
    (japan, _) = graph.ties(asset="field", source="alpha")
    assert (japan["tied_to"], japan["percent"]) == ("Japan", 40)

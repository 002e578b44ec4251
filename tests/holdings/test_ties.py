"""Ties to states: by hand from the paper's tables, and all at once as one by one."""

from __future__ import annotations

import pytest

from ownership.generated import state_bounds
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.holdings.owners import read_snapshot
from peru_asia_graph.holdings.ties import ties_of
from peru_asia_graph.ownership.states import states_behind

YEARS = (1991, 1992, 2000, 2008, 2009, 2011, 2012, 2013)


@pytest.mark.parametrize("year", YEARS)
def test_all_ties_are_those_of_each_asset(kg: KnowledgeGraph, year: int) -> None:
    snapshot = read_snapshot(kg.store, year)
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


def test_all_ties_have_names_and_are_in_order(kg: KnowledgeGraph) -> None:
    table = kg.ties().table()
    assert table == sorted(table, key=lambda row: (str(row[0]), str(row[1])))
    by_hand = {("Antamina", "Japan"): (10, 10), ("Block 1AB", "China"): (45, 45), ("Rio Blanco", "China"): (100, 100)}
    found = {(row[0], row[1]): (row[2], row[4]) for row in table}
    assert {key: found[key] for key in by_hand} == by_hand
    assert all(0 <= float(str(row[2])) <= float(str(row[4])) <= 100 for row in table if row[2] is not None)
    assert {row[1] for row in table if row[2] is None} == {"company named, no stake stated"}


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

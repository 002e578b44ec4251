"""States behind all assets at once: the same as one asset at a time, and read from a store without its words."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pyoxigraph as ox
import pytest
from hypothesis import given, settings

from ownership.graphs import SEEDS, random_shares, to_graph
from peru_asia_graph.errors import BadInput
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.holdings.bulk import read_holdings
from peru_asia_graph.holdings.owners import (
    control_table,
    holdings_table,
    owners_table,
    picture_around,
    picture_of,
)
from peru_asia_graph.holdings.ties import ties_of
from peru_asia_graph.ownership import Holdings, ultimate_owners
from peru_asia_graph.ownership.states import StatesBehind, states_behind
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.vocabulary import PREFIXES, local

YEARS = (1991, 1992, 2000, 2008, 2009, 2011, 2012, 2013)


def bounds(found: StatesBehind) -> dict[tuple[Any, str], tuple[float, float]]:
    """Return the bounds by asset and state."""
    rows = zip(*(one.tolist() for one in (found.assets, found.columns, found.low, found.high)), strict=True)
    return {(found.nodes[asset], found.states[column]): (low, high) for asset, column, low, high in rows}


@pytest.mark.parametrize("year", YEARS)
def test_all_ties_are_those_of_each_asset(kg: KnowledgeGraph, year: int) -> None:
    picture = picture_of(kg.store, year)
    home = {
        node: str(picture.label(node) if data.get("type") == "State" else data.get("country_label", ""))
        for node, data in picture.graph.nodes(data=True)
    }
    found = bounds(states_behind(picture.held, {node: state for node, state in home.items() if state}))
    states = set(home.values())
    for asset in (node for node in picture.graph if picture.graph.in_degree(node)):
        for state, tie in ties_of(picture, asset).items():
            if state in states:
                low, high = found.pop((asset, state))
                assert low == pytest.approx(tie.low, abs=1e-6) and high >= tie.high - 1e-6
    assert found == {}


@settings(max_examples=60)
@given(SEEDS)
def test_every_root_a_state_gives_the_ultimate_owners(seed: int) -> None:
    shares = random_shares(seed)
    graph = to_graph(shares)
    home = {node: f"state {node}" for node in graph}
    found = bounds(states_behind(Holdings.from_graph(graph), home))
    for asset in (node for node in graph if graph.in_degree(node)):
        roots = ultimate_owners(graph, asset).shares
        mine = {state: low for (one, state), (low, _) in found.items() if one == asset}
        assert mine == pytest.approx({f"state {root}": share.low for root, share in roots.items()}, abs=1e-7)


def test_more_states_than_a_word_has_bits_and_stakes_of_unknown_size() -> None:
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    graph.add_edges_from((owner, 1000, {"share": 0.5}) for owner in range(150))
    graph.add_edge(200, 1000)
    found = bounds(states_behind(Holdings.from_graph(graph), {owner: f"{owner}" for owner in (*range(150), 200)}))
    assert len(found) == 151
    assert found[1000, "149"] == pytest.approx((0.5, 25.5)) and found[1000, "200"] == pytest.approx((0.0, 25.0))


def test_a_circle_that_leaks_nothing_is_reached_by_nobody() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_weighted_edges_from([("A", "B", 100.0), ("B", "A", 100.0), ("C", "D", 60.0)], weight="share")
    assert bounds(states_behind(Holdings.from_graph(graph), dict.fromkeys("ABC", "X"))) == {("D", "X"): (60.0, 60.0)}


@pytest.mark.parametrize("year", YEARS)
def test_stakes_read_by_their_properties_are_those_of_the_picture(kg: KnowledgeGraph, year: int) -> None:
    def cells(held: Holdings) -> dict[tuple[str, str, str], float]:
        parts = {"known": held.known.tocoo(), "room": held.room.tocoo()}
        return {
            (name, local(str(held.nodes[row])), local(str(held.nodes[column]))): pytest.approx(value)
            for name, part in parts.items()
            for row, column, value in zip(part.row.tolist(), part.col.tolist(), part.data.tolist(), strict=True)
            if value
        }

    assert cells(read_holdings(kg.store, year)[0]) == cells(picture_of(kg.store, year).held)


@pytest.mark.parametrize("year", [1991, 2008, 2012, 2013])
def test_the_stakes_around_a_thing_are_enough(kg: KnowledgeGraph, year: int) -> None:
    whole = picture_of(kg.store, year)
    for node in sorted(whole.graph):
        part = picture_around(kg.store, node, year, below=True)
        assert holdings_table(part, node).table() == holdings_table(whole, node).table()
        assert control_table(part, node, 50).table() == control_table(whole, node, 50).table()
        if whole.graph.in_degree(node):
            above = picture_around(kg.store, node, year)
            assert owners_table(above, node).table() == owners_table(whole, node).table()
            assert set(above.graph) <= set(whole.graph)


def test_all_ties_have_names_and_are_in_order(kg: KnowledgeGraph) -> None:
    table = kg.ties().table()
    assert table == sorted(table, key=lambda row: (str(row[0]), str(row[1])))
    by_hand = {("Antamina", "Japan"): (10, 10), ("Block 1AB", "China"): (45, 45), ("Rio Blanco", "China"): (100, 100)}
    found = {(row[0], row[1]): (row[2], row[4]) for row in table}
    assert {key: found[key] for key in by_hand} == by_hand
    assert np.all([0 <= float(str(row[2])) <= float(str(row[4])) <= 100 for row in table])


@pytest.mark.parametrize("share", ["half", "150", "-1", "NaN", "INF"])
def test_a_share_that_is_none_is_reported_with_its_stake(share: str) -> None:
    stake = f'id:s a pag:Stake ; pag:owner id:a ; pag:owned id:b ; pag:basis code:basis ; pag:sharePercent "{share}" .'
    heads = "".join(f"PREFIX {name}: <{space}>\n" for name, space in PREFIXES.items())
    store = EmbeddedStore.of(
        ox.parse(heads + stake + " id:a a pag:Firm . id:b a pag:Firm .", format=ox.RdfFormat.TURTLE)
    )
    for read in (read_holdings, picture_of):
        with pytest.raises(BadInput, match=f"s: the share '{share}' is no percentage; give pag:sharePercent"):
            read(store, 2013)

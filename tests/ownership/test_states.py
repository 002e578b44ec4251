"""States behind all assets at once, against one asset at a time."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given, settings

from ownership.generated import SEEDS, random_shares, state_bounds, to_graph
from peru_asia_graph.ownership import Holdings, ultimate_owners
from peru_asia_graph.ownership.states import states_behind


@settings(max_examples=60)
@given(SEEDS)
def test_one_state_per_root_gives_the_ultimate_owners(seed: int) -> None:
    shares = random_shares(seed)
    graph = to_graph(shares)
    home = {node: f"state {node}" for node in graph}
    found = state_bounds(states_behind(Holdings.from_graph(graph), home))
    for asset in (node for node in graph if graph.in_degree(node)):
        roots = ultimate_owners(graph, asset).shares
        mine = {state: low for (one, state), (low, _) in found.items() if one == asset}
        assert mine == pytest.approx({f"state {root}": share.low for root, share in roots.items()}, abs=1e-7)


def test_more_than_64_states_with_an_unknown_share() -> None:
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    graph.add_edges_from((owner, 1000, {"share": 0.5}) for owner in range(150))
    graph.add_edge(200, 1000)
    found = state_bounds(states_behind(Holdings.from_graph(graph), {owner: f"{owner}" for owner in (*range(150), 200)}))
    assert len(found) == 151
    assert found[1000, "149"] == pytest.approx((0.5, 25.5)) and found[1000, "200"] == pytest.approx((0.0, 25.0))


def test_closed_cycle_has_no_state_behind_it() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_weighted_edges_from([("A", "B", 100.0), ("B", "A", 100.0), ("C", "D", 60.0)], weight="share")
    assert state_bounds(states_behind(Holdings.from_graph(graph), dict.fromkeys("ABC", "X"))) == {
        ("D", "X"): (60.0, 60.0)
    }

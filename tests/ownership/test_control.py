"""Control by majority, against a plain fixed-point iteration and hand-worked examples."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given

from ownership.generated import SEEDS, Matrix, mixed_graph, random_shares, to_graph, with_scipy
from peru_asia_graph.errors import WrongUse
from peru_asia_graph.ownership import controlled_by, ultimate_controllers


def fixpoint(shares: Matrix, owner: int) -> set[int]:
    """Return what an owner controls, by adding up the shares of every firm until nothing changes."""
    inside = {owner}
    while True:
        sums = shares[sorted(inside)].sum(axis=0)
        grown = inside | set(np.flatnonzero(sums > 0.5).tolist())
        if grown == inside:
            return inside - {owner}
        inside = grown


@given(SEEDS)
def test_control_is_the_least_fixed_point(seed: int) -> None:
    shares = random_shares(seed)
    graph = to_graph(shares)
    for owner in graph:
        assert set(controlled_by(graph, owner)) == fixpoint(shares, owner)


@given(SEEDS)
def test_plain_python_and_scipy_agree(seed: int) -> None:
    graph = mixed_graph(seed)
    large = with_scipy(graph)
    for owner in graph:
        assert controlled_by(graph, owner) == controlled_by(large, owner)
    assert ultimate_controllers(graph) == ultimate_controllers(large)


@given(SEEDS)
def test_ultimate_controllers_agree_with_control(seed: int) -> None:
    shares = random_shares(seed, largest=30)
    graph = to_graph(shares)
    tops = ultimate_controllers(graph)
    controlled = {owner: fixpoint(shares, owner) for owner in graph}
    roots = [owner for owner in graph if not any(owner in firms for firms in controlled.values())]
    for root in roots:
        assert {firm for firm, top in tops.items() if top == root} == controlled[root]
    for firm, top in tops.items():
        assert firm in controlled[top]


def test_small_stakes_add_up_to_control() -> None:
    """A holds a hundred firms with 1 % of M each: together they are a majority."""
    graph: nx.DiGraph[object] = nx.DiGraph()
    for number in range(100):
        graph.add_edge("A", number, share=100.0)
        graph.add_edge(number, "M", share=1.0)
    assert ultimate_controllers(graph)["M"] == "A"
    assert controlled_by(graph, "A")["M"] == "controls"


def test_unknown_shares_may_control() -> None:
    graph = nx.DiGraph([("A", "B", {}), ("B", "C", {"share": 60.0}), ("D", "E", {}), ("F", "E", {"share": 55.0})])
    assert controlled_by(graph, "A") == {"B": "may control", "C": "may control"}
    assert controlled_by(graph, "D") == {}


def test_a_stated_subsidiary_is_controlled() -> None:
    graph = nx.MultiDiGraph([("A", "B", {"control": True}), ("B", "C", {"share": 51.0})])
    assert controlled_by(graph, "A") == {"B": "controls", "C": "controls"}
    assert dict(ultimate_controllers(graph)) == {"B": "A", "C": "A"}


def test_a_subsidiary_of_two_firms_is_controlled_by_both() -> None:
    graph = nx.DiGraph([("A", "C", {"control": True}), ("B", "C", {"control": True})])
    assert controlled_by(graph, "A") == controlled_by(graph, "B") == {"C": "controls"}


def test_half_is_not_a_majority_and_threshold_can_be_raised() -> None:
    graph = nx.DiGraph([("A", "B", {"share": 50.0}), ("A", "C", {"share": 66.0})])
    assert set(controlled_by(graph, "A")) == {"C"}
    assert controlled_by(graph, "A", threshold=66.0) == {}
    with pytest.raises(WrongUse, match="two controllers"):
        controlled_by(graph, "A", threshold=40.0)
    with pytest.raises(WrongUse, match="use a number from 50 to less than 100"):
        controlled_by(graph, "A", threshold=100)


def test_mutual_control_is_attributed_to_the_first_firm() -> None:
    graph = nx.DiGraph([("A", "B", {"share": 60.0}), ("B", "A", {"share": 60.0}), ("B", "C", {"share": 51.0})])
    assert dict(ultimate_controllers(graph)) == {"B": "A", "C": "A"}


@pytest.mark.parametrize(("shares", "controller"), [((50.2, 50.25), "B"), ((50.25, 50.2), "A"), ((50.2, 50.2), "A")])
def test_of_two_rounded_majorities_the_larger_or_the_first_counts(shares: tuple[float, float], controller: str) -> None:
    graph = nx.DiGraph()
    graph.add_weighted_edges_from([("A", "Mine", shares[0]), ("B", "Mine", shares[1])], weight="share")
    assert ultimate_controllers(graph) == {"Mine": controller}

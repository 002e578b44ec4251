"""Effective shares, against dense algebra, path sums, exhaustive allocations and hand-worked examples."""

from __future__ import annotations

import itertools
from random import Random
from unittest import mock

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ownership.generated import (
    SEEDS,
    bounds,
    dense_corrected,
    mixed_graph,
    path_sums,
    points,
    random_shares,
    scipy_only,
    to_graph,
    with_scipy,
)
from peru_asia_graph.errors import OverOwned, UnknownName, WrongUse
from peru_asia_graph.ownership import Holdings, effective_holdings, effective_owners, solver, ultimate_owners

CLOSE = 1e-9


def stakes(*edges: tuple[str, str, float | None]) -> nx.MultiDiGraph[str]:
    """Return a graph of stakes in percent; None is an unknown share."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for owner, asset, share in edges:
        graph.add_edge(owner, asset, **({} if share is None else {"share": share}))
    return graph


@pytest.mark.parametrize("count", [150, pytest.param(5000, marks=pytest.mark.long)])
def test_random_graphs_agree_with_dense_algebra(count: int) -> None:
    for seed in range(count):
        shares = random_shares(seed)
        holdings, expected = Holdings.from_graph(to_graph(shares)), 100 * dense_corrected(shares)
        for node in range(len(shares)):
            column = points(effective_owners(holdings, node), len(shares))
            row = points(effective_holdings(holdings, node), len(shares))
            column[node] = row[node] = expected[node, node]
            assert np.allclose(column, expected[:, node], rtol=0, atol=CLOSE), seed
            assert np.allclose(row, expected[node], rtol=0, atol=CLOSE), seed


@pytest.mark.slow
@settings(max_examples=60)
@given(SEEDS)
def test_plain_python_and_scipy_agree(seed: int) -> None:
    graph = mixed_graph(seed)
    small, large = Holdings.from_graph(graph), with_scipy(graph)
    for node in range(seed % 3, len(graph), 3):
        with scipy_only():
            owners, held = effective_owners(large, node), effective_holdings(large, node)
        mine, holdings = effective_owners(small, node), effective_holdings(small, node)
        assert set(mine.closed_cycles) == set(owners.closed_cycles)
        assert mine.unaccounted == pytest.approx(owners.unaccounted, abs=CLOSE)
        for one, two in ((mine, owners), (holdings, held)):
            assert bounds(one).keys() == bounds(two).keys()
            assert all(bounds(one)[other] == pytest.approx(bounds(two)[other], abs=CLOSE) for other in bounds(one))
            assert {n: s.direct for n, s in one.shares.items()} == {n: s.direct for n, s in two.shares.items()}


@given(SEEDS)
def test_ultimate_owners_and_remainder_add_up_to_100_percent(seed: int) -> None:
    graph = to_graph(random_shares(seed))
    for asset in graph:
        if graph.in_degree(asset):
            found = ultimate_owners(graph, asset)
            assert found.unaccounted is not None
            total = sum(share.low for share in found.shares.values()) + found.unaccounted.low
            assert total == pytest.approx(100.0, abs=CLOSE)


@given(SEEDS)
def test_acyclic_graphs_equal_the_sum_over_paths(seed: int) -> None:
    shares = random_shares(seed, acyclic=True)
    holdings, expected = Holdings.from_graph(to_graph(shares)), 100 * path_sums(shares)
    for asset in range(len(shares)):
        found = points(effective_owners(holdings, asset), len(shares))
        assert np.allclose(found, expected[:, asset], rtol=0, atol=CLOSE)


@pytest.mark.slow
@given(SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_nodes_does_not_matter(seed: int, random: Random) -> None:
    shares = random_shares(seed)
    order = list(range(len(shares)))
    random.shuffle(order)
    one, two = Holdings.from_graph(to_graph(shares)), Holdings.from_graph(to_graph(shares, order))
    for asset in range(len(shares)):
        owners = [points(effective_owners(holdings, asset), len(shares)) for holdings in (one, two)]
        assert np.allclose(*owners, rtol=0, atol=CLOSE)


@pytest.mark.slow
@settings(max_examples=50)
@given(SEEDS, st.data())
def test_bounds_contain_the_hidden_shares(seed: int, data: st.DataObject) -> None:
    shares = random_shares(seed)
    graph = to_graph(shares)
    edges = sorted(graph.edges)
    hidden = data.draw(st.sets(st.sampled_from(edges))) if edges else set()
    for owner, asset in hidden:
        del graph.edges[owner, asset]["share"]
    holdings, expected = Holdings.from_graph(graph), 100 * dense_corrected(shares)
    for node in graph:
        owners, held = bounds(effective_owners(holdings, node)), bounds(effective_holdings(holdings, node))
        for other in set(graph) - {node}:
            for found, value in ((owners, expected[other, node]), (held, expected[node, other])):
                low, high = found.get(other, (0.0, 0.0))
                assert low - CLOSE <= value <= high + CLOSE


@settings(max_examples=50)
@given(SEEDS, st.data())
def test_bounds_are_reached_by_extreme_allocations(seed: int, data: st.DataObject) -> None:
    """Each bound is reached when the rest of each asset goes to one of its unknown holders or to nobody."""
    shares = random_shares(seed, largest=6)
    edges = np.argwhere(shares).tolist()
    hidden = data.draw(st.lists(st.sampled_from(edges), max_size=4, unique_by=tuple)) if edges else []
    graph = to_graph(shares)
    for owner, asset in hidden:
        graph.edges[owner, asset]["share"] = None
        shares[owner, asset] = 0.0
    choices = [[None, *(owner for owner, held in hidden if held == asset)] for asset in range(len(shares))]
    allocations = []
    for chosen in itertools.product(*choices):
        allocated = shares.copy()
        for asset, owner in enumerate(chosen):
            if owner is not None:
                allocated[owner, asset] += 1.0 - shares[:, asset].sum()
        if np.linalg.matrix_rank(np.eye(len(shares)) - allocated) == len(shares):
            allocations.append(100 * dense_corrected(allocated))
    least, most = np.min(allocations, axis=0), np.max(allocations, axis=0)
    for asset in graph:
        found = bounds(effective_owners(graph, asset))
        for owner in set(graph) - {asset}:
            expected = (least[owner, asset], most[owner, asset])
            assert found.get(owner, (0.0, 0.0)) == pytest.approx(expected, abs=1e-7)


@pytest.mark.slow
@settings(max_examples=25)
@given(SEEDS)
def test_owners_and_holdings_agree(seed: int) -> None:
    graph = to_graph(random_shares(seed))
    for owner, asset, data in list(graph.edges(data=True))[::3]:
        if owner != asset:
            data["share"] = None
    owners = {asset: effective_owners(graph, asset).shares for asset in graph}
    for node in graph:
        for asset, share in effective_holdings(graph, node).shares.items():
            other = owners[asset][node]  # type: ignore[index]
            assert (share.low, share.high) == pytest.approx((other.low, other.high), abs=1e-8)


def test_block_8_by_hand() -> None:
    """Table 6: 60 % times 45 % and 55 %, which gives what Table 7 states."""
    graph = stakes(("CNPC", "Norte", 45), ("Resources", "Norte", 55), ("Norte", "Block", 60), ("SK", "Block", 8.3))
    found = effective_owners(graph, "Block").shares
    assert (found["CNPC"].point, found["Resources"].point, found["Norte"].direct) == (27.0, 33.0, 60.0)


def test_cross_holding_by_hand() -> None:
    """P and Q hold 20 % of each other; A holds 80 % of P. Uncorrected, Q would hold 0.2 / 0.96 of P."""
    graph = stakes(("P", "Q", 20), ("Q", "P", 20), ("A", "P", 80))
    found = effective_owners(graph, "P").shares
    assert found["Q"].point == pytest.approx(20.0)
    assert found["A"].point == pytest.approx(100 * 0.8 / 0.96)


def test_firm_holding_its_own_shares() -> None:
    """The firm holds 20 % of itself, so A's 40 % is half of what others hold."""
    found = ultimate_owners(stakes(("F", "F", 20), ("A", "F", 40)), "F")
    assert found.shares["A"].point == pytest.approx(50.0)
    assert found.unaccounted is not None and found.unaccounted.point == pytest.approx(50.0)


def test_unknown_share_is_bounded_by_the_remainder() -> None:
    found = effective_owners(stakes(("A", "M", None), ("B", "M", 30), ("M", "N", 50)), "N")
    assert (found.shares["A"].low, found.shares["A"].high, found.shares["A"].point) == (0.0, 35.0, None)
    assert found.shares["B"].point == 15.0
    assert found.unaccounted is not None and (found.unaccounted.low, found.unaccounted.high) == (50.0, 85.0)


def test_unknown_shares_never_exceed_the_remainder() -> None:
    """A reaches M through B and C, which together cannot hold more than the remaining 70 %."""
    graph = stakes(("A", "B", 100), ("A", "C", 100), ("B", "M", None), ("C", "M", None), ("X", "M", 30))
    found = effective_owners(graph, "M").shares
    assert found["A"].high == pytest.approx(70.0)


def test_closed_cycles_are_reported() -> None:
    graph = stakes(("A", "B", 100), ("B", "C", 100), ("C", "A", 100), ("C", "M", 50), ("D", "M", 10))
    found = effective_owners(graph, "M")
    assert found.closed_cycles == (frozenset("ABC"),)
    assert {owner: share.point for owner, share in found.shares.items()} == {"A": 50.0, "B": 50.0, "C": 50.0, "D": 10.0}
    assert found.unaccounted is not None and found.unaccounted.point == pytest.approx(90.0)


def test_zero_stake_does_not_open_a_closed_cycle() -> None:
    """A and B own each other 100 %; D holds 0 % of A, so A's stake in D leads nowhere."""
    graph = stakes(("A", "B", 100), ("B", "A", 100), ("A", "D", 50), ("D", "A", 0), ("B", "M", 40))
    assert effective_owners(graph, "M").closed_cycles == (frozenset("AB"),)


@pytest.mark.parametrize("length", [50, 1500])
def test_long_and_tight_cycles_converge(length: int) -> None:
    """Each firm in the ring holds 99.999 % of the next, A the rest of the first; A's share is a geometric series."""
    graph: nx.DiGraph[object] = nx.DiGraph()
    for number in range(length):
        graph.add_edge(number, (number + 1) % length, share=99.999)
    graph.add_edge("A", 0, share=0.001)
    ring = 0.99999**length
    assert effective_owners(graph, 0).shares["A"].point == pytest.approx(100 * 0.00001 / (1 - ring), rel=1e-6)


def test_over_owned_error_names_the_stakes() -> None:
    with pytest.raises(OverOwned, match=r"M: A 60, B 50; together 110 of 100"):
        effective_owners(stakes(("A", "M", 60), ("B", "M", 50)), "M")


@pytest.mark.parametrize("share", [-1, 101, "50", True, 1j, float("inf")])
def test_invalid_share_is_rejected(share: object) -> None:
    graph = nx.DiGraph([("A", "B", {"share": share})])
    with pytest.raises(WrongUse, match="A holds"):
        effective_owners(graph, "B")


def test_undirected_graph_and_unknown_name_are_rejected() -> None:
    with pytest.raises(WrongUse, match="undirected"):
        effective_owners(nx.Graph([("A", "B")]), "B")
    with pytest.raises(UnknownName, match="no owner or asset is called 'Mina'"):
        effective_owners(nx.DiGraph([("A", "Mine")]), "Mina")


@pytest.mark.parametrize(("size", "limit"), [(200, 150), pytest.param(2100, 2000, marks=pytest.mark.long)])
def test_bounds_of_large_cycles_contain_the_exact_share(size: int, limit: int) -> None:
    """The cycle exceeds the limit for exact correction: shares of 1 % or more are exact, the others get bounds."""
    random = np.random.default_rng(5)
    owners = np.concatenate([(np.arange(size) - 1) % size, random.integers(0, size, size)])
    holdings = Holdings.from_arrays(range(size), owners, np.tile(np.arange(size), 2), np.repeat([0.5, 0.3], size))
    expected = 100 * dense_corrected(holdings.known.to_scipy().toarray())[:, 7]
    with mock.patch.object(solver, "MAX_EXACT_SIZE", limit):
        found = effective_owners(holdings, 7).shares
    assert any(share.point is None for share in found.values())
    for owner, share in found.items():
        assert share.low - CLOSE <= expected[owner] <= share.high + CLOSE  # type: ignore[index]
        assert share.point is not None or share.high < 1.0 + CLOSE


@settings(max_examples=20)
@given(SEEDS)
def test_arrays_and_graphs_agree(seed: int) -> None:
    shares = random_shares(seed)
    owners, assets = np.nonzero(shares)
    arrays = Holdings.from_arrays(range(len(shares)), owners, assets, shares[owners, assets])
    graph = Holdings.from_graph(to_graph(shares))
    for asset in range(len(shares)):
        found = [points(effective_owners(holdings, asset), len(shares)) for holdings in (arrays, graph)]
        assert np.allclose(*found, rtol=0, atol=CLOSE)

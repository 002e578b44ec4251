"""Effective shares against dense algebra, path sums and hand-worked examples."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ownership.graphs import SEEDS, dense_corrected, path_sums, random_shares, to_graph
from peru_asia_graph.errors import OverOwned, UnknownName, WrongUse
from peru_asia_graph.ownership import Holdings, effective_holdings, effective_owners, ultimate_owners

CLOSE = 1e-9


def stakes(*edges: tuple[str, str, float | None]) -> nx.MultiDiGraph[str]:
    """Return a graph of stakes in percent; None is an unknown share."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for owner, asset, share in edges:
        graph.add_edge(owner, asset, **({} if share is None else {"share": share}))
    return graph


def test_a_thousand_random_graphs_agree_with_dense_algebra() -> None:
    for seed in range(1000):
        shares = random_shares(seed)
        graph, expected = to_graph(shares), 100 * dense_corrected(shares)
        for node in graph:
            owners, held = effective_owners(graph, node).shares, effective_holdings(graph, node).shares
            for other in graph:
                if other != node:
                    column = owners[other].point if other in owners else 0.0
                    row = held[other].point if other in held else 0.0
                    assert column == pytest.approx(expected[other, node], abs=CLOSE)
                    assert row == pytest.approx(expected[node, other], abs=CLOSE)


@given(SEEDS)
def test_roots_and_remainder_make_the_whole(seed: int) -> None:
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
    graph, expected = to_graph(shares), 100 * path_sums(shares)
    for asset in graph:
        found = effective_owners(graph, asset).shares
        for owner in graph:
            assert (found[owner].point if owner in found else 0.0) == pytest.approx(expected[owner, asset], abs=CLOSE)


@given(SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_nodes_does_not_matter(seed: int, random: st.DataObject) -> None:
    shares = random_shares(seed)
    order = list(range(len(shares)))
    random.shuffle(order)
    graph, other = to_graph(shares), to_graph(shares, order)
    for asset in graph:
        one, two = effective_owners(graph, asset).shares, effective_owners(other, asset).shares
        assert one.keys() == two.keys()
        assert all(one[owner].point == pytest.approx(two[owner].point, abs=CLOSE) for owner in one)


@settings(max_examples=50)
@given(SEEDS, st.data())
def test_bounds_hold_whatever_the_unknown_shares_are(seed: int, data: st.DataObject) -> None:
    shares = random_shares(seed)
    graph = to_graph(shares)
    edges = sorted(graph.edges)
    hidden = data.draw(st.sets(st.sampled_from(edges))) if edges else set()
    veiled = graph.copy()
    for owner, asset in hidden:
        del veiled.edges[owner, asset]["share"]
    expected = 100 * dense_corrected(shares)
    for asset in graph:
        found = effective_owners(veiled, asset).shares
        held = effective_holdings(veiled, asset).shares
        for other in graph:
            if other != asset and other in found:
                assert found[other].low - CLOSE <= expected[other, asset] <= found[other].high + CLOSE
            if other != asset and other in held:
                assert held[other].low - CLOSE <= expected[asset, other] <= held[other].high + CLOSE
            if other != asset:
                assert other in found or expected[other, asset] <= CLOSE


@settings(max_examples=15)
@given(SEEDS)
def test_owners_and_holdings_are_two_views_of_the_same(seed: int) -> None:
    graph = to_graph(random_shares(seed))
    for owner, asset, data in list(graph.edges(data=True))[::3]:
        if owner != asset:
            data["share"] = None
    for node in graph:
        held = effective_holdings(graph, node).shares
        for asset, share in held.items():
            other = effective_owners(graph, asset).shares[node]
            assert (share.low, share.high) == pytest.approx((other.low, other.high), abs=1e-8)


def test_block_8_by_hand() -> None:
    """Table 6: 60 % times 45 and 55 %; what Table 7 states."""
    graph = stakes(("CNPC", "Norte", 45), ("Resources", "Norte", 55), ("Norte", "Block", 60), ("SK", "Block", 8.3))
    found = effective_owners(graph, "Block").shares
    assert (found["CNPC"].point, found["Resources"].point, found["Norte"].direct) == (27.0, 33.0, 60.0)


def test_cross_holding_by_hand() -> None:
    """P and Q hold 20 % of each other; A holds 80 % of P. Without the correction Q would hold 0.2 / 0.96 of P."""
    graph = stakes(("P", "Q", 20), ("Q", "P", 20), ("A", "P", 80))
    found = effective_owners(graph, "P").shares
    assert found["Q"].point == pytest.approx(20.0)
    assert found["A"].point == pytest.approx(100 * 0.8 / 0.96)


def test_a_firm_that_holds_itself() -> None:
    """With 20 % of its own shares in its own hands, the 40 % of A are half of what others hold."""
    found = ultimate_owners(stakes(("F", "F", 20), ("A", "F", 40)), "F")
    assert found.shares["A"].point == pytest.approx(50.0)
    assert found.unaccounted is not None and found.unaccounted.point == pytest.approx(50.0)


def test_an_unknown_share_is_what_the_others_leave() -> None:
    found = effective_owners(stakes(("A", "M", None), ("B", "M", 30), ("M", "N", 50)), "N")
    assert (found.shares["A"].low, found.shares["A"].high, found.shares["A"].point) == (0.0, 35.0, None)
    assert found.shares["B"].point == 15.0
    assert found.unaccounted is not None and (found.unaccounted.low, found.unaccounted.high) == (50.0, 85.0)


def test_two_unknown_shares_never_exceed_what_is_left() -> None:
    """A reaches M through B and C; together they cannot have more than the 70 % left."""
    graph = stakes(("A", "B", 100), ("A", "C", 100), ("B", "M", None), ("C", "M", None), ("X", "M", 30))
    found = effective_owners(graph, "M").shares
    assert found["A"].high == pytest.approx(70.0)


def test_wholly_closed_circles_are_named() -> None:
    graph = stakes(("A", "B", 100), ("B", "C", 100), ("C", "A", 100), ("C", "M", 50), ("D", "M", 10))
    found = effective_owners(graph, "M")
    assert found.circles == (frozenset("ABC"),)
    assert {owner: share.point for owner, share in found.shares.items()} == {"A": 50.0, "B": 50.0, "C": 50.0, "D": 10.0}
    assert found.unaccounted is not None and found.unaccounted.point == pytest.approx(90.0)


@pytest.mark.parametrize("length", [50, 1500])
def test_long_and_tight_circles_converge(length: int) -> None:
    """Each firm of the ring holds 99.999 % of the next, A the rest of the first: A has all, by a geometric series."""
    graph: nx.DiGraph[object] = nx.DiGraph()
    for number in range(length):
        graph.add_edge(number, (number + 1) % length, share=99.999)
    graph.add_edge("A", 0, share=0.001)
    ring = 0.99999**length
    assert effective_owners(graph, 0).shares["A"].point == pytest.approx(100 * 0.00001 / (1 - ring), rel=1e-6)


def test_shares_over_the_whole_name_the_stakes() -> None:
    with pytest.raises(OverOwned, match=r"M: A 60, B 50; together 110 of 100"):
        effective_owners(stakes(("A", "M", 60), ("B", "M", 50)), "M")


@pytest.mark.parametrize("share", [-1, 101, "50", True, float("nan")])
def test_a_share_that_is_no_share_is_refused(share: object) -> None:
    graph = nx.DiGraph([("A", "B", {"share": share})])
    with pytest.raises(WrongUse, match="A holds"):
        effective_owners(graph, "B")


def test_wrong_graphs_and_names_are_refused() -> None:
    with pytest.raises(WrongUse, match="direction"):
        effective_owners(nx.Graph([("A", "B")]), "B")
    with pytest.raises(UnknownName, match="no owner or asset is called 'Mina'"):
        effective_owners(nx.DiGraph([("A", "Mine")]), "Mina")


def test_large_circles_give_bounds_that_hold() -> None:
    """2,500 firms in one circle: firms with one percent or more exactly, the others within bounds."""
    size = 2500
    random = np.random.default_rng(5)
    shares = np.zeros((size, size))
    for asset in range(size):
        shares[(asset - 1) % size, asset] = 0.5
        shares[random.integers(0, size), asset] += 0.3
    owners, assets = np.nonzero(shares)
    held = Holdings.from_arrays(range(size), owners, assets, shares[owners, assets])
    expected = 100 * dense_corrected(shares)[:, 7]
    found = effective_owners(held, 7).shares
    assert any(share.point is None for share in found.values())
    for owner, share in found.items():
        assert share.low - CLOSE <= expected[owner] <= share.high + CLOSE  # type: ignore[index]
        assert share.point is not None or share.high < 1.0 + CLOSE


@settings(max_examples=20)
@given(SEEDS)
def test_arrays_and_graphs_give_the_same(seed: int) -> None:
    shares = random_shares(seed)
    owners, assets = np.nonzero(shares)
    held = Holdings.from_arrays(range(len(shares)), owners, assets, shares[owners, assets])
    for asset in range(len(shares)):
        one, two = effective_owners(held, asset).shares, effective_owners(to_graph(shares), asset).shares
        assert {owner: share.point for owner, share in one.items()} == pytest.approx(
            {owner: share.point for owner, share in two.items()}, abs=CLOSE
        )

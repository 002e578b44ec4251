"""Effective owners of all assets, and the states behind them: the same one by one, in processes and with Dask."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

import networkx as nx
import pytest
from hypothesis import given, settings

from ownership.generated import SEEDS, random_shares, state_bounds, to_graph
from peru_asia_graph.errors import WrongUse
from peru_asia_graph.ownership import Holdings, all_effective_owners, effective_owners, ultimate_owners
from peru_asia_graph.ownership.states import states_behind


@pytest.fixture(scope="module")
def firms() -> nx.DiGraph:
    """Sixty firms: chains, some cycles, some stakes of unknown size, and one firm owned by more than 100 %."""
    chance = random.Random(7)
    graph: nx.DiGraph = nx.DiGraph()
    for asset in range(3, 60):
        left = 100.0
        for owner in chance.sample(range(max(0, asset - 8), asset), 3):
            size = round(chance.uniform(0, left), 1)
            left -= size
            graph.add_edge(owner, asset, **({"share": size} if chance.random() < 0.9 else {}))
    for owner, asset in ((20, 1), (40, 21), (59, 41)):
        graph.add_edge(owner, asset, share=5)
    graph.add_edge(0, 1000, share=80)
    graph.add_edge(1, 1000, share=70)
    return graph


@contextmanager
def processes() -> Iterator[Executor]:
    """Two local processes."""
    with ProcessPoolExecutor(2) as pool:
        yield pool


@contextmanager
def dask() -> Iterator[Executor]:
    """A local cluster of two worker processes."""
    distributed = pytest.importorskip("distributed", reason="distributed is not installed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client.get_executor()


@pytest.mark.slow
def test_all_assets_match_individual_queries(firms: nx.DiGraph) -> None:
    holdings = Holdings.from_graph(firms)
    alone = [
        (asset, owner, share)
        for asset in firms.nodes
        if firms.in_degree(asset) and asset != 1000
        for owner, share in effective_owners(holdings, asset, min_share=5).shares.items()
    ]
    assert len(alone) > 100
    assert [tuple(one) for one in all_effective_owners(firms, min_share=5)] == alone
    assert set(holdings.over_owned) == {1000}


@pytest.mark.slow
@pytest.mark.parametrize("workers", [processes, dask])
def test_several_workers_give_the_same_result(firms: nx.DiGraph, workers: object) -> None:
    here = list(all_effective_owners(firms, min_share=1))
    with workers() as executor:  # type: ignore[operator]
        assert list(all_effective_owners(firms, min_share=1, executor=executor, pieces=7)) == here


@pytest.mark.slow
@pytest.mark.parametrize("pieces", [1, 2, 1000])
def test_number_of_pieces_does_not_affect_the_result(firms: nx.DiGraph, pieces: int) -> None:
    assert list(all_effective_owners(firms, min_share=20, pieces=pieces)) == list(
        all_effective_owners(firms, min_share=20)
    )


def test_unhashable_nodes_are_rejected() -> None:
    with pytest.raises(WrongUse, match="nodes must be strings, numbers or other hashable values"):
        list(all_effective_owners(Holdings.from_arrays([["A"], ["B"]], [0], [1], [0.5])))


def test_executor_must_have_submit(firms: nx.DiGraph) -> None:
    with pytest.raises(WrongUse, match="executor must have a submit method"):
        list(all_effective_owners(firms, executor=2))  # type: ignore[arg-type]


@pytest.mark.parametrize("pieces", [0, -1, 1.5, True, "2"])
def test_pieces_must_be_a_positive_integer(firms: nx.DiGraph, pieces: object) -> None:
    with pytest.raises(WrongUse, match="pieces must be an integer of 1 or more"):
        list(all_effective_owners(firms, pieces=pieces))  # type: ignore[arg-type]


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

"""Generated ownership graphs, and dense reference solutions to compare with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from unittest import mock

import networkx as nx
import numpy as np
from hypothesis import strategies as st

from peru_asia_graph.ownership import Holdings, parts
from peru_asia_graph.ownership.effective import EffectiveShares
from peru_asia_graph.ownership.sparse_matrix import SparseMatrix
from peru_asia_graph.ownership.states import StateBehind

Matrix = np.ndarray[Any, Any]
SEEDS = st.integers(min_value=0, max_value=2**32 - 1)


def random_shares(seed: int, largest: int = 14, acyclic: bool = False) -> Matrix:
    """Return a random matrix of direct shares (0 to 1) whose columns add up to less than one."""
    random = np.random.default_rng(seed)
    size = int(random.integers(2, largest))
    shares = np.zeros((size, size))
    for asset in range(size):
        candidates = np.arange(asset) if acyclic else np.arange(size)
        count = int(random.integers(0, min(5, len(candidates)) + 1))
        if count:
            owners = random.choice(candidates, count, replace=False)
            shares[owners, asset] = random.dirichlet(np.ones(count + 1))[:count]
    return shares


def to_graph(shares: Matrix, order: list[int] | None = None) -> nx.DiGraph[int]:
    """Return the shares as a graph with percentages, nodes and edges in the order given."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(order or range(len(shares)))
    for owner in order or range(len(shares)):
        for asset in np.flatnonzero(shares[owner]).tolist():
            graph.add_edge(owner, asset, share=float(shares[owner, asset] * 100))
    return graph


def mixed_graph(seed: int) -> nx.MultiDiGraph[int]:
    """Return a graph with every kind of stake: unknown, bounded, zero, parallel, and in closed cycles."""
    random = np.random.default_rng(seed)
    shares = random_shares(seed)
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    graph.add_nodes_from(range(len(shares)))
    ring = random.permutation(len(shares))[: int(random.integers(0, 4))].tolist()
    for owner, asset in zip(ring, ring[1:] + ring[:1], strict=True):
        shares[:, asset] = 0.0
        graph.add_edge(owner, asset, share=100.0)
    for owner, asset in np.argwhere(shares).tolist():
        share, kind = float(shares[owner, asset] * 100), int(random.integers(0, 8))
        if kind == 0:
            graph.add_edge(owner, asset)
        elif kind == 1:
            graph.add_edge(owner, asset, share_low=share / 2, share_high=share)
        elif kind == 2:
            graph.add_edge(owner, asset, share=share / 2)
            graph.add_edge(owner, asset, share=share / 2)
        else:
            graph.add_edge(owner, asset, share=0.0 if kind == 3 else share)
    return graph


def with_scipy(graph: nx.Graph[Any]) -> Holdings:
    """Return the holdings of a graph as for a large one, in SciPy matrices; ``scipy_only`` does so for its parts."""
    small = Holdings.from_graph(graph)
    known, slack = (SparseMatrix(matrix.to_scipy()) for matrix in (small.known, small.slack))
    return Holdings(small.nodes, known, slack)


def scipy_only() -> Any:
    """Return a context in which no part of a graph is small enough for plain Python."""
    return mock.patch.object(parts, "MAX_PLAIN_STAKES", -1)


def dense_corrected(shares: Matrix) -> Matrix:
    """Return D (I − W)⁻¹ W with D = diag((I − W)⁻¹)⁻¹, by plain linear algebra."""
    inverse = np.linalg.inv(np.eye(len(shares)) - shares)
    return np.asarray((inverse @ shares) / np.diag(inverse)[:, None])


def path_sums(shares: Matrix) -> Matrix:
    """Return the sum of the products over all paths of an acyclic graph, path by path."""
    size = len(shares)
    found = np.zeros((size, size))

    def walk(start: int, node: int, product: float) -> None:
        for following in np.flatnonzero(shares[node]).tolist():
            found[start, following] += product * shares[node, following]
            walk(start, following, product * shares[node, following])

    for node in range(size):
        walk(node, node, 1.0)
    return found


def points(found: EffectiveShares, size: int) -> Matrix:
    """Return the values as a vector; 0 where there is no share, NaN where it is not determined."""
    vector = np.zeros(size)
    for node, share in found.shares.items():
        vector[node] = np.nan if share.point is None else share.point  # type: ignore[call-overload]
    return vector


def bounds(found: EffectiveShares) -> Mapping[Any, tuple[float, float]]:
    """Return the bounds above zero, so that a share of 1e-15 counts as none."""
    return {node: (share.low, share.high) for node, share in found.shares.items() if share.high > 1e-9}


def state_bounds(found: Iterable[StateBehind]) -> dict[tuple[Any, str], tuple[float, float]]:
    return {(one.asset, one.state): (one.low, one.high) for one in found}

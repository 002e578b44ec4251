"""Generated ownership graphs, and the plain dense solutions to compare with."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
from hypothesis import strategies as st

Matrix = np.ndarray[Any, Any]


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


SEEDS = st.integers(min_value=0, max_value=2**32 - 1)

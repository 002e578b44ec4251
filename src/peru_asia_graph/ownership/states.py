"""The states behind every asset: the home states of the owners at the top of its chains.

The share of a state is Σ over its ultimate owners i of [(I − W)⁻¹]_ij, as in ``ultimate_owners``; the power series is
computed for all states together, one column each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from scipy import sparse

from peru_asia_graph.ownership.shareholdings import Holdings, Node
from peru_asia_graph.ownership.solver import solve
from peru_asia_graph.ownership.sparse_matrix import MAX_STEPS, SparseMatrix, Vector

# The number of states per machine word.
_WORD_BITS: Final = 64
# Even many parts below this do not change the six decimal places of a percentage.
_NEGLIGIBLE: Final = 1e-13


class StateBehind(NamedTuple):
    """An asset, a state connected to it by a chain of stakes of known size or not, and the bounds of its share."""

    asset: Node
    state: str
    low: float
    high: float


def states_behind(holdings: Holdings, home: Mapping[Any, str]) -> list[StateBehind]:
    """Return the states behind all nodes; ``home`` maps ultimate owners to their home state, if known.

    With stakes of unknown size, the upper bounds are valid but not the tightest.

    >>> import networkx as nx
    >>> firms = nx.DiGraph([("A", "Mine", {"share": 60.0}), ("B", "Mine", {"share": 40.0})])
    >>> [(one.state, one.low) for one in states_behind(Holdings.from_graph(firms), {"A": "China", "B": "Japan"})]
    [('China', 60.0), ('Japan', 40.0)]
    """
    owned = np.diff(holdings.pattern.indptr) > 0
    roots = [number for number in np.flatnonzero(~owned).tolist() if holdings.nodes[number] in home]
    states = sorted({home[holdings.nodes[number]] for number in roots})
    place = {state: number for number, state in enumerate(states)}
    columns = np.array([place[home[holdings.nodes[number]]] for number in roots], dtype=int)
    start = sparse.csr_array((np.ones(len(roots)), (roots, columns)), shape=(len(holdings.nodes), len(states)))
    assets, columns = np.nonzero(_reach(holdings, start.toarray()) & owned[:, None])
    known = holdings.known.to_scipy()
    low = np.asarray(_flow(known, start)[assets, columns]).ravel() if len(assets) else np.zeros(0)
    high = low
    if holdings.slack.stakes:
        roots = np.flatnonzero(~owned).tolist()
        every = _vector(solve(holdings.known, dict.fromkeys(roots, 1.0), downward=True).total, len(holdings.nodes))
        high = np.minimum(low + np.clip(1.0 - every, 0.0, 1.0)[assets], 1.0)
    bounds = (holdings.whole * low).tolist(), (holdings.whole * high).tolist()
    found = zip(assets.tolist(), columns.tolist(), *bounds, strict=True)
    return [StateBehind(holdings.nodes[asset], states[column], *ends) for asset, column, *ends in found]


def _flow(shares: sparse.csc_array, start: sparse.csr_array) -> sparse.csr_array:
    """Return (I − Wᵀ)⁻¹ ``start``, one column per state; negligible values are dropped."""
    downward, flow, flows = shares.T.tocsr(), start, [start.tocoo()]
    for _ in range(MAX_STEPS):
        flow = downward @ flow
        flow.data[flow.data < _NEGLIGIBLE] = 0.0
        flow.eliminate_zeros()
        if not flow.nnz:
            row, column, data = (
                np.concatenate(parts) for parts in zip(*((one.row, one.col, one.data) for one in flows), strict=True)
            )
            return sparse.coo_array((data, (row, column)), shape=start.shape).tocsr()
        flows.append(flow.tocoo())
    matrix, by_column = SparseMatrix(shares), start.tocsc()
    starts = (by_column[:, [column]].indices.tolist() for column in range(start.shape[1]))
    totals = [_vector(solve(matrix, dict.fromkeys(nodes, 1.0), downward=True).total, matrix.size) for nodes in starts]
    return sparse.csr_array(np.column_stack(totals))


def _vector(entries: Mapping[int, float], size: int) -> Vector:
    vector = np.zeros(size)
    vector[list(entries)] = list(entries.values())
    return vector


def _reach(holdings: Holdings, start: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return which columns reach which nodes along stakes of any size."""
    firsts = range(0, max(1, start.shape[1]), _WORD_BITS)
    return np.hstack([_reach_word(holdings, start[:, first : first + _WORD_BITS]) for first in firsts])


def _reach_word(holdings: Holdings, start: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the same for as many states as fit into a word, one bit each: propagated until nothing changes."""
    bits = np.uint64(1) << np.arange(start.shape[1], dtype=np.uint64)
    reached = (start > 0).astype(np.uint64) @ bits
    pattern = holdings.pattern
    firms = np.flatnonzero(np.diff(pattern.indptr))
    while len(firms):
        before = reached[firms]
        reached[firms] |= np.bitwise_or.reduceat(reached[pattern.indices], pattern.indptr[firms])
        if np.array_equal(before, reached[firms]):
            break
    return np.asarray((reached[:, None] & bits) != 0)

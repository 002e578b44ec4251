"""Which states stand behind every asset, all at once: the home states of the owners at the end of its chains.

The share of a state is Σ over its ultimate owners i of [(I − W)⁻¹]_ij, as in ``ultimate_owners``; many states go
through the series together. Limit: with stakes of unknown size the upper bounds hold but are not the tightest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import sparse

from peru_asia_graph.ownership.matrix import Holdings, Node
from peru_asia_graph.ownership.series import STEPS, Vector, solve

# How many states fit into one word.
_WORD: Final = 64
# Parts of a whole smaller than this do not show in six places of a percentage, however many there are.
_NOTHING: Final = 1e-13


@dataclass(frozen=True)
class StatesBehind:
    """Pairs of an asset and a state that some chain of stakes, of known size or not, leads to.

    ``assets`` and ``columns`` number ``nodes`` and ``states``; ``low`` and ``high`` bound the share that ends there.
    """

    nodes: Sequence[Node]
    states: Sequence[str]
    assets: Vector
    columns: Vector
    low: Vector
    high: Vector


def states_behind(held: Holdings, home: Mapping[Any, str]) -> StatesBehind:
    """Return the states behind all nodes; ``home`` names the home state of those ultimate owners that have one.

    >>> import networkx as nx
    >>> firms = nx.DiGraph([("A", "Mine", {"share": 60.0}), ("B", "Mine", {"share": 40.0})])
    >>> found = states_behind(Holdings.from_graph(firms), {"A": "China", "B": "Japan"})
    >>> [(found.states[column], low) for column, low in zip(found.columns.tolist(), found.low.tolist(), strict=True)]
    [('China', 60.0), ('Japan', 40.0)]
    """
    owned = np.diff(held.pattern.indptr) > 0
    roots = [number for number in np.flatnonzero(~owned).tolist() if held.nodes[number] in home]
    states = sorted({home[held.nodes[number]] for number in roots})
    place = {state: number for number, state in enumerate(states)}
    columns = np.array([place[home[held.nodes[number]]] for number in roots], dtype=int)
    start = sparse.csr_array((np.ones(len(roots)), (roots, columns)), shape=(len(held.nodes), len(states)))
    assets, columns = np.nonzero(_reach(held, start.toarray()) & owned[:, None])
    low = np.asarray(_flow(held.known, start)[assets, columns]).ravel() if len(assets) else np.zeros(0)
    high = low
    if held.room.nnz:
        every = solve(held.known, (~owned).astype(float), downward=True).total
        high = np.minimum(low + np.clip(1.0 - every, 0.0, 1.0)[assets], 1.0)
    return StatesBehind(held.nodes, states, assets, columns, held.whole * low, held.whole * high)


def _flow(shares: sparse.csc_array, start: sparse.csr_array) -> sparse.csr_array:
    """Return (I − Wᵀ)⁻¹ ``start``, a column a state; what is too small to be printed is let go."""
    downward, flow, flows = shares.T.tocsr(), start, [start.tocoo()]
    for _ in range(STEPS):
        flow = downward @ flow
        flow.data[flow.data < _NOTHING] = 0.0
        flow.eliminate_zeros()
        if not flow.nnz:
            row, column, data = (np.concatenate(parts) for parts in zip(*map(_parts, flows), strict=True))
            return sparse.coo_array((data, (row, column)), shape=start.shape).tocsr()
        flows.append(flow.tocoo())
    whole = [
        solve(shares, start[:, [column]].toarray().ravel(), downward=True).total for column in range(start.shape[1])
    ]
    return sparse.csr_array(np.column_stack(whole))


def _parts(flow: sparse.coo_array) -> tuple[Vector, Vector, Vector]:
    return flow.row, flow.col, flow.data


def _reach(held: Holdings, start: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return which columns reach which nodes along stakes of any size."""
    parts = [_reach_word(held, start[:, at : at + _WORD]) for at in range(0, max(1, start.shape[1]), _WORD)]
    return np.hstack(parts)


def _reach_word(held: Holdings, start: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Do so for as many states as fit into a word, a bit each, until nothing changes."""
    bits = np.uint64(1) << np.arange(start.shape[1], dtype=np.uint64)
    marks = (start > 0).astype(np.uint64) @ bits
    pattern = held.pattern
    firms = np.flatnonzero(np.diff(pattern.indptr))
    while len(firms):
        before = marks[firms]
        marks[firms] |= np.bitwise_or.reduceat(marks[pattern.indices], pattern.indptr[firms])
        if np.array_equal(before, marks[firms]):
            break
    return np.asarray((marks[:, None] & bits) != 0)

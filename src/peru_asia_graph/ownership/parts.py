"""The part of a graph that a query depends on: the nodes above an asset, or below an owner."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from peru_asia_graph.ownership.dict_matrix import DictMatrix
from peru_asia_graph.ownership.matrix import ShareMatrix
from peru_asia_graph.ownership.shareholdings import Holdings
from peru_asia_graph.ownership.stake_arrays import MAX_PLAIN_STAKES

if TYPE_CHECKING:
    import numpy as np

# Eliminating a cycle of n firms takes up to n³ steps; above this limit SciPy is faster.
MAX_ELIMINATION: Final = 1_000_000

Neighbours = Callable[[int], Mapping[int, float]]


@dataclass(frozen=True)
class Part:
    """Some nodes of ``Holdings``, in ascending order, renumbered.

    ``place`` is the new number of the asset or owner; ``slack`` has the columns of assets with stakes of unknown size;
    ``unallocated`` is the part of each asset that the known shares leave, ``owned`` whether the asset has an owner.
    """

    nodes: Sequence[int] | np.ndarray[Any, Any]
    place: int
    known: ShareMatrix
    slack: Mapping[int, Mapping[int, float]]
    unallocated: Sequence[float] | np.ndarray[Any, Any]
    owned: Sequence[bool] | np.ndarray[Any, Any]

    def restrict(self, nodes: Sequence[int], place: int) -> Part:
        """Return the part restricted to some of its nodes (new numbers, in ascending order) around one of them."""
        number = {node: new for new, node in enumerate(nodes)}
        return Part(
            [self.nodes[node] for node in nodes],
            number[place],
            self.known.submatrix(nodes),
            {
                number[asset]: {number[i]: part for i, part in column.items() if i in number}
                for asset, column in self.slack.items()
                if asset in number
            },
            [self.unallocated[node] for node in nodes],
            [self.owned[node] for node in nodes],
        )


def above(holdings: Holdings, asset: int) -> Part:
    """Return an asset and everything above it."""
    return _part(holdings, asset, holdings.known.column, holdings.slack.column, downward=False)


def below(holdings: Holdings, owner: int) -> Part:
    """Return an owner and everything below it."""
    return _part(holdings, owner, holdings.known.row, holdings.slack.row, downward=True)


def _part(holdings: Holdings, start: int, stated: Neighbours, unknown_in: Neighbours, *, downward: bool) -> Part:
    def both(node: int) -> Mapping[int, float]:
        return {**stated(node), **unknown_in(node)}

    nodes = _reach(start, both if holdings.slack.stakes else stated)
    if nodes is None:
        return _sparse_part(holdings, start, downward=downward)
    columns = [holdings.known.column(node) for node in nodes]
    known = _submatrix(columns, nodes)
    slack = _submatrix([holdings.slack.column(node) for node in nodes], nodes) if holdings.slack.stakes else []
    unknown = {asset: column for asset, column in enumerate(slack) if column}
    matrix: ShareMatrix = DictMatrix(known)
    pattern = matrix if not unknown else DictMatrix([{**one, **unknown.get(j, {})} for j, one in enumerate(known)])
    # An upper bound of the work, whatever the unknown shares turn out to be.
    steps = sum(len(one.members) ** 3 for one in pattern.cyclic_components)
    if steps > MAX_ELIMINATION:
        from peru_asia_graph.ownership.sparse_matrix import SparseMatrix

        matrix = SparseMatrix(matrix.to_scipy())
    unallocated = [min(1.0, max(0.0, 1.0 - sum(column.values()))) for column in columns]
    owned = [bool(column) or asset in unknown for asset, column in enumerate(columns)]
    return Part(nodes, bisect_left(nodes, start), matrix, unknown, unallocated, owned)


def _submatrix(columns: Sequence[Mapping[int, float]], nodes: Sequence[int]) -> list[dict[int, float]]:
    number = {node: place for place, node in enumerate(nodes)}
    return [{number[i]: part for i, part in column.items() if i in number} for column in columns]


def _sparse_part(holdings: Holdings, start: int, *, downward: bool) -> Part:
    import numpy as np

    from peru_asia_graph.ownership.sparse_matrix import SparseMatrix, reachable

    nodes = reachable(holdings.pattern, start, downward=downward)
    known = SparseMatrix(holdings.known.to_scipy()).submatrix(nodes)
    slack = SparseMatrix(holdings.slack.to_scipy()).submatrix(nodes)
    unknown = np.flatnonzero(np.diff(slack.shares.indptr)).tolist()
    unallocated = np.clip(1.0 - SparseMatrix(holdings.known.to_scipy()).column_sums()[nodes], 0.0, 1.0)
    return Part(
        nodes,
        int(np.searchsorted(nodes, start)),
        known,
        {asset: slack.column(asset) for asset in unknown},
        unallocated,
        np.diff(holdings.pattern.indptr)[nodes] > 0,
    )


def add(one: Mapping[int, float], two: Mapping[int, float]) -> Mapping[int, float]:
    """Return the sum of two columns of shares, by node."""
    return {**one, **{node: one.get(node, 0.0) + part for node, part in two.items()}} if two else one


def _reach(start: int, neighbours: Neighbours) -> list[int] | None:
    """Return the reachable nodes in ascending order, or None if the search meets too many stakes."""
    found, stack, stakes = {start}, [start], 0
    while stack:
        following = neighbours(stack.pop())
        stakes += len(following)
        if stakes > MAX_PLAIN_STAKES:
            return None
        new = [node for node in following if node not in found]
        found.update(new)
        stack += new
    return sorted(found)

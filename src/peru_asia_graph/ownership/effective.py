"""Effective shares: what an owner holds of an asset directly and through other firms.

With W the matrix of direct shares (owner i, asset j), the integrated ownership is Y = W + WY, so Y = (I − W)⁻¹W
(Brioschi, Buzzacchi and Colombo). An owner inside its own loop would count itself again and again; the correction of
Baldone, Brioschi and Paleari, z_ij = w_ij + Σ_{k≠i} z_ik w_kj, divides row i of Y by [(I − W)⁻¹]_ii.

Both are solved for one asset (a column) or one owner (a row) at a time, on the part of the graph that can matter, with
sparse matrices only. Shares of unknown size give intervals; see ``bounds``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order

from peru_asia_graph.ownership.bounds import largest_shares
from peru_asia_graph.ownership.loops import own_returns
from peru_asia_graph.ownership.matrix import Holdings, Node
from peru_asia_graph.ownership.series import Solved, solve

if TYPE_CHECKING:
    import networkx as nx

DETERMINED: Final = 1e-9


class Share(NamedTuple):
    """A share in the unit of the graph: its bounds, its value when they meet, and the part held directly, if known."""

    low: float
    high: float
    point: float | None
    direct: float | None = None


@dataclass(frozen=True)
class Effective:
    """Effective shares of one asset by owner, or of one owner by asset.

    ``unaccounted`` is what no known owner without owners of its own accounts for (None for an owner). ``circles`` are
    groups of firms wholly owned by each other, whose mutual stakes lead to nobody and are left out.
    """

    of: Node
    shares: Mapping[Node, Share]
    unaccounted: Share | None
    circles: tuple[frozenset[Node], ...] = ()


def effective_owners(
    graph: nx.Graph[Any] | Holdings, asset: Node, *, share: str = "share", whole: float = 100.0, least: float = 0.0
) -> Effective:
    """Return the effective share of every owner of ``asset``, direct or through others.

    Shares are in the unit of ``whole``; owners whose upper bound is ``least`` or below are left out. An owner in a
    circle of more than 2,000 firms gets bounds unless it holds one percent or more. Raises OverOwned when shares of an
    asset add up to more than the whole, UnknownName for an unknown asset.

    >>> import networkx as nx
    >>> firms = nx.DiGraph()
    >>> firms.add_weighted_edges_from([("A", "B", 45), ("B", "C", 60), ("A", "C", 10)], weight="share")
    >>> effective_owners(firms, "C").shares["A"].point
    37.0
    """
    held = Holdings.from_graph(graph, share, whole)
    number = held.number(asset)
    above = _reach(held.pattern, number)
    place = {int(node): position for position, node in enumerate(above)}
    shares = held.known[above][:, above].tocsc()
    start = np.zeros(len(above))
    start[place[number]] = 1.0
    solved = solve(shares, start)
    integrated = solved.total - start
    low, high = own_returns(solved.shares, integrated)
    for member in (int(one) for circle in solved.circles for one in circle):
        low[member] = high[member] = _from(shares, member)[place[number]]
    if held.room.nnz:
        high = np.maximum(high, largest_shares(held, above, number))
    direct = shares[:, [place[number]]].toarray().ravel()
    unknown = set(held.room[above][:, [number]].nonzero()[0].tolist())
    found = {
        held.nodes[node]: _share(held.whole, low[row], high[row], None if row in unknown else direct[row])
        for row, node in enumerate(above)
        if node != number and high[row] * held.whole > least
    }
    remainder = _remainder(held, above, solved)
    return Effective(asset, found, remainder, _named(held, above, solved.circles))


def effective_holdings(
    graph: nx.Graph[Any] | Holdings, owner: Node, *, share: str = "share", whole: float = 100.0, least: float = 0.0
) -> Effective:
    """Return the effective share of ``owner`` in everything it holds, directly or through others.

    The loop correction is exact. Units and errors as in ``effective_owners``.

    >>> import networkx as nx
    >>> loop = nx.DiGraph()
    >>> loop.add_weighted_edges_from([("P", "Q", 20), ("Q", "P", 30)], weight="share")
    >>> round(effective_holdings(loop, "P").shares["Q"].point, 9)
    20.0
    """
    held = Holdings.from_graph(graph, share, whole)
    number = held.number(owner)
    below = _reach(held.pattern.T.tocsc(), number)
    place = {int(node): position for position, node in enumerate(below)}
    shares = held.known[below][:, below].tocsc()
    direct = shares[[place[number]], :].toarray().ravel()
    low = high = _from(shares, place[number])
    unknown: set[int] = set()
    if held.room.nnz:
        high = np.maximum(low, _largest_held(held, below, number))
        unknown = set(held.room[[number], :][:, below].nonzero()[1].tolist())
    found = {
        held.nodes[node]: _share(held.whole, low[row], high[row], None if row in unknown else direct[row])
        for row, node in enumerate(below)
        if node != number and high[row] * held.whole > least
    }
    return Effective(owner, found, None)


def _from(shares: sparse.csc_array, owner: int) -> np.ndarray[Any, Any]:
    """Return what one node holds of all: nothing flows on through itself, so that its own loop is not counted."""
    start, keep = np.zeros(shares.shape[0]), np.ones(shares.shape[0])
    start[owner], keep[owner] = 1.0, 0.0
    return solve((shares @ sparse.diags_array(keep)).T.tocsc(), start).total - start


def ultimate_owners(
    graph: nx.Graph[Any] | Holdings, asset: Node, *, share: str = "share", whole: float = 100.0
) -> Effective:
    """Return the effective owners of ``asset`` that nobody owns, and what they leave unaccounted.

    With all shares known, shares and ``unaccounted`` add up to ``whole``.

    >>> import networkx as nx
    >>> firms = nx.DiGraph([("State", "Firm", {"share": 51.0}), ("Firm", "Mine", {"share": 100.0})])
    >>> found = ultimate_owners(firms, "Mine")
    >>> [(node, one.point) for node, one in found.shares.items()], found.unaccounted.point
    ([('State', 51.0)], 49.0)
    """
    held = Holdings.from_graph(graph, share, whole)
    every = effective_owners(held, asset)
    owned = np.diff(held.pattern.indptr) > 0
    roots = {node: one for node, one in every.shares.items() if not owned[held.index[node]]}
    return Effective(asset, roots, every.unaccounted, every.circles)


def _reach(pattern: sparse.csc_array, number: int) -> np.ndarray[Any, Any]:
    """Return the numbers of a node and of all above it, sorted."""
    found = breadth_first_order(pattern.T.tocsr(), number, return_predecessors=False)
    return np.sort(found)


def _share(whole: float, low: float, high: float, direct: float | None) -> Share:
    def scaled(part: float) -> float:
        return round(float(whole * part), 12)

    point = scaled((low + high) / 2) if high - low <= DETERMINED else None
    return Share(scaled(low), scaled(high), point, None if direct is None else scaled(direct))


def _remainder(held: Holdings, above: np.ndarray[Any, Any], solved: Solved) -> Share:
    """Return the flow into what is left over: of the asset itself and of every owner on the way that has owners.

    An owner without owners ends the way, and so is no remainder. Known shares give the upper bound.
    """
    owned = np.diff(held.pattern.indptr)[above] > 0
    start_owned = owned | (solved.start > 0)
    left = held.left[above] + solved.cut
    most = float((solved.total * np.where(start_owned, left, 0.0)).sum())
    certain = most
    if held.room.nnz:
        spare = np.asarray(held.room.sum(axis=0)).ravel()[above]
        certain = float((solved.total * np.where(start_owned, np.clip(left - spare, 0.0, 1.0), 0.0)).sum())
    return _share(held.whole, certain, most, None)


def _largest_held(held: Holdings, below: np.ndarray[Any, Any], owner: int) -> np.ndarray[Any, Any]:
    from peru_asia_graph.ownership.bounds import largest_of_owner

    return largest_of_owner(held, below, owner)


def _named(held: Holdings, part: np.ndarray[Any, Any], circles: list[np.ndarray[Any, Any]]) -> tuple[Any, ...]:
    return tuple(frozenset(held.nodes[part[number]] for number in circle) for circle in circles)

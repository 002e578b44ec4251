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

from peru_asia_graph.ownership.bounds import largest_of_owner, largest_shares
from peru_asia_graph.ownership.loops import own_returns
from peru_asia_graph.ownership.matrix import Holdings, Node
from peru_asia_graph.ownership.series import Solved, Vector, solve

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
    place = int(np.searchsorted(above, number))
    shares = held.known[above][:, above].tocsc()
    start = np.zeros(len(above))
    start[place] = 1.0
    solved = solve(shares, start)
    integrated = solved.total - start
    low, high = own_returns(solved.shares, integrated)
    for member in (int(one) for circle in solved.circles for one in circle):
        low[member] = high[member] = _from(shares, member)[place]
    if held.room.nnz:
        high = np.maximum(high, largest_shares(held, above, number))
    direct = shares[:, [place]].toarray().ravel()
    direct[held.room[above][:, [number]].nonzero()[0]] = np.nan
    found = _shares(held, above, number, low, high, direct, least)
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
    place = int(np.searchsorted(below, number))
    shares = held.known[below][:, below].tocsc()
    direct = shares[[place], :].toarray().ravel()
    low = high = _from(shares, place)
    if held.room.nnz:
        high = np.maximum(low, largest_of_owner(held, below, number))
        direct[held.room[[number], :][:, below].nonzero()[1]] = np.nan
    return Effective(owner, _shares(held, below, number, low, high, direct, least), None)


def _from(shares: sparse.csc_array, owner: int) -> Vector:
    """Return what one node holds of all: nothing flows on through itself, so that its own loop is not counted."""
    start, keep = np.zeros(shares.shape[0]), np.ones(shares.shape[0])
    start[owner], keep[owner] = 1.0, 0.0
    return solve((shares @ sparse.diags_array(keep)).tocsc(), start, downward=True).total - start


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


def _reach(pattern: sparse.csc_array, number: int) -> Vector:
    """Return the numbers of a node and of all above it, sorted."""
    found = breadth_first_order(pattern.T.tocsr(), number, return_predecessors=False)
    return np.sort(found)


def _shares(
    held: Holdings, part: Vector, number: int, low: Vector, high: Vector, direct: Vector, least: float
) -> dict[Node, Share]:
    """Return the shares of the nodes of ``part`` but one; ``direct`` is NaN where it is unknown."""
    kept = np.flatnonzero((high * held.whole > least) & (part != number))
    lows, highs, directs = (np.round(held.whole * one[kept], 12) for one in (low, high, direct))
    points = np.where(highs - lows <= DETERMINED * held.whole, np.round((lows + highs) / 2, 12), np.nan)
    columns = [[None if value != value else value for value in one.tolist()] for one in (points, directs)]
    rows = zip(part[kept].tolist(), lows.tolist(), highs.tolist(), *columns, strict=True)
    return {held.nodes[node]: Share(low, high, point, own) for node, low, high, point, own in rows}


def _share(whole: float, low: float, high: float) -> Share:
    least, most = round(whole * low, 12), round(whole * high, 12)
    return Share(least, most, most if high - low <= DETERMINED else None)


def _remainder(held: Holdings, above: Vector, solved: Solved) -> Share:
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
    return _share(held.whole, certain, most)


def _named(held: Holdings, part: Vector, circles: list[Vector]) -> tuple[Any, ...]:
    return tuple(frozenset(held.nodes[part[number]] for number in circle) for circle in circles)

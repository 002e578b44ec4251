"""Control by majority: what one owner controls, and who controls each firm in the end.

An owner controls a firm when it and the firms it controls together hold more than the threshold; this is the least
fixed point of S ← S ∪ {y : Σ_{k∈S} W_ky > threshold}. An edge with a true ``control`` attribute (a subsidiary, say)
counts as a majority whatever its share. Limit: the threshold is at least half, so that no firm has two controllers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import sparse

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.ownership.matrix import Holdings, Node

if TYPE_CHECKING:
    import networkx as nx

CONTROLS: Final = "controls"
MAY_CONTROL: Final = "may control"
# Firms with more owners than this are added up one by one.
MANY: Final = 64
Vector = np.ndarray[Any, Any]


def controlled_by(
    graph: nx.Graph[Any] | Holdings,
    owner: Node,
    *,
    threshold: float = 50.0,
    share: str = "share",
    whole: float = 100.0,
) -> Mapping[Node, str]:
    """Return what ``owner`` controls: ``controls``, or ``may control`` where that hangs on shares of unknown size.

    ``threshold`` is in the unit of ``whole``; more than it is needed. Raises WrongUse below half of the whole.

    >>> import networkx as nx
    >>> firms = nx.DiGraph()
    >>> stakes = [("A", "B", 60), ("A", "C", 30), ("B", "C", 25), ("C", "D", 51)]
    >>> firms.add_weighted_edges_from(stakes, weight="share")
    >>> sorted(controlled_by(firms, "A"))
    ['B', 'C', 'D']
    """
    held, stated = _held(graph, share, whole)
    limit = _limit(threshold, held.whole)
    number = held.number(owner)
    surely = _grow(held.known, stated, number, limit)
    found = {held.nodes[one]: CONTROLS for one in surely}
    if held.room.nnz:
        possibly = _grow(held.pattern, stated, number, limit)
        found |= {held.nodes[one]: MAY_CONTROL for one in possibly if one not in surely}
    return found


def ultimate_controllers(
    graph: nx.Graph[Any] | Holdings, *, threshold: float = 50.0, share: str = "share", whole: float = 100.0
) -> Mapping[Node, Node]:
    """Return the last controller of every firm that has one; firms nobody controls are left out.

    Circles of firms that control each other and nobody else are led by the first of them in node order.

    >>> import networkx as nx
    >>> chain = nx.DiGraph()
    >>> chain.add_weighted_edges_from([("State", "Group", 100), ("Group", "Mine", 51)], weight="share")
    >>> dict(ultimate_controllers(chain))
    {'Group': 'State', 'Mine': 'State'}
    """
    held, stated = _held(graph, share, whole)
    tops = top_controllers(held.known, stated, _limit(threshold, held.whole))
    moved = np.flatnonzero(tops != np.arange(len(tops)))
    return {held.nodes[int(number)]: held.nodes[int(tops[number])] for number in moved}


def top_controllers(shares: sparse.csc_array, stated: dict[int, int], limit: float) -> Vector:
    """Return the number of the last controller of each node, its own where nobody controls it.

    Firms join the group that holds the majority; then only firms below a group that changed are looked at again.
    """
    tops = np.arange(shares.shape[0])
    firms = np.fromiter(stated.keys(), dtype=int, count=len(stated))
    tops = _join(tops, firms, np.fromiter(stated.values(), dtype=int, count=len(stated)))
    below = shares.tocsr()
    active = np.flatnonzero(np.diff(shares.indptr))
    while len(active):
        active = active[tops[active] == active]
        controller = _majorities(shares, active, tops, limit)
        joins = (controller >= 0) & (controller != active)
        before, tops = tops, _join(tops, active[joins], controller[joins])
        active = _targets(below, np.flatnonzero(tops != before))
    return tops


def _join(tops: Vector, groups: Vector, leaders: Vector) -> Vector:
    """Return the tops after each group has joined its leader's; a circle of groups is led by its first."""
    direct = np.arange(len(tops))
    direct[groups] = leaders
    upward = direct.copy()
    for _ in range(len(tops).bit_length() + 1):
        following = upward[upward[groups]]
        if np.array_equal(following, upward[groups]):
            break
        upward[groups] = following
    lost = groups[direct[upward[groups]] != upward[groups]]
    if not len(lost):
        return np.asarray(upward[tops])
    for first in _circle_leaders(direct, lost):
        direct[first] = first
    moved = groups[direct[groups] != groups]
    return _join(tops, moved, direct[moved])


def _circle_leaders(upward: Vector, groups: Vector) -> list[int]:
    """Return the first group of every circle that following ``upward`` runs into."""
    seen: dict[int, int] = {}
    found = []
    for start in groups.tolist():
        way, group = [], start
        while group not in seen and upward[group] != group:
            seen[group] = start
            way.append(group)
            group = int(upward[group])
        if seen.get(group) == start and group in way:
            found.append(min(way[way.index(group) :]))
    return found


def _targets(below: sparse.csr_array, owners: Vector) -> Vector:
    """Return the firms these owners hold directly, each once."""
    mark = np.zeros(below.shape[0], dtype=bool)
    mark[below[owners].indices] = True
    return np.flatnonzero(mark)


def _majorities(shares: sparse.csc_array, firms: Vector, tops: Vector, limit: float) -> Vector:
    """Return for each firm the group that holds more than ``limit`` of it, or −1.

    A weighted majority vote, owner by owner over all firms at once; firms with many owners are added up one by one.
    """
    first, counts = shares.indptr[firms], np.diff(shares.indptr)[firms]
    candidate, weight = np.full(len(firms), -1), np.zeros(len(firms))
    wide = np.flatnonzero(counts > MANY)
    counts[wide] = 0
    steps = int(counts.max(initial=0))
    for step in range(steps):
        some = np.flatnonzero(counts > step)
        place = first[some] + step
        group, part = tops[shares.indices[place]], shares.data[place]
        same = candidate[some] == group
        left = np.where(same, weight[some] + part, weight[some] - part)
        candidate[some] = np.where(left < 0, group, candidate[some])
        weight[some] = np.abs(left)
    total = np.zeros(len(firms))
    for step in range(steps):
        some = np.flatnonzero(counts > step)
        place = first[some] + step
        agrees = tops[shares.indices[place]] == candidate[some]
        total[some] += np.where(agrees, shares.data[place], 0.0)
    for number in wide:
        inside = slice(first[number], shares.indptr[firms[number] + 1])
        groups, member = np.unique(tops[shares.indices[inside]], return_inverse=True)
        sums = np.bincount(member, shares.data[inside])
        candidate[number], total[number] = groups[sums.argmax()], sums.max()
    return np.where(total > limit, candidate, -1)


def _grow(shares: sparse.csc_array, stated: dict[int, int], owner: int, limit: float) -> set[int]:
    by_owner, sums = shares.tocsr(), np.zeros(shares.shape[0])
    below: dict[int, list[int]] = {}
    for firm, controller in stated.items():
        below.setdefault(controller, []).append(firm)
    inside, waiting = {owner}, [owner]
    while waiting:
        one = waiting.pop()
        row = slice(by_owner.indptr[one], by_owner.indptr[one + 1])
        sums[by_owner.indices[row]] += by_owner.data[row]
        won = {int(firm) for firm in by_owner.indices[row] if sums[firm] > limit} | set(below.get(one, ()))
        waiting += sorted(won - inside)
        inside |= won
    return inside - {owner}


def _limit(threshold: float, whole: float) -> float:
    if not whole / 2 <= threshold < whole:
        raise WrongUse(f"a threshold of {threshold:g} leaves room for two controllers; use {whole / 2:g} or more")
    return threshold / whole


def _held(graph: nx.Graph[Any] | Holdings, share: str, whole: float) -> tuple[Holdings, dict[int, int]]:
    held = Holdings.from_graph(graph, share, whole)
    if isinstance(graph, Holdings):
        return held, {}
    stated = {
        held.index[firm]: held.index[owner] for owner, firm, data in graph.edges(data=True) if data.get("control")
    }
    return held, stated

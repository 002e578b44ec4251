"""Ultimate controllers of all firms: the majorities of groups, recomputed for firms below groups that changed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy import sparse

from peru_asia_graph.ownership.sparse_matrix import Vector


def top_controllers(shares: sparse.csc_array, stated: Mapping[int, int], limit: float) -> Vector:
    """Return the number of the ultimate controller of each node, its own if nobody controls it.

    A firm joins the group that holds its majority, and a firm in ``stated`` that of its stated controller. Then only
    firms below a changed group are visited again.
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
    """Return the top controllers after each group has joined its leader's; a cycle of groups is led by its first."""
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
    for first in _cycle_leaders(direct, lost):
        direct[first] = first
    moved = groups[direct[groups] != groups]
    return _join(tops, moved, direct[moved])


def _cycle_leaders(upward: Vector, groups: Vector) -> list[int]:
    """Return the first group of every cycle that is reached by following ``upward``."""
    seen: dict[int, int] = {}
    found = []
    for start in groups.tolist():
        way, group = [], start
        while group not in seen and upward[group] != group:
            seen[group] = start
            way.append(group)
            group = int(upward[group])
        if seen.get(group) == start:
            found.append(min(way[way.index(group) :]))
    return found


def _targets(below: sparse.csr_array, owners: Vector) -> Vector:
    """Return the firms that these owners hold directly, without duplicates."""
    held = np.zeros(below.shape[0], dtype=bool)
    held[below[owners].indices] = True
    return np.flatnonzero(held)


def _majorities(shares: sparse.csc_array, firms: Vector, tops: Vector, limit: float) -> Vector:
    """Return for each firm the group that holds more than ``limit`` of it, or −1."""
    held = shares[:, firms]
    groups = sparse.csc_array((held.data, tops[held.indices], held.indptr), shape=held.shape)
    groups.sum_duplicates()
    over = np.flatnonzero(groups.data > limit)
    # Rounded shares may add up to slightly more than the whole: the largest group comes last and so counts.
    over = over[np.lexsort((-over, groups.data[over]))]
    found = np.full(len(firms), -1)
    found[np.searchsorted(groups.indptr, over, side="right") - 1] = groups.indices[over]
    return found

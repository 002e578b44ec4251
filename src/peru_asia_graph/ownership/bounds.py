"""The most an owner may hold where stakes of unknown size are in play.

An owner's share is largest when, for every asset, what the known shares leave over goes to those of its unknown holders
that bring the owner most: y(j) = Σ_k w_kj v(k) + best(j), with v(owner) = 1 and v(k) = y(k) otherwise. The least
solution is found by policy iteration (Howard): hand out what is left, solve, hand out better, until nothing improves.
The least an owner may hold has every unknown stake at its lower bound. Limit: one owner at a time.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order

from peru_asia_graph.ownership.matrix import Holdings
from peru_asia_graph.ownership.series import Vector, solve

BETTER: Final = 1e-12


def largest_shares(held: Holdings, above: Vector, asset: int) -> Vector:
    """Return, for every node of ``above``, the most it may hold of ``asset`` (zero where nothing is unknown)."""
    known, room, left = _part(held, above)
    place = int(np.searchsorted(above, asset))
    found = np.zeros(len(above))
    for owner in _above_unknown(known, room):
        if owner != place:
            found[owner] = _largest(known, room, left, int(owner))[place]
    return found


def largest_of_owner(held: Holdings, below: Vector, owner: int) -> Vector:
    """Return the most ``owner`` may hold of every node of ``below``."""
    known, room, left = _part(held, below)
    return _largest(known, room, left, int(np.searchsorted(below, owner)))


def _part(held: Holdings, nodes: Vector) -> tuple[sparse.csc_array, sparse.csc_array, Vector]:
    return held.known[nodes][:, nodes].tocsc(), held.room[nodes][:, nodes].tocsc(), held.left[nodes]


def _above_unknown(known: sparse.csc_array, room: sparse.csc_array) -> list[int]:
    """Return the nodes from which a way leads through an unknown stake."""
    upward = (known + room).T.tocsr()
    found: set[int] = set()
    for holder in np.unique(room.nonzero()[0]):
        if holder not in found:
            found |= set(breadth_first_order(upward, holder, return_predecessors=False).tolist())
    return sorted(found)


def _largest(known: sparse.csc_array, room: sparse.csc_array, left: Vector, owner: int) -> Vector:
    start, keep = np.zeros(len(left)), np.ones(len(left))
    start[owner], keep[owner] = 1.0, 0.0
    given = np.zeros(room.nnz)
    while True:
        handed = sparse.csc_array((given, room.indices, room.indptr), shape=room.shape)
        flow = ((known + handed) @ sparse.diags_array(keep)).tocsc()
        value = solve(flow, start, downward=True).total
        if not _hand_out(room, left, value, given):
            value[owner] = float(((known + handed)[:, [owner]].T @ value)[0])
            return value


def _hand_out(room: sparse.csc_array, left: Vector, value: Vector, given: Vector) -> bool:
    """Give what is left of each asset to its most valuable holders (in place); return whether that is any better."""
    better = False
    for asset in np.flatnonzero(np.diff(room.indptr)):
        inside = slice(room.indptr[asset], room.indptr[asset + 1])
        worth, most = value[room.indices[inside]], room.data[inside]
        parts, rest = np.zeros(len(worth)), left[asset]
        for number in np.argsort(-worth, kind="stable"):
            parts[number] = min(most[number], rest) if worth[number] > 0 else 0.0
            rest -= parts[number]
        if parts @ worth > given[inside] @ worth + BETTER:
            given[inside] = parts
            better = True
    return better

"""The most an owner may hold where stakes of unknown size are in play.

An owner's share is largest when, for every asset, what the known shares leave over goes to those of its unknown holders
that bring the owner most. That is a fixed point of y(j) = Σ_k w_kj v(k) + best(j), with v(owner) = 1 and v(k) = y(k)
otherwise, reached from zero (value iteration). The least is y with every unknown stake at its lower bound. Limit: one
owner at a time, so for tens of thousands of owners above unknown stakes it takes minutes.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order

from peru_asia_graph.ownership.matrix import Holdings

ENDED: Final = 1e-13
STEPS: Final = 100_000
Vector = np.ndarray[Any, Any]


def largest_shares(held: Holdings, above: Vector, asset: int) -> Vector:
    """Return, for every node of ``above``, the most it may hold of ``asset`` (zero where nothing is unknown)."""
    known, room, left = _part(held, above)
    place = int(np.searchsorted(above, asset))
    found = np.zeros(len(above))
    for owner in _above_unknown(known, room):
        if owner != place:
            found[owner] = _iterate(known, room, left, int(owner))[place]
    return found


def largest_of_owner(held: Holdings, below: Vector, owner: int) -> Vector:
    """Return the most ``owner`` may hold of every node of ``below``."""
    known, room, left = _part(held, below)
    return _iterate(known, room, left, int(np.searchsorted(below, owner)))


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


def _iterate(known: sparse.csc_array, room: sparse.csc_array, left: Vector, owner: int) -> Vector:
    downward = known.T.tocsr()
    open_assets = np.flatnonzero(np.diff(room.indptr))
    value = np.zeros(len(left))
    value[owner] = 1.0
    for _ in range(STEPS):
        new = downward @ value
        for asset in open_assets:
            inside = slice(room.indptr[asset], room.indptr[asset + 1])
            new[asset] += _best(value[room.indices[inside]], room.data[inside], left[asset])
        result = np.asarray(new.copy())
        new[owner] = 1.0
        if np.abs(new - value).max() < ENDED:
            return result
        value = new
    return np.asarray(np.minimum(value, 1.0))


def _best(values: Vector, rooms: Vector, left: float) -> float:
    """Return what ``left`` brings when it goes to the most valuable holders first, each up to its room."""
    total = 0.0
    for number in np.argsort(-values):
        part = min(rooms[number], left)
        total += part * values[number]
        left -= part
    return total

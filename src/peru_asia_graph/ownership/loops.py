"""Owners inside their own loop: [(I − W)⁻¹]_ii, by which their integrated share is divided (see ``effective``).

The paths from an owner back to itself stay inside its strongly connected component, so only that part of the matrix
is solved. Limit: in components over 2,000 firms only owners of one percent or more are solved; the others get bounds.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import sparse

from peru_asia_graph.ownership.series import Vector, components, solve

EXACT_SIZE: Final = 2_000
MATERIAL: Final = 0.01


def own_returns(shares: sparse.csc_array, integrated: Vector) -> tuple[Vector, Vector]:
    """Return lower and upper bounds of the corrected shares; they are equal but for small owners in huge circles."""
    low, high = integrated.copy(), integrated.copy()
    groups = components(shares)
    small = [group for group in groups if len(group) <= EXACT_SIZE]
    if small:
        members = np.concatenate(small)
        low[members] = high[members] = integrated[members] / _returns_in(shares, small)
    for group in (group for group in groups if len(group) > EXACT_SIZE):
        inside = shares[group][:, group].tocsc()
        # The flow that comes back to a firm has first gone to its owners in the circle.
        low[group] = integrated[group] * np.clip(1.0 - np.asarray(inside.sum(axis=0)).ravel(), 0.0, 1.0)
        material = np.flatnonzero(integrated[group] >= MATERIAL)
        chosen = group[material]
        low[chosen] = high[chosen] = integrated[chosen] / _returns_of(inside, material)
    return low, high


def _returns_in(shares: sparse.csc_array, groups: list[Vector]) -> Vector:
    """Return [(I − W)⁻¹]_ii for all nodes of the groups.

    Without the stakes between them the groups are independent blocks, so one right-hand side serves one node of each.
    """
    from scipy.sparse.linalg import splu

    members = np.concatenate(groups)
    block = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    place = np.concatenate([np.arange(len(group)) for group in groups])
    inside = shares[members][:, members].tocoo()
    same = block[inside.row] == block[inside.col]
    blocks = sparse.coo_array((inside.data[same], (inside.row[same], inside.col[same])), shape=inside.shape)
    factors = splu((sparse.eye_array(len(members), format="csc") - blocks).tocsc())
    found = np.empty(len(members))
    for number in range(int(place.max()) + 1):
        some = np.flatnonzero(place == number)
        unit = np.zeros(len(members))
        unit[some] = 1.0
        found[some] = factors.solve(unit)[some]
    return found


def _returns_of(inside: sparse.csc_array, numbers: Vector) -> Vector:
    """Return [(I − W)⁻¹]_ii for a few nodes of one large component."""
    found = np.empty(len(numbers))
    for place, number in enumerate(numbers.tolist()):
        unit = np.zeros(inside.shape[0])
        unit[number] = 1.0
        found[place] = solve(inside, unit).total[number]
    return found

"""(I − W)⁻¹ x for one vector: the power series x + Wx + W²x + …, or a direct solve where it would not end soon.

The series ends when what flows on is below 1e-14. It never ends where firms own each other wholly: such circles are
found, their mutual stakes cut, and they are named. Limit: long circles in which little leaks out are solved by LU (up
to 50,000 nodes) or BiCGSTAB.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from peru_asia_graph.errors import NotSolved

ENDED: Final = 1e-14
STEPS: Final = 300
CLOSED: Final = 1e-12
DIRECT_SIZE: Final = 50_000
Vector = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Solved:
    """The sum of the series, its start, the shares it ran on, the circles cut, and what each node lost by the cut."""

    start: Vector
    total: Vector
    shares: sparse.csc_array
    circles: list[Vector]
    cut: Vector


def solve(shares: sparse.csc_array, start: Vector, downward: bool = False) -> Solved:
    """Return (I − W)⁻¹ ``start`` (from assets up to owners) or, ``downward``, (I − Wᵀ)⁻¹ ``start`` (from owners down).

    Raises NotSolved when it cannot be had to 1e-10.
    """
    nothing = np.zeros(len(start))
    total = _series(shares, start, downward)
    if total is not None:
        return Solved(start, total, shares, [], nothing)
    circles = closed_circles(shares)
    opened = cut_circles(shares, circles)
    cut = np.asarray((shares - opened).sum(axis=0)).ravel() if circles else nothing
    total = _series(opened, start, downward) if circles else None
    return Solved(start, _direct(opened, start, downward) if total is None else total, opened, circles, cut)


def _series(shares: sparse.csc_array, start: Vector, downward: bool) -> Vector | None:
    flow, total = start, start.copy()
    by_row = shares.T if downward else shares.tocsr()
    for _ in range(STEPS):
        flow = by_row @ flow
        total += flow
        if flow.sum() < ENDED:
            return total
    return None


def _direct(shares: sparse.csc_array, start: Vector, downward: bool) -> Vector:
    from scipy.sparse.linalg import bicgstab, splu

    system = (sparse.eye_array(len(start), format="csc") - (shares.T if downward else shares)).tocsc()
    if len(start) <= DIRECT_SIZE:
        return np.asarray(splu(system).solve(start))
    total, state = bicgstab(system, start, rtol=1e-12, maxiter=5000)
    if state != 0 or np.abs(system @ total - start).max() > 1e-10:
        raise NotSolved(f"the shares of {len(start):,} firms in circles could not be solved; leave out the circles")
    return np.asarray(total)


def components(shares: sparse.csc_array) -> list[Vector]:
    """Return the groups of nodes that reach each other, of two or more, and nodes that hold themselves."""
    count, labels = connected_components(shares, directed=True, connection="strong")
    sizes = np.bincount(labels, minlength=count)
    order = np.argsort(labels, kind="stable")
    ends = np.cumsum(sizes)
    groups = [order[ends[label] - sizes[label] : ends[label]] for label in np.flatnonzero(sizes > 1)]
    alone = np.flatnonzero((shares.diagonal() > 0) & (sizes[labels] == 1))
    return [*groups, *(np.array([number]) for number in alone)]


def closed_circles(shares: sparse.csc_array) -> list[Vector]:
    """Return the circles whose firms are wholly owned by each other, so that nothing leaks out."""
    inside = ((group, shares[group][:, group].sum(axis=0)) for group in components(shares))
    return [group for group, sums in inside if np.asarray(sums).min() >= 1.0 - CLOSED]


def cut_circles(shares: sparse.csc_array, circles: list[Vector]) -> sparse.csc_array:
    """Return the shares without those inside the circles."""
    opened = shares.tolil()
    for circle in circles:
        for number in circle:
            opened[number, circle] = 0.0
    return opened.tocsc()

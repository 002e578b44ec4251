"""Solve (I − W)⁻¹ x where firms may own each other wholly, and correct for owners inside their own cycle.

The series x + Wx + W²x + … does not converge in a closed component, a group of firms wholly owned by each other. Their
mutual stakes are cut, and the component is reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from peru_asia_graph.ownership.matrix import ShareMatrix

CLOSED: Final = 1e-12
# In larger components, only members with a share of MATERIAL or more are corrected exactly.
MAX_EXACT_SIZE: Final = 2_000
MATERIAL: Final = 0.01


@dataclass(frozen=True)
class Solution:
    """The solution, the shares it holds for, the closed components that were cut, and what each node lost by that."""

    total: dict[int, float]
    shares: ShareMatrix
    closed: Sequence[Sequence[int]]
    cut: Mapping[int, float]


def solve(shares: ShareMatrix, start: Mapping[int, float], *, downward: bool = False) -> Solution:
    """Return (I − W)⁻¹ ``start`` (from assets up to owners) or, ``downward``, (I − Wᵀ)⁻¹ ``start``.

    Raises NotSolved if the residual exceeds 1e-10.
    """
    closed = [one for one in shares.cyclic_components if min(one.inside) >= 1.0 - CLOSED]
    cut: dict[int, float] = {}
    columns: dict[int, dict[int, float]] = {}
    for component in closed:
        members = set(component.members)
        cut |= zip(component.members, component.inside, strict=True)
        for asset in component.members:
            columns[asset] = {i: part for i, part in shares.column(asset).items() if i not in members}
    opened = shares.replace_columns(columns) if closed else shares
    return Solution(opened.solve(start, downward=downward), opened, [one.members for one in closed], cut)


def held_by(shares: ShareMatrix, owner: int) -> dict[int, float]:
    """Return what one node holds of all others, without flow through the node itself: its own cycle is not counted."""
    total = solve(shares.replace_columns({owner: {}}), {owner: 1.0}, downward=True).total
    del total[owner]
    return total


def correct_own_cycles(
    shares: ShareMatrix, integrated: Mapping[int, float]
) -> tuple[dict[int, float], dict[int, float]]:
    """Return lower and upper bounds of integrated shares divided by [(I − W)⁻¹]_ii.

    Paths from an owner back to itself stay inside its strongly connected component, so only that part of the matrix is
    solved. The bounds are equal except for small owners in large components.
    """
    low, high = dict(integrated), dict(integrated)
    components = shares.cyclic_components
    small = [one for one in components if len(one.members) <= MAX_EXACT_SIZE]
    for member, returns in (shares.own_returns(small) if small else {}).items():
        if member in integrated:
            low[member] = high[member] = integrated[member] / returns
    for component in components:
        if len(component.members) <= MAX_EXACT_SIZE:
            continue
        # Flow that returns to a firm passes through its owners in the component.
        for member, inside in zip(component.members, component.inside, strict=True):
            if member in integrated:
                low[member] = integrated[member] * min(1.0, max(0.0, 1.0 - inside))
        material = [member for member in component.members if integrated.get(member, 0.0) >= MATERIAL]
        for member, returns in shares.own_returns_of(component, material).items():
            low[member] = high[member] = integrated[member] / returns
    return low, high

"""Upper bounds of the shares of owners where some stakes are of unknown size.

An owner's share is largest when, for every asset, the part that the known shares leave goes to the unknown holders
worth most to that owner: y(j) = Σ_k w_kj v(k) + best(j), with v(owner) = 1 and v(k) = y(k) otherwise. The least
solution is found by policy iteration (Howard): allocate the rest, solve, reallocate, until nothing improves. For the
lower bound, every unknown stake is at its lower bound.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from peru_asia_graph.ownership.parts import Part, add
from peru_asia_graph.ownership.plain_graph import reach
from peru_asia_graph.ownership.solver import solve

IMPROVEMENT: Final = 1e-12


def largest_shares(part: Part) -> dict[int, float]:
    """Return, for each owner above a stake of unknown size, the largest share it can hold of the asset of ``part``."""
    assets: dict[int, set[int]] = defaultdict(set)
    for asset in range(part.known.size):
        for owner in (*part.known.column(asset), *part.slack.get(asset, ())):
            assets[owner].add(asset)
    found = {}
    for owner in sorted(_above_unknown(part) - {part.place}):
        nodes = reach([owner], lambda node: assets[node])
        below = part.restrict(sorted(nodes), owner)
        found[owner] = largest_holdings(below, below.place).get(bisect_left(below.nodes, part.nodes[part.place]), 0.0)
    return found


def largest_holdings(part: Part, owner: int) -> dict[int, float]:
    """Return the largest share that ``owner`` can hold of every node of ``part``."""
    allocated: dict[int, dict[int, float]] = {asset: {} for asset in part.slack}
    fixed = part.known.replace_columns({owner: {}})  # do not follow the owner's own cycles
    while True:
        columns = {asset: add(part.known.column(asset), more) for asset, more in allocated.items() if asset != owner}
        value = solve(fixed.replace_columns(columns), {owner: 1.0}, downward=True).total
        if not _improve(part, value, allocated):
            return value


def _improve(part: Part, value: Mapping[int, float], allocated: dict[int, dict[int, float]]) -> bool:
    """Allocate the rest of each asset to its most valuable holders, in place; return whether that is an improvement."""
    better = False
    for asset, most in part.slack.items():
        parts: dict[int, float] = {}
        rest = part.unallocated[asset]
        for holder in sorted(most, key=lambda node: (-value.get(node, 0.0), node)):
            if holder not in value or rest <= 0:
                break
            parts[holder] = min(most[holder], rest)
            rest -= parts[holder]
        if _worth(parts, value) > _worth(allocated[asset], value) + IMPROVEMENT:
            allocated[asset] = parts
            better = True
    return better


def _worth(parts: Mapping[int, float], value: Mapping[int, float]) -> float:
    return sum(part * value.get(holder, 0.0) for holder, part in parts.items())


def _above_unknown(part: Part) -> set[int]:
    """Return the nodes with a path through a stake of unknown size."""
    holders = {holder for column in part.slack.values() for holder in column}
    return reach(holders, lambda node: {*part.known.column(node), *part.slack.get(node, ())})

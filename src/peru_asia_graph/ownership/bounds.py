"""The most an owner may hold where stakes of unknown size are in play.

An owner's share is largest when, for every asset, what the known shares leave over goes to those of its unknown holders
that bring the owner most: y(j) = Σ_k w_kj v(k) + best(j), with v(owner) = 1 and v(k) = y(k) otherwise. The least
solution is found by policy iteration (Howard): allocate what is left, solve, allocate better, until nothing improves.
The least an owner may hold has every unknown stake at its lower bound.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from typing import Final

from peru_asia_graph.ownership.parts import Part, add
from peru_asia_graph.ownership.solver import solve

IMPROVEMENT: Final = 1e-12


def largest_shares(part: Part) -> dict[int, float]:
    """Return the most of the asset of ``part`` that each owner above a stake of unknown size may hold."""
    assets: dict[int, set[int]] = defaultdict(set)
    for asset in range(part.known.size):
        for owner in (*part.known.column(asset), *part.slack.get(asset, ())):
            assets[owner].add(asset)
    found = {}
    for owner in sorted(_above_unknown(part) - {part.place}):
        nodes = _reach([owner], lambda node: assets[node])
        below = part.restrict(sorted(nodes), owner)
        found[owner] = largest_holdings(below, below.place).get(bisect_left(below.nodes, part.nodes[part.place]), 0.0)
    return found


def largest_holdings(part: Part, owner: int) -> dict[int, float]:
    """Return the most that ``owner`` may hold of every node of ``part``."""
    allocated: dict[int, dict[int, float]] = {asset: {} for asset in part.slack}
    fixed = part.known.replace_columns({owner: {}})  # nothing flows on through the owner itself
    while True:
        columns = {asset: add(part.known.column(asset), more) for asset, more in allocated.items() if asset != owner}
        value = solve(fixed.replace_columns(columns), {owner: 1.0}, downward=True).total
        if not _improve(part, value, allocated):
            return value


def _improve(part: Part, value: Mapping[int, float], allocated: dict[int, dict[int, float]]) -> bool:
    """Allocate what is left of each asset to its most valuable holders (in place); return whether that is better."""
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
    """Return the nodes from which a path leads through a stake of unknown size."""
    holders = {holder for column in part.slack.values() for holder in column}
    return _reach(holders, lambda node: {*part.known.column(node), *part.slack.get(node, ())})


def _reach(start: Iterable[int], neighbours: Callable[[int], Set[int]]) -> set[int]:
    found = set(start)
    stack = list(found)
    while stack:
        new = neighbours(stack.pop()) - found
        found |= new
        stack += new
    return found

"""Shares as one dictionary per column, solved by elimination in plain Python: fastest for small systems.

Components are solved one by one, each after its assets. Only cycles need elimination: firm k is removed by giving its
stakes to its owners, w_ij += w_ik w_kj / (1 − w_kk), the firm with the fewest stakes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple, Self

from peru_asia_graph.errors import NotSolved
from peru_asia_graph.ownership.matrix import CyclicComponent

# A smaller pivot has lost its significant digits to cancellation.
SINGULAR: Final = 1e-13


class DictMatrix:
    """A ``ShareMatrix`` of dictionaries: ``columns[j][i]`` is the part of asset ``j`` held by owner ``i``."""

    def __init__(self, columns: Sequence[Mapping[int, float]]) -> None:
        self._columns = columns

    @classmethod
    def from_stakes(cls, size: int, owners: Iterable[int], assets: Iterable[int], parts: Iterable[float]) -> DictMatrix:
        """Return the matrix of these stakes; parallel stakes add up, and those of zero or less are omitted."""
        columns: list[dict[int, float]] = [{} for _ in range(size)]
        for owner, asset, part in zip(owners, assets, parts, strict=True):
            if part > 0:
                columns[asset][owner] = columns[asset].get(owner, 0.0) + part
        return cls(columns)

    @property
    def size(self) -> int:
        return len(self._columns)

    @cached_property
    def stakes(self) -> int:
        return sum(map(len, self._columns))

    @cached_property
    def _rows(self) -> list[dict[int, float]]:
        rows: list[dict[int, float]] = [{} for _ in self._columns]
        for asset, column in enumerate(self._columns):
            for owner, part in column.items():
                rows[owner][asset] = part
        return rows

    def column(self, asset: int) -> Mapping[int, float]:
        return self._columns[asset]

    def row(self, owner: int) -> Mapping[int, float]:
        return self._rows[owner]

    def column_sums(self) -> Sequence[float]:
        return [sum(column.values()) for column in self._columns]

    def columns_over(self, limit: float) -> Sequence[int]:
        return [asset for asset, held in enumerate(self.column_sums()) if held > limit]

    def replace_columns(self, columns: Mapping[int, Mapping[int, float]]) -> Self:
        replaced = list(self._columns)
        for asset, column in columns.items():
            replaced[asset] = column
        return type(self)(replaced)

    def submatrix(self, nodes: Sequence[int]) -> Self:
        place = {node: number for number, node in enumerate(nodes)}
        columns = (self._columns[node] for node in nodes)
        return type(self)([{place[i]: part for i, part in column.items() if i in place} for column in columns])

    @cached_property
    def _components(self) -> list[list[int]]:
        """The strongly connected components, each after those of its owners."""
        return strong_components(self._columns)

    @cached_property
    def cyclic_components(self) -> Sequence[CyclicComponent]:
        """The strongly connected components that have a cycle."""
        found = []
        for members in self._components:
            if len(members) > 1 or members[0] in self._columns[members[0]]:
                own = set(members)
                inside = [sum(part for i, part in self._columns[j].items() if i in own) for j in members]
                found.append(CyclicComponent(members, inside))
        return found

    @cached_property
    def _eliminations(self) -> dict[int, Elimination]:
        """The elimination of each cyclic component, by its last member."""
        return {c.members[-1]: Elimination(c.members, self._columns) for c in self.cyclic_components}

    def solve(self, start: Mapping[int, float], *, downward: bool = False) -> dict[int, float]:
        total = [0.0] * self.size
        for node, value in start.items():
            total[node] = value
        for members in self._components if downward else reversed(self._components):
            own: frozenset[int] = frozenset(members) if len(members) > 1 else frozenset()
            if downward:
                for j in members:
                    total[j] += sum(part * total[i] for i, part in self._columns[j].items() if i != j and i not in own)
            if (elimination := self._eliminations.get(members[-1])) is not None:
                elimination.solve(total, downward=downward)
            if not downward:
                for j in members:
                    if value := total[j]:
                        for i, part in self._columns[j].items():
                            if i != j and i not in own:
                                total[i] += part * value
        return {node: value for node, value in enumerate(total) if value}

    def own_returns(self, components: Sequence[CyclicComponent]) -> Mapping[int, float]:
        return {i: value for one in components for i, value in self.own_returns_of(one, one.members).items()}

    def own_returns_of(self, component: CyclicComponent, members: Sequence[int]) -> Mapping[int, float]:
        elimination = self._eliminations[component.members[-1]]
        return {member: elimination.own_return(member) for member in members}

    def to_scipy(self) -> Any:
        from scipy import sparse

        starts, owners, parts = [0], list[int](), list[float]()
        for column in self._columns:
            owners += sorted(column)
            parts += [column[owner] for owner in sorted(column)]
            starts.append(len(owners))
        return sparse.csc_array((parts, owners, starts), shape=(self.size, self.size))


class _Step(NamedTuple):
    """The removal of one node: 1 / (1 − w_kk), and its owners and assets among the remaining nodes."""

    node: int
    scale: float
    owners: dict[int, float]
    assets: dict[int, float]


class Elimination:
    """The factors of I − W for the members of one component, without owners outside it."""

    def __init__(self, members: Sequence[int], columns: Sequence[Mapping[int, float]]) -> None:
        owners: dict[int, dict[int, float]] = {j: {} for j in members}
        assets: dict[int, dict[int, float]] = {j: {} for j in members}
        for j in members:
            for i, part in columns[j].items():
                if i in owners:
                    owners[j][i] = assets[i][j] = part
        self._steps: list[_Step] = []
        while owners:
            node = min(owners, key=lambda k: len(owners[k]) * len(assets[k]))
            self._steps.append(_eliminate(node, owners, assets))

    def solve(self, total: list[float] | dict[int, float], *, downward: bool) -> None:
        """Solve for the members in place; ``total`` holds the right-hand side on entry."""
        for node, scale, owners, assets in self._steps:
            if value := total[node] * scale:
                for other, part in (assets if downward else owners).items():
                    total[other] += part * value
        for node, scale, owners, assets in reversed(self._steps):
            inflow = sum(part * total[other] for other, part in (owners if downward else assets).items())
            total[node] = scale * (total[node] + inflow)

    def own_return(self, member: int) -> float:
        """Return [(I − W)⁻¹]_ii."""
        total = {step.node: 0.0 for step in self._steps}
        total[member] = 1.0
        self.solve(total, downward=False)
        return total[member]


def _eliminate(node: int, owners: dict[int, dict[int, float]], assets: dict[int, dict[int, float]]) -> _Step:
    above, below = owners.pop(node), assets.pop(node)
    itself = above.pop(node, 0.0)
    below.pop(node, None)
    if 1.0 - itself < SINGULAR:
        raise NotSolved("firms that own each other hold more than the whole of themselves; check their shares")
    scale = 1.0 / (1.0 - itself)
    for i in above:
        del assets[i][node]
    for j, part in below.items():
        del owners[j][node]
        for i, share in above.items():
            owners[j][i] = assets[i][j] = owners[j].get(i, 0.0) + share * scale * part
    return _Step(node, scale, above, below)


def strong_components(columns: Sequence[Mapping[int, float]]) -> list[list[int]]:
    """Return the strongly connected components of all nodes, owners before assets (Tarjan)."""
    order: list[int] = [0] * len(columns)
    lowest: list[int] = [0] * len(columns)
    found: list[list[int]] = []
    open_nodes: list[int] = []
    on_stack: set[int] = set()
    count = 0
    for root in range(len(columns)):
        if order[root]:
            continue
        stack = [(root, iter(columns[root]))]
        count += 1
        order[root] = lowest[root] = count
        open_nodes.append(root)
        on_stack.add(root)
        while stack:
            node, owners = stack[-1]
            for owner in owners:
                if not order[owner]:
                    count += 1
                    order[owner] = lowest[owner] = count
                    open_nodes.append(owner)
                    on_stack.add(owner)
                    stack.append((owner, iter(columns[owner])))
                    break
                if owner in on_stack:
                    lowest[node] = min(lowest[node], order[owner])
            else:
                stack.pop()
                if stack:
                    lowest[stack[-1][0]] = min(lowest[stack[-1][0]], lowest[node])
                if lowest[node] == order[node]:
                    members = [open_nodes.pop()]
                    while members[-1] != node:
                        members.append(open_nodes.pop())
                    on_stack.difference_update(members)
                    found.append(sorted(members))
    return found

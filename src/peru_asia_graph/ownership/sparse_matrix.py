"""Shares as a SciPy matrix, solved by the power series x + Wx + W²x + …, or directly if that converges too slowly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order, connected_components

from peru_asia_graph.errors import NotSolved
from peru_asia_graph.ownership.matrix import CyclicComponent

# The series stops when the remaining flow is below TOLERANCE; after MAX_STEPS the system is solved directly.
TOLERANCE: Final = 1e-14
MAX_STEPS: Final = 300
# Larger systems are solved by BiCGSTAB, because the fill-in of LU grows too large.
MAX_LU_SIZE: Final = 50_000
RESIDUAL: Final = 1e-10
Vector = np.ndarray[Any, Any]


class SparseMatrix:
    """A ``ShareMatrix`` in compressed sparse column format."""

    def __init__(self, shares: sparse.csc_array) -> None:
        self.shares = shares

    @classmethod
    def from_stakes(cls, size: int, owners: Vector, assets: Vector, parts: Vector) -> SparseMatrix:
        """Return the matrix of these stakes; parallel stakes add up, and zeros are omitted."""
        shares = sparse.coo_array((parts, (owners, assets)), shape=(size, size)).tocsc()
        shares.eliminate_zeros()
        return cls(shares)

    @property
    def size(self) -> int:
        return int(self.shares.shape[0])

    @property
    def stakes(self) -> int:
        return int(self.shares.nnz)

    @cached_property
    def _by_row(self) -> sparse.csr_array:
        return self.shares.tocsr()

    def column(self, asset: int) -> Mapping[int, float]:
        return _entries(self.shares, asset)

    def row(self, owner: int) -> Mapping[int, float]:
        return _entries(self._by_row, owner)

    def column_sums(self) -> Vector:
        return np.asarray(self.shares.sum(axis=0)).ravel()

    def columns_over(self, limit: float) -> Sequence[int]:
        over: list[int] = np.flatnonzero(self.column_sums() > limit).tolist()
        return over

    def replace_columns(self, columns: Mapping[int, Mapping[int, float]]) -> Self:
        replaced = np.zeros(self.size, dtype=bool)
        replaced[list(columns)] = True
        entries = self.shares.tocoo()
        rest = ~replaced[entries.col]
        owners = [owner for column in columns.values() for owner in column]
        assets = [asset for asset, column in columns.items() for _ in column]
        parts = [part for column in columns.values() for part in column.values()]
        data = np.concatenate([entries.data[rest], np.array(parts, dtype=float)])
        row = np.concatenate([entries.row[rest], np.array(owners, dtype=entries.row.dtype)])
        col = np.concatenate([entries.col[rest], np.array(assets, dtype=entries.col.dtype)])
        return type(self)(sparse.coo_array((data, (row, col)), shape=self.shares.shape).tocsc())

    @cached_property
    def cyclic_components(self) -> Sequence[CyclicComponent]:
        """The strongly connected components that have a cycle."""
        # The transpose has the same components and is already in row format.
        count, labels = connected_components(self.shares.T, directed=True, connection="strong")
        sizes = np.bincount(labels, minlength=count)
        cyclic = sizes > 1
        cyclic[labels[self.shares.diagonal() > 0]] = True
        if not cyclic.any():
            return []
        assets = np.repeat(np.arange(self.size), np.diff(self.shares.indptr))
        same = labels[self.shares.indices] == labels[assets]
        inside = np.bincount(assets[same], self.shares.data[same], minlength=self.size)
        members = np.flatnonzero(cyclic[labels])
        members = members[np.argsort(labels[members], kind="stable")]
        ends = np.cumsum(sizes[cyclic])[:-1]
        groups = zip(np.split(members, ends), np.split(inside[members], ends), strict=True)
        return [CyclicComponent(group.tolist(), parts.tolist()) for group, parts in groups]

    def solve(self, start: Mapping[int, float], *, downward: bool = False) -> dict[int, float]:
        vector = np.zeros(self.size)
        vector[list(start)] = list(start.values())
        total = self._sum_series(vector, downward)
        nodes = np.flatnonzero(total)
        return dict(zip(nodes.tolist(), total[nodes].tolist(), strict=True))

    def _sum_series(self, start: Vector, downward: bool) -> Vector:
        flow, total = start, start.copy()
        by_row = self.shares.T if downward else self._by_row
        for _ in range(MAX_STEPS):
            flow = by_row @ flow
            total += flow
            if flow.sum() < TOLERANCE:
                return total
        return self._solve_directly(start, downward)

    def _solve_directly(self, start: Vector, downward: bool) -> Vector:
        from scipy.sparse.linalg import bicgstab, splu

        system = (sparse.eye_array(self.size, format="csc") - (self.shares.T if downward else self.shares)).tocsc()
        if self.size <= MAX_LU_SIZE:
            total = np.asarray(splu(system).solve(start))
        else:
            total, _ = bicgstab(system, start, rtol=1e-12, maxiter=5000)
        if total.min() < -RESIDUAL or not np.abs(system @ total - start).max() <= RESIDUAL * max(1.0, total.max()):
            raise NotSolved(f"the ownership cycles among {self.size:,} firms could not be solved; check their shares")
        return total

    def own_returns(self, components: Sequence[CyclicComponent]) -> Mapping[int, float]:
        """Return [(I − W)⁻¹]_ii for every member of these components.

        Without the stakes between them, the components are independent blocks, so one right-hand side solves for one
        member of each.
        """
        from scipy.sparse.linalg import splu

        members = np.concatenate([np.array(one.members) for one in components])
        sizes = [len(one.members) for one in components]
        block = np.repeat(np.arange(len(components)), sizes)
        place = np.concatenate([np.arange(size) for size in sizes])
        order = np.argsort(members)
        members, block, place = members[order], block[order], place[order]
        shares = self.submatrix(members).shares.tocoo()
        same = block[shares.row] == block[shares.col]
        blocks = sparse.coo_array((shares.data[same], (shares.row[same], shares.col[same])), shape=shares.shape)
        factors = splu((sparse.eye_array(len(members), format="csc") - blocks).tocsc())
        returns = np.empty(len(members))
        for number in range(max(sizes)):
            some = np.flatnonzero(place == number)
            unit = np.zeros(len(members))
            unit[some] = 1.0
            returns[some] = factors.solve(unit)[some]
        return dict(zip(members.tolist(), returns.tolist(), strict=True))

    def own_returns_of(self, component: CyclicComponent, members: Sequence[int]) -> Mapping[int, float]:
        nodes = np.array(component.members)
        inside = self.submatrix(nodes)
        places = np.searchsorted(nodes, np.array(members, dtype=int)).tolist()
        return {m: inside.solve({place: 1.0})[place] for m, place in zip(members, places, strict=True)}

    def submatrix(self, nodes: Sequence[int] | Vector) -> SparseMatrix:
        if len(nodes) == self.size:
            return self
        nodes = np.asarray(nodes)
        columns = self.shares[:, nodes]
        place = np.full(self.size, -1, dtype=columns.indices.dtype)
        place[nodes] = np.arange(len(nodes))
        owners = place[columns.indices]
        shape, inside = (len(nodes), len(nodes)), owners >= 0
        if inside.all():
            return SparseMatrix(sparse.csc_array((columns.data, owners, columns.indptr), shape=shape))
        assets = np.repeat(np.arange(len(nodes)), np.diff(columns.indptr))
        return SparseMatrix.from_stakes(len(nodes), owners[inside], assets[inside], columns.data[inside])

    def to_scipy(self) -> sparse.csc_array:
        return self.shares


def reachable(shares: sparse.csc_array, node: int, *, downward: bool = False) -> Vector:
    """Return a node and all nodes above it (or below it), in ascending order."""
    neighbours = shares.tocsr() if downward else shares.T
    found = np.zeros(shares.shape[0], dtype=bool)
    found[breadth_first_order(neighbours, node, return_predecessors=False)] = True
    return np.flatnonzero(found)


def _entries(shares: sparse.csc_array | sparse.csr_array, number: int) -> dict[int, float]:
    inside = slice(shares.indptr[number], shares.indptr[number + 1])
    return dict(zip(shares.indices[inside].tolist(), shares.data[inside].tolist(), strict=True))

"""The interface of a matrix of direct shares, implemented by ``DictMatrix`` and ``SparseMatrix``.

Rows are owners, columns assets, values fractions from 0 to 1. ``DictMatrix`` has no imports and is faster for small
systems; ``SparseMatrix`` uses SciPy and has no size limit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol, Self


class CyclicComponent(NamedTuple):
    """Nodes that all reach each other (or one that holds itself), and the part of each held inside the component."""

    members: list[int]
    inside: list[float]


class ShareMatrix(Protocol):
    """A square matrix W of direct shares."""

    @property
    def size(self) -> int:
        """The number of nodes."""

    @property
    def stakes(self) -> int:
        """The number of entries."""

    def column(self, asset: int) -> Mapping[int, float]:
        """Return the owners of an asset and their shares."""

    def row(self, owner: int) -> Mapping[int, float]:
        """Return the assets of an owner and its shares."""

    def columns_over(self, limit: float) -> Sequence[int]:
        """Return the assets whose total exceeds ``limit``."""

    def replace_columns(self, columns: Mapping[int, Mapping[int, float]]) -> Self:
        """Return the matrix with some columns replaced."""

    def submatrix(self, nodes: Sequence[int]) -> Self:
        """Return the shares of some nodes, given in ascending order, in each other."""

    @property
    def cyclic_components(self) -> Sequence[CyclicComponent]:
        """The strongly connected components that have a cycle."""

    def solve(self, start: Mapping[int, float], *, downward: bool = False) -> dict[int, float]:
        """Return (I − W)⁻¹ ``start``, from assets up to owners, or (I − Wᵀ)⁻¹ ``start``, from owners ``downward``.

        Vectors are dictionaries without zeros, nodes in ascending order. Raises NotSolved if the residual exceeds
        1e-10. No component may be closed: see ``solver.solve``.
        """

    def own_returns(self, components: Sequence[CyclicComponent]) -> Mapping[int, float]:
        """Return [(I − W)⁻¹]_ii for every member of these components."""

    def own_returns_of(self, component: CyclicComponent, members: Sequence[int]) -> Mapping[int, float]:
        """Return [(I − W)⁻¹]_ii for some members of a large component."""

    def to_scipy(self) -> Any:
        """Return the shares as a ``scipy.sparse.csc_array``."""

"""Direct shares as a sparse matrix: any NetworkX graph of owners and assets in, ``Holdings`` out.

An edge points from owner to asset; its ``share`` is a part of ``whole`` (percent by default). An edge without a share
is a stake of unknown size: it lies between 0 and what the other stakes leave over. Limit: shares are floats.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import sparse

from peru_asia_graph.errors import OverOwned, UnknownName, WrongUse

if TYPE_CHECKING:
    import networkx as nx

Node = Hashable
# Printed percentages are rounded; direct shares of one asset may add up to a little more than the whole.
ROUNDING: Final = 0.005


@dataclass(frozen=True)
class Holdings:
    """Who holds how much of what.

    ``known[i, j]`` is the part (0 to 1) of asset ``j`` that owner ``i`` is known to hold directly; ``room[i, j]`` is
    how much more it may be, for stakes of unknown size. Both are n × n, compressed by column.
    """

    nodes: Sequence[Node]
    known: sparse.csc_array
    room: sparse.csc_array
    whole: float = 100.0

    @classmethod
    def from_graph(cls, graph: nx.Graph[Any] | Holdings, share: str = "share", whole: float = 100.0) -> Holdings:
        """Return the holdings of a directed graph (or the holdings given).

        Edge attributes: ``share``, a number between 0 and ``whole``; absent or None when unknown. ``share_low`` and
        ``share_high`` give bounds instead. Parallel edges add up. Raises WrongUse for a share that is no such number
        and OverOwned when the known shares of an asset add up to more than the whole.
        """
        if isinstance(graph, Holdings):
            return graph
        if not graph.is_directed():
            raise WrongUse("ownership has a direction; give a DiGraph or MultiDiGraph with edges from owner to asset")
        nodes = list(graph.nodes)
        index = {node: number for number, node in enumerate(nodes)}
        rows, columns, lows, highs = [], [], [], []
        for owner, asset, data in graph.edges(data=True):
            low, high = _bounds(owner, asset, data, share, whole)
            rows.append(index[owner])
            columns.append(index[asset])
            lows.append(low / whole)
            highs.append(high / whole)
        return cls.from_arrays(nodes, rows, columns, lows, highs, whole)

    @classmethod
    def from_arrays(
        cls,
        nodes: Sequence[Node],
        owners: Iterable[int],
        assets: Iterable[int],
        low: Iterable[float],
        high: Iterable[float] | None = None,
        whole: float = 100.0,
    ) -> Holdings:
        """Return the holdings given as index arrays of equal length; parts between 0 and 1."""
        row, column = np.asarray(owners, dtype=np.int32), np.asarray(assets, dtype=np.int32)
        shape = (len(nodes), len(nodes))
        least = np.asarray(low, dtype=float)
        known = sparse.coo_array((least, (row, column)), shape=shape).tocsc()
        _refuse_too_much(nodes, known, whole)
        if high is None:
            return cls(nodes, known, sparse.csc_array(shape), whole)
        left = np.clip(1.0 - np.asarray(known.sum(axis=0)).ravel(), 0.0, 1.0)
        extra = np.minimum(np.asarray(high, dtype=float) - least, left[column])
        open_ = extra > 0
        room = sparse.coo_array((extra[open_], (row[open_], column[open_])), shape=shape).tocsc()
        return cls(nodes, known, room, whole)

    @cached_property
    def index(self) -> Mapping[Node, int]:
        """The number of each node."""
        return {node: number for number, node in enumerate(self.nodes)}

    @cached_property
    def left(self) -> np.ndarray[Any, Any]:
        """The part of each asset no known share accounts for, 0 to 1."""
        return np.clip(1.0 - np.asarray(self.known.sum(axis=0)).ravel(), 0.0, 1.0)

    @cached_property
    def pattern(self) -> sparse.csc_array:
        """Where there is a stake, known or not."""
        return (self.known + self.room).tocsc() if self.room.nnz else self.known

    def number(self, node: Node) -> int:
        """Return the number of a node; raise UnknownName when there is none."""
        if isinstance(self.nodes, range) and isinstance(node, int) and node in self.nodes:
            return self.nodes.index(node)
        if node not in self.index:
            raise UnknownName("owner or asset", str(node), map(str, self.nodes))
        return self.index[node]


def _bounds(owner: Node, asset: Node, data: Mapping[str, Any], share: str, whole: float) -> tuple[float, float]:
    stated = data.get(share)
    low, high = data.get("share_low", stated), data.get("share_high", stated)
    low, high = 0.0 if low is None else low, whole if high is None else high
    for value in (low, high):
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= whole:
            raise WrongUse(f"{owner} holds {value!r} of {asset}; a share is a number from 0 to {whole:g}, or absent")
    if low > high:
        raise WrongUse(f"{owner} holds {low:g} to {high:g} of {asset}; the lower bound comes first")
    return float(low), float(high)


def _refuse_too_much(nodes: Sequence[Node], known: sparse.csc_array, whole: float) -> None:
    sums = np.asarray(known.sum(axis=0)).ravel()
    found = []
    for column in np.flatnonzero(sums > 1.0 + ROUNDING)[:20]:
        inside = slice(known.indptr[column], known.indptr[column + 1])
        stakes = zip(known.indices[inside], known.data[inside], strict=True)
        held = ", ".join(f"{nodes[row]} {value * whole:g}" for row, value in stakes)
        found.append(f"{nodes[column]}: {held}; together {sums[column] * whole:g} of {whole:g}")
    if found:
        raise OverOwned(found)

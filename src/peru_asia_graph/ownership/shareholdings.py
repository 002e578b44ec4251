"""The direct shares of a graph, checked: the input of every analysis."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from peru_asia_graph.errors import OverOwned, UnknownName, WrongUse
from peru_asia_graph.ownership.dict_matrix import DictMatrix
from peru_asia_graph.ownership.matrix import ShareMatrix
from peru_asia_graph.ownership.plain_graph import PlainGraph

if TYPE_CHECKING:
    import networkx as nx
    import numpy as np

Node = Hashable
# Printed percentages are rounded; direct shares of one asset may add up to a little more than the whole.
ROUNDING: Final = 0.005
# Up to so many stakes plain Python is quicker than importing SciPy.
MAX_PLAIN_STAKES: Final = 10_000
REPORTED: Final = 20


@dataclass(frozen=True)
class Holdings:
    """Who holds how much of what, for ``n`` nodes.

    ``known`` has the part (0 to 1) of each asset that each owner is known to hold directly; ``slack`` how much more it
    may be, for stakes of unknown size, which lie between 0 and what the other stakes leave over.
    """

    nodes: Sequence[Node]
    known: ShareMatrix
    slack: ShareMatrix
    whole: float = 100.0

    @classmethod
    def from_graph(
        cls, graph: nx.Graph[Any] | PlainGraph[Any] | Holdings, share: str = "share", whole: float = 100.0
    ) -> Holdings:
        """Return the holdings of a directed graph with edges from owner to asset (or the holdings given).

        Edge attributes: ``share``, a number from 0 (no stake) to ``whole``; absent or None when unknown.
        ``share_low`` and ``share_high`` give bounds instead. Parallel edges add up. Raises WrongUse for a share that is
        no such number and OverOwned when the known shares of an asset add up to more than the whole.
        """
        if isinstance(graph, Holdings):
            return graph
        if not isinstance(graph, PlainGraph) and not graph.is_directed():
            raise WrongUse("ownership has a direction; give a DiGraph or MultiDiGraph with edges from owner to asset")
        nodes = list(graph.nodes)
        index = {node: number for number, node in enumerate(nodes)}
        owners, assets, lows, highs = list[int](), list[int](), list[float](), list[float]()
        for owner, asset, data in edges_of(graph):
            low, high = _bounds(owner, asset, data, share, whole)
            owners.append(index[owner])
            assets.append(index[asset])
            lows.append(low / whole)
            highs.append(high / whole)
        return cls.from_arrays(nodes, owners, assets, lows, highs, whole)

    @classmethod
    def from_arrays(
        cls,
        nodes: Sequence[Node],
        owners: Sequence[int] | np.ndarray[Any, Any],
        assets: Sequence[int] | np.ndarray[Any, Any],
        low: Sequence[float] | np.ndarray[Any, Any],
        high: Sequence[float] | np.ndarray[Any, Any] | None = None,
        whole: float = 100.0,
    ) -> Holdings:
        """Return the holdings given as lists or arrays of equal length: numbers of nodes, and parts between 0 and 1."""
        if len(owners) > MAX_PLAIN_STAKES:
            from peru_asia_graph.ownership.sparse_matrix import read_arrays

            known, slack = read_arrays(len(nodes), owners, assets, low, high)
            _refuse_too_much(nodes, known, whole)
            return cls(nodes, known, slack, whole)
        owners, assets, least = list(map(int, owners)), list(map(int, assets)), list(map(float, low))
        matrix = DictMatrix.from_stakes(len(nodes), owners, assets, least)
        _refuse_too_much(nodes, matrix, whole)
        sums = matrix.column_sums()
        most = least if high is None else map(float, high)
        extra = [min(b - a, 1.0 - sums[asset]) for asset, a, b in zip(assets, least, most, strict=True)]
        return cls(nodes, matrix, DictMatrix.from_stakes(len(nodes), owners, assets, extra), whole)

    @cached_property
    def index(self) -> Mapping[Node, int]:
        """The number of each node."""
        return {node: number for number, node in enumerate(self.nodes)}

    @cached_property
    def pattern(self) -> Any:
        """A SciPy array with an entry where there is a stake, of known size or not."""
        known = self.known.to_scipy()
        return (known + self.slack.to_scipy()).tocsc() if self.slack.stakes else known

    def number(self, node: Node) -> int:
        """Return the number of a node; raise UnknownName when there is none."""
        if isinstance(self.nodes, range) and isinstance(node, int) and node in self.nodes:
            return self.nodes.index(node)
        if node not in self.index:
            raise UnknownName("owner or asset", str(node), map(str, self.nodes))
        return self.index[node]

    def is_owned(self, number: int) -> bool:
        """Return whether a node has an owner, by a stake of known size or not."""
        return bool(self.known.column(number)) or bool(self.slack.column(number))


def edges_of(graph: nx.Graph[Any] | PlainGraph[Any]) -> Iterator[tuple[Any, Any, Mapping[str, Any]]]:
    """Yield owner, asset and attributes of every edge."""
    if isinstance(graph, PlainGraph):
        yield from ((edge.source, edge.target, edge.data) for edge in graph.edges())
    else:
        yield from graph.edges(data=True)


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


def _refuse_too_much(nodes: Sequence[Node], known: ShareMatrix, whole: float) -> None:
    found = []
    for asset in known.columns_over(1.0 + ROUNDING)[:REPORTED]:
        column = sorted(known.column(asset).items())
        held = ", ".join(f"{nodes[owner]} {part * whole:g}" for owner, part in column)
        total = sum(part for _, part in column)
        found.append(f"{nodes[asset]}: {held}; together {total * whole:g} of {whole:g}")
    if found:
        raise OverOwned(found)

"""The direct shares of a graph, checked: the input of every analysis."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from peru_asia_graph.errors import UnknownName, WrongUse
from peru_asia_graph.ownership.matrix import ShareMatrix
from peru_asia_graph.ownership.stake_arrays import StakeArrays
from peru_asia_graph.ownership.stakes import SHARE, as_graph, check_unit, read_stakes

if TYPE_CHECKING:
    import numpy as np

Node = Hashable
# Printed percentages are rounded; direct shares of one asset may add up to a little more than the whole.
ROUNDING: Final = 0.005


@dataclass(frozen=True)
class Holdings:
    """Who holds how much of what, for ``n`` nodes.

    ``known`` has the part (0 to 1) of each asset that each owner is known to hold directly; ``slack`` how much more it
    may be, for stakes of unknown size, which lie between 0 and what the other stakes leave over.

    ``over_owned`` are the assets whose stakes add up to more than the whole, with those stakes as text; each of them is
    taken to lie between nothing and the share stated. ``stated`` has the bounds of shares stated as indirect, as parts,
    by owner and asset: no part of ``known`` or ``slack``. ``mixed`` are assets with stakes of several sources or years
    and what is wrong: what depends on them is refused.
    """

    nodes: Sequence[Node]
    known: ShareMatrix
    slack: ShareMatrix
    whole: float = 100.0
    over_owned: Mapping[Node, str] = field(default_factory=dict)
    stated: Mapping[tuple[int, int], tuple[float, float]] = field(default_factory=dict)
    mixed: Mapping[Node, str] = field(default_factory=dict)

    @classmethod
    def from_graph(cls, graph: Any, share: str = SHARE, whole: float = 100.0) -> Holdings:
        """Return the holdings of a directed graph with edges from owner to asset (or the holdings given).

        Edge attributes, numbers of any type: ``share``, from 0 (no stake) to ``whole``; ``share_low`` and
        ``share_high`` give bounds instead, or hold the share between them. None, NaN and their like mean unknown.
        Parallel edges add up; one whose ``basis`` is ``indirect`` is no stake but a share to compare with. A table of
        stakes is read too: a data frame, a Result or dictionaries with ``owner``, ``owned`` and ``share_percent``.

        Raises WrongUse for a share that is no such number, naming the edge, and for a graph without direction.
        """
        if isinstance(graph, Holdings):
            return graph
        return read_holdings(*as_graph(graph), share, whole)

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
        """Return the holdings given as lists or arrays of equal length: numbers of nodes, and parts between 0 and 1.

        NaN means unknown. Raises WrongUse for lists of other lengths or with other values.
        """
        whole = check_unit(SHARE, whole)
        if not isinstance(nodes, Collection) or isinstance(nodes, (str, bytes, Mapping, Set)):
            raise WrongUse(f"nodes are a list, in the order of their numbers, not {type(nodes).__name__}")
        given = StakeArrays.check(len(nodes), owners, assets, low, high)
        known, slack = given.matrices()
        over = {nodes[one]: _held(nodes, known, one, whole) for one in known.columns_over(1.0 + ROUNDING)}
        if over:
            known, slack = given.without_least({number for number, node in enumerate(nodes) if node in over}).matrices()
        return cls(nodes, known, slack, whole, over)

    @cached_property
    def index(self) -> Mapping[Node, int]:
        """The number of each node; raises WrongUse for nodes that cannot be told apart."""
        try:
            found = {node: number for number, node in enumerate(self.nodes)}
        except TypeError as error:
            raise WrongUse(f"nodes are texts, numbers or other fixed values: {error}") from error
        if len(found) < len(self.nodes):
            twice = next(node for number, node in enumerate(self.nodes) if found[node] != number)
            raise WrongUse(f"the node {twice!r} is given twice; give each node one number")
        return found

    @cached_property
    def pattern(self) -> Any:
        """A SciPy array with an entry where there is a stake, of known size or not."""
        known = self.known.to_scipy()
        return (known + self.slack.to_scipy()).tocsc() if self.slack.stakes else known

    def number(self, node: Node) -> int:
        """Return the number of a node; raise UnknownName when there is none."""
        if not isinstance(node, Hashable):
            raise WrongUse(f"{node!r} is no node; name an owner or asset of the graph")
        if isinstance(self.nodes, range) and isinstance(node, int) and node in self.nodes:
            return self.nodes.index(node)
        if node not in self.index:
            raise UnknownName("owner or asset", str(node), map(str, self.nodes))
        return self.index[node]

    def is_owned(self, number: int) -> bool:
        """Return whether a node has an owner, by a stake of known size or not."""
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < len(self.nodes):
            raise WrongUse(f"{number!r} is no number of a node; those are from 0 to {len(self.nodes) - 1}")
        return bool(self.known.column(number)) or bool(self.slack.column(number))


def read_holdings(graph: Any, mixed: Mapping[Any, str], share: str, whole: float) -> Holdings:
    """Return the holdings of what ``as_graph`` returned."""
    whole = check_unit(share, whole)
    nodes = list(graph.nodes)
    index = {node: number for number, node in enumerate(nodes)}
    owners, assets, lows, highs = list[int](), list[int](), list[float](), list[float]()
    stated: dict[tuple[int, int], tuple[float, float]] = {}
    for stake in read_stakes(graph, share, whole):
        ends = index[stake.edge.source], index[stake.edge.target]
        low, high = stake.low / whole, stake.high / whole
        if stake.indirect:
            other = stated.get(ends, (low, high))
            stated[ends] = min(low, other[0]), max(high, other[1])
            continue
        owners.append(ends[0])
        assets.append(ends[1])
        lows.append(low)
        highs.append(high)
    return replace(Holdings.from_arrays(nodes, owners, assets, lows, highs, whole), stated=stated, mixed=mixed)


def refuse_mixed(holdings: Holdings, numbers: Iterable[int] | None = None) -> None:
    """Raise WrongUse when there are stakes of several sources in one of these nodes, by default of all."""
    if not holdings.mixed:
        return
    for node in holdings.nodes if numbers is None else (holdings.nodes[number] for number in numbers):
        if node in holdings.mixed:
            raise WrongUse(holdings.mixed[node])


def _held(nodes: Sequence[Node], known: ShareMatrix, asset: int, whole: float) -> str:
    column = sorted(known.column(asset).items())
    held = ", ".join(f"{nodes[owner]} {part * whole:g}" for owner, part in column)
    return f"{nodes[asset]}: {held}; together {sum(part for _, part in column) * whole:g} of {whole:g}"

"""The direct shares of a graph, validated: the input of every analysis."""

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
# Printed percentages are rounded, so direct shares of one asset may add up to slightly more than the whole.
ROUNDING: Final = 0.005


@dataclass(frozen=True)
class Holdings:
    """The direct shares among ``n`` nodes, as matrices.

    Attributes
    ----------
    nodes
        The nodes, in the order of their numbers.
    known
        The fraction (0 to 1) of each asset that each owner is known to hold directly.
    slack
        How much more an owner may hold: stakes of unknown size are between 0 and what the other stakes leave.
    whole
        The value that stands for all of an asset: 100 for percent.
    over_owned
        Assets whose stakes add up to more than the whole, with those stakes as text. Each of these stakes is taken to
        be between zero and the stated share.
    stated
        The bounds of shares stated as indirect, as fractions, by owner and asset; not in ``known`` or ``slack``.
    mixed
        Assets with stakes from several sources or years, with the error message that queries depending on them raise.
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
        """Return the holdings of a directed graph with edges from owner to asset; ``Holdings`` are returned as is.

        Edge attributes are numbers of any type: ``share``, from 0 (no stake) to ``whole``, or the bounds ``share_low``
        and ``share_high``, between which a ``share`` must lie. None, NaN and the like mean unknown. Parallel edges
        add up. An edge with ``basis`` ``indirect`` is not a stake but a share to compare with. The graph can also be a
        table of stakes: a data frame, a Result or dictionaries with ``owner``, ``owned`` and ``share_percent``.

        Raises
        ------
        WrongUse
            If a share is not such a number (the message names the edge), or the graph is undirected.
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
        """Return the holdings from lists or arrays of equal length: numbers of nodes, and fractions from 0 to 1.

        ``high`` defaults to ``low``; NaN means unknown. Raises WrongUse for unequal lengths or invalid values.
        """
        whole = check_unit(SHARE, whole)
        if not isinstance(nodes, Collection) or isinstance(nodes, (str, bytes, Mapping, Set)):
            raise WrongUse(f"nodes must be a list, in the order of their numbers, not {type(nodes).__name__}")
        given = StakeArrays.check(len(nodes), owners, assets, low, high)
        known, slack = given.matrices()
        over = {nodes[one]: _held(nodes, known, one, whole) for one in known.columns_over(1.0 + ROUNDING)}
        if over:
            known, slack = given.without_least({number for number, node in enumerate(nodes) if node in over}).matrices()
        return cls(nodes, known, slack, whole, over)

    @cached_property
    def index(self) -> Mapping[Node, int]:
        """The number of each node; raises WrongUse for unhashable or duplicate nodes."""
        try:
            found = {node: number for number, node in enumerate(self.nodes)}
        except TypeError as error:
            raise WrongUse(f"nodes must be strings, numbers or other hashable values: {error}") from error
        if len(found) < len(self.nodes):
            twice = next(node for number, node in enumerate(self.nodes) if found[node] != number)
            raise WrongUse(f"the node {twice!r} is given twice; give each node one number")
        return found

    @cached_property
    def pattern(self) -> Any:
        """A SciPy array with an entry for every stake, of known size or not."""
        known = self.known.to_scipy()
        return (known + self.slack.to_scipy()).tocsc() if self.slack.stakes else known

    def number(self, node: Node) -> int:
        """Return the number of a node; raise UnknownName if it does not exist."""
        if not isinstance(node, Hashable):
            raise WrongUse(f"{node!r} is not a node; name an owner or asset of the graph")
        if isinstance(self.nodes, range) and isinstance(node, int) and node in self.nodes:
            return self.nodes.index(node)
        if node not in self.index:
            raise UnknownName("owner or asset", str(node), map(str, self.nodes))
        return self.index[node]

    def is_owned(self, number: int) -> bool:
        """Return whether a node has an owner, with a stake of known size or not."""
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < len(self.nodes):
            raise WrongUse(f"{number!r} is not the number of a node; they run from 0 to {len(self.nodes) - 1}")
        return bool(self.known.column(number)) or bool(self.slack.column(number))


def read_holdings(graph: Any, mixed: Mapping[Any, str], share: str, whole: float) -> Holdings:
    """Return the holdings of a graph and the mixed assets returned by ``as_graph``."""
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
    """Raise WrongUse if one of these nodes (default: all) has stakes from several sources or years."""
    if not holdings.mixed:
        return
    for node in holdings.nodes if numbers is None else (holdings.nodes[number] for number in numbers):
        if node in holdings.mixed:
            raise WrongUse(holdings.mixed[node])


def _held(nodes: Sequence[Node], known: ShareMatrix, asset: int, whole: float) -> str:
    column = sorted(known.column(asset).items())
    held = ", ".join(f"{nodes[owner]} {part * whole:g}" for owner, part in column)
    return f"{nodes[asset]}: {held}; together {sum(part for _, part in column) * whole:g} of {whole:g}"

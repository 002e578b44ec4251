"""The chains of stakes that make up a computed share, and the products of their shares."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.ownership.plain_graph import Edge, N, PlainGraph, reach
from peru_asia_graph.ownership.shareholdings import ROUNDING
from peru_asia_graph.ownership.stakes import as_graph, check_unit, read_stakes

if TYPE_CHECKING:
    import networkx as nx

MAX_CHAINS: Final = 1_000
# Their number can grow exponentially with the number of firms, so an answer lists only the shortest ones.
LISTED_CHAINS: Final = 10
T = TypeVar("T")
Path = tuple[Edge[N], ...]


@dataclass(frozen=True)
class Chain(Generic[N]):
    """A chain of stakes from owner to asset, and the product of their shares (None if one of them is unknown)."""

    edges: Sequence[Edge[N]]
    share: float | None

    @property
    def keys(self) -> list[str]:
        """The keys of the stakes, from the owner down."""
        return [str(edge.key) for edge in self.edges]


def chains(
    graph: nx.Graph[Any] | PlainGraph[Any], owner: Any, asset: Any, *, share: str = "share", whole: float = 100.0
) -> list[Chain[Any]]:
    """Return the chains of stakes from ``owner`` to ``asset``, shortest first.

    A chain visits no firm twice, so with cycles the effective share differs from the sum of the chains. At most 1,000
    chains are returned.

    Parameters
    ----------
    graph
        As in ``effective_owners``. A chain through a firm whose stakes add up to more than the whole has no share.

    Examples
    --------
    >>> import networkx as nx
    >>> firms = nx.MultiDiGraph([("A", "B", {"share": 45.0}), ("B", "C", {"share": 60.0})])
    >>> [(chain.share, len(chain.edges)) for chain in chains(firms, "A", "C")]
    [(27.0, 2)]
    """
    read, mixed = as_graph(graph)
    whole = check_unit(share, whole)
    plain: PlainGraph[Any] = PlainGraph()
    plain.nodes = {node: {} for node in read.nodes}
    sizes: dict[int, float | None] = {}
    held: dict[Any, float] = {}
    for stake in read_stakes(read, share, whole):
        if not stake.indirect:
            plain.add_edge(stake.edge)
            sizes[id(stake.edge)] = stake.low if stake.low == stake.high else None
            held[stake.edge.target] = held.get(stake.edge.target, 0.0) + stake.low
    if not all(isinstance(node, Hashable) for node in (owner, asset)) or asset not in plain:
        return []
    above = plain.ancestors(asset)
    if found := next((one for one in mixed if one in {asset, *above}), None):
        raise WrongUse(mixed[found])
    if owner not in above:
        return []
    most = whole * (1 + ROUNDING)
    below = reach([owner], lambda one: {edge.target for edge in plain.edges_out(one)} & above)
    return [Chain(path, _product([sizes[id(e)] if held[e.target] <= most else None for e in path], whole))
            for path in ChainsTo(plain, asset, below, MAX_CHAINS).paths[owner]]  # fmt: skip


class ChainsTo(Generic[N]):
    """The shortest chains to an asset from each of the firms ``above`` it, without listing all of them.

    ``paths`` has at most ``most`` chains of each firm, shortest first, equally long ones by key; ``cut`` are the firms
    that have more, or may have more if there are cycles. A chain visits no firm twice.
    """

    def __init__(self, graph: PlainGraph[N], asset: N, above: Set[N], most: int = LISTED_CHAINS) -> None:
        self._asset = asset
        self._edges_in = {
            node: [edge for edge in graph.edges_in(node) if edge.source in above] for node in (asset, *above)
        }
        self.paths: dict[N, list[Path[N]]] = {node: [] for node in above}
        cut = set[N]()
        last: Mapping[N, Sequence[Path[N]]] = {asset: [()]}
        while last:
            longer: dict[N, list[Path[N]]] = defaultdict(list)
            for node, paths in last.items():
                for path in paths:
                    # Nodes are found by hash, as some (NaN, pandas.NA) are not equal to themselves.
                    visited = {node, *(edge.target for edge in path)}
                    for edge in self._edges_in[node]:
                        if edge.source not in visited:
                            longer[edge.source].append((edge, *path))
            last = {}
            for node, paths in longer.items():
                room = most - len(self.paths[node])
                if len(paths) > room:
                    cut.add(node)
                last[node] = sorted(paths, key=lambda path: [str(edge.key) for edge in path])[:room]
                self.paths[node] += last[node]
        self.cut: Set[N] = reach(cut, lambda node: {edge.source for edge in self._edges_in[node]})

    @cached_property
    def counts(self) -> Mapping[N, int]:
        """The number of chains from each firm; a firm above a cycle is missing, as there is no fast way to count."""
        left = Counter(edge.source for edges in self._edges_in.values() for edge in edges)
        found, ready = Counter({self._asset: 1}), [self._asset]
        for node in ready:
            for edge in self._edges_in[node]:
                found[edge.source] += found[node]
                left[edge.source] -= 1
                if not left[edge.source]:
                    ready.append(edge.source)
        return {node: found[node] for node in ready}

    def traits(self, read: Callable[[Edge[N]], Set[T]]) -> Mapping[N, Set[T]]:
        """Return the traits of all stakes between each firm and the asset, where ``read`` returns those of a stake."""
        found: dict[N, Set[T]] = {self._asset: frozenset()}
        changed = [self._asset]
        while changed:
            node = changed.pop()
            for edge in self._edges_in[node]:
                known, new = found.get(edge.source), found[node] | read(edge)
                if known is None or not new <= known:
                    found[edge.source] = new if known is None else known | new
                    changed.append(edge.source)
        return found


def chain_of(path: Path[N]) -> Chain[N]:
    """Return a path as a chain; shares are in percent."""
    return Chain(path, _product([edge.data.get("share") for edge in path], 100.0))


def _product(parts: Iterable[float | None], whole: float) -> float | None:
    product = whole
    for part in parts:
        if part is None:
            return None
        product *= part / whole
    return round(product, 12)

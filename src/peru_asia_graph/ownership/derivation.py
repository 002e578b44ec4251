"""The chains of stakes that make up a computed share, and the products of their shares."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Generic

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.ownership.plain_graph import Edge, N, PlainGraph
from peru_asia_graph.ownership.shareholdings import ROUNDING
from peru_asia_graph.ownership.stakes import as_graph, check_unit, read_stakes

if TYPE_CHECKING:
    import networkx as nx

MAX_CHAINS: Final = 1_000


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
    most = whole * (1 + ROUNDING)
    paths = _some_paths(plain, owner, asset, above)
    return _sorted(Chain(path, _product([sizes[id(e)] if held[e.target] <= most else None for e in path], whole))
                   for path in paths)  # fmt: skip


def chains_within(graph: PlainGraph[N], owner: N, asset: N, above: Set[N]) -> list[Chain[N]]:
    """Return the chains as ``chains`` does, given the ancestors of ``asset``; shares are in percent."""
    paths = _some_paths(graph, owner, asset, above)
    return _sorted(Chain(path, _product([edge.data.get("share") for edge in path], 100.0)) for path in paths)


def _some_paths(graph: PlainGraph[N], owner: N, asset: N, above: Set[N]) -> Iterable[list[Edge[N]]]:
    return islice(_paths(graph, owner, asset, above), MAX_CHAINS) if owner in above else ()


def _sorted(found: Iterable[Chain[N]]) -> list[Chain[N]]:
    return sorted(found, key=lambda chain: (len(chain.edges), chain.keys))


def _paths(graph: PlainGraph[N], owner: N, asset: N, above: Set[N]) -> Iterator[list[Edge[N]]]:
    """Yield the simple paths, depth first, entering only nodes in ``above``."""
    # Nodes are found by hash, as some (NaN, pandas.NA) are not equal to themselves.
    ends = {asset}
    path: list[Edge[N]] = []
    visited = {owner}
    stack = [iter(graph.edges_out(owner))]
    while stack:
        edge = next(stack[-1], None)
        if edge is None:
            stack.pop()
            if path:
                visited.discard(path.pop().target)
        elif edge.target in ends:
            yield [*path, edge]
        elif edge.target in above and edge.target not in visited:
            path.append(edge)
            visited.add(edge.target)
            stack.append(iter(graph.edges_out(edge.target)))


def _product(parts: Iterable[float | None], whole: float) -> float | None:
    product = whole
    for part in parts:
        if part is None:
            return None
        product *= part / whole
    return round(product, 12)

"""Where a computed share comes from: the chains of stakes that lead from an owner to an asset, and their products.

A NetworkX graph in, chains out. Limit: chains never pass a firm twice; what goes round in circles is the difference
between the effective share and the sum of the chains. At most 1,000 chains are listed.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import networkx as nx

MOST: Final = 1_000


@dataclass(frozen=True)
class Link:
    """One stake on a chain: owner, asset, edge key and the edge's attributes."""

    owner: Hashable
    asset: Hashable
    key: Hashable
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Chain:
    """A chain of stakes and the product of their shares (None when one of them is unknown)."""

    links: Sequence[Link]
    share: float | None

    @property
    def keys(self) -> list[str]:
        """The keys of the stakes, from the owner down."""
        return [str(link.key) for link in self.links]


def chains(
    graph: nx.MultiDiGraph[Any], owner: Hashable, asset: Hashable, *, share: str = "share", whole: float = 100.0
) -> list[Chain]:
    """Return the chains from ``owner`` to ``asset``, shortest first.

    >>> firms = nx.MultiDiGraph([("A", "B", {"share": 45.0}), ("B", "C", {"share": 60.0})])
    >>> [(chain.share, len(chain.links)) for chain in chains(firms, "A", "C")]
    [(27.0, 2)]
    """
    inside = nx.ancestors(graph, asset) & (nx.descendants(graph, owner) | {owner}) | {asset}
    part = graph.subgraph(inside)
    ways = islice(nx.all_simple_edge_paths(part, owner, asset), MOST) if owner in part else ()
    found = [_chain(part, way, share, whole) for way in ways]
    return sorted(found, key=lambda chain: (len(chain.links), chain.keys))


def _chain(graph: nx.MultiDiGraph[Any], way: Sequence[tuple[Any, ...]], share: str, whole: float) -> Chain:
    links = [Link(owner, asset, key, graph.edges[owner, asset, key]) for owner, asset, key in way]
    product = whole
    for link in links:
        part = link.data.get(share)
        if part is None:
            return Chain(links, None)
        product *= part / whole
    return Chain(links, round(product, 12))

"""Effective shares: what an owner holds of an asset directly and through other firms.

With W the matrix of direct shares (owner i, asset j), the integrated ownership is Y = W + WY, so Y = (I − W)⁻¹W
(Brioschi, Buzzacchi and Colombo). This counts an owner inside its own cycle repeatedly; the correction of Baldone,
Brioschi and Paleari, z_ij = w_ij + Σ_{k≠i} z_ik w_kj, divides row i of Y by [(I − W)⁻¹]_ii.

Both are solved for one asset (a column) or one owner (a row) at a time, on the relevant part of the graph. Shares of
unknown size give intervals; see ``bounds``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from peru_asia_graph.errors import OverOwned, WrongUse
from peru_asia_graph.ownership.bounds import largest_holdings, largest_shares
from peru_asia_graph.ownership.parts import Part, above, below
from peru_asia_graph.ownership.plain_graph import PlainGraph
from peru_asia_graph.ownership.shareholdings import ROUNDING, Holdings, Node, refuse_mixed
from peru_asia_graph.ownership.solver import Solution, correct_own_cycles, held_by, solve
from peru_asia_graph.ownership.stakes import as_number

if TYPE_CHECKING:
    import networkx as nx

DETERMINED: Final = 1e-9


class Share(NamedTuple):
    """A share in the unit of the graph: its bounds, its value if they meet, and the part held directly, if known."""

    low: float
    high: float
    point: float | None
    direct: float | None = None


@dataclass(frozen=True)
class EffectiveShares:
    """Effective shares of one asset by owner, or of one owner by asset.

    Attributes
    ----------
    of
        The asset or owner.
    shares
        The shares by owner, or by asset.
    unaccounted
        The part of the asset that cannot be attributed to owners at the top of the chains; None for an owner.
    closed_cycles
        Groups of firms wholly owned by each other, whose mutual stakes lead to nobody and are ignored.
    unheld
        The part of ``unaccounted`` that no stated holder accounts for. A firm whose own owners hold unknown shares
        counts as such a holder.
    stated
        The shares stated as indirect, by owner or by asset.
    over_owned
        Firms on the chains whose stakes add up to more than the whole, with those stakes as text.
    """

    of: Node
    shares: Mapping[Node, Share]
    unaccounted: Share | None
    closed_cycles: tuple[frozenset[Node], ...] = ()
    unheld: Share | None = None
    stated: Mapping[Node, Share] = field(default_factory=dict)
    over_owned: Mapping[Node, str] = field(default_factory=dict)


def effective_owners(
    graph: nx.Graph[Any] | PlainGraph[Any] | Holdings,
    asset: Node,
    *,
    share: str = "share",
    whole: float = 100.0,
    min_share: float = 0.0,
) -> EffectiveShares:
    """Return the effective share of every direct or indirect owner of ``asset``.

    An owner in a cycle of more than 2,000 firms gets bounds unless it holds one percent or more.

    Parameters
    ----------
    graph
        A directed NetworkX graph with edges from owner to asset, a table of stakes, or ``Holdings``.
    asset
        A node of the graph.
    share
        The edge attribute that holds the share, a number of any type; absent, None or NaN if the size of the stake is
        unknown. On an edge with ``basis`` ``indirect``, the share is compared with the chains.
    whole
        The value that stands for all of an asset: 100 for percent.
    min_share
        Owners whose upper bound is not above this are omitted.

    Raises
    ------
    OverOwned
        If the shares of this asset add up to more than the whole. Other such firms are listed in ``over_owned``.
    UnknownName
        If the asset is not in the graph.

    Examples
    --------
    >>> import networkx as nx
    >>> firms = nx.DiGraph()
    >>> firms.add_weighted_edges_from([("A", "B", 45), ("B", "C", 60), ("A", "C", 10)], weight="share")
    >>> effective_owners(firms, "C").shares["A"].point
    37.0
    """
    holdings = _read(graph, share, whole, min_share)
    part = above(holdings, number := holdings.number(asset))
    refuse_mixed(holdings, part.nodes)
    if asset in holdings.over_owned:
        raise OverOwned([holdings.over_owned[asset]])
    solution = solve(part.known, {part.place: 1.0})
    remainder = _remainder(part, solution, holdings.whole, frozenset())
    unheld = _remainder(part, solution, holdings.whole, _held_by_unknown(part)) if part.slack else remainder
    solution.total[part.place] -= 1.0
    low, high = correct_own_cycles(solution.shares, solution.total)
    for member in (node for component in solution.closed for node in component):
        low[member] = high[member] = held_by(part.known, member).get(part.place, 0.0)
    for owner, most in (largest_shares(part) if part.slack else {}).items():
        high[owner] = max(high.get(owner, 0.0), most)
    direct = {**part.known.column(part.place), **dict.fromkeys(part.slack.get(part.place, ()))}
    shares = _shares(holdings, part, low, high, direct, min_share)
    closed = tuple(frozenset(holdings.nodes[part.nodes[node]] for node in one) for one in solution.closed)
    found = EffectiveShares(asset, shares, remainder, closed, unheld, {}, _over_owned(holdings, part))
    return _with_stated(holdings, part, found, {i: size for (i, j), size in holdings.stated.items() if j == number})


def effective_holdings(
    graph: nx.Graph[Any] | PlainGraph[Any] | Holdings,
    owner: Node,
    *,
    share: str = "share",
    whole: float = 100.0,
    min_share: float = 0.0,
) -> EffectiveShares:
    """Return the effective share of ``owner`` in everything it holds, directly or indirectly.

    Parameters and errors are those of ``effective_owners``; shares in cycles are exact whatever the cycle's size.

    Examples
    --------
    >>> import networkx as nx
    >>> cycle = nx.DiGraph()
    >>> cycle.add_weighted_edges_from([("P", "Q", 20), ("Q", "P", 30)], weight="share")
    >>> round(effective_holdings(cycle, "P").shares["Q"].point, 9)
    20.0
    """
    holdings = _read(graph, share, whole, min_share)
    number = holdings.number(owner)
    part = below(holdings, number)
    refuse_mixed(holdings, part.nodes)
    low = high = held_by(part.known, part.place)
    if part.slack:
        most = largest_holdings(part, part.place)
        high = {node: max(low.get(node, 0.0), most.get(node, 0.0)) for node in sorted({*low, *most})}
    direct: dict[int, float | None] = {**part.known.row(part.place)}
    direct |= {asset: None for asset, holders in part.slack.items() if part.place in holders}
    shares = _shares(holdings, part, low, high, direct, min_share)
    found = EffectiveShares(owner, shares, None, over_owned=_over_owned(holdings, part))
    return _with_stated(holdings, part, found, {j: size for (i, j), size in holdings.stated.items() if i == number})


def ultimate_owners(
    graph: nx.Graph[Any] | PlainGraph[Any] | Holdings, asset: Node, *, share: str = "share", whole: float = 100.0
) -> EffectiveShares:
    """Return the effective owners of ``asset`` that nobody owns, and what they leave unaccounted for.

    If all shares are known, the shares and ``unaccounted`` add up to ``whole``. A share stated as indirect without a
    chain is included if the chains leave room for it. Parameters and errors are those of ``effective_owners``.

    Examples
    --------
    >>> import networkx as nx
    >>> firms = nx.DiGraph([("State", "Firm", {"share": 51.0}), ("Firm", "Mine", {"share": 100.0})])
    >>> found = ultimate_owners(firms, "Mine")
    >>> [(node, one.point) for node, one in found.shares.items()], found.unaccounted.point
    ([('State', 51.0)], 49.0)
    """
    holdings = Holdings.from_graph(graph, share, whole)
    every = effective_owners(holdings, asset)
    roots = _roots(holdings, every.shares)
    apart = {node for node, share in roots.items() if share is every.stated.get(node)}
    if sum(share.low for share in roots.values()) > holdings.whole * (1 + ROUNDING):
        roots = {node: share for node, share in roots.items() if node not in apart}
    return replace(every, shares=roots)


def _roots(holdings: Holdings, shares: Mapping[Node, Share]) -> dict[Node, Share]:
    return {node: one for node, one in shares.items() if not holdings.is_owned(holdings.number(node))}


def _read(graph: Any, share: str, whole: float, min_share: float) -> Holdings:
    least = as_number(min_share)
    if least is None or math.isnan(least):
        raise WrongUse(f"{min_share!r} is not a valid min_share; use a number in the unit of the shares")
    return Holdings.from_graph(graph, share, whole)


def _over_owned(holdings: Holdings, part: Part) -> dict[Node, str]:
    """Return the firms of a part whose stakes add up to more than the whole."""
    over = holdings.over_owned
    return {node: over[node] for node in (holdings.nodes[one] for one in part.nodes) if node in over} if over else {}


def _with_stated(
    holdings: Holdings, part: Part, found: EffectiveShares, sizes: Mapping[int, tuple[float, float]]
) -> EffectiveShares:
    """Return the shares with those stated as indirect (``sizes``, by node) where the chains do not determine them.

    A share stated for an owner without a chain is deducted from what is unaccounted for, as far as that goes.
    """
    if not sizes:
        return found
    on_way = set(part.nodes)
    shares, stated = dict(found.shares), dict[Node, Share]()
    apart: dict[Node, Share] = {}
    for number, (low, high) in sorted(sizes.items()):
        node = holdings.nodes[number]
        stated[node] = one = _share(holdings.whole, low, high, 0.0)
        if number not in on_way:
            apart[node] = one
        elif (computed := shares.get(node)) is not None and computed.point is None:
            shares[node] = _narrowed(computed, one, holdings.whole)
    left = found.unaccounted
    ends = list(_roots(holdings, apart).values())
    if left is not None and ends and sum(one.low for one in ends) <= left.high:
        least = max(0.0, left.low - sum(one.high for one in ends))
        left = _share(1.0, least, max(least, left.high - sum(one.low for one in ends)))
    return replace(found, shares=shares | apart, stated=stated, unaccounted=left)


def _narrowed(computed: Share, stated: Share, whole: float) -> Share:
    """Return a share narrowed to the stated one, or unchanged if the two do not overlap."""
    rounding = ROUNDING * whole
    if stated.point is not None and computed.low - rounding <= stated.point <= computed.high + rounding:
        return stated._replace(direct=computed.direct)
    low, high = max(computed.low, stated.low), min(computed.high, stated.high)
    return _share(1.0, low, high, computed.direct) if low <= high else computed


def _shares(
    holdings: Holdings,
    part: Part,
    low: Mapping[int, float],
    high: Mapping[int, float],
    direct: Mapping[int, float | None],
    min_share: float,
) -> dict[Node, Share]:
    """Return the shares of all nodes of ``part`` except its own; ``direct`` is None where unknown."""
    whole, nodes, found = holdings.whole, holdings.nodes, dict[Node, Share]()
    for place in sorted(high):
        if high[place] * whole > min_share and place != part.place:
            own = direct.get(place, 0.0)
            found[nodes[part.nodes[place]]] = _share(whole, low.get(place, 0.0), high[place], own)
    return found


def _share(whole: float, low: float, high: float, direct: float | None = None) -> Share:
    own = direct and round(whole * direct, 12)
    least = round(whole * low, 12)
    if high == low:
        return Share(least, least, least, own)
    most = round(whole * high, 12)
    return Share(least, most, round((least + most) / 2, 12) if high - low <= DETERMINED else None, own)


def _held_by_unknown(part: Part) -> Set[int]:
    """Return the firms whose unknown stakes may cover all that the known ones leave; not those with tighter bounds."""
    return {
        node for node, slack in part.slack.items() if sum(slack.values()) >= float(part.unallocated[node]) - DETERMINED
    }


def _remainder(part: Part, solution: Solution, whole: float, ends: Set[int]) -> Share:
    """Return the flow into unallocated parts: of the asset itself, and of every owner on the chains that has owners.

    An owner without owners, or one of ``ends``, is the end of a chain and leaves no remainder. Known shares give the
    upper bound.
    """
    low = high = 0.0
    for node, flow in solution.total.items():
        if node == part.place or (part.owned[node] and node not in ends):
            left = float(part.unallocated[node]) + solution.cut.get(node, 0.0)
            slack = part.slack.get(node)
            high += flow * left
            low += flow * (left if slack is None else min(1.0, max(0.0, left - sum(slack.values()))))
    return _share(whole, low, high)

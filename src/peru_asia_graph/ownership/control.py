"""Control by majority: what an owner controls, and who ultimately controls each firm.

An owner controls a firm if it and the firms it controls together hold more than the threshold: the least fixed point of
S ← S ∪ {y : Σ_{k∈S} W_ky > threshold}. An edge with a true ``control`` attribute, such as a subsidiary, counts as a
majority whatever its share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.ownership.parts import add, below
from peru_asia_graph.ownership.plain_graph import PlainGraph
from peru_asia_graph.ownership.shareholdings import Holdings, Node, read_holdings, refuse_mixed
from peru_asia_graph.ownership.stakes import as_graph, as_number, read_stakes

if TYPE_CHECKING:
    import networkx as nx

CONTROLS: Final = "controls"
MAY_CONTROL: Final = "may control"


class Controls(dict[Node, Any]):
    """Controlled firms, or controllers; ``over_owned`` lists firms whose stakes exceed the whole, as in Holdings.

    Stakes in those firms count as unknown, so nobody certainly controls them by shares.
    """

    def __init__(self, found: Mapping[Node, Any], over_owned: Mapping[Node, str]) -> None:
        super().__init__(found)
        self.over_owned = over_owned


def controlled_by(
    graph: nx.Graph[Any] | PlainGraph[Any] | Holdings,
    owner: Node,
    *,
    threshold: float = 50.0,
    share: str = "share",
    whole: float = 100.0,
) -> Controls:
    """Return what ``owner`` controls: ``controls``, or ``may control`` if that depends on shares of unknown size.

    Parameters
    ----------
    graph
        A directed NetworkX graph with edges from owner to asset, or ``Holdings``.
    owner
        A node of the graph.
    threshold
        More than this is a majority, in the unit of ``whole``; at least half, so that no firm has two controllers.
    share
        The edge attribute that holds the share; absent or None if the size of the stake is unknown.
    whole
        The value that stands for all of an asset: 100 for percent.

    Raises
    ------
    WrongUse
        If the threshold is not a number from half of the whole to less than the whole.

    Examples
    --------
    >>> import networkx as nx
    >>> firms = nx.DiGraph()
    >>> stakes = [("A", "B", 60), ("A", "C", 30), ("B", "C", 25), ("C", "D", 51)]
    >>> firms.add_weighted_edges_from(stakes, weight="share")
    >>> sorted(controlled_by(firms, "A"))
    ['B', 'C', 'D']
    """
    holdings, stated = _holdings(graph, share, whole)
    limit = _limit(threshold, holdings.whole)
    number = holdings.number(owner)
    if holdings.mixed:
        refuse_mixed(holdings, below(holdings, number).nodes)
    known, slack = holdings.known.row, holdings.slack.row
    surely = _controlled(known, stated, number, limit)
    found = {holdings.nodes[one]: CONTROLS for one in surely}
    if holdings.slack.stakes:
        possibly = _controlled(lambda one: add(known(one), slack(one)), stated, number, limit)
        found |= {holdings.nodes[one]: MAY_CONTROL for one in possibly if one not in surely}
    held = {holdings.nodes[firm] for one in (owner, *found) for firm in slack(holdings.number(one))}
    return Controls(found, {firm: stakes for firm, stakes in holdings.over_owned.items() if firm in held})


def ultimate_controllers(
    graph: nx.Graph[Any] | PlainGraph[Any] | Holdings,
    *,
    threshold: float = 50.0,
    share: str = "share",
    whole: float = 100.0,
) -> Controls:
    """Return the ultimate controller of every firm that is controlled.

    If firms control each other in a cycle and nobody else controls them, the first of them in node order counts as the
    controller of the others. If several edges state control of a firm, the last one counts. Parameters and errors are
    those of ``controlled_by``.

    Examples
    --------
    >>> import networkx as nx
    >>> chain = nx.DiGraph()
    >>> chain.add_weighted_edges_from([("State", "Group", 100), ("Group", "Mine", 51)], weight="share")
    >>> dict(ultimate_controllers(chain))
    {'Group': 'State', 'Mine': 'State'}
    """
    from peru_asia_graph.ownership.controllers import top_controllers

    holdings, stated = _holdings(graph, share, whole)
    refuse_mixed(holdings)
    shares = holdings.known.to_scipy()
    of_firm = {firm: controller for controller, firm in stated}
    tops = top_controllers(shares, of_firm, _limit(threshold, holdings.whole)).tolist()
    found = {holdings.nodes[node]: holdings.nodes[top] for node, top in enumerate(tops) if top != node}
    return Controls(found, holdings.over_owned)


def _controlled(
    row: Callable[[int], Mapping[int, float]], stated: Sequence[tuple[int, int]], owner: int, limit: float
) -> set[int]:
    """Return the firms that an owner controls; ``row`` returns the direct holdings of a firm."""
    below: dict[int, list[int]] = {}
    for controller, firm in stated:
        below.setdefault(controller, []).append(firm)
    sums: dict[int, float] = {}
    found, stack = {owner}, [owner]
    while stack:
        one = stack.pop()
        won = set(below.get(one, ()))
        for firm, part in row(one).items():
            sums[firm] = sums.get(firm, 0.0) + part
            if sums[firm] > limit:
                won.add(firm)
        stack += sorted(won - found)
        found |= won
    return found - {owner}


def _limit(threshold: Any, whole: float) -> float:
    limit = as_number(threshold)
    if limit is None or not limit < whole:
        raise WrongUse(f"{threshold!r} is not a threshold; use a number from {whole / 2:g} to less than {whole:g}")
    if limit < whole / 2:
        raise WrongUse(f"a threshold of {limit:g} would allow two controllers; use {whole / 2:g} or more")
    return limit / whole


def _holdings(graph: Any, share: str, whole: float) -> tuple[Holdings, list[tuple[int, int]]]:
    """Return the holdings, and the controller and firm of each edge that states control."""
    if isinstance(graph, Holdings):
        return graph, []
    read, mixed = as_graph(graph)
    holdings = read_holdings(read, mixed, share, whole)
    controls = (stake.edge for stake in read_stakes(read, share, whole) if stake.control)
    return holdings, [(holdings.index[edge.source], holdings.index[edge.target]) for edge in controls]

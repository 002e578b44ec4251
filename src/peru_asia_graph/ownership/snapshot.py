"""Ownership in one year as the stated stakes give it: the ownership network in, a graph to compute with out.

Direct stakes carry shares; shares stated as indirect are kept apart and never added to them. A stake not known to hold
then keeps its share, unless the stakes of an asset could not all hold at once: then each of those lies between nothing
and its share. Limit: a year is the finest grain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import networkx as nx

from peru_asia_graph.ownership.derivation import Link
from peru_asia_graph.ownership.matrix import ROUNDING, Holdings

TRUE: Final = "true"
UNKNOWN: Final = "not known then"
UNSURE: Final = frozenset({"possible", "planned", "not-confirmed"})


@dataclass(frozen=True)
class Picture:
    """Who owned what in a year.

    ``graph`` has the direct stakes, ``stated`` the shares stated as indirect, ``states`` a link from its state to every
    firm called state-owned; node attributes are those of the network.
    """

    year: int
    graph: nx.MultiDiGraph[str]
    stated: list[Link] = field(default_factory=list)
    states: list[Link] = field(default_factory=list)

    @cached_property
    def held(self) -> Holdings:
        """The direct stakes as a matrix, made once."""
        return Holdings.from_graph(self.graph)

    def label(self, node: str) -> str:
        """Return the name of a node."""
        return str(self.graph.nodes[node].get("label", node))

    def with_states(self) -> nx.MultiDiGraph[str]:
        """Return the graph with the states above the firms called theirs, as links of control without a share."""
        whole = self.graph.copy()
        for link in self.states:
            whole.add_edge(link.owner, link.asset, key=link.key, **link.data)
        return whole


def make_picture(network: nx.MultiDiGraph[str], year: int) -> Picture:
    """Return the picture of a year from the ownership network of that year (its edges have ``time``)."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from(network.nodes(data=True))
    picture = Picture(year, graph)
    edges = sorted(network.edges(keys=True, data=True), key=lambda edge: str(edge[2]))
    for owner, asset, key, data in edges:
        if data["relation"] == "stake" and data["basis"] == "direct":
            graph.add_edge(owner, asset, key=key, **data)
        elif data["relation"] == "stake":
            picture.stated.append(Link(owner, asset, key, data))
    for owner, asset, key, data in edges:
        if data["relation"] == "hasSubsidiary" and data["certainty"] not in UNSURE:
            _mark_control(graph, owner, asset, key, data)
    for asset in sorted(graph.nodes):
        loosen([data for _, _, data in graph.in_edges(asset, data=True) if "share" in data], year)
    picture.states.extend(_state_links(network, graph))
    graph.remove_nodes_from([node for node in list(graph.nodes) if not _has_part(picture, node)])
    return picture


def _mark_control(graph: nx.MultiDiGraph[str], owner: str, firm: str, key: str, data: Mapping[str, Any]) -> None:
    """Note on the stake in a subsidiary, or on a new edge, that it is one of control."""
    if graph.has_edge(owner, firm):
        for stake in graph[owner][firm].values():
            stake["control"] = True
    else:
        graph.add_edge(owner, firm, key=key, **data, control=True)


def loosen(stakes: Sequence[dict[str, Any]], year: int) -> None:
    """Turn shares into bounds where the stakes of an asset, all with a share, cannot all hold at once.

    First those of stakes that begin or end in the year, then, if that does not do, of all not known to hold then, then
    of all: they may have followed each other within the year.
    """
    changing = [one for one in stakes if str(year) in (_year(one, "valid_from"), _year(one, "valid_until"))]
    for group in (changing, [one for one in stakes if one.get("time") != TRUE], stakes):
        if sum(data.get("share", 0.0) for data in stakes) <= 100.0 * (1 + ROUNDING):
            return
        for data in group:
            if "share" in data:
                data["share_low"], data["share_high"] = 0.0, data.pop("share")
                data["time"] = UNKNOWN


def _year(data: Mapping[str, Any], name: str) -> str:
    return str(data.get(name, ""))[:4]


def _state_links(network: nx.MultiDiGraph[str], graph: nx.MultiDiGraph[str]) -> list[Link]:
    """Return a link from its state to every firm called state-owned that has no owner, or that very state."""
    found = []
    for firm, data in sorted(network.nodes(data=True)):
        state = data.get("country")
        owners = set(graph.predecessors(firm)) if firm in graph else set()
        if data.get("state_owned") is True and state in network and owners <= {state}:
            said = {"control": True, "relation": "stateOwned", "citations": data.get("citations", ""), "time": UNKNOWN}
            found.append(Link(state, firm, f"{state}-owns-{firm}", said))
    return found


def _has_part(picture: Picture, node: str) -> bool:
    linked = {end for link in (*picture.stated, *picture.states) for end in (link.owner, link.asset)}
    return bool(picture.graph.degree(node)) or node in linked

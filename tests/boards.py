"""Small networks of dealings for the tests of the diplomacy board."""

from __future__ import annotations

import networkx as nx


def network(nodes: dict[str, tuple[str, str]], parts: list[tuple[str, str, str]]) -> nx.MultiDiGraph[str]:
    """Return a network of nodes (class, and home state or kind of event) and participations (who, in what, role)."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for name, (kind, more) in nodes.items():
        attribute = "event_type" if kind == "Event" else "country"
        graph.add_node(name, type=kind, **({attribute: more} if more else {}))
    for actor, dealing, role in parts:
        relation = "party" if role == "party of" else "descendedFrom" if role == "from" else "participant"
        facts = {"relation": relation, "source": "mine"} | ({"role": role} if relation == "participant" else {})
        graph.add_edge(actor, dealing, key=f"{dealing}-{actor}-{role}", **facts)
    return graph

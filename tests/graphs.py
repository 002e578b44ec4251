"""Graphs for the tests of the pages: an invented ownership network, hostile names, large generated graphs."""

from __future__ import annotations

import random

import networkx as nx

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    '"><svg onload=alert(3)>',
    "javascript:alert(4)",
    "<!--<script>",
    "Mina \u202egpj.exe\u202c \u2028 line",
    "{{ 7 * 7 }} {% raw %} ${alert(5)}",
    "x" * 10_000,
    "word " * 2_000,
    "\ud800 \x00 \x1b[31m",
    "中国石油天然气集团公司秘鲁分公司" * 4,
    "__proto__",
    "constructor",
]


def hostile() -> nx.MultiDiGraph[str]:
    """Return a graph with every hostile text in every attribute; some are also keys of nodes and edges."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("peru", label="Peru", type="State")
    for i, text in enumerate(HOSTILE):
        key = f"evil-{i}" if i % 3 else text
        facts = [{"kind": text, "value": text, "status": text, "where": text, "date": text}]
        graph.add_node(
            key, label=text, type=text if i % 2 else "Firm", country=text, country_label=text, date=text, names=text,
            sector=text, phase=text, event_type=text, citations=text, facts=facts,
        )  # fmt: skip
        graph.add_edge(
            "peru", key, key=text, relation=text if i % 2 else "stake", role=text, certainty=text, basis=text,
            valid_from=text, valid_until=text, share=text, citations=text,
        )  # fmt: skip
    return graph


def generated(firms: int, stakes: int) -> nx.MultiDiGraph[str]:
    """Generate firms that own one another and mines; the result is the same on every call."""
    chance = random.Random(20130501)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    states = ["china", "japan", "south-korea", "peru", "brazil", "chile", "canada", "spain"]
    for state in states:
        graph.add_node(state, label=state.replace("-", " ").title(), type="State")
    mines = firms // 5
    for i in range(firms):
        kind = "MiningProject" if i < mines else "Firm"
        home = {} if kind == "MiningProject" or i % 4 == 0 else {"country": chance.choice(states)}
        graph.add_node(f"n{i}", label=f"{'Mina' if i < mines else 'Compañía Minera'} {i:04}", type=kind, **home)
        if home:
            graph.add_edge(home["country"], f"n{i}", key=f"h{i}", relation="homeStateOf", certainty="stated")
    for i in range(stakes):
        owner = chance.randrange(mines, firms)
        owned = chance.randrange(0, owner)
        graph.add_edge(
            f"n{owner}", f"n{owned}", key=f"s{i}", relation="stake", basis="direct", certainty="stated",
            share=float(chance.randrange(1, 60)), citations="Table 6 (p. 25)",
        )  # fmt: skip
    return graph

"""Graphs and queries of the kinds that columns may answer: drawn at random, and fixed ones.

Limit: a query is drawn from parts that fit together; what is written wrong is tested elsewhere.
"""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
from hypothesis import strategies as some

from peru_asia_graph.vocabulary import PREFIXES, XSD

E = "http://example.org/"
GRAPHS = [ox.NamedNode(E + "g1"), ox.NamedNode(E + "g2")]
HEAD = f"PREFIX e: <{E}> "


def node(name: str) -> ox.NamedNode:
    """Return a name as an address."""
    return ox.NamedNode(E + name)


def typed(text: str, kind: str) -> ox.Literal:
    """Return a literal of a datatype of XML Schema."""
    return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))


NODES = [node(name) for name in "abcdef"]
NUMBERS = [
    typed("1", "integer"),
    typed("2", "integer"),
    typed("2.0", "decimal"),
    typed("0.25", "decimal"),
    typed("-3.5", "decimal"),
    typed("10", "decimal"),
]
TEXTS = [ox.Literal(text) for text in ("", "Lima", "lima 1", 'a "b"\n\tc\\', "Ñandú", "née \u2028 x")]
SPOKEN = [ox.Literal("Lima", language="es"), ox.Literal("mine", language="en")]
ODD = [
    typed("2005", "gYear"),
    typed("x", "integer"),
    typed("1e3", "double"),
    typed("true", "boolean"),
    typed("2012-01-31", "date"),
    ox.BlankNode("z"),
]


@some.composite
def graphs(draw: Any) -> ox.Store:
    """A graph with links (p, q), numbers (n), texts (t), classes and, now and then, values of all kinds (m)."""
    store = ox.Store()
    ends: dict[str, list[Any]] = {
        "p": NODES,
        "q": NODES,
        "n": NUMBERS,
        "t": TEXTS if draw(some.booleans()) else TEXTS + SPOKEN,
        "m": [*NODES[:2], *NUMBERS[:2], *TEXTS[:2], *ODD[: draw(some.integers(0, len(ODD)))]],
    }
    for name, values in ends.items():
        links = some.tuples(some.sampled_from(NODES), some.sampled_from(values), some.sampled_from(GRAPHS))
        for subject, value, graph in draw(some.lists(links, max_size=12)):
            store.add(ox.Quad(subject, node(name), value, graph))
    for subject in draw(some.lists(some.sampled_from(NODES), max_size=5)):
        store.add(ox.Quad(subject, ox.NamedNode(PREFIXES["rdf"] + "type"), node("C"), GRAPHS[0]))
    return store


# By property, conditions that columns know of its values; those of "m" (mixed) only if the values allow it.
CONDITIONS = {
    "p": [
        "?v = e:a",
        "?v != e:a",
        'STRSTARTS(STR(?v), "http")',
        'STR(?v) = "http://example.org/b"',
        "e:b = ?v || ?s = e:a",
    ],
    "n": [
        "?v > 1",
        "?v <= 2.0",
        "?v = 2",
        "?v != 2",
        "!(?v < 1)",
        "?v > 0 && ?v < 5",
        "?v = 1 || ?v > 2",
        'STR(?v) > "2"',
        "0.25 < ?v",
        "?v > 1 && ?s = e:a",
        '!BOUND(?v) || STR(?v) > "2"',
    ],
    "t": [
        '?v = "Lima"',
        'CONTAINS(?v, "ima")',
        'CONTAINS(LCASE(STR(?v)), "l")',
        'STRENDS(UCASE(?v), "A")',
        'STR(?v) >= "Lima"',
        '"Lima" < ?v',
        "CONTAINS(?v, '\"')",
        "STRSTARTS(LCASE(?v), 'ñ')",
        'STRENDS(?v, "\u2028 x")',
    ],
    "m": [
        "BOUND(?v)",
        "!BOUND(?v)",
        '!BOUND(?v) || STR(?v) > "2"',
        "?v = ?s",
        "STR(?v)",
        "?v > 1",
        "?v = e:a",
        '?v != "x"',
    ],
}
BODIES = [
    "?s e:{p} ?v",
    "?s e:p ?x . ?s e:{p} ?v",
    "?s e:p ?x ; e:{p} ?v .",
    "?x e:p ?s . ?s e:{p} ?v ; a e:C",
    "?s a e:C OPTIONAL {{ ?s e:{p} ?v }}",
    "?s e:p ?x . OPTIONAL {{ ?x e:q ?y ; e:{p} ?v . }}",
    "?s e:p ?s ; e:{p} ?v",
    "?s e:p ?x . ?x e:q ?s . ?s e:{p} ?v",
    "?s e:p ?x, ?y ; e:{p} ?v",
    "?s e:p ?x OPTIONAL {{ ?s e:{p} ?v }} OPTIONAL {{ ?x e:t ?y }}",
]


# What is asked, by what it is grouped, and by what it may be sorted.
HEADS = [
    ("SELECT ?s ?v", "", ["?v", "DESC(?v) ?s", "ASC(?s) DESC(?v)"]),
    ("SELECT DISTINCT ?v ?s", "", ["?v", "?s DESC(?v)"]),
    ("SELECT DISTINCT ?s ?v ?x", "", ["?v ?s"]),
    ("SELECT (COUNT(*) AS ?n)", "", []),
    ("SELECT (SUM(?v) AS ?n)", "", []),
    ("SELECT (COUNT(?v) AS ?n) (COUNT(DISTINCT ?v) AS ?d)", "", ["?n"]),
    ("SELECT ?s (SUM(?v) AS ?n)", "?s", ["?s", "DESC(?n) ?s"]),
    ("SELECT ?s ?v (COUNT(*) AS ?n)", "?s ?v", ["?n", "?s ?v"]),
    ("SELECT ?v (COUNT(?s) AS ?n)", "?v ?s", ["?v", "?n ?v"]),
    ("SELECT ?v (COUNT(DISTINCT ?s) AS ?n)", "?v", ["?v", "?n"]),
    ("SELECT ?s (MIN(?v) AS ?n) (MAX(?v) AS ?d)", "?s", ["?n", "?s", "DESC(?d)"]),
    ("CONSTRUCT { ?s e:made ?v . ?v e:of ?s }", "", []),
]


@some.composite
def queries(draw: Any) -> str:
    """A query of the kinds that columns may answer."""
    name = draw(some.sampled_from("ppqnnnttm"))
    body = draw(some.sampled_from(BODIES)).format(p=name)
    for condition in draw(some.lists(some.sampled_from(CONDITIONS["p" if name == "q" else name]), max_size=2)):
        body += f" FILTER({condition})"
    head, group, orders = draw(some.sampled_from(HEADS))
    text = f"{HEAD}{head} WHERE {{ {body} }}" + (f" GROUP BY {group}" if group else "")
    if order := draw(some.sampled_from(["", *orders])):
        text += f" ORDER BY {order}"
    if head.startswith("SELECT"):
        text += draw(some.sampled_from(["", "", " LIMIT 3", " LIMIT 2 OFFSET 1", " OFFSET 2"]))
    return text


def fixed_graph() -> ox.Store:
    """Return a graph with each kind of value alone in its property: here columns must answer what they can."""
    store = ox.Store()
    values: list[tuple[int, str, Any]] = [
        *((n, "p", NODES[(n * 2 + 1) % 6]) for n in range(6)),
        *((n, "q", NODES[5 - n]) for n in range(4)),
        # Not both spellings of two: which of them is the least is open.
        *((n % 6, "n", NUMBERS[n % 6]) for n in range(9) if n % 6 != 2),
        *((n, "t", TEXTS[n]) for n in range(6)),
        *((n, "m", value) for n, value in enumerate([*NODES[:2], *TEXTS[:2]])),
        (2, "p", NODES[2]),
        (1, "q", NODES[0]),
    ]
    for place, name, value in values:
        store.add(ox.Quad(NODES[place], node(name), value, GRAPHS[0]))
    for subject in NODES[:4]:
        store.add(ox.Quad(subject, ox.NamedNode(PREFIXES["rdf"] + "type"), node("C"), GRAPHS[0]))
    return store

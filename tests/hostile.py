"""Hostile queries of 26 kinds, four of each, as any public endpoint will eventually receive them.

They are sized for a graph of a few thousand triples.
"""

from __future__ import annotations

from typing import Final

_ALL: Final = "?s{0} ?p{0} ?o{0} . "
DEPTHS: Final = (150, 1_000, 6_000, 100_000)
WIDTHS: Final = (3, 4, 5, 6)


def _product(width: int) -> str:
    return "".join(_ALL.format(number) for number in range(width))


def _doubling(times: int, expression: str) -> str:
    steps = "".join(f"BIND({expression.format(number)} AS ?t{number + 1}) " for number in range(times))
    return f"SELECT (STRLEN(?t{times}) AS ?n) WHERE {{ BIND('x' AS ?t0) {steps} }}"


def _chain(word: str, count: int) -> str:
    return "SELECT * WHERE { { ?s ?p ?o } " + f"{word} {{ ?s ?q ?r }} " * count + "}"


def _nested(opening: str, closing: str, depth: int, inside: str = "1") -> str:
    return f"SELECT * WHERE {{ ?s ?p ?o FILTER({opening * depth}{inside}{closing * depth}) }}"


KINDS: Final[dict[str, list[str]]] = {
    "brackets": [_nested("(", ")", depth) for depth in DEPTHS],
    "negations": [_nested("!(", ")", depth, "true") for depth in DEPTHS],
    "functions": [_nested("STR(", ")", depth, "?s") for depth in DEPTHS],
    "groups": ["SELECT * WHERE " + "{" * depth + " ?s ?p ?o " + "}" * depth for depth in DEPTHS],
    "sub-queries": ["SELECT * WHERE { " * depth + "?s ?p ?o" + " }" * depth for depth in DEPTHS],
    "nested nodes": ["SELECT * WHERE { ?s ?p " + "[ ?p " * depth + "?o" + "]" * depth + " }" for depth in DEPTHS],
    "lists": ["SELECT * WHERE { ?s ?p " + "( " * depth + "?o" + " )" * depth + " }" for depth in DEPTHS],
    "quoted triples": ["ASK { " + "<< " * depth + "?s ?p ?o" + " >> ?p ?o" * depth + " }" for depth in DEPTHS],
    "path brackets": ["ASK { ?s " + "(" * depth + "rdfs:label" + ")" * depth + " ?o }" for depth in DEPTHS],
    "long paths": ["ASK { ?s " + "/".join(["(!pag:x)*"] * count) + " ?o }" for count in (3, 6, 1_000, 5_000)],
    "unions": [_chain("UNION", count) for count in (20, 1_500, 5_000, 30_000)],
    "optionals": [_chain("OPTIONAL", count) for count in (4, 30, 1_000, 5_000)],
    "minus": [_chain("MINUS", count) for count in (1, 20, 1_000, 5_000)],
    "counted products": [f"SELECT (COUNT(*) AS ?n) WHERE {{ {_product(width)} }}" for width in WIDTHS],
    "streamed products": [f"SELECT * WHERE {{ {_product(width)} }}" for width in WIDTHS],
    "sorted products": [f"SELECT * WHERE {{ {_product(width)} }} ORDER BY ?o1 ?o0" for width in WIDTHS],
    "distinct products": [f"SELECT DISTINCT * WHERE {{ {_product(width)} }}" for width in WIDTHS],
    "grouped products": [
        f"SELECT ?s0 ?o1 (GROUP_CONCAT(?o2) AS ?t) WHERE {{ {_product(width)} }} GROUP BY ?s0 ?o1" for width in WIDTHS
    ],
    "constructed products": [f"CONSTRUCT {{ ?s0 ?p1 ?o2 }} WHERE {{ {_product(width)} }}" for width in WIDTHS],
    "paths everywhere": [
        f"SELECT (COUNT(*) AS ?n) WHERE {{ ?a {path} ?b . ?b {path} ?c }}"
        for path in ("(!pag:x)*", "(!pag:x|!^pag:x)*", "(rdfs:label|!rdfs:label)+", "(^pag:citation|pag:citation)*")
    ],
    "doubled text": [_doubling(times, "CONCAT(?t{0}, ?t{0})") for times in (20, 28, 32, 60)],
    "replaced text": [
        _doubling(times, 'REPLACE(?t{0}, ".", "$0$0$0$0")') for times in (10, 14, 16, 30)
    ],
    "patterns": [
        f'SELECT * WHERE {{ ?s rdfs:label ?l FILTER(REGEX(CONCAT(?l, "{"a" * 5_000}!"), "{pattern}")) }}'
        for pattern in ("(a+)+$", "(a|aa)*$", "((a{1,50}){1,50}){1,50}$", "(.*)(.*)(.*)(.*)(.*)b")
    ],
    "long lists": [
        "SELECT * WHERE { ?s ?p ?o FILTER(?o IN (" + ", ".join(map(str, range(count))) + ")) }"
        for count in (2_000, 20_000, 100_000, 1_500_000)
    ],
    "long values": [
        "SELECT * WHERE { VALUES ?x { " + " ".join(map(str, range(count))) + " } ?s ?p ?o . ?a ?b ?c }"
        for count in (1_000, 20_000, 100_000, 1_500_000)
    ],
    "outside": [
        "SELECT * WHERE { SERVICE <http://127.0.0.1:9/sparql> { ?s ?p ?o } }",
        "LOAD <http://127.0.0.1:9/data.ttl>",
        "SELECT * FROM <file:///etc/passwd> WHERE { ?s ?p ?o }",
        "SELECT * WHERE { { SELECT * WHERE { SERVICE SILENT <file:///etc/passwd> { ?s ?p ?o } } } }",
    ],
}  # fmt: skip

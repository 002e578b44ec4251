"""What a page of a thing shows, and its RDF: what is said of it, who points to it, where it is said.

A store and an address in, values for the template or triples out. Limit: the first thousand statements each way.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.paths import find_project
from peru_asia_graph.query.cards import make_card
from peru_asia_graph.query.questions import literal
from peru_asia_graph.store.results import Term
from peru_asia_graph.vocabulary import BASE, GRAPH, ONTOLOGY, ONTOLOGY_GRAPH, RDF_TYPE, THING, XSD, local

MOST: Final = 1_000
_OUT: Final = "SELECT DISTINCT ?p ?o ?label WHERE {{ <{iri}> ?p ?o OPTIONAL {{ ?o rdfs:label ?label }} }} LIMIT {most}"
_IN: Final = "SELECT DISTINCT ?s ?p ?label WHERE {{ ?s ?p <{iri}> OPTIONAL {{ ?s rdfs:label ?label }} }} LIMIT {most}"
_ABOUT: Final = (
    "CONSTRUCT {{ <{iri}> ?p ?o . ?s ?q <{iri}> }} WHERE {{ {{ <{iri}> ?p ?o }} UNION {{ ?s ?q <{iri}> }} }}"
)
_GRAPH: Final = "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}"
_KNOWN: Final = "ASK {{ {{ <{iri}> ?p ?o }} UNION {{ ?s ?p <{iri}> }} UNION {{ GRAPH <{iri}> {{ ?s ?p ?o }} }} }}"
_OWNS: Final = "ASK {{ ?stake a pag:Stake ; pag:owner|pag:owned <{iri}> }}"
_TERMS: Final = (
    f"SELECT ?term ?p ?o WHERE {{ GRAPH <{ONTOLOGY_GRAPH}> {{ ?term ?p ?o }} "
    f'FILTER(STRSTARTS(STR(?term), "{ONTOLOGY}")) }} ORDER BY ?term'
)


def is_known(store: Any, iri: str) -> bool:
    """Return whether anything is said of an address."""
    return bool(store.query(_KNOWN.format(iri=iri)).boolean)


def rdf_query(iri: str) -> str:
    """Return the query that gives the RDF of an address: of a graph and of the ontology, all that is in it."""
    if iri == ONTOLOGY.removesuffix("#"):
        return _GRAPH.format(iri=ONTOLOGY_GRAPH)
    return (_GRAPH if iri.startswith(GRAPH) else _ABOUT).format(iri=iri)


def describe_thing(kg: KnowledgeGraph, iri: str) -> dict[str, Any] | None:
    """Return the values of the page of a thing, None when nothing is said of it."""
    out = kg.store.query(_OUT.format(iri=iri, most=MOST)).rows
    into = kg.store.query(_IN.format(iri=iri, most=MOST)).rows
    if not out and not into and not is_known(kg.store, iri):
        return None
    label = next((o.value for p, o, _ in out if p and o and p.value.endswith("#label")), local(iri))
    card = make_card(kg.store, local(iri), find_project().ontology / "cards") if iri.startswith(THING) else None
    sections = [(part.title, part.lines(), part.facts) for part in card.sections] if card else []
    cells = {cell for _, _, facts in sections for fact in facts for cell in fact.values()}
    cited = {piece for _, lines, _ in sections for _, citation in lines for piece in citation.split("; ")}
    head = dict(card.head) if card else {}
    cited |= set(head.get("citations", "").split("; "))
    return {
        "iri": iri,
        "path": iri.removeprefix(BASE),
        "label": label,
        "head": head,
        "types": list(dict.fromkeys(o.value for p, o, _ in out if p and o and p.value == RDF_TYPE)),
        "sections": [(title, lines) for title, lines, _ in sections],
        "links": find_by_label(kg, cells | cited),
        "out": _grouped([(p.value, o, name) for p, o, name in out if p and o]),
        "into": _grouped([(p.value, s, name) for s, p, name in into if p and s]),
        "in_picture": iri.startswith(THING) and bool(kg.query(_OWNS.format(iri=iri)).boolean),
        "most": MOST if MOST in (len(out), len(into)) else 0,
    }


def find_by_label(kg: KnowledgeGraph, labels: set[str]) -> dict[str, str]:
    """Return the addresses of the things so called; a label of several things is left out."""
    if not labels - {""}:
        return {}
    values = " ".join(literal(Term("literal", label, XSD + "string")) for label in sorted(labels - {""}))
    query = f"SELECT DISTINCT ?label ?x WHERE {{ VALUES ?label {{ {values} }} ?x rdfs:label ?label }}"
    found: dict[str, set[str]] = defaultdict(set)
    for label, thing in kg.store.query(query).rows:
        if label and thing and thing.value.startswith(THING):
            found[label.value].add(thing.value)
    return {label: things.pop() for label, things in found.items() if len(things) == 1}


def describe_ontology(kg: KnowledgeGraph) -> dict[str, Any]:
    """Return the classes and properties of the ontology, each with what is said of it."""
    said: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for term, predicate, value in kg.store.query(_TERMS).rows:
        if term and predicate and value:
            said[term.value][local(predicate.value).rpartition("#")[2].rpartition("/")[2]].append(value)
    terms = [(iri, local(iri), about) for iri, about in sorted(said.items(), key=lambda item: item[0].lower())]
    classes = [term for term in terms if term[1][:1].isupper()]
    return {"classes": classes, "properties": [term for term in terms if term not in classes]}


def _grouped(rows: list[tuple[str, Term, Term | None]]) -> list[tuple[str, list[tuple[Term, str]]]]:
    groups: dict[str, dict[Term, str]] = defaultdict(dict)
    for predicate, term, label in rows:
        groups[predicate].setdefault(term, label.value if label else "")
    order = sorted(groups.items(), key=lambda item: (item[0] != RDF_TYPE, item[0]))
    return [(predicate, sorted(terms.items(), key=lambda item: item[1] or item[0].value)) for predicate, terms in order]

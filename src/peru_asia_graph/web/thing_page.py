"""The page of a thing: its card and all statements about it, long lists page by page; and the queries for its RDF."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.cards import Fact, LinkCounts, count_links, phrases, read_head
from peru_asia_graph.store import Store
from peru_asia_graph.store.results import Term
from peru_asia_graph.store.values import sort_parts
from peru_asia_graph.vocabulary import (
    BASE,
    DATASET,
    DESCRIPTION_GRAPH,
    GRAPH,
    ONTOLOGY,
    ONTOLOGY_GRAPH,
    PREFIXES,
    RDF_TYPE,
    THING,
    expand,
    local,
    shorten,
    term,
)
from peru_asia_graph.web.html import href, short

ROWS_PER_PAGE: Final = 50
_SHORT_LISTS: Final = """
SELECT DISTINCT ?property ?other ?label WHERE {
  <$iri> ?property ?other $filter OPTIONAL { ?other rdfs:label ?label FILTER(LANG(?label) IN ("", "en")) }
}"""
_LONG_LIST: Final = """
SELECT ?other (MIN(STR(?name)) AS ?label) WHERE {
  $pattern OPTIONAL { ?other rdfs:label ?name FILTER(LANG(?name) IN ("", "en")) }
} GROUP BY ?other ORDER BY COALESCE(?label, STR(?other)) STR(?other) LIMIT $limit OFFSET $offset"""
_ABOUT: Final = (
    "CONSTRUCT {{ <{iri}> ?p ?o . ?s ?q <{iri}> }} WHERE {{ {{ <{iri}> ?p ?o }} UNION {{ ?s ?q <{iri}> }} }}"
)
_VERSION: Final = """CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ ?ontology owl:versionIRI <{iri}> . GRAPH <{graph}> {{ ?s ?p ?o }} }}
  UNION {{ BIND(<{iri}> AS ?s) ?s ?p ?o }} UNION {{ BIND(<{iri}> AS ?o) ?s ?p ?o }}
}}"""
_GRAPH: Final = "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}"
_KNOWN: Final = "ASK {{ {{ <{iri}> ?p ?o }} UNION {{ ?s ?p <{iri}> }} UNION {{ GRAPH <{iri}> {{ ?s ?p ?o }} }} }}"
_OWNERSHIP: Final = {"^" + term("owner"), "^" + term("owned")}
# A text and where it links to, empty for plain text.
LinkedText = tuple[str, str]


@dataclass(frozen=True)
class PagedList:
    """A list on a page: the rows shown, the number of all, and which page of them this is (from 1).

    ``key`` names it in addresses: a section of the card, a property, or ``^`` and the property it is the value of.
    """

    key: str
    title: str
    rows: Sequence[Any]
    count: int
    page: int = 1
    link: str = ""

    @property
    def pages(self) -> int:
        """The number of pages."""
        return -(-self.count // ROWS_PER_PAGE)

    @property
    def linked_pages(self) -> list[int]:
        """The pages to link to: the first, the last and those around this one."""
        return sorted({1, self.pages} | {*range(max(1, self.page - 2), min(self.pages, self.page + 2) + 1)})


def is_known(store: Any, iri: str) -> bool:
    """Return whether the graph holds anything about an address."""
    return bool(store.query(_KNOWN.format(iri=iri)).boolean)


def rdf_query(iri: str) -> str:
    """Return the query for the RDF of an address.

    It is all statements about it; everything in a graph, in the ontology for its address and that of its version, and
    in the description for that of the dataset.
    """
    ontology = ONTOLOGY.removesuffix("#")
    if iri == ontology:
        return _GRAPH.format(iri=ONTOLOGY_GRAPH)
    if iri == DATASET:
        return _GRAPH.format(iri=DESCRIPTION_GRAPH)
    if iri.startswith(f"{ontology}/"):
        return _VERSION.format(iri=iri, graph=ONTOLOGY_GRAPH)
    return (_GRAPH if iri.startswith(GRAPH) else _ABOUT).format(iri=iri)


def describe_thing(kg: KnowledgeGraph, iri: str) -> dict[str, Any] | None:
    """Return what the page of an address shows, the first rows of each list; None when nothing is known of it."""
    links = count_links(kg.store, iri)
    if not links and not is_known(kg.store, iri):
        return None
    values = {one.key: one for one in _statements(kg.store, iri, links)}
    slug = local(iri) if iri.startswith(THING) else ""
    return {
        **_identify(iri, next((text for text, *_ in _rows(values, "rdfs:label")), local(iri))),
        "types": _rows(values, "rdf:type"),
        "description": " ".join(text for text, *_ in _rows(values, "dcterms:description")),
        "cited": _in_reading_order(_rows(values, "pag:citation")),
        "sections": _sections(kg, slug, links) if slug else [],
        "statements": list(values.values()),
        "incoming": [_list(key, [], links[key]) for key in sorted(links) if key.startswith("^")],
        "in_network": bool(slug) and not _OWNERSHIP.isdisjoint(links),
    }


def _rows(lists: Mapping[str, PagedList], key: str) -> Sequence[tuple[str, str, str]]:
    return lists[key].rows if key in lists else ()


def _in_reading_order(rows: Sequence[tuple[str, str, str]]) -> list[LinkedText]:
    links = {text: (text, target) for text, target, _ in rows}
    return [links[text] for text in sort_parts("; ".join(links), "; ").split("; ") if text in links]


def describe_list(kg: KnowledgeGraph, iri: str, key: str, page: int) -> dict[str, Any] | None:
    """Return one page of one list of a thing; None when there is no such list or page."""
    links = count_links(kg.store, iri)
    name = _expand_key(key)
    if name in links:
        found = _long_list(kg.store, iri, name, links[name], page)
    else:
        sections = _sections(kg, local(iri), links, key, page) if iri.startswith(THING) else []
        found = sections[0] if sections else PagedList(key, "", [], 0, page)
    if not found.rows:
        return None
    label = read_head(kg.store, local(iri)).get("label", local(iri)) if iri.startswith(THING) else local(iri)
    return {**_identify(iri, label), "list": found, "is_section": name not in links}


def _expand_key(key: str) -> str:
    """Return ``pag:owner`` or ``^pag:owner`` with the whole address of the property, other keys unchanged."""
    direction, name = ("^", key[1:]) if key.startswith("^") else ("", key)
    return direction + expand(name) if name.partition(":")[0] in PREFIXES else key


def _identify(iri: str, label: str) -> dict[str, str]:
    return {"iri": iri, "path": iri.removeprefix(BASE), "label": label}


def _sections(kg: KnowledgeGraph, slug: str, links: LinkCounts, key: str = "", page: int = 1) -> list[PagedList]:
    """Return a page of the sections of a card, of all or of the one with this key; empty ones are left out."""
    start = (page - 1) * ROWS_PER_PAGE
    found = []
    for query in kg.section_queries:
        if key in ("", query.key) and query.applies(links):
            section, count = query.read(kg.store, slug, start, start + ROWS_PER_PAGE)
            found.append((query.key, section, count))
    lines = {one: [_split(fact) for fact in section.facts] for one, section, _ in found}
    targets = kg.names.link({text for rows in lines.values() for parts in rows for part in parts for text in part})
    linked = {text: (text, href(target)) for text, target in targets.items()}
    return [
        PagedList(one, section.title, [_line(parts, linked) for parts in lines[one]], count, page)
        for one, section, count in found
        if section.facts
    ]


def _split(fact: Fact) -> tuple[list[str], list[str]]:
    """Return the phrases of a fact and its citations."""
    return phrases(fact), fact["citations"].split("; ") if "citations" in fact else []


def _line(
    parts: tuple[list[str], list[str]], links: dict[str, LinkedText]
) -> tuple[list[LinkedText], list[LinkedText]]:
    said, cited = parts
    return [links.get(text, (text, "")) for text in said], [links.get(text, (text, "")) for text in cited]


def _statements(store: Store, iri: str, links: LinkCounts) -> list[PagedList]:
    """Return the values of each property of an address, types first."""
    long = sorted(key for key, count in links.items() if count > ROWS_PER_PAGE and not key.startswith("^"))
    condition = f"FILTER(?property NOT IN ({', '.join(f'<{key}>' for key in long)}))" if long else ""
    groups: dict[str, dict[Term, str]] = defaultdict(dict)
    for name, other, label in store.query(_SHORT_LISTS.replace("$iri", iri).replace("$filter", condition)).rows:
        if name and other:
            groups[name.value].setdefault(other, label.value if label else "")
    lists = [_list(key, sorted(group.items(), key=_order), len(group)) for key, group in groups.items()]
    lists += [_long_list(store, iri, key, links[key], 1) for key in long]
    return sorted(lists, key=lambda one: (one.key != "rdf:type", one.key))


def _order(item: tuple[Term, str]) -> tuple[str, str]:
    other, label = item
    return label or other.value, other.value


def _long_list(store: Store, iri: str, key: str, count: int, page: int) -> PagedList:
    """Return one page of the values of a property, or for ``^property`` of what it is the value of, by label."""
    name = f"<{key.removeprefix('^')}>"
    pattern = f"?other {name} <{iri}>" if key.startswith("^") else f"<{iri}> {name} ?other"
    query = _LONG_LIST.replace("$pattern", pattern).replace("$limit", str(ROWS_PER_PAGE))
    query = query.replace("$offset", str((page - 1) * ROWS_PER_PAGE))
    rows = [(other, label.value if label else "") for other, label in store.query(query).rows if other]
    return _list(key, rows, count, page)


def _list(key: str, rows: Sequence[tuple[Term, str]], count: int, page: int = 1) -> PagedList:
    direction, name = ("^", key[1:]) if key.startswith("^") else ("", key)
    texts = [_term(value, "" if name == RDF_TYPE else label) for value, label in rows]
    return PagedList(direction + shorten(name), short(name), texts, count, page, href(name))


def _term(value: Term, label: str) -> tuple[str, str, str]:
    """Return the text of a value, its link and its language, the last two empty where there is none."""
    if value.kind == "iri" and (target := href(value.value)):
        return label or short(value.value), target, ""
    return value.value if value.kind in ("iri", "literal") else value.short(), "", value.language

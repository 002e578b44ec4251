"""The page of a thing: its card and all statements about it, long lists page by page; and the queries for its RDF."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.cards import Fact, LinkCounts, count_links, phrases, read_head
from peru_asia_graph.query.side_by_side import SOURCE
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.site.thing_sources import SourceLink, ThingSources, find_sources
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

ROWS_PER_PAGE: Final = 50
_SHORT_LISTS: Final = """
SELECT DISTINCT ?property ?other ?label $graph WHERE {
  $pattern $filter OPTIONAL { ?other rdfs:label ?label FILTER(LANG(?label) IN ("", "en")) }
}"""
_LONG_LIST: Final = """
SELECT ?other (MIN(STR(?name)) AS ?label) $graph WHERE {
  $pattern OPTIONAL { ?other rdfs:label ?name FILTER(LANG(?name) IN ("", "en")) }
} GROUP BY ?other ORDER BY COALESCE(?label, STR(?other)) STR(?other) LIMIT $limit OFFSET $offset"""
# No address of a graph has a space in it.
_GRAPHS: Final = '(GROUP_CONCAT(DISTINCT STR(?graph); SEPARATOR=" ") AS ?graphs)'
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


class ShownValue(NamedTuple):
    """A value as text, its link and its language, empty where there is none, and the sources that give it.

    There are sources only where the page is of several.
    """

    text: str
    link: str
    language: str
    sources: Sequence[SourceLink] = ()


class FactLine(NamedTuple):
    """A fact as texts, its citations, and the source that states it, empty where it needs no saying."""

    said: Sequence[LinkedText]
    cited: Sequence[LinkedText]
    source: SourceLink = ("", "")


@dataclass(frozen=True)
class PagedList:
    """A list on a page: the rows shown, the number of all, and which page of them this is (from 1).

    ``key`` names it in addresses: a section of the card, a property, or ``^`` and the property it is the value of.
    ``sources`` has the number of rows of each source, where the page is of several.
    """

    key: str
    title: str
    rows: Sequence[Any]
    count: int
    page: int = 1
    link: str = ""
    sources: Sequence[tuple[str, int]] = ()

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


def rdf_query(kg: KnowledgeGraph, iri: str) -> str:
    """Return the query for the RDF of an address.

    It is all statements about it, also for the graph of a source; everything in another graph, in the ontology for its
    address and that of its version, and in the description for that of the dataset.
    """
    ontology = ONTOLOGY.removesuffix("#")
    if iri == ontology:
        return _GRAPH.format(iri=ONTOLOGY_GRAPH)
    if iri == DATASET:
        return _GRAPH.format(iri=DESCRIPTION_GRAPH)
    if iri.startswith(f"{ontology}/"):
        return _VERSION.format(iri=iri, graph=ONTOLOGY_GRAPH)
    is_whole = iri.startswith(GRAPH) and iri not in {GRAPH + one.name for one in kg.sources}
    return (_GRAPH if is_whole else _ABOUT).format(iri=iri)


def describe_thing(kg: KnowledgeGraph, frame: Frame, iri: str) -> dict[str, Any] | None:
    """Return what the page of an address shows, the first rows of each list; None when nothing is known of it."""
    links = count_links(kg.store, iri)
    if not links and not is_known(kg.store, iri):
        return None
    sources = find_sources(kg, frame, iri)
    values = {one.key: one for one in _statements(kg.store, iri, links, sources)}
    slug = local(iri) if iri.startswith(THING) else ""
    return {
        **_identify(iri, next((one.text for one in _rows(values, "rdfs:label")), local(iri))),
        "sources": sources.shown,
        "types": _rows(values, "rdf:type"),
        "descriptions": _rows(values, "dcterms:description"),
        "cited": _by_source(_rows(values, "pag:citation")),
        "sections": _sections(kg, slug, links, sources) if slug else [],
        "statements": list(values.values()),
        "incoming": [
            _list(frame, key, [], links[key], counts=sources.counts(key))
            for key in sorted(links)
            if key.startswith("^")
        ],
        "in_network": bool(slug) and not _OWNERSHIP.isdisjoint(links),
    }


def _rows(lists: Mapping[str, PagedList], key: str) -> Sequence[ShownValue]:
    return lists[key].rows if key in lists else ()


def _by_source(rows: Sequence[ShownValue]) -> list[tuple[SourceLink, list[LinkedText]]]:
    """Return citations in reading order for each source; for none where the page is of one."""
    found: dict[SourceLink, list[ShownValue]] = defaultdict(list)
    for row in rows:
        for source in row.sources or [("", "")]:
            found[source].append(row)
    return [(source, _in_reading_order(some)) for source, some in found.items()]


def _in_reading_order(rows: Sequence[ShownValue]) -> list[LinkedText]:
    links = {one.text: (one.text, one.link) for one in rows}
    return [links[text] for text in sort_parts("; ".join(links), "; ").split("; ") if text in links]


def describe_list(kg: KnowledgeGraph, frame: Frame, iri: str, key: str, page: int) -> dict[str, Any] | None:
    """Return one page of one list of a thing; None when there is no such list or page."""
    links = count_links(kg.store, iri)
    sources = find_sources(kg, frame, iri)
    name = _expand_key(key)
    if name in links:
        found = _long_list(kg.store, iri, name, links[name], sources, page)
    else:
        sections = _sections(kg, local(iri), links, sources, key, page) if iri.startswith(THING) else []
        found = sections[0] if sections else PagedList(key, "", [], 0, page)
    if not found.rows:
        return None
    label = read_head(kg.store, local(iri)).get("label", local(iri)) if iri.startswith(THING) else local(iri)
    return {**_identify(iri, label), "sources": sources.shown, "list": found, "is_section": name not in links}


def _expand_key(key: str) -> str:
    """Return ``pag:owner`` or ``^pag:owner`` with the whole address of the property, other keys unchanged."""
    direction, name = ("^", key[1:]) if key.startswith("^") else ("", key)
    return direction + expand(name) if name.partition(":")[0] in PREFIXES else key


def _identify(iri: str, label: str) -> dict[str, str]:
    return {"iri": iri, "path": iri.removeprefix(BASE), "label": label}


def _sections(
    kg: KnowledgeGraph, slug: str, links: LinkCounts, sources: ThingSources, key: str = "", page: int = 1
) -> list[PagedList]:
    """Return a page of the sections of a card, of all or of the one with this key; empty ones are left out."""
    start = (page - 1) * ROWS_PER_PAGE
    stop = start + ROWS_PER_PAGE
    found = []
    for query in kg.section_queries:
        if key in ("", query.key) and query.applies(links):
            section, count = (
                query.read_each(sources.parts, slug, start, stop)
                if sources.several
                else query.read(kg.store, slug, start, stop)
            )
            found.append((query.key, section, count))
    lines = {one: [_split(fact) for fact in section.facts] for one, section, _ in found}
    targets = kg.names.link({text for rows in lines.values() for *parts, _ in rows for part in parts for text in part})
    linked = {text: (text, sources.frame.href(target)) for text, target in targets.items()}
    return [
        PagedList(one, section.title, [_line(parts, linked, sources) for parts in lines[one]], count, page)
        for one, section, count in found
        if section.facts
    ]


def _split(fact: Fact) -> tuple[list[str], list[str], str]:
    """Return the phrases of a fact, its citations and the name of its source."""
    return phrases(fact), fact["citations"].split("; ") if "citations" in fact else [], fact.get(SOURCE, "")


def _line(parts: tuple[list[str], list[str], str], links: dict[str, LinkedText], sources: ThingSources) -> FactLine:
    said, cited, source = parts
    linked = [[links.get(text, (text, "")) for text in texts] for texts in (said, cited)]
    return FactLine(linked[0], linked[1], sources.of_name(source))


def _statements(store: Store, iri: str, links: LinkCounts, sources: ThingSources) -> list[PagedList]:
    """Return the values of each property of an address, types first."""
    long = sorted(key for key, count in links.items() if count > ROWS_PER_PAGE and not key.startswith("^"))
    condition = f"FILTER(?property NOT IN ({', '.join(f'<{key}>' for key in long)}))" if long else ""
    query = _fill(_SHORT_LISTS, f"<{iri}> ?property ?other", sources, "?graph").replace("$filter", condition)
    frame = sources.frame
    groups: dict[str, dict[Term, str]] = defaultdict(dict)
    graphs: dict[tuple[str, Term], set[str]] = defaultdict(set)
    for name, other, label, *graph in store.query(query).rows:
        if name and other:
            groups[name.value].setdefault(other, label.value if label else "")
            graphs[name.value, other] |= {one.value for one in graph if one}
    found = {
        key: [(*item, sources.of_graphs(graphs[key, item[0]])) for item in sorted(group.items(), key=_order)]
        for key, group in groups.items()
    }
    lists = [_list(frame, key, rows, len(rows)) for key, rows in found.items()]
    lists += [_long_list(store, iri, key, links[key], sources) for key in long]
    return sorted(lists, key=lambda one: (one.key != "rdf:type", one.key))


def _fill(query: str, pattern: str, sources: ThingSources, graph: str) -> str:
    """Return a query with its pattern, which asks for the graph of each statement where there are several sources."""
    named = f"GRAPH ?graph {{ {pattern} }}" if sources.several else pattern
    return query.replace("$graph", graph if sources.several else "").replace("$pattern", named)


def _order(item: tuple[Term, str]) -> tuple[str, str]:
    other, label = item
    return label or other.value, other.value


def _long_list(store: Store, iri: str, key: str, count: int, sources: ThingSources, page: int = 1) -> PagedList:
    """Return one page of the values of a property, or for ``^property`` of what it is the value of, by label."""
    name = f"<{key.removeprefix('^')}>"
    pattern = f"?other {name} <{iri}>" if key.startswith("^") else f"<{iri}> {name} ?other"
    query = _fill(_LONG_LIST, pattern, sources, _GRAPHS).replace("$limit", str(ROWS_PER_PAGE))
    query = query.replace("$offset", str((page - 1) * ROWS_PER_PAGE))
    rows = [
        (other, label.value if label else "", sources.of_graphs(found.value.split(" ") if found else ()))
        for other, label, *graphs in store.query(query).rows
        for found in (graphs or [None])
        if other
    ]
    return _list(sources.frame, key, rows, count, page, sources.counts(key))


def _list(
    frame: Frame,
    key: str,
    rows: Sequence[tuple[Term, str, Sequence[SourceLink]]],
    count: int,
    page: int = 1,
    counts: Sequence[tuple[str, int]] = (),
) -> PagedList:
    direction, name = ("^", key[1:]) if key.startswith("^") else ("", key)
    texts = [
        ShownValue(*_term(frame, value, "" if name == RDF_TYPE else label), sources) for value, label, sources in rows
    ]
    return PagedList(direction + shorten(name), frame.label(name), texts, count, page, frame.href(name), counts)


def _term(frame: Frame, value: Term, label: str) -> tuple[str, str, str]:
    """Return the text of a value, its link and its language, the last two empty where there is none."""
    if value.kind == "iri" and (target := frame.href(value.value)):
        return label or frame.name(value.value), target, ""
    return value.value if value.kind in ("iri", "literal") else value.short(), "", value.language

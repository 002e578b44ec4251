"""What the sources state about things by property, as values with source and citation: columns of a table."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from peru_asia_graph.query.sources import read_sources
from peru_asia_graph.store import Store
from peru_asia_graph.vocabulary import THING, expand, local, sources_of_graph, term, thing

_PROPERTY: Final = re.compile("[A-Za-z][A-Za-z0-9]*")
# A source's statements and the data derived from them are in graphs whose names end in the source's name.
_LINKS: Final = """
SELECT DISTINCT ?thing ?graph ?value ?name WHERE {
  VALUES ?thing { $things } GRAPH ?graph { ?thing <$property> ?value }
  OPTIONAL { ?value rdfs:label ?label } OPTIONAL { ?value skos:prefLabel ?code FILTER(LANG(?code) = "en") }
  BIND(COALESCE(?label, ?code) AS ?name) } ORDER BY ?thing ?name ?value"""
_CITED: Final = """
SELECT DISTINCT ?thing ?graph ?value ?place WHERE {
  VALUES ?thing { $things }
  GRAPH ?graph { ?said pag:subject ?thing ; pag:relation <$property> ; pag:object ?value ; pag:citation ?cited }
  ?cited rdfs:label ?place } ORDER BY ?place"""
_STAKES: Final = """
SELECT DISTINCT ?thing ?graph ?value ?name ?share ?from ?until ?basis ?place ?stake WHERE {
  VALUES ?thing { $things }
  GRAPH ?graph { ?stake a pag:Stake ; $this ?thing ; $other ?value ; pag:citation ?cited }
  ?value rdfs:label ?name . ?cited rdfs:label ?place
  OPTIONAL { ?stake pag:sharePercent ?share } OPTIONAL { ?stake pag:basis ?basis }
  OPTIONAL { ?stake pag:validFrom ?from } OPTIONAL { ?stake pag:validUntil ?until }
} ORDER BY ?thing DESC(?share) ?name ?stake ?place"""
_NAMES: Final = """
SELECT DISTINCT ?thing ?graph ?value WHERE {
  VALUES ?thing { $things } GRAPH ?graph { ?thing rdfs:label|pag:nameAsPrinted ?value } } ORDER BY ?thing ?value"""
_TEXTS: Final = """
SELECT DISTINCT ?thing ?graph ?value WHERE {
  VALUES ?thing { $things } GRAPH ?graph { ?thing <$property> ?value } } ORDER BY ?thing ?value"""
_IDENTIFIERS: Final = """
SELECT DISTINCT ?thing ?graph ?value ?name ?place WHERE {
  VALUES ?thing { $things }
  GRAPH ?graph { ?id a pag:Identifier ; pag:identifies ?thing ; pag:identifierScheme ?scheme ; skos:notation ?value }
  OPTIONAL { ?scheme rdfs:label ?label } OPTIONAL { ?scheme skos:prefLabel ?code FILTER(LANG(?code) IN ("", "en")) }
  OPTIONAL { ?id pag:whereSeen ?place }
  BIND(COALESCE(?label, ?code, STR(?scheme)) AS ?name) } ORDER BY ?thing ?name ?value"""
_USED: Final = """
SELECT DISTINCT ?thing ?property WHERE {
  ?property a owl:ObjectProperty . ?thing ?property ?value FILTER(STRSTARTS(STR(?thing), STR(id:))) }"""
_HAVING: Final = """
SELECT DISTINCT ?thing WHERE {
  VALUES ?value { $things } ?thing <$property> ?value FILTER(STRSTARTS(STR(?thing), STR(id:))) }"""
_LABELS: Final = """
SELECT ?property ?name WHERE { ?property a owl:ObjectProperty ; rdfs:label ?name FILTER(LANG(?name) = "en") }"""
_INTERNAL: Final = ("citation", "conflictsWith", "wasDerivedFrom", "about", "shareIn", "nameOf", "figureOf", "category")
_TEXT_PROPERTIES: Final = {"description": "dcterms:description"}


@dataclass(frozen=True)
class SaidValue:
    """A value stated by a source: a thing (``id``) or a text, and its citation. Texts are empty if not stated."""

    name: str
    source: str
    id: str = ""
    place: str = ""
    share: float | None = None
    begin: str = ""
    end: str = ""
    basis: str = ""
    scheme: str = ""


Values = Mapping[str, Sequence[SaidValue]]


def read_values(store: Store, property_id: str, slugs: Sequence[str]) -> Values:
    """Return the values of a property for each of the things, one for each source that states it.

    A name in a graph shared by several sources is attributed to the first of them: others may use another name.
    """
    if not slugs or not _PROPERTY.fullmatch(property_id):
        return {}
    read = _READERS.get(property_id, _read_links)
    values: dict[str, list[SaidValue]] = {slug: [] for slug in slugs}
    for slug, value in read(store, property_id, _addresses(slugs)):
        values[slug].append(value)
    return values


def read_links(store: Store, classes: Mapping[str, Iterable[str]]) -> dict[str, dict[str, str]]:
    """Return by class the links that its things have, with their labels; ``classes`` has the classes of each thing."""
    labels = {local(link): name for link, name in store.query(_LABELS).values() if link.startswith(term(""))}
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for one, link in store.query_all(_USED, "thing").values():
        name = local(link)
        if name in labels and name not in _INTERNAL:
            for kind in classes.get(local(one), ()):
                found[kind][name] = labels[name]
    return found


def read_having(store: Store, property_id: str, slugs: Sequence[str]) -> set[str]:
    """Return the things that have one of these as a value of a link."""
    if not slugs or not _PROPERTY.fullmatch(property_id):
        return set()
    return {local(one) for (one,) in _rows(store, _HAVING, _addresses(slugs), property_id)}


def _read_links(store: Store, property_id: str, things: str) -> Iterator[tuple[str, SaidValue]]:
    places: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for one, graph, value, place in _rows(store, _CITED, things, property_id):
        places[one, value, sources_of_graph(graph)[0]].append(place)
    for one, graph, value, name in _rows(store, _LINKS, things, property_id):
        for source in sources_of_graph(graph):
            cited = "; ".join(places.get((one, value, source), ()))
            yield local(one), SaidValue(name or local(value), source, _slug(value), cited)


def _read_stakes(store: Store, property_id: str, things: str) -> Iterator[tuple[str, SaidValue]]:
    this, other = ("pag:owned", "pag:owner") if property_id == "owner" else ("pag:owner", "pag:owned")
    found: dict[str, tuple[str, SaidValue]] = {}
    query = _STAKES.replace("$this", this).replace("$other", other)
    for one, graph, value, name, share, begin, end, basis, place, stake in _rows(store, query, things, property_id):
        cited = f"{found[stake][1].place}; {place}" if stake in found else place
        number = float(share) if share else None
        said = SaidValue(name, sources_of_graph(graph)[0], _slug(value), cited, number, begin, end, local(basis))
        found[stake] = local(one), said
    yield from found.values()


def _read_names(store: Store, property_id: str, things: str) -> Iterator[tuple[str, SaidValue]]:
    order = [one.name for one in read_sources(store)]
    for one, graph, name in _rows(store, _NAMES, things, property_id):
        speaking = sources_of_graph(graph)
        first = next((source for source in order if source in speaking), speaking[0])
        yield local(one), SaidValue(name, first)


def _read_texts(store: Store, property_id: str, things: str) -> Iterator[tuple[str, SaidValue]]:
    for one, graph, text in _rows(store, _TEXTS, things, property_id):
        yield local(one), SaidValue(text, sources_of_graph(graph)[0])


def _read_identifiers(store: Store, property_id: str, things: str) -> Iterator[tuple[str, SaidValue]]:
    for one, graph, value, name, place in _rows(store, _IDENTIFIERS, things, property_id):
        yield local(one), SaidValue(value, sources_of_graph(graph)[0], place=place, scheme=name)


def _rows(store: Store, query: str, things: str, property_id: str) -> list[list[str]]:
    address = expand(_TEXT_PROPERTIES.get(property_id, f"pag:{property_id}"))
    return store.query(query.replace("$things", things).replace("$property", address)).values()


def _addresses(slugs: Sequence[str]) -> str:
    return " ".join(f"<{thing(slug)}>" for slug in slugs)


def _slug(address: str) -> str:
    return local(address) if address.startswith(THING) else ""


_READERS: Final[Mapping[str, Callable[[Store, str, str], Iterator[tuple[str, SaidValue]]]]] = {
    "name": _read_names,
    "identifier": _read_identifiers,
    "owner": _read_stakes,
    "owned": _read_stakes,
    **dict.fromkeys(_TEXT_PROPERTIES, _read_texts),
}

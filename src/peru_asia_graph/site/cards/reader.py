"""What cards are made from: statements and things as records, read with few queries, or from the whole graph at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final, Protocol

from peru_asia_graph.query.sources import SourceInfo, read_sources
from peru_asia_graph.store import Store
from peru_asia_graph.store.results import Term
from peru_asia_graph.vocabulary import GRAPH, THING, expand, shorten, sources_of_graph

# The properties by which statements are found from what they are about. Those of the second group link statements of
# several classes, those of the third statements of several relations.
LINKS: Final = (
    "pag:owner pag:owned pag:investor pag:event pag:holder pag:officeOf pag:officeIn pag:party pag:place pag:figureOf "
    "pag:partner pag:category pag:identifies pag:nameOf pag:sector dcterms:creator dcterms:publisher pag:reportedBy "
    "pag:source pag:marks"
)
TYPED_LINKS: Final = "pag:about pag:project pag:participant pag:concerns pag:opposedBy pag:citation pag:homeState"
RELATION_LINKS: Final = "pag:subject pag:object"
_LINKED: Final = f"""
SELECT ?way ?one ?kind WHERE {{
  {{ VALUES ?way {{ {LINKS} }} ?one ?way $thing }}
  UNION {{ VALUES ?way {{ {TYPED_LINKS} }} ?one ?way $thing ; a ?kind }}
  UNION {{ VALUES ?way {{ {RELATION_LINKS} }} ?one ?way $thing ; pag:relation ?kind }}
}}"""
# What no card shows of a statement.
_UNUSED: Final = "rdfs:label, pag:earliestEnd, pag:latestStart, pag:readingOrder, prov:wasDerivedFrom"
_RECORDS: Final = f"""
SELECT ?graph ?one ?way ?value WHERE {{
  VALUES ?one {{ $things }} GRAPH ?graph {{ ?one ?way ?value }} FILTER(?way NOT IN ({_UNUSED}))
}}"""
_WHOLE_RECORDS: Final = (
    "SELECT ?graph ?one ?way ?value WHERE { VALUES ?one { $things } GRAPH ?graph { ?one ?way ?value } }"
)
_SUMMARIES: Final = """
SELECT ?graph ?one ?way ?value WHERE {
  VALUES ?one { $things }
  VALUES ?way { rdf:type rdfs:label skos:prefLabel pag:homeState pag:stateOwned pag:eventType pag:when pag:earliest
    pag:latest pag:signedOn pag:inForceOn pag:source pag:notation pag:reportedBy dcterms:description }
  GRAPH ?graph { ?one ?way ?value }
}"""
# Shares in a thing, or of an owner, in the last year that each source speaks of.
_SHARES: Final = """
SELECT ?graph ?one ?way ?value WHERE {
  { SELECT DISTINCT ?one ?graph WHERE {
      ?about pag:derivedGraph ?graph ; dcterms:date ?date .
      GRAPH ?graph { ?one $way $thing ; pag:asOf ?then }
      FILTER(STR(?then) = SUBSTR(STR(?date), 1, 4)) } }
  GRAPH ?graph { ?one ?way ?value }
  FILTER(?way NOT IN (rdfs:label, prov:wasGeneratedBy))
}"""
_LATEST: Final = """
SELECT ?one WHERE { ?one pag:participant $thing ; pag:event ?event OPTIONAL { ?event pag:earliest ?day } }
ORDER BY DESC(?day) ?one LIMIT 8"""
_OF_SEVERAL: Final = "SELECT ?one WHERE { VALUES ?thing { $things } ?one $way ?thing }"
_INVERSES: Final = "SELECT ?one ?other WHERE { { ?one owl:inverseOf ?other } UNION { ?other owl:inverseOf ?one } UNION { ?one a owl:SymmetricProperty BIND(?one AS ?other) } }"
_TABLES: Final = "SELECT ?one ?table ?source ?row ?order WHERE { ?one pag:table ?table ; pag:source ?source ; pag:row ?row OPTIONAL { ?one pag:readingOrder ?order } }"
_PARTNERS: Final = """
SELECT ?state ?kind (COUNT(DISTINCT ?one) AS ?count) WHERE {
  { ?one pag:participant $thing ; a pag:Event ; pag:participant ?state BIND("event" AS ?kind) }
  UNION { ?one pag:party $thing ; pag:party ?state BIND("agreement" AS ?kind) }
  FILTER(?state != $thing)
  ?state a pag:State
} GROUP BY ?state ?kind"""
_ORDER: Final = """
SELECT ?one (MIN(?place) AS ?first) WHERE { ?one pag:source $thing ; pag:readingOrder ?place } GROUP BY ?one
ORDER BY ?first ?one"""
_EVERYTHING: Final = "SELECT ?graph ?one ?way ?value WHERE { GRAPH ?graph { ?one ?way ?value } }"
_SUMMARIES_KEPT: Final = 20_000
# Classes that tell no kinds of statements apart.
NO_KIND: Final = frozenset({"pag:Statement", "pag:Actor", "pag:Event"})
_SLUG: Final = re.compile("[a-z0-9]+(?:-+[a-z0-9]+)*")
_ADDRESS: Final = re.compile(r"[^<>\"{}|^`\\\s]+")


@dataclass
class Record:
    """What the graph says of one thing or in one statement: values by property, each with its source.

    The source is empty where several say the same, or none does.
    """

    iri: str
    said: dict[str, list[tuple[Term, str]]] = field(default_factory=dict)

    def value(self, way: str) -> str:
        """Return the first value of a property as text, empty without one."""
        found = self.said.get(way)
        return found[0][0].value if found else ""

    def values(self, way: str) -> list[str]:
        """Return the values of a property as texts, each once."""
        return list(dict.fromkeys(term.value for term, _ in self.said.get(way, ())))

    def text(self, way: str, language: str) -> tuple[str, str]:
        """Return a text in a language, or in another with the code of that; both empty without one."""
        found = {term.language: term.value for term, _ in self.said.get(way, ())}
        for code in (language, "en", ""):
            if code in found:
                return found[code], "" if code in (language, "") else code
        return "", ""

    @property
    def types(self) -> set[str]:
        """The classes it belongs to."""
        return {term.value for term, _ in self.said.get("rdf:type", ())}

    @property
    def source(self) -> str:
        """The name of the source that cites it, empty where none does."""
        cited = self.said.get("pag:citation") or self.said.get("pag:source") or self.said.get("rdf:type") or ()
        return next((source for _, source in cited if source), "")


# What links to a thing, by property and kind.
Links = dict[tuple[str, str], list[str]]


@dataclass(frozen=True)
class PrintedTable:
    """A table of a source: its name as cited, its source, and its citations in reading order with the row of each."""

    name: str
    source: str
    rows: Mapping[str, str]


class Reader(Protocol):
    """Where the records of a card come from."""

    @property
    def sources(self) -> Mapping[str, SourceInfo]:
        """The sources by name, in their order."""

    def links(self, iri: str) -> Links:
        """Return what links to a thing, by property and, where that tells kinds apart, class or relation; sorted."""

    @property
    def inverses(self) -> Mapping[str, str]:
        """The relation that reads each relation from its object, as far as the ontology names one."""

    @property
    def tables(self) -> Mapping[str, PrintedTable]:
        """The printed tables of the sources by slug (``table-7``)."""

    def linking(self, iris: Iterable[str], way: str) -> list[str]:
        """Return what has one of these things as value of a property."""

    def records(self, iris: Iterable[str], whole: bool = False) -> dict[str, Record]:
        """Return what is said of these things; ``whole`` with what no list shows."""

    def shares(self, iri: str, way: str) -> dict[str, Record]:
        """Return the computed shares in a thing (``pag:shareIn``), or of an owner, of the last year of each source."""

    def partners(self, iri: str) -> dict[str, tuple[int, int]]:
        """Return for each other state in how many events both take part, of how many agreements both are parties."""

    def reading_order(self, source: str) -> list[str]:
        """Return the citations of a source in reading order."""

    def latest(self, iri: str) -> list[str]:
        """Return the participations in the eight latest events of a thing that takes part in very many."""

    def summaries(self, iris: Iterable[str]) -> dict[str, Record]:
        """Return names, kinds, home states and dates of these things."""


@lru_cache(50_000)
def short_name(iri: str) -> str:
    """Return the name of a property with its prefix."""
    return shorten(iri)


@lru_cache(1_000)
def source_of(graph: str) -> str:
    """Return the one source that a graph is of, empty for those of several or none."""
    names = sources_of_graph(graph) if graph.startswith(GRAPH) else []
    return names[0] if len(names) == 1 else ""


class _Vocabulary:
    """What both readers know of a store beside its statements, each read once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @cached_property
    def inverses(self) -> Mapping[str, str]:
        """What `Reader.inverses` is."""
        rows = self._store.query(_INVERSES).rows
        return {short_name(one.value): short_name(other.value) for one, other in rows if one and other}

    @cached_property
    def tables(self) -> Mapping[str, PrintedTable]:
        """What `Reader.tables` is; a table of a later source whose name is taken is left out."""
        found: dict[tuple[str, str], list[tuple[int, str, str]]] = defaultdict(list)
        for one, name, source, row, order in self._store.query(_TABLES).rows:
            if one and name and source and row:
                found[name.value, source.value].append((int(order.value) if order else 0, one.value, row.value))
        tables: dict[str, PrintedTable] = {}
        for (name_text, source_iri), some in sorted(found.items()):
            slug = re.sub("[^a-z0-9]+", "-", name_text.lower()).strip("-")
            tables.setdefault(slug, PrintedTable(name_text, source_iri, {one: row for _, one, row in sorted(some)}))
        return tables


class StoreReader(_Vocabulary):
    """Reads from a store what one card needs; summaries of things are kept for the next card."""

    def __init__(self, store: Store, sources: Sequence[SourceInfo]) -> None:
        super().__init__(store)
        self.sources = {one.name: one for one in sources}
        self._summaries: dict[str, Record] = {}

    def links(self, iri: str) -> Links:
        """Return what `Reader.links` does, with one query."""
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for way, one, kind in self._store.query(_LINKED.replace("$thing", f"<{iri}>")).rows:
            if way and one:
                found[short_name(way.value), short_name(kind.value) if kind else ""].add(one.value)
        return {key: sorted(ones) for key, ones in found.items() if key[1] not in NO_KIND}

    def linking(self, iris: Iterable[str], way: str) -> list[str]:
        """Return what `Reader.linking` does."""
        wanted = _addresses(iris)
        query = _OF_SEVERAL.replace("$things", wanted).replace("$way", way)
        return sorted({one.value for (one,) in self._store.query(query).rows if one}) if wanted else []

    def records(self, iris: Iterable[str], whole: bool = False) -> dict[str, Record]:
        """Return what `Reader.records` does."""
        return self._read(_WHOLE_RECORDS if whole else _RECORDS, iris)

    def shares(self, iri: str, way: str) -> dict[str, Record]:
        """Return what `Reader.shares` does."""
        found: dict[str, Record] = {}
        _fill(found, self._store.query(_SHARES.replace("$thing", f"<{iri}>").replace("$way", way)).rows)
        return found

    def partners(self, iri: str) -> dict[str, tuple[int, int]]:
        """Return what `Reader.partners` does."""
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for state, kind, count in self._store.query(_PARTNERS.replace("$thing", f"<{iri}>")).rows:
            if state and kind and count:
                found[state.value][kind.value] = int(count.value)
        return {state: (counts.get("event", 0), counts.get("agreement", 0)) for state, counts in found.items()}

    def reading_order(self, source: str) -> list[str]:
        """Return what `Reader.reading_order` does."""
        rows = self._store.query(_ORDER.replace("$thing", f"<{source}>")).rows
        return [one.value for one, _ in rows if one]

    def latest(self, iri: str) -> list[str]:
        """Return what `Reader.latest` does."""
        return [one.value for (one,) in self._store.query(_LATEST.replace("$thing", f"<{iri}>")).rows if one]

    def summaries(self, iris: Iterable[str]) -> dict[str, Record]:
        """Return what `Reader.summaries` does; only what is not known yet is asked for."""
        wanted = dict.fromkeys(iris)
        if missing := [iri for iri in wanted if iri not in self._summaries]:
            if len(self._summaries) > _SUMMARIES_KEPT:
                self._summaries.clear()
                missing = list(wanted)
            self._summaries |= self._read(_SUMMARIES, missing)
        return {iri: self._summaries[iri] for iri in wanted}

    def _read(self, query: str, iris: Iterable[str]) -> dict[str, Record]:
        found = {iri: Record(iri) for iri in iris}
        if wanted := _addresses(found):
            _fill(found, self._store.query(query.replace("$things", wanted)).rows)
        return found


class WholeReader(_Vocabulary):
    """Reads the whole graph once, for the cards of all things: their number does not matter to the store."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.sources = {one.name: one for one in read_sources(store)}
        self._records: dict[str, Record] = {}
        self._orders: dict[str, list[str]] = {}
        self._linked: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        _fill(self._records, store.query(_EVERYTHING).rows)
        self._years = {name: str(one.year) for name, one in self.sources.items()}
        ways = {*LINKS.split(), *TYPED_LINKS.split(), *RELATION_LINKS.split(), "pag:shareIn", "pag:shareholder"}
        for iri, record in self._records.items():
            for way in ways & record.said.keys():
                for value in {term.value for term, _ in record.said[way] if term.kind == "iri"}:
                    self._linked[value][way].append(iri)

    def things(self, beginning: str) -> list[str]:
        """Return every thing of the graph whose address begins so."""
        return sorted(iri for iri in self._records if iri.startswith(beginning))

    def links(self, iri: str) -> Links:
        """Return what `Reader.links` does."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for way, ones in self._linked.get(iri, {}).items():
            for one in ones:
                for kind in self._kinds(way, self._records[one]):
                    found[way, kind].append(one)
        return {key: sorted(ones) for key, ones in found.items() if key[1] not in NO_KIND}

    @staticmethod
    def _kinds(way: str, record: Record) -> Iterable[str]:
        if way in TYPED_LINKS.split():
            return {short_name(kind) for kind in record.types}
        if way in RELATION_LINKS.split():
            return {short_name(kind) for kind in record.values("pag:relation")}
        return () if way in ("pag:shareIn", "pag:shareholder") else ("",)

    def shares(self, iri: str, way: str) -> dict[str, Record]:
        """Return what `Reader.shares` does."""
        found = self.records(self._linked.get(iri, {}).get(way, ()))
        return {key: one for key, one in found.items() if one.value("pag:asOf") == self._years.get(one.source)}

    def partners(self, iri: str) -> dict[str, tuple[int, int]]:
        """Return what `Reader.partners` does."""
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        state = expand("pag:State")
        for place, (way, kind) in enumerate((("pag:participant", expand("pag:Event")), ("pag:party", ""))):
            for one in self._linked.get(iri, {}).get(way, ()):
                record = self._records[one]
                if not kind or kind in record.types:
                    for other in record.values(way):
                        if other != iri and other in self._records and state in self._records[other].types:
                            counts[other][place] += 1
        return {one: (events, agreements) for one, (events, agreements) in counts.items()}

    def reading_order(self, source: str) -> list[str]:
        """Return what `Reader.reading_order` does."""
        if source not in self._orders:
            ones = self._linked.get(source, {}).get("pag:source", ())
            placed = [(min(map(int, places)), one) for one in ones
                      if (places := self._records[one].values("pag:readingOrder"))]  # fmt: skip
            self._orders[source] = [one for _, one in sorted(placed)]
        return self._orders[source]

    def latest(self, iri: str) -> list[str]:
        """Return what `Reader.latest` does."""
        taken = [
            one for one in self._linked.get(iri, {}).get("pag:participant", ()) if self._event_day(one) is not None
        ]
        return sorted(taken, key=lambda one: (-int((self._event_day(one) or "0").replace("-", "")), one))[:8]

    def _event_day(self, participation: str) -> str | None:
        event = self._records[participation].value("pag:event")
        return self._records[event].value("pag:earliest") if event in self._records else None

    def linking(self, iris: Iterable[str], way: str) -> list[str]:
        """Return what `Reader.linking` does."""
        return sorted({one for iri in iris for one in self._linked.get(iri, {}).get(way, ())})

    def records(self, iris: Iterable[str], whole: bool = False) -> dict[str, Record]:
        """Return what `Reader.records` does."""
        return {iri: self._records.get(iri) or Record(iri) for iri in iris}

    def summaries(self, iris: Iterable[str]) -> dict[str, Record]:
        """Return what `Reader.summaries` does."""
        return self.records(iris)


def _addresses(iris: Iterable[str]) -> str:
    """Return addresses as the values of a query, things with their prefix, which is read sooner."""
    return " ".join(
        f"id:{iri[len(THING) :]}" if _SLUG.fullmatch(iri, len(THING)) and iri.startswith(THING) else f"<{iri}>"
        for iri in iris
        if _ADDRESS.fullmatch(iri)
    )


def _fill(found: dict[str, Record], rows: Iterable[Sequence[Term | None]]) -> None:
    for graph, one, way, value in rows:
        if graph and one and way and value:
            record = found.get(one.value)
            if record is None:
                record = found[one.value] = Record(one.value)
            record.said.setdefault(short_name(way.value), []).append((value, source_of(graph.value)))

"""The data that cards are made from: statements and things as records, and the interface for reading them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

from peru_asia_graph.query.sources import SourceInfo
from peru_asia_graph.site.cards.card_queries import INVERSES, LINKS, RELATION_LINKS, TABLES, TYPED_LINKS
from peru_asia_graph.store import Store
from peru_asia_graph.store.results import Term
from peru_asia_graph.vocabulary import COMMON_GRAPHS, DIFFERENCES_GRAPH, GRAPH, shorten, slugify, sources_of_graph

_TYPED: Final = frozenset(TYPED_LINKS.split())
_RELATIONS: Final = frozenset(RELATION_LINKS.split())
# The properties that link statements to the things they are about.
WAYS: Final = frozenset(LINKS.split()) | _TYPED | _RELATIONS
# Graphs that belong to no source, and the graph of differences between sources.
_NO_SOURCE: Final = frozenset({*COMMON_GRAPHS, DIFFERENCES_GRAPH})
# Classes that do not distinguish kinds of statements.
NO_KIND: Final = frozenset({"pag:Statement", "pag:Actor", "pag:Event"})


@dataclass
class Resource:
    """The graph's data on one thing or statement: values by property, each with its source.

    The source is empty if several state the value, or none does.
    """

    iri: str
    said: dict[str, list[tuple[Term, str]]] = field(default_factory=dict)

    def value(self, way: str) -> str:
        """Return the first value of a property as text; empty if there is none."""
        found = self.said.get(way)
        return found[0][0].value if found else ""

    def values(self, way: str) -> list[str]:
        """Return the values of a property as texts, without duplicates."""
        return list(dict.fromkeys(term.value for term, _ in self.said.get(way, ())))

    def of_source(self, source: str) -> Resource:
        """Return the record with only what this source says."""
        said = {way: [pair for pair in pairs if pair[1] == source] for way, pairs in self.said.items()}
        return Resource(self.iri, {way: pairs for way, pairs in said.items() if pairs})

    def date(self, way: str) -> str:
        """Return the most precise of a property's dates, the first of several; empty if there is none."""
        return max(self.values(way), key=len, default="")

    def text(self, way: str, language: str) -> tuple[str, str]:
        """Return a text in a language, or in another with that language's code; both empty if there is none."""
        found = {term.language: term.value for term, _ in self.said.get(way, ())}
        for code in (language, "en", ""):
            if code in found:
                return found[code], "" if code in (language, "") else code
        return "", ""

    @property
    def types(self) -> set[str]:
        return {term.value for term, _ in self.said.get("rdf:type", ())}

    @property
    def kinds(self) -> set[str]:
        """The local names of its classes, from any ontology: ``Stake``, ``Observation``."""
        return {short_name(kind).rpartition(":")[2] for kind in self.types}

    @property
    def sources(self) -> set[str]:
        """The names of all sources that mention it."""
        return {source for some in self.said.values() for _, source in some if source}

    @property
    def source(self) -> str:
        """The name of the source that cites it, empty if none does."""
        cited = self.said.get("pag:citation") or self.said.get("pag:source") or self.said.get("rdf:type") or ()
        return next((source for _, source in cited if source), "")


# The links to a thing, by property and kind.
Links = dict[tuple[str, str], list[str]]


@dataclass(frozen=True)
class PrintedTable:
    """A table of a source: its name as cited, its source, and its citations in reading order with the row of each."""

    name: str
    source: str
    rows: Mapping[str, str]


class CardReader(ABC):
    """The source of a card's records; ``sources`` are those of the store by name, in order."""

    def __init__(self, store: Store, sources: Iterable[SourceInfo]) -> None:
        self._store = store
        self.sources = {one.name: one for one in sources}

    @cached_property
    def inverses(self) -> Mapping[str, str]:
        """The inverse of each relation, as far as the ontology names one."""
        return {short_name(one): short_name(other) for one, other in self._store.query(INVERSES).values()}

    @cached_property
    def tables(self) -> Mapping[str, PrintedTable]:
        """The printed tables by slug (``table-7``); of two sources with the same name for one, that of the first."""
        found: dict[tuple[str, str], list[tuple[int, str, str]]] = defaultdict(list)
        for one, name, source, row, order in self._store.query(TABLES).values():
            found[name, source].append((int(order or 0), one, row))
        tables: dict[str, PrintedTable] = {}
        for (name, source), some in sorted(found.items()):
            tables.setdefault(slugify(name), PrintedTable(name, source, {one: row for _, one, row in sorted(some)}))
        return tables

    @abstractmethod
    def links(self, iri: str) -> Links:
        """Return the links to a thing, by property and, where it distinguishes kinds, class or relation; sorted."""

    @abstractmethod
    def linking(self, iris: Iterable[str], way: str) -> list[str]:
        """Return the statements that have one of these things as value of a property."""

    @abstractmethod
    def records(self, iris: Iterable[str]) -> dict[str, Resource]:
        """Return the records of these things."""

    @abstractmethod
    def shares(self, iri: str, way: str) -> dict[str, Resource]:
        """Return the computed shares in a thing (``pag:shareIn``), or of an owner, in each source's reference year."""

    @abstractmethod
    def partners(self, iri: str) -> dict[str, tuple[int, int]]:
        """Return for each other state the number of shared events and of shared agreements."""

    @abstractmethod
    def reading_order(self, source: str) -> list[str]:
        """Return the citations of a source in reading order."""

    @abstractmethod
    def latest(self, iri: str) -> list[str]:
        """Return the participations in the eight latest events of a thing with very many events."""

    @abstractmethod
    def summaries(self, iris: Iterable[str]) -> dict[str, Resource]:
        """Return names, kinds, home states and dates of these things."""


@lru_cache(50_000)
def short_name(iri: str) -> str:
    """Return the prefixed name of a property."""
    return shorten(iri)


@lru_cache(1_000)
def source_of(graph: str) -> str:
    """Return the one source to which a graph belongs, empty for graphs of several or none."""
    is_of_source = graph.startswith(GRAPH) and graph not in _NO_SOURCE
    names = sources_of_graph(graph) if is_of_source else []
    return names[0] if len(names) == 1 else ""


def links_in(records: Iterable[Resource], iri: str) -> Links:
    """Return the links from these statements to a thing, by property and kind."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for record in records:
        for way in WAYS & record.said.keys():
            if any(term.value == iri for term, _ in record.said[way]):
                for kind in _kinds(way, record):
                    found[way, kind].append(record.iri)
    return {key: sorted(ones) for key, ones in found.items() if key[1] not in NO_KIND}


def _kinds(way: str, record: Resource) -> Iterable[str]:
    if way in _TYPED:
        return {short_name(kind) for kind in record.types}
    if way in _RELATIONS:
        return {short_name(kind) for kind in record.values("pag:relation")}
    return ("",)


def fill_records(found: dict[str, Resource], rows: Iterable[Sequence[Term | None]]) -> None:
    """Add rows of graph, subject, property and value to the records; values are sorted, because RDF has no order."""
    for graph, one, way, value in rows:
        if graph is not None and one is not None and way is not None and value is not None:
            iri = one.value
            record = found.get(iri)
            if record is None:
                record = found[iri] = Resource(iri)
            name = short_name(way.value)
            said = record.said
            pair = value, source_of(graph.value)
            if name in said:
                said[name].append(pair)
            else:
                said[name] = [pair]
    for record in found.values():
        for pairs in record.said.values():
            if len(pairs) > 1:
                pairs.sort(key=_order)


def _order(pair: tuple[Term, str]) -> tuple[str, str, str]:
    term, source = pair
    return term.value, term.language or "", source

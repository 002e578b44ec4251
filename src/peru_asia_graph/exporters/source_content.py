"""The statements of one source about owners, shares, offices, investments and links, for exporters to other formats."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import quote

from peru_asia_graph.files.loss_report import LossReport
from peru_asia_graph.query.side_by_side import SourcePart
from peru_asia_graph.query.sources import SourceInfo
from peru_asia_graph.store import Store
from peru_asia_graph.vocabulary import THING, local

# The classes of things, subclasses before superclasses.
CLASSES: Final = (
    "Firm", "BusinessGroup", "GovernmentBody", "InternationalBody", "MediaOutlet", "Association", "State", "Person",
    "Community", "MiningProject", "HydrocarbonBlock", "InfrastructureProject", "Organization", "Project",
)  # fmt: skip
STATEMENTS: Final = ("Stake", "Tenure", "Investment", "Relation")
LEI: Final = "lei"
WIKIDATA: Final = "wikidata"
# Exported as part of the statements and things that have them.
_UNCOUNTED: Final = ("Citation", "Source", "Identifier", "PrintedName")
_TYPES: Final = "SELECT ?thing ?class WHERE { ?thing a ?class }"
_COUNTED: Final = """
SELECT ?class (COUNT(DISTINCT ?thing) AS ?count) (MIN(STR(?thing)) AS ?first) WHERE {
  GRAPH ?graph { ?thing a ?class }
  FILTER(STRSTARTS(STR(?class), STR(pag:)) || ?class = qb:Observation)
  FILTER(!STRSTARTS(STR(?graph), STR(graph:derived)))
  FILTER(?graph NOT IN (graph:reference, graph:ontology, graph:description, graph:differences))
  FILTER NOT EXISTS { ?thing a ?special . ?special rdfs:subClassOf ?class FILTER(?special != ?class) }
} GROUP BY ?class"""
_DECISIONS: Final = "SELECT ?difference ?source WHERE { ?difference pag:preferredSource ?source } ORDER BY ?difference"
# What a relation may state besides its two ends, and how the losses name it.
_DETAILS: Final = {
    "certainty": "certainty",
    **dict.fromkeys(("validFrom", "validUntil", "asOf"), "dates"),
    "note": "notes",
}
_STATED: Final = "SELECT ?thing ?property ?value WHERE { ?thing a pag:$class ; ?property ?value }"
_THINGS: Final = """
SELECT DISTINCT ?thing ?property ?value WHERE {
  VALUES ?kind { pag:Actor pag:Project }
  ?thing a ?kind .
  { ?thing ?property ?value
    FILTER(?property IN (rdfs:label, pag:nameAsPrinted, skos:altLabel, dcterms:description, pag:stateOwned,
      pag:homeState, pag:citation, <http://www.w3.org/2003/01/geo/wgs84_pos#lat>,
      <http://www.w3.org/2003/01/geo/wgs84_pos#long>)) }
  UNION { ?name pag:nameOf ?thing ; pag:printedForm ?value BIND(pag:nameAsPrinted AS ?property) } }"""
_IDENTIFIERS: Final = """
SELECT ?thing ?scheme ?number ?seen WHERE {
  ?identifier pag:identifies ?thing ; pag:identifierScheme ?scheme ; skos:notation ?number .
  OPTIONAL { ?identifier pag:whereSeen ?seen } }"""
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

# The values of a statement or thing by the local name of the property: IRIs as slugs, sorted.
Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Cited:
    """A citation: its label, its URL, the day it was retrieved, and the works the source reports from."""

    label: str
    address: str = ""
    retrieved: str = ""
    reported_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Number:
    """An identifier of a thing in a scheme, and where the reference list found it."""

    scheme: str
    value: str
    seen: str = ""


@dataclass
class SourceContent:
    """The content of one source, read from a store limited to that source."""

    store: Store
    info: SourceInfo

    @cached_property
    def _types(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for thing, kind in self.store.query(_TYPES).values():
            if thing.startswith(THING):
                found[local(thing)].add(local(kind).rsplit("#", 1)[-1])
        return found

    def class_of(self, slug: str) -> str:
        """Return the most specific class of a thing; empty if it has none."""
        kinds = self._types.get(slug, set())
        return next((kind for kind in CLASSES if kind in kinds), "")

    def others(self) -> list[tuple[str, int, str]]:
        """Return classes in neither `CLASSES` nor `STATEMENTS`: name, number of things, slug of the first."""
        found = []
        for kind, count, first in self.store.query(_COUNTED).values():
            if local(kind) not in (*CLASSES, *_UNCOUNTED, *STATEMENTS):
                found.append((local(kind).rsplit("#", 1)[-1], int(count), local(first)))
        return sorted(found)

    def count_rest(self, parties: set[str], losses: LossReport, reason: str) -> None:
        """Count the things that are not among the exported parties, and the other classes for a reason."""
        for slug in self.things:
            kind = self.class_of(slug)
            if kind and slug not in parties:
                losses.add(kind, "", "is not in any exported statement", self.label(slug), slug)
        for kind, count, first in self.others():
            losses.add(kind, "", reason, first, first, count)

    @cached_property
    def things(self) -> dict[str, Fields]:
        """The facts about actors and projects, by slug."""
        return _fields(self.store, _THINGS)

    def statements(self, kind: str) -> dict[str, Fields]:
        return _fields(self.store, _STATED.replace("$class", kind))

    @cached_property
    def works(self) -> dict[str, Fields]:
        """The works that are sources or are cited by them, by slug."""
        return self.statements("Source")

    @cached_property
    def cited(self) -> dict[str, Cited]:
        return {
            slug: Cited(
                one_of(said, "label"), to_uri(one_of(said, "seeAlso")),
                one_of(said, "retrieved"), tuple(said.get("reportedBy", ())),
            )
            for slug, said in self.statements("Citation").items()
        }  # fmt: skip

    @cached_property
    def numbers(self) -> dict[str, list[Number]]:
        found: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
        for thing, scheme, number, seen in self.store.query(_IDENTIFIERS).values():
            found[local(thing)].add((local(scheme), number, seen))
        return {slug: [Number(*one) for one in sorted(numbers)] for slug, numbers in found.items()}

    def label(self, slug: str) -> str:
        """Return the name of a thing or work, or its slug if it has none."""
        return one_of(self.things.get(slug, self.works.get(slug, {})), "label") or slug

    def names(self, slug: str) -> list[str]:
        """Return the other names of a thing in the source."""
        said = self.things.get(slug, {})
        return sorted({*said.get("nameAsPrinted", ()), *said.get("altLabel", ())} - {self.label(slug)})

    def country(self, slug: str) -> str:
        """Return the ISO code of a state, two capital letters; empty if unknown."""
        return next((one.value for one in self.numbers.get(slug, ()) if one.scheme == "iso-3166-1-alpha-2"), "")

    def homes(self, slug: str) -> Sequence[str]:
        """Return the home states of a thing; for a state, the state itself."""
        return [slug] if self.class_of(slug) == "State" else self.things.get(slug, {}).get("homeState", ())

    def authors(self) -> list[str]:
        work = self.works.get(self.info.name, {})
        printed = [name.strip() for text in work.get("authorAsPrinted", ()) for name in text.split(";")]
        return printed or [self.label(slug) for slug in work.get("creator", ())]


def read_content(part: SourcePart) -> SourceContent:
    """Return the content of a part of a store; each kind of statement is read on first use."""
    return SourceContent(part.store, part.source or SourceInfo(""))


def count_details(slug: str, said: Fields, losses: LossReport, target: str) -> None:
    """Count what a relation states besides its two ends, if it becomes a plain value that has no place for it."""
    for field, word in _DETAILS.items():
        if (value := one_of(said, field)) and value != "stated":
            losses.add("Relation", one_of(said, "relation"), f"{target} have no {word}", value, slug)


def count_decisions(store: Store, losses: LossReport, reason: str) -> None:
    """Count the decisions of people about differences between sources."""
    for difference, source in store.query(_DECISIONS).values():
        losses.add("Decision", "", reason, local(source), local(difference))


def one_of(said: Fields, name: str) -> str:
    """Return the (first) value of a property, or an empty string."""
    return next(iter(said.get(name, ())), "")


def to_uri(address: str) -> str:
    """Return an address as an ASCII URI; empty if it is not a URI.

    >>> to_uri("https://example.org/Bretaña_(95)")
    'https://example.org/Breta%C3%B1a_(95)'
    """
    return quote(address, safe="%/:=&?~#+!$,;'@()*[]") if "://" in address else ""


def is_day(text: str) -> bool:
    """Return whether a date is a full date.

    >>> is_day("2012-05-14"), is_day("2012-05"), is_day("2012~")
    (True, False, False)
    """
    return _DAY.fullmatch(text) is not None


def _fields(store: Store, query: str) -> dict[str, Fields]:
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for thing, name, value in store.query(query).rows:
        if thing and name and value:
            text = local(value.value) if value.kind == "iri" else value.value
            key = local(name.value).rsplit("/", 1)[-1].rsplit("#", 1)[-1]
            found[local(thing.value)][key].add(text)
    return {
        slug: {name: sorted(values) for name, values in sorted(said.items())} for slug, said in sorted(found.items())
    }

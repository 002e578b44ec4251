"""The terms of a graph's ontology, each with its kind, its theme and its links."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from peru_asia_graph.store import Store
from peru_asia_graph.store.results import Term
from peru_asia_graph.vocabulary import ONTOLOGY, ONTOLOGY_GRAPH, local, shorten

_STATEMENTS: Final = f"SELECT ?term ?p ?o WHERE {{ GRAPH <{ONTOLOGY_GRAPH}> {{ ?term ?p ?o }} }}"
# Keyed by the local name of its type.
_KINDS: Final = {
    "owl:Class": "class", "owl:ObjectProperty": "link", "owl:DatatypeProperty": "value",
    "owl:AnnotationProperty": "annotation", "owl:NamedIndividual": "individual", "skos:Collection": "theme",
}  # fmt: skip
_ABOVE: Final = ("rdfs:subClassOf", "rdfs:subPropertyOf")
DOMAIN: Final = ("rdfs:domain", "schema:domainIncludes")
RANGE: Final = ("rdfs:range", "schema:rangeIncludes")
INVERSE: Final = "owl:inverseOf"
_MEMBER: Final = "skos:member"


@dataclass(frozen=True)
class OntologyTerm:
    """A term: ``kind`` is class, link, value, annotation or individual; ``theme`` is its theme's name, or empty."""

    iri: str
    kind: str
    theme: str
    said: Mapping[str, tuple[Term, ...]]

    @property
    def name(self) -> str:
        return local(self.iri)

    def values(self, *ways: str) -> list[str]:
        """Return the values of these properties, ordered by IRI."""
        return sorted({one.value for way in ways for one in self.said.get(way, ())})

    def text(self, language: str, *ways: str) -> str:
        """Return the text of the first of these properties with one in a language, or else in English or untagged."""
        for way in ways:
            found = {one.language: one.value for one in self.said.get(way, ()) if one.kind == "literal"}
            for code in (language, "en", ""):
                if code in found:
                    return found[code]
        return ""


@dataclass(frozen=True)
class OntologyTheme:
    """A heading of the documentation and its terms; ``term`` is None for terms without a theme."""

    name: str
    term: OntologyTerm | None
    terms: list[OntologyTerm] = field(default_factory=list)

    def of(self, *kinds: str) -> list[OntologyTerm]:
        """Return its terms of these kinds."""
        return [one for one in self.terms if one.kind in kinds]


class ThemedTerms:
    """The terms of a graph, read once."""

    def __init__(self, store: Store) -> None:
        said: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for term, way, value in store.query(_STATEMENTS).rows:
            if term and way and value:
                said[term.value][shorten(way.value)].append(value)
        self._said = said
        self._kinds = {iri: _kind(about["rdf:type"]) for iri, about in said.items() if iri.startswith(ONTOLOGY)}

    @cached_property
    def terms(self) -> dict[str, OntologyTerm]:
        """The terms by IRI, except themes."""
        wanted = sorted(iri for iri, kind in self._kinds.items() if kind not in ("", "theme"))
        return {iri: self._make(iri) for iri in wanted}

    @cached_property
    def themes(self) -> list[OntologyTheme]:
        """The themes in order, each with its terms; terms without a theme come last."""
        names = [local(iri) for iri in self._theme_iris]
        found = {name: OntologyTheme(name, self._make(ONTOLOGY + name)) for name in names}
        for term in self.terms.values():
            found.setdefault(term.theme, OntologyTheme(term.theme, None)).terms.append(term)
        return [one for one in found.values() if one.terms]

    @cached_property
    def _theme_iris(self) -> list[str]:
        def order(iri: str) -> tuple[int, str]:
            number = next((one.value for one in self._said[iri]["skos:notation"]), "")
            return (int(number) if number.isdecimal() else 10_000), iri

        return sorted((iri for iri, kind in self._kinds.items() if kind == "theme"), key=order)

    @cached_property
    def _members(self) -> dict[str, str]:
        """The stated theme of each term; the first of several."""
        found: dict[str, str] = {}
        for theme in self._theme_iris:
            for member in self._said[theme][_MEMBER]:
                found.setdefault(member.value, local(theme))
        return found

    def theme_of(self, iri: str, seen: frozenset[str] = frozenset()) -> str:
        """Return the theme of a term: the stated one, or else that of a superterm, its inverse or its domain."""
        if iri in self._members or iri in seen:
            return self._members.get(iri, "")
        seen |= {iri}
        for ways in (_ABOVE, (INVERSE,)):
            for other in self._objects(iri, *ways):
                if found := self.theme_of(other, seen):
                    return found
        themes = [found for one in self._objects(iri, *DOMAIN) if (found := self.theme_of(one, seen))]
        order = {local(theme): -place for place, theme in enumerate(self._theme_iris)}
        counts = Counter(themes)
        return max(counts, key=lambda theme: (counts[theme], order[theme]), default="")

    def _objects(self, iri: str, *ways: str) -> list[str]:
        about = self._said.get(iri, {})
        return sorted({one.value for way in ways for one in about.get(way, ()) if one.kind == "iri"})

    def _make(self, iri: str) -> OntologyTerm:
        about = {way: tuple(sorted(some)) for way, some in sorted(self._said[iri].items())}
        return OntologyTerm(iri, self._kinds[iri], self.theme_of(iri), about)

    def above(self, term: OntologyTerm) -> list[str]:
        """Return the direct superterms of a term in this ontology."""
        return [one for one in term.values(*_ABOVE) if one in self.terms]

    def tree(self, terms: Iterable[OntologyTerm]) -> list[tuple[int, OntologyTerm]]:
        """Return the class hierarchy with the depth of each class, ordered by name."""
        some = {one.iri: one for one in terms}
        below: dict[str, list[OntologyTerm]] = defaultdict(list)
        for one in some.values():
            below[next((up for up in self.above(one) if up in some and up != one.iri), "")].append(one)
        found: list[tuple[int, OntologyTerm]] = []

        def add(parent: str, depth: int) -> None:
            for one in below.pop(parent, ()):
                found.append((depth, one))
                add(one.iri, depth + 1)

        add("", 0)
        # Classes in a subclass cycle.
        while below:
            add(min(below), 0)
        return found


def _kind(types: Iterable[Term]) -> str:
    kinds = {_KINDS.get(shorten(one.value), "") for one in types}
    for kind in ("theme", *_KINDS.values()):
        if kind in kinds:
            return kind
    return ""

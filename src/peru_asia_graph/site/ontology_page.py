"""The page of the ontology: a diagram of each theme, terms with examples from the data, and all alignments."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.cards.card import Piece
from peru_asia_graph.site.cards.html import pieces_html
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.site.once import once_per_graph, reader_of
from peru_asia_graph.site.ontology_alignments import Alignment, align, alignments_of
from peru_asia_graph.site.ontology_diagram import Order, ThemeDiagram, overview, term_label, theme_diagram, theme_title
from peru_asia_graph.site.ontology_terms import DOMAIN, INVERSE, RANGE, OntologyTerm, OntologyTheme, ThemedTerms
from peru_asia_graph.site.ontology_uses import TermExamples, TermUse, UseExample, count_uses
from peru_asia_graph.vocabulary import BASE, ONTOLOGY, ONTOLOGY_GRAPH, PREFIXES, expand

_VERSION: Final = f"ASK {{{{ GRAPH <{ONTOLOGY_GRAPH}> {{{{ ?ontology owl:versionIRI <{{iri}}> }}}} }}}}"
_PROPERTIES: Final = ("link", "value", "annotation")
# A term written as a prefixed name.
_PREFIXED: Final = re.compile(rf"\b((?:{'|'.join(PREFIXES)}):[A-Za-z]\w*)")
_CODES: Final = ("rdfs:seeAlso", "qb:codeList")
# For a property, by the local name of its type.
_TRAITS: Final = {
    "SymmetricProperty": "symmetric", "TransitiveProperty": "transitive", "FunctionalProperty": "single",
}  # fmt: skip


@dataclass(frozen=True)
class ThemeView:
    """A theme as shown in its section: part titles with their terms."""

    key: str
    title: str
    text: str
    count: int
    diagram: ThemeDiagram | None
    parts: Sequence[tuple[str, Sequence[TermView]]]


def is_ontology(kg: KnowledgeGraph, iri: str) -> bool:
    """Return whether an address is that of the ontology or of the version in the store."""
    base = ONTOLOGY.removesuffix("#")
    return iri == base or (iri.startswith(f"{base}/") and bool(kg.store.query(_VERSION.format(iri=iri)).boolean))


def render_ontology(kg: KnowledgeGraph, frame: Frame) -> str:
    return frame.render("ontology.html", **describe_ontology(kg, frame), pieces=pieces_html)


@once_per_graph
def _read_terms(kg: KnowledgeGraph) -> tuple[ThemedTerms, dict[str, TermUse]]:
    terms = ThemedTerms(kg.store)
    return terms, {iri: use for iri, use in count_uses(kg.store).items() if iri in terms.terms}


def describe_ontology(kg: KnowledgeGraph, frame: Frame) -> dict[str, Any]:
    """Return the themes with their terms, all terms in the order of their labels, and the alignments."""
    terms, used = _read_terms(kg)
    views = TermViews(terms, used, TermExamples(reader_of(kg), frame, used), frame)

    def order(term: OntologyTerm) -> tuple[int, str]:
        return -used[term.iri].count if term.iri in used else 0, term.iri

    themes = [_theme(terms, views, theme, frame, order) for theme in terms.themes]
    every = [one for theme in themes for _, some in theme.parts for one in some]
    return {
        "themes": themes,
        "overview": overview(terms, frame, order),
        "every": sorted(every, key=lambda one: (one.label.casefold(), one.name)),
        "alignments": align(terms.terms.values(), frame),
        "counts": {
            "classes": frame.number(sum(one.kind == "class" for one in terms.terms.values())),
            "properties": frame.number(sum(one.kind in _PROPERTIES for one in terms.terms.values())),
        },
    }


def _theme(terms: ThemedTerms, views: TermViews, theme: OntologyTheme, frame: Frame, order: Order) -> ThemeView:
    text = theme.term.text(frame.language, "skos:definition", "rdfs:comment") if theme.term else ""
    classes = [one for _, one in terms.tree(sorted(theme.of("class"), key=order))]
    parts = [(name, [views.make(one) for one in some]) for name, some in (
        ("ontology.classes", classes), ("ontology.properties", _by_label(theme.of(*_PROPERTIES), frame)),
        ("ontology.methods", _by_label(theme.of("individual"), frame))) if some]  # fmt: skip
    diagram = theme_diagram(terms, theme, frame, order)
    return ThemeView(theme.name or "other-terms", theme_title(theme, frame), text, len(theme.terms), diagram, parts)


def _by_label(some: Sequence[OntologyTerm], frame: Frame) -> list[OntologyTerm]:
    return sorted(some, key=lambda one: (frame.label(one.iri).casefold(), one.iri))


@dataclass(frozen=True)
class TermView:
    """A term as the page shows it; ``facts`` has titles with links, ``disjoint`` the names of other classes."""

    iri: str
    name: str
    label: str
    kind: str
    theme: str
    definition: Sequence[Piece]
    facts: Sequence[tuple[str, Sequence[Piece]]]
    uses: str
    examples: Sequence[UseExample]
    alignments: Sequence[Alignment]
    disjoint: Sequence[str]
    notes: Sequence[str]


class TermViews:
    """Makes the views of the terms of a graph for one reader."""

    def __init__(
        self, terms: ThemedTerms, uses: Mapping[str, TermUse], examples: TermExamples, frame: Frame
    ) -> None:  # fmt: skip
        self._terms, self._uses, self._examples, self._frame = terms, uses, examples, frame
        self._below: dict[str, list[str]] = defaultdict(list)
        self._inverses: dict[str, set[str]] = defaultdict(set)
        for term in terms.terms.values():
            for above in terms.above(term):
                self._below[above].append(term.iri)
            for other in term.values(INVERSE):
                self._inverses[term.iri].add(other)
                self._inverses[other].add(term.iri)

    def make(self, term: OntologyTerm) -> TermView:
        frame, language = self._frame, self._frame.language
        notes = [one.value for one in term.said.get("skos:example", ()) if one.language in ("", language, "en")]
        return TermView(
            term.iri, term.name, frame.label(term.iri), frame.t(f"ontology.kind.{term.kind}"), term.theme,
            self._in_words(term.text(language, "skos:definition", "rdfs:comment")), self._facts(term), self._use(term),
            self._examples.of(term.iri, term.kind), alignments_of(term, frame),
            sorted(term_label(frame, one) for one in term.values("owl:disjointWith")), notes,
        )  # fmt: skip

    def _facts(self, term: OntologyTerm) -> list[tuple[str, Sequence[Piece]]]:
        linked = {
            "sub": self._terms.above(term),
            "below": self._below[term.iri],
            "domain": term.values(*DOMAIN),
            "range": term.values(*RANGE),
            "codes": [one for one in term.values(*_CODES) if one.startswith(BASE) and not one.startswith(ONTOLOGY)],
            "inverse": self._inverses[term.iri],
        }
        facts: list[tuple[str, Sequence[Piece]]] = []
        facts += [(self._frame.t(f"ontology.{name}"), self._pieces(iris)) for name, iris in linked.items() if iris]
        types = {one.value.rpartition("#")[2] for one in term.said.get("rdf:type", ())}
        traits = [self._frame.t(f"ontology.{name}") for ending, name in _TRAITS.items() if ending in types]
        return [*facts, ("", [Piece(", ".join(traits))])] if traits else facts

    def _pieces(self, iris: Iterable[str]) -> list[Piece]:
        return sorted((self._piece(iri) for iri in iris), key=lambda one: one.text.casefold())

    def _piece(self, iri: str) -> Piece:
        """Return a term by its label: a term of the page with a link to it, a code with a link to its card."""
        if iri in self._terms.terms:
            return Piece(self._frame.label(iri), f"#{self._terms.terms[iri].name}")
        is_here = iri.startswith(BASE) and not iri.startswith(ONTOLOGY)
        return Piece(term_label(self._frame, iri), self._frame.href(iri) if is_here else "")

    def _in_words(self, text: str) -> list[Piece]:
        """Return a text with names of terms replaced by labels and links."""
        parts = _PREFIXED.split(text)
        return [self._piece(expand(part)) if place % 2 else Piece(part) for place, part in enumerate(parts) if part]

    def _use(self, term: OntologyTerm) -> str:
        use = self._uses.get(term.iri)
        if use is None:
            return self._frame.t("ontology.uses.none")
        return self._frame.count(f"ontology.uses.{'class' if term.kind == 'class' else 'property'}", use.count)

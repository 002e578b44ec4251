"""The page of the ontology: a diagram of each theme, terms with examples from the data, and all alignments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.cards.html import pieces_html
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.site.once import once_per_graph, reader_of
from peru_asia_graph.site.ontology_alignments import align
from peru_asia_graph.site.ontology_diagram import Order, ThemeDiagram, overview, theme_diagram, theme_title
from peru_asia_graph.site.ontology_terms import OntologyTerm, OntologyTheme, ThemedTerms
from peru_asia_graph.site.ontology_uses import TermExamples, TermUse, count_uses
from peru_asia_graph.site.ontology_view import TermView, TermViews
from peru_asia_graph.vocabulary import ONTOLOGY, ONTOLOGY_GRAPH

_VERSION: Final = f"ASK {{{{ GRAPH <{ONTOLOGY_GRAPH}> {{{{ ?ontology owl:versionIRI <{{iri}}> }}}} }}}}"
_PROPERTIES: Final = ("link", "value", "annotation")


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

"""Diagrams of the ontology: the class hierarchy of each theme, and the properties between classes.

A class of another theme is drawn if it has a subclass in this theme. Of two inverse properties only the one without the
owl:inverseOf statement is drawn. Several classes in the domain or range of a property share a box.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peru_asia_graph.site.frame import Frame
from peru_asia_graph.site.ontology_terms import DOMAIN, INVERSE, RANGE, OntologyTerm, OntologyTheme, ThemedTerms
from peru_asia_graph.site.words import site_words
from peru_asia_graph.views.small.kinds import KindBox, KindLine, draw_kinds
from peru_asia_graph.vocabulary import ONTOLOGY, shorten

Order = Callable[[OntologyTerm], Any]
# Maximum number of classes in one box.
_MOST: Final = 3
# Maximum number of links between themes.
_ROWS: Final = 18


@dataclass(frozen=True)
class ThemeDiagram:
    """The picture, and the same as texts: class, property, value."""

    title: str
    svg: str
    rows: Sequence[tuple[str, str, str]]


def term_label(frame: Frame, iri: str) -> str:
    """Return the label of a term of any ontology in the reader's language."""
    return site_words(frame.language).get(f"ontology.term.{shorten(iri)}") or frame.label(iri)


def theme_diagram(terms: ThemedTerms, theme: OntologyTheme, frame: Frame, order: Order) -> ThemeDiagram | None:
    """Return the diagram of a theme; None if there is nothing to draw.

    Sibling classes are in the given ``order``.
    """
    title = theme_title(theme, frame)
    return _diagram(terms, [one.iri for one in theme.of("class")], _drawn(theme.of("link"), terms), frame, order,
                    title, theme.name or "other")  # fmt: skip


def overview(terms: ThemedTerms, frame: Frame, order: Order) -> ThemeDiagram | None:
    """Return the diagram of how themes are linked: the first links, in an ``order``, from one theme to another.

    A link leads to another theme if a class of its domain has a theme that no class of its range has.
    """
    across = []
    for one in _drawn([one for theme in terms.themes for one in theme.of("link")], terms):
        targets = [terms.terms.get(iri) for iri in one.values(*RANGE)]
        themes = {"" if target is None else target.theme for target in targets}
        sources = {terms.terms[iri].theme for iri in one.values(*DOMAIN) if iri in terms.terms}
        if 0 < len(targets) <= _MOST and "" not in themes and sources - themes:
            across.append(one)
    links = sorted(across, key=order)[:_ROWS]
    classes = sorted({one.values(*DOMAIN)[0] for one in links if len(one.values(*DOMAIN)) == 1} & terms.terms.keys())
    return _diagram(terms, classes, links, frame, order, frame.t("ontology.overview"), "overview") if links else None


def theme_title(theme: OntologyTheme, frame: Frame) -> str:
    if theme.term is None:
        return frame.t("ontology.other")
    return theme.term.text(frame.language, "rdfs:label", "skos:prefLabel") or frame.label(theme.term.iri)


def _diagram(
    terms: ThemedTerms, classes: Sequence[str], links: Sequence[OntologyTerm], frame: Frame, order: Order,
    title: str, key: str,
) -> ThemeDiagram | None:  # fmt: skip
    left = _classes(terms, classes, frame, order)
    right: dict[str, KindBox] = {}
    lines: list[KindLine] = []
    told: list[tuple[str, str, str]] = []
    for one in links:
        source, target = (_shared(frame, one, ways) for ways in (DOMAIN, RANGE))
        if source is None or target is None:
            continue
        left.setdefault(source.key, source)
        right[target.key] = target
        text = frame.label(one.iri)
        lines.append(KindLine(source.key, target.key, text, _anchor(one.iri)))
        told.append((_names(left[source.key]), text, _names(target)))
    if not left:
        return None
    heads = [frame.t(f"ontology.column.{name}") for name in ("kind", "property", "value")]
    name = frame.t("ontology.diagram", theme=title, kinds=len(set(classes)), links=len(lines))
    svg = draw_kinds(list(left.values()), list(right.values()), lines, heads, name, f"picture-{key}")
    return ThemeDiagram(title, svg, sorted(told))


def _classes(terms: ThemedTerms, own: Sequence[str], frame: Frame, order: Order) -> dict[str, KindBox]:
    """Return the boxes of classes by IRI, and of their direct superclasses."""
    outside = {up for iri in own for up in terms.above(terms.terms[iri])[:1]} - set(own)
    drawn = outside.union(own)
    found: dict[str, KindBox] = {}
    for _, one in terms.tree(sorted((terms.terms[iri] for iri in drawn), key=order)):
        above = next((up for up in terms.above(one) if up in drawn), "")
        found[one.iri] = KindBox(one.iri, [(frame.label(one.iri), _anchor(one.iri))], above, one.iri in outside)
    return found


def _drawn(links: Sequence[OntologyTerm], terms: ThemedTerms) -> list[OntologyTerm]:
    """Return the links to draw, one of each pair of inverses."""

    def is_inverse(one: OntologyTerm) -> bool:
        stated = [terms.terms[iri] for iri in one.values(INVERSE) if iri in terms.terms]
        return any(one.iri not in other.values(INVERSE) or other.iri < one.iri for other in stated)

    return [one for one in links if not is_inverse(one)]


def _shared(frame: Frame, term: OntologyTerm, ways: Sequence[str]) -> KindBox | None:
    """Return the box of the classes of a property's domain or range."""
    classes = term.values(*ways)
    if not classes:
        return None
    if len(classes) > _MOST:
        text = frame.t("ontology.kinds", count=len(classes))
        return KindBox(" ".join(classes), [(text, _anchor(term.iri))], outside=True)
    names = sorted((term_label(frame, iri), _anchor(iri)) for iri in classes)
    return KindBox(" ".join(classes), names, outside=not any(iri.startswith(ONTOLOGY) for iri in classes))


def _names(box: KindBox) -> str:
    return ", ".join(text for text, _ in box.names)


def _anchor(iri: str) -> str:
    return f"#{iri.removeprefix(ONTOLOGY)}" if iri.startswith(ONTOLOGY) else iri

"""Terms of the ontology as shown to a reader: definition, links, uses, examples, alignments."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from peru_asia_graph.site.cards.card import Piece
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.site.ontology_alignments import Alignment, alignments_of
from peru_asia_graph.site.ontology_diagram import term_label
from peru_asia_graph.site.ontology_terms import DOMAIN, INVERSE, RANGE, OntologyTerm, ThemedTerms
from peru_asia_graph.site.ontology_uses import TermExamples, TermUse, UseExample
from peru_asia_graph.vocabulary import BASE, ONTOLOGY, PREFIXES, expand

# A term written as a prefixed name.
_PREFIXED: Final = re.compile(rf"\b((?:{'|'.join(PREFIXES)}):[A-Za-z]\w*)")
_CODES: Final = ("rdfs:seeAlso", "qb:codeList")
# For a property, by the local name of its type.
_TRAITS: Final = {
    "SymmetricProperty": "symmetric", "TransitiveProperty": "transitive", "FunctionalProperty": "single",
}  # fmt: skip


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

"""Labels in the reader's language: of terms (classes, properties, codes of code lists), and of many things at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from peru_asia_graph.store import Store
from peru_asia_graph.store.results import Term
from peru_asia_graph.views.words import words
from peru_asia_graph.vocabulary import CODE, ONTOLOGY, as_words, local, shorten

_LABELS: Final = """
SELECT DISTINCT ?term ?label WHERE {
  VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty owl:NamedIndividual
    skos:Concept skos:ConceptScheme }
  ?term a ?kind ; rdfs:label|skos:prefLabel ?label FILTER(LANG(?label) IN ("en", "es"))
}"""

# The form of a code of several words in a text.
_HYPHENED: Final = re.compile(r"\b[a-z]+(?:-[a-z]+)+\b")

# Bilingual texts: when something was, definitions of terms, notes; sources may differ in theirs.
_TRANSLATED: Final = """
SELECT DISTINCT ?x ?said ?property ?en ?es WHERE {
  VALUES ?property { pag:when skos:definition skos:note pag:reading dcterms:description }
  GRAPH ?said { ?x ?property ?en, ?es } FILTER(LANG(?en) = "en" && LANG(?es) = "es")
}"""

_THING_LABELS: Final = """
SELECT ?x ?name WHERE { VALUES ?x { $things }
  { ?x rdfs:label ?name } UNION { ?x skos:prefLabel ?name FILTER(LANG(?name) = "es") } }"""
# How many labels are looked up with one query, whose length is limited.
_ASKED: Final = 200


@dataclass(frozen=True)
class TermLabels:
    """The labels of the terms in a store."""

    store: Store

    @cached_property
    def _labels(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for term, label in self.store.query_all(_LABELS, "term").rows:
            if term and label:
                found[term.value].setdefault(label.language, label.value)
        return dict(found)

    @cached_property
    def _found(self) -> dict[tuple[str, str], str]:
        return {}

    def label(self, iri: str, language: str) -> str:
        """Return the label of a term, ``pag:homeState`` as ``home state``.

        Labels of terms of other vocabularies (``rdf:type``) are in the words of the pages; a term without a label is
        shown as the words of its local name.
        """
        key = iri, language
        if key not in self._found:
            self._found[key] = self._find(iri, language)
        return self._found[key]

    def _find(self, iri: str, language: str) -> str:
        short = shorten(iri)
        if found := words(language)["terms"].get(short):
            return str(found)
        labels = self._labels.get(iri, {})
        name = re.split("[:#/]", short.rstrip("#/"))[-1]
        return labels.get(language) or labels.get("en") or as_words(name or local(iri))

    def code(self, code: str, language: str) -> str:
        """Return the meaning of a code in a result, ``not-available`` as ``not available``; other texts unchanged."""
        terms: dict[str, str] = words(language)["terms"]
        return terms.get(code) or (self.label(ONTOLOGY + code, language) if ONTOLOGY + code in self._labels else code)

    @cached_property
    def _listed(self) -> dict[str, str]:
        """IRIs of the codes of code lists by their last segment."""
        return {local(iri): iri for iri in sorted(self._labels) if iri.startswith(CODE)}

    def codes_in_words(self, text: str, language: str) -> str:
        """Return a text with codes of several words, such as ``share-of-exports``, replaced by their labels."""

        def write(found: re.Match[str]) -> str:
            iri = self._listed.get(found[0])
            return self.label(iri, language) if iri else self.code(found[0], language)

        return _HYPHENED.sub(write, text)

    def text(self, english: str, language: str) -> str:
        """Return the text in a language, if the graph has it in English and Spanish; otherwise empty."""
        spanish = self._translated.get(english, "")
        return english if spanish and language == "en" else spanish

    @cached_property
    def _translated(self) -> dict[str, str]:
        texts: dict[tuple[Term | None, ...], set[tuple[str, str]]] = defaultdict(set)
        for *key, english, spanish in self.store.query_all(_TRANSLATED, "x").rows:
            if english and spanish:
                texts[tuple(key)].add((english.value, spanish.value))
        # Of several notes on one thing, it is unknown which translates which.
        return dict(pairs.pop() for pairs in texts.values() if len(pairs) == 1)


def read_labels(store: Store, addresses: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the labels by IRI and language; one without a language counts as English."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for start in range(0, len(addresses), _ASKED):
        values = " ".join(f"<{iri}>" for iri in addresses[start : start + _ASKED])
        for iri, name in store.query(_THING_LABELS.replace("$things", values)).rows:
            if iri and name:
                found[iri.value].setdefault(name.language or "en", name.value)
    return dict(found)


def labels_in(store: Store, addresses: Sequence[str], language: str) -> dict[str, str]:
    """Return the label of each IRI in a language, or in another if there is none."""
    labels = read_labels(store, addresses)
    return {iri: named.get(language) or next(iter(named.values())) for iri, named in labels.items()}

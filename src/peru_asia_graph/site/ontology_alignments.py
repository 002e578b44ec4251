"""Alignments: how terms of the ontology relate to terms of other vocabularies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from peru_asia_graph.site.cards.card import Piece
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.site.ontology_terms import OntologyTerm
from peru_asia_graph.vocabulary import BASE, as_words

_FILE: Final = Path(__file__).parent / "vocabularies.json"
# Properties that align two terms, the closest relation first.
_WAYS: Final = (
    "owl:equivalentClass", "owl:equivalentProperty", "skos:exactMatch", "rdfs:subClassOf", "rdfs:subPropertyOf",
    "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch", "qb:concept",
)  # fmt: skip
# Numbers in names, such as E7 and Q42.
_NUMBERED: Final = re.compile(r"\b[a-z](?=\d)")


@dataclass(frozen=True)
class Alignment:
    """An alignment: our term, the relation, and the other term with its vocabulary and the vocabulary's short name."""

    ours: Piece
    relation: str
    theirs: Piece
    vocabulary: str
    short: str


@lru_cache
def vocabularies() -> Sequence[tuple[str, str, str]]:
    """Return the namespaces of well-known vocabularies, with their long and short names."""
    return [(one["space"], one["name"], one["short"]) for one in json.loads(_FILE.read_text("utf-8"))]


def align(terms: Iterable[OntologyTerm], frame: Frame) -> list[Alignment]:
    """Return all alignments to terms of other vocabularies, by vocabulary."""
    found = [one for term in terms for one in alignments_of(term, frame)]
    return sorted(found, key=lambda one: (one.vocabulary.casefold(), one.ours.text.casefold(), one.theirs.text))


def alignments_of(term: OntologyTerm, frame: Frame) -> list[Alignment]:
    """Return the alignments of a term, the closest first."""
    ours = Piece(frame.label(term.iri), f"#{term.name}")
    found = [(way, iri) for way in _WAYS for iri in term.values(way) if not iri.startswith(BASE) and ":" in iri]
    return [
        Alignment(
            ours, frame.t(f"ontology.alignment.{way}"), Piece(_name(iri), frame.href(iri), "en"), *_vocabulary(iri)
        )
        for way, iri in found
    ]


def _name(iri: str) -> str:
    """Return the name of a vocabulary's term as words; they are English."""
    name = re.split("[#/]", iri.rstrip("#/"))[-1]
    return _NUMBERED.sub(lambda letter: letter[0].upper(), as_words(name)) if name else iri


def _vocabulary(iri: str) -> tuple[str, str]:
    """Return the long and short name of a term's vocabulary; if it is unknown, the host."""
    host = urlsplit(iri).hostname or iri
    return next(((name, short) for space, name, short in vocabularies() if iri.startswith(space)), (host, host))

"""Names of things in the language of a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.frame import Frame

_LABELS: Final = """
SELECT ?x ?name WHERE { VALUES ?x { $things }
  { ?x rdfs:label ?name } UNION { ?x skos:prefLabel ?name FILTER(LANG(?name) = "es") } }"""
# Of so many things the names are looked up with one query, whose length is limited.
_ASKED: Final = 60


def things_named(kg: KnowledgeGraph, frame: Frame, things: Sequence[str]) -> dict[str, str]:
    """Return the names of things in the language of the page, in English where there is none, by address."""
    found: dict[str, str] = {}
    for start in range(0, len(things), _ASKED):
        values = " ".join(f"<{iri}>" for iri in things[start : start + _ASKED])
        for iri, name in kg.store.query(_LABELS.replace("$things", values)).rows:
            if iri and name and (iri.value not in found or name.language == frame.language):
                found[iri.value] = name.value
    return found

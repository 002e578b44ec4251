"""Labels of many things and citations with few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from peru_asia_graph.store import Store

_LABELS: Final = """
SELECT ?x ?name WHERE { VALUES ?x { $things }
  { ?x rdfs:label ?name } UNION { ?x skos:prefLabel ?name FILTER(LANG(?name) = "es") } }"""
# How many labels are looked up with one query, whose length is limited.
_ASKED: Final = 200


def read_labels(store: Store, addresses: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the labels by IRI and language; one without a language counts as English."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for start in range(0, len(addresses), _ASKED):
        values = " ".join(f"<{iri}>" for iri in addresses[start : start + _ASKED])
        for iri, name in store.query(_LABELS.replace("$things", values)).rows:
            if iri and name:
                found[iri.value].setdefault(name.language or "en", name.value)
    return dict(found)


def labels_in(store: Store, addresses: Sequence[str], language: str) -> dict[str, str]:
    """Return the label of each IRI in a language, or in another if there is none."""
    labels = read_labels(store, addresses)
    return {iri: named.get(language) or next(iter(named.values())) for iri, named in labels.items()}

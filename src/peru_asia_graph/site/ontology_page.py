"""The page of the ontology."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.store.results import Term
from peru_asia_graph.vocabulary import ONTOLOGY, ONTOLOGY_GRAPH, local

_TERMS: Final = (
    f"SELECT ?term ?p ?o WHERE {{ GRAPH <{ONTOLOGY_GRAPH}> {{ ?term ?p ?o }} "
    f'FILTER(STRSTARTS(STR(?term), "{ONTOLOGY}")) }} ORDER BY ?term'
)
_VERSION: Final = f"ASK {{{{ GRAPH <{ONTOLOGY_GRAPH}> {{{{ ?ontology owl:versionIRI <{{iri}}> }}}} }}}}"


def is_ontology(kg: KnowledgeGraph, iri: str) -> bool:
    """Return whether an address is that of the ontology or of the version in the store."""
    base = ONTOLOGY.removesuffix("#")
    return iri == base or (iri.startswith(f"{base}/") and bool(kg.store.query(_VERSION.format(iri=iri)).boolean))


def describe_ontology(kg: KnowledgeGraph) -> dict[str, Any]:
    """Return the terms of the ontology by kind, each with its address, name and statements by property."""
    about: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for term, predicate, value in kg.store.query(_TERMS).rows:
        if term and predicate and value:
            about[term.value][local(predicate.value).rpartition("#")[2].rpartition("/")[2]].append(value)
    terms = [(iri, local(iri), said) for iri, said in sorted(about.items(), key=lambda item: item[0].lower())]
    kinds = {
        "ontology.classes": "Class",
        "ontology.properties": "Property",
        "ontology.methods": "NamedIndividual",
    }
    return {
        "groups": [
            (title, [term for term in terms if any(kind.value.endswith(ending) for kind in term[2].get("type", ()))])
            for title, ending in kinds.items()
        ]
    }

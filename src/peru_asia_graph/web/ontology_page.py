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


def describe_ontology(kg: KnowledgeGraph) -> dict[str, Any]:
    """Return the classes and properties of the ontology, each with its address, name and statements by property."""
    about: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for term, predicate, value in kg.store.query(_TERMS).rows:
        if term and predicate and value:
            about[term.value][local(predicate.value).rpartition("#")[2].rpartition("/")[2]].append(value)
    terms = [(iri, local(iri), said) for iri, said in sorted(about.items(), key=lambda item: item[0].lower())]
    classes = [term for term in terms if term[1][:1].isupper()]
    return {"classes": classes, "properties": [term for term in terms if term not in classes]}

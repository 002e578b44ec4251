"""Whether the graph knows an IRI, and the queries for its RDF."""

from __future__ import annotations

from typing import Any, Final

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.vocabulary import DATASET, DESCRIPTION_GRAPH, GRAPH, ONTOLOGY, ONTOLOGY_GRAPH

_ABOUT: Final = (
    "CONSTRUCT {{ <{iri}> ?p ?o . ?s ?q <{iri}> }} WHERE {{ {{ <{iri}> ?p ?o }} UNION {{ ?s ?q <{iri}> }} }}"
)
_VERSION: Final = """CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ ?ontology owl:versionIRI <{iri}> . GRAPH <{graph}> {{ ?s ?p ?o }} }}
  UNION {{ BIND(<{iri}> AS ?s) ?s ?p ?o }} UNION {{ BIND(<{iri}> AS ?o) ?s ?p ?o }}
}}"""
_GRAPH: Final = "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}"
_KNOWN: Final = "ASK {{ {{ <{iri}> ?p ?o }} UNION {{ ?s ?p <{iri}> }} UNION {{ GRAPH <{iri}> {{ ?s ?p ?o }} }} }}"


def is_known(store: Any, iri: str) -> bool:
    """Return whether the graph contains anything about an IRI."""
    return bool(store.query(_KNOWN.format(iri=iri)).boolean)


def rdf_query(kg: KnowledgeGraph, iri: str) -> str:
    """Return the query for the RDF of an IRI.

    The result is all statements about it, even for a source's graph; the whole content of any other graph; the ontology
    for its IRI and its version IRI; the description for the dataset's IRI.
    """
    ontology = ONTOLOGY.removesuffix("#")
    if iri == ontology:
        return _GRAPH.format(iri=ONTOLOGY_GRAPH)
    if iri == DATASET:
        return _GRAPH.format(iri=DESCRIPTION_GRAPH)
    if iri.startswith(f"{ontology}/"):
        return _VERSION.format(iri=iri, graph=ONTOLOGY_GRAPH)
    is_whole = iri.startswith(GRAPH) and iri not in {GRAPH + one.name for one in kg.sources}
    return (_GRAPH if is_whole else _ABOUT).format(iri=iri)

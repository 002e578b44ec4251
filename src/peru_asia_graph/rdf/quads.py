"""Sort keys and IRIs of quads."""

from __future__ import annotations

from typing import Any, Final

from pyoxigraph import DefaultGraph, NamedNode, Quad

from peru_asia_graph.vocabulary import RDF_TYPE

# Subject, predicate, object and graph in N-Quads syntax, except that the predicate has no brackets and is empty for
# rdf:type, so that types sort first.
SortKey = tuple[str, str, str, str]
SortedRow = tuple[SortKey, Quad]
DEFAULT_GRAPH: Final = str(DefaultGraph())


def iri(term: Any) -> str:
    """Return the IRI of a named node; raise TypeError for any other term."""
    if not isinstance(term, NamedNode):
        raise TypeError(f"not an IRI: {term!r}")
    return term.value


def sort_key(quad: Quad) -> SortKey:
    predicate = quad.predicate.value
    return str(quad.subject), "" if predicate == RDF_TYPE else predicate, str(quad.object), str(quad.graph_name)

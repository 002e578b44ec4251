"""Sort keys and IRIs of quads, and statements as quads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

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


def quads_in(graph: str, statements: Iterable[tuple[str, str, NamedNode | Literal]]) -> list[Quad]:
    """Return statements, each a subject, a predicate and an object, as quads of a graph."""
    node = NamedNode(graph)
    return [Quad(NamedNode(subject), NamedNode(name), value, node) for subject, name, value in statements]


def sort_key(quad: Quad) -> SortKey:
    predicate = quad.predicate.value
    return str(quad.subject), "" if predicate == RDF_TYPE else predicate, str(quad.object), str(quad.graph_name)

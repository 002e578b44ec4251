"""What every stage that handles quads needs of them. Limit: the graph has no blank nodes and no quoted triples."""

from __future__ import annotations

from typing import Any, Final

from pyoxigraph import DefaultGraph, NamedNode, Quad

from peru_asia_graph.vocabulary import RDF_TYPE

# A quad with its key: subject, predicate (empty for the type, to come first), object and graph as N-Quads spells them,
# the predicate without its brackets.
SortKey = tuple[str, str, str, str]
SortedRow = tuple[SortKey, Quad]
DEFAULT_GRAPH: Final = str(DefaultGraph())


def iri(term: Any) -> str:
    """Return the address of a node; raise TypeError for anything that is none."""
    if not isinstance(term, NamedNode):
        raise TypeError(f"not an address: {term!r}")
    return term.value


def sort_key(quad: Quad) -> SortKey:
    """Return what a quad is sorted by."""
    predicate = quad.predicate.value
    return str(quad.subject), "" if predicate == RDF_TYPE else predicate, str(quad.object), str(quad.graph_name)

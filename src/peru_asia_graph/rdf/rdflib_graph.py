"""The whole graph as an rdflib graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, Quad, Triple

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.rdf.formats import write_sorted
from peru_asia_graph.rdf.quads import SortedRow

if TYPE_CHECKING:
    from rdflib import Graph


def to_rdflib(rows: Sequence[SortedRow], merged: bool) -> Graph:
    """Return sorted statements as a Dataset, or with ``merged`` as one Graph. Raises WrongUse for RDF 1.2 features."""
    from rdflib import Dataset, Graph

    if any(isinstance(quad.object, Triple) for _, quad in rows):
        raise WrongUse("rdflib does not support triple terms (RDF 1.2); query the graph instead")
    if any(isinstance(quad.object, Literal) and quad.object.direction for _, quad in rows):
        raise WrongUse("rdflib does not support base directions (RDF 1.2); query the graph instead")
    if not all(text.isascii() for key, _ in rows for text in key if text.startswith("_:")):
        rows = [(key, _with_plain_labels(quad)) for key, quad in rows]
    if merged:
        return Graph().parse(data=write_sorted(rows, "ntriples", {}), format="nt")
    dataset = Dataset(default_union=True)
    dataset.parse(data=write_sorted(rows, "nquads", {}), format="nquads")
    return dataset


def _with_plain_labels(quad: Quad) -> Quad:
    """Return a statement with ASCII labels for its blank nodes, the only ones that rdflib reads."""
    subject, value, graph = map(_plain, (quad.subject, quad.object, quad.graph_name))
    return Quad(subject, quad.predicate, value, graph)


def _plain(term: Any) -> Any:
    return BlankNode(f"b{term.value.encode().hex()}") if isinstance(term, BlankNode) else term

"""The whole graph as an rdflib graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.rdf.quads import SortedRow

if TYPE_CHECKING:
    from rdflib import Graph


def to_rdflib(rows: Sequence[SortedRow], merged: bool) -> Graph:
    """Return statements as a Dataset, or with ``merged`` as one Graph. Raises WrongUse for RDF 1.2 features."""
    from rdflib import Dataset, Graph

    if any(isinstance(quad.object, ox.Triple) for _, quad in rows):
        raise WrongUse("rdflib does not support triple terms (RDF 1.2); query the graph instead")
    if any(isinstance(quad.object, ox.Literal) and quad.object.direction for _, quad in rows):
        raise WrongUse("rdflib does not support base directions (RDF 1.2); query the graph instead")
    graph: Any = Graph() if merged else Dataset(default_union=True)
    convert = term_converter()
    for _, quad in rows:
        statement = convert(quad.subject), convert(quad.predicate), convert(quad.object)
        is_named = not merged and not isinstance(quad.graph_name, ox.DefaultGraph)
        graph.add((*statement, convert(quad.graph_name)) if is_named else statement)
    return graph  # type: ignore[no-any-return]


def term_converter(as_written: bool = False) -> Callable[[Any], Any]:
    """Return a function that converts the terms of pyoxigraph to those of rdflib, each distinct term once.

    Literals are normalised and blank nodes get new labels, as in a file parsed by rdflib, unless ``as_written``.
    """
    from rdflib import BNode, Literal, URIRef

    cache: dict[Any, Any] = {}

    def convert(term: Any) -> Any:
        if term not in cache:
            if isinstance(term, ox.NamedNode):
                cache[term] = URIRef(term.value)
            elif isinstance(term, ox.BlankNode):
                cache[term] = BNode(term.value) if as_written else BNode()
            elif term.language:
                cache[term] = Literal(term.value, lang=term.language)
            elif term.datatype.value.endswith("#string"):
                cache[term] = Literal(term.value)
            else:
                kind = URIRef(term.datatype.value)
                cache[term] = Literal(term.value, datatype=kind, normalize=False if as_written else None)
        return cache[term]

    return convert

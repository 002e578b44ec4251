"""The whole graph as RDF."""

from __future__ import annotations

from peru_asia_graph.exporters.format_registry import ExportInput
from peru_asia_graph.rdf.formats import write_rdf, write_sorted
from peru_asia_graph.rdf.owl import to_owl_datatypes
from peru_asia_graph.vocabulary import PREFIXES


def write(source: ExportInput, form: str, which: str = "") -> bytes:
    """Return the graph in an RDF format of `rdf.formats`; formats without named graphs merge them."""
    return write_sorted(source.rows, form, PREFIXES)


def write_owl(source: ExportInput, form: str, which: str = "") -> bytes:
    """Return the graph as RDF/XML for OWL 2 reasoners, with dates in datatypes that they know."""
    return write_rdf(to_owl_datatypes(quad for _, quad in source.rows), "rdfxml", PREFIXES)

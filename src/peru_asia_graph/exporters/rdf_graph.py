"""The whole graph as RDF."""

from __future__ import annotations

from peru_asia_graph.exporters.format_registry import ExportInput
from peru_asia_graph.rdf.formats import write_sorted
from peru_asia_graph.vocabulary import PREFIXES


def write(source: ExportInput, form: str, which: str = "") -> bytes:
    """Return the graph in an RDF format of `rdf.formats`; formats without named graphs merge them."""
    return write_sorted(source.rows, form, PREFIXES)

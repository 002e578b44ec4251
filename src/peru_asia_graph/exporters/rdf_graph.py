"""Export the whole graph as RDF, including a copy for OWL 2 reasoners, which do not support dates without a time.

The OWL 2 datatype map has xsd:dateTime, but not xsd:date, xsd:gYear, xsd:gYearMonth or EDTF. A day becomes its first
moment; a year, month or EDTF date, which is not a moment, becomes a string with the same text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from peru_asia_graph.exporters.format_registry import ExportInput
from peru_asia_graph.rdf.formats import write_rdf, write_sorted
from peru_asia_graph.vocabulary import EDTF, XSD

_DAY: Final = NamedNode(XSD + "date")
_MOMENT: Final = NamedNode(XSD + "dateTime")
_PERIODS: Final = {NamedNode(XSD + "gYear"), NamedNode(XSD + "gYearMonth"), NamedNode(EDTF)}


def write(source: ExportInput, form: str, which: str = "") -> bytes:
    """Return the graph in an RDF format of `rdf.formats`; formats without named graphs merge them."""
    return write_sorted(source.rows, form)


def write_owl(source: ExportInput, form: str, which: str = "") -> bytes:
    """Return the graph as RDF/XML for OWL 2 reasoners, with dates in datatypes that they support."""
    return write_rdf(to_owl_datatypes(quad for _, quad in source.rows), "rdfxml")


def to_owl_datatypes(quads: Iterable[Quad]) -> list[Triple]:
    """Return the triples of all graphs, without duplicates, with dates in OWL 2 datatypes."""
    return list(dict.fromkeys(Triple(quad.subject, quad.predicate, _map_date(quad.object)) for quad in quads))


def _map_date(term: Any) -> Any:
    if not isinstance(term, Literal):
        return term
    if term.datatype == _DAY:
        return Literal(f"{term.value}T00:00:00", datatype=_MOMENT)
    return Literal(term.value) if term.datatype in _PERIODS else term

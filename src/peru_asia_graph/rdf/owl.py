"""A copy of the graph for OWL 2 reasoners, which know no dates without a time.

OWL 2's datatype map has xsd:dateTime but neither xsd:date, xsd:gYear, xsd:gYearMonth nor EDTF. A day becomes its first
moment; a year, a month or an EDTF date, which is no moment, becomes a string with the same text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from peru_asia_graph.vocabulary import EDTF, XSD

_DAY: Final = NamedNode(XSD + "date")
_MOMENT: Final = NamedNode(XSD + "dateTime")
_PERIODS: Final = {NamedNode(XSD + "gYear"), NamedNode(XSD + "gYearMonth"), NamedNode(EDTF)}


def to_owl_datatypes(quads: Iterable[Quad]) -> list[Triple]:
    """Return the triples of all graphs, each once, with dates in datatypes of OWL 2."""
    return list(dict.fromkeys(Triple(quad.subject, quad.predicate, _map_date(quad.object)) for quad in quads))


def _map_date(term: Any) -> Any:
    if not isinstance(term, Literal):
        return term
    if term.datatype == _DAY:
        return Literal(f"{term.value}T00:00:00", datatype=_MOMENT)
    return Literal(term.value) if term.datatype in _PERIODS else term

"""Deterministic RDF serialisation: sorted quads, known prefixes, LF line ends.

Quads are serialised directly, because a store would normalise literals. What a format cannot hold raises an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

import pyoxigraph as ox

from peru_asia_graph.rdf.endings import RDF_ENDINGS
from peru_asia_graph.rdf.jsonld import write_jsonld
from peru_asia_graph.rdf.quads import SortedRow, sort_key
from peru_asia_graph.rdf.xml import write_xml
from peru_asia_graph.vocabulary import PREFIXES

FORMATS: Final = {row.name: row.form for row in RDF_ENDINGS if row.writable}
WITH_GRAPHS: Final = {"trig", "nquads", "jsonld"}


def write_rdf(statements: Iterable[ox.Quad | ox.Triple], form: str) -> bytes:
    """Return the statements in a format; formats without named graphs merge them.

    Raises WrongUse for what the format cannot hold: triple terms in JSON-LD, some names and characters in RDF/XML.
    """
    return write_sorted(sort_statements(statements), form)


def sort_statements(statements: Iterable[ox.Quad | ox.Triple]) -> list[SortedRow]:
    """Return the statements without duplicates, sorted by subject, predicate (types first), object and graph."""
    rows = [(sort_key(quad), quad) for quad in map(_as_quad, statements)]
    rows.sort(key=itemgetter(0))
    return [next(same) for _, same in groupby(rows, key=itemgetter(0))]


def write_sorted(rows: Sequence[SortedRow], form: str) -> bytes:
    """Return sorted statements in a format, as ``write_rdf`` does, with the same errors."""
    if form not in WITH_GRAPHS:
        triples = [next(same)[1].triple for _, same in groupby(rows, key=lambda row: row[0][:3])]
        return write_xml(triples) if form == "rdfxml" else _serialize(triples, form)
    by_graph = sorted(rows, key=lambda row: row[0][3])
    if form == "jsonld":
        return write_jsonld(by_graph)
    return _serialize([quad for _, quad in by_graph], form)


def _as_quad(statement: ox.Quad | ox.Triple) -> ox.Quad:
    if isinstance(statement, ox.Quad):
        return statement
    return ox.Quad(statement.subject, statement.predicate, statement.object)


def _serialize(statements: Sequence[ox.Quad] | Sequence[ox.Triple], form: str) -> bytes:
    if form not in ("turtle", "trig"):
        return ox.serialize(statements, format=FORMATS[form]) or b""
    return _format_turtle(ox.serialize(statements, format=FORMATS[form], prefixes=PREFIXES) or b"")


def _format_turtle(written: bytes) -> bytes:
    """Return Turtle or TriG with sorted prefixes and a blank line after each subject; no literal spans lines."""
    lines = written.splitlines()
    count = sum(line.startswith(b"@prefix ") for line in lines)
    output = [*sorted(lines[:count]), b""]
    for line in lines[count:]:
        output += [line, b""] if line.endswith((b" .", b"}", b"{")) else [line]
    return b"\n".join(output)

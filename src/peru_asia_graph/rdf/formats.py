"""Quads to RDF text, the same bytes each time: sorted, known prefixes, LF.

Written by Oxigraph from the quads themselves, not from a store, which would respell literals. JSON-LD is written by
``jsonld``. Limit: no blank nodes; the graph has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from peru_asia_graph.rdf.jsonld import write_jsonld
from peru_asia_graph.rdf.quads import SortedRow, sort_key

FORMATS: Final[dict[str, ox.RdfFormat]] = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
WITH_GRAPHS: Final = {"trig", "nquads", "jsonld"}


def read_rdf(path: Path) -> list[ox.Quad]:
    """Return the quads of an RDF file, literals as written; the name's ending tells its format."""
    form = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
    return list(ox.parse(path=str(path), format=form))


def write_rdf(statements: Iterable[ox.Quad | ox.Triple], form: str, prefixes: Mapping[str, str]) -> bytes:
    """Return the statements in a format; formats without named graphs merge them."""
    return write_sorted(sort_statements(statements), form, prefixes)


def sort_statements(statements: Iterable[ox.Quad | ox.Triple]) -> list[SortedRow]:
    """Return the statements, each once, by subject, predicate (types first) and object."""
    return sorted({sort_key(quad): quad for quad in map(_as_quad, statements)}.items(), key=itemgetter(0))


def write_sorted(rows: Sequence[SortedRow], form: str, prefixes: Mapping[str, str]) -> bytes:
    """Return sorted statements in a format."""
    if form not in WITH_GRAPHS:
        return _serialize(list(dict.fromkeys(quad.triple for _, quad in rows)), form, prefixes)
    by_graph = sorted(rows, key=lambda row: row[0][3])
    if form == "jsonld":
        return write_jsonld(by_graph, prefixes)
    return _serialize([quad for _, quad in by_graph], form, prefixes)


def _as_quad(statement: ox.Quad | ox.Triple) -> ox.Quad:
    if isinstance(statement, ox.Quad):
        return statement
    return ox.Quad(statement.subject, statement.predicate, statement.object)


def _serialize(statements: Sequence[ox.Quad] | Sequence[ox.Triple], form: str, prefixes: Mapping[str, str]) -> bytes:
    used = dict(prefixes) if form in ("turtle", "trig", "rdfxml") else None
    written = ox.serialize(statements, format=FORMATS[form], prefixes=used)
    if written is None:
        raise TypeError("the serialiser gave nothing")
    return _spread(written) if form in ("turtle", "trig") else written


def _spread(written: bytes) -> bytes:
    """Return Turtle or TriG with its prefixes sorted and a blank line after each subject; no literal spans lines."""
    lines = written.splitlines()
    count = sum(line.startswith(b"@prefix ") for line in lines)
    spread = [*sorted(lines[:count]), b""]
    for line in lines[count:]:
        spread += [line, b""] if line.endswith((b" .", b"}", b"{")) else [line]
    return b"\n".join(spread)

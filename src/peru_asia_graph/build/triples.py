"""Rows to quads, by the rules of csv2rdf (minimal mode): one source in, its quads out.

A row's address is the schema's ``aboutUrl``; each column with a ``propertyUrl`` gives one triple a value. Two
additions: a cell with several values and a ``valueUrl`` gives one link a value; date columns are typed by form.
Limit: templates hold plain ``{column}`` or ``{+column}`` variables only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad

from peru_asia_graph.sources.cells import Cell
from peru_asia_graph.sources.dates import Span, parse_date
from peru_asia_graph.sources.tables import CsvRow, Source, Table
from peru_asia_graph.vocabulary import EDTF, XSD, term

_VARIABLE: Final = re.compile(r"\{(\+?)(\w+)\}")
# Which date properties open a span of time, which close it; a point in time does both.
_STARTS: Final = {term(name) for name in ("validFrom", "date", "signedOn", "year", "period")}
_ENDS: Final = {term(name) for name in ("validUntil", "endDate")}
_POINTS: Final = _STARTS - {term("validFrom")}
_DATE: Final = NamedNode(XSD + "date")

Expand = Callable[[str, CsvRow], NamedNode]


def make_quads(source: Source) -> list[Quad]:
    """Return the quads of all tables of a source, in its named graph."""
    graph = NamedNode(source.graph)
    tables = [table for table in source.tables.values() if "aboutUrl" in table.schema]
    return [quad for table in tables for quad in _table_quads(table, graph)]


def _table_quads(table: Table, graph: NamedNode) -> Iterator[Quad]:
    about = _template(table.schema["aboutUrl"])
    columns = [_column(column) for column in table.columns if not column.get("suppressOutput")]
    for row in table.rows:
        subject = about("", row)
        for predicate, make in columns:
            for value in make(row):
                yield Quad(subject, predicate, value, graph)
        for name, day in _bounds(table.columns, row):
            yield Quad(subject, NamedNode(term(name)), Literal(day.isoformat(), datatype=_DATE), graph)


def _column(column: Mapping[str, Any]) -> tuple[NamedNode, Callable[[CsvRow], Sequence[NamedNode | Literal]]]:
    predicate, name = NamedNode(column["propertyUrl"]), column["name"]
    if column.get("virtual"):
        constant = [NamedNode(column["valueUrl"])]
        return predicate, lambda _: constant
    if "valueUrl" in column:
        link = _template(column["valueUrl"])
        return predicate, lambda row: [link(value, row) for value in row.items(name)]
    return predicate, lambda row: [_literal(value, column) for value in _values(row.cells.get(name))]


def _values(cell: Cell) -> Sequence[str | int | bool | Decimal]:
    return cell if isinstance(cell, list) else [] if cell is None else [cell]


def _literal(value: str | int | bool | Decimal, column: Mapping[str, Any]) -> Literal:
    datatype = column.get("datatype", "string")
    if isinstance(value, bool):
        return Literal(str(value).lower(), datatype=NamedNode(XSD + "boolean"))
    if isinstance(value, Decimal):
        return Literal(canonical_decimal(value), datatype=NamedNode(XSD + "decimal"))
    if isinstance(value, int):
        return Literal(str(value), datatype=NamedNode(XSD + str(datatype)))
    if isinstance(datatype, dict) and datatype.get("@id") == EDTF:
        return Literal(value, datatype=NamedNode(parse_date(value).datatype))
    if "lang" in column:
        return Literal(value, language=column["lang"])
    return Literal(value)


def canonical_decimal(value: Decimal) -> str:
    """Return the shortest plain form, as every store writes it back.

    >>> canonical_decimal(Decimal("70.0")), canonical_decimal(Decimal("33.750"))
    ('70', '33.75')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _bounds(columns: Sequence[Mapping[str, Any]], row: CsvRow) -> Iterator[tuple[str, date]]:
    spans: dict[str, Span] = {}
    for column in columns:
        if column.get("propertyUrl") in _STARTS | _ENDS and row.text(column["name"]):
            spans[column["propertyUrl"]] = parse_date(row.text(column["name"]))
    starts = [span.earliest for address, span in spans.items() if address in _STARTS and span.earliest]
    ends = [span.latest for address, span in spans.items() if address in _ENDS and span.latest]
    if not spans.keys() & _ENDS:
        ends = [span.latest for address, span in spans.items() if address in _POINTS and span.latest]
    if starts:
        yield "earliest", min(starts)
    if ends:
        yield "latest", max(ends)


def _template(template: str) -> Expand:
    """Return a function that fills the template; one cached node a distinct value."""
    parts = _VARIABLE.split(template)
    cache: dict[str, NamedNode] = {}

    def expand(value: str, row: CsvRow) -> NamedNode:
        texts = [parts[0]]
        for plus, name, rest in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            text = value or row.text(name)
            texts += [text if plus else quote(text, safe="-._~"), rest]
        address = "".join(texts)
        if address not in cache:
            cache[address] = NamedNode(address)
        return cache[address]

    return expand

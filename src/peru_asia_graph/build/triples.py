"""Convert rows to quads by the rules of csv2rdf (minimal mode), with two additions.

The subject of a row is the schema's ``aboutUrl``; each column with a ``propertyUrl`` gives one triple per value. Unlike
in csv2rdf, a multi-valued cell with a ``valueUrl`` gives one link per value, and dates are typed by their form.
Templates contain only simple ``{column}`` or ``{+column}`` variables.
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
from peru_asia_graph.sources.date_words import LANGUAGES, period_in_words
from peru_asia_graph.sources.dates import Span, certain_days, parse_date
from peru_asia_graph.sources.tables import CsvRow, Source, Table
from peru_asia_graph.store.values import canonical_decimal
from peru_asia_graph.vocabulary import EDTF, XSD, term

_VARIABLE: Final = re.compile(r"\{(\+?)(\w+)\}")
# The date properties that start a period, and those that end one; a point in time does both.
_STARTS: Final = {term(name) for name in ("validFrom", "date", "signedOn", "year", "period")}
_ENDS: Final = {term(name) for name in ("validUntil", "endDate", "endedOn")}
_POINTS: Final = _STARTS - {term("validFrom")}
# The period of a figure or amount: a value of its own, with neither certain days nor a description in words.
_VALUES: Final = {term(name) for name in ("year", "period")}
_AS_OF: Final = term("asOf")
_UNTIL: Final = term("validUntil")
_BOUNDS: Final = {*_STARTS, *_ENDS, _AS_OF}
_DATE: Final = NamedNode(XSD + "date")

_EARLIEST: Final = NamedNode(term("earliest"))
_LATEST: Final = NamedNode(term("latest"))
_LATEST_START: Final = NamedNode(term("latestStart"))
_EARLIEST_END: Final = NamedNode(term("earliestEnd"))
_WHEN: Final = NamedNode(term("when"))
_BOOLEAN: Final = NamedNode(XSD + "boolean")
_DECIMAL: Final = NamedNode(XSD + "decimal")

CellValue = str | int | bool | Decimal
Expand = Callable[[str, CsvRow], NamedNode]


def make_quads(source: Source) -> list[Quad]:
    """Return the quads of all tables of a source, in its named graph."""
    graph = NamedNode(source.graph)
    tables = [table for table in source.tables.values() if "aboutUrl" in table.schema]
    return [quad for table in tables for quad in _table_quads(table, graph, source.about.as_of)]


def _table_quads(table: Table, graph: NamedNode, as_of: str) -> Iterator[Quad]:
    """Yield the quads of a table; a row that can have dates but has none gets the moment ``as_of``, if any.

    What is called former had ended by that moment.
    """
    about = _template(table.schema["aboutUrl"])
    columns = [_column(column) for column in table.columns if not column.get("suppressOutput")]
    dates = {column["name"]: column["propertyUrl"] for column in table.columns
             if column.get("propertyUrl") in _BOUNDS}  # fmt: skip
    moment = as_of if _AS_OF in dates.values() else ""
    for row in table.rows:
        subject = about("", row)
        for predicate, make in columns:
            for value in make(row):
                yield Quad(subject, predicate, value, graph)
        spans = {address: parse_date(text) for name, address in dates.items() if (text := row.text(name))}
        if moment and not spans:
            former = row.text("certainty") == "former"
            name, said = (_UNTIL, parse_date(f"[..{moment}]")) if former else (_AS_OF, parse_date(moment))
            spans = {name: said}
            yield Quad(subject, NamedNode(name), Literal(said.text, datatype=NamedNode(said.datatype)), graph)
        for predicate, value in _period(spans) if spans else ():
            yield Quad(subject, predicate, value, graph)


def _column(column: Mapping[str, Any]) -> tuple[NamedNode, Callable[[CsvRow], Sequence[NamedNode | Literal]]]:
    predicate, name = NamedNode(column["propertyUrl"]), column["name"]
    if column.get("virtual"):
        constant = [NamedNode(column["valueUrl"])]
        return predicate, lambda _: constant
    if "valueUrl" in column:
        link = _template(column["valueUrl"])
        return predicate, lambda row: [link(str(value), row) for value in _values(row.cells.get(name))]
    literal = _literal(column)
    return predicate, lambda row: [literal(value) for value in _values(row.cells.get(name))]


def _values(cell: Cell) -> Sequence[CellValue]:
    return cell if isinstance(cell, list) else () if cell is None else (cell,)


def _literal(column: Mapping[str, Any]) -> Callable[[Any], Literal]:
    datatype, language = column.get("datatype", "string"), column.get("lang")
    if isinstance(datatype, dict) and datatype.get("@id") == EDTF:
        return lambda value: Literal(value, datatype=NamedNode(parse_date(value).datatype))

    def literal(value: CellValue) -> Literal:
        if isinstance(value, str):
            return Literal(value, language=language)
        if isinstance(value, bool):
            return Literal(str(value).lower(), datatype=_BOOLEAN)
        if isinstance(value, Decimal):
            return decimal_literal(value)
        return Literal(str(value), datatype=NamedNode(XSD + str(datatype)))

    return literal


def decimal_literal(value: Decimal) -> Literal:
    """Return the number as an xsd:decimal literal in its shortest plain form."""
    return Literal(canonical_decimal(value), datatype=_DECIMAL)


def _period(spans: Mapping[str, Span]) -> Iterator[tuple[NamedNode, Literal]]:
    """Yield bounds and a description in words from the dates of a row; ``spans`` are the dates by property."""
    for predicate, day in _bounds(spans):
        if day is not None:
            yield predicate, Literal(day.isoformat(), datatype=_DATE)
    start = next((span.text for address, span in spans.items() if address in _STARTS - _VALUES), "")
    end = next((span.text for address, span in spans.items() if address in _ENDS), "")
    lasting = not spans.keys() & _POINTS
    for language in LANGUAGES if start or end else ():
        yield _WHEN, Literal(period_in_words(start, end, language, lasting=lasting), language=language)


def _bounds(spans: Mapping[str, Span]) -> Iterator[tuple[NamedNode, date | None]]:
    """Yield the first and last day on which something may have held, and those on which it certainly held."""
    starts = [span for address, span in spans.items() if address in _STARTS]
    ends = [span for address, span in spans.items() if address in (_ENDS if spans.keys() & _ENDS else _POINTS)]
    yield _EARLIEST, min((span.earliest for span in starts if span.earliest), default=None)
    yield _LATEST, max((span.latest for span in ends if span.latest), default=None)
    if spans.keys() & _VALUES:
        return
    known = [span for address, span in spans.items() if address == _AS_OF]
    begun, ended = certain_days(starts, ends, known)
    yield _LATEST_START, begun
    yield _EARLIEST_END, ended


def _template(template: str) -> Expand:
    """Return a function that fills in the template with a value or, without one, with the row's cells."""
    first, *rest = _VARIABLE.split(template)
    variables = list(zip(rest[0::3], rest[1::3], rest[2::3], strict=True))
    nodes: dict[tuple[str, ...], NamedNode] = {}

    def expand(value: str, row: CsvRow) -> NamedNode:
        key = (value,) if value else tuple([row.text(name) for _, name, _ in variables])
        node = nodes.get(key)
        if node is None:
            texts = [first]
            for number, (plus, _, after) in enumerate(variables):
                text = value or key[number]
                texts += [text if plus else quote(text, safe="-._~"), after]
            node = nodes[key] = NamedNode("".join(texts))
        return node

    return expand

"""Query results as text: a terminal table, CSV, TSV, JSON, JSON Lines or Markdown; RDF for constructed graphs."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby
from typing import Any, Final

from peru_asia_graph.errors import WrongUse, join_or
from peru_asia_graph.query.fact_words import code_in_words
from peru_asia_graph.query.side_by_side import SOURCE
from peru_asia_graph.query.terminal import terminal_table
from peru_asia_graph.store.literals import is_number, json_value
from peru_asia_graph.store.results import Result, Term
from peru_asia_graph.store.terms import oxigraph_triple
from peru_asia_graph.store.values import Value, text
from peru_asia_graph.vocabulary import CODE, ONTOLOGY, XSD

RDF_FORMATS: Final = ("turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml")
# As listed by OWASP; the full-width characters are equivalent in spreadsheets of some languages.
_FORMULA: Final = ("=", "+", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Markdown and HTML characters that would be read as markup; an underscore within a word would not.
_MARKUP: Final = re.compile(r"[\\|`*\[\]]|<(?=[A-Za-z/!?])|&(?=#?\w+;)|~(?=~)|(?<!\w)_(?!:)|_(?![\w:])")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")


def render(result: Result, form: str) -> str:
    """Return a result in a format; raise WrongUse for rows in an RDF format or a graph in a row format."""
    if result.triples is not None:
        return _render_triples(result, form)
    if form not in ROW_FORMATS:
        raise WrongUse(f"rows cannot be written as {form}; use {join_or(list(ROW_FORMATS))}")
    return ROW_FORMATS[form](result if form == "json" else result.as_rows())


def safe_cell(value: Value | None) -> str:
    """Return the text of a cell, with an apostrophe before a text that a spreadsheet would run as a formula."""
    cell = text(value)
    if is_number(value):
        return cell
    return f"'{cell}" if cell.startswith(_FORMULA) or (cell.startswith("-") and not _NUMBER.fullmatch(cell)) else cell


def write_separated(header: Sequence[str], rows: Sequence[Sequence[Value | None]]) -> str:
    """Return CSV with LF line endings, safe for spreadsheets."""
    return _write_cells(header, [[safe_cell(value) for value in row] for row in rows], ",")


def _write_cells(header: Sequence[str], rows: Sequence[Sequence[str | None]], delimiter: str) -> str:
    lines = _Lines()
    # Only with this line ending does the writer quote a carriage return, which readers would take for a row's end.
    writer = csv.writer(lines, delimiter=delimiter, lineterminator=_Lines.ending)
    writer.writerow(header)
    writer.writerows(rows)
    return "".join(lines.rows)


class _Lines:
    """Receives the rows of a CSV writer and ends them with LF."""

    ending: Final = "\r\n"

    def __init__(self) -> None:
        self.rows: list[str] = []

    def write(self, row: str) -> None:
        self.rows.append(row.removesuffix(self.ending) + "\n")


def _separated(result: Result, delimiter: str) -> str:
    # Numbers are written as they are, texts with the formula guard.
    rows = result.cells(lambda term: term.value if is_number(term.python()) else safe_cell(term.short()))
    return _write_cells(result.variables, rows, delimiter)


def _json(result: Result) -> str:
    """SPARQL 1.1 Query Results JSON; ``notes`` is added if there are any, which other readers ignore."""
    import json

    if result.boolean is not None:
        return json.dumps({"head": {}, "boolean": result.boolean}, indent=1) + "\n"
    bindings = [
        {name: _json_term(term) for name, term in zip(result.variables, row, strict=True) if term is not None}
        for row in result.rows
    ]
    found: dict[str, Any] = {"head": {"vars": list(result.variables)}, "results": {"bindings": bindings}}
    if result.notes:
        found["notes"] = list(result.notes)
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _json_term(term: Term) -> dict[str, Any]:
    if term.kind == "triple":
        parts = zip(("subject", "predicate", "object"), term.parts, strict=True)
        return {"type": "triple", "value": {name: _json_term(part) for name, part in parts}}
    found = {"type": {"iri": "uri"}.get(term.kind, term.kind), "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
        if term.direction:
            found["its:dir"] = term.direction
    elif term.datatype and term.datatype != XSD + "string":
        found["datatype"] = term.datatype
    return found


def _jsonl(result: Result) -> str:
    import json

    rows = result.cells(lambda term: json_value(term.python(), term.value))
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    return "".join(encode(dict(zip(result.variables, row, strict=True))) + "\n" for row in rows)


def _markdown(result: Result) -> str:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(_MARKUP.sub(r"\\\g<0>", " ".join(cell.splitlines())) for cell in cells) + " |\n"

    body = "".join(line([cell or "" for cell in row]) for row in result.texts())
    return line(result.variables) + line(["---"] * len(result.variables)) + body


def _table(result: Result) -> str:
    """Return a table for the terminal; answers of several sources as one table per source."""
    header, rows = result.variables, result.cells(_term_in_words)
    numbers = result.cells(lambda term: is_number(term.python()))
    if len(header) < 2 or header[0] != SOURCE or not rows:
        return terminal_table(header, rows, numbers)
    tables = []
    for source, group in groupby(range(len(rows)), key=lambda row: rows[row][0]):
        places = list(group)
        title = f"Source: {source}" if source else "Without a source"
        told, counted = [rows[place][1:] for place in places], [numbers[place][1:] for place in places]
        tables.append(f"{title}\n\n{terminal_table(header[1:], told, counted)}")
    return "\n".join(tables)


ROW_FORMATS: Final[dict[str, Callable[[Result], str]]] = {
    "table": _table,
    "csv": partial(_separated, delimiter=","),
    "tsv": partial(_separated, delimiter="\t"),
    "json": _json,
    "jsonl": _jsonl,
    "markdown": _markdown,
}


def _term_in_words(term: Term) -> str:
    """Return a term for a terminal: ontology terms and codes in words, ``inForceOn`` as ``in force on``."""
    coded = term.kind == "iri" and term.value.startswith((ONTOLOGY, CODE))
    return code_in_words(term.short()) if coded else term.short()


def _render_triples(result: Result, form: str) -> str:
    from peru_asia_graph.rdf.formats import write_rdf

    form = "turtle" if form == "table" else form
    if form not in RDF_FORMATS:
        raise WrongUse(f"a graph cannot be written as {form}; use {join_or(RDF_FORMATS)}")
    return write_rdf([oxigraph_triple(triple) for triple in result.triples or ()], form).decode("utf-8")

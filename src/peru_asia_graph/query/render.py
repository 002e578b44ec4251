"""Query results as text: a terminal table, CSV, TSV, JSON, JSON Lines or Markdown; RDF for constructed graphs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, Final, Literal

from peru_asia_graph.errors import WrongUse, join_or
from peru_asia_graph.query.side_by_side import SOURCE
from peru_asia_graph.store.literals import is_number, json_value
from peru_asia_graph.store.results import Result, Term
from peru_asia_graph.store.terms import oxigraph_triple
from peru_asia_graph.store.values import CITED, Value, text
from peru_asia_graph.vocabulary import PREFIXES, XSD

RDF_FORMATS: Final = ("turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml")
# As OWASP lists them; the wide ones are the same signs to a spreadsheet of some languages.
_FORMULA: Final = ("=", "+", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_DATES: Final = ("date", "end_date")
LONGEST_WORD: Final = 16
# Signs of Markdown and HTML, which a reader would take for markup; an underscore within a word is none.
_MARKUP: Final = re.compile(r"[\\|`*\[\]]|<(?=[A-Za-z/!?])|&(?=#?\w+;)|~(?=~)|(?<!\w)_(?!:)|_(?![\w:])")
# What a terminal obeys instead of showing it.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")


def render(result: Result, form: str) -> str:
    """Return a result in a format; raise WrongUse when rows are wanted as RDF or a graph as rows."""
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
    # Only with this ending does the writer quote a carriage return, which would end the row for readers.
    writer = csv.writer(lines, delimiter=delimiter, lineterminator=_Lines.ending)
    writer.writerow(header)
    writer.writerows(rows)
    return "".join(lines.rows)


class _Lines:
    """Takes the rows of a CSV writer and ends them with LF."""

    ending: Final = "\r\n"

    def __init__(self) -> None:
        self.rows: list[str] = []

    def write(self, row: str) -> None:
        self.rows.append(row.removesuffix(self.ending) + "\n")


def _csv(result: Result) -> str:
    return _separated(result, ",")


def _tsv(result: Result) -> str:
    return _separated(result, "\t")


def _separated(result: Result, delimiter: str) -> str:
    # A number is written as it is, a text with the guard against formulas.
    rows = result.cells(lambda term: term.value if is_number(term.python()) else safe_cell(term.short()))
    return _write_cells(result.variables, rows, delimiter)


def _json(result: Result) -> str:
    """SPARQL 1.1 Query Results JSON; with ``notes`` where there are any, which other readers of the format ignore."""
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
    """Return a table for the terminal; answers of several sources as one table each, under the name of the source."""
    header, rows = result.variables, result.texts()
    numbers = result.cells(lambda term: is_number(term.python()))
    if len(header) < 2 or header[0] != SOURCE or not rows:
        return terminal_table(header, rows, numbers)
    tables = []
    for source, group in groupby(range(len(rows)), key=lambda row: rows[row][0]):
        places = list(group)
        title = f"Source: {source}" if source else "Of no source"
        told, counted = [rows[place][1:] for place in places], [numbers[place][1:] for place in places]
        tables.append(f"{title}\n\n{terminal_table(header[1:], told, counted)}")
    return "\n".join(tables)


def terminal_table(
    header: Sequence[str], rows: Sequence[Sequence[str | None]], numbers: Sequence[Sequence[bool | None]]
) -> str:
    """Return a table as wide as the terminal at most, followed by the number of rows.

    ``numbers`` tells which cells are numbers. Citations become numbered notes under the table; columns without any
    value are left out, and so are the dates that ``when`` gives in words.
    """
    from rich import box
    from rich.console import Console
    from rich.markup import escape as plain
    from rich.table import Table

    in_words = _DATES if "when" in header else ()
    filled = (index for index in range(len(header)) if not rows or any(row[index] is not None for row in rows))
    shown = [index for index in filled if header[index] not in in_words]
    names = [header[index] for index in shown]
    numeric = [all(row[index] is not False for row in numbers) and bool(rows) for index in shown]
    cells, notes = _with_notes(names, [[_shown(row[index]) for index in shown] for row in rows])
    console = Console(file=io.StringIO(), highlight=False)
    titles = [(name.removesuffix(CITED) + "notes" if _is_cited(name) else name).replace("_", " ") for name in names]
    gap, widths = _widths(titles, cells, console.width)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, gap - 1, 0, 0), show_edge=False)
    for title, right, width in zip(titles, numeric, widths, strict=True):
        align: Literal["right", "left"] = "right" if right else "left"
        table.add_column(plain(title), justify=align, overflow="fold", width=width)
    for row in cells:
        table.add_row(*map(plain, row))
    with console.capture() as capture:
        console.print(table)
        for number, note in enumerate(notes, 1):
            console.print(f"{plain(f'[{number}]')} {plain(note)}")
    lines = [line.rstrip() for line in capture.get().splitlines()]
    count = f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    return "\n".join(lines) + f"\n{count}\n"


def _shown(cell: str | None) -> str:
    """Return a cell for a terminal, with control characters as their escapes."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), cell or "")


def _widths(titles: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> tuple[int, list[int]]:
    """Return the gap between columns (2, or 1 where that saves words from being cut) and the width of each column.

    Words are whole as far as they fit; the remaining space is shared by length.
    """
    from rich.cells import cell_len

    columns = [[title, *(row[index] for row in cells)] for index, title in enumerate(titles)]
    natural = [max(map(cell_len, column)) for column in columns]
    longest = [max((cell_len(word) for cell in column for word in cell.split()), default=1) for column in columns]
    whole = sum(min(one, LONGEST_WORD) for one in longest)
    gap = 2 if whole <= width - 2 * len(titles) else 1
    room = width - gap * len(titles)
    fitting = ([min(one, cap) for one in longest] for cap in range(LONGEST_WORD, 3, -1))
    least = next((one for one in fitting if sum(one) <= room), [4] * len(titles))
    left, wish = max(room - sum(least), 0), sum(natural) - sum(least)
    if wish <= left:
        return gap, [max(one, few) for one, few in zip(natural, least, strict=True)]
    return gap, [few + left * (one - few) // wish for one, few in zip(natural, least, strict=True)]


def _is_cited(name: str) -> bool:
    return name == CITED or name.endswith(f"_{CITED}")


def _with_notes(names: Sequence[str], cells: list[list[str]]) -> tuple[list[list[str]], list[str]]:
    """Return the cells with each citation replaced by the number of a note, and the notes."""
    notes: dict[str, int] = {}
    for index in [index for index, name in enumerate(names) if _is_cited(name)]:
        for row in cells:
            cited = [part for part in row[index].split("; ") if part]
            row[index] = " ".join(f"[{notes.setdefault(part, len(notes) + 1)}]" for part in cited)
    return cells, list(notes)


ROW_FORMATS: Final[dict[str, Callable[[Result], str]]] = {
    "table": _table,
    "csv": _csv,
    "tsv": _tsv,
    "json": _json,
    "jsonl": _jsonl,
    "markdown": _markdown,
}


def _render_triples(result: Result, form: str) -> str:
    from peru_asia_graph.rdf.formats import write_rdf

    form = "turtle" if form == "table" else form
    if form not in RDF_FORMATS:
        raise WrongUse(f"a graph cannot be written as {form}; use {join_or(RDF_FORMATS)}")
    return write_rdf([oxigraph_triple(triple) for triple in result.triples or ()], form, PREFIXES).decode("utf-8")

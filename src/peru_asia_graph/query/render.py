"""Query results as text: a terminal table, CSV, TSV, JSON, JSON Lines or Markdown; RDF for constructed graphs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final, Literal

from peru_asia_graph.errors import WrongUse, join_or
from peru_asia_graph.store.results import Result, Term
from peru_asia_graph.store.terms import oxigraph_triple
from peru_asia_graph.store.values import CITED, Value, text
from peru_asia_graph.vocabulary import PREFIXES, XSD

RDF_FORMATS: Final = ("turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml")
_FORMULA: Final = ("=", "+", "@", "\t", "\r")
_DATES: Final = ("date", "end_date")
LONGEST_WORD: Final = 16
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")


def render(result: Result, form: str) -> str:
    """Return a result in a format; raise WrongUse when rows are wanted as RDF or a graph as rows."""
    if result.triples is not None:
        return _render_triples(result, form)
    if result.boolean is not None:
        result = Result(["answer"], [[Term("literal", str(result.boolean).lower(), XSD + "boolean")]])
    if form not in ROW_FORMATS:
        raise WrongUse(f"rows cannot be written as {form}; use {join_or(list(ROW_FORMATS))}")
    return ROW_FORMATS[form](result)


def safe_cell(value: Value | None) -> str:
    """Return the text of a cell, with an apostrophe before what a spreadsheet would run as a formula."""
    cell = text(value)
    return f"'{cell}" if cell.startswith(_FORMULA) or (cell.startswith("-") and not _NUMBER.fullmatch(cell)) else cell


def _is_number(value: Value | None) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def write_separated(header: Sequence[str], rows: Sequence[Sequence[Value | None]], delimiter: str = ",") -> str:
    """Return delimited text with LF line endings."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _csv(result: Result) -> str:
    return write_separated(result.variables, result.table())


def _tsv(result: Result) -> str:
    return write_separated(result.variables, result.table(), "\t")


def _json(result: Result) -> str:
    """SPARQL 1.1 Query Results JSON; with ``notes`` where there are any, which other readers of the format ignore."""
    import json

    bindings = [
        {name: _json_term(term) for name, term in zip(result.variables, row, strict=True) if term is not None}
        for row in result.rows
    ]
    found: dict[str, Any] = {"head": {"vars": list(result.variables)}, "results": {"bindings": bindings}}
    if result.notes:
        found["notes"] = list(result.notes)
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _json_term(term: Term) -> dict[str, str]:
    found = {"type": {"iri": "uri"}.get(term.kind, term.kind), "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
    elif term.datatype and term.datatype != XSD + "string":
        found["datatype"] = term.datatype
    return found


def _jsonl(result: Result) -> str:
    import json

    return "".join(json.dumps(row, ensure_ascii=False, default=_plain) + "\n" for row in result)


def _plain(value: Any) -> int | float:
    """Return a decimal as the number JSON writes."""
    return int(value) if value == value.to_integral_value() else float(value)


def _markdown(result: Result) -> str:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"

    body = "".join(line([text(value) for value in row]) for row in result.table())
    return line(result.variables) + line(["---"] * len(result.variables)) + body


def _table(result: Result) -> str:
    return terminal_table(result.variables, result.table())


def terminal_table(header: Sequence[str], rows: Sequence[Sequence[Value | None]]) -> str:
    """Return a table as wide as the terminal at most, followed by the number of rows.

    Citations become numbered notes under the table; columns without any value are left out, and so are the dates that
    ``when`` gives in words.
    """
    from rich import box
    from rich.console import Console
    from rich.markup import escape as plain
    from rich.table import Table

    in_words = _DATES if "when" in header else ()
    filled = (index for index in range(len(header)) if not rows or any(row[index] is not None for row in rows))
    shown = [index for index in filled if header[index] not in in_words]
    names = [header[index] for index in shown]
    numeric = [all(row[index] is None or _is_number(row[index]) for row in rows) and bool(rows) for index in shown]
    cells, notes = _with_notes(names, [[text(row[index]) for index in shown] for row in rows])
    console = Console(file=io.StringIO(), highlight=False)
    titles = [(name.removesuffix(CITED) + "notes" if _is_cited(name) else name).replace("_", " ") for name in names]
    gap, widths = _widths(titles, cells, console.width)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, gap - 1, 0, 0), show_edge=False)
    for title, is_number, width in zip(titles, numeric, widths, strict=True):
        align: Literal["right", "left"] = "right" if is_number else "left"
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

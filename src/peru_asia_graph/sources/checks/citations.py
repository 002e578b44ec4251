"""Checks that citations are complete: a page with a paragraph or table, or a record in a source without pages.

If a source has a ``structure.csv``, the pages, paragraphs, table rows and lines must be in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from peru_asia_graph.errors import Problem
from peru_asia_graph.sources.tables import CsvRow, Source


def check_citations(source: Source) -> Iterator[Problem]:
    """Yield a problem for each incomplete citation, and for each one that is not in ``structure.csv``."""
    measured = source.tables.get("structure", source.tables.get("citations"))
    disordered = [problem for row in measured.rows for problem in _check_order(measured.file, row)] if measured else []
    yield from disordered
    for row in source.rows("citations"):
        yield from _check_kind(source.tables["citations"].file, row, "structure" in source.tables)
    if not {"structure", "citations"} <= source.tables.keys() or not source.tables["structure"].complete or disordered:
        return
    file, structure = source.tables["citations"].file, source.tables["structure"].rows
    pages = sorted({page for row in structure if isinstance(page := row.cells.get("page"), int)})
    paragraphs = {(row.text("page"), row.text("paragraph")): row for row in structure if row.text("paragraph")}
    table_rows = {(row.text("table"), row.text("row")): row for row in structure if row.text("table")}
    for row in source.tables["citations"].rows:
        page = row.cells.get("page")
        if not isinstance(page, int):
            continue
        if page not in pages:
            remedy = f"structure.csv has pages {pages[0]} to {pages[-1]}" if pages else "structure.csv is empty"
            yield Problem(file, row.line, "page", f"the source has no page {page}", remedy)
        elif row.text("table"):
            yield from _check_place(file, row, table_rows.get((row.text("table"), row.text("row"))), "row")
        elif "paragraph" in row.cells:
            yield from _check_place(file, row, paragraphs.get((row.text("page"), row.text("paragraph"))), "paragraph")


def _check_order(file: str, row: CsvRow) -> Iterator[Problem]:
    for first, last in (("page", "last_page"), ("first_line", "last_line")):
        least, most = row.cells.get(first), row.cells.get(last)
        if isinstance(least, int) and isinstance(most, int) and most < least:
            yield Problem(file, row.line, last, f"{most} is before {first} {least}", "swap or correct the two numbers")


def _check_kind(file: str, row: CsvRow, structured: bool) -> Iterator[Problem]:
    """Yield a problem if a citation is of no kind, or of two. Its position is checked against a structure later."""
    if not {"page", "paragraph", "table", "record"} <= row.cells.keys():  # a cell could not be read
        return
    if row.text("page") and row.text("record"):
        yield Problem(file, row.line, "record", "both a record and a page are given", "write two citations")
    elif row.text("paragraph") and row.text("table"):
        yield Problem(file, row.line, "table", "both a paragraph and a table are given", "write two citations")
    elif not row.text("page") and not row.text("record"):
        yield Problem(
            file, row.line, "page", "neither a page nor a record is given", "give the page, or the record in the file"
        )
    elif row.text("page") and not structured and not row.text("paragraph") and not row.text("table"):
        yield Problem(file, row.line, "paragraph", "no paragraph or table is given", "give one of them")


def _check_place(file: str, row: CsvRow, place: CsvRow | None, column: str) -> Iterator[Problem]:
    if place is None or place.text("page") != row.text("page"):
        where = f"page {row.text('page')}{' in ' + row.text('table') if column == 'row' else ''}"
        named = f"no such {column} '{row.text(column)[:60]}'" if row.text(column) else f"no {column} is given"
        yield Problem(file, row.line, column, f"{where}: {named}", "structure.csv lists what there is")
        return
    if row.text("last_page") not in ("", place.text("last_page")):
        message = f"{row.text('last_page')} is not the last page of this {column}"
        yield Problem(file, row.line, "last_page", message, f"structure.csv has {place.text('last_page')}")
    lines = [place.cells.get("first_line"), row.cells.get("first_line")]
    lines += [row.cells.get("last_line"), place.cells.get("last_line")]
    numbers = [line for line in lines if isinstance(line, int)]
    if len(numbers) == 4 and numbers != sorted(numbers):
        message = f"lines {numbers[1]}-{numbers[2]} are not inside this {column}"
        yield Problem(file, row.line, "first_line", message, f"it has lines {numbers[0]}-{numbers[3]}")

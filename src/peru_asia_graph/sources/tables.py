"""Reads the tables of one source into typed rows and collects all problems in its files and cells.

One schema serves at most one table of a source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from peru_asia_graph.errors import BadInput, Problem, suggest
from peru_asia_graph.sources.cells import Cell, compile_reader, empty_cell
from peru_asia_graph.sources.csv_file import Record, printable, read_records
from peru_asia_graph.sources.metadata import (
    METADATA,
    PROVENANCE,
    About,
    Column,
    TableDescription,
    primary_key,
    read_metadata,
    show,
    written_columns,
)
from peru_asia_graph.sources.schema_file import Schema
from peru_asia_graph.vocabulary import local


@dataclass(frozen=True)
class CsvRow:
    """One row: its line in the file and its cells by column name (None: empty).

    A cell that could not be read is missing; the cells of an absent column are empty.
    """

    line: int
    cells: Mapping[str, Cell]

    def text(self, column: str) -> str:
        """Return the cell as text, empty if there is none."""
        value = self.cells.get(column)
        return "" if value is None else str(value)

    def items(self, column: str) -> list[str]:
        """Return the values of the cell, one or many."""
        value = self.cells.get(column)
        return value if isinstance(value, list) else [] if value is None else [str(value)]


@dataclass(frozen=True)
class Table:
    """One table: the file as shown in messages, its schema and its rows.

    ``complete`` is False if a row or an id could not be read; links into the table are then not checked.
    ``schema_file`` is the file with the schema.
    """

    name: str
    file: str
    schema: Schema
    rows: list[CsvRow]
    expected_rows: int | None = None
    complete: bool = True
    schema_file: Path = Path()

    @property
    def columns(self) -> list[Column]:
        """The column descriptions, virtual ones last."""
        columns: list[Column] = self.schema["columns"]
        return columns

    @property
    def key(self) -> list[str]:
        return primary_key(self.schema)


@dataclass(frozen=True)
class Source:
    """The tables of one folder and the named graph they are written to."""

    slug: str
    graph: str
    tables: dict[str, Table]
    problems: list[Problem] = field(default_factory=list)
    about: About = field(default_factory=About)
    # Written by `pag import`, which reads percent signs and reports shares that may be fractions.
    imported: bool = False

    @property
    def name(self) -> str:
        """The name of its graph, usually that of the folder."""
        return local(self.graph)

    def rows(self, table: str) -> list[CsvRow]:
        """Return the rows of a table, none if the source does not have it."""
        return self.tables[table].rows if table in self.tables else []


def read_source(folder: Path, schemas: Sequence[Path] = ()) -> Source:
    """Read the tables of one folder; problems are collected, not raised.

    A schema that is not at the given path is looked up by file name in the folders ``schemas``.
    """
    try:
        graph, described, about = read_metadata(folder / METADATA, schemas)
    except BadInput as error:
        return Source(folder.name, "", {}, error.problems)
    problems: list[Problem] = []
    tables: dict[str, Table] = {}
    for description in described:
        table, found = _read_table(folder, description)
        tables[table.name] = table
        problems += found
    for path in sorted(folder.glob("*.csv")):
        if path.stem not in tables:
            message = f"is not listed in {METADATA}, so it was not read"
            problems.append(Problem(show(path), 0, "", message, "list it there or delete it", warning=True))
    return Source(folder.name, graph, tables, problems, about, (folder / PROVENANCE).is_file())


def _read_table(folder: Path, description: TableDescription) -> tuple[Table, list[Problem]]:
    path, schema = folder / description.url, description.schema
    file = show(path)
    records, problems = read_records(path, file, folder.parent)
    complete = all(problem.warning for problem in problems)
    rows, more = _read_rows(file, schema, records) if records else (None, [])
    complete = complete and rows is not None
    complete = complete and all(column in row.cells for row in rows or () for column in primary_key(schema))
    table = Table(
        description.name, file, schema, rows or [], description.expected_rows, complete, description.schema_file
    )
    return table, problems + more


def _read_rows(file: str, schema: Schema, records: list[Record]) -> tuple[list[CsvRow] | None, list[Problem]]:
    """Return the rows, None if the header is wrong, and the problems of cells."""
    (first, header), *body = records
    columns = written_columns(schema)
    if problems := list(_check_header(file, first, header, schema)):
        return None, problems
    readers = {name: compile_reader(columns[name]) for name in header}
    absent = {name: empty_cell(column) for name, column in columns.items() if name not in readers}
    rows: list[CsvRow] = []
    for line, texts in body:
        named = list(zip(header, texts, strict=False))
        if len(texts) != len(header):
            message = f"{len(texts)} cell{'' if len(texts) == 1 else 's'} where the header has {len(header)}"
            remedy = "check commas and quotes, and whether the row is truncated"
            problems.append(Problem(file, line, "", message, remedy))
            named = [(name, text) for name, text in named if name in primary_key(schema)]
        cells: dict[str, Cell] = {}
        for name, text in named:
            try:
                cells[name] = readers[name](text)
            except ValueError as error:
                message, _, remedy = str(error).partition("; ")
                problems.append(Problem(file, line, name, message, remedy))
        rows.append(CsvRow(line, cells | absent))
    return rows, problems


def _check_header(file: str, line: int, header: list[str], schema: Schema) -> Iterator[Problem]:
    columns = written_columns(schema)
    if unnamed := header.count(""):
        message, remedy = "a column has no name", "delete it with its cells, or name it"
        if unnamed > 1:
            message, remedy = f"{unnamed} columns have no name", "delete them with their cells, or name them"
        yield Problem(file, line, "", message, remedy)
    for name in sorted({name for name in header if name and header.count(name) > 1}):
        yield Problem(file, line, printable(name), "the column appears twice", "keep one")
    missing = [name for name in columns if name not in header]
    for name in filter(None, header):
        if name not in columns:
            plain = name.strip().lower().replace(" ", "_")
            meant = [plain] if plain in missing else suggest(plain, missing)
            missing = [want for want in missing if want not in meant[:1]]
            remedy = f"write '{meant[0]}'" if meant else f"the columns are {', '.join(columns)}"
            yield Problem(file, line, printable(name), "unknown column", remedy)
    for name in missing:
        if columns[name].get("required") or name in primary_key(schema):
            yield Problem(file, line, name, "the column is missing", "add it and fill it in for each row")

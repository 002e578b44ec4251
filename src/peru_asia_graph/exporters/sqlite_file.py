"""Export the flat tables as a SQLite database: foreign keys, a table for each list column, views, full-text search.

With the same SQLite library, the same graph gives the same bytes: the header fields about the file's history (the
change counter and the library version, which readers may ignore according to the specification) are fixed. Other
versions may lay out pages differently, so the file is not part of the exports that are compared byte by byte.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.exporters.flat_losses import note_losses, note_rounded
from peru_asia_graph.exporters.flat_schema import INTEGERS, FlatColumn, FlatTable, parts, read_flat_tables
from peru_asia_graph.exporters.flat_tables import BETWEEN
from peru_asia_graph.exporters.format_registry import ExportInput
from peru_asia_graph.query.sources import SourceInfo, read_sources

VIEWS: Final = Path(__file__).with_name("sqlite_views.sql")
SOURCE_GRAPHS: Final = "source_graphs"
SEARCH: Final = "search"
_TYPES: Final = {**dict.fromkeys(INTEGERS, "INTEGER"), "decimal": "REAL", "boolean": "INTEGER"}
# A figure is a number or the words printed in the source; with this affinity, numbers sort as numbers.
_MIXED: Final = {("observations", "value"): "NUMERIC"}
# The columns in the full-text index, the name first.
_TEXTS: Final = {
    "agreements": ("label",), "claims": ("label",), "discrepancies": ("label", "description"),
    "entities": ("label", "names_as_printed"), "events": ("label",), "findings": ("label",),
    "investments": ("project_label", "comment_printed"), "names": ("name", "thing_label"),
    "observations": ("scope", "note"), "rejected": ("statement", "reason"), "sources": ("label",),
}  # fmt: skip
_ABOUT_SOURCES: Final = {
    "name": "as in the column source of other tables", "short": "as shown in citations", "title": "",
    "date": "the last day, month or year it covers", "as_of": "when statements without a date held",
    "licence": "", "citation": "how to cite it", "page": "its web page",
}  # fmt: skip
_OF_SOURCES: Final = ("source", "sources", "source_a", "source_b")
# Offsets in the file header (https://www.sqlite.org/fileformat.html): change counter, version-valid-for number, library
# version. The first two must be equal for the page count in the header to be valid.
_HEADER: Final = ((24, 1), (92, 1), (96, 0))


def write(source: ExportInput, form: str, which: str = "") -> bytes:
    """Return the flat tables as a SQLite database; raise WrongUse if SQLite has no full-text search."""
    tables = read_flat_tables(source)
    note_losses(source, tables)
    note_rounded(source, tables)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        return _fill(connection, tables, read_sources(source.store))
    except sqlite3.OperationalError as error:
        if "fts5" not in str(error):
            raise
        message = "the SQLite library of this Python has no full-text search (FTS5); use another Python"
        raise WrongUse(message) from error
    finally:
        connection.close()


def _fill(connection: sqlite3.Connection, tables: Sequence[FlatTable], sources: Sequence[SourceInfo]) -> bytes:
    # Keep SQLite's own temporary files in memory too.
    for setting in (
        "temp_store = MEMORY",
        "page_size = 4096",
        "encoding = 'UTF-8'",
        "auto_vacuum = NONE",
        "foreign_keys = OFF",
    ):
        connection.execute(f"PRAGMA {setting}")
    connection.execute("BEGIN")
    columns = [(f"{quote(name)} TEXT", meaning) for name, meaning in _ABOUT_SOURCES.items()]
    connection.execute(_create(SOURCE_GRAPHS, "The sources of the graph.", columns, ['PRIMARY KEY ("name")']))
    # A store that does not describe its sources has none, so the column source refers to no row.
    told = [(one.name, *(text or None for text in astuple(one)[1:-1])) for one in sources]
    connection.executemany(f"INSERT INTO {SOURCE_GRAPHS} VALUES ({_marks(len(_ABOUT_SOURCES))})", told)
    names = {one.name for one in sources}
    for table in tables:
        _add_table(connection, table, names)
    for table in tables:
        for column in table.columns:
            if column.many:
                _add_links(connection, table, column, names)
    _add_search(connection, tables)
    connection.execute("COMMIT")
    _add_views(connection)
    connection.execute("VACUUM")
    data = bytearray(connection.serialize())
    for offset, value in _HEADER:
        data[offset : offset + 4] = value.to_bytes(4, "big")
    return bytes(data)


def _add_table(connection: sqlite3.Connection, table: FlatTable, sources: set[str]) -> None:
    single = [one for one in table.columns if not one.many]
    numbered = not table.key
    columns = [('"number" INTEGER', "Of the row.")] if numbered else []
    columns += [(f"{quote(one.name)} {_type(table, one)}", one.meaning) for one in single]
    key = ", ".join(quote(name) for name in table.key) if table.key else quote("number")
    constraints = [f"PRIMARY KEY ({key})"]
    for one in single:
        if target := _reference(table, one, sources):
            constraints.append(f"FOREIGN KEY ({quote(one.name)}) REFERENCES {target}")
    connection.execute(_create(table.name, table.meaning, columns, constraints))
    places = [place for place, one in enumerate(table.columns) if not one.many]
    rows = [
        [*([number] if numbered else []), *(_value(table.columns[place], row[place]) for place in places)]
        for number, row in enumerate(table.rows, 1)
    ]
    connection.executemany(f"INSERT INTO {quote(table.name)} VALUES ({_marks(len(columns))})", rows)
    for one in single:
        if one.references and list(table.key[:1]) != [one.name]:
            _add_index(connection, table.name, one.name)


def _add_links(connection: sqlite3.Connection, table: FlatTable, column: FlatColumn, sources: set[str]) -> None:
    """Add a table with one row for each value of a list column, named after table and column."""
    name = f"{table.name}_{column.name}"
    extra, own = list(table.key[1:]), table.name
    columns = [(f"{quote(own)} {'TEXT' if table.key else 'INTEGER'} NOT NULL", "")]
    columns += [(f"{quote(one)} TEXT NOT NULL", "") for one in (*extra, column.name)]
    referring = ", ".join(map(quote, [own, *extra]))
    referred = ", ".join(map(quote, table.key or ["number"]))
    constraints = [
        f"PRIMARY KEY ({referring}, {quote(column.name)})",
        f"FOREIGN KEY ({referring}) REFERENCES {quote(table.name)} ({referred})",
    ]
    if target := _reference(table, column, sources):
        constraints.append(f"FOREIGN KEY ({quote(column.name)}) REFERENCES {target}")
    connection.execute(_create(name, column.meaning, columns, constraints) + " WITHOUT ROWID")
    place = [one.name for one in table.columns].index(column.name)
    rows = [
        (*(table.key_of(row) or (number,)), value)
        for number, row in enumerate(table.rows, 1)
        for value in dict.fromkeys(parts(row[place]))
    ]
    connection.executemany(f"INSERT INTO {quote(name)} VALUES ({_marks(len(columns))})", rows)
    _add_index(connection, name, column.name)


def _add_search(connection: sqlite3.Connection, tables: Sequence[FlatTable]) -> None:
    connection.execute(
        f"CREATE VIRTUAL TABLE {SEARCH} USING fts5(name, text, in_table UNINDEXED, id UNINDEXED, source UNINDEXED, "
        'tokenize = "unicode61 remove_diacritics 2")'
    )
    for table in tables:
        wanted = [place for one in _TEXTS.get(table.name, ()) if (place := table.place(one)) is not None]
        ids = table.place("id")
        sources = next((place for one in _OF_SOURCES if (place := table.place(one)) is not None), None)
        if wanted and ids is not None:
            rows = [
                (row[wanted[0]].replace(BETWEEN, "; "),
                 "; ".join(part for place in wanted[1:] for part in parts(row[place])),
                 table.name, row[ids], "" if sources is None else row[sources].replace(BETWEEN, "; "))
                for row in table.rows if any(row[place] for place in wanted)
            ]  # fmt: skip
            connection.executemany(f"INSERT INTO {SEARCH} VALUES ({_marks(5)})", rows)
    connection.execute(f"INSERT INTO {SEARCH}({SEARCH}) VALUES ('optimize')")


def _add_views(connection: sqlite3.Connection) -> None:
    """Add the views, except those that need a missing table or column, for example in another project."""
    _, *views = VIEWS.read_text("utf-8").split("\nCREATE VIEW ")
    for view in views:
        name = view.split()[0]
        connection.execute(f"CREATE VIEW {view.strip().removesuffix(';')}")
        try:
            connection.execute(f"SELECT * FROM {name} LIMIT 0")
        except sqlite3.OperationalError:
            connection.execute(f"DROP VIEW {name}")


def _reference(table: FlatTable, column: FlatColumn, sources: set[str]) -> str:
    """Return the table, with its key, to which a column refers; empty if there is none."""
    if column.name in _OF_SOURCES and not column.references and set(table.values(column.name)) <= sources:
        return f'{SOURCE_GRAPHS} ("name")'
    return f'{quote(column.references)} ("id")' if column.references else ""


def _type(table: FlatTable, column: FlatColumn) -> str:
    return _MIXED.get((table.name, column.name)) or _TYPES.get(column.kind, "TEXT")


def _value(column: FlatColumn, cell: str) -> str | int | float | None:
    if not cell:
        return None
    if column.kind == "boolean":
        return int(cell == "true")
    return int(cell) if column.kind in INTEGERS else float(cell) if column.kind == "decimal" else cell


def _create(name: str, meaning: str, columns: Sequence[tuple[str, str]], constraints: Sequence[str]) -> str:
    """Return a CREATE statement with the meaning of table and columns as comments, which are kept in the schema."""
    lines = [*columns, *((one, "") for one in constraints)]
    body = "\n".join(
        f"  {line}{',' if number < len(lines) else ''}{f' -- {_comment(text)}' if text else ''}"
        for number, (line, text) in enumerate(lines, 1)
    )
    return f"CREATE TABLE {quote(name)} ( -- {_comment(meaning)}\n{body}\n)"


def _comment(text: str) -> str:
    return " ".join(text.replace("\x00", " ").split())


def _add_index(connection: sqlite3.Connection, table: str, column: str) -> None:
    connection.execute(f"CREATE INDEX {quote(f'{table}_by_{column}')} ON {quote(table)} ({quote(column)})")


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def quote(name: str) -> str:
    """Return a name as an SQL identifier.

    >>> quote('from')
    '"from"'
    """
    return '"' + name.replace('"', '""') + '"'

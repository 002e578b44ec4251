"""The tables of one source: its folder in, typed rows out, by the CSV on the Web metadata beside them.

A folder holds ``csv-metadata.json``, which names its tables and, by address, the shared schema of each.
Cells are read by the ``csvw`` package. Limit: one schema serves at most one table of a source.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from peru_asia_graph.errors import BadInput, Problem, suggest
from peru_asia_graph.sources.dates import parse_date
from peru_asia_graph.sources.textfile import Record, check_number, check_text, is_address, read_records, shown
from peru_asia_graph.vocabulary import EDTF, GRAPH

METADATA: Final = "csv-metadata.json"
MAX_SLUG: Final = 200
SLUG: Final = "[a-z0-9]+(-+[a-z0-9]+)*"
DATATYPES: Final = ("string", "boolean", "decimal", "integer", "positiveInteger", "nonNegativeInteger")
_LANGUAGE: Final = re.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
Cell = str | int | bool | Decimal | list[str] | None


@dataclass(frozen=True)
class Row:
    """One row: its line in the file and its cells by column name (None: empty)."""

    line: int
    cells: Mapping[str, Cell]

    def text(self, column: str) -> str:
        """Return the cell as text, empty when there is none."""
        value = self.cells.get(column)
        return "" if value is None else str(value)

    def items(self, column: str) -> list[str]:
        """Return the values of the cell, one or many."""
        value = self.cells.get(column)
        return value if isinstance(value, list) else [] if value is None else [str(value)]


@dataclass(frozen=True)
class Table:
    """One table: the file as shown in messages, its schema as CSVW says it, its rows.

    ``whole`` is false when a row or an id could not be read, so that nobody looks for what may stand there.
    """

    name: str
    file: str
    schema: Mapping[str, Any]
    rows: list[Row]
    expected_rows: int | None = None
    whole: bool = True

    @property
    def columns(self) -> list[Mapping[str, Any]]:
        """The column descriptions, virtual ones last."""
        columns: list[Mapping[str, Any]] = self.schema["columns"]
        return columns

    @property
    def key(self) -> list[str]:
        """The columns that tell a row from all others."""
        return primary_key(self.schema)


@dataclass(frozen=True)
class Source:
    """The tables of one folder and the named graph they go to."""

    slug: str
    graph: str
    tables: dict[str, Table]
    problems: list[Problem] = field(default_factory=list)


def read_sources(data: Path, schemas: Sequence[Path] = ()) -> list[Source]:
    """Read every folder of ``data`` that has metadata, in the order of their names.

    A schema that is not at the address its metadata gives is looked up by file name in the folders ``schemas``.
    """
    folders = sorted(path.parent for path in data.glob(f"*/{METADATA}"))
    if not folders:
        raise BadInput([Problem(show(data), 0, "", f"no folder with a {METADATA} in it", "name the data folder")])
    return [read_source(folder, schemas) for folder in folders]


def read_source(folder: Path, schemas: Sequence[Path] = ()) -> Source:
    """Read the tables of one folder; problems are collected, not raised."""
    try:
        group = read_group(folder / METADATA, schemas)
    except BadInput as error:
        return Source(folder.name, "", {}, error.problems)
    problems: list[Problem] = []
    tables: dict[str, Table] = {}
    for description in group["tables"]:
        path = folder / description["url"]
        file, schema = show(path), description["tableSchema"]
        records, found = read_records(path, file, folder.parent)
        rows, more = _read_rows(file, schema, records) if records else (None, [])
        problems += found + more
        whole = rows is not None and all(problem.warning for problem in found)
        whole = whole and all(column in row.cells for row in rows or () for column in primary_key(schema))
        tables[path.stem] = Table(path.stem, file, schema, rows or [], description.get("dc:extent"), whole)
    for path in sorted(folder.glob("*.csv")):
        if path.stem not in tables:
            message = f"no table of {METADATA}, so it was not read"
            problems.append(Problem(show(path), 0, "", message, "name it there or delete it", warning=True))
    return Source(folder.name, group["@id"], tables, problems)


def read_group(metadata: Path, schemas: Sequence[Path] = ()) -> dict[str, Any]:
    """Return the metadata with each table's shared schema put in its place; raise BadInput when it cannot be used."""
    group = _read_json(metadata)
    try:
        for table in group["tables"]:
            if isinstance(table["tableSchema"], str):
                table["tableSchema"] = _read_json(_find_schema(metadata.parent / table["tableSchema"], schemas))
        faults = list(_check_group(group))
    except (KeyError, TypeError, AttributeError) as error:
        faults = [f"not a table group of CSV on the Web ({type(error).__name__}: {error})"]
    if faults:
        raise BadInput([Problem(show(metadata), 0, "", fault, "see data/README.md") for fault in faults])
    checked: dict[str, Any] = group
    return checked


def _find_schema(named: Path, schemas: Sequence[Path]) -> Path:
    """Return the schema file named, or else the first file of that name in the folders ``schemas``."""
    candidates = [named, *(folder / named.name for folder in schemas)]
    return next((path for path in candidates if path.is_file()), named)


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise BadInput([Problem(show(path), error.lineno, "", f"not JSON ({error.msg})", "mend it there")]) from error
    except UnicodeDecodeError as error:
        raise BadInput([Problem(show(path), 0, "", "not UTF-8", "save the file as UTF-8")]) from error
    except OSError as error:
        message = f"the file cannot be read ({error.strerror})"
        raise BadInput([Problem(show(path), 0, "", message, "mend its name or its permissions")]) from error


def _check_group(group: Any) -> Iterator[str]:
    """Yield what would stop the tables from being read or made into triples."""
    if not re.fullmatch(re.escape(GRAPH) + SLUG, str(group["@id"])):
        yield f"'@id' is no graph's address; write {GRAPH} and a slug"
    stems = [Path(table["url"]).stem for table in group["tables"]]
    for stem in sorted({stem for stem in stems if stems.count(stem) > 1}):
        yield f"table '{stem}' stands twice; keep one"
    for table in group["tables"]:
        schema = table["tableSchema"]
        names = [str(column["name"]) for column in schema["columns"]]
        for name in sorted({*primary_key(schema)} - {*names}):
            yield f"{table['url']}: the primary key '{name}' is no column"
        for column in schema["columns"]:
            for fault in _check_column(column, "aboutUrl" in schema):
                yield f"{table['url']}, column '{column['name']}': {fault}"


def _check_column(column: Mapping[str, Any], to_triples: bool) -> Iterator[str]:
    if "lang" in column and not _LANGUAGE.fullmatch(column["lang"]):
        yield f"'{column['lang']}' is no language tag; write one as en or es-PE"
    if kind_of(column) not in {*DATATYPES, "date"}:
        yield f"the datatype is none of {', '.join(DATATYPES)}"
    if to_triples and not column.get("suppressOutput"):
        for name in ["propertyUrl", *(["valueUrl"] if column.get("virtual") else [])]:
            if not is_address(str(column.get(name))):
                yield f"{name} is no web address"


def primary_key(schema: Mapping[str, Any]) -> list[str]:
    """Return the columns that tell a row of this schema from all others."""
    key: str | list[str] = schema["primaryKey"]
    return [key] if isinstance(key, str) else key


def show(path: Path) -> str:
    """Return the path as a person would write it from here."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def _read_rows(file: str, schema: Mapping[str, Any], records: list[Record]) -> tuple[list[Row] | None, list[Problem]]:
    """Return the rows, None when the header is wrong, and the problems of cells."""
    (first, header), *body = records
    named = {column["name"]: column for column in schema["columns"] if not column.get("virtual")}
    if problems := list(_check_header(file, first, header, list(named))):
        return None, problems
    readers = _readers(json.dumps(schema))
    rows: list[Row] = []
    for line, texts in body:
        columns = header
        if len(texts) != len(header):
            message = f"{len(texts)} cells where the header has {len(header)}"
            remedy = "check commas and quotes, and whether the row was cut off"
            problems.append(Problem(file, line, "", message, remedy))
            columns = primary_key(schema)
            texts = [text for name, text in zip(header, texts, strict=False) if name in columns]
        cells: dict[str, Cell] = {}
        for name, text in zip(columns, texts, strict=False):
            try:
                check_text(text)
                cells[name] = _read_cell(readers[name], named[name], text)
            except ValueError as error:
                message, _, remedy = str(error).partition("; ")
                problems.append(Problem(file, line, name, message, remedy))
        rows.append(Row(line, cells))
    return rows, problems


@lru_cache(maxsize=64)
def _readers(schema: str) -> dict[str, Any]:
    """Return what reads the cells of each column; made once a schema, which takes longer than a small table."""
    from csvw.metadata import Schema

    return {column.name: column for column in Schema.fromvalue(json.loads(schema)).columns}


def _check_header(file: str, line: int, header: list[str], wanted: list[str]) -> Iterator[Problem]:
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield Problem(file, line, shown(name), "the column stands twice", "keep one")
    missing = [name for name in wanted if name not in header]
    for name in header:
        if name not in wanted:
            plain = name.strip().lower().replace(" ", "_")
            meant = [plain] if plain in missing else suggest(plain, missing)
            missing = [want for want in missing if want not in meant[:1]]
            remedy = f"write '{meant[0]}'" if meant else f"the columns are {', '.join(wanted)}"
            yield Problem(file, line, shown(name), "no column is called so", remedy)
    for name in missing:
        yield Problem(file, line, name, "the column is missing", "add it, empty if need be")


def kind_of(column: Mapping[str, Any]) -> str:
    """Return the kind of value a column holds: one of DATATYPES, or ``date``."""
    datatype = column.get("datatype", "string")
    if isinstance(datatype, str):
        return datatype
    return "date" if datatype.get("@id") == EDTF else str(datatype["base"])


def _form(column: Mapping[str, Any]) -> str:
    datatype: Any = column.get("datatype")
    return str(datatype.get("format", "")) if isinstance(datatype, dict) else ""


def _read_cell(reader: Any, column: Mapping[str, Any], text: str) -> Cell:
    kind = kind_of(column)
    if not text and column.get("required"):
        meaning = str(column.get("dc:description", "")).rstrip(".")
        raise ValueError(f"is empty; fill it in{f' ({meaning})' if meaning else ''}")
    if text and kind not in ("string", "date", "boolean"):
        check_number(text, kind == "decimal")
    if kind == "boolean" and text not in ("", "true", "false"):
        raise ValueError(f"'{text[:40]}' is neither true nor false; write true, false or nothing")
    try:
        value: Cell = reader.read(text)
    except ValueError as error:
        raise ValueError(_explain(str(error), column, text)) from error
    if kind == "string" and _form(column) == SLUG and max(map(len, text.split(";"))) > MAX_SLUG:
        raise ValueError(f"'{text[:40]}…' is over {MAX_SLUG} characters; shorten it")
    if isinstance(value, list) and not _is_clean(value):
        raise ValueError(f"'{text[:40]}' has an empty or repeated part; write each value once, with ';' between")
    if kind == "date" and text:
        parse_date(text)
    if str(column.get("valueUrl", "")).startswith("{+") and text and not is_address(text):
        raise ValueError(f"'{text[:60]}' is no web address; write one as https://example.org/x, without spaces")
    return value


def _is_clean(values: list[Any]) -> bool:
    return None not in values and len(set(values)) == len(values) and all(value == value.strip() for value in values)


def _explain(reason: str, column: Mapping[str, Any], text: str) -> str:
    if "must be >" in reason or "must be <" in reason:
        return f"'{text[:40]}' {reason.removeprefix('value ')}; check the number"
    if _form(column) == SLUG:
        return f"'{text[:60]}' is not a slug; write lower-case ASCII letters, digits and '-'"
    if _form(column):
        return f"'{text[:60]}' has not the form due here; write it as {_form(column)}"
    least = {"positiveInteger": "1", "nonNegativeInteger": "0"}.get(kind_of(column))
    if least is not None:
        return f"'{text[:40]}' must be >= {least}; check the number"
    return f"'{text[:60]}' does not fit the datatype {kind_of(column)}; see data/schema"

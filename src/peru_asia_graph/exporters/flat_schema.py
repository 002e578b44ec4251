"""The schema of the flat tables: type and meaning of each column, keys and references.

A column is described by the same column in the source table's schema, or in ``ontology/tables/columns.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

from peru_asia_graph.exporters.flat_tables import BETWEEN, SOURCES, flat_rows, listed, many_columns
from peru_asia_graph.exporters.format_registry import ExportInput
from peru_asia_graph.query.requirements import check_vocabulary
from peru_asia_graph.sources.metadata import kind_of
from peru_asia_graph.sources.schema_file import Schema, read_schema

COLUMNS: Final = "columns.json"
INTEGERS: Final = ("integer", "positiveInteger", "nonNegativeInteger")
_PATTERNS: Final = {
    **dict.fromkeys(INTEGERS, re.compile(r"-?[0-9]{1,18}")),
    "decimal": re.compile(r"-?[0-9]+(\.[0-9]+)?"),
    "boolean": re.compile("true|false"),
}
_KEY: Final = re.compile(r"^# key: (.*)$", re.MULTILINE)
_ANYTHING: Final = "ASK { { ?s ?p ?o } UNION { GRAPH ?graph { ?s ?p ?o } } }"


@dataclass(frozen=True)
class FlatColumn:
    """A column: ``kind`` is a datatype of `sources.metadata`; ``many`` says whether a cell contains a list of values.

    ``references`` is the table whose ids the values are; empty if they are not ids, or not all from one table.
    """

    name: str
    kind: str
    meaning: str = ""
    many: bool = False
    references: str = ""
    required: bool = False


@dataclass(frozen=True)
class FlatTable:
    """A flat table; every cell is a string, in which the values of a list are separated by BETWEEN.

    ``key`` is the primary key, empty if there is none.
    """

    name: str
    meaning: str
    columns: Sequence[FlatColumn]
    key: Sequence[str]
    rows: Sequence[Sequence[str]]

    def place(self, column: str) -> int | None:
        """Return the index of a column, or None if it does not exist."""
        return next((place for place, one in enumerate(self.columns) if one.name == column), None)

    def values(self, column: str) -> Iterator[str]:
        """Yield the values of a column, including every value of a list; none if the column does not exist."""
        place = self.place(column)
        if place is not None:
            for row in self.rows:
                yield from parts(row[place])

    def key_of(self, row: Sequence[str]) -> list[str]:
        return [row[place] for name in self.key if (place := self.place(name)) is not None]

    def ids(self) -> set[str]:
        return set(self.values("id"))


def parts(cell: str) -> list[str]:
    """Return the values of a cell.

    >>> parts("a\\x1fb"), parts("")
    (['a', 'b'], [])
    """
    return cell.split(BETWEEN) if cell else []


def read_flat_tables(source: ExportInput) -> list[FlatTable]:
    """Return all flat tables with their schema, by name.

    A column gets the type and reference in its definition only if all its values conform to them. Raises NothingStored
    for a store whose content does not use this vocabulary.
    """
    given = _read_json(source.ontology / "tables" / COLUMNS)
    definitions = _read_definitions(source.ontology / "peru-asia.ttl")
    tables = []
    for path in sorted((source.ontology / "tables").glob("*.rq")):
        query = path.read_text("utf-8")
        header, rows = source.flat(query, flat_rows)
        schema = read_schema(path.stem, source.schemas)
        many = {*many_columns(query), SOURCES}
        described = [_describe(path.stem, name, schema, given, definitions, name in many) for name in header]
        columns = [_fit_kind(one, [row[place] for row in rows]) for place, one in enumerate(described)]
        key = _find_key(listed(_KEY, query) or ["id"], header, rows)
        tables.append(FlatTable(path.stem, _meaning(query), columns, key, rows))
    if not any(table.rows for table in tables) and source.store.query(_ANYTHING).boolean:
        check_vocabulary(source.store, "export")
    return [_fit_references(table, tables) for table in tables]


def _describe(
    table: str, name: str, schema: Schema, given: Mapping[str, Schema], definitions: Mapping[str, str], many: bool
) -> FlatColumn:
    found: dict[str, Any] = next((dict(one) for one in schema["columns"] if one["name"] == name), {})
    for key in ("*.*_label",) * name.endswith("_label") + (f"*.{name}", f"{table}.{name}"):
        found |= given.get(key, {})
    foreign = {one["columnReference"]: one["reference"] for one in schema.get("foreignKeys", ())}
    referred = str(foreign[name]["schemaReference"]).removesuffix(".json") if name in foreign else ""
    meaning = found.get("dc:description") or definitions.get(str(found.get("propertyUrl")), "")
    references, required = str(found.get("references", referred)), bool(found.get("required"))
    return FlatColumn(name, kind_of(found), str(meaning), many, references, required)


def _fit_kind(column: FlatColumn, cells: Sequence[str]) -> FlatColumn:
    pattern = _PATTERNS.get(column.kind)
    fits = pattern is None or all(pattern.fullmatch(cell) for cell in cells if cell)
    kind = column.kind if fits and not column.many else "string"
    return replace(column, kind=kind, required=column.required and "" not in cells)


def _find_key(names: Sequence[str], header: Sequence[str], rows: Sequence[Sequence[str]]) -> Sequence[str]:
    """Return the columns of the primary key; empty if any is missing from the table or they are not unique."""
    places = [list(header).index(name) for name in names if name in header]
    keys = [tuple(row[place] for place in places) for row in rows]
    fits = len(places) == len(names) and len(set(keys)) == len(keys) and all(all(key) for key in keys)
    return names if fits else ()


def _fit_references(table: FlatTable, tables: Sequence[FlatTable]) -> FlatTable:
    ids = {one.name: one.ids() for one in tables if list(one.key) == ["id"]}
    columns = [
        one if set(table.values(one.name)) <= ids.get(one.references, set()) else replace(one, references="")
        for one in table.columns
    ]
    return replace(table, columns=columns)


def _meaning(query: str) -> str:
    comments = takewhile(lambda line: line.startswith("# "), query.splitlines())
    return " ".join(line[2:] for line in comments if not re.match(r"# (\w+:|merged$)", line))


def _read_json(file: Path) -> dict[str, Any]:
    found = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return found if isinstance(found, dict) else {}


def _read_definitions(ontology: Path) -> dict[str, str]:
    """Return the English definition of every ontology term by IRI."""
    from pyoxigraph import Literal, RdfFormat, parse

    from peru_asia_graph.vocabulary import expand

    wanted = expand("skos:definition")
    if not ontology.is_file():
        return {}
    return {
        str(getattr(quad.subject, "value", "")): quad.object.value
        for quad in parse(path=str(ontology), format=RdfFormat.TURTLE)
        if quad.predicate.value == wanted and isinstance(quad.object, Literal) and quad.object.language == "en"
    }

"""``datapackage.json`` for the flat tables: Frictionless Data Package 2.0, with a schema for each table.

It is generated from the tables' schemas in CSV on the Web and from the queries that define the flat tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.metadata import version
from typing import Any, Final

from peru_asia_graph.exporters.flat_losses import note_losses
from peru_asia_graph.exporters.flat_schema import INTEGERS, FlatColumn, FlatTable, parts, read_flat_tables
from peru_asia_graph.exporters.flat_tables import to_csv
from peru_asia_graph.exporters.format_registry import ExportInput
from peru_asia_graph.files.manifest import json_bytes
from peru_asia_graph.query.dataset import read_dataset
from peru_asia_graph.query.render import safe_cell
from peru_asia_graph.query.sources import SourceInfo, read_sources
from peru_asia_graph.views.words import licence_name
from peru_asia_graph.vocabulary import BASE, EDTF

FILE: Final = "datapackage.json"
FOLDER: Final = "tables"
_PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"
_TYPES: Final = {**dict.fromkeys(INTEGERS, "integer"), "decimal": "number", "boolean": "boolean"}
_LISTS: Final = ";"


def write(source: ExportInput, form: str, which: str = "") -> dict[str, bytes]:
    """Return the flat tables as CSV and ``datapackage.json``, by relative name."""
    tables = read_flat_tables(source)
    note_losses(source, tables)
    _note_csv(source, tables)
    files = {
        f"{FOLDER}/{table.name}.csv": to_csv([one.name for one in table.columns], table.rows).encode()
        for table in tables
    }
    return {FILE: describe(source, tables, files), **files}


def describe(source: ExportInput, tables: Sequence[FlatTable], files: Mapping[str, bytes]) -> bytes:
    """Return ``datapackage.json`` for these tables; ``files`` maps relative names to their CSV."""
    dataset, sources = read_dataset(source.store), read_sources(source.store)
    package: dict[str, Any] = {
        "$schema": _PROFILE,
        "name": "peru-asia-graph",
        "id": BASE.rstrip("/"),
        "title": dataset.title,
        "description": dataset.description,
        "version": version("peru-asia-graph"),
        "homepage": BASE,
        "licenses": [_licence(address) for address in dataset.licences],
        "contributors": [{"title": name, "roles": ["creator"]} for name in dataset.creators],
        "keywords": list(dataset.keywords),
        "sources": [_source(one) for one in sources],
        "resources": [_resource(table, files[f"{FOLDER}/{table.name}.csv"]) for table in tables],
    }
    return json_bytes({name: value for name, value in package.items() if value})


def _licence(address: str) -> dict[str, str]:
    name = licence_name(address, "en").replace(" ", "-")  # for example CC-BY-4.0
    return {**({"name": name} if name.startswith("CC") else {}), "path": address}


def _source(one: SourceInfo) -> dict[str, str]:
    told = {"title": one.title or one.name, "path": one.page, "version": one.date,
            "name": one.name, "citation": one.citation, "license": one.licence}  # fmt: skip
    return {name: text for name, text in told.items() if text}


def _resource(table: FlatTable, data: bytes) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(one) for one in table.columns], "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    # A list refers to several rows, which a foreign key in a table schema cannot express.
    single = [one for one in table.columns if one.references and not one.many]
    if single:
        schema["foreignKeys"] = [_foreign_key(one, table.name) for one in single]
    return {
        "name": table.name, "path": f"{FOLDER}/{table.name}.csv", "type": "table", "description": table.meaning,
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "bytes": len(data),
        "hash": f"sha256:{sha256(data).hexdigest()}", "schema": schema,
    }  # fmt: skip


def _field(column: FlatColumn) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": _TYPES.get(column.kind, "string")}
    if column.many:
        field |= {"type": "list", "delimiter": _LISTS, "itemType": "string"}
    elif column.kind == "date":
        field["rdfType"] = EDTF
    elif column.kind == "boolean":
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    if column.meaning:
        field["description"] = column.meaning
    if column.many and column.references:
        # The same structure as a foreign key; custom properties are allowed.
        field["references"] = {"resource": column.references, "fields": ["id"]}
    return field | ({"constraints": {"required": True}} if column.required else {})


def _foreign_key(column: FlatColumn, table: str) -> dict[str, Any]:
    # A self-reference is an empty string in version 1, the table's own name in version 2.
    resource = "" if column.references == table else column.references
    return {"fields": [column.name], "reference": {"resource": resource, "fields": ["id"]}}


def _note_csv(source: ExportInput, tables: Sequence[FlatTable]) -> None:
    """Report what CSV changes: list values with the separator in them, and text that a spreadsheet would execute."""
    for table in tables:
        for place, column in enumerate(table.columns):
            for row in table.rows:
                cell, where = row[place], row[0]
                if column.many:
                    for value in parts(cell):
                        if _LISTS in value:
                            reason = f"contains {_LISTS}, the separator between the values of a cell"
                            source.losses.add(table.name, column.name, reason, value, where)
                if cell and safe_cell(cell) != cell:
                    reason = "gets a leading apostrophe, so that spreadsheets do not execute it"
                    source.losses.add(table.name, column.name, reason, cell, where)

"""CSV on the Web metadata: the tables of a source, their schemas, and whether this package can read them.

A source lists its tables in ``csv-metadata.json``, each with its schema or the file of a shared one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from peru_asia_graph.errors import BadInput, Problem, WrongUse, raise_errors
from peru_asia_graph.files.manifest import json_bytes
from peru_asia_graph.paths import find_project
from peru_asia_graph.sources.cell_text import is_address
from peru_asia_graph.sources.dates import parse_moment
from peru_asia_graph.sources.schema_file import Schema, check_schema, read_json
from peru_asia_graph.vocabulary import EDTF, GRAPH

METADATA: Final = "csv-metadata.json"
# Only an imported source has this file.
PROVENANCE: Final = "import/import.json"
SLUG: Final = "[a-z0-9]+(-+[a-z0-9]+)*"
DATATYPES: Final = ("string", "boolean", "decimal", "integer", "positiveInteger", "nonNegativeInteger")
_DATATYPE_KEYS: Final = {
    "string": {"base", "@id", "format"},
    "boolean": {"base"},
    **{kind: {"base", "minimum", "maximum"} for kind in DATATYPES[2:]},
}
# Parts of CSV on the Web that change what a cell means and are not supported here.
_UNSUPPORTED: Final = ("aboutUrl", "default", "ordered")
# Optional properties of a schema or column that must be strings, and those that are URI templates.
_TEXTS: Final = ("name", "propertyUrl", "separator")
_TEMPLATES: Final = ("aboutUrl", "valueUrl")
_VARIABLE: Final = re.compile(r"\{[^}]*\}")
_OF_COLUMNS: Final = ("datatype", "default", "lang", "null", "propertyUrl", "required", "separator", "valueUrl")
# The properties of the table group that describe the source; in CSV on the Web, ``dc`` stands for the DCMI terms.
_ABOUT: Final = {
    "title": "dc:title", "short": "dc:alternative", "date": "dc:date", "as_of": "dc:valid",
    "citation": "dc:bibliographicCitation", "address": "schema:url",
}  # fmt: skip
_POSITION: Final = "schema:position"
# Names that no source may have: graphs written by the build, and the folder of a project's own schemas. "reference" is
# not one of them, because it is the folder as well as the graph of the code lists.
RESERVED: Final = {"description", "differences", "ontology", "schema", "shared"}
_LANGUAGE: Final = re.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")

Column = Mapping[str, Any]


@dataclass(frozen=True)
class TableDescription:
    """The description of one table in the metadata; ``schema_file`` is the file with its schema."""

    url: str
    schema: Schema
    schema_file: Path
    expected_rows: int | None

    @property
    def name(self) -> str:
        return Path(self.url).stem


@dataclass(frozen=True)
class About:
    """The description of the source in the metadata; missing values are empty strings.

    ``short`` is the name shown with citations, ``date`` the last day that the source covers, ``as_of`` the moment at
    which its undated statements held (a register has one, an essay has none). Sources are ordered by ``position``, then
    by name; the names and addresses of the first one are kept.
    """

    title: str = ""
    short: str = ""
    date: str = ""
    as_of: str = ""
    licence: str = ""
    citation: str = ""
    address: str = ""
    position: int = 1000


def read_metadata(path: Path, schemas: Sequence[Path] = ()) -> tuple[str, list[TableDescription], About]:
    """Return graph, tables and description from a ``csv-metadata.json``; raise BadInput if it cannot be used.

    A schema that is not at the given path is looked up by file name in the folders ``schemas``.
    """
    group = read_json(path)
    try:
        tables = _describe_all(group["tables"], path, schemas)
        about = _read_about(group)
        of_group = [*_check_group(group["@id"], tables), *_check_name(group["@id"]), *_check_about(about)]
        if not str(group.get(_POSITION, 0)).isdecimal():
            of_group.append(f"'{_POSITION}' is not a whole number; write one such as 3")
        faults = [(path, fault) for fault in of_group]
        faults += [(table.schema_file, fault) for table in tables for fault in _check_table(table)]
    except (KeyError, TypeError, AttributeError) as error:
        faults = [(path, f"not a CSV on the Web table group ({type(error).__name__}: {error})")]
    if faults:
        raise BadInput([Problem(show(file), 0, "", fault, "see data/README.md") for file, fault in faults])
    return group["@id"], tables, about


def _read_about(group: Mapping[str, Any]) -> About:
    licence = group.get("dc:license", "")
    texts = {name: str(group.get(key, "")) for name, key in _ABOUT.items()}
    address = licence.get("@id", "") if isinstance(licence, dict) else str(licence)
    position = str(group.get(_POSITION, ""))
    return About(**texts, licence=address, position=int(position) if position.isdecimal() else About.position)


def write_metadata(name: str, about: About, tables: Sequence[str]) -> bytes:
    """Return a ``csv-metadata.json``, without a position, for a source whose tables use the shared schemas."""
    licence = {"dc:license": {"@id": about.licence}} if about.licence else {}
    group = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "@id": GRAPH + name,
        **{key: text for field, key in _ABOUT.items() if (text := getattr(about, field))},
        **licence,
        "tables": [{"url": f"{table}.csv", "tableSchema": f"../schema/{table}.json"} for table in tables],
    }
    return json_bytes(group)


def written_columns(schema: Schema) -> dict[str, Column]:
    """Return the columns in the file of a table, by name; virtual columns are left out."""
    return {str(column["name"]): column for column in schema["columns"] if not column.get("virtual")}


def _check_name(graph: Any) -> Iterator[str]:
    """Yield a fault if the graph has a name that the build reserves."""
    name = str(graph).removeprefix(GRAPH)
    if name in RESERVED or name.startswith("derived"):
        yield f"'{name}' is reserved for the build; rename the folder and its graph"


def _check_about(about: About) -> Iterator[str]:
    """Yield a fault for each invalid date and address, and if the source claims to describe a moment after its date."""
    for key, text in (("dc:license", about.licence), ("schema:url", about.address)):
        if text and not is_address(text):
            yield f"'{key}' is not a web address; write one such as https://example.org/x"
    moments = []
    for key, text in (("dc:valid", about.as_of), ("dc:date", about.date)):
        try:
            if text:
                moments.append(parse_moment(text))
        except WrongUse:
            yield f"'{key}' is not a year, month or day; write 2025, 2025-02 or 2025-02-26"
    if len(moments) == 2 and moments[0].first > moments[1].last:
        yield "'dc:valid' is after 'dc:date', the last day that the source covers; correct one of them"


def _describe_all(listed: Sequence[Any], metadata: Path, schemas: Sequence[Path]) -> list[TableDescription]:
    """Return the descriptions of all tables; raise BadInput with the problems of all schemas."""
    tables: list[TableDescription] = []
    problems: list[Problem] = []
    for table in listed:
        try:
            tables.append(_describe(table, metadata, schemas))
        except BadInput as error:
            problems += error.problems
    raise_errors(problems)
    return tables


def _describe(table: Any, metadata: Path, schemas: Sequence[Path]) -> TableDescription:
    schema, file = table["tableSchema"], metadata
    if isinstance(schema, str):
        named = metadata.parent / schema
        candidates = [named, *(folder / named.name for folder in schemas)]
        file = next((path for path in candidates if path.is_file()), named)
        schema = read_json(file)
    return TableDescription(table["url"], check_schema(schema, file), file, table.get("dc:extent"))


def _check_group(graph: Any, tables: Sequence[TableDescription]) -> Iterator[str]:
    """Yield faults that would prevent all tables from being read."""
    if not re.fullmatch(re.escape(GRAPH) + SLUG, str(graph)):
        yield f"'@id' is not the address of a graph; write {GRAPH} and a slug"
    names = [table.name for table in tables]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"table '{name}' is listed twice; keep one"


def _check_table(table: TableDescription) -> Iterator[str]:
    """Yield faults that would prevent a table from being read or converted to triples."""
    columns = [str(column["name"]) for column in table.schema["columns"]]
    for name in sorted({name for name in columns if columns.count(name) > 1}):
        yield f"{table.url}: column '{name}' is described twice; keep one"
    for name in sorted({*primary_key(table.schema)} - {*columns}):
        yield f"{table.url}: the primary key '{name}' is not a column"
    for name in _OF_COLUMNS:
        if name in table.schema:
            yield f"{table.url}: '{name}' is supported only in columns, not in the schema as a whole"
    for fault in [*_check_texts(table.schema), *_check_foreign_keys(table.schema, columns)]:
        yield f"{table.url}: {fault}"
    for column in table.schema["columns"]:
        for fault in _check_column(column, "aboutUrl" in table.schema):
            yield f"{table.url}, column '{column['name']}': {fault}"


def _check_texts(described: Schema | Column) -> Iterator[str]:
    for name in _TEXTS:
        if not isinstance(described.get(name, ""), str):
            yield f"'{name}' is not a string"
    for name in _TEMPLATES:
        # Nothing is fixed in {+name} alone: the cell has the whole address.
        if name in described and (fixed := _VARIABLE.sub("", str(described[name]))) and not is_address(fixed):
            yield f"{name} is not a web address"


def _check_foreign_keys(schema: Schema, columns: Sequence[str]) -> Iterator[str]:
    for number, key in enumerate(schema.get("foreignKeys", ()), 1):
        given = key if isinstance(key, dict) else {}
        column, reference = given.get("columnReference"), given.get("reference")
        if not isinstance(column, str) or column not in columns:
            yield f"foreign key {number}: its columnReference is not a column of the table"
        if not isinstance(reference, dict) or not isinstance(reference.get("schemaReference"), str):
            yield f"foreign key {number}: its reference has no schemaReference, such as entities.json"


def _check_column(column: Column, to_triples: bool) -> Iterator[str]:
    yield from _check_texts(column)
    if "lang" in column and not _LANGUAGE.fullmatch(column["lang"]):
        yield f"'{column['lang']}' is not a language tag; write one such as en or es-PE"
    yield from _check_datatype(column)
    for name in _UNSUPPORTED:
        if name in column:
            yield f"'{name}' is not supported"
    if to_triples and not column.get("suppressOutput"):
        if not is_address(str(column.get("propertyUrl"))):
            yield "propertyUrl is not a web address"
        if column.get("virtual") and "valueUrl" not in column:
            yield "valueUrl is not a web address"


def _check_datatype(column: Column) -> Iterator[str]:
    datatype = column.get("datatype", "string")
    base = datatype if isinstance(datatype, str) else datatype["base"]
    if base not in DATATYPES:
        yield f"the datatype '{base}' is not one of {', '.join(DATATYPES)}"
        return
    if "separator" in column and base != "string":
        yield "only text columns can have a separator"
    if isinstance(datatype, str):
        return
    for name in sorted(datatype.keys() - _DATATYPE_KEYS[base]):
        yield f"'{name}' is not supported in the datatype {base}"
    try:
        re.compile(format_of(column))
    except re.error as error:
        yield f"the format is not a regular expression ({error})"
    for name in ("minimum", "maximum"):
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", str(datatype.get(name, 0))):
            yield f"the {name} is not a number"


def primary_key(schema: Schema) -> list[str]:
    key: str | list[str] = schema["primaryKey"]
    return [key] if isinstance(key, str) else key


def kind_of(column: Column) -> str:
    """Return the kind of value a column holds: one of DATATYPES, or ``date``."""
    datatype = column.get("datatype", "string")
    if isinstance(datatype, str):
        return datatype
    return "date" if datatype.get("@id") == EDTF else str(datatype["base"])


def format_of(column: Column) -> str:
    """Return the regular expression that the cells of a column must match, empty if there is none."""
    datatype: Any = column.get("datatype")
    return str(datatype.get("format", "")) if isinstance(datatype, dict) else ""


def show(path: Path) -> str:
    return find_project().shown(path)

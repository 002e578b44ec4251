"""The mapping of a foreign table: CSVW metadata that says what the columns mean; the columns in the table's header.

The role of a column is its ``propertyUrl``, a term of the ontology; a column without one is left out. For the table as
a whole, ``pag:ownedClass`` and ``pag:ownerClass`` are the classes of assets and owners (by default a mining project
and a firm), and ``pag:sheet`` is the sheet of a workbook.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from peru_asia_graph.errors import BadInput, Problem, raise_errors, suggest
from peru_asia_graph.files.manifest import json_bytes
from peru_asia_graph.importers.draft import Draft
from peru_asia_graph.importers.table_rows import is_workbook
from peru_asia_graph.paths import document
from peru_asia_graph.sources.csv_file import printable
from peru_asia_graph.vocabulary import expand

# The roles of columns: the term, and its description in prompts.
ROLES: Final[Mapping[str, str]] = {
    "owned": "what is owned (a mine, a block, a firm)",
    "owner": "the owners: one name per row, or several, such as 'A (60%); B (40%)'",
    "sharePercent": "the share in percent",
    "shareLow": "the lower bound of the share in percent",
    "shareHigh": "the upper bound of the share in percent",
    "homeState": "the country of the owner",
    "locatedIn": "the location of the asset",
    "validFrom": "the date from which the owner has held it",
    "validUntil": "the date until which the owner held it",
    "asOf": "the date of the row",
    "note": "a note",
    "seeAlso": "the URL of a web page about it",
}
_OTHER_NAMES: Final = {"note": "skos:note", "seeAlso": "rdfs:seeAlso"}
NEEDED: Final = ("owned", "owner")
CLASSES: Final = ("MiningProject", "HydrocarbonBlock", "InfrastructureProject", "Project", "Firm", "Organization",
                  "BusinessGroup", "GovernmentBody", "State", "Person")  # fmt: skip
# Maximum length of a mapping in characters.
_MOST: Final = 1_000_000
_BY_DEFAULT: Final = {"ownedClass": "MiningProject", "ownerClass": "Firm"}
# The supported values of the CSVW dialect.
_PLAIN: Final = {
    "encoding": "utf-8", "header": "true", "headerRowCount": "1", "skipRows": "0", "skipColumns": "0",
    "quoteChar": '"', "doubleQuote": "true",
}  # fmt: skip


@dataclass(frozen=True)
class TableMapping:
    """The title of the column for each role, the separator of owners in one cell, classes, delimiter and sheet."""

    titles: Mapping[str, str]
    separator: str = ";"
    classes: Mapping[str, str] = field(default_factory=lambda: dict(_BY_DEFAULT))
    delimiter: str = ","
    sheet: str = ""


def mapping_beside(path: Path) -> Path:
    """Return the path at which CSVW looks for the metadata of a file."""
    return Path(f"{path}-metadata.json")


def read_mapping(path: Path) -> TableMapping:
    """Read a mapping; raise BadInput with all its problems."""

    def problem(place: str, message: str, remedy: str = "") -> Problem:
        return Problem(str(path), 0, place, message, remedy or _remedy())

    if path.exists() and not path.is_file():
        raise BadInput([problem("", "is not a file", "name the mapping file")])
    try:
        with path.open(encoding="utf-8-sig") as file:
            found = json.loads(file.read(_MOST))
    except OSError as error:
        raise BadInput([problem("", f"cannot be read ({error.strerror})", "name the mapping file")]) from error
    except (ValueError, RecursionError) as error:
        raise BadInput([problem("", f"is not JSON ({error})")]) from error
    if not isinstance(found, dict):
        raise BadInput([problem("", "is not a JSON object")])
    problems: list[Problem] = []
    columns = _get(found, "tableSchema", "columns")
    columns = columns if isinstance(columns, list) else []
    titles = _titles(columns, str(path), problems)
    for role in NEEDED:
        if role not in titles:
            problems.append(problem("tableSchema", f"no column has the role pag:{role}: {ROLES[role]}"))
    classes = {name: str(found.get(f"pag:{name}", usual)) for name, usual in _BY_DEFAULT.items()}
    for name, value in classes.items():
        if value not in CLASSES:
            message = f"'{printable(value)}' is not a supported class"
            problems.append(problem(f"pag:{name}", message, f"use one of {', '.join(CLASSES)}"))
    problems.extend(_not_read(found, columns, str(path)))
    terms = ("pag:owner", expand("pag:owner"))
    owners = [one for one in columns if isinstance(one, dict) and one.get("propertyUrl") in terms]
    separator = str(owners[0].get("separator", ";")) if owners else ";"
    if len(separator) != 1:
        message = f"'{printable(separator)}' is not a single character" if separator else "is empty"
        problems.append(problem("separator", message, "give one character, such as ;"))
    raise_errors(problems)
    delimiter = _get(found, "dialect", "delimiter")
    return TableMapping(
        titles, separator, classes, delimiter if isinstance(delimiter, str) else ",",
        str(found.get("pag:sheet", "")),
    )  # fmt: skip


def _not_read(found: Any, columns: Sequence[Any], file: str) -> Iterator[Problem]:
    """Yield a problem for each CSVW setting in the mapping that is not supported."""
    for name, usual in _PLAIN.items():
        value = _get(found, "dialect", name)
        if value is not None and str(value).lower() != usual:
            message = f"is not supported; a table must have {name} = {usual}"
            yield Problem(file, 0, f"dialect/{name}", message, "save the table accordingly and remove this")
    for number, column in enumerate(columns, 1):
        for name in ("null", "default"):
            if _get(column, name) not in (None, "", [""], []):
                yield Problem(
                    file, 0, f"columns/{number}/{name}", "is not supported", "empty such cells and remove this"
                )


def _get(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _titles(columns: Sequence[Any], file: str, problems: list[Problem]) -> dict[str, str]:
    terms = {expand(_term(role)): role for role in ROLES} | {_term(role): role for role in ROLES}
    titles: dict[str, str] = {}
    for number, column in enumerate(columns, 1):
        place = f"columns/{number}"
        if not isinstance(column, dict):
            problems.append(Problem(file, 0, place, "is not the description of a column", _remedy()))
            continue
        title = column.get("titles", column.get("name", ""))
        title = title[0] if isinstance(title, list) and title else title
        term = column.get("propertyUrl")
        if term is None or column.get("suppressOutput") is True:
            continue
        role = terms.get(str(term))
        if role is None or not isinstance(title, str) or not title:
            message = f"'{printable(str(term))}' is not a supported role" if title else "has no titles"
            problems.append(Problem(file, 0, place, message, f"use {', '.join(map(_term, ROLES))}"))
        elif role in titles:
            problems.append(
                Problem(file, 0, place, f"a second column has the role {_term(role)}", "keep one of the two")
            )
        else:
            titles[role] = title
    return titles


def _remedy() -> str:
    return f"see 'Import any table' in {document('how-to/import.md')}"


def _term(role: str) -> str:
    return _OTHER_NAMES.get(role, f"pag:{role}")


def write_mapping(mapping: TableMapping, file: str, header: Sequence[str]) -> bytes:
    """Return a mapping as CSVW with every column of the table, including those without a role."""
    roles = {title: role for role, title in mapping.titles.items()}
    columns: list[dict[str, Any]] = []
    for title in header:
        column: dict[str, Any] = {"titles": title}
        if title in roles:
            column["propertyUrl"] = _term(roles[title])
            if roles[title] == "owner":
                column["separator"] = mapping.separator
        else:
            column["suppressOutput"] = True
        columns.append(column)
    made: dict[str, Any] = {"@context": "http://www.w3.org/ns/csvw", "url": file}
    if mapping.sheet:
        made["pag:sheet"] = mapping.sheet
    made |= {f"pag:{name}": value for name, value in mapping.classes.items()}
    made |= {"dialect": {"delimiter": mapping.delimiter}, "tableSchema": {"columns": columns}}
    return json_bytes(made)


def find_columns(path: Path, header: Sequence[str], mapping: TableMapping, draft: Draft) -> dict[str, int]:
    """Return the column index of each role; note every column of the mapping that the table does not have."""
    titles = mapping.titles
    places = {role: header.index(title) for role, title in titles.items() if header.count(title) == 1}
    near = {role: _similar(title, header) for role, title in titles.items() if role not in places}
    shown, other = _first_row(header, "" if is_workbook(path) else ";\t|,".replace(mapping.delimiter, ""))
    if not places and (other or not any(near.values())):
        message = f"no column of the mapping is in the first row ({shown})"
        choose = "choose another sheet with --sheet, " if is_workbook(path) else ""
        remedy = f"{choose}correct the mapping, or delete the rows above the header"
        draft.problems.add(str(path), 1, "", message, other or remedy)
    else:
        for role, meant in near.items():
            title = titles[role]
            twice = title in header
            times = "appears twice" if twice else "is missing" if meant else f"is missing (the first row is {shown})"
            remedy = f"did you mean '{meant}'?" if meant else "correct the mapping; the header is the first row"
            remedy = "give each column its own title" if twice else remedy
            draft.problems.add(str(path), 1, title, f"the column {times}", remedy)
    draft.problems.raise_any()
    return places


def _similar(title: str, header: Sequence[str]) -> str:
    """Return the title in the header that was probably meant; empty if there is none."""
    same = [one for one in header if one.casefold() == title.casefold()]
    return next(iter(same or suggest(title, list(header))), "")


def _first_row(header: Sequence[str], delimiters: str) -> tuple[str, str]:
    """Return the beginning of the first row for messages, and the remedy if it is no header but for its delimiter.

    ``delimiters`` are those that the table might have instead.
    """
    shown = ", ".join(map(printable, header[:6]))
    if header[0].startswith("sep="):
        return shown, "delete this line, which only Excel understands"
    if len(header) > 1 or not (found := next((one for one in delimiters if one in header[0]), "")):
        return shown, ""
    dialect = json.dumps({"dialect": {"delimiter": found}})[1:-1]
    return shown, f"the cells seem to be separated by {found!r}: add {dialect} to the mapping"

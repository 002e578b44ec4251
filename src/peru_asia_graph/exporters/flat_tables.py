"""The flat tables: each query in ``ontology/tables`` becomes a CSV file, sorted by its first column.

IRIs become slugs; multiple values in a cell are sorted. The columns are those of the query plus ``source`` after the
id: each source is queried separately. In a table of things (``# merged``), a thing in several sources has one row, with
``sources``. A table that compares two sources (``# sources: together``) is queried once; limited to some sources, it
has the rows that involve any of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from peru_asia_graph.errors import UnknownName
from peru_asia_graph.exporters.format_registry import ExportInput
from peru_asia_graph.query.render import write_separated
from peru_asia_graph.query.requirements import check_vocabulary
from peru_asia_graph.query.sources import parts_of, read_sources
from peru_asia_graph.store import Store
from peru_asia_graph.store.values import sort_parts, text

SOURCE: Final = "source"
SOURCES: Final = "sources"
_SIDES: Final = ("source_a", "source_b")
# The separator between the values of a cell until it is written: a character that does not occur in names.
BETWEEN: Final = "\x1f"
_MANY: Final = re.compile(r"^# many: (.*)$", re.MULTILINE)
_TOGETHER: Final = re.compile(r"^# sources: together$", re.MULTILINE)
_MERGED: Final = re.compile(r"^# merged$", re.MULTILINE)
_SEPARATOR: Final = re.compile(r'SEPARATOR=";"')
_SORT: Final = re.compile(r"^# sort: (.*)$", re.MULTILINE)


def write(source: ExportInput, form: str, which: str) -> bytes:
    """Return the flat table ``which`` as CSV; raise UnknownName if it does not exist."""
    folder = source.ontology / "tables"
    names = sorted(path.stem for path in folder.glob("*.rq"))
    if which not in names:
        raise UnknownName("table", which, names)
    query = (folder / f"{which}.rq").read_text("utf-8")
    if source.whole is not None and _TOGETHER.search(query):
        named = {one.name for one in read_sources(source.store)}
        header, rows = flat_rows(source.whole, query)
        sides = [place for place, name in enumerate(header) if name in _SIDES]
        rows = [row for row in rows if named & {row[place] for place in sides}]
    else:
        header, rows = source.flat(query, flat_rows)
    if not rows:
        check_vocabulary(source.store, "table")
    return to_csv(header, rows).encode()


def to_csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows of a flat table as CSV, with `;` between multiple values in a cell."""
    return write_separated(header, [[cell.replace(BETWEEN, ";") for cell in row] for row in rows])


def flat_rows(store: Store, query: str) -> tuple[Sequence[str], list[list[str]]]:
    """Return the columns and sorted rows of one flat table; cells are strings, with BETWEEN between values."""
    query = _SEPARATOR.sub(rf'SEPARATOR="\\u{ord(BETWEEN):04X}"', query)
    merged, keys = _MERGED.search(query) is not None, listed(_SORT, query)
    if _TOGETHER.search(query):
        header, rows = _source_rows(store, query)
        return header, _sort(rows, range(len(header)))
    found = [_with_source(*_source_rows(part, query), str(said.get("said_in", "")), merged)
             for part, said in parts_of(store)]  # fmt: skip
    header = found[0][0]
    rows = [row for _, part in found for row in part]
    if merged:
        rows = _merge(rows, [list(header).index(name) for name in (SOURCES, *many_columns(query))])
    return header, _sort(rows, [list(header).index(name) for name in keys] or [0])


def _sort(rows: list[list[str]], keys: Sequence[int]) -> list[list[str]]:
    def key(row: list[str]) -> tuple[list[str], list[str]]:
        cells = [cell.replace(BETWEEN, ";") for cell in row]
        return [cells[place] for place in keys], cells

    return sorted(rows, key=key)


def _with_source(
    header: Sequence[str], rows: list[list[str]], source: str, merged: bool
) -> tuple[Sequence[str], list[list[str]]]:
    """Return the table with a source column, after the id if there is one."""
    if SOURCE in header:
        return header, rows
    place = int(header[0] == "id")
    names = [*header[:place], SOURCES if merged else SOURCE, *header[place:]]
    return names, [[*row[:place], source, *row[place:]] for row in rows]


def _merge(rows: list[list[str]], many: Sequence[int]) -> list[list[str]]:
    """Return one row per id, with all values of the multi-valued columns and the first value of the others."""
    found: dict[str, list[str]] = {}
    for row in rows:
        known = found.setdefault(row[0], row)
        if known is not row:
            cells = enumerate(zip(known, row, strict=True))
            found[row[0]] = [
                BETWEEN.join(dict.fromkeys([*one.split(BETWEEN), *other.split(BETWEEN)])).strip(BETWEEN)
                if place in many
                else one or other
                for place, (one, other) in cells
            ]
    return list(found.values())


def _source_rows(store: Store, query: str) -> tuple[Sequence[str], list[list[str]]]:
    answer = store.query(query)
    many = set(many_columns(query))
    rows = [
        [
            sort_parts(text(cell), BETWEEN) if name in many else text(cell)
            for name, cell in zip(answer.variables, row, strict=True)
        ]
        for row in answer.table()
    ]
    return answer.variables, rows


def many_columns(query: str) -> list[str]:
    return listed(_MANY, query)


def listed(pattern: re.Pattern[str], query: str) -> list[str]:
    """Return the words listed in a comment of a query; empty without that comment."""
    match = pattern.search(query)
    return match[1].split() if match else []

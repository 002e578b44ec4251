"""The flat tables: each query of ``ontology/tables`` to one CSV file, sorted by its first column.

Addresses become slugs; the values of a cell with several are sorted. The columns are those the query selects.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from peru_asia_graph.errors import UnknownName
from peru_asia_graph.exporters.format_registry import ExportInput
from peru_asia_graph.query.render import write_separated
from peru_asia_graph.query.requirements import check_vocabulary
from peru_asia_graph.store import Store
from peru_asia_graph.store.values import sort_parts, text

_MANY: Final = re.compile(r"^# many: (.*)$", re.MULTILINE)
_SORT: Final = re.compile(r"^# sort: (.*)$", re.MULTILINE)


def write(source: ExportInput, form: str, which: str) -> bytes:
    """Return the flat table ``which`` as CSV; raise UnknownName when there is none."""
    folder = source.ontology / "tables"
    names = sorted(path.stem for path in folder.glob("*.rq"))
    if which not in names:
        raise UnknownName("table", which, names)
    header, rows = flat_rows(source.store, (folder / f"{which}.rq").read_text("utf-8"))
    if not rows:
        check_vocabulary(source.store, "table")
    return write_separated(header, rows).encode()


def flat_table(store: Store, query: str) -> str:
    """Return one flat table as CSV text."""
    header, rows = flat_rows(store, query)
    return write_separated(header, rows)


def flat_rows(store: Store, query: str) -> tuple[Sequence[str], list[list[str]]]:
    """Return the columns and sorted rows of one flat table, every cell as text."""
    answer = store.query(query)
    many = set(_listed(_MANY, query))
    keys = [answer.variables.index(name) for name in _listed(_SORT, query)] or [0]
    rows = [
        [
            sort_parts(text(cell), ";") if name in many else text(cell)
            for name, cell in zip(answer.variables, row, strict=True)
        ]
        for row in answer.table()
    ]
    return answer.variables, sorted(rows, key=lambda row: ([row[key] for key in keys], row))


def _listed(pattern: re.Pattern[str], query: str) -> list[str]:
    match = pattern.search(query)
    return match[1].split() if match else []

"""Fetch results with many rows page by page, because a server may limit or truncate a response.

Keyset pagination: each page starts after the last key of the previous one, so that the server never skips rows (as
with OFFSET) and none are lost. The query must not declare prefixes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Final

from peru_asia_graph.errors import StoreUnreachable
from peru_asia_graph.store.results import Result, ResultRow

# Virtuoso sorts at most 10,000 rows, and by default returns no more.
PAGE: Final = 10_000


def all_pages(run: Callable[[str], Result], text: str, key: str, page: int | None = None) -> Result:
    """Return all rows of a query, fetched ``page`` rows at a time and sorted by the IRI variable ``key``.

    Raises StoreUnreachable if the rows of a single key do not fit on a page.
    """
    page = PAGE if page is None else page
    rows: list[ResultRow] = []
    variables: Sequence[str] = ()
    after = ""
    while True:
        condition = f"FILTER(STR(?{key}) > {json.dumps(after)})"
        result = run(f"SELECT * WHERE {{ {{ {text}\n}} {condition} }} ORDER BY STR(?{key}) LIMIT {page}")
        variables = variables or _in_order(result.variables, text)
        columns = [list(result.variables).index(name) for name in variables]
        found: list[ResultRow] = [[row[column] for column in columns] for row in result.rows]
        if len(found) < page:
            return Result(variables, rows + found)
        key_column = list(variables).index(key)
        last = _text(found[-1], key_column)
        # The rows of the last key may continue on the next page, so fetch them again with it.
        complete = [row for row in found if _text(row, key_column) != last]
        if not complete:
            raise StoreUnreachable(f"{last} has more than {page:,} rows, the limit of a page")
        rows += complete
        after = _text(complete[-1], key_column)


def _in_order(names: Sequence[str], text: str) -> list[str]:
    """Return the variables in query order; engines order the columns of SELECT * differently.

    >>> _in_order(["n", "key"], "SELECT ?key (COUNT(?x) AS ?n) WHERE { ?x ?p ?key }")
    ['key', 'n']
    """
    head = re.split(r"\{", text, maxsplit=1)[0]
    positions = {name: [match.start() for match in re.finditer(rf"[?$]{re.escape(name)}\b", head)] for name in names}
    return sorted(names, key=lambda name: positions[name][-1:] or [len(head)])


def _text(row: ResultRow, column: int) -> str:
    term = row[column]
    return "" if term is None else term.value

"""Answers of many rows, page by page: a server may allow only so many at once, or cut an answer short.

A query and the variable that tells its rows apart in, rows out. Pages go on behind the last key, not by OFFSET, so that
each is found at once and none is lost. Limit: the query declares no prefixes, and the rows of one key fit on a page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Final

from peru_asia_graph.errors import StoreUnreachable
from peru_asia_graph.store.results import Result, Row

# What every server gives: Virtuoso sorts no more than ten thousand rows, and gives no more unless it is told to.
PAGE: Final = 10_000


def all_pages(ask: Callable[[str], Result], text: str, key: str, page: int | None = None) -> Result:
    """Return the whole answer of a query, fetched a page at a time; sorted by ``key``, an address."""
    page = PAGE if page is None else page
    rows: list[Row] = []
    variables: Sequence[str] = ()
    after = ""
    while True:
        behind = f"FILTER(STR(?{key}) > {json.dumps(after)})"
        answer = ask(f"SELECT * WHERE {{ {{ {text}\n}} {behind} }} ORDER BY STR(?{key}) LIMIT {page}")
        variables = variables or _in_order(answer.variables, text)
        places = [list(answer.variables).index(name) for name in variables]
        found: list[Row] = [[row[place] for place in places] for row in answer.rows]
        if len(found) < page:
            return Result(variables, rows + found)
        at = list(variables).index(key)
        last = _text(found[-1], at)
        # The last key's rows may go on over the page's end: it is asked for again.
        kept = [row for row in found if _text(row, at) != last]
        if not kept:
            raise StoreUnreachable(f"{last} has over {page:,} rows; a page holds no more")
        rows += kept
        after = _text(kept[-1], at)


def _in_order(names: Sequence[str], text: str) -> list[str]:
    """Return the variables in the order the query names them; of SELECT * each engine makes an order of its own.

    >>> _in_order(["n", "key"], "SELECT ?key (COUNT(?x) AS ?n) WHERE { ?x ?p ?key }")
    ['key', 'n']
    """
    head = re.split(r"\{", text, maxsplit=1)[0]
    places = {name: [match.start() for match in re.finditer(rf"[?$]{re.escape(name)}\b", head)] for name in names}
    return sorted(names, key=lambda name: places[name][-1:] or [len(head)])


def _text(row: Row, at: int) -> str:
    term = row[at]
    return "" if term is None else term.value

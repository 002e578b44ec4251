"""Analytic queries answered from columns: sums, counts, orders and conditions over all rows of a large store.

A query goes in; out comes Oxigraph's kind of answer, made from a list of the rows found, or None when the engine is to
answer by itself. Limit: for stores that do not change; what is read stays in memory.
"""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

if TYPE_CHECKING:
    from peru_asia_graph.store.columnar.summary import Row
    from peru_asia_graph.store.columnar.tables import Tables

# Most queries are none of these, and need no closer look.
_HINT: Final = re.compile(r"construct|distinct|filter|group\s+by|order\s+by|(?:count|sum|min|max)\s*\(", re.IGNORECASE)
_MOST_CELLS: Final = 100_000


class Columns:
    """The columns of one store, read as queries need them."""

    def __init__(self, store: ox.Store, few: int = 1_000) -> None:
        self._store = store
        # With a pattern of fewer triples the engine is left alone: it begins there.
        self._few = few
        self._tables: Tables | None = None
        self._lock = threading.Lock()

    def answer(self, text: str) -> Any:
        """Return the answer as Oxigraph does, None when the engine should give it."""
        if not _HINT.search(text):
            return None
        from peru_asia_graph.store.columnar.analytic import read_analytic

        query = read_analytic(text)
        if query is None:
            return None
        from peru_asia_graph.store.columnar.filters import passing
        from peru_asia_graph.store.columnar.join import solve
        from peru_asia_graph.store.columnar.summary import summarise
        from peru_asia_graph.store.columnar.tables import NotInColumns, Tables

        with self._lock:
            try:
                self._tables = self._tables or Tables(self._store, self._few)
                found = solve(self._tables, query.patterns, query.optionals)
                for condition in query.filters:
                    found = found.only(passing(condition, found, self._tables.lexicon))
                rows = summarise(query, found, self._tables.lexicon, _MOST_CELLS)
            except NotInColumns:
                return None
            except MemoryError:
                self._tables = None
                return None
        # Listed by an empty store: one with data would look each term up.
        return ox.Store().query(_listing([output.name for output in query.outputs], rows, query.template))


def _listing(names: list[str], rows: list[Row], template: str) -> str:
    variables = " ".join(f"?{name}" for name in names)
    cells = b"".join(b"(" + b" ".join(b"UNDEF" if term is None else term for term in row) + b")\n" for row in rows)
    head = f"CONSTRUCT {{ {template} }}" if template else f"SELECT {variables}"
    return f"{head} WHERE {{ VALUES ({variables}) {{ {cells.decode('utf-8')} }} }}"

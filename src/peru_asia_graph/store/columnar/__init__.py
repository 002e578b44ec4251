"""Analytic queries answered from columns: sums, counts, orders and conditions over all rows of a large store.

A query goes in; out comes Oxigraph's kind of answer, made from a list of the rows found, or None when the engine is to
answer by itself. Columns are read once the engine has spent about as long on such questions as the reading takes, so
who asks once does not wait. Limit: for stores that do not change; what is read stays in memory.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from peru_asia_graph.store.columnar.analytic import Analytic, read_analytic
from peru_asia_graph.store.columnar.marks import divide
from peru_asia_graph.vocabulary import THING

if TYPE_CHECKING:
    from peru_asia_graph.store.columnar.summary import Row
    from peru_asia_graph.store.columnar.tables import Tables

# Most queries hold none of these words, and need no closer look; where one names a thing, the engine begins there.
_WORDS: Final = ("construct", "distinct", "filter", "group", "order", "count", "sum", "min", "max")
_NAMES: Final = ("id:", THING)
# An engine that takes less is quick enough.
_BRIEF: Final = 0.002
_MOST_CELLS: Final = 100_000
_MOST_KNOWN: Final = 10_000
# Seconds the engine may spend on questions of the same columns before these are read: about what it takes to load
# numpy; once it is loaded, a part of that.
PATIENCE: Final = 0.1
_PART: Final = 0.1


class Columns:
    """The columns of one store, read as queries need them."""

    def __init__(self, store: ox.Store, patience: float = PATIENCE) -> None:
        self._store = store
        self._patience = patience
        self._spent: defaultdict[frozenset[Any], float] = defaultdict(float)
        self._tables: Tables | None = None
        self._lock = threading.Lock()
        # Queries that turned out to be the engine's.
        self._others: set[str] = set()

    def note(self, text: str, seconds: float) -> None:
        """Take in how long the engine took for a query."""
        query = read_analytic(text) if seconds > _BRIEF and may_be_analytic(text) else None
        if query is not None and (query.tables in self._spent or len(self._spent) < _MOST_KNOWN):
            self._spent[query.tables] += seconds

    def answer(self, text: str) -> Any:
        """Return the answer as Oxigraph does, None when the engine should give it."""
        query = read_analytic(text) if may_be_analytic(text) else None
        if query is None or text in self._others or not self._is_time(query):
            return None
        from peru_asia_graph.store.columnar.tables import NotInColumns

        with self._lock:
            try:
                rows = self._rows(query)
                # Listed by an empty store: one with data would look each term up.
                return ox.Store().query(_listing([output.name for output in query.outputs], rows, query.template))
            except (NotInColumns, SyntaxError):
                # A term may be one that was taken in unchecked and that no query can name.
                if len(self._others) < _MOST_KNOWN:
                    self._others.add(text)
            except MemoryError:
                self._tables = None
        return None

    def _is_time(self, query: Analytic) -> bool:
        spent = self._spent.get(query.tables, 0.0)
        if self._tables is None:
            return spent >= self._patience
        return spent >= self._patience * _PART or self._tables.have(query.tables)

    def _rows(self, query: Analytic) -> list[Row]:
        from peru_asia_graph.store.columnar.filters import passing
        from peru_asia_graph.store.columnar.join import solve
        from peru_asia_graph.store.columnar.summary import summarise
        from peru_asia_graph.store.columnar.tables import Tables

        self._tables = self._tables or Tables(self._store)
        found = solve(self._tables, query.patterns, query.optionals)
        for condition in query.filters:
            found = found.only(passing(condition, found, self._tables.lexicon))
        return summarise(query, found, self._tables.lexicon, _MOST_CELLS)


def may_be_analytic(text: str) -> bool:
    """Return whether a query deserves a closer look.

    >>> may_be_analytic("SELECT DISTINCT ?s { ?s ?p ?o }"), may_be_analytic("SELECT DISTINCT ?o { id:peru ?p ?o }")
    (True, False)
    """
    body = divide(text)[1].lower()
    return any(word in body for word in _WORDS) and not any(name in body for name in _NAMES)


def _listing(names: list[str], rows: list[Row], template: str) -> str:
    variables = " ".join(f"?{name}" for name in names)
    cells = b"".join(b"(" + b" ".join(b"UNDEF" if term is None else term for term in row) + b")\n" for row in rows)
    head = f"CONSTRUCT {{ {template} }}" if template else f"SELECT {variables}"
    return f"{head} WHERE {{ VALUES ({variables}) {{ {cells.decode('utf-8')} }} }}"

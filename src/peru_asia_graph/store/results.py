"""What a query answers: terms, rows, and how they become Python values and pandas frames.

Limit: an answer is held in memory, whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from peru_asia_graph.store.values import Value, html_table
from peru_asia_graph.vocabulary import XSD, local, shorten

if TYPE_CHECKING:
    import pandas as pd

_INTEGERS: Final = {XSD + name for name in ("integer", "int", "long", "positiveInteger", "nonNegativeInteger")}
_FLOATS: Final = {XSD + "double", XSD + "float"}
_NAN_SPELLINGS: Final = {"INF": "inf", "-INF": "-inf", "NaN": "nan"}


class Term(NamedTuple):
    """One RDF term: ``kind`` is ``iri``, ``literal`` or ``bnode``; literals have a datatype and perhaps a language."""

    kind: str
    value: str
    datatype: str = ""
    language: str = ""

    def python(self) -> Value:
        """Return the Python value: int, Decimal, float, bool, or str for all else.

        >>> Term("literal", "33.75", XSD + "decimal").python()
        Decimal('33.75')
        """
        if self.datatype in _INTEGERS:
            return int(self.value)
        if self.datatype == XSD + "decimal":
            return Decimal(self.value)
        if self.datatype in _FLOATS:
            return float(_NAN_SPELLINGS.get(self.value, self.value))
        if self.datatype == XSD + "boolean":
            return self.value in ("true", "1")
        return self.value

    def short(self) -> str:
        """Return the text a person reads: the slug or local name of our addresses, a prefixed name, else the value."""
        if self.kind != "iri":
            return self.value
        own = local(self.value)
        return own if own != self.value else shorten(self.value)


Triple = tuple[Term, Term, Term]
Row = Sequence[Term | None]


class Rows(Sequence[Row]):
    """Rows of a store's own terms read as ours when they are looked at, each different term once."""

    def __init__(self, raw: Sequence[Any], term_of: Callable[[Any], Term]) -> None:
        self._raw: Sequence[Any] = raw
        self._term_of = term_of
        self._read: list[list[Term | None]] | None = None

    def __len__(self) -> int:
        return len(self._raw)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._all())

    def __getitem__(self, place: Any) -> Any:
        return self._all()[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._all() == [list(row) for row in other]

    def __repr__(self) -> str:
        return repr(self._all())

    def _all(self) -> list[list[Term | None]]:
        if self._read is None:
            self._read = self.map(lambda term: term)
        return self._read

    def map(self, read: Callable[[Term], Any]) -> list[list[Any]]:
        """Return the rows with every term read; None stays None."""
        known = _Known(lambda raw: read(self._term_of(raw)))
        return [[known[raw] for raw in row] for row in self._raw]


class _Known(dict[Any, Any]):
    """What has been read, by what it was read from: many terms of an answer are the same."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__({None: None})
        self._read = read

    def __missing__(self, raw: Any) -> Any:
        found = self[raw] = self._read(raw)
        return found


@dataclass(frozen=True)
class Result:
    """The answer to a query.

    ``variables`` and ``rows`` (None: unbound) for SELECT, ``boolean`` for ASK, ``triples`` for CONSTRUCT and DESCRIBE.
    """

    variables: Sequence[str] = ()
    rows: Sequence[Row] = ()
    boolean: bool | None = None
    triples: Sequence[Triple] | None = None

    def __iter__(self) -> Iterator[dict[str, Value | None]]:
        """Yield one dictionary of Python values a row, addresses of ours as slugs."""
        for row in self.table():
            yield dict(zip(self.variables, row, strict=True))

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        """Return the answer of ASK; otherwise whether anything was found."""
        return self.boolean if self.boolean is not None else bool(self.rows or self.triples)

    def table(self) -> list[list[Value | None]]:
        """Return the rows as Python values, addresses of ours as slugs."""
        if isinstance(self.rows, Rows):
            return self.rows.map(_read)
        return [[None if term is None else _read(term) for term in row] for row in self.rows]

    def to_pandas(self) -> pd.DataFrame:
        """Return a frame with one column a variable.

        Integers become ``Int64``, decimals and doubles ``Float64``, booleans ``boolean``, all else ``string``; a column
        of several kinds is ``object``. Exact decimals stay in ``table()``.
        """
        import pandas as pd

        columns = {name: _series([row[index] for row in self.rows]) for index, name in enumerate(self.variables)}
        return pd.DataFrame(columns)

    def _repr_html_(self) -> str:
        """Return a table for notebooks, every text escaped."""
        if self.boolean is not None:
            return f"<p>{str(self.boolean).lower()}</p>"
        if self.triples is not None:
            triples = [[term.short() for term in triple] for triple in self.triples]
            return html_table(["subject", "predicate", "object"], triples)
        return html_table(self.variables, self.table())


def from_rows(variables: Sequence[str], rows: Sequence[Sequence[Value | None]]) -> Result:
    """Return rows of Python values as a result; text stays text.

    >>> from_rows(["share"], [[Decimal("27")]]).table()
    [[Decimal('27')]]
    """
    return Result(variables, [[None if value is None else _literal(value) for value in row] for row in rows])


def _literal(value: Value) -> Term:
    if isinstance(value, bool):
        return Term("literal", str(value).lower(), XSD + "boolean")
    if isinstance(value, int):
        return Term("literal", str(value), XSD + "integer")
    if isinstance(value, (Decimal, float)):
        return Term("literal", f"{Decimal(str(value)):f}", XSD + "decimal")
    return Term("literal", value, XSD + "string")


def _read(term: Term) -> Value:
    return term.short() if term.kind == "iri" else term.python()


def _series(terms: Sequence[Term | None]) -> pd.Series:
    import pandas as pd

    values = [None if term is None else _read(term) for term in terms]
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {str}:
        return pd.Series(values, dtype="string")
    if kinds == {int}:
        return pd.Series(values, dtype="Int64")
    if kinds == {bool}:
        return pd.Series(values, dtype="boolean")
    if kinds <= {int, Decimal, float}:
        return pd.Series([None if value is None else float(value) for value in values], dtype="Float64")
    return pd.Series(values, dtype="object")

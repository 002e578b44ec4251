"""Query results: RDF terms and rows, and their conversion to Python values and pandas data frames."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple, SupportsIndex, overload

from peru_asia_graph.store.literals import fits_64_bits, python_value
from peru_asia_graph.store.values import Value, html_notes, html_table, text
from peru_asia_graph.vocabulary import XSD, local, shorten

if TYPE_CHECKING:
    import pandas as pd

_VALUE: Callable[[Any], str] = attrgetter("value")


class Term(NamedTuple):
    """One RDF term: ``kind`` is ``iri``, ``literal``, ``bnode`` or ``triple``.

    Literals have a datatype and may have a language, with an optional direction (``ltr``, ``rtl``). A triple term of
    RDF 1.2 has its three ``parts``; its value is the N-Triples form.
    """

    kind: str
    value: str
    datatype: str = ""
    language: str = ""
    direction: str = ""
    parts: tuple[Any, ...] = ()

    def python(self) -> Value:
        """Return the Python value: int, Decimal, float or bool for a literal, str for everything else.

        If the text of a literal is invalid for its datatype, such as ``"True"^^xsd:boolean``, the value is the text.

        >>> Term("literal", "33.75", XSD + "decimal").python()
        Decimal('33.75')
        """
        return python_value(self.value, self.datatype) if self.kind == "literal" else self.short()

    def short(self) -> str:
        """Return a short form: the slug or local name of an IRI in this graph, a prefixed name, or the value.

        >>> Term("bnode", "b1").short()
        '_:b1'
        """
        if self.kind == "literal":
            return self.value
        if self.kind == "bnode":
            return f"_:{self.value}"
        if self.kind == "triple":
            return "<<( {} {} {} )>>".format(*(_quoted(part) for part in self.parts))
        own = local(self.value)
        return own if own != self.value else shorten(self.value)


def _quoted(part: Term) -> str:
    return f'"{part.value}"' if part.kind == "literal" else part.short()


Triple = tuple[Term, Term, Term]
ResultRow = Sequence[Term | None]


class ResultRows(Sequence[ResultRow]):
    """Rows of engine terms that are converted on first use, each distinct term once; pickled as a list."""

    def __init__(self, raw: Sequence[Any], term_of: Callable[[Any], Term]) -> None:
        self._raw: Sequence[Any] = raw
        self._term_of = term_of
        self._converted: list[list[Term | None]] | None = None

    def __len__(self) -> int:
        return len(self._raw)

    def __iter__(self) -> Iterator[ResultRow]:
        return iter(self._all())

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return ResultRows(self._raw[index], self._term_of)
        return self._all()[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._all() == [list(row) for row in other]

    def __reduce__(self) -> tuple[type[list[Any]], tuple[list[list[Term | None]]]]:
        return list, (self._all(),)

    def __repr__(self) -> str:
        return repr(self._all())

    def _all(self) -> list[list[Term | None]]:
        if self._converted is None:
            cache = _TermCache(self._term_of)
            self._converted = [[cache[raw] for raw in row] for row in self._raw]
        return self._converted

    def map(self, convert: Callable[[Term], Any]) -> list[list[Any]]:
        """Return the rows with ``convert`` applied to every term; None is kept."""
        cache = _TermCache(lambda raw: convert(self._term_of(raw)))
        return [[cache[raw] for raw in row] for row in self._raw]


class _TermCache(dict[Any, Any]):
    """A cache of converted terms by engine term: many terms in a result are equal."""

    def __init__(self, convert: Callable[[Any], Any]) -> None:
        super().__init__({None: None})
        self._convert = convert

    def __missing__(self, raw: Any) -> Any:
        found = self[raw] = self._convert(raw)
        return found


@dataclass(frozen=True)
class Result(Sequence[dict[str, Value | None]]):
    """The result of a query, held in memory: a sequence of its rows, each a dictionary of Python values.

    ``variables`` and ``rows`` (None: unbound) for SELECT, ``boolean`` for ASK, ``triples`` for CONSTRUCT and DESCRIBE;
    a result with triples is a sequence of them, with ``subject``, ``predicate`` and ``object``. IRIs in this graph
    become slugs. A slice is also a result. ``notes`` are remarks on the result, such as other things with a similar
    name.

    >>> import peru_asia_graph
    >>> stakes = peru_asia_graph.load().ask("who-owns", asset="Antamina")
    >>> stakes[0]["owner"], len(stakes[1:]), stakes[1] in stakes
    ('BHP Billiton', 4, True)
    """

    variables: Sequence[str] = ()
    rows: Sequence[ResultRow] = ()
    boolean: bool | None = None
    triples: Sequence[Triple] | None = None
    notes: Sequence[str] = ()

    def __iter__(self) -> Iterator[dict[str, Value | None]]:
        """Yield each row as a dictionary of Python values; IRIs in this graph become slugs."""
        names = self._names()
        for row in self.table():
            yield dict(zip(names, row, strict=True))

    def __len__(self) -> int:
        return len(self.rows if self.triples is None else self.triples)

    @overload
    def __getitem__(self, index: SupportsIndex) -> dict[str, Value | None]: ...

    @overload
    def __getitem__(self, index: slice) -> Result: ...

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            if self.triples is not None:
                return replace(self, triples=self.triples[index])
            return replace(self, rows=self.rows[index])
        row = (self.rows if self.triples is None else self.triples)[index]
        cells = [None if term is None else term.python() for term in row]
        return dict(zip(self._names(), cells, strict=True))

    def __hash__(self) -> int:
        return hash((tuple(self.variables), len(self), self.boolean))

    def _names(self) -> Sequence[str]:
        return self.variables if self.triples is None else ("subject", "predicate", "object")

    def __bool__(self) -> bool:
        """Return the boolean of ASK; for other forms, whether there are any rows or triples."""
        return self.boolean if self.boolean is not None else bool(self.rows or self.triples)

    def table(self) -> list[list[Value | None]]:
        """Return the rows as Python values; IRIs in this graph become slugs."""
        return self.cells(Term.python)

    def texts(self) -> list[list[str | None]]:
        """Return the rows as strings, with literals as written; IRIs in this graph become slugs."""
        return self.cells(Term.short)

    def values(self) -> list[list[str]]:
        """Return the rows as the values of their terms: full IRIs, literals as written; empty where unbound."""
        return [[cell or "" for cell in row] for row in self.cells(_VALUE)]

    def cells(self, convert: Callable[[Term], Any]) -> list[list[Any]]:
        """Return the rows, or the triples, with ``convert`` applied to every term; None where unbound."""
        rows = self.rows if self.triples is None else self.triples
        if isinstance(rows, ResultRows):
            return rows.map(convert)
        return [[None if term is None else convert(term) for term in row] for row in rows]

    def to_pandas(self) -> pd.DataFrame:
        """Return a data frame with one column per variable; triples have ``subject``, ``predicate`` and ``object``.

        Integers become ``Int64``, decimals and doubles ``Float64`` (``table()`` keeps exact decimals), booleans
        ``boolean``, everything else ``string``. A column of mixed types, with NaN, with integers beyond 64 bits, or
        with integers beyond 53 bits next to decimals, is ``object``. The boolean of ASK is in the column ``answer``.
        """
        import pandas as pd

        found = self.as_rows()
        names, rows = found._names(), found.rows if found.triples is None else found.triples
        return pd.DataFrame({name: _series([row[index] for row in rows]) for index, name in enumerate(names)})

    def as_rows(self) -> Result:
        """Return the boolean of ASK as a row with the column ``answer``; any other result unchanged."""
        if self.boolean is None:
            return self
        return replace(self, boolean=None, variables=["answer"], rows=[[_literal(self.boolean)]])

    def __repr__(self) -> str:
        if self.boolean is not None:
            return f"<Result: {str(self.boolean).lower()}>"
        if self.triples is not None:
            return f"<Result: {len(self.triples):,} triples>"
        count = f"{len(self.rows):,} row{'' if len(self.rows) == 1 else 's'}"
        return f"<Result: {count} of {', '.join(self.variables)}; see .to_pandas() and .table()>"

    def _repr_html_(self) -> str:
        """Return the result as an escaped HTML table for notebooks."""
        if self.boolean is not None:
            return f"<p>{str(self.boolean).lower()}</p>"
        if self.triples is not None:
            triples = [[term.short() for term in triple] for triple in self.triples]
            return html_table(["subject", "predicate", "object"], triples)
        return html_table(self.variables, self.texts()) + html_notes(self.notes)


def from_rows(variables: Sequence[str], rows: Sequence[Sequence[Value | None]]) -> Result:
    """Return a result made from rows of Python values.

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
        kind = "decimal" if math.isfinite(value) else "double"
        return Term("literal", text(Decimal(str(value)) if kind == "decimal" else value), XSD + kind)
    return Term("literal", value, XSD + "string")


def _series(terms: Sequence[Term | None]) -> pd.Series:
    import pandas as pd

    values = [None if term is None else term.python() for term in terms]
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {str}:
        return pd.Series(values, dtype="string")
    if kinds == {bool}:
        return pd.Series(values, dtype="boolean")
    if kinds == {int} and all(value is None or fits_64_bits(int(value)) for value in values):
        return pd.Series(values, dtype="Int64")
    if kinds <= {int, Decimal, float} and kinds != {int} and all(map(_fits_float, values)):
        return pd.Series([None if value is None else float(value) for value in values], dtype="Float64")
    return pd.Series(values, dtype="object")


def _fits_float(value: Any) -> bool:
    """Return whether a float column can hold a value: NaN would be read as a missing value."""
    if value is None or isinstance(value, float):
        return value is None or not math.isnan(value)
    if isinstance(value, int):
        return fits_64_bits(value) and int(float(value)) == value
    return math.isfinite(float(value))

"""Which queries can be answered from columns: text in, an Analytic out, or None for any other query. Pure.

SELECT (DISTINCT, COUNT, SUM, MIN, MAX) and CONSTRUCT over triples that name their property, with OPTIONAL triples,
FILTER, GROUP BY, ORDER BY, LIMIT and OFFSET. Limit: what is not known here is not judged here; the engine does that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from peru_asia_graph.store.columnar.expressions import Expression, read_condition
from peru_asia_graph.store.columnar.marks import Marks, Other
from peru_asia_graph.vocabulary import RDF_TYPE

_AGGREGATES: Final = ("COUNT", "SUM", "MIN", "MAX")
# So long a number fits in 64 bits.
_DIGITS: Final = 18
_TYPE: Final = f"<{RDF_TYPE}>"


@dataclass(frozen=True)
class Pattern:
    """A triple: variables at its ends, or a constant as its object."""

    subject: str
    predicate: str
    object: str = ""
    constant: str = ""

    @property
    def variables(self) -> tuple[str, ...]:
        """Return the names of its variables."""
        return (self.subject, self.object) if self.object else (self.subject,)


@dataclass(frozen=True)
class Output:
    """A variable of the answer: one of the patterns, or an aggregate of one (``*``: of the solutions)."""

    name: str
    function: str = ""
    argument: str = ""
    distinct: bool = False


@dataclass
class Analytic:
    """What an analytic query asks. ``order``: variables and whether downwards; ``template``: triples of CONSTRUCT."""

    patterns: list[Pattern] = field(default_factory=list)
    optionals: list[list[Pattern]] = field(default_factory=list)
    filters: list[Expression] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    distinct: bool = False
    group: list[str] = field(default_factory=list)
    order: list[tuple[str, bool]] = field(default_factory=list)
    limit: int | None = None
    offset: int = 0
    template: str = ""

    @property
    def tables(self) -> frozenset[tuple[str, str]]:
        """The tables it is answered from: properties, with the constant where there is one."""
        return frozenset((one.predicate, one.constant) for part in [self.patterns, *self.optionals] for one in part)

    @property
    def is_aggregate(self) -> bool:
        """Whether there is a row for each group, not for each solution."""
        return bool(self.group) or any(output.function for output in self.outputs)


@lru_cache(256)
def read_analytic(text: str) -> Analytic | None:
    """Return what the query asks, None when it is of another kind or too little would be gained."""
    try:
        found = _query(Marks(text))
    except Other:
        return None
    return found if _is_valid(found) and _is_worth_it(found) else None


def _is_valid(query: Analytic) -> bool:
    parts = [query.patterns, *query.optionals]
    known = {name for part in parts for one in part for name in one.variables}
    plain = {output.name for output in query.outputs if not output.function}
    aliases = [output.name for output in query.outputs if output.function]
    used = {output.argument for output in query.outputs if output.function} - {"*"}
    used |= {name for one in query.filters for name in one.variables()} | plain | set(query.group)
    sorted_by = {name for name, _ in query.order}
    return (
        used <= known
        and all(len(set(part)) == len(part) for part in parts)
        and known.isdisjoint(aliases)
        and len(plain) + len(set(aliases)) == len(query.outputs)
        and (not query.is_aggregate or plain <= set(query.group))
        and sorted_by <= ({*query.group, *aliases} if query.is_aggregate else known)
        and (not query.distinct or (not query.is_aggregate and sorted_by <= plain))
    )


def _is_worth_it(query: Analytic) -> bool:
    """Return whether the engine would look at much and give little; what it can stream, it does well."""
    cut = query.limit is not None
    if cut and not query.order and not query.is_aggregate:
        return False
    # Another constant than a class picks few, and the engine begins there.
    if any(one.constant and one.predicate != _TYPE for part in [query.patterns, *query.optionals] for one in part):
        return False
    return bool(query.is_aggregate or query.distinct or query.filters or (query.order and cut))


def _query(marks: Marks) -> Analytic:
    query = Analytic()
    if marks.have("CONSTRUCT"):
        _construct(marks, query)
    else:
        marks.need("SELECT")
        query.distinct = marks.have("DISTINCT")
        while marks.peek("variable") or marks.next_is("("):
            query.outputs.append(_aggregate(marks) if marks.have("(") else Output(marks.variable()))
    marks.have("WHERE")
    _group(marks, query)
    if not query.template:
        _modifiers(marks, query)
    marks.end()
    if not (query.outputs and query.patterns):
        marks.stop()
    return query


def _aggregate(marks: Marks) -> Output:
    function = marks.take("word").upper()
    if function not in _AGGREGATES:
        marks.stop()
    marks.need("(")
    distinct = marks.have("DISTINCT")
    argument = "*" if marks.have("*") else marks.variable()
    if (argument == "*" and (distinct or function != "COUNT")) or (distinct and function == "SUM"):
        marks.stop()
    marks.need(")", "AS")
    name = marks.variable()
    marks.need(")")
    return Output(name, function, argument, distinct)


def _construct(marks: Marks, query: Analytic) -> None:
    """The same triple twice is one: different solutions are enough."""
    marks.need("{")
    made = _triples(marks)
    marks.need("}")
    query.template = " ".join(f"?{one.subject} {one.predicate} {one.constant or '?' + one.object} ." for one in made)
    query.outputs = [Output(name) for name in dict.fromkeys(name for one in made for name in one.variables)]
    query.distinct = True


def _group(marks: Marks, query: Analytic) -> None:
    marks.need("{")
    while not marks.have("}"):
        if marks.have("FILTER"):
            query.filters.append(read_condition(marks))
            marks.have(".")
        elif marks.have("OPTIONAL"):
            marks.need("{")
            query.optionals.append(_triples(marks))
            marks.need("}")
            marks.have(".")
        elif query.optionals:
            # Triples behind an OPTIONAL are joined with what may be unbound.
            marks.stop()
        else:
            query.patterns += _triples(marks)


def _triples(marks: Marks) -> list[Pattern]:
    found: list[Pattern] = []
    while marks.peek("variable"):
        subject = marks.variable()
        _objects(marks, subject, found)
        while marks.have(";"):
            if not marks.next_is(".", "}"):
                _objects(marks, subject, found)
        if not marks.have("."):
            break
    if not found or marks.peek("variable"):
        marks.stop()
    return found


def _objects(marks: Marks, subject: str, found: list[Pattern]) -> None:
    predicate = marks.verb(_TYPE)
    while True:
        variable = marks.variable() if marks.peek("variable") else ""
        found.append(Pattern(subject, predicate, variable, "" if variable else marks.iri()))
        if not marks.have(","):
            return


def _modifiers(marks: Marks, query: Analytic) -> None:
    if marks.have("GROUP"):
        marks.need("BY")
        while marks.peek("variable"):
            query.group.append(marks.variable())
        if not query.group:
            marks.stop()
    if marks.have("ORDER"):
        marks.need("BY")
        while marks.peek("variable") or marks.next_is("ASC", "DESC"):
            query.order.append(_key(marks))
        if not query.order:
            marks.stop()
    if marks.have("LIMIT"):
        query.limit = _whole(marks)
    if marks.have("OFFSET"):
        query.offset = _whole(marks)


def _key(marks: Marks) -> tuple[str, bool]:
    if marks.peek("variable"):
        return marks.variable(), False
    descending = marks.take("word").upper() == "DESC"
    marks.need("(")
    name = marks.variable()
    marks.need(")")
    return name, descending


def _whole(marks: Marks) -> int:
    found = marks.take("number")
    return int(found) if found.isdigit() and len(found) <= _DIGITS else marks.stop()

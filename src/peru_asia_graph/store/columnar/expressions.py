"""Conditions: marks in, a tree of expressions out. Pure.

Limit: comparisons, ``&&``, ``||``, ``!`` and the functions listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from peru_asia_graph.store.columnar.marks import Marks
from peru_asia_graph.store.columnar.values import is_number

# The functions known, and how many arguments they take.
FUNCTIONS: Final = {
    "BOUND": 1, "STR": 1, "LCASE": 1, "UCASE": 1, "CONTAINS": 2, "STRSTARTS": 2, "STRENDS": 2,
}  # fmt: skip
COMPARISONS: Final = ("=", "!=", "<=", ">=", "<", ">")


@dataclass(frozen=True)
class Expression:
    """A constant, a variable (``kind`` and ``value``), or an operation (``kind``) on its parts."""

    kind: str
    value: str = ""
    parts: tuple[Expression, ...] = ()

    def variables(self) -> Iterator[str]:
        """Yield the names of the variables in it."""
        if self.kind == "variable":
            yield self.value
        for part in self.parts:
            yield from part.variables()


def read_condition(marks: Marks) -> Expression:
    """Read what stands behind FILTER: something in brackets, or a call."""
    if marks.peek("word"):
        return _call(marks)
    marks.need("(")
    found = _either(marks)
    marks.need(")")
    return found


def _either(marks: Marks) -> Expression:
    found = _both(marks)
    while marks.have("||"):
        found = Expression("||", parts=(found, _both(marks)))
    return found


def _both(marks: Marks) -> Expression:
    found = _comparison(marks)
    while marks.have("&&"):
        found = Expression("&&", parts=(found, _comparison(marks)))
    return found


def _comparison(marks: Marks) -> Expression:
    left = _operand(marks)
    for sign in COMPARISONS:
        if marks.have(sign):
            return Expression(sign, parts=(left, _operand(marks)))
    return left


def _operand(marks: Marks) -> Expression:
    if marks.have("!"):
        return Expression("!", parts=(_operand(marks),))
    if marks.next_is("("):
        return read_condition(marks)
    if marks.peek("variable"):
        return Expression("variable", marks.variable())
    if marks.peek("text"):
        return Expression("text", marks.take("text")[1:-1])
    if marks.peek("number"):
        found = marks.take("number")
        return Expression("number", found) if is_number(found) else marks.stop()
    if marks.peek("word"):
        return _call(marks)
    return Expression("iri", marks.iri()[1:-1])


def _call(marks: Marks) -> Expression:
    name = marks.take("word").upper()
    if name not in FUNCTIONS:
        marks.stop()
    marks.need("(")
    parts = [Expression("variable", marks.variable()) if name == "BOUND" else _either(marks)]
    while marks.have(","):
        parts.append(_either(marks))
    marks.need(")")
    if len(parts) != FUNCTIONS[name]:
        marks.stop()
    return Expression(name, parts=tuple(parts))

"""Formulas over the figures in the graph, evaluated to an interval and the ids it is based on.

The language is a subset of Python expressions, parsed with ``ast`` and never executed: the numbers 1 and 100,
+ − * / **, lists, and the functions listed below with string arguments. All other numbers must be figures in the
graph.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, Final

from peru_asia_graph.audit.facts import Facts, Figure
from peru_asia_graph.audit.intervals import Interval, rank, total, weighted
from peru_asia_graph.errors import UnknownName, WrongUse, look_up

LONGEST: Final = 2_000
CONSTANTS: Final = (1, 100)
_OPERATORS: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: lambda one, two: one + two,
    ast.Sub: lambda one, two: one - two,
    ast.Mult: lambda one, two: one * two,
    ast.Div: lambda one, two: one / two,
    ast.Pow: lambda one, two: one**two,
}


class Formula:
    """Evaluates formulas over one set of facts; ``used`` has the ids read by the last evaluation."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.used: list[str] = []
        self._functions: Mapping[str, Callable[..., Any]] = {
            "value": self._value, "values": self._values, "share": self._share, "shares": self._shares,
            "effective": self._effective, "amount": self._amount, "amounts": self._amounts, "count": self._count,
            "answers": self._answers, "year": self._year, "years": _years, "total": total, "weighted": weighted,
            "rank": rank, "largest": partial(_extreme, max), "smallest": partial(_extreme, min),
        }  # fmt: skip

    def evaluate(self, text: str) -> Interval:
        """Return the value of a formula; raise WrongUse or UnknownName if it is invalid."""
        if len(text) > LONGEST:
            raise WrongUse(f"a formula has at most {LONGEST} characters")
        try:
            tree = ast.parse(text, mode="eval")
            self.used = []
            found = self._visit(tree.body)
        except ArithmeticError as error:
            raise WrongUse(f"'{text}' cannot be computed: {error}") from error
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise WrongUse(f"'{text}' is not a formula: {error}") from error
        if not isinstance(found, Interval):
            raise WrongUse(f"'{text}' is a list; apply total, largest, smallest or rank to it")
        return found

    def _visit(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Constant) and type(node.value) is int and node.value in CONSTANTS:
            return Interval.exact(node.value)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -self._number(node.operand)
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            return _OPERATORS[type(node.op)](self._number(node.left), self._number(node.right))
        if isinstance(node, ast.List):
            return [self._number(element) for element in node.elts]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self._functions:
            return self._call(node, node.func.id)
        raise WrongUse(f"a formula cannot contain '{ast.unparse(node)}'")

    def _number(self, node: ast.expr) -> Interval:
        found = self._visit(node)
        if not isinstance(found, Interval):
            raise WrongUse(f"'{ast.unparse(node)}' is not a single number")
        return found

    def _call(self, node: ast.Call, name: str) -> Any:
        arguments = [self._visit(one) for one in node.args]
        named: dict[Any, Any] = {one.arg: self._visit(one.value) for one in node.keywords}
        try:
            return self._functions[name](*arguments, **named)
        except (TypeError, AttributeError) as error:
            raise WrongUse(f"'{ast.unparse(node)}' does not fit {name}: {error}") from error

    def _use(self, figure: Figure) -> Interval:
        self.used.append(figure.id)
        return figure.value

    def _single(self, kind: str, group: Mapping[str, Figure], slug: str) -> Interval:
        return self._use(look_up(kind, group, slug))

    def _matching(self, kind: str, group: Mapping[str, Figure], wanted: Mapping[str, str]) -> list[Interval]:
        found = [one for one in group.values() if all(one.of.get(name) == value for name, value in wanted.items())]
        if not found:
            raise WrongUse(f"no {kind} has {', '.join(f'{name} {value}' for name, value in wanted.items())}")
        return [self._use(one) for one in found]

    def _value(self, slug: str) -> Interval:
        return self._single("figure", self._facts.observations, slug)

    def _values(self, **wanted: str) -> list[Interval]:
        return self._matching("figure", self._facts.observations, wanted)

    def _share(self, slug: str) -> Interval:
        return self._single("stake", self._facts.stakes, slug)

    def _shares(self, **wanted: str) -> list[Interval]:
        return self._matching("stake", self._facts.stakes, wanted)

    def _amount(self, slug: str) -> Interval:
        return self._single("investment", self._facts.amounts, slug)

    def _amounts(self, **wanted: str) -> list[Interval]:
        return self._matching("investment", self._facts.amounts, wanted)

    def _effective(self, owner: str, asset: str) -> Interval:
        if (owner, asset) not in self._facts.effective:
            raise WrongUse(f"no effective share with a single value for {owner} in {asset}")
        return self._use(self._facts.effective[owner, asset])

    def _count(self, question: str, **values: str) -> Interval:
        return Interval.exact(len(self._facts.ask(question, **values)))

    def _answers(self, question: str, column: str, **values: str) -> list[Interval]:
        rows = list(self._facts.ask(question, **values))
        if rows and column not in rows[0]:
            raise UnknownName("column", column, rows[0])
        return [Interval.exact(Decimal(str(row[column]))) for row in rows if row[column] is not None]

    def _year(self, slug: str) -> Interval:
        year = look_up("dated thing", self._facts.years, slug)
        self.used.append(slug)
        return year


def _years(period: str) -> Interval:
    start, _, end = period.partition("/")
    if not (start.isdecimal() and end.isdecimal()):
        raise WrongUse(f"'{period}' is not a period; write one like 1995/2011")
    return Interval.exact(int(end) - int(start))


def _extreme(choose: Callable[..., Interval], values: list[Interval]) -> Interval:
    if not values:
        raise WrongUse("a formula asks for the largest or smallest of no values")
    return choose(values, key=lambda one: one.point)

"""The formula of a claim as readable arithmetic: figures instead of their names.

Nothing is computed; a formula that cannot be parsed is returned unchanged.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from peru_asia_graph.views.number_format import number
from peru_asia_graph.views.words import countries, words

ClaimInputs = Mapping[str, Mapping[str, Any]]
SIGNS: Final[Mapping[type[ast.operator], tuple[str, int]]] = {
    ast.Add: ("+", 1), ast.Sub: ("−", 1), ast.Mult: ("×", 2), ast.Div: ("/", 2), ast.Pow: ("^", 3),
}  # fmt: skip
# Formulas use millions of US dollars, whatever the unit of a figure.
MILLIONS: Final = {"usd": Decimal("0.000001"), "usd-million": Decimal(1), "usd-billion": Decimal(1000)}
MAX_LENGTH: Final = 2000


class _Term(NamedTuple):
    """A part of the text, its operator precedence (4: an atom), and its value if it is a single figure."""

    text: str
    precedence: int = 4
    value: Decimal | None = None


def working(formula: str, figures: ClaimInputs, language: str) -> str:
    """Return the formula with names replaced by figures."""
    if len(formula) > MAX_LENGTH * 2:
        return formula[:MAX_LENGTH]
    try:
        part = _Writer(figures, language).read(ast.parse(formula, mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return formula
    return part.text if isinstance(part, _Term) else "; ".join(one.text for one in part)


class _Writer:
    def __init__(self, figures: ClaimInputs, language: str) -> None:
        self._figures, self._language = figures, language
        self._ui = words(language)["ui"]
        self._calls: Mapping[str, Callable[..., _Term | list[_Term]]] = {
            "value": self._figure, "share": self._figure, "amount": self._figure, "year": self._figure,
            "values": self._list, "shares": self._list, "amounts": self._list, "effective": self._effective,
            "count": self._count, "years": self._years, "total": lambda parts: _join(parts, "+", 1),
            "weighted": self._weighted, "rank": self._rank,
            "largest": lambda parts: self._among("work.largest", parts),
            "smallest": lambda parts: self._among("work.smallest", parts),
        }  # fmt: skip

    def read(self, node: ast.expr) -> _Term | list[_Term]:
        if isinstance(node, ast.Constant) and type(node.value) is int:
            return _Term(str(node.value))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return _Term(f"−{_wrap(self._one(node.operand), 3)}", 2)
        if isinstance(node, ast.BinOp) and type(node.op) in SIGNS:
            sign, precedence = SIGNS[type(node.op)]
            # The right operand of − or / keeps its parentheses; powers are right-associative.
            right = precedence + 1 if sign in "−/" else precedence
            left = precedence + 1 if sign == "^" else precedence
            operands = _wrap(self._one(node.left), left), _wrap(self._one(node.right), right)
            return _Term(f" {sign} ".join(operands), precedence)
        if isinstance(node, ast.List):
            return [self._one(element) for element in node.elts]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self._calls:
            given = [one.value if isinstance(one, ast.Constant) else self.read(one) for one in node.args]
            named = {str(one.arg): one.value.value for one in node.keywords if isinstance(one.value, ast.Constant)}
            try:
                return self._calls[node.func.id](*given, **named)
            except (TypeError, AttributeError, KeyError) as error:
                raise ValueError(str(error)) from error
        raise ValueError(ast.dump(node)[:100])

    def _one(self, node: ast.expr) -> _Term:
        part = self.read(node)
        if isinstance(part, list):
            raise ValueError("a list where a number belongs")
        return part

    def _figure(self, slug: str) -> _Term:
        row = self._figures[slug]
        if "value" not in row:
            return _Term(str(row["year"]))
        value = Decimal(str(row["value"])) * MILLIONS.get(str(row.get("unit")), Decimal(1))
        text = number(value, self._language)
        return _Term(f"({text})" if value < 0 else text, 4, value)

    def _list(self, **wanted: str) -> list[_Term]:
        found = [slug for slug, row in self._figures.items() if all(row.get(k) == v for k, v in wanted.items())]
        return [self._figure(slug) for slug in found]

    def _effective(self, owner: str, asset: str) -> _Term:
        (found,) = self._list(owner=owner, owned=asset)
        return found

    def _count(self, question: str, **values: str) -> _Term:
        terms = words(self._language)["terms"]
        home = {slug: row[self._language] for slug, row in countries().items()}
        arguments = [
            f"«{value}»" if name == "wording" else home.get(value, terms.get(value, value))
            for name, value in values.items()
        ]
        what = self._ui.get(f"work.count.{question}", question)
        return _Term(f"[{what}{': ' if arguments else ''}{', '.join(arguments)}]")

    def _years(self, period: str) -> _Term:
        start, _, end = period.partition("/")
        return _Term(f"{end} − {start}", 1)

    def _weighted(self, values: Sequence[_Term], weights: Sequence[_Term]) -> _Term:
        products = [_join(pair, "×", 2) for pair in zip(values, weights, strict=True)]
        return _Term(f"({_join(products, '+', 1).text}) / ({_join(weights, '+', 1).text})", 2)

    def _rank(self, one: _Term, others: Sequence[_Term]) -> _Term:
        found = self._among("work.rank", others)
        return _Term(found.text.replace("{one}", one.text))

    def _among(self, key: str, parts: Sequence[_Term]) -> _Term:
        ordered = sorted(parts, key=lambda part: -(part.value or 0))
        return _Term(self._ui[key].replace("{all}", "; ".join(part.text for part in ordered)))


def _wrap(part: _Term, precedence: int) -> str:
    return part.text if part.precedence >= precedence else f"({part.text})"


def _join(parts: Sequence[_Term], sign: str, precedence: int) -> _Term:
    if len(parts) == 1:
        return parts[0]
    return _Term(f" {sign} ".join(_wrap(part, precedence) for part in parts), precedence)

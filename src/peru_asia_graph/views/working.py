"""The formula of a claim as arithmetic a reader can follow: names of figures give way to the figures.

In: a formula and the figures it rests on, each with a value, or a year, and what it is of. Out: text in a language.
Limit: nothing is computed; what cannot be read stands as it was written.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from peru_asia_graph.views.numerals import number
from peru_asia_graph.views.words import countries, words

Figures = Mapping[str, Mapping[str, Any]]
SIGNS: Final[Mapping[type[ast.operator], tuple[str, int]]] = {
    ast.Add: ("+", 1), ast.Sub: ("−", 1), ast.Mult: ("×", 2), ast.Div: ("/", 2), ast.Pow: ("^", 3),
}  # fmt: skip
# Formulas reckon in millions of US dollars whatever the paper prints.
MILLIONS: Final = {"usd": Decimal("0.000001"), "usd-million": Decimal(1), "usd-billion": Decimal(1000)}
LONGEST: Final = 2000


class _Part(NamedTuple):
    """A piece of text, how firmly it holds together (4: as one), and its value where it is a single figure."""

    text: str
    bond: int = 4
    value: Decimal | None = None


class Unreadable(ValueError):
    """A formula that is not made of what this module knows."""


def working(formula: str, figures: Figures, language: str) -> str:
    """Return the formula with figures in the place of their names."""
    if len(formula) > LONGEST * 2:
        return formula[:LONGEST]
    try:
        part = _Reader(figures, language).read(ast.parse(formula, mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return formula
    return part.text if isinstance(part, _Part) else "; ".join(one.text for one in part)


class _Reader:
    def __init__(self, figures: Figures, language: str) -> None:
        self._figures, self._language = figures, language
        self._ui = words(language)["ui"]
        self._calls: Mapping[str, Callable[..., _Part | list[_Part]]] = {
            "value": self._figure, "share": self._figure, "amount": self._figure, "year": self._figure,
            "values": self._list, "shares": self._list, "amounts": self._list, "effective": self._effective,
            "count": self._count, "years": self._years, "total": lambda parts: _chain(parts, "+", 1),
            "weighted": self._weighted, "rank": self._rank,
            "largest": lambda parts: self._among("work.largest", parts),
            "smallest": lambda parts: self._among("work.smallest", parts),
        }  # fmt: skip

    def read(self, node: ast.expr) -> _Part | list[_Part]:
        if isinstance(node, ast.Constant) and type(node.value) is int:
            return _Part(str(node.value))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return _Part(f"−{_held(self._one(node.operand), 3)}", 2)
        if isinstance(node, ast.BinOp) and type(node.op) in SIGNS:
            sign, bond = SIGNS[type(node.op)]
            # What stands right of − or / keeps its brackets; a power is read from the right.
            right = bond + 1 if sign in "−/" else bond
            left = bond + 1 if sign == "^" else bond
            return _Part(f"{_held(self._one(node.left), left)} {sign} {_held(self._one(node.right), right)}", bond)
        if isinstance(node, ast.List):
            return [self._one(element) for element in node.elts]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self._calls:
            given = [one.value if isinstance(one, ast.Constant) else self.read(one) for one in node.args]
            named = {str(one.arg): one.value.value for one in node.keywords if isinstance(one.value, ast.Constant)}
            try:
                return self._calls[node.func.id](*given, **named)
            except (TypeError, AttributeError, KeyError) as error:
                raise Unreadable(str(error)) from error
        raise Unreadable(ast.dump(node)[:100])

    def _one(self, node: ast.expr) -> _Part:
        part = self.read(node)
        if isinstance(part, list):
            raise Unreadable("a list where a number belongs")
        return part

    def _figure(self, slug: str) -> _Part:
        row = self._figures[slug]
        if "value" not in row:
            return _Part(str(row["year"]))
        value = Decimal(str(row["value"])) * MILLIONS.get(str(row.get("unit")), Decimal(1))
        text = number(value, self._language)
        return _Part(f"({text})" if value < 0 else text, 4, value)

    def _list(self, **wanted: str) -> list[_Part]:
        found = [slug for slug, row in self._figures.items() if all(row.get(k) == v for k, v in wanted.items())]
        return [self._figure(slug) for slug in found]

    def _effective(self, owner: str, asset: str) -> _Part:
        (found,) = self._list(owner=owner, owned=asset)
        return found

    def _count(self, question: str, **values: str) -> _Part:
        terms = words(self._language)["terms"]
        home = {slug: row[self._language] for slug, row in countries().items()}
        said = [
            f"«{value}»" if name == "wording" else home.get(value, terms.get(value, value))
            for name, value in values.items()
        ]
        what = self._ui.get(f"work.count.{question}", question)
        return _Part(f"[{what}{': ' if said else ''}{', '.join(said)}]")

    def _years(self, period: str) -> _Part:
        start, _, end = period.partition("/")
        return _Part(f"{end} − {start}", 1)

    def _weighted(self, values: Sequence[_Part], weights: Sequence[_Part]) -> _Part:
        products = [_chain(pair, "×", 2) for pair in zip(values, weights, strict=True)]
        return _Part(f"({_chain(products, '+', 1).text}) / ({_chain(weights, '+', 1).text})", 2)

    def _rank(self, one: _Part, others: Sequence[_Part]) -> _Part:
        found = self._among("work.rank", others)
        return _Part(found.text.replace("{one}", one.text))

    def _among(self, key: str, parts: Sequence[_Part]) -> _Part:
        ordered = sorted(parts, key=lambda part: -(part.value or 0))
        return _Part(self._ui[key].replace("{all}", "; ".join(part.text for part in ordered)))


def _held(part: _Part, bond: int) -> str:
    return part.text if part.bond >= bond else f"({part.text})"


def _chain(parts: Sequence[_Part], sign: str, bond: int) -> _Part:
    return parts[0] if len(parts) == 1 else _Part(f" {sign} ".join(_held(part, bond) for part in parts), bond)

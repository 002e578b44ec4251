"""Conditions on solutions: an expression and columns in, which solutions are kept out.

A part with variables is worked out once for each different combination of their terms; &&, || and ! join the parts by
SPARQL's logic of three values. Limit: kinds of terms that are not surely compared raise NotInColumns.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from unicodedata import category

import numpy as np

from peru_asia_graph.store.columnar.expressions import Expression
from peru_asia_graph.store.columnar.join import Solutions
from peru_asia_graph.store.columnar.lexicon import UNBOUND, Lexicon
from peru_asia_graph.store.columnar.tables import NotInColumns
from peru_asia_graph.store.columnar.values import IRI, NUMBER, SPOKEN, TEXT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Truth = NDArray[np.int8]

# Three values, ordered so that && is the least and || the greatest of two.
FALSE, ERROR, TRUE = 0, 1, 2
_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_SEARCH: Final[dict[str, Callable[[str, str], bool]]] = {
    "CONTAINS": operator.contains, "STRSTARTS": str.startswith, "STRENDS": str.endswith,
}  # fmt: skip
_CASE: Final[dict[str, Callable[[str], str]]] = {"LCASE": str.lower, "UCASE": str.upper}
# Up to here all versions of Unicode agree on capitals; beyond, on what is no letter with a capital.
_SURE_LETTERS: Final = "\u017f"
_UNSURE: Final = ("Lu", "Ll", "Lt", "Cn")
Values = tuple[str, Sequence[Any]]


def passing(condition: Expression, found: Solutions, lexicon: Lexicon) -> NDArray[np.bool_]:
    """Return which solutions a condition is true of."""
    kept: NDArray[np.bool_] = _truth(condition, found, lexicon) == TRUE
    return kept


def _truth(one: Expression, found: Solutions, lexicon: Lexicon) -> Truth:
    if one.kind in ("&&", "||"):
        left, right = (_truth(part, found, lexicon) for part in one.parts)
        joined: Truth = np.minimum(left, right) if one.kind == "&&" else np.maximum(left, right)
        return joined
    if one.kind == "!":
        return (TRUE - _truth(one.parts[0], found, lexicon)).astype(np.int8)
    if one.kind == "BOUND":
        return np.where(found.columns[one.parts[0].value] == UNBOUND, FALSE, TRUE).astype(np.int8)
    if one.kind in _COMPARE or one.kind in _SEARCH:
        return _by_variable(one, found, lexicon)
    # A text or a number as a condition, and the like.
    raise NotInColumns


def _by_variable(one: Expression, found: Solutions, lexicon: Lexicon) -> Truth:
    """Work a comparison of one variable with constants out once for each of its terms."""
    names = set(one.variables())
    if len(names) != 1:
        raise NotInColumns
    column = found.columns[names.pop()]
    used = lexicon.used(column)
    # What is unbound is -1, the last place: an error.
    answers = np.full(len(lexicon.terms) + 1, ERROR, np.int8)
    answers[used] = np.where(_test(one, used, lexicon), TRUE, FALSE)
    truth: Truth = answers[column]
    return truth


def _test(one: Expression, used: NDArray[np.intp], lexicon: Lexicon) -> Sequence[bool]:
    (kind, left), (other, right) = (_values(part, used, lexicon) for part in one.parts)
    if one.kind in _SEARCH:
        if kind not in (TEXT, SPOKEN) or other != TEXT:
            raise NotInColumns
    elif kind != other or not (kind in (TEXT, NUMBER) or (kind == IRI and one.kind in ("=", "!="))):
        raise NotInColumns
    test = {**_SEARCH, **_COMPARE}[one.kind]
    return [test(a, b) for a, b in zip(left, right, strict=True)]


def _values(one: Expression, used: NDArray[np.intp], lexicon: Lexicon) -> Values:
    """Return the kind of an operand, and its value for each term of the variable."""
    if one.kind == "variable":
        return _values_of(used, lexicon)
    if one.kind == "number":
        return NUMBER, [Decimal(one.value)] * len(used)
    if one.kind in (TEXT, IRI):
        return one.kind, [one.value] * len(used)
    if one.kind == "STR" and one.parts[0].kind == "variable":
        return TEXT, lexicon.texts(used)
    if one.kind not in ("STR", "LCASE", "UCASE"):
        raise NotInColumns
    kind, values = _values(one.parts[0], used, lexicon)
    if one.kind == "STR":
        kind = TEXT if kind in (TEXT, SPOKEN, IRI) else kind
    if kind not in (TEXT, SPOKEN):
        raise NotInColumns
    if one.kind == "STR":
        return kind, values
    if not all(map(_has_sure_case, values)):
        raise NotInColumns
    return kind, [_CASE[one.kind](value) for value in values]


def _values_of(used: NDArray[np.intp], lexicon: Lexicon) -> Values:
    kinds = lexicon.kinds(used)
    if kinds == {NUMBER}:
        return NUMBER, lexicon.amounts(used)
    if kinds and kinds <= {TEXT, SPOKEN}:
        return (TEXT if kinds == {TEXT} else SPOKEN), lexicon.texts(used)
    if kinds == {IRI}:
        return IRI, lexicon.texts(used)
    raise NotInColumns


def _has_sure_case(text: str) -> bool:
    return text.isascii() or all(letter <= _SURE_LETTERS or category(letter) not in _UNSURE for letter in text)

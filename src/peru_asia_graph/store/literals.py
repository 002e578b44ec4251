"""Python values of literals, following XML Schema; an invalid lexical form has no value and stays a string."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Final

from peru_asia_graph.store.values import Value
from peru_asia_graph.vocabulary import XSD

_UNSIGNED: Final = {"unsignedLong": 64, "unsignedInt": 32, "unsignedShort": 16, "unsignedByte": 8}
_SIGNED: Final = {"long": 64, "int": 32, "short": 16, "byte": 8}
# The minimum and maximum of each integer datatype; None: unbounded.
_INTEGERS: Final[dict[str, tuple[int | None, int | None]]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    **{name: (0, 2**bits - 1) for name, bits in _UNSIGNED.items()},
    **{name: (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for name, bits in _SIGNED.items()},
}
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}
_FLOATS: Final = {"INF": math.inf, "+INF": math.inf, "-INF": -math.inf, "NaN": math.nan}
# Python accepts more than XML Schema: spaces, underscores, digits of other scripts, "infinity".
_INTEGER: Final = r"[+-]?[0-9]+"
_DECIMAL: Final = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_DOUBLE: Final = _DECIMAL + r"(?:[eE][+-]?[0-9]+)?"
# Python refuses to convert longer integers, because the conversion takes quadratic time.
_MAX_DIGITS: Final = 4_000
_MAX_64_BITS: Final = 2**63


def python_value(lexical: str, datatype: str) -> Value:
    """Return the value as int, Decimal, float or bool, or the lexical form if there is no suitable value.

    >>> python_value("28", XSD + "positiveInteger"), python_value("-3", XSD + "positiveInteger")
    (28, '-3')
    >>> python_value("1", XSD + "boolean"), python_value("True", XSD + "boolean")
    (True, 'True')
    """
    if not datatype.startswith(XSD):
        return lexical
    name = datatype[len(XSD) :]
    if name in _INTEGERS:
        return _integer(lexical, *_INTEGERS[name])
    if name == "decimal":
        return Decimal(lexical) if re.fullmatch(_DECIMAL, lexical) else lexical
    if name in ("double", "float"):
        return _float(lexical)
    return _BOOLEANS.get(lexical, lexical) if name == "boolean" else lexical


def is_number(value: object) -> bool:
    """Return whether a value is a number; a boolean is not."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def fits_64_bits(value: int) -> bool:
    """Return whether an integer fits into 64 bits, the maximum for data frames and many JSON parsers."""
    return -_MAX_64_BITS <= value < _MAX_64_BITS


def json_value(value: Value, lexical: str) -> Value:
    """Return the value for JSON: a number if a 64-bit JSON number represents it exactly, else the lexical form.

    >>> json_value(Decimal("12.5"), "12.5"), json_value(math.inf, "INF"), json_value(2**64, str(2**64))
    (12.5, 'INF', '18446744073709551616')
    """
    if isinstance(value, bool) or not is_number(value):
        return value
    if isinstance(value, Decimal):
        if value == value.to_integral_value() and value.adjusted() < _MAX_DIGITS:
            value = int(value)
        else:
            near = float(value)
            return near if Decimal(repr(near)) == value else lexical
    if isinstance(value, int):
        return value if fits_64_bits(value) else lexical
    return value if math.isfinite(float(value)) else lexical


def _integer(lexical: str, least: int | None, greatest: int | None) -> int | str:
    if len(lexical) > _MAX_DIGITS or not re.fullmatch(_INTEGER, lexical):
        return lexical
    value = int(lexical)
    fits = (least is None or value >= least) and (greatest is None or value <= greatest)
    return value if fits else lexical


def _float(lexical: str) -> float | str:
    special = _FLOATS.get(lexical)
    if special is not None:
        return special
    if not re.fullmatch(_DOUBLE, lexical):
        return lexical
    value = float(lexical)
    # A number beyond the range of a double is not infinite.
    return value if math.isfinite(value) else lexical

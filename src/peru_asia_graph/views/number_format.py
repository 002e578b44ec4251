"""Numbers with units and qualifiers in a language: "nearly 92 %", "3rd", "US$ 1,694.9 million".

A unit or qualifier without a translation is written as its code.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from peru_asia_graph.views.words import words

# As printed in Lima: a comma as thousands separator, a point before decimals.
LOCALES: Final = {"en": "en", "es": "es_PE"}
ONE_SIDED: Final = frozenset({"at-least", "lower-bound", "over", "up-to", "upper-bound"})


@lru_cache(maxsize=8192)
def number(value: Decimal, language: str, digits: int = 2) -> str:
    """Return a number with at most ``digits`` decimals.

    >>> number(Decimal("45636.125"), "en"), number(Decimal("-8.0"), "es")
    ('45,636.12', '−8')
    """
    from babel.numbers import format_decimal

    text: str = format_decimal(value, format=f"#,##0.{'#' * digits}", locale=LOCALES[language])
    return "0" if text == "-0" else text.replace("-", "−")


def ordinal(value: Decimal, language: str) -> str:
    """Return an ordinal number.

    >>> [ordinal(Decimal(place), "en") for place in (1, 2, 3, 11, 22)], ordinal(Decimal(3), "es")
    (['1st', '2nd', '3rd', '11th', '22nd'], '3.º')
    """
    place = int(value)
    if language == "es":
        return f"{place}.º"
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def amount(value: Decimal, unit: str, language: str, digits: int = 2) -> str:
    """Return a number with its unit, with at most ``digits`` decimals.

    >>> amount(Decimal("1694.9"), "usd-million", "es"), amount(Decimal(1), "years", "en")
    ('US$ 1,694.9 millones', '1 year')
    """
    if unit == "rank":
        return ordinal(value, language)
    if value == 0 and unit.startswith("usd"):
        unit = "usd"  # not "0 million"
    return _in_unit(number(value, language, digits), unit, language, one=value == 1)


def decimals(value: Decimal) -> int:
    """Return the number of decimals with which to show a number as stated: all it has, and space for two.

    >>> decimals(Decimal("0.461")), decimals(Decimal(8))
    (3, 2)
    """
    exponent = value.as_tuple().exponent
    return max(2, -exponent) if isinstance(exponent, int) else 2


def stated(value: Decimal, unit: str, qualifier: str, language: str, digits: int = 2) -> str:
    """Return a claimed number with its qualifier.

    >>> stated(Decimal(92), "percent", "nearly", "en")
    'nearly 92\\xa0%'
    """
    text = amount(value, unit, language, digits)
    return text if qualifier == "exact" else f"{words(language)['terms'].get(qualifier, qualifier)} {text}"


def between(low: Decimal, high: Decimal, unit: str, language: str) -> str:
    """Return the bounds of a number; empty if they are equal or one is infinite."""
    if low == high or not (low.is_finite() and high.is_finite()):
        return ""
    ends = [ordinal(end, language) if unit == "rank" else number(end, language, 3) for end in (low, high)]
    span = words(language)["ui"]["audit.span"].format(low=ends[0], high=ends[1])
    return span if unit == "rank" else _in_unit(span, unit, language)


def difference(value: Decimal, unit: str, language: str) -> str:
    """Return the signed difference between a recomputed number and the stated one.

    >>> difference(Decimal("10.9"), "percent", "en"), difference(Decimal(3), "rank", "es")
    ('+10.9 points', '3 puestos más abajo')
    """
    ui, size = words(language)["ui"], number(abs(value), language)
    if size == "0":
        return str(ui["audit.equal"])
    sign = "+" if value > 0 else "−"
    key = f"diff.rank.{'lower' if value > 0 else 'higher'}" if unit == "rank" else f"diff.{unit}"
    form = ui.get(f"{key}.one" if size == "1" else key, ui.get(key, "{sign}{n}"))
    return str(form.format(n=size, sign=sign))


def _in_unit(text: str, unit: str, language: str, one: bool = False) -> str:
    ui = words(language)["ui"]
    form = ui.get(f"unit.{unit}.one") if one else None
    return str((form or ui.get(f"unit.{unit}", f"{{n}} {unit.replace('{', '').replace('}', '')}")).format(n=text))


# How the size of a stake is written, depending on which values are stated.
_SIZES: Final[Mapping[tuple[str, ...], str]] = {
    (): "", ("share",): "{share} %", ("low", "high"): "{low}–{high} %", ("low",): "≥ {low} %", ("high",): "≤ {high} %",
}  # fmt: skip


def size(stake: Mapping[str, Any]) -> str:
    """Return the ``share`` of a stake, or its bounds ``low`` and ``high``; empty if none is stated.

    >>> size({"share": 60.0}), size({"low": 30, "high": 45}), size({"low": 52}), size({})
    ('60 %', '30–45 %', '≥ 52 %', '')
    """
    sizes = {name: f"{stake[name]:g}" for name in ("share", "low", "high") if name in stake}
    return _SIZES[tuple(sizes)].format(**sizes)

"""Parses percentages and bounds as people write them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

_SIZE: Final = r"([0-9]{1,3}(?:[.,][0-9]+)?)\s*%?"
_RANGE: Final = re.compile(
    rf"{_SIZE}\s*(?:-|–|to|a)\s*{_SIZE}|(?:>=?|≥|more than|at least)\s*{_SIZE}\s*(?:,|and|but)?\s*"
    rf"(?:<=?|≤|(?:but )?not more than|less than|at most)\s*{_SIZE}",
    re.IGNORECASE,
)
_AT_LEAST: Final = re.compile(
    rf"(?:>=?|≥|at least|more than|over|min\.?)\s*{_SIZE}|{_SIZE}\s*(?:or more|\+)", re.IGNORECASE
)
_AT_MOST: Final = re.compile(
    rf"(?:<=?|≤|at most|less than|under|up to|max\.?)\s*{_SIZE}|{_SIZE}\s*or less", re.IGNORECASE
)

# The loss reason for an exclusive bound: the bounds of stakes are inclusive.
EXCLUSIVE: Final = "kept as an inclusive bound"
# Signs and words of exclusive bounds.
_EXCLUSIVE: Final = re.compile(r"[<>](?!=)|\b(?<!not )(?:more than|over|less than|under)\b", re.IGNORECASE)


def is_exclusive(text: str) -> bool:
    """Return whether a text that ``read_bounds`` accepts has an exclusive bound.

    >>> is_exclusive(">25 %"), is_exclusive(">= 25"), is_exclusive("25-50")
    (True, False, False)
    """
    return bool(_EXCLUSIVE.search(text))


def read_bounds(text: str) -> tuple[Decimal | None, Decimal | None]:
    """Return the lower and the upper bound in a text, in percent, None for a missing one; bounds are inclusive.

    >>> read_bounds(">25 %"), read_bounds("at most 10"), read_bounds("25-50"), read_bounds("a majority")
    ((Decimal('25'), None), (None, Decimal('10')), (Decimal('25'), Decimal('50')), (None, None))
    """
    for form, at in ((_AT_LEAST, 0), (_AT_MOST, 1)):
        if found := form.fullmatch(text.strip()):
            size = Decimal((found[1] or found[2]).replace(",", "."))
            bounds = (size, None) if at == 0 else (None, size)
            return bounds if size <= 100 else (None, None)
    return read_share(text)


def read_share(text: str) -> tuple[Decimal | None, Decimal | None]:
    """Return the lower and the upper bound of a share or range in percent, (None, None) if the text is neither.

    >>> read_share("75,5 %"), read_share("25-50,5%"), read_share("more than 25 % but not more than 50 %")
    ((Decimal('75.5'), Decimal('75.5')), (Decimal('25'), Decimal('50.5')), (Decimal('25'), Decimal('50')))
    """
    if found := re.fullmatch(_SIZE, text.strip()):
        low = high = Decimal(found[1].replace(",", "."))
    elif found := _RANGE.fullmatch(text.strip()):
        low, high = (Decimal(one.replace(",", ".")) for one in found.groups() if one)
    else:
        return None, None
    return (low, high) if low <= high <= 100 else (None, None)

"""Percentages as people write them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

_NUMBER: Final = re.compile(r"([0-9]{1,3}(?:[.,][0-9]+)?)\s*%?")
_RANGE: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?)\s*%?\s*(?:-|–|to)\s*([0-9]{1,3}(?:\.[0-9]+)?)\s*%?")
_SIZE: Final = r"([0-9]{1,3}(?:[.,][0-9]+)?)\s*%?"
_AT_LEAST: Final = re.compile(
    rf"(?:>=?|≥|at least|more than|over|min\.?)\s*{_SIZE}|{_SIZE}\s*(?:or more|\+)", re.IGNORECASE
)
_AT_MOST: Final = re.compile(
    rf"(?:<=?|≤|at most|less than|under|up to|max\.?)\s*{_SIZE}|{_SIZE}\s*or less", re.IGNORECASE
)


def read_bounds(text: str) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and the most percent that a text means, None where it gives none; bounds include their ends.

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
    """Return the least and the most percent that a text means, None twice where it is no share.

    >>> read_share("75,5 %"), read_share("25-50%"), read_share("a majority")
    ((Decimal('75.5'), Decimal('75.5')), (Decimal('25'), Decimal('50')), (None, None))
    """
    if found := _NUMBER.fullmatch(text.strip()):
        low = high = Decimal(found[1].replace(",", "."))
    elif found := _RANGE.fullmatch(text.strip()):
        low, high = Decimal(found[1]), Decimal(found[2])
    else:
        return None, None
    return (low, high) if low <= high <= 100 else (None, None)

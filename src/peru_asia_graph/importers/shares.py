"""Percentages as people write them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

_NUMBER: Final = re.compile(r"([0-9]{1,3}(?:[.,][0-9]+)?)\s*%?")
_RANGE: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?)\s*%?\s*(?:-|–|to)\s*([0-9]{1,3}(?:\.[0-9]+)?)\s*%?")


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

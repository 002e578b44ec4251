"""UN Comtrade's country codes, most of which are ISO 3166-1 numeric codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from babel.core import get_global

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.importers.countries import alpha_2, english_name, is_state

WORLD: Final = "0"
# Comtrade numbers that differ from ISO 3166-1 because the figures cover, or covered, a different area.
_OTHER: Final[Mapping[str, str]] = {"251": "250", "579": "578", "699": "356", "757": "756", "842": "840"}
# Former states, whose numbers (and letters, in Comtrade) lead to the successor state: Ethiopia with Eritrea, both
# Germanies, Pakistan with Bangladesh, Panama without the Canal Zone, both Yemens, Sudan with its south.
_FORMER: Final = frozenset({"230", "278", "280", "588", "590", "720", "736", "886"})


@dataclass(frozen=True)
class Country:
    """A reporter or partner: its number, its label, its ISO 3166-1 codes (empty for groups and the world)."""

    key: str
    label: str
    numbers: Mapping[str, str] = field(default_factory=dict)


@cache
def country_of(code: str, iso: str, label: str) -> Country:
    """Return a country from Comtrade's number, its three-letter code, if any, and its name.

    >>> country_of("156", "CHN", "China").numbers, country_of("278", "DDR", "Fmr Dem. Rep. of Germany").numbers
    ({'iso-3166-1-alpha-2': 'CN'}, {})
    """
    if code == WORLD:
        return Country(WORLD, label or "World")
    letters = iso if re.fullmatch(r"[A-Z]{3}", iso) and alpha_2(iso) else ""
    number = _OTHER.get(code, code).zfill(3)
    found = alpha_2(letters) or alpha_2(number)
    if not is_state(found) or number in _FORMER:
        return Country(code or label, label or f"Comtrade area {code}")
    return Country(code, label or english_name(found), {"iso-3166-1-alpha-2": found})


def is_country(code: str) -> frozenset[str]:
    """Return Comtrade's numbers for a two-letter country code; raise WrongUse if it is not one."""
    wanted = code.upper()
    numbers = {number for number, found in get_global("territory_aliases").items()
               if number.isdecimal() and found == [wanted]}  # fmt: skip
    if not numbers:
        raise WrongUse(f"'{code[:20]}' is not a country code; give two letters, such as PE")
    plain = {str(int(number)) for number in numbers}
    return frozenset(numbers | plain | {other for other, number in _OTHER.items() if number in numbers})

"""Finds the state that a code or name in a foreign file stands for, if there is no doubt."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Final

from babel import Locale
from babel.core import get_global

# Codes of groups, outlying areas and placeholders in the list of territories.
_NO_STATES: Final = ("EU", "EZ", "UN", "ZZ", "QO", "XA", "XB")
# Letters of states that have merged into the one whose code the list gives instead.
_MERGED: Final = ("DDR", "YMD")
# The languages whose names of states are known: those of the graph, of its partners and of many registers.
_LANGUAGES: Final = ("en", "es", "pt", "fr", "de", "it", "nl", "zh", "zh_Hant", "ja", "ko", "ru")
# English and Spanish names, as in ISO 3166-1 and in registers, that the list of territories (CLDR) does not have.
_ALSO: Final[Mapping[str, str]] = {
    "Bolivia, Plurinational State of": "BO", "Brunei Darussalam": "BN", "Corea, República de": "KR",
    "Costa de Marfil": "CI", "Czech Republic": "CZ", "Great Britain": "GB", "Hong Kong": "HK",
    "Iran, Islamic Republic of": "IR", "Korea, Republic of": "KR",
    "Korea, Democratic People's Republic of": "KP", "Macao": "MO", "Macau": "MO", "People's Republic of China": "CN",
    "PR China": "CN", "Republic of Korea": "KR", "Republic of Peru": "PE", "República de Corea": "KR",
    "República del Perú": "PE", "República Popular China": "CN",
    "Russian Federation": "RU", "Taiwan, Province of China": "TW", "Tanzania, United Republic of": "TZ",
    "Turkey": "TR", "Türkiye": "TR", "UK": "GB", "United States of America": "US",
    "Venezuela, Bolivarian Republic of": "VE", "Viet Nam": "VN",
}  # fmt: skip
# A state of the United States, and two countries that are both called by this name.
_DOUBTFUL: Final = ("georgia", "congo")


def is_state(code: str) -> bool:
    """Return whether a two-letter code, or that of a subdivision such as ``GB-ENG``, is that of a present-day state."""
    country = code.upper().partition("-")[0]
    return country.isalpha() and country in Locale("en").territories and country not in _NO_STATES


def alpha_2(code: str) -> str:
    """Return the two-letter code for an ISO 3166-1 code of any kind; empty for anything else.

    >>> alpha_2("CHN"), alpha_2("156"), alpha_2("CN"), alpha_2("China"), alpha_2("DDR")
    ('CN', 'CN', 'CN', '', '')
    """
    if len(code) == 2 and code.isupper() and is_state(code):
        return code
    found = get_global("territory_aliases").get(code, [])
    return found[0] if len(found) == 1 and len(found[0]) == 2 and len(code) == 3 and code not in _MERGED else ""


def code_named(name: str) -> str:
    """Return the two-letter code of the only state with this name in any of several languages; else empty.

    >>> [code_named(name) for name in ("Perú", "PERU", "Pérou", "秘鲁", "Georgia", "Lima")]
    ['PE', 'PE', 'PE', 'PE', '', '']
    """
    return _codes_by_name().get(_key(name), "")


def english_name(code: str) -> str:
    """Return the English name of the state with a two-letter code; the code if the list does not have it."""
    return str(Locale("en").territories.get(code, code))


@cache
def _codes_by_name() -> Mapping[str, str]:
    found: dict[str, set[str]] = defaultdict(set)
    listed = [pair for language in _LANGUAGES for pair in Locale.parse(language).territories.items()]
    for code, name in [*listed, *((code, name) for name, code in _ALSO.items())]:
        if len(code) == 2 and is_state(code):
            found[_key(name)].add(code)
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1 and name not in _DOUBTFUL}


def _key(name: str) -> str:
    """Return a name without case and accents, and with single spaces."""
    letters = unicodedata.normalize("NFKD", name)
    plain = "".join(one for one in letters if not unicodedata.combining(one))
    return " ".join(unicodedata.normalize("NFKC", plain).casefold().replace("’", "'").split())

"""The names of licences that have addresses."""

from __future__ import annotations

import re
from typing import Final

from peru_asia_graph.views.words import words

_CREATIVE_COMMONS: Final = re.compile(r"https?://creativecommons\.org/(licenses|publicdomain)/([a-z-]+)/([\d.]+)")


def licence_name(address: str, language: str) -> str:
    """Return the name of a licence, its address where it has no name here.

    >>> licence_name("https://creativecommons.org/licenses/by/4.0/", "en")
    'CC BY 4.0'
    >>> licence_name("https://creativecommons.org/publicdomain/zero/1.0/", "en"), licence_name("urn:own", "es")
    ('CC0 1.0', 'urn:own')
    >>> licence_name("https://creativecommons.org/publicdomain/mark/1.0/", "es")
    'dominio público'
    """
    found = _CREATIVE_COMMONS.match(address)
    if not found:
        return address
    family, kind, version = found.groups()
    if family == "licenses":
        return f"CC {kind.upper()} {version}"
    return f"CC0 {version}" if kind == "zero" else str(words(language)["ui"]["public"])

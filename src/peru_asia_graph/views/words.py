"""The words of the pages in each language.

Shared words are in ``words/en.json``, ``es.json`` and ``words/shared``, those of one page in ``words/pages``. Names of
things are in the graph.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from peru_asia_graph.errors import WrongUse, check_text

LANGUAGES: Final = ("en", "es")
FOLDER: Final = Path(__file__).parent / "words"
_CREATIVE_COMMONS: Final = re.compile(r"https?://creativecommons\.org/(licenses|publicdomain)/([a-z-]+)/([\d.]+)")


def words(language: str) -> dict[str, Any]:
    """Return the texts of a language: ``ui`` by key, ``terms`` by code, ``relations`` as pairs of both directions.

    Raises WrongUse for an unsupported language.
    """
    check_text(language, "the language of a page")
    if language not in LANGUAGES:
        raise WrongUse(f"no page in '{language}'; there are: {', '.join(LANGUAGES)}")
    return _read_words(language)


@lru_cache
def _read_words(language: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    for path in (*sorted((FOLDER / "shared").glob("*.json")), *sorted((FOLDER / "pages").glob("*.json"))):
        loaded["ui"] |= json.loads(path.read_text("utf-8"))[language]
    return loaded


def page_words(kind: str, language: str) -> dict[str, str]:
    """Return the texts that a page may need: without those of other pages, except their names."""
    others: set[str] = set()
    for path in (FOLDER / "pages").glob("*.json"):
        if path.stem != kind:
            others |= json.loads(path.read_text("utf-8"))[language].keys()
    return {key: text for key, text in words(language)["ui"].items() if key not in others or key.startswith("nav.")}


@lru_cache
def countries() -> dict[str, dict[str, Any]]:
    """Return code, colour and names of countries by slug; the names are from CLDR."""
    found: dict[str, dict[str, Any]] = json.loads((FOLDER / "countries.json").read_text("utf-8"))
    return found


def home_states(labels: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return code, colour and names of states, given their labels by slug, which identify a country of another slug.

    >>> home_states({"my-state": "Japan"})["my-state"]["code"], home_states({"utopia": "Utopia"})
    ('JP', {'utopia': {'en': 'Utopia', 'es': 'Utopia'}})
    """
    named = {row[language].casefold(): row for row in countries().values() for language in LANGUAGES}
    return {
        slug: countries().get(slug) or named.get(label.casefold()) or dict.fromkeys(LANGUAGES, label)
        for slug, label in sorted(labels.items())
    }


@lru_cache
def file_purposes() -> dict[str, dict[str, str]]:
    """Return the purpose of each data file in each language, by file name."""
    found: list[dict[str, str]] = json.loads((FOLDER / "files.json").read_text("utf-8"))
    return {file["name"]: file for file in found}


def glossary(codes: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the terms in all languages for the codes that have one."""
    return {
        language: {code: terms[code] for code in sorted(set(codes)) if code in (terms := words(language)["terms"])}
        for language in LANGUAGES
    }


def licence_name(address: str, language: str) -> str:
    """Return the name of a licence, or its address if it has no name here.

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

"""The words of the pages: one file a language in `words/`, and the Spanish names of things that have one.

Out: plain dictionaries for template and script. Limit: names of firms and persons are the same in both.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

LANGUAGES: Final = ("en", "es")
FOLDER: Final = Path(__file__).parent / "words"


@lru_cache
def words(language: str) -> dict[str, Any]:
    """Return the strings of a language: `ui` by key, `terms` by code, `relations` as a pair of both directions."""
    loaded: dict[str, Any] = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    return loaded


@lru_cache
def spanish_names() -> dict[str, str]:
    """Return the Spanish names of events, agreements, goods and the like, by slug."""
    with (FOLDER / "names-es.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["name"] for row in csv.DictReader(file)}


@lru_cache
def spanish_claims() -> dict[str, dict[str, str]]:
    """Return label, reading and note of the paper's claims in Spanish, by slug."""
    with (FOLDER / "claims-es.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@lru_cache
def countries() -> dict[str, dict[str, str]]:
    """Return code, tone and names of countries by slug; the names are CLDR's."""
    from babel import Locale

    named = {language: Locale(language).territories for language in LANGUAGES}
    found: dict[str, dict[str, str]] = json.loads((FOLDER / "countries.json").read_text("utf-8"))
    return {
        slug: {**row, **{language: str(named[language][row["code"]]) for language in LANGUAGES}}
        for slug, row in found.items()
    }


@lru_cache
def data_files() -> list[dict[str, str]]:
    """Return name, group and purpose in each language of the files of data that stand beside the pages."""
    found: list[dict[str, str]] = json.loads((FOLDER / "files.json").read_text("utf-8"))
    return found


def glossary(codes: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the terms of both languages for the codes that have one."""
    return {
        language: {code: terms[code] for code in sorted(set(codes)) if code in (terms := words(language)["terms"])}
        for language in LANGUAGES
    }

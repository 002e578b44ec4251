"""The words of the site in each language: those of ``site/words`` beside those that all pages share."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Final

from peru_asia_graph.views.words import LANGUAGES, words

FOLDER: Final = Path(__file__).parent / "words"


@lru_cache
def site_words(language: str) -> dict[str, str]:
    """Return the texts of a language by key; a file of ``site/words`` has them for each language."""
    found: dict[str, str] = dict(words(language)["ui"])
    for path in sorted(FOLDER.glob("*.json")):
        found |= json.loads(path.read_text("utf-8"))[language]
    return found


def choose_language(*wanted: str) -> str:
    """Return the first of the languages wanted that there is, English if there is none.

    Each is a code, or the value of an Accept-Language header.

    >>> choose_language("", "fr, es-PE;q=0.8, en;q=0.5"), choose_language("de"), choose_language("en", "es")
    ('es', 'en', 'en')
    """
    for text in wanted:
        found = [(_weight(part), -place, part) for place, part in enumerate(text[:500].split(","))]
        for weight, _, part in sorted(found, reverse=True):
            code = part.partition(";")[0].strip().lower().partition("-")[0]
            if weight > 0 and code in LANGUAGES:
                return code
    return LANGUAGES[0]


def _weight(part: str) -> float:
    _, _, text = part.partition(";")
    name, _, value = text.partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0

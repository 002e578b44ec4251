"""The words of the site in each language: those of ``site/words`` plus those that all pages share."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Final

from peru_asia_graph.views.words import words

FOLDER: Final = Path(__file__).parent / "words"


@lru_cache
def site_words(language: str) -> dict[str, str]:
    """Return the texts of a language by key, from the files of ``site/words``."""
    found: dict[str, str] = dict(words(language)["ui"])
    for path in sorted(FOLDER.glob("*.json")):
        found |= json.loads(path.read_text("utf-8"))[language]
    return found

"""Citations in the reader's language: page and paragraph, row of a table, or record and field.

Words for the fields of third-party files are in ``words/fields.json``; a field not listed there is shown unchanged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from peru_asia_graph.views.words import FOLDER

FILE: Final = FOLDER / "fields.json"
_SPANISH: Final = (
    (re.compile(r"\bTable (\d+)"), r"Cuadro \1"), (re.compile(r", row (?=.+ \(p\. \d+\)$)"), ", fila "),
    (re.compile(r"\brecord (?=.+, )"), "registro "), (re.compile(", lines "), ", líneas "),
    (re.compile(", line "), ", línea "), (re.compile(r"\bSource note "), "nota de fuente "),
    (re.compile(r"\bNote (?=\S+ \(p)"), "nota "), (re.compile(r"\bCaption\b"), "título"),
    (re.compile(r"\brcid (\d+) to (\d+), those dated (\d+)"), r"votaciones \1 a \2, las de \3"),
    (re.compile(r"\bregistro header\b"), "encabezado"),
)  # fmt: skip
_ENGLISH: Final = (
    (re.compile(r"\brcid (\d+) to (\d+), those dated (\d+)"), r"roll calls \1 to \2, those of \3"),
    (re.compile(r"\brecord header\b"), "header"),
)  # fmt: skip
_RECORD: Final = re.compile(r"\brecord \S.*?, ")


@lru_cache
def field_words() -> Mapping[str, Mapping[str, str]]:
    """Return the words for each known field by language, the longest field first."""
    found: dict[str, dict[str, str]] = json.loads(FILE.read_text("utf-8"))
    return {field: found[field] for field in sorted(found, key=len, reverse=True)}


def fields_in(places: Iterable[str]) -> dict[str, Mapping[str, str]]:
    """Return the words for the fields named in these citations of records."""
    named = {_field_of(place) for place in places}
    return {field: words for field, words in field_words().items() if field in named}


def place_in_words(text: str, language: str) -> str:
    """Return the label of a citation in words.

    >>> place_in_words("Table 6, row Block 8 (p. 25)", "es"), place_in_words("record 12, lat-lng", "en")
    ('Cuadro 6, fila Block 8 (p. 25)', 'record 12, lat-lng')
    >>> place_in_words("record 829, entryforceyear", "en"), place_in_words("HUGGO record GATT471947, Force", "es")
    ('record 829, year of entry into force', 'HUGGO registro GATT471947, entrada en vigor')
    """
    if field := _field_of(text):
        text = text.removesuffix(field) + field_words()[field].get(language, field)
    for pattern, words_for in _SPANISH if language == "es" else _ENGLISH:
        text = pattern.sub(words_for, text)
    return text


def places_in_words(places: Iterable[str], language: str) -> str:
    """Return the labels of citations in words, as one text.

    >>> places_in_words(["p. 7 ¶1", "GEM record OG0004942, lat-lng"], "es")
    'p. 7 ¶1; GEM registro OG0004942, lat-lng'
    """
    return "; ".join(place_in_words(place, language) for place in places)


def _field_of(text: str) -> str:
    """Return the field at the end of a record's citation; empty if it is unknown."""
    if not _RECORD.search(text):
        return ""
    parts = text.split(", ")  # a field may contain a comma itself: the longest known one
    ends = (", ".join(parts[start:]) for start in range(1, len(parts)))
    return next((field for field in ends if field in field_words()), "")

"""Where something is said, in the reader's language: page and paragraph, row of a table, or record."""

from __future__ import annotations

import re
from typing import Final

_SPANISH: Final = (
    (re.compile(r"\bTable (\d+)"), r"Cuadro \1"), (re.compile(r", row (?=.+ \(p\. \d+\)$)"), ", fila "),
    (re.compile(r"\brecord (?=.+, )"), "registro "), (re.compile(", lines "), ", líneas "),
    (re.compile(", line "), ", línea "), (re.compile(r"\bSource note "), "nota de fuente "),
    (re.compile(r"\bNote (?=\S+ \(p)"), "nota "), (re.compile(r"\bCaption\b"), "título"),
)  # fmt: skip
# The names of fields in a citation of a record are slugs.
_RECORD: Final = re.compile(r"\brecord \S+, ")


def place_in_words(text: str, language: str) -> str:
    """Return the label of a citation in words.

    >>> place_in_words("Table 6, row Block 8 (p. 25)", "es"), place_in_words("record 12, lat-lng", "en")
    ('Cuadro 6, fila Block 8 (p. 25)', 'record 12, lat lng')
    """
    if _RECORD.search(text):
        text = text.replace("-", " ")
    for pattern, words_for in _SPANISH if language == "es" else ():
        text = pattern.sub(words_for, text)
    return text

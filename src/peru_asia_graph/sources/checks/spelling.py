"""Checks names: no near-duplicates, no mixed alphabets within a word, no wrong encoding."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from peru_asia_graph.errors import Problem
from peru_asia_graph.sources.tables import Table
from peru_asia_graph.vocabulary import fold

# Alphabets and letter forms that look like Latin letters.
LOOK_ALIKE: Final = {"ARMENIAN", "CHEROKEE", "COPTIC", "CYRILLIC", "FULLWIDTH", "GREEK", "MATHEMATICAL"}


def check_names(entities: Table) -> Iterator[Problem]:
    """Yield a warning for each name that is a near-duplicate, mixes alphabets or was read in a wrong encoding."""
    seen: dict[str, str] = {}
    for row in entities.rows:
        for column in ("label", "names_as_printed"):
            for message in (found for name in row.items(column) for found in _mixtures(name)):
                yield Problem(entities.file, row.line, column, message, "type it again in Latin letters", warning=True)
            for name in row.items(column):
                if meant := _misread(name):
                    message = f"'{name[:60]}' looks like '{meant[:60]}', read in a wrong encoding"
                    yield Problem(entities.file, row.line, column, message, f"write '{meant[:60]}'", warning=True)
        name, slug = row.text("label"), row.text("id")
        if name and slug:
            first = seen.setdefault(f"{row.text('type')} {fold(name) or name}", slug)
            if first != slug:
                message = f"'{name[:60]}' is almost the same as the name of '{first}'"
                remedy = "if they are the same thing, merge the rows"
                yield Problem(entities.file, row.line, "label", message, remedy, warning=True)


def _mixtures(name: str) -> Iterator[str]:
    for word in re.findall(r"\w+", name):
        names = {letter: unicodedata.name(letter, "?") for letter in word if letter.isalpha()}
        scripts = {letter: full.split()[0] for letter, full in names.items()}
        foreign = [letter for letter in word if scripts.get(letter) in LOOK_ALIKE]
        if foreign and "LATIN" in scripts.values():
            listed = ", ".join(f"U+{ord(letter):04X} {names[letter]}" for letter in sorted(set(foreign))[:3])
            yield f"'{word[:60]}' mixes alphabets ({listed})"


def _misread(name: str) -> str:
    """Return a name whose UTF-8 was read as Windows-1252, repaired; empty if it was not.

    >>> _misread("AzÃºl"), _misread("Azúl"), _misread("São Tomé")
    ('Azúl', '', '')
    """
    if name.isascii():
        return ""
    try:
        return name.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return ""

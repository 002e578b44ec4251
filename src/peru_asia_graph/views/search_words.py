"""The words of a search: tokenization, ignored words, interrogatives and equivalents, from `words/search.json`."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

_BETWEEN: Final = re.compile(r"[\W_]+")


def words_in(text: str) -> list[str]:
    """Return the words of a text without accents and case.

    >>> words_in("Río Blanco (Z-2B)")
    ['rio', 'blanco', 'z', '2b']
    """
    plain = text.lower()
    if not plain.isascii():
        letters = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in letters if not unicodedata.category(letter).startswith("M"))
    return [word for word in _BETWEEN.split(plain) if word]


def stem(word: str) -> str:
    """Return a word without a final s."""
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def liken(word: str) -> str:
    """Return the representative of a word and its equivalents."""
    short = stem(word)
    return ALIKE.get(short, short)


def _stems(text: str) -> list[str]:
    return [stem(word) for word in words_in(text)]


def _read_rules() -> dict[str, Any]:
    """Return the words ``ignored`` (with the ``interrogatives``), those ``alike``, and more words for ``kinds``."""
    read = json.loads((Path(__file__).parent / "words" / "search.json").read_text("utf-8"))
    groups = [_stems(group) for group in read["alike"]]
    interrogatives = sorted(set(_stems(" ".join(read["interrogatives"].values()))))
    return {
        "ignored": sorted({*_stems(" ".join(read["ignored"].values())), *interrogatives}),
        "interrogatives": interrogatives,
        "alike": {word: group[0] for group in groups for word in group},
        "kinds": read["kinds"],
    }


RULES: Final = _read_rules()
IGNORED: Final = frozenset(RULES["ignored"])
INTERROGATIVES: Final = frozenset(RULES["interrogatives"])
ALIKE: Final[Mapping[str, str]] = RULES["alike"]


def kind_words(kind: str) -> str:
    """Return additional words for a kind of things, besides its labels."""
    return str(RULES["kinds"].get(kind.rpartition("#")[2], ""))


def one_slip_apart(one: str, other: str) -> bool:
    """Return whether words differ by one letter added, left out or replaced, or by two transposed letters.

    >>> one_slip_apart("toromcho", "toromocho"), one_slip_apart("chian", "china"), one_slip_apart("cusco", "cuzka")
    (True, True, False)
    """
    if abs(len(one) - len(other)) > 1:
        return False
    start, most = 0, min(len(one), len(other))
    while start < most and one[start] == other[start]:
        start += 1
    end = 0
    while end < most - start and one[-1 - end] == other[-1 - end]:
        end += 1
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    return max(len(left), len(right)) < 2 or (len(left) == 2 and left == right[::-1])

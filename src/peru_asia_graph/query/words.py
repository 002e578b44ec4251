"""The words of names and labels, to compare what people write with what the graph has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from peru_asia_graph.vocabulary import fold

_LEGAL_FORMS: Final = {
    "co": "company", "company": "company", "compania": "company", "corp": "corporation", "corporation": "corporation",
    "ltd": "limited", "limited": "limited", "inc": "incorporated", "incorporated": "incorporated", "sa": "sa",
    "sac": "sac", "saa": "saa", "plc": "plc", "group": "group", "grupo": "group",
}  # fmt: skip
_JOINING: Final = frozenset({"and", "y", "e", "the", "el", "la", "los", "las", ""})
_INITIALS: Final = re.compile(r"\b(\w)\.\s?(?=\w\b)")
_BETWEEN: Final = re.compile(r"[\s\-–—_/(),;:&]+")


def words_of(name: str) -> list[str]:
    """Return the words of a name, folded, legal forms spelt out; ``and`` and articles are left out.

    >>> words_of("Mitsui Mining & Smelting Co. Ltd."), words_of("Ecopetrol S.A.")
    (['mitsui', 'mining', 'smelting', 'company', 'limited'], ['ecopetrol', 'sa'])
    """
    found = (fold(word) for word in _BETWEEN.split(_INITIALS.sub(r"\1", name)))
    return [_LEGAL_FORMS.get(word, word) for word in found if word not in _JOINING]


def without_legal_form(words: Sequence[str]) -> list[str]:
    """Return the words without a legal form at the end; a name of nothing else stays whole.

    >>> without_legal_form(words_of("Mitsui & Co. Ltd."))
    ['mitsui']
    """
    return shortenings(words)[-1]


def shortenings(words: Sequence[str]) -> list[list[str]]:
    """Return the words, then without the last legal form, and so on to none.

    >>> shortenings(words_of("Mitsui & Co. Ltd."))
    [['mitsui', 'company', 'limited'], ['mitsui', 'company'], ['mitsui']]
    """
    found = [list(words)]
    while len(found[-1]) > 1 and found[-1][-1] in _LEGAL_FORMS.values():
        found.append(found[-1][:-1])
    return found


def stem(words: Sequence[str]) -> str:
    """Return the words as one text without the endings of plurals, English or Spanish.

    >>> stem(["state", "visits"]) == stem(["state", "visit"]), stem(["operaciones"]) == stem(["operacion"])
    (True, True)
    """
    return " ".join(re.sub("y$", "i", re.sub("e?s?$", "", word)) if len(word) > 3 else word for word in words)

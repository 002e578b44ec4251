"""The words of names and labels, for comparing user input with the graph."""

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
_BLOCK: Final = {"bloque": "block", "lote": "block"}
# Words at the end of a name that say what kind of thing it is.
_KINDS: Final = frozenset(
    {"oil", "gas", "field", "mine", "project", "deposit", "petroleo", "yacimiento", "de", "mina", "proyecto"}
)
_IN_PARENTHESES: Final = re.compile(r"\([^()]*\)")
_ABBREVIATIONS: Final = re.compile(r"\(([A-Z]{2,}(?: [A-Z]{2,})*)\)(?=(?:\s*\([A-Z ]+\))*\s*$)")
_JOINING: Final = frozenset({"and", "y", "e", "the", "el", "la", "los", "las", ""})
_INITIALS: Final = re.compile(r"\b(\w)\.\s?(?=\w\b)")
_BETWEEN: Final = re.compile(r"[\s\-–—_/(),;:&]+")


def words_of(name: str) -> list[str]:
    """Return the words of a name, folded, legal forms spelt out; ``and`` and articles are left out.

    The Spanish words for an oil block count as the English one.

    >>> words_of("Mitsui Mining & Smelting Co. Ltd."), words_of("Ecopetrol S.A.")
    (['mitsui', 'mining', 'smelting', 'company', 'limited'], ['ecopetrol', 'sa'])
    >>> words_of("Bloque Z-2B") == words_of("Lote Z-2B") == words_of("Block Z-2B")
    True
    """
    found = (fold(word) for word in _BETWEEN.split(_INITIALS.sub(r"\1", name)))
    return [_LEGAL_FORMS.get(word, _BLOCK.get(word, word)) for word in found if word not in _JOINING]


def abbreviations(name: str) -> list[str]:
    """Return the abbreviations in parentheses at the end of a name.

    >>> abbreviations("Latin American Integration Association (ALADI LAIA)"), abbreviations("Block 8 (Peru)")
    (['ALADI', 'LAIA'], [])
    """
    return [word for found in _ABBREVIATIONS.findall(name) for word in found.split()]


def initials(name: str) -> set[str]:
    """Return the initials of a proper name of several words, with and without those of its small words.

    >>> sorted(initials("People's Republic of China")), initials("Visit of Humala to Seoul in 2012"), initials("Japan")
    (['prc', 'proc'], set(), set())
    """
    words = [word for word in _BETWEEN.split(_IN_PARENTHESES.sub("", name)) if word]
    capitals = [word for word in words if word[0].isupper()]
    if len(capitals) < 2 or any(len(word) > 3 or not word.isalpha() for word in words if word not in capitals):
        return set()
    return {fold("".join(word[0] for word in some)) for some in (capitals, words)}


def without_kind(name: str) -> list[str]:
    """Return the words of a name without remarks in parentheses and without the kind of thing at its end.

    >>> without_kind("Bretaña Norte (95) Oil and Gas Field (Peru)"), without_kind("Oil & Gas")
    (['bretana', 'norte'], ['oil'])
    """
    words = words_of(_IN_PARENTHESES.sub("", name))
    while len(words) > 1 and words[-1] in _KINDS:
        words.pop()
    return words


def without_legal_form(words: Sequence[str]) -> list[str]:
    """Return the words without a legal form at the end; a name that consists of nothing else is unchanged.

    >>> without_legal_form(words_of("Mitsui & Co. Ltd."))
    ['mitsui']
    """
    return shortenings(words)[-1]


def shortenings(words: Sequence[str]) -> list[list[str]]:
    """Return the words, then without the last legal form, and so on until none is left.

    >>> shortenings(words_of("Mitsui & Co. Ltd."))
    [['mitsui', 'company', 'limited'], ['mitsui', 'company'], ['mitsui']]
    """
    found = [list(words)]
    while len(found[-1]) > 1 and found[-1][-1] in _LEGAL_FORMS.values():
        found.append(found[-1][:-1])
    return found


def stem(words: Sequence[str]) -> str:
    """Return the words as one text without English or Spanish plural endings.

    >>> stem(["state", "visits"]) == stem(["state", "visit"]), stem(["operaciones"]) == stem(["operacion"])
    (True, True)
    """
    return " ".join(re.sub("y$", "i", re.sub("e?s?$", "", word)) if len(word) > 3 else word for word in words)

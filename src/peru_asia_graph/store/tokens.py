"""SPARQL lexer: tokens by the terminals of the SPARQL 1.1 and 1.2 grammars, without white space and comments.

All patterns are possessive, so that the time is linear in the length of the query.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

# The characters of names, given as the ASCII characters they exclude. All non-ASCII characters are accepted: the engine
# reports those that the grammar allows in no name, and the exact character classes compile slowly.
_LETTER: Final = r"[^\x00-@\[-`{-\x7f]"
_WORD_START: Final = r"[^\x00-@\[-^`{-\x7f]"
_WORD: Final = r"[^\x00-,/:-@\[-^`{-\x7f]"
_LABEL_START: Final = r"[^\x00-/:-@\[-^`{-\x7f]"
_LABEL: Final = r"[^\x00-,./:-@\[-^`{-\x7f]"
_LOCAL_START: Final = r"[^\x00-/;-@\[-^`{-\x7f]"
_LOCAL: Final = r"[^\x00-,./;-@\[-^`{-\x7f]"
_ESCAPED: Final = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_TERMINALS: Final = {
    "skipped": r"[ \t\r\n]++|#[^\n\r]*+",
    "string": (
        r'"""(?:[^"\\]|\\.|"(?!""))*+"""'
        r"|'''(?:[^'\\]|\\.|'(?!''))*+'''"
        r'|"(?:[^"\\\n\r]|\\[^\n\r])*+"'
        r"|'(?:[^'\\\n\r]|\\[^\n\r])*+'"
    ),
    "iri": r'<(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>',
    "blank": f"_:{_LABEL_START}(?:\\.*+{_LABEL})*+",
    "variable": f"[?$]{_LABEL_START}++",
    "language": r"@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?",
    # The prefix may contain dots, but not end with one.
    "name": (f"(?:{_LETTER}{_WORD}*+(?<!\\.))?:(?:(?:{_LOCAL_START}|{_ESCAPED})(?:\\.*+(?:{_LOCAL}|{_ESCAPED}))*+)?"),
    # A keyword, or several that follow one another directly.
    "word": f"{_WORD_START}{_WORD}*+",
    "number": r"[0-9]++",
    "other": r".",
}


class Token(NamedTuple):
    """A token: its kind (a key in the table of terminals), its text, and its offset in the query.

    ``name`` is a prefixed name or a prefix with its colon, ``iri`` an IRI between < and >, ``blank`` a blank node
    label, ``word`` one or more keywords, ``other`` one punctuation character.
    """

    kind: str
    text: str
    start: int


def read_tokens(query: str, start: int = 0) -> Iterator[Token]:
    """Yield the tokens of a query from an offset, valid or not.

    >>> [token.text for token in read_tokens("ASK { ?s ex:valid.from 'a # b' . } # end")]
    ['ASK', '{', '?s', 'ex:valid.from', "'a # b'", '.', '}']
    """
    for match in _pattern().finditer(query, start):
        if match.lastgroup != "skipped":
            yield Token(str(match.lastgroup), match[0], match.start())


def split_name(name: str) -> tuple[str, str]:
    """Return the prefix and the local part of a prefixed name, unescaped.

    >>> split_name(r"ex:a\\-b")
    ('ex', 'a-b')
    """
    prefix, _, rest = name.partition(":")
    return prefix, re.sub(r"\\(.)", r"\1", rest)


def read_prefixes(tokens: Iterator[Token] | list[Token]) -> dict[str, str]:
    """Return the prefixes that a query declares, with their IRIs as written.

    >>> read_prefixes(read_tokens("prefix ex: <http://example.org/> ASK {}"))
    {'ex': 'http://example.org/'}
    """
    listed = list(tokens)
    found = {}
    for word, name, iri in zip(listed, listed[1:], listed[2:], strict=False):
        if word.text.lower() == "prefix" and name.kind == "name" and name.text.endswith(":") and iri.kind == "iri":
            found[name.text[:-1]] = iri.text[1:-1]
    return found


@lru_cache(1)
def _pattern() -> re.Pattern[str]:
    # Compiled on first use: most queries need no tokens.
    return re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _TERMINALS.items()), re.DOTALL)

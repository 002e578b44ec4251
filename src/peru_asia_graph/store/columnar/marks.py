"""A query as a row of marks (names, variables, words, signs), read from the left. Pure.

Limit: the plain ones only. An escape, a language, a sign of a property path and the like raise Other: then the engine
reads the query, and says what is wrong if something is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NoReturn

import pyoxigraph as ox

from peru_asia_graph.vocabulary import PREFIXES

_LONGEST: Final = 10_000
_MARK: Final = re.compile(
    r"(?P<skip>[ \t\r\n]+|#[^\n\r]*)|(?P<iri><[^<>\"{}|^`\\\x00-\x20]*>)|(?P<variable>[?$][A-Za-z_]\w*)"
    r"|(?P<text>\"[^\"\\\n\r]*\"(?![@^\"])|'[^'\\\n\r]*'(?![@^']))"
    r"|(?P<prefixed>(?:[A-Za-z][\w-]*)?:[A-Za-z_][\w-]*(?![\w.:%\\-]))"
    r"|(?P<number>\d+(?:\.\d+)?(?![\w.]))|(?P<word>[A-Za-z]+(?![\w:]))"
    r"|(?P<sign>&&|\|\||!=|<=|>=|[=<>!(){}.;,*])",
    re.ASCII,
)
_PREFIX: Final = re.compile(
    r"#[^\n\r]*|prefix[ \t\r\n]+([A-Za-z][\w-]*):[ \t\r\n]*<([^<>\"{}|^`\\\x00-\x20]*)>", re.ASCII | re.IGNORECASE
)
_PROLOGUE: Final = re.compile(rf"(?:[ \t\r\n]|{_PREFIX.pattern})*", re.ASCII | re.IGNORECASE)
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:", re.ASCII)
# More of these nest too deep, or chain too long, to be worked out one inside the other.
_DEEP: Final = ("(", "!", "&&", "||", ";", ",", ".")
_DEEPEST: Final = 100


class Other(Exception):
    """A query of another kind."""


class Marks:
    """The marks of a query, and how far they are read."""

    def __init__(self, text: str) -> None:
        prologue, body = divide(text)
        self._spaces = _spaces_of(prologue)
        self._marks = _split(body)
        self._at = 0

    def peek(self, *kinds: str) -> bool:
        """Return whether the next mark is of one of these kinds."""
        return self._at < len(self._marks) and self._marks[self._at][0] in kinds

    def next_is(self, *texts: str) -> bool:
        """Return whether the next mark is one of these signs, or of these words in any case."""
        if not self.peek("sign", "word"):
            return False
        kind, found = self._marks[self._at]
        return (found.upper() if kind == "word" else found) in texts

    def take(self, kind: str) -> str:
        """Return the next mark, which must be of this kind."""
        if not self.peek(kind):
            self.stop()
        self._at += 1
        return self._marks[self._at - 1][1]

    def have(self, text: str) -> bool:
        """Pass over the next mark if it is this sign or word; return whether it is."""
        found = self.next_is(text)
        self._at += found
        return found

    def need(self, *texts: str) -> None:
        """Pass over these signs or words, which must come next."""
        for text in texts:
            if not self.have(text):
                self.stop()

    def variable(self) -> str:
        """Return the name of the variable that must come next."""
        return self.take("variable")[1:]

    def iri(self) -> str:
        """Return the address that must come next, whole and in brackets."""
        if self.peek("iri"):
            return f"<{_checked(self.take('iri')[1:-1])}>"
        space, _, name = self.take("prefixed").partition(":")
        return f"<{_checked(self._spaces[space] + name)}>" if space in self._spaces else self.stop()

    def verb(self, short: str) -> str:
        """Return the property that must come next; a lone ``a`` is the one given."""
        if self.peek("word"):
            return short if self.take("word") == "a" else self.stop()
        return self.iri()

    def end(self) -> None:
        """Nothing may be left."""
        if self._at != len(self._marks):
            self.stop()

    def stop(self) -> NoReturn:
        """Give the query up."""
        raise Other


def divide(text: str) -> tuple[str, str]:
    """Return the declarations a query begins with, and the rest."""
    match = _PROLOGUE.match(text)
    end = match.end() if match else 0
    return text[:end], text[end:]


@lru_cache(64)
def _spaces_of(prologue: str) -> Mapping[str, str]:
    """Return the namespaces by prefix: ours, and those declared."""
    found = dict(PREFIXES)
    for name, space in _PREFIX.findall(prologue):
        if name:
            found[name] = _checked(space)
    return found


def _checked(address: str) -> str:
    """Return a whole address as it is; one that is relative, or not well written, is the engine's."""
    if not _ABSOLUTE.match(address) or "/." in address:
        raise Other
    try:
        return ox.NamedNode(address).value
    except ValueError as error:
        raise Other from error


def _split(text: str) -> list[tuple[str, str]]:
    if len(text) > _LONGEST:
        raise Other
    marks, at = [], 0
    while at < len(text):
        match = _MARK.match(text, at)
        if match is None:
            raise Other
        if match.lastgroup != "skip":
            marks.append((str(match.lastgroup), match[0]))
        at = match.end()
    if sum(text in _DEEP for _, text in marks) > _DEEPEST:
        raise Other
    return marks

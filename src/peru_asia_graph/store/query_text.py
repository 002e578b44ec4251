"""The text of a query as it is passed to the engine: an equivalent, unambiguous form.

Oxigraph recognises keywords wherever its grammar allows one, even inside a word: in SPARQL ``ex:a.b.SERVICE`` is a
name, in Oxigraph it contains a keyword. Oxigraph also rejects names with two dots. So the dots in such names are
escaped, prefixes containing that word are renamed, and a comparison that SPARQL would read as an IRI gets a space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

from peru_asia_graph.errors import BadQuery
from peru_asia_graph.store.tokens import Token, read_prefixes, read_tokens

_SERVICE: Final = "service"
_NO_SERVICE: Final = "SERVICE is disabled: queries cannot access other servers"
_CLEAR_IRI: Final = r"<[A-Za-z][A-Za-z0-9+.-]*://"
_MAX_RENAMED: Final = 20
_OPERANDS: Final = {"variable", "iri", "name", "string", "language", "number", "blank"}


class QueryText(NamedTuple):
    """A query as given and, if different, as passed to the engine, and whether it has FROM clauses.

    ``inserted`` has the offsets in ``rewritten`` of characters that are not in ``given``.
    """

    given: str
    rewritten: str = ""
    has_from: bool = False
    inserted: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        return self.rewritten or self.given

    def original_column(self, line: int, column: int) -> int:
        """Return the 1-based column in the given query that corresponds to a position in the text to run."""
        starts = [0, *(match.end() for match in re.finditer("\n", self.text))]
        if not 0 < line <= len(starts):
            return column
        start = starts[line - 1]
        return column - sum(start <= offset < start + column - 1 for offset in self.inserted)


def read_query(text: str) -> QueryText:
    """Return a query in the form to run; raise BadQuery for SERVICE and ambiguous text."""
    pieces: list[str] = []
    inserted: list[int] = []
    prefixes = _Prefixes(text)
    end, length, has_from = 0, 0, False
    for token in _tokens_in_context(text):
        written = _unambiguous(token, text, prefixes)
        has_from |= token.kind == "word" and any(part.endswith("from") for part in _words(token))
        if written == token.text:
            continue
        pieces += [text[end : token.start], written]
        length += token.start - end
        inserted += [length + offset for offset in _insertions(token.text, written)]
        length += len(written)
        end = token.start + len(token.text)
    return QueryText(text, "".join([*pieces, text[end:]]), has_from, tuple(inserted))


def find_position(text: str, offset: int) -> tuple[int, int]:
    """Return the 1-based line and column of an offset."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def _tokens_in_context(text: str) -> Iterator[Token]:
    """Yield the tokens, with ``<`` as an operator if the text up to ``>`` looks like an IRI but may be a comparison.

    A comparison is inside brackets and follows an operand; an IRI is only possible there in a list of terms.
    """
    brackets: list[str] = []
    before = Token("other", "", 0)
    stream = read_tokens(text)
    while (token := next(stream, None)) is not None:
        if (
            token.kind == "iri"
            and brackets[-1:] == ["("]
            and _is_operand(before)
            and not re.match(_CLEAR_IRI, token.text)
        ):
            if re.search("[#']", token.text):
                message = (
                    "'<' is ambiguous here; add a space after it to compare, or write an absolute IRI with http://"
                )
                raise BadQuery(message, *find_position(text, token.start), text)
            if "(" in token.text or ")" in token.text:
                stream = read_tokens(text, token.start + 1)
                # The space makes it an operator for the engine, too.
                token = Token("comparison", "<", token.start)
        if token.text in ("(", "[", "{"):
            brackets.append(token.text)
        elif token.text in (")", "]", "}"):
            del brackets[-1:]
        yield token
        before = token


def _is_operand(token: Token) -> bool:
    if token.kind == "word":
        return token.text.lower().endswith(("true", "false"))
    return token.kind in _OPERANDS or token.text in (")", "]", "}")


def _words(token: Token) -> list[str]:
    return re.split("[.-]", token.text.lower())


def _unambiguous(token: Token, text: str, prefixes: _Prefixes) -> str:
    """Return the text of a token for the engine; raise BadQuery for SERVICE."""
    if token.kind == "comparison":
        return "< "
    if token.kind == "name":
        prefix, colon, local = token.text.partition(":")
        if _SERVICE in prefix.lower():
            prefix = prefixes.rename(prefix, token.start)
        if local.replace("\\.", "").count(".") > 1 or ("." in local and _SERVICE in local.lower()):
            local = re.sub(r"\\.|\.", lambda match: match[0] if match[0] != "." else "\\.", local)
        return prefix + colon + local
    if token.kind in ("word", "language", "blank", "number") and _SERVICE in token.text.lower():
        offset = token.start + token.text.lower().index(_SERVICE)
        remedy = "" if token.kind == "word" else "; use another label"
        raise BadQuery(f"{_NO_SERVICE}{remedy}", *find_position(text, offset), text)
    return token.text


class _Prefixes:
    """Prefixes that contain the word, and their replacements of the same length without it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._renamed: dict[str, str] = {}

    @cached_property
    def _declared(self) -> dict[str, str]:
        return read_prefixes(read_tokens(self._text))

    def rename(self, prefix: str, start: int) -> str:
        """Return the replacement; raise BadQuery if there is none, or if the prefix is undeclared."""
        if prefix not in self._renamed:
            words = (letter * len(_SERVICE) for letter in "xyzwvutqkj")
            names = (re.sub(_SERVICE, word, prefix, flags=re.IGNORECASE) for word in words)
            free = next((name for name in names if name not in self._text), None)
            if prefix not in self._declared or free is None or len(self._renamed) >= _MAX_RENAMED:
                message = f"{_NO_SERVICE}; if '{prefix}' is a prefix, rename it"
                raise BadQuery(message, *find_position(self._text, start), self._text)
            self._renamed[prefix] = free
        return self._renamed[prefix]


def _insertions(before: str, after: str) -> list[int]:
    """Return the offsets in ``after`` of characters inserted into ``before``; others may be replaced."""
    if len(before) == len(after):
        return []
    if before == "<":
        return [1]
    found, at = [], 0
    for offset, character in enumerate(after):
        if character == "\\" and before[at : at + 1] != "\\":
            found.append(offset)
        else:
            at += 1
    return found

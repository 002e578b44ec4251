"""Convert Oxigraph's syntax errors to BadQuery with a readable message.

Oxigraph lists everything its grammar would accept next, from single characters to reasons; an undeclared prefix is one
item among many, or not in the list at all.
"""

from __future__ import annotations

import re
from itertools import pairwise, takewhile
from typing import Final

from peru_asia_graph.errors import BadQuery, join_or, suggest
from peru_asia_graph.store.query_text import QueryText, find_position
from peru_asia_graph.store.tokens import Token, read_prefixes, read_tokens
from peru_asia_graph.vocabulary import PREFIXES

# Patterns for error handling, compiled on first use.
_POSITION: Final = r"(?:\w+ )?error at (\d+):(\d+): "
_UPDATES: Final = frozenset(["insert", "delete", "with", "load", "clear", "create", "drop", "copy", "move", "add"])
_EXPECTED: Final = r"(?s)^expected (?:one of )?(.*)"
# Sets of characters, such as ['0'..='9'] and [_] (any character); the last may be truncated.
_CHARACTERS: Final = r"\[(?:'(?:\\.|[^'\\])*(?:'|\Z)|[^'\]])*(?:\]|\Z)"
# Matches "SELECT * is not authorized with GROUP BY", but not a keyword.
_REASON: Final = r"[A-Z]+\w* .*[a-z].*"
_FORMS: Final = ("select", "ask", "construct", "describe")


def bad_query(message: str, query: QueryText, added: int = 0) -> BadQuery:
    """Return the engine's message as BadQuery; ``added`` characters were prepended to the query for the engine."""
    # An unclosed quote ends the tokens.
    tokens = list(takewhile(lambda one: one.kind != "other" or one.text not in ('"', "'"), read_tokens(query.given)))
    if not tokens:
        return BadQuery("the query is empty")
    if (first := _first_word(tokens)) in _UPDATES:
        return BadQuery(f"{first.upper()} changes data, but the store is read-only; use SELECT, ASK or CONSTRUCT")
    position = re.search(_POSITION, message)
    if position is None:
        return BadQuery(message)
    line, column = int(position[1]), int(position[2])
    if "IRI parsing failed" in message:
        message = f"{position[0]}an IRI in < > contains an invalid character; write a space as %20"
    elif first not in _FORMS:
        meant = f"; did you mean {near[0].upper()}?" if (near := suggest(first, _FORMS)) else ""
        return BadQuery(f"a query must start with SELECT, ASK, CONSTRUCT or DESCRIBE{meant}")
    elif found := _undeclared(tokens, query.given) or _unnamed(tokens, query.given):
        return found
    column = query.original_column(line, column - added if line == 1 else column)
    return BadQuery(_reason(re.sub(_POSITION, "", message)), line, column, query.given)


def _reason(message: str) -> str:
    """Return the reasons in the engine's list of what it expected or, if there are none, the keywords and punctuation.

    >>> _reason("expected one of The SELECT contains a variable that is unbound, [_]")
    'The SELECT contains a variable that is unbound'
    >>> _reason("expected one of Duplicated variable name in SELECT, [_]")
    'Duplicated variable name in SELECT'
    >>> _reason("expected one of OFFSET, ['0'..='9'], VALUES, ['a'..='"), _reason("expected [_]")
    ('expected one of OFFSET, VALUES', 'this is not valid SPARQL')
    """
    listed = re.match(_EXPECTED, message)
    if listed is None:
        return message
    pieces = (piece.strip() for piece in re.sub(_CHARACTERS, "", listed[1]).split(", "))
    items = [piece for piece in pieces if piece not in ("", '"', "<unreported>")]
    reasons = [item for item in items if re.fullmatch(_REASON, item)]
    if reasons or not items:
        return "; ".join(reasons) or "this is not valid SPARQL"
    return f"expected {'one of ' if len(items) > 1 else ''}{', '.join(items)}"


def _first_word(tokens: list[Token]) -> str:
    """Return the first keyword after the declarations, in lower case."""
    words = (token.text.lower() for token in tokens if token.kind == "word")
    return next((word for word in words if word not in ("prefix", "base")), "")


def _undeclared(tokens: list[Token], text: str) -> BadQuery | None:
    """Return the error for the first prefix that is used but not declared."""
    declared = PREFIXES.keys() | read_prefixes(tokens)
    before = ""
    for token in tokens:
        prefix = token.text.partition(":")[0]
        if token.kind == "name" and prefix not in declared and before.lower() != "prefix":
            near = [f"{name}:" for name in suggest(prefix, declared)]
            meant = f"; did you mean {join_or(near)}?" if near else ""
            message = f"the prefix '{prefix}:' is not declared; start the query with PREFIX {prefix}: <…>{meant}"
            return BadQuery(message, *find_position(text, token.start), text)
        before = token.text
    return None


def _unnamed(tokens: list[Token], text: str) -> BadQuery | None:
    """Return the error for the first call after SELECT without parentheses and a name, such as COUNT(?x)."""
    depth, begun = 0, False
    for token, after in pairwise(tokens):
        word = token.text.lower()
        if begun and word in ("{", "where", "from"):
            return None
        depth += (word == "(") - (word == ")")
        if begun and not depth and after.text == "(" and token.kind == "word" and word not in ("distinct", "reduced"):
            message = f"an expression in SELECT needs parentheses and a name: ({token.text}(…) AS ?name)"
            return BadQuery(message, *find_position(text, token.start), text)
        begun = begun or word == "select"
    return None

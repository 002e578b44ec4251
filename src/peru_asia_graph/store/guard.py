"""Checks on a query before it runs: no SERVICE, and no nesting or chaining that would crash the engine.

Keywords are identified from tokens. Where the engine would tokenise the text differently, it is given an unambiguous
form of it: see ``store.query_text``. Brackets and operators in strings, comments and IRIs do not count.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from peru_asia_graph.errors import BadQuery
from peru_asia_graph.store.query_text import QueryText, find_position, read_query

MAX_CHARACTERS: Final = 1_000_000
MAX_NESTING: Final = 200
MAX_CHAIN: Final = 2_000
# The same query is run on one source after another. Longer texts, from other users, are not cached.
_MAX_CACHED: Final = 50_000
_CACHED_TEXTS: Final = 64
# Patterns are compiled on first use: most queries need none, and compiling all takes a millisecond.
_OPAQUE: Final = (
    r"(?s:\\.|"  # an escape outside a string is part of a name and starts no string
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
    r"|<[^<>\"{}|^`\\\x00-\x20]*>|#[^\n\r]*)"
)
_NAME: Final = r"[?$]\w+|(?<=:)[\w%:-]+"
# Triggers of the full check. The engine rejects names with two dots; //www.w3.org is not a name.
_SUSPECT_WORDS: Final = ("from", "service")
_SUSPECT_NAME: Final = r"\.(?<!//www\.)[^\s./<>]++\."
_CHAINED: Final = r"(?i:union|optional|minus|filter|bind|exists|as\b|\|\||&&|[-/|^!+*])"
_PUNCTUATION: Final = r"[()\[\]{};,]|(?<!\d)\.|\.(?!\d)"
_NO_OPERATOR: Final = r"[^()\[\]!+*/-]"
# IRIs may contain up to this many slashes and hyphens; with more, they count as operators of a comparison < … >.
_IRI_OPERATORS: Final = 16
_SURROGATE: Final = "[\ud800-\udfff]"


def check_query(text: str) -> QueryText:
    """Return the query to run, without a byte order mark; raise BadQuery if it is not allowed."""
    text = text.removeprefix("\ufeff")
    if len(text) > MAX_CHARACTERS:
        raise BadQuery(f"the query is over {MAX_CHARACTERS:,} characters; split it")
    return _check_cached(text) if len(text) <= _MAX_CACHED else _check(text)


def _check(text: str) -> QueryText:
    if not text.isascii() and re.search(_SURROGATE, text):
        raise BadQuery("the query contains invalid characters (lone surrogates); save it as UTF-8")
    if not _is_suspect(text):
        return QueryText(text)
    blanked = blank(text)
    _check_nesting(blanked, text)
    keywords = re.sub(_NAME, lambda match: " " * len(match[0]), blanked)
    if sum(1 for _ in re.finditer(_CHAINED, keywords)) > MAX_CHAIN:
        raise BadQuery(f"the query chains over {MAX_CHAIN:,} operators; use VALUES, or split it")
    return read_query(text)


_check_cached = lru_cache(_CACHED_TEXTS)(_check)


def _check_nesting(blanked: str, text: str) -> None:
    """Raise BadQuery for brackets nested too deeply or too many patterns in a group; lists in ( ) may be long."""
    stack: list[str] = []
    patterns = 0
    for match in re.finditer(_PUNCTUATION, blanked):
        if match[0] in "([{":
            stack.append(match[0])
        elif match[0] in ")]}":
            del stack[-1:]
        else:
            patterns += match[0] != "," or stack[-1:] != ["("]
        if len(stack) > MAX_NESTING:
            position = find_position(text, match.start())
            raise BadQuery(f"brackets are nested over {MAX_NESTING} deep; simplify the query", *position, text)
    if patterns > MAX_CHAIN:
        raise BadQuery(f"the query has over {MAX_CHAIN:,} patterns; use VALUES, or split it")


def _is_suspect(text: str) -> bool:
    """Return whether a query needs the full check; most are short, without FROM, SERVICE or names with dots."""
    brackets = text.count("(") + text.count("[") + text.count("{")
    if len(text) > MAX_CHAIN or brackets > MAX_NESTING:
        return True
    lowered = text.lower()
    return any(word in lowered for word in _SUSPECT_WORDS) or re.search(_SUSPECT_NAME, text) is not None


def blank(text: str) -> str:
    """Return the text with strings, comments and IRIs replaced by spaces, offsets unchanged.

    Text between < and > may be a comparison, so its brackets and operators are kept unless they could be in an IRI.
    """
    return re.sub(_OPAQUE, _blank, text)


def _blank(match: re.Match[str]) -> str:
    found = match[0]
    if found[0] != "<":
        return " " * len(found)
    operators = re.sub(_NO_OPERATOR, " ", found)
    if operators.count("/") + operators.count("-") > _IRI_OPERATORS:
        return operators
    return operators.replace("/", " ").replace("-", " ")

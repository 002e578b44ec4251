"""Checks on query text before it runs: no SERVICE, and no nesting or chaining that would crash the engine.

This is not a parser: strings, comments and IRIs are blanked, then keywords, brackets and operators are counted.
"""

from __future__ import annotations

import re
from typing import Final

from peru_asia_graph.errors import BadQuery

MAX_CHARACTERS: Final = 1_000_000
MAX_NESTING: Final = 200
MAX_CHAIN: Final = 2_000
# Patterns are compiled on first use: most queries need none, and compiling them all takes a millisecond.
_OPAQUE: Final = (
    r"(?s:\\.|"  # an escape outside a string belongs to a name and starts no string
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
    r"|<[^<>\"{}|^`\\\x00-\x20]*>|#[^\n\r]*)"
)
# Variables and local names; without dots, as a keyword may follow a dot directly.
_NAME: Final = r"[?$]\w+|(?<=:)[\w%:-]+"
# A keyword needs no space around it (after a number, before a prefix), so "service" is searched for everywhere.
_SERVICE: Final = r"(?i:service)"
_NO_SERVICE: Final = "queries do not reach other servers; a prefix with that word needs another name"
_FROM: Final = r"(?i:\bfrom\b(?![\w.-]*:))"
_SUSPECT: Final = r"(?i:(?<![?$:\w])from\b|service)"
_CHAINED: Final = r"(?i:union|optional|minus|filter|bind|exists|as\b|\|\||&&|[-/|^!+*])"
_PUNCTUATION: Final = r"[()\[\]{};,]|(?<!\d)\.|\.(?!\d)"
_NO_OPERATOR: Final = r"[^()\[\]!+*/-]"
# Slashes and hyphens an IRI may contain; more of them are taken for operators of a comparison between < and >.
_IRI_OPERATORS: Final = 16
_SURROGATE: Final = "[\ud800-\udfff]"


def check_query(text: str) -> bool:
    """Raise BadQuery for a query that must not run; return whether it has FROM clauses."""
    if len(text) > MAX_CHARACTERS:
        raise BadQuery(f"the query is over {MAX_CHARACTERS:,} characters; split it")
    if not text.isascii() and re.search(_SURROGATE, text):
        raise BadQuery("the query holds broken characters (lone surrogates); save it as UTF-8")
    if not _is_suspect(text):
        return False
    blanked = blank(text)
    _check_nesting(blanked, text)
    keywords = re.sub(_NAME, lambda match: " " * len(match[0]), blanked)
    if match := re.search(_SERVICE, keywords):
        raise BadQuery(f"SERVICE is off: {_NO_SERVICE}", *_position(text, match.start()), text)
    if sum(1 for _ in re.finditer(_CHAINED, keywords)) > MAX_CHAIN:
        raise BadQuery(f"the query chains over {MAX_CHAIN:,} operators; use VALUES, or split it")
    return re.search(_FROM, keywords) is not None


def _check_nesting(blanked: str, text: str) -> None:
    """Raise BadQuery for brackets nested too deep or too many patterns in a group; lists in ( ) may be long."""
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
            position = _position(text, match.start())
            raise BadQuery(f"brackets are nested over {MAX_NESTING} deep; simplify the query", *position, text)
    if patterns > MAX_CHAIN:
        raise BadQuery(f"the query has over {MAX_CHAIN:,} patterns; use VALUES, or split it")


def _is_suspect(text: str) -> bool:
    """Return whether a query needs the full check: most are short and contain neither FROM nor SERVICE."""
    brackets = text.count("(") + text.count("[") + text.count("{")
    if len(text) > MAX_CHAIN or brackets > MAX_NESTING:
        return True
    # Substring search in ASCII text is a hundred times faster than the pattern; other letters fold to ASCII ones, too.
    lower = text.lower() if text.isascii() else "from"
    return ("service" in lower or "from" in lower) and re.search(_SUSPECT, text) is not None


def blank(text: str) -> str:
    """Return the text with strings, comments and IRIs replaced by spaces, offsets unchanged.

    Text between < and > may be a comparison, so brackets and operators there stay unless they look like an IRI's.
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


def _position(text: str, offset: int) -> tuple[int, int]:
    """Return the 1-based line and column of an offset."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1

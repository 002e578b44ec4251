"""What is refused before a query runs: reaching outside, changing data, and nesting that would crash the engine.

Query text in, BadQuery or whether it names graphs out. Limit: words and brackets are looked at, not the grammar;
strings, comments and addresses are taken out first.
"""

from __future__ import annotations

import re
from typing import Final

from peru_asia_graph.errors import BadQuery

MAX_CHARACTERS: Final = 1_000_000
MAX_NESTING: Final = 200
MAX_CHAIN: Final = 2_000
_OPAQUE: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
    r"|<[^<>\"{}|^`\\\x00-\x20]*>|#[^\n\r]*",
    re.DOTALL,
)
_NAME: Final = re.compile(r"[?$]\w+|\w[\w.-]*:[\w.%-]*")
_FROM: Final = re.compile(r"\bfrom\b", re.IGNORECASE)
_SERVICE: Final = re.compile(r"\bservice\b", re.IGNORECASE)
_CHAINED: Final = re.compile(r"\b(?:union|optional|minus|filter|bind|exists)\b|\|\||&&|[/|^!+*]", re.IGNORECASE)


def check_query(text: str) -> bool:
    """Raise BadQuery for a query that must not run; return whether it names its own graphs (FROM)."""
    if len(text) > MAX_CHARACTERS:
        raise BadQuery(f"the query is over {MAX_CHARACTERS:,} characters; split it")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise BadQuery("the query holds broken characters (lone surrogates); save it as UTF-8")
    plain = blank(text)
    depth = 0
    for bracket in re.finditer(r"[(\[{]|[)\]}]", plain):
        depth += 1 if bracket[0] in "([{" else -1
        if depth > MAX_NESTING:
            line, column = place(text, bracket.start())
            raise BadQuery(f"brackets are nested over {MAX_NESTING} deep; simplify the query", line, column, text)
    words = _NAME.sub(lambda match: " " * len(match[0]), plain)
    if match := _SERVICE.search(words):
        line, column = place(text, match.start())
        raise BadQuery("SERVICE is off: queries do not reach other servers", line, column, text)
    if sum(1 for _ in _CHAINED.finditer(words)) > MAX_CHAIN:
        raise BadQuery(f"the query chains over {MAX_CHAIN:,} operators; use VALUES, or split it")
    return _FROM.search(words) is not None


def blank(text: str) -> str:
    """Return the text with its strings, comments and addresses as spaces; places stay the same."""
    return _OPAQUE.sub(lambda match: " " * len(match[0]), text)


def place(text: str, offset: int) -> tuple[int, int]:
    """Return the 1-based line and column of an offset."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1

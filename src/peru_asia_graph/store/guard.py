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
    r"\\.|"  # an escape outside strings belongs to a name, and begins no string
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
    r"|<[^<>\"{}|^`\\\x00-\x20]*>|#[^\n\r]*",
    re.DOTALL,
)
# Variables and what follows the colon of a name; no dot, as a keyword may stand right behind it.
_NAME: Final = re.compile(r"[?$]\w+|(?<=:)[\w%:-]+")
# A keyword needs no space around it, neither after a number nor before a prefix: so it is looked for everywhere.
_SERVICE: Final = re.compile("service", re.IGNORECASE)
_NO_SERVICE: Final = "queries do not reach other servers; a prefix with that word needs another name"
_FROM: Final = re.compile(r"\bfrom\b(?![\w.-]*:)", re.IGNORECASE)
_SUSPECT: Final = re.compile(r"(?<![?$:\w])from\b|service", re.IGNORECASE)
_CHAINED: Final = re.compile(r"union|optional|minus|filter|bind|exists|as\b|\|\||&&|[-/|^!+*]", re.IGNORECASE)
_MARK: Final = re.compile(r"[()\[\]{};,]|(?<!\d)\.|\.(?!\d)")
_NO_OPERATOR: Final = re.compile(r"[^()\[\]!+*/-]")
# How many strokes an address may have.
_STROKES: Final = 16
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def check_query(text: str) -> bool:
    """Raise BadQuery for a query that must not run; return whether it names its own graphs (FROM)."""
    if len(text) > MAX_CHARACTERS:
        raise BadQuery(f"the query is over {MAX_CHARACTERS:,} characters; split it")
    if not text.isascii() and _SURROGATE.search(text):
        raise BadQuery("the query holds broken characters (lone surrogates); save it as UTF-8")
    if not _may_offend(text):
        return False
    plain = blank(text)
    _check_nesting(plain, text)
    words = _NAME.sub(lambda match: " " * len(match[0]), plain)
    if match := _SERVICE.search(words):
        line, column = place(text, match.start())
        raise BadQuery(f"SERVICE is off: {_NO_SERVICE}", line, column, text)
    if sum(1 for _ in _CHAINED.finditer(words)) > MAX_CHAIN:
        raise BadQuery(f"the query chains over {MAX_CHAIN:,} operators; use VALUES, or split it")
    return _FROM.search(words) is not None


def _check_nesting(plain: str, text: str) -> None:
    """Raise BadQuery for brackets too deep, or too many patterns side by side; lists in ( ) may be long."""
    open_: list[str] = []
    patterns = 0
    for mark in _MARK.finditer(plain):
        if mark[0] in "([{":
            open_.append(mark[0])
        elif mark[0] in ")]}":
            del open_[-1:]
        else:
            patterns += mark[0] != "," or open_[-1:] != ["("]
        if len(open_) > MAX_NESTING:
            line, column = place(text, mark.start())
            raise BadQuery(f"brackets are nested over {MAX_NESTING} deep; simplify the query", line, column, text)
    if patterns > MAX_CHAIN:
        raise BadQuery(f"the query has over {MAX_CHAIN:,} patterns; use VALUES, or split it")


def _may_offend(text: str) -> bool:
    """Return whether a closer look is needed: most queries are short and hold none of the words, even in names."""
    brackets = text.count("(") + text.count("[") + text.count("{")
    if len(text) > MAX_CHAIN or brackets > MAX_NESTING:
        return True
    # In ASCII the words are found by their small letters, a hundred times as quick; elsewhere other letters count too.
    small = text.lower() if text.isascii() else "from"
    return ("service" in small or "from" in small) and _SUSPECT.search(text) is not None


def blank(text: str) -> str:
    """Return the text with its strings, comments and addresses as spaces; places stay the same.

    What stands between < and > may be a comparison: brackets and operators in it stay, a few strokes apart.
    """
    return _OPAQUE.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    found = match[0]
    if found[0] != "<":
        return " " * len(found)
    kept = _NO_OPERATOR.sub(" ", found)
    return kept if kept.count("/") + kept.count("-") > _STROKES else kept.replace("/", " ").replace("-", " ")


def place(text: str, offset: int) -> tuple[int, int]:
    """Return the 1-based line and column of an offset."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1

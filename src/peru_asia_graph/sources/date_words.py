"""Dates and periods in words, in English and Spanish."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "about": "about {}", "by": "by {}", "later": "{} or later", "or": " or ", "between": "between {} and {}",
        "to": "{} to {}", "in": "in {}", "on": "on {}", "until": "until {}", "since": "since {}",
        "from": "from {}", "latest": "{} at the latest", "decade": "the {}s", "century": "the {} century",
    },
    "es": {
        "about": "alrededor de {}", "by": "a más tardar en {}", "later": "{} o después", "or": " o ",
        "between": "entre {} y {}", "to": "{} a {}", "in": "en {}", "on": "{}",
        "until": "hasta {}", "since": "desde {}", "from": "desde {}", "latest": "{} a más tardar",
        "decade": "la década de {}", "century": "el siglo {}",
    },
}  # fmt: skip
LANGUAGES: Final = tuple(_WORDS)
# An EDTF date other than a plain year, within a text.
_PART: Final = r"(?:[12]\d{3}-\d\d(?:-\d\d)?~?|[12]\d{3}~|[12]\d\dX|[12]\dXX|\[[\d.,X~-]{4,24}\]|\.\.)"
DATE_IN_TEXT: Final = re.compile(
    rf"(?<![\w/.-])(?:(?:{_PART}|[12]\d{{3}})/(?:{_PART}|[12]\d{{3}})|(?!\.\.){_PART})(?![\w/-])"
)
_MONTH: Final = re.compile(r"\b(\d{4})-(\d\d)(?:-(\d\d))?\b")
_MONTHS: Final = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "es": ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
}
_CENTURIES: Final = {
    "en": {"18": "19th", "19": "20th", "20": "21st"},
    "es": {"18": "XIX", "19": "XX", "20": "XXI"},
}


def period_in_words(start: str, end: str, language: str = "en", *, lasting: bool = False) -> str:
    """Return a period in words; without ``end`` a single date or, if ``lasting``, a period that began at ``start``.

    >>> period_in_words("[..2011]", ""), period_in_words("[..1909]", "1909"), period_in_words("1997", "[1997..]")
    ('by 2011', 'until 1909', 'since 1997')
    >>> period_in_words("1990", "2011"), period_in_words("196X", "", "es"), period_in_words("1928", "1928")
    ('1990 to 2011', 'década de 1960', 'in 1928')
    >>> period_in_words("", "[..2014]"), period_in_words("2005", "[..2014]")
    ('until 2014 at the latest', '2005 to 2014 at the latest')
    """
    words = _WORDS[language]
    if end.startswith("[..") and not end.endswith("..]"):
        return words["latest"].format(period_in_words(start, end[3:-1], language))
    if not end:
        # A start with bounds gets no "from": "from by 2013" is not English.
        form, parts = words["from"] if lasting and ".." not in start else "{}", [start]
    elif end.endswith("..]"):
        form, parts = words["since"], [start]
    elif not start or start == f"[..{end}]":
        form, parts = words["until"], [end]
    elif start == end and "[" not in start:
        form, parts = words["on" if start.count("-") == 2 else "in"], [start]
    else:
        form, parts = words["to"], [start, end]
    text = form.format(*(_moment(part, language) for part in parts))
    return re.sub("^(the|la|el) ", "", text)


def periods_in_text(text: str, language: str = "en") -> str:
    """Return a text with its EDTF dates and periods in words; plain years and text are unchanged.

    >>> periods_in_text("share, 2008~"), periods_in_text("[..2011]", "es")
    ('share, about 2008', 'a más tardar en 2011')
    """
    return DATE_IN_TEXT.sub(lambda found: period_in_words(found[0], "", language), text)


def months_in_words(text: str, language: str) -> str:
    """Return a text with its days and months written out.

    >>> months_in_words("2009-04-28", "en"), months_in_words("2013-04", "es")
    ('28 Apr 2009', 'abr 2013')
    """

    def write(found: re.Match[str]) -> str:
        year, month, day = found[1], int(found[2]), found[3]
        named = f"{_MONTHS[language][month - 1]} {year}" if 1 <= month <= 12 else found[0]
        return f"{int(day)} {named}" if day else named

    return _MONTH.sub(write, text)


def _moment(text: str, language: str) -> str:
    words = _WORDS[language]
    if text[:1] == "[":
        return _bounds(text[1:-1], language)
    if text[-1:] == "~":
        return words["about"].format(_moment(text[:-1], language))
    if "/" in text:
        start, _, end = text.partition("/")
        start, end = (("[" + ".." + end + "]") if start == ".." else start), (f"[{start}..]" if end == ".." else end)
        return period_in_words(start, end, language)
    if re.fullmatch(r"\d{3}X", text):
        return words["decade"].format(text[:3] + "0")
    if re.fullmatch(r"\d\dXX", text):
        century = _CENTURIES[language].get(text[:2], text)
        return words["century"].format(century) if century != text else text
    return text


def _bounds(inner: str, language: str) -> str:
    words = _WORDS[language]
    first, open_range, last = inner.partition("..")
    if not open_range:
        return words["or"].join(_moment(part, language) for part in inner.split(","))
    if not first:
        return words["by"].format(_moment(last, language))
    if not last:
        return words["later"].format(_moment(first, language))
    ends = _moment(first, language), _moment(last, language)
    if first.isdigit() and last.isdigit() and int(last) == int(first) + 1:
        return words["or"].join(ends)
    return words["between"].format(*ends)

"""Parses the dates of the tables: a text to its RDF datatype and the earliest and latest day it may mean.

Accepted are EDTF level 0 and parts of level 1, for years from 1000 to 2999: ``2012``, ``2012-05``, ``1963-04-01``,
decade ``196X``, century ``18XX``, interval ``2009/2014``, open interval ``../2012`` or ``1990/..``, approximate
``2005~``.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from peru_asia_graph.vocabulary import EDTF, XSD

_DAY: Final = re.compile(r"([12][0-9]{3})-([0-9]{2})-([0-9]{2})")
_MONTH: Final = re.compile(r"([12][0-9]{3})-([0-9]{2})")
_YEAR: Final = re.compile(r"[12][0-9]{3}")
_UNSPECIFIED: Final = re.compile(r"([12][0-9]{1,2})(X{1,2})")
# Days written in another order or form, as by a spreadsheet: 31/02/2011, 2011/02/28, 5-Mar, March 2011.
_OTHER_FORM: Final = re.compile(
    r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}|[0-9]{4}[/.][0-9]{1,2}[/.][0-9]{1,2}|.*[A-Za-z]{3}.*"
)
OPEN: Final = ".."


@dataclass(frozen=True)
class Span:
    """A date as written, its RDF datatype, and the first and last day it may mean (None: open)."""

    text: str
    datatype: str
    earliest: date | None
    latest: date | None


@lru_cache(maxsize=4096)
def parse_date(text: str) -> Span:
    """Return the span ``text`` means; raise ValueError with the reason and the remedy.

    >>> parse_date("2012-02").latest
    datetime.date(2012, 2, 29)
    >>> parse_date("196X").earliest
    datetime.date(1960, 1, 1)
    """
    if "/" in text and not _OTHER_FORM.fullmatch(text):
        return _interval(text)
    plain = text.removesuffix("~")
    earliest, latest, kind = _bounds(plain)
    return Span(text, EDTF if text != plain else kind, earliest, latest)


def _interval(text: str) -> Span:
    start_text, _, end_text = text.partition("/")
    if {start_text, end_text} <= {OPEN, ""} or "/" in end_text:
        raise ValueError(f"'{text[:60]}' is not an interval; write 2009/2014, ../2012 or 1990/..")
    start = None if start_text == OPEN else parse_date(start_text)
    end = None if end_text == OPEN else parse_date(end_text)
    if start and end and start.earliest and end.latest and start.earliest > end.latest:
        raise ValueError(f"interval '{text}' ends before it starts; swap its ends")
    return Span(text, EDTF, start.earliest if start else None, end.latest if end else None)


def _bounds(text: str) -> tuple[date, date, str]:
    if match := _DAY.fullmatch(text):
        day = _day(int(match[1]), int(match[2]), int(match[3]), text)
        return day, day, XSD + "date"
    if match := _MONTH.fullmatch(text):
        first = _day(int(match[1]), int(match[2]), 1, text)
        last = calendar.monthrange(first.year, first.month)[1]
        return first, first.replace(day=last), XSD + "gYearMonth"
    if _YEAR.fullmatch(text):
        return date(int(text), 1, 1), date(int(text), 12, 31), XSD + "gYear"
    if (match := _UNSPECIFIED.fullmatch(text)) and len(text) == 4:
        low, high = match[1] + "0" * len(match[2]), match[1] + "9" * len(match[2])
        return date(int(low), 1, 1), date(int(high), 12, 31), EDTF
    raise ValueError(f"'{text[:60]}' is not a date; {_remedy(text)}")


def _day(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(f"'{text}' is not in the calendar; check month and day") from error


def _remedy(text: str) -> str:
    if _OTHER_FORM.fullmatch(text):
        return "write year-month-day, as 2011-03-21, or only what is known of it"
    if match := re.fullmatch(r"([0-9]{4})\s*[-–]\s*([0-9]{4})", text):
        return f"write an interval with a slash, as {match[1]}/{match[2]}"
    if re.fullmatch(r"[0-9]{4}-[0-9]{1,2}(-[0-9]{1,2})?", text):
        return "write month and day with two digits, as 2011-03-01"
    if re.fullmatch(r"[0-9]{5,}", text):
        return "a year has four digits"
    if re.fullmatch(r"[0-9]{1,2}", text):
        return "write the year with four digits"
    return "write 2012, 2012-05, 1963-04-01, 196X, 2009/2014, ../2012 or 2005~"

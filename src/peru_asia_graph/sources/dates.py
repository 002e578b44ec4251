"""Parses the dates in tables and queries into an RDF datatype and the earliest and latest day they may mean.

A subset of EDTF is accepted, for years from 1000 to 2999: ``2012``, ``2012-05``, ``1963-04-01``, the decade ``196X``,
the century ``18XX``, the approximate ``2005~``; a moment with bounds: ``[..2011]`` (by 2011), ``[1975..]`` (1975 or
later), ``[2014..2015]`` and ``[1994-01,1995-10]`` (one of them); and, for the period of a figure, the intervals
``2009/2014``, ``../2012`` and ``1990/..``.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.vocabulary import EDTF, XSD

_DAY: Final = re.compile(r"([12][0-9]{3})-([0-9]{2})-([0-9]{2})")
_MONTH: Final = re.compile(r"([12][0-9]{3})-([0-9]{2})")
_YEAR: Final = re.compile(r"[12][0-9]{3}")
_UNSPECIFIED: Final = re.compile(r"([12][0-9]{1,2})(X{1,2})")
# Other notations of days and months, as in spreadsheets: 31/02/2011, 2011/02/28, 07/2011, 5-Mar, March 2011.
_OTHER_FORM: Final = re.compile(
    r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}|[0-9]{4}[/.][0-9]{1,2}[/.][0-9]{1,2}|[0-9]{1,2}[/.-][0-9]{4}"
    r"|.*(jan|ene|feb|mar|apr|abr|may|jun|jul|aug|ago|sep|set|oct|nov|dec|dic).*",
    re.IGNORECASE,
)
OPEN: Final = ".."
_ONE_DAY: Final = timedelta(days=1)
# The argument of callers: 2012, "2012", "2012-05" or "2012-05-14".
Year = int | str
_FORM: Final = re.compile(r"[12][0-9]{3}(-[0-9]{2}){0,2}")


@dataclass(frozen=True)
class Span:
    """A date as written, its RDF datatype, and the first and last day it may mean (None: open).

    What happened at this date had begun by ``latest_start`` and had not ended before ``earliest_end``. For an
    approximate date these are one day outside it, so that nothing is certain within it.
    """

    text: str
    datatype: str
    earliest: date | None
    latest: date | None
    latest_start: date | None
    earliest_end: date | None


@lru_cache(maxsize=4096)
def parse_date(text: str) -> Span:
    """Return the span of days that ``text`` means; raise ValueError with the reason and the remedy.

    >>> parse_date("2012-02").latest
    datetime.date(2012, 2, 29)
    >>> parse_date("196X").earliest
    datetime.date(1960, 1, 1)
    """
    if text[:1] == "[" and text[-1:] == "]":
        return _one_of(text)
    if "/" in text and not _OTHER_FORM.fullmatch(text):
        return _interval(text)
    plain = text.removesuffix("~")
    earliest, latest, kind = _bounds(plain)
    if text == plain:
        return Span(text, kind, earliest, latest, latest, earliest)
    return Span(text, EDTF, earliest, latest, latest + _ONE_DAY, earliest - _ONE_DAY)


def certain_days(
    starts: Sequence[Span], ends: Sequence[Span], held: Sequence[Span] = ()
) -> tuple[date | None, date | None]:
    """Return the day by which something had begun and the day before which it had not ended, None if unknown.

    At each moment in ``held`` it had begun and not ended; it had begun before it ended; and if it began in 1975 or
    later, it had not ended before 1975. A known beginning without an end adds nothing to the second day.

    >>> [str(day) for day in certain_days([parse_date("2005")], [parse_date("[..2014]")])]
    ['2005-12-31', '2005-01-01']
    """
    begun = min((span.latest_start for span in (*starts, *ends, *held) if span.latest_start), default=None)
    closed = starts if ends or begun is None else ()
    ended = max((span.earliest_end for span in (*closed, *ends, *held) if span.earliest_end), default=None)
    return begun, ended


def _one_of(text: str) -> Span:
    """Return the span of a moment that is one of several dates, or between two, or before or after one."""
    inner, is_range = text[1:-1], OPEN in text
    parts = inner.split(OPEN if is_range else ",")
    lacking = not any(parts) if is_range else not all(parts)
    if lacking or (len(parts) != 2 if is_range else len(parts) < 2) or re.search(r"[/\[]", inner):
        raise ValueError(
            f"'{text[:60]}' is not a choice or range of dates; write [..2011], [1975..], [2014..2015] or [2014,2015]"
        )
    spans = [parse_date(part) if part else None for part in parts]
    earliest = None if spans[0] is None else min(span.earliest for span in spans if span and span.earliest)
    latest = None if spans[-1] is None else max(span.latest for span in spans if span and span.latest)
    first, last = spans[0], spans[-1]
    if is_range and first and last and first.earliest and last.latest and first.earliest > last.latest:
        raise ValueError(f"'{text}' ends before it starts; swap its ends")
    return Span(text, EDTF, earliest, latest, latest, earliest)


def _interval(text: str) -> Span:
    start_text, _, end_text = text.partition("/")
    if {start_text, end_text} <= {OPEN, ""} or "/" in end_text:
        raise ValueError(f"'{text[:60]}' is not an interval; write 2009/2014, ../2012 or 1990/..")
    start = None if start_text == OPEN else parse_date(start_text)
    end = None if end_text == OPEN else parse_date(end_text)
    if start and end and start.earliest and end.latest and start.earliest > end.latest:
        raise ValueError(f"interval '{text}' ends before it starts; swap its ends")
    return Span(
        text,
        EDTF,
        start.earliest if start else None,
        end.latest if end else None,
        start.latest_start if start else None,
        end.earliest_end if end else None,
    )


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
        known = text.partition("-00")[0]
        remedy = "check month and day" if known == text else f"write the known part of it: {known}"
        raise ValueError(f"'{text}' does not exist in the calendar; {remedy}") from error


def _remedy(text: str) -> str:
    if _OTHER_FORM.fullmatch(text):
        return "write year-month-day, such as 2011-03-21, or only the known part of it"
    if match := re.fullmatch(r"([0-9]{4})\s*[-–]\s*([0-9]{4})", text):
        return f"write an interval with a slash: {match[1]}/{match[2]}"
    if re.fullmatch(r"[0-9]{4}-[0-9]{1,2}(-[0-9]{1,2})?", text):
        return "write month and day with two digits, such as 2011-03-01"
    if re.fullmatch(r"[0-9]{5,}", text):
        return "a year has four digits"
    if re.fullmatch(r"[0-9]{1,2}", text):
        return "write the year with four digits, a month as 2012-05"
    return "write 2012, 2012-05, 1963-04-01, 196X, 2005~ (about), [..2012] (by 2012) or [2014..2015] (one of these)"


@dataclass(frozen=True)
class Moment:
    """A year, month or day, with its first and last day as ISO strings."""

    text: str
    first: str
    last: str

    @property
    def year(self) -> Year:
        """The year as a number, or a month or day as text."""
        return int(self.text) if len(self.text) == 4 else self.text

    def may_be(self, date: object) -> bool:
        """Return whether a date as written may be within this moment; False if the text is not a date."""
        span = _span(date)
        if span is None:
            return False
        earliest, latest = (day.isoformat() if day else "" for day in (span.earliest, span.latest))
        return earliest <= self.last and (not latest or self.first <= latest)

    def is_after(self, date: object) -> bool:
        """Return whether a date as written is certainly before this moment; False if the text is not a date."""
        span = _span(date)
        return span is not None and span.latest is not None and span.latest.isoformat() < self.first

    def is_before(self, date: object) -> bool:
        """Return whether a date as written is certainly after this moment; False if the text is not a date."""
        span = _span(date)
        return span is not None and span.earliest is not None and span.earliest.isoformat() > self.last


def _span(date: object) -> Span | None:
    try:
        return parse_date(str(date)[:40])
    except ValueError:
        return None


def parse_moment(year: Year) -> Moment:
    """Parse a year, month or day; raise WrongUse if it is none.

    >>> parse_moment("2012-02").last
    '2012-02-29'
    """
    return _parse(str(year).strip())


@lru_cache(maxsize=1024)
def _parse(text: str) -> Moment:
    try:
        if not _FORM.fullmatch(text):
            raise ValueError("is not a date")
        span = parse_date(text)
    except ValueError as error:
        raise WrongUse(f"'{text[:40]}' is not a year, month or day; write 2012, 2012-05 or 2012-05-14") from error
    return Moment(text, str(span.earliest), str(span.latest))

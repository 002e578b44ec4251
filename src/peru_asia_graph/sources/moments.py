"""The year, month or day that a query asks about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.sources.dates import Span, parse_date

# The argument of callers: 2012, "2012", "2012-05" or "2012-05-14".
Year = int | str
_FORM: Final = re.compile(r"[12][0-9]{3}(-[0-9]{2}){0,2}")


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

"""Dates: every form to its datatype and its bounds, every other text to a reason and a remedy."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from peru_asia_graph.sources.dates import parse_date
from peru_asia_graph.vocabulary import EDTF, XSD


@pytest.mark.parametrize(
    ("text", "kind", "earliest", "latest"),
    [
        ("2012", XSD + "gYear", date(2012, 1, 1), date(2012, 12, 31)),
        ("2012-02", XSD + "gYearMonth", date(2012, 2, 1), date(2012, 2, 29)),
        ("1900-02", XSD + "gYearMonth", date(1900, 2, 1), date(1900, 2, 28)),
        ("1963-04-01", XSD + "date", date(1963, 4, 1), date(1963, 4, 1)),
        ("196X", EDTF, date(1960, 1, 1), date(1969, 12, 31)),
        ("18XX", EDTF, date(1800, 1, 1), date(1899, 12, 31)),
        ("2005~", EDTF, date(2005, 1, 1), date(2005, 12, 31)),
        ("196X~", EDTF, date(1960, 1, 1), date(1969, 12, 31)),
        ("2009/2014", EDTF, date(2009, 1, 1), date(2014, 12, 31)),
        ("2012/2012", EDTF, date(2012, 1, 1), date(2012, 12, 31)),
        ("2012-05/2012-06-07", EDTF, date(2012, 5, 1), date(2012, 6, 7)),
        ("2005~/2010", EDTF, date(2005, 1, 1), date(2010, 12, 31)),
        ("../2012", EDTF, None, date(2012, 12, 31)),
        ("1990/..", EDTF, date(1990, 1, 1), None),
        ("1000", XSD + "gYear", date(1000, 1, 1), date(1000, 12, 31)),
        ("2999", XSD + "gYear", date(2999, 1, 1), date(2999, 12, 31)),
    ],
)
def test_forms(text: str, kind: str, earliest: date | None, latest: date | None) -> None:
    span = parse_date(text)
    assert (span.text, span.datatype, span.earliest, span.latest) == (text, kind, earliest, latest)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("31/02/2011", "'31/02/2011' is not a date; write year-month-day, as 2011-03-21"),
        ("13.01.2011", "write year-month-day"),
        ("13-01-2011", "write year-month-day"),
        ("2011/02/28", "write year-month-day"),
        ("5-Mar", "write year-month-day"),
        ("Mar-05", "write year-month-day"),
        ("March 2011", "or only what is known of it"),
        ("circa 2011", "or only what is known of it"),
        ("2011-02-31", "'2011-02-31' is not in the calendar; check month and day"),
        ("2011-02-29", "not in the calendar"),
        ("2011-13", "'2011-13' is not in the calendar"),
        ("2011-00-01", "not in the calendar"),
        ("2011-2012", "'2011-2012' is not a date; write an interval with a slash, as 2011/2012"),
        ("2011 – 2012", "as 2011/2012"),
        ("2011-3-1", "write month and day with two digits"),
        ("20111", "a year has four digits"),
        ("40909", "a year has four digits"),
        ("11", "'11' is not a date; write the year with four digits"),
        ("2009/14", "'14' is not a date; write the year with four digits"),
        ("0999", "is not a date; write 2012, 2012-05"),
        ("3000", "is not a date"),
        ("XXXX", "is not a date"),
        ("1XXX", "is not a date"),
        ("~", "is not a date"),
        ("", "'' is not a date"),
        ("２０１２", "is not a date"),
        ("1٢34", "is not a date"),
        ("2012 ", "is not a date"),
        ("2012\n", "is not a date"),
        ("../..", "'../..' is not an interval; write 2009/2014, ../2012 or 1990/.."),
        ("/", "is not an interval"),
        ("2012/", "'' is not a date"),
        ("2012/2013/2014", "is not an interval"),
        ("2012/2011", "interval '2012/2011' ends before it starts; swap its ends"),
        ("2012-06/2012-05", "ends before it starts"),
        ("x" * 5000, "x' is not a date"),
    ],
)
def test_faults(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_date(text)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 200


@given(st.one_of(st.text(alphabet="0123456789-/.X~ ", max_size=12), st.text(max_size=20)))
@example("0000-00-00")
@example("../2012~")
def test_any_text_is_a_span_or_has_a_reason(text: str) -> None:
    try:
        span = parse_date(text)
    except ValueError as error:
        assert "; " in str(error)
        return
    assert span.text == text
    assert span.earliest is None or span.latest is None or span.earliest <= span.latest
    assert (span.datatype == XSD + "date") == (span.earliest == span.latest and len(text) == 10)


@given(st.dates(date(1000, 1, 1), date(2999, 12, 31)))
def test_each_day_is_itself_and_inside_its_month_and_year(day: date) -> None:
    assert parse_date(day.isoformat()).earliest == day == parse_date(day.isoformat()).latest
    for width in (7, 4):
        span = parse_date(day.isoformat()[:width])
        assert span.earliest is not None and span.latest is not None
        assert span.earliest <= day <= span.latest

"""Dates: each form gives its datatype and bounds; any other text is refused with a reason and a remedy."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.sources.date_words import period_in_words
from peru_asia_graph.sources.dates import certain_days, parse_date, parse_moment
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
        ("[..2011]", EDTF, None, date(2011, 12, 31)),
        ("[1975..]", EDTF, date(1975, 1, 1), None),
        ("[2014..2015]", EDTF, date(2014, 1, 1), date(2015, 12, 31)),
        ("[1994-01,1995-10]", EDTF, date(1994, 1, 1), date(1995, 10, 31)),
        ("[..2005~]", EDTF, None, date(2005, 12, 31)),
        ("[197X..]", EDTF, date(1970, 1, 1), None),
        ("1000", XSD + "gYear", date(1000, 1, 1), date(1000, 12, 31)),
        ("2999", XSD + "gYear", date(2999, 1, 1), date(2999, 12, 31)),
    ],
)
def test_valid_forms(text: str, kind: str, earliest: date | None, latest: date | None) -> None:
    span = parse_date(text)
    assert (span.text, span.datatype, span.earliest, span.latest) == (text, kind, earliest, latest)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("31/02/2011", "'31/02/2011' is not a date; write year-month-day, such as 2011-03-21"),
        ("13.01.2011", "write year-month-day"),
        ("13-01-2011", "write year-month-day"),
        ("2011/02/28", "write year-month-day"),
        ("5-Mar", "write year-month-day"),
        ("Mar-05", "write year-month-day"),
        ("March 2011", "or only the known part of it"),
        ("07/2011", "'07/2011' is not a date; write year-month-day"),
        ("7.2011", "write year-month-day"),
        ("julio 2011", "write year-month-day"),
        ("2011/07", "'07' is not a date; write the year with four digits, a month as 2012-05"),
        ("circa 2011", "2005~ (about)"),
        ("before 2011", "[..2012] (by 2012)"),
        ("2011-02-31", "'2011-02-31' does not exist in the calendar; check month and day"),
        ("2010-00-00", "'2010-00-00' does not exist in the calendar; write the known part of it: 2010"),
        ("2011-02-29", "not exist in the calendar"),
        ("2011-13", "'2011-13' does not exist in the calendar"),
        ("2011-00-01", "not exist in the calendar"),
        ("2011-2012", "'2011-2012' is not a date; write an interval with a slash: 2011/2012"),
        ("2011 – 2012", "slash: 2011/2012"),
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
        ("[..]", "'[..]' is not a choice or range of dates; write [..2011], [1975..], [2014..2015] or [2014,2015]"),
        ("[2014]", "is not a choice or range of dates"),
        ("[2014,]", "is not a choice or range of dates"),
        ("[1..2..3]", "is not a choice or range of dates"),
        ("[[..2011]..2012]", "is not a choice or range of dates"),
        ("[2012/2013,2014]", "is not a choice or range of dates"),
        ("[2015..2014]", "'[2015..2014]' ends before it starts; swap its ends"),
    ],
)
def test_invalid_dates(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_date(text)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 200


@given(st.one_of(st.text(alphabet="0123456789-/.X~[], ", max_size=12), st.text(max_size=20)))
@example("0000-00-00")
@example("../2012~")
@example("[..2012~]")
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


@pytest.mark.parametrize(
    ("text", "latest_start", "earliest_end"),
    [
        ("2012", date(2012, 12, 31), date(2012, 1, 1)),
        ("2012~", date(2013, 1, 1), date(2011, 12, 31)),
        ("1990/2011", date(1990, 12, 31), date(2011, 1, 1)),
        ("[..2011]", date(2011, 12, 31), None),
        ("[1975..]", None, date(1975, 1, 1)),
    ],
)
def test_latest_start_and_earliest_end(text: str, latest_start: date | None, earliest_end: date | None) -> None:
    span = parse_date(text)
    assert (span.latest_start, span.earliest_end) == (latest_start, earliest_end)


@pytest.mark.parametrize(
    ("start", "end", "lasting", "english", "spanish"),
    [
        ("1990", "2011", False, "1990 to 2011", "1990 a 2011"),
        ("[..2011]", "", False, "by 2011", "a más tardar en 2011"),
        ("[..1909]", "1909", False, "until 1909", "hasta 1909"),
        ("1997", "[1997..]", False, "since 1997", "desde 1997"),
        ("199X", "[2013..]", False, "since the 1990s", "desde la década de 1990"),
        ("196X", "", False, "1960s", "década de 1960"),
        ("20XX", "", False, "21st century", "siglo XXI"),
        ("[2014..2015]", "", True, "2014 or 2015", "2014 o 2015"),
        ("[1990..2000]", "", False, "between 1990 and 2000", "entre 1990 y 2000"),
        ("[1975..]", "", False, "1975 or later", "1975 o después"),
        ("2015", "", True, "from 2015", "desde 2015"),
        ("2012~", "", True, "from about 2012", "desde alrededor de 2012"),
        ("[..2013]", "", True, "by 2013", "a más tardar en 2013"),
        ("", "2012", True, "until 2012", "hasta 2012"),
        # Start and end within one year, month, day or decade.
        ("1928", "1928", True, "in 1928", "en 1928"),
        ("2008-11", "2008-11", False, "in 2008-11", "en 2008-11"),
        ("2008-11-19", "2008-11-19", False, "on 2008-11-19", "2008-11-19"),
        ("198X", "198X", True, "in the 1980s", "en la década de 1980"),
    ],
)
def test_periods_in_words(start: str, end: str, lasting: bool, english: str, spanish: str) -> None:
    assert period_in_words(start, end, lasting=lasting) == english
    assert period_in_words(start, end, "es", lasting=lasting) == spanish


def test_moment_is_a_year_a_month_or_a_day() -> None:
    assert [parse_moment(one).year for one in (2012, "2012", "2012-05", "2012-05-14")] == [
        2012,
        2012,
        "2012-05",
        "2012-05-14",
    ]
    assert (parse_moment("2012-02").first, parse_moment("2012-02").last) == ("2012-02-01", "2012-02-29")
    for nonsense in ("soon", "2012-13", "2012-02-30", "12", "196X", "2012~", "2011/2012", "", 99, "2012-5"):
        with pytest.raises(WrongUse, match="is not a year, month or day; write 2012, 2012-05 or 2012-05-14"):
            parse_moment(nonsense)


@pytest.mark.parametrize(
    ("starts", "ends", "held", "begun", "not_ended"),
    [
        ([], [], [], None, None),
        # It has no end, so it may have ended on any day after its beginning.
        (["2005"], [], [], "2005-12-31", None),
        (["2005~"], [], [], "2006-01-01", None),
        (["2005"], ["[..2014]"], [], "2005-12-31", "2005-01-01"),
        (["2005"], ["2010"], [], "2005-12-31", "2010-01-01"),
        # It ended, so it had begun; it began in 1975 or later, so it had not ended before.
        ([], ["2010"], [], "2010-12-31", "2010-01-01"),
        (["[1975..]"], [], [], None, "1975-01-01"),
        (["[1975..]"], ["2010"], [], "2010-12-31", "2010-01-01"),
        ([], [], ["2012"], "2012-12-31", "2012-01-01"),
        (["2005"], [], ["2012"], "2005-12-31", "2012-01-01"),
        (["[1975..]"], [], ["2012", "2013-05"], "2012-12-31", "2013-05-01"),
    ],
)
def test_days_on_which_a_statement_certainly_held(
    starts: list[str], ends: list[str], held: list[str], begun: str | None, not_ended: str | None
) -> None:
    found = certain_days(*([parse_date(text) for text in told] for told in (starts, ends, held)))
    assert tuple(None if day is None else str(day) for day in found) == (begun, not_ended)

"""Cell texts: which are accepted, which are refused, and with what message."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peru_asia_graph.sources.cell_text import check_number, check_text, is_address

ACCEPTED: Final = [
    "",
    "plain",
    "Araña",
    "株式会社",
    "🙂",
    "“said”",
    "50–60",
    "Nº 5",
    "≥ 5",
    "p < 0.05",
    "a > b",
    "a = b",
    "x@y.org",
]
ACCEPTED_WITH_SIGN: Final = ["-1.8", "-1.8 %", "+5", "-1,200", "-1.8 % a year", "- see above", "-", "C:\\mine"]


@pytest.mark.parametrize("text", ACCEPTED + ACCEPTED_WITH_SIGN)
def test_accepted_texts(text: str) -> None:
    check_text(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (" a", "starts or ends with a space; delete it"),
        ("a\u00a0b", "contains the special space U+00A0 NO-BREAK SPACE; delete it or type a plain space"),
        ("\u3000a", "contains the special space U+3000 IDEOGRAPHIC SPACE"),
        ("a\nb", "contains a line break; write the cell on one line, with spaces"),
        ("a\tb", "contains a tab"),
        ("a\x07", "contains the invisible character U+0007; delete it"),
        ("a\u200db", "contains the invisible character U+200D ZERO WIDTH JOINER"),
        ("a\u202eb", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("a\u2028b", "U+2028 LINE SEPARATOR"),
        ("a\ue000", "U+E000"),
        ("a\ufdd0", "U+FDD0"),
        ("a\ufe0f", "U+FE0F VARIATION SELECTOR-16"),
        ("a\u3164b", "U+3164 HANGUL FILLER"),
        ("a\ud800b", "U+D800"),
        ("Per\ufffd", "contains U+FFFD REPLACEMENT CHARACTER, which stands for a lost letter; type the letter again"),
        ("Peru\u0301", "is not in Unicode normal form NFC; save the text as NFC"),
        ("<b>", "contains markup in angle brackets; write plain text"),
        ("a <script", "contains markup"),
        ("</a", "contains markup"),
        ("<!--", "contains markup"),
        ("<1>", "contains markup"),
        ("Per\\u00fa", "contains the escape '\\u00fa'; write the character itself"),
        ("\\xe9", "contains the escape '\\xe9'"),
        ("=1", "starts with '=', which a spreadsheet runs as a formula; start with a letter or digit"),
        ("= 1", "starts with '='"),
        ("@a", "starts with '@'"),
        ("+a", "starts with '+'"),
        ("-1+2", "starts with '-'"),
        ("-cmd", "starts with '-'"),
    ],
)
def test_refused_texts(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        check_text(text)
    assert message in str(caught.value)
    assert str(caught.value).isprintable()


@given(st.text(max_size=30))
def test_any_text_is_printable_or_refused(text: str) -> None:
    try:
        check_text(text)
    except ValueError as error:
        assert str(error).isprintable() and "; " in str(error)
    else:
        assert text.isprintable() and text == text.strip()


@pytest.mark.parametrize("text", ["0", "7", "100", "12.5", "33.333333", "-1.8", "0.0", "552.0", "2417569333", "9" * 15])
def test_numbers(text: str) -> None:
    check_number(text, True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("12,5", "'12,5' is not a number; write digits and a decimal point only, such as 12.5 or 1000"),
        *(
            (text, "is not a number")
            for text in ("12.5%", "1e2", "NaN", "INF", "1_0", "１２", "+1", ".5", "5.", "1 000", "007", "--1")
        ),
        ("-0", "'-0' is a zero with a sign; write 0"),
        ("-0.00", "is a zero with a sign"),
        ("1" * 16, "has more than 15 digits; check it"),
        ("9" * 5000, "has more than 15 digits"),
        ("0.0000001", "has more than 6 decimals; round it as the source does"),
        ("1.000", "'1.000' may be 1 or, with a thousands separator, 1000; write 1 or 1000"),
        ("12.350", "may be 12.35 or, with a thousands separator, 12350; write 12.35 or 12350"),
    ],
)
def test_refused_numbers(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        check_number(text, True)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("https://example.org", True),
        ("http://example.org/Perú?a=b#c", True),
        ("https://example.org/Per%C3%BA", True),
        ("https://", False),
        ("https:///x", False),
        ("https://example.org/%zz", False),
        ("https://example.org/a b", False),
        ("https://[", False),
        ("ftp://example.org", False),
        ("javascript:alert(1)", False),
        ("example.org", False),
        ("", False),
    ],
)
def test_addresses(text: str, good: bool) -> None:
    assert is_address(text) is good


def test_integers_have_no_decimal_point() -> None:
    check_number("12", False)
    with pytest.raises(ValueError, match=r"'12\.0' is not a number; write digits only, such as 12"):
        check_number("12.0", False)

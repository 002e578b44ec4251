"""Checks the text of a cell: no markup, formulas or invisible characters; plain numbers and web addresses."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_DIGITS: Final = 15
MAX_DECIMALS: Final = 6

# Characters that are invisible although Unicode classifies them as letters, marks or symbols.
_BLANKS: Final = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_CONTROLS: Final = {"\n": "a line break", "\r": "a line break", "\t": "a tab"}
_MARKUP: Final = re.compile("<[A-Za-z/!?]|<.*>")
_ESCAPE: Final = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2})")
# A leading sign is allowed only before a number with its unit ("-1.8 % a year") or a remark ("- see above").
_SIGNS: Final = ("=", "@", "+", "-")
_FORMULA: Final = re.compile(r"[=@]|[+-](?!\s|$|[0-9.,]+ ?%?(?: [\w ]+)?$)")

_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_THOUSANDS: Final = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{2}0")


def check_text(text: str) -> None:
    """Raise ValueError if a cell contains markup, a formula, an escape, or invisible characters."""
    plain = text.isascii() and text.isprintable()
    if not plain:
        for character in text:
            _check_character(character)
    if text != text.strip():
        raise ValueError("starts or ends with a space; delete it")
    if not plain and not unicodedata.is_normalized("NFC", text):
        raise ValueError("is not in Unicode normal form NFC; save the text as NFC")
    if "<" in text and _MARKUP.search(text):
        raise ValueError("contains markup in angle brackets; write plain text")
    if "\\" in text and (match := _ESCAPE.search(text)):
        raise ValueError(f"contains the escape '{match[0]}'; write the character itself")
    if text[:1] in _SIGNS and _FORMULA.match(text):
        raise ValueError(
            f"starts with '{text[0]}', which a spreadsheet runs as a formula; start with a letter or digit"
        )


def _check_character(character: str) -> None:
    kind, code = unicodedata.category(character), f"U+{ord(character):04X}"
    named = f"{code} {name}" if (name := unicodedata.name(character, "")) else code
    if character in _CONTROLS:
        raise ValueError(f"contains {_CONTROLS[character]}; write the cell on one line, with spaces")
    if kind in INVISIBLE or character in _BLANKS or "\ufe00" <= character <= "\ufe0f":
        raise ValueError(f"contains the invisible character {named}; delete it")
    if kind == "Zs" and character != " ":
        raise ValueError(f"contains the special space {named}; delete it or type a plain space")
    if character == "\ufffd":
        raise ValueError(f"contains {named}, which stands for a lost letter; type the letter again")


def check_number(text: str, may_have_decimals: bool) -> None:
    """Raise ValueError if a number is not in plain notation, is ambiguous, or is too long for a store."""
    if not _NUMBER.fullmatch(text) or ("." in text and not may_have_decimals):
        how = (
            "digits and a decimal point only, such as 12.5 or 1000" if may_have_decimals else "digits only, such as 12"
        )
        raise ValueError(f"'{text[:40]}' is not a number; write {how}")
    if text.startswith("-") and not text.strip("-0."):
        raise ValueError(f"'{text[:40]}' is a zero with a sign; write 0")
    whole, _, decimals = text.removeprefix("-").partition(".")
    if len(whole) > MAX_DIGITS:
        raise ValueError(f"'{text[:40]}' has more than {MAX_DIGITS} digits; check it")
    if len(decimals) > MAX_DECIMALS:
        raise ValueError(f"'{text[:40]}' has more than {MAX_DECIMALS} decimals; round it as the source does")
    if _THOUSANDS.fullmatch(text):
        small, large = text.rstrip("0").rstrip("."), text.replace(".", "")
        raise ValueError(f"'{text}' may be {small} or, with a thousands separator, {large}; write {small} or {large}")


def is_address(text: str) -> bool:
    """Return whether this is a web address that every RDF parser accepts."""
    from pyoxigraph import NamedNode

    try:
        NamedNode(text)
    except ValueError:
        return False
    return re.match("https?://[^/?#]", text) is not None

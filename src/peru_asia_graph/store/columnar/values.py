"""Terms as they are spelt in SPARQL, and what they are worth: bytes in, a kind and Python values out. Pure.

Limit: what cannot be compared surely (doubles, dates, mixed kinds) is of the kind ``other``.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from peru_asia_graph.vocabulary import XSD

IRI, TEXT, SPOKEN, NUMBER, OTHER = KINDS = ("iri", "text", "spoken", "number", "other")
# What cannot be named in a query begins so: blank nodes, triples as terms.
UNNAMED: Final = (b"_:", b"<<")
# What may be written into a query as it is.
_WHOLE: Final = re.compile(
    rb"<[^<>\"{}|^`\\\x00-\x20]*>|[+-]?\d+(?:\.\d+)?|true|false"
    rb"|\"(?:[^\"\\\n\r]|\\[tbnrf\"'\\]|\\u[0-9A-F]{4})*\"(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^<[^<>\"{}|^`\\\x00-\x20]*>)?"
)
# Whatever the engine, too, takes for an exact number; for longer ones it has no place.
_NUMBER: Final = re.compile(rb"[+-]?\d{1,18}(?:\.\d{1,18})?")
_DECIMAL: Final = f'"^^<{XSD}decimal>'.encode()
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\(.)")
_ESCAPES: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def is_whole(spelt: bytes) -> bool:
    """Return whether this is one term, and nothing else, to whoever reads a query."""
    return _WHOLE.fullmatch(spelt) is not None


def kind_of(spelt: bytes) -> str:
    """Return the kind of a term.

    >>> kind_of(b"<http://a/b>"), kind_of(b'"a"'), kind_of(b'"a"@en'), kind_of(b"12.5"), kind_of(b'"x"^^<http://a/b>')
    ('iri', 'text', 'spoken', 'number', 'other')
    """
    first, last = spelt[:1], spelt[-1:]
    if first == b"<":
        return IRI
    if first == b'"':
        if last == b'"':
            return TEXT
        if last == b">":
            return NUMBER if spelt.endswith(_DECIMAL) and _NUMBER.fullmatch(_lexical(spelt)) else OTHER
        return SPOKEN
    return NUMBER if _NUMBER.fullmatch(spelt) else OTHER


def text_of(spelt: bytes) -> str:
    """Return the text of a term, as STR does.

    >>> text_of(b'"say \\\\"so\\\\""@en'), text_of(b"<http://a/b>"), text_of(b"12.5")
    ('say "so"', 'http://a/b', '12.5')
    """
    text = (spelt[1:-1] if spelt[:1] == b"<" else _lexical(spelt)).decode("utf-8")
    return _ESCAPE.sub(_plain, text) if "\\" in text else text


def is_number(spelt: str) -> bool:
    """Return whether a number written in a query is one that is known exactly."""
    return _NUMBER.fullmatch(spelt.encode()) is not None


def number_of(spelt: bytes) -> Decimal:
    """Return the value of a term that is a number."""
    return Decimal(_lexical(spelt).decode("ascii"))


def is_integer(spelt: bytes) -> bool:
    """Return whether a number is an xsd:integer; else it is an xsd:decimal."""
    return spelt[:1] != b'"' and b"." not in spelt


def spell(value: Decimal | int) -> bytes:
    """Return a number as SPARQL spells it: an int as xsd:integer, a Decimal as xsd:decimal, without idle noughts.

    >>> spell(12), spell(Decimal("12.50")), spell(Decimal("12"))
    (b'12', b'12.5', b'"12"^^<http://www.w3.org/2001/XMLSchema#decimal>')
    """
    if isinstance(value, int):
        return str(value).encode()
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.encode() if "." in text else f'"{text}'.encode() + _DECIMAL


def _lexical(spelt: bytes) -> bytes:
    return spelt[1 : spelt.rindex(b'"')] if spelt[:1] == b'"' else spelt


def _plain(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else _ESCAPES.get(match[2], match[2])

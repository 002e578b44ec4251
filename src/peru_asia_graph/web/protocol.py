"""The SPARQL 1.1 Protocol, reading: a request in, what is asked out, or why it is refused. Pure.

Limit: query operations only; updates are recognised in order to be refused.
"""

from __future__ import annotations

import binascii
import urllib.parse
from dataclasses import dataclass, field
from typing import Final

METHODS: Final = "GET, HEAD, POST, OPTIONS"
QUERY_TYPE: Final = "application/sparql-query"
FORM_TYPE: Final = "application/x-www-form-urlencoded"
UPDATE_TYPE: Final = "application/sparql-update"
MOST_GRAPHS: Final = 100
_MOST_FIELDS: Final = 500
_NOT_UTF_8: Final = "the request is not UTF-8 in percent-encoding"


@dataclass(frozen=True)
class Query:
    """A query and the graphs the request names for it; None where it names none."""

    text: str
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None


@dataclass
class Refused(Exception):
    """A request that is not answered: status, why, and headers that say what would be."""

    status: int
    message: str
    headers: dict[str, str] = field(default_factory=dict)


def read_request(method: str, parameters: bytes, content_type: str, body: bytes) -> Query | None:
    """Return the query of a request, None when it asks for the service description; raise Refused."""
    if method not in ("GET", "HEAD", "POST"):
        raise Refused(405, f"{method} means nothing here; use GET or POST", {"Allow": METHODS})
    fields = _fields(parameters)
    if method == "POST":
        media, _, rest = content_type.partition(";")
        media = media.strip().lower()
        _check_charset(rest)
        if media == QUERY_TYPE:
            fields.append(("query", _decode(body)))
        elif media == FORM_TYPE:
            fields += _fields(body)
        elif media == UPDATE_TYPE:
            _decode(body)
            fields.append(("update", ""))
        else:
            kinds = f"{QUERY_TYPE}, {FORM_TYPE}"
            raise Refused(415, f"send a query as {QUERY_TYPE} or {FORM_TYPE}", {"Accept-Post": kinds})
    return _query(method, fields)


def _query(method: str, fields: list[tuple[str, str]]) -> Query | None:
    texts = [value for name, value in fields if name == "query"]
    if any(name == "update" for name, _ in fields):
        if method != "POST" or texts or sum(name == "update" for name, _ in fields) > 1:
            raise Refused(400, "an update is one POST of its own; and this endpoint takes none")
        raise Refused(403, "this endpoint is read-only; it takes no updates")
    default = tuple(value for name, value in fields if name == "default-graph-uri")
    named = tuple(value for name, value in fields if name == "named-graph-uri")
    if len(texts) > 1:
        raise Refused(400, "the request holds more than one query; send them one by one")
    if not texts:
        if method == "POST":
            raise Refused(400, "the request holds no query; send it as query=…")
        return None
    if len(default) + len(named) > MOST_GRAPHS:
        raise Refused(400, f"the request names over {MOST_GRAPHS} graphs")
    if not default and not named:
        return Query(texts[0])
    return Query(texts[0], default, named)


def _fields(encoded: bytes) -> list[tuple[str, str]]:
    if encoded.count(b"&") >= _MOST_FIELDS:
        raise Refused(400, f"the request has over {_MOST_FIELDS} fields")
    if b"%" in encoded and not encoded.isascii():
        raise Refused(400, _NOT_UTF_8)
    pairs = (pair.partition(b"=") for pair in encoded.replace(b"+", b" ").split(b"&") if pair)
    try:
        return [(unquote(name).decode("utf-8"), unquote(value).decode("utf-8")) for name, _, value in pairs]
    except UnicodeDecodeError as error:
        raise Refused(400, _NOT_UTF_8) from error


def unquote(encoded: bytes) -> bytes:
    """Return bytes without their percent-encoding.

    Quoted-printable is the same with another sign, and its decoder is C, ten times as quick on a query. It reads line
    ends and broken escapes in its own way: those go to the library's own.

    >>> unquote(b"a%3Db=%zz%")
    b'a=b=%zz%'
    """
    if b"%" not in encoded:
        return encoded
    found = binascii.a2b_qp(encoded.replace(b"=", b"=3D").replace(b"%", b"="))
    if len(found) + 2 * encoded.count(b"%") != len(encoded) or b"\n" in encoded or b"\r" in encoded:
        return urllib.parse.unquote_to_bytes(encoded)
    return found


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(400, "the query is not UTF-8") from error


def _check_charset(parameters: str) -> None:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip(' "').lower() not in ("utf-8", "utf8", "us-ascii"):
            raise Refused(415, "send the query as UTF-8")

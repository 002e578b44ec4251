"""The SPARQL 1.1 Protocol: parses requests into queries, or raises HTTPException. Updates are refused."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from starlette.exceptions import HTTPException

from peru_asia_graph.vocabulary import GRAPH

QUERY_TYPE: Final = "application/sparql-query"
FORM_TYPE: Final = "application/x-www-form-urlencoded"
UPDATE_TYPE: Final = "application/sparql-update"
# The field names for the format in Virtuoso, Fuseki and RDF4J; SPARQLWrapper sends all of them.
FORMAT_FIELDS: Final = ("format", "output", "results")
_MAX_GRAPHS: Final = 100
_MAX_FIELDS: Final = 500
# The same URL is often requested again; long ones are not cached.
_MAX_CACHED: Final = 4_000
_CACHED: Final = 256
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]*\Z")
_A_GRAPH: Final = GRAPH + "gem"
_NOT_UTF_8: Final = "the request is not percent-encoded UTF-8"


class QueryRequest(NamedTuple):
    """A query, the graphs that the request names (None if it names none) and the requested formats."""

    text: str
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None
    formats: tuple[str, ...] = ()


def read_request(method: str, parameters: bytes, content_type: str, body: bytes) -> QueryRequest | None:
    """Return the query of a request, None if it asks for the service description; raise HTTPException if invalid."""
    if method != "POST":
        return _read_url(parameters) if len(parameters) <= _MAX_CACHED else _query(method, read_fields(parameters))
    fields = read_fields(parameters)
    media, _, rest = content_type.partition(";")
    media = media.strip().lower()
    check_charset(rest)
    if media == QUERY_TYPE:
        fields.append(("query", decode(body)))
    elif media == FORM_TYPE:
        fields += read_fields(body)
    elif media == UPDATE_TYPE:
        decode(body)
        fields.append(("update", ""))
    else:
        kinds = f"{QUERY_TYPE}, {FORM_TYPE}"
        raise HTTPException(415, f"send a query as {QUERY_TYPE} or {FORM_TYPE}", {"Accept-Post": kinds})
    return _query(method, fields)


@lru_cache(_CACHED)
def _read_url(parameters: bytes) -> QueryRequest | None:
    return _query("GET", read_fields(parameters))


def _query(method: str, fields: list[tuple[str, str]]) -> QueryRequest | None:
    texts = [value for name, value in fields if name == "query"]
    if any(name == "update" for name, _ in fields):
        if method != "POST" or texts or sum(name == "update" for name, _ in fields) > 1:
            raise HTTPException(400, "an update must be sent alone, by POST; this endpoint accepts no updates")
        raise HTTPException(403, "this endpoint is read-only; it accepts no updates")
    # Virtuoso's forms send these fields empty when no graph is chosen.
    default, named = _graphs(fields, "default-graph-uri"), _graphs(fields, "named-graph-uri")
    if len(texts) > 1:
        raise HTTPException(400, "the request contains more than one query; send them one at a time")
    if not texts:
        if method == "POST":
            raise HTTPException(400, "the request contains no query; send it as query=…")
        return None
    if len(default) + len(named) > _MAX_GRAPHS:
        raise HTTPException(400, f"the request names over {_MAX_GRAPHS} graphs")
    formats = tuple(value for name, value in fields if name in FORMAT_FIELDS)
    if not default and not named:
        return QueryRequest(texts[0], formats=formats)
    return QueryRequest(texts[0], default, named, formats)


def _graphs(fields: list[tuple[str, str]], parameter: str) -> tuple[str, ...]:
    found = tuple(value for name, value in fields if name == parameter and value)
    for value in found:
        if not _ABSOLUTE.match(value):
            raise HTTPException(
                400, f"{parameter}={value[:100]} is not an absolute IRI; name a graph such as {_A_GRAPH}"
            )
    return found


def read_fields(encoded: bytes) -> list[tuple[str, str]]:
    """Return the fields of a form or a URL in order; raise HTTPException if there are too many or not in UTF-8."""
    if encoded.count(b"&") >= _MAX_FIELDS:
        raise HTTPException(400, f"the request has over {_MAX_FIELDS} fields")
    if b"%" in encoded and not encoded.isascii():
        raise HTTPException(400, _NOT_UTF_8)
    pairs = (pair.partition(b"=") for pair in encoded.replace(b"+", b" ").split(b"&") if pair)
    try:
        return [(_unquote(name), _unquote(value)) for name, _, value in pairs]
    except UnicodeDecodeError as error:
        raise HTTPException(400, _NOT_UTF_8) from error


def _unquote(encoded: bytes) -> str:
    return unquote_to_bytes(encoded).decode("utf-8")


def decode(body: bytes) -> str:
    """Return a body as text; raise HTTPException when it is not UTF-8."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise HTTPException(400, "the query is not UTF-8") from error


def check_charset(parameters: str) -> None:
    """Raise HTTPException if the parameters of a media type name an encoding other than UTF-8."""
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip(' "').lower() not in ("utf-8", "utf8", "us-ascii"):
            raise HTTPException(415, "send the query as UTF-8")

"""The SPARQL endpoint: extracts the query, negotiates the format and submits a job to a worker."""

from __future__ import annotations

import asyncio
import re
from functools import lru_cache
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from peru_asia_graph.web.job_response import VARY, Media, not_acceptable, run_job
from peru_asia_graph.web.language import base_address
from peru_asia_graph.web.limits import DRAINED_BYTES, Limits
from peru_asia_graph.web.negotiate import GRAPH_TYPES, HTML, ROW_TYPES, choose, find_named
from peru_asia_graph.web.pool import WorkerPool
from peru_asia_graph.web.protocol import read_request

_UNSTABLE: Final = ("now", "rand", "uuid", "bnode")
_UNSTABLE_CALL: Final = re.compile(r"(?:now|rand|uuid|bnode)\s*\(")


async def answer_sparql(request: Request, pool: WorkerPool) -> Response:
    """Answer a request to the endpoint; raise HTTPException when it cannot be answered."""
    if request.method not in ("GET", "HEAD", "POST"):
        raise HTTPException(405)
    limits = pool.limits
    body, content_type = b"", ""
    if request.method == "POST":
        body, content_type = await read_body(request, limits), request.headers.get("content-type", "")
    query = read_request(request.method, request.scope["query_string"], content_type, body)
    if query is None:
        return await _describe(request, pool)
    if len(query.text) > limits.query_bytes:
        raise _too_long(limits)
    media = _media(request.headers.get("accept"), *find_named(query.formats))
    request.scope.setdefault("state", {})["query"] = query.text
    rows, graph = ROW_TYPES.get(media["rows"] or ""), GRAPH_TYPES.get(media["graph"] or "")
    graphs = {"default": query.default, "named": query.named}
    job = {"job": "query", "text": query.text, **graphs, "rows": rows, "graph": graph}
    return await run_job(request, pool, job, media, _is_stable(query.text))


def _is_stable(text: str) -> bool:
    """Return whether the result depends only on the data."""
    text = text.lower()
    # Most queries contain none of these letters; checking for them takes a tenth of the time of the regular expression.
    return not (any(name in text for name in _UNSTABLE) and _UNSTABLE_CALL.search(text))


async def _describe(request: Request, pool: WorkerPool) -> Response:
    """Answer a request without a query: the service description, or for browsers the query page."""
    media = choose(request.headers.get("accept"), [*GRAPH_TYPES, HTML])
    if media == HTML:
        return RedirectResponse("/query", 303, {"Vary": VARY})
    if media is None:
        raise not_acceptable(GRAPH_TYPES)
    job = {"job": "describe", "endpoint": f"{base_address(request)}/sparql", "graph": GRAPH_TYPES[media]}
    return await run_job(request, pool, job, media)


@lru_cache(100)
def _media(accept: str | None, named_rows: str, named_graph: str) -> Media:
    """Return the media types for rows and for a graph: those named in the request, or else those it accepts.

    Raise HTTPException if there are neither.
    """
    rows, graph = named_rows or choose(accept, ROW_TYPES), named_graph or choose(accept, GRAPH_TYPES)
    if rows is None and graph is None:
        raise not_acceptable([*ROW_TYPES, *GRAPH_TYPES])
    return {"rows": rows, "graph": graph}


async def read_body(request: Request, limits: Limits) -> bytes:
    """Return the body of a request; raise HTTPException if it is too long or arrives too slowly."""
    body, size = bytearray(), 0
    try:
        async with asyncio.timeout(limits.body_seconds):
            while True:
                message = await request.receive()
                if message["type"] == "http.disconnect":
                    raise HTTPException(400, "the request was aborted")
                size += len(message.get("body", b""))
                # URL encoding takes three bytes for many characters.
                fits = size <= 3 * limits.query_bytes
                if fits:
                    body += message.get("body", b"")
                # An oversized body is drained, up to a limit, so that the client reads the response.
                if size > DRAINED_BYTES or not (fits or message.get("more_body", False)):
                    raise _too_long(limits)
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError as error:
        raise HTTPException(408, f"the request took over {limits.body_seconds:g} s to arrive") from error


def _too_long(limits: Limits) -> HTTPException:
    return HTTPException(413, f"a query may have at most {limits.query_bytes:,} bytes")

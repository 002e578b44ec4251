"""Turns job results into responses: conditional requests, the cache, disconnected clients, headers."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from peru_asia_graph.web.negotiate import GRAPH_TYPES, ROW_TYPES, takes_gzip
from peru_asia_graph.web.pool import WorkerPool
from peru_asia_graph.web.result_cache import JobResult
from peru_asia_graph.web.worker_process import PendingJob, Unavailable

VARY: Final = "Accept, Accept-Encoding"
RETRY: Final = {"Retry-After": "5"}
Media = Mapping[str, str | None]


async def run_job(
    request: Request, pool: WorkerPool, job: Mapping[str, Any], media: str | Media, is_stable: bool = True
) -> Response:
    """Run a job and return its result as a response; raise HTTPException if there is none.

    ``media`` is the media type, or one for each kind of result (``rows``, ``graph``). The result of a stable job
    depends only on the data: it has an ETag and is cached.
    """
    headers = request.headers
    data = json.dumps({**job, "gzip": takes_gzip(headers.get("accept-encoding"))}).encode()
    result, version, tag = None, pool.version, ""
    if is_stable and version:
        tag = _etag(version, data)
        if _matches(headers.get("if-none-match"), tag):
            return Response(status_code=304, headers={"Vary": VARY, "Cache-Control": "no-cache", "ETag": tag})
        if "no-cache" not in headers.get("cache-control", ""):
            result = pool.find_cached(data)
    if result is None:
        result = await _run(request, pool, data, is_stable)
    if "error" in result.header:
        raise _error(result.header)
    if isinstance(media, str):
        media = dict.fromkeys(("rows", "graph", ""), media)
    own = dict(result.header.get("headers", {}))
    if tag and result.version == version:
        own["ETag"] = tag
    return _ResultResponse(pool, result, str(media[result.header.get("kind", "")]), own)


async def _run(request: Request, pool: WorkerPool, data: bytes, is_stable: bool) -> JobResult:
    """Run a job for as long as the client is connected."""
    watch: asyncio.Task[None] | None = None

    def watch_client(slow: PendingJob) -> None:
        nonlocal watch
        watch = asyncio.create_task(_cancel_when_gone(request.receive, slow.result))

    client = (request.scope["client"] or ("",))[0]
    try:
        job = pool.submit(data, client, is_stable, watch_client)
        return await job.result
    except Unavailable as error:
        raise HTTPException(503, str(error), RETRY) from error
    except asyncio.CancelledError:
        pool.cancel(job)
        if watch is None or not watch.done():
            raise
        raise HTTPException(400, "the client has disconnected") from None
    finally:
        if watch is not None:
            watch.cancel()


async def _cancel_when_gone(receive: Receive, result: asyncio.Future[JobResult]) -> None:
    """Cancel a job when the client disconnects."""
    while (await receive())["type"] != "http.disconnect":
        pass
    result.cancel()


def _error(header: Mapping[str, Any]) -> HTTPException:
    status = header["status"]
    if status == 406:
        return not_acceptable(GRAPH_TYPES if header["error"] == "a graph" else ROW_TYPES)
    return HTTPException(status, header["error"], RETRY if status == 503 else None)


def not_acceptable(types: Iterable[str]) -> HTTPException:
    """Return the error for a request that accepts none of these types."""
    return HTTPException(406, "available as: " + ", ".join(types), {"Vary": VARY})


@lru_cache(100)
def _common_headers(media: str, is_gzip: bool) -> list[tuple[bytes, bytes]]:
    typed = media if media.endswith(("json", "xml")) else f"{media}; charset=utf-8"
    headers = {"Vary": VARY, "Cache-Control": "no-cache", "Content-Type": typed}
    return _encode({**headers, "Content-Encoding": "gzip"} if is_gzip else headers)


def _encode(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


class _ResultResponse(Response):
    """A response whose bytes count as unsent until they have been sent."""

    def __init__(self, pool: WorkerPool, result: JobResult, media: str, own: Mapping[str, str]) -> None:
        super().__init__(result.body, result.header["status"])
        self.raw_headers += [*_common_headers(media, "gzip" in result.header), *_encode(own)]
        self._pool = pool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._pool.unsent += len(self.body)
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._pool.unsent -= len(self.body)


def _etag(version: str, data: bytes) -> str:
    return f'W/"{hashlib.sha256(version.encode() + data).hexdigest()[:24]}"'


def _matches(header: str | None, tag: str) -> bool:
    if header is None:
        return False
    return header.strip() == "*" or tag in [part.strip() for part in header.split(",")]

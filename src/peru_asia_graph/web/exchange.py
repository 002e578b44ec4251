"""What every request and answer goes through: bounds on sending and reading, common headers, the log.

ASGI in, ASGI out. Limit: an answer is whole before its first byte leaves, so a failure always has a status.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from peru_asia_graph.web.limits import Limits
from peru_asia_graph.web.protocol import Refused

PIECE: Final = 65_536
_HEARD_BYTES: Final = 64_000_000
# Data may be read by pages of other sites, never with anybody's credentials.
COMMON: Final = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Location, Retry-After"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"cross-origin"),
]
Log = Callable[[Mapping[str, Any]], None]
PREFLIGHT: Final = {
    "access-control-allow-methods": "GET, HEAD, POST, OPTIONS",
    "access-control-allow-headers": "Accept, Accept-Language, Cache-Control, Content-Type, If-None-Match",
    "access-control-max-age": "86400",
}
# Pages run the scripts of this server and no others, and reach nothing else.
CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


async def read_body(receive: Receive, limits: Limits) -> bytes:
    """Return the body of a request; raise Refused for one too long, or too slow in coming."""
    pieces, size = [], 0
    try:
        async with asyncio.timeout(limits.body_seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Refused(400, "the request broke off")
                size += len(message.get("body", b""))
                # A form spells many characters with three bytes.
                fits = size <= 3 * limits.query_bytes
                if fits:
                    pieces.append(message.get("body", b""))
                # What is too long is heard out, within reason, so that the sender hears the answer.
                if size > _HEARD_BYTES or not (fits or message.get("more_body", False)):
                    raise Refused(413, f"a query may have {limits.query_bytes:,} bytes")
                if not message.get("more_body", False):
                    return b"".join(pieces)
    except TimeoutError as error:
        raise Refused(408, f"the request took over {limits.body_seconds:g} s to come") from error


async def until_gone(receive: Receive) -> None:
    """Return when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


def refusal(refused: Refused) -> Response:
    """Return a refusal as an answer in plain text."""
    headers = dict(refused.headers)
    if refused.status in (408, 413):
        headers["Connection"] = "close"
    return PlainTextResponse(refused.message + "\n", refused.status, headers)


class Frame:
    """The outermost layer around the application."""

    def __init__(self, app: ASGIApp, limits: Limits, log: Log | None, started: float = 0.0) -> None:
        self._app = app
        self._limits = limits
        self._log = log
        # When the one request that is answered began, if it began before.
        self._started = started

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, seen = self._started or time.perf_counter(), {"status": 0, "bytes": 0}
        if scope["method"] == "OPTIONS":
            answer: Callable[..., Awaitable[None]] = Response(
                status_code=204, headers={**PREFLIGHT, "allow": _allow(scope)}
            )
        else:
            answer = self._app
        try:
            await answer(scope, receive, self._bounded(send, seen))
        finally:
            if self._log is not None:
                self._log(log_entry(scope, seen["status"], seen["bytes"], time.perf_counter() - started))

    def _bounded(self, send: Send, seen: dict[str, int]) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
                present = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in COMMON if pair[0] not in present)]
                await send(message)
                return
            body, more = message.get("body", b""), message.get("more_body", False)
            seen["bytes"] += len(body)
            for start in range(0, len(body) or 1, PIECE):
                piece = body[start : start + PIECE]
                # A reader that stalls loses its answer, so that it does not hold the memory for ever.
                async with asyncio.timeout(self._limits.stall_seconds):
                    last = start + PIECE >= len(body)
                    await send({"type": "http.response.body", "body": piece, "more_body": more or not last})

        return sending


def _allow(scope: Scope) -> str:
    return "GET, HEAD, POST, OPTIONS" if scope["path"].rstrip("/") == "/sparql" else "GET, HEAD, OPTIONS"


def log_entry(scope: Scope, status: int, size: int, seconds: float) -> dict[str, Any]:
    """Return what the log says of an answer."""
    client = scope.get("client")
    entry = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "client": client[0] if client else "",
        "method": scope["method"],
        "path": scope["path"],
        "status": status,
        "bytes": size,
        "ms": round(1000 * seconds, 1),
    }
    return {**entry, **scope["state"].get("log", {})} if "state" in scope else entry


def write_line(entry: Mapping[str, Any]) -> None:
    """Write one line of the access log, JSON, to standard error."""
    sys.stderr.write(json.dumps(entry, ensure_ascii=True) + "\n")

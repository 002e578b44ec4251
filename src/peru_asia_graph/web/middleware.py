"""The middleware around the application: CORS and security headers, chunked responses, access log."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_CHUNK_BYTES: Final = 65_536
# Pages of other sites may read the data, but without credentials.
_HEADERS: Final = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Location, Pag-Warning, Retry-After"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"cross-origin"),
]
_PREFLIGHT: Final = {
    "access-control-allow-methods": "GET, HEAD, POST, OPTIONS",
    "access-control-allow-headers": "Accept, Accept-Language, Cache-Control, Content-Type, If-None-Match",
    "access-control-max-age": "86400",
}
# The paths of the reconciliation service, all of whose responses are JSON, which can have a NUL character.
_RECONCILE: Final = "/reconcile"
_GET_AND_POST: Final = ("/sparql", _RECONCILE)
_POST_ONLY: Final = ("/reconcile/1.0-draft/match", "/reconcile/1.0-draft/extend")
# Pages may run only this server's scripts and connect only to this server.
CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LogFunction = Callable[[Mapping[str, Any]], None]


class CommonMiddleware:
    """Adds the headers of every response, answers OPTIONS, sends bodies in chunks and writes the access log."""

    def __init__(self, app: ASGIApp, log: LogFunction | None) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status, size = time.perf_counter(), 0, 0

        async def send_noted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *_HEADERS]
                await send(message)
            else:
                length = len(message.get("body", b""))
                size += length
                await (send(message) if length <= _CHUNK_BYTES else _send_chunks(message, send))

        app = self._app
        if _has_wrong_host(scope):
            app = PlainTextResponse("a request must have exactly one Host header\n", 400, {"Connection": "close"})
        elif not scope["path"].startswith(_RECONCILE) and ("\0" in scope["path"] or b"%00" in scope["query_string"]):
            app = PlainTextResponse("the address has a NUL character (%00), which no page can show; remove it\n", 400)
        elif scope["method"] == "OPTIONS":
            app = _preflight(scope)
        try:
            await app(scope, receive, send_noted)
        finally:
            if self._log is not None:
                self._log(_log_entry(scope, status, size, time.perf_counter() - started))


async def _send_chunks(message: Message, send: Send) -> None:
    """Send a long body in chunks; each waits until the client has read most of the previous ones."""
    body, more = message["body"], message.get("more_body", False)
    for start in range(0, len(body), _CHUNK_BYTES):
        last = start + _CHUNK_BYTES >= len(body)
        chunk = body[start : start + _CHUNK_BYTES]
        await send({"type": "http.response.body", "body": chunk, "more_body": more or not last})


def allowed_methods(path: str) -> list[str]:
    own = path.rstrip("/")
    if own in _POST_ONLY:
        return ["POST", "OPTIONS"]
    return ["GET", "HEAD", "POST", "OPTIONS"] if own in _GET_AND_POST else ["GET", "HEAD", "OPTIONS"]


def _has_wrong_host(scope: Scope) -> bool:
    """Return whether a request has several Host headers or, in HTTP/1.1, none (RFC 9112, section 3.2)."""
    hosts = sum(name == b"host" for name, _ in scope["headers"])
    return bool(hosts > 1 or (hosts == 0 and scope["http_version"] == "1.1"))


def _preflight(scope: Scope) -> ASGIApp:
    return Response(status_code=204, headers={**_PREFLIGHT, "allow": ", ".join(allowed_methods(scope["path"]))})


def _log_entry(scope: Scope, status: int, size: int, seconds: float) -> dict[str, Any]:
    client = scope.get("client")
    entry = {
        "time": _now(),
        "client": client[0] if client else "",
        "method": scope["method"],
        "path": scope["path"],
        "status": status,
        "bytes": size,
        "ms": round(1000 * seconds, 1),
    }
    query = scope.get("state", {}).get("query")
    return entry if query is None else {**entry, "query": hashlib.sha256(query.encode()).hexdigest()[:12]}


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def write_log_line(entry: Mapping[str, Any]) -> None:
    """Write one line of the log, JSON, to standard error."""
    sys.stderr.write(json.dumps(entry, ensure_ascii=True) + "\n")


def log_message(text: str) -> None:
    """Write a message about the server itself to the log."""
    write_log_line({"time": _now(), "message": text})

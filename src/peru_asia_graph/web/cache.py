"""Replies kept for who asks the same again: the data of a version does not change. An ASGI layer.

A reply is kept when it carries an ETag, which names the version of the data. Limit: short replies only, the latest
used; a request that says ``Cache-Control: no-cache`` is answered anew.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from peru_asia_graph.web.exchange import read_body, refusal
from peru_asia_graph.web.pool import Pool
from peru_asia_graph.web.protocol import Refused

_MOST_BYTES: Final = 32_000_000
_LONGEST: Final = 256_000
Key = tuple[Any, ...]


@dataclass
class Reply:
    """A reply as it is sent, and what the log says of it."""

    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    status: int = 0
    log: Mapping[str, Any] = field(default_factory=dict)

    def note(self, message: Message) -> None:
        """Take in a part of the reply."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], tuple(message["headers"])
        else:
            self.body += message.get("body", b"")

    @property
    def lasts(self) -> bool:
        """Whether it may be kept."""
        return self.status == 200 and len(self.body) <= _LONGEST and any(name == b"etag" for name, _ in self.headers)


class Kept:
    """The application behind a memory of up to so many bytes."""

    def __init__(self, app: ASGIApp, pool: Pool, most: int = _MOST_BYTES) -> None:
        self._app = app
        self._pool = pool
        self._most = most
        self._bytes = 0
        self._kept: OrderedDict[Key, Reply] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or pass the request on."""
        headers = dict(scope["headers"]) if _is_asking(scope) else None
        if headers is None or b"if-none-match" in headers:
            await self._app(scope, receive, send)
            return
        body = b""
        if scope["method"] == "POST":
            try:
                body = await read_body(receive, self._pool.limits)
            except Refused as refused:
                await refusal(refused)(scope, receive, send)
                return
            receive = _again(body, receive)
        key = self.key(scope, headers, body)
        found = self.find(key, headers)
        if found is not None:
            scope.setdefault("state", {})["log"] = found.log
            await send({"type": "http.response.start", "status": found.status, "headers": list(found.headers)})
            await send({"type": "http.response.body", "body": found.body})
            return
        await self.note(key, self._app)(scope, receive, send)

    def key(self, scope: Scope, headers: Mapping[bytes, bytes], body: bytes) -> Key:
        """Return what a reply is kept by."""
        self._pool.refresh()
        get = headers.get
        asked = scope["method"], scope["path"], scope["query_string"], body
        # What a reply depends on beside its address; a conditional request is not answered from here.
        return self._pool.version, asked, get(b"accept"), get(b"accept-encoding"), get(b"host"), get(b"content-type")

    def find(self, key: Key, headers: Mapping[bytes, bytes]) -> Reply | None:
        """Return the reply kept, for who does not want it anew."""
        found = self._kept.get(key)
        if found is None or headers.get(b"cache-control") == b"no-cache":
            return None
        self._kept.move_to_end(key)
        return found

    def note(self, key: Key, app: ASGIApp) -> ASGIApp:
        """Return an application whose reply is kept."""

        async def noted(scope: Scope, receive: Receive, send: Send) -> None:
            reply = Reply()

            async def noting(message: Message) -> None:
                reply.note(message)
                await send(message)

            await app(scope, receive, noting)
            reply.log = scope.get("state", {}).get("log", {})
            self.keep(key, reply)

        return noted

    def keep(self, key: Key, reply: Reply) -> None:
        """Keep a reply, if it may be kept, and let those go that were asked for longest ago."""
        if key not in self._kept and self._pool.version and reply.lasts:
            self._kept[key] = reply
            self._bytes += _size(key, reply)
            while self._bytes > self._most:
                self._bytes -= _size(*self._kept.popitem(last=False))


def _is_asking(scope: Scope) -> bool:
    if scope["type"] != "http":
        return False
    return bool(scope["method"] == "GET" or (scope["method"] == "POST" and scope["path"].startswith("/sparql")))


def _size(key: Key, reply: Reply) -> int:
    _, asked, *told = key
    return len(reply.body) + sum(len(part) for part in (*asked, *told) if part) + 1_000


def _again(body: bytes, receive: Receive) -> Receive:
    """Return the rest of a request whose body has been read."""
    given = False

    async def receiving() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving

"""Connection limits, which uvicorn lacks: slow or endless headers, stalled readers, too many connections at once.

A connection is waiting from the time it is opened, or its last response has ended, until the application is called with
the next request. A connection that waits too long is closed; if there are too many, the one that has waited longest is
closed. If the URL or headers are too long, an error response is sent and further input is read for a while, because a
client that is disconnected while sending would not see the response. A connection whose client has stopped reading is
aborted.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from peru_asia_graph.web.limits import DRAINED_BYTES, Limits

_SWEEP_SECONDS: Final = 0.5


def _response(status: bytes, message: bytes) -> bytes:
    head = b"HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n" % status
    return head + b"Access-Control-Allow-Origin: *\r\nX-Content-Type-Options: nosniff\r\n\r\n%s\n" % message


# The response; the key says whether the URL is too long.
_TOO_LONG: Final = {
    True: _response(b"414 URI Too Long", b"the URL is over LIMIT bytes; send the query by POST"),
    False: _response(b"431 Request Header Fields Too Large", b"the headers are over LIMIT bytes"),
}


@dataclass(eq=False, slots=True)
class Connection:
    """An open connection, and how much of the next request it has received."""

    transport: asyncio.Transport
    received: int = 0
    is_in_headers: bool = False
    is_refused: bool = False


class ConnectionLimiter:
    """The outermost ASGI middleware; it supplies the protocol class through which uvicorn reports connections."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.protocol: type[asyncio.Protocol] = type("LimitedProtocol", (_LimitedProtocol,), {"limiter": self})
        self._app = app
        self._limits = limits
        # Keyed by the client's address and port, as in the ASGI scope.
        self._open: dict[tuple[str, int], Connection] = {}
        # Since when each connection has been waiting; longest first.
        self._waiting: dict[Connection, float] = {}
        # Since when the client has not been reading its response.
        self._stalled: dict[Connection, float] = {}
        self._is_sweeping = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; meanwhile its connection does not count as waiting."""
        connection = self._open.get(tuple(scope.get("client") or ()))
        if connection is None:
            await self._app(scope, receive, send)
            return
        self._waiting.pop(connection, None)
        try:
            await self._app(scope, receive, send)
        finally:
            if not connection.transport.is_closing():
                self._wait(connection)

    @property
    def count(self) -> int:
        """How many connections are open, waiting or stalled."""
        return len({*self._open.values(), *self._waiting, *self._stalled})

    def opened(self, connection: Connection) -> None:
        """Register a connection; close the one that has waited longest if there are too many."""
        self._open[_client(connection)] = connection
        self._wait(connection)
        if len(self._open) > self._limits.max_connections:
            self._close(next(iter(self._waiting)))
        if not self._is_sweeping:
            self._is_sweeping = True
            asyncio.get_running_loop().call_later(_SWEEP_SECONDS, self._sweep)

    def closed(self, connection: Connection) -> None:
        """Forget a connection."""
        self._waiting.pop(connection, None)
        self._stalled.pop(connection, None)
        client = _client(connection)
        if self._open.get(client) is connection:
            del self._open[client]

    def paused(self, connection: Connection) -> None:
        """Note that the client reads more slowly than the server sends."""
        self._stalled[connection] = asyncio.get_running_loop().time()

    def resumed(self, connection: Connection) -> None:
        """Note that the client has resumed reading."""
        self._stalled.pop(connection, None)

    def received(self, connection: Connection, data: bytes) -> bool:
        """Note that a connection has received data; return whether it is for the application."""
        if connection.is_refused:
            connection.received += len(data)
            if connection.received > DRAINED_BYTES:
                self._close(connection)
            return False
        if connection not in self._waiting:
            return True
        if not connection.received:
            self._wait(connection)
        most, before = self._limits.header_bytes, connection.received
        line_end, head_end = data.find(b"\n"), data.find(b"\r\n\r\n")
        is_line_too_long = not connection.is_in_headers and before + (len(data) if line_end < 0 else line_end) > most
        connection.is_in_headers |= line_end >= 0
        connection.received += len(data)
        if is_line_too_long or before + (len(data) if head_end < 0 else head_end) > most:
            self._refuse(connection, _TOO_LONG[is_line_too_long].replace(b"LIMIT", f"{most:,}".encode()))
            return False
        return True

    def _refuse(self, connection: Connection, response: bytes) -> None:
        """Send an error response; the client has the usual time to read it."""
        connection.is_refused = True
        connection.transport.write(response)
        if connection.transport.can_write_eof():
            connection.transport.write_eof()

    def _wait(self, connection: Connection) -> None:
        connection.received, connection.is_in_headers = 0, False
        self._waiting.pop(connection, None)
        self._waiting[connection] = asyncio.get_running_loop().time()

    def _close(self, connection: Connection) -> None:
        self._waiting.pop(connection, None)
        # Pending data is still sent, unless the client does not read it.
        self.paused(connection)
        connection.transport.close()

    def _sweep(self) -> None:
        """Close connections that have waited too long, and abort those that have stalled too long."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        for connection in [one for one, since in self._waiting.items() if now - since >= self._limits.header_seconds]:
            self._close(connection)
        for connection in [one for one, since in self._stalled.items() if now - since >= self._limits.stall_seconds]:
            connection.transport.abort()
        self._is_sweeping = bool(self._open)
        if self._is_sweeping:
            loop.call_later(_SWEEP_SECONDS, self._sweep)


class _LimitedProtocol(HttpToolsProtocol):
    """uvicorn's protocol; overrides only what ``asyncio.Protocol`` defines."""

    limiter: ConnectionLimiter
    connection: Connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.connection = Connection(transport)
        self.limiter.opened(self.connection)

    def data_received(self, data: bytes) -> None:
        if self.limiter.received(self.connection, data) and not self.connection.transport.is_closing():
            super().data_received(data)

    def pause_writing(self) -> None:
        self.limiter.paused(self.connection)
        super().pause_writing()

    def resume_writing(self) -> None:
        self.limiter.resumed(self.connection)
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self.limiter.closed(self.connection)
        super().connection_lost(exc)


def _client(connection: Connection) -> Any:
    """Return the address and port of a connection's client."""
    return tuple((connection.transport.get_extra_info("peername") or ())[:2])

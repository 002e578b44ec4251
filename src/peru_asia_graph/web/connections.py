"""Limits on connections, which uvicorn lacks: slow or endless headers, stalled readers, too many connections at once.

A connection waits for a request from when it is opened, or its last response has ended, until the application is called
with the next request. One that waits too long, or whose headers are too long, is closed; so is the one that has waited
longest, when there are too many. One that has stopped reading a response is aborted.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from peru_asia_graph.web.limits import Limits

_SWEEP_SECONDS: Final = 0.5


@dataclass(eq=False, slots=True)
class Connection:
    """An open connection, and how much of the next request it has sent."""

    transport: asyncio.Transport
    received: int = 0


class ConnectionLimiter:
    """ASGI middleware, to be the outermost, and the protocol class for uvicorn that reports connections to it."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.protocol: type[asyncio.Protocol] = type("LimitedProtocol", (_LimitedProtocol,), {"limiter": self})
        self._app = app
        self._limits = limits
        # By the address and port of the client, as in the ASGI scope.
        self._open: dict[tuple[str, int], Connection] = {}
        # Since when each has waited; the longest first.
        self._waiting: dict[Connection, float] = {}
        # Since when its client has not read what is sent.
        self._stalled: dict[Connection, float] = {}
        self._is_sweeping = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; its connection does not wait meanwhile."""
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
        """Note that the client does not read as fast as is sent."""
        self._stalled[connection] = asyncio.get_running_loop().time()

    def resumed(self, connection: Connection) -> None:
        """Note that the client has read on."""
        self._stalled.pop(connection, None)

    def received(self, connection: Connection, data: bytes) -> None:
        """Note that a connection has sent something; close it if its headers are endless."""
        if connection not in self._waiting:
            return
        if not connection.received:
            self._wait(connection)
        connection.received += len(data)
        if connection.received > self._limits.header_bytes and b"\r\n\r\n" not in data:
            self._close(connection)

    def _wait(self, connection: Connection) -> None:
        connection.received = 0
        self._waiting.pop(connection, None)
        self._waiting[connection] = asyncio.get_running_loop().time()

    def _close(self, connection: Connection) -> None:
        self._waiting.pop(connection, None)
        # What is still to be sent is sent, unless the client does not read it either.
        self.paused(connection)
        connection.transport.close()

    def _sweep(self) -> None:
        """Close the connections that have waited, and abort those that have stalled, too long."""
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
        self.limiter.received(self.connection, data)
        if not self.connection.transport.is_closing():
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

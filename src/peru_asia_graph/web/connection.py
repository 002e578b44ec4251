"""A connection: how long it may take to ask, and which way its requests go.

A connection that does not send its request in time, or sends endless headers, is closed; so is the one that has waited
longest when there are too many. Limit: what uvicorn does with a request is not repeated here; this is built upon it.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from peru_asia_graph.web.limits import Limits
from peru_asia_graph.web.straight import Exchange, Sent, Straight

# How often, in seconds, it is looked who has waited too long.
_ROUND: Final = 0.5


class Patient(HttpToolsProtocol):
    """A connection that waits for its client only so long."""

    limits: Limits
    straight: Straight
    # Since when its client owes it a request; zero while one is answered.
    _since = 0.0
    _unread = 0
    _exchange: Exchange | Sent | None = None
    _is_looking = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._since = self.loop.time()
        if not type(self)._is_looking:
            type(self)._is_looking = True
            self.loop.call_later(_ROUND, self._look_round)
        if len(self.connections) > self.limits.connections:
            waiting = (one for one in self.connections if isinstance(one, Patient) and one._since)
            oldest = min(waiting, key=lambda one: one._since, default=None)
            if oldest is not None:
                oldest.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let the request that is answered be given up."""
        super().connection_lost(exc)
        if self._exchange is not None:
            self._exchange.leave()

    def data_received(self, data: bytes) -> None:
        """Take in what comes, but no endless head."""
        if self._since:
            if not self._unread:
                self._since = self.loop.time()
            self._unread += len(data)
            if self._unread > self.limits.header_bytes and b"\r\n\r\n" not in data:
                self.transport.close()
                return
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """Wait no longer."""
        self._since, self._unread = 0.0, 0
        super().on_headers_complete()
        if self.parser.get_http_version() == "1.0" and self.parser.should_keep_alive():
            # Clients of old, such as ab, say that they want to; then they are told that they may.
            self.cycle.keep_alive = True
            self.cycle.default_headers = [*self.cycle.default_headers, (b"connection", b"keep-alive")]

    def on_response_complete(self) -> None:
        """Go on as uvicorn does, but without a timer for each answer."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        else:
            self._since = self.loop.time()

    def _look_round(self) -> None:
        """Close what has waited too long."""
        longest_ago = self.loop.time() - self.limits.header_seconds
        for one in list(self.connections):
            if isinstance(one, Patient) and 0 < one._since <= longest_ago:
                one.transport.close()
        type(self)._is_looking = bool(self.connections)
        if self.connections:
            self.loop.call_later(_ROUND, self._look_round)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._exchange = self.straight.begin(cycle, super()._start_asgi_task)
        if self._exchange is None:
            super()._start_asgi_task(cycle, app)


def make_protocol(limits: Limits, straight: Straight) -> type[HttpToolsProtocol]:
    """Return the protocol of the connections of a server."""
    return type("Connection", (Patient,), {"limits": limits, "straight": straight})

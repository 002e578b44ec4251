"""A connection: how long it may take to ask, and which way its requests go.

A connection that does not send its request in time, or sends endless headers, is closed; so is the one that has waited
longest when there are too many. Limit: what uvicorn does with a request is not repeated here; this is built upon it.
"""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from peru_asia_graph.web.limits import Limits
from peru_asia_graph.web.straight import Exchange, Straight


def make_protocol(limits: Limits, straight: Straight) -> type[HttpToolsProtocol]:
    """Return the protocol of a connection, patient only so far."""

    class Patient(HttpToolsProtocol):
        _timer: asyncio.TimerHandle | None = None
        _unread = 0
        _exchange: Exchange | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._await_request()
            if len(self.connections) > limits.connections:
                waiting = (one for one in self.connections if getattr(one, "_timer", None) is not None)
                oldest = min(waiting, key=lambda one: one._timer.when(), default=None)  # type: ignore[union-attr]
                if oldest is not None:
                    oldest.transport.close()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_waiting()
            super().connection_lost(exc)
            if self._exchange is not None:
                self._exchange.leave()

        def data_received(self, data: bytes) -> None:
            if self._timer is None and (self.cycle is None or self.cycle.response_complete):
                self._await_request()
            if self._timer is not None:
                self._unread += len(data)
                if self._unread > limits.header_bytes and b"\r\n\r\n" not in data:
                    self.transport.close()
                    return
            super().data_received(data)

        def on_headers_complete(self) -> None:
            self._stop_waiting()
            super().on_headers_complete()
            if self.parser.get_http_version() == "1.0" and self.parser.should_keep_alive():
                # Clients of old, such as ab, say that they want to; then they are told that they may.
                self.cycle.keep_alive = True
                self.cycle.default_headers = [*self.cycle.default_headers, (b"connection", b"keep-alive")]

        def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGIApp) -> None:  # type: ignore[override]
            self._exchange = straight.begin(cycle, super()._start_asgi_task)  # type: ignore[arg-type]
            if self._exchange is None:
                super()._start_asgi_task(cycle, app)  # type: ignore[arg-type]

        def _await_request(self) -> None:
            self._unread = 0
            self._timer = self.loop.call_later(limits.header_seconds, self.transport.close)

        def _stop_waiting(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    return Patient

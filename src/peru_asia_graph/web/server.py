"""Connections, start and stop. Limit: plain HTTP; put a proxy in front for TLS.

A connection that does not send its request in time, or sends endless headers, is closed; so is the one that has waited
longest when there are too many.
"""

from __future__ import annotations

import asyncio
import resource
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.store import is_address, open_store
from peru_asia_graph.web.app import make_app
from peru_asia_graph.web.limits import Limits
from peru_asia_graph.web.pool import Pool

# A file over this size is put into a store on disk first, which each worker then opens at once.
_BIG_FILE: Final = 10_000_000
_BACKLOG: Final = 2_048
_FILES: Final = 65_536


def serve(
    where: str | None,
    host: str,
    port: int,
    limits: Limits,
    ready: Callable[[str], None],
    log: Callable[[Mapping[str, Any]], None] | None = None,
) -> None:
    """Serve a store until told to stop; ``ready`` gets the address. Raise StoreUnreachable or WrongUse at the start."""
    _raise_file_limit()
    with ExitStack() as stack:
        place = where
        if where is not None and not is_address(where) and Path(where).is_file():
            place = _on_disk(Path(where), stack)
        pool = Pool(place, limits)
        open_store(place)
        listening = stack.enter_context(_listen(host, port))
        config = uvicorn.Config(
            make_app(pool, log), http=_patient(limits), loop="uvloop", ws="none", lifespan="on", log_config=None,
            access_log=False, server_header=False, timeout_keep_alive=int(limits.header_seconds),
            backlog=_BACKLOG, timeout_graceful_shutdown=int(limits.timeout) + 1,
        )  # fmt: skip
        server = uvicorn.Server(config)
        for number in (signal.SIGTERM, signal.SIGINT):
            # The server stops gracefully, then raises the signal again, which ends us well.
            signal.signal(number, lambda *_: sys.exit(0))
        shown = f"[{host}]" if ":" in host else host
        ready(f"http://{shown}:{listening.getsockname()[1]}/")
        server.run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise WrongUse(f"cannot listen on {host}, port {port}: {error.strerror}; --port 0 takes a free one") from error
    return listening


def _on_disk(file: Path, stack: ExitStack) -> str:
    if file.stat().st_size <= _BIG_FILE:
        return str(file)
    from peru_asia_graph.store.load import load_files

    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="peru-asia-graph-"))) / "store"
    load_files([file], folder, lambda _: None)
    return str(folder)


def _raise_file_limit() -> None:
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    # Some systems say "no limit" and then refuse it.
    wanted = _FILES if most == resource.RLIM_INFINITY else min(most, _FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(now, wanted), most))


def _patient(limits: Limits) -> type[HttpToolsProtocol]:
    """Return the protocol of a connection, patient only so far."""

    class Patient(HttpToolsProtocol):
        _timer: asyncio.TimerHandle | None = None
        _unread = 0

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

        def _await_request(self) -> None:
            self._unread = 0
            self._timer = self.loop.call_later(limits.header_seconds, self.transport.close)

        def _stop_waiting(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    return Patient

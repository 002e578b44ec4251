"""Starts and stops the server. It speaks plain HTTP; a reverse proxy in front adds TLS."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import Any, Final

import uvicorn
import uvloop
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.store import is_address, open_store
from peru_asia_graph.web.app import make_app
from peru_asia_graph.web.confine import freeze_gc
from peru_asia_graph.web.connections import ConnectionLimiter
from peru_asia_graph.web.limits import Limits
from peru_asia_graph.web.pool import WorkerPool

# A file above this size is first loaded into a store on disk, which each worker then opens instantly.
_BIG_FILE: Final = 10_000_000
_BACKLOG: Final = 2_048
_FILES: Final = 65_536
_STOPPING: Final = (signal.SIGTERM, signal.SIGINT)


def serve(
    where: str | None,
    host: str,
    port: int,
    limits: Limits,
    ready: Callable[[str], None],
    log: Callable[[Mapping[str, Any]], None] | None = None,
) -> None:
    """Serve a store until stopped; ``ready`` receives the address. Raise StoreUnreachable or WrongUse at startup."""
    _raise_file_limit()
    with ExitStack() as stack:
        _exit_on_signals()  # now, so that the copy of a big file is removed
        place = where
        if where is not None and not is_address(where) and Path(where).is_file():
            place = _on_disk(Path(where), stack)
        open_store(place)
        listening = stack.enter_context(_listen(host, port))
        pool = WorkerPool(place, limits)
        stack.callback(pool.store.remove_copy)
        server = _Server(configure(make_app(pool, log), limits), stack.close)
        freeze_gc()
        shown = f"[{host}]" if ":" in host else host
        ready(f"http://{shown}:{listening.getsockname()[1]}/")
        # Signals are held until the loop runs; otherwise it could be left half initialised.
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
        uvloop.run(_run(server, pool, listening))


async def _run(server: uvicorn.Server, pool: WorkerPool, listening: socket.socket) -> None:
    """Serve requests until stopped, with the workers of the pool."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None

    def stop() -> None:
        if not task.cancelling():  # a second signal must not cancel the closing of the pool
            task.cancel()

    try:
        # While workers start, Python could lose an exception from a signal handler when it creates a process.
        for number in _STOPPING:
            loop.add_signal_handler(number, stop)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
        await pool.open()
        for number in _STOPPING:
            loop.remove_signal_handler(number)
        _exit_on_signals()
        await server.serve(sockets=[listening])
    except asyncio.CancelledError:
        return
    finally:
        await pool.close()


def _exit_on_signals() -> None:
    """End the process with code 0 on stop signals: uvicorn shuts down gracefully, then raises them again."""
    for number in _STOPPING:
        signal.signal(number, lambda *_: sys.exit(0))


class _Server(uvicorn.Server):
    """uvicorn's server; a second Ctrl-C ends it immediately, without reporting aborted requests."""

    def __init__(self, config: uvicorn.Config, clean_up: Callable[[], None]) -> None:
        super().__init__(config)
        self._clean_up = clean_up

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit and sig == signal.SIGINT:
            self._clean_up()
            os._exit(0)  # the workers end with this process
        super().handle_exit(sig, frame)


def configure(app: ASGIApp, limits: Limits) -> uvicorn.Config:
    """Return uvicorn's configuration for an application, with connection limits."""
    # Not by ``proxy_headers``: the limiter must see the connection's address, the application the client's.
    trusted = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
    behind_proxy: Any = ProxyHeadersMiddleware(app, trusted)  # type: ignore[arg-type]
    limiter = ConnectionLimiter(behind_proxy, limits)
    return uvicorn.Config(
        limiter, http=limiter.protocol, loop="uvloop", ws="none", lifespan="off", log_config=None, access_log=False,
        server_header=False, proxy_headers=False, timeout_keep_alive=int(limits.header_seconds), backlog=_BACKLOG,
        timeout_graceful_shutdown=int(limits.timeout) + 1,
    )  # fmt: skip


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        # Immediately: early clients are served once the workers have started, and no other server can take the port.
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise WrongUse(f"cannot listen on {host}, port {port}: {error.strerror}; --port 0 picks a free one") from error
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
    # Some systems report "no limit" and then refuse it.
    wanted = _FILES if most == resource.RLIM_INFINITY else min(most, _FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(now, wanted), most))

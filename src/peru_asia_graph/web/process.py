"""A worker process as the server sees it: started, asked, slowed down, killed. Jobs in, answers out.

Limit: one job at a time; who uses it keeps the time, and after a failure kills the worker and never asks it again.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

from peru_asia_graph.errors import StoreUnreachable
from peru_asia_graph.web.worker import LENGTH

_START_SECONDS: Final = 60.0
# How far back a process at a long job stands.
_NICE: Final = 10
Answer = tuple[dict[str, Any], bytes]
Room = Callable[[int], bool]


class Wire(asyncio.SubprocessProtocol):
    """The two pipes of a process: frames out, frames in (see ``worker``)."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self._read = bytearray()
        self._header: dict[str, Any] | None = None
        # The first answer, that the store is open, may come before anybody waits for it.
        self.first = self.expect(lambda _: True)

    def expect(self, has_room: Room) -> asyncio.Future[Answer | None]:
        """Return what will hold the next answer: None when there is no room for it, ConnectionError when it fails."""
        self._has_room = has_room
        self._answer = asyncio.get_running_loop().create_future()
        if self.ended.is_set():
            self._fail()
        return self._answer

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Collect what comes; a whole frame is an answer."""
        self._read += data
        if self._header is None:
            if len(self._read) < LENGTH.size:
                return
            end = LENGTH.size + LENGTH.unpack_from(self._read)[0]
            if len(self._read) < end:
                return
            self._header = json.loads(self._read[LENGTH.size : end])
            del self._read[:end]
            if not self._has_room(self._header["size"]):
                self._settle(None)
                return
        if len(self._read) >= self._header["size"]:
            size = self._header.pop("size")
            self._settle((self._header, bytes(self._read[:size])))
            del self._read[:size]

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        """Whoever waits for an answer will get none."""
        self._fail()

    def process_exited(self) -> None:
        """Note the end."""
        self.ended.set()
        self._fail()

    def _settle(self, answer: Answer | None) -> None:
        self._header = None
        if not self._answer.done():
            self._answer.set_result(answer)

    def _fail(self) -> None:
        if not self._answer.done():
            self._answer.set_exception(ConnectionError("the process has ended"))


class Worker:
    """A process and the job it is at."""

    def __init__(self, transport: asyncio.SubprocessTransport, wire: Wire, version: str) -> None:
        self.version = version
        self.client = ""
        self.busy_since = 0.0
        self.ended_early = False
        self.killed = False
        self.slowed = False
        self._process = transport
        self._wire = wire

    @property
    def alive(self) -> bool:
        """Whether the process still runs and shall."""
        return not self.killed and self._process.get_returncode() is None

    async def ask(self, job: Mapping[str, Any], seconds: float, has_room: Room) -> Answer | None:
        """Return the answer to a job, None when there is no room for it; raise TimeoutError when it takes longer.

        Raise ConnectionError when the process dies meanwhile.
        """
        raw = json.dumps(job).encode()
        coming = self._wire.expect(has_room)
        given: Any = self._process.get_pipe_transport(0)
        given.write(LENGTH.pack(len(raw)) + raw)
        late = asyncio.get_running_loop().call_later(max(0.0, seconds), _let_be_late, coming)
        try:
            answer = await coming
        finally:
            late.cancel()
        if answer is None:
            self.kill()
        return answer

    async def until_ended(self) -> int:
        """Wait for the end of the process; return its return code."""
        await self._wire.ended.wait()
        return int(self._process.get_returncode() or 0)

    async def cause_of_death(self) -> str:
        """Wait for the end of the process; return the name of the signal or the number that ended it."""
        code = await self.until_ended()
        return signal.Signals(-code).name if code < 0 else str(code)

    def slow_down(self) -> None:
        """Let the system prefer others to a process at a long job; it stays so, and is replaced afterwards."""
        self.slowed = True
        if self.alive:
            os.setpriority(os.PRIO_PROCESS, self._process.get_pid(), _NICE)

    def kill(self) -> None:
        """End the process at once."""
        if self.alive:
            self._process.kill()
        self.killed = True


def _let_be_late(coming: asyncio.Future[Answer | None]) -> None:
    if not coming.done():
        coming.set_exception(TimeoutError())


async def start_worker(settings: Mapping[str, Any], version: str) -> Worker:
    """Start a process and wait until its store is open; raise StoreUnreachable when it cannot be."""
    command = [sys.executable, "-m", "peru_asia_graph.web.worker", json.dumps(settings)]
    transport, wire = await asyncio.get_running_loop().subprocess_exec(Wire, *command, stderr=None)
    worker = Worker(transport, wire, version)
    try:
        async with asyncio.timeout(_START_SECONDS):
            ready = await wire.first
    except (TimeoutError, ConnectionError) as error:
        worker.kill()
        raise StoreUnreachable("a worker process did not start") from error
    except asyncio.CancelledError:
        worker.kill()
        raise
    header, _ = ready or ({}, b"")
    if header.get("status") != 200:
        worker.kill()
        raise StoreUnreachable(header.get("error", "a worker process did not start"))
    return worker

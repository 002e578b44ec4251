"""A worker process as the server sees it: started, given jobs, slowed down, killed. Jobs in, answers out.

A worker does its jobs one after the other; some quick ones may wait in its pipe, so that it need not wait for the
server. Limit: who uses it keeps the time, and after a failure kills the worker and never asks it again.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from itertools import count
from typing import Any, Final, Protocol

from peru_asia_graph.errors import StoreUnreachable
from peru_asia_graph.web.frames import Frames, NoRoom, frame, read_header
from peru_asia_graph.web.turns import Turn

_START_SECONDS: Final = 60.0
# How far back a thread at a long job stands.
_NICE: Final = 10
# Jobs given ahead: as many as take so many seconds, and no more than so many.
_AHEAD_SECONDS: Final = 0.002
_AHEAD: Final = 11
# Behind a job begun less than this ago, another may wait.
_YOUNG: Final = 0.005
_BRIEF: Final = 0.0004
# A job counts this much in the time that jobs take, in the middle.
_WEIGHT: Final = 0.25


class Owner(Protocol):
    """Who hears of the answers of a worker."""

    def has_room(self, size: int) -> bool:
        """Return whether an answer may be held."""

    def answered(self, worker: Worker, number: int, header: bytes, body: bytes) -> None:
        """Hear of an answer."""

    def crowded(self, worker: Worker) -> None:
        """Hear of an answer that may not be held."""

    def ended(self, worker: Worker) -> None:
        """Hear that the process has ended by itself."""


class Wire(asyncio.SubprocessProtocol):
    """The two pipes of a process."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self.started: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()
        self.worker: Worker | None = None
        self._frames = Frames()
        self._transport: asyncio.BaseTransport
        self._parts = 2

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note what is to be closed."""
        self._transport = transport

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Pass on what has come; the first frame says whether the store is open."""
        if self.worker is not None:
            self.worker.hear(data, self._frames)
            return
        for _, header, _ in self._frames.take(data):
            if not self.started.done():
                self.started.set_result(read_header(header))

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        """Whoever waits for an answer will get none, once all that was sent has been read."""
        if fd == 1:
            if not self.started.done():
                self.started.set_exception(ConnectionError("the process has ended"))
            if self.worker is not None:
                self.worker.end()
            self._part()

    def process_exited(self) -> None:
        """Note the end."""
        self._part()

    def _part(self) -> None:
        self._parts -= 1
        if not self._parts:
            self._transport.close()
            self.ended.set()


class Worker:
    """A process and its jobs, by number; the first is the one it is at."""

    _numbers = count(1)

    def __init__(self, transport: asyncio.SubprocessTransport, wire: Wire, version: str, owner: Owner) -> None:
        self.version = version
        self.jobs: deque[tuple[int, Turn]] = deque()
        # Since when it is at the first of them.
        self.since = 0.0
        self.killed = False
        self.slowed = False
        self._takes = 0.0
        self._thread = 0
        self._owner = owner
        self._process = transport
        self._wire = wire
        self._out: list[bytes] = []

    @property
    def alive(self) -> bool:
        """Whether the process still runs and shall."""
        return not self.killed and self._process.get_returncode() is None

    @property
    def ended(self) -> bool:
        """Whether nothing is left of the process."""
        return self._wire.ended.is_set()

    @property
    def clients(self) -> set[str]:
        """Whose jobs it has."""
        return {turn.client for number, turn in self.jobs if turn.number == number}

    @property
    def room(self) -> int:
        """How many jobs it may have at once."""
        return 1 + min(_AHEAD, int(_AHEAD_SECONDS / self._takes) if self._takes else _AHEAD)

    def is_quick(self, now: float) -> bool:
        """Return whether it is at quick jobs, and may have another."""
        return bool(self.jobs) and now - self.since < _YOUNG and len(self.jobs) < self.room

    def is_soon_done(self, now: float, client: str) -> bool:
        """Return whether it is at jobs of this client alone, which take less time than to wake another process."""
        seconds = len(self.jobs) * self._takes
        return 0 < seconds < _BRIEF and now - self.since < _BRIEF and self.clients == {client}

    def give(self, turn: Turn, now: float) -> None:
        """Give it a job; what is given in one go is sent together."""
        turn.worker, turn.number = self, next(self._numbers)
        if not self.jobs:
            self.since = now
        self.jobs.append((turn.number, turn))
        self._send(frame(turn.number, turn.job.header, turn.job.text))

    def take_back(self) -> list[Turn]:
        """Return the jobs behind the first, which others shall do; the worker says when it has passed over them."""
        taken = []
        for number, turn in list(self.jobs)[1:]:
            if turn.number == number:
                turn.worker, turn.number = None, 0
                taken.append(turn)
                self._send(frame(number, b""))
        return taken

    def hear(self, data: bytes, frames: Frames) -> None:
        """Take in what the process says."""
        if self.killed:
            return
        try:
            said = frames.take(data, self._owner.has_room)
        except NoRoom:
            self._owner.crowded(self)
            return
        for number, header, body in said:
            if self.killed:
                return
            if number:
                self._owner.answered(self, number, header, body)
            else:
                self.note_thread(read_header(header))

    def note_thread(self, said: Mapping[str, Any]) -> None:
        """Note which thread of the process does its jobs from now on; it stands back for nobody yet."""
        self._thread, self.slowed = said["thread"], False

    def end(self) -> None:
        """Note that nothing more will come."""
        if not self.killed:
            self._owner.ended(self)

    def done(self, number: int, now: float) -> Turn:
        """Take a job off its list, and return it: one that is done, or one further back that it has passed over."""
        if self.jobs[0][0] == number:
            self._takes += _WEIGHT * (now - self.since - self._takes)
            self.since = now
            return self.jobs.popleft()[1]
        entry = next(entry for entry in self.jobs if entry[0] == number)
        self.jobs.remove(entry)
        return entry[1]

    def _send(self, data: bytes) -> None:
        if not self._out:
            asyncio.get_running_loop().call_soon(self._flush)
        self._out.append(data)

    def _flush(self) -> None:
        data, self._out = b"".join(self._out), []
        if self.alive:
            given: Any = self._process.get_pipe_transport(0)
            given.write(data)

    async def until_ended(self) -> int:
        """Wait for the end of the process; return its return code."""
        await self._wire.ended.wait()
        return int(self._process.get_returncode() or 0)

    async def cause_of_death(self) -> str:
        """Wait for the end of the process; return the name of the signal or the number that ended it."""
        code = await self.until_ended()
        return signal.Signals(-code).name if code < 0 else str(code)

    def slow_down(self) -> None:
        """Let the system prefer others to the thread at a long job; it stays so, and is replaced afterwards."""
        self.slowed = True
        # It may be over by now; on macOS no thread can be named so, and the process is replaced.
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, self._thread, _NICE)

    def kill(self) -> None:
        """End the process at once."""
        if self.alive:
            self._process.kill()
        self.killed = True


async def start_worker(settings: Mapping[str, Any], version: str, owner: Owner) -> Worker:
    """Start a process and wait until its store is open; raise StoreUnreachable when it cannot be."""
    command = [sys.executable, "-m", "peru_asia_graph.web.worker", json.dumps(settings)]
    transport, wire = await asyncio.get_running_loop().subprocess_exec(Wire, *command, stderr=None)
    worker = Worker(transport, wire, version, owner)
    try:
        async with asyncio.timeout(_START_SECONDS):
            header = await wire.started
    except (TimeoutError, ConnectionError):
        header = {}
    except asyncio.CancelledError:
        worker.kill()
        await worker.until_ended()
        raise
    if header.get("status") != 200:
        worker.kill()
        await worker.until_ended()
        raise StoreUnreachable(header.get("error", "a worker process did not start"))
    worker.note_thread(header)
    wire.worker = worker
    return worker

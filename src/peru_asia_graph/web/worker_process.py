"""A worker process as seen by the server: started, given a job, lowered in priority, killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, cast

from peru_asia_graph.store.snapshot import StoreSnapshot
from peru_asia_graph.web.result_cache import JobResult
from peru_asia_graph.web.worker import JOB_SIZE, RESULT_SIZES

_NICENESS: Final = 10
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class Unavailable(Exception):
    """There is no result, with the reason; the client may try again."""


@dataclass(eq=False, slots=True)
class PendingJob:
    """A job that waits or runs: its JSON, its client, and the future that awaits its result."""

    data: bytes
    client: str
    submitted: float
    deadline: float
    is_cacheable: bool
    result: asyncio.Future[JobResult]
    # Called once if the job becomes slow.
    on_slow: Callable[[PendingJob], None] | None = None

    def note_slow(self) -> None:
        """Report that the job has become slow."""
        if self.on_slow is not None and not self.result.done():
            self.on_slow(self)

    def fail(self, reason: str) -> None:
        """Report that there will be no result."""
        if not self.result.done():
            self.result.set_exception(Unavailable(reason))


class WorkerOwner(Protocol):
    """The interface that a worker process reports to."""

    def has_room(self, size: int) -> bool:
        """Return whether a result of this size may be held."""

    def job_done(self, worker: WorkerProcess, result: JobResult) -> None:
        """Accept a result."""

    def stop(self, worker: WorkerProcess, reason: str) -> None:
        """Kill a worker and fail its job with a reason."""


class WorkerProcess(asyncio.SubprocessProtocol):
    """A worker process as the server sees it."""

    def __init__(self, owner: WorkerOwner, snapshot: StoreSnapshot, job: PendingJob) -> None:
        self.version = snapshot.version
        # The first job is startup: its result says whether the store is open.
        self.job: PendingJob | None = job
        # When it started its current job, or became idle.
        self.since = 0.0
        # Processor time used until then; None until it is first asked for, which quick queries never are.
        self._used: float | None = 0.0
        self.is_niced = False
        self.has_exited = False
        self._owner = owner
        self._path = snapshot.path
        self._received = bytearray()
        self._process: asyncio.SubprocessTransport

    async def start(self, settings: Mapping[str, Any]) -> None:
        path = None if self._path is None else str(self._path)
        arguments = json.dumps({**settings, "path": path, "server": os.getpid()})
        command = [sys.executable, "-m", "peru_asia_graph.web.worker", arguments]
        await asyncio.get_running_loop().subprocess_exec(lambda: self, *command, stderr=None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Store the handle of the process."""
        self._process = cast(asyncio.SubprocessTransport, transport)

    def start_job(self, job: PendingJob, now: float) -> None:
        self.job, self.since, self._used = job, now, None
        pipe = cast(asyncio.WriteTransport, self._process.get_pipe_transport(0))
        pipe.write(JOB_SIZE.pack(len(job.data)) + job.data)

    def run_seconds(self, now: float) -> float:
        """Return the processor time of the current job: on a busy machine, a quick query may take long by the clock.

        It is counted from the first call for a job, so ask early. By the clock on systems that do not report it
        (macOS), and for a store on a server.
        """
        used = self._cpu_seconds()
        if self._used is None:
            self._used = used
        return used - self._used if used else now - self.since

    def _cpu_seconds(self) -> float:
        """Return the processor time of the process; 0 if it is unknown, or says nothing about the query."""
        if self._path is None:
            return 0.0
        with suppress(OSError):
            status = Path(f"/proc/{self._process.get_pid()}/stat").read_bytes()
            # After the name, which may contain spaces, user and system time are the 12th and 13th field (proc(5)).
            return sum(map(int, status.rpartition(b")")[2].split()[11:13])) / _TICKS
        return 0.0

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Deliver the result when it is complete."""
        received = self._received
        received += data
        if self.job is None or len(received) < RESULT_SIZES.size:
            return
        header_size, body_size = RESULT_SIZES.unpack_from(received)
        if not self._owner.has_room(body_size):
            self._owner.stop(self, "the server holds too many unread results; try again later")
            return
        start = RESULT_SIZES.size + header_size
        if len(received) == start + body_size:
            header = json.loads(received[RESULT_SIZES.size : start])
            result = JobResult(header, bytes(received[start:]), self.version)
            received.clear()
            self._owner.job_done(self, result)

    def process_exited(self) -> None:
        """Report the end of the process."""
        self.has_exited = True
        code = self._process.get_returncode() or 0
        self._process.close()
        cause = signal.Signals(-code).name if code < 0 else str(code)
        self._owner.stop(self, f"the query exceeded its memory limit or crashed the engine ({cause}); narrow it")

    def lower_priority(self) -> None:
        """Let the system prefer other processes; a process cannot raise its priority again."""
        self.is_niced = True
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, self._process.get_pid(), _NICENESS)

    def kill(self) -> None:
        """End the process at once."""
        with suppress(ProcessLookupError):
            self._process.kill()

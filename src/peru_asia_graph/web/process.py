"""A worker process as the server sees it: started, asked, slowed down, killed. Jobs in, answers out.

Limit: who uses it keeps the time; after a failure a worker is killed, never asked again.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from peru_asia_graph.errors import StoreUnreachable
from peru_asia_graph.web.worker import LENGTH

_START_SECONDS: Final = 60.0
# How far back a process at a long job stands.
_NICE: Final = 10
_BUFFER: Final = 1 << 20


@dataclass(eq=False)
class Worker:
    """A process and the job it is at."""

    process: asyncio.subprocess.Process
    version: str
    client: str = ""
    busy_since: float = 0.0
    ended_early: bool = False
    killed: bool = False
    slowed: bool = False

    @property
    def alive(self) -> bool:
        """Whether the process still runs and shall."""
        return not self.killed and self.process.returncode is None

    async def ask(
        self, job: Mapping[str, Any], deadline: float, has_room: Callable[[int], bool]
    ) -> tuple[dict[str, Any], bytes] | None:
        """Return the answer to a job, None when there is no room for it; raise TimeoutError after the deadline.

        Raise IncompleteReadError or ConnectionError when the process dies meanwhile.
        """
        given, taken = self.process.stdin, self.process.stdout
        assert given is not None and taken is not None
        raw = json.dumps(job).encode()
        async with asyncio.timeout(deadline - time.monotonic()):
            given.write(LENGTH.pack(len(raw)) + raw)
            await given.drain()
            header = await _header(taken)
            size = header.pop("size")
            if not has_room(size):
                self.kill()
                return None
            return header, await taken.readexactly(size)

    async def cause_of_death(self) -> str:
        """Wait for the end of the process; return the name of the signal or the number that ended it."""
        code = await self.process.wait()
        return signal.Signals(-code).name if code < 0 else str(code)

    def slow_down(self) -> None:
        """Let the system prefer others to a process at a long job; it stays so, and is replaced afterwards."""
        self.slowed = True
        if self.alive:
            os.setpriority(os.PRIO_PROCESS, self.process.pid, _NICE)

    def kill(self) -> None:
        """End the process at once."""
        if self.alive:
            self.process.kill()
        self.killed = True


async def start_worker(settings: Mapping[str, Any], version: str) -> Worker:
    """Start a process and wait until its store is open; raise StoreUnreachable when it cannot be."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "peru_asia_graph.web.worker", json.dumps(settings),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=_BUFFER,
    )  # fmt: skip
    worker = Worker(process, version)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_START_SECONDS):
            header = await _header(process.stdout)
    except (TimeoutError, asyncio.IncompleteReadError) as error:
        worker.kill()
        raise StoreUnreachable("a worker process did not start") from error
    except asyncio.CancelledError:
        worker.kill()
        raise
    if header["status"] != 200:
        worker.kill()
        raise StoreUnreachable(header["error"])
    return worker


async def _header(taken: asyncio.StreamReader) -> dict[str, Any]:
    (length,) = LENGTH.unpack(await taken.readexactly(LENGTH.size))
    header: dict[str, Any] = json.loads(await taken.readexactly(length))
    return header

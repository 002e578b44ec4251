"""The workers there are: started, kept ready, added for long jobs, replaced when the data is, let go after a rush.

Limit: who gets which job is for the pool to say.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final

from peru_asia_graph.errors import StoreUnreachable
from peru_asia_graph.store import find_version
from peru_asia_graph.web.limits import Limits
from peru_asia_graph.web.process import Owner, Worker, start_worker

_SPARE_SECONDS: Final = 20.0
_LOOK_SECONDS: Final = 1.0
# How many workers may be starting at once.
_STARTING: Final = 2
# From when on, in seconds, a job is no quick one.
LONG: Final = 0.05


class Crew:
    """The workers of one store."""

    def __init__(self, where: str | None, limits: Limits, owner: Owner, on_new: Callable[[Worker], None]) -> None:
        self.all: set[Worker] = set()
        self.idle: list[Worker] = []
        self.version = ""
        self.closed = False
        self._where = where
        self._limits = limits
        self._owner = owner
        self._on_new = on_new
        self._looked = 0.0
        self._starting = 0
        self._tasks: set[asyncio.Task[None]] = set()
        # With those that were killed and have not ended yet.
        self._living: set[Worker] = set()

    async def open(self) -> None:
        """Start the workers that are kept ready; raise StoreUnreachable when the store cannot be opened."""
        self.refresh()
        self.idle += await asyncio.gather(*(self._start() for _ in range(self._limits.ready)))
        self.spawn(self._retire())

    async def close(self) -> None:
        """End all workers."""
        self.closed = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for worker in self._living:
            worker.kill()
        await asyncio.gather(*(worker.until_ended() for worker in self._living))

    def refresh(self) -> None:
        """Look, now and then, whether the data has been replaced; workers of the old are then used no more."""
        now = time.monotonic()
        if now - self._looked >= _LOOK_SECONDS:
            self._looked = now
            self.version = find_version(self._where)

    def is_fit(self, worker: Worker) -> bool:
        """Return whether a worker may have another job."""
        return worker.alive and not worker.slowed and worker.version == self.version and not self.closed

    def lose(self, worker: Worker) -> None:
        """Kill a worker; another is started if it is needed."""
        worker.kill()
        self.all.discard(worker)
        if worker in self.idle:
            self.idle.remove(worker)
        self.grow(time.monotonic())

    def grow(self, now: float) -> None:
        """Start another worker, if those at long jobs leave too few for quick ones."""
        long = sum(bool(worker.jobs) and now - worker.since >= LONG for worker in self.all)
        wanted = min(self._limits.most, self._limits.ready + long)
        if not self.closed and self._starting < _STARTING and len(self.all) + self._starting < wanted:
            self._starting += 1
            self.spawn(self._add())

    async def _add(self) -> None:
        try:
            worker = await self._start()
        except StoreUnreachable:
            # Who waits learns of it by the deadline; the store may be back for the next.
            await asyncio.sleep(1)
        else:
            self._on_new(worker)
        finally:
            self._starting -= 1

    async def _retire(self) -> None:
        """Let the workers go that only a rush had needed."""
        while True:
            await asyncio.sleep(_SPARE_SECONDS)
            if len(self.all) > self._limits.ready and self.idle:
                self.lose(self.idle[0])

    async def _start(self) -> Worker:
        settings = {
            "where": self._where,
            "memory": self._limits.memory_bytes,
            "result_bytes": self._limits.result_bytes,
        }
        worker = await start_worker(settings, self.version, self._owner)
        self.all.add(worker)
        self._living = {worker, *(one for one in self._living if not one.ended)}
        return worker

    def spawn(self, work: Any) -> None:
        """Run something beside; it is held until it is over."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

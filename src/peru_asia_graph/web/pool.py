"""Worker processes and who gets one: a job in, an answer out, within the time it may take.

A worker that is late, or whose client has gone, is killed and replaced. Clients, told apart by address, take turns, and
none gets all workers. For each long job another worker is started, up to a number; when some wait still, the longest
query of the busiest other client is ended. Limit: one job a worker at a time.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict, deque
from typing import Any, Final

from peru_asia_graph.errors import StoreUnreachable
from peru_asia_graph.store import find_version
from peru_asia_graph.web.limits import Limits
from peru_asia_graph.web.process import Worker, start_worker

_SPARE_SECONDS: Final = 20.0
_LOOK_SECONDS: Final = 1.0
_SMALL: Final = 65_536
# How many workers may be starting at once.
_STARTING: Final = 2
# From when on, in seconds, a job is no quick one.
_LONG: Final = 0.05
# How many workers one client leaves to the others.
_FOR_OTHERS: Final = 2


class Unavailable(Exception):
    """No answer, and why; the client may try again."""


class Pool:
    """The workers of one store."""

    def __init__(self, where: str | None, limits: Limits) -> None:
        self.limits = limits
        self.held = 0
        self.version = ""
        self._where = where
        self._looked = 0.0
        self._relieved = 0.0
        self._idle: deque[Worker] = deque()
        self._all: set[Worker] = set()
        self._starting = 0
        self._queues: OrderedDict[str, deque[asyncio.Future[Worker]]] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def counts(self) -> dict[str, int]:
        """How many workers there are, are at work, and how many requests wait."""
        waiting = sum(map(len, self._queues.values()))
        return {"workers": len(self._all), "busy": len(self._all) - len(self._idle), "waiting": waiting}

    async def open(self) -> None:
        """Start the workers that are kept ready; raise StoreUnreachable when the store cannot be opened."""
        self.refresh()
        self._idle += await asyncio.gather(*(self._start() for _ in range(self.limits.ready)))
        self._spawn(self._retire())

    def refresh(self) -> None:
        """Look, now and then, whether the data has been replaced; workers of the old are then used no more."""
        now = time.monotonic()
        if now - self._looked >= _LOOK_SECONDS:
            self._looked = now
            self.version = find_version(self._where)

    async def close(self) -> None:
        """End all workers."""
        self._closed = True
        for task in list(self._tasks):
            task.cancel()
        for worker in self._all:
            worker.kill()
        await asyncio.gather(*(worker.until_ended() for worker in self._all))

    async def run(self, job: dict[str, Any], client: str) -> tuple[dict[str, Any], bytes]:
        """Return a worker's answer; raise Unavailable when there is none within the time."""
        deadline = time.monotonic() + self.limits.timeout
        worker = await self._take(client, deadline)
        loop = asyncio.get_running_loop()
        # A job that is not a quick one gets company, and later has to stand back.
        later = [loop.call_later(_LONG, self._grow), loop.call_later(self.limits.grace, worker.slow_down)]
        try:
            answer = await worker.ask(job, deadline - time.monotonic(), self._has_room)
            if answer is None:
                raise Unavailable("the server holds too many answers that are not yet read; try again later")
            return answer
        except TimeoutError as error:
            worker.kill()
            raise Unavailable(f"the query was stopped after {self.limits.timeout:g} s; ask for less") from error
        except ConnectionError as error:
            worker.kill()
            if worker.ended_early:
                raise Unavailable("the query was stopped, as others were waiting; try again later") from error
            name = await worker.cause_of_death()
            reason = "needed more memory than it may have, or broke the engine"
            raise Unavailable(f"the query {reason} ({name}); ask for less") from error
        except asyncio.CancelledError:
            worker.kill()
            raise
        finally:
            for handle in later:
                handle.cancel()
            self._give(worker)

    def _has_room(self, size: int) -> bool:
        """Return whether an answer may be held; small ones pass even when slow readers of big ones fill the room."""
        return size <= _SMALL or self.held + size <= self.limits.held_bytes

    async def _take(self, client: str, deadline: float) -> Worker:
        """Return a worker; the queue is one for each client, and they take turns."""
        while self._idle and self._may_have_more(client):
            worker = self._idle.pop()
            if worker.alive and worker.version == self.version:
                return self._engage(worker, client)
            self._lose(worker)
        if sum(map(len, self._queues.values())) >= self.limits.waiting:
            raise Unavailable("too many requests are waiting; try again later")
        turn: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._queues.setdefault(client, deque()).append(turn)
        try:
            return await self._wait(turn, client, deadline)
        except BaseException:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._give(turn.result())
            turn.cancel()
            raise

    async def _wait(self, turn: asyncio.Future[Worker], client: str, deadline: float) -> Worker:
        started = time.monotonic()
        self._grow()

        def look() -> None:
            now = time.monotonic()
            if turn.done():
                return
            if now >= deadline:
                turn.set_exception(Unavailable("the server is busy; try again later"))
                return
            self._grow()
            if now - started > self.limits.patience:
                self._relieve(client)
            look_later()

        def look_later() -> None:
            wait = max(0.0, min(self.limits.patience / 4, deadline - time.monotonic()))
            asyncio.get_running_loop().call_later(wait, look)

        look_later()
        return await turn

    def _may_have_more(self, client: str) -> bool:
        """Return whether a client has left enough for others."""
        return sum(worker.client == client for worker in self._all) < self.limits.most - _FOR_OTHERS

    def _engage(self, worker: Worker, client: str) -> Worker:
        worker.client, worker.busy_since = client, time.monotonic()
        return worker

    def _give(self, worker: Worker) -> None:
        """Hand a worker to who has waited longest, client by client, or keep it."""
        worker.client, worker.busy_since = "", 0.0
        if not worker.alive or worker.slowed or worker.version != self.version or self._closed:
            self._lose(worker)
            self._grow()
            if self._queues and self._idle:
                self._give(self._idle.pop())
            return
        for client in [client for client in self._queues if self._may_have_more(client)]:
            queue = self._queues.pop(client)
            while queue:
                turn = queue.popleft()
                if not turn.done():
                    if queue:
                        self._queues[client] = queue
                    turn.set_result(self._engage(worker, client))
                    return
        self._idle.append(worker)

    def _lose(self, worker: Worker) -> None:
        worker.kill()
        self._all.discard(worker)

    def _grow(self) -> None:
        """Start another worker, if those at long jobs leave too few for quick ones."""
        now = time.monotonic()
        long = sum(bool(worker.busy_since) and now - worker.busy_since >= _LONG for worker in self._all)
        wanted = min(self.limits.most, self.limits.ready + long)
        if not self._closed and self._starting < _STARTING and len(self._all) + self._starting < wanted:
            self._starting += 1
            self._spawn(self._add())

    async def _add(self) -> None:
        try:
            worker = await self._start()
        except StoreUnreachable:
            # Who waits learns of it by the deadline; the store may be back for the next.
            await asyncio.sleep(1)
        else:
            self._give(worker)
        finally:
            self._starting -= 1

    def _relieve(self, client: str) -> None:
        """For a client that waits, end the longest query of the client that has most at work."""
        now = time.monotonic()
        if now - self._relieved < self.limits.patience:
            return
        others = [worker for worker in self._all if worker.busy_since and worker.client != client]
        load = Counter(worker.client for worker in others)
        long = [worker for worker in others if now - worker.busy_since > self.limits.grace]
        if long:
            self._relieved = now
            longest = min(long, key=lambda worker: (-load[worker.client], worker.busy_since))
            longest.ended_early = True
            longest.kill()

    async def _retire(self) -> None:
        """Let the workers go that only a rush had needed."""
        while True:
            await asyncio.sleep(_SPARE_SECONDS)
            if len(self._all) > self.limits.ready and self._idle:
                self._lose(self._idle.popleft())

    async def _start(self) -> Worker:
        settings = {
            "where": self._where,
            "memory": self.limits.memory_bytes,
            "result_bytes": self.limits.result_bytes,
        }
        worker = await start_worker(settings, self.version)
        self._all.add(worker)
        return worker

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

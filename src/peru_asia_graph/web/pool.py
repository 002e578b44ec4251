"""The worker pool: decides which job runs next and for how long. Each worker runs one job at a time.

Jobs start in FIFO order, but clients with fewer running jobs go first, clients with many waiting jobs go later, and the
last idle worker is reserved for clients without a running job. A worker is killed and replaced at the deadline of its
job, or when the client has disconnected. While a long query runs, a spare worker is started and the long query gets a
lower priority; it is stopped if a client with fewer running jobs waits too long.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from peru_asia_graph.errors import StoreUnreachable
from peru_asia_graph.store import find_version
from peru_asia_graph.web.limits import Limits
from peru_asia_graph.web.result_cache import JobResult, ResultCache
from peru_asia_graph.web.worker_process import PendingJob, Unavailable, WorkerProcess

_TICK_SECONDS: Final = 0.02
_VERSION_SECONDS: Final = 1.0
_START_SECONDS: Final = 180.0
_RETRY_SECONDS: Final = 1.0
_IDLE_SECONDS: Final = 20.0
# A query that runs longer is slow: another worker is started for quick ones.
_SLOW_SECONDS: Final = 0.05
_STARTING_AT_ONCE: Final = 2
# How many workers one client must leave to others; and how long a client whose query was long, or crashed its worker,
# must leave them the last idle worker even if none of its queries is running.
_RESERVED: Final = 2
_HEAVY_SECONDS: Final = 10.0
# How much later a client is scheduled for each additional waiting job.
_BEHIND_SECONDS: Final = 0.5
_SMALL_BYTES: Final = 65_536


class WorkerPool:
    """The workers of one store, the pending jobs, and a cache of results."""

    def __init__(self, where: str | None, limits: Limits) -> None:
        self.limits = limits
        self.version = ""
        # Bytes of results that clients have not read yet.
        self.unsent = 0
        self._cache = ResultCache(limits.cache_bytes)
        self._where = where
        self._workers: set[WorkerProcess] = set()
        self._idle: list[WorkerProcess] = []
        # Including workers that are starting, or killed but not yet gone.
        self._processes: set[WorkerProcess] = set()
        self._queues: dict[str, deque[PendingJob]] = {}
        self._waiting = 0
        # Jobs that are not slow yet, in the order of submission.
        self._recent: deque[PendingJob] = deque()
        self._running: Counter[str] = Counter()
        self._closed = False
        self._stopped_at = 0.0
        # When clients last had a long query, or one that crashed its worker.
        self._heavy: dict[str, float] = {}
        self._supervisor: asyncio.Task[None] | None = None
        # Tasks in which workers start.
        self._tasks: set[asyncio.Task[None]] = set()
        self._start_after = 0.0

    @property
    def counts(self) -> dict[str, int]:
        """The number of workers, of busy workers, and of waiting jobs."""
        workers = len(self._workers)
        return {"workers": workers, "busy": workers - len(self._idle), "waiting": self._waiting}

    async def open(self) -> None:
        """Start the first workers; raise StoreUnreachable when the store cannot be opened."""
        self.version = find_version(self._where)
        started = await asyncio.gather(*(self._start() for _ in range(self.limits.workers)), return_exceptions=True)
        for error in [one for one in started if one is not None]:
            await self.close()
            raise error
        self._supervisor = asyncio.create_task(self._supervise())

    async def close(self) -> None:
        """Kill all workers, and wait until they have ended."""
        self._closed = True
        if self._supervisor is not None:
            self._supervisor.cancel()
        while self._tasks or self._processes:
            for worker in list(self._processes):
                self.stop(worker, "the server is stopping")
            await asyncio.sleep(_TICK_SECONDS)

    def find_cached(self, data: bytes) -> JobResult | None:
        """Return the cached result of a job on the current data."""
        return self._cache.get(self.version, data)

    def submit(
        self, data: bytes, client: str, is_cacheable: bool = False, on_slow: Callable[[PendingJob], None] | None = None
    ) -> PendingJob:
        """Submit a job; await its result, or cancel it here. ``on_slow`` is called if the job becomes slow.

        Awaiting the result raises Unavailable if there is none in time; this function raises it if too many jobs wait.
        """
        if self._waiting >= self.limits.max_waiting:
            raise Unavailable("too many requests are waiting; try again later")
        now = time.monotonic()
        result: asyncio.Future[JobResult] = asyncio.get_running_loop().create_future()
        job = PendingJob(data, client, now, now + self.limits.timeout, is_cacheable, result, on_slow)
        self._queues.setdefault(client, deque()).append(job)
        self._recent.append(job)
        self._waiting += 1
        self._dispatch(now)
        return job

    def cancel(self, job: PendingJob) -> None:
        """Stop a job whose result is no longer needed."""
        job.result.cancel()
        queue = self._queues.get(job.client, deque())
        if job in queue:
            queue.remove(job)
            self._waiting -= 1
            if not queue:
                del self._queues[job.client]
        for worker in [one for one in self._workers if one.job is job]:
            self.stop(worker)

    def has_room(self, size: int) -> bool:
        """Return whether a result may be held; small ones always may, even if slow readers hold many bytes."""
        return size <= _SMALL_BYTES or self.unsent + size <= self.limits.unsent_bytes

    def job_done(self, worker: WorkerProcess, result: JobResult) -> None:
        """Deliver a result; the rest follows when the response has been sent."""
        job, worker.job = worker.job, None
        if job is not None and not job.result.done():
            job.result.set_result(result)
        if job is not None and worker in self._workers:
            asyncio.get_running_loop().call_soon(self._settle, worker, job, result)

    def _settle(self, worker: WorkerProcess, job: PendingJob, result: JobResult) -> None:
        """Cache a delivered result, and give its worker the next job."""
        self._finish(job)
        if job.is_cacheable:
            self._cache.put(job.data, result)
        if worker.is_niced or worker.version != self.version:
            self.stop(worker)
        elif worker in self._workers:
            self._release(worker)

    def stop(self, worker: WorkerProcess, reason: str = "") -> None:
        """Kill a worker and fail its job; the worker is replaced if needed."""
        worker.kill()
        if worker.has_exited:
            self._processes.discard(worker)
        job, worker.job = worker.job, None
        if job is not None:
            job.fail(reason)
        if worker in self._workers:
            self._workers.discard(worker)
            if worker in self._idle:
                self._idle.remove(worker)
            now = time.monotonic()
            if job is not None:
                self._finish(job)
                self._heavy[job.client] = now
            self._dispatch(now)
            self._grow(now)

    def _finish(self, job: PendingJob) -> None:
        self._running[job.client] -= 1
        if not self._running[job.client]:
            del self._running[job.client]

    def _release(self, worker: WorkerProcess) -> None:
        worker.since = time.monotonic()
        self._idle.append(worker)
        self._dispatch(worker.since)

    def _dispatch(self, now: float) -> None:
        """Give waiting jobs to idle workers."""
        most = max(1, self.limits.max_workers - _RESERVED)
        while self._idle and self._queues:
            clients = [client for client in self._queues if self._running[client] < most]
            if len(self._idle) == 1 and self.limits.workers > 1:
                clients = [client for client in clients if client not in self._heavy and not self._running[client]]
            if not clients:
                return
            client = min(clients, key=lambda one: (self._running[one], self._turn(one)))
            self._running[client] += 1
            self._idle.pop().start_job(self._take(client), now)

    def _turn(self, client: str) -> float:
        """Return when a client's first waiting job was submitted, plus a delay for each additional one."""
        queue = self._queues[client]
        return queue[0].submitted + _BEHIND_SECONDS * (len(queue) - 1)

    def _take(self, client: str) -> PendingJob:
        """Remove the first waiting job of a client."""
        queue = self._queues[client]
        job = queue.popleft()
        self._waiting -= 1
        if not queue:
            del self._queues[client]
        return job

    async def _supervise(self) -> None:
        """Enforce deadlines, adjust priorities and the number of workers."""
        looked_at, seen = time.monotonic(), self.version
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            now = time.monotonic()
            if now - looked_at >= _VERSION_SECONDS:
                looked_at, before, seen = now, seen, find_version(self._where)
                # A file that is being written, or is missing for a moment, is not yet the new one.
                if seen and seen == before != self.version:
                    self.version = seen
                for worker in [one for one in self._idle if one.version != self.version]:
                    self.stop(worker)
            while self._recent and now - self._recent[0].submitted >= _SLOW_SECONDS:
                self._recent.popleft().note_slow()
            for client in [one for one, since in self._heavy.items() if now - since > _HEAVY_SECONDS]:
                del self._heavy[client]
            self._check_running(now)
            self._check_waiting(now)
            self._grow(now)
            idle = self._idle[0] if self._idle else None
            if idle is not None and len(self._workers) > self.limits.workers and now - idle.since > _IDLE_SECONDS:
                self.stop(idle)

    def _check_running(self, now: float) -> None:
        for worker in list(self._workers):
            if worker.job is not None and now >= worker.job.deadline:
                self.stop(worker, f"the query was stopped after {self.limits.timeout:g} s; narrow it or add LIMIT")
            elif worker.job is not None and now - worker.since >= self.limits.long_query:
                self._heavy[worker.job.client] = now
                # A query running alone would only yield to other programs, which may leave it very little CPU time.
                if not worker.is_niced and (self._waiting or len(self._workers) - len(self._idle) > 1):
                    worker.lower_priority()

    def _check_waiting(self, now: float) -> None:
        for client in list(self._queues):
            while client in self._queues and self._queues[client][0].deadline <= now:
                self._take(client).fail("the server is busy; try again later")
            if client in self._queues and now - self._queues[client][0].submitted > self.limits.max_wait:
                self._make_way(client, now)

    def _make_way(self, client: str, now: float) -> None:
        """Stop the longest query of the busiest client for a client that waits and has fewer running; one at a time."""
        long = [
            (self._running[worker.job.client], now - worker.since, id(worker), worker)
            for worker in self._workers
            if worker.job is not None and now - worker.since > self.limits.long_query
        ]
        # A client with long queries of its own may not stop the only query of another.
        least = self._running[client] + (client in self._heavy)
        if long and max(long)[0] > least and now - self._stopped_at >= self.limits.max_wait:
            self._stopped_at = now
            self.stop(max(long)[-1], "the query was stopped because others were waiting; try again later")

    def _grow(self, now: float) -> None:
        """Start another worker if slow queries leave too few for quick ones."""
        slow = sum(worker.job is not None and now - worker.since >= _SLOW_SECONDS for worker in self._workers)
        wanted = min(self.limits.max_workers, self.limits.workers + slow)
        starting = len(self._tasks)
        may_start = not self._closed and starting < _STARTING_AT_ONCE and now >= self._start_after
        if may_start and len(self._workers) + starting < wanted:
            task = asyncio.create_task(self._add())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _add(self) -> None:
        try:
            await self._start()
        except StoreUnreachable:
            # Waiting jobs fail at their deadlines; the store may be available again for the next one.
            self._start_after = time.monotonic() + _RETRY_SECONDS

    async def _start(self) -> None:
        """Start a worker and wait until its store is open; raise StoreUnreachable on failure."""
        opened: asyncio.Future[JobResult] = asyncio.get_running_loop().create_future()
        worker = WorkerProcess(self, self.version, PendingJob(b"", "", 0.0, 0.0, False, opened))
        limits = {"memory_bytes": self.limits.memory_bytes, "result_bytes": self.limits.result_bytes}
        try:
            await worker.start({"where": self._where, **limits})
        except asyncio.CancelledError:
            opened.cancel()  # nothing awaits it any more
            raise
        self._processes.add(worker)
        header: Any = {}
        with suppress(TimeoutError, Unavailable):
            async with asyncio.timeout(_START_SECONDS):
                header = (await opened).header
        if header.get("status") != 200:
            self.stop(worker)
            raise StoreUnreachable(header.get("error", "a worker process did not start"))
        if find_version(self._where) != worker.version:
            self.stop(worker)
            raise StoreUnreachable("the store changed while it was being opened; try again")
        self._workers.add(worker)
        self._release(worker)

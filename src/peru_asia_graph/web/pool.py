"""The worker pool: decides which job runs next and for how long. Each worker runs one job at a time.

Jobs start in FIFO order, but clients with fewer running jobs go first, clients with many waiting jobs go later, and the
last idle worker is reserved for clients without a running job. A worker is killed and replaced at the deadline of its
job, or when the client has disconnected. While a long query runs, a spare worker is started and the long query gets a
lower priority; it is stopped if a client with fewer running jobs waits too long. When the store changes,
workers of the old version answer until others have opened the new one.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from peru_asia_graph.errors import StoreUnreachable
from peru_asia_graph.store import find_version
from peru_asia_graph.store.snapshot import StoreSnapshot
from peru_asia_graph.web.job_queue import JobQueue
from peru_asia_graph.web.limits import Limits
from peru_asia_graph.web.result_cache import JobResult, ResultCache
from peru_asia_graph.web.served_store import ServedStore
from peru_asia_graph.web.worker_process import PendingJob, Unavailable, WorkerProcess

_TICK_SECONDS: Final = 0.02
_START_SECONDS: Final = 180.0
_IDLE_SECONDS: Final = 20.0
# A query that runs longer is slow: another worker is started for quick ones.
_SLOW_SECONDS: Final = 0.05
_STARTING_AT_ONCE: Final = 2
# A query that is long by the clock is heavy if it used at least this part of the time; less may be a busy machine.
_HEAVY_PART: Final = 0.1
_SMALL_BYTES: Final = 65_536


class WorkerPool:
    """The workers of one store, the pending jobs, and a cache of results."""

    def __init__(self, where: str | None, limits: Limits) -> None:
        self.limits = limits
        # Bytes of results that clients have not read yet.
        self.unsent = 0
        self._cache = ResultCache(limits.cache_bytes)
        self.store = ServedStore(where, self._open_workers)
        self._workers: set[WorkerProcess] = set()
        self._idle: list[WorkerProcess] = []
        # Including workers that are starting, or killed but not yet gone.
        self._processes: set[WorkerProcess] = set()
        self._queue = JobQueue(limits)
        # Jobs that are not slow yet, in the order of submission.
        self._recent: deque[PendingJob] = deque()
        self._closed = False
        self._stopped_at = 0.0
        self._supervisor: asyncio.Task[None] | None = None
        # Tasks in which workers start.
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def version(self) -> str:
        """The version of the data that is served; empty for a server."""
        return self.store.version

    @property
    def counts(self) -> dict[str, int]:
        """The number of workers, of busy workers, and of waiting jobs."""
        workers = len(self._workers)
        return {"workers": workers, "busy": workers - len(self._idle), "waiting": len(self._queue)}

    async def open(self) -> None:
        """Start the first workers; raise StoreUnreachable when the store cannot be opened."""
        try:
            await self.store.renew()
        except StoreUnreachable:
            await self.close()
            raise
        self._supervisor = asyncio.create_task(self._supervise())

    async def close(self) -> None:
        """Kill all workers, and wait until they have ended."""
        self._closed = True
        if self._supervisor is not None:
            self._supervisor.cancel()
        if self.store.renewal is not None:
            self.store.renewal.cancel()
        while self._tasks or self._processes or self.store.renewal is not None:
            for worker in list(self._processes):
                self.stop(worker, "the server is stopping")
            await asyncio.sleep(_TICK_SECONDS)
        self.store.remove_copy()

    def find_cached(self, data: bytes) -> JobResult | None:
        """Return the cached result of a job on the current data."""
        return self._cache.get(self.version, data)

    def submit(
        self, data: bytes, client: str, is_cacheable: bool = False, on_slow: Callable[[PendingJob], None] | None = None
    ) -> PendingJob:
        """Submit a job; await its result, or cancel it here. ``on_slow`` is called if the job becomes slow.

        Awaiting the result raises Unavailable if there is none in time; this function raises it if too many jobs wait.
        """
        if len(self._queue) >= self.limits.max_waiting:
            raise Unavailable("too many requests are waiting; try again later")
        if self._is_shut:
            raise Unavailable(self.store.problem)
        now = time.monotonic()
        result: asyncio.Future[JobResult] = asyncio.get_running_loop().create_future()
        job = PendingJob(data, client, now, now + self.limits.timeout, is_cacheable, result, on_slow)
        self._queue.add(job)
        self._recent.append(job)
        self._dispatch(now)
        return job

    @property
    def _is_shut(self) -> bool:
        """Whether there are no workers, and none can start."""
        return self.store.is_lost and bool(self.store.problem) and not self._workers

    def cancel(self, job: PendingJob) -> None:
        """Stop a job whose result is no longer needed."""
        job.result.cancel()
        self._queue.remove(job)
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
        self._queue.finish(job)
        if job.is_cacheable:
            self._cache.put(job.data, result)
        if worker.version != self.version or (worker.is_niced and not self.store.is_lost):
            self.stop(worker)
        elif worker in self._workers:
            self._release(worker)

    def stop(self, worker: WorkerProcess, reason: str = "") -> None:
        """Kill a worker and fail its job; the worker is replaced if needed."""
        now = time.monotonic()
        is_heavy = now - worker.since < self.limits.long_query or self._is_heavy(worker, now)
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
            if job is not None:
                self._queue.finish(job)
                if is_heavy:
                    self._queue.note_heavy(job.client, now)
            self._dispatch(now)
            self._grow(now)

    def _is_heavy(self, worker: WorkerProcess, now: float) -> bool:
        """Return whether a worker's job is long, also by the processor time it used."""
        long, used = self.limits.long_query, worker.run_seconds(now)
        return now - worker.since >= long and used >= long * _HEAVY_PART

    def _release(self, worker: WorkerProcess) -> None:
        worker.since = time.monotonic()
        self._idle.append(worker)
        self._dispatch(worker.since)

    def _dispatch(self, now: float) -> None:
        """Give waiting jobs to idle workers."""
        while self._idle and (job := self._queue.take(len(self._idle))) is not None:
            self._idle.pop().start_job(job, now)

    async def _supervise(self) -> None:
        """Enforce deadlines, adjust priorities and the number of workers."""
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            now = time.monotonic()
            self.store.check(now)
            while self._recent and now - self._recent[0].submitted >= _SLOW_SECONDS:
                self._recent.popleft().note_slow()
            self._queue.forget_heavy(now)
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
            elif worker.job is not None and self._is_heavy(worker, now):
                self._queue.note_heavy(worker.job.client, now)
                # A query running alone would only yield to other programs, which may leave it very little CPU time.
                if not worker.is_niced and (self._queue or len(self._workers) - len(self._idle) > 1):
                    worker.lower_priority()

    def _check_waiting(self, now: float) -> None:
        for job in self._queue.pop_expired(float("inf") if self._is_shut else now):
            job.fail(self.store.problem if self._is_shut else "the server is busy; try again later")
        # A worker that is starting will be free, and starting another would only delay it.
        for client in [] if self._tasks else self._queue.overdue(now):
            self._make_way(client, now)

    def _make_way(self, client: str, now: float) -> None:
        """Stop the longest query of the busiest client for a client that waits and has fewer running; one at a time."""
        long = [
            (self._queue.running(worker.job.client), worker.run_seconds(now), id(worker), worker)
            for worker in self._workers
            if worker.job is not None and self._is_heavy(worker, now)
        ]
        # A client with long queries of its own may not stop the only query of another.
        if long and max(long)[0] > self._queue.burden(client) and now - self._stopped_at >= self.limits.max_wait:
            self._stopped_at = now
            self.stop(max(long)[-1], "the query was stopped because others were waiting; try again later")

    def _grow(self, now: float) -> None:
        """Start another worker if slow queries leave too few for quick ones."""
        slow = sum(worker.job is not None and now - worker.since >= _SLOW_SECONDS for worker in self._workers)
        wanted = min(self.limits.max_workers, self.limits.workers + slow)
        starting = len(self._tasks)
        may_start = not self._closed and not self.store.is_lost and starting < _STARTING_AT_ONCE
        if may_start and len(self._workers) + starting < wanted:
            task = asyncio.create_task(self._add())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _add(self) -> None:
        snapshot = self.store.snapshot
        assert snapshot is not None
        try:
            worker = await self._start(snapshot)
        except StoreUnreachable:
            self.store.note_lost(snapshot)
            return
        if snapshot is self.store.snapshot:
            self._workers.add(worker)
            self._release(worker)
        else:
            self.stop(worker)

    async def _open_workers(self, snapshot: StoreSnapshot) -> Callable[[], None]:
        """Start workers on a snapshot; return a function that lets them replace the others."""
        starts = [self._start(snapshot) for _ in range(self.limits.workers)]
        results = await asyncio.gather(*starts, return_exceptions=True)
        started = [one for one in results if isinstance(one, WorkerProcess)]
        for error in [one for one in results if isinstance(one, BaseException)]:
            for worker in started:
                self.stop(worker)
            raise error

        def switch() -> None:
            old = [*self._idle]
            for worker in [one for one in started if not one.has_exited]:
                self._workers.add(worker)
                self._release(worker)
            for worker in [one for one in old if one in self._idle]:
                self.stop(worker)

        return switch

    async def _start(self, snapshot: StoreSnapshot) -> WorkerProcess:
        """Start a worker and wait until its store is open; raise StoreUnreachable on failure."""
        opened: asyncio.Future[JobResult] = asyncio.get_running_loop().create_future()
        worker = WorkerProcess(self, snapshot, PendingJob(b"", "", 0.0, 0.0, False, opened))
        limits = {"memory_bytes": self.limits.memory_bytes, "result_bytes": self.limits.result_bytes}
        try:
            await worker.start({"where": self.store.where, **limits})
        except asyncio.CancelledError:
            opened.cancel()  # nothing awaits it any more
            raise
        except OSError as error:
            raise StoreUnreachable(f"a worker process did not start: {error.strerror}") from error
        self._processes.add(worker)
        header: Any = {}
        with suppress(TimeoutError, Unavailable):
            async with asyncio.timeout(_START_SECONDS):
                header = (await opened).header
        if header.get("status") != 200:
            self.stop(worker)
            raise StoreUnreachable(header.get("error", "a worker process did not start"))
        if not snapshot.is_held and find_version(self.store.where) != snapshot.version:
            self.stop(worker)
            raise StoreUnreachable("the store changed while it was being opened; try again")
        return worker

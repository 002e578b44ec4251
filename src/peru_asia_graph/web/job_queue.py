"""The jobs that wait, and whose job is started next: FIFO, but fair between clients."""

from __future__ import annotations

from collections import Counter, deque
from typing import Final

from peru_asia_graph.web.limits import Limits
from peru_asia_graph.web.worker_process import PendingJob

# How many workers one client must leave to others; and how long a client whose query was long, or crashed its worker,
# must leave them the last idle worker even if none of its queries is running.
_RESERVED: Final = 2
_HEAVY_SECONDS: Final = 10.0
# How many waiting jobs a client may have to be given the last idle worker: as many as a browser sends at once.
_FEW: Final = 6
# How much later a client is scheduled for each additional waiting job.
_BEHIND_SECONDS: Final = 0.5


class JobQueue:
    """Waiting jobs by client, and what each client has running or ran lately."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._most = max(1, limits.max_workers - _RESERVED)
        self._jobs: dict[str, deque[PendingJob]] = {}
        self._waiting = 0
        self._running: Counter[str] = Counter()
        # When clients last had a long query, or one that crashed its worker.
        self._heavy: dict[str, float] = {}

    def __len__(self) -> int:
        return self._waiting

    def add(self, job: PendingJob) -> None:
        self._jobs.setdefault(job.client, deque()).append(job)
        self._waiting += 1

    def remove(self, job: PendingJob) -> None:
        """Remove a job if it is waiting."""
        if job in self._jobs.get(job.client, ()):
            self._jobs[job.client].remove(job)
            self._forget(job.client)

    def take(self, idle: int) -> PendingJob | None:
        """Remove the job to start next and count it as running; None if none may start on this many idle workers."""
        clients = [client for client in self._jobs if self._running[client] < self._most]
        if idle == 1 and self._limits.workers > 1:
            clients = [client for client in clients if not self.burden(client) and len(self._jobs[client]) <= _FEW]
        if not clients:
            return None
        client = min(clients, key=lambda one: (self._running[one], self._turn(one)))
        self._running[client] += 1
        return self._pop(client)

    def finish(self, job: PendingJob) -> None:
        """Note that a job no longer runs."""
        self._running[job.client] -= 1
        if not self._running[job.client]:
            del self._running[job.client]

    def note_heavy(self, client: str, now: float) -> None:
        self._heavy[client] = now

    def forget_heavy(self, now: float) -> None:
        """Forget who had a long query some time ago."""
        self._heavy = {client: since for client, since in self._heavy.items() if now - since <= _HEAVY_SECONDS}

    def running(self, client: str) -> int:
        return self._running[client]

    def burden(self, client: str) -> int:
        """Return how many jobs a client has running, one more if it is heavy."""
        return self._running[client] + (client in self._heavy)

    def pop_expired(self, now: float) -> list[PendingJob]:
        """Remove and return the jobs whose deadline has passed while they waited."""
        expired = []
        for client in list(self._jobs):
            while client in self._jobs and self._jobs[client][0].deadline <= now:
                expired.append(self._pop(client))
        return expired

    def overdue(self, now: float) -> list[str]:
        """Return the clients whose first job has waited too long."""
        return [client for client, jobs in self._jobs.items() if now - jobs[0].submitted > self._limits.max_wait]

    def _turn(self, client: str) -> float:
        """Return when a client's first waiting job was submitted, plus a delay for each additional one."""
        jobs = self._jobs[client]
        return jobs[0].submitted + _BEHIND_SECONDS * (len(jobs) - 1)

    def _pop(self, client: str) -> PendingJob:
        job = self._jobs[client].popleft()
        self._forget(client)
        return job

    def _forget(self, client: str) -> None:
        """Note that a job of a client no longer waits."""
        self._waiting -= 1
        if not self._jobs[client]:
            del self._jobs[client]

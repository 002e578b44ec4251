"""Who gets which worker: a job in, an answer out, within the time it may take.

A worker that is late, or whose client has gone, is killed and replaced. Clients, told apart by address, take turns, and
none gets all workers. A worker at quick jobs is given some ahead; what waits behind a job that turns out not to be
quick goes to others. For each long job another worker is started, up to a number; when some wait still, the longest
query of the busiest other client is ended. Limit: times are kept by looking round every few hundredths of a second.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable
from functools import partial
from typing import Final

from peru_asia_graph.web.crew import LONG, Crew
from peru_asia_graph.web.frames import Answer, Job, read_header
from peru_asia_graph.web.limits import Limits
from peru_asia_graph.web.process import Worker
from peru_asia_graph.web.turns import Turn, Turns, Unavailable

_SMALL: Final = 65_536
# How often times are looked at; from when on a job lets none wait behind it.
_ROUND: Final = 0.02
_STUCK: Final = 0.02
# How many workers one client leaves to the others.
_FOR_OTHERS: Final = 2
Done = Callable[[Answer | Unavailable], None]


class Pool:
    """The workers of one store, and those who wait for them."""

    def __init__(self, where: str | None, limits: Limits) -> None:
        self.limits = limits
        self.held = 0
        self._crew = Crew(where, limits, self, lambda worker: self._feed(worker, time.monotonic()))
        self._turns = Turns()
        # Those whose askers want to know when they are no quick ones, in the order they came.
        self._watched: deque[Turn] = deque()
        self._relieved = 0.0
        self._rounds: asyncio.TimerHandle | None = None

    @property
    def version(self) -> str:
        """The version of the data."""
        return self._crew.version

    @property
    def counts(self) -> dict[str, int]:
        """How many workers there are, are at work, and how many requests wait."""
        workers = len(self._crew.all)
        return {"workers": workers, "busy": workers - len(self._crew.idle), "waiting": len(self._turns)}

    async def open(self) -> None:
        """Start the workers that are kept ready; raise StoreUnreachable when the store cannot be opened."""
        await self._crew.open()

    def refresh(self) -> None:
        """Look, now and then, whether the data has been replaced."""
        self._crew.refresh()

    async def close(self) -> None:
        """End all workers."""
        if self._rounds is not None:
            self._rounds.cancel()
        await self._crew.close()

    async def run(self, job: Job, client: str, look: Callable[[], None] | None = None) -> Answer:
        """Return a worker's answer; raise Unavailable when there is none within the time."""
        coming: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        turn = self.submit(job, client, partial(_settle, coming), look)
        try:
            return await coming
        except asyncio.CancelledError:
            self.drop(turn)
            raise

    def submit(self, job: Job, client: str, done: Done, look: Callable[[], None] | None) -> Turn:
        """Ask for an answer, which ``done`` hears of; ``look`` is called if it takes a while. Raise Unavailable."""
        now = time.monotonic()
        turn = Turn(job, client, now, now + self.limits.timeout, done, look)
        worker = self._find(client, now)
        if worker is not None:
            worker.give(turn, now)
        elif len(self._turns) >= self.limits.waiting:
            raise Unavailable("too many requests are waiting; try again later")
        else:
            self._turns.add(turn)
            self._crew.grow(now)
        if look is not None:
            self._watched.append(turn)
        self._look_later()
        return turn

    def drop(self, turn: Turn) -> None:
        """Give up a job: nobody wants its answer any more."""
        if turn.over:
            return
        turn.over = True
        worker: Worker | None = turn.worker
        if worker is None:
            self._turns.remove(turn)
        elif worker.jobs and worker.jobs[0] == (turn.number, turn):
            self._end(worker)
        else:
            self._turns.put_back(one for one in worker.take_back() if one is not turn)

    def has_room(self, size: int) -> bool:
        """Return whether an answer may be held; small ones pass even when slow readers of big ones fill the room."""
        return size <= _SMALL or self.held + size <= self.limits.held_bytes

    def answered(self, worker: Worker, number: int, header: bytes, body: bytes) -> None:
        """Pass on an answer, and give the worker more to do."""
        now = time.monotonic()
        turn = worker.done(number, now)
        # One taken back may have begun meanwhile: its first answer counts.
        if header and not turn.over:
            if turn.worker is None:
                self._turns.remove(turn)
            turn.finish((read_header(header), body))
        self._feed(worker, now)

    def crowded(self, worker: Worker) -> None:
        """Refuse an answer that there is no room for."""
        self._end(worker, "the server holds too many answers that are not yet read; try again later")

    def ended(self, worker: Worker) -> None:
        """Refuse the job at which a process broke."""
        turn = self._part(worker)
        if turn is not None:
            self._crew.spawn(_explain(worker, turn))

    def _end(self, worker: Worker, why: str = "") -> None:
        """Kill a worker because of the job it is at."""
        turn = self._part(worker)
        if turn is not None:
            turn.finish(Unavailable(why))

    def _part(self, worker: Worker) -> Turn | None:
        """Kill a worker and have others do its jobs but the one it is at, which is returned."""
        number, turn = worker.jobs[0] if worker.jobs else (0, None)
        self._turns.put_back(worker.take_back())
        worker.jobs.clear()
        self._crew.lose(worker)
        self._feed_idle(time.monotonic())
        return turn if turn is not None and turn.number == number else None

    def _find(self, client: str, now: float) -> Worker | None:
        """Return an idle worker, or else one at quick jobs that may be given one more ahead."""
        crew, waits = self._crew, client in self._turns
        if crew.idle and not waits:
            for worker in crew.all:
                if worker.is_soon_done(now, client) and crew.is_fit(worker):
                    return worker
        while crew.idle and self._may_have(client, crew.idle[-1]):
            worker = crew.idle.pop()
            if crew.is_fit(worker):
                return worker
            crew.lose(worker)
        if waits:
            return None
        quick = [worker for worker in crew.all if worker.is_quick(now) and crew.is_fit(worker)]
        quick = [worker for worker in quick if self._may_have(client, worker)]
        return min(quick, key=lambda worker: len(worker.jobs), default=None)

    def _may_have(self, client: str, worker: Worker) -> bool:
        """Return whether a client leaves enough workers to others if this one has a job of it."""
        most = self.limits.most - _FOR_OTHERS
        if len(self._crew.all) <= most:
            return True
        theirs = [one for one in self._crew.all if client in one.clients]
        return worker in theirs or len(theirs) < most

    def _feed(self, worker: Worker, now: float) -> None:
        """Give a worker what waits, client by client; several at once, before it has nothing left to do."""
        crew = self._crew
        if not crew.is_fit(worker):
            if not worker.jobs:
                crew.lose(worker)
            return
        room = worker.room
        if self._turns and 2 * len(worker.jobs) < room:
            while len(worker.jobs) < room:
                turn = self._turns.next(partial(self._may_have, worker=worker))
                if turn is None:
                    break
                worker.give(turn, now)
        if not worker.jobs and worker in crew.all:
            crew.idle.append(worker)

    def _feed_idle(self, now: float) -> None:
        idle, self._crew.idle = self._crew.idle, []
        for worker in idle:
            self._feed(worker, now)

    def _look_later(self) -> None:
        if self._rounds is None and not self._crew.closed:
            self._rounds = asyncio.get_running_loop().call_later(_ROUND, self._look_round)

    def _look_round(self) -> None:
        """See who is late, who is in the way, and who has waited too long."""
        now, self._rounds = time.monotonic(), None
        for worker in [worker for worker in self._crew.all if worker.jobs]:
            self._look_at(worker, now)
        for turn in self._turns.expired(now):
            turn.finish(Unavailable("the server is busy; try again later"))
        while self._watched and now - self._watched[0].asked >= LONG:
            turn = self._watched.popleft()
            if not turn.over and turn.look is not None:
                turn.look()
        self._feed_idle(now)
        self._crew.grow(now)
        for turn in self._turns.firsts():
            if now - turn.asked > self.limits.patience:
                self._relieve(turn.client, now)
        if self._turns or self._watched or any(worker.jobs for worker in self._crew.all):
            self._look_later()

    def _look_at(self, worker: Worker, now: float) -> None:
        turn, age = worker.jobs[0][1], now - worker.since
        if now >= turn.deadline:
            self._end(worker, f"the query was stopped after {self.limits.timeout:g} s; ask for less")
            return
        if age >= _STUCK:
            self._turns.put_back(worker.take_back())
        if age >= self.limits.grace and not worker.slowed:
            worker.slow_down()

    def _relieve(self, client: str, now: float) -> None:
        """For a client that waits, end the longest query of the client that has most at work."""
        if now - self._relieved < self.limits.patience:
            return
        others = [worker for worker in self._crew.all if worker.jobs and worker.jobs[0][1].client != client]
        load = Counter(worker.jobs[0][1].client for worker in others)
        long = [worker for worker in others if now - worker.since > self.limits.grace]
        if long:
            self._relieved = now
            longest = min(long, key=lambda worker: (-load[worker.jobs[0][1].client], worker.since))
            self._end(longest, "the query was stopped, as others were waiting; try again later")


def _settle(coming: asyncio.Future[Answer], outcome: Answer | Unavailable) -> None:
    if coming.done():
        return
    if isinstance(outcome, Unavailable):
        coming.set_exception(outcome)
    else:
        coming.set_result(outcome)


async def _explain(worker: Worker, turn: Turn) -> None:
    name = await worker.cause_of_death()
    reason = "needed more memory than it may have, or broke the engine"
    turn.finish(Unavailable(f"the query {reason} ({name}); ask for less"))

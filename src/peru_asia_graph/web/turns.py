"""Who is asked next: jobs that wait, client by client, each client in turn. Pure.

Limit: a client that may have no more for now is passed over, and keeps its place among its own.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from peru_asia_graph.web.frames import Answer, Job


class Unavailable(Exception):
    """No answer, and why; the client may try again."""


@dataclass(eq=False, slots=True)
class Turn:
    """A job that was asked: for whom, since when, until when, and who hears of the answer."""

    job: Job
    client: str
    asked: float
    deadline: float
    done: Callable[[Answer | Unavailable], None]
    # Called when the job is no quick one.
    look: Callable[[], None] | None = None
    # The worker that has it, and under which number.
    worker: Any = None
    number: int = 0
    over: bool = False

    def finish(self, outcome: Answer | Unavailable) -> None:
        """Tell who asked; once only."""
        if not self.over:
            self.over = True
            self.done(outcome)


class Turns:
    """The jobs that wait."""

    def __init__(self) -> None:
        self._queues: OrderedDict[str, deque[Turn]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, client: str) -> bool:
        return client in self._queues

    def add(self, turn: Turn) -> None:
        """Let a job wait behind those of the same client."""
        self._queues.setdefault(turn.client, deque()).append(turn)
        self._count += 1

    def put_back(self, turns: Iterable[Turn]) -> None:
        """Let jobs that had been taken, and are in order, wait before all others of their clients."""
        for turn in reversed([*turns]):
            self._queues.setdefault(turn.client, deque()).appendleft(turn)
            self._count += 1

    def next(self, may: Callable[[str], bool]) -> Turn | None:
        """Take the job whose turn it is, among the clients that may have one."""
        for client, queue in self._queues.items():
            if may(client):
                turn = queue.popleft()
                self._count -= 1
                if queue:
                    self._queues.move_to_end(client)
                else:
                    del self._queues[client]
                return turn
        return None

    def remove(self, turn: Turn) -> None:
        """Let a job wait no longer."""
        queue = self._queues[turn.client]
        queue.remove(turn)
        self._count -= 1
        if not queue:
            del self._queues[turn.client]

    def expired(self, now: float) -> list[Turn]:
        """Take the jobs that have waited too long."""
        found: list[Turn] = []
        for turn in self.firsts():
            queue = self._queues[turn.client]
            found += [one for one in queue if one.deadline <= now] if turn.deadline <= now else []
        for turn in found:
            self.remove(turn)
        return found

    def firsts(self) -> list[Turn]:
        """Return the job of each client that has waited longest."""
        return [queue[0] for queue in self._queues.values()]

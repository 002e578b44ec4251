"""The version of the store that is served: it changes once workers have opened a new one, and stays if they cannot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from peru_asia_graph.errors import StoreUnreachable
from peru_asia_graph.store import find_version
from peru_asia_graph.store.snapshot import StoreSnapshot
from peru_asia_graph.web.middleware import log_message

_LOOK_SECONDS: Final = 1.0
# After a failure: the first wait, which doubles each time, and the longest.
_RETRY_SECONDS: Final = 1.0
_MAX_RETRY_SECONDS: Final = 30.0
# Opens a snapshot in new workers; returns the function that makes them answer queries.
OpenWorkers = Callable[[StoreSnapshot], Awaitable[Callable[[], None]]]


class ServedStore:
    """A store, the snapshot of it from which workers start, and when to take the next one."""

    def __init__(self, where: str | None, open_workers: OpenWorkers) -> None:
        self.where: Final = where
        self.version = ""
        self.snapshot: StoreSnapshot | None = None
        # Why the store cannot be opened as it is now, empty if it can; an older version may be served.
        self.problem = ""
        # Whether not even the snapshot can be opened any more.
        self.is_lost = False
        self.renewal: asyncio.Task[None] | None = None
        self._open_workers = open_workers
        self._seen = ""
        self._looked_at = 0.0
        self._failed = ""
        self._retry_seconds = _RETRY_SECONDS
        self._retry_after = 0.0

    async def renew(self) -> None:
        """Switch to workers that have opened the store as it is now; raise StoreUnreachable if they cannot."""
        snapshot = await asyncio.to_thread(StoreSnapshot, self.where)
        try:
            switch = await self._open_workers(snapshot)
        except BaseException:
            snapshot.remove()
            raise
        self.remove_copy()
        self.snapshot, self.version, self.is_lost = snapshot, snapshot.version, False
        self._retry_seconds = _RETRY_SECONDS
        self._set_problem("")
        switch()

    def check(self, now: float) -> None:
        """Open the store again if it has changed: not while it is written, and rarely if that failed."""
        if now - self._looked_at < _LOOK_SECONDS or self.renewal is not None:
            return
        self._looked_at, before, self._seen = now, self._seen, find_version(self.where)
        if self._seen == self.version and not self.is_lost:
            self._set_problem("")
        elif self._seen == before and (self._seen != self._failed or now >= self._retry_after):
            self.renewal = asyncio.create_task(self._try_renew())

    def note_lost(self, snapshot: StoreSnapshot) -> None:
        """Note that a worker could not open a snapshot."""
        if snapshot is self.snapshot:
            self.is_lost, self._failed = True, ""

    def remove_copy(self) -> None:
        """Remove the copy of the store, from which no more workers can start."""
        if self.snapshot is not None:
            self.snapshot.remove()

    async def _try_renew(self) -> None:
        seen = self._seen
        try:
            await self.renew()
        except StoreUnreachable as error:
            self._failed, self._retry_after = seen, time.monotonic() + self._retry_seconds
            self._retry_seconds = min(2 * self._retry_seconds, _MAX_RETRY_SECONDS)
            self._set_problem(str(error))
        finally:
            self.renewal = None

    def _set_problem(self, problem: str) -> None:
        if problem != self.problem:
            log_message(
                f"the store cannot be opened as it is now; the server keeps the version it has: {problem}"
                if problem
                else "the store is open again"
            )
        self.problem = problem

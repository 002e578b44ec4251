"""An inter-process lock: one writer at a time per folder."""

from __future__ import annotations

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from peru_asia_graph.errors import BuildRunning, WrongUse
from peru_asia_graph.files.entries import printable, status
from peru_asia_graph.files.signals import signals_deferred

_POLL = 0.05


@contextmanager
def exclusive_lock(file: Path, timeout: float = 60.0) -> Iterator[int]:
    """Hold an exclusive lock on a file, created if missing; yield its descriptor, open for reading and writing.

    The file is removed at the end if it is empty. Raises BuildRunning if another process holds the lock for more than
    ``timeout`` seconds, WrongUse if the name belongs to something other than a regular file.
    """
    handle = _acquire(file, time.monotonic() + timeout)
    try:
        yield handle
    finally:
        with signals_deferred():
            if os.fstat(handle).st_size == 0:
                file.unlink(missing_ok=True)
            os.close(handle)


def _acquire(file: Path, deadline: float) -> int:
    while True:
        before = status(file)  # another process may remove the file at any moment
        if before is not None and not stat.S_ISREG(before.st_mode):
            raise WrongUse(f"{printable(file)} is needed as a lock file but is something else; move it away")
        handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_same(handle, file):
                return handle
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                os.close(handle)
                busy = f"another command is writing to {printable(file.parent)}; wait for it and try again"
                raise BuildRunning(busy) from error
            time.sleep(_POLL)
        os.close(handle)


def _is_same(handle: int, file: Path) -> bool:
    """Return whether the name still refers to the open file; the previous holder may have removed it."""
    named = status(file)
    return named is not None and os.path.samestat(named, os.fstat(handle))

"""What is slow to make and only read: made once for a run of the tests, whose workers are several processes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(paths: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a file or folder of this name in the folder of the run, which the first to ask makes."""
    base = paths.getbasetemp()
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made, done = run / name, run / f"{name}.done"
    with (run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make(made)
            done.touch()
    return made

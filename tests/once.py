"""Expensive read-only test data, made once per run and shared by all worker processes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(paths: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return the file or folder of this name in the run's folder; the first caller makes it."""
    base = paths.getbasetemp()
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made, done = run / name, run / f"{name}.done"
    with (run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make(made)
            done.touch()
    return made

"""Writing so that a reader, or a kill at any moment, never meets half a file or half a folder.

Limit: folders are exchanged in one step where the system can (Linux); elsewhere file by file.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import BuildRunning, WrongUse

_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2


def write_file(path: Path, data: bytes) -> None:
    """Write a file so that its name shows the old content or the new, never a part."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
        _write_synced(fresh, data)
        fresh.replace(path)
        _sync(path.parent)
    except OSError as error:
        raise WrongUse(f"{path} cannot be written: {error.strerror}") from error


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder by its relative name."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def replace_folder(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Make a folder hold just these files, all at once; return whether anything changed."""
    if folder.is_dir() and read_folder(folder) == dict(files):
        return False
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}.new")
    try:
        for name, data in files.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_synced(path, data)
        for path in [*fresh.rglob("*/"), fresh]:
            _sync(path)
        _swap(fresh, folder)
        _sync(folder.parent)
    except OSError as error:
        raise WrongUse(f"{folder} cannot be written: {error.strerror}; the old files are kept") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return True


@contextmanager
def only_one(folder: Path, patience: float = 60.0) -> Iterator[None]:
    """Hold the right to write a folder, waiting up to ``patience`` seconds; sweep what killed writers left."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = folder.with_name(f".{folder.name}.lock")
    with lock.open("w") as held:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > deadline:
                    raise BuildRunning(f"another build is writing {folder}; wait for it and try again") from error
                time.sleep(0.05)
        for left in folder.parent.glob(f".{folder.name}.*.new"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _swap(fresh: Path, folder: Path) -> None:
    if not folder.exists():
        fresh.rename(folder)
    elif not _exchange(fresh, folder):
        files = sorted(read_folder(fresh))
        for path in [fresh / name for name in files]:
            target = folder / path.relative_to(fresh)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
        for name in read_folder(folder).keys() - files:
            (folder / name).unlink()


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two names in one step (renameat2); False where the system cannot."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    names = os.fsencode(one), os.fsencode(other)
    return bool(rename(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0)

"""A store in a folder on disk, with atomic replacement; readers keep the version they opened.

    current -> v123           symbolic link, replaced atomically
    v123/store/               the RocksDB database written by Oxigraph
    v123/readers              lock file with a note; every reader of this version holds a shared lock on it

Oxigraph does not support reading while another process writes, so each load writes a new version. Versions without
readers are deleted. Their names never repeat (they are times), not even in a folder that was removed and written again,
because a reader may still open files of the version it knows. A database written by Oxigraph itself, without versions,
can be read but is never changed.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import time
import weakref
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import StoreUnreachable, WrongUse
from peru_asia_graph.files.entries import is_writable, printable, sync
from peru_asia_graph.files.lock import exclusive_lock
from peru_asia_graph.files.output_folder import find_folder
from peru_asia_graph.files.signals import signals_deferred

_LINK: Final = "current"
_NEW_LINK: Final = ".current.new"
_ROCKSDB: Final = "CURRENT"
_VERSION: Final = re.compile(r"v\d{6,}")


class ReadLock:
    """A shared lock on the current version in a folder, released when this object is garbage-collected."""

    def __init__(self, store: Path, lock: int | None = None) -> None:
        self.store = store
        if lock is not None:
            weakref.finalize(self, os.close, lock)

    @classmethod
    def acquire(cls, folder: Path) -> ReadLock:
        """Lock the current version; raise StoreUnreachable if there is none."""
        link = folder / _LINK
        while link.is_symlink():
            version = _target(link)
            try:
                lock = os.open(version / "readers", os.O_RDONLY)
            except FileNotFoundError as error:
                if _target(link) == version:
                    raise StoreUnreachable(f"{folder} is damaged: {version.name} is missing") from error
                continue
            except OSError as error:  # a link to itself, a file instead of a folder, no permission
                raise StoreUnreachable(f"{folder} cannot be opened: {error.strerror} ({version.name})") from error
            fcntl.flock(lock, fcntl.LOCK_SH)
            found = cls(version / "store", lock)
            # Retry if a load replaced the version between reading the link and locking.
            if _target(link) == version:
                if not found.store.is_dir():
                    raise StoreUnreachable(f"{folder} is damaged: {version.name}/store is missing")
                return found
        if (folder / _ROCKSDB).is_file():
            return cls(folder)
        raise StoreUnreachable(f"{folder} contains no store; create one with: pag load FILES… --store {folder}")

    @property
    def note(self) -> str:
        """The note recorded when the version was written."""
        return (self.store.parent / "readers").read_text("utf-8")


def replace_store(
    folder: Path, fill: Callable[[Path], None], note: Callable[[Path], str] | None = None, timeout: float = 60.0
) -> list[str]:
    """Add a version to a folder and make it current; ``fill`` writes the database to the given path.

    ``note`` is then called with the same path and returns the note to record.

    On failure, the old version stays current and no folder is created. Raises WrongUse if the folder is neither empty
    nor written by this function, BuildRunning if another process writes to it for more than ``timeout`` seconds.
    Returns the names of other files in the folder, which are not touched.
    """
    folder = find_folder(folder)
    _check_owned(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _lock(folder, timeout):
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        _delete_unused(folder)
        last = max((int(path.name[1:]) for path in folder.iterdir() if _VERSION.fullmatch(path.name)), default=0)
        version = folder / f"v{max(last + 1, time.time_ns())}"
        try:
            version.mkdir()
            (version / "readers").touch()
            fill(version / "store")
            if note is not None:
                (version / "readers").write_text(note(version / "store"), "utf-8")
            for path in [*version.rglob("*"), version]:
                sync(path)
            with signals_deferred():
                _point(folder, version.name)
        except BaseException:
            if _target(folder / _LINK) != version:
                with signals_deferred():
                    shutil.rmtree(version, ignore_errors=True)
                    if is_new:
                        with suppress(OSError):
                            folder.rmdir()
            raise
        _delete_unused(folder)
        return _foreign(folder)


def await_replaced(folder: Path, timeout: float) -> None:
    """Wait until no process is adding a version; raise BuildRunning after more than ``timeout`` seconds."""
    with _lock(folder, timeout):
        pass


def remove_unused(folder: Path, seconds: float) -> None:
    """Remove a store that is older than ``seconds`` and has no readers; leave all other files in the folder."""
    link = folder / _LINK
    if not _is_link(link) or time.time() - link.lstat().st_mtime < seconds:
        return
    with _lock(folder, 0.0):
        link.unlink()
        _delete_unused(folder)
        with suppress(OSError):
            folder.rmdir()


def _lock(folder: Path, timeout: float) -> AbstractContextManager[int]:
    return exclusive_lock(folder.with_name(f".{folder.name}.lock"), timeout)


def _check_owned(folder: Path) -> None:
    """Raise WrongUse if the folder is read-only, or neither empty nor written by a load."""
    if folder.exists() and not is_writable(folder):
        raise WrongUse(f"{printable(folder)} is read-only; make it writable (chmod u+w) or name another folder")
    if not folder.exists() or _is_link(folder / _LINK):
        return
    if (folder / _ROCKSDB).is_file():
        raise WrongUse(f"{printable(folder)} is a store written by another program; name an empty folder")
    if foreign := _foreign(folder):
        raise WrongUse(
            f"{printable(folder)} contains other files ({', '.join(map(printable, foreign[:3]))}); name an empty folder"
        )


def _foreign(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not (_is_version(path) or _is_link(path)))


def _is_version(path: Path) -> bool:
    """Return whether a load created this folder; a load killed early leaves it empty."""
    if not _VERSION.fullmatch(path.name) or path.is_symlink() or not path.is_dir():
        return False
    names = [entry.name for entry in path.iterdir()]
    return not names or "readers" in names


def _target(link: Path) -> Path:
    """Return the version that a link leads to; Path.resolve would raise RuntimeError for a link to itself."""
    return Path(os.path.realpath(link))


def has_version(folder: Path) -> bool:
    return _is_link(find_folder(folder) / _LINK)


def _is_link(path: Path) -> bool:
    """Return whether a load created this link to a version, which may no longer exist."""
    if path.name not in (_LINK, _NEW_LINK) or not path.is_symlink():
        return False
    target = path.readlink()
    version = path.parent / target
    is_gone = not version.exists() and not version.is_symlink()
    return _VERSION.fullmatch(str(target)) is not None and (_is_version(version) or is_gone)


def _point(folder: Path, name: str) -> None:
    link = folder / _NEW_LINK
    if link.is_symlink():
        link.unlink()
    link.symlink_to(name)
    link.replace(folder / _LINK)
    sync(folder)


def _delete_unused(folder: Path) -> None:
    """Delete the versions that are neither current nor in use: old ones and those of killed loads."""
    current = _target(folder / _LINK)
    for version in filter(_is_version, folder.glob("v*")):
        if version == current:
            continue
        try:
            with (version / "readers").open("rb") as readers:
                fcntl.flock(readers, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _delete(version)
        except BlockingIOError:
            continue
        except FileNotFoundError:
            version.rmdir()


def _delete(version: Path) -> None:
    """Delete what a load wrote into a version, but nothing else."""
    if not (version / "store").is_symlink():
        shutil.rmtree(version / "store", ignore_errors=True)
    (version / "readers").unlink()
    with suppress(OSError):
        version.rmdir()

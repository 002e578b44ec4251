"""A store's folder on disk: one version of the data in use, older ones kept while somebody reads them.

    current -> v000002        a link, exchanged in one step
    v000002/store/            what Oxigraph writes
    v000002/readers           locked, shared, by every process that reads this version

Oxigraph leaves reading beside a writer undefined, so nothing is ever written into a version that is in use. A folder
Oxigraph wrote by itself is read as it is. Limit: needs a file system with links and locks.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import StoreUnreachable, WrongUse
from peru_asia_graph.files.entries import is_writable
from peru_asia_graph.files.lock import exclusive_lock
from peru_asia_graph.files.output_folder import find_folder

_LINK: Final = "current"
_ROCKSDB: Final = "CURRENT"
_READERS: Final = "readers"
_STORE: Final = "store"
_VERSION: Final = re.compile(r"v\d{6}")


class Reading:
    """The right to read one version, held until this object is gone."""

    def __init__(self, store: Path, lock: int | None = None) -> None:
        self.store = store
        if lock is not None:
            weakref.finalize(self, os.close, lock)

    @classmethod
    def of(cls, folder: Path) -> Reading:
        """Return the version in use; raise StoreUnreachable when the folder holds none."""
        link = folder / _LINK
        while link.is_symlink():
            version = link.resolve()
            try:
                lock = os.open(version / "readers", os.O_RDONLY)
            except FileNotFoundError as error:
                if link.resolve() == version:
                    raise StoreUnreachable(f"{folder} is damaged: {version.name} is missing") from error
                continue
            fcntl.flock(lock, fcntl.LOCK_SH)
            # Between looking and locking a load may have put another version in place; then take that one.
            if link.resolve() == version and (version / "store").is_dir():
                return cls(version / "store", lock)
            os.close(lock)
        if (folder / _ROCKSDB).is_file():
            return cls(folder)
        raise StoreUnreachable(f"{folder} holds no store; make one: pag load FILES… --store {folder}")


def replace_store(folder: Path, fill: Callable[[Path], None]) -> list[str]:
    """Put a new version into a folder: ``fill`` writes it to the path it is given; a failure leaves the old one.

    Return the names of other people's entries of the folder, which are left alone. Raises WrongUse when the folder
    is neither empty nor a store of this program.
    """
    folder = find_folder(folder)
    if (folder / _ROCKSDB).is_file() and not _is_link(folder / _LINK):
        raise WrongUse(f"{folder} is a store of another program; name an empty folder")
    if folder.exists() and not is_writable(folder):
        raise WrongUse(f"the folder {folder} is read-only; make it writable (chmod u+w) or name another")
    others = _others(folder)
    if others and not _is_link(folder / _LINK):
        raise WrongUse(f"{folder} holds other files; name an empty folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with exclusive_lock(folder.with_name(f".{folder.name}.lock")):
        folder.mkdir(parents=True, exist_ok=True)
        _remove_unused(folder)
        last = max((int(path.name[1:]) for path in folder.iterdir() if _VERSION.fullmatch(path.name)), default=0)
        fresh = folder / f"v{last + 1:06}"
        try:
            fresh.mkdir()
            (fresh / _READERS).touch()
            fill(fresh / _STORE)
            for path in [*fresh.rglob("*"), fresh]:
                _sync(path)
        except BaseException:
            _remove(fresh)
            raise
        _point(folder / _LINK, fresh.name)
        _remove_unused(folder)
    return others


def _others(folder: Path) -> list[str]:
    """Return the names of what no load has written."""
    if not folder.exists():
        return []
    links = (folder / _LINK, _fresh_link(folder / _LINK))
    ours = {*_versions(folder), *filter(_is_link, links)}
    return sorted(path.name for path in folder.iterdir() if path not in ours)


def _is_link(path: Path) -> bool:
    return path.is_symlink() and _VERSION.fullmatch(str(path.readlink())) is not None


def _versions(folder: Path) -> list[Path]:
    """Return the versions: those with a file for readers, and the empty one of a load killed at its start."""
    named = (path for path in folder.iterdir() if _VERSION.fullmatch(path.name))
    folders = [path for path in named if path.is_dir() and not path.is_symlink()]
    return [path for path in folders if (path / _READERS).is_file() or not any(path.iterdir())]


def _fresh_link(link: Path) -> Path:
    return link.with_name(f".{link.name}.new")


def _point(link: Path, name: str) -> None:
    fresh = _fresh_link(link)
    if _is_link(fresh):
        fresh.unlink()
    fresh.symlink_to(name)
    fresh.replace(link)
    _sync(link.parent)


def _remove_unused(folder: Path) -> None:
    """Remove the versions that are neither in use nor read by anybody: old ones, and what killed loads left."""
    used = (folder / _LINK).resolve()
    for version in _versions(folder):
        if version.resolve() == used:
            continue
        try:
            with (version / _READERS).open("rb") as held:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(version)
        except BlockingIOError:
            continue
        except FileNotFoundError:
            _remove(version)


def _remove(version: Path) -> None:
    """Remove a version, and its folder if nothing else has been put there."""
    shutil.rmtree(version / _STORE, ignore_errors=True)
    (version / _READERS).unlink(missing_ok=True)
    with suppress(OSError):
        version.rmdir()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

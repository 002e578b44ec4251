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
import shutil
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import StoreUnreachable, WrongUse
from peru_asia_graph.files.atomic import only_one

_LINK: Final = "current"
_ROCKSDB: Final = "CURRENT"


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


def replace_store(folder: Path, fill: Callable[[Path], None]) -> None:
    """Put a new version into a folder: ``fill`` writes it to the path it is given; a failure leaves the old one."""
    if (folder / _ROCKSDB).is_file() and not (folder / _LINK).is_symlink():
        raise WrongUse(f"{folder} is a store of another program; name an empty folder")
    if folder.exists() and not (folder / _LINK).is_symlink() and any(_foreign(folder)):
        raise WrongUse(f"{folder} holds other files; name an empty folder")
    with only_one(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        last = max((int(path.name[1:]) for path in folder.glob("v[0-9]*")), default=0)
        fresh = folder / f"v{last + 1:06}"
        try:
            fresh.mkdir()
            (fresh / "readers").touch()
            fill(fresh / "store")
            for path in [*fresh.rglob("*"), fresh]:
                _sync(path)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        _point(folder / _LINK, fresh.name)
        _sweep(folder)


def _foreign(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if not (path.name.startswith("v") and (path / "readers").exists())]


def _point(link: Path, name: str) -> None:
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(name)
    fresh.replace(link)
    _sync(link.parent)


def _sweep(folder: Path) -> None:
    """Remove the versions that are neither in use nor read by anybody: old ones, and what killed loads left."""
    used = (folder / _LINK).resolve()
    for version in folder.glob("v[0-9]*"):
        if version.resolve() == used:
            continue
        try:
            with (version / "readers").open("rb") as held:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(version)
        except BlockingIOError:
            continue
        except FileNotFoundError:
            shutil.rmtree(version, ignore_errors=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

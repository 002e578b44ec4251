"""A version of a store that can still be opened when its file or folder has been replaced, damaged or removed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from peru_asia_graph.errors import StoreUnreachable, WrongUse
from peru_asia_graph.store import Store, find_local, find_version, is_address, open_store


class StoreSnapshot:
    """A private copy of a file, or a lock on the current version in a folder; nothing for a server.

    The folder of another program is used as it is, because its files cannot be locked, and so is a file that cannot be
    copied. A copy is removed with this object.
    """

    def __init__(self, where: str | None) -> None:
        """Take a snapshot; raise StoreUnreachable if that fails or the store changes meanwhile."""
        self.version: Final = find_version(where)
        self.path: Path | None = None
        self._copy: TemporaryDirectory[str] | None = None
        self._lock: Any = None
        if is_address(where):
            return
        try:
            source = find_local(where)
            self.path = self._hold(source)
        except (OSError, WrongUse) as error:  # the file, or the project it belongs to, has been removed meanwhile
            raise StoreUnreachable(str(error)) from error
        if find_version(where) != self.version:
            self.remove()
            raise StoreUnreachable(f"{source} changed while it was being read; try again")

    def _hold(self, source: Path) -> Path:
        """Lock or copy a store; return the path to open."""
        if source.is_dir():
            from peru_asia_graph.store.folder import ReadLock

            self._lock = ReadLock.acquire(source)
            return Path(self._lock.store)
        if source.stat().st_size == 0:
            # Valid RDF in most formats, but more likely a file that is being written, or that a full disk cut short.
            raise StoreUnreachable(f"{source} is empty")
        try:
            self._copy = TemporaryDirectory(prefix="peru-asia-graph-")
            return Path(shutil.copyfile(source, Path(self._copy.name) / source.name))
        except OSError:  # no space, or nowhere to write
            self.remove()
            return source

    @property
    def is_held(self) -> bool:
        """Whether others cannot change what is opened."""
        return self._lock is not None or self._copy is not None

    def remove(self) -> None:
        """Remove the copy of a file."""
        if self._copy is not None:
            self._copy.cleanup()
            self._copy = None


def open_snapshot(where: str | None, path: Path | None) -> Store:
    """Open a snapshot, whose ``path`` and ``where`` are given; raise StoreUnreachable as `open_store` does."""
    if path is None:
        return open_store(where)
    from peru_asia_graph.store.embedded import EmbeddedStore

    if path.is_dir():
        return EmbeddedStore.open(path)
    if where is None:
        return EmbeddedStore.load(path, trusted=True)
    try:
        # Relative IRIs resolve as in the original file.
        return EmbeddedStore.load(path, base=Path(os.path.normpath(Path(where).absolute())).as_uri())
    except StoreUnreachable as error:
        raise StoreUnreachable(str(error).replace(str(path), where)) from error

"""A disk cache of the project's graph: opening it for a single query takes a tenth of the time of parsing the file.

There is one copy per graph file, in the user's cache folder; it is recreated when the file changes.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from peru_asia_graph.errors import BuildRunning, PeruAsiaGraphError, StoreUnreachable
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.store.folder import await_replaced, remove_unused, replace_store

# Parsing a smaller file is just as fast.
_LEAST_BYTES: Final = 500_000
_OLD_SECONDS: Final = 30 * 24 * 3600.0
# How long to wait for another process to create the copy.
_MOST_SECONDS: Final = 10.0


class _AlreadyMade(Exception):
    """Another process has created the copy in the meantime."""


def open_copy(graph: Path) -> EmbeddedStore | None:
    """Return the copy of a graph file, creating it if it does not exist for the current content.

    Return None if the file is small, or if a copy cannot be created because there is no cache folder or no space.
    """
    try:
        content = graph.read_bytes()
        if len(content) < _LEAST_BYTES:
            return None
        folder = _cache_folder() / hashlib.sha256(os.fsencode(graph.resolve())).hexdigest()[:16]
        made_of = f"{hashlib.sha256(content).hexdigest()} {ox.__version__}"

        # On damaged files, Oxigraph hangs or omits rows.
        def note(store: Path) -> str:
            return f"{made_of} {_checksum(store):08x}\n"

        with suppress(StoreUnreachable):
            return EmbeddedStore.open(folder, note)
        return _make(folder, note, content)
    except (OSError, RuntimeError, ValueError, PeruAsiaGraphError):
        return None


def _cache_folder() -> Path:
    """Return the folder of all copies, following the XDG Base Directory Specification."""
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    folder = (given if given.is_absolute() else Path.home() / ".cache") / "peru-asia-graph"
    if not folder.is_absolute():
        raise ValueError(f"the home folder {folder} is relative")
    return folder


def _checksum(folder: Path) -> int:
    """Return the CRC-32 of the files in a folder, at the cost of reading them once."""
    total = 0
    for path in sorted(folder.iterdir()):
        total = zlib.crc32(path.read_bytes(), zlib.crc32(os.fsencode(path.name), total))
    return total


def _make(folder: Path, note: Callable[[Path], str], content: bytes) -> EmbeddedStore:
    def fill(path: Path) -> None:
        with suppress(StoreUnreachable):
            EmbeddedStore.open(folder, note)
            raise _AlreadyMade
        store = ox.Store(str(path))
        store.bulk_load(content, ox.RdfFormat.TRIG, lenient=True)
        store.flush()

    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with suppress(_AlreadyMade):
            replace_store(folder, fill, note, timeout=0.0)
    except BuildRunning:
        await_replaced(folder, _MOST_SECONDS)
    for other in folder.parent.iterdir():
        with suppress(PeruAsiaGraphError):
            remove_unused(other, _OLD_SECONDS)
    return EmbeddedStore.open(folder, note)

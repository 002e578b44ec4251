"""Load RDF files into a store on disk, all or nothing."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from peru_asia_graph.errors import BadInput, Problem, WrongUse
from peru_asia_graph.files.entries import printable
from peru_asia_graph.store.embedded import format_of
from peru_asia_graph.store.folder import replace_store


def load_files(
    files: Sequence[Path], folder: Path, progress: Callable[[str], None], interval: float | None = None
) -> int:
    """Replace the content of the store in a folder by these files; return the number of quads.

    Processes that have the store open keep the old version. ``progress`` is called with a line per file and, while a
    file is being loaded, every ``interval`` seconds. Raise BadInput for a file that cannot be read or parsed, WrongUse
    for a folder with files of others; the old version then stays current.
    """
    for file in files:
        if not file.is_file():
            raise WrongUse(f"there is no file {file}")
    counted = 0

    def fill(path: Path) -> None:
        nonlocal counted
        store = ox.Store(str(path))
        for file in files:
            started = time.monotonic()
            with _reporting(path, file, progress, interval):
                _load(store, file)
            progress(f"{file} read ({file.stat().st_size / 1e6:,.1f} MB, {time.monotonic() - started:.1f} s)")
        store.flush()
        counted = len(store)

    try:
        for name in replace_store(folder, fill):
            progress(f"{printable(folder / name)} is not part of the store; left as it is")
    except OSError as error:
        raise WrongUse(f"{folder} cannot be written: {error}; the old store is kept") from error
    return counted


def _load(store: ox.Store, file: Path) -> None:
    try:
        if file.suffix == ".gz":
            with gzip.open(file) as opened:
                store.bulk_load(cast("IO[bytes]", opened), format=format_of(file.with_suffix("")))
        else:
            store.bulk_load(path=str(file), format=format_of(file))
    except SyntaxError as error:
        remedy = "the old store is kept"
        raise BadInput([Problem(str(file), error.lineno or 0, "", error.msg or str(error), remedy)]) from error
    except (ValueError, EOFError, gzip.BadGzipFile) as error:
        raise BadInput([Problem(str(file), 0, "", str(error), "the old store is kept")]) from error


@contextmanager
def _reporting(path: Path, file: Path, progress: Callable[[str], None], interval: float | None) -> Iterator[None]:
    """Report the size of the database at intervals; Oxigraph itself reports no progress."""
    done = threading.Event()

    def report() -> None:
        started = time.monotonic()
        while not done.wait(interval):
            written = sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
            progress(f"{file}: {time.monotonic() - started:.0f} s, {written / 1e6:,.0f} MB written")

    thread = threading.Thread(target=report, daemon=True)
    if interval:
        thread.start()
    try:
        yield
    finally:
        done.set()
        if interval:
            thread.join()

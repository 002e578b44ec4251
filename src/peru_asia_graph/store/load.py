"""RDF files into a store on disk, all or nothing. Files in, the number of quads out.

Limit: the store is made anew from the files named; it does not grow by a second load.
"""

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

Say = Callable[[str], None]


def load_files(files: Sequence[Path], folder: Path, say: Say, tick: float | None = None) -> int:
    """Make the folder's store hold these files; readers keep the old one until they open it again.

    Raise BadInput for a file that cannot be read or parsed; the old store stays. ``tick`` says how often, in seconds,
    to report on a file under way.
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
            with _reporting(path, file, say, tick):
                _load(store, file)
            say(f"{file} read ({file.stat().st_size / 1e6:,.1f} MB, {time.monotonic() - started:.1f} s)")
        store.flush()
        counted = len(store)

    try:
        others = replace_store(folder, fill)
    except OSError as error:
        raise WrongUse(f"{folder} cannot be written: {error}; the old store is kept") from error
    if others:
        say(f"left alone in {folder}, not written by pag: {', '.join(map(printable, others))}")
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
def _reporting(path: Path, file: Path, say: Say, tick: float | None) -> Iterator[None]:
    """Say now and then how much is written; Oxigraph loads without telling."""
    done = threading.Event()

    def report() -> None:
        started = time.monotonic()
        while not done.wait(tick):
            written = sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
            say(f"{file}: {time.monotonic() - started:.0f} s, {written / 1e6:,.0f} MB written")

    thread = threading.Thread(target=report, daemon=True)
    if tick:
        thread.start()
    try:
        yield
    finally:
        done.set()
        if tick:
            thread.join()

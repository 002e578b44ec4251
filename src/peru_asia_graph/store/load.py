"""Load RDF files into a store on disk, all or nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from peru_asia_graph.errors import BadInput, WrongUse
from peru_asia_graph.files.entries import printable
from peru_asia_graph.rdf.lenient import LeftOut
from peru_asia_graph.rdf.rdf_file import bulk_load
from peru_asia_graph.store.folder import has_version, replace_store


def load_files(
    files: Sequence[Path],
    folder: Path,
    progress: Callable[[str], None],
    interval: float | None = None,
    base: str | None = None,
    left_out: LeftOut | None = None,
) -> int:
    """Replace the content of the store in a folder with these files; return the number of quads.

    Processes that have the store open keep the old version. ``progress`` is called with one line per file and, while a
    file is loading, every ``interval`` seconds; ``base`` and ``left_out`` are those of `rdf_file.open_rdf`. Raises
    BadInput for a file that cannot be read or parsed, WrongUse for a folder with other files; in both cases the old
    version stays current.
    """
    for file in files:
        if not file.is_file():
            raise WrongUse(f"there is no file {printable(file)}")
    counted = 0
    kept = "the old store is kept" if has_version(folder) else "no store is created"

    def fill(path: Path) -> None:
        nonlocal counted
        store = ox.Store(str(path))
        for file in files:
            started = time.monotonic()
            with _reporting(path, file, progress, interval):
                bulk_load(store, file, base, left_out)
            progress(
                f"{printable(file)} read ({file.stat().st_size / 1e6:,.1f} MB, {time.monotonic() - started:.1f} s)"
            )
        store.flush()
        counted = len(store)

    try:
        for name in replace_store(folder, fill):
            progress(f"{printable(folder / name)} is not part of the store and was not changed")
    except OSError as error:
        raise WrongUse(f"{printable(folder)} cannot be written: {error}; {kept}") from error
    except BadInput as error:
        problems = [one._replace(remedy=f"{one.remedy}; {kept}" if one.remedy else kept) for one in error.problems]
        raise BadInput(problems) from error
    return counted


@contextmanager
def _reporting(path: Path, file: Path, progress: Callable[[str], None], interval: float | None) -> Iterator[None]:
    """Report the size of the database at intervals, because Oxigraph reports no progress."""
    done = threading.Event()

    def report() -> None:
        started = time.monotonic()
        while not done.wait(interval):
            written = sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
            progress(f"{printable(file)}: {time.monotonic() - started:.0f} s, {written / 1e6:,.0f} MB written")

    thread = threading.Thread(target=report, daemon=True)
    if interval:
        thread.start()
    try:
        yield
    finally:
        done.set()
        if interval:
            thread.join()

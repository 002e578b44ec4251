"""Writing one file atomically: a reader sees the old content or the new, never a part of either."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.files.entries import cannot_write, is_writable, nearest, printable, sync, write_synced
from peru_asia_graph.files.signals import signals_deferred

_MOST_LINKS = 40


def write_file(path: Path, data: bytes) -> None:
    """Write data to a file; parent folders are created.

    A regular file is replaced atomically and keeps its permissions. Symbolic links are followed, not replaced. Devices,
    named pipes and ``/dev/stdout`` are written to, not replaced. Raises WrongUse if the path is a folder or read-only
    (a file without any write permission bit is read-only for root, too), or if writing fails; the old file is then
    unchanged and no temporary file is left.
    """
    try:
        _write(path, data)
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        raise cannot_write(path, error, "nothing was changed") from error


def check_file(path: Path, regular: bool = False) -> None:
    """Raise WrongUse if ``write_file`` would refuse a path, before anything is written.

    With ``regular``, a device or pipe is refused too.
    """
    target, found = _find_target(path) if _own_descriptor(path) is None else (path, None)
    if found is None and _own_descriptor(path) is None:
        _check_parent(target)
    if regular and (_own_descriptor(path) is not None or (found is not None and not stat.S_ISREG(found.st_mode))):
        raise WrongUse(
            f"{printable(path)} is not a regular file, so no files can be written next to it; name a new file"
        )


def _write(path: Path, data: bytes) -> None:
    descriptor = _own_descriptor(path)
    if descriptor is not None:
        _write_through(path, lambda: os.fdopen(os.dup(descriptor), "wb"), data)
        return
    target, found = _find_target(path)
    if found is not None and not stat.S_ISREG(found.st_mode):
        _write_through(path, lambda: target.open("wb"), data)
        return
    if found is None and not path.is_symlink():
        target.parent.mkdir(parents=True, exist_ok=True)
    _replace(target, data, found)


def _write_through(path: Path, open_it: Callable[[], BinaryIO], data: bytes) -> None:
    """Write to something other than a regular file, where a failed write cannot be undone."""
    try:
        with open_it() as stream:
            stream.write(data)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise cannot_write(path, error, "part of it may have been written") from error


def _find_target(path: Path) -> tuple[Path, os.stat_result | None]:
    """Follow links and return the target with its status, None if it is missing; raise WrongUse if it is refused."""
    try:
        target = Path(os.path.realpath(path))
        try:
            found = target.stat()
        except FileNotFoundError:
            return target, None
    except (OSError, ValueError) as error:
        raise cannot_write(path, error, "nothing was changed") from error
    if stat.S_ISDIR(found.st_mode):
        raise WrongUse(f"{printable(path)} is a folder; name a file")
    if stat.S_ISSOCK(found.st_mode):
        raise WrongUse(f"{printable(path)} is a socket; name a file")
    if stat.S_ISREG(found.st_mode) and not is_writable(target):
        raise WrongUse(f"{printable(path)} is read-only; make it writable (chmod u+w) or name another file")
    return target, found


def _replace(target: Path, data: bytes, found: os.stat_result | None) -> None:
    _check_parent(target)
    temporary = target.with_name(f".{os.urandom(6).hex()}.new")
    with signals_deferred():
        try:
            write_synced(temporary, data, found)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
        sync(target.parent)


def _check_parent(target: Path) -> None:
    """Raise WrongUse if the folder of a file to write, or its nearest existing parent, is read-only."""
    folder = nearest(target.parent)
    if folder.is_dir() and not is_writable(folder):
        raise WrongUse(f"the folder {printable(folder)} is read-only; make it writable (chmod u+w) or name another")


def _own_descriptor(path: Path) -> int | None:
    """Return the file descriptor of this process that a path such as ``/dev/stdout`` refers to."""
    own = Path(f"/proc/{os.getpid()}/fd")
    for _ in range(_MOST_LINKS):
        if path.name.isdecimal() and path.parent.resolve() in (own, Path("/dev/fd")):
            return int(path.name)
        if not path.is_symlink():
            return None
        path = path.parent / path.readlink()
    return None

"""Helpers for files and folders: names, permission checks, synced writes."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from peru_asia_graph.errors import WrongUse, escape


def printable(path: str | bytes | os.PathLike[str] | int) -> str:
    """Return a path as one printable line; control characters and undecodable bytes are escaped."""
    return escape(os.fsdecode(path) if isinstance(path, bytes) else str(path))


def list_files(folder: Path) -> list[str]:
    """Return the names of the files below a folder, relative to it; hidden files and folders are left out."""
    found = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    return sorted(path.as_posix() for path in found if not any(part.startswith(".") for part in path.parts))


def status(path: Path) -> os.stat_result | None:
    """Return the status of a path without following links; None if nothing is there."""
    try:
        return path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def is_writable(path: Path) -> bool:
    """Return whether a file or folder may be written. Without any write permission bit it may not, even by root."""
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o222) and os.access(path, os.W_OK)


def reason(error: OSError | ValueError) -> str:
    """Return the operating system's message for an error."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror if error.filename is None else f"{error.strerror} ({printable(error.filename)})"
    return str(error)


def cannot_write(path: Path, error: OSError | ValueError, state: str) -> WrongUse:
    """Return the error to raise for a failed write; ``state`` says what happened to the old content."""
    return WrongUse(f"{printable(path)} cannot be written: {reason(error)}; {state}")


def write_synced(path: Path, data: bytes, like: os.stat_result | None = None) -> None:
    """Write a new file and sync it to disk. With ``like``, copy those permissions and, where allowed, the owner.

    Raises FileExistsError if the name is already in use.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        if like is not None:
            _copy_permissions(handle, like)
        os.fsync(handle)


def _copy_permissions(handle: int, like: os.stat_result) -> None:
    own = os.fstat(handle)
    if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid):
        try:
            os.fchown(handle, like.st_uid, like.st_gid)
        except PermissionError:
            return  # the file now belongs to the writer, so special permission bits are not copied either
    os.fchmod(handle, stat.S_IMODE(like.st_mode))


def nearest(path: Path) -> Path:
    """Return a path, or its nearest existing parent."""
    return next(one for one in (path, *path.parents) if status(one) is not None)


def sync(path: Path) -> None:
    """Flush a file, or the entries of a folder, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

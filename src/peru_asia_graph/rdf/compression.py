"""The registry of compressed files: one row makes an ending known wherever a file is read or written."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple


class Compression(NamedTuple):
    """How a compressed file is opened for reading, and its content made; the same bytes for the same content."""

    open: Callable[[Any], Any]
    compress: Callable[[bytes], bytes]
    magic: bytes


COMPRESSIONS: Final[dict[str, Compression]] = {
    ".gz": Compression(gzip.open, lambda data: gzip.compress(data, mtime=0), b"\x1f\x8b"),
    ".bz2": Compression(bz2.open, bz2.compress, b"BZh"),
    ".xz": Compression(lzma.open, lzma.compress, b"\xfd7zXZ\x00"),
}
# Endings that promise a compression which this package does not write.
NOT_WRITTEN: Final = (".zip", ".zst", ".7z", ".tgz", ".tar", ".lz4", ".br", ".rar")


def split_ending(path: Path) -> tuple[str, str]:
    """Return the ending of a file and that of its compression, in lower case, empty where there is none.

    >>> split_ending(Path("Dump.NT.gz")), split_ending(Path("v1.2/mines.ttl"))
    (('.nt', '.gz'), ('.ttl', ''))
    """
    last = path.suffix.lower()
    return (Path(path.stem).suffix.lower(), last) if last in COMPRESSIONS else (last, "")

"""Jobs and answers on the pipes of a worker: a number, a JSON header, bytes. Both sides; pure.

A frame without a header takes a job back; the worker sends it back when the job had not begun. Limit: a header is a
JSON object; short ones are read once, as most are the same.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

_SIZES: Final = struct.Struct(">QII")
_SHORT: Final = 200
# What the header of most answers says.
_PLAIN: Final = {"status", "kind", "gzip"}
Header = Mapping[str, Any]
Answer = tuple[Header, bytes]


class NoRoom(Exception):
    """A frame that is longer than may be held."""


class Job(NamedTuple):
    """What a worker is asked: a header, and the text of a query."""

    header: bytes
    text: bytes = b""

    @classmethod
    def of(cls, **said: Any) -> Job:
        """Return a job without a text."""
        return cls(json.dumps(said).encode())


def frame(number: int, header: bytes, body: bytes = b"") -> bytes:
    """Return a frame."""
    return _SIZES.pack(number, len(header), len(body)) + header + body


def write_header(header: Header) -> bytes:
    """Return a header as it is sent."""
    if header.keys() <= _PLAIN:
        return _write(tuple(header.items()))
    return json.dumps(header).encode()


@lru_cache(100)
def _write(header: tuple[tuple[str, Any], ...]) -> bytes:
    return json.dumps(dict(header)).encode()


def read_header(raw: bytes) -> Header:
    """Return a header, which is not to be changed."""
    return _read(raw) if len(raw) <= _SHORT else json.loads(raw)


@lru_cache(256)
def _read(raw: bytes) -> Header:
    found: Header = json.loads(raw)
    return found


class Frames:
    """A stream of frames, which comes in pieces."""

    def __init__(self) -> None:
        self._read = bytearray()

    def take(self, piece: bytes, has_room: Callable[[int], bool] | None = None) -> list[tuple[int, bytes, bytes]]:
        """Return the frames that are whole by now; raise NoRoom for a body that may not be held."""
        read, at, found = self._read, 0, []
        read += piece
        while len(read) - at >= _SIZES.size:
            number, header, body = _SIZES.unpack_from(read, at)
            if has_room is not None and not has_room(body):
                raise NoRoom
            middle = at + _SIZES.size + header
            if len(read) < middle + body:
                break
            found.append((number, bytes(read[at + _SIZES.size : middle]), bytes(read[middle : middle + body])))
            at = middle + body
        del read[:at]
        return found

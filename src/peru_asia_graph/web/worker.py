"""A process that answers one job at a time from its standard input: it may be killed at any moment.

Frames on both sides: four bytes of length, a JSON header; in answers, the header's ``size`` bytes follow it. Limit:
a worker of a store of this machine can open no connection, and of a store in memory no file: the system forbids it.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import struct
import sys
from typing import Any, BinaryIO, Final

LENGTH: Final = struct.Struct(">I")


def main() -> None:
    """Open the store, say so, and answer jobs until the input ends."""
    settings = json.loads(sys.argv[1])
    given, taken = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # What a library may print must not get between the frames.
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from peru_asia_graph.errors import PeruAsiaGraphError
    from peru_asia_graph.store import is_address
    from peru_asia_graph.web.confine import forbid_files, forbid_sockets, limit_memory
    from peru_asia_graph.web.jobs import Desk

    where = settings["where"]
    if not is_address(where):
        forbid_sockets()
    try:
        desk = Desk.open(where, settings["result_bytes"])
    except PeruAsiaGraphError as error:
        send(taken, {"status": 503, "error": str(error)}, b"")
        return
    # What the open store takes, much of it address space only, is not counted against the queries.
    limit_memory(settings["memory"])
    if desk.is_in_memory:
        forbid_files()
    send(taken, {"status": 200}, b"")
    while job := receive(given):
        header, body = desk.answer(job)
        send(taken, header, body)


def send(out: BinaryIO, header: dict[str, Any], body: bytes) -> None:
    """Write a frame."""
    raw = json.dumps({**header, "size": len(body)}).encode()
    out.write(LENGTH.pack(len(raw)) + raw + body)
    out.flush()


def receive(given: BinaryIO) -> dict[str, Any] | None:
    """Read a frame without a body; None at the end."""
    length = given.read(LENGTH.size)
    if len(length) < LENGTH.size:
        return None
    job: dict[str, Any] = json.loads(given.read(LENGTH.unpack(length)[0]))
    return job


if __name__ == "__main__":
    main()

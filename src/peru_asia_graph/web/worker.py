"""A process that answers one job at a time from its standard input: it may be killed at any moment.

Jobs that wait in its pipe may be taken back (see ``frames``). Limit: a worker of a store of this machine can open no
connection, and of a store in memory no file: the system forbids it.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
from collections import OrderedDict
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from peru_asia_graph.web.confine import rest_from_collecting
from peru_asia_graph.web.frames import Frames, frame, read_header, write_header

if TYPE_CHECKING:
    from peru_asia_graph.web.jobs import Desk

_PIECE: Final = 65_536
# After a job of so many seconds, the pipe is read before the next.
_LATE: Final = 0.005


def main() -> None:
    """Open the store, say so, and answer jobs until the input ends."""
    settings = json.loads(sys.argv[1])
    given, taken = os.dup(0), os.dup(1)
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
        _write(taken, frame(0, write_header({"status": 503, "error": str(error)})))
        return
    # What the open store takes, much of it address space only, is not counted against the queries.
    limit_memory(settings["memory"])
    if desk.is_in_memory:
        forbid_files()
    _write(taken, frame(0, b'{"status": 200}'))
    # The server may have gone meanwhile.
    with suppress(BrokenPipeError):
        work(desk, given, taken)


def work(desk: Desk, given: int, taken: int) -> None:
    """Do what comes, in order; an answer leaves before the next job begins."""
    rest_from_collecting()
    frames = Frames()
    jobs: OrderedDict[int, tuple[bytes, bytes]] = OrderedDict()
    is_late = False
    while True:
        if not jobs or (is_late and select.select([given], [], [], 0)[0]):
            piece = os.read(given, _PIECE)
            if not piece:
                return
            for number, header, text in frames.take(piece):
                if header:
                    jobs[number] = header, text
                elif jobs.pop(number, None) is not None:
                    _write(taken, frame(number, b""))
            continue
        number, (header, text) = jobs.popitem(last=False)
        started = time.monotonic()
        said, body = desk.answer({**read_header(header), "text": text.decode("utf-8", "surrogatepass")})
        _write(taken, frame(number, write_header(said), body))
        # What stood behind a long job may have been taken back.
        is_late = time.monotonic() - started > _LATE


def _write(taken: int, data: bytes) -> None:
    while data:
        data = data[os.write(taken, data) :]


if __name__ == "__main__":
    main()

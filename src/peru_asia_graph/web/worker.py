"""A process that answers one job at a time from its standard input: it may be killed at any moment.

Jobs that wait in its pipe may be taken back (see ``frames``). They are done in a thread, which the server may set back;
as there is no way up again, another takes its place after the job. Limit: a worker of a store of this machine can open
no connection, and of a store in memory no file: the system forbids it.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import threading
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
# As much room for nested queries as the first thread of a process has, and more.
_STACK: Final = 16 * 2**20


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
    work(desk, given, taken)


def work(desk: Desk, given: int, taken: int) -> None:
    """Do what comes until nothing more will, thread after thread."""
    rest_from_collecting()
    threading.stack_size(_STACK)
    shift = Shift(desk, given, taken)
    while shift.goes_on:
        thread = threading.Thread(target=shift.run)
        thread.start()
        thread.join()


class Shift:
    """The jobs of a worker, and the thread that does them."""

    def __init__(self, desk: Desk, given: int, taken: int) -> None:
        self.goes_on = True
        self._desk = desk
        self._given = given
        self._taken = taken
        self._frames = Frames()
        self._jobs: OrderedDict[int, tuple[bytes, bytes]] = OrderedDict()
        self._unsent = b""
        self._usual = os.getpriority(os.PRIO_PROCESS, 0)

    def run(self) -> None:
        """Say which thread this is, and do jobs until the input ends or the thread has been set back."""
        self.goes_on = False
        hello = write_header({"status": 200, "thread": threading.get_native_id()})
        # The server may have gone meanwhile.
        with suppress(BrokenPipeError):
            _write(self._taken, frame(0, hello) + self._unsent)
            self._unsent = b""
            self._work()

    def _work(self) -> None:
        """Do what comes, in order; an answer leaves before the next job begins."""
        is_late = False
        while True:
            if not self._jobs or (is_late and select.select([self._given], [], [], 0)[0]):
                piece = os.read(self._given, _PIECE)
                if not piece:
                    return
                self._take(piece)
                continue
            number, (header, text) = self._jobs.popitem(last=False)
            started = time.monotonic()
            said, body = self._desk.answer({**read_header(header), "text": text.decode("utf-8", "surrogatepass")})
            answer = frame(number, write_header(said), body)
            # What stood behind a long job may have been taken back.
            is_late = time.monotonic() - started > _LATE
            if is_late and os.getpriority(os.PRIO_PROCESS, 0) > self._usual:
                # The next thread says first that it is another.
                self._unsent, self.goes_on = answer, True
                return
            _write(self._taken, answer)

    def _take(self, piece: bytes) -> None:
        for number, header, text in self._frames.take(piece):
            if header:
                self._jobs[number] = header, text
            elif self._jobs.pop(number, None) is not None:
                _write(self._taken, frame(number, b""))


def _write(taken: int, data: bytes) -> None:
    while data:
        data = data[os.write(taken, data) :]


if __name__ == "__main__":
    main()

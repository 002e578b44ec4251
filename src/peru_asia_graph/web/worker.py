"""A worker process: it runs one job at a time from its standard input, and may be killed at any moment.

The operating system refuses sockets to a worker of a local store, and files to one of an in-memory store.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import struct
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

# A job is preceded by its length; a result by the lengths of its header and its body.
JOB_SIZE: Final = struct.Struct(">I")
RESULT_SIZES: Final = struct.Struct(">II")


def main() -> None:
    """Open the store, report that it is open, and run jobs until the input ends."""
    settings = json.loads(sys.argv[1])
    jobs, results = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # Output printed by libraries must not mix with the results.
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from peru_asia_graph.errors import PeruAsiaGraphError
    from peru_asia_graph.paths import settle_project
    from peru_asia_graph.store import is_address
    from peru_asia_graph.web.confine import end_with, forbid_files, forbid_sockets, freeze_gc, limit_memory
    from peru_asia_graph.web.jobs import JobRunner

    end_with(settings["server"])
    where, path = settings["where"], settings["path"] and Path(settings["path"])
    if not is_address(where):
        forbid_sockets()
    try:
        settle_project()
        runner = JobRunner.open(where, settings["result_bytes"], path)
    except PeruAsiaGraphError as error:
        _write(results, {"status": 503, "error": str(error)}, b"")
        # The server ends the process after reading the reason; it may learn of an exit before it reads the output.
        jobs.read(1)
        return
    # The memory of the open store, mostly address space, does not count against queries.
    limit_memory(settings["memory_bytes"])
    if path is not None and path.is_file():
        forbid_files()
    freeze_gc()
    # The server may end at any time.
    with suppress(BrokenPipeError):
        _write(results, {"status": 200}, b"")
        while size := jobs.read(JOB_SIZE.size):
            job = json.loads(jobs.read(*JOB_SIZE.unpack(size)))
            _write(results, *runner.run(job))


def _write(results: BinaryIO, header: Mapping[str, Any], body: bytes) -> None:
    encoded = json.dumps(header).encode()
    results.write(RESULT_SIZES.pack(len(encoded), len(body)) + encoded + body)
    results.flush()


if __name__ == "__main__":
    main()

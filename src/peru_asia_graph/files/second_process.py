"""Long work in two halves, one of them in a second process where the system can copy a process (fork)."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

Here = TypeVar("Here")
There = TypeVar("There")
_FORK: Final = "fork"


def do_both(here: Callable[[], Here], there: Callable[[], There]) -> tuple[Here, There]:
    """Return what two functions return; the second runs in a copy of this process, if that is possible.

    What it returns is pickled; what it changes is lost. Where the copy fails or ends, it is called here, and raises
    what it raises.

    >>> do_both(lambda: 1 + 1, lambda: "as" + "ia")
    (2, 'asia')
    """
    if _FORK not in multiprocessing.get_all_start_methods() or (os.cpu_count() or 1) < 2:
        return here(), there()
    context: Any = multiprocessing.get_context(_FORK)
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(sender, there), daemon=True)
    process.start()
    sender.close()
    try:
        first = here()
        made: tuple[There] | None = None
        with suppress(EOFError, OSError):
            made = receiver.recv()
        return first, there() if made is None else made[0]
    finally:
        process.kill()
        process.join()
        receiver.close()


def _send(sender: Any, there: Callable[[], object]) -> None:
    """Send what a function returns, as a tuple of one; None if it raises, so that it is called again by the caller."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller ends this process
    made: tuple[object] | None = None
    with suppress(Exception):
        made = (there(),)
    with suppress(OSError):
        sender.send(made)

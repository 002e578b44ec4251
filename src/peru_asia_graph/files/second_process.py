"""Runs one of two long tasks in a forked process, where the system supports fork."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

from peru_asia_graph.files.signals import end_at_once_on_signals

Here = TypeVar("Here")
There = TypeVar("There")
_FORK: Final = "fork"


def do_both(here: Callable[[], Here], there: Callable[[], There]) -> tuple[Here, There]:
    """Call two functions and return both results; if possible, the second runs in a fork of this process.

    Its result is pickled, and its side effects are lost. If the fork fails or dies, the function is called in this
    process, where its exceptions propagate.

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
    """Send the result of a function as a 1-tuple; None if it raises, so that the caller calls it again."""
    end_at_once_on_signals()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller ends this process
    made: tuple[object] | None = None
    with suppress(Exception):
        made = (there(),)
    with suppress(OSError):
        sender.send(made)

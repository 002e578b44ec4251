"""Stop signals (Ctrl-C, ``kill``, a closed terminal), so that an interrupted command leaves no temporary file."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

_TERMINATE: Final = (signal.SIGTERM, signal.SIGHUP)
_STOP: Final = (signal.SIGINT, *_TERMINATE)


def clean_up_on_signals() -> None:
    """Let SIGTERM and SIGHUP end the process like Ctrl-C, by an exception, so that temporary files are removed.

    The exit code is the shell's: 128 and the number of the signal. Ignored signals (``nohup``) stay ignored.
    """
    for number in _TERMINATE:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, lambda number, _: sys.exit(128 + number))


def end_at_once_on_signals(clean_up: Callable[[], None] | None = None) -> None:
    """Let stop signals end the process at once; Python would handle them only after the running query.

    With ``clean_up``, which is called first, the exit code is 0.
    """

    def end(*_: object) -> None:
        if clean_up is not None:
            clean_up()
        os._exit(0)

    for number in _STOP:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL if clean_up is None else end)


@contextmanager
def signals_deferred() -> Iterator[None]:
    """Delay stop signals until the end of a block, which must be short: it is done as a whole or not at all."""
    if threading.current_thread() is not threading.main_thread():  # only the main thread receives them
        yield
        return
    arrived: list[int] = []
    handlers = {number: signal.getsignal(number) for number in _STOP}
    changed = {number: one for number, one in handlers.items() if one not in (None, signal.SIG_IGN)}
    for number in changed:
        signal.signal(number, lambda number, _: arrived.append(number))
    try:
        yield
    finally:
        for number, handler in changed.items():
            signal.signal(number, handler)
        for signalled in arrived:
            signal.raise_signal(signalled)

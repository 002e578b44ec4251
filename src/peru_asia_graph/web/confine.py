"""What a process takes from itself before it answers strangers: sockets, files, memory. Limit: there is no way back.

A store on disk opens its files as it needs them, so only stores in memory can do without files. Sockets are refused by
the system itself (seccomp), which Linux has on the machines listed; elsewhere the guard before each query is alone.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import gc
import platform
import resource
from typing import Final

from peru_asia_graph.web.memory import address_space

# By machine: how seccomp names it (linux/audit.h), and the number of the call that makes a socket.
_MACHINES: Final = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_SELDOM: Final = 20_000
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES


class _Step(ctypes.Structure):
    """One step of a filter (linux/filter.h): what to do, how far to go on if so and if not, with which number."""

    _fields_ = (
        ("code", ctypes.c_uint16),
        ("so", ctypes.c_uint8),
        ("otherwise", ctypes.c_uint8),
        ("k", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step)))


def forbid_sockets() -> bool:
    """Have the system refuse new sockets to this process and its threads to come; return whether it does."""
    if platform.system() != "Linux" or platform.machine() not in _MACHINES:
        return False
    machine, call = _MACHINES[platform.machine()]
    # The kernel's record of a call has the call's number at 0 and the machine at 4.
    steps = ((_LOAD, 0, 0, 4), (_EQUAL, 0, 3, machine), (_LOAD, 0, 0, 0), (_EQUAL, 0, 1, call),
             (_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW))  # fmt: skip
    held = (_Step * len(steps))(*(_Step(*step) for step in steps))
    system = ctypes.CDLL(None, use_errno=True)
    if system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    return not system.prctl(_SECCOMP, _FILTER, ctypes.byref(_Program(len(steps), held)), 0, 0)


def forbid_files() -> None:
    """Open no file from here on."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def limit_memory(more: int) -> None:
    """Take so many bytes more than there are now; macOS has no such limit."""
    most = address_space() + more
    with contextlib.suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def rest_from_collecting() -> None:
    """Collect garbage seldom, and not among what is there now: requests leave little of it behind."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_SELDOM, 20, 20)

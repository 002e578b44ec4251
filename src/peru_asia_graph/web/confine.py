"""Confines a worker process before it runs untrusted queries: no sockets, no files, limited memory. It is irreversible.

A store on disk opens its files on demand, so only in-memory stores can do without files. The kernel
refuses sockets (seccomp) on Linux and the listed machines; elsewhere the only protection is the check of each query
(``store.guard``).
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import gc
import os
import platform
import resource
import signal
import sys
from pathlib import Path
from typing import Final

# By machine: its audit architecture (linux/audit.h), and the number of the ``socket`` system call.
_MACHINES: Final = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_PARENT_DEATH_SIGNAL, _NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 1, 38, 22, 2
_GC_THRESHOLD: Final = 20_000
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES


class _Instruction(ctypes.Structure):
    """One instruction of a BPF program (linux/filter.h)."""

    _fields_ = (
        ("code", ctypes.c_uint16),
        ("jump_true", ctypes.c_uint8),
        ("jump_false", ctypes.c_uint8),
        ("k", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction)))


def end_with(parent: int) -> None:
    """End the process when its parent ends, even during a query; on Linux only."""
    if platform.system() != "Linux":
        return
    ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit()


def forbid_sockets() -> bool:
    """Make the kernel refuse new sockets to this process and its future threads; return whether it does."""
    if platform.system() != "Linux" or platform.machine() not in _MACHINES:
        return False
    machine, call = _MACHINES[platform.machine()]
    # In the kernel's data on a system call, the call's number is at offset 0 and the machine at 4.
    program = ((_LOAD, 0, 0, 4), (_EQUAL, 0, 3, machine), (_LOAD, 0, 0, 0), (_EQUAL, 0, 1, call),
             (_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW))  # fmt: skip
    instructions = (_Instruction * len(program))(*(_Instruction(*one) for one in program))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    return not libc.prctl(_SECCOMP, _FILTER, ctypes.byref(_Program(len(program), instructions)), 0, 0)


def forbid_files() -> None:
    """Prevent this process from opening any more files."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def limit_memory(extra_bytes: int) -> None:
    """Limit the address space to its current size plus these bytes; not enforced on macOS."""
    most = address_space() + extra_bytes
    with contextlib.suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def address_space() -> int:
    """Return the address space of this process in bytes; 0 if it is unknown, as on macOS."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def freeze_gc() -> None:
    """Exempt existing objects from garbage collection and collect rarely: requests leave few cycles behind."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GC_THRESHOLD, 20, 20)

"""How much memory this process has, and may still take. Limit: known on Linux only; elsewhere nothing is limited."""

from __future__ import annotations

import resource
from pathlib import Path


def address_space() -> int:
    """Return the bytes this process has, in use or not; 0 where that cannot be told."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def memory_left() -> int | None:
    """Return the bytes this process may still take, None when there is no limit."""
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if most == resource.RLIM_INFINITY else max(0, most - address_space())

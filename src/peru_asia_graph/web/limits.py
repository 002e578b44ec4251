"""Limits for one query, one client and the whole server."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

# How much of an oversized request is read, so that its client reads the response.
DRAINED_BYTES: Final = 64_000_000


@dataclass(frozen=True)
class Limits:
    """Limits in seconds, bytes and counts, the same for all clients."""

    # Maximum time of a query, including waiting for a worker.
    timeout: float = 30.0
    query_bytes: int = 1_000_000
    result_bytes: int = 32_000_000
    memory_bytes: int = 1_000_000_000
    # Total size of results held for slow readers; total size of cached results.
    unsent_bytes: int = 128_000_000
    cache_bytes: int = 32_000_000
    # Worker processes that are always ready, and the maximum while slow queries run.
    workers: int = max(2, os.cpu_count() or 2)
    max_workers: int = max(8, 2 * (os.cpu_count() or 2))
    max_waiting: int = 1_000
    # A query that has run this long gets a lower priority, and is stopped if another client has waited ``max_wait``.
    long_query: float = 1.0
    max_wait: float = 0.4
    # How long a client may take to send a request, and to continue reading a response.
    header_seconds: float = 10.0
    header_bytes: int = 65_536
    body_seconds: float = 20.0
    stall_seconds: float = 30.0
    max_connections: int = 4_000

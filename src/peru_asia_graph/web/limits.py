"""What one query, one client and the whole server may use. Limit: one set for all clients."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Seconds, bytes and counts; ``timeout`` is the longest a query runs, waiting for its turn included."""

    timeout: float = 30.0
    query_bytes: int = 1_000_000
    result_bytes: int = 32_000_000
    memory_bytes: int = 1_000_000_000
    # Answers held for slow readers, all together.
    held_bytes: int = 128_000_000
    # Processes kept ready, and the most there may be while long queries run.
    ready: int = max(2, os.cpu_count() or 2)
    most: int = max(8, 2 * (os.cpu_count() or 2))
    waiting: int = 1_000
    # When others have waited this long, the longest query over a second is ended.
    patience: float = 0.4
    grace: float = 1.0
    # A request must be sent, and an answer be read on, within these.
    header_seconds: float = 10.0
    header_bytes: int = 65_536
    body_seconds: float = 20.0
    stall_seconds: float = 30.0
    connections: int = 4_000

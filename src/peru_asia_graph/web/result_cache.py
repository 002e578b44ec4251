"""A cache of job results: least recently used, bounded by bytes, invalidated by the version of the data."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

_MAX_ENTRY_BYTES: Final = 256_000
# Approximate size of an entry's objects besides its texts.
_OVERHEAD: Final = 1_000


class JobResult(NamedTuple):
    """What a worker returns for a job: a header (status, kind, error …), a body, and the version of the data."""

    header: Mapping[str, Any]
    body: bytes
    version: str


class ResultCache:
    """Successful results by (version of the data, job)."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._entries: OrderedDict[tuple[str, bytes], JobResult] = OrderedDict()

    def get(self, version: str, job: bytes) -> JobResult | None:
        """Return the result of a job on this version of the data, None if it is not cached."""
        result = self._entries.get((version, job))
        if result is not None:
            self._entries.move_to_end((version, job))
        return result

    def put(self, job: bytes, result: JobResult) -> None:
        """Cache a result unless it is an error, long, or of unversioned data; evict the least recently used."""
        key = (result.version, job)
        if result.header["status"] != 200 or not result.version or _size(job, result) > _MAX_ENTRY_BYTES:
            return
        if key not in self._entries:
            self._bytes += _size(job, result)
        self._entries[key] = result
        self._entries.move_to_end(key)
        while self._bytes > self._max_bytes:
            (_, old), evicted = self._entries.popitem(last=False)
            self._bytes -= _size(old, evicted)


def _size(job: bytes, result: JobResult) -> int:
    return len(job) + len(result.body) + _OVERHEAD

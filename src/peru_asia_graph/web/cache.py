"""Answers kept for who asks the same again: the data of a version does not change. Tags in, answers out.

Limit: short answers only, the latest used; an answer is never kept without a tag that names the version of the data.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Final

_MOST_BYTES: Final = 32_000_000
_LONGEST: Final = 256_000
Answer = tuple[dict[str, Any], bytes]


class Answers:
    """Answers by their tag, up to so many bytes."""

    def __init__(self, most: int = _MOST_BYTES) -> None:
        self._most = most
        self._bytes = 0
        self._kept: OrderedDict[str, Answer] = OrderedDict()

    def get(self, tag: str) -> Answer | None:
        """Return the answer of a tag, if it is kept."""
        found = self._kept.get(tag)
        if found is not None:
            self._kept.move_to_end(tag)
        return found

    def put(self, tag: str, answer: Answer) -> None:
        """Keep an answer, in the place of those that were not wanted for longest."""
        size = len(answer[1])
        if size > _LONGEST or tag in self._kept:
            return
        self._kept[tag] = answer
        self._bytes += size
        while self._bytes > self._most:
            _, (_, body) = self._kept.popitem(last=False)
            self._bytes -= len(body)

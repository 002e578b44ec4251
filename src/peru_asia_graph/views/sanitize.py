"""Texts of a page without control and direction characters, which could pass for something else."""

from __future__ import annotations

import re
from typing import Any, Final

INVISIBLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+")
SPACES: Final = re.compile(r"[^\S\u00a0]+")  # a no-break space between a number and its sign stays
MAX_LENGTH: Final = 2000


def sanitize(text: Any) -> str:
    """Return the text on one line, without control and direction characters, cut after 2,000 characters.

    >>> sanitize("a\u202eb\\n c")
    'a b c'
    """
    return SPACES.sub(" ", INVISIBLE.sub(" ", str(text)[: 2 * MAX_LENGTH])).strip()[:MAX_LENGTH]


def sanitize_all(value: Any) -> Any:
    """Return the value with every text in it sanitized, keys of dictionaries included."""
    if isinstance(value, str):
        return sanitize(value)
    if isinstance(value, dict):
        return {sanitize(key): sanitize_all(part) for key, part in value.items()}
    return [sanitize_all(part) for part in value] if isinstance(value, list) else value

"""Removes control and direction characters, which could disguise text, from the texts of a page."""

from __future__ import annotations

import re
from typing import Any, Final

INVISIBLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+")
SPACES: Final = re.compile(r"[^\S\u00a0]+")  # no-break spaces between numbers and signs are kept
MAX_LENGTH: Final = 2000


def sanitize(text: Any) -> str:
    """Return the text on one line, without control and direction characters, truncated to 2,000 characters.

    >>> sanitize("a\u202eb\\n c")
    'a b c'
    """
    return SPACES.sub(" ", INVISIBLE.sub(" ", str(text)[: 2 * MAX_LENGTH])).strip()[:MAX_LENGTH]


def sanitize_all(value: Any) -> Any:
    """Return the value with all its texts sanitized, including dictionary keys."""
    if isinstance(value, str):
        return sanitize(value)
    if isinstance(value, dict):
        return {sanitize(key): sanitize_all(part) for key, part in value.items()}
    return [sanitize_all(part) for part in value] if isinstance(value, list) else value

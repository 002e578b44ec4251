"""The kinds of lines of ownership pictures: how each is dashed, and how wide. Small pictures and pages read one file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parent / "line_kinds.json"


@dataclass(frozen=True)
class LineKind:
    """How a kind of line is drawn: lengths of dashes and gaps, ends of dashes, whether it is hollow."""

    dash: tuple[float, ...] = ()
    cap: str = ""
    hollow: bool = False


@lru_cache
def line_kinds() -> dict[str, LineKind]:
    """Return the kinds by name: ``share``, ``noshare`` (share not stated), ``former`` or doubtful, ``named``."""
    found = json.loads(FILE.read_text("utf-8"))
    return {
        name: LineKind(tuple(look["dash"]), look.get("cap", ""), look.get("hollow", False))
        for name, look in found.items()
    }


def line_width(kind: str, share: float | None) -> float:
    """Return the width of a line in pixels; a share makes it thicker.

    >>> line_width("share", 60.0), line_width("noshare", None)
    (4.8, 1.7)
    """
    return 1.7 if share is None or kind != "share" else 1.2 + share * 0.06

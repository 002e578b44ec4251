"""The kinds of lines of ownership pictures: how each is dashed and how wide, from the file that the pages read too."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parent / "line_kinds.json"


@dataclass(frozen=True)
class LineKind:
    """How a kind of line is drawn: lengths of dashes and gaps, ends of dashes, whether it is hollow, its width."""

    dash: tuple[float, ...] = ()
    cap: str = ""
    hollow: bool = False
    width: float = 1.7


@lru_cache
def line_kinds() -> dict[str, LineKind]:
    """Return the kinds by name.

    A ``solid`` line has a share, a ``dashed`` one none stated; ``dotted`` is not certain, ``former`` holds no longer.
    ``named`` is a company named without a stake, hollow; it too may be not certain or no longer.
    """
    found = json.loads(FILE.read_text("utf-8"))
    return {
        name: LineKind(tuple(look["dash"]), look.get("cap", ""), look.get("hollow", False), look.get("width", 1.7))
        for name, look in found.items()
    }


def line_width(kind: str, share: float | None) -> float:
    """Return the width of a line in pixels; a share makes it thicker.

    >>> line_width("solid", 60.0), line_width("dashed", None), line_width("named", None)
    (4.8, 1.7, 3.6)
    """
    return line_kinds()[kind].width if share is None or kind != "solid" else 1.2 + share * 0.06

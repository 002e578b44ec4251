"""The line styles of ownership pictures (dashes and widths), from the file that the pages also read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parent / "line_kinds.json"


@dataclass(frozen=True)
class LineKind:
    """The style of a kind of line: lengths of dashes and gaps, line caps, whether it is hollow, its width."""

    dash: tuple[float, ...] = ()
    cap: str = ""
    hollow: bool = False
    width: float = 1.7


@lru_cache
def line_kinds() -> dict[str, LineKind]:
    """Return the kinds by name.

    A ``solid`` line has a share, a ``dashed`` one has none stated; ``dotted`` is uncertain, ``former`` no longer holds.
    ``named`` is a company named without a stake, drawn hollow; it can also be uncertain or former.
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

"""Counts as horizontal bars in a small picture: one row per name, with the counts of several kinds side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from peru_asia_graph.views.small.svg import WIDE, label, link, picture, rectangle
from peru_asia_graph.views.small.text_width import shorten_text, text_width

_ROW: Final = 28.0
_BAR: Final = 16.0


@dataclass(frozen=True)
class SmallBar:
    """A row: its name, its counts by kind, the tone of its bar, and its link."""

    name: str
    counts: Sequence[int]
    tone: str = "other"
    link: str = ""


def draw_bars(bars: Sequence[SmallBar], name: str, key: str = "bars", width: float = WIDE) -> str:
    """Return the picture: filled bars for the first kind, hollow ones for the second."""
    names = min(170.0, width * 0.3)
    most = max((sum(bar.counts) for bar in bars), default=1) or 1
    words = max(text_width(_counted(bar), 12.5) for bar in bars)
    scale = (width - names - words - 24) / most
    parts = []
    for place, bar in enumerate(bars):
        y = place * _ROW + 6
        title = shorten_text(bar.name, 13, names - 14)
        row = [label(title, names - 12, y + _BAR - 3.5, anchor="end")]
        x = names
        for kind, count in enumerate(bar.counts):
            if count:
                long = max(2.0, count * scale)
                fill = bar.tone if kind == 0 else "card"
                row.append(rectangle(x, y, long, _BAR, fill=fill, stroke=bar.tone, radius=2))
                x += long + 2
        row.append(label(_counted(bar), x + 7, y + _BAR - 3.5, fill="muted", size=12.5))
        parts.append(link("".join(row), bar.link, bar.name))
    return picture(parts, width, len(bars) * _ROW + 6, name, key)


def _counted(bar: SmallBar) -> str:
    return " + ".join(map(str, bar.counts))

"""A timeline as a small picture: moments, periods and the dates of sources, with labels that never overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from peru_asia_graph.views.small.svg import WIDE, circle, label, link, number, path, picture, rectangle
from peru_asia_graph.views.small.text_width import shorten_text, text_width

_EDGE: Final = 18.0
_ROW: Final = 19.0
_SIZE: Final = 12.5
_STEPS: Final = (1, 2, 5, 10, 20, 50, 100)
# Minimum number of years shown.
_LEAST: Final = 4


@dataclass(frozen=True)
class TimeMark:
    """An entry of the timeline: fractional years (2009.3), its label, tone and link.

    The mark of a source's date is hollow, because it is not an event. ``end`` is None for a moment.
    """

    start: float
    text: str
    end: float | None = None
    tone: str = "ink"
    link: str = ""
    hollow: bool = False


def draw_timeline(marks: Sequence[TimeMark], name: str, key: str = "times", width: float = WIDE) -> str:
    """Return the picture; ``name`` is the text alternative. Empty without marks."""
    if not marks:
        return ""
    low, high, step = _scale(marks, int(width / 90))
    scale = (width - 2 * _EDGE) / (high - low)

    def across(year: float) -> float:
        return _EDGE + (year - low) * scale

    rows: list[list[tuple[float, float]]] = []
    drawn: list[str] = []
    for mark in sorted(marks, key=lambda one: (one.start, one.text)):
        x0 = across(mark.start)
        x1 = across(mark.end) if mark.end is not None else x0
        row, part = _place(mark, x0, x1, rows, width)
        drawn.append(link(part, mark.link, mark.text) if row >= 0 else part)
    floor = len(rows) * _ROW + 8
    years = [low + step * place for place in range(int((high - low) / step) + 1)]
    back = [path(f"M{number(across(year))} 2V{number(floor)}", stroke="rule") for year in years]
    back.append(path(f"M{number(_EDGE / 2)} {number(floor)}H{number(width - _EDGE / 2)}", stroke="line"))
    below = [label(str(year), across(year), floor + 15, fill="muted", size=12, anchor="middle") for year in years]
    return picture([*back, *drawn, *below], width, floor + 20, name, key)


def _scale(marks: Sequence[TimeMark], most: int) -> tuple[int, int, int]:
    """Return the first and last year shown, and the years labelled in between."""
    first = int(min(one.start for one in marks))
    last = int(max(one.end if one.end is not None else one.start for one in marks)) + 1
    step = next((one for one in _STEPS if (last - first) / one <= most), 200)
    if last - first < _LEAST:
        first, last, step = first - (_LEAST - last + first) // 2, first + _LEAST, 1
    low = first // step * step
    high = -(-last // step) * step
    return low, high if high > low else low + step, step


def _place(
    mark: TimeMark, x0: float, x1: float, rows: list[list[tuple[float, float]]], width: float
) -> tuple[int, str]:
    """Return the row of a mark and its drawing: the first row in which neither mark nor label overlaps another."""
    after, before = width - x1 - 11, x0 - 11
    room = text_width(mark.text, _SIZE)
    right = room <= after or (room > before and after >= before)
    text = shorten_text(mark.text, _SIZE, after if right else before)
    room = text_width(text, _SIZE)
    span = (x0 - 7, x1 + 9 + room + 8) if right else (x0 - 9 - room - 8, x1 + 7)
    row = next((n for n, taken in enumerate(rows) if all(span[1] <= a or span[0] >= b for a, b in taken)), len(rows))
    if row == len(rows):
        rows.append([])
    rows[row].append(span)
    y = row * _ROW + 12
    if mark.end is not None and x1 - x0 > 8:
        sign = rectangle(x0, y - 4.5, x1 - x0, 9, fill="card" if mark.hollow else mark.tone, stroke=mark.tone)
    else:
        sign = circle(x0, y, 4.5, fill="card" if mark.hollow else mark.tone, stroke=mark.tone)
    words = label(text, x1 + 9 if right else x0 - 9, y + 4.2, size=_SIZE, anchor="start" if right else "end")
    return row, sign + words

"""Ownership around a thing for a narrow screen: one name per row, the owners of a holder indented below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from peru_asia_graph.views.small.line_kinds import line_kinds, line_width
from peru_asia_graph.views.small.ownership import SmallLine, SmallNode, draw_marks, draw_stroke, marks_width
from peru_asia_graph.views.small.svg import NARROW, label, link, number, picture, rectangle
from peru_asia_graph.views.small.text_width import shorten_text, text_width

_ROW: Final = 30.0
_BOX: Final = 24.0
_INDENT: Final = 22.0
_DEPTH: Final = 4


def draw_ladder(nodes: Sequence[SmallNode], lines: Sequence[SmallLine], centre: str, name: str) -> str:
    """Return the picture: the thing, below it its owners, then its holdings; ``name`` is the text alternative.

    An owner of several things is repeated below each.
    """
    known = {one.key: one for one in nodes}
    parts = [_box(known[centre], 0, 0, is_centre=True)]
    row = 1
    for upward in (True, False):
        row = _branch(known, lines, centre, upward, 1, row, parts, {centre})
    return picture(parts, NARROW, row * _ROW, name, "ladder")


def _branch(
    known: Mapping[str, SmallNode], lines: Sequence[SmallLine], of: str, upward: bool, level: int, row: int,
    parts: list[str], above: set[str],
) -> int:  # fmt: skip
    """Draw the owners or the holdings of a thing, starting at a row; return the next free row."""
    start = row - 1
    for line in lines:
        near, far = (line.target, line.source) if upward else (line.source, line.target)
        if near != of or far in above or far not in known or level > _DEPTH:
            continue
        tone = known[line.source].tone
        x, y = (level - 1) * _INDENT + 11, row * _ROW + _BOX / 2
        run = f"M{number(x)} {number(start * _ROW + _BOX)}V{number(y)}H{number(x + _INDENT - 11)}"
        parts += draw_stroke(run, line_kinds()[line.kind], tone, min(3.2, line_width(line.kind, line.share)))
        parts.append(_box(known[far], level, row, line))
        row = _branch(known, lines, far, upward, level + 1, row + 1, parts, above | {far})
    return row


def _box(node: SmallNode, level: int, row: int, line: SmallLine | None = None, is_centre: bool = False) -> str:
    left, top = level * _INDENT, row * _ROW
    width = NARROW - left - 2
    differs = bool(line and line.differs)
    text = line.text if line else ""
    marks = marks_width(line) if line else 0
    shown = text_width(text, 13, differs) + marks
    parts = [rectangle(left, top, width, _BOX, fill="highlight" if is_centre else "card", stroke=node.tone)]
    parts.append(rectangle(left, top, 6, _BOX, fill=node.tone, radius=2))
    code = text_width(node.code, 11.5) + 8 if node.code else 0
    room = width - 14 - code - shown - 14
    name = shorten_text(node.name, 13, room, is_centre)
    parts.append(label(name, left + 12, top + 16.5, weight=650 if is_centre else 400))
    if node.code:
        place = left + 12 + text_width(name, 13, is_centre) + 7
        parts.append(label(node.code, place, top + 16.5, fill="muted", size=11.5))
    if text:
        tone = "differ-text" if differs else "ink"
        parts.append(label(text, NARROW - 8 - marks, top + 16.5, anchor="end", weight=650, fill=tone))
    if line:
        parts += draw_marks(line, NARROW - 6, top + _BOX / 2)
    return link("".join(parts), node.link, node.name)

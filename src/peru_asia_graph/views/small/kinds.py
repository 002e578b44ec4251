"""A class diagram as a small picture: the class hierarchy, the properties, and the classes they lead to.

Each property has its own row, so that texts never overlap; lines cross only to the right of the texts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from peru_asia_graph.views.small.svg import SIZE, label, link, number, path, picture, rectangle
from peru_asia_graph.views.small.text_width import shorten_text, text_width, wrap_text

# Maximum width of a box.
_BOX: Final = 190.0
_FAN: Final = 72.0
_ROW: Final = 20.0
_LINE: Final = 15.0
_GAP: Final = 7.0
_INDENT: Final = 15.0
_WIDEST: Final = 214.0
_HEAD: Final = 26.0
_PORT: Final = 8.0
_SMALL: Final = 11.5


@dataclass(frozen=True)
class KindBox:
    """One class, or several in the domain or range of a property: ``names`` has the text and the link of each.

    ``parent`` is the key of its superclass; an ``outside`` class belongs to another theme.
    """

    key: str
    names: Sequence[tuple[str, str]]
    parent: str = ""
    outside: bool = False


@dataclass(frozen=True)
class KindLine:
    """A property that leads from a box on the left to a box on the right."""

    source: str
    target: str
    text: str
    link: str = ""


@dataclass
class _Placed:
    box: KindBox
    lines: Sequence[tuple[str, str]]
    x: float
    width: float
    height: float
    y: float = 0.0
    rows: list[KindLine] = field(default_factory=list)


def draw_kinds(
    left: Sequence[KindBox], right: Sequence[KindBox], lines: Sequence[KindLine], heads: Sequence[str], name: str,
    key: str,
) -> str:  # fmt: skip
    """Return the picture; parents come before their children, ``heads`` are the titles of the three columns."""
    depths: dict[str, int] = {}
    for box in left:
        depths[box.key] = depths[box.parent] + 1 if box.parent in depths else 0
    known, targets = depths.keys(), {box.key for box in right}
    drawn = [line for line in lines if line.source in known and line.target in targets]
    near = 1 + _width(left, depths)
    sources = {box.key: _make(box, 1 + depths[box.key] * _INDENT, near) for box in left}
    for line in sorted(drawn, key=lambda line: (line.target, line.text)):
        sources[line.source].rows.append(line)
    column = max([min(_WIDEST, text_width(line.text, SIZE)) for line in drawn], default=0.0)
    at = near + 18 + column + _FAN if drawn else 0.0
    met = [box for box in right if any(line.target == box.key for line in drawn)]
    far = _width(met, {})
    ends = {box.key: _make(box, at, at + far) for box in met}
    height = _place(sources, ends)
    columns = list(zip(heads, (0, near + 14, at), strict=True))[: None if drawn else 1]
    parts = [label(text, x, 13, fill="muted", size=_SMALL) for text, x in columns]
    parts += _tree(sources)
    parts += _rows(sources, ends, near, column, at)
    parts += [_draw(one) for one in (*sources.values(), *ends.values())]
    return picture(parts, at + (far if drawn else near) + 2, height + 2, name, key)


def _width(boxes: Sequence[KindBox], depths: Mapping[str, int]) -> float:
    """Return the width of a column of boxes: that of their names, within limits."""
    needs = [text_width(text, SIZE, bold=True) + depths.get(box.key, 0) * _INDENT for box in boxes
             for text, _ in box.names]  # fmt: skip
    return min(_BOX, max([110.0, *needs]) + 20)


def _make(box: KindBox, x: float, right: float) -> _Placed:
    room = right - x - 16
    lines = [(line, target) for text, target in box.names
             for line in (wrap_text(text, SIZE, room, bold=True) if len(box.names) == 1
                          else [shorten_text(text, SIZE, room)])]  # fmt: skip
    return _Placed(box, lines, x, right - x, 10 + _LINE * len(lines))


def _place(sources: Mapping[str, _Placed], ends: Mapping[str, _Placed]) -> float:
    """Set the position of each box, those on the right in the order of the rows leading to them; return the height."""
    top = _HEAD
    meets: dict[str, list[float]] = defaultdict(list)
    for one in sources.values():
        one.height = max(one.height, len(one.rows) * _ROW + 4)
        top += 0 if one.box.parent in sources else 5
        one.y = top
        top += one.height + _GAP
        for place, row in enumerate(one.rows):
            meets[row.target].append(_row_y(one, place))
    bottom, free = top, _HEAD
    ordered = sorted(ends.values(), key=lambda one: (sum(meets[one.box.key]) / len(meets[one.box.key]), one.box.key))
    for one in ordered:
        one.height = max(one.height, len(meets[one.box.key]) * _PORT + 8)
    needed = sum(one.height + _GAP for one in ordered)
    for one in ordered:
        middle = sum(meets[one.box.key]) / len(meets[one.box.key])
        latest = max(_HEAD, bottom - needed)
        one.y = max(free, min(middle - one.height / 2, latest))
        free = one.y + one.height + _GAP
        needed -= one.height + _GAP
    return max(bottom, free) - _GAP


def _row_y(one: _Placed, place: int) -> float:
    return one.y + one.height / 2 + (place - (len(one.rows) - 1) / 2) * _ROW


def _tree(sources: Mapping[str, _Placed]) -> list[str]:
    """Return the lines from classes to their parents, with hollow arrowheads."""
    parts = []
    for one in sources.values():
        above = sources.get(one.box.parent)
        if above is not None:
            x, y, low = above.x + 8, one.y + one.height / 2, above.y + above.height
            parts.append(path(f"M{number(x)} {number(low + 6)}V{number(y)}H{number(one.x)}", stroke="line"))
    for key in {one.box.parent for one in sources.values()} & sources.keys():
        above = sources[key]
        tip = f"M{number(above.x + 8)} {number(above.y + above.height)}l4.5 6h-9z"
        parts.append(path(tip, stroke="line", fill="paper"))
    return sorted(parts)


def _rows(
    sources: Mapping[str, _Placed], ends: Mapping[str, _Placed], near: float, column: float, at: float
) -> list[str]:
    """Return each property: its name in its row, and the line to its target."""
    arriving: dict[str, list[tuple[float, KindLine]]] = defaultdict(list)
    for one in sources.values():
        for place, row in enumerate(one.rows):
            arriving[row.target].append((_row_y(one, place), row))
    runs, heads, texts = [], [], []
    for key, rows in arriving.items():
        end = ends[key]
        for place, (y, row) in enumerate(rows):
            meet = end.y + end.height / 2 + (place - (len(rows) - 1) / 2) * min(_PORT, (end.height - 8) / len(rows))
            text = shorten_text(row.text, SIZE, _WIDEST)
            start, bend = near + 18 + text_width(text, SIZE), near + 18 + column
            half = number((at - 7 - bend) / 2)
            curve = f"c{half} 0 {half} {number(meet - y)} {number(at - 7 - bend)} {number(meet - y)}"
            runs.append(f"M{number(near)} {number(y)}h10M{number(start)} {number(y)}H{number(bend)}{curve}")
            heads.append(f"M{number(at - 1)} {number(meet)}l-7 -3.5v7z")
            texts.append(link(label(text, near + 14, y + 4.5), row.link))
    return [path("".join(runs), stroke="line"), path("".join(heads), fill="line"), *texts] if runs else []


def _draw(one: _Placed) -> str:
    """Return a box with its names; a box of several classes is rounded."""
    several = len(one.box.names) > 1
    parts = [rectangle(one.x, one.y, one.width, one.height, fill="band" if several else "card",
                       stroke="line" if several or one.box.outside else "accent", radius=9 if several else 3,
                       dash="4 3" if one.box.outside else "")]  # fmt: skip
    top = one.y + one.height / 2 - _LINE * len(one.lines) / 2 + 11.8
    weight = 400 if several or one.box.outside else 650
    texts = [label(text, one.x + 9, top + _LINE * place, weight=weight) for place, (text, _) in enumerate(one.lines)]
    if several:
        parts += [link(text, target) for text, (_, target) in zip(texts, one.lines, strict=True)]
        return "".join(parts)
    return link("".join([*parts, *texts]), one.lines[0][1] if one.lines else "")

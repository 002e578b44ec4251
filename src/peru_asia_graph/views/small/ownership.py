"""The holders and holdings of a thing as a small picture: owners to the left of what they own.

Direct shares end at the thing; owners of a holder are further left. A hollow line is a company that is only named for
the thing, which is never a share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from peru_asia_graph.views.small.line_kinds import LineKind, line_kinds, line_width
from peru_asia_graph.views.small.svg import SIZE, circle, label, link, number, path, picture, rectangle
from peru_asia_graph.views.small.text_width import text_width, wrap_text

_BOX: Final = 168.0
_RUN: Final = 132.0
_GAP: Final = 10.0
_STEP: Final = 19.0
_LINE: Final = 15.0
_MARK: Final = 7.0
_HEAD: Final = 9.0


@dataclass(frozen=True)
class SmallNode:
    """A box: its name, the tone and code of its home state, and its link."""

    key: str
    name: str
    tone: str = "none"
    code: str = ""
    link: str = ""


@dataclass(frozen=True)
class SmallLine:
    """A line from an owner to an asset.

    ``kind`` is one of `line_kinds`, ``text`` the label at its end, ``marks`` the letter of each source and whether it
    states the line, empty if there is only one source.
    """

    source: str
    target: str
    kind: str
    text: str = ""
    share: float | None = None
    marks: Sequence[tuple[str, bool]] = ()
    differs: bool = False


@dataclass
class _Box:
    node: SmallNode
    lines: Sequence[str]
    rank: int
    height: float
    y: float = 0.0
    ins: list[SmallLine] = field(default_factory=list)
    outs: list[SmallLine] = field(default_factory=list)


def draw_ownership(nodes: Sequence[SmallNode], lines: Sequence[SmallLine], centre: str, name: str) -> str:
    """Return the picture of the lines around the node ``centre``; ``name`` is the text alternative."""
    known = {one.key for one in nodes}
    drawn = [one for one in lines if {one.source, one.target} <= known and one.source != one.target]
    ranks = _ranks(drawn, centre)
    boxes = {one.key: _make_box(one, ranks[one.key]) for one in nodes if one.key in ranks}
    drawn = [one for one in drawn if one.source in boxes and one.target in boxes]
    drawn = [part for line in drawn for part in _in_steps(line, boxes)]
    for line in drawn:
        boxes[line.source].outs.append(line)
        boxes[line.target].ins.append(line)
    for box in boxes.values():
        ports = max(len(box.ins), len(box.outs) if box.rank >= ranks[centre] else 1)
        box.height = max(box.height, ports * _STEP + 6)
    columns: dict[int, list[_Box]] = defaultdict(list)
    for box in boxes.values():
        columns[box.rank].append(box)
    height = _place(columns, boxes[centre])
    left = {rank: place * (_BOX + _RUN) for place, rank in enumerate(sorted(columns))}
    parts = [part for line in drawn for part in _line(line, boxes, left)]
    parts += [_box(box, left[box.rank], box.node.key == centre) for box in boxes.values() if box.lines]
    return picture(parts, (len(columns) - 1) * (_BOX + _RUN) + _BOX + 2, height + 2, name, "owners")


def _ranks(lines: Sequence[SmallLine], centre: str) -> dict[str, int]:
    """Return the column of each node: 0 for the centre; owners are to the left of what they own."""
    ranks = {centre: 0}
    for step, near, far in ((-1, "target", "source"), (1, "source", "target")):
        edge, place = {centre}, 0
        while edge:
            place += step
            edge = {getattr(one, far) for one in lines if getattr(one, near) in edge} - ranks.keys()
            ranks |= dict.fromkeys(edge, place)
    return _apart(lines, ranks)


def _apart(lines: Sequence[SmallLine], ranks: dict[str, int]) -> dict[str, int]:
    """Return the columns with each owner to the left of all that it owns; unchanged if owners own each other."""
    wider = dict(ranks)
    drawn = [one for one in lines if {one.source, one.target} <= ranks.keys()]
    for _ in ranks:
        close = [one for one in drawn if wider[one.source] >= wider[one.target]]
        if not close:
            return wider
        for one in close:
            if ranks[one.target] > 0:
                wider[one.target] = max(wider[one.target], wider[one.source] + 1)
            else:
                wider[one.source] = min(wider[one.source], wider[one.target] - 1)
    return ranks


def _in_steps(line: SmallLine, boxes: dict[str, _Box]) -> list[SmallLine]:
    """Return a line split into steps of one column; a box without a name reserves space in each column it crosses."""
    source, target = boxes[line.source], boxes[line.target]
    passed = [f"{line.source} {line.target} {line.kind} {rank}" for rank in range(source.rank + 1, target.rank)]
    for rank, key in enumerate(passed, source.rank + 1):
        boxes[key] = _Box(SmallNode(key, "", source.node.tone), (), rank, _STEP)
    ends = [line.source, *passed, line.target]
    steps = [replace(line, source=one, target=other) for one, other in pairwise(ends)]
    return [*(replace(one, text="", marks=()) for one in steps[:-1]), *steps[-1:]]


def _make_box(node: SmallNode, rank: int) -> _Box:
    room = _BOX - 18 - (text_width(node.code, 11) + 8 if node.code else 0)
    lines = wrap_text(node.name, SIZE, room)
    return _Box(node, lines, rank, 12 + _LINE * len(lines))


def _place(columns: Mapping[int, list[_Box]], centre: _Box) -> float:
    """Set each box's vertical position, in the order of its neighbours nearer the centre; return the height."""
    place: dict[str, int] = {centre.node.key: 0}
    for rank in sorted(columns, key=abs):
        toward = [(box, [place[_end(line, rank)] for line in (box.outs if rank < 0 else box.ins)
                         if _end(line, rank) in place]) for box in columns[rank]]  # fmt: skip
        ordered = sorted(toward, key=lambda one: min(one[1], default=0)) if rank else toward
        columns[rank][:] = [box for box, _ in ordered]
        place |= {box.node.key: number for number, box in enumerate(columns[rank])}
    needs = {rank: sum(box.height for box in some) + _GAP * (len(some) - 1) for rank, some in columns.items()}
    height = max(needs.values())
    for rank, some in columns.items():
        top = 1 + (height - needs[rank]) / 2
        for box in some:
            box.y = top + box.height / 2
            top += box.height + _GAP
    return height


def _end(line: SmallLine, rank: int) -> str:
    return line.target if rank < 0 else line.source


def _port(box: _Box, line: SmallLine, boxes: Mapping[str, _Box], ins: bool) -> float:
    """Return the height at which a line meets a box: ports are ordered like the boxes at the other ends."""
    ends = sorted(box.ins if ins else box.outs, key=lambda one: boxes[one.source if ins else one.target].y)
    step = min(_STEP, (box.height - 8) / max(1, len(ends)))
    return box.y + (ends.index(line) - (len(ends) - 1) / 2) * step


def _line(line: SmallLine, boxes: Mapping[str, _Box], left: Mapping[int, float]) -> list[str]:
    source, target = boxes[line.source], boxes[line.target]
    x0, x1 = left[source.rank] + _BOX, left[target.rank]
    y0, y1 = _port(source, line, boxes, ins=False), _port(target, line, boxes, ins=True)
    kind = line_kinds()[line.kind]
    tone = source.node.tone
    marks = marks_width(line)
    text = text_width(line.text, SIZE, line.differs)
    end = x1 - _HEAD - marks - (text + 8 if line.text else 0)
    if not target.lines:
        return draw_stroke(f"{_curve(x0, y0, x1, y1)}h{number(_BOX)}", kind, tone, line_width(line.kind, line.share))
    parts = draw_stroke(_curve(x0, y0, end, y1), kind, tone, line_width(line.kind, line.share))
    if line.text:
        colour_name = "differ-text" if line.differs else "ink"
        parts.append(label(line.text, end + 4, y1 + 4.5, fill=colour_name, weight=650 if line.differs else 400))
    parts += draw_marks(line, x1 - _HEAD, y1)
    head = f"M{number(x1 - 1)} {number(y1)}l{number(1 - _HEAD)} -4.5v9z"
    parts.append(path(head, stroke=tone, fill="card" if kind.hollow else tone))
    return parts


def _curve(x0: float, y0: float, end: float, y1: float) -> str:
    bend = (end - x0) / 2
    points = ((x0 + bend, y0), (end - bend, y1), (end, y1))
    return f"M{number(x0)} {number(y0)}C" + " ".join(f"{number(x)} {number(y)}" for x, y in points)


def draw_stroke(curve: str, kind: LineKind, tone: str, width: float) -> list[str]:
    """Return a line along a path in the style of its kind."""
    if kind.hollow:
        return [path(curve, stroke=tone, width=width), path(curve, stroke="card", width=width - 2)]
    return [path(curve, stroke=tone, width=width, dash=" ".join(map(number, kind.dash)), cap=kind.cap)]


def marks_width(line: SmallLine) -> float:
    """Return the width of a line's source marks."""
    return 2 * _MARK * len(line.marks) + (4 if line.marks else 0)


def draw_marks(line: SmallLine, right: float, y: float) -> list[str]:
    """Return the source marks of a line, right-aligned at this position."""
    start = right - marks_width(line) + 2
    return [part for place, (letter, says) in enumerate(line.marks)
            for part in _mark(letter, says, start + _MARK * (2 * place + 1), y, line.differs)]  # fmt: skip


def _mark(letter: str, says: bool, x: float, y: float, differs: bool) -> list[str]:
    """Return the mark of a source: filled if it states the stake, hollow if not."""
    fill, ink = ("differ", "ink") if differs and says else ("ink", "card") if says else ("card", "muted")
    disc = circle(x, y, _MARK - 0.5, fill=fill, stroke="ink" if says else "line", width=1)
    return [disc, label(letter, x, y + 3.9, fill=ink, size=11, anchor="middle", weight=650)]


def _box(box: _Box, left: float, is_centre: bool) -> str:
    node, top = box.node, box.y - box.height / 2
    tone = node.tone
    parts = [rectangle(left, top, _BOX, box.height, fill="highlight" if is_centre else "card", stroke=tone)]
    parts.append(rectangle(left, top, 7, box.height, fill=tone, radius=2))
    for place, text in enumerate(box.lines):
        y = box.y + (place - (len(box.lines) - 1) / 2) * _LINE + 4.5
        parts.append(label(text, left + 14, y, weight=650 if is_centre else 400))
    if node.code:
        parts.append(label(node.code, left + _BOX - 6, box.y + 4, fill="muted", size=11, anchor="end"))
    return link("".join(parts), node.link, node.name)

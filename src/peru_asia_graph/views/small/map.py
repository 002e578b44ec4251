"""A location in Peru as a small picture: a filled disc at a position, a hollow one in a department."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final

from peru_asia_graph.views.outlines import UNITS, outlines
from peru_asia_graph.views.small.svg import circle, colour, number, path, picture

# The bounds of Peru with a margin, in degrees east and south.
WEST: Final = -81.6
NORTH: Final = -0.2
EAST: Final = -68.4
SOUTH: Final = 18.6
TOLERANCE: Final = 0.08
RADIUS: Final = 7.0
_WIDTH: Final = 190
# Shares of states as tones of the style sheet ("china", "korea", …) with percentages, in order.
Tones = Sequence[tuple[str, float]]
UNKNOWN: Final[Tones] = (("none", 1.0),)


@dataclass(frozen=True)
class MapPoint:
    """A position in decimal degrees, with the tones of the owners' states by share."""

    latitude: float
    longitude: float
    tones: Tones = UNKNOWN


def draw_map(
    points: Sequence[MapPoint],
    name: str,
    *,
    departments: Sequence[str] = (),
    tones: Tones = UNKNOWN,
) -> str:
    """Return the picture; ``name`` is the text alternative. Empty if nothing can be drawn.

    ``departments`` are marked; if no point is within the picture, each has a hollow disc of ``tones``.

    >>> draw_map([], "Nowhere"), draw_map([MapPoint(52.5, 13.4)], "Berlin")
    ('', '')
    >>> draw_map([], "In Loreto", departments=["Loreto"])[:18]
    '<svg class="small"'
    """
    shown = [one for one in points if WEST <= one.longitude <= EAST and NORTH <= -one.latitude <= SOUTH]
    land = outlines(TOLERANCE)
    marked = [one for one in land if one["name"] in set(departments)]
    if not shown and not marked:
        return ""
    scale = _WIDTH / (EAST - WEST)
    unit = scale / UNITS
    parts = [f'<g transform="translate({number(-WEST * scale)} {number(-NORTH * scale)}) scale({unit:.4f})" '
             f'stroke="{colour("rule")}" stroke-width="{number(0.8 / unit)}">']  # fmt: skip
    parts += [path(one["d"], fill="band" if one in marked else "card") for one in land]
    parts.append("</g>")
    for one in shown:
        x, y = (one.longitude - WEST) * scale, (-one.latitude - NORTH) * scale
        parts.append(_disc(x, y, one.tones))
    for department in () if shown else marked:
        x, y = department["at"][0] / UNITS - WEST, department["at"][1] / UNITS - NORTH
        parts.append(_disc(x * scale, y * scale, tones) + circle(x * scale, y * scale, RADIUS * 0.55, fill="card"))
    return picture(parts, _WIDTH, (SOUTH - NORTH) * scale, name, "place")


def _disc(x: float, y: float, tones: Tones) -> str:
    """Return a disc with one sector per tone, clockwise from the top."""
    whole = sum(share for _, share in tones)
    drawn = [circle(x, y, RADIUS + 1.2, fill="paper")]
    angle = -pi / 2
    for tone, share in tones:
        turn = 2 * pi * share / whole
        drawn.append(circle(x, y, RADIUS, fill=tone) if share == whole else path(_sector(x, y, angle, turn), fill=tone))
        angle += turn
    return "".join(drawn)


def _sector(x: float, y: float, start: float, turn: float) -> str:
    ends = [(x + RADIUS * cos(angle), y + RADIUS * sin(angle)) for angle in (start, start + turn)]
    (x1, y1), (x2, y2) = ends
    large = int(turn > pi)
    arc = f"A{number(RADIUS)} {number(RADIUS)} 0 {large} 1 {number(x2)} {number(y2)}"
    return f"M{number(x)} {number(y)}L{number(x1)} {number(y1)}{arc}Z"

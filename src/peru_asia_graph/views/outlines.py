"""The outlines of Peru's departments as SVG paths, in hundredths of a degree east and south."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

from peru_asia_graph.sources.departments import Department, Point, departments, distance_from

UNITS: Final = 100
CREDIT_ADDRESS: Final = "https://github.com/juaneladio/peru-geojson"


@lru_cache
def outlines(tolerance: float) -> tuple[dict[str, Any], ...]:
    """Return name, path and label position of each department; its outline is simplified by ``tolerance`` degrees.

    >>> len(outlines(0.1)), outlines(0.1)[0]["name"], outlines(0.1)[0]["d"][:2]
    (25, 'Amazonas', 'M-')
    """
    return tuple(
        {"name": one.name, "d": path(one, tolerance), "at": [round(east * UNITS), round(-north * UNITS)]}
        for one in departments().values()
        for east, north in [centroid(one.rings[0])]
    )


def path(department: Department, tolerance: float) -> str:
    """Return the SVG path of an outline, with relative coordinates in whole units."""
    return "".join(_ring(simplify(ring, tolerance)) for ring in department.rings)


def _ring(ring: Sequence[Point]) -> str:
    points = [(round(x * UNITS), round(-y * UNITS)) for x, y in ring]
    steps = [(x - a, y - b) for (a, b), (x, y) in pairwise(points) if (x, y) != (a, b)]
    return f"M{points[0][0]} {points[0][1]}l" + " ".join(f"{x} {y}" for x, y in steps) + "z"


def centroid(ring: Sequence[Point]) -> Point:
    """Return the centroid of the area within a ring.

    >>> centroid([(0, 0), (2, 0), (2, 2), (0, 2), (0, 0)])
    (1.0, 1.0)
    """
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return x / (3 * area), y / (3 * area)


def simplify(line: Sequence[Point], tolerance: float) -> list[Point]:
    """Simplify a line by removing points closer than ``tolerance`` to it (Douglas and Peucker).

    >>> simplify([(0, 0), (1, 0.01), (2, 0), (2, 2), (0, 0)], 0.1)
    [(0, 0), (2, 0), (2, 2), (0, 0)]
    """
    kept, spans = {0, len(line) - 1}, [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        far, worst = max(
            ((distance_from(line[at], line[first], line[last]), at) for at in range(first + 1, last)), default=(0.0, 0)
        )
        if far > tolerance:
            kept.add(worst)
            spans += [(first, worst), (worst, last)]
    return [line[at] for at in sorted(kept)]

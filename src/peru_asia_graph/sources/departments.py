"""The departments of Peru: their outlines, and the distance of a position from a department.

The outlines are simplified (``assets/peru-departments``), and an oil block may extend across a border or into the sea.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path
from typing import Final

from peru_asia_graph.vocabulary import fold

OUTLINES: Final = Path(__file__).parents[1] / "assets" / "peru-departments" / "peru-departments.geojson"
KM_PER_DEGREE: Final = 111.2
# Words that stay in lower case in a name.
_SMALL: Final = {"de", "del", "la", "las", "los"}

# Longitude and latitude in degrees, as in GeoJSON.
Point = tuple[float, float]


@dataclass(frozen=True)
class Department:
    """A department with the outer rings of its outline; the last point of a ring is its first."""

    name: str
    rings: Sequence[Sequence[Point]]

    def contains(self, latitude: float, longitude: float) -> bool:
        """Return whether a position is within the outline.

        >>> find_department("Ica").contains(-15.2067, -75.1181), find_department("Ica").contains(-3.861, -75.279)
        (True, False)
        """
        return any(_is_inside(longitude, latitude, ring) for ring in self.rings)

    def distance(self, latitude: float, longitude: float) -> float:
        """Return the distance of a position from the department in kilometres, 0 within it."""
        if self.contains(latitude, longitude):
            return 0.0
        east = cos(radians(latitude))
        shifted = ([((x - longitude) * east, y - latitude) for x, y in ring] for ring in self.rings)
        return KM_PER_DEGREE * min(distance_from((0.0, 0.0), a, b) for ring in shifted for a, b in pairwise(ring))


@lru_cache
def departments() -> Mapping[str, Department]:
    """Return the departments by plain name, sorted by name."""
    features = json.loads(OUTLINES.read_text("utf-8"))["features"]
    found = []
    for feature in features:
        shape = feature["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        rings = [[(float(x), float(y)) for x, y in polygon[0]] for polygon in polygons]
        found.append(Department(_title(feature["properties"]["NOMBDEP"]), rings))
    return {fold(one.name): one for one in sorted(found, key=lambda one: one.name)}


def find_department(name: str) -> Department | None:
    """Return the department with this name, ignoring accents and case.

    >>> find_department("JUNÍN").name, find_department("Madre de Dios").name, find_department("Talara")
    ('Junin', 'Madre de Dios', None)
    """
    return departments().get(fold(name))


def departments_at(latitude: float, longitude: float) -> list[Department]:
    """Return the departments whose outline contains a position: one, or none at sea or abroad."""
    return [one for one in departments().values() if one.contains(latitude, longitude)]


def _title(capitals: str) -> str:
    first, *rest = capitals.lower().split()
    return " ".join([first.capitalize(), *(word if word in _SMALL else word.capitalize() for word in rest)])


def _is_inside(x: float, y: float, ring: Sequence[Point]) -> bool:
    """Even–odd rule: a ray to the east crosses the outline an odd number of times."""
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def distance_from(point: Point, a: Point, b: Point) -> float:
    """Return the distance of a point from the segment between two others."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    along = max(0.0, min(1.0, ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length)) if length else 0.0
    return hypot(point[0] - a[0] - along * dx, point[1] - a[1] - along * dy)

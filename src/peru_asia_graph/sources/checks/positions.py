"""Checks positions: a thing stated to be in Peru, or in one of its departments and no other state, must be there.

A position that is in Peru only with latitude and longitude swapped is reported whatever the thing is stated to be in.

A source may contradict itself, so problems are warnings. Places are matched by name with the departments' outlines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from peru_asia_graph.errors import Problem
from peru_asia_graph.sources.departments import Department, departments, departments_at, find_department
from peru_asia_graph.sources.tables import CsvRow, Table
from peru_asia_graph.vocabulary import fold

WITHIN: Final = {"locatedIn", "partOf"}
# Outlines are simplified, and an oil block may cross borders.
BORDER_KM: Final = 10
# Some blocks are offshore.
SEA_KM: Final = 60
REMEDY: Final = "correct lat, long or the place; leave it if the source says so"


def check_positions(tables: Sequence[Table]) -> Iterator[Problem]:
    """Yield a warning for each position that is far from every department its thing is stated to be in."""
    listed = [table for table in tables if table.name == "entities"]
    names = {row.text("id"): row.text("label") for table in listed for row in table.rows}
    states = {row.text("id") for table in listed for row in table.rows if row.text("type") == "State"}
    within: dict[str, set[str]] = defaultdict(set)
    for table in tables:
        for row in table.rows if table.name == "relations" else ():
            if row.text("relation") in WITHIN:
                within[row.text("subject")].add(row.text("object"))
    for table in listed:
        for row in table.rows:
            places = _places(row.text("id"), within)
            called = [names[place] for place in sorted(places & names.keys())]
            # A department elsewhere may have the same name.
            is_abroad = bool(places & states) and all(fold(name) != "peru" for name in called)
            message = "" if is_abroad else _misplaced(row, called)
            if not is_abroad and _is_swapped(row):
                message = f"latitude {row.text('lat')} and longitude {row.text('long')} are in Peru only if swapped"
                yield Problem(table.file, row.line, "lat", message, "swap lat and long", warning=True)
            elif message:
                yield Problem(table.file, row.line, "lat", message, REMEDY, warning=True)


def _is_swapped(row: CsvRow) -> bool:
    latitude, longitude = row.cells.get("lat"), row.cells.get("long")
    if not isinstance(latitude, Decimal) or not isinstance(longitude, Decimal):
        return False
    return not _is_near_peru(latitude, longitude) and _is_near_peru(longitude, latitude)


def _is_near_peru(latitude: Decimal, longitude: Decimal) -> bool:
    return any(one.distance(float(latitude), float(longitude)) <= SEA_KM for one in departments().values())


def _misplaced(row: CsvRow, called: Sequence[str]) -> str:
    """Return what is wrong with a position, given the names of the places its thing is in; else ``""``."""
    latitude, longitude = row.cells.get("lat"), row.cells.get("long")
    if not isinstance(latitude, Decimal) or not isinstance(longitude, Decimal):
        return ""
    stated = [one for name in called if (one := find_department(name))]
    if not stated and all(fold(name) != "peru" for name in called):
        return ""
    here, point = departments_at(float(latitude), float(longitude)), (float(latitude), float(longitude))
    if any(one in here for one in stated or here):
        return ""
    nearest = min(stated or departments().values(), key=lambda one: one.distance(*point))
    distance = nearest.distance(*point)
    if distance <= (BORDER_KM if here else SEA_KM):
        return ""
    where = f"it is in {here[0].name}" if here else "it is in no department"
    return f"the position is {distance:,.0f} km from {_named(stated)}; {where}"


def _named(stated: Sequence[Department]) -> str:
    return " and ".join(one.name for one in stated) + ", the place given" if stated else "Peru"


def _places(thing: str, within: Mapping[str, set[str]]) -> set[str]:
    """Return every place a thing is in, directly or through other places."""
    found: set[str] = set()
    frontier = {thing}
    while frontier:
        frontier = {place for one in frontier for place in within.get(one, ())} - found
        found |= frontier
    return found

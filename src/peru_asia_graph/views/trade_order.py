"""When one partner passed another as buyer, by figures of both for the same year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from peru_asia_graph.views.sanitize import sanitize


def find_passing(totals: Iterable[Mapping[str, Any]], ahead: str, behind: str) -> dict[str, Any]:
    """Return since when ``ahead`` has bought more than ``behind``; empty where the figures do not show it.

    ``totals`` have id, partner, measure, unit, year, value, where; only figures of one measure and year are compared.
    ``before`` is the last year in which it was behind, ``after`` the first from which it led in all, ``last`` the
    latest: each with year, unit, the two values and where they stand. A value that a source prints twice counts once.
    """
    pairs: dict[tuple[str, str, str], dict[str, Mapping[str, Any]]] = {}
    for row in totals:
        key = (str(row["year"]), str(row["unit"]), str(row["measure"]))
        pairs.setdefault(key, {}).setdefault(str(row["partner"]), row)
    years = [_comparison(year, unit, both[ahead], both[behind])
             for (year, unit, _), both in sorted(pairs.items()) if {ahead, behind} <= both.keys()]  # fmt: skip
    place = next((place for place in range(len(years)) if all(_leads(one) for one in years[place:])), None)
    if not place:  # nothing to compare, or it leads from the first year on
        return {}
    values = [one for one in years[place:] if one["unit"] == years[place]["unit"]]
    found = {"before": years[place - 1], "after": years[place], "last": values[-1]}
    return {"ahead": ahead, "behind": behind, **found}


def _comparison(year: str, unit: str, ahead: Mapping[str, Any], behind: Mapping[str, Any]) -> dict[str, Any]:
    where = sorted({sanitize(place) for row in (ahead, behind) for place in str(row["where"]).split("; ")})
    values = [float(ahead["value"]), float(behind["value"])]
    return {"year": sanitize(year), "unit": sanitize(unit), "values": values, "where": where}


def _leads(comparison: Mapping[str, Any]) -> bool:
    ahead, behind = comparison["values"]
    return bool(ahead > behind)

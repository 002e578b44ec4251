"""When one partner overtook another: years and values worked out by hand from small tables."""

from __future__ import annotations

from typing import Any

from peru_asia_graph.views.figures import find_passing


def row(partner: str, year: str, value: float, unit: str = "usd-million", measure: str = "value") -> dict[str, Any]:
    return {"partner": partner, "year": year, "value": value, "unit": unit, "measure": measure, "where": f"p. {year}"}


def test_years_before_and_after_overtaking() -> None:
    totals = [
        row("china", "1990", 9, "percent"), row("japan", "1990", 67, "percent"),
        row("china", "1997", 490.6), row("japan", "1997", 473.6), row("china", "1997", 490.6), row("china", "2005", 1),
        row("china", "2011", 6961.4), row("japan", "2011", 2174.6),
    ]  # fmt: skip
    found = find_passing(totals, "china", "japan")
    assert [(found[name]["year"], found[name]["values"]) for name in ("before", "after", "last")] == [
        ("1990", [9.0, 67.0]), ("1997", [490.6, 473.6]), ("2011", [6961.4, 2174.6]),
    ]  # fmt: skip
    assert found["before"]["where"] == ["p. 1990"]


def test_no_result_without_a_clear_overtaking() -> None:
    leads = [row("china", "1997", 2), row("japan", "1997", 1)]
    falls_back = [*leads, row("china", "2000", 1), row("japan", "2000", 2)]
    other_measures = [row("china", "1990", 1, "percent"), row("japan", "1990", 2), *leads]
    assert [find_passing(rows, "china", "japan") for rows in ([], leads, falls_back, other_measures)] == [{}] * 4

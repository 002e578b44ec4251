"""Stakes whose start or end is known only by a bound: all queries by year give the same answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from peru_asia_graph.views.graph_data import date_years
from two_sources import build_in, source, write_source

# Start, end and as-of date in a source of 2018; the years in which the stake may have held, and those in which it did.
STAKES = {
    "by-2014": ("", "[..2014]", "", range(2000, 2015), ()),
    "since-2005-by-2014": ("2005", "[..2014]", "", range(2005, 2015), (2005,)),
    "2010-or-later": ("[2010..]", "", "", range(2010, 2021), ()),
    "2010-or-later-until-2012": ("[2010..]", "2012", "", range(2010, 2013), (2012,)),
    "2010-or-later-held-in-2013": ("[2010..]", "", "2013", range(2010, 2021), (2013,)),
    "about-2012": ("2012~", "", "", range(2012, 2021), range(2013, 2019)),
    "2010s": ("201X", "", "", range(2010, 2021), ()),
    "since-2005": ("2005", "", "", range(2005, 2021), range(2005, 2019)),
    "held-in-2013": ("", "", "2013", range(2000, 2021), (2013,)),
}


@pytest.mark.slow
def test_all_queries_agree_on_when_a_stake_was_held(tmp_path: Path) -> None:
    firms = {f"owner-{name}": ("Firm", f"Owner {name}") for name in STAKES}
    mines = {f"mine-{name}": ("MiningProject", f"Mine {name}") for name in STAKES}
    stakes = [
        {"id": name, "owner": f"owner-{name}", "owned": f"mine-{name}", "share_percent": "10",
         "valid_from": since, "valid_until": until, "as_of": held}
        for name, (since, until, held, *_) in STAKES.items()
    ]  # fmt: skip
    write_source(tmp_path, "alpha", source("alpha", {**firms, **mines}, stakes), date="2018")
    graph, _ = build_in(tmp_path)
    for year in range(2000, 2021):
        expected = {
            name: "true" if year in sure else "not known"
            for name, (_, _, _, maybe, sure) in STAKES.items()
            if year in maybe
        }
        for kind in ("ownership", "all"):
            edges = graph.network(kind, year).edges(keys=True, data=True)
            found = {key: facts["time"] for *_, key, facts in edges if facts["relation"] == "stake"}
            assert found == {name: held.replace("not known", "not known then") for name, held in expected.items()}, year
        asked = graph.ask("stakes-in-year", year=year)
        assert {row["owned"].removeprefix("Mine "): row["held"] for row in asked if row["held"] != "false"} == expected


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("by-2014", {"end": 2014, "begun": 9999}),
        ("since-2005-by-2014", {"start": 2005, "end": 2014, "lasted": 2005}),
        ("2010-or-later", {"start": 2010, "lasted": 2010, "begun": 9999}),
        ("2010-or-later-until-2012", {"start": 2010, "end": 2012, "begun": 2012}),
        ("about-2012", {"start": 2012, "begun": 2013}),
        ("held-in-2013", {"begun": 2013, "lasted": 2013}),
    ],
)
def test_years_passed_to_a_page(name: str, years: dict[str, int]) -> None:
    assert date_years(*(text or None for text in STAKES[name][:3])) == years

"""A source without a date has the latest year of its rows, never the current one; stakes dated only by a bound."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from card_texts import card_of, frame, sections, texts
from peru_asia_graph.errors import Problem
from peru_asia_graph.site.cards.make import make_card
from peru_asia_graph.site.cards.whole_reader import WholeReader
from peru_asia_graph.views.graph_data import date_years
from peru_asia_graph.vocabulary import thing
from two_sources import build_in, flat, same, source, write_source

THINGS = {"owner": ("Firm", "Owner Co."), "field": ("HydrocarbonBlock", "North Field")}
STAKE = {"id": "stake", "owner": "owner", "owned": "field", "share_percent": "25"}
WARNING = "so the year of its owners is unknown"

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


def build_one(root: Path, stake: dict[str, str], **about: Any) -> tuple[list[Problem], list[list[str]]]:
    """Return the warnings about the source, and the year and time status of the computed shares."""
    write_source(root, "alpha", source("alpha", THINGS, [STAKE | stake]), **about)
    graph, report = build_in(root)
    header, *rows = (line.split(",") for line in flat(graph, "effective_ownership"))
    found = [[row[header.index("as_of")], row[header.index("held_then")]] for row in rows]
    return [problem for problem in report.warnings if WARNING in problem.message], found


@pytest.mark.parametrize("about", [{}, {"valid": "2014"}])
@pytest.mark.slow
def test_reference_year_is_taken_from_the_stated_date(tmp_path: Path, about: dict[str, str]) -> None:
    stake = {} if about else {"as_of": "2014"}
    assert build_one(tmp_path, stake, **about) == ([], [["2014", "true"]])


@pytest.mark.slow
def test_source_without_any_date_is_not_assigned_to_the_current_year(tmp_path: Path) -> None:
    (warning,), shares = build_one(tmp_path, {})
    assert shares == [["2000", "not-known-then"]]
    assert warning.file.endswith("data/alpha/csv-metadata.json") and "'dc:date'" in warning.remedy


@pytest.mark.slow
def test_effective_shares_of_an_undated_source_are_shown(tmp_path: Path) -> None:
    """Since 2005 Top holds 40 percent of the owner, which holds 25 of the field: 10 percent; in 2004, none."""
    things = {**THINGS, "top": ("Firm", "Top")}
    since = {"id": "above", "owner": "top", "owned": "owner", "share_percent": "40", "valid_from": "2005"}
    write_source(tmp_path, "alpha", source("alpha", things, [STAKE, since]))
    graph = build_in(tmp_path)[0]
    told = graph.ask("effective-owners", asset="North Field")
    assert {(row["of_year"], row["owner"], row["effective_percent"]) for row in told} == {
        ("2005", "Owner Co.", 25), ("2005", "Top", 10),
    }  # fmt: skip
    steps = graph.ask("chain-steps", owner="top", asset="field")
    assert [(row["holder"], row["share_percent"]) for row in steps] == [("Top", 40), ("Owner Co.", 25)]
    assert "Owned through chains, computed\n  Top · 10 %" in graph.show("field").render("text")
    whole = make_card(WholeReader(graph.store), frame(graph), thing("field"))
    for card in (card_of(graph, "field"), whole):
        assert card is not None
        assert texts(sections(card)["behind"]) == [["Top", "10 %"]]


@pytest.mark.slow
def test_reference_year_of_combined_sources_is_the_latest(tmp_path: Path) -> None:
    """Alpha states 25 as of 2013; beta, undated, states 30 since 2016: combined, the reference year is 2016."""
    write_source(tmp_path, "alpha", source("alpha", THINGS, [STAKE]), date="2013", position=1)
    things = {f"b-{slug}": about for slug, about in THINGS.items()}
    stake = {"id": "b1", "owner": "b-owner", "owned": "b-field", "share_percent": "30", "valid_from": "2016"}
    matches = [same(f"b-{slug}", slug) for slug in THINGS]
    write_source(tmp_path, "beta", source("beta", things, [stake], matches=matches), position=2)
    told = build_in(tmp_path)[0].explain("North Field", combine=True)
    assert "North Field, 2016" in told and "Owner Co.: 25 to 30 %" in told


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


@pytest.mark.slow
def test_undated_former_stake_had_ended_by_the_date_of_undated_statements(tmp_path: Path) -> None:
    """The source describes 2015: Before Co. formerly held 30, Owner Co. holds 80, leaving 20 for others."""
    things = {**THINGS, "before": ("Firm", "Before Co.")}
    stakes = [STAKE | {"share_percent": "80"}, {"id": "old", "owner": "before", "owned": "field",
                                                "share_percent": "30", "certainty": "former"}]  # fmt: skip
    write_source(tmp_path, "alpha", source("alpha", things, stakes), date="2015", valid="2015")
    graph = build_in(tmp_path)[0]
    found = {
        year: {row["owner"]: (row["effective_low"], row["effective_high"], row["time"])
               for row in graph.owners("North Field", year=year) if row["time"]}
        for year in (2015, 2016)
    }  # fmt: skip
    maybe, held = "not known then", (80, 80)
    assert found == {
        2015: {"Owner Co.": (*held, "true"), "Before Co.": (0, 20, maybe)}, 2016: {"Owner Co.": (*held, maybe)},
    }  # fmt: skip
    told = {row["owner"]: row["held"] for row in graph.ask("stakes-in-year", year=2016)}
    assert told == {"Owner Co.": "not known", "Before Co.": "false"}


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

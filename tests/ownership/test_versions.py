"""Successive stakes of one owner are never added up."""

from __future__ import annotations

from pathlib import Path

import pytest

from peru_asia_graph.holdings.bulk import read_holdings
from peru_asia_graph.ownership.plain_graph import Edge, PlainGraph
from peru_asia_graph.ownership.versions import group_versions, merge_versions
from peru_asia_graph.vocabulary import local
from two_sources import build_in, source, write_source

THINGS = {"six": ("HydrocarbonBlock", "Block 6"), "co": ("Firm", "Co.")}
BEFORE = {"id": "a1", "owner": "co", "owned": "six", "share_percent": "30", "valid_until": "2019-06-30"}
AFTER = {"id": "a2", "owner": "co", "owned": "six", "share_percent": "50", "valid_from": "2019-07-01"}


@pytest.mark.slow
def test_share_that_changes_within_a_year(tmp_path: Path) -> None:
    """30 % until June 2019, 50 % from July: never 80 %."""
    write_source(tmp_path, "alpha", source("alpha", THINGS, [BEFORE, AFTER]), date="2021", position=1)
    graph = build_in(tmp_path)[0]
    expected = {2018: (30, 30), "2019-03": (30, 30), 2019: (30, 50), "2019-08": (50, 50), 2020: (50, 50)}
    for year, bounds in expected.items():
        (row,) = [row for row in graph.owners("Block 6", year=year) if row["owner"] == "Co."]
        assert (row["effective_low"], row["effective_high"]) == bounds, year
    used = "SELECT DISTINCT ?stake { ?share pag:asOf ?year ; prov:wasDerivedFrom ?stake FILTER(STR(?year) = '2019') }"
    assert {local(str(row["stake"])) for row in graph.query(used)} == {"a1", "a2"}
    (row,) = graph.holdings("Co.", year=2019)
    assert (row["effective_low"], row["effective_high"]) == (30, 50)
    held = read_holdings(graph.store, 2019)[0]
    # 30 % is known, a further 20 % is possible.
    assert (held.known.to_scipy().sum(), held.slack.to_scipy().sum()) == pytest.approx((0.3, 0.2))


@pytest.mark.slow
def test_partial_sale(tmp_path: Path) -> None:
    """Co. holds 100 % from 2013 to November 2016, then sells 75: in 2016 it has at least 25, the buyer at most 75."""
    seller = {"owner": "co", "owned": "six"}
    stakes = [
        {**seller, "id": "a1", "share_percent": "100", "valid_from": "2013", "valid_until": "2016-11"},
        {**seller, "id": "a2", "share_percent": "25", "valid_from": "2016-12-01"},
        {"id": "b1", "owner": "buyer", "owned": "six", "share_percent": "75", "valid_from": "2016-12-01"},
    ]
    things = {**THINGS, "buyer": ("Firm", "Buyer")}
    write_source(tmp_path, "alpha", source("alpha", things, stakes), date="2021", position=1)
    graph = build_in(tmp_path)[0]
    expected = {
        2015: {"Co.": (100, 100)},
        2016: {"Co.": (25, 100), "Buyer": (0, 75)},
        "2016-11": {"Co.": (100, 100)},
        "2016-12": {"Co.": (25, 25), "Buyer": (75, 75)},
        2017: {"Co.": (25, 25), "Buyer": (75, 75)},
    }
    for year, bounds in expected.items():
        rows = [row for row in graph.owners("Block 6", year=year) if row["owner"] in ("Co.", "Buyer")]
        assert {row["owner"]: (row["effective_low"], row["effective_high"]) for row in rows} == bounds, year
        held = read_holdings(graph.store, year)[0]
        assert held.known.to_scipy().sum() == pytest.approx(sum(low for low, _ in bounds.values()) / 100), year
    told = graph.explain("Block 6", year=2016)
    assert "Co.: 25 to 100 %" in told and "25 to 100 % of Block 6, from 2013  [" in told
    assert "    100 %, from 2013, until 2016-11  [p. 1 ¶1]\n    25 %, from 2016-12-01  [p. 1 ¶1]\n" in told


@pytest.mark.parametrize(
    ("first", "second", "groups"),
    [
        (("", "2019"), ("2019", ""), 1),
        (("2010", "[2018..2019]"), ("[2018..2019]", ""), 1),
        (("2010", "2012-06-30"), ("2012-07-01", "2015"), 1),
        (("2010", "2012-06-30"), ("2012-06-30", "2015"), 1),
        # Overlapping from 2012 to 2019, or of unknown dates: two stakes.
        (("2010", "2019"), ("2012", ""), 2),
        (("", ""), ("2012", ""), 2),
        (("2010", ""), ("2012", ""), 2),
    ],
)
def test_successive_stakes_are_grouped(first: tuple[str, str], second: tuple[str, str], groups: int) -> None:
    stakes = [dict(zip(("valid_from", "valid_until"), dates, strict=True)) for dates in (first, second)]
    assert len(group_versions(stakes)) == groups
    assert len(group_versions(stakes[::-1])) == groups


@pytest.mark.parametrize(
    ("before", "after", "merged", "largest"),
    [
        ({"share": 30.0}, {"share": 50.0}, {"share_low": 30.0, "share_high": 50.0}, 50.0),
        ({"share": 30.0}, {"share": 30.0}, {"share": 30.0}, 30.0),
        ({"share": 30.0}, {"share_low": 20.0, "share_high": 25.0}, {"share_low": 20.0, "share_high": 30.0}, 30.0),
        # An unknown share may be anything.
        ({"share": 30.0}, {}, {"share_low": 0.0, "share_high": 100.0}, 30.0),
    ],
)
def test_latest_stake_gets_the_bounds_and_citations_of_all(
    before: dict[str, float], after: dict[str, float], merged: dict[str, float], largest: float
) -> None:
    one = Edge("co", "six", "a1", {**before, "valid_until": "2019-06-30", "citations": "p. 1"})
    two = Edge("co", "six", "a2", {**after, "valid_from": "2019-07-01", "citations": "p. 2"})
    other = Edge("firm", "six", "b", {"share": 20.0})
    for edges, places in (([one, two], "p. 1; p. 2"), ([two, one], "p. 2; p. 1")):
        graph: PlainGraph[str] = PlainGraph()
        for edge in (*edges, other):
            graph.add_edge(edge)
        more: dict[str, object] = {
            "valid_from": "2019-07-01",
            "citations": places,
            "first_from": "",
            "share_largest": largest,
        }
        more["statements"] = edges
        expected = Edge("co", "six", "a2", {**merged, **more})
        assert list(merge_versions(graph).edges()) == [expected, other]


@pytest.mark.parametrize(
    ("certainty", "times", "expected"),
    [
        ("approximate", ("not known then", "true"), "true"),
        ("possible", ("not known then", "true"), "not known then"),
        ("possible", ("true", "not known then"), "true"),
    ],
)
def test_holding_is_known_if_one_of_its_statements_is(certainty: str, times: tuple[str, str], expected: str) -> None:
    graph: PlainGraph[str] = PlainGraph()
    for name, time in zip(("stated", certainty), times, strict=True):
        graph.add_edge(Edge("co", "six", name, {"share": 30.0, "certainty": name, "time": time}))
    (edge,) = merge_versions(graph).edges()
    assert (edge.data["certainty"], edge.data["time"]) == ("stated", expected)

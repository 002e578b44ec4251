"""Explanations of shares, by hand: Parent has 50 % of Firm, which has 60 % of Mine; Holder's share is unknown."""

from __future__ import annotations

import pytest

from peru_asia_graph.holdings.explanation import derivations, explain
from peru_asia_graph.holdings.owners import owners_table
from peru_asia_graph.ownership.combine import combine
from peru_asia_graph.ownership.plain_graph import Edge, PlainGraph
from peru_asia_graph.ownership.snapshot import OwnershipSnapshot, make_snapshot
from peru_asia_graph.sources.dates import Year

STAKES: list[tuple[str, str, dict[str, object]]] = [
    ("parent", "firm", {"share": 50.0, "valid_from": "2010", "time": "true", "citations": "p. 2"}),
    ("firm", "mine", {"share": 60.0, "citations": "p. 1"}),
    ("holder", "mine", {"certainty": "possible", "time": "true", "citations": "p. 3; p. 4"}),
    (
        "fund",
        "block",
        {"share_low": 25.0, "share_high": 50.0, "time": "true", "valid_until": "2020", "citations": "p. 5"},
    ),
    ("state", "fund", {"share_low": 80.0, "share_high": 90.0, "time": "true", "citations": "p. 6"}),
    ("state", "block", {"share": 30.0, "basis": "indirect", "time": "true", "citations": "p. 7"}),
    ("agency", "block", {"basis": "indirect", "time": "true", "citations": "p. 8"}),
    ("fund", "isle", {"share": 40.0, "basis": "indirect", "time": "true", "citations": "p. 10"}),
    (
        "fund",
        "reef",
        {"share_low": 20.0, "share_high": 30.0, "basis": "indirect", "time": "true", "citations": "p. 11"},
    ),
]
NAMED = {"relation": "namedCompany", "role": "concession-holder", "certainty": "reported", "citations": "p. 9"}


def snapshot(year: Year) -> OwnershipSnapshot:
    """Return the stakes, with a company named for the mine and none for the pit."""
    network: PlainGraph[str] = PlainGraph()
    for owner, asset, data in [*STAKES, ("named", "mine", NAMED)]:
        said = {"relation": "stake", "basis": "direct", "certainty": "stated", "time": "not known then", **data}
        network.add_edge(Edge(owner, asset, f"{owner}-in-{asset}", said))
    for node in [*network, "pit"]:
        network.add_node(node, label=node.title())
    return make_snapshot(network, year)


@pytest.mark.parametrize(
    ("year", "when"), [(2012, "in 2012"), ("2012-05", "in 2012-05"), ("2012-05-14", "on 2012-05-14")]
)
def test_explanation_shows_chains_shares_times_and_certainty(year: Year, when: str) -> None:
    """Parent has 30 % of Mine. Unaccounted for: the other half of Firm, 30 %, and what Holder may leave of 40 %."""
    assert (
        explain(snapshot(year), "mine")
        == f"""Mine, {year}

Firm: 60 % (whether {when} is not known)
  60 % of Mine  [p. 1]

Holder: 0 to 40 % (possible)
  share not stated of Mine (possible)  [p. 3; p. 4]

Parent: 30 % (whether {when} is not known)
  50 % of Firm, from 2010  [p. 2]
  × 60 % of Mine  [p. 1]
  = 30 %

unaccounted for: 30 to 70 %

Named: concession holder, no stake stated (reported, whether {when} is not known)  [p. 9]
"""
    )


def test_explanation_shows_bounds_and_stated_indirect_shares() -> None:
    """80 to 90 % of 25 to 50 % is 20 to 45 %, which includes the stated 30 %; 55 to 80 % has no known holder."""
    assert (
        explain(snapshot(2012), "block")
        == """Block, 2012

Agency: 0 to 100 %
  stated as indirect: without a figure  [p. 8]

Fund: 25 to 50 %
  25 to 50 % of Block, until 2020  [p. 5]

State: 30 %
  80 to 90 % of Fund  [p. 6]
  × 25 to 50 % of Block, until 2020  [p. 5]
  = 20 to 45 %
  stated as indirect: 30 %  [p. 7]

unaccounted for: 55 to 80 %
"""
    )


def test_combined_stake_lists_its_sources_if_they_are_not_equally_certain_or_differ_in_dates() -> None:
    """One source plans the 70 of "one" that the other has as held; both hold 20 for "two", from different years."""
    graph: PlainGraph[str] = PlainGraph()
    for owner, source, share, more in (
        ("one", "a", 70.0, {"certainty": "planned", "as_of": "2013"}), ("one", "b", 70.0, {}),
        ("two", "a", 20.0, {"valid_from": "2010"}), ("two", "b", 20.0, {"valid_from": "2012"}),
        ("three", "a", 10.0, {}), ("three", "b", 10.0, {"valid_from": "2012"}),
    ):  # fmt: skip
        said = {"relation": "stake", "basis": "direct", "certainty": "stated", "time": "true", "citations": "p. 1"}
        graph.add_edge(Edge(owner, "Port", f"{source}-{owner}", {**said, "source": source, "share": share, **more}))
    assert (
        explain(make_snapshot(combine(graph, {"a": "A", "b": "B"}), 2020), "Port")
        == """Port, 2020

one: 70 %
  70 % of Port  [A p. 1; B p. 1]
    70 %, as of 2013 (planned)  [A p. 1]
    70 %  [B p. 1]

two: 20 %
  20 % of Port, from 2010; 2012  [A p. 1; B p. 1]
    20 %, from 2010  [A p. 1]
    20 %, from 2012  [B p. 1]

three: 10 %
  10 % of Port, from 2012  [A p. 1; B p. 1]

unaccounted for: 0 %
"""
    )


def test_indirect_shares_alone_leave_nothing_unaccounted_for() -> None:
    """Neither the chain of Fund's 40 % nor the holder of the rest is stated, so 100 % must not be unaccounted for."""
    told = "Isle, 2012\n\nFund: 40 %\n  stated as indirect: 40 %  [p. 10]\n"
    assert explain(snapshot(2012), "isle") == told
    assert [row["owner"] for row in owners_table(snapshot(2012), "isle")] == ["Fund"]


def test_asset_without_statements_says_so() -> None:
    assert explain(snapshot(2012), "pit") == "Pit, 2012\n\nno owner stated\n"


def test_derivations_give_the_same_as_data() -> None:
    found = {str(one["owner"]): one for one in derivations(snapshot(2012), "block")}
    assert found["state"] == {
        "owner": "state", "asset": "block", "year": 2012, "low": 30.0, "high": 30.0, "percent": 30.0, "how": "stated",
        "time": "true", "stated": {"id": "state-in-block", "share_percent": 30.0},
        "chains": [{"share_percent": None, "stakes": [
            {"id": "state-in-fund", "owner": "state", "asset": "fund", "share_percent": None, "share_low": 80.0,
             "share_high": 90.0, "citations": ["p. 6"]},
            {"id": "fund-in-block", "owner": "fund", "asset": "block", "share_percent": None, "share_low": 25.0,
             "share_high": 50.0, "citations": ["p. 5"]},
        ]}],
    }  # fmt: skip
    (reef,) = derivations(snapshot(2012), "reef")
    assert reef["stated"] == {"id": "fund-in-reef", "share_percent": None, "share_low": 20.0, "share_high": 30.0}
    (named,) = [one for one in derivations(snapshot(2012), "mine") if one["owner"] == "named"]
    assert named == {
        "owner": "named", "asset": "mine", "year": 2012, "how": "concession holder, no stake stated",
        "time": "not known then", "certainty": "reported",
        "statements": [{"id": "named-in-mine", "citations": ["p. 9"]}],
    }  # fmt: skip


def ladder(rungs: int) -> OwnershipSnapshot:
    """Return a ladder: Top owns A0 and B0, these own half of A1 and of B1 each, and so on; the last two own Mine."""
    network: PlainGraph[str] = PlainGraph()
    ends = [
        ("top", "a0", 100.0),
        ("top", "b0", 100.0),
        (f"a{rungs - 1}", "mine", 50.0),
        (f"b{rungs - 1}", "mine", 50.0),
    ]
    steps = [(f"{x}{n}", f"{y}{n + 1}", 50.0) for n in range(rungs - 1) for x in "ab" for y in "ab"]
    for owner, asset, share in ends + steps:
        certainty = "possible" if asset == "b0" else "stated"
        said = {"relation": "stake", "basis": "direct", "certainty": certainty, "time": "true", "citations": "p. 1"}
        network.add_edge(Edge(owner, asset, f"{owner}-in-{asset}", {**said, "share": share}))
    return make_snapshot(network, 2012)


def test_of_very_many_chains_the_shortest_are_listed_and_the_others_counted() -> None:
    """Forty times A or B: 2^40 chains from Top to Mine, which it owns as a whole, and possibly, because of B0."""
    found = ladder(40)
    text = explain(found, "mine").partition("\ntop: ")[2].partition("\n\n")[0]
    assert text.startswith("100 % (possible)\n") and text.endswith("\n  and 1,099,511,627,766 more chains")
    assert text.count("\n  = ") == 10
    (top,) = [one for one in derivations(found, "mine") if one["owner"] == "top"]
    assert (len(top["chains"]), top["more_chains"]) == (10, 2**40 - 10)  # type: ignore[arg-type]
    paths = {row["owner"]: str(row["paths"]) for row in owners_table(found, "mine")}
    assert paths["top"].endswith("; and 1,099,511,627,766 more chains") and "more" not in paths["a37"]


def test_chains_of_firms_that_own_each_other_are_not_counted() -> None:
    """Nine firms that own 10 % of each other and of Mine: hundreds of thousands of chains, of which ten are listed."""
    network: PlainGraph[str] = PlainGraph()
    firms = [f"firm-{number}" for number in range(9)]
    for owner in firms:
        for asset in {*firms, "mine"} - {owner}:
            said = {"relation": "stake", "basis": "direct", "certainty": "stated", "time": "true", "share": 10.0}
            network.add_edge(Edge(owner, asset, f"{owner}-in-{asset}", said))
    text = explain(make_snapshot(network, 2012), "mine")
    assert text.count("and possibly more chains") == 9 and "chains" not in text.partition("unaccounted")[2]

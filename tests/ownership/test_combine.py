"""Combining the stakes that several sources state: bounds, dates and certainty, in any order of the sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from peru_asia_graph.ownership.combine import combine, least_in_all
from peru_asia_graph.ownership.effective import effective_owners
from peru_asia_graph.ownership.plain_graph import Edge, PlainGraph
from peru_asia_graph.ownership.share_rows import owner_rows, unheld
from peru_asia_graph.ownership.snapshot import OwnershipSnapshot, make_snapshot
from peru_asia_graph.ownership.stakes import stated_bounds
from peru_asia_graph.ownership.versions import TRUE

SHORTS = {"a": "A", "b": "B"}
UNDATED = {"source": "a", "share": 60.0, "time": "not known then"}
ENDED = {"source": "b", "share": 60.0, "valid_until": "2016", "time": "true"}
BEGUN = {"source": "b", "share": 60.0, "valid_from": "2016-05-01", "time": "true"}


def stakes(*rows: tuple[str, dict[str, Any]]) -> PlainGraph[str]:
    """Return a network of stakes in a mine, from owners and attributes."""
    graph: PlainGraph[str] = PlainGraph()
    for number, (owner, data) in enumerate(rows):
        said = {"relation": "stake", "basis": "direct", "certainty": "stated", "citations": "p. 1", **data}
        graph.add_edge(Edge(owner, "mine", f"s{number}", said))
    return graph


def bounds(snapshot: OwnershipSnapshot) -> dict[str, tuple[float, float]]:
    found = {edge.source: edge.data for edge in snapshot.graph.edges_in("mine")}
    ends = {owner: [data.get("share", data.get(f"share_{end}")) for end in ("low", "high")]
            for owner, data in found.items()}  # fmt: skip
    return {owner: (float(low), float(high)) for owner, (low, high) in ends.items()}


@pytest.mark.parametrize("turned", [False, True])
def test_stake_that_ends_in_one_source_only_may_have_ended(turned: bool) -> None:
    """Only the second source states a sale in 2016: in that year each owner may hold up to 60, not just up to 10."""
    rows = [("seller", UNDATED), ("seller", ENDED), ("buyer", BEGUN)]
    network = stakes(*(reversed(rows) if turned else rows))
    assert bounds(make_snapshot(combine(network, SHORTS), 2016)) == {"seller": (0, 60), "buyer": (0, 60)}
    after = stakes(rows[0], rows[2])
    assert bounds(make_snapshot(combine(after, SHORTS), 2017)) == {"seller": (0, 60), "buyer": (60, 60)}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, (0, 60)),
        ({"valid_from": "2017"}, (60, 60)),  # bought again
        ({"valid_from": "2016"}, (60, 60)),
        ({"valid_from": "2010"}, (0, 60)),
        ({"valid_from": "[..2014]"}, (0, 60)),
        ({"valid_from": "[2014..]"}, (60, 60)),
        ({"time": "true"}, (60, 60)),
        ({"as_of": "2013"}, (0, 60)),
        ({"as_of": "2025"}, (60, 60)),  # held after the end of the other
        ({"source": "b"}, (60, 60)),  # one source states both: two stakes
    ],
)
def test_stake_may_have_ended_if_another_source_states_its_end(
    said: dict[str, Any], expected: tuple[float, float]
) -> None:
    """60 without dates in one source, until 2016 in the other: in 2018 the owner may hold nothing."""
    network = stakes(("owner", {**UNDATED, **said}))
    (gone,) = stakes(("owner", ENDED)).edges()
    (edge,) = combine(network, SHORTS, [gone]).edges()
    assert _ends(edge.data) == expected
    alone = f"{edge.data['source'].upper()} p. 1"
    assert edge.data["citations"] == ("A p. 1; B p. 1" if expected == (0, 60) else alone)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, (0, 60)),
        ({"valid_until": "2012"}, (60, 60)),  # sold before
        ({"valid_until": "2016"}, (60, 60)),
        ({"valid_until": "2020"}, (0, 60)),
        ({"time": "true"}, (60, 60)),
        ({"as_of": "2020"}, (0, 60)),
        ({"as_of": "2009"}, (60, 60)),  # held before
        ({"source": "b"}, (60, 60)),
    ],
)
def test_stake_may_not_have_begun_if_another_source_states_a_later_start(
    said: dict[str, Any], expected: tuple[float, float]
) -> None:
    """60 without dates in one source, since May 2016 in the other: in 2010 the owner may hold nothing."""
    network = stakes(("owner", {**UNDATED, **said}))
    (coming,) = stakes(("owner", BEGUN)).edges()
    (edge,) = combine(network, SHORTS, (), [coming]).edges()
    assert _ends(edge.data) == expected


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("day", "expected"), [("2014", (0, 60)), ("2020", (60, 60))])
def test_stake_stated_after_the_end_in_any_source_has_not_ended(
    day: str, expected: tuple[float, float], turned: bool
) -> None:
    """Two sources state 60, as of 2013 and of another year, a third that it ended in 2016."""
    said = [{**UNDATED, "as_of": "2013"}, {**UNDATED, "source": "c", "as_of": day}]
    network = stakes(*(("owner", data) for data in (reversed(said) if turned else said)))
    (gone,) = stakes(("owner", ENDED)).edges()
    (edge,) = combine(network, {**SHORTS, "c": "C"}, [gone]).edges()
    assert _ends(edge.data) == expected


def test_buyer_in_a_year_may_hold_what_an_undated_stake_would_leave_nothing_of() -> None:
    """100 for one owner without dates, 100 for another from May 2016: in that year each may hold up to 100."""
    rows = [("one", {**UNDATED, "share": 100.0}), ("two", {**BEGUN, "share": 100.0})]
    found = {year: bounds(make_snapshot(combine(stakes(*rows), SHORTS), year)) for year in (2016, 2017)}
    assert found == {2016: {"one": (0, 100), "two": (0, 100)}, 2017: {"one": (0, 100), "two": (100, 100)}}


def test_seller_of_a_part_holds_at_least_what_it_keeps() -> None:
    """60 until May 2016, then 20, with a buyer of 40 and 40 of another owner: the seller is between 20 and 60."""
    sold = {"source": "b", "time": "true"}
    rows = [("seller", {**sold, "share": 60.0, "valid_until": "2016-05"}),
            ("seller", {**sold, "share": 20.0, "valid_from": "2016-05"}),
            ("buyer", {**BEGUN, "share": 40.0}), ("other", {"source": "a", "share": 40.0})]  # fmt: skip
    found = bounds(make_snapshot(stakes(*rows), 2016))
    assert found == {"seller": (20, 60), "buyer": (0, 40), "other": (40, 40)}


@pytest.mark.parametrize("turned", [False, True])
def test_current_share_replaces_one_called_former(turned: bool) -> None:
    rows = [("owner", {"source": "a", "share": 50.0, "certainty": "former"}), ("owner", {"source": "b", "share": 70.0})]
    (edge,) = combine(stakes(*(reversed(rows) if turned else rows)), SHORTS).edges()
    assert (edge.data["share"], edge.data["certainty"], edge.data["citations"]) == (70.0, "stated", "B p. 1")


@pytest.mark.parametrize("turned", [False, True])
def test_former_share_counts_in_its_time(turned: bool) -> None:
    """One source dates 50 for this time, called former by now, and 60 for later; the other has 70, undated."""
    rows = [("owner", {"source": "a", "share": 50.0, "certainty": "former", "time": "true"}),
            ("owner", {"source": "a", "share": 60.0, "time": "not known then"}),
            ("owner", {"source": "b", "share": 70.0, "time": "not known then"})]  # fmt: skip
    for said, expected in ((rows, (50, 70)), (rows[:2], (50, 50))):
        (edge,) = combine(stakes(*(reversed(said) if turned else said)), SHORTS).edges()
        assert stated_bounds(edge.data) == expected


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("one", "other", "certainty"),
    [
        ({"share": 40.0, "certainty": "possible"}, {"share": 40.0}, "stated"),
        ({"share": 40.0, "certainty": "possible"}, {"share": 30.0, "certainty": "reported"}, "reported"),
        # The holding is stated, the 40 is only possible.
        ({"share": 40.0, "certainty": "possible"}, {}, "possible"),
    ],
)
def test_certainty_is_that_of_the_surest_source_stating_the_size(
    one: dict[str, Any], other: dict[str, Any], certainty: str, turned: bool
) -> None:
    said: Sequence[dict[str, Any]] = [{"source": "a", **one}, {"source": "b", **other}]
    network = stakes(*(("owner", data) for data in (reversed(said) if turned else said)))
    (edge,) = combine(network, SHORTS).edges()
    assert edge.data["certainty"] == certainty


@pytest.mark.parametrize("turned", [False, True])
def test_plan_for_a_time_does_not_make_a_holding_known_then(turned: bool) -> None:
    """Planned as of 2013 in one source; held, in 2025, in the other: in 2013 it is not known whether it was held."""
    rows = [("owner", {"source": "a", "share": 70.0, "certainty": "planned", "time": "true"}),
            ("owner", {"source": "b", "share": 70.0, "time": "not known then"})]  # fmt: skip
    (edge,) = combine(stakes(*(reversed(rows) if turned else rows)), SHORTS).edges()
    assert (edge.data["certainty"], edge.data["time"]) == ("stated", "not known then")


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("said", "expected"),
    [({"share": 60.0}, (60, 60)), ({"share_low": 50.0}, (50, 100)), ({}, (None, None))],
)
def test_plan_does_not_change_the_share_held(
    said: dict[str, Any], expected: tuple[float | None, float | None], turned: bool
) -> None:
    """The share is what the source of the holding states; the plan for 70 is still cited."""
    rows = [("owner", {"source": "a", **said}), ("owner", {"source": "b", "share": 70.0, "certainty": "planned"})]
    (edge,) = combine(stakes(*(reversed(rows) if turned else rows)), SHORTS).edges()
    ends = stated_bounds(edge.data) or (None, None)
    assert (ends, edge.data["certainty"], edge.data["citations"]) == (expected, "stated", "A p. 1; B p. 1")


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("held", "other", "expected"),
    [
        # A plan for 70 leaves a holding all its room, whatever its size and whichever source states the plan.
        ({"share": 60.0}, {"certainty": "planned"}, {"one": (60, 60), "two": (0, 70)}),
        ({"share": 60.0}, {"certainty": "planned", "source": "a"}, {"one": (60, 60), "two": (0, 70)}),
        ({}, {"certainty": "planned"}, {"one": (0, 100), "two": (0, 70)}),
        ({}, {"certainty": "possible", "source": "a"}, {"one": (0, 100), "two": (0, 70)}),
        ({"share": 20.0}, {"certainty": "planned"}, {"one": (20, 20), "two": (70, 70)}),  # room for both
        # So does an undated stake in another source.
        ({}, {"time": "not known then"}, {"one": (0, 100), "two": (0, 70)}),
        ({"share_low": 25.0, "share_high": 50.0}, {"time": "not known then"}, {"one": (25, 50), "two": (50, 70)}),
        ({}, {"time": "true"}, {"one": (0, 30), "two": (70, 70)}),
        ({}, {"time": "not known then", "source": "a"}, {"one": (0, 30), "two": (70, 70)}),
    ],
)
def test_stake_not_known_to_be_held_does_not_narrow_one_that_is(
    held: dict[str, Any], other: dict[str, Any], expected: dict[str, tuple[float, float]], turned: bool
) -> None:
    rows = [("one", {"source": "a", "time": "true", **held}),
            ("two", {"source": "b", "time": "true", "share": 70.0, **other})]  # fmt: skip
    snapshot = make_snapshot(combine(stakes(*(reversed(rows) if turned else rows)), SHORTS), 2013)
    found = effective_owners(snapshot.holdings, "mine").shares
    stated = {edge.source: stated_bounds(edge.data) for edge in snapshot.graph.edges_in("mine")}
    assert {"one": (found["one"].low, found["one"].high), "two": stated["two"]} == expected
    assert least_in_all(snapshot.graph, "mine") is None


@pytest.mark.parametrize("turned", [False, True])
def test_shares_of_one_year_get_room_even_if_undated_ones_make_the_total_too_large(turned: bool) -> None:
    """In one year a source states 60 for the first owner, another 60 for the second, who held 40 at some time.

    An undated 30 of a third owner makes 130 with the 40 and the 60; without it, each of the two may still hold 60.
    """
    rows = [("one", {"source": "a", "share": 60.0, "time": "true"}),
            ("two", {"source": "b", "share": 60.0, "time": "true"}),
            ("two", {"source": "c", "share": 40.0}), ("three", {"source": "c", "share": 30.0})]  # fmt: skip
    shorts = {**SHORTS, "c": "C"}
    snapshot = make_snapshot(combine(stakes(*(reversed(rows) if turned else rows)), shorts), 2020)
    found = effective_owners(snapshot.holdings, "mine").shares
    expected = {"one": (40, 60), "two": (40, 60), "three": (0, 20)}
    assert {owner: (share.low, share.high) for owner, share in found.items()} == expected


def test_planned_stake_of_a_firm_is_not_part_of_the_share_of_its_owner() -> None:
    """One source states 40 for the owner, the other a plan of 50 for its subsidiary."""
    network = stakes(("owner", {"source": "a", "share": 40.0}),
                     ("firm", {"source": "b", "share": 50.0, "certainty": "planned"}))  # fmt: skip
    above = {"relation": "stake", "basis": "direct", "certainty": "stated", "citations": "p. 2", "source": "b"}
    network.add_edge(Edge("owner", "firm", "above", {**above, "share": 100.0}))
    (edge,) = combine(network, SHORTS).edges_between("owner", "mine")
    assert _ends(edge.data) == (40, 40)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"share": 70.0}, {"one": (60, 70), "two": (30, 40)}),  # 70 leaves 30
        ({"share": 60.4}, {"one": (60, 60.4), "two": (40, 40)}),  # rounding
        ({"share_low": 50.0, "share_high": 100.0}, {"one": (50, 100), "two": (40, 40)}),  # 50 or more can be 60
        ({"share_low": 65.0}, {"one": (60, 100), "two": (35, 40)}),
        ({"share": 70.0, "certainty": "possible"}, {"one": (60, 70), "two": (40, 40)}),
        ({"share": 50.0}, {"one": (50, 60), "two": (40, 40)}),
    ],
)
def test_stake_stated_by_one_source_leaves_room_for_the_larger_share_of_another(
    other: dict[str, Any], expected: dict[str, tuple[float, float]], turned: bool
) -> None:
    """One source states 60 and 40, the other only a share of the first owner."""
    rows = [("one", {"source": "a", "share": 60.0}), ("two", {"source": "a", "share": 40.0}),
            ("one", {"source": "b", **other})]  # fmt: skip
    network = stakes(*(reversed(rows) if turned else rows))
    assert bounds(make_snapshot(combine(network, SHORTS), 2013)) == expected


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        # The second source's 50 for North leaves nothing for South, not less for Cira, of which both state 50.
        ({"cira": 50.0, "north": 50.0}, {"cira": (50, 50), "north": (30, 50), "south": (0, 20)}),
        ({"cira": 50.0, "west": 50.0}, {"cira": (50, 50), "north": (0, 30), "south": (0, 20), "west": (0, 50)}),
        ({"cira": 50.0}, {"cira": (50, 50), "north": (30, 30), "south": (20, 20)}),
        # All of one source's 120 is in doubt.
        ({"cira": 50.0, "west": 70.0}, {"cira": (0, 50), "north": (0, 30), "south": (0, 20), "west": (0, 70)}),
    ],
)
def test_stake_that_all_sources_state_alike_is_not_in_doubt(
    theirs: dict[str, float], expected: dict[str, tuple[float, float]], turned: bool
) -> None:
    said = [("a", {"cira": 50.0, "north": 30.0, "south": 20.0}), ("b", theirs)]
    rows = [(owner, {"source": source, "share": share, "time": "not known then"})
            for source, shares in (reversed(said) if turned else said) for owner, share in shares.items()]  # fmt: skip
    assert bounds(make_snapshot(combine(stakes(*rows), SHORTS), 2013)) == expected


def test_stake_known_to_hold_makes_room_only_if_stakes_not_known_then_are_too_small() -> None:
    """One source states 60 and 40 long ago, the other a sale of 40 of the 60: the buyer holds its 40 for certain.

    If the first owner still held 60, the 40 of the other owner of long ago would have ended.
    """
    rows = [("seller", {"source": "a", "share": 60.0}), ("other", {"source": "a", "share": 40.0}),
            ("seller", {"source": "b", "share": 20.0, "time": "true"}),
            ("buyer", {"source": "b", "share": 40.0, "time": "true"})]  # fmt: skip
    found = bounds(make_snapshot(combine(stakes(*rows), SHORTS), 2018))
    assert found == {"seller": (20, 60), "other": (0, 40), "buyer": (40, 40)}
    rows[1] = ("other", {"source": "a", "share": 30.0})  # 60 and 40 leave nothing; 10 more would have to be the buyer's
    rows[3] = ("buyer", {"source": "b", "share": 50.0, "time": "true"})
    found = bounds(make_snapshot(combine(stakes(*rows), SHORTS), 2018))
    assert found == {"seller": (20, 60), "other": (0, 30), "buyer": (40, 50)}


@pytest.mark.parametrize("turned", [False, True])
def test_indirect_share_does_not_replace_a_share_on_which_sources_differ(turned: bool) -> None:
    """40 in one source and 45 in another stay 40 to 45, though a third states 45 as indirect."""
    rows = [("owner", {"source": "a", "share": 40.0, "time": "true"}),
            ("owner", {"source": "b", "share": 45.0, "time": "true"}),
            ("owner", {"source": "c", "share": 45.0, "basis": "indirect", "time": "not known then"})]  # fmt: skip
    network = stakes(*(reversed(rows) if turned else rows))
    (row,), _ = owner_rows(make_snapshot(combine(network, {**SHORTS, "c": "C"}), 2011), "mine")
    assert (row.share.low, row.share.high, row.how, row.time) == (40, 45, "computed", "true")


@pytest.mark.parametrize(
    ("owner", "firm", "expected"),
    [
        ({"source": "a", "share": 25.0}, {"source": "b", "share": 25.0}, (0, 25)),  # 25 to 50 in total
        ({"source": "a", "share": 40.0}, {"source": "b", "share": 25.0}, (15, 40)),  # 40 to 65
        ({"source": "a", "share_low": 30.0, "share_high": 50.0}, {"source": "b", "share": 20.0}, (10, 50)),
        ({"source": "a", "share": 25.0}, {"source": "b"}, (0, 25)),
        ({"source": "a", "share": 25.0}, {"source": "a", "share": 25.0}, (25, 25)),  # one source says both
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_share_may_be_held_through_a_firm_in_another_source(
    owner: dict[str, Any], firm: dict[str, Any], expected: tuple[float, float], turned: bool
) -> None:
    network = stakes(*[("owner", owner), ("firm", firm)][:: -1 if turned else 1])
    above = {"relation": "stake", "basis": "direct", "certainty": "stated", "citations": "p. 2", "source": "b"}
    network.add_edge(Edge("owner", "firm", "above", {**above, "share": 100.0}))
    (edge,) = combine(network, SHORTS).edges_between("owner", "mine")
    assert _ends(edge.data) == expected


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        # Through the firm's 50 the owner holds at most 60 % of it, 30, so at least 10 of its 40 are apart.
        ({"relation": "stake", "basis": "direct", "share": 60.0}, (10, 40)),
        ({"relation": "stake", "basis": "direct"}, (0, 40)),
        ({"relation": "hasSubsidiary"}, (0, 40)),
        ({"relation": "homeStateOf"}, (40, 40)),  # a state does not hold what firms from it hold
        ({"relation": "namedCompany", "role": "operator"}, (40, 40)),
    ],
)
def test_share_held_through_a_firm_is_at_most_the_part_of_the_firm(
    above: dict[str, Any], expected: tuple[float, float]
) -> None:
    network = stakes(("owner", {"source": "a", "share": 40.0}), ("firm", {"source": "b", "share": 50.0}))
    said = {"certainty": "stated", "citations": "p. 2", "source": "b", **above}
    network.add_edge(Edge("owner", "firm", "above", said))
    (edge,) = combine(network, SHORTS).edges_between("owner", "mine")
    assert _ends(edge.data) == expected


def test_share_of_a_state_may_be_held_through_its_firm() -> None:
    """One source names the state as holder of 30, the other a firm that is called state-owned."""
    network = stakes(("state", {"source": "a", "share": 30.0}), ("firm", {"source": "b", "share": 30.0}))
    network.add_node("firm", country="state", state_owned=True)
    (edge,) = combine(network, SHORTS).edges_between("state", "mine")
    assert _ends(edge.data) == (0, 30)


def test_contradicting_shares_of_owner_and_firm_leave_room_for_each_other() -> None:
    """One source states all of the mine, the other 50 through half of a firm, which leaves at least 50 of the 100."""
    network = stakes(("owner", {"source": "a", "share": 100.0}), ("firm", {"source": "b", "share": 50.0}))
    above = {"relation": "stake", "basis": "direct", "certainty": "stated", "citations": "p. 2", "source": "b"}
    network.add_edge(Edge("owner", "firm", "above", {**above, "share": 50.0}))
    graph = combine(network, SHORTS)
    assert bounds(make_snapshot(graph, 2013)) == {"owner": (50, 100), "firm": (50, 50)}


def _ends(data: dict[str, Any]) -> tuple[float, float]:
    return data.get("share", data.get("share_low")), data.get("share", data.get("share_high"))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"source": "a", "share": 30.0}, {"source": "a", "share": 30.0}], (60, 60)),
        ([{"source": "a", "share": 30.0}, {"source": "a", "share": 30.0}, {"source": "b", "share": 60.0}], (60, 60)),
        ([{"source": "a", "share": 30.0}, {"source": "a", "share": 20.0}, {"source": "b", "share": 60.0}], (50, 60)),
        ([{"source": "a", "share": 30.0}, {"source": "a"}, {"source": "b", "share": 60.0}], (30, 100)),
        # Successive stakes in the year of the change: either may apply.
        (
            [
                {"source": "a", "share": 30.0, "valid_until": "2016"},
                {"source": "a", "share": 20.0, "valid_from": "2016"},
            ],
            (20, 30),
        ),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_stakes_of_holders_merged_by_a_match_are_added(
    rows: list[dict[str, Any]], expected: tuple[float, float], turned: bool
) -> None:
    """A firm and its branch, each with a stake in the mine, are a single firm in the other source."""
    network = stakes(*[("owner", data) for data in rows][:: -1 if turned else 1])
    (edge,) = combine(network, SHORTS).edges()
    assert _ends(edge.data) == expected


@pytest.mark.parametrize(
    ("share", "time", "expected"),
    [
        # The owner's 40 are its half of the 80, or its own; then the firm has at most 60: 80 is not known then.
        (40.0, "not known then", {"owner": (40, 70), "firm": (60, 80), "": (30, 60)}),
        (40.0, "true", {"owner": (40, 60), "firm": (80, 80), "": (40, 60)}),
        # Of 60 at least 20 are its own.
        (60.0, "not known then", {"owner": (60, 80), "firm": (40, 80), "": (20, 40)}),
        (20.0, "not known then", {"owner": (40, 60), "firm": (80, 80), "": (40, 60)}),
    ],
)
def test_owner_holds_at_least_its_stated_share_through_whatever_firms(
    share: float, time: str, expected: dict[str, tuple[float, float]]
) -> None:
    """One source says that a firm holds 80 and the owner half of the firm; another, that the owner holds a share."""
    network = stakes(
        ("firm", {"source": "a", "share": 80.0, "time": time}), ("owner", {"source": "b", "share": share, "time": TRUE})
    )
    half = {"relation": "stake", "basis": "direct", "certainty": "stated", "citations": "p. 1", "time": time}
    network.add_edge(Edge("owner", "firm", "half", {**half, "source": "a", "share": 50.0}))
    snapshot = make_snapshot(combine(network, SHORTS), 2015)
    rows, computed = owner_rows(snapshot, "mine")
    left = unheld(snapshot, rows, computed)
    assert left is not None
    found = {row.owner: (row.share.low, row.share.high) for row in rows} | {"": (left.low, left.high)}
    assert found == {name: pytest.approx(ends) for name, ends in expected.items()}

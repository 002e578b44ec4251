"""The paper's ownership data, worked out by hand from its tables: chains, years and unknowns."""

from __future__ import annotations

from typing import Any

import pytest

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.holdings.explanation import explain
from peru_asia_graph.holdings.owners import read_snapshot
from peru_asia_graph.holdings.ties import NO_STATE, ties_of
from peru_asia_graph.ownership.changes import changes
from peru_asia_graph.ownership.plain_graph import Edge, PlainGraph
from peru_asia_graph.ownership.share_rows import all_rows, holding_rows, left_over, owner_rows, unheld
from peru_asia_graph.ownership.snapshot import OwnershipSnapshot, make_snapshot

BLOCK_8 = {
    "pluspetrol-norte": 60.0,
    "pluspetrol-resources": 33.0,
    "cnpc": 27.0,
    "knoc": 20.0,
    "daewoo": 11.6,
    "sk-energy": 8.3,
}


def test_block_8_matches_table_7_and_adds_up_to_99_9(kg: KnowledgeGraph) -> None:
    """Table 6: 45 % and 55 % of the 60 %; Table 7: 27 % and 33 %, the same shares, which must not be added twice."""
    rows, found = owner_rows(read_snapshot(kg.store, 2012), "block-8")
    assert {row.owner: row.share.point for row in rows} == BLOCK_8
    assert {row.owner for row in rows if row.share.direct} == set(BLOCK_8) - {"cnpc", "pluspetrol-resources"}
    ends = [row.share.point or 0 for row in rows if row.owner != "pluspetrol-norte"]
    assert sum(ends) == pytest.approx(99.9)
    assert found.unaccounted is not None and found.unaccounted.point == pytest.approx(0.1)
    assert {row.owner: row.stated.data["share"] for row in rows if row.stated} == {
        "cnpc": 27.0, "pluspetrol-resources": 33.0,
    }  # fmt: skip


def test_mina_justa_changes_hands_in_2012(kg: KnowledgeGraph) -> None:
    """CST holds 70 % until 2012, then Cumbres Andinas; in 2012 neither is certain, and the total must not be 140."""
    points = {
        year: {row.owner: row.share for row in owner_rows(read_snapshot(kg.store, year), "mina-justa")[0]}
        for year in (2011, 2012, 2013)
    }
    assert points[2011]["cst-mining-group"].point == 70.0 and "cumbres-andinas" not in points[2011]
    assert points[2013]["cumbres-andinas"].point == 70.0 and "cst-mining-group" not in points[2013]
    for owner in ("cst-mining-group", "cumbres-andinas"):
        assert (points[2012][owner].low, points[2012][owner].high) == (0.0, 70.0)
    assert points[2012]["korea-resources"].point == points[2012]["ls-nikko-copper"].point == 15.0


def test_brescia_share_is_the_stated_one(kg: KnowledgeGraph) -> None:
    """The chain through Cumbres Andinas has no share; the group's 70 % in Table 6 is the same 70, not a further one."""
    rows = {row.owner: row for row in owner_rows(read_snapshot(kg.store, 2013), "mina-justa")[0]}
    assert (rows["brescia-group"].how, rows["brescia-group"].share.point) == ("stated", 70.0)
    assert rows["brescia-group"].certainty == "stated"
    before = owner_rows(read_snapshot(kg.store, 2011), "mina-justa")[0]
    assert "brescia-group" not in {row.owner for row in before}


def test_unstated_shares_are_not_zero(kg: KnowledgeGraph) -> None:
    """Table 5 says that Huanzala is held through a subsidiary, but gives no share."""
    rows, found = owner_rows(read_snapshot(kg.store), "huanzala")
    assert {row.owner: (row.share.low, row.share.high) for row in rows} == {
        "mitsui-mining-and-smelting": (0.0, 100.0), "santa-luisa": (0.0, 100.0),
    }  # fmt: skip
    assert found.unaccounted is not None and (found.unaccounted.low, found.unaccounted.high) == (0.0, 100.0)


def test_undated_stakes_are_not_known_then(kg: KnowledgeGraph) -> None:
    rows = {(row.owner, row.asset): row.time for row in all_rows(read_snapshot(kg.store, 2012))}
    assert rows["cnpc", "block-8"] == "not known then"
    assert rows["mitsui-and-co", "bayovar"] == "true"


def test_holder_with_owners_of_unknown_share_leaves_nothing_unheld() -> None:
    """The mine's stated holders have 70 + 30, so nothing is left for B; who holds how much of Firm is unknown."""
    graph: PlainGraph[str] = PlainGraph()
    for owner, asset, share in (
        ("Group", "Firm", None),
        ("Firm", "Mine", 70.0),
        ("A", "Mine", 30.0),
        ("B", "Mine", None),
    ):
        size = {} if share is None else {"share": share}
        graph.add_edge(Edge(owner, asset, f"{owner}-{asset}", {"citations": "p. 1", "certainty": "stated", **size}))
    rows, found = owner_rows(OwnershipSnapshot(2013, graph), "Mine")
    assert found.unheld is not None and found.unheld.point == 0.0
    assert {row.owner: (row.share.low, row.share.high) for row in rows} == {
        "Firm": (70.0, 70.0), "Group": (0.0, 70.0), "A": (30.0, 30.0), "B": (0.0, 0.0),
    }  # fmt: skip
    left = left_over(rows, found, lambda owner: not graph.edges_in(owner))
    assert (left.low, left.high) == (0.0, 70.0)


@pytest.mark.parametrize(
    ("time", "moments", "until", "owners"),
    [
        ("true", ("", ""), "2026", {"Firm", "Parent"}),
        ("not known then", ("", ""), "", {"Firm", "Parent"}),
        ("not known then", ("", ""), "2026", {"Firm"}),
        ("not known then", ("2025-02", "2025-02"), "2026", {"Firm", "Parent"}),
        ("not known then", ("2025-02", "2024-11"), "2026", {"Firm"}),
        ("not known then", ("2025-02", "2024-11"), "", {"Firm", "Parent"}),
        ("not known then", ("", "2025-02"), "", {"Firm", "Parent"}),
    ],
)
def test_indirect_share_may_be_part_of_a_direct_one(
    time: str, moments: tuple[str, str], until: str, owners: set[str]
) -> None:
    """Parent's 50 fits into Firm's 60, so 40 is left.

    If it is not known to hold in the year, and the 60 ended later, it may be of the time after that: it is listed only
    if stated for the same moment as the 60.
    """
    graph: PlainGraph[str] = PlainGraph()
    said = {"citations": "p. 1", "certainty": "stated", "time": time}
    direct, indirect = ({"as_of": moment} if moment else {} for moment in moments)
    end = {"valid_until": until} if until else {}
    graph.add_edge(Edge("Firm", "Mine", "direct", {**said, **direct, **end, "share": 60.0}))
    parent = Edge("Parent", "Mine", "indirect", {**said, **indirect, "share": 50.0})
    rows, found = owner_rows(OwnershipSnapshot(2025, graph, stated=[parent]), "Mine")
    assert {row.owner for row in rows} == owners
    left = left_over(rows, found, lambda owner: not graph.edges_in(owner))
    assert (left.low, left.high) == (40.0, 40.0)


def test_unheld_part_follows_from_the_bounds_of_a_chain() -> None:
    """Half of a firm that holds at least 52 is 26 to 50, so 50 to 74 has no known owner."""
    graph: PlainGraph[str] = PlainGraph()
    graph.add_edge(Edge("top", "firm", "s1", {"share": 50.0, "time": "true"}))
    graph.add_edge(Edge("firm", "mine", "s2", {"share_low": 52.0, "share_high": 100.0, "time": "true"}))
    snapshot = OwnershipSnapshot(2015, graph)
    left = unheld(snapshot, *owner_rows(snapshot, "mine"))
    assert left is not None and (left.low, left.high) == (50.0, 74.0)


def test_share_stated_larger_than_the_chain_leaves_less_unaccounted_for() -> None:
    """Half of the firm's 60 is 30, but 45 is stated: 100 - 45 to 100 - 30 is left."""
    graph: PlainGraph[str] = PlainGraph()
    graph.add_edge(Edge("top", "firm", "s1", {"share": 50.0, "time": "true"}))
    graph.add_edge(Edge("firm", "mine", "s2", {"share": 60.0, "time": "true"}))
    stated = Edge("top", "mine", "s3", {"share": 45.0, "time": "true"})
    snapshot = OwnershipSnapshot(2015, graph, stated=[stated])
    rows, found = owner_rows(snapshot, "mine")
    for left in (unheld(snapshot, rows, found), left_over(rows, found, lambda owner: not graph.edges_in(owner))):
        assert left is not None and (left.low, left.high) == (55.0, 70.0)
    tie = ties_of(snapshot, "mine")[NO_STATE]
    assert (tie.low, tie.high) == (30.0, 45.0)


def test_unheld_part_follows_from_the_bounds_above_a_firm() -> None:
    """Mid has 40 to 50 of Low, Top 80 of Mid: of Low's 90 of the mine, Top has 28.8 to 36; the rest has no known owner.

    If Mid's share of Low is unknown, Low itself counts as the holder: only the mine's other 10 is left.
    """

    def left(**of_low: float) -> tuple[float, float]:
        graph: PlainGraph[str] = PlainGraph()
        shares = [("Low", "Mine", {"share": 90.0}), ("Mid", "Low", of_low), ("Top", "Mid", {"share": 80.0})]
        for owner, asset, data in shares:
            graph.add_edge(Edge(owner, asset, owner, {"time": "true", **data}))
        snapshot = OwnershipSnapshot(2020, graph)
        found = unheld(snapshot, *owner_rows(snapshot, "Mine"))
        assert found is not None
        return found.low, found.high

    assert left(share_low=40.0, share_high=50.0) == (64.0, 71.2)
    assert left(share=45.0) == (67.6, 67.6)
    assert left() == (10.0, 10.0)


@pytest.mark.parametrize(
    ("firm", "stated", "expected"),
    [
        ({"share_low": 50.0, "share_high": 75.0}, {"share": 60.0}, ("stated", 60, 60)),
        ({"share_low": 50.0, "share_high": 75.0}, {"share_low": 55.0, "share_high": 60.0}, ("stated", 55, 60)),
        ({"share_low": 50.0, "share_high": 75.0}, {"share_low": 45.0, "share_high": 60.0}, ("computed", 50, 75)),
        # The two conflict, as combined sources may; in the second case the stated share is itself a range.
        ({"share": 30.0}, {"share": 45.0}, ("computed", 30, 45)),
        ({"share": 30.0}, {"share_low": 45.0, "share_high": 47.0}, ("computed", 30, 47)),
        ({"share": 30.0}, {"share_low": 25.0, "share_high": 47.0}, ("computed", 30, 30)),
    ],
)
def test_indirect_share_narrows_bounds_or_conflicts_with_the_chain(
    firm: dict[str, float], stated: dict[str, float], expected: tuple[str, float, float]
) -> None:
    """Parent owns all of Firm, and so whatever Firm has of Mine."""
    graph: PlainGraph[str] = PlainGraph()
    said = {"citations": "p. 1", "certainty": "stated", "time": "true"}
    graph.add_edge(Edge("Firm", "Mine", "s1", {**said, **firm}))
    graph.add_edge(Edge("Parent", "Firm", "s2", {**said, "share": 100.0}))
    indirect = Edge("Parent", "Mine", "s3", {**said, **stated})
    rows, _ = owner_rows(OwnershipSnapshot(2025, graph, stated=[indirect]), "Mine")
    (found,) = [(row.how, row.share.low, row.share.high) for row in rows if row.owner == "Parent"]
    assert found == expected


@pytest.mark.parametrize(
    ("firm", "certainty", "time", "expected"),
    [
        ({"share": 30.0}, "planned", "true", (30, 30)),
        ({"share": 30.0}, "former", "not known then", (30, 30)),
        ({"share": 30.0}, "former", "true", (30, 50)),
        ({"share": 30.0}, "possible", "true", (30, 50)),
        # Firm holds an unknown part beside the other's 20: the plan for its owner does not say how much.
        ({}, "planned", "true", (0, 80)),
        ({"certainty": "planned"}, "planned", "true", (50, 50)),
    ],
)
def test_planned_or_former_indirect_share_does_not_count_beside_one_that_is_held(
    firm: dict[str, Any], certainty: str, time: str, expected: tuple[int, int]
) -> None:
    """Parent owns all of Firm, which has 30 or an unknown part of Mine; 50 of Mine are, were or will be Parent's."""
    graph: PlainGraph[str] = PlainGraph()
    said = {"relation": "stake", "citations": "p. 1", "certainty": "stated", "time": "true"}
    graph.add_edge(Edge("Other", "Mine", "s1", {**said, "share": 20.0}))
    graph.add_edge(Edge("Firm", "Mine", "s2", {**said, **firm}))
    graph.add_edge(Edge("Parent", "Firm", "s3", {**said, "share": 100.0}))
    indirect = Edge("Parent", "Mine", "s4", {**said, "share": 50.0, "certainty": certainty, "time": time})
    snapshot = OwnershipSnapshot(2025, graph, stated=[indirect])
    (row,) = [row for row in owner_rows(snapshot, "Mine")[0] if row.owner == "Parent"]
    assert (row.share.low, row.share.high) == expected
    said_so = f"stated as indirect: 50 % ({certainty})"
    assert (said_so in explain(snapshot, "Mine")) == (row.stated is not None)


def test_stated_share_of_a_chain_without_room_is_in_conflict() -> None:
    """Other has all of Mine, so Firm, of unknown share, and its owner Parent have none; yet 20 is stated for Parent."""
    graph: PlainGraph[str] = PlainGraph()
    said = {"citations": "p. 1", "certainty": "stated", "time": "true"}
    graph.add_edge(Edge("Other", "Mine", "s1", {**said, "share": 100.0}))
    graph.add_edge(Edge("Firm", "Mine", "s2", said))
    graph.add_edge(Edge("Parent", "Firm", "s3", {**said, "share": 25.0}))
    graph.add_node("Other", label="Other", country_label="China")
    snapshot = OwnershipSnapshot(2025, graph, stated=[Edge("Parent", "Mine", "s4", {**said, "share": 20.0})])
    found = {row.owner: (row.how, row.share.low, row.share.high) for row in owner_rows(snapshot, "Mine")[0]}
    assert found["Parent"] == ("computed", 0.0, 20.0)
    assert {state: (tie.low, tie.high) for state, tie in ties_of(snapshot, "Mine").items()} == {
        "China": (100.0, 100.0), NO_STATE: (0.0, 0.0), "unaccounted for": (0.0, 0.0),
    }  # fmt: skip


@pytest.mark.parametrize("top", [[], [("Top", 10.0)]])
def test_share_stated_beside_a_chain_may_be_part_of_it_or_of_the_rest(top: list[tuple[str, float]]) -> None:
    """Top's 30 of Firm's 50 is 15. Other's 20 may include it: 80 is left; or be of Firm's other owners: 65 is left.

    The same holds if 10 is stated for Top.
    """
    graph: PlainGraph[str] = PlainGraph()
    said = {"citations": "p. 1", "certainty": "stated", "time": "true"}
    graph.add_edge(Edge("Firm", "Mine", "s1", {**said, "share": 50.0}))
    graph.add_edge(Edge("Top", "Firm", "s2", {**said, "share": 30.0}))
    stated = [Edge(owner, "Mine", owner, {**said, "share": share}) for owner, share in (*top, ("Other", 20.0))]
    for owner, state in (("Top", "Japan"), ("Other", "China")):
        graph.add_node(owner, label=owner, country_label=state)
    ties = ties_of(OwnershipSnapshot(2025, graph, stated=stated), "Mine")
    assert {state: (tie.low, tie.high) for state, tie in ties.items()} == {
        "China": (20.0, 20.0), "Japan": (0.0, 15.0), "unaccounted for": (65.0, 80.0),
    }  # fmt: skip


def test_stated_shares_of_several_owners_do_not_exceed_the_whole() -> None:
    """East and West own unknown parts of Firm, which has all of Mine. Stated are 60 for East and 70 for West.

    If West has 70, 30 is left for East; if East has 60, 40 is left for West.
    """
    graph: PlainGraph[str] = PlainGraph()
    said = {"citations": "p. 1", "certainty": "stated", "time": "true"}
    graph.add_edge(Edge("Firm", "Mine", "s1", {**said, "share": 100.0}))
    for owner in ("East", "West"):
        graph.add_edge(Edge(owner, "Firm", owner, said))
        graph.add_node(owner, label=owner, country_label=owner)
    stated = [Edge(owner, "Mine", f"in-{owner}", {**said, "share": share})
              for owner, share in (("East", 60.0), ("West", 70.0))]  # fmt: skip
    snapshot = OwnershipSnapshot(2025, graph, stated=stated)
    expected = {"East": (30.0, 60.0), "West": (40.0, 70.0)}
    rows = owner_rows(snapshot, "Mine")[0]
    assert {row.owner: (row.share.low, row.share.high) for row in rows if row.owner != "Firm"} == expected
    for owner, bounds in expected.items():
        held = {row.asset: (row.share.low, row.share.high) for row in holding_rows(snapshot, owner)}
        assert held["Mine"] == bounds
        tie = ties_of(snapshot, "Mine")[owner]
        assert (tie.low, tie.high) == bounds


@pytest.mark.parametrize("keys", [("s1", "s2"), ("s2", "s1")])
def test_successive_indirect_shares_are_merged(keys: tuple[str, str]) -> None:
    """25 to 50 until some day of 2023, then 50 to 75: in 2023 it is 25 to 75, whichever is listed first."""
    before = {"share_low": 25.0, "share_high": 50.0, "valid_until": "2023-06", "time": "true", "citations": "p. 1"}
    after = {"share_low": 50.0, "share_high": 75.0, "valid_from": "2023-06", "time": "not known then",
             "citations": "p. 2"}  # fmt: skip
    network: PlainGraph[str] = PlainGraph()
    for key, data in zip(keys, (before, after), strict=True):
        said = {"relation": "stake", "basis": "indirect", "certainty": "stated", **data}
        network.add_edge(Edge("Person", "Firm", key, said))
    (row,) = owner_rows(make_snapshot(network, 2023), "Firm")[0]
    assert (row.share.low, row.share.high, row.time) == (25.0, 75.0, "true")
    assert {one for stake in row.stakes for one in stake.data["citations"].split("; ")} == {"p. 1", "p. 2"}


def test_change_of_a_bounded_stake_has_no_share() -> None:
    """A new holder of 50 to 75 is listed without a share; a buyer who replaces a seller of 60 is listed with 60."""

    def snapshot(*stakes: tuple[str, str, dict[str, object]], year: int) -> OwnershipSnapshot:
        network: PlainGraph[str] = PlainGraph()
        for owner, asset, data in stakes:
            said = {"relation": "stake", "basis": "direct", "certainty": "stated", "time": "true", **data}
            network.add_edge(Edge(owner, asset, f"{owner}-{asset}", said))
        return make_snapshot(network, year)

    seller = ("seller", "mine", {"share": 60.0, "valid_until": "2016"})
    buyer = ("buyer", "mine", {"share": 60.0, "valid_from": "2016"})
    bounds = ("holder", "block", {"share_low": 50.0, "share_high": 75.0, "valid_from": "2016"})
    found = changes(snapshot(seller, year=2015), snapshot(seller, buyer, bounds, year=2016))
    assert {(one.what, one.owner, one.share) for one in found} == {("came", "holder", None), ("came", "buyer", 60.0)}


def test_changes_of_direct_indirect_and_named_owners() -> None:
    """Firm has 60 % of Mine and its parent sells it; an operator is no longer named, and an indirect share is new."""

    def snapshot(year: int, *edges: tuple[str, str, dict[str, object]]) -> OwnershipSnapshot:
        network: PlainGraph[str] = PlainGraph()
        for owner, asset, data in (("firm", "mine", {"share": 60.0}), ("holder", "block", {"share": 50.0}), *edges):
            said = {"relation": "stake", "basis": "direct", "certainty": "stated", "time": "true", **data}
            network.add_edge(Edge(owner, asset, f"{owner}-{asset}", said))
        return make_snapshot(network, year)

    before = snapshot(2015, ("parent", "firm", {"share": 100.0}),
                      ("operator", "mine", {"relation": "namedCompany", "role": "operator"}))  # fmt: skip
    after = snapshot(2016, ("other", "firm", {"share": 100.0}), ("fund", "block", {"share": 10.0, "basis": "indirect"}))
    assert [(one.asset, one.what, one.owner, one.how, one.share) for one in changes(before, after)] == [
        ("block", "came", "fund", "through others", 10.0),
        ("firm", "went", "parent", "stake", 100.0),
        ("firm", "came", "other", "stake", 100.0),
        ("mine", "went", "operator", "operator, no stake stated", None),
        ("mine", "went", "parent", "through others", 60.0),
        ("mine", "came", "other", "through others", 60.0),
    ]

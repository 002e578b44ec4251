"""The paper's ownership, by hand from its tables: chains, years, what is not known."""

from __future__ import annotations

import pytest

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.holdings.owners import read_snapshot
from peru_asia_graph.ownership.changes import changes
from peru_asia_graph.ownership.plain_graph import Edge, PlainGraph
from peru_asia_graph.ownership.share_rows import all_rows, left_over, owner_rows, unheld
from peru_asia_graph.ownership.snapshot import OwnershipSnapshot, make_snapshot

BLOCK_8 = {
    "pluspetrol-norte": 60.0,
    "pluspetrol-resources": 33.0,
    "cnpc": 27.0,
    "knoc": 20.0,
    "daewoo": 11.6,
    "sk-energy": 8.3,
}


def test_block_8_is_what_table_7_states_and_adds_up_to_99_9(kg: KnowledgeGraph) -> None:
    """Table 6: 45 and 55 % of the 60 %; Table 7: 27 and 33 %. Nothing is added twice."""
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
    """70 % of CST until 2012, then of Cumbres Andinas; in the year itself neither is sure, and none of both is 140."""
    points = {
        year: {row.owner: row.share for row in owner_rows(read_snapshot(kg.store, year), "mina-justa")[0]}
        for year in (2011, 2012, 2013)
    }
    assert points[2011]["cst-mining-group"].point == 70.0 and "cumbres-andinas" not in points[2011]
    assert points[2013]["cumbres-andinas"].point == 70.0 and "cst-mining-group" not in points[2013]
    for owner in ("cst-mining-group", "cumbres-andinas"):
        assert (points[2012][owner].low, points[2012][owner].high) == (0.0, 70.0)
    assert points[2012]["korea-resources"].point == points[2012]["ls-nikko-copper"].point == 15.0


def test_the_share_of_brescia_is_the_one_stated(kg: KnowledgeGraph) -> None:
    """The chain through Cumbres Andinas has no share; Table 6 gives the group the same 70 %, not a further 70."""
    rows = {row.owner: row for row in owner_rows(read_snapshot(kg.store, 2013), "mina-justa")[0]}
    assert (rows["brescia-group"].how, rows["brescia-group"].share.point) == ("stated", 70.0)
    assert rows["brescia-group"].certainty == "stated"
    before = owner_rows(read_snapshot(kg.store, 2011), "mina-justa")[0]
    assert "brescia-group" not in {row.owner for row in before}


def test_shares_not_stated_are_not_zero(kg: KnowledgeGraph) -> None:
    """Table 5 says Huanzala is held through a subsidiary, and no share."""
    rows, found = owner_rows(read_snapshot(kg.store), "huanzala")
    assert {row.owner: (row.share.low, row.share.high) for row in rows} == {
        "mitsui-mining-and-smelting": (0.0, 100.0), "santa-luisa": (0.0, 100.0),
    }  # fmt: skip
    assert found.unaccounted is not None and (found.unaccounted.low, found.unaccounted.high) == (0.0, 100.0)


def test_undated_stakes_are_not_known_then(kg: KnowledgeGraph) -> None:
    rows = {(row.owner, row.asset): row.time for row in all_rows(read_snapshot(kg.store, 2012))}
    assert rows["cnpc", "block-8"] == "not known then"
    assert rows["mitsui-and-co", "bayovar"] == "true"


def test_a_holder_with_owners_of_unknown_share_leaves_nothing_unaccounted_for() -> None:
    """70 + 30 are stated holders of the mine; who holds how much of the first is not, and B has nothing left."""
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
    ("time", "moments", "owners"),
    [
        ("true", ("", ""), {"Firm", "Parent"}),
        ("not known then", ("", ""), {"Firm"}),
        ("not known then", ("2025-02", "2025-02"), {"Firm", "Parent"}),
        ("not known then", ("2025-02", "2024-11"), {"Firm"}),
        ("not known then", ("", "2025-02"), {"Firm"}),
    ],
)
def test_a_share_stated_as_indirect_may_be_part_of_what_a_firm_holds(
    time: str, moments: tuple[str, str], owners: set[str]
) -> None:
    """The 50 of Parent fit into the 60 of Firm, so 40 are left.

    If it is not known to hold then, it is listed only where it is said of the moment of which the 60 are.
    """
    graph: PlainGraph[str] = PlainGraph()
    said = {"citations": "p. 1", "certainty": "stated", "time": time}
    direct, indirect = ({"as_of": moment} if moment else {} for moment in moments)
    graph.add_edge(Edge("Firm", "Mine", "direct", {**said, **direct, "share": 60.0}))
    parent = Edge("Parent", "Mine", "indirect", {**said, **indirect, "share": 50.0})
    rows, found = owner_rows(OwnershipSnapshot(2025, graph, stated=[parent]), "Mine")
    assert {row.owner for row in rows} == owners
    left = left_over(rows, found, lambda owner: not graph.edges_in(owner))
    assert (left.low, left.high) == (40.0, 40.0)


def test_what_the_end_of_a_chain_can_hold_at_most_leaves_the_rest_unaccounted_for() -> None:
    """Half of a firm that holds at least 52: the half is 26 to 50, so that 50 to 74 are nobody's."""
    graph: PlainGraph[str] = PlainGraph()
    graph.add_edge(Edge("top", "firm", "s1", {"share": 50.0, "time": "true"}))
    graph.add_edge(Edge("firm", "mine", "s2", {"share_low": 52.0, "share_high": 100.0, "time": "true"}))
    snapshot = OwnershipSnapshot(2015, graph)
    left = unheld(snapshot, owner_rows(snapshot, "mine")[1])
    assert left is not None and (left.low, left.high) == (50.0, 74.0)


def test_bounds_above_a_firm_leave_the_rest_unaccounted_for() -> None:
    """Mid has 40 to 50 of Low, Top 80 of Mid: of the 90 that Low has of the mine, Top has 28.8 to 36, nobody the rest.

    Where it is not known what Mid has of Low, Low itself is the holder: the mine's other 10 are left.
    """

    def left(**of_low: float) -> tuple[float, float]:
        graph: PlainGraph[str] = PlainGraph()
        shares = [("Low", "Mine", {"share": 90.0}), ("Mid", "Low", of_low), ("Top", "Mid", {"share": 80.0})]
        for owner, asset, data in shares:
            graph.add_edge(Edge(owner, asset, owner, {"time": "true", **data}))
        snapshot = OwnershipSnapshot(2020, graph)
        found = unheld(snapshot, owner_rows(snapshot, "Mine")[1])
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
        # They contradict each other, as sources read as one may; in the second case, which of them is not said either.
        ({"share": 30.0}, {"share": 45.0}, ("computed", 30, 45)),
        ({"share": 30.0}, {"share_low": 45.0, "share_high": 47.0}, ("computed", 30, 47)),
        ({"share": 30.0}, {"share_low": 25.0, "share_high": 47.0}, ("computed", 30, 30)),
    ],
)
def test_a_share_stated_as_indirect_narrows_bounds_and_stands_against_another(
    firm: dict[str, float], stated: dict[str, float], expected: tuple[str, float, float]
) -> None:
    """Parent has the whole of Firm, and with it what Firm has of Mine."""
    graph: PlainGraph[str] = PlainGraph()
    said = {"citations": "p. 1", "certainty": "stated", "time": "true"}
    graph.add_edge(Edge("Firm", "Mine", "s1", {**said, **firm}))
    graph.add_edge(Edge("Parent", "Firm", "s2", {**said, "share": 100.0}))
    indirect = Edge("Parent", "Mine", "s3", {**said, **stated})
    rows, _ = owner_rows(OwnershipSnapshot(2025, graph, stated=[indirect]), "Mine")
    (found,) = [(row.how, row.share.low, row.share.high) for row in rows if row.owner == "Parent"]
    assert found == expected


def test_a_change_of_a_holding_of_bounds_gives_no_share() -> None:
    """A holder of 50 to 75 comes, whose share is not known; one of 60 comes when another goes, and has 60."""

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
    assert {(one.what, one.owner, one.share) for one in found} == {("added", "holder", None), ("added", "buyer", 60.0)}

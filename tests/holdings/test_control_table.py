"""What a state controls, by hand: 60 % of Firm, which has 51 % of Mine, and indirect shares without a stated chain."""

from __future__ import annotations

import pytest

from peru_asia_graph.holdings.owners import NAMED, control_table
from peru_asia_graph.ownership.plain_graph import Edge, PlainGraph
from peru_asia_graph.ownership.snapshot import OwnershipSnapshot, make_snapshot


@pytest.fixture(scope="module")
def snapshot() -> OwnershipSnapshot:
    """Direct stakes, indirect ones, and a company named for a well."""
    network: PlainGraph[str] = PlainGraph()
    stakes: list[tuple[str, str, dict[str, object]]] = [
        ("state", "firm", {"share": 60.0}),
        ("firm", "mine", {"share": 51.0, "time": "not known then"}),
        ("state", "half", {"share": 50.0}),
        ("state", "open", {}),
        ("firm", "range", {"share_low": 40.0, "share_high": 70.0}),
        ("other", "apart", {"share": 100.0}),
    ]
    indirect: list[tuple[str, str, dict[str, object]]] = [
        ("firm", "block", {"share": 100.0}),
        ("state", "rumour", {"share": 100.0, "certainty": "possible"}),
        ("state", "shaft", {"share": 60.0}),
        ("state", "lot", {"share_low": 20.0, "share_high": 80.0}),
        ("state", "dark", {}),
        ("state", "even", {"share": 50.0}),
        ("open", "pit", {"share": 100.0}),
    ]
    named = ("firm", "well", {"relation": "namedCompany", "role": "operator", "certainty": "reported"})
    for owner, asset, data in [*stakes, *((*ends, {**data, "basis": "indirect"}) for *ends, data in indirect), named]:
        said = {
            "relation": "stake",
            "basis": "direct",
            "certainty": "stated",
            "time": "true",
            "citations": f"p. {asset}",
        }
        network.add_edge(Edge(owner, asset, f"{owner}-in-{asset}", {**said, **data}))
    for node in network:
        network.add_node(node, label=node.title())
    return make_snapshot(network, 2012)


def test_control_table_gives_reason_and_time(snapshot: OwnershipSnapshot) -> None:
    """Half is not a majority, direct or indirect; an indirect share below 100 % without a chain may be one."""
    assert [tuple(row.values()) for row in control_table(snapshot, "state", 50.0)] == [
        ("Firm", "controls", None, "60 %", "true", "p. firm"),
        ("Mine", "controls", "Firm", "51 %", "not known then", "p. mine"),
        ("Block", "controls", "Firm", "100 % indirect", "true", "p. block"),
        ("Open", "may control", None, "share not stated", "true", "p. open"),
        ("Range", "may control", "Firm", "40 to 70 %", "true", "p. range"),
        ("Dark", "may control", None, "indirect share of unknown size", "true", "p. dark"),
        ("Lot", "may control", None, "20 to 80 % indirect", "true", "p. lot"),
        ("Pit", "may control", "Open", "100 % indirect", "true", "p. pit"),
        ("Rumour", "may control", None, "100 % indirect (possible)", "true", "p. rumour"),
        ("Shaft", "may control", None, "60 % indirect", "true", "p. shaft"),
        ("Well", "named, no stake stated", "Firm", "operator, no stake stated (reported)", "true", "p. well"),
    ]


def test_higher_threshold_reduces_control(snapshot: OwnershipSnapshot) -> None:
    """Firm is held by exactly 60 %, not more, so what only Firm holds drops out as well."""
    assert [str(row["firm"]) for row in control_table(snapshot, "state", 60.0)] == [
        "Open",
        "Dark",
        "Lot",
        "Pit",
        "Rumour",
    ]


@pytest.mark.parametrize(
    ("certainty", "time", "expected"),
    [
        ("planned", "true",
         [("Mine", "may control", "60 % (planned)"), ("Firm", NAMED, "parent, no stake stated (planned)")]),
        ("former", "not known then",
         [("Mine", "may control", "60 % (former)"), ("Firm", NAMED, "parent, no stake stated (former)")]),
        ("former", "true",
         [("Firm", "controls", "called its subsidiary"), ("Mine", "controls", "60 %")]),
    ],
)  # fmt: skip
def test_stake_that_may_not_be_held_gives_no_certain_control(
    certainty: str, time: str, expected: list[tuple[str, str, str]]
) -> None:
    """Owner was, or is to be, the parent of Firm and the holder of 60 % of Mine."""
    network: PlainGraph[str] = PlainGraph()
    for asset, data in (("firm", {"relation": "hasSubsidiary"}), ("mine", {"relation": "stake", "share": 60.0})):
        said = {"basis": "direct", "certainty": certainty, "time": time, "citations": "p. 1"}
        network.add_edge(Edge("owner", asset, asset, {**said, **data}))
    for node in network:
        network.add_node(node, label=node.title())
    rows = control_table(make_snapshot(network, 2012), "owner", 50.0)
    assert [(row["firm"], row["control"], row["because"]) for row in rows] == expected

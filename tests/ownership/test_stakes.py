"""Stakes as users supply them: number types, empty attributes, bounds, indirect shares, tables, exports, files."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ownership.generated import SEEDS, dense_corrected, points, random_shares, to_graph
from peru_asia_graph.errors import OverOwned, WrongUse
from peru_asia_graph.exporters.graphml import write_network
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.ownership import (
    Holdings,
    chains,
    controlled_by,
    effective_holdings,
    effective_owners,
    ultimate_controllers,
    ultimate_owners,
)

NUMBERS: list[Callable[[float], Any]] = [
    float, np.float64, np.longdouble, Fraction, lambda part: Decimal(repr(part)), lambda part: np.array(part),
    lambda part: pd.Series([part], dtype="Float64")[0], lambda part: pd.Series([part], dtype=object)[0],
]  # fmt: skip
EMPTY = [
    None, math.nan, np.float32("nan"), Decimal("NaN"), pd.NA, pd.NaT, np.datetime64("NaT"), np.ma.masked,
    np.array(math.nan),
]  # fmt: skip
UNKNOWN = (0.0, 100.0, None)


def edge(**data: Any) -> nx.DiGraph[str]:
    """Return a graph with one stake, of A in B."""
    return nx.DiGraph([("A", "B", data)])


def size(graph: Any) -> tuple[float, float, float | None]:
    """Return A's share of B: low, high and point."""
    share = effective_owners(graph, "B").shares["A"]
    return share.low, share.high, share.point


def every_function(graph: Any) -> list[Callable[[], Any]]:
    """Return a call of every public function with a graph of A and B."""
    return [
        lambda: effective_owners(graph, "B"),
        lambda: effective_holdings(graph, "A"),
        lambda: ultimate_owners(graph, "B"),
        lambda: controlled_by(graph, "A"),
        lambda: ultimate_controllers(graph),
        lambda: chains(graph, "A", "B"),
        lambda: Holdings.from_graph(graph),
    ]


@pytest.mark.parametrize(
    "whole_number", [int, np.int64, np.uint8, np.int16, lambda n: pd.Series([n], dtype="Int64")[0]]
)
def test_integers_of_any_type_are_accepted(whole_number: Callable[[int], Any]) -> None:
    assert size(edge(share=whole_number(60))) == (60, 60, 60)


@pytest.mark.parametrize("empty", EMPTY)
def test_empty_values_mean_unknown(empty: Any) -> None:
    assert size(edge(share=empty)) == size(edge(share=empty, share_low=empty, share_high=empty)) == UNKNOWN
    assert size(edge(share=76.5, share_low=empty, share_high=empty)) == (76.5, 76.5, 76.5)
    assert size(edge(share=empty, share_low=25, share_high=empty)) == (25, 100, None)
    assert size(edge(share=empty, share_low=empty, share_high=50)) == (0, 50, None)
    assert size(edge(share=30, control=empty, basis=empty, relation=empty)) == (30, 30, 30)
    assert ultimate_controllers(edge(share=30, control=empty)) == {}


@pytest.mark.parametrize(
    "value",
    [True, np.True_, 1j, np.complex128(60), "60", b"60", [60], {}, math.inf, -0.1, 100.1, Decimal("-1"), 10**400],
)
@pytest.mark.parametrize("name", ["share", "share_low", "share_high"])
def test_invalid_share_is_rejected_by_every_function(name: str, value: Any) -> None:
    graph = edge(**{name: value})
    for ask in every_function(graph):
        with pytest.raises(WrongUse, match=r"A holds .* of B"):
            ask()


def test_exact_share_must_lie_within_its_bounds() -> None:
    assert size(edge(share=30, share_low=25, share_high=50)) == (30, 30, 30)
    assert size(edge(share=0.3 * 100, share_low=30, share_high=30)) == (30, 30, 30)
    with pytest.raises(WrongUse, match="A holds 60 of B, outside its bounds of 25 to 50"):
        size(edge(share=60, share_low=25, share_high=50))
    with pytest.raises(WrongUse, match="A holds 20 of B, outside its bounds of 25 to 100"):
        size(edge(share=20, share_low=Decimal(25), share_high=None))
    with pytest.raises(WrongUse, match="lower bound comes first"):
        size(edge(share_low=50, share_high=25))


def test_share_given_as_fraction_and_percent_is_ambiguous() -> None:
    with pytest.raises(WrongUse, match=r"A holds 0\.6 \(share\) or 60 \(share_percent\) of B"):
        effective_owners(edge(share=0.6, share_percent=60), "B")
    for unit in ({"whole": 1}, {"share": "share_percent"}):
        found = effective_owners(edge(share=0.6, share_percent=60), "B", **unit).shares["A"].point  # type: ignore[arg-type]
        assert found == (0.6 if "whole" in unit else 60)
    assert effective_owners(edge(share=100 / 3, share_percent=33), "B").shares["A"].point == pytest.approx(100 / 3)
    assert effective_owners(edge(share=30, share_percent=math.nan), "B").shares["A"].point == 30


@pytest.mark.parametrize("number", [int, float, np.int64, np.float32, Decimal, Fraction, lambda n: np.array(n)])
def test_units_and_limits_accept_any_number_type(number: Callable[[int], Any]) -> None:
    found = effective_owners(edge(share=30), "B", whole=number(50), min_share=number(10)).shares["A"]
    assert found == (30, 30, 30, 30) and type(found.low) is float
    assert effective_owners(edge(share=30), "B", min_share=number(40)).shares == {}
    assert [one.share for one in chains(edge(share=30), "A", "B", whole=number(50))] == [30]
    assert controlled_by(edge(share=60), "A", threshold=number(50)) == {"B": "controls"}
    assert ultimate_controllers(edge(share=60), threshold=number(75)) == {}


@pytest.mark.parametrize(("value", "found"), [
    (True, True), (np.True_, True), (1, True), ("yes", True), (False, False), (np.False_, False), (pd.NA, False),
    (math.nan, False), ([], False), (np.array([1, 2]), False),
])  # fmt: skip
def test_control_accepts_any_truth_value(value: Any, found: bool) -> None:
    assert controlled_by(edge(share=30, control=value), "A") == ({"B": "controls"} if found else {})


@pytest.mark.parametrize("asset", [math.nan, pd.NA, (1, "a")])
def test_chains_to_nodes_with_unusual_equality(asset: Any) -> None:
    graph = nx.DiGraph([("A", np.int64(3), {"share": 50}), (np.int64(3), asset, {"share": 50})])
    assert [one.share for one in chains(graph, "A", asset)] == [25]


def test_certainty_accepts_any_type() -> None:
    """Only an explicit doubt such as "possible" rules out control."""
    for value, found in (([], {"B": "controls"}), (None, {"B": "controls"}), ("possible", {})):
        assert controlled_by(edge(relation="stateOwned", certainty=value), "A") == found


def test_non_numeric_unit_or_limit_is_rejected() -> None:
    for value in (math.nan, True, "50", None, Decimal("NaN"), 1j):
        with pytest.raises(WrongUse, match="not a valid min_share"):
            effective_owners(edge(share=30), "B", min_share=value)
        with pytest.raises(WrongUse, match="threshold"):
            ultimate_controllers(edge(share=30), threshold=value)
        with pytest.raises(WrongUse, match="whole is"):
            effective_owners(edge(share=30), "B", whole=value)


def test_unknown_share_attribute_is_rejected() -> None:
    """Otherwise a misspelt name would make every share unknown."""
    for ask in (effective_owners, effective_holdings, controlled_by):
        for graph in (edge(weight=60), [{"owner": "A", "owned": "B", "weight": 60}]):
            with pytest.raises(WrongUse, match="no edge or row has a share called 'wieght'"):
                ask(graph, "A", share="wieght")
    assert effective_owners(edge(weight=60), "B", share="weight").shares["A"].point == 60


def test_ambiguous_columns_and_unhashable_values_are_rejected() -> None:
    twice = pd.DataFrame([["A", "B", 60, 70]], columns=["owner", "owned", "share", "share"])
    with pytest.raises(WrongUse, match="more than one column called 'share'"):
        effective_owners(twice, "B")
    for row in ({"owner": ["A"], "owned": "B"}, {"owner": "A", "owned": {}}):
        with pytest.raises(WrongUse, match="row 1 of the table has"):
            effective_owners([row], "B")
    for nodes in (["A", "A"], [["A"], ["B"]]):
        with pytest.raises(WrongUse, match=r"given twice|nodes must be strings"):
            effective_owners(Holdings.from_arrays(nodes, [0], [1], [0.5]), "B")


@pytest.mark.slow
@given(SEEDS, st.data())
def test_every_number_type_agrees_with_dense_algebra(seed: int, data: st.DataObject) -> None:
    shares = random_shares(seed)
    graph, expected = to_graph(shares), 100 * dense_corrected(shares)
    for *_, facts in graph.edges(data=True):
        facts["share"] = data.draw(st.sampled_from(NUMBERS))(facts["share"])
        if data.draw(st.booleans()):
            facts |= {"share_low": data.draw(st.sampled_from(EMPTY)), "share_high": data.draw(st.sampled_from(EMPTY))}
    for given_as in (graph, nx.MultiDiGraph(graph), table_of(graph), table_of(graph).to_dict("records")):
        for asset in graph:
            if graph.in_degree(asset):
                column = points(effective_owners(given_as, asset), len(shares))
                column[asset] = expected[asset, asset]
                assert np.allclose(column, expected[:, asset], rtol=0, atol=1e-9)


def table_of(graph: nx.DiGraph[int]) -> pd.DataFrame:
    """Return the stakes as a data frame with the columns of a flat table."""
    rows = [(owner, asset, facts["share"]) for owner, asset, facts in graph.edges(data=True)]
    return pd.DataFrame(rows, columns=["owner", "owned", "share_percent"], dtype=object)


@pytest.mark.slow
@settings(max_examples=30)
@given(SEEDS)
def test_indirect_share_does_not_change_what_a_chain_determines(seed: int) -> None:
    shares = random_shares(seed)
    graph = nx.MultiDiGraph(to_graph(shares))
    plain = graph.copy()
    for owner in graph:
        for asset in list(graph):
            graph.add_edge(owner, asset, share=37.5, basis="indirect")
    for node in graph:
        one, two = effective_owners(plain, node), effective_owners(graph, node)
        assert {owner: share for owner, share in two.shares.items() if owner in one.shares} == one.shares
        assert two.stated[node].point == 37.5
        assert controlled_by(plain, node) == controlled_by(graph, node)
        held = effective_holdings(plain, node).shares
        assert {
            asset: share for asset, share in effective_holdings(graph, node).shares.items() if asset in held
        } == held
        for asset in graph:
            assert [chain.share for chain in chains(graph, node, asset)] == [
                chain.share for chain in chains(plain, node, asset)
            ]
    assert ultimate_controllers(plain) == ultimate_controllers(graph)


def test_indirect_share_is_kept_beside_the_chain() -> None:
    """45 % of 60 % is 27 %; the stated indirect share is 27 % (the same) or 30 % (different: both are given)."""
    for stated in (27.0, 30.0):
        stakes = nx.DiGraph([("P", "H", {"share": 45.0}), ("H", "M", {"share": 60.0})])
        stakes.add_edge("P", "M", share=stated, basis="indirect")
        found = effective_owners(stakes, "M")
        assert (found.shares["P"].point, found.shares["P"].direct, found.stated["P"].point) == (27.0, 0.0, stated)
        assert effective_holdings(stakes, "P").shares["M"].point == 27.0
        assert effective_holdings(stakes, "P").stated["M"].point == stated
        assert [(chain.share, len(chain.edges)) for chain in chains(stakes, "P", "M")] == [(27.0, 2)]
        assert ultimate_owners(stakes, "M").shares.keys() == {"P"}


def test_indirect_share_fills_an_undetermined_chain() -> None:
    stakes = nx.DiGraph([("P", "H", {}), ("H", "M", {"share": 60.0}), ("P", "M", {"share": 27.0, "basis": "Indirect"})])
    assert effective_owners(stakes, "M").shares["P"].point == 27.0
    stakes.edges["P", "M"]["share"] = 90.0  # more than the 60 % that the chain can give
    assert effective_owners(stakes, "M").shares["P"][:3] == (0.0, 60.0, None)


@pytest.mark.parametrize(
    ("stated", "told"),
    [((25.0, 50.0), (25.0, 50.0)), ((25.0, 90.0), (25.0, 60.0)), ((70.0, 90.0), (0.0, 60.0))],
)
def test_indirect_range_narrows_an_undetermined_chain(stated: tuple[float, float], told: tuple[float, float]) -> None:
    """The chain gives 0 to 60 %; a range above that does not fit and narrows nothing."""
    stakes = nx.DiGraph([("P", "H", {}), ("H", "M", {"share": 60.0})])
    stakes.add_edge("P", "M", share_low=stated[0], share_high=stated[1], basis="indirect")
    assert effective_owners(stakes, "M").shares["P"] == (*told, None, 0.0)
    assert effective_holdings(stakes, "P").shares["M"] == (*told, None, 0.0)


def test_an_indirect_share_without_a_chain_is_kept() -> None:
    stakes = nx.DiGraph([("P", "M", {"share": 76.5, "basis": "indirect"})])
    found = ultimate_owners(stakes, "M")
    assert found.shares["P"].point == 76.5 and found.unaccounted is not None and found.unaccounted.point == 23.5
    assert effective_holdings(stakes, "P").shares["M"].point == 76.5
    assert controlled_by(stakes, "P") == {}


# X and Z hold 75 % of Y each; Y holds 60 % of W and X 10 %; A holds 60 % of B.
OVER = [("A", "B", 60.0), ("X", "Y", 75.0), ("Z", "Y", 75.0), ("Y", "W", 60.0), ("X", "W", 10.0)]
TOGETHER = "Y: X 75, Z 75; together 150 of 100"


@pytest.mark.slow
@pytest.mark.parametrize("copies", [1, 4000])
def test_over_owned_firm_is_reported_and_isolated(copies: int) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_weighted_edges_from(OVER, weight="share")
    graph.add_weighted_edges_from(((f"A{n}", f"B{n}", 60.0) for n in range(0, 3 * copies, 1)), weight="share")
    assert effective_owners(graph, "B").shares["A"].point == 60.0 and not effective_owners(graph, "B").over_owned
    with pytest.raises(OverOwned, match=TOGETHER):
        effective_owners(graph, "Y")
    below = effective_owners(graph, "W")
    assert dict(below.over_owned) == {"Y": TOGETHER}
    assert {owner: share[:2] for owner, share in below.shares.items()} == {"Y": (60, 60), "X": (10, 55), "Z": (0, 45)}
    held = effective_holdings(graph, "X")
    assert held.shares["Y"][:2] == (0, 75) and dict(held.over_owned) == {"Y": TOGETHER}
    assert effective_holdings(graph, "A").over_owned == {}
    assert controlled_by(graph, "X") == {"Y": "may control", "W": "may control"}
    assert dict(controlled_by(graph, "X").over_owned) == {"Y": TOGETHER} and not controlled_by(graph, "A").over_owned
    tops = ultimate_controllers(graph)
    assert tops["B"] == "A" and tops["W"] == "Y" and "Y" not in tops and dict(tops.over_owned) == {"Y": TOGETHER}
    assert [chain.share for chain in chains(graph, "X", "W")] == [10.0, None]


@given(SEEDS)
def test_assets_not_below_an_over_owned_firm_are_unaffected(seed: int) -> None:
    shares = random_shares(seed)
    graph = to_graph(shares)
    bad = len(shares) // 2
    other = graph.copy()
    other.add_edge("one", bad, share=80.0)
    other.add_edge("two", bad, share=80.0)
    for asset in graph:
        if asset == bad or bad in nx.ancestors(graph, asset):
            continue
        assert effective_owners(other, asset) == effective_owners(graph, asset)


@pytest.mark.parametrize("kind", [nx.Graph, nx.MultiGraph])
def test_undirected_graph_is_rejected_by_every_function(kind: Any) -> None:
    graph = kind([("A", "B", {"share": 60.0})])
    for ask in every_function(graph):
        with pytest.raises(WrongUse, match="the graph is undirected"):
            ask()


def test_arrays_of_any_type_are_accepted() -> None:
    """A holds 60 % of B; C's share is unknown, so 0 to 40 %."""
    nodes, owners, assets = ["A", "B", "C"], pd.Series([0, 2]), np.array([1, 1])
    for low in ([0.6, None], [Decimal("0.6"), pd.NA], pd.Series([0.6, None], dtype="Float64"), np.array([0.6, np.nan])):
        found = effective_owners(Holdings.from_arrays(nodes, owners, assets, low), "B").shares
        assert found["A"].point == 60 and found["C"][:2] == (0, 40)
    many = pd.concat([pd.Series([0.6, None], dtype="Float64")] * 6000, ignore_index=True)
    numbers = np.arange(12_000)
    found = effective_owners(Holdings.from_arrays(range(24_000), numbers, numbers + 12_000, many), 12_001).shares
    assert found[1][:2] == (0, 100)
    pairs = Holdings.from_arrays(range(18_000), numbers, numbers // 2 + 12_000, many)
    found = effective_owners(pairs, 12_000).shares
    assert found[0].point == 60 and found[1][:2] == (0, 40)
    assert pairs.slack.column(12_000) == {1: pytest.approx(0.4)}
    for wrong in ([0.6], [0.6, 1.1], [0.6, "x"], [True, 0.1], 3, None):
        with pytest.raises(WrongUse, match="lists of equal length"):
            Holdings.from_arrays(nodes, owners, assets, wrong)  # type: ignore[arg-type]
    with pytest.raises(WrongUse, match="not from 0 to 2"):
        Holdings.from_arrays(nodes, [0, 3], assets, [0.6, 0.1])


@pytest.mark.parametrize(
    ("name", "wrong", "message"),
    [
        ("owners", -1, "not an integer from 0 to 23999"),
        ("assets", 24_000, "not an integer from 0 to 23999"),
        ("owners", 0.5, "not an integer from 0 to 23999"),
        ("low", -0.1, "bounds must be between 0 and 1"),
        ("low", 0.7, "bounds must be between 0 and 1, the lower first"),
        ("high", 1.1, "bounds must be between 0 and 1"),
    ],
)
def test_one_invalid_number_among_many_is_rejected(name: str, wrong: float, message: str) -> None:
    numbers = np.arange(12_000)
    arrays = {"owners": numbers, "assets": numbers + 12_000, "low": np.full(12_000, 0.5), "high": np.full(12_000, 0.6)}
    assert Holdings.from_arrays(range(24_000), **arrays).is_owned(12_000)
    changed = arrays[name].astype(float if wrong == 0.5 else arrays[name].dtype)
    changed[7] = wrong
    with pytest.raises(WrongUse, match=message):
        Holdings.from_arrays(range(24_000), **{**arrays, name: changed})


def comparable(kg: KnowledgeGraph, asset: str, year: int) -> dict[str, float]:
    """Return the determined shares that the graph computes for an asset."""
    rows = kg.derivation(asset, year)
    return {str(row["owner"]): row["percent"] for row in rows if row.get("percent") and row["how"] == "computed"}  # type: ignore[misc]


@pytest.mark.parametrize("form", ["networkx", "graphml", "gexf", "DiGraph"])
@pytest.mark.parametrize(
    ("asset", "year"), [("antamina", 2012), ("block-8", 2012), ("toromocho", 2012), ("marcona-mine", 2012)]
)
def test_exported_networks_are_accepted(kg: KnowledgeGraph, form: str, asset: str, year: int) -> None:
    network = kg.network("ownership", year=year)
    graph: Any = network
    if form in ("graphml", "gexf"):
        read = {"graphml": nx.read_graphml, "gexf": nx.read_gexf}[form]
        graph = read(BytesIO(write_network(network, form)))
    elif form == "DiGraph":
        graph = nx.DiGraph(network)
    expected = comparable(kg, asset, year)
    found = {owner: share.point for owner, share in effective_owners(graph, asset).shares.items() if share.point}
    assert found == pytest.approx(expected)


def test_exported_table_of_stakes_is_accepted(kg: KnowledgeGraph, root: Path, tmp_path: Path) -> None:
    path = tmp_path / "stakes.csv"
    path.write_bytes(kg.export("csv", table="stakes"))
    frame = pd.read_csv(path)
    linked = nx.from_pandas_edgelist(frame, "owner", "owned", edge_attr=True, create_using=nx.MultiDiGraph)
    result = kg.query("""
        SELECT ?owner ?owned ?share ?basis {
          ?stake a pag:Stake ; pag:owner ?owner ; pag:owned ?owned ; pag:basis ?code
          OPTIONAL { ?stake pag:sharePercent ?share }
          BIND(REPLACE(STR(?code), "^.*/", "") AS ?basis)
        }""")
    for stakes in (frame, frame.convert_dtypes(), linked, result, result.to_pandas(), list(result)):
        found = {owner: share.point for owner, share in effective_owners(stakes, "antamina").shares.items()}
        assert found == {"bhp-billiton": 33.75, "xstrata": 33.75, "teck": 22.5, "mitsubishi-corporation": 10.0}
        with pytest.raises(OverOwned, match="mina-justa"):
            effective_owners(stakes, "mina-justa")
        assert "mina-justa" in ultimate_controllers(stakes).over_owned
    with pytest.raises(WrongUse, match="columns 'owner' and 'owned'"):
        effective_owners(kg.query("SELECT ?owner { ?stake pag:owner ?owner }"), "antamina")


def test_names_in_answers_can_be_queried(kg: KnowledgeGraph) -> None:
    for row in kg.owners("Block 8", 2012):
        if row["effective_low"] is not None and row["owner"] != "unaccounted for":
            assert "Block 8" in {held["asset"] for held in kg.holdings(str(row["owner"]), 2012)}

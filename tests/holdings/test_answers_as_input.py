"""The package's own ownership answers and networks as input to its ownership functions."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.ownership import (
    all_effective_owners,
    chains,
    controlled_by,
    effective_holdings,
    effective_owners,
    ultimate_controllers,
    ultimate_owners,
)
from peru_asia_graph.query.render import render
from peru_asia_graph.store.results import Result

# Table 6 gives the direct shares; 55 % and 45 % of Pluspetrol Norte's 60 is 33 and 27; 100 - 99.9 is left.
BLOCK_8 = {
    "Pluspetrol Norte S.A.": 60.0,
    "Korea National Oil Corporation": 20.0,
    "Daewoo": 11.6,
    "SK Energy": 8.3,
    "Pluspetrol Resources Corporation": 33.0,
    "China National Petroleum Corporation": 27.0,
}


def _frame(result: Result) -> Any:
    return result.to_pandas()


def _from_csv(result: Result) -> Any:
    return pd.read_csv(io.StringIO(render(result, "csv")))


def _as_it_is(result: Result) -> Any:
    return result


@pytest.mark.parametrize("given_as", [_frame, _from_csv, _as_it_is])
def test_owners_answer_is_accepted_as_stakes(kg: KnowledgeGraph, given_as: Callable[[Result], Any]) -> None:
    stakes = given_as(kg.owners("Block 8"))
    found = effective_owners(stakes, "Block 8")
    assert {owner: share.point for owner, share in found.shares.items()} == BLOCK_8
    assert found.unaccounted is not None and round(found.unaccounted.high, 6) == 0.1
    assert found.shares.keys() - found.stated.keys() == set(list(BLOCK_8)[:4])
    assert ultimate_owners(stakes, "Block 8").shares.keys() >= {"Daewoo"}
    assert effective_holdings(stakes, "Daewoo").shares["Block 8"].point == 11.6
    assert [chain.share for chain in chains(stakes, "Daewoo", "Block 8")] == [11.6]
    assert controlled_by(stakes, "Pluspetrol Norte S.A.") == {"Block 8": "controls"}
    assert ultimate_controllers(stakes)


def test_holdings_answer_is_accepted_as_stakes(kg: KnowledgeGraph) -> None:
    """CNPC: 45 % of Pluspetrol Norte and Block 1AB, so 27 % of Block 8; SAPET without a share; others only named."""
    stakes = kg.holdings("CNPC").to_pandas()
    assert set(stakes["owner"]) == {"China National Petroleum Corporation"}
    found = effective_holdings(stakes, "China National Petroleum Corporation").shares
    assert {asset: share.point for asset, share in found.items()} == {
        "Block 1AB": 45.0,
        "Pluspetrol Norte S.A.": 45.0,
        "Block 8": 27.0,
        "SAPET": None,
        "State-owned oil assets bought by Sapet": None,
    }


def test_rows_without_a_stake_are_ignored(kg: KnowledgeGraph) -> None:
    """Toromocho's companies are named without a stake, so none of them has a known share."""
    found = effective_owners(kg.owners("Toromocho"), "Toromocho")
    assert dict(found.shares) == {}


def test_shares_of_several_sources_are_never_added_up(sources: KnowledgeGraph) -> None:
    """Both sources give Pluspetrol Norte 60 % of Block 8."""
    for stakes, asset in ((sources.owners("Block 8"), "Block 8"), (sources.network("ownership"), "block-8")):
        with pytest.raises(WrongUse, match="more than one source"):
            effective_owners(stakes, asset)
    # Queries that do not depend on that asset still work: only the paper states stakes in Antamina.
    network = sources.network("ownership")
    alone = {one.point for one in effective_owners(network, "antamina").shares.values()}
    assert alone == {10.0, 22.5, 33.75}
    assert "bayovar" in effective_holdings(network, "mitsui-and-co").shares
    for ask in (
        lambda: effective_holdings(network, "daewoo"), lambda: chains(network, "daewoo", "block-8"),
        lambda: controlled_by(network, "pluspetrol-norte"), lambda: list(all_effective_owners(network)),
        lambda: ultimate_controllers(network),
    ):  # fmt: skip
        with pytest.raises(WrongUse, match="more than one source"):
            ask()
    for source, daewoo in (("sanborn-yong", 11.6), ("gem", 11.7)):
        assert effective_owners(sources.owners("Block 8", source=source), "Block 8").shares["Daewoo"].point == daewoo
        network = sources.network("ownership", source=source)
        assert effective_owners(network, "block-8").shares["daewoo"].point == daewoo
    together = sources.owners("Block 8", combine=True)
    share = effective_owners(together, "Block 8").shares["Daewoo"]
    assert (share.low, share.high) == (11.6, 11.7)


def test_shares_of_several_years_are_never_added_up() -> None:
    row = {"owner": "A", "asset": "M", "direct_percent": 30, "effective_low": 30, "effective_percent": 30,
           "effective_high": 30, "held_then": "yes"}  # fmt: skip
    assert effective_owners([{**row, "as_of": 2012}], "M").shares["A"].point == 30.0
    with pytest.raises(WrongUse, match="more than one year"):
        effective_owners([{**row, "as_of": 2012}, {**row, "as_of": 2013}], "M")


def test_table_without_assets_says_which_column_to_add() -> None:
    with pytest.raises(WrongUse, match="add a column for an owner or asset"):
        effective_owners([{"owner": "A", "share_percent": 30}], "M")

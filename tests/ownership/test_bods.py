"""BODS example shareholdings as edges: exact shares stay exact, and ranges stay ranges.

``bods-shares.csv`` lists every statement with a shareholding in the examples of the Beneficial Ownership Data Standard
(github.com/openownership/data-standard, branch main) and in the fixture pack bods-v04-fixtures 0.1.1 (PyPI, MIT),
in the original order and with the share as stated there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pytest

from peru_asia_graph.ownership import effective_holdings, effective_owners, ultimate_controllers, ultimate_owners

TABLE = pd.read_csv(Path(__file__).parent / "bods-shares.csv")
STATEMENTS = TABLE.to_dict("records")
EXAMPLES = sorted(set(TABLE["example"]))


def first(*values: float) -> float:
    """Return the first value that is not NaN, else NaN."""
    return next((value for value in values if value == value), float("nan"))


def add_stake(graph: nx.MultiDiGraph[str], row: dict[str, Any]) -> None:
    """Add a statement; empty cells stay empty."""
    low, high = first(row["minimum"], row["exclusive_minimum"]), first(row["maximum"], row["exclusive_maximum"])
    graph.add_edge(row["party"], row["subject"], share=row["exact"], share_low=low, share_high=high, basis=row["basis"])


def check(graph: nx.MultiDiGraph[str]) -> None:
    """Compare the results in both directions with what each edge states."""
    for owner, asset, facts in graph.edges(data=True):
        for one in (effective_owners(graph, asset), effective_holdings(graph, owner)):
            other = owner if one.of == asset else asset
            exact, (low, high) = facts["share"], (first(facts["share_low"], 0.0), first(facts["share_high"], 100.0))
            if facts["basis"] == "indirect":
                assert one.stated[other].point == exact
            elif exact == exact:
                assert one.shares[other].direct == exact
            else:
                assert one.shares[other][:3] == (low, high, None)


@pytest.mark.parametrize("row", STATEMENTS, ids=lambda row: f"{row['example']} {row['record']} {row['status']}")
def test_every_statement_alone(row: dict[str, Any]) -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    add_stake(graph, row)
    check(graph)
    share = effective_owners(graph, row["subject"]).shares[row["party"]]
    assert share.point == row["exact"] if row["exact"] == row["exact"] else share.point is None
    majority = (row["basis"] != "indirect" and row["exact"] > 50) or row["minimum"] >= 75
    assert ultimate_controllers(graph) == ({row["subject"]: row["party"]} if majority else {})


@pytest.mark.parametrize("example", EXAMPLES)
def test_final_state_of_every_example(example: str) -> None:
    latest: dict[tuple[str, str], dict[str, Any]] = {}
    for row in STATEMENTS:
        if row["example"] == example:
            latest[row["record"], str(row["basis"])] = row
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for row in latest.values():
        if row["status"] != "closed":
            add_stake(graph, row)
    check(graph)


def test_the_state_behind_a_state_owned_firm() -> None:
    """Finland's example: 76.5 % and 23.5 % end at one firm; the indirect 100 % stated for the state is not added."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for row in STATEMENTS:
        if row["example"] == "bods-package-fi-soe":
            add_stake(graph, row)
    found = effective_owners(graph, "19f1c5afe9d7")
    assert {owner: share.point for owner, share in found.shares.items()} == {
        "0199c515a699": 76.5, "7ff95ba3682c": 100.0, "05ce06ec97b1": 100.0,
    }  # fmt: skip
    assert found.stated.keys() == {"05ce06ec97b1"}
    ends = ultimate_owners(graph, "19f1c5afe9d7")
    assert {owner: share.point for owner, share in ends.shares.items()} == {"7ff95ba3682c": 100.0}
    assert ends.stated["05ce06ec97b1"].point == 100.0 and ends.unaccounted is not None and ends.unaccounted.point == 0.0

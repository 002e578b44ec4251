"""Chains between two things: shortest first, every step cited, not through hubs, and deterministic."""

from __future__ import annotations

import time

import networkx as nx
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from peru_asia_graph.cli import pag
from peru_asia_graph.errors import UnknownName, WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.ownership.plain_graph import Edge
from peru_asia_graph.query import chains
from peru_asia_graph.site.pages import make_page

EDGES = st.sets(st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")), max_size=14)


def search_of(edges: set[tuple[str, str]], hubs: frozenset[str] = frozenset()) -> chains.Search:
    """Return a search over edges without attributes."""
    steps: dict[str, dict[str, list[Edge[str]]]] = {node: {} for node in "abcdefg"}
    for one, other in edges:
        if one != other:
            steps[one].setdefault(other, []).append(Edge(one, other, 0))
            steps[other].setdefault(one, []).append(Edge(one, other, 0))
    return chains.Search(steps, hubs, 1000, time.monotonic() + 60)


@given(EDGES, st.integers(1, 5), st.sampled_from([frozenset[str](), frozenset("c"), frozenset("cd")]))
def test_the_chains_are_those_of_networkx(edges: set[tuple[str, str]], depth: int, hubs: frozenset[str]) -> None:
    graph = nx.Graph([pair for pair in edges if pair[0] != pair[1]])
    graph.add_nodes_from("ag")
    graph.remove_nodes_from(hubs)
    expected = {tuple(path) for path in nx.all_simple_paths(graph, "a", "g", cutoff=depth)}
    found = list(search_of(edges).chains("a", "g", depth, hubs))
    assert len(found) == len(set(found)) and set(found) == expected
    assert found == sorted(found, key=lambda chain: (len(chain), chain))


def test_two_members_of_one_council(kg: KnowledgeGraph) -> None:
    """p. 8: Chinalco and Shougang are on the council of the Association of Chinese Enterprises."""
    found = kg.between("Chinalco", "Shougang", depth=2)
    body = "Council of the Association of Chinese Enterprises"
    association = "Association of Chinese Enterprises"
    assert [(row["chain"], row["step"], row["from_thing"], row["direction"], row["to_thing"]) for row in found] == [
        (1, 1, "Chinalco", "forward", association),
        (1, 2, association, "backward", "Shougang Group"),
        (2, 1, "Chinalco", "forward", body),
        (2, 2, body, "backward", "Shougang Group"),
    ]
    assert {(row["relation"], row["citations"]) for row in found} == {("memberOf", "p. 8 ¶1")}
    assert any("China" in note and "left out" in note for note in found.notes)


def test_direct_links_come_first(kg: KnowledgeGraph) -> None:
    """Table 7: CNPC holds 27 % of Block 8 through its stake in Pluspetrol Norte, which holds 60 % (Table 6)."""
    rows = list(kg.between("CNPC", "Block 8"))
    assert [row["length"] for row in rows] == sorted(row["length"] for row in rows)
    assert all(row["citations"] for row in rows)
    direct = [row for row in rows if row["length"] == 1]
    assert {str(row["relation"]) for row in direct} == {"stake", "investsIn"}
    through = [row for row in rows if row["to_thing"] == "Pluspetrol Norte S.A." and row["length"] == 2]
    assert [str(row["share_percent"]) for row in through if row["relation"] == "stake"] == ["45"]


def test_an_office_in_a_ministry_links_its_holder_to_both(kg: KnowledgeGraph) -> None:
    """p. 10: Kim Sung-hwan is Foreign Minister, of South Korea, in its Foreign Ministry."""
    for body, relation in (("Foreign Ministry (South Korea)", "officeIn"), ("South Korea", "officeOf")):
        chains = [row for row in kg.between("Kim Sung-hwan", body, depth=1) if row["role"] == "Foreign Minister"]
        assert [str(row["relation"]) for row in chains] == [relation]
        for ends in ({"one": "Kim Sung-hwan", "other": body}, {"one": body, "other": "Kim Sung-hwan"}):
            offices = [row["relation"] for row in kg.ask("between", **ends) if "Minister" in str(row["what"])]
            assert [str(one).rpartition("#")[2] for one in offices] == [relation]
    both = kg.ask("between", one="South Korea", other="Foreign Ministry (South Korea)")
    assert [str(row["relation"]).rpartition("#")[2] for row in both] == ["homeState"]


def test_hubs_are_avoided_unless_requested(kg: KnowledgeGraph) -> None:
    around = kg.between("Hu Jintao", "Toromocho", depth=2)
    assert not list(around) and any("no chain of at most 2 steps" in note for note in around.notes)
    through = list(kg.between("Hu Jintao", "Toromocho", depth=2, hubs=True))
    assert {row["to_thing"] for row in through if row["step"] == 1} == {"China"}


def test_number_of_chains_between_hubs_is_limited(kg: KnowledgeGraph) -> None:
    found = kg.between("Peru", "China", depth=4, most=10)
    assert max(int(str(row["chain"])) for row in found) == 10
    assert any("first 10 chains" in note for note in found.notes)
    assert list(found) == list(kg.between("peru", "china", depth=4, most=10))


def test_search_stops_at_the_time_limit(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chains, "SECONDS", 0.0)
    found = kg.between("Peru", "China")
    assert not list(found) and any("stopped after" in note for note in found.notes)


@pytest.mark.parametrize(
    ("one", "other", "given", "message"),
    [
        ("CNPC", "CNPC", {}, "given twice"),
        ("CNPC", "KNOC", {"depth": 0}, "from 1 to"),
        ("CNPC", "KNOC", {"depth": 99}, "from 1 to"),
        ("CNPC", "KNOC", {"most": 0}, "1 or more"),
    ],
)
def test_wrong_arguments_are_refused(
    kg: KnowledgeGraph, one: str, other: str, given: dict[str, int], message: str
) -> None:
    with pytest.raises(WrongUse, match=message):
        kg.between(one, other, **given)
    with pytest.raises(UnknownName):
        kg.between("nobody at all", other)


@pytest.mark.slow
def test_command_and_page(kg: KnowledgeGraph) -> None:
    done = CliRunner().invoke(pag, ["between", "Chinalco", "Shougang", "--depth", "2", "-f", "csv"])
    assert done.exit_code == 0 and done.stdout.count("memberOf") == 4 and "Note: Chinalco" in done.stderr
    status, _, page = make_page(kg, "between", {"one": "Chinalco", "other": "Shougang", "depth": "2"})
    assert status == 200 and page.count("member of") == 4 and "Chinalco is meant" in page
    for wrong in ({"one": "Chinalco", "other": "nobody"}, {"one": "CNPC", "other": "KNOC", "depth": "deep"}):
        assert make_page(kg, "between", wrong)[0] == 400
    assert make_page(kg, "between", {})[0] == 200

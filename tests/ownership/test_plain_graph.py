"""Dictionary graphs and the chains found in them, against NetworkX."""

from __future__ import annotations

import networkx as nx
from hypothesis import given, settings

from ownership.generated import SEEDS, mixed_graph
from peru_asia_graph.ownership.derivation import ChainsTo, chains
from peru_asia_graph.ownership.plain_graph import PlainGraph


@given(SEEDS)
def test_graphs_round_trip_through_networkx(seed: int) -> None:
    graph = mixed_graph(seed)
    graph.graph |= {"name": "stakes", "self": 1, 2012: "year"}
    plain = PlainGraph.from_networkx(graph)
    assert nx.utils.graphs_equal(plain.to_networkx(), graph)
    for node in graph:
        assert set(plain.sources(node)) == set(graph.predecessors(node))
        assert set(plain.targets(node)) == set(graph.successors(node))
        assert plain.ancestors(node) == nx.ancestors(graph, node)


@settings(max_examples=30)
@given(SEEDS)
def test_chains_are_the_simple_paths_of_networkx(seed: int) -> None:
    graph = mixed_graph(seed)
    for asset in graph:
        for owner in list(set(graph) - {asset})[::4]:
            found = [[(e.source, e.target, e.key) for e in one.edges] for one in chains(graph, owner, asset)]
            paths = list(nx.all_simple_edge_paths(graph, owner, asset))
            if len(paths) < 1000:
                assert sorted(found) == sorted([tuple(edge) for edge in path] for path in paths)
            assert [len(path) for path in found] == sorted(len(path) for path in found)


@settings(max_examples=30)
@given(SEEDS)
def test_listed_chains_are_the_shortest_and_the_others_are_counted(seed: int) -> None:
    graph = mixed_graph(seed)
    plain = PlainGraph.from_networkx(graph)
    for asset in list(graph)[::3]:
        found = ChainsTo(plain, asset, plain.ancestors(asset), most=3)
        for owner, listed in found.paths.items():
            every = [[str(key) for *_, key in path] for path in nx.all_simple_edge_paths(graph, owner, asset)]
            keys = [[str(edge.key) for edge in path] for path in listed]
            assert keys and all(path in every for path in keys)
            assert owner in found.cut or sorted(keys) == sorted(every)
            if owner in found.counts:
                assert found.counts[owner] == len(every) and (owner in found.cut) == (len(every) > 3)
                assert [len(path) for path in keys] == sorted(map(len, every))[:3]


def test_missing_or_unconnected_nodes_have_no_chains() -> None:
    graph = nx.MultiDiGraph([("A", "B", {"share": 10.0})])
    assert (
        chains(graph, "A", "C") == chains(graph, "C", "B") == chains(graph, "B", "A") == chains(graph, "A", "A") == []
    )

"""A directed multigraph in plain Python, for when importing NetworkX would take longer than the analysis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    import networkx as nx

N = TypeVar("N")


@dataclass(frozen=True, slots=True)
class Edge(Generic[N]):
    """An edge and its attributes; in an ownership graph ``source`` is the owner and ``target`` the asset."""

    source: N
    target: N
    key: Any
    data: dict[str, Any] = field(default_factory=dict)


class PlainGraph(Generic[N]):
    """Nodes with attributes and edges between them; parallel edges have different keys.

    >>> graph = PlainGraph()
    >>> graph.add_edge(Edge("A", "B", 1, {"share": 45.0}))
    >>> graph.add_edge(Edge("B", "C", 2, {"share": 60.0}))
    >>> sorted(graph.ancestors("C")), graph.sources("C"), graph.targets("C")
    (['A', 'B'], ['B'], [])
    """

    def __init__(self, **attributes: Any) -> None:
        self.attributes = attributes
        self.nodes: dict[N, dict[str, Any]] = {}
        self._edges: list[Edge[N]] = []
        self._edges_in: dict[N, list[Edge[N]]] = {}
        self._edges_out: dict[N, list[Edge[N]]] = {}

    @classmethod
    def from_networkx(cls, graph: nx.Graph[N]) -> PlainGraph[N]:
        """Return the same graph; edges of a graph without keys get the key 0. Attributes are shared, not copied."""
        plain = cls()
        plain.attributes = dict(graph.graph)
        plain.nodes = dict(graph.nodes(data=True))
        edges: Any = graph.edges(keys=True, data=True) if graph.is_multigraph() else graph.edges(data=True)
        for source, target, *key, data in edges:
            plain.add_edge(Edge(source, target, key[0] if key else 0, data))
        return plain

    def to_networkx(self) -> nx.MultiDiGraph[N]:
        """Return the graph as a NetworkX graph, with attributes copied."""
        import networkx as nx

        graph: nx.MultiDiGraph[N] = nx.MultiDiGraph()
        graph.graph.update(self.attributes)
        graph.add_nodes_from(self.nodes.items())
        graph.add_edges_from((edge.source, edge.target, edge.key, edge.data) for edge in self.edges())
        return graph

    def add_node(self, node: N, **attributes: Any) -> None:
        """Add a node, or attributes to an existing one."""
        self.nodes.setdefault(node, {}).update(attributes)

    def add_edge(self, edge: Edge[N]) -> None:
        """Add an edge, and its end nodes if they are missing."""
        for node in (edge.source, edge.target):
            self.nodes.setdefault(node, {})
        self._edges.append(edge)
        self._edges_out.setdefault(edge.source, []).append(edge)
        self._edges_in.setdefault(edge.target, []).append(edge)

    def __contains__(self, node: object) -> bool:
        return node in self.nodes

    def __iter__(self) -> Iterator[N]:
        return iter(self.nodes)

    def edges(self) -> Iterator[Edge[N]]:
        """Yield the edges in insertion order."""
        yield from self._edges

    def only(self, wanted: Callable[[Edge[N]], bool]) -> PlainGraph[N]:
        """Return the same nodes with only the edges for which ``wanted`` is true."""
        return self.with_edges(filter(wanted, self.edges()))

    def with_edges(self, edges: Iterable[Edge[N]]) -> PlainGraph[N]:
        """Return the same nodes with other edges."""
        graph: PlainGraph[N] = PlainGraph(**self.attributes)
        graph.nodes = dict(self.nodes)
        for edge in edges:
            graph.add_edge(edge)
        return graph

    def edges_in(self, node: N) -> Sequence[Edge[N]]:
        return self._edges_in.get(node, ())

    def edges_out(self, node: N) -> Sequence[Edge[N]]:
        return self._edges_out.get(node, ())

    def edges_between(self, source: N, target: N) -> list[Edge[N]]:
        """Return the parallel edges from one node to another."""
        return [edge for edge in self.edges_in(target) if edge.source == source]

    def sources(self, node: N) -> list[N]:
        """Return the nodes with an edge to a node, without duplicates."""
        return list(dict.fromkeys(edge.source for edge in self.edges_in(node)))

    def targets(self, node: N) -> list[N]:
        """Return the nodes to which a node has an edge, without duplicates."""
        return list(dict.fromkeys(edge.target for edge in self.edges_out(node)))

    def ancestors(self, node: N) -> set[N]:
        """Return the nodes with a path to a node, except the node itself."""
        return reach([node], lambda one: {edge.source for edge in self.edges_in(one)}) - {node}


def reach(start: Iterable[N], neighbours: Callable[[N], Set[N]]) -> set[N]:
    """Return the start nodes and all nodes that can be reached from them."""
    found = set(start)
    stack = list(found)
    while stack:
        new = neighbours(stack.pop()) - found
        found |= new
        stack += new
    return found

"""The graph restricted to one of its sources."""

from __future__ import annotations

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.sources import choose_sources, part_of, read_sources
from peru_asia_graph.store import Store


def paper_part(store: Store) -> KnowledgeGraph:
    """Return a store restricted to the paper, with its questions for a single source."""
    (paper,) = choose_sources(read_sources(store), ["sanborn-yong"])
    return KnowledgeGraph(part_of(store, paper), several=False)

"""Which sources say something of an address, and the source of each of its statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.cards import LinkCounts, links_by_graph
from peru_asia_graph.query.side_by_side import SourcePart
from peru_asia_graph.query.sources import SourceInfo, part_of
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.vocabulary import COMMON_GRAPHS, DIFFERENCES_GRAPH, GRAPH, derived_graph, is_shared_graph

# What is of no source, and what lies between sources.
_NO_SOURCE: Final = (*COMMON_GRAPHS, DIFFERENCES_GRAPH)
# The short name of a source and the link to its page.
SourceLink = tuple[str, str]


@dataclass(frozen=True)
class ThingSources:
    """The sources that say something of an address.

    ``parts`` are the store seen without any source, then as each of them, with the links that the address has there;
    empty unless there are several. ``by_graph`` has the source of each graph that is of one.
    """

    frame: Frame
    speaking: Sequence[SourceInfo]
    parts: Sequence[tuple[SourcePart, LinkCounts]]
    by_graph: Mapping[str, SourceInfo]
    links: Mapping[str, LinkCounts]

    @property
    def several(self) -> bool:
        """Whether facts must say which source they are of."""
        return len(self.speaking) > 1

    @property
    def shown(self) -> list[SourceLink]:
        """The sources as links."""
        return [source_link(self.frame, one) for one in self.speaking]

    def of_graphs(self, graphs: Iterable[str]) -> list[SourceLink]:
        """Return the sources of these graphs, in their order, once each."""
        found = {self.by_graph[graph].name for graph in graphs if graph in self.by_graph}
        return [source_link(self.frame, one) for one in self.speaking if one.name in found]

    def of_name(self, name: str) -> SourceLink:
        """Return the source of this name as a link, empty texts for none."""
        return next((source_link(self.frame, one) for one in self.speaking if one.name == name), ("", ""))

    def counts(self, key: str) -> list[tuple[str, int]]:
        """Return how often each source has a link, where there are several."""
        told = [(source_link(self.frame, one)[0], self.links[GRAPH + one.name].get(key, 0)) for one in self.speaking]
        return [(short, count) for short, count in told if count] if self.several else []


def source_link(frame: Frame, source: SourceInfo) -> SourceLink:
    """Return the short name of a source and the link to its page."""
    return source.short or source.name, frame.href(GRAPH + source.name)


def find_sources(kg: KnowledgeGraph, frame: Frame, iri: str) -> ThingSources:
    """Return the sources of the graph that say something of an address."""
    if not kg.sources:
        return ThingSources(frame, [], [], {}, {})
    links = links_by_graph(kg.store, iri)
    speaking = [one for one in kg.sources if GRAPH + one.name in links]
    by_graph = {graph: one for one in speaking for graph in (GRAPH + one.name, derived_graph(one.name))}
    if len(speaking) < 2:
        return ThingSources(frame, speaking, [], by_graph, links)
    no_source = [*_NO_SOURCE, *filter(is_shared_graph, links)]
    parts: list[tuple[SourcePart, LinkCounts]] = [(SourcePart(kg.store.part(no_source)), _merge(links, no_source))]
    parts += [(SourcePart(part_of(kg.store, one), one), _merge(links, one.graphs)) for one in speaking]
    return ThingSources(frame, speaking, parts, by_graph, links)


def _merge(links: Mapping[str, LinkCounts], graphs: Sequence[str]) -> LinkCounts:
    return {key: count for graph in graphs for key, count in links.get(graph, {}).items()}

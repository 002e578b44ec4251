"""Expensive data that the pages need from a graph: read once, and cached as long as the graph exists."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.term_labels import TermLabels
from peru_asia_graph.site.cards.store_reader import StoreReader
from peru_asia_graph.views.page_registry import pages_with_content

Remembered = TypeVar("Remembered")


def once_per_graph(read: Callable[[KnowledgeGraph], Remembered]) -> Callable[[KnowledgeGraph], Remembered]:
    """Decorate a function to cache its result for each graph."""
    known: WeakKeyDictionary[KnowledgeGraph, Remembered] = WeakKeyDictionary()

    @wraps(read)
    def remembered(kg: KnowledgeGraph) -> Remembered:
        if kg not in known:
            known[kg] = read(kg)
        return known[kg]

    return remembered


@once_per_graph
def terms_of(kg: KnowledgeGraph) -> TermLabels:
    return TermLabels(kg.store)


@once_per_graph
def pages_of(kg: KnowledgeGraph) -> tuple[str, ...]:
    return pages_with_content(kg.store)


@once_per_graph
def reader_of(kg: KnowledgeGraph) -> StoreReader:
    """Return the card reader of a graph, which caches the names it has read."""
    return StoreReader(kg.store, kg.sources)

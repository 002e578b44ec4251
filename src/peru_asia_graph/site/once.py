"""What the pages need of a graph and take long to read: read once, and kept as long as the graph is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.term_labels import TermLabels
from peru_asia_graph.site.cards.store_reader import StoreReader

Remembered = TypeVar("Remembered")
OtherArguments = ParamSpec("OtherArguments")


def once_per_graph(
    read: Callable[Concatenate[KnowledgeGraph, OtherArguments], Remembered],
) -> Callable[Concatenate[KnowledgeGraph, OtherArguments], Remembered]:
    """Make a function remember what it returned for each graph, whatever else it was given."""
    known: WeakKeyDictionary[KnowledgeGraph, Remembered] = WeakKeyDictionary()

    @wraps(read)
    def remembered(kg: KnowledgeGraph, /, *args: OtherArguments.args, **kwargs: OtherArguments.kwargs) -> Remembered:
        if kg not in known:
            known[kg] = read(kg, *args, **kwargs)
        return known[kg]

    return remembered


@once_per_graph
def terms_of(kg: KnowledgeGraph) -> TermLabels:
    """Return the labels of the terms in a graph."""
    return TermLabels(kg.store)


@once_per_graph
def reader_of(kg: KnowledgeGraph) -> StoreReader:
    """Return the reader of the cards of a graph, which keeps the names it has read."""
    return StoreReader(kg.store, kg.sources)

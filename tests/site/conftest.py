"""Fixtures shared by the tests of cards."""

from __future__ import annotations

import pytest

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.cards.whole_reader import WholeReader


@pytest.fixture(scope="session")
def whole(sources: KnowledgeGraph) -> WholeReader:
    """The shipped graph read at once."""
    return WholeReader(sources.store)

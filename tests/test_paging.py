"""Answers fetched page by page are whole, whatever the page's size."""

from __future__ import annotations

import pytest

from peru_asia_graph.errors import StoreUnreachable
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.network import make_network
from peru_asia_graph.store import Store
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.store.paging import all_pages
from peru_asia_graph.store.results import Result

QUERY = "SELECT ?key ?name WHERE { ?key pag:nameAsPrinted ?name ; pag:citation ?cited }"


@pytest.mark.parametrize("page", [170, 211, 1_000, 1_000_000])
def test_pages_together_are_the_answer(kg: KnowledgeGraph, page: int) -> None:
    asked: list[str] = []

    def ask(text: str) -> Result:
        asked.append(text)
        return kg.query(text)

    whole = kg.query(QUERY).table()
    found = all_pages(ask, QUERY, "key", page)
    assert sorted(map(str, found.table())) == sorted(map(str, whole)) and len(whole) > 300
    assert len(asked) >= len(whole) / page


def test_a_key_that_fills_a_page_is_an_error_and_no_shorter_answer(kg: KnowledgeGraph) -> None:
    with pytest.raises(StoreUnreachable, match="holds no more"):
        all_pages(kg.query, QUERY, "key", 2)


def test_a_key_with_quotes_breaks_out_of_nothing() -> None:
    said: list[str] = []
    first = EmbeddedStore.of([]).query('SELECT ?key { VALUES ?key { "a" "b\\" ) } #" "c" } }')

    def ask(text: str) -> Result:
        said.append(text)
        return first if len(said) == 1 else Result(["key"])

    all_pages(ask, "SELECT ?key { ?key ?p ?o }", "key", 3)
    assert '> "b\\" ) } #")' in said[1]


class Paged(EmbeddedStore):
    """The shipped graph, with pages of sixty rows as a stingy server would give."""

    def query_all(self, text: str, key: str) -> Result:
        """Answer page by page."""
        return all_pages(self.query, text, key, 60)


def test_networks_are_the_same_in_pages(kg: KnowledgeGraph) -> None:
    store: Store = Paged(kg.store._store)  # type: ignore[attr-defined]
    one, other = (make_network(some, "ownership", 2012) for some in (kg.store, store))
    assert dict(one.nodes) == dict(other.nodes)
    assert sorted(one.edges(keys=True)) == sorted(other.edges(keys=True))

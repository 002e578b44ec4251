"""Results fetched page by page are complete, whatever the page size."""

from __future__ import annotations

import pytest

from peru_asia_graph.errors import StoreUnreachable
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.network import make_network
from peru_asia_graph.store import Store
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.store.remote import all_pages
from peru_asia_graph.store.results import Result

QUERY = "SELECT ?key ?name WHERE { ?key pag:nameAsPrinted ?name ; pag:citation ?cited }"


@pytest.mark.parametrize("page", [170, 211, 1_000, 1_000_000])
def test_pages_add_up_to_the_whole_result(kg: KnowledgeGraph, page: int) -> None:
    queries: list[str] = []

    def run(text: str) -> Result:
        queries.append(text)
        return kg.query(text)

    whole = kg.query(QUERY).table()
    found = all_pages(run, QUERY, "key", page)
    assert sorted(map(str, found.table())) == sorted(map(str, whole)) and len(whole) > 300
    assert len(queries) >= len(whole) / page


def test_key_that_fills_a_page_is_an_error(kg: KnowledgeGraph) -> None:
    with pytest.raises(StoreUnreachable, match="the limit of a page"):
        all_pages(kg.query, QUERY, "key", 2)


def test_keys_are_escaped() -> None:
    queries: list[str] = []
    first = EmbeddedStore.of([]).query('SELECT ?key { VALUES ?key { "a" "b\\" ) } #" "c" } }')

    def run(text: str) -> Result:
        queries.append(text)
        return first if len(queries) == 1 else Result(["key"])

    all_pages(run, "SELECT ?key { ?key ?p ?o }", "key", 3)
    assert '> "b\\" ) } #")' in queries[1]


class Paged(EmbeddedStore):
    """The shipped graph behind a server that returns sixty rows at a time."""

    def query_all(self, text: str, key: str) -> Result:
        """Run a query page by page."""
        return all_pages(self.query, text, key, 60)


def test_networks_are_the_same_with_paging(sources: KnowledgeGraph) -> None:
    store: Store = Paged(sources.store._store)  # type: ignore[attr-defined]
    one, other = (make_network(each, "ownership", 2012) for each in (sources.store, store))
    assert dict(one.nodes) == dict(other.nodes)
    assert sorted(one.edges(keys=True)) == sorted(other.edges(keys=True))

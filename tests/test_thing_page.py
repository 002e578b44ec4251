"""The page of a thing: lists over the size of a page continue on others, and no row is lost."""

from __future__ import annotations

import pytest

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.vocabulary import thing
from peru_asia_graph.web.thing_page import ROWS_PER_PAGE, PagedList, describe_list, describe_thing

PERU = thing("peru")


def all_pages(kg: KnowledgeGraph, key: str) -> list[PagedList]:
    """Return every page of a list of Peru's, until there is none."""
    pages: list[PagedList] = []
    while found := describe_list(kg, PERU, key, len(pages) + 1):
        pages.append(found["list"])
    return pages


def test_every_fact_of_a_long_section_is_on_one_page(kg: KnowledgeGraph) -> None:
    figures = next(query for query in kg.section_queries if query.key == "figures")
    whole, count = figures.read(kg.store, "peru")
    pages = all_pages(kg, "figures")
    lines = [" · ".join(text for text, _ in said) for page in pages for said, _ in page.rows]
    assert lines == [line for line, _ in whole.lines()]
    assert len(pages) == pages[0].pages > 1 and {page.count for page in pages} == {count}


@pytest.mark.parametrize(
    ("key", "pattern"), [("^pag:about", "?x pag:about id:peru"), ("pag:citation", "id:peru pag:citation ?x")]
)
def test_every_value_of_a_long_property_is_on_one_page(kg: KnowledgeGraph, key: str, pattern: str) -> None:
    expected = kg.query(f"SELECT DISTINCT ?x WHERE {{ {pattern} }}").rows
    pages = all_pages(kg, key)
    links = [link for page in pages for _, link, _ in page.rows]
    assert len(links) == len(set(links)) == len(expected) > ROWS_PER_PAGE
    texts = [text for page in pages for text, _, _ in page.rows]
    assert texts == sorted(texts)


def test_a_page_has_the_first_rows_of_each_list_and_links_to_the_others(kg: KnowledgeGraph) -> None:
    found = describe_thing(kg, PERU)
    assert found is not None
    lists = [*found["sections"], *found["statements"]]
    assert all(one.rows and len(one.rows) == min(one.count, ROWS_PER_PAGE) for one in lists)
    assert all(describe_list(kg, PERU, one.key, one.pages) for one in [*lists, *found["incoming"]])


def test_a_small_thing_is_shown_whole(kg: KnowledgeGraph) -> None:
    found = describe_thing(kg, thing("block-8"))
    assert found is not None
    assert [section.title for section in found["sections"]] == [
        section.title for section in kg.show("Block 8").sections
    ]
    assert ("SK Energy", "/page/id/sk-energy") in [part for said, _ in found["sections"][0].rows for part in said]
    assert ("pag:HydrocarbonBlock", "/page/ontology#HydrocarbonBlock", "") in found["types"]
    assert [text for text, _ in found["cited"]] == ["Table 6, row Block 8 (p. 25)", "Table 7, row Block 8 (p. 28)"]


def test_what_is_not_there_has_no_page(kg: KnowledgeGraph) -> None:
    assert describe_thing(kg, thing("nobody")) is None
    for key, page in [("figures", 99), ("nothing", 1), ("pag:nothing", 1), ("^pag:about> }", 1)]:
        assert describe_list(kg, thing("block-8"), key, page) is None, key


def test_page_links_reach_every_page() -> None:
    links = {page: PagedList("key", "title", [], 30 * ROWS_PER_PAGE, page).linked_pages for page in range(1, 31)}
    assert all({1, 30, max(1, page - 1), min(30, page + 1)} <= set(found) for page, found in links.items())
    assert PagedList("key", "title", [], 3, 1).linked_pages == [1]

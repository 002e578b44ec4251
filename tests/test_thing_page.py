"""The page of a thing: lists over the size of a page continue on others, and no row is lost."""

from __future__ import annotations

import pytest

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.side_by_side import SOURCE
from peru_asia_graph.site.pages import make_frame
from peru_asia_graph.site.thing_page import ROWS_PER_PAGE, PagedList, describe_list, describe_thing
from peru_asia_graph.site.thing_sources import find_sources
from peru_asia_graph.vocabulary import thing

PERU = thing("peru")


def all_pages(kg: KnowledgeGraph, key: str) -> list[PagedList]:
    """Return every page of a list of Peru's, until there is none."""
    pages: list[PagedList] = []
    while found := describe_list(kg, make_frame(kg, {}), PERU, key, len(pages) + 1):
        pages.append(found["list"])
    return pages


def test_every_fact_of_a_long_section_is_on_one_page(sources: KnowledgeGraph) -> None:
    figures = next(query for query in sources.section_queries if query.key == "figures")
    parts = find_sources(sources, make_frame(sources, {}), PERU).parts
    whole, count = figures.read_each(parts, "peru")
    # Nothing is lost and nothing added: the rows of the sources, and those of no source once.
    (common, _), *others = [(figures.read(part.store, "peru")[0].facts, part.name) for part, _ in parts]
    own = [{SOURCE: name, **fact} for facts, name in others for fact in facts if fact not in common]
    assert list(whole.facts) == [*common, *own] and len(others) == 7
    pages = all_pages(sources, "figures")
    lines = [" · ".join(text for text, _ in said) for page in pages for said, *_ in page.rows]
    assert lines == [line for line, _ in whole.lines()]
    assert len(pages) == pages[0].pages > 1 and {page.count for page in pages} == {count}


@pytest.mark.parametrize(
    ("key", "pattern"), [("^pag:about", "?x pag:about id:peru"), ("pag:citation", "id:peru pag:citation ?x")]
)
def test_every_value_of_a_long_property_is_on_one_page(sources: KnowledgeGraph, key: str, pattern: str) -> None:
    expected = sources.query(f"SELECT DISTINCT ?x WHERE {{ {pattern} }}").rows
    pages = all_pages(sources, key)
    links = [link for page in pages for _, link, *_ in page.rows]
    assert len(links) == len(set(links)) == len(expected) > ROWS_PER_PAGE
    texts = [text for page in pages for text, *_ in page.rows]
    assert texts == sorted(texts)


def test_a_page_has_the_first_rows_of_each_list_and_links_to_the_others(sources: KnowledgeGraph) -> None:
    found = describe_thing(sources, make_frame(sources, {}), PERU)
    assert found is not None
    lists = [*found["sections"], *found["statements"]]
    frame = make_frame(sources, {})
    assert all(one.rows and len(one.rows) == min(one.count, ROWS_PER_PAGE) for one in lists)
    assert all(
        describe_list(sources, make_frame(sources, {}), PERU, one.key, one.pages)
        for one in [*lists, *found["incoming"]]
    )


def test_a_small_thing_is_shown_whole(sources: KnowledgeGraph) -> None:
    found = describe_thing(sources, make_frame(sources, {}), thing("block-8"))
    assert found is not None
    titles = [section.title for section in found["sections"]]
    assert titles == [one.title for one in sources.show("Block 8").sections]
    assert ("SK Energy", "/page/id/sk-energy") in [
        part for section in found["sections"] for said, *_ in section.rows for part in said
    ]
    assert ("Hydrocarbon block", "/page/ontology#HydrocarbonBlock", "") in [one[:3] for one in found["types"]]
    cited = {source: [text for text, _ in places] for (source, _), places in found["cited"]}
    assert cited["Sanborn & Yong"] == ["Table 6, row Block 8 (p. 25)", "Table 7, row Block 8 (p. 28)"]


def test_each_fact_of_a_thing_of_several_sources_says_which(sources: KnowledgeGraph) -> None:
    """Table 6 (p. 25) gives Daewoo 11.6 % of Block 8, the record OG0004942 of Global Energy Monitor 11.7 %."""
    found = describe_thing(sources, make_frame(sources, {}), thing("block-8"))
    assert found is not None
    assert found["sources"] == [("Sanborn & Yong", "/page/graph/sanborn-yong"), ("GEM", "/page/graph/gem")]
    holders = next(one for one in found["sections"] if one.key == "holders")
    daewoo = [([text for text, _ in line.said], line.source[0]) for line in holders.rows if line.said[0][0] == "Daewoo"]
    assert daewoo == [(["Daewoo", "11.6 %"], "Sanborn & Yong"), (["Daewoo", "11.7 %"], "GEM")]
    # Types and name are shared, so they are of no source; a citation is of one.
    statements = {one.key: one for one in found["statements"]}
    assert [one.sources for one in statements["rdfs:label"].rows] == [[]]
    assert all(len(one.sources) == 1 for one in statements["pag:citation"].rows)
    owned = next(one for one in found["incoming"] if one.key == "^pag:owned")
    assert sum(count for _, count in owned.sources) == owned.count
    differing = next(one for one in found["sections"] if one.title == "Where sources differ")
    assert {line.source for line in differing.rows} == {("", "")}


def test_a_list_of_several_sources_says_of_each_row_which(sources: KnowledgeGraph) -> None:
    found = describe_list(sources, make_frame(sources, {}), thing("block-8"), "^pag:owned", 1)
    assert found is not None
    assert {row.sources[0][0] for row in found["list"].rows} == {"Sanborn & Yong", "GEM"}
    assert all(len(row.sources) == 1 for row in found["list"].rows)


def test_a_thing_of_one_source_says_so_once(sources: KnowledgeGraph) -> None:
    found = describe_thing(sources, make_frame(sources, {}), thing("t6-block-8"))
    assert found is not None and found["sources"] == [("Sanborn & Yong", "/page/graph/sanborn-yong")]
    assert not any(row.sources for one in found["statements"] for row in one.rows)


def test_what_is_not_there_has_no_page(sources: KnowledgeGraph) -> None:
    assert describe_thing(sources, make_frame(sources, {}), thing("nobody")) is None
    for key, page in [("figures", 99), ("nothing", 1), ("pag:nothing", 1), ("^pag:about> }", 1)]:
        assert describe_list(sources, make_frame(sources, {}), thing("block-8"), key, page) is None, key


def test_page_links_reach_every_page() -> None:
    links = {page: PagedList("key", "title", [], 30 * ROWS_PER_PAGE, page).linked_pages for page in range(1, 31)}
    assert all({1, 30, max(1, page - 1), min(30, page + 1)} <= set(found) for page, found in links.items())
    assert PagedList("key", "title", [], 3, 1).linked_pages == [1]

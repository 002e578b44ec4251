"""Several sources on the pages: who says what, both values where they differ, and what opens on demand."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from browser import visit
from peru_asia_graph.exporters.html_pages import make_pages
from peru_asia_graph.graph import KnowledgeGraph

DRAWN = """() => ({
  nodes: pagView.nodes.map((node) => node.id).sort(), lines: pagView.lines.map((line) => line.id).sort(),
  drawn: pagView.drawn.map((line) => line.id).sort(),
})"""
TEXT = "pagView.parts.filter((part) => part.text !== undefined).map((part) => part.text)"
PAPER = "sanborn-yong"
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def pages(sources: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pages of all sources."""
    folder = tmp_path_factory.mktemp("pages")
    for name, data in make_pages(sources.store, ROOT / "ontology").items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("kind", ["ownership", "diplomacy"])
def test_choosing_the_paper_is_the_page_of_the_paper_alone(
    browser: Any, pages: Path, sources: KnowledgeGraph, tmp_path: Path, kind: str
) -> None:
    alone = tmp_path / "alone.html"
    sources.view(kind, source=PAPER).save(alone)
    with visit(browser, alone) as seen:
        expected, texts = seen.page.evaluate(DRAWN), seen.page.evaluate(TEXT)
        assert not seen.page.locator("#whole").is_visible() and seen.console == []
    with visit(browser, pages / f"{kind}.html", fragment=f"#source={PAPER}") as seen:
        assert seen.page.evaluate(DRAWN) == expected
        assert sorted(seen.page.evaluate(TEXT)) == sorted(texts)
        assert not seen.page.locator("#whole").is_visible()


def test_both_values_stand_on_the_line_where_sources_differ(browser: Any, pages: Path) -> None:
    """Table 6 prints 11.6 % for Daewoo in Block 8, the tracker 11.7 %; for SK Energy both print 8.3 %."""
    with visit(browser, pages / "ownership.html", fragment="#chosen=block-8") as seen:
        texts = seen.page.evaluate(TEXT)
        assert "11.6 ≠ 11.7\u00a0%" in texts and "11.6\u00a0%" not in texts
        assert texts.count("8.3\u00a0%") == 1
        assert "sources differ" in seen.page.locator("#legend").text_content()
        row = seen.page.locator("#panel li", has_text="Daewoo").filter(has_text="11.6").first
        said = row.inner_text()
        assert "Sanborn & Yong Table 6, row Block 8 (p. 25)" in said and "GEM record OG0004942, owner" in said
        assert "Sanborn & Yong: 11.6" in said and "GEM: 11.7" in said
        agreed = seen.page.locator("#panel li", has_text="SK Energy").filter(has_text="record OG0004942, owner")
        same = agreed.inner_text()
        assert "≠" not in same and "Sanborn & Yong Table 6" in same


def test_direct_and_indirect_are_not_merged(browser: Any, pages: Path) -> None:
    """Table 6 states 50 % of Block Z-2B for Ecopetrol, the tracker 100 % for it as a parent."""
    with visit(browser, pages / "ownership.html", fragment="#chosen=block-z-2b") as seen:
        texts = seen.page.evaluate(TEXT)
        assert "50 ≠ 100\u00a0%" not in texts and {"50\u00a0%", "100\u00a0%"} <= set(texts)


def test_what_has_no_asian_owner_opens_on_demand(browser: Any, pages: Path) -> None:
    """PetroTal holds Block 95 (GEM): no Asian owner. CNPC holds Block 58 (GEM). The pipeline is in the paper."""
    with visit(browser, pages / "ownership.html") as seen:
        first = set(seen.page.evaluate(DRAWN)["nodes"])
        assert "gem-block-95" not in first and {"gem-block-58", "north-peru-pipeline"} <= first
        assert "gem-block-95" not in seen.page.locator("#table").inner_html()
        seen.page.locator("#whole").click()
        assert "all=1" in seen.page.url
        assert "gem-block-95" in seen.page.evaluate("pagView.nodes.flatMap((n) => (n.members ?? [n]).map((m) => m.id))")
        seen.page.locator("#whole").click()
        assert set(seen.page.evaluate(DRAWN)["nodes"]) == first
    with visit(browser, pages / "ownership.html", fragment="#chosen=gem-block-95") as seen:
        assert {"gem-block-95", "gem-petrotal-peru"} <= set(seen.page.evaluate(DRAWN)["nodes"])


def test_the_slider_runs_to_the_last_year_of_the_sources(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "ownership.html") as seen:
        assert seen.page.locator("#year").get_attribute("max") == "2026"
        seen.page.locator("#year").fill("2025")
        assert "year=2025" in seen.page.url


def test_deposits_without_links_are_not_drawn(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "ownership.html", fragment="#all=1") as seen:
        ids = seen.page.evaluate("pagView.nodes.flatMap((n) => (n.members ?? [n]).map((m) => m.id))")
        assert "toromocho" in ids and not [one for one in ids if one.startswith("usgs-")]


def test_trade_and_investments_are_those_of_the_paper(browser: Any, pages: Path) -> None:
    """Output, grades and other figures of later sources are no cells of Tables 1 to 4."""
    for kind in ("trade", "investments"):
        with visit(browser, pages / f"{kind}.html") as seen:
            where = seen.page.locator("#lines tbody td:last-child").all_text_contents()
            assert where and all("GEM" not in one and "USGS" not in one for one in where)


def test_the_page_of_sources_has_both_statements(browser: Any, pages: Path, sources: KnowledgeGraph) -> None:
    assert "trade-agreements-gptad: 1998-06-20" in (pages / "sources.html").read_text("utf-8")
    with visit(browser, pages / "sources.html") as seen:
        assert (seen.console, seen.requests) == ([], [])
        cards = seen.page.locator(".source h3").all_text_contents()
        assert cards == [one.short for one in sources.sources]
        rows = seen.page.locator(".difference")
        assert rows.count() == len(sources.differences())
        text = rows.first.inner_text()
        assert "Daewoo holds 11.6 % of Block 8" in text and "Daewoo holds 11.7 % of Block 8" in text
        assert "Sanborn & Yong Table 6, row Block 8 (p. 25)" in text and "GEM record OG0004942, owner" in text
        dated = seen.page.locator(".difference", has_text="Chile Peru (1998)").filter(has_text="GPTAD").first
        assert "Jun 20, 1998" in dated.inner_text() and "Jun 22, 1998" in dated.inner_text()
        seen.page.locator('[data-kind="agrees"]').click()
        assert "kind=agrees" in seen.page.url and set(rows.locator(".sign").all_text_contents()) == {"="}
        seen.page.locator("#language").click()
        assert "Las fuentes" in seen.page.locator("#title").text_content()


def test_a_table_of_several_sources_names_them(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "ownership.html") as seen:
        seen.page.locator("#share").evaluate("(menu) => { menu.open = true; }")
        with seen.page.expect_download() as waiting:
            seen.page.locator("#save-csv").click()
        rows = list(csv.reader(Path(waiting.value.path()).read_text("utf-8-sig").splitlines()))
    place = rows[0].index("Source")
    assert {row[place] for row in rows[1:]} == {"Sanborn & Yong", "GEM"}
    assert all(row[-1].startswith(row[place]) for row in rows[1:] if row[-1])


def test_a_saved_picture_names_its_sources_by_licence(browser: Any, pages: Path) -> None:
    """LICENSE-DATA: both sources of the stakes under CC BY 4.0."""
    with visit(browser, pages / "ownership.html") as seen:
        seen.page.locator("#share").evaluate("(menu) => { menu.open = true; }")
        with seen.page.expect_download() as waiting:
            seen.page.locator("#save-svg").click()
        saved = Path(waiting.value.path()).read_text("utf-8")
    assert "After Sanborn &amp; Yong, GEM (CC BY 4.0). Peru–Asia knowledge graph, CC BY 4.0<" in saved

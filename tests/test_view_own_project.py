"""Pages of a project of one's own: dates with bounds, sources without a date, and many owners."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from browser import visit
from peru_asia_graph.views.network_page import network_page
from peru_asia_graph.views.sources_page import sources_page


def test_dates_of_stakes_that_differ_are_in_words(tmp_path: Path, browser: Any) -> None:
    """Made-up data: one source dates a stake, the other gives a bound."""
    side = {
        "source_a": "old",
        "source_b": "new",
        "value_a": "[..2005]",
        "value_b": "2004",
        "says_a": "A",
        "says_b": "B",
    }
    row = {"id": "d", "kind": "refines", "label": "Block", "about": "block", "property": "validFrom", **side}
    described = [{"name": name, "short": name, "things": 1, "statements": 1, "places": 2} for name in ("old", "new")]
    text = sources_page(described, [row])
    (tmp_path / "page.html").write_text(text, "utf-8")
    assert "<bdi>old: A: by 2005</bdi>" in text.split("<noscript>")[1]
    with visit(browser, tmp_path / "page.html") as seen:
        said = seen.page.locator("#lines td .said")
        assert said.all_text_contents() == ["A: by 2005", "B: 2004"]
    with visit(browser, tmp_path / "page.html", fragment="#lang=es") as seen:
        said = seen.page.locator("#lines td .said")
        assert said.first.text_content() == "A: a más tardar en 2005"


@pytest.mark.parametrize(
    ("language", "starts", "ends"),
    [("en", "by 2005", "until 2014 at the latest"), ("es", "a más tardar en 2005", "hasta 2014 a más tardar")],
)
def test_starts_and_ends_with_bounds_are_in_words(
    tmp_path: Path, browser: Any, language: str, starts: str, ends: str
) -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("firm", label="Firm", type="Firm")
    graph.add_node("mine", label="Mine", type="MiningProject")
    graph.add_edge("firm", "mine", key="one", relation="stake", share=30, valid_from="[..2005]")
    graph.add_edge("firm", "mine", key="two", relation="stake", share=20, valid_until="[..2014]")
    (tmp_path / "page.html").write_text(network_page(graph, "ownership"), "utf-8")
    with visit(browser, tmp_path / "page.html", fragment=f"#chosen=mine&lang={language}") as seen:
        for place in (seen.page.locator("#panel").inner_text(), seen.page.locator("#table").text_content()):
            assert starts in place and ends in place, place


@pytest.mark.parametrize("dated", [{}, {"year": 2010}])
def test_years_of_a_source_without_a_date_are_on_the_slider(
    tmp_path: Path, browser: Any, dated: dict[str, int]
) -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for number, (source, year) in enumerate((("old", "2003"), ("press", "2016"))):
        graph.add_node(f"firm-{number}", label=f"Firm {number}", type="Firm")
        graph.add_node("mine", label="Mine", type="MiningProject")
        graph.add_edge(f"firm-{number}", "mine", key=source, relation="stake", share=30, valid_from=year, source=source)
    sources = [{"name": "old", "short": "Old", "title": "Old", **dated}, {"name": "press", "short": "P", "title": "P"}]
    (tmp_path / "page.html").write_text(network_page(graph, "ownership", sources=sources), "utf-8")
    with visit(browser, tmp_path / "page.html", fragment="#year=2015") as seen:
        assert [seen.page.locator("#year").get_attribute(name) for name in ("min", "max")] == ["2002", "2017"]
        shown = "pagView.parts.filter((part) => (part.alpha ?? 1) > 0.5).map((part) => part.text)"
        texts = seen.page.evaluate(shown)
        assert "Firm 0" in texts and "Firm 1" not in texts


def test_owners_in_the_panel_are_in_alphabetical_order(tmp_path: Path, browser: Any) -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("mine", label="Mine", type="MiningProject")
    for slug, label in (("a", "Firm 10"), ("b", "Ñandú"), ("c", "Firm 9"), ("d", "Omega")):
        graph.add_node(slug, label=label, type="Firm")
        graph.add_edge(slug, "mine", key=slug, relation="stake", share=20)
    (tmp_path / "page.html").write_text(network_page(graph, "ownership"), "utf-8")
    with visit(browser, tmp_path / "page.html", fragment="#chosen=mine&lang=es") as seen:
        named = seen.page.locator("#panel li button").all_text_contents()
        assert named == ["Firm 9", "Firm 10", "Ñandú", "Omega"]

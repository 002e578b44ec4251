"""Diagrams in a real Chromium: no console messages, stable, readable in three window sizes, accessible, safe."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from browser import TEXTS, overlaps, serious_faults, visit
from graphs import HOSTILE, generated, hostile
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.views.network_page import network_page
from peru_asia_graph.views.page_registry import page_kinds

WINDOWS = {"phone": (390, 844), "desktop": (1280, 800), "large": (1920, 1080)}
KINDS = ["ownership"]  # tests/test_view_board.py covers the diplomacy board

# The centre of a box in window pixels, after scrolling it into view.
CENTRE = """(id) => {
  const canvas = document.querySelector("#canvas"), box = pagView.layout.places.get(id);
  const at = () => canvas.getBoundingClientRect().top + pagView.network.canvasToDOM({ x: box.x, y: box.y }).y;
  scrollBy(0, at() - innerHeight / 2);
  return [canvas.getBoundingClientRect().left + pagView.network.canvasToDOM({ x: box.x, y: box.y }).x, at()];
}"""
# The id of the item with keyboard focus.
ACTIVE = "(keys) => document.getElementById(keys.getAttribute('aria-activedescendant')).dataset.id"
DRAWN = "[...pagView.layout.places.values()].map((box) => [box.id, Boolean(box.node.group)])"


def size(window: str) -> dict[str, Any]:
    """The browser context options for a window size."""
    width, height = WINDOWS[window]
    return {"viewport": {"width": width, "height": height}}


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("kind", KINDS)
def test_initial_view_is_error_free_and_readable(browser: Any, pages: Path, kind: str, window: str) -> None:
    fragment = "" if window == "desktop" else "#lang=es&theme=dark"
    with visit(browser, pages / f"{kind}.html", fragment=fragment, **size(window)) as seen:
        assert (seen.console, seen.requests, seen.dialogs) == ([], [], [])
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if window == "phone":
            first = seen.page.locator("#list .go").first.bounding_box()
            assert first["y"] < 560 and not seen.page.locator("#canvas").is_visible()
            return
        drawn = seen.page.evaluate(TEXTS)
        assert min(text["size"] for text in drawn["texts"]) >= 11
        assert overlaps(drawn["texts"]) == []
        left, right = min(t["x"] for t in drawn["texts"]), max(t["x"] + t["w"] for t in drawn["texts"])
        assert left >= 0 and right <= drawn["width"] and right - left >= 0.7 * drawn["width"]
        assert all(t["y"] >= 0 and t["y"] + t["h"] <= drawn["height"] for t in drawn["texts"])


def test_ownership_diagram_of_the_paper_fits_the_first_screen(browser: Any, pages: Path) -> None:
    """With the other sources it is longer."""
    with visit(browser, pages / "ownership.html", fragment="#source=sanborn-yong", **size("large")) as seen:
        box = seen.page.locator("#canvas").bounding_box()
        assert box["y"] + box["height"] <= WINDOWS["large"][1] + 1


@pytest.mark.parametrize(("kind", "chosen"), [("ownership", "block-8"), ("ownership", "china")])
def test_phone_shows_the_network_of_the_selected_node(browser: Any, pages: Path, kind: str, chosen: str) -> None:
    with visit(browser, pages / f"{kind}.html", fragment=f"#chosen={chosen}", **size("phone")) as seen:
        drawn = seen.page.evaluate(TEXTS)
        assert min(text["size"] for text in drawn["texts"]) >= 11 and overlaps(drawn["texts"]) == []
        assert all(t["x"] >= 0 and t["x"] + t["w"] <= drawn["width"] for t in drawn["texts"])
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_reloading_draws_the_same_and_nothing_moves(browser: Any, pages: Path, kind: str) -> None:
    found = set()
    for _ in range(2):
        with visit(browser, pages / f"{kind}.html") as seen:
            found.add(seen.page.evaluate("JSON.stringify(pagView.parts)"))
            before = seen.page.locator("#figure").screenshot()
            seen.page.wait_for_timeout(400)
            assert seen.page.locator("#figure").screenshot() == before
    assert len(found) == 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_name_is_reachable_by_keyboard(browser: Any, pages: Path, kind: str) -> None:
    with visit(browser, pages / f"{kind}.html") as seen:
        seen.page.locator("#keys").focus()
        drawn = seen.page.evaluate("[...pagView.layout.places.keys()]")
        met = set()
        for _ in drawn:
            met.add(seen.page.locator("#keys").evaluate(ACTIVE))
            seen.page.keyboard.press("ArrowDown")
        assert met == set(drawn)
        seen.page.keyboard.press("Home")
        seen.page.keyboard.press("Enter")
        assert seen.page.locator("#panel h2").is_visible()
        seen.page.keyboard.press("Escape")
        assert not seen.page.locator("#panel").is_visible()


def test_arrow_keys_follow_the_edges(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "ownership.html", fragment="#chosen=pluspetrol-norte") as seen:
        seen.page.locator("#keys").focus()
        seen.page.keyboard.press("ArrowRight")
        seen.page.keyboard.press("Enter")
        assert seen.page.locator("#panel h2").text_content() == "Block 8"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["ownership", "diplomacy"])
@pytest.mark.parametrize("case", ["desktop light", "phone dark chosen"])
def test_axe_finds_nothing_serious(browser: Any, pages: Path, kind: str, case: str) -> None:
    fragment = "#theme=dark&chosen=china" if "chosen" in case else ""
    with visit(browser, pages / f"{kind}.html", fragment=fragment, bypass_csp=True, **size(case.split()[0])) as seen:
        if "desktop" in case:
            seen.page.locator("#filters summary").click()
        assert serious_faults(seen.page) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["ownership", "diplomacy", "graph"])
def test_hostile_names_run_nothing(browser: Any, tmp_path: Path, kind: str) -> None:
    works = {HOSTILE[0]: HOSTILE}
    shares = [{"owner": HOSTILE[0], "asset": "evil-1", "low": 1, "high": 2, "paths": [[HOSTILE[0], HOSTILE[1]]]}]
    file = tmp_path / "page.html"
    text = network_page(hostile(), kind, title=HOSTILE[1], works=works, shares=shares, start={"year": HOSTILE[0]})
    file.write_text(text, encoding="utf-8")
    with visit(browser, file) as seen:
        names = seen.page.locator("#names td:first-child .go")
        assert names.count() == len(HOSTILE) + 1
        for place in range(names.count()):
            names.nth(place).click()
            assert seen.page.locator("#panel h2").is_visible()
        seen.page.fill("#find", HOSTILE[0])
        seen.page.keyboard.press("Enter")
        assert seen.page.locator("#panel h2").text_content() == HOSTILE[0]
        seen.page.locator("#language").click()
        scripts = "main script:not([type='application/json'])"
        assert seen.page.locator(f"main img, {scripts}, svg[onload], a[href^='javascript']").count() == 0
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert (seen.dialogs, seen.requests, seen.console) == ([], [], [])


@pytest.mark.slow
@pytest.mark.parametrize("firms", [1000, 5000])
def test_large_network_opens_as_expandable_groups(browser: Any, tmp_path: Path, firms: int) -> None:
    file = tmp_path / "page.html"
    file.write_text(network_page(generated(firms, firms * 8 // 5), "ownership"), encoding="utf-8")
    assert file.stat().st_size < 1_400_000
    with visit(browser, file) as seen:
        drawn = seen.page.evaluate(DRAWN)
        assert 4 < len(drawn) <= 60
        texts = seen.page.evaluate(TEXTS)["texts"]
        assert overlaps(texts) == [] and min(text["size"] for text in texts) >= 11
        for depth in (2, 3):  # many firms of one home state are first split into groups by name
            group = next((key for key, _ in drawn if key.startswith("2|firm|china") and key.count("|") == depth), None)
            if group is None:
                break
            seen.page.mouse.click(*seen.page.evaluate(CENTRE, group))
            drawn = seen.page.evaluate(DRAWN)
            assert len(drawn) <= 150
        assert any(not grouped and key.startswith("n") for key, grouped in drawn)
        seen.page.locator("#back").click()
        seen.page.fill("#find", "mina 0007")
        seen.page.keyboard.press("Enter")
        assert seen.page.locator("#panel h2").text_content() == "Mina 0007"
    assert (seen.dialogs, seen.requests, seen.console) == ([], [], [])


def test_empty_column_has_no_heading(browser: Any, tmp_path: Path) -> None:
    """Made-up data: owners from one state and mines, drawn as groups, with no intermediate firms."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("china", label="China", type="State")
    for i in range(120):
        graph.add_node(f"f{i}", label=f"Firm {i}", type="Firm", country="china")
        graph.add_node(f"m{i}", label=f"Mine {i}", type="MiningProject")
        graph.add_edge("china", f"f{i}", key=f"h{i}", relation="homeStateOf", certainty="stated")
        graph.add_edge(f"f{i}", f"m{i}", key=f"s{i}", relation="stake", basis="direct", certainty="stated", share=7.0)
    (tmp_path / "page.html").write_text(network_page(graph, "ownership"), encoding="utf-8")
    with visit(browser, tmp_path / "page.html") as seen:
        heads = seen.page.evaluate("pagView.layout.titles.map((title) => title.text)")
        assert heads == ["Owner", "Mine or block"]


def test_table_is_shown_without_javascript(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "ownership.html", java_script_enabled=False) as seen:
        assert not seen.page.locator("#figure").is_visible()
        assert seen.page.locator("noscript table tbody tr").first.is_visible()


@pytest.mark.parametrize("kind", page_kinds())
def test_notebook_shows_every_page_offline_within_400_kilobytes(
    browser: Any, kg: KnowledgeGraph, tmp_path: Path, kind: str
) -> None:
    shown = kg.view(kind)._repr_html_()
    assert len(json.dumps(shown)) < 400_000
    file = tmp_path / "notebook.html"
    # Twice, as when a cell is run again.
    file.write_text(f"<!doctype html><title>n</title>{shown}{shown}", encoding="utf-8")
    with visit(browser, file, ready=None) as seen:
        for frame in (seen.page.frame_locator("iframe").first, seen.page.frame_locator("iframe").last):
            frame.locator("html[data-ready]").wait_for(state="attached")
    assert (seen.console, seen.dialogs, seen.requests) == ([], [], [])


def test_notebook_shows_the_page_in_its_own_frame(browser: Any, kg: KnowledgeGraph, tmp_path: Path) -> None:
    file = tmp_path / "notebook.html"
    file.write_text(f"<!doctype html><title>n</title>{kg.view('ownership', year=2012)._repr_html_()}", encoding="utf-8")
    with visit(browser, file, ready=None) as seen:
        frame = seen.page.frame_locator("iframe")
        frame.locator("html[data-ready]").wait_for(state="attached")
        frame.locator("#find").fill("antamina")
        frame.locator("#find").press("Enter")
        assert frame.locator("#panel h2").text_content() == "Antamina"
        assert frame.locator("#year-shown").text_content() == "2012"
    assert (seen.console, seen.dialogs) == ([], [])

"""Pages: safe with any name, silent, offline, readable, the same bytes on every run."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from browser import chromium, visit
from peru_asia_graph.views import (
    LOOKS,
    as_script_data,
    page,
    shortened,
    visible,
    width_of,
    wrapped,
    write_assets,
    year_of,
)

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    '"><svg onload=alert(3)>',
    "javascript:alert(4)",
    "<!--<script>",
    "Mina \u202egpj.exe\u202c \u2028 line",
    "{{ 7 * 7 }} {% raw %}",
    "x" * 10_000,
    "word " * 2_000,
    "\ud800 \x00 \x1b[31m",
    "中国石油天然气集团公司秘鲁分公司" * 4,
]
KINDS = sorted(LOOKS["pages"])
WINDOWS = {"phone": (390, 844), "desktop": (1280, 800), "large": (1920, 1080)}


def ownership() -> nx.MultiDiGraph[str]:
    """Sixty nodes: consortia, chains, a cycle, a hub, doubts, a firm without a stake."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for state in ("china", "japan", "south-korea", "peru"):
        graph.add_node(state, label=state.title(), type="State", citations="p. 1 ¶1")

    def stake(owner: str, owned: str, share: float | None, **facts: str) -> None:
        known = {} if share is None else {"share": share}
        facts = {"relation": "stake", "basis": "direct", "certainty": "stated", "citations": "Table 6 (p. 25)", **facts}
        graph.add_edge(owner, owned, key=f"{owner}-in-{owned}", **known, **facts)

    for i in range(14):
        country = ("china", "japan", "south-korea")[i % 3]
        graph.add_node(f"firm-{i}", label=f"Compañía Minera número {i}", type="Firm", country=country, citations="p. 2")
        graph.add_node(f"mine-{i}", label=f"Río Blanco {i}", type="MiningProject", citations="p. 2 ¶3")
        stake(f"firm-{i}", f"mine-{i}", 45.5 if i % 2 else None)
        graph.add_edge(
            country, f"firm-{i}", key=f"home-{i}", relation="homeStateOf", certainty="stated", citations="p. 2"
        )
    for i, share in enumerate((60.0, 20.0, 11.6, 8.3)):
        graph.add_node(
            f"partner-{i}", label=f"National Oil Corporation {i}", type="Firm", country="china", citations="p. 3"
        )
        graph.add_node(f"block-{i}", label=f"Block {i}", type="HydrocarbonBlock", citations="p. 3")
        stake(f"partner-{i}", "block-0", share)
        stake(f"partner-{i}", f"block-{i}", None, certainty="former", valid_until="2012", time="not known then")
        stake("partner-3", f"block-{i}", 33.75)
    stake("block-0", "partner-0", None, certainty="not-confirmed")
    graph.add_node(
        "alone", label="Anhui Exploration", type="Firm", country="china", country_label="China", citations="p. 28"
    )
    return graph


def diplomacy() -> nx.MultiDiGraph[str]:
    """Three partners with dated dealings, a person, one dealing of several, one of none."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for state in ("peru", "china", "japan", "south-korea"):
        graph.add_node(state, label=state.title(), type="State", citations="p. 1 ¶1")
    for i in range(24):
        partner = ("china", "japan", "south-korea")[i % 3]
        name, date = f"Signing of the agreement number {i} between the parties", f"{1990 + i}-04-01"
        graph.add_node(f"event-{i}", label=name, type="Event", date=date, citations="p. 7 ¶1")
        for state in ("peru", partner):
            facts = {"relation": "participant", "role": "party", "certainty": "stated", "citations": "p. 7 ¶1"}
            graph.add_edge(state, f"event-{i}", key=f"event-{i}--{state}", **facts)
    graph.add_node("minister", label="Ministra Núñez", type="Person", citations="p. 9")
    graph.add_edge("minister", "event-0", key="m0", relation="participant", role="speaker", certainty="possible")
    graph.add_edge("china", "event-1", key="both", relation="participant", citations="p. 9")
    graph.add_node("policy", label="A policy", type="Policy", date="199X", citations="p. 9")
    return graph


def hostile() -> nx.MultiDiGraph[str]:
    """Every hostile text as a name, a citation, a role, a date and a country; one as a key too."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("peru", label="Peru", type="State")
    for i, text in enumerate(HOSTILE):
        key = f"evil-{i}" if i else '"><img src=x onerror=alert(9)>'
        facts = {"country": text, "country_label": text, "date": text, "citations": text}
        graph.add_node(key, label=text, type=text if i % 2 else "Firm", **facts)
        graph.add_edge(
            "peru", key, key=text, relation=text if i % 2 else "stake", role=text, certainty=text, citations=text
        )
    return graph


GRAPHS = {"ownership": ownership, "diplomacy": diplomacy}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


def write(folder: Path, text: str) -> Path:
    """Save a page as a file."""
    path = folder / "page.html"
    path.write_text(text, encoding="utf-8")
    return path


def data_of(text: str) -> dict[str, Any]:
    """What the page's script reads."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    loaded: dict[str, Any] = json.loads(found[1])
    return loaded


@pytest.mark.parametrize("kind", KINDS)
def test_page_is_a_complete_document_that_names_no_other_host(kind: str) -> None:
    text = page(GRAPHS[kind](), kind, "A <title> & more", assets="assets")
    assert text.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>A &lt;title&gt; &amp; more</title>" in text
    assert "default-src &#39;none&#39;" in text and "unsafe" not in text
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", text)
    HTMLParser().feed(text)


@pytest.mark.parametrize("kind", KINDS)
def test_tables_say_everything_without_script(kind: str) -> None:
    graph = GRAPHS[kind]()
    table = page(graph, kind, "Title", assets="assets").split('<section id="tables">')[1].split("</section>")[0]
    assert table.count("<tr>") - 2 == graph.number_of_edges()
    assert table.count("<tr id=") == graph.number_of_nodes()
    for _, facts in graph.nodes(data=True):
        assert f"<bdi>{facts['label']}</bdi>" in table


def test_graph_is_left_as_it_was() -> None:
    graph = ownership()
    before = copy.deepcopy((list(graph.nodes(data=True)), list(graph.edges(keys=True, data=True))))
    page(graph, "ownership", "Title")
    assert before == (list(graph.nodes(data=True)), list(graph.edges(keys=True, data=True)))


def test_an_unknown_kind_is_an_error_and_an_empty_graph_is_not() -> None:
    with pytest.raises(ValueError, match="diplomacy, ownership"):
        page(nx.MultiDiGraph(), "trade", "Title")
    for kind in KINDS:
        assert "All names" in page(nx.MultiDiGraph(), kind, "Title", assets="assets")


def test_same_bytes_whatever_the_hash_seed_and_the_order_of_the_graph() -> None:
    program = (
        "import sys, hashlib, networkx as nx, test_views as t\n"
        "for kind, make in t.GRAPHS.items():\n"
        "    graph = make(); turned = nx.MultiDiGraph()\n"
        "    turned.add_nodes_from(reversed(list(graph.nodes(data=True))))\n"
        "    turned.add_edges_from(reversed(list(graph.edges(keys=True, data=True))))\n"
        "    for one in (graph, turned):\n"
        "        print(kind, hashlib.sha256(t.page(one, kind, 'Title').encode()).hexdigest())\n"
    )
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    answers = set()
    for seed in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
        run = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        answers.add(tuple(run.stdout.split("\n")))
    assert len(answers) == 1
    assert len(set(answers.pop())) == len(KINDS) + 1  # one hash a kind, and the last line's end


def test_assets_are_the_scripts_style_and_licences(tmp_path: Path) -> None:
    names = sorted(path.name for path in write_assets(tmp_path / "assets"))
    assert names == sorted(path.name for path in (tmp_path / "assets").iterdir())
    assert {"vis-network.min.js", "page.js", "page.css", "vis-network.LICENSE-MIT"} <= set(names)


def test_texts_are_kept_short_and_harmless() -> None:
    assert as_script_data({"a": "</script>&\u2028"}) == '{"a":"\\u003c/script\\u003e\\u0026\\u2028"}'
    assert visible("a\u202eb\n\x00c") == "a b c"
    assert [year_of(date) for date in ("2013-04", "199X", "../1971", "1849/1874", "")] == [
        "2013",
        "1990s",
        "by 1971",
        "1849",
        "",
    ]
    for text in HOSTILE:
        lines = wrapped(visible(text))
        assert 1 <= len(lines) <= 3 and all(width_of(line) <= 165 for line in lines)
    assert shortened("m" * 100).endswith("…")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shared", [False, True], ids=["inline", "shared"])
def test_hostile_names_run_nothing(browser: Any, tmp_path: Path, kind: str, shared: bool) -> None:
    write_assets(tmp_path / "assets")
    file = write(tmp_path, page(hostile(), kind, HOSTILE[1], assets="assets" if shared else None))
    with visit(browser, file) as seen:
        rows = seen.page.locator("#names tbody tr td:first-child a")
        assert rows.count() == len(HOSTILE) + 1
        for place in range(rows.count()):
            rows.nth(place).click()
            assert seen.page.locator("#panel h2").is_visible()
        seen.page.fill("#find", HOSTILE[0])
        seen.page.keyboard.press("Enter")
        assert seen.page.locator("#panel h2").text_content() == HOSTILE[0]
        assert seen.page.locator("main img, main svg[onload], #panel script").count() == 0
    assert (seen.dialogs, seen.asked, seen.said) == ([], [], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("kind", KINDS)
def test_opening_view_is_readable_and_silent(browser: Any, tmp_path: Path, kind: str, window: str, scheme: str) -> None:
    text = page(GRAPHS[kind](), kind, "Title")
    size = dict(zip(("width", "height"), WINDOWS[window], strict=True))
    with visit(browser, write(tmp_path, text), viewport=size, color_scheme=scheme) as seen:
        scale = seen.page.evaluate("pagNetwork.getScale()")
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        measure = "([font, lines]) => { const c = document.createElement('canvas').getContext('2d'); c.font = font;"
        measure += " return lines.map((line) => c.measureText(line).width); }"
        data = data_of(text)
        drawn = [node for node in data["nodes"] if not node["hidden"]]
        lines = [line for node in drawn for line in [*node["lines"], node["tag"]]]
        font = f"{data['picture']['font']}px 'Helvetica Neue', Arial, 'Liberation Sans', Helvetica, sans-serif"
        widths = dict(zip(lines, seen.page.evaluate(measure, [font, lines]), strict=True))
    assert (seen.dialogs, seen.asked, seen.said) == ([], [], [])
    assert scale * data["picture"]["font"] >= 10.999
    for node in drawn:
        tag = widths[node["tag"]] + 8 if node["tag"] else 0
        assert data["picture"]["tile"] + 14 + max(widths[line] for line in node["lines"]) + tag <= node["w"] + 0.5
    for a, b in combinations(drawn, 2):
        beside = abs(a["x"] - b["x"]) >= (a["w"] + b["w"]) / 2 - 0.2
        assert beside or abs(a["y"] - b["y"]) >= (a["h"] + b["h"]) / 2 - 0.2, (a["label"], b["label"])


def test_desktop_shows_all_of_a_picture_of_sixty_boxes(browser: Any, tmp_path: Path) -> None:
    with visit(browser, write(tmp_path, page(ownership(), "ownership", "Title"))) as seen:
        places = seen.page.evaluate(
            "JSON.parse(document.getElementById('data').textContent).nodes.filter((n) => !n.hidden).map((node) => ["
            "pagNetwork.canvasToDOM({x: node.x - node.w / 2, y: node.y - node.h / 2}),"
            "pagNetwork.canvasToDOM({x: node.x + node.w / 2, y: node.y + node.h / 2})])"
        )
        canvas = seen.page.locator("#canvas").bounding_box()
    for near, far in places:
        assert near["x"] >= 0 and near["y"] >= 0 and far["x"] <= canvas["width"] and far["y"] <= canvas["height"]


def test_search_ignores_accents_and_case_and_opens_the_panel(browser: Any, tmp_path: Path) -> None:
    with visit(browser, write(tmp_path, page(ownership(), "ownership", "Title"))) as seen:
        seen.page.fill("#find", "NUMERO 13")
        assert seen.page.locator("#found").text_content() == "1 name; Enter opens it"
        assert seen.page.locator("#names tbody tr:visible").count() == 1
        seen.page.keyboard.press("Enter")
        panel = seen.page.locator("#panel")
        assert "45.5 %" in panel.inner_text() and "Table 6 (p. 25)" in panel.inner_text()
        panel.get_by_text("Río Blanco 13").click()
        assert panel.locator("h2").text_content() == "Río Blanco 13"
        assert seen.page.url.endswith("#id/mine-13")
        seen.page.keyboard.press("Escape")
        assert not panel.is_visible()
        seen.page.fill("#find", "nobody")
        assert seen.page.locator("#found").text_content() == "No such name"


def test_an_address_with_a_name_opens_it_and_a_broken_one_does_nothing(browser: Any, tmp_path: Path) -> None:
    file = write(tmp_path, page(diplomacy(), "diplomacy", "Title"))
    with visit(browser, file, fragment="#id/minister") as seen:
        assert seen.page.locator("#panel h2").text_content() == "Ministra Núñez"
    with visit(browser, file, fragment="#id/%E0%A4%A") as seen:
        assert not seen.page.locator("#panel").is_visible()
    assert seen.said == []


def test_phone_puts_the_list_before_the_picture(browser: Any, tmp_path: Path) -> None:
    file = write(tmp_path, page(ownership(), "ownership", "Title"))
    with visit(browser, file, viewport={"width": 390, "height": 844}) as seen:
        names, picture = (seen.page.locator(place).bounding_box()["y"] for place in ("#names", "#picture"))
        assert names < 400 < picture


def test_without_script_the_tables_stand_alone(browser: Any, tmp_path: Path) -> None:
    with visit(browser, write(tmp_path, page(ownership(), "ownership", "Title")), java_script_enabled=False) as seen:
        assert not seen.page.locator("#canvas").is_visible()
        assert seen.page.locator("#names").is_visible()

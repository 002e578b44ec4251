"""Several sources on the pages: attribution, both values where they differ, and groups that expand on demand."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from browser import download, visit
from csv_rows import read_csv
from page_data import data_of
from peru_asia_graph.errors import WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.sources import sources_table
from peru_asia_graph.views.network_page import network_page
from peru_asia_graph.views.sources_page import sources_page

DRAWN = """() => ({
  nodes: pagView.nodes.map((node) => node.id).sort(), lines: pagView.lines.map((line) => line.id).sort(),
  drawn: pagView.drawn.map((line) => line.id).sort(),
})"""
TEXT = "pagView.parts.filter((part) => part.text !== undefined).map((part) => part.text)"
PAPER = "sanborn-yong"
# Simulate the canvas click on the box with this id, wherever the window is scrolled.
CLICK = "(id) => pagView.network.body.emitter.emit('click', { nodes: [id] })"
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def pages(whole: Path) -> Path:
    """The folder with the pages of all sources."""
    return whole


@pytest.mark.parametrize("source", [PAPER, "gem"])
def test_source_filter_equals_the_single_source_page(
    browser: Any, pages: Path, sources: KnowledgeGraph, tmp_path: Path, source: str
) -> None:
    alone = tmp_path / "alone.html"
    sources.view("ownership", source=source).save(alone)
    with visit(browser, alone) as seen:
        expected, texts = seen.page.evaluate(DRAWN), seen.page.evaluate(TEXT)
        assert not seen.page.locator("#whole").is_visible() and seen.console == []
    with visit(browser, pages / "ownership.html", fragment=f"#source={source}") as seen:
        assert seen.page.evaluate(DRAWN) == expected
        # The tracker names no home states; the combined page has the paper's.
        homes = [] if source == PAPER else ["CN", "KR", "PE"]
        assert sorted(text for text in seen.page.evaluate(TEXT) if text not in homes) == sorted(texts)
        assert not seen.page.locator("#whole").is_visible()


def test_differing_values_are_both_shown_on_the_edge(browser: Any, pages: Path) -> None:
    """For Daewoo in Block 8 Table 6 has 11.6 %, the tracker 11.7 %; for SK Energy both have 8.3 %."""
    with visit(browser, pages / "ownership.html", fragment="#chosen=block-8") as seen:
        texts = seen.page.evaluate(TEXT)
        assert "11.6 ≠ 11.7\u00a0%" in texts and "11.6\u00a0%" not in texts
        assert texts.count("8.3\u00a0%") == 1
        assert "sources differ" in seen.page.locator("#legend").text_content()
        row = seen.page.locator("#panel li", has_text="Daewoo").filter(has_text="11.6").first
        said = row.inner_text()
        cited = " ".join(one.get_attribute("title") for one in row.locator(".cite").all())
        assert "Sanborn & Yong Table 6, row Block 8 (p. 25)" in cited and "GEM record OG0004942, owner" in cited
        assert "Sanborn & Yong: 11.6" in said and "GEM: 11.7" in said
        agreed = seen.page.locator("#panel li", has_text="SK Energy").filter(has_text="Sanborn & Yong: direct")
        assert "≠" not in agreed.inner_text() and agreed.locator(".cite").count() == 2


def test_phone_list_attributes_only_disputed_owners(browser: Any, pages: Path) -> None:
    """Table 6 has two direct holders of Block Z-2B, the tracker another one; for Block 8 both have the same four."""
    with visit(browser, pages / "ownership.html", viewport={"width": 390, "height": 844}) as seen:
        rows = [text.replace("\xa0", " ") for text in seen.page.locator("#list li").all_inner_texts()]
    paper = "Ecopetrol 50 % (Sanborn & Yong), Korea National Oil Corporation 50 % (Sanborn & Yong)"
    assert f"{paper}, Savia Peru 100 % (GEM)" in next(text for text in rows if text.startswith("Block Z-2B"))
    assert "(" not in next(text for text in rows if text.startswith("Block 8"))


def test_direct_and_indirect_shares_are_not_merged(browser: Any, pages: Path) -> None:
    """Table 6 gives Ecopetrol 50 % of Block Z-2B; the tracker gives it 100 % as a parent."""
    with visit(browser, pages / "ownership.html", fragment="#chosen=block-z-2b") as seen:
        texts = seen.page.evaluate(TEXT)
        assert "50 ≠ 100\u00a0%" not in texts and {"50\u00a0%", "100\u00a0%"} <= set(texts)


@pytest.mark.slow
def test_assets_without_asian_owner_expand_on_demand(browser: Any, pages: Path) -> None:
    """GEM: PetroTal holds Block 95, CNPC Block 58; only CNPC is Asian. The paper's pipeline is no mine or block."""
    with visit(browser, pages / "ownership.html") as seen:
        first = set(seen.page.evaluate(DRAWN)["nodes"])
        assert not {"gem-block-95", "north-peru-pipeline"} & first and "gem-block-58" in first
        assert "gem-block-95" not in seen.page.locator("#table").inner_html()
        seen.page.evaluate(CLICK, "fold sources")
        assert "all=1" in seen.page.url
        assert "gem-block-95" in seen.page.evaluate("pagView.nodes.flatMap((n) => (n.members ?? [n]).map((m) => m.id))")
        seen.page.evaluate(CLICK, "fold other")
        assert "all=3" in seen.page.url and "north-peru-pipeline" in seen.page.evaluate(DRAWN)["nodes"]
        seen.page.evaluate(CLICK, "fold sources")
        seen.page.evaluate(CLICK, "fold other")
        assert set(seen.page.evaluate(DRAWN)["nodes"]) == first
    with visit(browser, pages / "ownership.html", fragment="#chosen=gem-block-95") as seen:
        assert {"gem-block-95", "gem-petrotal-peru"} <= set(seen.page.evaluate(DRAWN)["nodes"])


def test_slider_extends_to_the_last_year_of_the_sources(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "ownership.html") as seen:
        assert seen.page.locator("#year").get_attribute("max") == "2026"
        seen.page.locator("#year").fill("2025")
        assert "year=2025" in seen.page.url


def test_deposits_without_links_are_not_drawn(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "ownership.html", fragment="#all=1") as seen:
        ids = seen.page.evaluate("pagView.nodes.flatMap((n) => (n.members ?? [n]).map((m) => m.id))")
        assert "toromocho" in ids and not [one for one in ids if one.startswith("usgs-")]


def test_trade_and_investments_show_only_the_paper(browser: Any, pages: Path) -> None:
    """Output, grades and other figures of later sources are not cells of Tables 1 to 4."""
    for kind in ("trade", "investments"):
        with visit(browser, pages / f"{kind}.html") as seen:
            where = seen.page.locator("#lines tbody td:last-child").all_text_contents()
            assert where and all("GEM" not in one and "USGS" not in one for one in where)


def test_counts_of_sources_are_the_same_everywhere(sources: KnowledgeGraph) -> None:
    """The paper's things are the rows of entities.csv; its cited places those of citations.csv."""
    described = {row["name"]: row for row in data_of(sources.view("sources").html)["described"]}
    rows = {name: len(read_csv(ROOT / "data" / PAPER / f"{name}.csv")) for name in ("entities", "citations")}
    assert (described[PAPER]["things"], described[PAPER]["places"]) == (rows["entities"], rows["citations"])
    listed = {str(row["name"]): row for row in sources_table(sources.store)}
    for name, row in described.items():
        assert [row[one] for one in ("things", "statements", "places")] == [
            int(str(listed[name][one])) for one in ("things", "statements", "places")
        ]
    (alone,) = data_of(sources.view("sources", source="gem").html)["described"]
    assert alone == described["gem"]


def test_sources_page_shows_both_statements(browser: Any, pages: Path, sources: KnowledgeGraph) -> None:
    assert "GPTAD: 1998-06-20" in (pages / "sources.html").read_text("utf-8")
    with visit(browser, pages / "sources.html") as seen:
        assert (seen.console, seen.requests) == ([], [])
        cards = seen.page.locator(".source h3").all_text_contents()
        assert cards == [one.short for one in sources.sources]
        row = seen.page.locator("#lines tbody tr", has_text="Daewoo").filter(has_text="11.7")
        text = row.first.inner_text()
        assert "Daewoo holds 11.6 % of Block 8" in text and "Daewoo holds 11.7 % of Block 8" in text
        assert "Sanborn & Yong Table 6, row Block 8 (p. 25)" in text and "GEM record OG0004942, owner" in text
        agreement = seen.page.locator("#lines tbody tr", has_text="Peru–Chile trade agreement (1998)")
        dated = agreement.filter(has_text="GPTAD").first
        assert "Jun 20, 1998" in dated.inner_text() and "Jun 22, 1998" in dated.inner_text()
        seen.page.locator("#language").click()
        assert "Las fuentes" in seen.page.locator("#title").text_content()


@pytest.mark.slow
def test_differences_match_the_exported_table_by_kind(browser: Any, pages: Path) -> None:
    """Rows, bar segments and button counts match differences.csv; each kind has a symbol and a label."""
    listed = read_csv(ROOT / "exports" / "tables" / "differences.csv")
    counts = Counter(row["kind"] for row in listed)
    with visit(browser, pages / "sources.html") as seen:
        rows = seen.page.locator("#lines tbody tr")
        assert rows.count() == seen.page.locator("#bar .item").count() == counts.total()
        keys = {key.get_attribute("data-kind"): key.text_content() for key in seen.page.locator("[data-kind]").all()}
        assert {kind: int(text.split()[-1]) for kind, text in keys.items()} == counts
        assert all(re.match(r"\W [A-Z]\w+", text) for text in keys.values())
        for kind, count in counts.items():
            seen.page.locator(f'[data-kind="{kind}"]').click()
            assert f"kind={kind}" in seen.page.url and rows.count() == rows.locator(f".sign.{kind}").count() == count
            seen.page.locator(f'[data-kind="{kind}"]').click()


def test_discrepancies_within_a_source_have_their_own_tab(browser: Any, pages: Path) -> None:
    listed = read_csv(ROOT / "data" / PAPER / "discrepancies.csv")
    with visit(browser, pages / "sources.html") as seen:
        seen.page.locator('[data-tab="within"]').click()
        rows = seen.page.locator("#lines tbody tr")
        assert rows.count() == len(listed)
        assert set(rows.locator("td:first-child").all_text_contents()) == {row["label"] for row in listed}
        seen.page.fill("#find", "8.7 times")
        assert rows.count() < 10 and "8.7 times" in rows.first.inner_text()


def test_later_value_is_not_styled_as_a_conflict(tmp_path: Path, browser: Any) -> None:
    """Made-up data: one value differs and one is of a later date."""
    side = {"source_a": "old", "source_b": "new", "value_a": "50", "value_b": "100", "says_a": "A", "says_b": "B"}
    rows = [{"id": kind, "kind": kind, "label": "Block", "about": "block", "property": "sharePercent", **side}
            for kind in ("later", "value")]  # fmt: skip
    described = [{"name": name, "short": f"{name} one", "things": 1, "statements": 1, "places": 2}
                 for name in ("old", "new")]  # fmt: skip
    (tmp_path / "page.html").write_text(sources_page(described, rows), "utf-8")
    assert "<bdi>old one: A</bdi>" in (tmp_path / "page.html").read_text("utf-8").split("<noscript>")[1]
    with visit(browser, tmp_path / "page.html") as seen:
        colours = {
            kind: seen.page.locator(f".sign.{kind}").evaluate("(sign) => getComputedStyle(sign).backgroundColor")
            for kind in ("later", "value")
        }
        assert colours["later"] == "rgba(0, 0, 0, 0)" != colours["value"]
        assert "1 thing, 1 statement, 2 passages cited" in seen.page.locator(".source").first.inner_text()


def test_bounds_are_shown_and_sold_stakes_are_not_added(tmp_path: Path, browser: Any) -> None:
    """Made-up data: 51 in one source and at least 52 in the other; at most 20; 60 sold by one to another in 2016."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for name in ("north", "south"):
        graph.add_node(name, label=name.title(), type="MiningProject")
    said = {"relation": "stake", "basis": "direct", "certainty": "stated"}
    for key, (owner, asset, source, facts) in {
        "n1": ("a", "north", "old", {"share": 51.0}), "n2": ("a", "north", "new", {"share_low": 52.0}),
        "n3": ("b", "north", "new", {"share_high": 20.0}), "n4": ("c", "north", "new", {"share_low": 1.0,
                                                                                       "share_high": 2.0}),
        "s1": ("a", "south", "new", {"share": 60.0, "valid_until": "2016"}),
        "s2": ("b", "south", "new", {"share": 60.0, "valid_from": "2016-05-01"}),
    }.items():  # fmt: skip
        graph.add_edge(owner, asset, key, source=source, **said, **facts)
    sources = [{"name": name, "short": name, "title": name} for name in ("old", "new")]
    html = network_page(graph, "ownership", sources=sources, differences=[{"kind": "value", "a": "n1", "b": "n2"}])
    (tmp_path / "page.html").write_text(html, "utf-8")
    assert all(f"<bdi>{size} %</bdi>" in html for size in ("≥ 52", "≤ 20", "1–2"))  # for readers without JavaScript
    with visit(browser, tmp_path / "page.html", fragment="#chosen=north") as seen:
        texts = seen.page.evaluate(TEXT)
        assert {"51 ≠ ≥\u00a052\u00a0%", "≤\u00a020\u00a0%", "1–2\u00a0%"} <= set(texts)
        panel = seen.page.inner_text("#panel")
        assert "new: ≥\u00a052\u00a0%" in panel and "not stated" not in panel and "total" not in panel
    with visit(browser, tmp_path / "page.html", fragment="#chosen=south") as seen:
        assert "60" in seen.page.inner_text("#panel") and "total" not in seen.page.inner_text("#panel")


def test_plan_and_earlier_stake_do_not_contradict_a_holding(tmp_path: Path, browser: Any) -> None:
    """In one source 30 until 2015 and then 50, in the other 50; and 70 planned in one, 60 held in the other."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for name in ("north", "south"):
        graph.add_node(name, label=name.title(), type="MiningProject")
    for key, (asset, source, facts) in {
        "n1": ("north", "old", {"share": 30.0, "valid_until": "2015"}),
        "n2": ("north", "old", {"share": 50.0, "valid_from": "2016"}), "n3": ("north", "new", {"share": 50.0}),
        "s1": ("south", "old", {"share": 70.0, "certainty": "planned"}), "s2": ("south", "new", {"share": 60.0}),
    }.items():  # fmt: skip
        said = {"relation": "stake", "basis": "direct", "certainty": "stated", "source": source, **facts}
        graph.add_edge("a", asset, key, **said)
    sources = [{"name": name, "short": name, "title": name} for name in ("old", "new")]
    pairs = [{"kind": "agrees", "a": "n2", "b": "n3"}, {"kind": "refines", "a": "s1", "b": "s2"}]
    (tmp_path / "page.html").write_text(network_page(graph, "ownership", sources=sources, differences=pairs), "utf-8")
    with visit(browser, tmp_path / "page.html", fragment="#chosen=north") as seen:
        sizes = {text for text in seen.page.evaluate(TEXT) if "%" in text}
        assert sizes == {"30\u00a0%", "50\u00a0%", "60\u00a0%"}


def test_single_source_has_nothing_to_compare(browser: Any, kg: KnowledgeGraph, tmp_path: Path) -> None:
    kg.view("sources").save(tmp_path / "page.html")
    with visit(browser, tmp_path / "page.html") as seen:
        assert "only one source so far" in seen.page.locator(".warning").text_content()
        assert seen.page.locator("#lines tbody tr").count() == 0 and seen.console == []


def test_difference_kind_counts_respect_other_filters(browser: Any, pages: Path) -> None:
    """The tracker and the paper meet in Blocks 8 and Z-2B: eleven differences, five of them in the level of ownership.

    These are Pluspetrol Norte with its two owners, Savia with its two, and Ecopetrol's share on either basis.
    """
    with visit(browser, pages / "sources.html", fragment="#source=gem") as seen:
        keys = seen.page.locator("[data-kind]").all_text_contents()
        assert sum(int(key.split()[-1]) for key in keys) == seen.page.locator("#lines tbody tr").count() == 11
        seen.page.locator('[data-kind="level"]').click()
        assert seen.page.locator("[data-kind]").all_text_contents() == keys
        assert seen.page.locator("#lines tbody tr").count() == 5


def test_source_without_stakes_is_cited_in_the_panel(browser: Any, pages: Path) -> None:
    """The survey has no stakes but gives Toromocho's date of discovery (data/usgs-porphyry/phases.csv)."""
    with visit(browser, pages / "ownership.html", fragment="#chosen=toromocho") as seen:
        assert "USGS 2008 record 254, year of discovery" in seen.page.inner_text("#panel")
    with visit(browser, pages / "ownership.html", fragment=f"#chosen=toromocho&source={PAPER}") as seen:
        assert "USGS" not in seen.page.inner_text("#panel")


def test_unknown_source_in_the_address_is_reported(browser: Any, pages: Path) -> None:
    for kind in ("ownership", "sources"):
        with visit(browser, pages / f"{kind}.html", fragment="#source=lost") as seen:
            assert seen.page.inner_text("#missing") == "This page has no source “lost”; all are shown."
            seen.page.locator("#language").click()
            assert "ninguna fuente «lost»" in seen.page.inner_text("#missing")
            seen.page.evaluate("location.hash = 'source=gem'")
            seen.page.wait_for_selector("#missing", state="hidden")
        with visit(browser, pages / f"{kind}.html", fragment="#source=gem") as seen:
            assert not seen.page.locator("#missing").is_visible()


def test_two_selected_sources_show_only_their_differences(sources: KnowledgeGraph) -> None:
    # data/: 11.6 and 11.7 % of Block 8; two other sources differ on when Argentina's agreement took effect.
    page = sources.view("sources", source=["gem", PAPER]).html
    assert "Daewoo holds 11.7 % of Block 8" in page
    assert "2000-08-01" not in page and "2000-08-01" in sources.view("sources").html
    lines = data_of(sources.view("ownership", source=["gem", PAPER]).html)["differences"]
    assert "level" in {line["kind"] for line in lines}


@pytest.mark.parametrize("kind", ["diplomacy", "map", "trade", "audit"])
def test_page_without_data_from_the_selected_source_is_rejected(sources: KnowledgeGraph, kind: str) -> None:
    with pytest.raises(WrongUse, match=f"the page '{kind}' shows nothing of 'un-votes'"):
        sources.view(kind, source="un-votes")


def test_table_of_several_sources_names_them(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "ownership.html") as seen:
        rows = list(csv.reader(download(seen.page, "csv")[1].decode("utf-8-sig").splitlines()))
    place = rows[0].index("Source")
    assert {row[place] for row in rows[1:]} == {"Sanborn & Yong", "GEM"}
    assert all(row[-1].startswith(row[place]) for row in rows[1:] if row[-1])


def test_saved_image_names_sources_by_licence(browser: Any, pages: Path) -> None:
    """LICENSE-DATA: both sources of the stakes are under CC BY 4.0."""
    with visit(browser, pages / "ownership.html") as seen:
        saved = download(seen.page, "svg")[1].decode()
    assert "After Sanborn &amp; Yong, GEM (CC BY 4.0). Peru–Asia knowledge graph, CC BY 4.0<" in saved


def test_spanish_uses_spanish_names_and_marks_indirect_shares(
    browser: Any, tmp_path: Path, sources: KnowledgeGraph
) -> None:
    """GEM has Ecopetrol as the parent of Savia Peru, the owner of Z-2B; the paper has Ecopetrol in the block itself."""
    page = tmp_path / "sources.html"
    sources.view("sources").save(page)
    with visit(browser, page, fragment="#lang=es") as seen:
        row = seen.page.locator("#lines tbody tr", has_text="Ecopetrol holds 100 % of Block Z-2B").first
        assert row.locator("td").first.inner_text() == "Lote Z-2B" and "(indirecta)" in row.inner_text()
        assert "(indirecta)" not in row.locator("td").nth(2).inner_text()
        assert "indirectly" not in row.inner_text()  # stated only once

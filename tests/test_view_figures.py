"""The figure pages and the index page in a real Chromium: numbers, warning, missing amounts, controls, overtaking."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from browser import IDS, click_lines, download, overlaps, serious_faults, visit
from graphs import HOSTILE
from own_project import make_own_project
from peru_asia_graph.cli import pag
from peru_asia_graph.views.figures import investments_page, trade_page
from peru_asia_graph.views.page_registry import network_kinds, page_kinds

FIGURES = [kind for kind in page_kinds() if kind not in network_kinds()]
WINDOWS = {"phone": (390, 844), "desktop": (1280, 800), "large": (1920, 1080)}
# The texts of each chart in window pixels.
TEXTS = """() => {
  const place = (text) => {
    const { x, y, width, height } = text.getBoundingClientRect();
    // The line box is taller than the letters; a third of it is empty.
    const place = { x, y, w: width, h: height * 0.67 };
    return { text: text.textContent, size: parseFloat(text.getAttribute("font-size")), ...place };
  };
  return [...document.querySelectorAll(".chart svg")].map((chart) => [...chart.querySelectorAll("text")].map(place));
}"""


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("kind", [*FIGURES, "index"])
def test_initial_view_is_error_free_and_readable(browser: Any, pages: Path, kind: str, window: str) -> None:
    width, height = WINDOWS[window]
    fragment = "" if window == "desktop" else "#lang=es&theme=dark"
    view = {"viewport": {"width": width, "height": height}}
    with visit(browser, pages / f"{kind}.html", fragment=fragment, **view) as seen:
        assert (seen.console, seen.requests, seen.dialogs) == ([], [], [])
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        charts = seen.page.evaluate(TEXTS)
        assert all(text["size"] >= 11 for texts in charts for text in texts)
        assert [overlaps(texts) for texts in charts] == [[] for _ in charts]
        assert all(t["x"] >= 0 and t["x"] + t["w"] <= width + 1 for texts in charts for t in texts)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*FIGURES, "index"])
def test_axe_finds_nothing_serious(browser: Any, pages: Path, kind: str) -> None:
    for fragment in ("", "#theme=dark&chosen=t2-fishery-china-1997"):
        with visit(browser, pages / f"{kind}.html", fragment=fragment, bypass_csp=True) as seen:
            assert serious_faults(seen.page) == []


def test_warning_and_missing_amounts_are_shown(browser: Any, pages: Path) -> None:
    """Tables 5 to 7: fifteen amounts and the 118 and 2,150 of pages 26 and 27; the others have none."""
    with visit(browser, pages / "investments.html") as seen:
        warning = seen.page.locator(".warning")
        assert warning.is_visible() and "differ in scope" in warning.text_content()
        bars = seen.page.locator("#bars .item")
        texts = bars.all_text_contents()
        assert len(texts) == 35
        assert sum("n.a." in text for text in texts) >= 15 and sum("to be defined" in text for text in texts) == 2
        assert any("Quellaveco" in text and "3,300" in text for text in texts)
        for name in ("country", "sector"):
            assert seen.page.locator(f"#by-{name} .item").count() == 35
        # For fifteen rows of Tables 5 to 7 the status is "not available", that is, missing.
        assert seen.page.locator("#by-status .item").count() == 35 - 15
        assert "15 without a printed status" in seen.page.locator("#by-status").text_content()
        # Brackets: Toromocho (twice), Mina Justa (twice), Huanzala (three years) and Block 8 (twice).
        drawn = seen.page.locator("#bars path").evaluate_all("(all) => all.map((path) => path.getAttribute('d'))")
        assert sum(bool(re.match(r"M[\d.]+ [\d.]+h5V", path)) for path in drawn) == 4


def test_sectors_and_technology_levels_have_no_state_colours(browser: Any, pages: Path) -> None:
    for scheme in ("light", "dark"):
        with visit(browser, pages / "trade.html", color_scheme=scheme) as seen:
            fills = "(paths) => [...new Set(paths.map((path) => path.getAttribute('fill')))]"
            used = seen.page.locator("#charts .item path").evaluate_all(fills)
            style = "(names) => names.map((name) => getComputedStyle(document.body).getPropertyValue(`--${name}`))"
            states = seen.page.evaluate(style, ["china", "japan", "korea", "peru", "brazil", "other", "none"])
            assert len(used) >= 13 and not set(used) & set(states)


def test_each_figure_opens_its_cell(browser: Any, pages: Path) -> None:
    """Table 2, page 20: in 1997, 79.9 % of the exports to China were fishery products."""
    with visit(browser, pages / "trade.html") as seen:
        seen.page.locator('.item[data-id="t2-fishery-china-1997"]').first.click()
        panel = seen.page.locator("#panel").text_content()
        assert "79.9\u00a0%" in panel and "Table 2, row Fishery (p. 20)" in panel and "China" in panel
        assert "chosen=t2-fishery-china-1997" in seen.page.url
        items = seen.page.locator("#charts .item")
        assert set(items.evaluate_all(IDS)) >= {"t1-hs-260300", "t4-htm-japan-1995-2000"}
        seen.page.fill("#find", "colour televisions")
        seen.page.fill("#find", "colour television")
        seen.page.keyboard.press("Enter")
        assert seen.page.locator("#panel h2").text_content() == "Colour television receivers/monitors/projectors"


def test_every_cell_is_drawn_and_in_the_table(browser: Any, pages: Path) -> None:
    """Tables 1 to 4 have 10, 108, 72 and 60 cells including totals; Table 3 repeats the totals of Table 2."""
    with visit(browser, pages / "trade.html") as seen:
        drawn = set(seen.page.locator("#charts .item").evaluate_all(IDS))
        assert len(drawn) == 10 + 108 + 72 + 60
        rows = list(csv.reader(io.StringIO(download(seen.page, "csv")[1].decode("utf-8-sig"))))
        assert len(rows) == 251


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["investments", "trade"])
def test_filters_keyboard_downloads_and_language(browser: Any, pages: Path, kind: str) -> None:
    with visit(browser, pages / f"{kind}.html") as seen:
        seen.page.locator("#filters summary").click()
        seen.page.select_option("#filter-country", "south-korea")
        faded = seen.page.locator("#charts .item.faded").count()
        assert 0 < faded < seen.page.locator("#charts .item").count()
        seen.page.locator("#filter-clear").click()
        assert seen.page.locator("#charts .item.faded").count() == 0
        seen.page.keyboard.press("Escape")
        seen.page.locator('#charts .item[tabindex="0"]').first.focus()
        seen.page.keyboard.press("ArrowDown")
        seen.page.keyboard.press("Enter")
        assert seen.page.locator("#panel h2").is_visible()
        for form in ("svg", "png"):
            _, data = download(seen.page, form)
            if form == "svg":
                texts = {text.text for text in ElementTree.fromstring(data).iter("{http://www.w3.org/2000/svg}text")}
                assert ("Fish" in str(texts)) or ("Quellaveco · Mitsubishi" in texts) or ("79.9" in texts)
        seen.page.locator("#language").click()
        assert seen.page.locator("#title").text_content() != ""
        assert seen.page.locator("html").get_attribute("lang") == "es"
        assert re.search("Corea del Sur", seen.page.locator("#charts").text_content())
    assert (seen.console, seen.requests) == ([], [])


def test_index_page_links_to_every_page(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "index.html") as seen:
        links = {link.get_attribute("href").split("#")[0] for link in seen.page.locator(".pictures a").all()}
        assert {"ownership.html", "diplomacy.html", "investments.html", "trade.html", "audit.html"} <= links
        seen.page.locator(".try a", has_text="Quellaveco").click()
        seen.page.wait_for_selector("#panel h2")
        assert seen.page.locator("#panel h2").text_content() == "Quellaveco"


@pytest.mark.slow
def test_hostile_texts_run_nothing(browser: Any, tmp_path: Path) -> None:
    names = ("id", "investors", "project", "project_label", "country", "sector", "status", "year", "printed", "where")
    deals = [{name: f"{text}{place}" if name == "id" else text for name in names} for place, text in enumerate(HOSTILE)]
    cells = [
        {
            "id": f"{text}{place}", "table": f"table-{1 + place % 4}", "flow": "exports", "partner": text,
            "category": text, "measure": text, "unit": text, "category_label": text, "partner_label": text,
            "period": text, "notation": text, "column": text, "value": 5.0, "where": text,
        }
        for place, text in enumerate(HOSTILE)
    ]  # fmt: skip
    works = {text: HOSTILE for text in HOSTILE}
    for number, text in enumerate((investments_page(deals, works=works), trade_page(cells, works=works))):
        file = tmp_path / f"{number}.html"
        file.write_text(text, encoding="utf-8")
        with visit(browser, file) as seen:
            click_lines(seen.page)
        assert (seen.dialogs, seen.requests, seen.console) == ([], [], [])


@pytest.mark.slow
def test_page_without_facts_shows_a_message(browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only two things and a stake: no axes, no codes in legends, and no message blaming the filters."""
    monkeypatch.chdir(make_own_project(tmp_path / "own").root)
    assert CliRunner().invoke(pag, ["build", "-q"]).exit_code == 0
    for kind in ("investments", "trade", "audit", "diplomacy"):
        done = CliRunner().invoke(pag, ["view", kind, "-o", str(tmp_path / f"{kind}.html")])
        assert done.exit_code == 0, done.output
        with visit(browser, tmp_path / f"{kind}.html") as seen:
            shown = seen.page.locator("#figure").inner_text()
            assert "There is nothing of this kind here." in shown
            assert "filters" not in shown and "mining-and-oil" not in shown and "0 of 0" not in shown
            assert seen.console == []


def test_trade_page_shows_only_existing_partners_and_tables(browser: Any, tmp_path: Path) -> None:
    """Made-up data: one cell of one table, for one partner."""
    row = {"id": "cell", "table": "table-2", "flow": "exports", "partner": "china", "partner_label": "China"}
    row |= {"category": "fishery", "category_label": "Fishery", "period": "1997", "measure": "share-of-exports"}
    (tmp_path / "trade.html").write_text(
        trade_page([row | {"unit": "percent", "value": Decimal(80), "where": "p. 1"}]), "utf-8"
    )
    assert "<bdi>80\xa0%</bdi>" in (tmp_path / "trade.html").read_text("utf-8").split("<noscript>")[1]
    with visit(browser, tmp_path / "trade.html") as seen:
        assert seen.page.locator("#charts h2").all_inner_texts() == ["Exports by sector"]
        assert seen.page.locator("#charts h3").all_inner_texts() == ["China"]
        assert seen.page.locator(".keyline").all_inner_texts() == ["Fishery"]


@pytest.mark.parametrize("kind", ["ownership", "trade", "sources", "index"])
def test_large_browser_font_enlarges_all_text(browser: Any, pages: Path, kind: str) -> None:
    """Twice the browser's default size, in a window so narrow that the header wraps."""
    with visit(browser, pages / f"{kind}.html", viewport={"width": 1000, "height": 800}) as seen:
        seen.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert seen.page.evaluate("getComputedStyle(document.body).fontSize") == "32px"
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_description_of_one_investment_is_in_the_singular(tmp_path: Path, browser: Any) -> None:
    deal = {"id": "deal", "label": "Deal", "project": "mine", "project_label": "Mine", "investors": "Firm",
            "status": "announced", "where": "p. 1", "amount": Decimal(100)}  # fmt: skip
    (tmp_path / "page.html").write_text(investments_page([deal]), "utf-8")
    with visit(browser, tmp_path / "page.html") as seen:
        text = seen.page.locator("#alt-text").text_content()
        assert re.search(r"By project: one figure, US\$.100.million\.", text), text

"""Reading the pages in a real Chromium: the selection stays in view; exports and prints are complete."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from browser import TEXTS, download, overlaps, visit
from peru_asia_graph.views.page_registry import page_kinds
from peru_asia_graph.views.words import LANGUAGES, file_purposes

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
# The content generated before an element.
BEFORE = "(element) => getComputedStyle(element, '::before').content"
SVG = "{http://www.w3.org/2000/svg}"
# The box of an element in window pixels.
BOX = (
    "(element) => { const { x, y, width, height } = element.getBoundingClientRect(); return { x, y, width, height }; }"
)


def height_of(text: ElementTree.Element) -> float:
    """Return the vertical position of a text in a saved chart, including the offset of its group."""
    moved = re.match(r"translate\(\S+ (\S+)\)", text.get("transform", ""))
    return float(text.get("y", "nan")) + (float(moved[1]) if moved else 0)


@pytest.mark.parametrize("way", ["click", "keyboard", "phone"])
def test_audit_square_links_to_its_row(browser: Any, pages: Path, way: str) -> None:
    options = PHONE if way == "phone" else {}
    with visit(browser, pages / "audit.html", **options) as seen:
        square = seen.page.locator("#all .item").nth(150)
        chosen = square.get_attribute("data-id")
        if way == "keyboard":
            square.focus()
            seen.page.keyboard.press("Enter")
        else:
            square.click()
        row = seen.page.locator(f'.verdict .item[data-id="{chosen}"]')
        assert row.evaluate("(row) => row === document.activeElement")
        box = row.evaluate(BOX)
        floor = seen.page.locator("#panel").evaluate(BOX)["y"] if way == "phone" else 800
        assert box["y"] >= (50 if way == "phone" else 0) and box["y"] + box["height"] <= floor
        assert seen.console == []


@pytest.mark.parametrize("kind", ["investments", "trade"])
def test_phone_shows_the_panel_of_a_selected_figure(browser: Any, pages: Path, kind: str) -> None:
    with visit(browser, pages / f"{kind}.html", **PHONE) as seen:
        item = seen.page.locator("#charts .item").nth(20)
        chosen = item.get_attribute("data-id")
        item.click()
        panel = seen.page.locator("#panel").evaluate(BOX)
        assert 0 < panel["y"] < 844 and abs(panel["y"] + panel["height"] - 844) < 2
        again = seen.page.locator(f'#charts .chart .item[data-id="{chosen}"]').first.evaluate(BOX)
        assert again["y"] >= 40 and again["y"] + again["height"] <= panel["y"]


def test_phone_returns_to_the_previous_row(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "ownership.html", **PHONE) as seen:
        seen.page.locator(".list .go", has_text="Mina Justa").first.click()
        tools = seen.page.locator(".tools").evaluate(BOX)
        assert seen.page.locator(".figure").evaluate(BOX)["y"] >= tools["y"] + tools["height"] - 1
        seen.page.locator("#panel .close").click()
        row = seen.page.locator('.list .go[data-id="mina-justa"]')
        assert row.evaluate("(row) => row === document.activeElement") and 90 < row.evaluate(BOX)["y"] < 800
        assert seen.page.locator(".brand").is_visible()


def test_phone_table_fits_without_broken_words(browser: Any, pages: Path) -> None:
    for kind in ("ownership", "audit"):
        with visit(browser, pages / f"{kind}.html", **PHONE) as seen:
            if kind == "ownership":
                seen.page.locator("#table summary").first.click()
            first = seen.page.locator("#lines tbody td").first.evaluate(BOX)
            assert first["width"] >= 140
            # No cell is off-screen, and each cell but the first names its column.
            boxes = seen.page.locator("#lines tbody td:not(:empty)").evaluate_all(f"(all) => all.map({BOX})")
            assert boxes and all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
            told = seen.page.locator("#lines tbody td:nth-child(2)").first.evaluate(BEFORE)
            assert told == {"ownership": '"Relation: "', "audit": '"Verdict: "'}[kind]
            assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_exported_audit_places_every_claim_separately(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "audit.html") as seen:
        rows = seen.page.locator(".verdict .item").count()
        texts = list(ElementTree.fromstring(download(seen.page, "svg")[1]).iter(f"{SVG}text"))
        places = {round(height_of(text)) for text in texts if text.get("font-size") == "15.5"}
        assert len(places) >= rows == 169
        assert {"Hold 113", "Differ"} <= {text.text for text in texts}


def test_exported_chart_has_headings_legend_and_text_widths(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "trade.html") as seen:
        texts = list(ElementTree.fromstring(download(seen.page, "svg")[1]).iter(f"{SVG}text"))
        assert {"Exports by sector", "Growth of exports", "Fishery", "PG Primary goods"} <= {
            text.text for text in texts
        }
        # Four destinations side by side, as on the page.
        assert len({round(height_of(text)) for text in texts if text.text == "Japan"}) == 3
        assert all(float(text.get("textLength", "0")) > 0 for text in texts)


@pytest.mark.parametrize("kind", page_kinds())
def test_print_is_not_cut_off(browser: Any, pages: Path, kind: str) -> None:
    with visit(browser, pages / f"{kind}.html", viewport={"width": 1280, "height": 800}) as seen:
        seen.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        seen.page.emulate_media(media="print")
        seen.page.set_viewport_size({"width": 720, "height": 1040})
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 720
        boxes = seen.page.locator("#printed, #board svg, .chart svg").evaluate_all(f"drawings => drawings.map({BOX})")
        assert (boxes or kind == "sources") and all(box["x"] + box["width"] <= 721 for box in boxes)
        if kind == "ownership":
            assert seen.page.locator("#printed").evaluate(BOX)["height"] <= 1040 - 12 * 11 + 1


def test_search_falls_back_to_kind_and_sector_and_clears_its_message(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "ownership.html") as seen:
        seen.page.fill("#find", "lote de petroleo")
        assert "Enter opens the first" in seen.page.locator("#found").text_content()
        seen.page.keyboard.press("Enter")
        assert seen.page.locator("#panel h2").text_content().startswith("Block ")
        assert seen.page.locator("#found").text_content() == ""
    with visit(browser, pages / "trade.html") as seen:
        seen.page.fill("#find", "fishery")
        assert seen.page.locator("#found").text_content() == "12 figures; Enter opens the first"


def test_small_network_is_centred_and_shows_products(browser: Any, pages: Path) -> None:
    """Tables 6 and 7: CNPC holds 45 % of Pluspetrol Norte, which holds 60 % of Block 8."""
    with visit(browser, pages / "ownership.html", fragment="#chosen=block-8&only=block-8") as seen:
        drawn = seen.page.evaluate(TEXTS)
        texts = drawn["texts"]
        assert "27\u00a0% = 45\u00a0% × 60\u00a0%" in {text["text"] for text in texts}
        assert overlaps(texts) == [] and not any(text["text"].endswith("…") for text in texts)
        names = [text["y"] for text in texts if "Home" not in text["text"] and text["y"] > 30]
        assert abs(min(names) - (drawn["height"] - max(names))) < 0.2 * drawn["height"]


def test_spanish_tables_translate_missing_amounts(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "investments.html", fragment="#lang=es") as seen:
        cells = seen.page.locator("#lines td").all_text_contents()
        assert cells.count("n. d.") >= 15 and cells.count("por definir") >= 2
        assert not {"n.a.", "to be defined"} & set(cells)


def test_table_omits_unused_columns_and_shows_end_dates(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "diplomacy.html") as seen:
        seen.page.locator("#table summary").first.click()
        assert "Share" not in " ".join(seen.page.locator("#lines th").all_text_contents())
    with visit(browser, pages / "ownership.html") as seen:
        seen.page.locator("#table summary").first.click()
        row = seen.page.locator("#lines tbody tr", has_text="CST Mining").filter(has_text="former").first
        assert row.locator("td").nth(5).text_content() == "until 2012"
        row = seen.page.locator("#lines tbody tr", has_text="Cumbres Andinas").filter(has_text="2012")
        assert row.locator("td").nth(5).text_content() == "from about 2012"


def test_export_totals_do_not_overlap_beside_an_open_panel(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "trade.html", fragment="#chosen=t2-fishery-china-1997") as seen:
        texts = seen.page.locator('.chart[id^="table-2"] text')
        pair = f"(text) => [text.textContent, ({BOX})(text)]"
        boxes = [
            {"text": text, "x": box["x"], "y": box["y"], "w": box["width"], "h": box["height"]}
            for text, box in texts.evaluate_all(f"(texts) => texts.map({pair})")
        ]
        low = [box for box in boxes if re.fullmatch(r"[\d,]+", box["text"])]
        assert len(low) == 24 and overlaps([{**box, "h": box["h"] * 0.6} for box in low]) == []
        assert any(text.startswith("−") for text in seen.page.locator('.chart[id^="table-4"] text').all_text_contents())


def test_index_page_lists_every_data_file_with_its_size(root: Path, browser: Any) -> None:
    names = {path.relative_to(root / "exports").as_posix() for path in (root / "exports").rglob("*") if path.is_file()}
    described = {name for name in names if not name.endswith((".html", "README.md")) and not name.startswith("assets/")}
    assert set(file_purposes()) == described
    # These describe the other files; only the data page lists them.
    data = described - {"manifest.json", "catalogue.ttl", "ro-crate-metadata.json"}
    assert all(file[language] for file in file_purposes().values() for language in LANGUAGES)
    window = {"width": 1920, "height": 1080}
    with visit(browser, root / "exports" / "index.html", ready=None, viewport=window) as seen:
        links = [link.get_attribute("href") for link in seen.page.locator(".files a").all()]
        assert set(links) == data and len(links) == len(data)
        assert all(
            re.fullmatch(r"[\d.]+\u00a0[kM]B", size) for size in seen.page.locator(".files .size").all_text_contents()
        )
        assert seen.page.evaluate("document.documentElement.scrollHeight") <= 1080


@pytest.mark.parametrize(
    ("kind", "fragment"),
    [("ownership", "#country=brazil&sector=oil-and-gas"), ("diplomacy", "#country=cuba&kind=deed")],
)
@pytest.mark.parametrize("window", ["desktop", "phone"])
def test_filters_without_a_match_show_a_message(
    browser: Any, pages: Path, kind: str, fragment: str, window: str
) -> None:
    """Brazil has only Vale at Bayóvar, a mine; for Cuba the paper mentions only diplomatic relations."""
    options = PHONE if window == "phone" else {}
    with visit(browser, pages / f"{kind}.html", fragment=fragment, **options) as seen:
        if kind == "diplomacy":
            assert "Nothing matches the filters." in seen.page.locator("#board").text_content()
        elif window == "phone":
            assert "Nothing matches the filters." in seen.page.locator("#list").text_content()
        else:
            assert [text["text"] for text in seen.page.evaluate(TEXTS)["texts"]] == ["Nothing matches the filters."]
        seen.page.locator("#filters summary").click()
        seen.page.locator("#filter-clear").click()
        named = seen.page.locator("#board .row, #list li").count()
        assert named > 20 or len(seen.page.evaluate(TEXTS)["texts"]) > 20
    assert seen.console == []


def test_filters_without_a_matching_figure_show_a_message(browser: Any, pages: Path) -> None:
    """Table 5 has no Japanese fishery investments."""
    with visit(browser, pages / "investments.html", fragment="#country=japan") as seen:
        seen.page.locator("#filters summary").click()
        seen.page.select_option("#filter-sector", "fishery")
        assert seen.page.locator("#found").text_content() == "Nothing matches the filters."
        seen.page.locator("#filter-clear").click()
        assert seen.page.locator("#found").text_content() == ""

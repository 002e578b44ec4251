"""The diplomacy board in Chromium: it fits, texts do not overlap, selecting highlights without scrolling."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from boards import network
from browser import download, overlaps, visit
from peru_asia_graph.dealings.board import Board, BoardRow, read_board
from peru_asia_graph.exporters.html_pages import make_page
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.views.network_page import network_page

SVG = "{http://www.w3.org/2000/svg}"
PERSONS = ["hu-jintao", "alan-garcia", "ollanta-humala", "alberto-fujimori", "kim-sung-hwan", "milton-von-hesse"]
PAPER = "sanborn-yong"
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}}
ROWS = "(rows) => rows.map((row) => row.dataset.id)"
# The ink box of every text on the board, in window pixels.
TEXTS = """() => [...document.querySelectorAll("#board text")].map((text) => {
  const box = text.getBoundingClientRect(), size = Number(text.getAttribute("font-size"));
  const base = text.ownerSVGElement.getBoundingClientRect().top + Number(text.getAttribute("y"));
  return { text: text.textContent.trim(), size, x: box.x, w: box.width, y: base - size * 0.72, h: size * 0.8 };
})"""
# The horizontal lines of all rows.
LINES = """() => [...document.querySelectorAll("#board .row path")].flatMap((path) => {
  const frame = path.ownerSVGElement.getBoundingClientRect();
  return [...path.getAttribute("d").matchAll(/M([\\d.]+) ([\\d.]+)H([\\d.]+)(?!V)/g)]
    .map(([, from, y, to]) => ({ from: frame.left + +from, to: frame.left + +to, y: frame.top + +y }));
})"""
# x of the first rounded shape of a row or, for a visit, of the first step of its symbol's outline.
SQUARE = """(row) => [...row.querySelectorAll("path")]
  .find((path) => /^M[^H]*h[\\d.]+a/.test(path.getAttribute("d"))).getBoundingClientRect().x"""
TIP = """(row) => {
  const outlines = [...row.querySelectorAll("path")].map((path) => path.getAttribute("d"));
  const sign = outlines.find((d) => /^M[\\d.]+ [\\d.]+(l-?[\\d.]+ [\\d.]+){2}z$/.test(d));
  return Number(sign.match(/l(-?[\\d.]+)/)[1]);
}"""
LIT = """(items) => items.filter((item) => !item.classList.contains("faded")).map((item) => item.dataset.id)"""


@pytest.fixture(scope="module")
def rule(kg: KnowledgeGraph) -> Board:
    """The paper's board as computed in Python."""
    return read_board(kg.network("diplomacy"))


def everybody(row: BoardRow) -> set[str]:
    """Return everybody on either side of a row."""
    return {"peru", *row.partners, *row.home, *row.across}


@pytest.fixture
def opened(browser: Any, pages: Path) -> Iterator[Any]:
    """The paper's page at 1440 × 900."""
    with visit(browser, pages / "diplomacy.html", **DESKTOP) as seen:
        yield seen.page
        assert (seen.console, seen.requests) == ([], [])


def test_board_fits_the_window(opened: Any) -> None:
    box = opened.locator("#board").bounding_box()
    assert box["y"] + box["height"] <= 900 and box["width"] <= 1440


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_texts_do_not_overlap_and_are_legible(browser: Any, pages: Path, language: str, width: int) -> None:
    window = {"viewport": {"width": width, "height": 900}}
    with visit(browser, pages / "diplomacy.html", fragment=f"#lang={language}", **window) as seen:
        texts = seen.page.evaluate(TEXTS)
        assert overlaps(texts) == [] and min(text["size"] for text in texts) >= 11
        assert all(text["x"] >= 0 and text["x"] + text["w"] <= width for text in texts)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        if width == 1024:  # beside the panel the board gets two thirds of that
            seen.page.locator('#board .bar[data-id="south-korea"]').click()
            seen.page.locator("#panel h2").wait_for()
            seen.page.wait_for_timeout(200)
            assert overlaps(seen.page.evaluate(TEXTS)) == []


def test_no_line_crosses_a_text(opened: Any) -> None:
    texts, lines = opened.evaluate(TEXTS), opened.evaluate(LINES)
    crossed = [
        text["text"]
        for text in texts
        for line in lines
        if line["from"] < text["x"] + text["w"] - 1
        and line["to"] > text["x"] + 1
        and text["y"] < line["y"] < text["y"] + text["h"]
    ]
    chips = {name.strip() for name in opened.locator("#board :is(.chip, .bar, .plain) text").all_text_contents()}
    assert len(lines) > 60 and set(crossed) <= chips, "chips and bars lie on the lines, with a ground of their own"


def test_drawn_rows_match_the_python_board(opened: Any, rule: Board) -> None:
    assert set(opened.locator("#board .row").evaluate_all(ROWS)) == {row.id for row in rule.rows}
    assert opened.locator("#board .row").count() == len(rule.rows)
    bars = {bar.get_attribute("data-id"): bar.text_content() for bar in opened.locator("#board .bar").all()[:4]}
    for partner in ("china", "japan", "south-korea"):
        count = sum(row.partners == (partner,) for row in rule.rows)
        assert f"{count} dealings" in bars[partner]
    assert f"{len(rule.rows)} dealings" in bars["peru"]


def test_excluded_things_are_listed_below(opened: Any, rule: Board) -> None:
    opened.locator("#aside summary").click()
    names = opened.locator("#aside .go").all_text_contents()
    assert len(names) == len(rule.aside) and "NAFTA" in names
    opened.locator("#aside .go", has_text="NAFTA").click()
    assert opened.locator("#panel h2").text_content() == "NAFTA"


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (390, 844)])
def test_selected_person_highlights_all_participants_without_scrolling(
    browser: Any, pages: Path, rule: Board, size: tuple[int, int]
) -> None:
    window = {"viewport": {"width": size[0], "height": size[1]}}
    with visit(browser, pages / "diplomacy.html", **window) as seen:
        for person in PERSONS:
            lit = [row for row in rule.rows if person in (*row.home, *row.across)]
            before = seen.page.evaluate("scrollY")
            seen.page.evaluate(f"location.hash = '#chosen={person}'")
            seen.page.wait_for_selector("#panel h2")
            assert seen.page.evaluate("scrollY") == before
            shown = seen.page.locator("#board .item")
            assert set(seen.page.locator("#board .row").evaluate_all(LIT)) == {row.id for row in lit}
            wanted = {"peru"}.union(*(everybody(row) for row in lit))
            found = set(shown.evaluate_all(LIT))
            heads = {"peru"} | {name for row in lit if len(row.partners) == 1 for name in row.partners}
            assert (wanted if size[0] > 700 else heads) <= found


def test_clicking_a_chip_does_not_scroll(opened: Any) -> None:
    opened.locator('#board .chip[data-id="hu-jintao"]').click()
    assert opened.locator("#panel h2").text_content() == "Hu Jintao"
    assert opened.evaluate("scrollY") == 0
    assert opened.locator("#find").is_visible() and opened.locator("#board .bar.lit").count() >= 2


def test_visit_symbols_point_to_the_host(opened: Any) -> None:
    """Page 7: García went to China, Hu to Peru, which is on the left; page 10: Humala went to Seoul."""
    turned = {
        name: opened.locator(f'#board .row[data-id="{name}"]').evaluate(TIP) > 0
        for name in ("alan-garcia-visit-to-china-2008", "hu-jintao-visit-to-peru-2008", "humala-visit-to-seoul-2012")
    }
    assert list(turned.values()) == [True, False, True]


def test_symbols_are_positioned_by_date(opened: Any) -> None:
    """Page 7: a partnership in 2008, the agreement in 2009, forty years in 2011; the treaty dates from 1874."""
    dated = ("peru-china-treaty-1874", "peru-china-strategic-partnership", "peru-china-fta", "peru-china-accords-2013")
    places = [opened.locator(f'#board .row[data-id="{name}"]').evaluate(SQUARE) for name in dated]
    assert places == sorted(places) and len(set(places)) == 4
    undated = opened.locator('#board .row[data-id="peru-korea-comprehensive-strategic-partnership"]')
    assert undated.evaluate(SQUARE) > max(places)
    assert "2009 Peru–China" in opened.locator('#board .row[data-id="peru-china-fta"]').text_content()


def test_migration_can_be_hidden(opened: Any, rule: Board) -> None:
    opened.locator("#people").click()
    assert set(opened.locator("#board .row").evaluate_all(ROWS)) == {row.id for row in rule.rows if not row.people}
    assert "people=0" in opened.url
    opened.locator("#people").click()
    assert opened.locator("#board .row").count() == len(rule.rows)


def test_isolated_network_keeps_all_participants(opened: Any) -> None:
    """Page 10: Humala visited Seoul: Peru's representative and the host, South Korea."""
    opened.locator('#board .chip[data-id="ollanta-humala"]').click()
    opened.locator("#only").click()
    shown = set(opened.locator("#board .item").evaluate_all(ROWS))
    assert {"peru", "south-korea", "ollanta-humala", "humala-visit-to-seoul-2012"} == shown
    assert overlaps(opened.evaluate(TEXTS)) == [] and opened.locator("#panel").bounding_box()["height"] > 300


def test_office_shows_when_it_was_held(browser: Any, pages: Path) -> None:
    """The paper (p. 7) calls Hu Jintao the president at the time, in 2008."""
    with visit(browser, pages / "diplomacy.html", fragment="#chosen=hu-jintao", **DESKTOP) as seen:
        assert "President; former; as of 2008" in seen.page.locator("#panel").inner_text()


def test_phone_shows_only_the_rows_of_the_selection_above_the_panel(browser: Any, pages: Path) -> None:
    """Kim Sung-Hwan: a visit, a promise and a partnership (page 10)."""
    with visit(browser, pages / "diplomacy.html", fragment="#chosen=kim-sung-hwan", **PHONE) as seen:
        seen.page.locator("#only").click()
        rows = seen.page.locator("#board .row")
        assert rows.count() == 3
        seen.page.evaluate("scrollTo(0, document.body.scrollHeight)")
        last, panel = rows.last.bounding_box(), seen.page.locator("#panel").bounding_box()
        assert last["y"] + last["height"] <= panel["y"]


@pytest.mark.parametrize("window", [DESKTOP, PHONE])
def test_year_distinguishes_true_unknown_and_false(
    browser: Any, pages: Path, rule: Board, window: dict[str, Any]
) -> None:
    """2008: two visits, the partnership, and the immigration wave of the 21st century (pages 6 and 7)."""
    then = {
        "alan-garcia-visit-to-china-2008", "hu-jintao-visit-to-peru-2008", "peru-china-strategic-partnership",
        "chinese-immigration-wave-21c",
    }  # fmt: skip
    undated = {row.id for row in rule.rows if not row.date and not row.until}
    open_since = {"japanese-immigration-waves", "peru-japan-tensions", "peru-us-distrust"}
    with visit(browser, pages / "diplomacy.html", fragment="#year=2008", **window) as seen:
        rows = seen.page.locator("#board .row")
        classes = rows.evaluate_all("(rows) => rows.map((row) => [row.dataset.id, row.getAttribute('class')])")
        unknown = {name for name, kinds in classes if "unknown" in kinds}
        gone = {name for name, kinds in classes if "not-then" in kinds}
        assert {name for name, _ in classes} - unknown - gone == then
        if window is PHONE:  # all four are dealings with China, the first group in a list several windows long
            assert {name for name, _ in classes[:4]} == then
        assert undated <= unknown <= undated | open_since
        told = [text.strip() for text in seen.page.locator("#held, #board svg > text").all_text_contents()]
        counts = [f"2008:{gap}4 then{between}{len(unknown)} not known{between}{len(gone)} not then"
                  for gap, between in (("", ""), (" ", ", "))]  # fmt: skip
        assert set(counts) & set(told)
        opacity = [
            float(rows.locator(f"xpath=self::*[@data-id='{name}']").evaluate("(row) => getComputedStyle(row).opacity"))
            for name in ("peru-china-strategic-partnership", "kim-visit-to-lima", "peru-korea-fta")
        ]
        assert opacity[0] - opacity[1] > 0.3 and opacity[1] - opacity[2] > 0.3


def test_state_figures_are_labelled_with_their_source(browser: Any, tmp_path: Path, sources: KnowledgeGraph) -> None:
    """Table 2: exports to China 490.6 million in 1997, 6,961.4 in 2011. UN votes: 32 of 48 roll calls alike in 1971."""
    page = tmp_path / "diplomacy.html"
    sources.view("diplomacy").save(page)
    with visit(browser, page, fragment="#chosen=china", **DESKTOP) as seen:
        texts = {text.strip() for text in seen.page.locator("#board svg > text").all_text_contents()}
        # The board's years end in 2013, when 49 of 61 were alike (80.33 %); the panel has the complete line.
        assert {"1997: 491", "2011: 6,961", "1971: 67\u00a0%", "2013: 80\u00a0%"} <= texts
        named = {text for text in texts if "·" in text}
        assert {text.rsplit("·", 1)[1].strip() for text in named} == {"Sanborn & Yong", "UN votes"}
        panel = seen.page.locator("#panel").inner_text()
        assert "1997: 491 … 2011: 6,961" in panel and "Table 2, row Total Peru exports" in panel
        assert "roll calls 1193 to 1288, those of 1971" in panel and ", those of 2020" in panel
        assert overlaps(seen.page.evaluate(TEXTS)) == []
        seen.page.keyboard.press("Escape")
        assert seen.page.locator("#board svg > text", has_text="UN votes").count() == 0
    assert (seen.console, seen.requests) == ([], [])


@pytest.mark.slow
def test_several_sources_share_a_row_with_separate_dates(browser: Any, tmp_path: Path, sources: KnowledgeGraph) -> None:
    """The paper has 2009, HUGGO 28 April 2009; the 2011 agreement with Japan is only in DESTA."""
    page = tmp_path / "diplomacy.html"
    sources.view("diplomacy").save(page)
    with visit(browser, page, fragment="#chosen=peru-china-fta", **DESKTOP) as seen:
        board = seen.page.locator("#board")
        assert board.locator('.row[data-id="peru-china-fta"]').count() == 1
        said = seen.page.locator("#panel .fact").all_text_contents()
        assert "Sanborn & Yong: 2009" in said and any("HUGGO: signed Apr 28, 2009" in text for text in said)
        assert board.locator('.row[data-id="desta-829-japan-peru"]').count() == 1
        box = board.bounding_box()
        assert box["y"] + box["height"] <= 900
        first = board.locator(".row").count()
        seen.page.keyboard.press("Escape")
        assert (
            board.bounding_box()["y"] == box["y"] and board.bounding_box()["y"] + board.bounding_box()["height"] <= 900
        )
        seen.page.locator("#whole").click()
        assert board.locator(".row").count() > first and overlaps(seen.page.evaluate(TEXTS)) == []
        last, box = board.locator(".row").last.bounding_box(), board.bounding_box()
        assert box["y"] + box["height"] - last["y"] - last["height"] < 40  # one bar stands for many other partners


@pytest.mark.parametrize("state", ["japan", "china", "peru"])
def test_selecting_a_state_does_not_change_counts(
    browser: Any, tmp_path: Path, sources: KnowledgeGraph, state: str
) -> None:
    """The panel's count is higher than the bar's; the panel says by how much and why."""
    page = tmp_path / "diplomacy.html"
    sources.view("diplomacy").save(page)
    with visit(browser, page, **DESKTOP) as seen:
        bars = "(bars) => bars.map((bar) => bar.getAttribute('aria-label'))"
        more, counts = seen.page.locator("#whole").inner_text(), seen.page.locator("#board .bar").evaluate_all(bars)
        seen.page.locator(f'#board .bar[data-id="{state}"]').first.click()
        assert seen.page.locator("#whole").inner_text() == more
        assert [name.split(":")[-1] for name in seen.page.locator("#board .bar").evaluate_all(bars)] == [
            name.split(":")[-1] for name in counts]  # fmt: skip
        box = seen.page.locator("#board").bounding_box()
        assert box["y"] + box["height"] <= 900
        assert overlaps(seen.page.evaluate(TEXTS)) == []
        told = seen.page.locator("#panel h3 + p.small").first.inner_text()
        on_bar = re.search(r"(\d+) dealings", seen.page.locator(f'#board .bar[data-id="{state}"]').first.inner_html())
        assert on_bar and (f"{on_bar[1]} with " in told or (state == "peru" and more.split()[0] in told.split()))


def test_source_filter_equals_the_single_source_board(
    browser: Any, pages: Path, tmp_path: Path, sources: KnowledgeGraph
) -> None:
    page = tmp_path / "diplomacy.html"
    sources.view("diplomacy").save(page)
    with visit(browser, page, fragment=f"#source={PAPER}", **DESKTOP) as seen:
        shown = {text.strip() for text in seen.page.locator("#board text").all_text_contents()}
        assert not seen.page.locator("#whole").is_visible()
    with visit(browser, pages / "diplomacy.html", **DESKTOP) as seen:
        assert {text.strip() for text in seen.page.locator("#board text").all_text_contents()} == shown


def test_everything_is_reachable_by_keyboard(opened: Any, rule: Board) -> None:
    opened.locator('#board .item[tabindex="0"]').focus()
    met = set()
    for _ in range(opened.locator("#board .item[role]").count()):
        met.add(opened.evaluate("document.activeElement.dataset.id"))
        opened.keyboard.press("ArrowDown")
    assert {row.id for row in rule.rows} | set(PERSONS) | {"peru", "china", "japan", "south-korea"} <= met
    opened.keyboard.press("Enter")
    assert opened.locator("#panel h2").is_visible()
    opened.keyboard.press("Escape")
    assert not opened.locator("#panel").is_visible()


def test_board_of_another_state_with_many_partners(browser: Any, tmp_path: Path) -> None:
    """Twelve partners with two dealings each: eight have a bar, the others share one; the busiest is the home state."""
    states = {f"state-{number:02}": ("State", "") for number in range(12)}
    parts = [
        (state, f"deal-{turn}-{partner}", "party")
        for partner in states
        for turn in range(2)
        for state in ("chile", partner)
    ]
    deals = {deal: ("Event", "meeting") for _, deal, _ in parts}
    graph = network({"chile": ("State", ""), **states, **deals}, parts)
    page = tmp_path / "page.html"
    page.write_text(network_page(graph, "diplomacy", title="Dealings"), encoding="utf-8")
    with visit(browser, page, **DESKTOP) as seen:
        assert seen.page.locator("#board .row").count() == 24
        bars = seen.page.locator("#board .bar").evaluate_all(ROWS)
        assert bars.count("chile") == 1 and len([bar for bar in bars if bar != "chile"]) == 8 + 4
        assert overlaps(seen.page.evaluate(TEXTS)) == []
        box = seen.page.locator("#board").bounding_box()
        assert box["y"] + box["height"] <= 900
    assert seen.console == []


def test_downloads_include_the_board_and_its_legend(opened: Any) -> None:
    files = {form: download(opened, form)[1] for form in ("svg", "png", "csv")}
    texts = {(text.text or "").strip() for text in ElementTree.fromstring(files["svg"]).iter(f"{SVG}text")}
    shown = {text.strip() for text in opened.locator("#board text").all_text_contents()}
    legend = opened.evaluate("[...document.querySelectorAll('#legend span')].map((entry) => entry.lastChild.data)")
    assert shown <= texts and len(legend) == 7 and set(legend) <= texts
    assert files["png"][:8] == b"\x89PNG\r\n\x1a\n" and b"Hu Jintao" in files["csv"]


def test_reloading_draws_the_same_board(browser: Any, pages: Path) -> None:
    found = set()
    for _ in range(2):
        with visit(browser, pages / "diplomacy.html", **DESKTOP) as seen:
            found.add(seen.page.locator("#board").inner_html())
    assert len(found) == 1


def test_search_highlights_matches_and_enter_opens_the_first(opened: Any) -> None:
    opened.fill("#find", "China sends its first")
    assert opened.locator("#board .row:not(.faded)").evaluate_all(ROWS) == ["first-chinese-diplomat-1884"]
    opened.keyboard.press("Enter")
    assert opened.locator("#panel h2").text_content() == "China sends its first diplomat to Peru"


def test_empty_network_shows_a_message(browser: Any, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(network_page(network({}, []), "diplomacy", title="Nothing"), encoding="utf-8")
    with visit(browser, page, fragment="#year=2008") as seen:
        note, counts = (seen.page.locator(one).bounding_box() for one in ("#board .note", "#held"))
        assert "There is nothing" in seen.page.locator("#board").text_content()
        padding = seen.page.locator("#board .note").evaluate("(note) => parseFloat(getComputedStyle(note).paddingTop)")
        assert note["y"] + padding >= counts["y"] + counts["height"]
    assert seen.console == []


def test_bar_labels_fit_inside_the_bar(browser: Any, tmp_path: Path, sources: KnowledgeGraph) -> None:
    """In this source some partners have only two or three agreements with Peru, so their bars are low."""
    page = tmp_path / "diplomacy.html"
    sources.view("diplomacy", source="trade-agreements-desta").save(page)
    with visit(browser, page, viewport={"width": 1280, "height": 800}) as seen:
        bars = seen.page.locator("#board :is(.bar, .plain)")
        beyond = bars.evaluate_all("""(bars) => bars.flatMap((bar) => {
          const own = bar.querySelector("path").getBBox();
          return [...bar.querySelectorAll("text")].filter((text) => {
            const base = Number(text.getAttribute("y")), size = Number(text.getAttribute("font-size"));
            return base > own.y + own.height - 2 || base - 0.7 * size < own.y + 1;
          }).map((text) => text.textContent);
        })""")
        assert beyond == []
        assert "2 dealings" in seen.page.locator('#board .bar[data-id="mexico"]').text_content()


def test_print_includes_the_board(browser: Any, pages: Path) -> None:
    """Even if no beforeprint event is fired."""
    with visit(browser, pages / "diplomacy.html", **DESKTOP) as seen:
        seen.page.emulate_media(media="print")
        assert seen.page.locator("#board text").first.is_visible()
        seen.page.set_viewport_size({"width": 1040, "height": 720})
        # It is redrawn for the paper width.
        seen.page.wait_for_function(
            """() => { const box = document.querySelector("#board svg")?.getBoundingClientRect();
              return box && box.width > 500 && box.width <= 1040 && box.height <= 720; }"""
        )


@pytest.mark.parametrize("typed", ["tlc", "fta", "libre comercio"])
def test_page_search_knows_synonyms(opened: Any, typed: str) -> None:
    opened.fill("#find", typed)
    assert "Peru–Korea Free Trade Agreement" in opened.inner_text("#hints")


def test_page_search_knows_years(opened: Any) -> None:
    opened.fill("#find", "2008")
    assert {"Hu Jintao visits Peru", "Alan García visits China"} <= set(opened.inner_text("#hints").split("\n"))


def test_agreement_panel_starts_with_dates_by_source(browser: Any, sources: KnowledgeGraph, tmp_path: Path) -> None:
    page = tmp_path / "diplomacy.html"
    page.write_text(make_page(sources.store, "diplomacy", Path(__file__).parents[1] / "ontology"), "utf-8")
    with visit(browser, page, fragment="#chosen=peru-china-fta", **DESKTOP) as seen:
        seen.page.wait_for_selector("#panel .said-dates")
        assert seen.page.locator("#panel h3").first.inner_text() == "What the sources say"
        told = [
            " ".join(text.split("[")[0].split()) for text in seen.page.locator("#panel .said-dates").all_inner_texts()
        ]
    # agreements.csv of each source: DESTA has 2009 and 2010; GPTAD and HUGGO have full dates.
    days = "signed Apr 28, 2009; in force Mar 1, 2010"
    assert told == ["DESTA: signed 2009; in force 2010", f"GPTAD: {days}", f"HUGGO: {days}"]

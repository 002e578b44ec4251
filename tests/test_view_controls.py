"""Every control of the pages, operated as a user would, in a real Chromium."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from browser import download, visit
from page_data import data_of
from peru_asia_graph.graph import KnowledgeGraph
from two_sources import build_in, source, write_source

HEADING = "#panel h2"
SHOWN = "pagView.parts.filter((part) => part.text !== undefined && (part.alpha ?? 1) > 0.5).map((part) => part.text)"


@pytest.mark.slow
def test_search_finds_names_and_aliases(browser: Any, pages: Path) -> None:
    names = {
        "zijin": "Zijing Mining Group",
        "Zijing": "Zijing Mining Group",
        "PLUSPETROL norte": "Pluspetrol Norte S.A.",
        "compania minera": "Compañia Minera Santa Luisa S.A.",
        "cnpc": "China National Petroleum Corporation",
        "block 8": "Block 8",
        "Z-2B": "Block Z-2B",
    }
    with visit(browser, pages / "ownership.html") as seen:
        for typed, name in names.items():
            seen.page.fill("#find", typed)
            assert re.search(r"\bEnter opens", seen.page.locator("#found").text_content())
            seen.page.keyboard.press("Enter")
            assert seen.page.locator(HEADING).text_content() == name
            seen.page.fill("#find", "nobody at all")
            assert seen.page.locator("#found").text_content() == "No matching name"


def slide(page: Any, year: int) -> None:
    """Move the year slider like a user."""
    page.locator("#year").focus()
    page.locator("#year").fill(str(year))


def test_year_changes_the_holders_of_mina_justa(browser: Any, pages: Path) -> None:
    """Table 7: CST held it until 2012, then sold it to CumbresAndinas."""
    with visit(browser, pages / "ownership.html", fragment="#chosen=mina-justa") as seen:

        def holders() -> dict[str, str]:
            rows = seen.page.locator("#panel ul").first.locator("li")
            pair = "row => [row.querySelector('.go').textContent, row.querySelector('.small').textContent]"
            return dict(rows.evaluate_all(f"rows => rows.map({pair})"))

        slide(seen.page, 2011)
        assert "not true in 2011" in holders()["Cumbres Andinas"]
        assert "not known for 2011" in holders()["CST Mining Group Limited"]
        assert "CST Mining Group Limited" in " ".join(seen.page.evaluate(SHOWN))
        slide(seen.page, 2013)
        assert "true in 2013" in holders()["Cumbres Andinas"]
        assert "not true in 2013" in holders()["CST Mining Group Limited"]
        assert "not known for 2013" in holders()["Korea Resources"]
        assert "CST Mining Group Limited" not in " ".join(seen.page.evaluate(SHOWN))
        assert "year=2013" in seen.page.url
        seen.page.locator("#any-year").click()
        assert "year" not in seen.page.url


def test_filters_can_be_combined_and_cleared(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "ownership.html") as seen:
        seen.page.locator("#filters summary").click()
        seen.page.select_option("#filter-country", "japan")
        names = seen.page.evaluate("pagView.nodes.map((node) => node.id)")
        assert "mitsui-and-co" in names and "bayovar" in names and "knoc" not in names
        seen.page.fill("#filter-min", "20")
        names = seen.page.evaluate("pagView.nodes.map((node) => node.id)")
        assert set(names) == {"mitsui-and-co", "bayovar"}
        assert seen.page.locator("#filtered").text_content() == "2"
        seen.page.locator("#filter-clear").click()
        assert len(seen.page.evaluate("pagView.nodes")) > 40


def test_each_filter(browser: Any, pages: Path) -> None:
    cases = [
        ("type", "HydrocarbonBlock", "block-8", "antamina"),
        ("sector", "mining", "antamina", "block-8"),
        ("phase", "production", "block-1ab", "antamina"),
        ("certainty", "former", "cst-mining-group", "daewoo"),
    ]
    with visit(browser, pages / "ownership.html", fragment="#country=japan") as seen:
        for name, value, inside, outside in cases:
            seen.page.evaluate("(hash) => { location.hash = hash; }", f"{name}={value}")
            seen.page.wait_for_function("(id) => pagView.nodes.some((node) => node.id === id)", arg=inside)
            assert outside not in seen.page.evaluate("pagView.nodes.map((node) => node.id)")


def test_selection_highlights_the_chain_and_can_be_isolated(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "ownership.html", fragment="#chosen=block-8&source=sanborn-yong") as seen:
        lit = set(seen.page.evaluate(SHOWN))
        assert {"China", "South Korea", "Daewoo", "SK Energy", "Pluspetrol Norte S.A.", "Block 8"} <= lit
        assert not {"Antamina", "El Galeno", "Japan"} & lit
        seen.page.locator("#only").click()
        assert set(seen.page.evaluate("pagView.nodes.map((node) => node.id)")) == {
            "block-8", "cnpc", "pluspetrol-norte", "pluspetrol-resources", "knoc", "daewoo", "sk-energy", "china",
            "south-korea",
        }  # fmt: skip
        seen.page.locator("#only").click()
        assert len(seen.page.evaluate("pagView.nodes")) > 40


def test_effective_shares_are_shown_next_to_the_owners(browser: Any, pages: Path) -> None:
    """By hand: CNPC has 45 % of Pluspetrol Norte, that 60 % of Block 8; 0.45 × 0.6 = 0.27. Table 7 also has 27 %."""
    with visit(browser, pages / "ownership.html", fragment="#chosen=block-8") as seen:
        sums = {"27\u00a0% = 45\u00a0% × 60\u00a0%", "33\u00a0% = 55\u00a0% × 60\u00a0%"}
        drawn = set(seen.page.evaluate(SHOWN))
        # The diagram omits the product if there is no room for it; the panel has it.
        assert all(text in drawn or text.partition(" = ")[0] in drawn for text in sums)
        assert all(text in seen.page.locator("#panel").text_content() for text in sums)
        seen.page.locator("#panel .go", has_text="China National").first.click()
        assert "27\u00a0% = 45\u00a0% × 60\u00a0%" in seen.page.evaluate(SHOWN)


@pytest.mark.slow
def test_url_restores_the_view(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "ownership.html") as seen:
        seen.page.fill("#find", "antamina")
        seen.page.keyboard.press("Enter")
        slide(seen.page, 2012)
        seen.page.locator("#language").click()
        seen.page.locator("#theme").click()
        address, parts = seen.page.url, seen.page.evaluate("JSON.stringify(pagView.parts)")
    fragment = address[address.index("#") :]
    with visit(browser, pages / "ownership.html", fragment=fragment) as seen:
        assert seen.page.evaluate("JSON.stringify(pagView.parts)") == parts
        assert seen.page.locator("html").get_attribute("lang") == "es"
        assert seen.page.locator("html").get_attribute("data-theme") == "dark"
    with visit(browser, pages / "ownership.html", fragment="#chosen=nobody&year=%E0%A4%A&lang=xx&theme=9") as seen:
        assert not seen.page.locator("#panel").is_visible() and seen.console == []


# Go to another URL of the page; the page's own listener, registered earlier, runs first.
GO = """(hash) => new Promise((done) => {
  addEventListener("hashchange", done, { once: true });
  location.hash = hash;
})"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "fragment", "opened"),
    [
        ("ownership.html", "#country=atlantis&verdict=holds&min=many&only=nobody&year=2999", "#"),
        ("ownership.html", "#country=japan&min=20&phase=constructor", "#country=japan&min=20"),
        ("diplomacy.html", "#kind=agreement&sector=mining", "#kind=agreement"),
        ("map.html", "#type=HydrocarbonBlock&country=__proto__&chosen=nobody", "#type=HydrocarbonBlock"),
        ("trade.html", "#table=table-99&country=china&open=nothing", "#country=china"),
        ("sources.html", "#open=within&kind=nothing", "#open=within"),
    ],
)
def test_invalid_url_parameters_are_dropped(
    browser: Any, pages: Path, address: str, fragment: str, opened: str
) -> None:
    """A link may be outdated or from another page; values that cannot be selected must not hide everything."""
    shown = "[location.hash, document.getElementById('filtered').textContent]"
    with visit(browser, pages / address, fragment=fragment) as seen:
        filters = len([name for name in ("country=", "min=", "kind=", "type=") if name in opened])
        assert seen.page.evaluate(shown) == [opened if opened != "#" else "", str(filters or "")]
        seen.page.evaluate(GO, f"{fragment}&date=1066")
        assert seen.page.evaluate(shown)[1] == str(filters or "")
        assert not seen.console


@pytest.mark.slow
def test_table_sorts_and_links_to_the_diagram(browser: Any, pages: Path) -> None:
    """The largest share stated in the paper is 81.9 % of Quellaveco."""
    with visit(browser, pages / "ownership.html", fragment="#source=sanborn-yong") as seen:
        seen.page.locator("#table summary").first.click()
        heads = seen.page.locator("#lines th")
        heads.nth(3).locator("button").click()
        heads.nth(3).locator("button").click()
        assert heads.nth(3).get_attribute("aria-sort") == "descending"
        assert seen.page.locator("#lines tbody tr").first.locator("td").nth(3).text_content() == "81.9\u00a0%"
        seen.page.locator("#lines tbody tr").first.locator(".go").last.click()
        assert seen.page.locator(HEADING).text_content() == "Quellaveco"
        cells = seen.page.locator("#lines tbody tr", has_text="Bayovar").first.locator("td").all_text_contents()
        assert any("Table 5, row Bayovar" in cell for cell in cells)


def test_panel_cites_each_fact_and_its_underlying_source(browser: Any, pages: Path) -> None:
    """Table 5, note 1: Reuters, March 31, 2010, on the stake sold by Vale."""
    with visit(browser, pages / "ownership.html", fragment="#chosen=bayovar") as seen:
        panel = seen.page.locator("#panel").text_content()
        assert "25\u00a0%" in panel and "Table 5, row Bayovar (p. 23)" in panel and "Reuters" in panel
        assert "US$ 275 million" in panel


@pytest.mark.slow
def test_all_download_formats(browser: Any, pages: Path) -> None:
    kind, name = "ownership", "Pluspetrol Norte S.A."
    with visit(browser, pages / f"{kind}.html") as seen:
        saved = {form: download(seen.page, form) for form in ("svg", "png", "csv")}
        assert all(name == f"{kind}.{form}" for form, (name, _) in saved.items())
        files = {form: data for form, (_, data) in saved.items()}
        visible = set(seen.page.evaluate("pagView.parts.filter((part) => part.text !== undefined).map((p) => p.text)"))
        texts = {item.text for item in ElementTree.fromstring(files["svg"]).iter("{http://www.w3.org/2000/svg}text")}
        assert name in texts and visible <= texts
        # The legend of colours and lines is included.
        legend = seen.page.evaluate(
            "[...document.querySelectorAll('#legend span')].map((entry) => entry.lastChild.data)"
        )
        assert len(legend) > 5 and set(legend) <= texts
        assert files["png"][:8] == b"\x89PNG\r\n\x1a\n" and len(files["png"]) > 40_000
        rows = list(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"))))
        counted = int(seen.page.locator("#table .count").first.text_content())
        assert len({len(row) for row in rows}) == 1 and len(rows) == counted + 1
        assert any(name in row for row in rows)
    assert (seen.console, seen.requests) == ([], [])


@pytest.mark.slow
def test_language_changes_everything_except_names(browser: Any, pages: Path) -> None:
    """No English interface text remains on the page where the Spanish one differs."""
    from peru_asia_graph.views.words import words

    english, spanish = words("en")["ui"], words("es")["ui"]
    for kind in ("ownership", "diplomacy"):
        with visit(browser, pages / f"{kind}.html", fragment="#chosen=china") as seen:
            seen.page.locator("#language").click()
            assert seen.page.locator("#title").text_content() == spanish[f"{kind}.title"]
            shown = set(seen.page.locator("body").inner_text().splitlines())
            left = {text for key, text in english.items() if text in shown and spanish[key] != text and len(text) > 4}
            assert left == set()


@pytest.mark.slow
def test_other_pages_keep_language_and_theme(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "ownership.html", fragment="#chosen=block-8") as seen:
        seen.page.locator("#language").click()
        seen.page.locator("#theme").click()
        seen.page.locator("nav a", has_text="Comercio").click()
        seen.page.wait_for_selector("html[data-ready]", state="attached")
        assert "trade.html" in seen.page.url and "chosen" not in seen.page.url
        assert seen.page.locator("html").get_attribute("lang") == "es"
        assert seen.page.locator("html").get_attribute("data-theme") == "dark"


def test_selection_in_the_table_is_announced_and_scrolled_to(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "ownership.html") as seen:
        seen.page.locator("#table summary").last.click()
        seen.page.locator("#names td .go", has_text="Antamina").click()
        assert seen.page.locator("#announcer").text_content() == "Antamina"
        assert seen.page.evaluate("scrollY") < 200


@pytest.mark.parametrize("address", ["ownership.html#chosen=cnpc", "diplomacy.html#chosen=peru", "trade.html"])
def test_panel_is_no_taller_than_the_diagram(browser: Any, pages: Path, address: str) -> None:
    page, _, fragment = address.partition("#")
    with visit(browser, pages / page, fragment=f"#{fragment or 'chosen=t2-fishery-china-1997'}") as seen:
        panel, figure = (seen.page.locator(place).bounding_box() for place in ("#panel", "#figure"))
        assert panel["height"] <= min(figure["height"], 800) + 1
        assert panel["y"] == pytest.approx(figure["y"], abs=1)


def test_theme_and_zoom(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "ownership.html", color_scheme="light") as seen:
        light = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
        seen.page.locator("#theme").click()
        assert seen.page.evaluate("getComputedStyle(document.body).backgroundColor") != light
        seen.page.locator("#zoom-in").click()
        assert seen.page.evaluate("pagView.network.getScale()") == pytest.approx(1.3)
        seen.page.locator("#zoom-fit").click()
        assert seen.page.evaluate("pagView.network.getScale()") == pytest.approx(1)


@pytest.mark.parametrize("kind", ["ownership", "diplomacy", "trade", "audit"])
def test_print_is_light_and_vector_based(browser: Any, pages: Path, kind: str) -> None:
    with visit(browser, pages / f"{kind}.html", color_scheme="dark") as seen:
        seen.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        seen.page.emulate_media(media="print")
        assert seen.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(251, 250, 247)"
        assert not seen.page.locator(".tools").is_visible()
        if kind == "diplomacy":
            assert seen.page.locator("#board text").first.is_visible()
        elif kind not in ("trade", "audit"):
            assert seen.page.locator("#printed text").first.is_visible()
            assert not seen.page.locator("#canvas").is_visible()
        seen.page.emulate_media(media="screen")
        seen.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert not seen.page.locator("#printed").first.is_visible()
        assert seen.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 27)"
    assert seen.console == []


def test_panels_show_date_ranges(browser: Any, pages: Path) -> None:
    """p. 6: coolies from 1849 to 1874, free immigration until 1909; p. 8: waves after the boatload of 1899."""
    shown = {
        "coolie-migration": "1849–1874",
        "chinese-free-immigration": "until 1909",
        "japanese-immigration-waves": "1899 or later",
    }
    for slug, period in shown.items():
        with visit(browser, pages / "diplomacy.html", fragment=f"#chosen={slug}") as seen:
            texts = seen.page.locator("#panel").inner_text()
            assert texts.count(period) > 1, "in the heading and beside each participant"


@pytest.mark.slow
def test_panels_mark_plans_as_uncertain(browser: Any, pages: Path) -> None:
    """Table 6: Mina Justa is to start operation in 2015; Table 7: El Galeno possibly completed in 2014-2015."""
    for slug, phases in {
        "mina-justa": "environmental impact assessment approved · operation planned from 2015",
        "el-galeno": "completion possible between 2014 and 2015",
    }.items():
        with visit(browser, pages / "ownership.html", fragment=f"#chosen={slug}") as seen:
            assert phases.casefold() in seen.page.locator("#panel").inner_text().casefold()
            dates = seen.page.locator("#panel li .share").all_inner_texts()
            assert re.split("planned |possible ", phases)[-1] in dates
    with visit(browser, pages / "ownership.html", fragment="#phase=operation") as seen:
        assert "Mina Justa" not in seen.page.evaluate(SHOWN)


def test_home_state_has_its_citation(browser: Any, pages: Path) -> None:
    """p. 8: CNPC is among the state-owned Chinese companies."""
    with visit(browser, pages / "ownership.html", fragment="#chosen=cnpc") as seen:
        row = seen.page.locator("#panel h3", has_text="Home state").locator("xpath=following-sibling::ul[1]/li")
        assert "China" in row.inner_text() and "p. 8 ¶1" in row.locator(".cite").get_attribute("title")


def holds_in_script() -> str:
    """Return the page's function that decides whether something held in a year."""
    script = (Path(__file__).parents[1] / "src/peru_asia_graph/views/script/model.js").read_text("utf-8")
    start = script.index("function holdsIn")
    return script[start : script.index("\n}\n", start) + 2]


def test_year_filter_distinguishes_true_false_and_unknown(browser: Any) -> None:
    """The same cases as for `holds_in`, which the page mirrors."""
    cases = [
        ("{}", 2012, "unknown"),
        ("{}", "", "true"),
        ("{start: 2012}", 2011, "false"),
        ("{start: 2012}", 2013, "true"),
        ("{start: 2012}", 2014, "unknown"),
        ("{start: 1990, certainty: 'former'}", 2013, "unknown"),
        ("{certainty: 'former'}", 2013, "unknown"),
        ("{certainty: 'former'}", 2014, "false"),
        ("{end: 2012}", 2012, "true"),
        ("{end: 2012}", 2013, "false"),
        ("{end: 2012}", 2000, "unknown"),
        ("{start: 1990, end: 2000}", 1995, "true"),
        # About 2012, in the 1960s, by 2011, until 1909.
        ("{start: 2012, begun: 2013}", 2012, "unknown"),
        ("{start: 2012, begun: 2013}", 2013, "true"),
        ("{start: 1960, end: 1969, begun: 1969, lasted: 1960}", 1963, "unknown"),
        ("{end: 2011, begun: 2011}", 2012, "false"),
        ("{end: 1909, begun: 1909}", 1908, "unknown"),
        # Known up to the last year of its own source; known at one moment only.
        ("{start: 2012, source: 'later'}", 2014, "true"),
        ("{start: 2012, source: 'later'}", 2026, "unknown"),
        ("{begun: 2025, lasted: 2025, source: 'later'}", 2025, "true"),
        ("{begun: 2025, lasted: 2025, source: 'later'}", 2024, "unknown"),
        ("{begun: 2025, lasted: 2025, source: 'later'}", 2026, "unknown"),
        # Without a source, as in a user's own graph, it holds indefinitely.
        ("{start: 2012, source: 'none'}", 2100, "true"),
    ]
    rule = holds_in_script()
    calls = ", ".join(f"holdsIn({thing}, '{year}')" for thing, year, _ in cases)
    years = "const SOURCE_YEARS = new Map([[undefined, 2013], ['later', 2025]]);"
    page = browser.new_page()
    assert page.evaluate(f"() => {{ {years} {rule} return [{calls}]; }}") == [held for *_, held in cases]
    page.close()


@pytest.mark.slow
def test_page_and_network_agree_for_every_year(browser: Any, sources: KnowledgeGraph) -> None:
    """The script's function and `holds_in`, for every stake of every source."""
    data = data_of(sources.view("ownership").html)
    rule = holds_in_script()
    years = [1989, 2005, *range(2009, 2028)]
    edges = [edge for edge in data["edges"] if edge["relation"] == "stake"]
    last = [[source["name"], source["year"]] for source in data["sources"]]
    page = browser.new_page()
    body = f"{rule} return years.map((year) => edges.map((edge) => holdsIn(edge, year)));"
    found = page.evaluate(
        f"([edges, years, sources]) => {{ const SOURCE_YEARS = new Map(sources); {body} }}", [edges, years, last]
    )
    page.close()
    words = {"true": "true", "not known then": "unknown"}
    for year, row in zip(years, found, strict=True):
        graph = sources.network("ownership", year)
        times = {key: words[facts["time"]] for *_, key, facts in graph.edges(keys=True, data=True)}
        assert row == [times.get(edge["key"], "false") for edge in edges], year


@pytest.mark.slow
def test_three_sources_fit_on_a_phone(browser: Any, tmp_path: Path) -> None:
    """Each has a button with its short name and year, on as many rows as needed."""
    names = {"alpha": "Sanborn & Yong", "beta": "Energy Monitor", "gamma": "Register"}
    for name, short in names.items():
        things = {f"{name}-six": ("HydrocarbonBlock", "Block 6"), f"{name}-co": ("Firm", "Co.")}
        stake = {"id": f"{name}-1", "owner": f"{name}-co", "owned": f"{name}-six", "share_percent": "30"}
        write_source(tmp_path, name, source(name, things, [stake]), date="2021", alternative=short)
    file = tmp_path / "ownership.html"
    build_in(tmp_path)[0].view("ownership").save(file)
    with visit(browser, file, viewport={"width": 390, "height": 844}) as seen:
        shown = seen.page.locator("#one-source button").all_inner_texts()
        assert shown == ["Side by side", *(f"{short} 2021" for short in names.values())]
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

"""The Share menu in a real Chromium: single file, embedding, image, citation, description."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from browser import download, visit
from page_data import DATA, data_of
from peru_asia_graph.exporters.page_about import dataset_citation
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.views.page_registry import page_kinds
from peru_asia_graph.views.shared_files import one_file_script
from peru_asia_graph.views.shell import texts

ROOT = Path(__file__).parents[1]


SVG = "{http://www.w3.org/2000/svg}"


def choose(page: Any, button: str) -> None:
    """Open the menu and click one of its buttons."""
    page.locator("#share summary").click()
    page.locator(f"#{button}").click()


def told(page: Any, button: str) -> dict[str, str]:
    """Return the texts of the dialog a button opens, by name, then close it with Escape."""
    choose(page, button)
    pair = "(areas) => areas.map((area) => [area.getAttribute('aria-label'), area.value])"
    found = dict(page.locator("#share-texts textarea").evaluate_all(pair))
    page.keyboard.press("Escape")
    assert not page.locator("#share-texts").is_visible()
    return found


def test_menus_fit_a_phone_window(browser: Any, pages: Path) -> None:
    """In Spanish the board's Share button is at the left edge, in English at the right."""
    for language in ("en", "es"):
        window = {"width": 390, "height": 844}
        with visit(browser, pages / "diplomacy.html", fragment=f"#lang={language}", viewport=window) as seen:
            for menu in ("share", "filters"):
                seen.page.locator(f"#{menu} summary").click()
                box = seen.page.locator(f"#{menu} .sheet").bounding_box()
                assert box["x"] >= 0 and box["x"] + box["width"] <= 390
                seen.page.locator(f"#{menu} summary").click()


# --- single file -------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("kind", page_kinds())
def test_saved_file_equals_the_single_file_page(browser: Any, whole: Path, sources: KnowledgeGraph, kind: str) -> None:
    """`pag view` and the menu write the same document except for the data, which are those of the page."""
    with visit(browser, whole / f"{kind}.html") as seen:
        saved = download(seen.page, "page")[1].decode()
    linked, single = (whole / f"{kind}.html").read_text("utf-8"), sources.view(kind).html
    assert data_of(saved) == data_of(linked)
    assert DATA.sub("", saved) == DATA.sub("", single)
    assert len(saved.encode()) < 1_200_000
    assert seen.console == [] and "unsafe" not in saved.split("<title>")[0]


@pytest.mark.slow
def test_saved_file_works_offline_and_restores_the_state(browser: Any, whole: Path, tmp_path: Path) -> None:
    with visit(browser, whole / "ownership.html", fragment="#chosen=block-8&year=2012&lang=es&theme=dark") as seen:
        (tmp_path / "sent.html").write_bytes(download(seen.page, "page")[1])
        parts = seen.page.evaluate("JSON.stringify(pagView.parts)")
    assert len(list(tmp_path.iterdir())) == 1
    with visit(browser, tmp_path / "sent.html") as seen:
        assert seen.page.locator("#panel h2").text_content() == "Lote 8"
        assert seen.page.locator("html").get_attribute("data-theme") == "dark" and "year=2012" in seen.page.url
        assert seen.page.evaluate("JSON.stringify(pagView.parts)") == parts
        seen.page.locator("#share summary").click()
        assert not seen.page.locator("#save-page").is_visible() and seen.page.locator("#page-note").is_visible()
    assert (seen.console, seen.requests) == ([], [])


def test_page_sent_alone_says_what_it_rests_on(browser: Any, whole: Path) -> None:
    """Dates and licences as in the metadata of the two sources, version and day as in CITATION.cff."""
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    for language, upto, day, copy in (
        ("en", ("Covers up to May 8, 2013.", "Covers up to Feb 26, 2025."), "Nov 23, 2026", "This file is a copy"),
        ("es", ("Abarca hasta 8 may 2013.", "Abarca hasta 26 feb 2025."), "23 nov 2026", "Este archivo es una copia"),
    ):
        with visit(browser, whole / "ownership.html", fragment=f"#lang={language}") as seen:
            lines = seen.page.locator("#origins li").all_text_contents()
            last = seen.page.locator("#origins p").text_content()
        assert [line.split()[0] for line in lines] == ["Sanborn", "GEM"]
        assert all(date in line and line.endswith("CC BY 4.0") for line, date in zip(lines, upto, strict=True))
        stated = rf" {re.escape(cited['version'])}\+[0-9a-f]{{8}}, {day}\. https://w3id\.org/peru-asia-graph/ "
        assert re.search(stated, last) and copy in last
    assert str(cited["date-released"]) == "2026-11-23"


def test_missing_file_is_reported(browser: Any, whole: Path, tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    for path in (whole / "trade.html", *(whole / "assets").iterdir()):
        if path.name != "one-file.js":
            (tmp_path / path.relative_to(whole)).write_bytes(path.read_bytes())
    with visit(browser, tmp_path / "trade.html") as seen:
        choose(seen.page, "save-page")
        seen.page.locator("#share-texts", has_text="one-file.js").wait_for()


def test_names_cannot_inject_into_a_saved_file() -> None:
    """Names are inserted last; placeholders are found before the document contains any name."""
    script = one_file_script()
    for name in ("base.css", "page.css", "page.js", "vis-network.min.js", "data"):
        assert script.count(f"{{{{{name}}}}}") >= 1
    assert "</script" not in texts()["page.js"] and "<!--" not in texts()["page.js"]


# --- embedding ---------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind for kind in page_kinds() if kind != "sources"])
@pytest.mark.parametrize("width", [390, 700, 1000])
def test_embedded_page_has_no_header_and_keeps_its_sources(browser: Any, whole: Path, kind: str, width: int) -> None:
    size = {"width": width, "height": 640}
    with visit(browser, whole / f"{kind}.html", fragment="?embed=1", viewport=size) as seen:
        for hidden in ("header", ".tools", "footer", "#table", "h1"):
            assert not seen.page.locator(hidden).first.is_visible(), hidden
        line = seen.page.locator(".source-line")
        assert "Sanborn & Yong" in line.inner_text() and "CC BY 4.0" in line.inner_text()
        assert "embed" not in line.locator("a").get_attribute("href")
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert (seen.console, seen.requests) == ([], [])


def test_local_file_has_no_embed_code_and_says_why(browser: Any, whole: Path) -> None:
    with visit(browser, whole / "trade.html") as seen:
        choose(seen.page, "share-embed")
        assert "pag serve" in seen.page.locator("#share-texts").inner_text()
        assert seen.page.locator("#share-texts textarea").count() == 0


# --- image -------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind for kind in page_kinds() if kind != "sources"])
def test_image_is_1920_by_1080(browser: Any, whole: Path, kind: str) -> None:
    with visit(browser, whole / f"{kind}.html", viewport={"width": 1440, "height": 900}) as seen:
        data = download(seen.page, "png")[1]
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")) == (1920, 1080)
    assert len(data) > 30_000


def test_svg_has_a_title_and_a_description(browser: Any, whole: Path) -> None:
    with visit(browser, whole / "ownership.html", fragment="#chosen=block-8") as seen:
        root = ElementTree.fromstring(download(seen.page, "svg")[1])
    assert root.get("role") == "img"
    named = [root.find(f"{SVG}*[@id='{name}']") for name in root.get("aria-labelledby", "").split()]
    assert [part.tag for part in named if part is not None] == [f"{SVG}title", f"{SVG}desc"]
    assert "Block 8" in str(named[1].text if named[1] is not None else "")


@pytest.mark.parametrize(
    ("kind", "year", "counts"),
    # The treaty dates from 1874; Mitsui & Co. bought into Bayovar about 2010 (Table 5).
    [("diplomacy", "2011", "not then"), ("ownership", "2005", "not known then")],
)
def test_svg_of_a_year_explains_its_shades(browser: Any, whole: Path, kind: str, year: str, counts: str) -> None:
    with visit(browser, whole / f"{kind}.html", fragment=f"#year={year}") as seen:
        root = ElementTree.fromstring(download(seen.page, "svg")[1])
        legend = seen.page.locator("#held").locator("b, span").all_text_contents()
    texts = {str(one.text): one for one in root.iter(f"{SVG}text")}
    assert len(legend) == 4 and legend[0] == f"{year}:" and set(legend) <= set(texts)
    assert any(counts in text for text in legend)
    name = "Treaty of Friendship, Trade, and Navigation" if kind == "diplomacy" else "Mitsui & Co. Ltd."
    assert float(texts[name].get("opacity", "1")) < 0.3


# --- description -------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_description_reflects_what_is_shown(browser: Any, whole: Path) -> None:
    """Table 6 gives Pluspetrol Norte 60 % of Block 8; the two sources differ on Daewoo."""
    with visit(browser, whole / "ownership.html", fragment="#chosen=block-8&year=2012") as seen:
        (text,) = told(seen.page, "share-alt").values()
        assert "Selected: Block 8:" in text and "Daewoo 11.6 ≠ 11.7\u00a0%" in text and "Year 2012." in text
        assert "Sanborn & Yong (2013); GEM (2025)" in text
        assert (
            "Corporation 27\u00a0% indirect;" in text and "Norte S.A. 60\u00a0%;" in text
        )  # part of the 60 %, not in addition to it
        seen.page.wait_for_function("(text) => document.querySelector('#alt-text').textContent === text", arg=text)
        canvas = seen.page.locator("#canvas")
        assert (canvas.get_attribute("role"), canvas.get_attribute("aria-labelledby")) == ("img", "alt-text")
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with visit(browser, whole / "trade.html", fragment="#lang=es") as seen:
        assert "Fuentes: Sanborn & Yong (2013)" in next(iter(told(seen.page, "share-alt").values()))


@pytest.mark.slow
def test_chart_description_gives_ranges_and_units(browser: Any, pages: Path) -> None:
    """Table 2: exports to China 0 to 79.9 %, totals US$ 490.6 to 6,961.4 million; Table 5: 21 to 3,300."""
    for kind, said in (
        ("trade", r"China: 24 figures from 0 to 79\.9 .* and 3 figures from 490\.6 to 6,961\.4 "),
        ("investments", r"By project: \d+ figures from 21 to US\$.3,300.million\. "),
    ):
        with visit(browser, pages / f"{kind}.html") as seen:
            (text,) = told(seen.page, "share-alt").values()
            assert re.search(said, text), text


WHEN_READY = """
new MutationObserver((_, watcher) => {
  if (!document.documentElement.dataset.ready) return;
  watcher.disconnect();
  window.named = document.querySelector("#alt-text")?.textContent ?? "";
  window.printed = document.querySelectorAll("#printed path").length;
}).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-ready"] });
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", page_kinds())
def test_page_marked_ready_is_complete(browser: Any, pages: Path, kind: str) -> None:
    """A screen reader finds a name for every image; a program that prints immediately prints the network."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.add_init_script(WHEN_READY)
    page.goto((pages / f"{kind}.html").as_uri())
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.evaluate("window.named").startswith(page.title())
    assert page.evaluate("window.printed") > 15 or page.locator("#canvas").count() == 0
    context.close()


# --- citation ----------------------------------------------------------------------------------------------


def read_bibtex(text: str) -> dict[str, dict[str, str]]:
    """Return the fields of each entry by key; every entry is read up to its closing brace."""
    found = {}
    for entry in re.split(r"\n\n(?=@)", text):
        head = re.fullmatch(r"@misc\{([\w-]+),\n(.*)\n\}", entry, re.DOTALL)
        assert head is not None, entry
        fields = re.findall(r"^  (\w+) = \{(.*)\},?$", head[2], re.MULTILINE)
        assert len(fields) == len(head[2].splitlines()), entry
        for _, value in fields:
            plain = re.sub(r"\\[{}]", "", value)
            assert plain.count("{") == plain.count("}") and not re.search(r"(?<!\\)[&#$]", re.sub("http.*", "", value))
        found[head[1]] = dict(fields)
    return found


@pytest.mark.slow
def test_citation_names_graph_sources_and_date(browser: Any, whole: Path, sources: KnowledgeGraph) -> None:
    before = date.today()
    with visit(browser, whole / "ownership.html") as seen:
        texts = told(seen.page, "share-cite")
    apa, entries = texts["APA"], read_bibtex(texts["BibTeX"])
    page = entries.pop("ownership-page")
    today = date.fromisoformat(page["urldate"])
    assert before <= today <= date.today()
    assert apa.startswith("The Peru–Asia graph maintainers. (2026). Who owns which Peruvian mine and oil block [")
    assert f"Retrieved {today:%B} {today.day}, {today.year}, from https://w3id.org/peru-asia-graph/" in apa
    assert "file:" not in apa + texts["BibTeX"]  # a local path is useless to other people
    cited = {one.name: one.citation for one in sources.sources if one.name in ("sanborn-yong", "gem")}
    assert all(text.rstrip(".") in apa for text in cited.values())
    assert page["year"] == "2026"
    assert page["title"] == "{Who owns which Peruvian mine and oil block}"
    assert set(entries) == set(cited)
    with visit(browser, whole / "ownership.html", fragment="#source=gem&lang=es") as seen:
        texts = told(seen.page, "share-cite")
        assert "Recuperado el" in texts["APA"] and "Sanborn" not in texts["APA"].split("mostradas")[1]
        assert set(read_bibtex(texts["BibTeX"])) == {"ownership-page", "gem"}


def test_graph_citation_matches_the_citation_file(sources: KnowledgeGraph) -> None:
    said = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    found = dataset_citation(sources.store)
    assert found["title"]["en"] == said["title"] and found["version"].partition("+")[0] == str(said["version"])
    assert found["creator"] == said["authors"][0]["name"] and found["issued"] == str(said["date-released"])


# --- link and metadata -------------------------------------------------------------------------------------


def test_link_reopens_the_same_view(browser: Any, whole: Path) -> None:
    with visit(browser, whole / "ownership.html", fragment="?embed=1#chosen=block-8&year=2012") as seen:
        link = seen.page.evaluate("document.querySelector('.source-line a').href")
    assert link.endswith("/ownership.html#chosen=block-8&year=2012")


@pytest.mark.parametrize("kind", page_kinds())
def test_page_has_link_preview_metadata(whole: Path, kind: str) -> None:
    head = (whole / f"{kind}.html").read_text("utf-8").split("</head>")[0]
    for name in ("description", "og:title", "og:description"):
        assert re.search(rf'<meta (?:name|property)="{name}" content="[^"]{{15,}}">', head), name
    assert '<link rel="icon" href="data:image/svg+xml,' in head

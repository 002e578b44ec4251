"""The site as readers see it: shared header, two languages, labels for codes, keyboard search, error pages."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any, Final

import pytest

import servers
from browser import serious_faults
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.card_page import render_card
from peru_asia_graph.site.cards.whole_reader import WholeReader
from peru_asia_graph.site.pages import make_frame
from peru_asia_graph.views.page_registry import page_kinds
from peru_asia_graph.vocabulary import THING

# One URL of each kind.
ADDRESSES: Final = (
    "/", "/search?q=mina", "/search?q=zzzz", "/questions", "/questions/who-owns", "/between", "/query", "/data",
    "/limits", "/page/ontology", "/page/graph/gem", "/page/id/block-8", "/page/id/chinalco", "/page/id/peru",
    "/page/id/hu-jintao", "/page/id/peru-china-fta", "/id/blok-8",
)  # fmt: skip
PAGES: Final = tuple(f"/{kind}" for kind in page_kinds())
# A prefixed name, a term, a file name; and a slug, with a hyphen between word characters.
FORBIDDEN: Final = re.compile(
    r"\b(?:pag|qb|rdf|rdfs|owl|skos|prov|dcterms|void|schema|id):[A-Za-z]\w*|\b[a-z]+[A-Z][a-z]\w*"
    r"|\b[a-z0-9]+(?:-[a-z0-9]+)*--(?!-)[a-z0-9-]+|\b[\w-]+\.(?:csv|ttl|rq|json|html)\b"
)
# Codes that are shown on purpose: record columns, URLs, and registers of identifiers.
PRINTED: Final = re.compile(r"\brecord \S+, .*|https?://\S+|www\.\S+|\bcomtradeapi\S+ \(.*?\)|\bgoodgleif .*")


def fetch(address: str, **headers: str) -> tuple[int, Any, str]:
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    status, found, body = servers.fetch(address, headers=asked)
    return status, found, body.decode()


class VisibleText(HTMLParser):
    """The text of a page that readers see, without what is hidden or collapsed."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a hidden part begins."""
        named = (dict(attrs).get("class") or "").split()
        hides = tag in ("head", "script", "style", "datalist") or "programs" in named
        if tag == self._hidden[0] if self._hidden else hides:
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note where it ends."""
        if self._hidden and tag == self._hidden[0]:
            self._hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.texts.append(data.strip())


def forbidden_in(page: str) -> set[str]:
    """Return the codes in the visible text of a page."""
    parser = VisibleText()
    parser.feed(page)
    return {found for text in parser.texts for found in FORBIDDEN.findall(PRINTED.sub("", text))}


def test_codes_are_detected() -> None:
    assert forbidden_in("<p>a pag:owner of locatedIn <a>table-4.csv</a><p>x--y") == {
        "pag:owner", "locatedIn", "table-4.csv", "x--y",
    }  # fmt: skip
    assert forbidden_in('<section class="programs"><p>pag:owner</p></section><p>Mitsui</p>') == set()


@pytest.mark.slow
@pytest.mark.parametrize("every", [8, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("language", ["en", "es"])
def test_cards_show_labels_instead_of_codes(sources: KnowledgeGraph, language: str, every: int) -> None:
    """Every thing that is not a statement, and one in twelve statements, or one in eight of these."""
    reader, frame = WholeReader(sources.store), make_frame(sources, {"language": language})
    things = reader.things(THING)
    wanted = {local for local in things if "--" not in local} | set(things[::12])
    wrong: dict[str, set[str]] = {}
    for iri in sorted(wanted)[(2 if language == "es" else 0) % every :: every]:
        page = render_card(reader, frame, iri)
        if page is not None and (found := forbidden_in(page)):
            wrong[iri] = found
    assert wrong == {}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es"])
def test_pages_show_labels_instead_of_codes(site: str, language: str) -> None:
    # These pages are about codes and files, so they have to show them.
    paths = [path for path in ADDRESSES if path not in ("/query", "/data", "/limits")]
    wrong = {path: forbidden_in(fetch(site + path, Accept_Language=language, Accept="text/html")[2]) for path in paths}
    assert {path: found for path, found in wrong.items() if found} == {}


@pytest.mark.slow
def test_all_pages_share_one_header(site: str, browser: Any) -> None:
    """The same markup, except for the marked current page, and the same font."""
    page = browser.new_page(locale="en")
    heads, fonts = {}, set()
    for path in (*ADDRESSES, *PAGES):
        page.goto(site + path)
        text = page.locator("header.head").inner_html()
        text = re.sub(r' aria-current="page"| value="[^"]*"| aria-pressed="\w+"| hidden=""', "", text)
        text = re.sub(r'href="\?[^"]*lang=es"', 'href="?lang=es"', text)
        text = re.sub(r' data-t(?:-\w+)?="[^"]*"', "", text)  # for pages that switch language by script
        heads[path] = re.sub(r"\s+", " ", re.sub(r"<form.*?</form>", "", text, flags=re.DOTALL)).strip()
        fonts.add(page.evaluate("getComputedStyle(document.querySelector('header.head nav a')).fontFamily"))
    assert len(set(heads.values())) == 1, heads
    assert fonts == {'"Source Sans 3", sans-serif'}
    page.close()


@pytest.mark.slow
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_axe_finds_nothing_serious_and_nothing_overflows(site: str, browser: Any, size: tuple[int, int]) -> None:
    scheme = "dark" if size[0] < 700 else "light"
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, bypass_csp=True, locale="en"
    )
    page, wrong, console = context.new_page(), [], []
    page.on("console", lambda message: console.append(message.text))
    for path in ADDRESSES:
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        wrong += [(path, *fault) for fault in serious_faults(page)]
    context.close()
    assert wrong == []
    assert [text for text in console if "404" not in text] == []


@pytest.mark.slow
def test_content_security_policy_forbids_inline_code(site: str) -> None:
    for path in (*ADDRESSES, *PAGES):
        policy = fetch(site + path, Accept="text/html")[1]["Content-Security-Policy"]
        assert "unsafe" not in policy and "script-src 'self';" in policy, path


@pytest.mark.slow
def test_typing_toro_suggests_toromocho(site: str, browser: Any) -> None:
    page = browser.new_page(locale="en")
    page.goto(site)
    box = page.get_by_role("combobox", name="Search everything")
    box.fill("toro")
    page.wait_for_selector("#suggestions [role=option]")
    first = page.get_by_role("option").first
    assert first.inner_text().split("\n")[:2] == ["Toromocho", "Mining project"]
    assert box.get_attribute("aria-expanded") == "true"
    box.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == first.get_attribute("id")
    assert first.get_attribute("aria-selected") == "true"
    box.press("Enter")
    page.wait_for_url("**/page/id/toromocho")
    page.go_back()
    page.wait_for_url(f"{site}/")
    page.close()


@pytest.mark.slow
def test_escape_closes_suggestions_and_enter_searches(site: str, browser: Any) -> None:
    page = browser.new_page(locale="es")
    page.goto(f"{site}/trade")
    box = page.get_by_role("combobox", name="Buscar en todo")
    box.fill("mina")
    page.wait_for_selector("#suggestions [role=option]")
    assert "Proyecto minero" in page.locator("#suggestions").inner_text()
    box.press("Escape")
    assert page.locator("#suggestions").is_hidden() and box.input_value() == "mina"
    box.fill("zzzz qqqq")
    page.wait_for_selector("#suggestions[data-none^='No hay coincidencias']")
    box.fill("mina")
    page.wait_for_selector("#suggestions[role=listbox]:not([data-none]) [role=option]")
    box.press("Escape")
    box.press("Enter")
    page.wait_for_url("**/search?q=mina*")
    assert page.locator("html").get_attribute("lang") == "es"
    page.close()


def test_suggestions_show_kind_and_matched_name(site: str) -> None:
    def suggest(words: str, language: str = "en") -> dict[str, str]:
        text = fetch(f"{site}/search?q={words}&lang={language}", Accept="application/json")[2]
        first: dict[str, str] = json.loads(text)["found"][0]
        return first

    # Spelled this way on page 9 of the paper; the translations list has the Spanish name of Block 8.
    printed = {"label": "Toromocho", "kind": "Mining project", "href": "/page/id/toromocho"}
    found = suggest("Toro+Mocho")
    assert found.items() >= printed.items() and "“Toro Mocho”" in found["why"]
    assert suggest("lote+8", "es").items() >= {"label": "Lote 8", "href": "/page/id/block-8"}.items()
    assert "2008" in suggest("2008")["label"] + suggest("2008")["why"]


@pytest.mark.slow
def test_language_is_negotiated_or_chosen(site: str, browser: Any) -> None:
    assert fetch(f"{site}/questions", Accept_Language="es-PE")[1]["Content-Language"] == "es"
    assert fetch(f"{site}/questions", Accept_Language="fr, en;q=0.3")[1]["Content-Language"] == "en"
    status, headers, _ = fetch(f"{site}/questions?lang=es", Accept_Language="en")
    assert (status, headers["Content-Language"]) == (200, "es")
    assert headers["Set-Cookie"].startswith("lang=es; ") and "SameSite=lax" in headers["Set-Cookie"]
    assert {"Accept-Language", "Cookie"} <= set(headers["Vary"].split(", "))
    page = browser.new_page(locale="en")
    page.goto(f"{site}/questions/who-owns?asset=Antamina")
    page.click("#language")
    page.locator("h1", has_text="¿Quién posee un activo?").wait_for()
    assert "Antamina" in page.url
    for path in ("/", "/page/id/block-8", "/ownership"):
        page.goto(site + path)
        page.wait_for_function("document.documentElement.lang === 'es'")
    page.close()


def test_not_found_is_a_page_for_browsers_and_a_line_for_programs(site: str) -> None:
    status, headers, page = fetch(f"{site}/id/blok-8", Accept="text/html,*/*;q=0.8")
    assert status == 404 and headers.get_content_type() == "text/html"
    assert "/page/id/block-8" in page and "Did you mean" in page and "<nav" in page
    status, headers, _ = fetch(f"{site}/id/blok-8")
    assert status == 404 and headers.get_content_type() == "text/plain"


@pytest.mark.slow
def test_card_and_diagram_link_to_each_other(site: str, browser: Any) -> None:
    page = browser.new_page(locale="en", viewport={"width": 1440, "height": 900})
    for slug, kind in (("block-8", "ownership"), ("hu-jintao", "diplomacy")):
        page.goto(f"{site}/page/id/{slug}")
        page.locator(f'main a[href="/{kind}#chosen={slug}"]').first.click()
        page.wait_for_selector("#panel h2 a")
        page.locator("#panel h2 a").click()
        page.wait_for_url(f"**/page/id/{slug}")
    page.close()


def test_theme_is_remembered(site: str, browser: Any) -> None:
    page = browser.new_page(color_scheme="light")
    page.goto(site)
    page.click("#theme")
    page.goto(f"{site}/page/id/block-8")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.close()

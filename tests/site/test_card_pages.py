"""Cards in a real browser: layout in wide and phone windows, without JavaScript, in all themes and languages."""

from __future__ import annotations

from typing import Any

import pytest

from browser import serious_faults
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.frame import site_files
from peru_asia_graph.site.pages import make_page
from peru_asia_graph.vocabulary import thing
from peru_asia_graph.web.middleware import CSP

SITE = "http://cards.test/"
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
SLUGS = (
    "block-8", "toromocho", "mina-justa", "chinalco", "peru", "hu-jintao", "peru-china-fta", "table-4", "table-7",
    "hu-jintao-visit-to-peru-2008", "pluspetrol-norte-in-block-8", "t7-block-8", "sanborn-yong", "p10-3-ties",
)  # fmt: skip
WITH_PICTURE = ("block-8", "toromocho", "mina-justa", "chinalco", "peru", "hu-jintao", "peru-china-fta")
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


class Opened:
    """A browser page that shows cards; it records console messages and external requests."""

    def __init__(self, browser: Any, kg: KnowledgeGraph, size: dict[str, int], **options: Any) -> None:
        self.kg, self.messages, self.elsewhere = kg, list[str](), list[str]()
        self.context = browser.new_context(viewport=size, **options)
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.messages.append(message.text))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.page.route("**/*", self._answer)
        self.language = "en"

    def _answer(self, route: Any) -> None:
        path = route.request.url.removeprefix(SITE).split("?")[0]
        if path.startswith("static/"):
            name = path.removeprefix("static/")
            kind = TYPES.get(name.rpartition(".")[2], "application/octet-stream")
            route.fulfill(body=site_files()[name], content_type=kind)
        elif path.startswith("page/id/"):
            given = {"iri": thing(path.removeprefix("page/id/")), "list": "", "page": "1", "here": path}
            _, _, text = make_page(self.kg, "thing", {**given, "language": self.language})
            headers = {"Content-Security-Policy": CSP, "Content-Type": "text/html; charset=utf-8"}
            route.fulfill(body=text, headers=headers)
        else:
            self.elsewhere.append(route.request.url)
            route.abort()

    def open(self, slug: str, language: str = "en") -> Any:
        """Show the card of a thing."""
        self.language = language
        self.page.goto(f"{SITE}page/id/{slug}")
        return self.page


HEIGHT = "[document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
PICTURE = """Math.min(...[...document.querySelectorAll('figure svg')].map(one => one.getBoundingClientRect())
  .filter(box => box.height > 0).map(box => box.top))"""
SMALL = """[...document.querySelectorAll('main *')].filter(one => one.getClientRects().length &&
  [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()) &&
  parseFloat(getComputedStyle(one).fontSize) < 11).map(one => one.textContent)"""
OVERLAPS = """[...document.querySelectorAll('figure svg')].filter(one => one.getClientRects().length).map(one => {
  const boxes = [...one.querySelectorAll('text')].map(text => [text.textContent, text.getBoundingClientRect()]);
  const meet = (p, q) =>
    p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 3 && q.top < p.bottom - 3;
  return boxes.flatMap(([a, p], i) =>
    boxes.slice(i + 1).filter(([, q]) => meet(p, q)).map(([b]) => `${a} × ${b}`));
}).flat()"""


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_cards_fit_in_two_wide_windows(browser: Any, sources: KnowledgeGraph, theme: str) -> None:
    opened = Opened(browser, sources, WIDE, color_scheme=theme)
    for slug in SLUGS:
        page = opened.open(slug, "es" if theme == "dark" else "en")
        height, width = page.evaluate(HEIGHT)
        assert height <= 2 * 900 and width <= 1440, (slug, height, width)
        assert page.evaluate(SMALL) == [], slug
        assert page.evaluate(OVERLAPS) == [], slug
        if slug in WITH_PICTURE:
            assert page.evaluate(PICTURE) < 700, slug
    assert opened.messages == [] and opened.elsewhere == []


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es"])
def test_cards_fit_in_six_phone_windows(browser: Any, sources: KnowledgeGraph, language: str) -> None:
    opened = Opened(browser, sources, PHONE)
    for slug in SLUGS:
        page = opened.open(slug, language)
        height, width = page.evaluate(HEIGHT)
        assert height <= 6 * 844 and width <= 390, (slug, height, width)
        assert page.evaluate(OVERLAPS) == [], slug


@pytest.mark.slow
def test_card_and_citations_work_without_javascript(browser: Any, sources: KnowledgeGraph) -> None:
    opened = Opened(browser, sources, WIDE, java_script_enabled=False)
    page = opened.open("block-8")
    assert page.locator("figure svg").first.is_visible() and page.get_by_text("Pluspetrol Norte").first.is_visible()
    page.locator("summary", has_text="Citations").click()
    assert page.locator("#c1").is_visible()
    assert "Table 6, row Block 8 (p. 25)" in (page.locator("sup.cites a").first.get_attribute("title") or "")


@pytest.mark.parametrize("width", [760, 1024, 1200])
def test_text_in_pictures_stays_legible(browser: Any, sources: KnowledgeGraph, width: int) -> None:
    sizes = """[...document.querySelectorAll('figure svg text')].filter(one => one.getClientRects().length)
      .map(one => one.getScreenCTM().a * parseFloat(getComputedStyle(one).fontSize))"""
    opened = Opened(browser, sources, {"width": width, "height": 768})
    for slug in ("peru", "block-8", "mina-justa"):
        assert min(opened.open(slug).evaluate(sizes)) > 9.5, slug
    opened.context.close()


def test_fold_heading_is_one_line(browser: Any, sources: KnowledgeGraph) -> None:
    opened = Opened(browser, sources, WIDE)
    page = opened.open("cnpc", "es")
    heights = page.eval_on_selector_all(".panel summary", "(heads) => heads.map((one) => one.offsetHeight)")
    assert page.locator(".panel summary small").count() and max(heights) < 1.5 * min(heights)
    opened.context.close()


def test_a_citation_is_one_click_from_its_number(browser: Any, sources: KnowledgeGraph) -> None:
    page = Opened(browser, sources, WIDE).open("block-8")
    number = page.locator("#holders sup.cites a").first
    number.click()
    place = page.locator(number.get_attribute("href"))
    assert place.is_visible() and "Block 8" in place.inner_text()


@pytest.mark.slow
@pytest.mark.parametrize(("size", "theme"), [(WIDE, "light"), (PHONE, "dark")])
def test_axe_finds_no_serious_faults(browser: Any, sources: KnowledgeGraph, size: dict[str, int], theme: str) -> None:
    opened = Opened(browser, sources, size, color_scheme=theme, bypass_csp=True)
    for slug in SLUGS:
        assert serious_faults(opened.open(slug)) == [], slug

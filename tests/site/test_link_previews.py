"""Link previews on other sites: address, title, and a picture of the declared size."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Final

import pytest

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.addresses import Addresses
from peru_asia_graph.site.card_page import render_card
from peru_asia_graph.site.cards.store_reader import StoreReader
from peru_asia_graph.site.folder.card_files import at
from peru_asia_graph.site.folder.page_files import interactive_pages, plain_pages, source_pages
from peru_asia_graph.site.frame import Frame, site_files
from peru_asia_graph.site.link_preview import PICTURES, picture_for
from peru_asia_graph.site.pages import make_page, terms_of
from peru_asia_graph.site.words import site_words
from peru_asia_graph.views.page_registry import page_kinds
from peru_asia_graph.vocabulary import THING
from test_readme_images import ROOT, png_size
from test_site import fetch

SITE: Final = "https://graph.example/peru/"
NEEDED: Final = ("og:title", "og:description", "og:type", "og:url", "og:image", "og:image:alt", "twitter:card")


class _Head(HTMLParser):
    """Collects the metadata of a page by name, and the elements in its head."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.said: dict[str, list[str]] = {}
        self.tags: set[str] = set()
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = (self.inside or tag == "head") and tag != "body"
        given = dict(attrs)
        if self.inside:
            self.tags.add(tag)
        if tag == "meta" and (name := given.get("property") or given.get("name")):
            assert self.inside, f"{name} stands outside the head"
            self.said.setdefault(name, []).append(given.get("content") or "")


def said_of(text: str) -> dict[str, str]:
    """Return the metadata of a page, each given once and not empty."""
    head = _Head(text)
    assert head.tags <= {"head", "meta", "title", "link", "script", "style"}
    assert {name: texts for name, texts in head.said.items() if len(texts) > 1 or not texts[0].strip()} == {}
    return {name: texts[0] for name, texts in head.said.items()}


def check(name: str, text: str, site: str = SITE) -> dict[str, str]:
    """Check the metadata of a page and return it."""
    said = said_of(text)
    assert [one for one in NEEDED if one not in said] == [], name
    assert said["og:url"].startswith(site) and said["twitter:card"] == "summary_large_image"
    picture = site_files()[said["og:image"].removeprefix(f"{site}static/")]
    assert png_size(picture) == (int(said["og:image:width"]), int(said["og:image:height"])) == (1200, 630), name
    return said


def frame_of(kg: KnowledgeGraph, language: str, site: str = SITE) -> Frame:
    return Frame(Addresses(language, static=True, site=site), terms_of(kg))


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_kind_of_page_has_a_preview(sources: KnowledgeGraph, language: str) -> None:
    frame = frame_of(sources, language)
    pages = {**dict(plain_pages(sources, frame, [])), **dict(source_pages(sources, frame))}
    pages |= dict(interactive_pages(ROOT / "exports", frame)) if language == "en" else {}
    for name, data in pages.items():
        if "404" in name:
            said = said_of(data.decode())
            assert "og:image" in said and "og:url" not in said
            continue
        assert check(name, data.decode())["og:url"] == SITE + name
    if language == "en":
        assert {f"{kind}.html" for kind in page_kinds()} <= pages.keys()


@pytest.mark.parametrize("slug,picture", [
    ("block-8", "ownership"), ("chinalco", "ownership"), ("hu-jintao", "diplomacy"), ("china", "diplomacy"),
    ("table-7", "trade"), ("bhp-billiton-in-antamina", "ownership"),
])  # fmt: skip
def test_a_card_has_the_picture_of_its_kind(sources: KnowledgeGraph, slug: str, picture: str) -> None:
    frame = at(frame_of(sources, "es"), f"id/{slug}")
    said = check(slug, render_card(StoreReader(sources.store, sources.sources), frame, THING + slug) or "")
    assert said["og:image"] == f"{SITE}static/preview-{picture}.png"
    assert said["og:image:alt"] == site_words("es")[f"preview.{picture}"]
    assert said["og:url"] == f"{SITE}es/id/{slug}.html"


def test_preview_has_no_links_without_a_site_address(sources: KnowledgeGraph) -> None:
    pages = dict(plain_pages(sources, frame_of(sources, "en", ""), []))
    said = said_of(pages["index.html"].decode())
    assert said["twitter:card"] == "summary" and not said.keys() & {"og:url", "og:image"}
    exported = said_of((ROOT / "exports" / "ownership.html").read_text("utf-8"))
    assert not exported.keys() & {"og:url", "og:image"}


def test_preview_of_a_served_page_keeps_language_and_query(sources: KnowledgeGraph) -> None:
    given = {"site": SITE, "here": "search", "query": "q=toro&x=%22", "language": "es", "q": "toro"}
    status, _, text = make_page(sources, "search", given)
    assert status == 200 and check("search", text)["og:url"] == f"{SITE}search?q=toro&x=%22&lang=es"


def test_every_preview_picture_has_alt_text_and_is_used() -> None:
    for language in ("en", "es"):
        assert {f"preview.{name}" for name in PICTURES} <= site_words(language).keys()
    kinds = [kind for kinds in PICTURES.values() for kind in kinds]
    assert len(kinds) == len(set(kinds)) and set(page_kinds()) <= set(kinds)
    assert picture_for("nothing known") == "start"


@pytest.mark.slow
@pytest.mark.parametrize("host,believed", [
    ("graph.example:8080", True), ("evil\"><script>", False), ("a/../b", False), ("user@evil.example", False),
])  # fmt: skip
def test_invalid_host_header_is_not_repeated(site: str, host: str, believed: bool) -> None:
    for path in ("/", "/ownership", "/page/id/block-8", "/no/such/page"):
        _, _, text = fetch(f"{site}{path}", Host=host, Accept="text/html")
        found = re.search(r'property="og:image" content="([^"]*)"', text)
        assert found is not None, path
        assert unescape(found[1]).startswith(f"http://{host}/static/" if believed else f"{site}/static/"), path
        assert believed or host not in unescape(text)

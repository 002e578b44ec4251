"""The static site: every link resolves, everything has a card, and no server is needed."""

from __future__ import annotations

import gzip
import html
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

import servers
from browser import visit
from folders import read_folder
from once import made_once
from peru_asia_graph import site
from peru_asia_graph.build.pipeline import build
from peru_asia_graph.cli import pag
from peru_asia_graph.errors import WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.paths import PROJECT_VARIABLE
from peru_asia_graph.site.folder.make import make_site, redirects
from peru_asia_graph.site.link_preview import PICTURES
from peru_asia_graph.site.words import site_words
from peru_asia_graph.views.page_registry import page_kinds
from peru_asia_graph.vocabulary import THING
from test_readme_images import png_size
from test_site import forbidden_in
from tiny import copy_tiny

ROOT: Final = Path(__file__).parents[2]
_LINK: Final = re.compile(r'\b(?:href|src|action|data-index)="([^"]*)"')
_ID: Final = re.compile(r'\bid="([^"]*)"')
_MOST_BYTES: Final = 100_000
# These tests build the whole site.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the shipped graph, written by the command, and its local address."""
    return made_once(tmp_path_factory, "site-of-the-run", _make)


def _make(folder: Path) -> None:
    folder.mkdir()
    address = f"http://127.0.0.1:{servers.free_port()}/peru/"
    (folder / "address").write_text(address)
    written = folder / "site"
    done = CliRunner().invoke(pag, ["site", "-o", str(written), "--url", address.rstrip("/")])
    assert done.exit_code == 0, done.output
    assert f"open {written / 'index.html'}" in done.stdout and "questions" in done.stderr


@pytest.fixture(scope="module")
def address(made: Path) -> str:
    """The local address of the site."""
    return (made / "address").read_text()


@pytest.fixture(scope="module")
def folder(made: Path) -> Path:
    """The folder of the site."""
    return made / "site"


@pytest.fixture(scope="module")
def texts(folder: Path) -> dict[str, str]:
    """The HTML files of the site by relative name."""
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.html")}


@cache
def _target(place: str, written: str) -> tuple[str, str] | None:
    """Return the file and fragment that a link on a page in a folder leads to; None for an external link."""
    parts = urlsplit(html.unescape(written))
    if parts.scheme or parts.netloc:
        return None
    assert not parts.path.startswith("/"), f"{place}: {written} needs a server"
    return unquote(normpath(join(place, parts.path))) if parts.path else "", unquote(parts.fragment)


def links_of(name: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield the file and fragment of each internal link on a page."""
    place = dirname(name)
    for written in set(_LINK.findall(text)):
        if (target := _target(place, written)) is not None:
            yield target[0] or name, target[1]


def test_no_dead_links_or_unreachable_pages(folder: Path, texts: dict[str, str]) -> None:
    anchors = {name: set(map(html.unescape, _ID.findall(text))) for name, text in texts.items()}
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    dead, reached, queue = set(), set(), ["index.html"]
    while queue:
        name = queue.pop()
        if name in reached:
            continue
        reached.add(name)
        for file, fragment in links_of(name, texts.get(name, "")):
            if file not in files:
                dead.add((name, file))
            elif fragment and "=" not in fragment and file in anchors and fragment not in anchors[file]:
                dead.add((name, f"{file}#{fragment}"))
            queue.append(file)
    assert dead == set()
    # Only the not-found pages are not linked from anywhere.
    assert texts.keys() - reached <= {"404.html", "es/404.html"}


def test_everything_has_a_card_in_both_languages(sources: KnowledgeGraph, texts: dict[str, str]) -> None:
    subjects = {quad.subject for quad in sources.store.quads()}  # type: ignore[attr-defined]
    things = {one.value.removeprefix(THING) for one in subjects
              if isinstance(one, ox.NamedNode) and one.value.startswith(THING)}  # fmt: skip
    assert len(things) > 8_000
    for folder in ("", "es/"):
        own = {name.removeprefix(f"{folder}id/").removesuffix(".html") for name in texts
               if name.startswith(f"{folder}id/")}  # fmt: skip
        on_pages = {one for name, text in texts.items() if name.startswith(f"{folder}statements/")
                    for one in _ID.findall(text)}  # fmt: skip
        assert things - own - on_pages == set()
    assert {"block-8", "peru", "table-7", "hu-jintao"} <= {name[3:-5] for name in texts if name.startswith("id/")}


def test_site_and_card_sizes_are_limited(folder: Path, texts: dict[str, str]) -> None:
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 60e6
    cards = {name: len(text.encode()) for name, text in texts.items() if re.match("(es/)?(id|statements)/", name)}
    assert {name: size for name, size in cards.items() if size > _MOST_BYTES} == {}


def test_pages_show_labels_instead_of_codes(texts: dict[str, str]) -> None:
    shown = ("statements.html", "statements/stake-1.html", "es/statements/citation-2.html", "codes/role-1.html")
    assert {name: found for name in shown if (found := forbidden_in(texts[name]))} == {}
    assert "Korea National Oil" in texts["id/block-8.html"]


def test_words_used_in_templates_and_code_exist() -> None:
    files = [path for path in Path(site.__file__).parent.rglob("*") if path.suffix in {".html", ".py"}]
    named = {key for path in files for key in re.findall(r"""\bt\(["']([a-z.-]+)["'][,)]""", path.read_text("utf-8"))}
    assert len(named) > 100
    assert [named - site_words(language).keys() for language in ("en", "es")] == [set(), set()]


def test_rdf_files_accompany_the_pages(sources: KnowledgeGraph, folder: Path) -> None:
    block = ox.Store()
    block.load(path=str(folder / "id" / "block-8.ttl"))
    known = {quad.triple for quad in sources.store.quads()}  # type: ignore[attr-defined]
    told = {quad.triple for quad in block}
    iri = ox.NamedNode(f"{THING}block-8")
    assert told == {one for one in known if iri in (one.subject, one.object)}
    stakes = ox.Store()
    stakes.load(path=str(folder / "statements" / "stake-1.ttl"))
    assert {quad.triple for quad in stakes} <= known and len(stakes) > 60
    for ending in ("ttl", "rdf"):
        ontology = ox.Store()
        ontology.load(path=str(folder / f"ontology.{ending}"))
        assert len(ontology) > 1_000


def led_to(rules: str, path: str, accept: str) -> str:
    """Return where Apache's rewrite rules send a path: the first rule whose condition and pattern match."""
    met = True
    for line in rules.splitlines():
        words = line.split(" ")
        if words[0] == "RewriteCond":
            met = bool(re.search(words[2], accept))
        elif words[0] == "RewriteRule":
            if met and (found := re.search(words[1], path)):
                return words[2].replace("$1", found[1] if found.groups() else "")
            met = True
    return ""


def test_sitemap_redirects_and_downloads(address: str, folder: Path, texts: dict[str, str]) -> None:
    tree = ElementTree.parse(folder / "sitemap.xml")
    pages = [one.text or "" for one in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert {unquote(one).removeprefix(address) for one in pages} == texts.keys() - {
        "404.html", "es/404.html"}  # fmt: skip
    rules = (folder / "w3id.htaccess").read_text("utf-8")
    assert "RewriteEngine on" in rules
    for path, page, rdf in (
        ("id/block-8", "id/block-8.html", "id/block-8.ttl"), ("ontology", "ontology.html", "ontology.ttl"),
        ("ontology/1.0.0", "ontology.html", "ontology.html"), ("dataset", "dataset.html", "dataset.ttl"),
        ("dataset/class/Event", "dataset.html", "dataset.ttl"), ("catalogue", "dataset.html", "dataset.ttl"),
        ("graph/sanborn-yong", "graph/sanborn-yong.html", "graph/sanborn-yong.ttl"),
        *[(f"exports/{name}", f"exports/{name}{suffix}", f"exports/{name}{suffix}")
          for name, suffix in (("peru-asia-graph.ttl", ".gz"), ("tables/stakes.csv", ""))],
    ):  # fmt: skip
        for accept, file in (("text/html", page), ("text/turtle", rdf)):
            assert led_to(rules, path, accept) == address + file and (folder / file).is_file(), (path, accept)
    assert led_to(rules, "", "text/html") == address
    open_rules = redirects("", []).decode()
    assert open_rules.startswith("# Write the address of your site for https://example.org/ below.\n")
    assert led_to(open_rules, "id/block-8", "text/html") == "https://example.org/id/block-8.html"
    packed = gzip.decompress((folder / "exports" / "peru-asia-graph.trig.gz").read_bytes())
    assert packed == (ROOT / "exports" / "peru-asia-graph.trig").read_bytes()
    assert (folder / "exports" / "tables" / "stakes.csv").read_bytes() == (
        ROOT / "exports" / "tables" / "stakes.csv").read_bytes()  # fmt: skip


def test_the_search_works_without_a_server(browser: Any, folder: Path) -> None:
    with visit(browser, folder / "index.html", ready=None) as seen:
        seen.page.locator("input[name=q]").first.fill("toro")
        option = seen.page.locator("[role=option]", has_text="Toromocho").first
        option.wait_for()
        assert seen.page.locator("[role=option]").first.inner_text().startswith("Toromocho")
        seen.page.keyboard.press("ArrowDown")
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_url("**/id/toromocho.html")
        assert "Toromocho" in seen.page.inner_text("h1")
        seen.page.go_back()
        assert seen.page.url.endswith("index.html")
        assert seen.console == [] and seen.requests == []


def test_search_page_lists_hits(browser: Any, folder: Path) -> None:
    with visit(browser, folder / "search.html", fragment="?q=mina", ready=None) as seen:
        seen.page.locator("#hits a", has_text="Mina Justa").first.wait_for()
        assert seen.console == [] and seen.requests == []


@pytest.mark.parametrize("name", ["id/block-8.html", "es/id/peru.html", "ownership.html", "questions/who-owns.html",
                                  "statements/stake-1.html", "ontology.html", "data.html", "map.html"])  # fmt: skip
@pytest.mark.parametrize("width", [1440, 390])
def test_pages_open_from_a_folder(browser: Any, folder: Path, name: str, width: int) -> None:
    size = {"width": width, "height": 844}
    with visit(browser, folder / name, ready=None, viewport=size) as seen:
        seen.page.wait_for_load_state("load")
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.console == [] and [one for one in seen.requests if not one.startswith(folder.as_uri())] == []


def test_navigation_from_view_to_card_and_back(browser: Any, folder: Path) -> None:
    with visit(browser, folder / "ownership.html", fragment="#chosen=block-8") as seen:
        seen.page.locator("#panel h2 a").click()
        seen.page.wait_for_url("**/id/block-8.html")
        seen.page.locator('a[href*="ownership.html#chosen=block-8"]').first.click()
        seen.page.wait_for_url("**/ownership.html#chosen=block-8*")
        assert seen.console == []


def test_theme_in_the_address_is_kept(browser: Any, folder: Path) -> None:
    with visit(browser, folder / "ownership.html", fragment="#chosen=block-8&theme=dark") as seen:
        assert seen.page.url.endswith("#chosen=block-8&theme=dark")


@pytest.mark.parametrize(("name", "chosen"), [("ownership", "block-8"), ("map", "toromocho")])
def test_cards_and_header_keep_the_language_of_the_view(browser: Any, folder: Path, name: str, chosen: str) -> None:
    with visit(browser, folder / f"{name}.html", fragment=f"#chosen={chosen}&lang=es") as seen:
        seen.page.locator("#panel h2 a").click()
        seen.page.wait_for_url(f"**/es/id/{chosen}.html")
        assert seen.page.evaluate("document.documentElement.lang") == "es"
        seen.page.go_back()
        seen.page.locator('.head [data-t="nav.questions"]').click()
        seen.page.wait_for_url("**/es/questions.html")
        seen.page.go_back()
        seen.page.locator("#language").click()  # and back to English
        assert seen.page.locator("#panel h2 a").get_attribute("href") == f"id/{chosen}.html"
        assert seen.page.locator(".head .brand").get_attribute("href") == "index.html"
        assert seen.console == []


@pytest.mark.parametrize("name", ["audit", "trade", "investments", "sources"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_statement_panel_links_to_its_card(browser: Any, folder: Path, name: str, language: str) -> None:
    with visit(browser, folder / f"{name}.html", fragment=f"#lang={language}") as seen:
        seen.page.locator("#charts .item").first.click()
        with seen.page.expect_navigation():
            seen.page.locator("#panel h2 a").click()
        assert f"/{name}.html" not in seen.page.url
        wanted = unquote(urlsplit(seen.page.url).fragment)
        assert seen.page.evaluate("document.documentElement.lang") == language
        assert not wanted or seen.page.locator(f"[id='{wanted}']").count() == 1
        assert seen.console == []


@pytest.mark.parametrize("width", [600, 701, 768, 850, 1024, 1100, 1280])
@pytest.mark.parametrize("name", page_kinds())
def test_nothing_is_cut_off_between_phone_and_desktop_widths(browser: Any, folder: Path, name: str, width: int) -> None:
    with visit(
        browser, folder / f"{name}.html", fragment="#lang=es", viewport={"width": width, "height": 1024}
    ) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert seen.page.locator("#find").bounding_box()["width"] >= 150
        switches = seen.page.locator(".head .switches").bounding_box()
        assert switches["x"] + switches["width"] <= width - 16


# The longest page of each kind, as measured.
LONG: Final = (
    "audit", "sources", "trade", "map", "investments", "ownership", "diplomacy", "ontology", "statements", "questions",
    "graph/trade-agreements-desta", "statements/investment-1", "statements/missingnote-1", "codes/dataset-1",
    "questions/contradictions", "questions/stakes-added-up", "id/peru", "id/peru/agreements-1", "id/china",
)  # fmt: skip


@pytest.mark.parametrize("name", LONG)
def test_no_page_is_longer_than_twelve_phone_windows(browser: Any, folder: Path, name: str) -> None:
    ready = "html[data-ready]" if "/" not in name else None
    with visit(browser, folder / f"{name}.html", ready=ready, viewport={"width": 390, "height": 844}) as seen:
        assert seen.page.evaluate("document.documentElement.scrollHeight") <= 12 * 844
        assert seen.console == []


@pytest.mark.parametrize("script", [True, False])
def test_fold_opens_for_the_fragment_of_the_address(browser: Any, folder: Path, script: bool) -> None:
    with visit(browser, folder / "statements" / "stake-1.html", fragment="#brescia-group-in-mina-justa", ready=None,
               java_script_enabled=script) as seen:  # fmt: skip
        named = seen.page.locator("#brescia-group-in-mina-justa")
        named.get_by_text("not a further 70 %").wait_for()
        box = named.bounding_box()
        assert box and 0 < box["y"] < 700
        other = seen.page.locator("details.one", has_text="of El Galeno").first
        assert not other.locator("table").is_visible()
        other.locator("summary").first.click()
        assert other.locator("table").first.is_visible()


def test_terms_work_without_javascript(browser: Any, folder: Path) -> None:
    with visit(browser, folder / "ontology.html", fragment="#Stake", ready=None, java_script_enabled=False) as seen:
        seen.page.locator("#Stake h4").wait_for()
    with visit(browser, folder / "ontology.html", fragment="#Stake", ready=None,
               viewport={"width": 390, "height": 844}) as seen:  # fmt: skip
        seen.page.locator("#Stake h4").wait_for()
        assert not seen.page.locator("#Event h4").is_visible()


def test_every_page_has_a_link_preview(address: str, folder: Path, texts: dict[str, str]) -> None:
    found: set[str] = set()
    for name, text in texts.items():
        head = text.partition("</head>")[0]
        said = dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]+)">', head))
        assert {"og:title", "og:description", "og:type", "og:image:alt"} <= said.keys(), name
        assert said["twitter:card"] == "summary_large_image" and said["og:image"].startswith(address), name
        assert "404" in name or unquote(said["og:url"]) == address + name
        found.add(said["og:image"].removeprefix(address))
    assert len(found) == len(PICTURES)
    assert {png_size((folder / one).read_bytes()) for one in found} == {(1200, 630)}


class _Host(SimpleHTTPRequestHandler):
    """A host that serves the site below /peru/ and answers missing paths with 404.html, as web hosts do."""

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix("/peru"))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((Path(self.directory) / "404.html").read_bytes())

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing."""


@contextmanager
def hosted(folder: Path, address: str) -> Iterator[None]:
    """Serve the site at its address."""
    server = ThreadingHTTPServer(("127.0.0.1", urlsplit(address).port or 0), partial(_Host, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def test_site_works_on_a_plain_web_host(browser: Any, folder: Path, address: str) -> None:
    with hosted(folder, address):
        with browser.new_context() as context:  # the address of a statement redirects to its page
            page = context.new_page()
            page.goto(f"{address}id/knoc-in-block-8.html")
            page.wait_for_url("**/peru/statements/stake-*.html#knoc-in-block-8")
            assert "Block 8" in page.inner_text("#knoc-in-block-8")
            page.goto(f"{address}es/id/nothing.html")
            assert page.url.endswith("/id/nothing.html") and page.locator("h1").inner_text()
            page.get_by_role("link", name="start page").click()
            page.wait_for_url(f"{address}index.html")
            page.goto(f"{address}id/pampa-de-pong")  # a letter is missing
            page.locator("#near a", has_text="Pampa de Pongo").first.click()
            page.wait_for_url(f"{address}id/pampa-de-pongo.html")
        with browser.new_context(locale="es-PE") as context:  # the language is the browser's unless chosen
            page = context.new_page()
            page.goto(f"{address}index.html")
            page.wait_for_url(f"{address}es/**")
            page.locator("#language").click()
            page.wait_for_url(f"{address}index.html")
            page.reload()
            page.locator("h1, h2").first.wait_for()
            assert page.url == f"{address}index.html" and page.locator("html").get_attribute("lang") == "en"
            page.goto(f"{address}trade.html")  # a page that switches language by itself
            page.locator("html[data-ready]").wait_for()
            page.locator("#language").click()
            page.locator("html[lang=es]").wait_for()
            page.goto(f"{address}index.html")
            page.wait_for_url(f"{address}es/**")


def test_page_numbers_of_lists_have_gaps(texts: dict[str, str]) -> None:
    """The first and last page, and two on either side of the current one: 1 … 8 9 10 11 12 … last."""
    found = re.search(r'<nav class="pages"[^>]*>(.*?)</nav>', texts["statements/citation-10.html"])
    assert found and re.sub("<[^>]*>", "", found[1]).split()[:-1] == ["1", "…", "8", "9", "10", "11", "12", "…"]
    found = re.search(r'<nav class="pages"[^>]*>(.*?)</nav>', texts["statements/citation-2.html"])
    assert found and re.sub("<[^>]*>", "", found[1]).split()[:-1] == ["1", "2", "3", "4", "…"]
    assert "Figure: page 1 of " in texts["statements/observation-1.html"]


@pytest.mark.long
def test_the_same_graph_gives_the_same_bytes(sources: KnowledgeGraph, folder: Path, address: str) -> None:
    again = make_site(sources, ROOT / "exports", address)
    different = [name for name, data in again.items() if (folder / name).read_bytes() != data]
    assert different == []


def test_output_does_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    project = copy_tiny(tmp_path / "project")
    build(project)
    found = []
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "peru_asia_graph", "site", "-q", "-o", str(tmp_path / seed)]
        environment = {**os.environ, "PYTHONHASHSEED": seed, PROJECT_VARIABLE: str(project.root)}
        subprocess.run(command, check=True, cwd=project.root, env=environment)
        found.append(read_folder(tmp_path / seed))
    assert found[0] == found[1] and "id/cerro-norte.html" in found[0]


def test_foreign_folder_and_invalid_address_are_rejected(tmp_path: Path) -> None:
    strange = tmp_path / "mine"
    strange.mkdir()
    (strange / "thesis.txt").write_text("mine")
    refused = CliRunner().invoke(pag, ["site", "-o", str(strange)])
    assert isinstance(refused.exception, WrongUse) and (strange / "thesis.txt").read_text() == "mine"
    assert [path.name for path in strange.iterdir()] == ["thesis.txt"]
    wrong = CliRunner().invoke(pag, ["site", "-o", str(tmp_path / "new"), "--url", "ftp://example.org"])
    assert isinstance(wrong.exception, WrongUse) and "is not the address of a site" in str(wrong.exception)
    assert not (tmp_path / "new").exists()

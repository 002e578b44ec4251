"""Search finds what is meant, and the same in Python as in the script of pages without a server."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from click.testing import CliRunner

from browser import visit
from peru_asia_graph.cli import pag
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.addresses import Addresses
from peru_asia_graph.site.frame import Frame, site_files
from peru_asia_graph.site.pages import make_page, terms_of
from peru_asia_graph.site.search_page import index_script, search_index, search_result

# Queries with the expected first hits, and others expected among the first eight.
CASES: Final[list[dict[str, Any]]] = json.loads((Path(__file__).parent / "search_cases.json").read_text("utf-8"))
_SHOWN: Final = 8
_FIND: Final = f"([query, language]) => window.pagNames(query, {_SHOWN}, language)"


def frame_of(kg: KnowledgeGraph, language: str = "en", here: str = "") -> Frame:
    """Return the frame of a page that works without a server."""
    places = {path: path for path in (f"graph/{source.name}" for source in kg.sources)}
    return Frame(Addresses(language, here, static=True, places=places), terms_of(kg))


@pytest.fixture(scope="module")
def page(sources: KnowledgeGraph, browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The search page without a server, opened in a browser with the names loaded."""
    folder = tmp_path_factory.mktemp("search")
    (folder / "static").mkdir()
    for name in ("head.js", "base.css", "site.css", "logo.svg"):
        (folder / "static" / name).write_bytes(site_files()[name])
    (folder / "static" / "names.js").write_bytes(index_script(sources, frame_of(sources)))
    (folder / "search.html").write_text(frame_of(sources, here="search").render("search_offline.html"), "utf-8")
    with visit(browser, folder / "search.html", ready=None) as seen:
        seen.page.locator("input[name=q]").fill("toro")
        seen.page.locator("[role=option]", has_text="Toromocho").first.wait_for()
        yield seen.page
        assert seen.console == [] and seen.dialogs == [] and seen.requests == []


def in_python(kg: KnowledgeGraph, query: str) -> list[tuple[str, bool]]:
    """Return the paths of the first hits, and whether they are guesses."""
    found = search_index(kg).find(query, _SHOWN)
    return [(hit.entry.path.removeprefix("@"), hit.guess) for hit in found]


def in_browser(page: Any, query: str, language: str) -> list[tuple[str, bool]]:
    """Return the same from the script."""
    found = page.evaluate(_FIND, [query, language])
    return [(hit["href"].removeprefix("es/").partition(".html")[0], hit["guess"]) for hit in found]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["query"])
def test_a_query_finds_what_is_meant(sources: KnowledgeGraph, page: Any, case: dict[str, Any]) -> None:
    for found in (in_python(sources, case["query"]), in_browser(page, case["query"], case["language"])):
        paths = [path for path, _ in found]
        assert paths[: len(case.get("first", []))] == case.get("first", [])
        assert set(case.get("among", [])) - set(paths) == set()
        assert bool(paths) is not case.get("none", False)
        assert {guess for _, guess in found} <= {case.get("guess", False)}


@pytest.mark.slow
def test_the_script_finds_the_same_at_every_keystroke(sources: KnowledgeGraph, page: Any) -> None:
    typed = sorted({case["query"][:end] for case in CASES for end in range(1, len(case["query"]) + 1)})
    different = [text for text in typed if in_python(sources, text) != in_browser(page, text, "en")]
    assert len(typed) > 400 and different == [], different


@pytest.mark.parametrize("text", ["a" * 10_000, "ab " * 5_000, "(" * 10_000, "\u0301" * 10_000, "中" * 10_000])
def test_long_input_does_no_harm(sources: KnowledgeGraph, page: Any, text: str) -> None:
    assert in_python(sources, text) == in_browser(page, text, "en")


def test_statements_that_read_alike_name_their_sources(sources: KnowledgeGraph) -> None:
    """Table 6 (p. 25) and record OG0004942 both state the 20 % of Korea National Oil Corporation in Block 8."""
    rows = search_result(sources, "Korea National Oil Corporation holds 20 % of Block 8", 2)
    assert [row["about"] for row in rows] == ["GEM · South Korea", "Sanborn & Yong · South Korea"]
    (alone,) = search_result(sources, "Korea National Oil Corporation holds 20 % of Block 8 indirectly", 1)
    assert alone["about"] == "South Korea"


def test_index_size_is_limited(sources: KnowledgeGraph) -> None:
    # About 12 kB is Spanish names of events and agreements and the names of their sources, 1 kB words instead of codes
    # for what a figure measures, 2 kB equivalent words, 22 kB the values of figures. A question takes up to 500 bytes.
    assert len(index_script(sources, frame_of(sources))) < 400_000


def test_dates_of_hits_are_in_words_with_and_without_a_server(sources: KnowledgeGraph, page: Any) -> None:
    """The agreement with Korea was signed on 21 March 2011; a share of exports covers 1990 to 2011."""
    _, _, served = make_page(sources, "search", {"q": "korea 2011"})
    found = page.evaluate("() => window.pagNames('korea 2011', 50, 'en')")
    for text in (served, json.dumps(found)):
        assert "21 Mar 2011" in text and "South Korea, 1990 to 2011" in text
        assert "2011-03-21" not in text and "1990/2011" not in text


def test_figures_are_listed_with_their_values(sources: KnowledgeGraph, page: Any) -> None:
    """p. 16: 56 % of textiles. USGS, record 254: 0.461 % copper. p. 15: nearly 7.8 billion US dollars in 2012."""
    for query, values in (
        ("excluded textiles tariff China", {"en": "56\xa0%", "es": "56\xa0%"}),
        ("Toromocho grade", {"en": "0.461\xa0%", "es": "0.461\xa0%"}),
        ("imports from China 2012", {"en": "nearly US$ 7.8 billion", "es": "casi US$ 7.8 mil millones"}),
    ):
        for language, value in values.items():
            served = make_page(sources, "search", {"q": query, "language": language})[2]
            found = json.dumps(page.evaluate(_FIND, [query, language]), ensure_ascii=False)
            assert [value in text for text in (served.replace("&nbsp;", "\xa0"), found)] == [True, True], query


def test_misspelt_name_is_guessed_on_the_page_and_in_the_box(sources: KnowledgeGraph, page: Any) -> None:
    status, _, text = make_page(sources, "search", {"q": "Toromcho"})
    assert status == 200 and "Did you mean?" in text and "/page/id/toromocho" in text
    page.locator("input[name=q]").fill("Toromcho")
    page.locator("#suggestions[data-near]").wait_for()
    assert page.locator("#suggestions").get_attribute("data-near") == "Did you mean?"
    assert page.locator("[role=option]").first.inner_text().startswith("Toromocho")
    page.locator("input[name=q]").fill("Toromocho")
    page.locator("#suggestions:not([data-near]) [role=option]").first.wait_for()


def test_questions_are_found_in_the_language_of_the_page(sources: KnowledgeGraph, page: Any) -> None:
    status, _, text = make_page(sources, "search", {"q": "dónde difieren las fuentes", "language": "es"})
    assert status == 200 and "¿Dónde difieren las fuentes?" in text and ">Pregunta<" in text
    first, second = page.evaluate(_FIND, ["dónde difieren las fuentes", "es"])[:2]
    assert (first["label"], first["kind"]) == ("¿Dónde difieren las fuentes?", "Pregunta")
    assert [first["href"], second["href"]] == ["es/questions/differences.html", "sources.html#lang=es"]


def test_command_searches_things_and_questions() -> None:
    """Table 5 (p. 23) prints Antamina; p. 10 names Ollanta Humala, here misspelt."""
    owners = list(csv.DictReader(CliRunner().invoke(pag, ["search", "who owns", "Antamina"]).stdout.splitlines()))
    assert [(row["kind"], row["id"]) for row in owners[:2]] == [
        ("Mining project", "antamina"),
        ("Question", "who-owns"),
    ]
    misspelt = CliRunner().invoke(pag, ["search", "Humla", "--most", "1"])
    assert misspelt.stdout.splitlines()[1:] == ["Ollanta Humala,Person,Peru,ollanta-humala"]
    assert "spelt similarly" in misspelt.stderr
    assert "nothing found" in CliRunner().invoke(pag, ["search", "Samsung"]).stderr

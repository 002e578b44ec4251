"""The start page states where the graph comes from, and the page of a source how to cite it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from peru_asia_graph.exporters.start_rows import read_start
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.pages import make_page
from peru_asia_graph.views.start_facts import StartFacts
from peru_asia_graph.views.start_page import group_files, start_values
from peru_asia_graph.views.words import words
from peru_asia_graph.vocabulary import BASE
from two_sources import build_in, source, write_source

EXPORTS = Path(__file__).parents[2] / "exports"


def origin(kg: KnowledgeGraph, language: str) -> str:
    _, _, page = make_page(kg, "home", {"language": language})
    found = re.search('<p class="origin">.*?</p>', str(page))
    return found[0] if found else ""


@pytest.mark.parametrize(("language", "text"), [("en", "6 other sources"), ("es", "otras 6 fuentes")])
def test_origin_under_the_title_names_authors_year_and_other_sources(
    sources: KnowledgeGraph, language: str, text: str
) -> None:
    said = origin(sources, language)
    assert 'href="/page/graph/sanborn-yong"' in said and 'href="/sources"' in said and text in said
    assert all(one in said for one in ("Cynthia Sanborn and Alexis Yong", "Universidad del Pacífico", "2013"))
    assert "The Peru–Asia graph maintainers" in said


def test_origin_of_a_single_source_graph(sources: KnowledgeGraph) -> None:
    said = origin(sources.only("gem"), "en")
    assert said.startswith('<p class="origin">All of it comes from') and "other" not in said
    assert read_start(sources.only("gem").store).origin is not None


def test_no_origin_without_a_source() -> None:
    assert start_values(StartFacts(), "en", lambda kind, _: kind, str)["origin"] == {}


@pytest.mark.parametrize("path", ["graph/sanborn-yong", "id/sanborn-yong"])
def test_a_source_can_be_cited_and_its_licence_has_a_name(sources: KnowledgeGraph, path: str) -> None:
    _, _, page = make_page(sources, "thing", {"language": "en", "iri": BASE + path})
    assert f"Universidad del Pacífico, Lima. {BASE}{path}" in str(page) and ">CC BY 4.0</a>" in str(page)
    assert "Cynthia Sanborn; Alexis Yong" in str(page)


@pytest.mark.parametrize("language", ["en", "es"])
def test_tables_for_excel_come_first_and_every_file_says_what_it_is(language: str) -> None:
    paths = (path for path in EXPORTS.rglob("*") if path.suffix not in ("", ".html", ".md"))
    names = [path.relative_to(EXPORTS).as_posix() for path in paths if "assets" not in path.parts]
    listed = group_files([{"name": name, "size": 1} for name in [*names, "peru-asia-graph.trig.gz"]], language)
    assert listed[0][0] == "tables" and "Excel" in words(language)["ui"]["data.tables"]
    told = {file["name"]: file["about"] for _, files in listed for file in files}
    assert all(told.values()) and "7-Zip" in told["peru-asia-graph.trig.gz"] and "7-Zip" not in told["bods.json"]


@pytest.mark.parametrize(
    ("language", "one", "two"), [("en", "stake", "stakes"), ("es", "participación", "participaciones")]
)
def test_counts_use_singular_and_plural(language: str, one: str, two: str) -> None:
    facts = StartFacts(counts=[("stakes", 1), ("stakes", 2)])
    assert start_values(facts, language, lambda kind, _: kind, str)["counts"] == [("1", one), ("2", two)]


def test_charts_show_the_first_source_with_data_and_counts_leave_out_what_is_absent(tmp_path: Path) -> None:
    firms = {"firm": ("Firm", "Firm"), "mine": ("MiningProject", "Mine")}
    stake = {"id": "s", "owner": "firm", "owned": "mine", "share_percent": "25"}
    write_source(tmp_path, "alpha", source("alpha", {"a-mine": ("MiningProject", "Other")}), date="2010", position=1)
    write_source(tmp_path, "beta", source("beta", firms, [stake]), date="2012", position=2)
    facts = read_start(build_in(tmp_path)[0].store)
    assert facts.stakes == [("firm", "mine", 25.0, "")]
    shown = start_values(facts, "en", lambda kind, _: kind, str)["counts"]
    assert shown == [
        ("2", "mines, blocks, projects"),
        ("1", "firm or body"),
        ("1", "stake"),
        ("2", "sources, every fact cited"),
    ]

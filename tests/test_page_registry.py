"""A row in a registry is enough: a made-up page or format appears wherever pages and formats are listed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from browser import visit
from peru_asia_graph.cli import pag
from peru_asia_graph.errors import UnknownName
from peru_asia_graph.exporters import format_registry
from peru_asia_graph.exporters.exports_folder import make_exports
from peru_asia_graph.exporters.format_registry import ExportFormat
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.paths import PROJECT_VARIABLE, Project
from peru_asia_graph.rdf.formats import sort_statements
from peru_asia_graph.views import page_registry, shell, words
from peru_asia_graph.views.page_registry import InteractivePage, find_page, page_kinds

ROOT = Path(__file__).parents[1]
QUERY = """
SELECT ?id ?label ?type (GROUP_CONCAT(DISTINCT ?locator; SEPARATOR="; ") AS ?where)
WHERE {
  ?id a pag:HydrocarbonBlock ; rdfs:label ?label ; pag:citation/rdfs:label ?locator .
  BIND("HydrocarbonBlock" AS ?type)
}
GROUP BY ?id ?label ?type ORDER BY ?id
"""
SCRIPT = """
PAGES.blocks = {
  start: () => $("charts").append(...[...entries.values()].map((entry) => el("p", entryName(entry)))),
};
"""
WORDS = {
    "en": {"nav.blocks": "Blocks", "blocks.title": "Oil and gas blocks", "blocks.lead": "All of them."},
    "es": {"nav.blocks": "Lotes", "blocks.title": "Lotes de petróleo y gas", "blocks.lead": "Todos."},
}


@pytest.fixture
def blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """A project with one more page: a row, a query, a script and its words."""
    project = Project(tmp_path / "project")
    for name in ("data", "ontology", "exports"):
        shutil.copytree(ROOT / name, project.root / name)
    (project.ontology / "pages" / "blocks.rq").write_text(QUERY, encoding="utf-8")
    views = tmp_path / "views"
    shutil.copytree(shell.HERE, views)
    (views / "script" / "blocks.js").write_text(SCRIPT, encoding="utf-8")
    (views / "words" / "pages" / "blocks.json").write_text(json.dumps(WORDS), encoding="utf-8")
    monkeypatch.setenv(PROJECT_VARIABLE, str(project.root))
    monkeypatch.setattr(shell, "HERE", views)
    monkeypatch.setattr(words, "FOLDER", views / "words")
    caches = [one for module in (shell, words) for one in vars(module).values() if hasattr(one, "cache_clear")]
    for cached in caches:
        cached.cache_clear()
    page_registry.PAGES.append(InteractivePage("blocks"))
    yield project
    page_registry.PAGES.pop()
    for cached in caches:
        cached.cache_clear()


def test_page_needs_a_row_a_query_a_script_and_words(blocks: Project, browser: Any, tmp_path: Path) -> None:
    run = CliRunner()
    assert f"{'|'.join(page_kinds())}}}" in run.invoke(pag, ["view", "--help"]).output.replace("\n", "").replace(
        " ", ""
    )
    target = tmp_path / "one.html"
    assert run.invoke(pag, ["view", "blocks", "-o", str(target)]).exit_code == 0
    with visit(browser, target) as seen:
        assert "Block 8" in seen.page.locator("#charts p").all_text_contents()
        assert (seen.console, seen.requests) == ([], [])


@pytest.mark.slow
def test_registered_page_is_in_exports_and_on_the_index_page(
    blocks: Project, browser: Any, tmp_path: Path, tiny_kg: KnowledgeGraph
) -> None:
    files = make_exports([], tiny_kg.store, blocks)
    for name in (name for name in files if name.endswith((".html", ".js", ".css"))):
        (tmp_path / "out" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / name).write_bytes(files[name])
    with visit(browser, tmp_path / "out" / "inicio.html", ready=None) as seen:
        assert "Lotes de petróleo y gas" in seen.page.locator('.entry[href="blocks.html#lang=es"]').text_content()
        seen.page.locator("nav a", has_text="Lotes").click()
        seen.page.wait_for_selector("html[data-ready]", state="attached")
        assert seen.page.locator("#title").text_content() == "Lotes de petróleo y gas"
        assert (seen.console, seen.requests) == ([], [])


def test_every_registered_page_is_complete() -> None:
    for page in page_registry.PAGES:
        assert callable(page.builder())
        assert all((ROOT / "ontology" / "pages" / f"{name}.rq").is_file() for name in page.query_names)
        script = (shell.HERE / "script" / f"{page.script_name}.js").read_text("utf-8")
        assert f"PAGES.{page.kind} = " in script or f'PAGES["{page.kind}"] = ' in script
        for language in words.LANGUAGES:
            ui = words.words(language)["ui"]
            assert {f"nav.{page.kind}", f"{page.kind}.title", f"{page.kind}.lead"} <= ui.keys()


def test_unknown_page_gets_a_suggestion() -> None:
    with pytest.raises(UnknownName, match="trade"):
        find_page("trad")


@pytest.fixture
def more_turtle(monkeypatch: pytest.MonkeyPatch) -> Iterator[ExportFormat]:
    """An additional format: a row and a function."""
    row = ExportFormat("turtle-2", "tt2", "graph", "rdf_graph.write_twice", "Turtle for a test")
    function = lambda source, form, which: f"{form}: {len(source.rows)}".encode()  # noqa: E731
    monkeypatch.setattr("peru_asia_graph.exporters.rdf_graph.write_twice", function, raising=False)
    format_registry.FORMATS.append(row)
    yield row
    format_registry.FORMATS.pop()


@pytest.mark.slow
def test_format_needs_a_row_and_a_function(
    more_turtle: ExportFormat, sources: KnowledgeGraph, tmp_path: Path, tiny_kg: KnowledgeGraph
) -> None:
    run = CliRunner()
    assert "|turtle-2]" in run.invoke(pag, ["export", "--help"]).output.replace("\n", "").replace(" ", "")
    target = tmp_path / "graph.tt2"
    assert run.invoke(pag, ["export", "-o", str(target)]).exit_code == 0
    assert target.read_bytes() == sources.export("turtle-2") == f"turtle-2: {len(sources.store.quads())}".encode()
    rows = sort_statements(tiny_kg.store.quads())
    files = make_exports(rows, tiny_kg.store, Project(ROOT))
    assert files["peru-asia-graph.tt2"] == f"turtle-2: {len(rows)}".encode()
    assert "| `peru-asia-graph.tt2` | Turtle for a test |" in files["README.md"].decode()
    assert b"Turtle for a test" in files["index.html"]


def test_unknown_formats_networks_and_tables_are_refused(kg: KnowledgeGraph) -> None:
    for arguments, known in (({"form": "tutle"}, "turtle"), ({"form": "csv", "table": "stake"}, "stakes"),
                             ({"form": "gexf", "network": "ownerships"}, "ownership")):  # fmt: skip
        with pytest.raises(UnknownName, match=known):
            kg.export(**arguments)

"""Citations of a page: their labels, and answers that show them, if no lines and no row are given."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.vocabulary import expand, thing
from two_sources import build_in, flat, source, write_source

THINGS = {"field": ("HydrocarbonBlock", "North Field"), "firm": ("Firm", "Owner Co."), "top": ("Firm", "Top Co.")}
CITATIONS = [
    {"id": "c-part", "source": "alpha", "page": "1", "paragraph": "1", "first_line": "2", "last_line": "3"},
    {"id": "c-paragraph", "source": "alpha", "page": "3", "last_page": "4", "paragraph": "2"},
    {"id": "c-table", "source": "alpha", "page": "5", "table": "Table 2"},
    {"id": "c-row", "source": "alpha", "page": "5", "table": "Table 2", "row": "Total"},
]
STAKES = [
    {"id": "s-1", "owner": "firm", "owned": "field", "share_percent": "40", "citations": "c-paragraph"},
    {"id": "s-2", "owner": "top", "owned": "firm", "share_percent": "50", "citations": "c-table"},
]


@pytest.mark.slow
def test_citations_need_neither_lines_nor_a_row(tmp_path: Path) -> None:
    tables = source("alpha", THINGS, STAKES)
    tables["citations"] = [*tables["citations"], *CITATIONS]
    write_source(tmp_path, "alpha", tables, date="2013", valid="2013")
    graph = build_in(tmp_path)[0]
    lines = {row["citations"] for row in graph.ask("where-is-it-said", thing="field")}
    assert lines == {"p. 1 ¶1"}
    places = dict(line.split(",", 1) for line in flat(graph, "citations")[1:])
    starts = {"alpha-p1": "p. 1 ¶1,", "c-part": '"p. 1 ¶1, lines 2–3",', "c-paragraph": "p. 3–4 ¶2,",
              "c-table": "Table 2 (p. 5),", "c-row": '"Table 2, row Total (p. 5)",'}  # fmt: skip
    assert places.keys() == starts.keys()
    assert [one for one in starts if not places[one].startswith(starts[one])] == []
    assert "  40 % of North Field  [p. 3–4 ¶2]" in graph.explain("field")
    assert "  50 % of Owner Co.  [Table 2 (p. 5)]" in graph.explain("firm")
    assert [row["fact"] for row in graph.ask("page-facts", page=3)] == ["Owner Co. holds 40 % of North Field"]
    assert [row["fact"] for row in graph.ask("row-facts", table="Table 2", row="T")] == []


@pytest.mark.slow
def test_stake_of_another_graph_may_have_no_citation(tmp_path: Path) -> None:
    stakes = [{**one, "citations": "alpha-p1"} for one in STAKES]
    write_source(tmp_path, "alpha", source("alpha", THINGS, stakes), date="2013", valid="2013")
    built = build_in(tmp_path)[1].store
    for quad in list(built.quads_for_pattern(NamedNode(thing("s-1")), NamedNode(expand("pag:citation")), None)):
        built.remove(quad)
    assert "  40 % of North Field\n" in KnowledgeGraph(EmbeddedStore(built)).explain("field")

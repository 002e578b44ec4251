"""RDF has no order: loading a graph in a different order changes nothing that is written or shown."""

from __future__ import annotations

import random
from pathlib import Path

import pyoxigraph as ox
import pytest

from page_data import make_pages
from peru_asia_graph.exporters.exports_folder import file_name
from peru_asia_graph.exporters.format_registry import FORMATS, ExportInput, names_of
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.pages import make_page
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.vocabulary import RDF_TYPE, THING
from test_questions import QUESTIONS, example_values

ROOT = Path(__file__).parents[1]
ONTOLOGY = ROOT / "ontology"


@pytest.fixture(scope="module")
def shuffled(sources: KnowledgeGraph) -> KnowledgeGraph:
    """The shipped graph with its quads inserted in a different order."""
    quads = list(sources.store.quads())
    random.Random(7).shuffle(quads)
    store = ox.Store()
    store.extend(quads)
    return KnowledgeGraph(EmbeddedStore(store))


@pytest.mark.slow
def test_pages_match_the_exports(shuffled: KnowledgeGraph, whole: Path) -> None:
    pages = {name: data for name, data in make_pages(shuffled.store, ONTOLOGY).items() if name.endswith(".html")}
    # The index pages list the files next to them.
    compared = pages.keys() - {"index.html", "inicio.html"}
    assert len(compared) >= 7
    assert [name for name in sorted(compared) if (whole / name).read_bytes() != pages[name]] == []


@pytest.mark.slow
@pytest.mark.parametrize("form", [row.name for row in FORMATS if row.built and row.content != "graph"])
def test_tables_and_networks_match_the_exports(shuffled: KnowledgeGraph, form: str) -> None:
    (row,) = (row for row in FORMATS if row.name == form)
    source = ExportInput(shuffled.store, ONTOLOGY, list)
    for which in names_of(row.content, ONTOLOGY):
        assert row.data(source, which) == (ROOT / "exports" / file_name(row, which)).read_bytes(), which


@pytest.mark.slow
@pytest.mark.parametrize("every", [3, pytest.param(1, marks=pytest.mark.long)])
def test_answers_have_the_same_cells_in_the_same_order(
    sources: KnowledgeGraph, shuffled: KnowledgeGraph, every: int
) -> None:
    different = []
    for name, question in list(QUESTIONS.items())[::every]:
        values = example_values(question)
        if sources.ask(name, **values).table() != shuffled.ask(name, **values).table():
            different.append(name)
    assert different == []


@pytest.mark.slow
@pytest.mark.parametrize("number", [100, pytest.param(3000, marks=pytest.mark.long)])
def test_cards_are_the_same(sources: KnowledgeGraph, shuffled: KnowledgeGraph, number: int) -> None:
    typed = {str(quad.subject)[1:-1] for quad in sources.store.quads() if quad.predicate.value == RDF_TYPE}
    things = sorted(iri for iri in typed if iri.startswith(THING))
    chosen = [*random.Random(7).sample(things, number), f"{THING}peru", f"{THING}block-8", f"{THING}cnpc"]
    different = []
    for iri in chosen:
        one, other = (make_page(graph, "thing", {"language": "es", "iri": iri})[2] for graph in (sources, shuffled))
        if one != other:
            different.append(iri)
    assert different == []


def test_notes_on_names_cite_in_reading_order(sources: KnowledgeGraph, shuffled: KnowledgeGraph) -> None:
    """China SciTech: Table 7, row Mina Justa, which is printed above row Marcobre."""
    for name in ("CST Mining Group", "Mitsubishi", "CNPC", "China SciTech"):
        assert sources.notes(name) == shuffled.notes(name) != [], name
    (note,) = shuffled.notes("CST Mining Group")
    assert "Table 7, row Mina Justa (p. 28); Table 7, row Marcobre (p. 28)" in note

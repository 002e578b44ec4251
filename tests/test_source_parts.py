"""The graph of one source contains the things that source mentions and nothing known only from others."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.sources import copy_parts, sources_table
from peru_asia_graph.site.pages import make_page
from peru_asia_graph.sources.tables import read_source
from peru_asia_graph.store import part_copies
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.vocabulary import GRAPH

ROOT = Path(__file__).parents[1]
SPOKEN_OF = """
SELECT DISTINCT ?name ?thing WHERE {
  ?graph a pag:SourceGraph ; dcterms:identifier ?name .
  { GRAPH ?graph { ?thing ?property ?value } } UNION { GRAPH ?graph { ?other ?link ?thing } }
  FILTER(STRSTARTS(STR(?thing), STR(id:))) }"""
TYPED = "SELECT DISTINCT ?thing WHERE { VALUES ?class { pag:Actor pag:Project pag:Agreement } ?thing a ?class }"


def test_single_source_types_only_its_own_things(sources: KnowledgeGraph) -> None:
    spoken = defaultdict(set)
    for name, thing in sources.query(SPOKEN_OF).rows:
        assert name is not None
        spoken[name.value].add(thing)
    for source in sources.sources:
        typed = {thing for (thing,) in sources.only(source.name).query(TYPED).rows}
        assert typed, source.name
        assert typed <= spoken[source.name], source.name


def test_paper_alone_has_nineteen_states(sources: KnowledgeGraph) -> None:
    count = "SELECT (COUNT(?state) AS ?states) { ?state a pag:State }"
    assert sources.only("sanborn-yong").query(count).table() == [[19]]
    # Only the votes of Peru, China, Japan and Korea in the General Assembly are included.
    assert sources.only("un-votes").query(count).table() == [[4]]


STATING = ("stakes", "relations", "phases", "observations", "agreements", "events", "participations", "tenures",
           "investments", "findings", "claims")  # fmt: skip


def test_things_and_statements_of_a_source_are_the_rows_of_its_tables(sources: KnowledgeGraph) -> None:
    """GEM prints KNOC and SK Energy twice each, as firm and as branch: two things less than rows."""
    for row in sources_table(sources.store):
        tables = read_source(ROOT / "data" / str(row["name"])).tables
        rows = {name: len(table.rows) for name, table in tables.items()}
        things = rows["entities"] - (2 if row["name"] == "gem" else 0)
        statements = sum(rows.get(name, 0) for name in STATING)
        assert (int(str(row["things"])), int(str(row["statements"]))) == (things, statements), row["name"]


def test_shared_statements_are_stored_once(sources: KnowledgeGraph) -> None:
    found = sources.query(f"""
      SELECT ?s ?p ?o (COUNT(*) AS ?times) WHERE {{
        GRAPH ?graph {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?graph), "{GRAPH}shared/"))
      }} GROUP BY ?s ?p ?o HAVING(COUNT(*) > 1)""")
    assert found.table() == []
    types = sources.query("SELECT ?s (COUNT(*) AS ?n) { ?s a pag:State } GROUP BY ?s HAVING(COUNT(*) > 1)")
    assert types.table() == []


def _graphs() -> EmbeddedStore:
    text = "GRAPH <x:a> { <x:s> <x:p> 1 } GRAPH <x:b> { <x:s> <x:p> 2 } GRAPH <x:c> { <x:s> <x:p> 2 ; <x:q> 3 }"
    return EmbeddedStore.of(ox.parse(text, format=ox.RdfFormat.TRIG))


@pytest.mark.parametrize("graphs,values", [
    (["x:a"], {1}), (["x:a", "x:b"], {1, 2}), (["x:b", "x:c"], {2, 3}), (["x:none"], set()), ([], set()),
])  # fmt: skip
def test_repeated_use_of_a_part_does_not_change_answers(graphs: list[str], values: set[int]) -> None:
    store = _graphs()
    for _ in range(99):
        part = store.part(graphs)
        assert {row["o"] for row in part.query("SELECT ?o { ?s ?p ?o }")} == values
        named = {row["g"] for row in part.query("SELECT ?g { GRAPH ?g { ?s ?p ?o } }")}
        assert named == set(graphs) - {"x:none"}
    assert {row["o"] for row in store.query("SELECT ?o { ?s ?p ?o }")} == {1, 2, 3}
    with pytest.raises(WrongUse, match="FROM"):
        part.query("SELECT ?o FROM <x:c> { ?s ?p ?o }")


def test_frequently_used_part_is_copied_unless_the_store_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    store = ox.Store()
    store.extend([ox.Quad(ox.NamedNode("x:s"), ox.NamedNode("x:p"), ox.Literal(1), ox.NamedNode("x:a"))])
    copies = part_copies.PartCopies(store)
    found = [copies.find(["x:a"]) for _ in range(99)]
    assert found[0] is None and found[-1] is not None and set(found[-1]) == set(store)
    monkeypatch.setattr(part_copies, "_MOST", 1)  # quads
    copies = part_copies.PartCopies(store)
    assert {copies.find(["x:a"]) for _ in range(99)} == {None}


def test_all_sources_can_be_copied_at_once(sources: KnowledgeGraph) -> None:
    inner = ox.Store()
    inner.extend(sources.store.quads())
    store = EmbeddedStore(inner)
    copy_parts(store)
    inner.clear()  # from here on only the copies can answer
    for source in sources.sources:
        found = [set(map(tuple, one.part(source.graphs).query(TYPED).rows)) for one in (sources.store, store)]
        assert found[0] == found[1] != set(), source.name


def test_graph_without_named_graphs_is_rejected(sources: KnowledgeGraph) -> None:
    merged = KnowledgeGraph(EmbeddedStore.of(ox.Quad(*quad.triple) for quad in sources.store.quads()))
    assert merged.query("ASK { id:block-8 a pag:HydrocarbonBlock }").boolean
    for answer in (
        lambda: merged.owners("Block 8"),
        lambda: merged.show("Block 8"),
        lambda: merged.ask("who-owns", asset="Block 8"),
        lambda: merged.only("gem"),
    ):
        with pytest.raises(WrongUse, match="does not say which source states what"):
            answer()
    status, _, page = make_page(merged, "home", {})
    assert status == 400 and 'class="failure" lang="en">' in str(page)

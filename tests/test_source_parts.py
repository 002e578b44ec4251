"""A source is read with what it speaks of, and with nothing that only others know."""

from __future__ import annotations

from collections import defaultdict

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.vocabulary import GRAPH

SPOKEN_OF = """
SELECT DISTINCT ?name ?thing WHERE {
  ?graph a pag:SourceGraph ; dcterms:identifier ?name .
  { GRAPH ?graph { ?thing ?property ?value } } UNION { GRAPH ?graph { ?other ?link ?thing } }
  FILTER(STRSTARTS(STR(?thing), STR(id:))) }"""
TYPED = "SELECT DISTINCT ?thing WHERE { VALUES ?class { pag:Actor pag:Project pag:Agreement } ?thing a ?class }"


def test_a_part_knows_the_things_of_its_source_alone(sources: KnowledgeGraph) -> None:
    spoken = defaultdict(set)
    for name, thing in sources.query(SPOKEN_OF).rows:
        assert name is not None
        spoken[name.value].add(thing)
    for source in sources.sources:
        typed = {thing for (thing,) in sources.only(source.name).query(TYPED).rows}
        assert typed, source.name
        assert typed <= spoken[source.name], source.name


def test_the_paper_names_nineteen_states_beside_other_sources(sources: KnowledgeGraph) -> None:
    count = "SELECT (COUNT(?state) AS ?states) { ?state a pag:State }"
    assert sources.only("sanborn-yong").query(count).table() == [[19]]
    # The general assembly is asked about Peru, China, Japan and Korea only.
    assert sources.only("un-votes").query(count).table() == [[4]]


def test_what_several_speak_of_stands_once_in_the_union(sources: KnowledgeGraph) -> None:
    found = sources.query(f"""
      SELECT ?s ?p ?o (COUNT(*) AS ?times) WHERE {{
        GRAPH ?graph {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?graph), "{GRAPH}shared/"))
      }} GROUP BY ?s ?p ?o HAVING(COUNT(*) > 1)""")
    assert found.table() == []
    types = sources.query("SELECT ?s (COUNT(*) AS ?n) { ?s a pag:State } GROUP BY ?s HAVING(COUNT(*) > 1)")
    assert types.table() == []

"""The SPARQL 1.1 Service Description of the endpoint, with the dataset's VoID, as triples.

It has no blank nodes, so that two descriptions can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pyoxigraph as ox

from peru_asia_graph.vocabulary import DESCRIPTION_GRAPH, PREFIXES, RDF_TYPE

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_RESULTS: Final = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads",
)  # fmt: skip
_GRAPHS: Final = "SELECT ?g WHERE { GRAPH ?g { ?s a ?c } } GROUP BY ?g ORDER BY ?g"
_VOID: Final = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{DESCRIPTION_GRAPH}> {{ ?s ?p ?o }} }}"

_ABOUT_SOURCES: Final = """CONSTRUCT { ?graph dcterms:title ?title . ?graph ?property ?value } WHERE {
  ?graph a pag:SourceGraph ; rdfs:label ?title .
  OPTIONAL { VALUES ?property { dcterms:license dcterms:date dcterms:bibliographicCitation } ?graph ?property ?value }
}"""


def describe_service(store: Any, endpoint: str) -> list[ox.Triple]:
    """Return the description of the endpoint at this address."""
    graphs = [row[0].value for row in store.query(_GRAPHS).rows if row[0]]
    void: list[ox.Triple] = store.answer(_VOID, list)
    sources = [ox.Triple(*row) for row in _sources(store, endpoint, graphs)]
    service = [ox.Triple(*map(ox.NamedNode, row)) for row in _service(endpoint, graphs)]
    return [*service, *sources, *void]


def _sources(store: Any, endpoint: str, graphs: list[str]) -> Iterator[tuple[Any, Any, Any]]:
    """Return title, licence and date of each named graph that belongs to a source."""
    said: list[ox.Triple] = store.answer(_ABOUT_SOURCES, list)
    numbers = {graph: number for number, graph in enumerate(graphs, 1)}
    for one in said:
        if isinstance(one.subject, ox.NamedNode) and one.subject.value in numbers:
            yield ox.NamedNode(f"{endpoint}#graph-{numbers[one.subject.value]}"), one.predicate, one.object


def _service(endpoint: str, graphs: list[str]) -> Iterator[tuple[str, str, str]]:
    service, dataset = f"{endpoint}#service", f"{endpoint}#dataset"
    yield service, RDF_TYPE, f"{_SD}Service"
    yield service, f"{_SD}endpoint", endpoint
    yield service, f"{_SD}supportedLanguage", f"{_SD}SPARQL11Query"
    yield service, f"{_SD}feature", f"{_SD}UnionDefaultGraph"
    for name in _RESULTS:
        yield service, f"{_SD}resultFormat", _FORMATS + name
    yield service, f"{_SD}defaultDataset", dataset
    yield dataset, RDF_TYPE, f"{_SD}Dataset"
    yield dataset, f"{_SD}defaultGraph", f"{endpoint}#union"
    yield f"{endpoint}#union", RDF_TYPE, f"{_SD}Graph"
    for number, graph in enumerate(graphs, 1):
        named = f"{endpoint}#graph-{number}"
        yield dataset, f"{_SD}namedGraph", named
        yield named, RDF_TYPE, f"{_SD}NamedGraph"
        yield named, f"{_SD}name", graph
        yield named, PREFIXES["rdfs"] + "seeAlso", graph

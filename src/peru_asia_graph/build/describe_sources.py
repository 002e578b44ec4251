"""What the graph says of its sources: name, date, licence, and the graphs that hold them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from peru_asia_graph.sources.dates import parse_date
from peru_asia_graph.sources.tables import Source
from peru_asia_graph.vocabulary import DESCRIPTION_GRAPH, RDF_TYPE, RDFS_LABEL, XSD, derived_graph, expand, term

_NAMED_GRAPH: Final = "http://www.w3.org/ns/sparql-service-description#NamedGraph"


def describe_sources(sources: Sequence[Source], shared: Mapping[str, Sequence[str]]) -> list[Quad]:
    """Return the description of each source, about its graph, in the order given.

    ``shared`` has by the name of each source the graphs of what it and others speak of.
    """
    graph = NamedNode(DESCRIPTION_GRAPH)
    return [
        Quad(NamedNode(source.graph), NamedNode(name), value, graph)
        for number, source in enumerate(sources, 1)
        for name, value in _describe(source, number, shared[source.name])
    ] + [
        Quad(NamedNode(name), NamedNode(RDF_TYPE), NamedNode(_NAMED_GRAPH), graph)
        for name in dict.fromkeys(
            name for source in sources for name in (derived_graph(source.name), *shared[source.name])
        )
    ]


def _describe(source: Source, number: int, shared: Sequence[str]) -> Iterator[tuple[str, NamedNode | Literal]]:
    about = source.about
    yield RDF_TYPE, NamedNode(term("SourceGraph"))
    yield term("sourceOrder"), Literal(str(number), datatype=NamedNode(XSD + "positiveInteger"))
    for name in (RDFS_LABEL, expand("dcterms:title")):
        yield name, Literal(about.title or source.name, language="en")
    yield expand("dcterms:identifier"), Literal(source.name)
    yield expand("dcterms:alternative"), Literal(about.short or source.name)
    yield term("derivedGraph"), NamedNode(derived_graph(source.name))
    for name in shared:
        yield expand("dcterms:requires"), NamedNode(name)
    for name, text in (("dcterms:date", about.date), ("dcterms:valid", about.as_of)):
        if text:
            yield expand(name), Literal(text, datatype=NamedNode(parse_date(text).datatype))
    if about.citation:
        yield expand("dcterms:bibliographicCitation"), Literal(about.citation)
    for name, address in (("dcterms:license", about.licence), ("foaf:page", about.address)):
        if address:
            yield expand(name), NamedNode(address)

"""The description of the dataset in VoID and DCAT, with counts of all graphs but the description itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from peru_asia_graph.rdf.quads import iri
from peru_asia_graph.vocabulary import BASE, DESCRIPTION_GRAPH, ONTOLOGY, PREFIXES, RDF_TYPE, XSD, local, thing

DATASET: Final = BASE + "dataset"
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
ISSUED: Final = "2026-11-23"
EXAMPLES: Final = ("block-8", "cnpc", "mina-justa", "peru-china-fta")
MEDIA: Final = {
    "peru-asia-graph.ttl": "text/turtle",
    "peru-asia-graph.trig": "application/trig",
    "peru-asia-graph.jsonld": "application/ld+json",
}


def describe_dataset(quads: Sequence[Quad]) -> list[Quad]:
    """Return the description of the dataset made of these quads."""
    graph = NamedNode(DESCRIPTION_GRAPH)
    triples = [*_about(), *_counts(quads), *_partitions(quads), *_distributions()]
    return [Quad(NamedNode(subject), NamedNode(_full(name)), value, graph) for subject, name, value in triples]


_Triple = tuple[str, str, NamedNode | Literal]


def _full(name: str) -> str:
    prefix, _, rest = name.partition(":")
    return PREFIXES[prefix] + rest


def _about() -> Iterator[_Triple]:
    yield DATASET, "rdf:type", NamedNode(_full("void:Dataset"))
    yield DATASET, "rdf:type", NamedNode(_full("dcat:Dataset"))
    yield DATASET, "dcterms:title", Literal("Peru–Asia knowledge graph", language="en")
    yield DATASET, "dcterms:title", Literal("Grafo de conocimiento Perú–Asia", language="es")
    text = "Who owns which Peruvian mine and oil block, and how Peru dealt and traded with China, Japan and Korea: "
    yield DATASET, "dcterms:description", Literal(text + "the facts of one paper, each with its place.", language="en")
    yield DATASET, "dcterms:license", NamedNode(LICENCE)
    yield DATASET, "dcterms:creator", NamedNode(BASE + "maintainers")
    yield DATASET, "dcterms:source", NamedNode(thing("sanborn-yong"))
    yield DATASET, "dcterms:issued", Literal(ISSUED, datatype=NamedNode(XSD + "date"))
    yield DATASET, "owl:versionInfo", Literal(version("peru-asia-graph"))
    yield DATASET, "void:uriSpace", Literal(BASE)
    yield DATASET, "void:vocabulary", NamedNode(ONTOLOGY.removesuffix("#"))
    for slug in EXAMPLES:
        yield DATASET, "void:exampleResource", NamedNode(thing(slug))


def _number(count: int) -> Literal:
    return Literal(str(count), datatype=NamedNode(XSD + "integer"))


def _counts(quads: Sequence[Quad]) -> Iterator[_Triple]:
    subjects = {quad.subject for quad in quads}
    yield DATASET, "void:triples", _number(len({quad.triple for quad in quads}))
    yield DATASET, "void:entities", _number(sum(iri(one).startswith(thing("")) for one in subjects))
    yield DATASET, "void:distinctSubjects", _number(len(subjects))
    yield DATASET, "void:distinctObjects", _number(len({quad.object for quad in quads}))
    yield DATASET, "void:properties", _number(len({quad.predicate for quad in quads}))
    for name, count in sorted(Counter(iri(quad.graph_name) for quad in quads).items()):
        yield DATASET, "void:subset", NamedNode(name)
        yield name, "rdf:type", NamedNode(_full("void:Dataset"))
        yield name, "void:triples", _number(count)


def _partitions(quads: Sequence[Quad]) -> Iterator[_Triple]:
    members = {(quad.subject, iri(quad.object)) for quad in quads if quad.predicate.value == RDF_TYPE}
    for name, count in sorted(Counter(name for _, name in members).items()):
        if name.startswith((ONTOLOGY, PREFIXES["qb"])):
            part = f"{DATASET}/class/{local(name).rsplit('#', 1)[-1]}"
            yield DATASET, "void:classPartition", NamedNode(part)
            yield part, "void:class", NamedNode(name)
            yield part, "void:entities", _number(count)


def _distributions() -> Iterator[_Triple]:
    for file, media in MEDIA.items():
        part = f"{DATASET}/{file}"
        yield DATASET, "dcat:distribution", NamedNode(part)
        yield DATASET, "void:dataDump", NamedNode(part)
        yield part, "rdf:type", NamedNode(_full("dcat:Distribution"))
        yield part, "dcterms:license", NamedNode(LICENCE)
        yield part, "dcat:mediaType", NamedNode(f"https://www.iana.org/assignments/media-types/{media}")
        yield part, "dcterms:title", Literal(file)

"""What the dataset says of itself in VoID and DCAT, with counts of all other graphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from peru_asia_graph.rdf.quads import SortedRow
from peru_asia_graph.vocabulary import (
    BASE,
    DERIVED_GRAPH,
    DESCRIPTION_GRAPH,
    DIFFERENCES_GRAPH,
    ONTOLOGY,
    ONTOLOGY_GRAPH,
    PREFIXES,
    REFERENCE_GRAPH,
    SHARED_GRAPH,
    XSD,
    local,
    thing,
)

DATASET: Final = BASE + "dataset"
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
ISSUED: Final = "2026-11-23"
EXAMPLES: Final = ("block-8", "cnpc", "mina-justa", "peru-china-fta")
MEDIA: Final = {
    "peru-asia-graph.ttl": "text/turtle",
    "peru-asia-graph.trig": "application/trig",
    "peru-asia-graph.jsonld": "application/ld+json",
}
_NO_SOURCES: Final = {DESCRIPTION_GRAPH, DIFFERENCES_GRAPH, ONTOLOGY_GRAPH, REFERENCE_GRAPH, SHARED_GRAPH}

_Triple = tuple[str, str, NamedNode | Literal]


def describe_dataset(rows: Sequence[SortedRow], is_shipped: bool) -> list[Quad]:
    """Return the description of the dataset made of these sorted quads.

    The shipped dataset has a licence, a creator and a date of issue; another gets none.
    """
    graphs = Counter(key[3][1:-1] for key, _ in rows)
    sources = sorted(name for name in graphs.keys() - _NO_SOURCES if not name.startswith(DERIVED_GRAPH))
    about = _about_shipped() if is_shipped else _about_others(sources)
    triples = [*about, *_counts(rows, graphs), *_classes(rows), *_distributions(is_shipped)]
    graph = NamedNode(DESCRIPTION_GRAPH)
    return [Quad(NamedNode(subject), NamedNode(_full(name)), value, graph) for subject, name, value in triples]


def _full(name: str) -> str:
    prefix, _, rest = name.partition(":")
    return PREFIXES[prefix] + rest


def _about_shipped() -> Iterator[_Triple]:
    yield from _about("Peru–Asia knowledge graph", "Grafo de conocimiento Perú–Asia")
    text = "Who owns which Peruvian mine and oil block, and how Peru dealt and traded with China, Japan and Korea: "
    yield DATASET, "dcterms:description", Literal(text + "the facts of one paper, each with its place.", language="en")
    yield DATASET, "dcterms:license", NamedNode(LICENCE)
    yield DATASET, "dcterms:creator", NamedNode(BASE + "maintainers")
    yield DATASET, "dcterms:source", NamedNode(thing("sanborn-yong"))
    yield DATASET, "dcterms:issued", Literal(ISSUED, datatype=NamedNode(XSD + "date"))
    for slug in EXAMPLES:
        yield DATASET, "void:exampleResource", NamedNode(thing(slug))


def _about_others(sources: Sequence[str]) -> Iterator[_Triple]:
    names = ", ".join(local(source) for source in sources)
    yield from _about(f"Knowledge graph of {names}", f"Grafo de conocimiento de {names}")


def _about(english: str, spanish: str) -> Iterator[_Triple]:
    yield DATASET, "rdf:type", NamedNode(_full("void:Dataset"))
    yield DATASET, "rdf:type", NamedNode(_full("dcat:Dataset"))
    yield DATASET, "dcterms:title", Literal(english, language="en")
    yield DATASET, "dcterms:title", Literal(spanish, language="es")
    yield DATASET, "owl:versionInfo", Literal(version("peru-asia-graph"))
    yield DATASET, "void:uriSpace", Literal(BASE)
    yield DATASET, "void:vocabulary", NamedNode(ONTOLOGY.removesuffix("#"))


def _number(count: int) -> Literal:
    return Literal(str(count), datatype=NamedNode(XSD + "integer"))


def _counts(rows: Sequence[SortedRow], graphs: Counter[str]) -> Iterator[_Triple]:
    subjects = {key[0] for key, _ in rows}
    yield DATASET, "void:triples", _number(len({key[:3] for key, _ in rows}))
    yield DATASET, "void:entities", _number(sum(subject.startswith(f"<{thing('')}") for subject in subjects))
    yield DATASET, "void:distinctSubjects", _number(len(subjects))
    yield DATASET, "void:distinctObjects", _number(len({key[2] for key, _ in rows}))
    yield DATASET, "void:properties", _number(len({key[1] for key, _ in rows}))
    for name, count in sorted(graphs.items()):
        yield DATASET, "void:subset", NamedNode(name)
        yield name, "rdf:type", NamedNode(_full("void:Dataset"))
        yield name, "void:triples", _number(count)


def _classes(rows: Sequence[SortedRow]) -> Iterator[_Triple]:
    members = {(subject, target[1:-1]) for (subject, predicate, target, _), _ in rows if not predicate}
    for name, count in sorted(Counter(name for _, name in members).items()):
        if name.startswith((ONTOLOGY, PREFIXES["qb"])):
            part = f"{DATASET}/class/{local(name).rsplit('#', 1)[-1]}"
            yield DATASET, "void:classPartition", NamedNode(part)
            yield part, "void:class", NamedNode(name)
            yield part, "void:entities", _number(count)


def _distributions(is_shipped: bool) -> Iterator[_Triple]:
    for file, media in MEDIA.items():
        part = f"{DATASET}/{file}"
        yield DATASET, "dcat:distribution", NamedNode(part)
        yield DATASET, "void:dataDump", NamedNode(part)
        yield part, "rdf:type", NamedNode(_full("dcat:Distribution"))
        if is_shipped:
            yield part, "dcterms:license", NamedNode(LICENCE)
        yield part, "dcat:mediaType", NamedNode(f"https://www.iana.org/assignments/media-types/{media}")
        yield part, "dcterms:title", Literal(file)

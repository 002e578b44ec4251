"""Describe the sources, and the dataset in VoID and DCAT, from counts and a hand-written catalogue file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from peru_asia_graph.build.reference import read_turtle
from peru_asia_graph.rdf.quads import SortedRow, quads_in
from peru_asia_graph.sources.dates import parse_date
from peru_asia_graph.sources.tables import Source
from peru_asia_graph.vocabulary import (
    BASE,
    DATASET,
    DERIVED_GRAPH,
    DESCRIPTION_GRAPH,
    DIFFERENCES_GRAPH,
    ONTOLOGY,
    ONTOLOGY_GRAPH,
    PREFIXES,
    RDF_TYPE,
    RDFS_LABEL,
    REFERENCE_GRAPH,
    XSD,
    derived_graph,
    expand,
    is_shared_graph,
    local,
    term,
    thing,
)

# The files of the whole graph: media type, EU file type code, description.
DUMPS: Final = {
    "peru-asia-graph.ttl": ("text/turtle", "RDF_TURTLE", "The whole graph in Turtle, without named graphs."),
    "peru-asia-graph.trig": ("application/trig", "RDF_TRIG", "The whole graph in TriG, with its named graphs."),
    "peru-asia-graph.jsonld": ("application/ld+json", "JSON_LD", "The whole graph in JSON-LD, with its named graphs."),
}
# Length of the digest of the quads that ends the version.
_DIGITS: Final = 8
_NO_SOURCES: Final = {DESCRIPTION_GRAPH, DIFFERENCES_GRAPH, ONTOLOGY_GRAPH, REFERENCE_GRAPH}
_MEDIA: Final = "https://www.iana.org/assignments/media-types/"
_AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
_SCHEMES: Final = {_AUTHORITY + "file-type": "File types", _AUTHORITY + "planned-availability": "Planned availability"}
_AVAILABILITY: Final = _AUTHORITY + "planned-availability/EXPERIMENTAL"
_NAMED_GRAPH: Final = "http://www.w3.org/ns/sparql-service-description#NamedGraph"

_Triple = tuple[str, str, NamedNode | Literal]


def describe_sources(sources: Sequence[Source], shared: Mapping[str, Sequence[str]]) -> list[Quad]:
    """Return the description of each source, in the given order; the subject is its graph.

    ``shared`` maps each source to the graphs it shares with other sources.
    """
    facts = (
        (source.graph, name, value)
        for number, source in enumerate(sources, 1)
        for name, value in _source_facts(source, number, shared[source.name])
    )
    graphs = dict.fromkeys(name for source in sources for name in (derived_graph(source.name), *shared[source.name]))
    return quads_in(DESCRIPTION_GRAPH, [*facts, *((name, RDF_TYPE, NamedNode(_NAMED_GRAPH)) for name in graphs)])


def _source_facts(source: Source, number: int, shared: Sequence[str]) -> Iterator[tuple[str, NamedNode | Literal]]:
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


def describe_dataset(rows: Sequence[SortedRow], catalogue: Path) -> list[Quad]:
    """Return the description of the dataset that consists of these sorted quads.

    Everything except counts and files is read from ``catalogue``, in Turtle; without that file, the title and
    description name the sources. Raises BadInput if the file is not valid Turtle.
    """
    rows = [row for row in rows if row[0][3] != f"<{DESCRIPTION_GRAPH}>"]
    graphs = Counter(key[3][1:-1] for key, _ in rows)
    written = read_turtle(catalogue) if catalogue.is_file() else []
    titles = [] if written else _about(", ".join(map(local, _names(graphs))))
    licences = [one.object for one in written if isinstance(one.object, NamedNode)
                and one.predicate.value == expand("dcterms:license") and one.subject == NamedNode(DATASET)]  # fmt: skip
    triples = [*titles, *_identity(rows), *_counts(rows, graphs), *_classes(rows), *_distributions(licences)]
    made = quads_in(DESCRIPTION_GRAPH, ((subject, expand(name), value) for subject, name, value in triples))
    graph = NamedNode(DESCRIPTION_GRAPH)
    return [*made, *(Quad(one.subject, one.predicate, one.object, graph) for one in written)]


def _names(graphs: Counter[str]) -> list[str]:
    """Return the names of the sources among these graphs."""
    return sorted(
        name for name in graphs.keys() - _NO_SOURCES if not (name.startswith(DERIVED_GRAPH) or is_shared_graph(name))
    )


def _about(sources: str) -> Iterator[_Triple]:
    yield DATASET, "dcterms:title", Literal(f"Knowledge graph of {sources}", language="en")
    yield DATASET, "dcterms:title", Literal(f"Grafo de conocimiento de {sources}", language="es")
    yield DATASET, "dcterms:description", Literal(f"The facts of {sources}, each with its citation.", language="en")


def _identity(rows: Sequence[SortedRow]) -> Iterator[_Triple]:
    """Yield the type, version and namespaces; the version ends with a digest of the quads, to compare copies."""
    digest = sha256("\n".join(" ".join(key) for key, _ in rows).encode()).hexdigest()[:_DIGITS]
    yield DATASET, "rdf:type", NamedNode(expand("void:Dataset"))
    yield DATASET, "rdf:type", NamedNode(expand("dcat:Dataset"))
    yield DATASET, "owl:versionInfo", Literal(f"{version('peru-asia-graph')}+{digest}")
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
        yield name, "rdf:type", NamedNode(expand("void:Dataset"))
        yield name, "void:triples", _number(count)


def _classes(rows: Sequence[SortedRow]) -> Iterator[_Triple]:
    members = {(subject, target[1:-1]) for (subject, predicate, target, _), _ in rows if not predicate}
    for name, count in sorted(Counter(name for _, name in members).items()):
        if name.startswith((ONTOLOGY, PREFIXES["qb"])):
            part = f"{DATASET}/class/{local(name).rsplit('#', 1)[-1]}"
            yield DATASET, "void:classPartition", NamedNode(part)
            yield part, "void:class", NamedNode(name)
            yield part, "void:entities", _number(count)


def _distributions(licences: Sequence[NamedNode]) -> Iterator[_Triple]:
    for scheme, title in _SCHEMES.items():
        yield scheme, "rdf:type", NamedNode(expand("skos:ConceptScheme"))
        yield scheme, "dcterms:title", Literal(title, language="en")
    yield _AVAILABILITY, "rdf:type", NamedNode(expand("skos:Concept"))
    yield _AVAILABILITY, "skos:prefLabel", Literal("experimental", language="en")
    yield _AVAILABILITY, "skos:inScheme", NamedNode(_AVAILABILITY.rpartition("/")[0])
    for file, (media, form, text) in DUMPS.items():
        part, address = f"{DATASET}/{file}", NamedNode(f"{BASE}exports/{file}")
        yield DATASET, "dcat:distribution", NamedNode(part)
        yield DATASET, "void:dataDump", address
        yield part, "rdf:type", NamedNode(expand("dcat:Distribution"))
        yield part, "dcterms:title", Literal(file)
        yield part, "dcterms:description", Literal(text, language="en")
        yield part, "dcat:accessURL", address
        yield part, "dcat:downloadURL", address
        yield part, "dcat:mediaType", NamedNode(_MEDIA + media)
        yield _MEDIA + media, "rdf:type", NamedNode(expand("dcterms:MediaType"))
        kind = f"{_AUTHORITY}file-type/{form}"
        yield part, "dcterms:format", NamedNode(kind)
        yield kind, "rdf:type", NamedNode(expand("dcterms:MediaTypeOrExtent"))
        yield kind, "skos:inScheme", NamedNode(_AUTHORITY + "file-type")
        yield part, "dcatap:availability", NamedNode(_AVAILABILITY)
        for licence in licences:
            yield part, "dcterms:license", licence

"""Namespaces, prefixes and graph names, and the functions that make and shorten IRIs. Imports no library."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

BASE: Final = "https://w3id.org/peru-asia-graph/"
ONTOLOGY: Final = BASE + "ontology#"
THING: Final = BASE + "id/"
CODE: Final = BASE + "code/"
GRAPH: Final = BASE + "graph/"
DATASET: Final = BASE + "dataset"

RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS_LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
EDTF: Final = "http://id.loc.gov/datatypes/edtf/EDTF"

PREFIXES: Final[dict[str, str]] = {
    "pag": ONTOLOGY,
    "id": THING,
    "code": CODE,
    "graph": GRAPH,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": XSD,
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "void": "http://rdfs.org/ns/void#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "org": "http://www.w3.org/ns/org#",
    "schema": "https://schema.org/",
    "vann": "http://purl.org/vocab/vann/",
    "adms": "http://www.w3.org/ns/adms#",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
}

REFERENCE_GRAPH: Final = GRAPH + "reference"
ONTOLOGY_GRAPH: Final = GRAPH + "ontology"
# What follows from the code lists; what follows from a source has a graph of its own below.
DERIVED_GRAPH: Final = GRAPH + "derived"
# What lies between sources: matches and differences.
DIFFERENCES_GRAPH: Final = GRAPH + "differences"
DESCRIPTION_GRAPH: Final = GRAPH + "description"
# What belongs to no source: the code lists, the ontology, and the description of the data set.
COMMON_GRAPHS: Final = (DERIVED_GRAPH, REFERENCE_GRAPH, ONTOLOGY_GRAPH, DESCRIPTION_GRAPH)
SHARED: Final = GRAPH + "shared/"
_DERIVED_SHARED: Final = DERIVED_GRAPH + "/shared/"
# The properties with the dates of an agreement, of which the last does not say of what, and of a stake.
AGREEMENT_DATES: Final = ("signedOn", "inForceOn", "endedOn", "date")
STAKE_DATES: Final = ("validFrom", "validUntil")

# Verdicts on claims, the worst first.
DIFFERS: Final = "differs"
READING: Final = "holds-under-a-reading"
UNCHECKED: Final = "cannot-be-checked"
HOLDS: Final = "holds"
WORST_FIRST: Final = (DIFFERS, READING, UNCHECKED, HOLDS)

# Classes of what is held by contract and not by shares.
PROJECTS: Final = ("MiningProject", "HydrocarbonBlock", "InfrastructureProject", "Project")


def graphs_of(source: str, shared: Iterable[str]) -> list[str]:
    """Return the graphs that hold what one source says, what follows from it, and what it needs to be read.

    ``shared`` are the graphs of what the source and others speak of.
    """
    return [GRAPH + source, derived_graph(source), *shared, *COMMON_GRAPHS]


def shared_graph(sources: Iterable[str]) -> str:
    """Return the graph of class and name of the things that just these sources speak of."""
    return SHARED + "~".join(sorted(sources))


def is_shared_graph(graph: str) -> bool:
    """Return whether a graph has class and name of things that several sources speak of, or what follows from them."""
    return graph.startswith((SHARED, _DERIVED_SHARED))


def shared_graphs(graphs: Iterable[str], sources: Iterable[str]) -> dict[str, list[str]]:
    """Return by the name of each source the graphs of what it and others speak of, and those of what follows there."""
    speaking = sorted({graph.rpartition("/shared/")[2] for graph in graphs if is_shared_graph(graph)})
    return {
        name: [
            graph for several in speaking if name in several.split("~")
            for graph in (SHARED + several, _DERIVED_SHARED + several)
        ]
        for name in sources
    }  # fmt: skip


def sources_of_graph(graph: str) -> list[str]:
    """Return the names of the sources that a graph is of: one that is of no source has its own name.

    >>> sources_of_graph(derived_graph("gem")), sources_of_graph(shared_graph(["gem", "desta"]))
    (['gem'], ['desta', 'gem'])
    """
    return graph.removeprefix(GRAPH).rpartition("/")[2].split("~")


def derived_graph(source: str) -> str:
    """Return the graph of what follows from a source."""
    return f"{DERIVED_GRAPH}/{source}"


def thing(slug: str) -> str:
    """Return the IRI of the thing with this slug."""
    return THING + slug


def term(name: str) -> str:
    """Return the IRI of the ontology term with this local name."""
    return ONTOLOGY + name


def local(iri: str) -> str:
    """Return the slug, code or local name of an IRI of this graph, all of the name of a named graph; others unchanged.

    >>> local("https://w3id.org/peru-asia-graph/id/block-8")
    'block-8'
    >>> local("https://w3id.org/peru-asia-graph/code/phase/exploration")
    'exploration'
    >>> local("https://w3id.org/peru-asia-graph/graph/derived/gem")
    'derived/gem'
    >>> local("https://example.org/x")
    'https://example.org/x'
    """
    if iri.startswith(ONTOLOGY):
        return iri[len(ONTOLOGY) :]
    if iri.startswith(GRAPH):
        return iri[len(GRAPH) :]
    return iri.rsplit("/", 1)[1] if iri.startswith(BASE) else iri


def expand(name: str) -> str:
    """Return the address of a prefixed name; raise KeyError for an unknown prefix.

    >>> expand("skos:note")
    'http://www.w3.org/2004/02/skos/core#note'
    """
    prefix, _, rest = name.partition(":")
    return PREFIXES[prefix] + rest


def unshorten(name: str) -> str:
    """Return the address that `shorten` made a name of, or the name, where it was none.

    >>> unshorten("skos:note"), unshorten("http://example.org/a")
    ('http://www.w3.org/2004/02/skos/core#note', 'http://example.org/a')
    """
    return expand(name) if name.partition(":")[0] in PREFIXES else name


def shorten(iri: str) -> str:
    """Return ``prefix:name`` where a known prefix fits and the rest is a plain name.

    >>> shorten("http://www.w3.org/2004/02/skos/core#note")
    'skos:note'
    """
    for prefix, namespace in PREFIXES.items():
        rest = iri[len(namespace) :]
        if iri.startswith(namespace) and rest and rest.replace("-", "").replace("_", "").isalnum():
            return f"{prefix}:{rest}"
    return iri


def slugify(text: str) -> str:
    """Return a text in lower-case ASCII letters, digits and single hyphens; empty when nothing of it is left.

    >>> slugify("Cuadro 1: Perú")
    'cuadro-1-peru'
    """
    import re
    import unicodedata

    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def fold(text: str) -> str:
    """Return the text without accents, case, punctuation and spaces, to compare names by; numbers stay apart.

    >>> fold("Hierro Perú, S.A."), fold("Block 6 / 7")
    ('hierroperusa', 'block6-7')
    """
    import re
    import unicodedata

    letters = unicodedata.normalize("NFKD", text.casefold())
    parts = re.split(r"(?<=\d)[\W_]+(?=\d)", letters)
    return "-".join("".join(filter(str.isalnum, part)) for part in parts)


def as_words(name: str) -> str:
    """Return a name of a term as words.

    >>> as_words("homeState"), as_words("value_low")
    ('home state', 'value low')
    """
    import re

    return re.sub(r"([a-z0-9])(?=[A-Z])|[-_]", lambda found: f"{found[1] or ''} ", name).lower()

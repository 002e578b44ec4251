"""Namespaces, prefixes and graph names, and functions that build and shorten IRIs. Imports no library."""

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
RDFS_COMMENT: Final = "http://www.w3.org/2000/01/rdf-schema#comment"
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
# Statements inferred from the code lists; those inferred from a source are in a graph of their own below this one.
DERIVED_GRAPH: Final = GRAPH + "derived"
# Matches and differences between sources.
DIFFERENCES_GRAPH: Final = GRAPH + "differences"
DESCRIPTION_GRAPH: Final = GRAPH + "description"
# Graphs that belong to no source: the code lists, the ontology, and the description of the data set.
COMMON_GRAPHS: Final = (DERIVED_GRAPH, REFERENCE_GRAPH, ONTOLOGY_GRAPH, DESCRIPTION_GRAPH)
SHARED: Final = GRAPH + "shared/"
_DERIVED_SHARED: Final = DERIVED_GRAPH + "/shared/"
# Date properties of agreements and stakes. Unlike the others, "date" does not say what happened then.
AGREEMENT_DATES: Final = ("signedOn", "inForceOn", "endedOn", "date")
STAKE_DATES: Final = ("validFrom", "validUntil")

# Verdicts on claims.
DIFFERS: Final = "differs"
READING: Final = "holds-under-a-reading"
UNCHECKED: Final = "cannot-be-checked"
HOLDS: Final = "holds"
WORST_FIRST: Final = (DIFFERS, READING, UNCHECKED, HOLDS)

# Classes of assets that are held by contract, not by shares.
PROJECTS: Final = ("MiningProject", "HydrocarbonBlock", "InfrastructureProject", "Project")


def graphs_of(source: str, shared: Iterable[str]) -> list[str]:
    """Return the graphs needed to read one source: its statements, what is inferred from them, and common graphs.

    ``shared`` are the graphs of things that the source has in common with others.
    """
    return [GRAPH + source, derived_graph(source), *shared, *COMMON_GRAPHS]


def shared_graph(sources: Iterable[str]) -> str:
    """Return the graph with the classes and names of the things mentioned by exactly these sources."""
    return SHARED + "~".join(sorted(sources))


def is_shared_graph(graph: str) -> bool:
    """Return whether a graph holds classes and names of things in several sources, or what is inferred from them."""
    return graph.startswith((SHARED, _DERIVED_SHARED))


def shared_graphs(graphs: Iterable[str], sources: Iterable[str]) -> dict[str, list[str]]:
    """Return, for each source, the shared graphs it takes part in and the graphs inferred from those."""
    speaking = sorted({graph.rpartition("/shared/")[2] for graph in graphs if is_shared_graph(graph)})
    return {
        name: [
            graph for several in speaking if name in several.split("~")
            for graph in (SHARED + several, _DERIVED_SHARED + several)
        ]
        for name in sources
    }  # fmt: skip


def sources_of_graph(graph: str) -> list[str]:
    """Return the names of the sources that a graph belongs to; for a graph of no source, its own name.

    >>> sources_of_graph(derived_graph("gem")), sources_of_graph(shared_graph(["gem", "desta"]))
    (['gem'], ['desta', 'gem'])
    """
    return graph.removeprefix(GRAPH).rpartition("/")[2].split("~")


def derived_graph(source: str) -> str:
    """Return the graph of statements inferred from a source."""
    return f"{DERIVED_GRAPH}/{source}"


def thing(slug: str) -> str:
    """Return the IRI of the thing with this slug."""
    return THING + slug


def term(name: str) -> str:
    """Return the IRI of the ontology term with this local name."""
    return ONTOLOGY + name


def local(iri: str) -> str:
    """Return the slug, code, local name or graph name of an IRI of this project; other IRIs are returned unchanged.

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
    """Return the IRI of a prefixed name; raise KeyError for an unknown prefix.

    >>> expand("skos:note")
    'http://www.w3.org/2004/02/skos/core#note'
    """
    prefix, _, rest = name.partition(":")
    return PREFIXES[prefix] + rest


def unshorten(name: str) -> str:
    """Undo `shorten`: return the IRI of a prefixed name, and anything else unchanged.

    >>> unshorten("skos:note"), unshorten("http://example.org/a")
    ('http://www.w3.org/2004/02/skos/core#note', 'http://example.org/a')
    """
    return expand(name) if name.partition(":")[0] in PREFIXES else name


def shorten(iri: str) -> str:
    """Return ``prefix:name`` if a known prefix fits and the rest is a plain name, else the IRI.

    >>> shorten("http://www.w3.org/2004/02/skos/core#note")
    'skos:note'
    """
    for prefix, namespace in PREFIXES.items():
        rest = iri[len(namespace) :]
        if iri.startswith(namespace) and rest and rest.replace("-", "").replace("_", "").isalnum():
            return f"{prefix}:{rest}"
    return iri


def slugify(text: str) -> str:
    """Return a text as lower-case ASCII letters, digits and single hyphens; empty if nothing is left.

    >>> slugify("Cuadro 1: Perú")
    'cuadro-1-peru'
    """
    import re
    import unicodedata

    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def fold(text: str) -> str:
    """Return the text without accents, case, punctuation and spaces, for comparing names; numbers stay apart.

    >>> fold("Hierro Perú, S.A."), fold("Block 6 / 7")
    ('hierroperusa', 'block6-7')
    """
    import re
    import unicodedata

    letters = unicodedata.normalize("NFKD", text.casefold())
    parts = re.split(r"(?<=\d)[\W_]+(?=\d)", letters)
    return "-".join("".join(filter(str.isalnum, part)) for part in parts)


def as_words(name: str) -> str:
    """Return the name of a term as words.

    >>> as_words("homeState"), as_words("value_low")
    ('home state', 'value low')
    """
    import re

    return re.sub(r"([a-z0-9])(?=[A-Z])|[-_]", lambda found: f"{found[1] or ''} ", name).lower()

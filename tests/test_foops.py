"""The checks of FOOPS! (https://w3id.org/foops) on the ontology, reimplemented from its source code.

Of its 24 checks 20 work without the public web: addresses are fetched from a local server. FIND2, FIND3 and FIND_3_BIS,
which query public registries, and OM4.2, which fetches the licence, are left out.
"""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pytest
from rdflib import DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef

from peru_asia_graph.vocabulary import BASE, ONTOLOGY, PREFIXES

IRI: Final = URIRef(ONTOLOGY.removesuffix("#"))
VANN, BIBO = PREFIXES["vann"], "http://purl.org/ontology/bibo/"
SERIALIZATIONS: Final = {"application/rdf+xml": "xml", "text/turtle": "turtle", "application/ld+json": "json-ld"}
NEEDS_PUBLIC_WEB: Final = {"FIND2", "FIND3", "FIND_3_BIS", "OM4.2"}
# FOOPS!'s name for each metadata item, and the properties it accepts for it (limited to those used here).
METADATA: Final = {
    "title": DCTERMS.title, "description": DCTERMS.description, "license": DCTERMS.license,
    "version iri": OWL.versionIRI, "author": DCTERMS.creator, "namespace URI": URIRef(VANN + "preferredNamespaceUri"),
    "namespace prefix": URIRef(VANN + "preferredNamespacePrefix"), "version info": OWL.versionInfo,
    "creation date": DCTERMS.created, "citation": DCTERMS.bibliographicCitation, "doi": URIRef(BIBO + "doi"),
    "publisher": DCTERMS.publisher, "logo": FOAF.logo, "status": URIRef(BIBO + "status"), "source": DCTERMS.source,
    "issued": DCTERMS.issued,
}  # fmt: skip


@dataclass(frozen=True)
class Served:
    """The ontology as served by a local server."""

    site: str
    graph: Graph

    def fetch(self, iri: str, media: str) -> tuple[str, bytes]:
        """Return media type and body for an address of the graph."""
        request = urllib.request.Request(iri.replace(BASE, self.site + "/"), headers={"Accept": media})
        with urllib.request.urlopen(request) as response:
            return response.headers.get_content_type(), response.read()

    def parse(self, iri: str, media: str) -> Graph:
        """Return the graph served at an address in a given serialization."""
        kind, body = self.fetch(iri, media)
        assert kind == media
        return Graph().parse(data=body, format=SERIALIZATIONS[media])

    def missing(self, *names: str) -> set[str]:
        """Return the names of the metadata items missing from the ontology."""
        return {name for name in names if not self.graph.value(IRI, METADATA[name])}

    @property
    def terms(self) -> set[URIRef]:
        """Return the classes, properties and individuals in the ontology's own namespace."""
        return {one for one in self.graph.subjects() if isinstance(one, URIRef) and one.startswith(ONTOLOGY)}

    @property
    def html(self) -> bool:
        """Return whether the ontology's address gives a page that mentions each term."""
        kind, body = self.fetch(IRI, "text/html")
        return kind == "text/html" and all(f'id="{one.removeprefix(ONTOLOGY)}"'.encode() in body for one in self.terms)


@pytest.fixture(scope="module")
def served(site: str) -> Served:
    return Served(site, Served(site, Graph()).parse(IRI, "text/turtle"))


def resolves(served: Served) -> bool:
    return all(len(served.parse(IRI, media)) == len(served.graph) > 0 for media in SERIALIZATIONS)


def version_resolves(served: Served) -> bool:
    version = str(served.graph.value(IRI, OWL.versionIRI))
    return all(len(served.parse(version, media)) == len(served.graph) for media in SERIALIZATIONS)


def reused(served: Served, *predicates: URIRef) -> set[str]:
    """Return the terms of other vocabularies that ours extend."""
    objects = {str(other) for predicate in predicates for one in served.terms
               for other in served.graph.objects(one, predicate)}  # fmt: skip
    return {one for one in objects if not one.startswith(ONTOLOGY)}


def described(served: Served, *predicates: URIRef) -> bool:
    """Return whether each term has a text by one of these properties, in English and, by one of them, in Spanish."""
    for one in served.terms:
        texts = [text for predicate in predicates for text in served.graph.objects(one, predicate)]
        if {text.language for text in texts if isinstance(text, Literal)} < {"en", "es"}:
            return False
    return bool(served.terms)


CHECKS: Final[dict[str, Callable[[Served], bool]]] = {
    "PURL1": lambda served: "w3id.org" in IRI,
    "URI1": resolves,
    "URI2": lambda served: set(served.graph.subjects(RDF.type, OWL.Ontology)) == {IRI},
    "VER1": lambda served: served.graph.value(IRI, OWL.versionIRI) not in (None, IRI),
    "VER2": version_resolves,
    "OM1": lambda served: (
        not served.missing("title", "description", "license", "version iri", "author", "namespace URI")
    ),
    "OM2": lambda served: not served.missing("namespace prefix", "version info", "creation date", "citation"),
    # FOOPS! also asks for a DOI, which does not exist.
    "OM3": lambda served: served.missing("doi", "publisher", "logo", "status", "source", "issued") == {"doi"},
    "OM4.1": lambda served: str(served.graph.value(IRI, DCTERMS.license)).startswith("https://creativecommons.org/"),
    "OM5_1": lambda served: not served.missing("creation date", "author"),
    "OM5_2": lambda served: not served.missing("issued", "publisher"),
    "FIND1": lambda served: str(served.graph.value(IRI, METADATA["namespace prefix"])) == "pag",
    "HTTP1": lambda served: IRI.startswith("http"),
    "CN1": lambda served: served.html and resolves(served),
    "RDF1": lambda served: len(served.graph) > 0,
    "DOC1": lambda served: served.html,
    "VOC1": lambda served: {DCTERMS.title, URIRef(VANN + "preferredNamespaceUri")} <= set(served.graph.predicates(IRI)),
    "VOC2": lambda served: bool(reused(served, RDFS.subClassOf, RDFS.subPropertyOf)),
    "VOC3": lambda served: described(served, RDFS.label),
    "VOC4": lambda served: (
        described(served, RDFS.comment, SKOS.definition)
        and all(served.graph.value(one, RDFS.comment) for one in served.terms)
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CHECKS)
def test_foops(served: Served, name: str) -> None:
    assert CHECKS[name](served), name


def test_twenty_checks_are_implemented() -> None:
    assert len(CHECKS) == 20 and len(CHECKS.keys() | NEEDS_PUBLIC_WEB) == 24


def test_logo_is_served(served: Served) -> None:
    kind, body = served.fetch(str(served.graph.value(IRI, FOAF.logo)), "image/svg+xml")
    assert kind == "image/svg+xml" and body.startswith(b"<svg")


@pytest.mark.slow
def test_version_page_is_the_ontology_page(served: Served) -> None:
    version = str(served.graph.value(IRI, OWL.versionIRI))
    (kind, page), (same, latest) = served.fetch(version, "text/html"), served.fetch(IRI, "text/html")
    # Each names its own address.
    number = version.removeprefix(str(IRI)).encode()
    assert (kind, page.replace(b"/ontology" + number, b"/ontology")) == (same, latest)


@pytest.mark.parametrize("media", ["application/n-triples", "application/trig", "application/n-quads"])
def test_other_formats_of_the_ontology(served: Served, media: str) -> None:
    form = {"application/n-triples": "nt", "application/trig": "trig", "application/n-quads": "nquads"}[media]
    from rdflib import Dataset

    for iri in (str(IRI), str(served.graph.value(IRI, OWL.versionIRI))):
        kind, body = served.fetch(iri, media)
        assert kind == media and len(Dataset(default_union=True).parse(data=body, format=form)) == len(served.graph)

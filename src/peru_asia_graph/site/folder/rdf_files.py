"""The RDF for the pages of the folder, in Turtle: statements about a thing, and those that refer to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from peru_asia_graph.rdf.formats import write_rdf
from peru_asia_graph.site.folder.plan import SitePlan
from peru_asia_graph.vocabulary import BASE, ONTOLOGY_GRAPH, PREFIXES

_FORMATS = {"ttl": "turtle", "jsonld": "jsonld", "rdf": "rdfxml"}


def rdf_files(quads: Iterable[ox.Quad], plan: SitePlan, more: Iterable[str] = ()) -> Iterator[tuple[str, bytes]]:
    """Yield a Turtle file for each page of the plan and each address in ``more``, and the ontology in three formats.

    For a page of statements, the file has the triples about them, but not those that refer to them.
    """
    about: dict[str, list[ox.Triple]] = defaultdict(list)
    referring: dict[str, list[ox.Triple]] = defaultdict(list)
    terms: list[ox.Triple] = []
    with_page = {*plan.own, *more}
    for quad in quads:
        triple = quad.triple
        if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value == ONTOLOGY_GRAPH:
            terms.append(triple)
        if isinstance(triple.subject, ox.NamedNode):
            about[triple.subject.value].append(triple)
        if isinstance(triple.object, ox.NamedNode) and triple.object.value in with_page:
            referring[triple.object.value].append(triple)
    for iri in sorted(with_page):
        yield f"{iri.removeprefix(BASE)}.ttl", _turtle([*about[iri], *referring[iri]])
    for group in plan.groups:
        yield f"{group.path}.ttl", _turtle([triple for iri in group.members for triple in about[iri]])
    for ending, form in _FORMATS.items():
        yield f"ontology.{ending}", write_rdf(terms, form)


def _turtle(triples: Iterable[ox.Triple]) -> bytes:
    """Return triples as Turtle with the prefixes they use, sorted and without duplicates."""
    ordered = [triple for _, triple in sorted({str(triple): triple for triple in triples}.items())]
    used = "\n".join(str(triple) for triple in ordered)
    prefixes = {name: iri for name, iri in PREFIXES.items() if f"<{iri}" in used}
    written = ox.serialize(ordered, format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    return written or b""

"""Quads from outside the source tables: the ontology, and country names from the Unicode CLDR.

Country names are read through Babel, in five languages, for things with an ISO 3166-1 alpha-2 code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from peru_asia_graph.errors import BadInput, Problem
from peru_asia_graph.rdf.quads import iri
from peru_asia_graph.sources.checks.ontology_terms import OntologyTerms
from peru_asia_graph.sources.metadata import show
from peru_asia_graph.sources.tables import Source
from peru_asia_graph.vocabulary import BASE, ONTOLOGY, ONTOLOGY_GRAPH, PREFIXES, RDF_TYPE, REFERENCE_GRAPH, local, thing

LANGUAGES: Final = ("en", "es", "zh", "ja", "ko")
ALPHA_2: Final = "iso-3166-1-alpha-2"
_SUBCLASS: Final = PREFIXES["rdfs"] + "subClassOf"
_DISJOINT: Final = PREFIXES["owl"] + "disjointWith"
_INVERSE: Final = PREFIXES["owl"] + "inverseOf"
# The domain and range properties.
_ENDS: Final = (
    (PREFIXES["rdfs"] + "domain", PREFIXES["schema"] + "domainIncludes"),
    (PREFIXES["rdfs"] + "range", PREFIXES["schema"] + "rangeIncludes"),
)
_IN: Final = "http://www.w3.org/ns/shacl#in"
_KNOWN_RELATION: Final = BASE + "shapes#KnownRelation"


def read_turtle(file: Path) -> list[Triple]:
    """Return the triples of a hand-written Turtle file; raise BadInput if it cannot be read."""
    try:
        return [quad.triple for quad in parse(path=str(file), format=RdfFormat.TURTLE)]
    except OSError as error:
        raise BadInput([Problem(show(file), 0, "", f"cannot be read ({error})", "make it readable")]) from error
    except SyntaxError as error:
        message = f"is not valid Turtle ({error.msg})"
        raise BadInput([Problem(show(file), error.lineno or 0, "", message, "correct it")]) from error


def read_ontology(ontology: Path, name: str = "peru-asia.ttl") -> list[Quad]:
    """Return the quads of the ontology file, in the ontology graph; raise BadInput if it cannot be read."""
    graph = NamedNode(ONTOLOGY_GRAPH)
    return [Quad(triple.subject, triple.predicate, triple.object, graph) for triple in read_turtle(ontology / name)]


def ontology_terms(folder: Path, ontology: Sequence[Quad]) -> OntologyTerms:
    """Return the classes and properties defined in the ontology, and the relations that its shapes allow."""
    types = (quad for quad in ontology if quad.predicate.value == RDF_TYPE and isinstance(quad.object, NamedNode))
    properties: dict[str, set[str]] = defaultdict(set)
    for quad in types:
        if iri(quad.object).endswith("Property"):
            properties[iri(quad.subject)].add(iri(quad.object).rpartition("#")[2])
    pairs = (quad for quad in ontology if quad.predicate.value == _DISJOINT)
    disjoint = {(local(iri(quad.subject)), local(iri(quad.object))) for quad in pairs}
    inverses = {local(iri(quad.subject)): local(iri(quad.object)) for quad in ontology
                if quad.predicate.value == _INVERSE}  # fmt: skip
    return OntologyTerms(
        superclasses(ontology), relation_names(read_ontology(folder, "shapes.ttl")), properties, disjoint, inverses,
        *(_expected(ontology, end) for end in _ENDS),
    )  # fmt: skip


def _expected(ontology: Sequence[Quad], predicates: Collection[str]) -> dict[str, set[str]]:
    """Return the classes expected at one end of each of our properties; skip properties that accept other classes."""
    found: dict[str, set[str]] = defaultdict(set)
    for quad in ontology:
        if quad.predicate.value in predicates and iri(quad.subject).startswith(ONTOLOGY):
            found[local(iri(quad.subject))].add(iri(quad.object))
    ours = {name: classes for name, classes in found.items() if all(one.startswith(ONTOLOGY) for one in classes)}
    return {name: {local(one) for one in classes} for name, classes in ours.items()}


def superclasses(ontology: Sequence[Quad]) -> dict[str, set[str]]:
    """Return each of our classes, by local name, with itself and all its superclasses among ours."""
    above: dict[str, set[str]] = defaultdict(set)
    classes = {iri(quad.subject) for quad in ontology if quad.object == NamedNode(PREFIXES["owl"] + "Class")}
    for quad in ontology:
        if quad.predicate.value == _SUBCLASS and isinstance(quad.object, NamedNode):
            above[iri(quad.subject)].add(quad.object.value)
    found: dict[str, set[str]] = {}
    for name in (one for one in classes if one.startswith(ONTOLOGY)):
        reached, frontier = {name}, [name]
        while frontier:
            new = above[frontier.pop()] - reached
            reached |= new
            frontier += new
        found[local(name)] = {local(one) for one in reached if one.startswith(ONTOLOGY)}
    return found


def relation_names(shapes: Sequence[Quad]) -> set[str]:
    """Return the local names of the relations that a statement can have: those listed in the shape KnownRelation."""
    objects = {(str(quad.subject), quad.predicate.value): quad.object for quad in shapes}
    item, found = objects.get((str(NamedNode(_KNOWN_RELATION)), _IN)), set[str]()
    while (first := objects.get((str(item), PREFIXES["rdf"] + "first"))) is not None:
        found.add(local(iri(first)))
        item = objects.get((str(item), PREFIXES["rdf"] + "rest"))
    return found


def country_names(sources: Sequence[Source]) -> list[Quad]:
    """Return one ``skos:prefLabel`` per language for each state with an ISO code."""
    from babel import Locale

    graph, label = NamedNode(REFERENCE_GRAPH), NamedNode(PREFIXES["skos"] + "prefLabel")
    codes = {
        row.text("entity"): row.text("identifier")
        for source in sources
        for row in source.rows("identifiers")
        if row.text("scheme") == ALPHA_2
    }
    locales = {language: Locale.parse(language) for language in LANGUAGES}
    return [
        Quad(NamedNode(thing(entity)), label, Literal(locales[language].territories[code], language=language), graph)
        for entity, code in sorted(codes.items())
        for language in LANGUAGES
        if code in locales[language].territories
    ]

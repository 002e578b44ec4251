"""Domains and ranges: every use of our properties in the shipped graph has a subject and value of a stated class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import pyoxigraph as ox

from peru_asia_graph.build.pipeline import Report
from peru_asia_graph.vocabulary import ONTOLOGY, PREFIXES, RDF_TYPE, XSD, local

RDFS, OWL, SCHEMA = PREFIXES["rdfs"], PREFIXES["owl"], PREFIXES["schema"]
DOMAIN = (RDFS + "domain", SCHEMA + "domainIncludes")
RANGE = (RDFS + "range", SCHEMA + "rangeIncludes")
PROPERTIES = {OWL + f"{kind}Property" for kind in ("Object", "Datatype", "Annotation")}


class Outside(NamedTuple):
    """A use outside the stated domain or range."""

    property: str
    side: str
    thing: str
    classes: tuple[str, ...]


class Uses(NamedTuple):
    """The uses of all our properties: the number compared, and those outside domain or range."""

    compared: int
    outside: list[Outside]
    undeclared: list[str]


def read_uses(quads: Sequence[ox.Quad]) -> Uses:
    """Compare subjects and values with domains and ranges; a thing also has the superclasses of its types."""
    about: dict[tuple[str, str], set[str]] = defaultdict(set)
    for quad in quads:
        if isinstance(quad.object, ox.NamedNode):
            about[quad.subject.value, quad.predicate.value].add(quad.object.value)

    def classes(iri: str) -> set[str]:
        found, frontier = set[str](), list(about[iri, RDF_TYPE])
        while frontier:
            kind = frontier.pop()
            if kind not in found:
                found.add(kind)
                frontier += about[kind, RDFS + "subClassOf"]
        return found

    def named(iri: str, sides: tuple[str, str]) -> set[str]:
        return about[iri, sides[0]] | about[iri, sides[1]]

    properties = {subject for (subject, predicate), kinds in list(about.items())
                  if predicate == RDF_TYPE and subject.startswith(ONTOLOGY) and kinds & PROPERTIES}  # fmt: skip
    undeclared = sorted(
        f"{local(one)} {side}" for one in properties for side, names in (("domain", DOMAIN), ("range", RANGE))
        if not named(one, names)
    )  # fmt: skip
    compared, outside = 0, []
    for quad in {quad.triple for quad in quads if quad.predicate.value in properties}:
        subject, name, value = quad.subject.value, quad.predicate.value, quad.object
        kinds = {value.datatype.value} if isinstance(value, ox.Literal) else classes(value.value)
        for side, names, thing, found in (
            ("domain", DOMAIN, subject, classes(subject)), ("range", RANGE, str(value), kinds)
        ):  # fmt: skip
            compared += 1
            if not found & named(name, names):
                outside.append(Outside(local(name), side, thing, tuple(sorted(map(local, found)))))
    return Uses(compared, sorted(outside), undeclared)


def test_every_property_has_a_domain_and_a_range(built: Report) -> None:
    assert read_uses(built.quads).undeclared == []


def test_every_use_is_within_domain_and_range(built: Report) -> None:
    uses = read_uses(built.quads)
    assert uses.compared > 40_000
    assert uses.outside == []


def test_use_outside_is_found(built: Report) -> None:
    """Copper does not export anything; a share is not a string."""
    graph = ox.NamedNode(PREFIXES["graph"] + "sanborn-yong")
    copper, china = ox.NamedNode(PREFIXES["id"] + "copper"), ox.NamedNode(PREFIXES["id"] + "china")
    wrong = [
        ox.Quad(copper, ox.NamedNode(ONTOLOGY + "exportsTo"), china, graph),
        ox.Quad(ox.NamedNode(PREFIXES["id"] + "knoc-in-block-8"), ox.NamedNode(ONTOLOGY + "sharePercent"),
                ox.Literal("20", datatype=ox.NamedNode(XSD + "string")), graph),
    ]  # fmt: skip
    found = read_uses([*built.quads, *wrong]).outside
    assert [(one.property, one.side) for one in found] == [("exportsTo", "domain"), ("sharePercent", "range")]

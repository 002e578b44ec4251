"""The ontology: every term is fully described, reasoning infers no wrong types, and HermiT finds it consistent."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import DCTERMS, OWL, RDF, RDFS, SH, SKOS, Graph, URIRef

from peru_asia_graph.build.pipeline import Report, build_graph
from peru_asia_graph.build.validate import to_rdflib, validate
from peru_asia_graph.exporters.rdf_graph import to_owl_datatypes
from peru_asia_graph.rdf.formats import write_rdf
from peru_asia_graph.sources.metadata import kind_of
from peru_asia_graph.vocabulary import CODE, EDTF, ONTOLOGY, PREFIXES, RDF_TYPE, XSD, thing
from tiny import copy_tiny

ROOT = Path(__file__).parents[1]
ONTOLOGY_FILE = ROOT / "ontology" / "peru-asia.ttl"
SHAPES = ROOT / "ontology" / "shapes.ttl"
Typed = tuple[URIRef, URIRef]
BASE = URIRef(ONTOLOGY.removesuffix("#"))


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(ONTOLOGY_FILE)


@pytest.fixture(scope="module")
def tiny_quads(tmp_path_factory: pytest.TempPathFactory) -> list[ox.Quad]:
    """The graph of the tiny source with the ontology."""
    return build_graph(copy_tiny(tmp_path_factory.mktemp("tiny"))).quads


@pytest.fixture
def tiny_graph(tiny_quads: list[ox.Quad]) -> Graph:
    """The same graph in rdflib."""
    return to_rdflib(tiny_quads)


def terms(ontology: Graph) -> set[URIRef]:
    return {one for one in ontology.subjects() if isinstance(one, URIRef) and str(one).startswith(ONTOLOGY)}


def test_every_term_has_labels_definition_and_example(ontology: Graph) -> None:
    for one in terms(ontology):
        labels = {label.language for label in ontology.objects(one, RDFS.label) if isinstance(label, rdflib.Literal)}
        assert labels >= {"en", "es"}, one
        definitions = {text.language: text for text in ontology.objects(one, SKOS.definition)
                       if isinstance(text, rdflib.Literal)}  # fmt: skip
        assert definitions.keys() == {"en", "es"} and definitions["en"] != definitions["es"], one
        assert list(ontology.objects(one, RDFS.comment)) == [definitions["en"]], one
        assert ontology.value(one, SKOS.example), one
        assert (one, RDFS.isDefinedBy, BASE) in ontology, one


def test_ontology_has_metadata(ontology: Graph) -> None:
    said = {predicate for predicate in ontology.predicates(BASE)}
    wanted = {
        OWL.versionIRI,
        OWL.versionInfo,
        *(rdflib.DCTERMS[name] for name in ("license", "creator", "created", "modified", "title")),
    }
    assert wanted <= said
    assert ontology.value(BASE, OWL.versionIRI) != BASE


def test_every_class_is_disjoint_with_another(ontology: Graph) -> None:
    """By its own axiom or that of a superclass; disjoint classes have no common subclass."""
    stated = set(ontology.subject_objects(OWL.disjointWith))
    disjoint = stated | {(other, one) for one, other in stated}
    alone = set()
    for one in terms(ontology):
        if (one, RDF.type, OWL.Class) in ontology:
            above = set(ontology.transitive_objects(one, RDFS.subClassOf))
            if not any(pair[0] in above for pair in disjoint):
                alone.add(one)
            assert not any((a, b) in disjoint for a in above for b in above), one
    assert alone == set()


def test_inverse_and_symmetric_properties_agree_with_domains(ontology: Graph) -> None:
    """What may be on one side of a property may be on the other side of its inverse."""
    sides = (PREFIXES["schema"] + "domainIncludes", PREFIXES["schema"] + "rangeIncludes")
    pairs = set(ontology.subject_objects(OWL.inverseOf))
    pairs |= {(one, one) for one in ontology.subjects(RDF.type, OWL.SymmetricProperty)}
    assert len(pairs) > 20
    for one, other in pairs:
        for here, there in (sides, sides[::-1]):
            assert set(ontology.objects(one, URIRef(here))) == set(ontology.objects(other, URIRef(there))), (one, other)
        transitive = {(end, RDF.type, OWL.TransitiveProperty) in ontology for end in (one, other)}
        assert len(transitive) == 1, (one, other)


@pytest.mark.slow
def test_inverse_and_symmetric_links_are_stated(built: Report) -> None:
    links = {(quad.subject, quad.predicate.value, quad.object) for quad in built.quads}
    inverses = {(one.value, other.value) for one, name, other in links if name == str(OWL.inverseOf)}
    inverses |= {(other, one) for one, other in inverses}
    inverses |= {(one.value, one.value) for one, name, kind in links
                 if name == str(RDF.type) and kind.value == str(OWL.SymmetricProperty)}  # fmt: skip
    found = [(one, name, other) for one, name, other in links for there, back in inverses if name == there
             and (other, back, one) not in links]  # fmt: skip
    assert found == []


def test_no_blank_nodes(ontology: Graph) -> None:
    assert not [one for triple in ontology for one in triple if isinstance(one, rdflib.BNode)]


def test_every_class_has_a_shape(ontology: Graph) -> None:
    shapes = Graph().parse(SHAPES)
    text = SHAPES.read_text("utf-8")
    classes = {one for one in terms(ontology) if (one, RDF.type, OWL.Class) in ontology}
    targeted = set(shapes.objects(None, SH.targetClass))
    unshaped = {
        one
        for one in classes
        if one not in targeted
        and not any(above in targeted for above in ontology.transitive_objects(one, RDFS.subClassOf))
    }
    assert {
        str(one).removeprefix(ONTOLOGY) for one in unshaped if f"pag:{str(one).removeprefix(ONTOLOGY)}" not in text
    } == set()


def inferred_types(graph: Graph) -> set[Typed]:
    """Return our classes that Reasonable, an OWL 2 RL reasoner, infers for each thing."""
    import reasonable

    reasoner = reasonable.PyReasoner()
    reasoner.from_graph(graph)
    return {(one, kind) for one, predicate, kind in reasoner.reason() if predicate == RDF.type and is_ours(kind)}


def is_ours(node: object) -> bool:
    return isinstance(node, URIRef) and node.startswith(ONTOLOGY)


def clashes(graph: Graph) -> set[tuple[URIRef, URIRef, URIRef]]:
    """Return the things inferred to be in two disjoint classes, with these classes."""
    members: dict[URIRef, set[URIRef]] = {}
    for one, kind in inferred_types(graph):
        members.setdefault(kind, set()).add(one)
    return {
        (both, one, other)
        for one, other in graph.subject_objects(OWL.disjointWith)
        for both in members.get(one, set()) & members.get(other, set())
    }


@pytest.mark.slow
def test_the_shape_of_dates_applies_to_every_column_with_dates() -> None:
    columns = [
        column
        for path in (ROOT / "data" / "schema").glob("*.json")
        for column in json.loads(path.read_text("utf-8"))["columns"]
    ]
    dated = {URIRef(one["propertyUrl"]) for one in columns if kind_of(one) == "date" and "propertyUrl" in one}
    dated -= {DCTERMS.date}
    shape = URIRef(f"{BASE.rpartition('/')[0]}/shapes#DateWritten")
    assert len(dated) > 10 and dated <= set(Graph().parse(SHAPES).objects(shape, SH.targetObjectsOf))


@pytest.mark.slow
def test_no_thing_is_inferred_to_be_in_disjoint_classes(built: Report) -> None:
    """Domains that are too narrow would turn a State into a Stake or a Person into a Project."""
    assert clashes(to_rdflib(built.quads)) == set()


@pytest.mark.slow
def test_reasoning_finds_a_mistyped_state(tiny_graph: Graph) -> None:
    state = tiny_graph.value(None, RDF.type, URIRef(ONTOLOGY + "State"))
    assert clashes(tiny_graph) == set()
    tiny_graph.add((state, URIRef(ONTOLOGY + "basis"), URIRef(CODE + "basis/direct")))
    assert {one for one, _, _ in clashes(tiny_graph)} == {state}


@pytest.mark.slow
def test_second_reasoner_infers_the_same_types(tiny_graph: Graph) -> None:
    import owlrl

    by_reasonable = inferred_types(tiny_graph)
    owlrl.DeductiveClosure(owlrl.RDFS_Semantics).expand(tiny_graph)
    by_owlrl = {(one, kind) for one, kind in tiny_graph.subject_objects(RDF.type) if is_ours(kind)}
    assert by_reasonable == by_owlrl != set()


def run_hermit(file: Path) -> list[object]:
    """Return the classes that HermiT finds unsatisfiable; it refuses datatypes it does not know."""
    if shutil.which("java") is None:
        pytest.skip("java is not installed (tests/tools/install.sh installs it where it may)")
    import owlready2

    world = owlready2.World()
    loaded = world.get_ontology(file.as_uri()).load()
    with loaded:
        owlready2.sync_reasoner_hermit(world, debug=0, ignore_unsupported_datatypes=False)
    return list(world.inconsistent_classes())


def write_triples(triples: Iterable[ox.Triple], file: Path) -> Path:
    file.write_bytes(write_rdf(triples, "rdfxml"))
    return file


@pytest.mark.slow
def test_hermit_finds_the_whole_graph_consistent(built: Report, tmp_path: Path) -> None:
    triples = to_owl_datatypes(built.quads)
    assert run_hermit(write_triples(triples, tmp_path / "all.owl")) == []
    assert len(triples) == len({quad.triple for quad in built.quads})


@pytest.mark.slow
def test_hermit_does_not_know_the_original_date_types(tmp_path: Path) -> None:
    """This is why dates are mapped to OWL datatypes."""
    import owlready2

    event = ox.NamedNode(thing("odd"))
    dated = ox.Triple(event, ox.NamedNode(ONTOLOGY + "date"), ox.Literal("2012", datatype=ox.NamedNode(XSD + "gYear")))
    known = [quad.triple for quad in ox.parse(path=str(ONTOLOGY_FILE), format=ox.RdfFormat.TURTLE)]
    with pytest.raises(owlready2.OwlReadyJavaError, match="gYear"):
        run_hermit(write_triples([*known, dated], tmp_path / "dates.owl"))


@pytest.mark.parametrize(
    ("predicate", "value"),
    [(RDF_TYPE, ox.NamedNode(ONTOLOGY + "Person")), (ONTOLOGY + "sharePercent", ox.Literal("half"))],
)
def test_hermit_finds_a_contradiction(predicate: str, value: ox.NamedNode | ox.Literal, tmp_path: Path) -> None:
    """A stake that is a person; a share that is not a number."""
    import owlready2

    odd = ox.NamedNode(thing("odd"))
    known = [quad.triple for quad in ox.parse(path=str(ONTOLOGY_FILE), format=ox.RdfFormat.TURTLE)]
    known.append(ox.Triple(odd, ox.NamedNode(RDF_TYPE), ox.NamedNode(ONTOLOGY + "Stake")))
    known.append(ox.Triple(odd, ox.NamedNode(predicate), value))
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        run_hermit(write_triples(known, tmp_path / "odd.owl"))


@pytest.mark.parametrize(
    ("literal", "mapped", "datatype"),
    [
        (("2012-05-31", XSD + "date"), "2012-05-31T00:00:00", XSD + "dateTime"),
        (("2012-05", XSD + "gYearMonth"), "2012-05", XSD + "string"),
        (("2012", XSD + "gYear"), "2012", XSD + "string"),
        (("196X", EDTF), "196X", XSD + "string"),
        (("20", XSD + "decimal"), "20", XSD + "decimal"),
    ],
)
def test_dates_are_mapped_to_owl_datatypes(literal: tuple[str, str], mapped: str, datatype: str) -> None:
    value = ox.Literal(literal[0], datatype=ox.NamedNode(literal[1]))
    quad = ox.Quad(ox.NamedNode(thing("x")), ox.NamedNode(ONTOLOGY + "date"), value)
    (triple,) = to_owl_datatypes([quad, quad])
    assert triple.object == ox.Literal(mapped, datatype=ox.NamedNode(datatype))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("sharePercent", "95", "Warning: cerro-norte: The direct shares in cerro-norte add up to more than 100 %"),
        ("sharePercent", "120", "one decimal number from 0 to 100"),
        ("sharePercent", "-1", "one decimal number from 0 to 100"),
        ("citation", None, "citation"),
        ("owner", None, "owner"),
        ("certainty", None, "certainty"),
    ],
)
def test_invalid_stake_is_found(tiny_quads: list[ox.Quad], name: str, value: str | None, said: str) -> None:
    stake = ox.NamedNode(thing("beta-in-cerro-norte"))
    predicate = ox.NamedNode(ONTOLOGY + name)
    quads = [quad for quad in tiny_quads if not (quad.subject == stake and quad.predicate == predicate)]
    assert len(quads) < len(tiny_quads)
    if value is not None:
        literal = ox.Literal(value, datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal"))
        quads.append(ox.Quad(stake, predicate, literal, ox.NamedNode(PREFIXES["graph"] + "tiny")))
    findings = validate(quads, SHAPES)
    assert any(said in str(finding) for finding in findings)


@pytest.mark.parametrize(("certainty", "is_over"), [("stated", True), ("possible", False), ("planned", False)])
def test_stakes_that_may_not_be_held_are_not_in_the_sum(
    tiny_quads: list[ox.Quad], certainty: str, is_over: bool
) -> None:
    """95 % beside what others hold is too much, unless it is only possible or planned."""
    stake, graph = ox.NamedNode(thing("beta-in-cerro-norte")), ox.NamedNode(PREFIXES["graph"] + "tiny")
    share, sure = (ox.NamedNode(ONTOLOGY + name) for name in ("sharePercent", "certainty"))
    quads = [quad for quad in tiny_quads if quad.subject != stake or quad.predicate not in (share, sure)]
    quads.append(ox.Quad(stake, share, ox.Literal("95", datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal")), graph))
    quads.append(ox.Quad(stake, sure, ox.NamedNode(f"{PREFIXES['code']}certainty/{certainty}"), graph))
    assert any("add up to more" in str(finding) for finding in validate(quads, SHAPES)) == is_over

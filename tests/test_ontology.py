"""The ontology: every term said in full, nothing mistyped by reasoning, consistent with the data for HermiT."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, URIRef

from peru_asia_graph.build.pipeline import Report, build_graph
from peru_asia_graph.build.validate import to_rdflib, validate
from peru_asia_graph.rdf.formats import write_rdf
from peru_asia_graph.vocabulary import CODE, ONTOLOGY, PREFIXES, thing
from tiny import copy_tiny

ROOT = Path(__file__).parents[1]
ONTOLOGY_FILE = ROOT / "ontology" / "peru-asia.ttl"
SHAPES = ROOT / "ontology" / "shapes.ttl"
Typed = tuple[URIRef, URIRef]
BASE = URIRef(ONTOLOGY.removesuffix("#"))


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(ONTOLOGY_FILE)


@pytest.fixture
def tiny_graph(tmp_path: Path) -> Graph:
    """The graph of the tiny source, with the ontology."""
    return to_rdflib(build_graph(copy_tiny(tmp_path)).quads)


def terms(ontology: Graph) -> set[URIRef]:
    return {one for one in ontology.subjects() if isinstance(one, URIRef) and str(one).startswith(ONTOLOGY)}


def test_every_term_has_labels_definition_and_example(ontology: Graph) -> None:
    for one in terms(ontology):
        labels = {label.language for label in ontology.objects(one, RDFS.label) if isinstance(label, rdflib.Literal)}
        assert labels >= {"en", "es"}, one
        assert ontology.value(one, SKOS.definition) and ontology.value(one, SKOS.example), one
        assert (one, RDFS.isDefinedBy, BASE) in ontology, one


def test_the_ontology_describes_itself(ontology: Graph) -> None:
    said = {predicate for predicate in ontology.predicates(BASE)}
    wanted = {
        OWL.versionIRI,
        OWL.versionInfo,
        *(rdflib.DCTERMS[name] for name in ("license", "creator", "created", "modified", "title")),
    }
    assert wanted <= said
    assert ontology.value(BASE, OWL.versionIRI) != BASE


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
    """Return the classes of ours that Reasonable, an OWL 2 RL reasoner, gives each thing."""
    import reasonable

    reasoner = reasonable.PyReasoner()
    reasoner.from_graph(graph)
    return {(one, kind) for one, predicate, kind in reasoner.reason() if predicate == RDF.type and is_ours(kind)}


def is_ours(node: object) -> bool:
    return isinstance(node, URIRef) and node.startswith(ONTOLOGY)


def clashes(graph: Graph) -> set[tuple[URIRef, URIRef, URIRef]]:
    """Return the things that reasoning puts into two disjoint classes, with the classes."""
    members: dict[URIRef, set[URIRef]] = {}
    for one, kind in inferred_types(graph):
        members.setdefault(kind, set()).add(one)
    return {
        (both, one, other)
        for one, other in graph.subject_objects(OWL.disjointWith)
        for both in members.get(one, set()) & members.get(other, set())
    }


def test_reasoning_puts_nothing_into_disjoint_classes(built: Report) -> None:
    """A State that became a Stake, a Person that became a Project: what too narrow domains do."""
    assert clashes(to_rdflib(built.quads)) == set()


def test_reasoning_would_find_a_mistyped_state(tiny_graph: Graph) -> None:
    state = tiny_graph.value(None, RDF.type, URIRef(ONTOLOGY + "State"))
    assert clashes(tiny_graph) == set()
    tiny_graph.add((state, URIRef(ONTOLOGY + "basis"), URIRef(CODE + "basis/direct")))
    assert {one for one, _, _ in clashes(tiny_graph)} == {state}


def test_a_second_reasoner_infers_the_same_types(tiny_graph: Graph) -> None:
    import owlrl

    by_reasonable = inferred_types(tiny_graph)
    owlrl.DeductiveClosure(owlrl.RDFS_Semantics).expand(tiny_graph)
    by_owlrl = {(one, kind) for one, kind in tiny_graph.subject_objects(RDF.type) if is_ours(kind)}
    assert by_reasonable == by_owlrl != set()


def test_hermit_finds_ontology_and_data_consistent(built: Report, tmp_path: Path) -> None:
    if shutil.which("java") is None:
        pytest.skip("java is not installed (tests/tools/install.sh installs it where it may)")
    import owlready2

    (tmp_path / "all.rdf").write_bytes(write_rdf(built.quads, "rdfxml", PREFIXES))
    world = owlready2.World()
    loaded = world.get_ontology((tmp_path / "all.rdf").as_uri()).load()
    with loaded:
        owlready2.sync_reasoner_hermit(world, debug=0, ignore_unsupported_datatypes=True)
    assert list(world.inconsistent_classes()) == []


def test_hermit_would_find_a_contradiction(tmp_path: Path) -> None:
    if shutil.which("java") is None:
        pytest.skip("java is not installed (tests/tools/install.sh installs it where it may)")
    import owlready2

    graph = Graph().parse(ONTOLOGY_FILE)
    odd = URIRef(thing("odd"))
    graph.add((odd, RDF.type, OWL.NamedIndividual))
    graph.add((odd, RDF.type, URIRef(ONTOLOGY + "Stake")))
    graph.add((odd, RDF.type, URIRef(ONTOLOGY + "Person")))
    graph.serialize(tmp_path / "odd.rdf", format="xml")
    world = owlready2.World()
    loaded = world.get_ontology((tmp_path / "odd.rdf").as_uri()).load()
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError), loaded:
        owlready2.sync_reasoner_hermit(world, debug=0, ignore_unsupported_datatypes=True)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("sharePercent", "120", "100"),
        ("sharePercent", "-1", "0"),
        ("citation", None, "citation"),
        ("owner", None, "owner"),
        ("certainty", None, "certainty"),
    ],
)
def test_a_broken_stake_is_found(built: Report, name: str, value: str | None, said: str) -> None:
    import pyoxigraph as ox

    stake = ox.NamedNode(thing("knoc-in-block-8"))
    predicate = ox.NamedNode(ONTOLOGY + name)
    quads = [quad for quad in built.quads if not (quad.subject == stake and quad.predicate == predicate)]
    assert len(quads) < len(built.quads)
    if value is not None:
        literal = ox.Literal(value, datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal"))
        quads.append(ox.Quad(stake, predicate, literal, ox.NamedNode(PREFIXES["graph"] + "sanborn-yong")))
    findings = validate(quads, SHAPES)
    assert findings and any(said in finding.message.lower() for finding in findings)

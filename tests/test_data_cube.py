"""Figures as RDF Data Cubes: integrity constraints of the W3C recommendation, structures, code lists and labels."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
import pytest

from peru_asia_graph.build.pipeline import Report, build_graph
from peru_asia_graph.vocabulary import CODE, ONTOLOGY, PREFIXES, RDF_TYPE, RDFS_LABEL, local
from tiny import copy_tiny

FOLDER: Final = Path(__file__).with_name("data-cube")
FILE: Final = FOLDER / "integrity-constraints.toml"
CONSTRAINTS: Final[list[dict[str, str]]] = tomllib.loads(FILE.read_text())["constraint"]
NAMES: Final = [f"{one['name']} {one['title']}" for one in CONSTRAINTS]
DATA: Final = Path(__file__).parents[1] / "data"
PREFIXED: Final = {
    **PREFIXES, "structure": "https://w3id.org/peru-asia-graph/structure/",
    **{name: f"{CODE}{name}/" for name in ("dataset", "flow", "measure", "unit", "qualifier")},
}  # fmt: skip
FORMS: Final = ("raw", "normalized")
IN_SCHEME: Final = PREFIXES["skos"] + "inScheme"


@contextmanager
def changed(store: ox.Store, fault: str = "", normalize: bool = False) -> Iterator[ox.Store]:
    """Insert a fault and the results of normalization; remove both afterwards."""
    before = set(store)
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXED.items())
    store.load((prefixes + fault).encode(), format=ox.RdfFormat.TURTLE)
    for phase in (1, 2) if normalize else ():
        store.update((FOLDER / f"normalize-{phase}.ru").read_text())
    yield store
    for quad in set(store) - before:
        store.remove(quad)


def make_store(report: Report) -> ox.Store:
    """Return the statements about figures, properties, structures and codes in one store, without named graphs."""
    triples, qb = {quad.triple for quad in report.quads}, PREFIXES["qb"]
    about = {one.subject for one in triples if one.predicate.value.startswith((qb, IN_SCHEME))
             or (isinstance(one.object, ox.NamedNode) and one.object.value.startswith(qb))}  # fmt: skip
    about |= {one.object for one in triples if one.predicate.value == IN_SCHEME}
    store = ox.Store()
    store.bulk_extend(ox.Quad(*one) for one in triples if one.subject in about)
    return store


@pytest.fixture(scope="module")
def raw(built: Report) -> ox.Store:
    return make_store(built)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    """Another source, with a prose figure that has no category."""
    return make_store(build_graph(copy_tiny(tmp_path_factory.mktemp("tiny"))))


def ask(store: ox.Store, query: str) -> Any:
    return store.query(query, prefixes=PREFIXES)


def is_violated(store: ox.Store, constraint: dict[str, str]) -> bool:
    queries = [constraint["ask"]]
    if "each" in constraint:
        queries = [constraint["ask"].replace("$p", row["p"].value) for row in ask(store, constraint["each"])]
    return any(bool(ask(store, query)) for query in queries)


def test_all_constraints_are_present() -> None:
    assert {one["name"] for one in CONSTRAINTS} == {f"IC-{number}" for number in range(1, 22)}


@pytest.mark.slow
@pytest.mark.parametrize("normalize", [False, True], ids=FORMS)
@pytest.mark.parametrize("constraint", CONSTRAINTS, ids=NAMES)
def test_constraint_holds_and_detects_a_fault(raw: ox.Store, constraint: dict[str, str], normalize: bool) -> None:
    if not normalize:  # normalization adds nothing to the unchanged graph, see below
        assert not is_violated(raw, constraint)
    with changed(raw, constraint["fault"], normalize):
        assert is_violated(raw, constraint)


@pytest.mark.parametrize("constraint", CONSTRAINTS, ids=NAMES)
def test_constraint_holds_for_another_source(tiny: ox.Store, constraint: dict[str, str]) -> None:
    with changed(tiny, "", normalize=True):
        assert not is_violated(tiny, constraint)


def test_figures_of_another_source_have_a_structure(tiny: ox.Store) -> None:
    assert ask(tiny, "ASK { ?figure pag:mention ?one ; pag:category ?two } ")
    assert not ask(tiny, "ASK { ?figure qb:dataSet ?set FILTER NOT EXISTS { ?set qb:structure/qb:component ?one } }")


def test_normalization_adds_nothing(raw: ox.Store) -> None:
    """Other tools can use the graph without normalizing it."""
    before = set(raw)
    with changed(raw, normalize=True):
        assert set(raw) == before


def figures() -> list[dict[str, str]]:
    """Return the rows of the observation tables of all sources."""
    rows: list[dict[str, str]] = []
    for path in sorted(DATA.glob("*/observations.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            rows += csv.DictReader(lines)
    return rows


def test_every_dataset_has_its_structure(raw: ox.Store) -> None:
    expected = Counter(row["dataset"] for row in figures())
    found = ask(raw, "SELECT ?d ?s (COUNT(*) AS ?n) { ?d qb:structure ?s . ?o qb:dataSet ?d } GROUP BY ?d ?s")
    structures = {local(row["d"].value): (local(row["s"].value), int(row["n"].value)) for row in found}
    kinds = {f"table-{number}": "tables" for number in range(1, 5)} | {
        "prose": "prose", "prose-in-words": "words", "gem-oil-gas": "prose", "gem-iron-ore-mines": "prose",
        "usgs-porphyry-copper": "prose", "usgs-porphyry-in-words": "words", "un-votes": "prose",
    }  # fmt: skip
    assert structures == {name: (kind, expected[name]) for name, kind in kinds.items()}
    assert sum(expected.values()) == sum(count for _, count in structures.values())


def test_components_of_figures_are_in_their_structure(raw: ox.Store) -> None:
    """Only the dimensions that a sentence may omit are outside the structure of prose figures."""
    outside = ask(
        raw,
        """
        SELECT DISTINCT ?s ?p {
          VALUES ?kind { qb:DimensionProperty qb:AttributeProperty qb:MeasureProperty }
          ?p a ?kind . ?o qb:dataSet/qb:structure ?s ; ?p []
          FILTER NOT EXISTS { ?s qb:component/qb:componentProperty ?p } }""",
    )
    found = {(local(row["s"].value), local(row["p"].value)) for row in outside}
    assert found == {(kind, name) for kind in ("prose", "words") for name in ("flow", "partner", "category", "period")}


def test_attributes_present_on_every_figure_are_required(raw: ox.Store) -> None:
    rows = ask(raw, "SELECT ?p ?r { ?c qb:attribute ?p ; qb:componentRequired ?r }")
    required = {local(row["p"].value): row["r"].value == "true" for row in rows}
    assert {name for name, needed in required.items() if needed} == {"unit", "qualifier"}
    assert {"column", "valueAsPrinted", "precision"} <= required.keys()


def test_coded_dimensions_have_a_code_list(raw: ox.Store) -> None:
    rows = ask(
        raw,
        """
        SELECT ?p (COUNT(DISTINCT ?code) AS ?n) { ?p a qb:CodedProperty ; qb:codeList ?list .
          ?list a skos:ConceptScheme . ?code skos:inScheme ?list ; a skos:Concept } GROUP BY ?p""",
    )
    codes = {local(row["p"].value): int(row["n"].value) for row in rows}
    assert codes.keys() == {"flow", "partner", "category", "measure", "unit", "qualifier"}
    # Counted in the tables of observations; matched codes count once.
    with (DATA / "reference" / "matches.csv").open(encoding="utf-8", newline="") as lines:
        same = {row["subject_id"][3:]: row["object_id"][3:] for row in csv.DictReader(lines)
                if row["predicate_id"] == "skos:exactMatch" and not row["predicate_modifier"]}  # fmt: skip
    for name in ("partner", "category"):
        assert codes[name] == len({same.get(row[name], row[name]) for row in figures() if row.get(name)})


def test_figures_without_a_number_have_words(built: Report) -> None:
    expected = {row["id"]: row["value_printed"] for row in figures() if not row["value"]}
    found = {local(quad.subject.value): quad.object.value for quad in built.quads
             if quad.predicate.value == ONTOLOGY + "valueInWords" and isinstance(quad.object, ox.Literal)}  # fmt: skip
    assert found == expected and len([name for name in expected if name.startswith("p")]) == 7


def test_figure_labels_are_unique(built: Report) -> None:
    kind = ox.NamedNode(PREFIXES["qb"] + "Observation")
    named = {quad.subject for quad in built.quads if quad.object == kind and quad.predicate.value == RDF_TYPE}
    labels = Counter(str(quad.object) for quad in built.quads
                     if quad.subject in named and quad.predicate.value == RDFS_LABEL)  # fmt: skip
    assert [label for label, count in labels.items() if count > 1] == [] and len(labels) == len(named)

"""The dataset's entry in data catalogues (DCAT-AP 3): it is valid, and every address in it delivers what it says."""

from __future__ import annotations

import urllib.request
from importlib.metadata import version
from pathlib import Path
from typing import Final

import pytest
from rdflib import DCAT, DCTERMS, FOAF, OWL, RDF, VOID, XSD, Graph, Literal, URIRef

from peru_asia_graph.build.describe import DUMPS
from peru_asia_graph.build.pipeline import Report, build_graph
from peru_asia_graph.build.validate import to_rdflib
from peru_asia_graph.errors import BadInput
from peru_asia_graph.exporters.exports_folder import make_catalogue
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.vocabulary import BASE, DATASET
from skips import skip_outside
from tiny import copy_tiny

ROOT: Final = Path(__file__).parents[1]
SHAPES: Final = ROOT / "tests" / "dcat-ap.ttl"
ENTRY: Final = URIRef(DATASET)
SERVICE: Final = URIRef(BASE + "sparql")
SIZE: Final = XSD.nonNegativeInteger


@pytest.fixture(scope="module")
def served(site: str) -> Graph:
    """The graph served at ``/dataset``."""
    kind, body = fetch(site, DATASET, "text/turtle")
    assert kind == "text/turtle"
    return Graph().parse(data=body, format="turtle")


@pytest.fixture(scope="module")
def exported(built: Report) -> Graph:
    """The graph in ``exports/catalogue.ttl``; its sizes are those of other files."""
    return Graph().parse(data=make_catalogue(built.rows, {name: name.encode() for name in DUMPS}), format="turtle")


def fetch(site: str, address: object, accept: str = "*/*") -> tuple[str, bytes]:
    """Return media type and body; the project's addresses are requested from the local server."""
    assert str(address).startswith(BASE)
    request = urllib.request.Request(str(address).replace(BASE, site + "/"), headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=60) as response:
        body: bytes = response.read()
        assert int(response.headers["Content-Length"]) == len(body)
        return response.headers.get_content_type(), body


def violations(graph: Graph, *shapes: Path) -> list[str]:
    """Return the validation results of severity Violation."""
    import pyshacl
    from rdflib import SH

    wanted = Graph()
    for file in shapes:
        wanted.parse(file)
    _, report, _ = pyshacl.validate(graph, shacl_graph=wanted, inference="none")
    assert isinstance(report, Graph)
    found = report.subjects(SH.resultSeverity, SH.Violation)
    return sorted(f"{report.value(one, SH.focusNode)} {report.value(one, SH.resultPath)}" for one in found)


def test_served_entry_conforms(served: Graph) -> None:
    assert violations(served, SHAPES) == []


def test_exported_entry_conforms(exported: Graph) -> None:
    assert violations(exported, SHAPES) == []


@pytest.mark.slow
def test_whole_graph_conforms(built: Report) -> None:
    """Its states and firms are agents too, and its codes are concepts."""
    assert violations(to_rdflib(built.quads), SHAPES) == []


def test_official_shapes_find_no_violation(served: Graph, exported: Graph, built: Report) -> None:
    """The shapes of release 3.0.1 (github.com/SEMICeu/DCAT-AP, html/shacl) are in a folder beside the repository."""
    folder = next((path.parent for path in ROOT.parent.glob("*/dcat-ap/shapes.ttl")), None)
    if folder is None:
        skip_outside("the SHACL shapes of DCAT-AP")
    for graph in (served, exported, to_rdflib(built.quads)):
        assert violations(graph, folder / "shapes.ttl") == violations(graph, folder / "range.ttl") == []


@pytest.mark.slow
def test_another_source_has_an_entry(tmp_path: Path) -> None:
    graph = to_rdflib(build_graph(copy_tiny(tmp_path)).quads)
    assert violations(graph, SHAPES) == []
    assert graph.value(ENTRY, DCTERMS.title, any=True) is not None and not graph.value(ENTRY, DCTERMS.license)


def test_version_changes_with_the_data_and_only_then(tmp_path: Path) -> None:
    """Beta holds 50 % of Cerro Norte in the tiny source, then 49 %."""
    project = copy_tiny(tmp_path)

    def stated() -> str:
        return str(to_rdflib(build_graph(project).quads).value(ENTRY, OWL.versionInfo))

    first = stated()
    assert first.startswith(f"{version('peru-asia-graph')}+") and stated() == first
    (file,) = project.data.glob("*/stakes.csv")
    file.write_text(file.read_text("utf-8").replace("cerro-norte,50,50%", "cerro-norte,49,49%"), "utf-8")
    assert stated() != first


def test_entry_with_invalid_turtle_is_refused(tmp_path: Path) -> None:
    project = copy_tiny(tmp_path)
    (project.data / "catalogue.ttl").write_text("<a> <b>")
    with pytest.raises(BadInput, match=r"catalogue\.ttl.* is not valid Turtle"):
        build_graph(project)


@pytest.mark.parametrize(
    ("subject", "predicate"),
    [
        (BASE + "catalogue", DCTERMS.publisher),
        (BASE + "catalogue", DCTERMS.description),
        (DATASET, DCTERMS.title),
        (DATASET, DCTERMS.description),
        (f"{DATASET}/peru-asia-graph.trig", DCAT.accessURL),
        (str(SERVICE), DCAT.endpointURL),
        (BASE + "maintainers", FOAF.name),
        ("https://creativecommons.org/licenses/by/4.0/", RDF.type),
    ],
)
def test_missing_statement_is_found(exported: Graph, subject: str, predicate: URIRef) -> None:
    graph = Graph() + exported
    graph.remove((URIRef(subject), predicate, None))
    assert len(graph) < len(exported) and violations(graph, SHAPES)


def test_entry_has_the_properties_catalogues_require(served: Graph) -> None:
    for name in ("publisher", "creator", "license", "language", "spatial", "temporal", "issued"):
        assert served.value(ENTRY, DCTERMS[name], any=True), name
    for one in ("keyword", "theme", "contactPoint", "distribution", "landingPage"):
        assert served.value(ENTRY, DCAT[one], any=True), one
    languages = {text.language for text in served.objects(ENTRY, DCAT.keyword) if isinstance(text, Literal)}
    assert languages == {"en", "es"}
    assert served.value(SERVICE, DCAT.servesDataset) == ENTRY == served.value(URIRef(BASE + "catalogue"), DCAT.dataset)
    assert served.value(ENTRY, VOID.sparqlEndpoint) == SERVICE == served.value(SERVICE, DCAT.endpointURL)


def test_every_download_delivers_the_file(site: str, served: Graph) -> None:
    distributions = set(served.objects(ENTRY, DCAT.distribution))
    assert distributions == set(served.subjects(RDF.type, DCAT.Distribution)) and len(distributions) == len(DUMPS)
    for one in distributions:
        (address,) = set(served.objects(one, DCAT.downloadURL)) | set(served.objects(one, DCAT.accessURL))
        kind, body = fetch(site, address)
        assert str(served.value(one, DCAT.mediaType)) == f"https://www.iana.org/assignments/media-types/{kind}"
        assert served.value(one, DCAT.byteSize) == Literal(len(body), datatype=SIZE)
        assert (ENTRY, VOID.dataDump, address) in served


@pytest.mark.slow
def test_dump_contains_the_graph(site: str, served: Graph) -> None:
    """It has as many triples as stated, plus the description, which is not counted."""
    (address,) = (one for one in served.objects(ENTRY, VOID.dataDump) if str(one).endswith(".ttl"))
    dump = Graph().parse(data=fetch(site, address)[1], format="turtle")
    counted = int(str(served.value(ENTRY, VOID.triples)))
    assert counted < len(dump) <= counted + len(served)


def test_endpoint_answers_and_is_described(site: str, served: Graph) -> None:
    assert fetch(site, f"{served.value(SERVICE, DCAT.endpointURL)}?query=ASK%7B%7D", "text/csv")[1]
    kinds = {fetch(site, one, "text/turtle, application/json")[0]
             for one in served.objects(SERVICE, DCAT.endpointDescription)}  # fmt: skip
    assert kinds == {"text/turtle", "application/json"}


def test_landing_page_exists(site: str, served: Graph) -> None:
    assert fetch(site, served.value(ENTRY, DCAT.landingPage), "text/html")[0] == "text/html"


def test_sizes_are_not_in_the_dumps(built: Report, exported: Graph) -> None:
    """A file that stated its own size would change it."""
    assert not [quad for quad in built.quads if quad.predicate.value == str(DCAT.byteSize)]
    sizes = {str(one).rpartition("/")[2]: int(str(size)) for one, size in exported.subject_objects(DCAT.byteSize)}
    assert sizes == {name: len(name) for name in DUMPS}


def test_period_ends_with_the_last_source(exported: Graph, sources: KnowledgeGraph) -> None:
    """The period is set by hand in ``data/catalogue.ttl``, so a new source could make it out of date."""
    (end,) = exported.objects(URIRef(DATASET + "/period"), DCAT.endDate)
    assert int(end) == max(one.year for one in sources.sources if one.year is not None)

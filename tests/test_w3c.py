"""The W3C's protocol, query and service description tests on the live server; exceptions are listed with a reason."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.collection import Collection

import servers
import w3c
from csv_rows import read_csv
from peru_asia_graph.store.load import load_files

EXCEPTIONS = Path(__file__).parent / "w3c-exceptions.csv"
MANIFESTS = ("manifest-sparql11-query.ttl", "manifest-sparql11-results.ttl")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")


def expected_failures(group: str) -> set[str]:
    """Return the cases of a group that are known to fail, each with its reason."""
    rows = read_csv(EXCEPTIONS)
    assert all(row["reason"].strip() for row in rows)
    return {row["case"] for row in rows if row["group"] == group}


def serve(tmp_path_factory: pytest.TempPathFactory, quads: list[ox.Quad]) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("w3c")
    (folder / "data.nq").write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    load_files([folder / "data.nq"], folder / "store", lambda _: None)
    with servers.ours("--store", str(folder / "store"), "-q") as address:
        yield f"{address}/sparql"


@pytest.fixture(scope="module")
def queries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An endpoint over all data files of the query cases, each in its own graph."""
    folder = w3c.suite()
    files = set()
    for manifest in MANIFESTS:
        for case in w3c.cases(folder, manifest):
            files |= {*case.default, *case.named, *w3c.graphs_named_in(w3c.query_text(folder, case), case)}
    here = [file for file in files if (folder / file.removeprefix(w3c.BASE)).is_file()]
    yield from serve(tmp_path_factory, list(w3c.data_quads(folder, here)))


def send_query(endpoint: str, text: str, case: w3c.Case) -> tuple[int, str, bytes]:
    """Send a query with the dataset of its case; return status, media type and body."""
    graphs = [("default-graph-uri", one) for one in case.default] + [("named-graph-uri", one) for one in case.named]
    # The request's dataset would override the one named in the query.
    graphs = [] if "FROM" in text else graphs or [("default-graph-uri", w3c.BASE + "empty")]
    wanted = {".csv": "text/csv", ".tsv": "text/tab-separated-values", ".srx": "application/sparql-results+xml"}
    accept = wanted.get(Path(case.result).suffix, "application/sparql-results+json") + ", text/turtle"
    headers = {"Content-Type": "application/sparql-query", "Accept": accept}
    status, found, body = servers.fetch(f"{endpoint}?{urllib.parse.urlencode(graphs)}", text.encode(), headers)
    return status, found["Content-Type"], body


def passes(endpoint: str, folder: Path, case: w3c.Case) -> bool:
    text = w3c.query_text(folder, case)
    status, media, body = send_query(endpoint, text, case)
    if case.kind.startswith("Negative"):
        return status == 400
    if case.kind.startswith("Positive"):
        return status == 200
    return status == 200 and w3c.same(body, media, folder, case)


def test_query_cases(queries: str) -> None:
    folder = w3c.suite()
    cases = [case for manifest in MANIFESTS for case in w3c.cases(folder, manifest)]
    assert len(cases) == 338
    failed = {case.name for case in cases if not passes(queries, folder, case)}
    assert failed == expected_failures("query")


@pytest.fixture(scope="module")
def protocol(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An endpoint over the graphs of the protocol cases."""
    folder = w3c.suite()
    graph = w3c.read_manifest(folder, "protocol/manifest.ttl")
    quads = {}
    for one in set(graph.objects(None, UT.graphData)):
        file, label = str(graph.value(one, UT.graph)), str(graph.value(one, rdflib.RDFS.label))
        for quad in ox.parse(path=str(folder / file.removeprefix(w3c.BASE)), format=ox.RdfFormat.N_TRIPLES):
            made = ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(label))
            quads[str(made)] = made
    yield from serve(tmp_path_factory, list(quads.values()))


def send(endpoint: str, graph: rdflib.Graph, request: rdflib.term.Node) -> bool:
    """Send one request of a protocol case; return whether the response is as specified."""
    place = urllib.parse.urlsplit(endpoint)
    path = str(graph.value(request, HT.absolutePath)).replace("/sparql/", place.path, 1)
    content = graph.value(request, HT.body)
    body = None
    if content is not None:
        encoding = str(graph.value(content, CNT.characterEncoding))
        body = str(graph.value(content, CNT.chars)).encode(encoding)
    connection = http.client.HTTPConnection(place.netloc, timeout=30)
    connection.putrequest(str(graph.value(request, HT.methodName)), path)
    for headers in graph.objects(request, HT.headers):
        for header in Collection(graph, headers):
            name, value = str(graph.value(header, HT.fieldName)), str(graph.value(header, HT.fieldValue))
            if name.lower() not in ("content-length", "host"):
                connection.putheader(name, value)
    connection.putheader("Content-Length", str(len(body or b"")))
    connection.endheaders(body)
    answer = connection.getresponse()
    body_received = answer.read()
    connection.close()
    expected = graph.value(request, HT.resp)
    statuses = {str(one)[-3:] for one in graph.objects(expected, w3c.MF.expectedStatus)}
    if f"{answer.status // 100}xx" not in statuses:
        return False
    truth, media = graph.value(expected, w3c.MF.expectedBoolean), answer.headers.get_content_type()
    if truth is not None and answer.status == 200:
        form = ox.QueryResultsFormat.from_media_type(media)
        return bool(ox.parse_query_results(body_received, format=form)) == bool(truth)
    shape = str(graph.value(expected, w3c.MF.expectedFormat) or "")
    return shape != "RDF" or ox.RdfFormat.from_media_type(media) is not None


def test_protocol_cases(protocol: str) -> None:
    graph = w3c.read_manifest(w3c.suite(), "protocol/manifest.ttl")
    (entries,) = graph.objects(None, w3c.MF.entries)
    cases = list(Collection(graph, entries))
    assert len(cases) == 34
    failed = set()
    for case in cases:
        requests = Collection(graph, graph.value(graph.value(case, w3c.MF.action), HT.requests))
        if not all(send(protocol, graph, one) for one in requests):
            failed.add(w3c.case_name(str(case)))
    assert failed == expected_failures("protocol")


def test_service_description_cases(protocol: str) -> None:
    for accept in ("text/turtle", "application/rdf+xml", "application/ld+json", "application/n-triples"):
        request = urllib.request.Request(protocol, headers={"Accept": accept})
        with urllib.request.urlopen(request, timeout=30) as answer:
            media, body_received = answer.headers.get_content_type(), answer.read()
        assert media == accept
        graph = rdflib.Graph().parse(data=body_received, format=media)
        (service,) = graph.subjects(rdflib.RDF.type, SD.Service)
        assert (service, SD.endpoint, rdflib.URIRef(protocol)) in graph
        names = {name for name in graph.predicates() if name.startswith(SD)}
        assert names <= {SD[name] for name in (
            "endpoint", "supportedLanguage", "feature", "resultFormat", "defaultDataset", "defaultGraph", "namedGraph",
            "name", "graph", "availableGraphs",
        )}  # fmt: skip
        for name in graph.objects(None, SD.namedGraph):
            assert graph.value(name, SD.name) is not None

"""The server as clients see it: status codes, formats, headers, every URL in the graph, pages, start and stop."""

from __future__ import annotations

import csv
import gzip
import html
import http.client
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import RDF, VOID

import servers
from peru_asia_graph.store.load import load_files
from peru_asia_graph.vocabulary import BASE, RDF_TYPE
from servers import until

ROOT = Path(__file__).parents[1]
TRIG = ROOT / "exports" / "peru-asia-graph.trig"
ASK = "query=ASK%7B%7D"
ROWS = "query=SELECT%20%3Fl%20%7B%20id%3Ablock-8%20rdfs%3Alabel%20%3Fl%20%7D"
GRAPH = "query=CONSTRUCT%20WHERE%20%7B%20id%3Ablock-8%20rdfs%3Alabel%20%3Fl%20%7D"
FILES = (f"{BASE}sparql", f"{BASE}logo.svg", f"{BASE}openapi.json", f"{BASE}exports/")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
ENDLESS = "/sparql?query=" + urllib.parse.quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"


@dataclass
class Response:
    """A response."""

    status: int
    headers: Any
    body: bytes


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The URL of a server for the shipped graph."""
    with servers.ours("--timeout", "60", "-q") as address:
        yield address


def send(site: str, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Response:
    """Send one request verbatim."""
    connection = http.client.HTTPConnection(site.removeprefix("http://"), timeout=120)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    response = Response(answer.status, answer.headers, answer.read())
    connection.close()
    return response


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("GET", f"/sparql?{ASK}", None, {}, 200),
        ("GET", f"/sparql/?{ASK}", None, {}, 200),
        ("HEAD", f"/sparql?{ASK}", None, {}, 200),
        ("POST", "/sparql", ASK, FORM, 200),
        ("POST", "/sparql", ASK, {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}, 200),
        ("POST", "/sparql", "ASK {}", DIRECT, 200),
        ("POST", "/sparql", "ASK {}", {"Content-Type": "application/sparql-query;charset=utf-8"}, 200),
        ("POST", "/sparql", "ASK {}", {"Content-Type": "application/sparql-query;charset=latin-1"}, 415),
        ("POST", "/sparql", "ASK {}", {"Content-Type": "text/plain"}, 415),
        ("POST", "/sparql", "ASK {}", {}, 415),
        ("POST", "/sparql", "", FORM, 400),
        ("POST", "/sparql", "", DIRECT, 400),
        ("POST", "/sparql", "query=", FORM, 400),
        ("POST", f"/sparql?{ASK}", "ASK {}", DIRECT, 400),
        ("GET", f"/sparql?{ASK}&{ASK}", None, {}, 400),
        ("GET", "/sparql?query=", None, {}, 400),
        ("GET", "/sparql?query=ASK%20%7B", None, {}, 400),
        ("GET", "/sparql?query=%FF%FE", None, {}, 400),
        ("POST", "/sparql", b"ASK { ?s ?p '\xff' }", DIRECT, 400),
        ("POST", "/sparql", b"query=%C3%28", FORM, 400),
        ("GET", "/sparql?update=CLEAR%20ALL", None, {}, 400),
        ("POST", "/sparql", "update=CLEAR%20ALL", FORM, 403),
        ("POST", "/sparql", "CLEAR ALL", {"Content-Type": "application/sparql-update"}, 403),
        ("POST", "/sparql", "query=CLEAR%20ALL", FORM, 400),
        ("PUT", f"/sparql?{ASK}", None, {}, 405),
        ("DELETE", "/sparql", None, {}, 405),
        ("PATCH", "/sparql", None, {}, 405),
        ("OPTIONS", "/sparql", None, {}, 204),
        ("TRACE", "/sparql", None, {}, 405),
        ("GET", f"/sparql?{ROWS}", None, {"Accept": "application/pdf"}, 406),
        ("GET", f"/sparql?{ROWS}", None, {"Accept": "text/turtle"}, 406),
        ("GET", f"/sparql?{GRAPH}", None, {"Accept": "text/csv"}, 406),
        ("GET", f"/sparql?{ROWS}&format=pdf", None, {}, 200),
        ("GET", f"/sparql?{ROWS}&format=pdf", None, {"Accept": "application/pdf"}, 406),
        ("GET", "/sparql?query=" + "a" * 100_000, None, {}, 414),
        ("GET", f"/sparql?{ASK}&default-graph-uri=nonsense", None, {}, 400),
        ("GET", f"/sparql?default-graph-uri=&{ASK}&named-graph-uri=&timeout=0&debug=on", None, {}, 200),
        ("GET", f"/sparql?{ASK}" + "&named-graph-uri=http://x/" * 101, None, {}, 400),
        ("GET", f"/sparql?{ASK}" + "&x=1" * 600, None, {}, 400),
        ("POST", "/sparql", b"query=" + b"a" * 3_100_000, FORM, 413),
        ("POST", "/sparql", b"ASK {} #" + b"a" * 1_100_000, DIRECT, 413),
        ("POST", "/sparql", b"ASK {} #" + b"a" * 20_000_000, DIRECT, 413),
        ("POST", "/page/id/block-8", "", {}, 405),
        ("GET", "/nothing", None, {}, 404),
        ("GET", "/id/", None, {}, 404),
        ("GET", "/id/%3Cscript%3E", None, {}, 404),
        ("GET", "/id/a%22%7D%20ASK%20%7B", None, {}, 404),
        ("GET", "/id/block-8", None, {"Accept": "image/png"}, 406),
        ("GET", "/data/id/block-8.xyz", None, {}, 404),
        ("GET", "/data/id/nobody.ttl", None, {}, 404),
        ("GET", "/page/id/peru?list=figures&page=99", None, {}, 404),
        ("GET", "/page/id/peru?list=figures&page=x", None, {}, 404),
        ("GET", "/page/id/peru?list=%3E%20%7D", None, {}, 404),
        ("GET", "/exports/../pyproject.toml", None, {}, 404),
        ("GET", "/exports/%2e%2e/pyproject.toml", None, {}, 404),
        ("GET", "/static/..%2f..%2fstatic/site.css", None, {}, 404),
        ("GET", "/static/.hidden", None, {}, 404),
        ("GET", "/static/%00", None, {}, 400),
        ("GET", "/search?q=%00", None, {}, 400),
        ("GET", "/?asset=a%00b", None, {}, 400),
        ("GET", "/exports/", None, {}, 404),
        ("GET", "/questions/nothing", None, {}, 404),
        ("GET", "/questions/who-owns?asset=nobody", None, {}, 400),
        ("GET", "/questions/who-owns?asset=Block+8&asset=Block+6", None, {}, 400),
    ],
)
def test_status_codes(
    site: str, method: str, path: str, body: str | bytes | None, headers: dict[str, str], status: int
) -> None:
    raw = body.encode() if isinstance(body, str) else body
    response = send(site, path, method, raw, **headers)
    assert response.status == status, response.body[:300]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    if status == 405:
        assert "GET" in response.headers["Allow"]
    if status >= 400 and method != "HEAD":
        assert response.body.decode().strip()


@pytest.mark.parametrize(
    ("fields", "accept", "rows", "graph"),
    [
        ("format=xml", JSON, XML, "application/rdf+xml"),
        ("format=json", XML, JSON, "application/ld+json"),
        ("output=xml", JSON, XML, "application/rdf+xml"),
        ("results=JSON", "*/*", JSON, "application/ld+json"),
        ("format=nonsense&output=auto&results=xml", "*/*", XML, "application/rdf+xml"),
        ("format=csv", "*/*", "text/csv", "text/turtle"),
        ("format=n3", "*/*", JSON, "text/turtle"),
        ("format=rdf+xml", "*/*", JSON, "application/rdf+xml"),
        ("format=application/rdf%2Bxml", "*/*", JSON, "application/rdf+xml"),
        ("format=application/sparql-results%2Bxml", "*/*", XML, "text/turtle"),
        ("format=application/json", XML, JSON, "application/ld+json"),
        ("format=nonsense", f"{XML}, application/rdf+xml", XML, "application/rdf+xml"),
        ("format=", f"{XML}, text/turtle", XML, "text/turtle"),
        ("output=text/html", "*/*", JSON, "text/turtle"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "form", "direct"])
def test_format_parameters(site: str, fields: str, accept: str, rows: str, graph: str, method: str) -> None:
    for query, media in ((ROWS, rows), (ASK, rows), (GRAPH, graph)):
        if method == "GET":
            response = send(site, f"/sparql?{query}&{fields}", Accept=accept)
        elif method == "form":
            response = send(site, "/sparql", "POST", f"{query}&{fields}".encode(), **FORM, Accept=accept)
        else:
            text = urllib.parse.unquote_plus(query.removeprefix("query=")).encode()
            response = send(site, f"/sparql?{fields}", "POST", text, **DIRECT, Accept=accept)
        assert (response.status, response.headers.get_content_type()) == (200, media), response.body[:300]


@pytest.mark.parametrize(
    ("query", "accept", "media"),
    [
        (ROWS, "*/*", JSON),
        (ROWS, JSON, JSON),
        (ROWS, XML, XML),
        (ROWS, "text/csv", "text/csv"),
        (ROWS, "text/tab-separated-values", "text/tab-separated-values"),
        (ROWS, "application/json", "application/json"),
        (ROWS, f"{JSON};q=0.2, {XML};q=0.8", XML),
        (ROWS, "text/*;q=0.5, application/*;q=0.1", "text/csv"),
        (ROWS, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", JSON),
        (ROWS, f"*/*, {JSON};q=0", XML),
        (ASK, XML, XML),
        (GRAPH, "*/*", "text/turtle"),
        (GRAPH, "application/n-triples", "application/n-triples"),
        (GRAPH, "application/ld+json", "application/ld+json"),
        (GRAPH, "application/rdf+xml", "application/rdf+xml"),
        (GRAPH, "application/trig", "application/trig"),
        (ROWS, "application/xml", XML),
        (ROWS, "text/json;q=0.9, text/xml;q=0.5, image/png", JSON),
        (GRAPH, "application/json", "application/ld+json"),
        (GRAPH, "text/xml", "application/rdf+xml"),
        (GRAPH, "text/rdf+n3", "text/turtle"),
        (GRAPH, "text/plain", "application/n-triples"),
        ("", "text/turtle", "text/turtle"),
        ("", "application/rdf+xml", "application/rdf+xml"),
    ],
)
def test_formats_match_their_media_type(site: str, query: str, accept: str, media: str) -> None:
    response = send(site, f"/sparql?{query}", Accept=accept)
    assert response.status == 200 and response.headers.get_content_type() == media
    assert "Accept" in response.headers["Vary"]
    rows, graph = ox.QueryResultsFormat.from_media_type(media), ox.RdfFormat.from_media_type(media)
    if media == "text/csv":
        assert response.body.decode().split() == ["l", "Block", "8"]
    elif "sparql-results" in media or media == "text/tab-separated-values":
        answer = ox.parse_query_results(response.body, format=rows)
        assert (
            bool(answer) if isinstance(answer, ox.QueryBoolean) else [row["l"].value for row in answer] == ["Block 8"]
        )
    elif media == "application/json":
        assert json.loads(response.body)["results"]["bindings"][0]["l"]["value"] == "Block 8"
    else:
        triples = list(ox.parse(response.body, format=graph))
        assert len(triples) == 1 if query else len(triples) > 100


def test_percent_signs_and_plus_survive_forms(site: str) -> None:
    body = urllib.parse.urlencode({"query": "SELECT ('50%25 of A%2BB + ñ' AS ?t) {}"}).encode()
    response = send(site, "/sparql", "POST", body, **FORM, Accept="text/csv")
    assert response.body.decode() == "t\r\n50%25 of A%2BB + ñ\r\n"


def test_bad_query_errors_have_a_position(site: str) -> None:
    response = send(site, "/sparql", "POST", b"SELECT * {\n  ?s nope:x ?o\n}", **DIRECT)
    assert response.status == 400 and response.body.decode().startswith("line 2, column ") and b"\n  " in response.body


def test_datasets_of_the_request(site: str) -> None:
    count = "query=" + urllib.parse.quote("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")

    def counted(rest: str) -> int:
        return int(send(site, f"/sparql?{count}{rest}", Accept="text/csv").body.split()[1])

    derived = "&default-graph-uri=" + urllib.parse.quote(f"{BASE}graph/derived")
    reference = "&default-graph-uri=" + urllib.parse.quote(f"{BASE}graph/reference")
    assert 0 < counted(derived) < counted("") and counted("&default-graph-uri=http://x/") == 0
    assert counted(derived + reference) == counted(derived) + counted(reference)
    assert counted("&named-graph-uri=http://x/") == 0


def test_etags_and_compression(site: str) -> None:
    first = send(site, f"/sparql?{GRAPH}")
    second = send(site, f"/sparql?{GRAPH}", If_None_Match=f'"x", {first.headers["ETag"]}')
    assert second.status == 304 and second.body == b"" and second.headers["ETag"] == first.headers["ETag"]
    assert send(site, f"/sparql?{GRAPH}", Accept="application/n-triples").headers["ETag"] != first.headers["ETag"]
    now = send(site, "/sparql?query=" + urllib.parse.quote("SELECT (NOW() AS ?t) {}"))
    assert now.status == 200 and "ETag" not in now.headers
    packed = send(site, "/data/graph/reference.nt", Accept_Encoding="gzip")
    plain = send(site, "/data/graph/reference.nt")
    assert packed.headers["Content-Encoding"] == "gzip" and gzip.decompress(packed.body) == plain.body
    head = send(site, "/data/graph/reference.nt", "HEAD")
    assert head.body == b"" and int(head.headers["Content-Length"]) == len(plain.body)
    page = send(site, "/static/vis-network.min.js", Accept_Encoding="gzip, br")
    assert page.headers["Content-Encoding"] == "gzip" and len(page.body) < 300_000
    assert send(site, "/static/site.css", If_None_Match=send(site, "/static/site.css").headers["ETag"]).status == 304


def test_preflight(site: str) -> None:
    headers = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    response = send(site, "/sparql", "OPTIONS", **headers)
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


def addresses() -> dict[str, set[str]]:
    """Return every URL of ours in the graph, without its fragment, with the classes of what it identifies."""
    found: dict[str, set[str]] = {}
    for quad in ox.parse(path=str(TRIG), format=ox.RdfFormat.TRIG):
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, ox.NamedNode) and term.value.startswith(BASE) and term.value != BASE:
                classes = found.setdefault(term.value.partition("#")[0], set())
                if term == quad.subject and quad.predicate.value == RDF_TYPE:
                    classes.add(quad.object.value)
    return found


def representations() -> Iterator[tuple[str, str, str]]:
    """Yield every URL with a media type and where it leads: pages for some of each class, RDF for the others.

    The endpoint and files are left out: their URLs are not redirected.
    """
    seen: Counter[str] = Counter()
    things = [(iri, classes) for iri, classes in sorted(addresses().items()) if not iri.startswith(FILES)]
    for number, (iri, classes) in enumerate(things):
        seen.update(classes)
        if number % 12 == 0 or any(seen[one] <= 2 for one in classes):
            yield iri, "text/html", "/page/"
        else:
            yield iri, ("text/turtle", "application/ld+json")[number % 2], "/data/"


def get_all(site: str, requests: list[tuple[str, str]]) -> Iterator[tuple[int, dict[str, str], bytes]]:
    """Yield status, headers and body for each path and media type; requests are pipelined over one connection."""
    host, _, port = site.removeprefix("http://").partition(":")
    lines = "GET /{} HTTP/1.1\r\nHost: x\r\nAccept: {}\r\n\r\n"
    with socket.create_connection((host, int(port)), 30) as one, one.makefile("rb") as file:
        for start in range(0, len(requests), 50):
            some = requests[start : start + 50]
            one.sendall("".join(lines.format(path, accept) for path, accept in some).encode())
            for _ in some:
                first, *others = [line.decode().strip() for line in iter(file.readline, b"\r\n")]
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in others)}
                yield int(first.split()[1]), headers, file.read(int(headers["content-length"]))


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /health HTTP/1.1\r\n", 400),
        (b"GET /health HTTP/1.1\r\nHost: a\r\nhost: b\r\n", 400),
        (b"OPTIONS /sparql HTTP/1.1\r\n", 400),
        (b"GET /health HTTP/1.0\r\n", 200),
        (b"GET /health HTTP/1.1\r\nHost:\r\n", 200),
    ],
)
def test_request_must_have_one_host(site: str, head: bytes, status: int) -> None:
    """RFC 9112, section 3.2; an empty Host counts as one."""
    host, _, port = site.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), 30) as one:
        one.sendall(head + b"Connection: close\r\n\r\n")
        assert one.recv(12).split()[-1] == str(status).encode()


def test_relative_graph_error_names_the_parameter(site: str) -> None:
    for parameter in ("default-graph-uri", "named-graph-uri"):
        answer = send(site, f"/sparql?{ASK}&{parameter}=gem")
        assert answer.status == 400 and answer.body.startswith(f"{parameter}=gem is not an absolute IRI".encode())


@pytest.mark.slow
@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.long)])
def test_every_url_in_the_graph_resolves(site: str, every: int) -> None:
    requests = list(representations())[::every]

    def wrong(part: list[tuple[str, str, str]]) -> list[tuple[str, Any, Any]]:
        first = list(get_all(site, [(iri.removeprefix(BASE), accept) for iri, accept, _ in part]))
        places = [headers.get("location", "/none").removeprefix("/") for _, headers, _ in first]
        targets = get_all(site, [(place, accept) for place, (_, accept, _) in zip(places, part, strict=True)])
        return [
            (iri, status, headers)
            for (iri, accept, prefix), (redirect, _, _), place, (status, headers, body) in zip(
                part, first, places, targets, strict=True
            )
            if (redirect, status, headers["content-type"].split(";")[0]) != (303, 200, accept)
            or not f"/{place}".startswith(prefix)
            or not body
        ]

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(wrong, (requests[::2], requests[1::2]))) == [[], []]
    assert len(requests) > 3_000 / every


@pytest.mark.slow
def test_rdf_of_a_thing_has_all_its_statements(site: str) -> None:
    whole = rdflib.Dataset(default_union=True)
    whole.parse(TRIG)
    thing = rdflib.URIRef(BASE + "id/block-8")
    expected = {*whole.triples((thing, None, None)), *whole.triples((None, None, thing))}
    for ending, form in (("ttl", "turtle"), ("jsonld", "json-ld"), ("rdf", "xml"), ("nt", "nt")):
        response = send(site, f"/data/id/block-8.{ending}")
        assert len(rdflib.Graph().parse(data=response.body, format=form)) == len(expected)
        assert response.headers["Link"] == f'<{thing}>; rel="describes"'


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", ["/ownership", "peru-asia-graph.ttl", "/query", "Quellaveco"]),
        ("/page/id/block-8", ["Direct holders", "8.3\xa0%", "row Block 8 (p. 25)", "^pag:owned", "#chosen=block-8"]),
        ("/page/id/t6-block-8", ["Stated here", "Block 8"]),
        ("/page/id/table-7", ["As printed", "Toromocho", "2150"]),
        ("/page/id/peru", ["?list=figures", "?list=findings"]),
        ("/page/id/peru?list=figures&page=2", ["Figures", "Page 2 of", "?list=figures&amp;page=3"]),
        ("/page/ontology", ['id="Stake"', "pag:sharePercent"]),
        ("/page/graph/sanborn-yong", ["Sanborn and Yong on", "8 May 2013", "How to cite", "sanborn-yong.ttl"]),
        ("/page/graph/gem", ["Global Oil and Gas Extraction Tracker", "Where sources differ"]),
        ("/data", ["/exports/peru-asia-graph.trig", "stakes.csv"]),
        ("/sources", ['data-card="/page/id/*"', "Global Energy Monitor"]),
        ("/questions", ["/questions/timeline", "/between"]),
        ("/between?one=Chinalco&other=Shougang&depth=2", ["member of", "p. 8", "Chinalco is meant"]),
        ("/questions/who-owns?asset=Antamina", ["33.75", "BHP Billiton", "/page/id/bhp-billiton", "Edit the query"]),
        ("/questions/stakes-in-year", ["rows"]),
        ("/search?q=mina", ["Mina Justa", "/page/id/mina-justa", "Mining project"]),
        ("/search?q=zzzz", ["No results for"]),
        ("/limits", ["60 s", "32,000,000"]),
        ("/query", ["query.js", "who-owns", "default-graph-uri=https://w3id.org/peru-asia-graph/graph/gem&amp;"]),
    ],
)  # fmt: skip
def test_pages(site: str, path: str, words: list[str]) -> None:
    response = send(site, path)
    text = response.body.decode()
    assert response.status == 200 and [word for word in words if word not in text] == []
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")


@pytest.mark.slow
@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.long)])
def test_every_question_page_runs_its_question(site: str, every: int) -> None:
    names = sorted(path.stem for path in (ROOT / "ontology" / "questions").glob("*.rq"))
    failed = [name for name in names[::every] if send(site, f"/questions/{name}").status != 200]
    assert failed == []


def holders(body: bytes) -> set[tuple[str, str, str]]:
    """Return source, owner and share of the direct holders in the rows of ``who-owns``."""
    rows = csv.DictReader(io.StringIO(body.decode()))
    return {(row["source"], row["owner"], row["share_percent"]) for row in rows if row["basis"] == "direct"}


def test_answers_name_their_source_and_can_be_filtered_by_it(site: str) -> None:
    """Table 6 (p. 25) and record OG0004942 of Global Energy Monitor on Block 8."""
    paper = {("Pluspetrol Norte S.A.", "60"), ("Korea National Oil Corporation", "20"), ("SK Energy", "8.3")}
    both = {(source, *row) for source in ("sanborn-yong", "gem") for row in paper}
    both |= {("sanborn-yong", "Daewoo", "11.6"), ("gem", "Daewoo", "11.7")}
    path = "/questions/who-owns?asset=Block+8"
    assert holders(send(site, path, Accept="text/csv").body) == both
    assert holders(send(site, f"{path}&format=csv").body) == both
    only = {row for row in both if row[0] == "gem"}
    assert holders(send(site, f"{path}&format=csv&source=gem").body) == only
    assert holders(send(site, f"{path}&format=csv&source=gem&source=sanborn-yong&source=").body) == both
    page = send(site, f"{path}&source=GEM").body.decode()
    assert (
        "11.7" in page
        and ">11.6<" not in page
        and 'value="gem" checked' in page
        and "source=GEM&amp;format=csv" in page
    )
    rows = json.loads(send(site, path, Accept="application/json").body)
    told = {(row["source"]["value"], row["owner"]["value"]) for row in rows["results"]["bindings"]}
    assert told >= {("gem", "Daewoo"), ("sanborn-yong", "Daewoo")}
    assert send(site, path).headers.get_content_type() == "text/html"


def test_source_parameter_of_a_question_takes_precedence(site: str) -> None:
    """In ``source-facts`` it is a cited work."""
    page = send(site, "/questions/source-facts?source=nobody-wrote-this").body
    assert b"nobody-wrote-this" in page and b'class="failure"' in page
    assert send(site, "/questions/source-facts?source=gem-tracker-nothing&format=csv").status == 400


def test_error_page_is_in_the_language_of_the_reader(site: str) -> None:
    page = send(site, "/page/id/block-8", "POST", b"", Accept="text/html", **{"Accept-Language": "es"}).body.decode()
    assert '<p class="failure" lang="es">Aquí no se admite POST; use GET.</p>' in page


@pytest.mark.parametrize("name", ["name", "self", "foo"])
def test_unknown_question_parameter(site: str, name: str) -> None:
    response = send(site, f"/questions/visits?format=json&{name}=x")
    assert response.status == 400 and f"is called '{name}'".encode() in response.body


@pytest.mark.parametrize("path", ["/questions/who-owns?asset=Block+8", "/between?one=CNPC&other=KNOC"])
@pytest.mark.parametrize(
    "payload",
    [
        "nobody",
        "<script>alert(1)</script>",
        "gem> } #",
        '"',
        "\x00",
        "../gem",
        "graph/derived/gem",
        "\u202egem",
        "x" * 5000,
    ],
)
def test_invalid_sources(site: str, path: str, payload: str) -> None:
    response = send(site, f"{path}&source={urllib.parse.quote(payload)}")
    assert response.status == 400 and b"<script>alert" not in response.body
    if path.startswith("/questions"):
        rows = send(site, f"{path}&format=csv&source={urllib.parse.quote(payload)}")
        assert rows.status == 400 and rows.headers.get_content_type() == "text/plain"


def test_chains_name_their_source(site: str) -> None:
    path = "/between?one=Daewoo&other=Block+8&depth=1"
    page = send(site, path).body
    assert b"/page/graph/sanborn-yong" in page and b"/page/graph/gem" in page and b"11.6" in page and b"11.7" in page
    limited = send(site, f"{path}&source=gem").body
    assert b"11.7" in limited and b"11.6" not in limited
    unknown = send(site, "/between?one=Chinalco&other=Shougang&source=gem")
    assert unknown.status == 400 and "(chinalco) is not in" in unknown.body.decode()


@pytest.mark.slow
def test_graph_without_named_graphs_can_be_queried() -> None:
    with servers.ours("-q", "--store", str(TRIG.with_suffix(".ttl"))) as address:
        asked = "/sparql?query=" + urllib.parse.quote("SELECT ?name { id:block-8 rdfs:label ?name }")
        assert send(address, asked, Accept="text/csv").body == b"name\r\nBlock 8\r\n"
        page = send(address, "/page/block-8")
        assert page.status == 400 and b"does not say which source states what" in page.body


def test_source_url_gives_its_description(site: str) -> None:
    response = send(site, "/graph/gem", Accept="text/turtle")
    assert response.headers["Location"] == "/data/graph/gem.ttl"
    graph = rdflib.Graph().parse(data=send(site, "/data/graph/gem.ttl").body, format="turtle")
    source, terms = rdflib.URIRef(BASE + "graph/gem"), rdflib.DCTERMS
    assert str(graph.value(source, terms.license)) == "https://creativecommons.org/licenses/by/4.0/"
    assert str(graph.value(source, terms.date)) == "2025-02-26" and (source, RDF.type, VOID.Dataset) in graph
    assert "Global Energy Monitor" in str(graph.value(source, terms.bibliographicCitation))
    assert not list(graph.subjects(RDF.type, rdflib.URIRef(BASE + "ontology#Stake")))


def test_service_description_lists_each_source_graph(site: str) -> None:
    graph = rdflib.Graph().parse(data=send(site, "/sparql", Accept="text/turtle").body, format="turtle")
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    dates = {"sanborn-yong": "2013-05-08", "gem": "2025-02-26", "usgs-porphyry": "2008"}
    for name, day in dates.items():
        (named,) = graph.subjects(sd.name, rdflib.URIRef(f"{BASE}graph/{name}"))
        assert (None, sd.namedGraph, named) in graph and str(graph.value(named, rdflib.DCTERMS.date)) == day
        assert graph.value(named, rdflib.DCTERMS.license) and graph.value(named, rdflib.DCTERMS.title)


def test_default_graph_can_be_one_source(site: str) -> None:
    """With the graphs the query page gives for a source, only that source's statements are found."""
    fields = re.search(r"/sparql\?(default-graph-uri=[^<]*graph/gem&[^<]*?)&amp;query",
                       send(site, "/query").body.decode())  # fmt: skip
    assert fields is not None
    text = "SELECT ?share { ?s pag:owned id:block-8 ; pag:owner id:daewoo ; pag:sharePercent ?share }"
    query = f"/sparql?query={urllib.parse.quote(text)}"
    found = send(site, f"{query}&{html.unescape(fields[1])}", Accept="text/csv").body.split()
    assert found == [b"share", b"11.7"]
    assert set(send(site, query, Accept="text/csv").body.split()) == {b"share", b"11.6", b"11.7"}


def test_exact_name_redirects_to_its_page(site: str) -> None:
    assert send(site, "/search?q=CNPC").headers["Location"] == "/page/id/cnpc"


def test_only_hit_with_part_of_the_words_is_listed_instead(site: str) -> None:
    """Castilla's remark (p. 3) is the only hit of both searches; no name has the word "said"."""
    assert send(site, "/search?q=Castilla+remark+praying").headers["Location"] == "/page/id/castilla-statement-2011"
    page = send(site, "/search?q=What+has+Castilla+said+about+China")
    assert page.status == 200 and b'"/page/id/castilla-statement-2011"' in page.body


def test_id_of_a_merged_thing_redirects_to_its_match(site: str) -> None:
    """matches.csv: gem-peru is peru."""
    told = {media: send(site, "/id/gem-peru", Accept=media) for media in ("text/html", "text/turtle")}
    assert [(one.status, one.headers["Location"]) for one in told.values()] == [
        (303, "/page/id/peru"), (303, "/data/id/peru.ttl"),
    ]  # fmt: skip
    page = send(site, "/page/id/gem-peru")
    assert (page.status, page.headers["Location"]) == (303, "/page/id/peru")


def test_id_of_a_record_is_found(site: str) -> None:
    """The record OG0004942 of GEM is about Block 8, and names its owners."""
    assert send(site, "/search?q=OG0004942").headers["Location"] == "/page/id/block-8"
    suggested = json.loads(send(site, "/search?q=OG0004942", Accept="application/json").body)["found"]
    assert [one["href"] for one in suggested] == ["/page/id/block-8"]


@pytest.mark.parametrize(
    "payload", ['"><script>alert(1)</script>', "<img src=x onerror=alert(1)>", "{{7*7}}", "\x00\u202e"]
)
def test_user_input_is_escaped(site: str, payload: str) -> None:
    quoted = urllib.parse.quote(payload)
    for path in (f"/search?q={quoted}", f"/questions/who-owns?asset={quoted}", f"/questions/{quoted}", f"/{quoted}"):
        response = send(site, path, Accept="text/html")
        body = response.body if response.headers.get_content_type() == "text/html" else b""
        assert response.status < 500 and response.headers["X-Content-Type-Options"] == "nosniff"
        assert b"<script>alert" not in body and b"<img" not in body and b"49" not in body.partition(b"<main>")[2][:200]


def test_every_export_can_be_downloaded(site: str) -> None:
    for path in sorted((ROOT / "exports").rglob("*")):
        if path.is_file():
            response = send(site, f"/exports/{path.relative_to(ROOT / 'exports').as_posix()}")
            assert response.status == 200 and response.body == path.read_bytes()


@pytest.mark.slow
def test_reloaded_store_is_noticed(tmp_path: Path) -> None:
    def load(value: str) -> None:
        (tmp_path / "a.nt").write_text(f'<http://x/a> <http://x/b> "{value}" .\n')
        load_files([tmp_path / "a.nt"], tmp_path / "store", lambda _: None)

    load("old")
    query = "/sparql?query=" + urllib.parse.quote("SELECT ?o { ?s ?p ?o }")
    with servers.ours("--store", str(tmp_path / "store"), "-q") as site:
        first = send(site, query, Accept="text/csv")
        load("new")
        until(lambda: send(site, query, Accept="text/csv").body.split()[1] == b"new")
        second = send(site, query, Accept="text/csv")
    assert first.body.split()[1] == b"old" and second.headers["ETag"] not in (None, first.headers["ETag"])


@pytest.mark.slow
def test_another_server_can_be_proxied(site: str) -> None:
    with servers.ours("--store", f"{site}/sparql", "-q") as front:
        for query, accept in ((ROWS, "text/csv"), (ASK, XML), (GRAPH, "application/n-triples")):
            assert (
                send(front, f"/sparql?{query}", Accept=accept).body
                == send(site, f"/sparql?{query}", Accept=accept).body
            )
        assert b"Direct holders" in send(front, "/page/id/block-8").body


@pytest.mark.slow
def test_log_is_json_lines_and_shutdown_is_graceful(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with servers.ours("--timeout", "4", log=log) as site:
        answers: list[Response] = []
        request = threading.Thread(target=lambda: answers.append(send(site, ENDLESS)))
        request.start()
        until(lambda: json.loads(send(site, "/health").body)["busy"] > 0)
    request.join()
    assert answers[0].status == 503 and b"stopped after 4 s" in answers[0].body
    entries = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    last = entries[-1]
    assert (last["path"], last["status"], last["client"]) == ("/sparql", 503, "127.0.0.1") and last["ms"] > 3500
    assert "?a ?b" not in log.read_text("utf-8")


# In its own process: it handles signals and has its own event loop.
FILE_GONE = """
import sys
from pathlib import Path
from peru_asia_graph.web.limits import Limits
from peru_asia_graph.web.server import serve
serve(sys.argv[1], "127.0.0.1", 0, Limits(), lambda _: Path(sys.argv[1]).unlink())
"""


def test_workers_that_do_not_start_are_an_error(tmp_path: Path) -> None:
    file = tmp_path / "a.nt"
    file.write_text("<http://x/a> <http://x/b> <http://x/c> .\n")
    done = subprocess.run([sys.executable, "-c", FILE_GONE, str(file)], capture_output=True, timeout=60, check=False)
    assert b"StoreUnreachable: " in done.stderr and b"there is no file or folder" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("twice", [False, True])
def test_starting_server_can_be_stopped(tmp_path: Path, number: signal.Signals, twice: bool) -> None:
    command = [sys.executable, "-m", "peru_asia_graph", "serve", "--port", "0"]
    with (tmp_path / "log").open("wb") as log, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log) as process:
        assert process.stdout is not None and process.stdout.readline().startswith(b"http://")
        process.send_signal(number)
        if twice:
            time.sleep(0.005)
            process.send_signal(number)
        # A second signal may end the process before it has closed everything, but never with a traceback.
        assert process.wait(60) in ((0, -number) if twice else (0,))
    assert (tmp_path / "log").read_text() == ""


# The signal arrives while a big file is copied into a store on disk.
STOPPED = """
import os, signal, sys
from pathlib import Path
from peru_asia_graph.store import load
from peru_asia_graph.web import server
from peru_asia_graph.web.limits import Limits
server._BIG_FILE = 0
load.load_files = lambda *_: os.kill(os.getpid(), signal.SIGTERM)
server.serve(sys.argv[1], "127.0.0.1", 0, Limits(), print)
"""


def test_server_stopped_while_it_loads_a_big_file_leaves_no_copy(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<http://x/a> <http://x/b> <http://x/c> .\n")
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", STOPPED, str(tmp_path / "a.nt")]
    assert subprocess.run(command, env=environment, timeout=60, check=False).returncode == 0
    assert [one.name for one in tmp_path.iterdir()] == ["a.nt"]


@pytest.mark.slow
def test_startup_failures(tmp_path: Path) -> None:
    def run(*options: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "peru_asia_graph", "serve", *options]
        return subprocess.run(command, capture_output=True, timeout=60, check=False)

    assert run("--store", str(tmp_path / "none.ttl")).returncode == 4
    assert run("--store", str(tmp_path)).returncode == 4
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("--port", str(taken.getsockname()[1]))
        assert done.returncode == 2 and b"cannot listen" in done.stderr
    assert run("--host", "no.such.host.invalid").returncode == 2


def test_port_is_open_when_the_url_is_printed(tmp_path: Path) -> None:
    """A browser sent there waits for the workers instead of being refused; no other server can take the port."""
    file = tmp_path / "a.nt"
    file.write_text("<http://x/a> <http://x/b> <http://x/c> .\n")
    command = [sys.executable, "-m", "peru_asia_graph", "serve", "--store", str(file), "--port"]
    with subprocess.Popen([*command, "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            assert process.stdout is not None
            found = re.search(rb":([0-9]+)/", process.stdout.readline())
            assert found is not None
            socket.create_connection(("127.0.0.1", int(found[1]))).close()
            done = subprocess.run([*command, found[1].decode()], capture_output=True, timeout=60, check=False)
        finally:
            process.kill()
    assert done.returncode != 0 and b"cannot listen on 127.0.0.1, port " + found[1] in done.stderr


@contextmanager
def busy_server(*options: str, log: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A server with one worker running an endless query, and its URL; on exit none of its workers may be left.

    The caller has to end the process.
    """
    command = [sys.executable, "-m", "peru_asia_graph", "serve", "--port", "0", "-q", *options]
    with log.open("wb") as errors, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors) as process:
        try:
            assert process.stdout is not None
            site = process.stdout.readline().decode().split()[0].rstrip("/")
            servers.await_health(site, process)
            with socket.create_connection(("127.0.0.1", int(site.rpartition(":")[2]))) as client:
                client.sendall(f"GET {ENDLESS} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                until(lambda: json.loads(send(site, "/health").body)["busy"] > 0)
                children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
                assert len(children) >= 2
                yield process, site
                process.wait(60)
        finally:
            process.kill()
    until(lambda: not any(Path(f"/proc/{child}").exists() for child in children))


@pytest.mark.slow
def test_workers_do_not_outlive_a_killed_server(tmp_path: Path) -> None:
    with busy_server("--timeout", "600", log=tmp_path / "log") as (process, _):
        process.kill()


@pytest.mark.slow
def test_second_ctrl_c_ends_the_server_immediately(tmp_path: Path) -> None:
    def is_stopping() -> bool:
        try:
            socket.create_connection(("127.0.0.1", int(site.rpartition(":")[2]))).close()
        except ConnectionRefusedError:
            return True
        return False

    with busy_server("--timeout", "600", log=tmp_path / "log") as (process, site):
        process.send_signal(signal.SIGINT)
        until(is_stopping)
        process.send_signal(signal.SIGINT)
    assert process.returncode == 0 and (tmp_path / "log").read_text() == ""

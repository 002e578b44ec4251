"""Unusual third-party endpoints: their answers are read, or refused with the actual reason."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import servers
from peru_asia_graph.errors import BadQuery, StoreUnreachable
from peru_asia_graph.store.push import push_file
from peru_asia_graph.store.remote import RemoteStore

SPARQL = 'xmlns="http://www.w3.org/2005/sparql-results#"'
XML_ROWS = (
    f'<?xml version="1.0"?><sparql {SPARQL}><head><variable name="o"/></head><results><result><binding name="o">'
    '<literal datatype="http://www.w3.org/2001/XMLSchema#integer">7</literal></binding></result></results></sparql>'
)
XML_YES = f"<sparql {SPARQL}><head/><boolean>true</boolean></sparql>"
JSON_ROWS = (
    '{"head":{"vars":["o"]},"results":{"bindings":[{"o":{"type":"typed-literal","value":"7",'
    '"datatype":"http://www.w3.org/2001/XMLSchema#integer"}}]}}'
)
NO_ROWS = '{"head":{"vars":["o"]},"results":{"bindings":[]}}'
JSON_YES = '{"head":{},"boolean":true}'
TSV_ROWS = "?o\n7\n"
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/"'
RDF_XML = f'<rdf:RDF {RDF}><rdf:Description rdf:about="http://e/a"><e:b>7</e:b></rdf:Description></rdf:RDF>'
JSON_LD = '{"@id": "http://e/a", "http://e/b": "7"}'
SELECT, ASK, CONSTRUCT = "SELECT ?o { ?s ?p ?o }", "ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }"
Answer = tuple[int, dict[str, str], str]
Answers = Callable[[BaseHTTPRequestHandler, str], Answer]


class Endpoint:
    """A server whose answers a function computes from each request and its query; it records the requests."""

    def __init__(self, answers: Answers) -> None:
        self.requests: list[tuple[str, str]] = []

        class Handler(BaseHTTPRequestHandler):
            def answer(handler) -> None:
                length = int(handler.headers["Content-Length"] or 0)
                sent = handler.rfile.read(length).decode() if length else urlsplit(handler.path).query
                query = parse_qs(sent).get("query", [""])[0]
                self.requests.append((handler.command, handler.headers.get("Authorization", "")))
                status, headers, body = answers(handler, query)
                handler.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body.encode()))}.items():
                    handler.send_header(name, value)
                handler.end_headers()
                handler.wfile.write(body.encode())

            do_GET = do_POST = do_PUT = answer

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}).start()

    @property
    def methods(self) -> list[str]:
        """The methods of the requests so far."""
        return [method for method, _ in self.requests]


Start = Callable[[Answers], Endpoint]


@pytest.fixture
def start() -> Iterator[Start]:
    """Return a function that starts an endpoint."""
    running: list[Endpoint] = []

    def run(answers: Answers) -> Endpoint:
        running.append(Endpoint(answers))
        return running[-1]

    yield run
    for one in running:
        one.server.shutdown()
        one.server.server_close()


def rows(_: BaseHTTPRequestHandler, query: str) -> Answer:
    """Answer with rows as JSON; the query for graph descriptions gets no rows."""
    body = NO_ROWS if "subset" in query else JSON_YES if "ASK" in query else JSON_ROWS
    return 200, {"Content-Type": "application/sparql-results+json"}, body


@pytest.mark.parametrize(
    ("media", "select", "ask"),
    [
        ("application/sparql-results+xml", XML_ROWS, XML_YES),
        ("application/sparql-results+xml; charset=UTF-8", "\ufeff" + XML_ROWS, XML_YES),
        ("application/xml", XML_ROWS, XML_YES),
        ("text/xml", XML_ROWS, XML_YES),
        ("application/json", JSON_ROWS, JSON_YES),
        ("text/json", JSON_ROWS, JSON_YES),
        ("text/javascript", JSON_ROWS, JSON_YES),
        ("text/plain", JSON_ROWS, JSON_YES),
        ("text/plain", XML_ROWS, XML_YES),
        ("application/octet-stream", JSON_ROWS, JSON_YES),
        ("text/tab-separated-values", TSV_ROWS, ""),
    ],
)
def test_rows_are_read_in_any_format(start: Start, media: str, select: str, ask: str) -> None:
    endpoint = start(lambda _, query: (200, {"Content-Type": media}, ask if query.startswith("ASK") else select))
    store = RemoteStore(endpoint.address)
    assert store.query(SELECT).table() == [[7]]
    assert not ask or store.query(ASK).boolean is True


# The answers of Virtuoso 7.2.5.
NODE_XML = f'<sparql {SPARQL}><head><variable name="o"/></head><results distinct="false"><result><binding name="o">'


@pytest.mark.parametrize(
    ("media", "body"),
    [
        (
            "application/sparql-results+json",
            '{ "head": { "link": [], "vars": ["o"] },\n  "results": { "distinct": false, "ordered": true, "bindings": '
            '[\n    { "o": { "type": "bnode", "value": "nodeID://b10001" }}] } }',
        ),
        (
            "application/sparql-results+xml",
            f"{NODE_XML}<bnode>nodeID://b10001</bnode></binding></result></results></sparql>",
        ),
    ],
)
def test_blank_nodes_of_virtuoso_are_read(start: Start, media: str, body: str) -> None:
    endpoint = start(lambda _, query: (200, {"Content-Type": media}, body))
    assert RemoteStore(endpoint.address).query(SELECT).table() == [["_:b10001"]]


def test_html_error_page_is_quoted_as_text(start: Start) -> None:
    page = "<html><head><title>Failed</title></head><body><h3>Error 22023</h3><p>No graph</p></body></html>"
    endpoint = start(lambda _, query: (500, {"Content-Type": "text/html"}, page))
    with pytest.raises(StoreUnreachable, match=r"returned 500: Error 22023 No graph$"):
        RemoteStore(endpoint.address).query(SELECT)


@pytest.mark.parametrize(
    ("media", "body"),
    [
        ("application/rdf+xml", RDF_XML), ("application/xml", RDF_XML), ("text/xml", RDF_XML),
        ("application/ld+json", JSON_LD), ("application/json", JSON_LD),
        ("text/plain", '<http://e/a> <http://e/b> "7" .'), ("text/turtle", '<a> <b> "7" .'),
    ],
)  # fmt: skip
def test_graphs_are_read_in_any_format(start: Start, media: str, body: str) -> None:
    endpoint = start(lambda it, query: rows(it, query) if "SELECT" in query else (200, {"Content-Type": media}, body))
    found = RemoteStore(f"{endpoint.address}/").query(CONSTRUCT)
    assert found.triples is not None and [triple[2].value for triple in found.triples] == ["7"]


@pytest.mark.parametrize(("body", "truth"), [(JSON_ROWS.replace("7", "1"), True), (NO_ROWS, False)])
def test_ask_result_in_a_row_is_a_boolean(start: Start, body: str, truth: bool) -> None:
    asked: Answer = (200, {"Content-Type": "text/json"}, body.replace('"o"', '"__ASK_RETVAL"'))
    endpoint = start(lambda it, query: rows(it, query) if "SELECT" in query else asked)
    answer = RemoteStore(endpoint.address).query(ASK)
    assert answer.boolean is truth and bool(answer) is truth and len(answer) == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_refused_with_the_new_url(start: Start, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    monkeypatch.setenv("PAG_STORE_TOKEN", "t")
    other = start(rows)
    here = start(lambda it, query: (status, {"Location": f"{other.address}/sparql"}, ""))
    near = start(lambda it, query: (status, {"Location": "/new"}, ""))
    for old, new in ((here, f"{other.address}/sparql"), (near, f"{near.address}/new")):
        with pytest.raises(StoreUnreachable, match=f"has moved to {new}; use that URL"):
            RemoteStore(f"{old.address}/old").query(SELECT)
    assert other.requests == []


@pytest.mark.parametrize("status", [405, 415, 501])
def test_server_that_refuses_post_is_queried_by_get(start: Start, status: int) -> None:
    endpoint = start(lambda it, query: rows(it, query) if it.command == "GET" else (status, {}, "no POST"))
    for address in (endpoint.address, f"{endpoint.address}/sparql?key=1"):
        endpoint.requests.clear()
        store = RemoteStore(address)
        assert store.query(SELECT).table() == [[7]] and store.query(ASK).boolean is True
        assert endpoint.methods == ["POST", "GET", "GET", "GET"]


def test_refusal_quotes_the_reason_given_by_the_server(start: Start) -> None:
    endpoint = start(lambda it, query: (414, {}, "too long") if it.command == "GET" else (405, {}, "no POST"))
    with pytest.raises(StoreUnreachable, match="405 for a query by POST and 414 by GET: too long"):
        RemoteStore(endpoint.address).query(SELECT)
    endpoint = start(lambda it, query: (403, {}, "only from the campus"))
    with pytest.raises(StoreUnreachable, match=r"refuses access \(403: only from the campus\)"):
        RemoteStore(endpoint.address).query(SELECT)


def test_server_without_named_graphs_is_queried_without_them(start: Start) -> None:
    endpoint = start(lambda it, query: (400, {}, "no GRAPH here") if "GRAPH" in query else rows(it, query))
    assert RemoteStore(endpoint.address).query(SELECT).table() == [[7]]
    with pytest.raises(BadQuery, match="no GRAPH here"):
        RemoteStore(endpoint.address).query("SELECT * { GRAPH ?g { ?s ?p ?o } }")


def test_push_follows_no_redirect(start: Start, tmp_path: Any) -> None:
    (tmp_path / "a.nt").write_text('<http://e/a> <http://e/b> "7" .\n')
    endpoint = start(lambda it, query: (307, {"Location": "http://127.0.0.1:9/store"}, ""))
    with pytest.raises(StoreUnreachable, match=r"has moved to http://127\.0\.0\.1:9/store; use that URL"):
        push_file(tmp_path / "a.nt", f"{endpoint.address}/store", None, 10, lambda _: None)


@pytest.mark.slow
def test_virtuoso_answers_ask_with_a_boolean(tmp_path: Any) -> None:
    with servers.virtuoso(tmp_path / "v") as server:
        store = RemoteStore(server.query)
        assert store.query("ASK {}").boolean is True
        assert store.query("ASK { <http://e/nothing> ?p ?o }").boolean is False

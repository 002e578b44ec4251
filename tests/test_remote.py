"""Misbehaving servers: each failure gives one message and the right exit code; results are complete, also in pages."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from peru_asia_graph.errors import BadQuery, PeruAsiaGraphError, StoreUnreachable, WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.network import make_network
from peru_asia_graph.store import Store
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.store.http import Credentials
from peru_asia_graph.store.push import push_file
from peru_asia_graph.store.remote import RemoteStore, all_pages, with_prefixes
from peru_asia_graph.store.results import Result

EMPTY = b'{"head":{"vars":["g"]},"results":{"bindings":[]}}'
YES = b'{"head":{},"boolean":true}'
JSON = "application/sparql-results+json"

QUERY = "SELECT ?key ?name WHERE { ?key pag:nameAsPrinted ?name ; pag:citation ?cited }"


class StubServer(BaseHTTPRequestHandler):
    """A server with canned responses."""

    responses: ClassVar[list[tuple[int, dict[str, str], bytes]]] = []
    requests: ClassVar[list[dict[str, str]]] = []
    delay: ClassVar[float] = 0

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.requests.append(dict(self.headers))
        status, headers, body = self.responses.pop(0) if len(self.responses) > 1 else self.responses[0]
        self.send_response(status)
        for name, value in {"Content-Type": JSON, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for byte in body if self.delay else ():
                time.sleep(self.delay)
                self.wfile.write(bytes([byte]))
            self.wfile.write(b"" if self.delay else body)

    do_PUT = do_POST

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    """The URL of the stub server."""
    StubServer.responses, StubServer.requests, StubServer.delay = [(200, {}, EMPTY)], [], 0
    with ThreadingHTTPServer(("127.0.0.1", 0), StubServer) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/sparql"
        running.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "headers", "body", "error", "message"),
    [
        (400, {}, b"error at 1:9: expected WHERE", BadQuery, "expected WHERE"),
        (401, {}, b"", StoreUnreachable, "PAG_STORE_USER"),
        (403, {}, b"", StoreUnreachable, "PAG_STORE_TOKEN"),
        (302, {}, b"", StoreUnreachable, "has moved to another URL"),
        (302, {"Location": "file:///etc/passwd"}, b"", StoreUnreachable, "has moved to file:///etc/passwd"),
        (302, {"Location": "//["}, b"", StoreUnreachable, r"has moved to //\[; use"),
        (302, {"Location": "file:///\x1b]0;title\x07x"}, b"", StoreUnreachable, r"moved to file:///\]0;titlex; use"),
        (404, {}, b"nothing here", StoreUnreachable, "404: nothing here"),
        (503, {}, b"busy", StoreUnreachable, "503: busy"),
        (500, {}, b"\x1b]0;title\x07no\n\x00memory", StoreUnreachable, r"returned 500: \]0;titleno memory$"),
        (200, {"Content-Type": "text/html"}, b"<html>", StoreUnreachable, "URL of a SPARQL endpoint"),
        (200, {}, YES[:-4], StoreUnreachable, "invalid response"),
        (
            200,
            {},
            b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","val',
            StoreUnreachable,
            "invalid",
        ),
        (200, {"Content-Length": "999"}, YES, StoreUnreachable, "does not respond"),
        (200, {"X-SPARQL-MaxRows": "10"}, YES, StoreUnreachable, "truncated the response at 10 rows"),
        (200, {"X-SQL-State": "S1TAT"}, YES, StoreUnreachable, "truncated the response"),
        (200, {"Content-Encoding": "gzip"}, b"no gzip", StoreUnreachable, "does not respond"),
        (200, {"Content-Encoding": "gzip"}, gzip.compress(YES, mtime=0)[:-9], StoreUnreachable, "invalid gzip data"),
        (200, {"Content-Encoding": "x-gzip"}, gzip.compress(YES, mtime=0)[:12] + b"z", StoreUnreachable, "invalid"),
        (
            200,
            {"Content-Type": "text/turtle"},
            b"",
            StoreUnreachable,
            "returned text/turtle; is this the URL of a SPARQL",
        ),
        (200, {"Content-Type": "text/csv"}, b"a\n1\n", StoreUnreachable, "text/csv, which does not distinguish IRIs"),
        (200, {"Content-Type": "application/sparql-results+xml"}, b"<sparql", StoreUnreachable, "invalid"),
    ],
)
def test_failures_are_reported(
    server: str, status: int, headers: dict[str, str], body: bytes, error: type[PeruAsiaGraphError], message: str
) -> None:
    StubServer.responses = [(200, {}, EMPTY), (status, headers, body)]
    with pytest.raises(error, match=message):
        RemoteStore(server).query("ASK {}")


def test_all_citations_are_sorted_by_page(server: str) -> None:
    body = b"""{"head":{"vars":["phase_citations"]},"results":{"bindings":[
        {"phase_citations":{"type":"literal","value":"p. 10; p. 9"}}]}}"""
    StubServer.responses = [(200, {}, EMPTY), (200, {}, body)]
    assert RemoteStore(server).query("SELECT ?phase_citations {}").table() == [["p. 9; p. 10"]]


def test_token_with_a_line_break_is_not_shown(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAG_STORE_TOKEN", "hidden\n")
    with pytest.raises(WrongUse, match=r"^PAG_STORE_TOKEN has a line break"):
        RemoteStore(server).query("ASK {}")


def test_truncated_graph_is_an_error(server: str) -> None:
    triples = {"Content-Type": "application/n-triples"}
    StubServer.responses = [(200, {}, EMPTY), (200, triples, b"<http://a> <http://b> <htt")]
    with pytest.raises(StoreUnreachable, match="invalid"):
        RemoteStore(server).query("CONSTRUCT WHERE { ?s ?p ?o }")


def test_deadline_covers_the_whole_response(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAG_STORE_TIMEOUT", "0.3")
    StubServer.delay = 0.05
    started = time.monotonic()
    with pytest.raises(StoreUnreachable, match=r"within 0\.3 s"):
        RemoteStore(server).query("ASK {}")
    assert time.monotonic() - started < 2


def test_deadline_covers_slow_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte arrives every 0.1 s, so no single read takes longer than the timeout."""
    monkeypatch.setenv("PAG_STORE_TIMEOUT", "0.3")

    def send_slowly() -> None:
        connection, _ = listening.accept()
        with connection, contextlib.suppress(OSError):
            for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 20:
                connection.sendall(bytes([byte]))
                time.sleep(0.1)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=send_slowly)
        thread.start()
        started = time.monotonic()
        with pytest.raises(StoreUnreachable, match=r"within 0\.3 s"):
            RemoteStore(f"http://127.0.0.1:{listening.getsockname()[1]}/").query("ASK {}")
        assert time.monotonic() - started < 2
        thread.join()


def test_response_larger_than_memory_is_an_error(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def decompress(_: bytes) -> bytes:
        raise MemoryError

    monkeypatch.setattr(gzip, "decompress", decompress)
    StubServer.responses = [(200, {"Content-Encoding": "gzip"}, b"small")]
    with pytest.raises(StoreUnreachable, match="sent more than fits in memory"):
        RemoteStore(server).query("ASK {}")


@pytest.mark.parametrize("body", [YES, EMPTY, b'{"head":{"vars":["n"]},"results":{"bindings":[{}]}}'])
def test_push_to_a_server_that_does_not_count_is_an_error(server: str, tmp_path: Path, body: bytes) -> None:
    (tmp_path / "a.nt").write_text("<http://x/a> <http://x/b> <http://x/c> .\n")
    StubServer.responses = [(200, {}, body)]
    with pytest.raises(StoreUnreachable, match="the server does not count them; is --query its SPARQL endpoint"):
        push_file(tmp_path / "a.nt", server, server, 10, lambda _: None)


def test_compressed_responses_and_bearer_tokens(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAG_STORE_TOKEN", "secret")
    StubServer.responses = [(200, {}, EMPTY), (200, {"Content-Encoding": "gzip"}, gzip.compress(YES))]
    assert RemoteStore(server).query("ASK {}").boolean is True
    assert {request["Authorization"] for request in StubServer.requests} == {"Bearer secret"}


@pytest.mark.parametrize("value", ["soon", "0", "-1", "inf", "nan"])
def test_invalid_timeouts(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PAG_STORE_TIMEOUT", value)
    with pytest.raises(WrongUse, match="PAG_STORE_TIMEOUT"):
        RemoteStore("http://127.0.0.1:9/")


def test_rejected_queries_are_not_sent(server: str) -> None:
    with pytest.raises(BadQuery, match="SERVICE is disabled"):
        RemoteStore(server).query("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    assert StubServer.requests == []


def test_only_used_and_undeclared_prefixes_are_declared() -> None:
    assert with_prefixes("ASK { ?s ?p 'pag:x' }") == ("ASK { ?s ?p 'pag:x' }", 0)
    own = "PREFIX pag: <http://x/> ASK { ?s pag:x ?o }"
    assert with_prefixes(own) == (own, 0)
    assert with_prefixes("ASK { ?s pag:x ?o ; nope:y 1 }")[0].startswith("PREFIX pag: <https://w3id.org/")


def test_digest_example_of_the_rfc() -> None:
    """RFC 7616, section 3.9.1."""
    challenge = {
        "realm": "http-auth@example.org",
        "qop": "auth, auth-int",
        "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        "opaque": "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
    }
    cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    user = Credentials("Mufasa", "Circle of Life")
    expected = {
        "MD5": "8ca523f5e9506fed4657c9700eebdbec",
        "SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    }
    for algorithm, response in expected.items():
        header = user.digest(challenge | {"algorithm": algorithm}, "GET", "/dir/index.html", cnonce)
        assert header is not None and f'response="{response}"' in header
        assert 'username="Mufasa"' in header and "nc=00000001" in header and 'uri="/dir/index.html"' in header
    assert user.digest(challenge | {"algorithm": "SHA-512-256"}, "GET", "/", cnonce) is None
    assert user.digest(challenge | {"qop": "auth-int"}, "GET", "/", cnonce) is None


@pytest.mark.parametrize(
    ("challenge", "start"),
    [("Basic realm=x", "Basic dTpw"), ('Digest realm="x", nonce="1", qop="auth"', 'Digest username="u", realm="x"')],
)
def test_credentials_are_sent_after_a_challenge_and_then_preemptively(
    server: str, monkeypatch: pytest.MonkeyPatch, challenge: str, start: str
) -> None:
    monkeypatch.setenv("PAG_STORE_USER", "u")
    monkeypatch.setenv("PAG_STORE_PASSWORD", "p")
    StubServer.responses = [(401, {"WWW-Authenticate": challenge}, b""), (200, {}, EMPTY), (200, {}, YES)]
    assert RemoteStore(server).query("ASK {}").boolean is True
    first, *others = (request.get("Authorization", "") for request in StubServer.requests)
    assert first == "" and len(others) == 2 and all(header.startswith(start) for header in others)


@pytest.mark.parametrize("challenge", ["Negotiate", 'Digest realm="x", nonce="1", qop="auth-int"', ""])
def test_unsupported_challenge_denies_access(server: str, monkeypatch: pytest.MonkeyPatch, challenge: str) -> None:
    monkeypatch.setenv("PAG_STORE_USER", "u")
    StubServer.responses = [(401, {"WWW-Authenticate": challenge}, b"")]
    with pytest.raises(StoreUnreachable, match="refuses access"):
        RemoteStore(server).query("ASK {}")
    assert all("Authorization" not in request for request in StubServer.requests)


@pytest.mark.parametrize("page", [170, 211, 1_000, 1_000_000])
def test_pages_add_up_to_the_whole_result(kg: KnowledgeGraph, page: int) -> None:
    queries: list[str] = []

    def run(text: str) -> Result:
        queries.append(text)
        return kg.query(text)

    whole = kg.query(QUERY).table()
    found = all_pages(run, QUERY, "key", page)
    assert sorted(map(str, found.table())) == sorted(map(str, whole)) and len(whole) > 300
    assert len(queries) >= len(whole) / page


def test_key_that_fills_a_page_is_an_error(kg: KnowledgeGraph) -> None:
    with pytest.raises(StoreUnreachable, match="the limit of a page"):
        all_pages(kg.query, QUERY, "key", 2)


def test_keys_are_escaped() -> None:
    queries: list[str] = []
    first = EmbeddedStore.of([]).query('SELECT ?key { VALUES ?key { "a" "b\\" ) } #" "c" } }')

    def run(text: str) -> Result:
        queries.append(text)
        return first if len(queries) == 1 else Result(["key"])

    all_pages(run, "SELECT ?key { ?key ?p ?o }", "key", 3)
    assert '> "b\\" ) } #")' in queries[1]


class Paged(EmbeddedStore):
    """The shipped graph behind a server that returns sixty rows at a time."""

    def query_all(self, text: str, key: str) -> Result:
        """Run a query page by page."""
        return all_pages(self.query, text, key, 60)


def test_networks_are_the_same_with_paging(sources: KnowledgeGraph) -> None:
    store: Store = Paged(sources.store._store)  # type: ignore[attr-defined]
    one, other = (make_network(each, "ownership", 2012) for each in (sources.store, store))
    assert dict(one.nodes) == dict(other.nodes)
    assert sorted(one.edges(keys=True)) == sorted(other.edges(keys=True))

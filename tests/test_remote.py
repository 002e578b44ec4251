"""Servers that misbehave: every failure is one message and the right exit code, never a shorter answer."""

from __future__ import annotations

import contextlib
import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from peru_asia_graph.errors import BadQuery, PeruAsiaGraphError, StoreUnreachable, WrongUse
from peru_asia_graph.store.remote import RemoteStore, with_prefixes

EMPTY = b'{"head":{"vars":["g"]},"results":{"bindings":[]}}'
YES = b'{"head":{},"boolean":true}'
JSON = "application/sparql-results+json"


class Odd(BaseHTTPRequestHandler):
    """A server that says what the test wants."""

    answers: ClassVar[list[tuple[int, dict[str, str], bytes]]] = []
    seen: ClassVar[list[dict[str, str]]] = []
    drip: ClassVar[float] = 0

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append(dict(self.headers))
        status, headers, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.send_response(status)
        for name, value in {"Content-Type": JSON, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for byte in body if self.drip else ():
                time.sleep(self.drip)
                self.wfile.write(bytes([byte]))
            self.wfile.write(b"" if self.drip else body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    """The address of the odd server."""
    Odd.answers, Odd.seen, Odd.drip = [(200, {}, EMPTY)], [], 0
    with ThreadingHTTPServer(("127.0.0.1", 0), Odd) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/sparql"
        running.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "headers", "body", "error", "said"),
    [
        (400, {}, b"error at 1:9: expected WHERE", BadQuery, "expected WHERE"),
        (401, {}, b"", StoreUnreachable, "PAG_STORE_USER"),
        (403, {}, b"", StoreUnreachable, "PAG_STORE_TOKEN"),
        (302, {"Location": "http://127.0.0.1:9/"}, b"", StoreUnreachable, "has moved to http://127.0.0.1:9/"),
        (404, {}, b"nothing here", StoreUnreachable, "404: nothing here"),
        (503, {}, b"busy", StoreUnreachable, "503: busy"),
        (200, {"Content-Type": "text/html"}, b"<html>", StoreUnreachable, "address of a SPARQL endpoint"),
        (200, {}, YES[:-4], StoreUnreachable, "broken answer"),
        (200, {}, b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","val', StoreUnreachable, "broken"),
        (200, {"Content-Length": "999"}, YES, StoreUnreachable, "does not answer"),
        (200, {"X-SPARQL-MaxRows": "10"}, YES, StoreUnreachable, "cut the answer short at 10 rows"),
        (200, {"X-SQL-State": "S1TAT"}, YES, StoreUnreachable, "cut the answer short"),
        (200, {"Content-Encoding": "gzip"}, b"no gzip", StoreUnreachable, "does not answer"),
        (200, {"Content-Type": "application/n-triples"}, b"<http://a> <http://b> <htt", StoreUnreachable, "broken"),
    ],
)
def test_failures_are_said(
    server: str, status: int, headers: dict[str, str], body: bytes, error: type[PeruAsiaGraphError], said: str
) -> None:
    Odd.answers = [(200, {}, EMPTY), (status, headers, body)]
    with pytest.raises(error, match=said):
        RemoteStore(server, 5).query("ASK {}")


def test_a_deadline_bounds_the_whole_answer(server: str) -> None:
    Odd.drip = 0.05
    started = time.monotonic()
    with pytest.raises(StoreUnreachable, match=r"within 0\.3 s"):
        RemoteStore(server, 0.3).query("ASK {}")
    assert time.monotonic() - started < 2


def test_compressed_answers_and_tokens(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAG_STORE_TOKEN", "secret")
    Odd.answers = [(200, {}, EMPTY), (200, {"Content-Encoding": "gzip"}, gzip.compress(YES))]
    assert RemoteStore(server).query("ASK {}").boolean is True
    assert {seen["Authorization"] for seen in Odd.seen} == {"Bearer secret"}


@pytest.mark.parametrize("value", ["soon", "0", "-1", "inf", "nan"])
def test_a_time_out_that_is_none(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PAG_STORE_TIMEOUT", value)
    with pytest.raises(WrongUse, match="PAG_STORE_TIMEOUT"):
        RemoteStore("http://127.0.0.1:9/")


def test_what_is_refused_never_leaves(server: str) -> None:
    with pytest.raises(BadQuery, match="SERVICE is off"):
        RemoteStore(server).query("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    assert Odd.seen == []


def test_prefixes_are_declared_once_and_only_where_used() -> None:
    assert with_prefixes("ASK { ?s ?p 'pag:x' }") == ("ASK { ?s ?p 'pag:x' }", 0)
    own = "PREFIX pag: <http://x/> ASK { ?s pag:x ?o }"
    assert with_prefixes(own) == (own, 0)
    assert with_prefixes("ASK { ?s pag:x ?o ; nope:y 1 }")[0].startswith("PREFIX pag: <https://w3id.org/")

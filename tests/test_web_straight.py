"""The straight way of queries gives what the application gives; connections are kept and left as HTTP has it."""

from __future__ import annotations

import http.client
import json
import socket
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

import servers

ROWS = "/sparql?query=" + urllib.parse.quote("SELECT ?l { id:block-8 rdfs:label ?l }")
LONG = "/sparql?query=" + urllib.parse.quote("SELECT * { ?s ?p ?o }")
SLOW = "/sparql?query=" + urllib.parse.quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
ANEW = {"Cache-Control": "no-cache"}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log of the server."""
    return tmp_path_factory.mktemp("straight") / "log"


@pytest.fixture(scope="module")
def place(log: Path) -> Iterator[str]:
    """The place (host:port) of a server whose queries may take four seconds."""
    with servers.ours("--timeout", "4", log=log) as address:
        yield address.removeprefix("http://")


def ask(place: str, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers but the date, and body."""
    with closing(http.client.HTTPConnection(place, timeout=30)) as connection:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        said = {name.lower(): value for name, value in answer.getheaders() if name != "date"}
        return answer.status, said, answer.read()


@pytest.mark.parametrize("accept", ["*/*", "text/csv", "application/sparql-results+xml", "text/turtle", "a/b"])
@pytest.mark.parametrize(
    "path", [ROWS, LONG, "/sparql?query=ASK%20%7B", "/sparql?query=SELECT(STRUUID()AS%3Fn)%7B%7D", "/sparql"]
)
def test_both_ways_say_the_same(place: str, path: str, accept: str) -> None:
    straight = ask(place, path, Accept=accept, Cache_Control="no-cache")
    # A condition that does not hold, which only the application reads.
    other = ask(place, path, Accept=accept, Cache_Control="no-cache", If_None_Match='"none"')
    assert straight[:2] == other[:2]
    assert straight[2] == other[2] or "UUID" in path
    again = ask(place, path, Accept=accept)
    assert again[:2] == straight[:2]


def test_uvicorn_still_has_what_the_straight_way_hangs_on() -> None:
    # It has no public place for it; without it, requests would take the long way unnoticed.
    assert callable(HttpToolsProtocol._start_asgi_task) and callable(HttpToolsProtocol.on_response_complete)


def test_both_ways_log_the_same(place: str, log: Path) -> None:
    time.sleep(0.2)  # the lines of earlier requests
    before = len(log.read_text().splitlines())
    ask(place, ROWS, Cache_Control="no-cache")
    ask(place, ROWS, If_None_Match='"none"')
    ask(place, ROWS)
    # An answer may be read before its line is written.
    deadline = time.monotonic() + 10
    while len(found := log.read_text().splitlines()) < before + 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    lines = [json.loads(line) for line in found[before:]]
    assert [{key: value for key, value in line.items() if key not in ("time", "ms")} for line in lines] == 3 * [
        {"client": "127.0.0.1", "method": "GET", "path": "/sparql", "status": 200, "bytes": lines[0]["bytes"],
         "query": lines[0]["query"]}
    ]  # fmt: skip


def test_connections_of_old_are_kept_when_they_ask(place: str) -> None:
    host, port = place.split(":")
    request = f"GET {ROWS} HTTP/1.0\r\nHost: x\r\nCache-Control: no-cache\r\nConnection: keep-alive\r\n\r\n".encode()
    with socket.create_connection((host, int(port)), 10) as one:
        for _ in range(3):
            one.sendall(request)
            head = read_answer(one)
            assert head.startswith("HTTP/1.1 200") and "connection: keep-alive" in head
        one.sendall(request.replace(b"Connection: keep-alive\r\n", b""))
        assert "connection: close" in read_answer(one) and one.recv(1) == b""


def read_answer(one: socket.socket) -> str:
    """Return the head of an answer, and read its body."""
    said = b""
    while b"\r\n\r\n" not in said:
        said += one.recv(1)
    head = said.decode().lower().replace("http/1.1", "HTTP/1.1")
    left = int(head.partition("content-length: ")[2].partition("\r\n")[0])
    while left:
        left -= len(one.recv(left))
    return head


def test_requests_sent_together_are_answered_in_order(place: str) -> None:
    host, port = place.split(":")
    paths = [ROWS, LONG, "/health", ROWS, "/sparql?query=ASK%20%7B", ROWS]
    with socket.create_connection((host, int(port)), 20) as one:
        one.sendall(
            "".join(f"GET {path} HTTP/1.1\r\nHost: x\r\nCache-Control: no-cache\r\n\r\n" for path in paths).encode()
        )
        heads = [read_answer(one) for _ in paths]
    assert [head.split()[1] for head in heads] == ["200", "200", "200", "200", "400", "200"]
    assert "application/json" in heads[2]


def test_who_leaves_frees_the_workers(place: str) -> None:
    host, port = place.split(":")
    for _ in range(2):
        held = [socket.create_connection((host, int(port)), 10) for _ in range(10)]
        for one in held:
            one.sendall(f"GET {SLOW} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(0.3)
        for one in held:
            one.close()
    started = time.monotonic()
    assert ask(place, ROWS, Cache_Control="no-cache")[0] == 200 and time.monotonic() - started < 1.5
    time.sleep(0.5)
    assert json.loads(ask(place, "/health")[2])["waiting"] == 0


def test_slow_queries_are_stopped_in_time(place: str) -> None:
    started = time.monotonic()
    status, headers, body = ask(place, SLOW)
    assert status == 503 and b"stopped after 4 s" in body and headers["retry-after"] == "5"
    assert 3.9 < time.monotonic() - started < 4.6


def test_many_requests_sent_at_once_are_answered_in_their_order(place: str) -> None:
    """A slow one first, then more than could be answered one inside the other."""
    host, port = place.split(":")
    ask(place, ROWS)
    names = [f"/sparql?query={urllib.parse.quote(f'SELECT ({n} AS ?n) {{}}')}" for n in range(3)]
    for name in names:
        ask(place, name)
    paths = ["/sparql?query=" + urllib.parse.quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c }"), *names * 400]
    sent = "".join(f"GET {path} HTTP/1.1\r\nHost: {place}\r\nAccept: text/csv\r\n\r\n" for path in paths).encode()
    with socket.create_connection((host, int(port)), 10) as one, one.makefile("rb") as answers:
        one.sendall(sent)
        for number in range(len(paths)):
            lines = list(iter(answers.readline, b"\r\n"))
            assert lines[0] == b"HTTP/1.1 200 OK\r\n"
            size = next(int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length"))
            body = answers.read(size)
            assert number == 0 or body == b"n\r\n%d\r\n" % ((number - 1) % 3)

"""The server under attack: hostile queries are contained, other clients are served, and nothing outside is reached."""

from __future__ import annotations

import http.client
import resource
import socket
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hostile
import servers

pytestmark = pytest.mark.alone
TIMEOUT = 2.0
# The addresses of the attackers, each of which sends several queries at once, and of a harmless client.
ATTACKERS = [f"127.0.0.{number}" for number in range(11, 23)]
INNOCENT = "127.0.0.2"
DIRECT = {"Content-Type": "application/sparql-query"}
QUICK = b"SELECT ?l { id:block-8 rdfs:label ?l }"
SLOW = b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The host and port of a server with a query timeout of two seconds."""
    with servers.ours("--timeout", str(TIMEOUT), "-q") as address:
        yield address.removeprefix("http://")


@pytest.fixture(scope="module")
def hasty() -> Iterator[str]:
    """The host and port of a server with half that timeout, because most hostile queries use all of it."""
    with servers.ours("--timeout", str(TIMEOUT / 2), "-q") as address:
        yield address.removeprefix("http://")


def send_query(place: str, query: bytes, source: str = "127.0.0.1") -> tuple[int, bytes, float]:
    """Send a query from a given local address; return status, body and seconds."""
    started = time.monotonic()
    with closing(http.client.HTTPConnection(place, timeout=30, source_address=(source, 0))) as connection:
        connection.request("POST", "/sparql", query, DIRECT)
        answer = connection.getresponse()
        return answer.status, answer.read(), time.monotonic() - started


@dataclass
class Probe:
    """A harmless client that repeats a quick query and records each response time."""

    place: str
    waited: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Send queries until the block ends."""
        stop = threading.Event()

        def work() -> None:
            while not stop.wait(0.05):
                status, body, seconds = send_query(self.place, QUICK, INNOCENT)
                self.waited.append(seconds)
                if status != 200 or b"Block 8" not in body:
                    self.wrong.append(f"{status} {body[:90]!r}")

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


@pytest.mark.parametrize(("attackers", "at_once"), [(1, 4), (4, 8), (8, 32)])
def test_hostile_queries_are_contained(hasty: str, attackers: int, at_once: int) -> None:
    queries = [(kind, query.encode()) for kind, four in hostile.KINDS.items() for query in four]
    assert len(queries) >= 100
    sources = [ATTACKERS[number % attackers] for number in range(len(queries))]
    probe = Probe(hasty)
    with probe.running(), ThreadPoolExecutor(at_once) as pool:
        answers = list(pool.map(lambda pair, source: send_query(hasty, pair[1], source), queries, sources))
    for (kind, query), (status, body, seconds) in zip(queries, answers, strict=True):
        assert status in (200, 400, 413, 422, 503), f"{kind}: {status} {query[:80]!r}"
        assert seconds < TIMEOUT + 1, f"{kind}: {seconds:.1f} s {query[:80]!r}"
        if status == 200:
            assert body.endswith((b"}", b"]}}")), f"{kind}: cut short"
        else:
            assert body.strip(), f"{kind}: empty"
    assert probe.wrong == [] and max(probe.waited) < TIMEOUT, sorted(probe.waited)[-3:]
    assert send_query(hasty, QUICK)[2] < 0.3


@pytest.mark.parametrize("attackers", [1, 4, 12])
def test_attackers_cannot_starve_others(site: str, attackers: int) -> None:
    probe, ends = Probe(site), time.monotonic() + 5
    statuses: Counter[int] = Counter()

    def attack(source: str) -> None:
        while time.monotonic() < ends:
            statuses[send_query(site, SLOW, source)[0]] += 1

    with probe.running(), ThreadPoolExecutor(16 * attackers) as pool:
        for source in ATTACKERS[:attackers] * 16:
            pool.submit(attack, source)
    assert probe.wrong == [] and len(probe.waited) > 5
    assert sorted(probe.waited)[len(probe.waited) // 2] < 1 and max(probe.waited) < TIMEOUT
    assert set(statuses) == {503}


def test_nothing_outside_is_reached_and_no_file_is_read(tmp_path: Path) -> None:
    hits: list[bytes] = []
    secret = tmp_path / "secret.ttl"
    secret.write_text("<http://x/secret> <http://x/p> <http://x/o> .")
    with socket.create_server(("127.0.0.1", 0)) as sink:
        port = sink.getsockname()[1]
        sink.settimeout(0.2)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                try:
                    with sink.accept()[0] as caller:
                        hits.append(caller.recv(200))
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        with servers.ours("--timeout", "5", "-q") as address:
            place = address.removeprefix("http://")
            received = [send_query(place, query.encode())[1] for query in _outside(port, secret)]
            fields = {"query": "SELECT * { ?s ?p ?o }", "default-graph-uri": secret.as_uri()}
            with closing(http.client.HTTPConnection(place)) as connection:
                connection.request("GET", f"/sparql?{urllib.parse.urlencode(fields)}")
                received.append(connection.getresponse().read())
        done.set()
        thread.join()
    assert len(received) >= 20 and hits == []
    assert [body for body in received if b"/secret>" in body or b"x/secret" in body] == []


def _outside(port: int, secret: Path) -> list[str]:
    there = [f"http://127.0.0.1:{port}/x", f"http://[::ffff:127.0.0.1]:{port}/x", f"http://2130706433:{port}/x",
             f"http://localhost:{port}/x"]  # fmt: skip
    queries = [f"SELECT * {{ SERVICE <{one}> {{ ?s ?p ?o }} }}" for one in there]
    queries += [f"SELECT * {{ SERVICE SILENT <{one}> {{ ?s ?p ?o }} }}" for one in there]
    queries += [f"SELECT * FROM <{one}> {{ ?s ?p ?o }}" for one in (*there, secret.as_uri(), str(secret))]
    queries += [f"SELECT * FROM NAMED <{one}> {{ GRAPH ?g {{ ?s ?p ?o }} }}" for one in (*there, secret.as_uri())]
    queries += [f"LOAD <{one}>" for one in (*there, secret.as_uri())]
    queries += [
        f"SELECT * {{ BIND(IRI('{there[0]}') AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}",
        f"SELECT * {{ {{ SELECT * {{ SERVICE <{there[0]}> {{ ?s ?p ?o }} }} }} }}",
        f"ASK {{ FILTER EXISTS {{ SERVICE <{there[0]}> {{ ?s ?p ?o }} }} }}",
        f"SELECT * {{ #\nSERVICE#\n<{there[0]}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ \\u0053ERVICE <{there[0]}> {{ ?s ?p ?o }} }}",
        f"PREFIX x: <http://127.0.0.1:{port}/> SELECT * {{ SERVICE x:y {{ ?s ?p ?o }} }}",
        f'SELECT * {{ ?s ?p "\\"" . SERVICE <{there[0]}> {{ ?s ?p ?o }} }}',
        f"SELECT * {{ ?s ?p '''a'b''c''' . SERVICE <{there[0]}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ ?s ?p ?o FILTER(?o < 3) SERVICE <{there[0]}> {{ ?s ?p ?o }} FILTER(?o > 3) }}",
        f"SELECT * {{ ?s ?p 1SERVICE <{there[0]}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ ?s ?p trueSERVICE <{there[0]}> {{ ?s ?p ?o }} }}",
        f"PREFIX x: <http://127.0.0.1:{port}/> SELECT * {{ SERVICEx:y {{ ?s ?p ?o }} }}",
        f"PREFIX x: <http://127.0.0.1:{port}/> SELECT * {{ ?s ?p x:.SERVICE x:y {{ ?s ?p ?o }} }}",
        f"PREFIX x: <http://127.0.0.1:{port}/> SELECT * {{ ?s ?p x:a\\' . SERVICE x:y {{ ?s ?p ?o }} #'\n }}",
        f"DESCRIBE <{secret.as_uri()}>",
    ]
    return queries


def test_two_hundred_clients(site: str) -> None:
    before = memory(site)
    wrong: list[int] = []
    waited: list[float] = []

    def client(number: int) -> None:
        with closing(http.client.HTTPConnection(site, timeout=60)) as connection:
            for count in range(50):
                started = time.monotonic()
                query = f"SELECT ?l {{ id:block-8 rdfs:label ?l }} # {number} {count}"
                connection.request("GET", f"/sparql?query={urllib.parse.quote(query)}")
                answer = connection.getresponse()
                if answer.status != 200 or b"Block 8" not in answer.read():
                    wrong.append(answer.status)
                waited.append(time.monotonic() - started)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == [] and len(waited) == 10_000
    assert memory(site) - before < 60e6


def links_of(folder: Path) -> Iterator[str]:
    """Yield the targets of a process's open file descriptors; connections closed meanwhile are left out."""
    for one in folder.iterdir():
        with suppress(FileNotFoundError):
            yield str(one.readlink())


def memory(place: str) -> float:
    """Return the resident memory in bytes of the server process, found by its port."""
    port = int(place.rpartition(":")[2])
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
            if b"serve" not in command or b"peru_asia_graph" not in command:
                continue
            sockets = set(links_of(folder / "fd"))
            table = (folder / "net" / "tcp").read_text().splitlines()[1:]
            if any(f":{port:04X}" in row.split()[1] and f"socket:[{row.split()[9]}]" in sockets for row in table):
                line = next(row for row in (folder / "status").read_text().splitlines() if row.startswith("VmRSS"))
                return 1024.0 * int(line.split()[1])
        except OSError:
            continue
    raise AssertionError("the server is not found")


def test_a_thousand_half_open_connections(site: str) -> None:
    post = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 99\r\n\r\nASK"
    )
    starts = [b"", b"G", b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n", post]
    host, port = site.split(":")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 4_096) if most > 0 else 4_096, most))
    held = []
    try:
        for number in range(1_000):
            held.append(socket.create_connection((host, int(port)), 10))
            held[-1].sendall(starts[number % len(starts)])
        waited = [send_query(site, QUICK)[2] for _ in range(20)]
        assert max(waited) < 1
        # Connections that never send a request head are closed after ten seconds.
        held[0].settimeout(15)
        assert held[0].recv(1) == b""
        assert max(send_query(site, QUICK)[2] for _ in range(5)) < 1
    finally:
        for one in held:
            one.close()


def test_stalled_and_disconnected_readers(site: str) -> None:
    host, port = site.split(":")
    big = urllib.parse.quote("SELECT * { ?s ?p ?o }")
    held = []
    for _ in range(30):
        one = socket.create_connection((host, int(port)), 10)
        one.sendall(f"GET /sparql?query={big} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        held.append(one)
    time.sleep(1)
    assert send_query(site, QUICK)[0] == 200
    for one in held:
        one.close()
    # A client that disconnects before the answer frees the worker immediately.
    for _ in range(20):
        with socket.create_connection((host, int(port)), 10) as one:
            one.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n")
            one.sendall(f"Content-Length: {len(SLOW)}\r\n\r\n".encode() + SLOW)
    status, _, seconds = send_query(site, QUICK)
    assert status == 200 and seconds < 1.5


def test_endless_heads_and_malformed_requests(site: str) -> None:
    host, port = site.split(":")
    sends: list[Callable[[socket.socket], None]] = [
        lambda one: one.sendall(b"\x00\xff\xfe garbage\r\n\r\n"),
        lambda one: one.sendall(b"GET / HTTP/9.9\r\n\r\n"),
        lambda one: one.sendall(b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n"),
        lambda one: one.sendall("GET /ñ HTTP/1.1\r\nHost: x\r\n\r\n".encode()),
        lambda one: one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n"),
        lambda one: one.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        lambda one: one.sendall(b"GET / HTTP/1.1\r\n" + (b"X: " + b"a" * 1000 + b"\r\n") * 500),
        lambda one: one.sendall(b"GET /" + b"a" * 500_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"),
        lambda one: one.sendall(b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"),
        lambda one: one.sendall(b"GET / HTTP/1.1\r\nHost: a\"><b>\r\nAccept: text/turtle\r\n\r\n"),
    ]  # fmt: skip
    for send in sends:
        with socket.create_connection((host, int(port)), 15) as one:
            try:
                send(one)
                one.settimeout(12)
                received = one.recv(100)
            except (ConnectionError, TimeoutError):
                received = b""
            assert b" 500 " not in received.partition(b"\r\n")[0] + b" "
    assert send_query(site, QUICK)[0] == 200


PATHS = st.sampled_from(
    [f"/{part}/" for part in ("sparql", "page", "data", "id", "exports", "static", "code")]
    + ["/", "/sparql", "/search", "/health", "/query", "/limits", "/void", "/ontology", "/questions/who-owns"]
)
WORDS = st.text(max_size=30) | st.sampled_from(
    ["block-8", "..", "%", "%00", "block-8.ttl", "ownership.html", "*", "//"]
)
QUERIES = st.sampled_from(["ASK {}", "SELECT * {", "DESCRIBE id:block-8", "CLEAR ALL", "CONSTRUCT WHERE {?s ?p 1}", ""])
FIELDS = st.tuples(
    st.sampled_from(["query", "update", "default-graph-uri", "named-graph-uri", "format", "q", "asset", "x"]),
    QUERIES | st.text(max_size=20) | st.just("http://x/"),
)
ACCEPTS = st.sampled_from(
    ["*/*", "text/html", "text/csv;q=0.5", ";;,q=", "text/turtle", "a/b", "*", "text/*;q=2", "\xff"]
)
TYPES = st.sampled_from(
    ["", "application/sparql-query", "application/x-www-form-urlencoded", "application/json", "a/b; charset=x"]
)
METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"])


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    METHODS,
    PATHS,
    WORDS,
    st.lists(FIELDS, max_size=4),
    ACCEPTS,
    TYPES,
    st.binary(max_size=60) | QUERIES.map(str.encode),
)
def test_no_request_makes_an_error_of_ours(
    site: str, method: str, path: str, word: str, fields: list[tuple[str, str]], accept: str, kind: str, body: bytes
) -> None:
    place = urllib.parse.quote(path + word, errors="replace") + "?" + urllib.parse.urlencode(fields, errors="replace")
    with closing(http.client.HTTPConnection(site, timeout=30)) as connection:
        connection.request(method, place, body, {"Accept": accept, "Content-Type": kind, "Accept-Encoding": accept})
        answer = connection.getresponse()
        received = answer.read()
        assert answer.status < 500, (method, place, received)
        if answer.status == 200 and answer.headers["Content-Encoding"] is None and method != "HEAD":
            assert len(received) == int(answer.headers["Content-Length"])

"""The engines that are compared, each behind the same three calls: load a file, answer a query, be closed.

A file of N-Quads and a folder in, an engine out. Limit: rdflib runs in a process of its own, which gives up on a query
after ``PATIENCE`` seconds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import servers
from peru_asia_graph.store import open_store
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.store.load import load_files
from peru_asia_graph.store.push import push_file
from peru_asia_graph.vocabulary import PREFIXES

PATIENCE: Final = 30.0
_RDFLIB: Final = """
import json, signal, sys, time, rdflib
def late(*_): raise TimeoutError
signal.signal(signal.SIGALRM, late)
graph = rdflib.Dataset(default_union=True)
started = time.perf_counter()
graph.parse(sys.argv[1], format="nquads")
print(json.dumps(time.perf_counter() - started), flush=True)
for line in sys.stdin:
    signal.setitimer(signal.ITIMER_REAL, float(sys.argv[2]))
    started = time.perf_counter()
    try:
        count = sum(1 for _ in graph.query(json.loads(line)))
        taken = time.perf_counter() - started
    except TimeoutError:
        count = taken = None
    signal.setitimer(signal.ITIMER_REAL, 0)
    print(json.dumps([taken, count]), flush=True)
"""


@dataclass
class Engine:
    """A loaded engine: its name, how long loading took, and how a query is timed."""

    name: str
    load: float
    ask: Any
    url: str = ""
    # Ours only: the store behind it, for what is answered by the ownership layer.
    store: Any = None


def declared(query: str) -> str:
    """Return the query with all prefixes declared."""
    return "".join(f"PREFIX {name}: <{space}>\n" for name, space in PREFIXES.items()) + query


def timed(work: Any) -> tuple[float, Any]:
    """Return how many seconds work takes, and what it gives."""
    started = time.perf_counter()
    found = work()
    return time.perf_counter() - started, found


@contextmanager
def raw_memory(file: Path, folder: Path) -> Iterator[Engine]:
    """Oxigraph in memory, without us."""
    store = ox.Store()
    taken, _ = timed(lambda: store.bulk_load(path=str(file)))
    yield Engine("raw pyoxigraph, memory", taken, lambda q: timed(lambda: _count_raw(store, q)))


@contextmanager
def raw_disk(file: Path, folder: Path) -> Iterator[Engine]:
    """Oxigraph on disk, without us."""
    taken, _ = timed(lambda: _fill(folder / "raw", file))
    store = ox.Store.read_only(str(folder / "raw"))
    yield Engine("raw pyoxigraph, disk", taken, lambda q: timed(lambda: _count_raw(store, q)))


def _fill(place: Path, file: Path) -> None:
    store = ox.Store(str(place))
    store.bulk_load(path=str(file))
    store.flush()


def _count_raw(store: ox.Store, query: str) -> int:
    return sum(1 for _ in store.query(declared(query), use_default_graph_as_union=True))


@contextmanager
def ours_memory(file: Path, folder: Path) -> Iterator[Engine]:
    """The embedded store in memory."""
    taken, store = timed(lambda: EmbeddedStore.load(file))
    yield Engine("ours, memory", taken, lambda q: timed(lambda: _count_ours(store, q)), store=store)


@contextmanager
def ours_disk(file: Path, folder: Path) -> Iterator[Engine]:
    """The embedded store on disk, as ``pag load`` makes it."""
    taken, _ = timed(lambda: load_files([file], folder / "ours", lambda _: None))
    store = open_store(folder / "ours")
    yield Engine("ours, disk", taken, lambda q: timed(lambda: _count_ours(store, q)), store=store)


def _count_ours(store: Any, query: str) -> int:
    answer = store.query(query)
    return len(answer.triples) if answer.triples is not None else len(answer.rows)


@contextmanager
def rdflib_memory(file: Path, folder: Path) -> Iterator[Engine]:
    """Rdflib in memory."""
    command = [sys.executable, "-c", _RDFLIB, str(file), str(PATIENCE)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        given, taken = process.stdin, process.stdout
        load = float(json.loads(taken.readline()))

        def ask(query: str) -> Any:
            given.write(json.dumps(declared(query)) + "\n")
            given.flush()
            return tuple(json.loads(taken.readline()))

        yield Engine("rdflib", load, ask)
        process.kill()


@contextmanager
def ours_http(file: Path, folder: Path) -> Iterator[Engine]:
    """``pag serve`` on the store that ``ours_disk`` made."""
    with servers.ours("--store", str(folder / "ours"), "-q", "--timeout", str(PATIENCE)) as address:
        yield Engine("pag serve", 0.0, lambda q: _ask_http(f"{address}/sparql", q), f"{address}/sparql")


@contextmanager
def oxigraph_http(file: Path, folder: Path) -> Iterator[Engine]:
    """The Oxigraph server."""
    program, place = servers.find("oxigraph"), folder / "server"
    command = [program, "load", "--location", str(place), "--file", str(file)]
    taken, _ = timed(lambda: subprocess.run(command, check=True, capture_output=True))
    port = servers.free_port()
    serve = [
        program,
        "serve-read-only",
        "--location",
        str(place),
        "--bind",
        f"127.0.0.1:{port}",
        "--union-default-graph",
    ]
    with servers.running(serve, port):
        url = f"http://127.0.0.1:{port}/query"
        yield Engine("Oxigraph server", taken, lambda q: _ask_http(url, q), url)


@contextmanager
def virtuoso_http(file: Path, folder: Path) -> Iterator[Engine]:
    """Virtuoso, filled by ``pag push``."""
    with servers.virtuoso(folder / "virtuoso", 170_000) as server:
        os.environ |= {"PAG_STORE_USER": server.user, "PAG_STORE_PASSWORD": server.password}
        taken, _ = timed(lambda: push_file(file, server.graphs, None, 50_000, lambda _: None))
        yield Engine("Virtuoso", taken, lambda q: _ask_http(server.query, q), server.query)


def _ask_http(url: str, query: str) -> tuple[float | None, int | None]:
    """Time an answer as CSV or N-Triples, counted by its lines; None when there is none in time."""
    accept = "application/n-triples, text/plain;q=0.1" if "CONSTRUCT" in query else "text/csv"
    body = urllib.parse.urlencode({"query": declared(query)}).encode()
    headers = {"Accept": accept, "Cache-Control": "no-cache"}
    try:
        taken, said = timed(
            lambda: urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=PATIENCE).read()
        )
    except (OSError, urllib.error.URLError):
        return None, None
    return taken, said.count(b"\n") - ("CONSTRUCT" not in query)


ENGINES: Final = {
    "raw-memory": raw_memory,
    "raw-disk": raw_disk,
    "ours-memory": ours_memory,
    "ours-disk": ours_disk,
    "rdflib": rdflib_memory,
    "ours-http": ours_http,
    "oxigraph-http": oxigraph_http,
    "virtuoso-http": virtuoso_http,
}

"""The engines under comparison: each loads an N-Quads file and runs queries.

rdflib runs in a separate process, so that a query can be killed after ``TIMEOUT`` seconds.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
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

TIMEOUT: Final = 30.0
# Buffers of 8 KB, as Virtuoso's manual recommends for 2 GB of free memory.
_VIRTUOSO_BUFFERS: Final = 170_000
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
_numbers: Final = itertools.count()

Measured = tuple[float | None, int | None]


@dataclass
class Engine:
    """A loaded engine: its name, its loading time in seconds, and a function returning a query's seconds and rows."""

    name: str
    load: float
    run: Callable[[str], Measured]
    url: str = ""
    pid: int = 0
    # The store of our own engines, used by the ownership layer.
    store: Any = None


def declared(query: str) -> str:
    """Return the query with all prefixes declared."""
    return "".join(f"PREFIX {name}: <{space}>\n" for name, space in PREFIXES.items()) + query


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds a function takes and its value."""
    started = time.perf_counter()
    found = work()
    return time.perf_counter() - started, found


@contextmanager
def raw_memory(file: Path, folder: Path) -> Iterator[Engine]:
    """Plain pyoxigraph in memory."""
    store = ox.Store()
    taken, _ = timed(lambda: store.bulk_load(path=str(file)))
    yield Engine("raw pyoxigraph, memory", taken, lambda query: timed(lambda: _count_raw(store, query)))


@contextmanager
def raw_disk(file: Path, folder: Path) -> Iterator[Engine]:
    """Plain pyoxigraph on disk."""
    taken, _ = timed(lambda: _fill(folder / "raw", file))
    store = ox.Store.read_only(str(folder / "raw"))
    yield Engine("raw pyoxigraph, disk", taken, lambda query: timed(lambda: _count_raw(store, query)))


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
    yield Engine("ours, memory", taken, lambda query: timed(lambda: _count_ours(store, query)), store=store)


@contextmanager
def ours_disk(file: Path, folder: Path) -> Iterator[Engine]:
    """The embedded store on disk, as written by ``pag load``."""
    taken, _ = timed(lambda: load_files([file], folder / "ours", lambda _: None))
    store = open_store(folder / "ours")
    yield Engine("ours, disk", taken, lambda query: timed(lambda: _count_ours(store, query)), store=store)


def _count_ours(store: Any, query: str) -> int:
    result = store.query(query)
    return len(result.triples) if result.triples is not None else len(result.rows)


@contextmanager
def rdflib_memory(file: Path, folder: Path) -> Iterator[Engine]:
    """Rdflib in memory."""
    command = [sys.executable, "-c", _RDFLIB, str(file), str(TIMEOUT)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        requests, responses = process.stdin, process.stdout
        load = float(json.loads(responses.readline()))

        def run(query: str) -> Measured:
            requests.write(json.dumps(declared(query)) + "\n")
            requests.flush()
            taken, count = json.loads(responses.readline())
            return taken, count

        yield Engine("rdflib", load, run, pid=process.pid)
        process.kill()


@contextmanager
def ours_http(file: Path, folder: Path) -> Iterator[Engine]:
    """``pag serve`` with the store of ``ours_disk``."""
    with servers.ours("--store", str(folder / "ours"), "-q", "--timeout", str(TIMEOUT)) as address:
        yield Engine("pag serve", 0.0, lambda query: _run_http(f"{address}/sparql", query), f"{address}/sparql")


@contextmanager
def oxigraph_http(file: Path, folder: Path) -> Iterator[Engine]:
    """The Oxigraph server."""
    program, place = servers.find("oxigraph"), folder / "server"
    command = [program, "load", "--location", str(place), "--file", str(file)]
    taken, _ = timed(lambda: subprocess.run(command, check=True, capture_output=True))
    port = servers.free_port()
    options = ["--location", str(place), "--bind", f"127.0.0.1:{port}", "--union-default-graph"]
    with servers.running([program, "serve-read-only", *options], port) as pid:
        url = f"http://127.0.0.1:{port}/query"
        yield Engine("Oxigraph server", taken, lambda query: _run_http(url, query), url, pid)


@contextmanager
def virtuoso_http(file: Path, folder: Path) -> Iterator[Engine]:
    """Virtuoso with its defaults for vectors and plans, filled by ``pag push``."""
    with servers.virtuoso(folder / "virtuoso", _VIRTUOSO_BUFFERS, more="") as server:
        os.environ |= {"PAG_STORE_USER": server.user, "PAG_STORE_PASSWORD": server.password}
        taken, _ = timed(lambda: push_file(file, server.graphs, None, 50_000, lambda _: None))
        yield Engine("Virtuoso", taken, lambda query: _run_http(server.query, query), server.query, server.pid)


def _run_http(url: str, query: str) -> Measured:
    """Run a query over HTTP and count its rows; (None, None) if there is no response in time.

    A unique comment in each query prevents cached responses.
    """
    is_graph = "CONSTRUCT" in query
    accept = "application/n-triples, text/plain;q=0.1" if is_graph else "text/csv"
    body = urllib.parse.urlencode({"query": f"{declared(query)}\n#{next(_numbers)}"}).encode()
    request = urllib.request.Request(url, body, {"Accept": accept})
    try:
        taken, text = timed(lambda: urllib.request.urlopen(request, timeout=TIMEOUT).read())
    except (OSError, urllib.error.URLError):
        return None, None
    return taken, text.count(b"\n") - (not is_graph)


# What each part of the benchmark compares. Our server needs the folder of "ours-disk".
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
PARTS: Final = {
    "stores": ("raw-memory", "raw-disk", "ours-memory", "ours-disk", "rdflib", "oxigraph-http", "virtuoso-http"),
    "http": ("ours-disk", "ours-http", "oxigraph-http"),
}

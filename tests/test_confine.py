"""A confined process makes no connections, whatever runs in it; a store on disk still finds its files."""

from __future__ import annotations

import platform
import socket
import subprocess
import sys
import threading
import urllib.parse
import urllib.request
from pathlib import Path

import pyoxigraph as ox
import pytest

import servers

LINUX = pytest.mark.skipif(platform.system() != "Linux", reason="only Linux has seccomp")
PROGRAM = """
import socket, sys
from pathlib import Path
import pyoxigraph
from peru_asia_graph.web.confine import forbid_sockets
assert forbid_sockets()
try:
    socket.socket()
except PermissionError as error:
    print("refused", Path(sys.argv[1]).read_text())
try:
    list(pyoxigraph.Store().query("SELECT * { SERVICE <%s> { ?s ?p ?o } }" % sys.argv[2]))
except OSError as error:
    print("no service")
"""

WITHOUT_FILES = """
import sys
import pyoxigraph
from peru_asia_graph.web.confine import forbid_files
store = pyoxigraph.Store.read_only(sys.argv[1])
forbid_files()
try:
    print(len(list(store)))
except OSError as error:
    print(error)
"""


@LINUX
def test_no_socket_is_made_and_no_server_is_contacted(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("files can be read")
    hits: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as sink:
        sink.settimeout(1.0)

        def listen() -> None:
            try:
                hits.append(sink.accept())
            except TimeoutError:
                return

        thread = threading.Thread(target=listen)
        thread.start()
        address = f"http://127.0.0.1:{sink.getsockname()[1]}/"
        command = [sys.executable, "-c", PROGRAM, str(tmp_path / "file"), address]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        thread.join()
    assert done.stdout.splitlines() == ["refused files can be read", "no service"] and hits == []


@pytest.mark.slow
def test_store_with_many_files_is_served(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    store = ox.Store(str(folder))
    for number in range(6):
        line = f'<http://example.org/{number}> <http://example.org/p> "{number}" <http://example.org/g> .\n'
        store.bulk_load(line.encode(), format=ox.RdfFormat.N_QUADS)
    del store
    # Opening the store opens only some of its files; the data is found only if more can be opened later.
    done = subprocess.run([sys.executable, "-c", WITHOUT_FILES, str(folder)], capture_output=True, text=True)
    assert "Too many open files" in done.stdout, done
    query = urllib.parse.urlencode({"query": "SELECT ?o { ?s ?p ?o } ORDER BY ?o", "format": "csv"})
    with (
        servers.ours("-q", "--store", str(folder)) as site,
        urllib.request.urlopen(f"{site}/sparql?{query}") as answer,
    ):
        assert answer.read().split() == [b"o", *(str(number).encode() for number in range(6))]

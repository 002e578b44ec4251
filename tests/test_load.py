"""Stores on disk: all or nothing, readers undisturbed, nothing acknowledged lost to kill -9."""

from __future__ import annotations

import gzip
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from peru_asia_graph.errors import BadInput, StoreUnreachable, WrongUse
from peru_asia_graph.store import open_store
from peru_asia_graph.store.load import load_files

ROOT = Path(__file__).parents[1]
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
KILLS = 25


def hush(_: str) -> None:
    """Say nothing."""


def write(path: Path, count: int) -> Path:
    """Write an N-Triples file of so many triples."""
    path.write_text("".join(f"<http://x/{n}> <http://x/p> <http://x/{count}> .\n" for n in range(count)))
    return path


def size(folder: Path) -> int:
    """Return how many triples a store has."""
    return int(str(next(iter(open_store(folder).query(COUNT)))["n"]))


def test_readers_keep_what_they_opened(tmp_path: Path) -> None:
    store = tmp_path / "store"
    load_files([write(tmp_path / "a.nt", 3)], store, hush)
    reader = open_store(store)
    assert load_files([write(tmp_path / "b.nt", 5), write(tmp_path / "c.nt", 7)], store, hush) == 12
    assert [row["n"] for row in reader.query(COUNT)] == [3] and size(store) == 12
    assert len(list(store.glob("v*"))) == 2
    del reader
    load_files([write(tmp_path / "d.nt", 4)], store, hush)
    assert len(list(store.glob("v*"))) == 1 and size(store) == 4


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("torn.ttl", b"<http://a> <http://b> <http://c> .\n<http://a> <http://b\n", "torn.ttl:2: "),
        ("torn.nt.gz", gzip.compress(b"<http://a> <http://b> <http://c> .\n" * 9, mtime=0)[:-9], "torn.nt.gz: "),
        ("plain.nt.gz", b"<http://a> <http://b> <http://c> .\n", "plain.nt.gz: "),
        ("odd.xyz", b"", "no RDF format ends in '.xyz'"),
        ("bomb.rdf", b"\x00\xff\x00", "bomb.rdf:"),
    ],
)
def test_a_broken_file_leaves_the_old_store(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    store = tmp_path / "store"
    load_files([write(tmp_path / "a.nt", 3)], store, hush)
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BadInput, match="the old store is kept") as refused:
        load_files([tmp_path / "a.nt", tmp_path / name], store, hush)
    assert said in str(refused.value)
    assert size(store) == 3 and len(list(store.glob("v*"))) == 1


def test_compressed_files_and_stores_of_oxigraph_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.nt.gz").write_bytes(gzip.compress(write(tmp_path / "a.nt", 30).read_bytes()))
    assert load_files([tmp_path / "a.nt.gz"], tmp_path / "store", hush) == 30
    shutil.copytree((tmp_path / "store" / "current").resolve() / "store", tmp_path / "raw")
    assert size(tmp_path / "raw") == 30
    with pytest.raises(WrongUse, match="of another program"):
        load_files([tmp_path / "a.nt"], tmp_path / "raw", hush)


def test_folders_that_are_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable, match="holds no store"):
        open_store(tmp_path)
    with pytest.raises(WrongUse, match="no file"):
        load_files([tmp_path / "a.nt"], tmp_path / "store", hush)
    write(tmp_path / "a.nt", 1)
    with pytest.raises(WrongUse, match="other files"):
        load_files([tmp_path / "a.nt"], tmp_path, hush)
    load_files([tmp_path / "a.nt"], tmp_path / "store", hush)
    shutil.rmtree((tmp_path / "store" / "current").resolve())
    with pytest.raises(StoreUnreachable, match="damaged"):
        open_store(tmp_path / "store")


def test_kill_9_at_any_moment_loses_nothing_acknowledged(tmp_path: Path) -> None:
    store, chance = tmp_path / "store", random.Random(3)
    files = {count: write(tmp_path / f"{count}.nt", count) for count in (20_000, 30_000)}
    load_files([files[20_000]], store, hush)
    held, acknowledged = 20_000, 0
    started = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "peru_asia_graph", "load", files[20_000], "--store", tmp_path / "t"], check=True
    )
    longest = time.monotonic() - started
    for _ in range(KILLS):
        wanted = 50_000 - held
        command = [sys.executable, "-m", "peru_asia_graph", "load", "-q", files[wanted], "--store", store]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        time.sleep(longest * (0.3 + 0.8 * chance.random()))
        process.send_signal(signal.SIGKILL)
        said = process.communicate()[0]
        found = size(store)
        assert found in (held, wanted)
        if b"quads in" in said:
            acknowledged += 1
            assert found == wanted
        held = found
    load_files([files[20_000]], store, hush)
    assert len(list(store.glob("v*"))) == 1 and acknowledged < KILLS


def test_the_command(tmp_path: Path) -> None:
    def run(*words: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "peru_asia_graph", *words]
        return subprocess.run(command, capture_output=True, cwd=tmp_path, env={**os.environ}, check=False)

    done = run("load", str(ROOT / "exports" / "peru-asia-graph.trig"), "--store", "graph.store")
    assert done.returncode == 0 and b"quads in graph.store" in done.stdout, done.stderr
    here, there = run("ask", "who-owns"), run("ask", "who-owns", "--store", "graph.store")
    assert here.stdout == there.stdout and here.returncode == 0
    assert run("query", "ASK {}", "--store", "nowhere").returncode == 4
    assert run("push", "--store", "graph.store").returncode == 2

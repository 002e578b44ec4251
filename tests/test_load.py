"""Stores on disk: atomic replacement, concurrent readers, kill -9, unrelated folders."""

from __future__ import annotations

import gzip
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from peru_asia_graph.errors import BadInput, StoreUnreachable, WrongUse
from peru_asia_graph.store import find_version, open_store
from peru_asia_graph.store.load import load_files

ROOT = Path(__file__).parents[1]
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
KILLS = 25


def ignore(_: str) -> None:
    """Ignore a progress line."""


def write(path: Path, count: int) -> Path:
    """Write an N-Triples file with this many triples."""
    path.write_text("".join(f"<http://x/{n}> <http://x/p> <http://x/{count}> .\n" for n in range(count)))
    return path


def size(folder: Path) -> int:
    """Return the number of triples in a store."""
    return int(str(next(iter(open_store(folder).query(COUNT)))["n"]))


def test_readers_keep_the_version_they_opened(tmp_path: Path) -> None:
    store = tmp_path / "store"
    load_files([write(tmp_path / "a.nt", 3)], store, ignore)
    reader = open_store(store)
    assert load_files([write(tmp_path / "b.nt", 5), write(tmp_path / "c.nt", 7)], store, ignore) == 12
    assert [row["n"] for row in reader.query(COUNT)] == [3] and size(store) == 12
    assert len(list(store.glob("v*"))) == 2
    del reader
    load_files([write(tmp_path / "d.nt", 4)], store, ignore)
    assert len(list(store.glob("v*"))) == 1 and size(store) == 4


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("torn.ttl", b"<http://a> <http://b> <http://c> .\n<http://a> <http://b\n", "torn.ttl:2: "),
        ("torn.nt.gz", gzip.compress(b"<http://a> <http://b> <http://c> .\n" * 9, mtime=0)[:-9], "torn.nt.gz: "),
        ("plain.nt.gz", b"<http://a> <http://b> <http://c> .\n", "plain.nt.gz: "),
        ("odd.xyz", b"", "no RDF format ends in '.xyz'"),
        ("bomb.rdf", b"\x00\xff\x00", "bomb.rdf:"),
    ],
)
def test_invalid_file_keeps_the_old_version(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    store = tmp_path / "store"
    load_files([write(tmp_path / "a.nt", 3)], store, ignore)
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BadInput, match="the old store is kept") as refused:
        load_files([tmp_path / "a.nt", tmp_path / name], store, ignore)
    assert message in str(refused.value)
    assert size(store) == 3 and len(list(store.glob("v*"))) == 1
    with pytest.raises(BadInput, match="no store is created"):
        load_files([tmp_path / name], tmp_path / "new", ignore)
    assert not (tmp_path / "new").exists()


def test_compressed_files_and_oxigraph_databases_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.nt.gz").write_bytes(gzip.compress(write(tmp_path / "a.nt", 30).read_bytes()))
    assert load_files([tmp_path / "a.nt.gz"], tmp_path / "store", ignore) == 30
    shutil.copytree((tmp_path / "store" / "current").resolve() / "store", tmp_path / "raw")
    assert size(tmp_path / "raw") == 30
    with pytest.raises(WrongUse, match="written by another program"):
        load_files([tmp_path / "a.nt"], tmp_path / "raw", ignore)


def test_folders_without_a_store(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable, match="contains no store"):
        open_store(tmp_path)
    with pytest.raises(WrongUse, match="no file"):
        load_files([tmp_path / "a.nt"], tmp_path / "store", ignore)
    write(tmp_path / "a.nt", 1)
    with pytest.raises(WrongUse, match="other files"):
        load_files([tmp_path / "a.nt"], tmp_path, ignore)
    load_files([tmp_path / "a.nt"], tmp_path / "store", ignore)
    shutil.rmtree((tmp_path / "store" / "current").resolve())
    with pytest.raises(StoreUnreachable, match="damaged"):
        open_store(tmp_path / "store")


@pytest.mark.parametrize("target", ["current", "v000001"])
def test_link_to_itself_or_to_a_file_is_not_a_version(target: str, tmp_path: Path) -> None:
    (tmp_path / "v000001").touch()
    (tmp_path / "current").symlink_to(target)
    with pytest.raises(StoreUnreachable, match="cannot be opened: "):
        open_store(tmp_path)
    (tmp_path / "loop.nt").symlink_to("loop.nt")
    assert find_version(tmp_path / "loop.nt") == ""


def test_names_of_versions_never_repeat(tmp_path: Path) -> None:
    store, used = tmp_path / "store", set[str]()
    for count in range(1, 4):
        load_files([write(tmp_path / "a.nt", count)], store, ignore)
        used.add((store / "current").readlink().name)
        shutil.rmtree(store)
    assert len(used) == 3


@pytest.mark.slow
def test_kill_9_never_loses_a_reported_load(tmp_path: Path) -> None:
    store, chance = tmp_path / "store", random.Random(3)
    files = {count: write(tmp_path / f"{count}.nt", count) for count in (20_000, 30_000)}
    load_files([files[20_000]], store, ignore)
    current, acknowledged, longest = 20_000, 0, 2.0
    for _ in range(KILLS):
        wanted = 50_000 - current
        command = [sys.executable, "-m", "peru_asia_graph", "load", "-q", files[wanted], "--store", store]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        time.sleep(longest * (0.3 + 0.7 * chance.random()))
        process.send_signal(signal.SIGKILL)
        output = process.communicate()[0]
        found = size(store)
        assert found in (current, wanted)
        # Adapt the delay, so that about half of the kills come before completion, whatever the speed of the machine.
        longest *= 0.8 if found == wanted else 1.2
        if b"quads in" in output:
            acknowledged += 1
            assert found == wanted
        current = found
    load_files([files[20_000]], store, ignore)
    assert len(list(store.glob("v*"))) == 1 and acknowledged < KILLS


@pytest.mark.slow
def test_load_command(tmp_path: Path) -> None:
    def run(*words: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "peru_asia_graph", *words]
        return subprocess.run(command, capture_output=True, cwd=tmp_path, env={**os.environ}, check=False)

    done = run("load", str(ROOT / "exports" / "peru-asia-graph.trig"), "--store", "graph.store")
    assert done.returncode == 0 and b"quads in graph.store" in done.stdout, done.stderr
    here, there = run("ask", "who-owns"), run("ask", "who-owns", "--store", "graph.store")
    assert here.stdout == there.stdout and here.returncode == 0
    assert run("query", "ASK {}", "--store", "nowhere").returncode == 4
    assert run("push", "--store", "graph.store").returncode == 2
    done = run("load", str(ROOT / "exports" / "peru-asia-graph.trig"), "--store", "http://127.0.0.1:7878/store")
    assert done.returncode == 2 and b"pag push --store http://127.0.0.1:7878/store" in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"graph.store"}


def snapshot(folder: Path) -> dict[str, str | bytes | None]:
    """Return every file, link and folder below a folder, with its content or target."""
    return {
        str(path.relative_to(folder)): str(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else None
        for path in folder.rglob("*")
    }


def make_thesis(folder: Path) -> None:
    """A folder with a file, a read-only file and a link."""
    (folder / "thesis.txt").write_text("years of work")
    (folder / "data.csv").write_text("a,b\n")
    (folder / "data.csv").chmod(0o400)
    (folder / "latest").symlink_to("thesis.txt")


def make_releases(folder: Path) -> None:
    """A folder of versions behind a link that has the same name as ours."""
    for name in ("v1", "v000001", "v000002"):
        (folder / name).mkdir()
        (folder / name / "program").write_text(name)
    (folder / "current").symlink_to("v000002")


def make_dangling_link(folder: Path) -> None:
    """A dangling link that has the same name as ours."""
    (folder / "current").symlink_to("releases/7")


def make_hidden_file(folder: Path) -> None:
    """A folder with only a hidden folder in it."""
    (folder / ".git").mkdir()


@pytest.mark.parametrize("make", [make_thesis, make_releases, make_dangling_link, make_hidden_file])
@pytest.mark.parametrize("read_only", [False, True])
def test_unrelated_folders_are_refused_and_unchanged(
    tmp_path: Path, make: Callable[[Path], None], read_only: bool
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    make(folder)
    before = snapshot(folder)
    (tmp_path / "link").symlink_to(folder)
    write(tmp_path / "a.nt", 1)
    folder.chmod(0o500 if read_only else 0o700)
    for name in (folder, tmp_path / "link"):
        with pytest.raises(WrongUse, match="is read-only" if read_only else "contains other files"):
            load_files([tmp_path / "a.nt"], name, ignore)
    folder.chmod(0o700)
    assert snapshot(folder) == before
    assert {path.name for path in tmp_path.iterdir()} == {"folder", "link", "a.nt"}


def test_unrelated_files_in_a_store_are_reported_and_kept(tmp_path: Path) -> None:
    store, progress = tmp_path / "store", list[str]()
    load_files([write(tmp_path / "a.nt", 3)], store, ignore)
    first = (store / "current").resolve()
    (store / "notes.txt").write_text("mine")
    (store / "v2").mkdir()
    (store / "v000009").symlink_to(tmp_path)
    (first / "notes.txt").write_text("mine")
    for count in (4, 5):
        load_files([write(tmp_path / "a.nt", count)], store, progress.append)
        assert size(store) == count
    assert (store / "notes.txt").read_text() == (first / "notes.txt").read_text() == "mine"
    assert (store / "v2").is_dir() and (store / "v000009").readlink() == tmp_path and (tmp_path / "a.nt").exists()
    left = {line.split()[0] for line in progress if line.endswith("was not changed")}
    assert left == {str(store / name) for name in ("notes.txt", "v2", "v000009", first.name)}
    assert {path.name for path in first.iterdir()} == {"notes.txt"}


def test_a_line_break_in_a_name_does_not_break_the_message(tmp_path: Path) -> None:
    write(tmp_path / "a.nt", 1)
    (tmp_path / "a\nb").mkdir()
    (tmp_path / "a\nb" / "c\nd").touch()
    with pytest.raises(WrongUse, match=r"there is no file .*c\\nd$"):
        load_files([tmp_path / "c\nd"], tmp_path / "store", ignore)
    with pytest.raises(WrongUse, match=r"a\\nb contains other files \(c\\nd\)"):
        load_files([tmp_path / "a.nt"], tmp_path / "a\nb", ignore)


@pytest.mark.parametrize(("name", "message"), [("plain", "is not a folder"), ("plain/store", "cannot be written")])
def test_path_that_cannot_be_a_folder(tmp_path: Path, name: str, message: str) -> None:
    write(tmp_path / "a.nt", 1)
    (tmp_path / "plain").write_text("mine")
    with pytest.raises(WrongUse, match=message):
        load_files([tmp_path / "a.nt"], tmp_path / name, ignore)
    assert (tmp_path / "plain").read_text() == "mine"


def test_load_recovers_from_a_kill_before_the_first_version(tmp_path: Path) -> None:
    store = tmp_path / "store"
    (store / "v000001").mkdir(parents=True)
    (store / ".current.new").symlink_to("v000001")
    load_files([write(tmp_path / "a.nt", 3)], store, ignore)
    assert size(store) == 3 and len(list(store.glob("v*"))) == 1

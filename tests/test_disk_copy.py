"""The on-disk copy for single queries: it gives the file's answers, is never stale and touches no other files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from folders import snapshot
from peru_asia_graph.cli import pag
from peru_asia_graph.errors import StoreUnreachable
from peru_asia_graph.files.lock import exclusive_lock
from peru_asia_graph.store import disk_copy
from peru_asia_graph.store.disk_copy import open_copy
from peru_asia_graph.store.embedded import EmbeddedStore

ROOT = Path(__file__).parents[1]
NAMES = "SELECT ?s ?name WHERE { ?s rdfs:label ?name } ORDER BY ?s ?name"
OLD = 40 * 24 * 3600


def write(path: Path, value: str, count: int = 9_000) -> Path:
    """Write a TriG file with this many labels, large enough to be copied."""
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    path.write_text("".join(f'<http://x/{n}> {label} "{value}" .\n' for n in range(count)))
    return path


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the copies, which does not exist yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "peru-asia-graph"


def names(store: EmbeddedStore | None) -> set[str]:
    assert store is not None
    return {str(row["name"]) for row in store.query(NAMES)}


def test_copy_gives_the_same_answers_as_the_file(cache: Path) -> None:
    graph = ROOT / "exports" / "peru-asia-graph.trig"
    file = EmbeddedStore.load(graph)
    for _ in ("made", "opened"):
        copy = open_copy(graph)
        assert copy is not None and copy.query(NAMES).rows == file.query(NAMES).rows
        counted = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
        assert copy.query(counted).rows == file.query(counted).rows
    assert len(list(cache.iterdir())) == 1 and cache.stat().st_mode & 0o077 == 0


def test_changed_graph_is_copied_again(tmp_path: Path, cache: Path) -> None:
    graph, other = write(tmp_path / "a.trig", "before"), write(tmp_path / "b.trig", "other")
    before = open_copy(graph)
    assert names(before) == {"before"} and names(open_copy(other)) == {"other"}
    changed = graph.stat()
    write(graph, "aftera")  # same size and same time stamp
    os.utime(graph, ns=(changed.st_atime_ns, changed.st_mtime_ns))
    assert names(open_copy(graph)) == {"aftera"} and names(before) == {"before"}
    del before
    write(graph, "then")
    assert names(open_copy(graph)) == {"then"} and names(open_copy(other)) == {"other"}
    assert sorted(len(list(one.glob("v*"))) for one in cache.iterdir()) == [1, 1]


def test_small_file_is_not_copied(tmp_path: Path, cache: Path) -> None:
    assert open_copy(write(tmp_path / "a.trig", "a", 90)) is None and not cache.exists()


def test_no_copy_without_a_usable_cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    graph = write(tmp_path / "a.trig", "a")
    monkeypatch.setenv("XDG_CACHE_HOME", str(graph))
    assert open_copy(graph) is None
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(graph))
    assert open_copy(graph) is None
    monkeypatch.setenv("HOME", "relative")
    assert open_copy(graph) is None
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")  # relative paths are to be ignored
    assert names(open_copy(graph)) == {"a"} and (tmp_path / ".cache" / "peru-asia-graph").is_dir()


def test_unrelated_folder_in_its_place_is_left_alone(tmp_path: Path, cache: Path) -> None:
    graph = write(tmp_path / "a.trig", "a")
    open_copy(graph)
    folder = next(cache.iterdir())
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")
    before = snapshot(cache)
    assert open_copy(graph) is None and snapshot(cache) == before


def test_damaged_copy_is_rebuilt(tmp_path: Path, cache: Path) -> None:
    graph = write(tmp_path / "a.trig", "a")
    open_copy(graph)
    for pattern in ("CURRENT", "*.sst", "*.sst", "MANIFEST-*"):
        damaged = max(cache.glob(f"*/v*/store/{pattern}"), key=lambda path: path.stat().st_size)
        content = damaged.read_bytes()
        half = len(content) // 2
        damaged.write_bytes(content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :])
        copy = open_copy(graph)
        assert copy is not None and copy.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").table() == [[9_000]]


def test_copy_without_its_database_is_rebuilt(tmp_path: Path, cache: Path) -> None:
    graph = write(tmp_path / "a.trig", "a")
    open_copy(graph)
    store = next(cache.glob("*/v*/store"))
    shutil.rmtree(store)
    with pytest.raises(StoreUnreachable, match=r"v\d+/store is missing"):
        EmbeddedStore.open(store.parents[1])
    assert names(open_copy(graph)) == {"a"}


def test_copy_in_progress_in_another_process_is_awaited(tmp_path: Path, cache: Path) -> None:
    graph = write(tmp_path / "a.trig", "a")
    open_copy(graph)
    folder = next(cache.iterdir())
    with ThreadPoolExecutor() as threads:
        with exclusive_lock(folder.with_name(f".{folder.name}.lock")):
            assert names(open_copy(graph)) == {"a"}
            waiting = threads.submit(open_copy, write(tmp_path / "a.trig", "b"))
            time.sleep(0.3)
            assert not waiting.done()
        assert waiting.result() is None  # the other process has made no copy of it
    assert names(open_copy(graph)) == {"b"}


def test_copy_just_made_by_another_process_is_reused(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph, once, made = write(tmp_path / "a.trig", "a"), disk_copy.replace_store, list[Path]()

    def after_another(*arguments: Any, **options: Any) -> list[str]:
        once(*arguments, **options)
        made.extend(cache.glob("*/v*"))
        return once(*arguments, **options)

    monkeypatch.setattr(disk_copy, "replace_store", after_another)
    assert names(open_copy(graph)) == {"a"}
    assert len(made) == 1 and list(cache.glob("*/v*")) == made


def test_concurrent_queries_share_one_copy(tmp_path: Path, cache: Path) -> None:
    graph = write(tmp_path / "a.trig", "a")
    code = f"""
from pathlib import Path
from peru_asia_graph.store.disk_copy import open_copy
print(len(open_copy(Path({str(graph)!r})).quads()))
"""
    ran = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(6)]
    assert [one.communicate()[0] for one in ran] == ["9000\n"] * 6
    assert len(list(cache.glob("*/v*"))) == 1


def test_old_copies_are_removed(tmp_path: Path, cache: Path) -> None:
    graphs = [write(tmp_path / f"{name}.trig", name) for name in ("read", "unread")]
    read = open_copy(graphs[0])
    open_copy(graphs[1])
    (cache / "notes").mkdir()
    (cache / "notes" / "thesis.txt").write_text("mine")
    for folder in cache.glob("*/current"):
        made = folder.lstat().st_mtime - OLD
        os.utime(folder, (made, made), follow_symlinks=False)
    assert names(open_copy(write(tmp_path / "new.trig", "new"))) == {"new"}
    assert names(read) == {"read"}
    assert len(list(cache.glob("*/v*"))) == 2 and len(list(cache.glob("*/current"))) == 1
    assert (cache / "notes" / "thesis.txt").read_text() == "mine"


def test_project_query_uses_the_copy(cache: Path) -> None:
    run = CliRunner()
    query = ["query", "SELECT ?name WHERE { id:block-8 rdfs:label ?name } ORDER BY ?name"]
    for _ in ("made", "opened"):
        assert run.invoke(pag, query).output == "name\nBlock 8\n"
    made = snapshot(cache)
    assert made
    assert run.invoke(pag, [*query, "--source", "gem"]).output == "name\nBlock 8\n"
    assert run.invoke(pag, [*query, "--store", str(ROOT / "exports" / "peru-asia-graph.trig")]).exit_code == 0
    assert snapshot(cache) == made

"""``pag export`` to a folder: where it writes, what it refuses and what it reports."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from exporters import hostile_quads, make_input
from folders import read_folder
from peru_asia_graph.errors import WrongUse
from peru_asia_graph.exporters.format_registry import FORMATS, find_format, folder_names

Export = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def export(tmp_path: Path) -> Export:
    """Return a function that runs ``pag export`` on a small graph in a temporary folder."""
    graph = tmp_path / "graph.nq"
    graph.write_bytes(ox.serialize(hostile_quads(), format=ox.RdfFormat.N_QUADS) or b"")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "peru_asia_graph", "export", "--store", str(graph), *words]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return run


@pytest.mark.parametrize("form", ["neo4j", "datapackage"])
def test_folder_can_be_exported_twice(export: Export, tmp_path: Path, form: str) -> None:
    first = export("-f", form, "-o", "out", "--report", "lost.csv")
    assert first.returncode == 0, first.stderr
    assert "files written" in first.stderr
    written = read_folder(tmp_path / "out")
    assert export("-f", form, "-o", "out").returncode == 0
    assert read_folder(tmp_path / "out") == written
    with (tmp_path / "lost.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == ["kind", "field", "reason", "count", "example", "place"]


@pytest.mark.parametrize("form", folder_names())
def test_foreign_folder_is_refused(export: Export, tmp_path: Path, form: str) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "README.md").write_text("my own")
    done = export("-f", form, "-o", "mine")
    assert done.returncode == 2 and "contains files that pag did not write" in done.stderr
    assert [path.name for path in mine.iterdir()] == ["README.md"] and (mine / "README.md").read_text() == "my own"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-f", "neo4j"], "name an empty or new folder: -o FOLDER"),
        (["-f", "neo4j", "-o", "out", "--table", "stakes"], "the table 'stakes' cannot be written as neo4j"),
        (["-f", "ro-crate", "-o", "graph.nq"], "is not a folder"),
        (["-f", "datapackage", "-o", "out", "--bom"], "--bom is for CSV and TSV"),
    ],
)
def test_invalid_options_are_refused(export: Export, tmp_path: Path, words: list[str], message: str) -> None:
    done = export(*words)
    assert done.returncode == 2 and message in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_sqlite_is_one_file(export: Export, tmp_path: Path) -> None:
    assert export("-o", "graph.sqlite").returncode == 0
    assert (tmp_path / "graph.sqlite").read_bytes().startswith(b"SQLite format 3\0")


def test_error_names_the_right_function() -> None:
    with pytest.raises(WrongUse, match="export_files"):
        find_format("neo4j").data(make_input([]))
    with pytest.raises(WrongUse, match="single file"):
        find_format("turtle").files(make_input([]))


def test_folder_formats_have_no_file_extension() -> None:
    assert {row.ending for row in FORMATS if row.folder} == {""}

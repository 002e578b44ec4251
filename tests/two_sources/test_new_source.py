"""A new source, from an empty folder to the graph: what is written, rejected and found again."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from peru_asia_graph.cli import pag
from peru_asia_graph.errors import BadInput, WrongUse
from peru_asia_graph.paths import Project
from peru_asia_graph.sources.new_source import new_source
from two_sources import build_in, same, source, write_source

BY = "https://creativecommons.org/licenses/by/4.0/"


def about(root: Path) -> dict[str, object]:
    """Return the metadata of the source."""
    found: dict[str, object] = json.loads((root / "data/my-register/csv-metadata.json").read_text("utf-8"))
    return found


@pytest.mark.slow
def test_no_default_licence_is_written(tmp_path: Path) -> None:
    new_source(Project(tmp_path), "my-register", when="2025-02")
    assert "dc:license" not in about(tmp_path)
    assert [(one.name, one.licence) for one in build_in(tmp_path)[0].sources] == [("my-register", "")]


def test_given_licence_is_written_and_next_steps_are_shown(tmp_path: Path) -> None:
    arguments = ["new-source", "my-register", "--licence", BY, "--project", str(tmp_path)]
    result = CliRunner().invoke(pag, arguments, catch_exceptions=False)
    assert about(tmp_path)["dc:license"] == {"@id": BY}
    assert "data/my-register" in result.stderr and "pag check" in result.stderr
    matched = CliRunner().invoke(pag, ["match", "--project", str(tmp_path)], catch_exceptions=False)
    assert "No suggestions; --with-shipped also compares" in matched.stderr


def test_written_test_imports_only_what_it_uses(tmp_path: Path) -> None:
    new_source(Project(tmp_path), "my-register")
    written = list(ast.walk(ast.parse((tmp_path / "tests/test_my_register.py").read_text("utf-8"))))
    imported = {name.name for one in written if isinstance(one, ast.ImportFrom) for name in one.names}
    assert imported == imported & {one.id for one in written if isinstance(one, ast.Name)}


def test_title_is_one_line_and_tables_without_metadata_are_reported(tmp_path: Path) -> None:
    new_source(Project(tmp_path), "my-register", title=' My "own"\n register ', when="2025-02", short="M\nR")
    assert (about(tmp_path)["dc:title"], about(tmp_path)["dc:alternative"]) == ('My "own" register', "M R")
    (tmp_path / "data" / "reference").mkdir()
    (tmp_path / "data" / "reference" / "concepts.csv").write_text("slug,scheme,label_en,label_es,notation,definition\n")
    (warning,) = build_in(tmp_path)[1].warnings
    assert warning.file.endswith("data/reference") and "so they were not read" in warning.message


def test_source_can_define_its_own_codes(tmp_path: Path) -> None:
    codes = [
        {"slug": slug, "scheme": scheme, "label_en": label, "label_es": label, "definition": "Of my register."}
        for slug, scheme, label in (("my-set", "dataset", "My set"), ("euro-million", "unit", "million euros"))
    ]
    figure = {"id": "my-o1", "dataset": "my-set", "subject": "my-mine", "measure": "output", "period": "2020",
              "value": "5", "unit": "euro-million", "qualifier": "exact", "citations": "mine-p1"}  # fmt: skip
    tables = source("mine", {"my-mine": ("MiningProject", "A Mine")}, observations=[figure], concepts=codes)
    write_source(tmp_path, "mine", tables, date="2025")
    graph, report = build_in(tmp_path)
    assert report.warnings == []
    (row,) = graph.ask("figures", measure="output")
    assert (row["value"], row["unit"]) == (5, "euro-million")


@pytest.mark.parametrize(
    ("name", "licence", "message"),
    [
        ("gem", "", "'gem' is a source of the package"),
        ("shared", "", "'shared' cannot name a source, because the project uses it"),
        ("schema", "", "'schema' cannot name a source, because the project uses it"),
        ("reference", "", "'reference' cannot name a source, because the project uses it"),
        ("my-register", "CC BY", "'CC BY' is not a web address"),
    ],
)
def test_invalid_name_or_licence_is_rejected_and_nothing_is_written(
    tmp_path: Path, name: str, licence: str, message: str
) -> None:
    with pytest.raises(WrongUse, match=message):
        new_source(Project(tmp_path), name, licence=licence)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_matched_thing_is_found_by_its_original_id(tmp_path: Path) -> None:
    """The later source calls the block b-six and judges its Block 7 to be different from Block 6."""
    write_source(tmp_path, "alpha", source("alpha", {"six": ("HydrocarbonBlock", "Block 6")}), date="2013", position=1)
    things = {"b-six": ("HydrocarbonBlock", "Lote 6"), "b-seven": ("HydrocarbonBlock", "Lote 7")}
    matches = [same("b-six", "six"), same("b-seven", "six", modifier="Not")]
    write_source(tmp_path, "beta", source("beta", things, matches=matches), date="2020", position=2)
    graph = build_in(tmp_path)[0]
    assert graph.names.find("b-six") == "six"
    assert graph.names.find("b-seven") == "b-seven"
    relations = {row["matched_id"]: row["relation"] for row in graph.ask("matches")}
    assert relations == {"id:b-six": "skos:exactMatch", "id:b-seven": "Not skos:exactMatch"}


def test_source_that_cannot_be_opened_is_not_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new_source(Project(tmp_path), "alpha")
    (tmp_path / "data" / "beta").mkdir()
    monkeypatch.setattr(os, "access", lambda path, _: Path(path).name != "beta")  # root may open every folder
    with pytest.raises(BadInput, match="data/beta: the folder cannot be opened; check its permissions"):
        build_in(tmp_path)
    monkeypatch.undo()
    (tmp_path / "data" / "beta").rmdir()
    (tmp_path / "data" / "beta").symlink_to("removed")
    with pytest.raises(BadInput, match="data/beta: is a link to nothing"):
        build_in(tmp_path)


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ("{", r"data/schema/entities\.json:1: not JSON"),
        ('{"primaryKey": "id", "columns": [1]}', r"data/schema/entities\.json: not a CSV on the Web schema"),
        ('{"columns": [{"name": "id"}]}', r"data/schema/entities\.json: not a CSV on the Web schema"),
    ],
)
def test_invalid_schema_of_the_project_is_reported(tmp_path: Path, schema: str, said: str) -> None:
    (tmp_path / "data/schema").mkdir(parents=True)
    (tmp_path / "data/schema/entities.json").write_text(schema)
    with pytest.raises(BadInput, match=said):
        new_source(Project(tmp_path), "my-register")
    assert [path.name for path in tmp_path.rglob("*.*")] == ["entities.json"]


def test_nothing_is_left_behind_when_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "tests").write_text("mine")
    with pytest.raises(WrongUse, match=r"test_my_register\.py cannot be written"):
        new_source(Project(tmp_path), "my-register")
    assert not (tmp_path / "data" / "my-register").exists()
    (tmp_path / "tests").unlink()
    (tmp_path / "data").write_text("mine")
    with pytest.raises(WrongUse, match="my-register cannot be written"):
        new_source(Project(tmp_path), "my-register")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    (tmp_path / "data").unlink()
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(WrongUse, match="Too many levels of symbolic links"):
        new_source(Project(tmp_path / "loop"), "my-register")
    assert new_source(Project(tmp_path), "my-register")


KILLED = """
import os, sys
from pathlib import Path
from peru_asia_graph.paths import Project
from peru_asia_graph.sources.new_source import new_source
left, sync = [int(sys.argv[2])], os.fsync
def fsync(handle):
    left[0] -= 1
    if left[0] < 0:
        os._exit(9)
    sync(handle)
os.fsync = fsync
new_source(Project(Path(sys.argv[1])), "my-register")
"""


@pytest.mark.parametrize("written", [0, 2, 6, 12])
def test_a_killed_run_leaves_no_part_of_a_source(tmp_path: Path, written: int) -> None:
    run = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), str(written)], check=False)
    assert run.returncode == 9
    project = Project(tmp_path)
    assert [path.name for path in project.sources()] == ["reference"]
    assert new_source(project, "my-register")
    assert [path.name for path in project.sources()] == ["my-register", "reference"]
    assert [path.name for path in (tmp_path / "tests").glob("*.py")] == ["test_my_register.py"]


def test_a_test_that_somebody_else_wrote_is_kept(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_my_register.py").write_text("mine")
    with pytest.raises(WrongUse, match=r"tests/test_my_register\.py already exists"):
        new_source(Project(tmp_path), "my-register")
    assert (tmp_path / "tests/test_my_register.py").read_text() == "mine"
    assert not (tmp_path / "data").exists()

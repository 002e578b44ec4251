"""Each broken input in ``tests/bad/cases.toml`` yields its messages and exit code, and changes nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from pyoxigraph import Literal, Quad

from folders import read_folder
from patches import apply, file_of, read_rows, write_rows
from peru_asia_graph.build.pipeline import build, build_graph
from peru_asia_graph.errors import BadInput, CheckFailed, Problem
from peru_asia_graph.files.output_folder import write_folder
from peru_asia_graph.paths import PROJECT_VARIABLE, Project
from tiny import copy_tiny

CASES: Final[dict[str, dict[str, Any]]] = tomllib.loads((Path(__file__).parent / "bad/cases.toml").read_text("utf-8"))
OUTCOMES: Final = ("error", "shape", "warning", "accept")
PATCHES: Final = ("set", "add", "drop", "text", "bytes", "encode", "make")
OLD_EXPORTS: Final = {"README.md": b"old\n", "tables/stakes.csv": b"id\nold\n"}
MESSAGE: Final = re.compile(
    r"data/(tiny|reference|schema)/[\w.-]+(:\d+)?: (warning: )?(column '[^']*': )?[^;]+; .+", re.DOTALL
)
# These are also run through the real command line; all others call the same function in this process.
BY_COMMAND: Final = ("missing-file", "cp1252", "right-to-left-override", "precision-of-zero", "ten-faults")


def put_folder(path: Path) -> None:
    """Replace the file by a folder."""
    path.unlink()
    path.mkdir()


def link_out(path: Path) -> None:
    """Move the file out of the data folder and leave a link to it."""
    path.rename(path.parents[2] / path.name)
    path.symlink_to(path.parents[2] / path.name)


def lengthen_note(path: Path) -> None:
    """Write five megabytes into the note of the first row."""
    rows = read_rows(path)
    rows[1][rows[0].index("note")] = "long " * 1_000_000 + "end"
    write_rows(path, rows)


def write_million(path: Path) -> None:
    """Write a million short rows."""
    header = path.read_text("utf-8").splitlines()[0]
    path.write_text(header + "\n" + "x,y,z\n" * 1_000_000, "utf-8")


def drop_empty_columns(path: Path) -> None:
    """Remove the columns that are empty in every row."""
    header, *rows = read_rows(path)
    used = [index for index in range(len(header)) if any(row[index] for row in rows)]
    assert len(used) < len(header)
    write_rows(path, [[row[index] for index in used] for row in (header, *rows)])


MAKERS: Final[dict[str, Callable[[Path], None]]] = {
    "missing-file": Path.unlink,
    "directory": put_folder,
    "unreadable": lambda path: path.chmod(0),
    "million-rows": write_million,
    "long-note": lengthen_note,
    "link-out": link_out,
    "reversed-columns": lambda path: write_rows(path, [row[::-1] for row in read_rows(path)]),
    "without-empty-columns": drop_empty_columns,
}


def with_outcome(outcome: str) -> Any:
    """Return a decorator that runs a test for every case with this outcome."""
    return pytest.mark.parametrize("name", [name for name, case in CASES.items() if outcome in case])


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The tiny project with the exports of an earlier build; its root is the working directory."""
    tiny = copy_tiny(tmp_path)
    write_folder(tiny.exports, OLD_EXPORTS)
    monkeypatch.chdir(tiny.root)
    return tiny


@pytest.fixture
def broken(name: str, project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The project with the patch of the case applied."""
    apply(project, CASES[name], MAKERS)
    if name == "unreadable" and os.geteuid() == 0:
        # Root can read everything, so the permission error is simulated.
        read, refused = Path.read_bytes, file_of(project, "stakes.csv")

        def refuse(path: Path) -> bytes:
            if path == refused:
                raise PermissionError(13, "Permission denied")
            return read(path)

        monkeypatch.setattr(Path, "read_bytes", refuse)
    return project


def all_names(folder: Path) -> set[str]:
    """Return every name below a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def assert_messages(problems: list[Problem], expected: list[str]) -> None:
    """Check that exactly the expected messages are present and that each has a location and a remedy."""
    messages = [str(problem) for problem in problems]
    for text in expected:
        full = f"data/{text}" if "/" in text.split(":")[0] else f"data/tiny/{text}"
        alike = [one for one in messages if one == full or (full[-1] == "…" and one.startswith(full[:-1]))]
        assert len(alike) == 1, "\n".join([f"expected {full}, got:", *messages])
    assert len(messages) == len(expected), "\n".join(messages)
    for message in messages:
        assert MESSAGE.fullmatch(message), f"no remedy or no place: {message}"
        assert message.isprintable(), repr(message)


@pytest.mark.slow
@with_outcome("error")
@pytest.mark.usefixtures("_unvalidated")
def test_all_errors_are_reported_at_once_and_nothing_is_written(name: str, broken: Project) -> None:
    names = all_names(broken.root)
    with pytest.raises(BadInput) as caught:
        build(broken)
    assert caught.value.exit_code == 2
    assert_messages(caught.value.problems, CASES[name]["error"])
    assert read_folder(broken.exports) == OLD_EXPORTS
    assert all_names(broken.root) == names


@pytest.mark.slow
@with_outcome("warning")
def test_warnings_are_reported_and_the_graph_is_built(name: str, broken: Project) -> None:
    report = build_graph(broken)
    assert_messages(report.warnings, CASES[name]["warning"])
    assert all(problem.warning for problem in report.warnings)
    assert report.quads


@pytest.mark.slow
@with_outcome("accept")
@pytest.mark.usefixtures("_unvalidated")
def test_accepted_input_gives_the_same_graph(name: str, broken: Project, good: set[Quad]) -> None:
    report = build_graph(broken)
    assert report.warnings == []
    if texts := CASES[name]["accept"]:
        added = {quad.object for quad in set(report.quads) - good}
        assert {Literal(text) for text in texts} <= added
    else:
        assert set(report.quads) == good


@pytest.mark.slow
@with_outcome("shape")
def test_shape_violation_is_reported_and_nothing_is_written(name: str, broken: Project) -> None:
    with pytest.raises(CheckFailed) as caught:
        build(broken)
    assert caught.value.exit_code == 1
    assert all(text in str(caught.value) for text in CASES[name]["shape"])
    assert read_folder(broken.exports) == OLD_EXPORTS


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> set[Quad]:
    """The expected graph of the tiny source."""
    return set(build_graph(copy_tiny(tmp_path_factory.mktemp("good"))).quads)


@pytest.mark.slow
@pytest.mark.parametrize("name", BY_COMMAND)
def test_command_line_reports_the_same_messages(name: str, broken: Project) -> None:
    names = all_names(broken.root)
    done = subprocess.run(
        [sys.executable, "-m", "peru_asia_graph", "build", "-o", "exports"],
        cwd=broken.root,
        env=os.environ | {PROJECT_VARIABLE: str(broken.root), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    [(outcome, expected)] = [(key, CASES[name][key]) for key in OUTCOMES if key in CASES[name]]
    assert done.returncode == {"error": 2, "shape": 1}[outcome], done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for text in expected:
        assert text.rstrip("…") in done.stderr
    if outcome == "error":
        lines = [line for line in done.stderr.splitlines() if line.startswith(("data/", "Error: data/"))]
        assert len(lines) == len(expected), done.stderr
    assert read_folder(broken.exports) == OLD_EXPORTS
    assert all_names(broken.root) == names


def test_every_case_has_a_patch_and_one_outcome() -> None:
    for name, case in CASES.items():
        assert sum(key in case for key in OUTCOMES) == 1, name
        assert case.keys() <= {*OUTCOMES, *PATCHES}, name
        assert case.keys() & {*PATCHES}, name
        assert case.get("error", ["x"]) and case.get("warning", ["x"]), name
    assert len(CASES) >= 89
    assert set(MAKERS) == {maker for case in CASES.values() for maker, _ in case.get("make", ())}


def test_patching_a_cell_changes_nothing_else(project: Project) -> None:
    for path in project.data.glob("*/*.csv"):
        before = path.read_bytes()
        write_rows(path, read_rows(path))
        assert path.read_bytes() == before, path


@pytest.mark.usefixtures("_unvalidated")
def test_at_most_a_hundred_messages_are_printed(project: Project) -> None:
    path = project.data / "tiny" / "stakes.csv"
    header = path.read_text("utf-8").splitlines()[0]
    path.write_text("\n".join([header, *["x,y"] * 150]) + "\n", "utf-8")
    with pytest.raises(BadInput) as caught:
        build(project)
    lines = str(caught.value).split("\n")
    assert len(caught.value.problems) > 150
    assert (len(lines), lines[-1]) == (101, f"… and {len(caught.value.problems) - 100} more")

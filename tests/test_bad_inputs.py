"""Every bad input of ``tests/bad/cases.csv`` gets its message, its exit code, and changes nothing."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pytest
from pyoxigraph import Literal, Quad

from peru_asia_graph.build.pipeline import build, build_graph
from peru_asia_graph.errors import BadInput, CheckFailed, Problem
from peru_asia_graph.files.atomic import read_folder
from peru_asia_graph.paths import HOME_VARIABLE, Project
from tiny import copy_tiny

BAD: Final = Path(__file__).parent / "bad"
OLD_EXPORTS: Final = {"README.md": b"old\n", "tables/stakes.csv": b"id\nold\n"}
MESSAGE: Final = re.compile(
    r"data/(tiny|reference)/[\w.-]+(:\d+)?: (warning: )?(column '[^']*': )?[^;]+; .+", re.DOTALL
)
# Run through the real command line; the others call the same function in this process.
BY_COMMAND: Final = {1, 6, 8, 15, 18, 20, 21, 29, 39, 46, 62, 66, 76, 84}

Expected = dict[str, str]


def read_cases() -> list[list[Expected]]:
    """Return the rows of each case."""
    with (BAD / "cases.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [list(group) for _, group in groupby(rows, key=lambda row: (row["number"], row["name"]))]


CASES: Final = read_cases()


def name_of(case: list[Expected]) -> str:
    """Return the name of the case's folder."""
    return f"{int(case[0]['number']):02}-{case[0]['name']}"


def with_outcome(*outcomes: str) -> Any:
    """Return a decorator that runs a test for each case with one of these outcomes."""
    cases = [case for case in CASES if case[0]["outcome"] in outcomes]
    return pytest.mark.parametrize("case", cases, ids=name_of)


# --- Faults that cannot stand in a repository as they are ------------------------------------------------


def replace(old: bytes, new: bytes) -> Callable[[Path], None]:
    """Return a fault that puts other bytes into a file."""

    def make(path: Path) -> None:
        data = path.read_bytes()
        assert old in data
        path.write_bytes(data.replace(old, new))

    return make


def encode(encoding: str) -> Callable[[Path], None]:
    """Return a fault that saves a file in another encoding."""
    return lambda path: path.write_bytes(path.read_text("utf-8").encode(encoding)) and None


def put_folder(path: Path) -> None:
    """Put a folder where the file was."""
    path.unlink()
    path.mkdir()


def link_out(path: Path) -> None:
    """Put a link to the same file outside the data folder."""
    path.rename(path.parents[2] / path.name)
    path.symlink_to(path.parents[2] / path.name)


def lengthen(path: Path) -> None:
    """Write five megabytes into the last but one cell of the first row."""
    lines = path.read_text("utf-8").splitlines()
    cells = lines[1].split(",")
    cells[-2] = "long " * 1_000_000 + "end"
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]), "utf-8")


def leave_conflict(path: Path) -> None:
    """Leave the marks of a merge in the file."""
    head, first, second, *rest = path.read_bytes().splitlines(keepends=True)
    marks = b"<" * 7 + b" ours\n", b"=" * 7 + b"\n", b">" * 7 + b" theirs\n"
    path.write_bytes(b"".join([head, marks[0], first, marks[1], second, marks[2], *rest]))


def write_million(path: Path) -> None:
    """Write a million short rows."""
    header = path.read_text("utf-8").splitlines()[0]
    path.write_text(header + "\n" + "x,y,z\n" * 1_000_000, "utf-8")


MAKE: Final[dict[str, Callable[[Path], None]]] = {
    "missing-file": Path.unlink,
    "directory": put_folder,
    "unreadable": lambda path: path.chmod(0),
    "picture": lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01") and None,
    "nul-byte": replace(b"alfa-in-epsilon", b"alfa\x00in-epsilon"),
    "cp1252": encode("cp1252"),
    "utf-16": encode("utf-16"),
    "byte-order-mark": encode("utf-8-sig"),
    "crlf": replace(b"\n", b"\r\n"),
    "cr-only": replace(b"\n", b"\r"),
    "million-rows": write_million,
    "long-cell": lengthen,
    "link-out": link_out,
    "cut-off": lambda path: path.write_bytes(path.read_bytes()[:-25]) and None,
    "merge-conflict": leave_conflict,
    "surrogate-bytes": replace(b"Copper", b"\xed\xa0\xbd"),
}


# --- The world a case runs in -----------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The tiny project with exports of an earlier build; the working folder is its root."""
    tiny = copy_tiny(tmp_path)
    for name, data in OLD_EXPORTS.items():
        path = tiny.exports / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    monkeypatch.chdir(tiny.root)
    return tiny


def spoil(project: Project, case: list[Expected], monkeypatch: pytest.MonkeyPatch) -> None:
    """Lay the case's files over the good ones, or make its fault."""
    made = case[0]["made"]
    if not made:
        folder = BAD / name_of(case)
        for source in (path for path in folder.rglob("*") if path.is_file()):
            shown_file(project, source.relative_to(folder).as_posix()).write_bytes(source.read_bytes())
        return
    target = shown_file(project, case[0]["file"] or "stakes.csv")
    MAKE[made](target)
    if made == "unreadable" and os.geteuid() == 0:
        # Nothing is unreadable for root, so the system's refusal is played.
        read = Path.read_bytes
        refusal = PermissionError(13, "Permission denied")

        def refuse(path: Path) -> bytes:
            if path == target:
                raise refusal
            return read(path)

        monkeypatch.setattr(Path, "read_bytes", refuse)


def shown_file(project: Project, name: str) -> Path:
    """Return the path of a file of the manifest."""
    return project.data / (name if "/" in name else f"tiny/{name}")


def all_names(folder: Path) -> set[str]:
    """Return every name below a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def assert_told(problems: list[Problem], case: list[Expected]) -> None:
    """Each row of the case is one message with its place, and there is no other."""
    listed = "\n".join(map(str, problems))
    for row in case:
        file = row["file"] if "/" in row["file"] else f"tiny/{row['file']}"
        found = [
            problem
            for problem in problems
            if (problem.file, problem.line, problem.column) == (f"data/{file}", int(row["line"]), row["column"])
            and row["phrase"] in f"{problem.message}; {problem.remedy}"
        ]
        assert len(found) == 1, f"expected {row}, got:\n{listed}"
    assert len(problems) == len(case), listed
    for problem in problems:
        assert MESSAGE.fullmatch(str(problem)), f"no remedy or no place: {problem}"
        assert str(problem).isprintable(), repr(str(problem))


# --- What must come of it ---------------------------------------------------------------------------------


@with_outcome("error")
def test_errors_are_all_told_at_once_and_nothing_is_written(
    case: list[Expected], project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(project, case, monkeypatch)
    names = all_names(project.root)
    with pytest.raises(BadInput) as caught:
        build(project)
    assert caught.value.exit_code == 2
    assert_told(caught.value.problems, case)
    assert read_folder(project.exports) == OLD_EXPORTS
    assert all_names(project.root) == names


@with_outcome("warning")
def test_warnings_are_told_and_the_graph_is_built(
    case: list[Expected], project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(project, case, monkeypatch)
    report = build_graph(project)
    assert_told(report.warnings, case)
    assert all(problem.warning for problem in report.warnings)
    assert report.quads


@with_outcome("accept")
def test_what_is_accepted_gives_the_same_graph(
    case: list[Expected], project: Project, good: set[Quad], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(project, case, monkeypatch)
    report = build_graph(project)
    assert report.warnings == []
    if case[0]["phrase"]:
        added = {quad.object for quad in set(report.quads) - good}
        assert Literal(case[0]["phrase"]) in added
    else:
        assert set(report.quads) == good


@with_outcome("shape")
def test_a_broken_shape_is_told_and_nothing_is_written(
    case: list[Expected], project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(project, case, monkeypatch)
    with pytest.raises(CheckFailed) as caught:
        build(project)
    assert caught.value.exit_code == 1
    assert all(row["phrase"] in str(caught.value) for row in case)
    assert read_folder(project.exports) == OLD_EXPORTS


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> set[Quad]:
    """The graph of the tiny source as it should be."""
    return set(build_graph(copy_tiny(tmp_path_factory.mktemp("good"))).quads)


@pytest.mark.parametrize("case", [case for case in CASES if int(case[0]["number"]) in BY_COMMAND], ids=name_of)
def test_the_command_tells_it_too(case: list[Expected], project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(project, case, monkeypatch)
    names = all_names(project.root)
    done = subprocess.run(
        [sys.executable, "-m", "peru_asia_graph", "build", "--out", "exports"],
        cwd=project.root,
        env=os.environ | {HOME_VARIABLE: str(project.root), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == (1 if case[0]["outcome"] == "shape" else 2), done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    told = [line for line in done.stderr.splitlines() if line.startswith(("data/", "Error: data/"))]
    for row in case:
        assert row["phrase"] in done.stderr
    if case[0]["outcome"] == "error":
        assert len(told) == len(case), done.stderr
    assert read_folder(project.exports) == OLD_EXPORTS
    assert all_names(project.root) == names


# --- The manifest itself ----------------------------------------------------------------------------------


def test_every_case_of_the_catalogue_is_there() -> None:
    numbers = {int(case[0]["number"]) for case in CASES}
    assert numbers == set(range(1, max(numbers) + 1))
    assert max(numbers) >= 74 + len(
        ("class", "relation", "code", "language", "space", "javascript", "5-Mar", "NA", "TRUE")
    )
    assert {int(case[0]["number"]) for case in CASES if case[0]["outcome"] == "error"} >= BY_COMMAND - {76}


def test_every_case_has_its_files_or_makes_its_fault() -> None:
    folders = {path.name for path in BAD.iterdir() if path.is_dir()}
    assert folders == {name_of(case) for case in CASES if not case[0]["made"]}
    assert set(MAKE) == {case[0]["made"] for case in CASES} - {""}
    assert all(any((BAD / folder).rglob("*.*")) for folder in folders)


def test_a_hundred_messages_are_enough(project: Project) -> None:
    path = project.data / "tiny" / "stakes.csv"
    header = path.read_text("utf-8").splitlines()[0]
    path.write_text("\n".join([header, *["x,y"] * 150]) + "\n", "utf-8")
    with pytest.raises(BadInput) as caught:
        build(project)
    lines = str(caught.value).split("\n")
    assert len(caught.value.problems) > 150
    assert (len(lines), lines[-1]) == (101, f"… and {len(caught.value.problems) - 100} more")

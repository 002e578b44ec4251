"""Randomly changed tables are built, or refused with messages; a refused build writes nothing.

Each run tries eighty changes, the long form a thousand, always the same ones; ``--hypothesis-profile=deep`` tries five
thousand others. Shapes and exports take most of the time, so only a quarter of the changes go through them; in the deep
run all do.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from folders import read_folder
from peru_asia_graph.build import pipeline
from peru_asia_graph.build.reference import read_ontology
from peru_asia_graph.errors import BadInput, CheckFailed
from peru_asia_graph.files.output_folder import write_folder
from peru_asia_graph.paths import Project
from tiny import HERE, copy_tiny
from validators import LocalValidator, NoValidator

DEEP: Final = settings().max_examples > 1_000
OLD_EXPORTS: Final = {"README.md": b"old\n", "tables/stakes.csv": b"id\nold\n"}
TABLES: Final = {path.relative_to(HERE / "data").as_posix(): path.read_bytes() for path in HERE.glob("data/*/*.csv")}
CELLS: Final = sorted(
    {cell for data in TABLES.values() for row in csv.reader(data.decode().splitlines()) for cell in row}
)
NASTY: Final = [
    "", " ", ",", ";", ";;", '"', '""', "'", "\n", "\r\n", "\t", "\x00", "\x07", "\x85", "\u2028", "\ufeff",
    "\u200d", "\u202e", "\ufffd", "\ufffe", "\U000e0001", "\U0010ffff", "a\u0301", "é" * 50, "<b>", "<",
    "</script>", "=1+1", "-", "@a", "0", "-0", "-1", "1.5", "100", "100.5", "1e400", "NaN", "INF", "1_0",
    "\uff11\uff12", "9" * 5000, "0.0000001", "1.000", "500%", "1000", "2999", "0000", "2012-02-30", "2012-13",
    "31/02/2011", "2011/2010", "../..", "/", "2012/", "..", "196X", "XXXX", "2012~", "~", "1/1/1", "5-Mar", "2099",
    "2012~/..", "9999-12-31", "1\u066234", "true", "TRUE", "NA", "None", "nan", "[]", "peru;peru", "peru;", "a b",
    "a/b", "https://example.org/\xe9", "https://[", "http://", "javascript:x", "%zz", "{id}", "../x", "Table 1",
    "Table 8", "Stake", "Citation", "State", "http://www.w3.org/2002/07/owl#Class", "holdsStakeIn", "a" * 200_000,
]  # fmt: skip

Rows = list[list[str]]


# The ontology is the same in all builds.
ontology_once = lru_cache(read_ontology)


@dataclass(frozen=True)
class World:
    """The project to change and its exports folder."""

    project: Project
    exports: Path

    def reset(self) -> None:
        """Put the exports of an earlier build in place."""
        shutil.rmtree(self.exports, ignore_errors=True)
        write_folder(self.exports, OLD_EXPORTS)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """One project for all examples; each restores it."""
    folder = tmp_path_factory.mktemp("mutations")
    world = World(copy_tiny(folder), folder / "exports")
    world.reset()
    return world


texts = st.one_of(st.sampled_from(NASTY), st.sampled_from(CELLS), st.text(max_size=12))


@st.composite
def changed_rows(draw: st.DrawFn, data: bytes) -> bytes:
    """Change cells, rows or columns of a table that stays CSV."""
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    for _ in range(draw(st.integers(1, 3))):
        row = draw(st.integers(0, len(rows) - 1))
        column = draw(st.integers(0, len(rows[0]) - 1))
        change_rows(draw, rows, row, column)
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r"]))).writerows(rows)
    return out.getvalue().encode()


def change_rows(draw: st.DrawFn, rows: Rows, row: int, column: int) -> None:
    """Make one change at this position, if it exists."""
    kind = draw(st.sampled_from(["cell", "cell", "cell", "part", "copy", "drop", "double", "swap", "column", "shift"]))
    width = len(rows[row])
    if kind == "cell" and column < width:
        rows[row][column] = draw(texts)
    elif kind == "part" and column < width:
        at = draw(st.integers(0, len(rows[row][column])))
        rows[row][column] = rows[row][column][:at] + draw(texts) + rows[row][column][at:]
    elif kind == "copy":
        other = rows[draw(st.integers(0, len(rows) - 1))]
        rows[row][:] = [*rows[row][:column], *other[column:]]
    elif kind == "drop" and len(rows) > 1:
        del rows[row]
    elif kind == "double":
        rows.insert(row, list(rows[row]))
    elif kind == "swap":
        other_row = draw(st.integers(0, len(rows) - 1))
        rows[row], rows[other_row] = rows[other_row], rows[row]
    elif kind == "column":
        for cells in rows:
            del cells[column : column + 1]
        rows[:] = [cells or [""] for cells in rows]
    elif kind == "shift":
        rows[row].insert(column, draw(texts))


@st.composite
def changed_bytes(draw: st.DrawFn, data: bytes) -> bytes:
    """Change, insert or cut off bytes anywhere."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        stop = draw(st.one_of(st.just(start), st.integers(start, min(len(data), start + 40)), st.just(len(data))))
        new = draw(st.one_of(st.binary(max_size=8), texts.map(lambda text: text.encode()), st.just(b"")))
        data = data[:start] + new + data[stop:]
    return data


@st.composite
def mutants(draw: st.DrawFn) -> tuple[str, bytes, bool]:
    """Draw a table name, its changed bytes and whether the build goes through all its stages."""
    name = draw(st.sampled_from(sorted(TABLES)))
    changed = changed_rows(TABLES[name]) if draw(st.integers(0, 3)) else changed_bytes(TABLES[name])
    return name, draw(changed), DEEP or draw(st.sampled_from([False, False, False, True]))


@pytest.fixture
def _home(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(world.project.root)
    yield
    assert read_folder(world.exports) == OLD_EXPORTS


@pytest.mark.slow
@pytest.mark.usefixtures("_home")
@pytest.mark.parametrize("examples", [40, pytest.param(1_000, marks=pytest.mark.long)])
def test_changed_table_is_built_or_refused(world: World, examples: int) -> None:
    @settings(max_examples=max(examples, settings().max_examples if DEEP else 0))
    @given(mutants())
    def try_one(mutant: tuple[str, bytes, bool]) -> None:
        name, data, whole = mutant
        path = world.project.data / name
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pipeline, "Validator", LocalValidator if whole else NoValidator)
            patch.setattr(pipeline, "read_ontology", ontology_once)
            if not whole:
                patch.setattr(pipeline, "make_exports", lambda *_: {"graph": b"short"})
            path.write_bytes(data)
            try:
                build_or_refuse(world)
            finally:
                path.write_bytes(TABLES[name])

    try_one()


def build_or_refuse(world: World) -> None:
    """Build: either there are new exports, or printable messages and the old exports."""
    try:
        report = pipeline.build(world.project, world.exports)
    except (BadInput, CheckFailed) as error:
        event(type(error).__name__)
        assert all(line.isprintable() for line in str(error).split("\n"))
        if isinstance(error, BadInput):
            assert all(problem.file and problem.message and problem.remedy for problem in error.problems), error
            assert not any(problem.warning for problem in error.problems)
        assert read_folder(world.exports) == OLD_EXPORTS
        return
    event("built")
    assert read_folder(world.exports) == report.files
    world.reset()

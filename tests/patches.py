"""Patches of a project's tables (which file, which cell, which new value) for tests of broken and changed inputs."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peru_asia_graph.paths import Project

Rows = list[list[str]]


def file_of(project: Project, name: str) -> Path:
    """Return the path of a file, ``stakes.csv`` of the tiny source or ``folder/file`` of the data folder.

    A folder that is a link (the shared schemas) is first replaced by a copy.
    """
    path = project.data / (name if "/" in name else f"tiny/{name}")
    if path.parent.is_symlink():
        shared = path.parent.resolve()
        path.parent.unlink()
        shutil.copytree(shared, path.parent)
    return path


def read_rows(path: Path) -> Rows:
    """Return the records of a table, header first."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write_rows(path: Path, rows: Rows) -> None:
    """Write the records of a table."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    path.write_bytes(out.getvalue().encode())


def set_cell(path: Path, row: str, column: str, text: str, original: Rows) -> None:
    """Change one cell; the row is identified by its id in ``original``, the table before any change."""
    rows = read_rows(path)
    [line] = [number for number, cells in enumerate(original) if cells[0] == row]
    rows[line][rows[0].index(column)] = text
    write_rows(path, rows)


def replace_text(path: Path, old: str, new: bytes) -> None:
    """Replace every occurrence of a text, which must be present; an empty text stands for the whole file."""
    data = path.read_bytes()
    assert old.encode() in data, f"{old!r} is not in {path.name}"
    path.write_bytes(data.replace(old.encode(), new) if old else new)


def apply(project: Project, patch: dict[str, Any], makers: dict[str, Callable[[Path], None]]) -> None:
    """Apply a case of ``tests/bad/cases.toml`` to a project."""
    original: dict[Path, Rows] = {}
    for name, row, column, text in patch.get("set", ()):
        path = file_of(project, name)
        set_cell(path, row, column, text, original.setdefault(path, read_rows(path)))
    for name, row in patch.get("drop", ()):
        path = file_of(project, name)
        rows = read_rows(path)
        assert any(cells[0] == row for cells in rows)
        write_rows(path, [cells for cells in rows if cells[0] != row])
    for name, line in patch.get("add", ()):
        path = file_of(project, name)
        path.write_bytes(path.read_bytes() + f"{line}\n".encode())
    for name, old, new in patch.get("text", ()):
        replace_text(file_of(project, name), old, new.encode())
    for name, old, new in patch.get("bytes", ()):
        replace_text(file_of(project, name), old, bytes.fromhex(new))
    for name, encoding in patch.get("encode", ()):
        path = file_of(project, name)
        path.write_bytes(path.read_text("utf-8").encode(encoding))
    for maker, name in patch.get("make", ()):
        makers[maker](file_of(project, name))

"""Helpers that import files into a test project, then read or build it."""

from __future__ import annotations

from pathlib import Path

import peru_asia_graph
from csv_rows import read_csv
from peru_asia_graph.build.pipeline import build
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.importers.run import ImportReport, import_source
from peru_asia_graph.paths import Project, use_project


def make_project(folder: Path) -> Project:
    """Return an empty project in a folder."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    return Project(folder)


def import_bytes(
    folder: Path,
    form: str,
    data: bytes,
    file: str = "input",
    name: str = "alpha",
    *,
    dry_run: bool = False,
    **options: str,
) -> ImportReport:
    """Write the data to a file in the folder and import it into the project there."""
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return import_source(make_project(folder / "project"), form, [path], name, options=options, dry_run=dry_run)


def rows(folder: Path, table: str, name: str = "alpha") -> list[dict[str, str]]:
    """Return the rows of an imported table, or none if the table does not exist."""
    path = folder / "project" / "data" / name / f"{table}.csv"
    return read_csv(path) if path.is_file() else []


def build_imported(folder: Path) -> KnowledgeGraph:
    project = Project(folder / "project")
    with use_project(project.root):
        build(project)
        return peru_asia_graph.load(str(project.graph))

"""The sources a build reads: the project's own, and what the package lends it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from peru_asia_graph.errors import BadInput, Problem
from peru_asia_graph.paths import REFERENCE, Project, shipped_project
from peru_asia_graph.sources.metadata import METADATA
from peru_asia_graph.sources.tables import CsvRow, Source, read_source

_IDENTIFIERS = "identifiers"


def read_inputs(project: Project, with_shipped: bool = False) -> list[Source]:
    """Return the sources of a project, with ``with_shipped`` also the shipped ones; raise BadInput when it has none.

    Of the package's reference lists only the identifiers of things the sources name are kept.
    """
    folders = project.sources(with_shipped)
    if not any(folder.is_relative_to(project.data) for folder in folders):
        message = f"no folder with a {METADATA} in it"
        raise BadInput([Problem(project.shown(project.data), 0, "", message, "see data/README.md of the package")])
    sources = [read_source(folder, [project.schemas]) for folder in folders]
    known = {row.text("id") for source in sources for row in _rows(source, "entities")}
    for number, folder in enumerate(folders):
        if folder.name == REFERENCE and not folder.is_relative_to(project.data):
            sources[number] = _known_identifiers(sources[number], known)
    for source in sources:
        source.problems.extend(_check_graph(source, sources, project))
    return sources


def shipped_ids(project: Project) -> set[str]:
    """Return the ids of the shipped sources that a project does not read."""
    own = {folder.name for folder in project.sources()}
    folders = [folder for folder in shipped_project().sources() if folder.name not in own]
    return {row["id"] for folder in folders for path in folder.glob("*.csv") for row in _read_ids(path)}


def _read_ids(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from (row for row in csv.DictReader(file) if "id" in row)


def _rows(source: Source, table: str) -> list[CsvRow]:
    return source.tables[table].rows if table in source.tables else []


def _known_identifiers(source: Source, known: set[str]) -> Source:
    """Return the reference lists with the identifiers of known things only."""
    if _IDENTIFIERS not in source.tables:
        return source
    table = source.tables[_IDENTIFIERS]
    rows = [row for row in table.rows if row.text("entity") in known]
    return replace(source, tables={**source.tables, _IDENTIFIERS: replace(table, rows=rows, expected_rows=None)})


def _check_graph(source: Source, sources: Sequence[Source], project: Project) -> Iterator[Problem]:
    """Yield a problem when an earlier source has the same graph, since its facts could not be told apart."""
    for other in sources:
        if other is source:
            return
        if other.graph and other.graph == source.graph:
            file = project.shown(project.data / source.slug / METADATA)
            message = f"'@id' is already the graph of '{other.slug}'"
            yield Problem(file, 0, "", message, "give each source a graph of its own")

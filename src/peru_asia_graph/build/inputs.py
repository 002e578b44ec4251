"""The sources a build reads: the project's own, and those of the package."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import BadInput, Problem
from peru_asia_graph.paths import REFERENCE, Project, shipped_project
from peru_asia_graph.sources.metadata import METADATA
from peru_asia_graph.sources.tables import Source, read_source

# The reference tables about things in sources, and the columns with their ids.
_ABOUT_THINGS: Final = {
    "identifiers": ("entity",),
    "matches": ("subject_id", "object_id"),
    "translations": ("thing",),
}


def read_inputs(
    project: Project, with_shipped: bool = False, instead: Mapping[str, Path] | None = None
) -> list[Source]:
    """Return the sources of a project and, with ``with_shipped``, the shipped ones; raise BadInput if it has none.

    ``instead`` maps source names to folders to read instead, including sources that the project does not have. Of the
    package's reference lists, only identifiers, matches and translations of things in the sources are kept.
    """
    instead = instead or {}
    folders = [*(one for one in project.sources(with_shipped) if one.name not in instead), *instead.values()]
    if not any(folder.is_relative_to(project.data) or folder in instead.values() for folder in folders):
        message = f"no folder contains a {METADATA}"
        raise BadInput([Problem(project.shown(project.data), 0, "", message, "see data/README.md of the package")])
    sources = [read_source(folder, project.schema_folders) for folder in folders]
    known = {row.text("id") for source in sources for row in source.rows("entities")}
    for number, folder in enumerate(folders):
        if folder.name == REFERENCE and not folder.is_relative_to(project.data):
            sources[number] = _about_known(sources[number], known)
    sources.sort(key=lambda source: (source.about.position, source.slug))
    for source in sources:
        source.problems.extend(_check_graph(source, sources, project))
    sources[0].problems.extend(_unread_folders(project))
    if with_shipped and project.root != shipped_project().root:
        hidden = {folder.name for folder in shipped_project().sources()} - {REFERENCE}
        for source in (one for one in sources if one.slug in hidden and (project.data / one.slug).is_dir()):
            file = project.shown(project.data / source.slug / METADATA)
            message = "replaces the shipped source of the same name"
            remedy = "fine if it is a newer version; otherwise give the folder and graph another name"
            source.problems.append(Problem(file, 0, "", message, remedy, warning=True))
    return sources


def _unread_folders(project: Project) -> Iterator[Problem]:
    """Yield an error for each folder that cannot be opened, a warning for each that has tables but no metadata."""
    for folder in sorted(project.data.glob("[!.]*")):
        if not folder.exists():
            yield Problem(project.shown(folder), 0, "", "is a link to nothing", "restore what it links to or remove it")
        elif folder.is_dir() and not os.access(folder, os.X_OK):
            yield Problem(project.shown(folder), 0, "", "the folder cannot be opened", "check its permissions")
    for folder in sorted({path.parent for path in project.data.glob("*/*.csv")}):
        if not (folder / METADATA).exists():
            message = f"the folder has tables but no {METADATA}, so they were not read"
            remedy = "describe them there (pag new-source creates one), or move them to another source"
            yield Problem(project.shown(folder), 0, "", message, remedy, warning=True)


def shipped_ids(project: Project) -> set[str]:
    """Return the ids in the shipped sources that a project does not read."""
    own = {folder.name for folder in project.sources()}
    folders = [folder for folder in shipped_project().sources() if folder.name not in own]
    return {row["id"] for folder in folders for path in folder.glob("*.csv") for row in _read_ids(path)}


def _read_ids(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from (row for row in csv.DictReader(file) if "id" in row)


def _about_known(source: Source, known: set[str]) -> Source:
    """Return the reference lists with only the identifiers, matches and translations of known things."""
    tables = dict(source.tables)
    for name, columns in _ABOUT_THINGS.items():
        if name in tables:
            rows = [row for row in tables[name].rows if {row.text(one).removeprefix("id:") for one in columns} <= known]
            tables[name] = replace(tables[name], rows=rows, expected_rows=None)
    return replace(source, tables=tables)


def _check_graph(source: Source, sources: Sequence[Source], project: Project) -> Iterator[Problem]:
    """Yield a problem if an earlier source has the same graph or name."""
    file, short = project.shown(project.data / source.slug / METADATA), source.about.short.casefold()
    for other in sources:
        if other is source:
            return
        if other.graph and other.graph == source.graph:
            message = f"'@id' is already the graph of '{other.slug}'"
            yield Problem(file, 0, "", message, "give each source its own graph")
        names = {other.slug.casefold(), other.about.short.casefold()}
        if (short and short in names) or source.slug.casefold() in names:
            message = f"'dc:alternative' gives '{source.slug}' and '{other.slug}' the same name"
            yield Problem(file, 0, "", message, "give each source its own short name")

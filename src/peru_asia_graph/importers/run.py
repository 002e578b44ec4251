"""Runs an import: read, check, compare with the previous import, write all or nothing."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from peru_asia_graph.build.inputs import read_inputs, shipped_ids
from peru_asia_graph.build.reference import ontology_terms, read_ontology
from peru_asia_graph.errors import BadInput, Problem, WrongUse
from peru_asia_graph.files.entries import cannot_write
from peru_asia_graph.files.folder_plan import find_writer, is_empty
from peru_asia_graph.files.loss_report import LossReport
from peru_asia_graph.files.output_folder import FolderReport, check_folder, write_folder
from peru_asia_graph.importers.draft import Draft
from peru_asia_graph.importers.identity import by_people, match_by_identifiers
from peru_asia_graph.importers.importer_registry import ImportFormat, ImportRequest, find_importer
from peru_asia_graph.importers.reading import ReadProgress
from peru_asia_graph.importers.source_folder import (
    MATCHES,
    SourceTerms,
    TableChange,
    compare_tables,
    make_files,
    read_judged,
)
from peru_asia_graph.paths import Project
from peru_asia_graph.sources.checks import check_sources
from peru_asia_graph.sources.checks.ontology_terms import OntologyTerms
from peru_asia_graph.sources.dates import parse_moment
from peru_asia_graph.sources.new_source import check_licence, check_name, check_not_shipped
from peru_asia_graph.sources.tables import read_source

_COMMAND: Final = "pag import"
# Maximum number of kinds of loss listed if nothing could be imported.
_SHOWN: Final = 3
_LINE: Final = re.compile(r"\(line ([0-9]+)\)")


@dataclass(frozen=True)
class ImportReport:
    """The result of an import: rows by table, losses, changes since the previous import, warnings, the folder written.

    ``folder`` is None in a dry run.
    """

    rows: Mapping[str, int]
    losses: LossReport
    changes: list[TableChange] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    folder: FolderReport | None = None


def import_source(
    project: Project,
    form: str,
    files: Sequence[Path],
    name: str,
    terms: SourceTerms | None = None,
    options: Mapping[str, str] | None = None,
    dry_run: bool = False,
    progress: ReadProgress | None = None,
) -> ImportReport:
    """Read foreign files into ``data/NAME`` of a project; with ``dry_run`` write nothing.

    ``options`` are those of the format. Raises BadInput with the problems of the files, WrongUse for a name, an option
    or a folder that cannot be used; in both cases nothing is written.
    """
    row, terms, options = find_importer(form), terms or SourceTerms(), options or {}
    _check_options(row, options)
    check_name(name)
    check_not_shipped(project, name)
    check_licence(terms.licence)
    if terms.date:
        parse_moment(terms.date)
    folder = project.data / name
    if folder.is_dir() and not is_empty(folder) and find_writer(folder) != _COMMAND:
        raise WrongUse(
            f"{project.shown(folder)} has files that pag import did not write; choose another name: --as NAME"
        )
    check_folder(folder, command=_COMMAND)
    draft = Draft(name)
    known = ontology_terms(project.ontology, read_ontology(project.ontology))
    row.reader()(ImportRequest(files, options, progress, known), draft)
    draft.problems.raise_any()
    if not draft.tables.get("entities"):
        raise WrongUse(f"nothing could be imported: {_why_nothing(draft, options)}")
    if not (terms.date or draft.date):
        raise WrongUse(
            "the files do not say the last day that they cover; give it with --date, such as --date 2025-02-26"
        )
    others = [read_source(one, project.schema_folders) for one in _other_folders(project, name)]
    rows_elsewhere = ({name: row.text(name) for name in row.cells} for one in others for row in one.rows(MATCHES))
    judged = [*read_judged(folder).values(), *filter(by_people, rows_elsewhere)]
    if found := match_by_identifiers(draft, others, known, judged, terms.date or draft.date):
        draft.tables[MATCHES] = found
    made = make_files(project, draft, form, files, options, terms)
    warnings = _check(project, draft, files, made, known, dry_run)
    changes = compare_tables(folder, made) if folder.is_dir() else []
    rows = {table: len(found) for table, found in sorted(draft.tables.items())}
    # Tables that people have edited must not be overwritten; in matches, their rows are kept.
    theirs = made.keys() - {f"{MATCHES}.csv"}
    written = write_folder(folder, made, command=_COMMAND, by_people=theirs, dry_run=dry_run)
    return ImportReport(rows, draft.losses, changes, warnings, None if dry_run else written)


def _other_folders(project: Project, name: str) -> list[Path]:
    """Return the folders of all sources but this one; those of the package first, so that all imports match them."""
    folders = [one for one in project.sources(with_shipped=True) if one.name != name]
    return sorted(folders, key=lambda folder: folder.is_relative_to(project.data))


def _why_nothing(draft: Draft, options: Mapping[str, str]) -> str:
    """Return the most frequent losses and the options that select records."""
    lost = sorted(draft.losses.lines(), key=lambda one: -one.times)[:_SHOWN]
    told = [f"{one.kind}{'.' if one.field else ''}{one.field}: {one.reason} ({one.times:,})" for one in lost]
    wanted = " and ".join(f"--{name} {value}" for name, value in options.items())
    return "; ".join([*told, f"check {wanted}"] if wanted else told or ["the files have no records"])


def _check_options(row: ImportFormat, options: Mapping[str, str]) -> None:
    for name in options:
        if name not in row.options:
            known = ", ".join(f"--{one}" for one in row.options) or "none"
            raise WrongUse(f"--{name} is not an option of {row.name}; its options: {known}")


def _check(
    project: Project,
    draft: Draft,
    inputs: Sequence[Path],
    files: Mapping[str, bytes],
    terms: OntologyTerms,
    dry_run: bool,
) -> list[Problem]:
    """Check the tables with the project's other sources, like ``pag check``; return warnings, raise BadInput on errors.

    Errors, and warnings in a dry run, refer to the foreign file, since the tables are then not written.
    """
    name = draft.name
    with tempfile.TemporaryDirectory() as staging:
        folder = Path(staging) / "data" / name
        try:
            for file, data in files.items():
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                (folder / file).write_bytes(data)
        except OSError as error:
            raise cannot_write(Path(tempfile.gettempdir()), error, "nothing was changed") from error
        own = project.data / name / f"{MATCHES}.csv"
        if own.is_file() and own.name not in files:
            (folder / own.name).write_bytes(own.read_bytes())
        sources = read_inputs(project, instead={name: folder})
        problems = check_sources(sources, terms, shipped_ids(project))
    there = project.shown(project.data / name)
    found = [one._replace(file=one.file.replace(str(folder), there)) for one in problems if str(folder) in one.file]
    if errors := [one for one in found if not one.warning]:
        raise BadInput(list(dict.fromkeys(_in_foreign(one, draft, inputs) for one in errors)))
    return [_in_foreign(one, draft, inputs) for one in found] if dry_run else found


def _in_foreign(problem: Problem, draft: Draft, inputs: Sequence[Path]) -> Problem:
    """Convert a problem in a table to one in the foreign file, at the line that the row is from, if known."""
    table = Path(problem.file).stem
    record, line, field = draft.place_of(table, problem.line)
    if not record:
        return problem
    message = _LINE.sub(lambda found: f"(line {draft.place_of(table, int(found[1]))[1]})", problem.message)
    files = str(inputs[0]) if len(inputs) == 1 else ", ".join(map(str, inputs))
    column = draft.columns.get(problem.column, problem.column) or field
    return problem._replace(file=files, line=line, column=column, message=f"{message} (record '{record[:60]}')")

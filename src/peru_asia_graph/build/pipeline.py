"""The stages of a build, from tables to graph to exports; nothing is written unless all stages succeed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Final

from pyoxigraph import Quad
from pyoxigraph import Store as OxStore

from peru_asia_graph.build.computed import compute
from peru_asia_graph.build.describe import describe_dataset, describe_sources
from peru_asia_graph.build.differences import differences
from peru_asia_graph.build.inputs import read_inputs, shipped_ids
from peru_asia_graph.build.matches import (
    give_names,
    mark_differing,
    match_links,
    matched_ids,
    rewrite,
    share_descriptions,
    things_of,
)
from peru_asia_graph.build.reference import country_names, ontology_terms, read_ontology
from peru_asia_graph.build.rules import derive
from peru_asia_graph.build.triples import make_quads
from peru_asia_graph.build.validate import Validator
from peru_asia_graph.errors import BadClaims, BadInput, BadQuery, CheckFailed, Problem, raise_errors
from peru_asia_graph.exporters.exports_folder import make_exports
from peru_asia_graph.files.output_folder import FolderReport, check_folder, write_folder
from peru_asia_graph.ownership.share_rows import ShareRow
from peru_asia_graph.paths import Project, document
from peru_asia_graph.query.sources import copy_parts
from peru_asia_graph.rdf.formats import sort_statements
from peru_asia_graph.rdf.quads import SortedRow
from peru_asia_graph.sources.checks import check_sources
from peru_asia_graph.sources.metadata import show
from peru_asia_graph.sources.tables import Source
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.vocabulary import REFERENCE_GRAPH, shared_graphs

# Called with the name of a stage, its counts and its time in seconds.
Progress = Callable[[str, str, float], None]
_COMMAND: Final = "pag build"

# Folders whose queries are not run here: errors in rules already name their file, and questions have parameters.
_NOT_RUN: Final = ("rules", "questions")


@dataclass
class Report:
    """The result of a build.

    The graph as a store and as sorted quads, the effective shares of each source's last year, warnings about the
    tables, the exports by file name, and the result of writing their folder.
    """

    store: OxStore = field(default_factory=OxStore)
    rows: Sequence[SortedRow] = ()
    shares: Mapping[str, Sequence[ShareRow]] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    folder: FolderReport = field(default_factory=lambda: FolderReport(changed=False))

    @property
    def quads(self) -> list[Quad]:
        return [quad for _, quad in self.rows]


class Stages:
    """Reports each finished stage: its name, its counts and its time in seconds."""

    def __init__(self, report: Progress) -> None:
        self._report = report
        self._start = time.perf_counter()

    def done(self, name: str, counted: str) -> None:
        now = time.perf_counter()
        self._report(name, counted, now - self._start)
        self._start = now


def quiet(name: str, counted: str, seconds: float) -> None:
    """Report nothing."""


def build_graph(project: Project, progress: Progress = quiet, with_shipped: bool = False) -> Report:
    """Return the validated graph of a project; raise BadInput or CheckFailed with all problems.

    Queries that only exports need are checked, too.
    """
    with named_queries(project.ontology), Validator(project.ontology / "shapes.ttl") as validator:
        report = _make_graph(project, validator, progress, with_shipped)
        check_queries(project.ontology)
        _finish_validation(validator, Stages(progress))
    return report


def build(
    project: Project,
    out: Path | None = None,
    progress: Progress = quiet,
    check_only: bool = False,
    with_shipped: bool = False,
) -> Report:
    """Build the graph and write the exports or, with ``check_only``, check whether they are up to date.

    ``out`` is the folder to write (default: the project's exports); ``with_shipped`` adds the sources of the package.
    Raises BadInput or CheckFailed with all problems, WrongUse if the folder was not written by a build.
    """
    folder = project.exports if out is None else out
    check_folder(folder, _COMMAND)
    with named_queries(project.ontology), Validator(project.ontology / "shapes.ttl") as validator:
        report = _make_graph(project, validator, progress, with_shipped)
        stages = Stages(progress)
        store = EmbeddedStore(report.store)
        copy_parts(store)
        shares = [row for rows in report.shares.values() for row in rows]
        report.files = make_exports(report.rows, store, project, shares)
        size = sum(len(data) for data in report.files.values())
        stages.done("exports", f"{len(report.files)} files, {size / 1e6:.1f} MB")
        _finish_validation(validator, stages)
    written = write_folder(folder, report.files, _COMMAND, dry_run=check_only)
    if check_only:
        report.folder = FolderReport(written.changed)
        return report
    report.folder = written
    stages.done("written", f"{project.shown(folder)}{'' if report.folder.changed else ' (nothing changed)'}")
    return report


def _make_graph(project: Project, validator: Validator, progress: Progress, with_shipped: bool) -> Report:
    stages, report = Stages(progress), Report()
    sources = read_inputs(project, with_shipped)
    tables = [table for source in sources for table in source.tables.values()]
    counted = f"{sum(len(table.rows) for table in tables):,} rows in {len(tables)} tables"
    stages.done("tables", f"{counted}, including code lists")
    ontology = read_ontology(project.ontology)
    absent = set() if with_shipped else shipped_ids(project)
    problems = check_sources(sources, ontology_terms(project.ontology, ontology), absent)
    report.warnings = sorted(problem for problem in problems if problem.warning)
    raise_errors(problems)
    stages.done("checks", f"0 problems, {len(report.warnings)} warning{'' if len(report.warnings) == 1 else 's'}")
    kept, named = matched_ids(sources), [source for source in sources if source.graph != REFERENCE_GRAPH]
    facts = share_descriptions({source.name: rewrite(make_quads(source), kept) for source in named}, kept)
    listed = [quad for source in sources if source not in named for quad in make_quads(source)]
    facts += give_names(listed, kept, facts)
    facts = [*mark_differing(facts, sources), *country_names(sources)]
    stages.done("quads", f"{len(facts):,} quads")
    validator.send([*facts, *ontology])
    shared = shared_graphs({getattr(one.graph_name, "value", "") for one in facts}, [source.name for source in named])
    about_sources = describe_sources(named, shared)
    report.store.bulk_extend([*facts, *ontology, *about_sources])
    derived, counts = derive(report.store, project.ontology / "rules", shared)
    stages.done("rules", f"{len(derived):,} quads by {len(counts)} rules")
    try:
        computed, report.shares = compute(report.store, project.ontology)
    except BadClaims as error:
        raise BadInput(_place_claims(error, sources)) from error
    decisions = [source.tables["decisions"] for source in sources if "decisions" in source.tables]
    own_ids = {(source.name, kept.get(slug, slug)): slug for source in named for slug in things_of(source)}
    between, warned = differences(EmbeddedStore(report.store), decisions, absent, own_ids)
    report.warnings = sorted([*report.warnings, *warned])
    compared = [*match_links(sources, kept), *between]
    report.store.extend(compared)
    graph = [*facts, *ontology, *derived, *computed, *compared, *about_sources]
    validator.send([*derived, *computed])
    validator.finish()
    stages.done("computed", f"{len(computed):,} quads of shares and verdicts, {len(compared):,} of differences")
    rows = sort_statements(graph)
    described = describe_dataset(rows, project.data / "catalogue.ttl")
    report.store.extend(described)
    report.rows = sorted([*rows, *sort_statements(described)], key=itemgetter(0))
    return report


def _place_claims(error: BadClaims, sources: Sequence[Source]) -> list[Problem]:
    """Return the claims that cannot be computed as problems with their file and line."""
    tables = [source.tables["claims"] for source in sources if "claims" in source.tables]
    rows = {row.text("id"): (table.file, row.line) for table in tables for row in table.rows}
    remedy = f"see 'Add a claim' in {document('explanation/audit.md')}"
    return [Problem(*rows[slug], column, message, remedy) for slug, column, message in error.found]


def _finish_validation(validator: Validator, stages: Stages) -> None:
    findings = validator.findings()
    if any(finding.severity == "Violation" for finding in findings):
        raise CheckFailed("\n".join(str(finding) for finding in findings))
    stages.done("validation", "the graph conforms to its shapes")
    for finding in findings:
        stages.done("", str(finding))


@contextmanager
def named_queries(ontology: Path) -> Iterator[None]:
    """If a query fails or a file is not UTF-8 in the ``with`` block, raise BadInput that names all such query files."""
    try:
        yield
    except (BadQuery, UnicodeDecodeError) as error:
        if problems := list(_find_problems(ontology)):
            raise BadInput(problems) from error
        raise


def check_queries(ontology: Path) -> None:
    """Raise BadInput that names all query files that cannot be read or run."""
    raise_errors(_find_problems(ontology))


def _find_problems(ontology: Path) -> Iterator[Problem]:
    store = EmbeddedStore(OxStore())
    for path in sorted(ontology.rglob("*.rq")):
        try:
            text = path.read_text("utf-8")
            if path.parent.name not in _NOT_RUN:
                store.query(text)
        except UnicodeDecodeError:
            yield Problem(show(path), 0, "", "is not UTF-8", "save the file as UTF-8")
        except BadQuery as error:
            yield Problem(
                show(path), error.line, "", f"is not valid SPARQL ({str(error).splitlines()[0]})", "correct the query"
            )

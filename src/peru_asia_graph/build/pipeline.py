"""Tables to graph to exports, stage by stage; nothing is written unless every stage before went well.

A project's folders in, a report out. Limit: the whole graph is held in memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import Quad
from pyoxigraph import Store as OxStore

from peru_asia_graph.files.atomic import only_one, read_folder, replace_folder
from peru_asia_graph.sources.checks import check_sources
from peru_asia_graph.build.computed import compute
from peru_asia_graph.build.describe import describe_dataset
from peru_asia_graph.errors import BadClaims, BadInput, CheckFailed, Problem
from peru_asia_graph.exporters.exports_folder import make_exports
from peru_asia_graph.paths import Project
from peru_asia_graph.build.reference import country_names, read_ontology, relation_names, superclasses
from peru_asia_graph.build.rules import derive
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.sources.tables import Source, read_sources
from peru_asia_graph.build.triples import make_quads
from peru_asia_graph.build.validate import Validator

Say = Callable[[str, str, float], None]
_CLAIM_HELP: Final = "see 'Add a claim' in CONTRIBUTING.md"


@dataclass
class Report:
    """What a build did: the graph, as quads and as a store, what to look at, and the files that changed."""

    store: OxStore = field(default_factory=OxStore)
    quads: Sequence[Quad] = ()
    warnings: list[Problem] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    changed: bool = False


class Stages:
    """Tells of each finished stage: its name, what it counted and the seconds it took."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._start = time.perf_counter()

    def done(self, name: str, counted: str) -> None:
        """Tell that a stage is over."""
        now = time.perf_counter()
        self._say(name, counted, now - self._start)
        self._start = now


def quiet(name: str, counted: str, seconds: float) -> None:
    """Say nothing."""


def build_graph(project: Project, say: Say = quiet) -> Report:
    """Return the graph with its checks done; raise BadInput or CheckFailed with every problem found."""
    with Validator(project.ontology / "shapes.ttl") as validator:
        report = _make_graph(project, validator, say)
        _finish_validation(validator, Stages(say))
    return report


def build(project: Project, out: Path | None = None, say: Say = quiet, check_only: bool = False) -> Report:
    """Build the graph and write the exports, or with ``check_only`` say whether they are up to date."""
    folder = project.exports if out is None else out
    with Validator(project.ontology / "shapes.ttl") as validator:
        report = _make_graph(project, validator, say)
        stages = Stages(say)
        report.files = make_exports(report.quads, EmbeddedStore(report.store), project)
        size = sum(len(data) for data in report.files.values())
        stages.done("exports", f"{len(report.files)} files, {size / 1e6:.1f} MB made")
        _finish_validation(validator, stages)
    if check_only:
        report.changed = not folder.is_dir() or read_folder(folder) != report.files
        return report
    with only_one(folder):
        report.changed = replace_folder(folder, report.files)
    stages.done("written", f"{folder}{'' if report.changed else ' (nothing changed)'}")
    return report


def _make_graph(project: Project, validator: Validator, say: Say) -> Report:
    stages, report = Stages(say), Report()
    sources = read_sources(project.data)
    stages.done("tables", f"{_count_rows(sources):,} rows in {sum(len(source.tables) for source in sources)} tables")
    ontology = read_ontology(project.ontology)
    problems = check_sources(sources, superclasses(ontology), relation_names(ontology))
    report.warnings = sorted(problem for problem in problems if problem.warning)
    if errors := [problem for problem in problems if not problem.warning]:
        raise BadInput(errors)
    stages.done("checks", f"0 problems, {len(report.warnings)} warnings")
    facts = [quad for source in sources for quad in make_quads(source)] + country_names(sources)
    stages.done("quads", f"{len(facts):,} quads")
    report.store.bulk_extend([*facts, *ontology])
    derived, counts = derive(report.store, project.ontology / "rules")
    stages.done("rules", f"{len(derived):,} quads by {len(counts)} rules")
    try:
        computed = compute(report.store, project.ontology)
    except BadClaims as error:
        raise BadInput(_place_claims(error, sources)) from error
    graph = [*facts, *ontology, *derived, *computed]
    validator.give(graph)
    stages.done("computed", f"{len(computed):,} quads of effective shares and verdicts")
    described = describe_dataset(graph)
    report.store.extend(described)
    report.quads = [*graph, *described]
    return report


def _place_claims(error: BadClaims, sources: Sequence[Source]) -> list[Problem]:
    """Return the claims that cannot be computed as problems of the rows they stand in."""
    tables = [source.tables["claims"] for source in sources if "claims" in source.tables]
    rows = {row.text("id"): (table.file, row.line) for table in tables for row in table.rows}
    return [Problem(*rows[slug], column, message, _CLAIM_HELP) for slug, column, message in error.found]


def _finish_validation(validator: Validator, stages: Stages) -> None:
    if findings := validator.findings():
        raise CheckFailed("\n".join(str(finding) for finding in findings))
    stages.done("validation", "the graph conforms to its shapes")


def _count_rows(sources: Sequence[Source]) -> int:
    return sum(len(table.rows) for source in sources for table in source.tables.values())

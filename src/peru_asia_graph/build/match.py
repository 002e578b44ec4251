"""Suggestions of matches from the tables of a project."""

from __future__ import annotations

from peru_asia_graph.build.inputs import read_inputs
from peru_asia_graph.build.matches import match_rows
from peru_asia_graph.build.reference import read_ontology, superclasses
from peru_asia_graph.paths import REFERENCE, Project
from peru_asia_graph.query.sources import SourceInfo, choose_sources
from peru_asia_graph.sources.judgements import Judgements, is_same, pair_of
from peru_asia_graph.sources.suggestions import Suggestion, candidates, suggest_matches


def read_suggestions(
    project: Project,
    source: str | None = None,
    cutoff: float = 80.0,
    with_shipped: bool = False,
    judged: Judgements | None = None,
) -> list[Suggestion]:
    """Return pairs of things of a project's sources that may be the same and that nobody has judged yet.

    With ``with_shipped`` one of the two may be of a source that came with the package; pairs of these are not the
    project's to judge. ``judged`` is told what people have judged. Raises UnknownName for a source that is not there,
    BadInput where the project has none.
    """
    sources = read_inputs(project, with_shipped)
    named = [one for one in sources if one.name != REFERENCE]
    if source is not None:
        source = choose_sources([SourceInfo(one.name, one.about.short) for one in named], [source])[0].name
    classes = superclasses(read_ontology(project.ontology))
    judged = Judgements() if judged is None else judged
    for row in match_rows(sources):
        judged.add(*pair_of(row), is_same(row))
    own = {folder.name for folder in project.sources() if folder.is_relative_to(project.data)}
    found = suggest_matches(candidates(sources), judged, classes, source, cutoff)
    return [each for each in found if not own.isdisjoint((each.one.source, each.other.source))]

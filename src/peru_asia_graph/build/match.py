"""Suggestions of matches from the tables of a project."""

from __future__ import annotations

from peru_asia_graph.build.inputs import read_inputs
from peru_asia_graph.build.matches import match_rows
from peru_asia_graph.build.reference import read_ontology, superclasses
from peru_asia_graph.errors import UnknownName
from peru_asia_graph.paths import REFERENCE, Project
from peru_asia_graph.sources.suggestions import Judgements, Suggestion, candidates, suggest_matches


def read_suggestions(
    project: Project, source: str = "", cutoff: float = 80.0, with_shipped: bool = False
) -> list[Suggestion]:
    """Return pairs of things of a project's sources that may be the same and that nobody has judged yet.

    Raises UnknownName for a source that is not there, BadInput where the project has none.
    """
    sources = read_inputs(project, with_shipped)
    named = [one for one in sources if one.name != REFERENCE]
    if source and source not in [one.name for one in named]:
        raise UnknownName("source", source, [one.name for one in named])
    classes = superclasses(read_ontology(project.ontology))
    return suggest_matches(candidates(named), Judgements(match_rows(sources)), classes, source, cutoff)

"""Checks of matches between sources: both things are there, of fitting classes, and no thing is given two addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from peru_asia_graph.errors import Problem, join_or, suggest
from peru_asia_graph.sources.checks.ontology_terms import OntologyTerms
from peru_asia_graph.sources.tables import Table

EXACT: Final = "skos:exactMatch"
NOT: Final = "Not"
ACTOR: Final = "Actor"
SIDES: Final = ("subject_id", "object_id")


def check_matches(tables: Sequence[Table], terms: OntologyTerms) -> Iterator[Problem]:
    """Yield the problems of all tables of matches; a thing that is not there is of a source that was left out."""
    entities = [table for table in tables if table.name == "entities"]
    if not all(table.complete for table in entities):
        return
    kinds = {row.text("id"): row.text("type") for table in entities for row in table.rows}
    kept: dict[str, str] = {}
    for table in tables:
        for row in table.rows if table.name == "matches" else ():
            one, other = (row.text(side).removeprefix("id:") for side in SIDES)
            for side, slug in zip(SIDES, (one, other), strict=True):
                if slug and slug not in kinds:
                    meant = suggest(slug, list(kinds))
                    remedy = f"did you mean {join_or(meant)}?" if meant else "the row says nothing until that is there"
                    yield Problem(table.file, row.line, side, f"no '{slug}' in any entities.csv", remedy, warning=True)
            if one == other:
                yield Problem(table.file, row.line, "object_id", f"'{one}' is matched with itself", "name the other")
            elif row.text("predicate_id") == EXACT and row.text("predicate_modifier") != NOT:
                if kept.setdefault(one, other) != other:
                    message = f"'{one}' is already matched with '{kept[one]}'"
                    yield Problem(table.file, row.line, "object_id", message, "keep one of the two rows")
                yield from _check_classes(table.file, row.line, kinds.get(one, ""), kinds.get(other, ""), terms)


def _check_classes(file: str, line: int, one: str, other: str, terms: OntologyTerms) -> Iterator[Problem]:
    """Classes fit unless they are disjoint, or one acts and the other does not.

    That an actor and a project are not disjoint is for a source that gives both one name.
    """
    if not {one, other} <= terms.subclasses.keys():
        return
    above, beside = terms.subclasses[one], terms.subclasses[other]
    disjoint = any((a, b) in terms.disjoint or (b, a) in terms.disjoint for a in above for b in beside)
    if disjoint or (ACTOR in above) != (ACTOR in beside):
        message = f"a {one} and a {other} cannot be the same thing"
        yield Problem(file, line, "object_id", message, "correct the match, or the class of one of them")

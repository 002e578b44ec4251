"""Checks matches between sources: both things exist, their classes fit, and no thing is merged into two others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from peru_asia_graph.errors import Problem, join_or, suggest
from peru_asia_graph.sources.checks.ontology_terms import OntologyTerms
from peru_asia_graph.sources.judgements import (
    IMPORTED,
    SIDES,
    contradicting,
    denied,
    is_same,
    kept_ids,
    pair_of,
    reversed_rows,
)
from peru_asia_graph.sources.tables import CsvRow, Table

ACTOR: Final = "Actor"
_AGREEMENTS: Final = "agreements"


def check_matches(tables: Sequence[Table], terms: OntologyTerms, shipped: Collection[str] = ()) -> Iterator[Problem]:
    """Yield the problems in all tables of matches. A missing thing is a warning: its source may have been left out."""
    entities = [table for table in tables if table.name == "entities"]
    if not all(table.complete for table in entities):
        return
    kinds = {row.text("id"): row.text("type") for table in entities for row in table.rows}
    homes: dict[str, set[str]] = defaultdict(set)
    for table in entities:
        for row in table.rows:
            homes[row.text("id")].add(table.file)
    matches = [(table.file, row) for table in tables if table.name == "matches" for row in table.rows]
    others = {row.text("id"): table.file for table in tables if table.name != "entities" for row in table.rows}
    yield from _check_absent(matches, kinds, others, shipped)
    for file, row in matches:
        one, other = pair_of(row)
        if not one or not other:
            continue  # already reported for the cell
        if one == other:
            yield Problem(file, row.line, "object_id", f"'{one}' is matched with itself", "name the other")
        elif is_same(row) and homes[one] & homes[other]:
            message, remedy = f"'{other}' is in the same source as '{one}'", "match things in different sources"
            yield Problem(file, row.line, "object_id", message, remedy)
        elif is_same(row) and len(homes[one] | homes[other]) == 2:  # an id in two sources is reported elsewhere
            yield from _check_classes(file, row.line, kinds.get(one, ""), kinds.get(other, ""), terms)
    files, judged = {id(row): file for file, row in matches}, [row for _, row in matches if all(pair_of(row))]
    there = [row for _, row in matches if kinds.keys() >= set(pair_of(row))]
    yield from _check_contradictions(judged, there, files)
    places = {slug: (files[id(row)], row.line) for row in filter(is_same, judged) for slug in reversed(pair_of(row))}
    kept = kept_ids(judged, list(kinds))
    described = {row.text("id") for table in tables if table.name == _AGREEMENTS for row in table.rows}
    described |= {kept.get(slug, slug) for slug in described}
    is_read = all(table.complete for table in tables if table.name == _AGREEMENTS)
    for table in tables:
        yield from _check_joined(table, kept, places) if table.name == "stakes" else ()
        for row in table.rows if table.name == "entities" and is_read else ():
            slug, kind = row.text("id"), row.text("type")
            if "Agreement" in terms.subclasses.get(kind, ()) and kept.get(slug, slug) not in described:
                message = f"'{slug}' is a {kind}, but no agreements.csv has its parties"
                yield Problem(table.file, row.line, "id", message, "add a row for it to agreements.csv")


def _check_contradictions(
    rows: Sequence[CsvRow], there: Sequence[CsvRow], files: Mapping[int, str]
) -> Iterator[Problem]:
    """Yield a problem for each row that contradicts other rows.

    ``there`` are the rows whose things are both read, ``files`` has the file of each row, by its identity.
    """
    for row in denied(rows):
        message = "'{}' and '{}' are the same thing according to other rows".format(*pair_of(row))
        yield Problem(files[id(row)], row.line, "object_id", message, "keep either this row or the skos:exactMatch")
    for row, earlier in reversed_rows(rows):
        place = f"{files[id(earlier)]}:{earlier.line}"
        message = "'{}' and '{}' are related in the opposite direction at ".format(*pair_of(row)) + place
        yield Problem(files[id(row)], row.line, "predicate_id", message, "keep one of the two rows")
    for row, first, other in contradicting(there):
        message = f"'{pair_of(row)[0]}' is already matched with '{first}'"
        remedy = (
            f"if '{first}' and '{other}' are the same, match them with each other; if not, keep one of the two rows"
        )
        yield Problem(files[id(row)], row.line, "object_id", message, remedy)


def _check_joined(table: Table, kept: Mapping[str, str], places: Mapping[str, tuple[str, int]]) -> Iterator[Problem]:
    """Yield a problem if a thing would be merged with its owner, and a warning if both merged things have owners."""
    for row in table.rows:
        one, other = row.text("owner"), row.text("owned")
        if one != other and kept.get(one, one) == kept.get(other, other):
            message = f"'{one}' owns '{other}' ({table.file}:{row.line}), so they are different things"
            yield Problem(*places[one if one in kept else other], "object_id", message, "remove one of their matches")
    first: dict[str, str] = {}
    for slug in dict.fromkeys(row.text("owned") for row in table.rows):
        other = first.setdefault(kept.get(slug, slug), slug)
        if other != slug:
            message = f"'{other}' and '{slug}', which both have owners, are merged"
            remedy = "allowed if they are the same; if one is part of the other, write dcterms:isPartOf"
            yield Problem(*places[slug if slug in kept else other], "object_id", message, remedy, warning=True)


def _check_absent(
    matches: Sequence[tuple[str, CsvRow]], kinds: Collection[str], others: Mapping[str, str], shipped: Collection[str]
) -> Iterator[Problem]:
    """Yield a warning for each id that is not that of an entity, and one for each table with ids of shipped things.

    ``others`` are the files of the ids that are not those of entities. Imports match with shipped things in any case.
    """
    lines: dict[str, set[int]] = defaultdict(set)
    for file, row in matches:
        one, other = pair_of(row)
        for side, slug, beside in zip(SIDES, (one, other), (other, one), strict=True):
            if slug in shipped and slug not in kinds:
                if row.text("author_label") != IMPORTED:
                    lines[file].add(row.line)
            elif slug in others and slug not in kinds:
                message = f"'{slug}' is not an entity but a row of {others[slug]}; the row has no effect"
                remedy = (
                    "delete it; what can be matched are the rows of entities.csv, such as firms, people and agreements"
                )
                yield Problem(file, row.line, side, message, remedy, warning=True)
            elif slug and slug not in kinds:
                meant = [near for near in suggest(slug, kinds) if near != beside]
                remedy = f"did you mean {join_or(meant)}?" if meant else "the row has no effect until it exists"
                yield Problem(file, row.line, side, f"no '{slug}' in any entities.csv", remedy, warning=True)
    for file, found in lines.items():
        rows = "1 row names a thing" if len(found) == 1 else f"{len(found)} rows name things"
        message = f"{rows} of the shipped data, first in line {min(found)}"
        remedy = "--with-shipped adds it; without that, such rows only join things of yours that match the same one"
        yield Problem(file, 0, "", message, remedy, warning=True)


def may_be_one(one: str, other: str, terms: OntologyTerms) -> bool:
    """Return whether a thing may have both classes: they are not disjoint, and both are actors or neither is.

    (Actors and projects are not disjoint in the ontology, because a source may use one name for both.)
    """
    if not {one, other} <= terms.subclasses.keys():
        return True
    above, beside = terms.subclasses[one], terms.subclasses[other]
    disjoint = any((a, b) in terms.disjoint or (b, a) in terms.disjoint for a in above for b in beside)
    return not disjoint and (ACTOR in above) == (ACTOR in beside)


def _check_classes(file: str, line: int, one: str, other: str, terms: OntologyTerms) -> Iterator[Problem]:
    if not may_be_one(one, other, terms):
        message = f"a {one} and a {other} cannot be the same thing"
        yield Problem(file, line, "object_id", message, "correct the match, or the class of one of them")

"""Checks across rows and tables: keys, links, ontology terms, dates, citations, shares, positions.

A table that could not be read completely has been reported by the reader, and links into it are not checked. Rules for
single cells are in ``cells``, rules for the finished graph in ``ontology/shapes.ttl``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from peru_asia_graph.errors import Problem
from peru_asia_graph.paths import REFERENCE
from peru_asia_graph.sources.checks.citations import check_citations
from peru_asia_graph.sources.checks.links import (
    CONCEPTS,
    check_code_lists,
    check_codes,
    check_kinds,
    check_links,
    check_own,
    check_own_codes,
)
from peru_asia_graph.sources.checks.matches import check_matches
from peru_asia_graph.sources.checks.ontology_terms import (
    OntologyTerms,
    check_classes,
    check_properties,
    check_relations,
)
from peru_asia_graph.sources.checks.periods import check_dates
from peru_asia_graph.sources.checks.positions import check_positions
from peru_asia_graph.sources.checks.row_cells import check_rows
from peru_asia_graph.sources.checks.shares import check_stakes
from peru_asia_graph.sources.checks.spelling import check_names
from peru_asia_graph.sources.metadata import METADATA
from peru_asia_graph.sources.tables import Source, Table


def check_sources(sources: Sequence[Source], terms: OntologyTerms, shipped: Collection[str] = ()) -> list[Problem]:
    """Return every problem in the tables, including those found while reading them, without duplicates.

    A schema that several sources share is read with each of them, which would duplicate its problems.
    ``shipped`` are the ids of shipped sources that are not read, used to suggest a remedy if a row refers to one.
    """
    problems = [problem for source in sources for problem in source.problems]
    everything = [table for source in sources for table in source.tables.values()]
    if all(source.graph for source in sources):
        lost = [problem for one in sources if one.slug == REFERENCE for problem in check_code_lists(one)]
        problems += lost or check_codes(everything)
        # Without the lists every code would be a problem.
        problems += check_links([one for one in everything if not lost or one.name != CONCEPTS], shipped)
        problems += check_own(sources)
        problems += check_own_codes(sources)
    problems += check_kinds(everything, terms)
    problems += check_properties(everything, terms)
    problems += check_classes(everything, terms)
    problems += check_relations(everything, terms)
    problems += check_keys(everything)
    problems += check_matches(everything, terms, shipped)
    problems += check_positions(everything)
    for source in sources:
        problems += check_dates(source)
        problems += check_citations(source)
        for table in source.tables.values():
            problems += _check_count(table)
            problems += check_rows(table)
        if "stakes" in source.tables:
            problems += check_stakes(source.tables["stakes"], with_fractions=not source.imported)
        if "entities" in source.tables:
            problems += check_names(source.tables["entities"])
    return list(dict.fromkeys(problems))


def check_keys(tables: Sequence[Table]) -> Iterator[Problem]:
    """Yield a problem for each id used twice.

    Ids are part of IRIs, so they are unique across all tables, except in tables that only add to things described
    elsewhere. Two sources may describe the same thing if they give it the same class.
    """
    seen: dict[str, tuple[str, str, str]] = {}
    for table in tables:
        further = any(link["columnReference"] == "id" for link in table.schema.get("foreignKeys", ()))
        apart = "" if table.key == ["id"] and "aboutUrl" in table.schema and not further else table.file
        for row in table.rows:
            if not all(row.text(column) for column in table.key):
                continue
            value = "/".join(row.text(column) for column in table.key)
            place, kind = f"{table.file}:{row.line}", row.text("type") if table.name == "entities" else ""
            first, file, first_kind = seen.setdefault(f"{apart} {value}", (place, table.file, kind))
            shared = bool(kind) and kind == first_kind and file != table.file
            if first != place and not shared:
                message = f"'{value}' is already used at {first}"
                yield Problem(table.file, row.line, table.key[-1], message, "give each row its own id")


def _check_count(table: Table) -> Iterator[Problem]:
    if table.complete and table.expected_rows not in (None, len(table.rows)):
        message = f"{len(table.rows)} rows where {METADATA} expects {table.expected_rows} (dc:extent)"
        remedy = "correct the table, or the count if the change is intentional"
        yield Problem(table.file, 0, "", message, remedy, warning=True)

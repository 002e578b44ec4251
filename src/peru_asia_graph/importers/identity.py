"""Matches imported things with things in the project, or in the shipped data, that have the same identifier."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from peru_asia_graph.importers.draft import Draft
from peru_asia_graph.sources.checks.matches import may_be_one
from peru_asia_graph.sources.checks.ontology_terms import OntologyTerms
from peru_asia_graph.sources.judgements import EXACT, IMPORTED, NOT, SIDES
from peru_asia_graph.sources.tables import Source

# Schemes whose identifiers are unique, whoever states them.
_SURE: Final = ("iso-3166-1-alpha-2", "iso-3166-1-alpha-3", "iso-3166-1-numeric", "lei", "hs", "un-comtrade-code")
# The fixed cells of every row written here, and the format of its comment.
_MADE: Final = {
    "predicate_id": EXACT, "mapping_justification": "semapv:BackgroundKnowledgeBasedMatching",
    "author_label": IMPORTED,
}  # fmt: skip
_COMMENT: Final = "same {scheme}: {value}"
_COMMENTED: Final = re.compile(r"same \S+: \S+")
IDENTIFIERS: Final = "identifiers"


def by_people(row: Mapping[str, str]) -> bool:
    """Return whether people wrote a row of matches, or edited one that an import had written."""
    if any(row.get(name) != value for name, value in _MADE.items()):
        return True
    judged = row.get("predicate_modifier") or row.get("confidence")
    return bool(judged) or not _COMMENTED.fullmatch(row.get("comment", ""))


def match_by_identifiers(
    draft: Draft, sources: Sequence[Source], terms: OntologyTerms, judged: Sequence[Mapping[str, str]], day: str
) -> dict[str, dict[str, str]]:
    """Return rows of ``matches.csv`` by id, for imported things that share an identifier with a known one.

    ``sources`` are all other sources, in the order of preference, ``judged`` the rows that people wrote, which take
    precedence, ``day`` the date of the match. Identifiers of things whose classes cannot be the same are counted as
    lost.
    """
    kinds = {row.text("id"): row.text("type") for one in sources for row in one.rows("entities")}
    known: dict[tuple[str, str], str] = {}
    for source in sources:
        for row in source.rows(IDENTIFIERS):
            known.setdefault((row.text("scheme"), row.text("identifier")), row.text("entity"))
    decided = {frozenset(row.get(side, "").removeprefix("id:") for side in SIDES) for row in judged}
    same = [row for row in judged if row.get("predicate_id") == EXACT and row.get("predicate_modifier") != NOT]
    matched = {row.get(SIDES[0], "").removeprefix("id:") for row in same}
    found: dict[str, dict[str, str]] = {}
    for told in draft.tables.get(IDENTIFIERS, {}).values():
        thing, scheme, value = told["entity"], told["scheme"], told["identifier"]
        other = known.get((scheme, value), thing)
        if other not in kinds or scheme not in _SURE or frozenset((thing, other)) in decided or thing in matched:
            continue
        kind = draft.tables["entities"][thing]["type"]
        if not may_be_one(kind, kinds[other], terms):
            reason = f"belongs to '{other}', but a {kind} and a {kinds[other]} cannot be the same thing"
            draft.losses.add(kind, scheme, reason, value, thing)
            continue
        slug = f"{thing}--same--{other}"
        found[slug] = {
            "id": slug,
            "subject_id": f"id:{thing}",
            "object_id": f"id:{other}",
            "mapping_date": day,
            "comment": _COMMENT.format(scheme=scheme, value=value),
            **_MADE,
        }
    return found

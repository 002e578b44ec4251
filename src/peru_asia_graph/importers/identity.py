"""Who is who by identifiers: things of an import matched with those of the project that have the same one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from peru_asia_graph.sources.tables import Source

# Schemes that give one identifier to one thing, whoever states it.
_SURE: Final = ("iso-3166-1-alpha-2", "iso-3166-1-alpha-3", "iso-3166-1-numeric", "lei", "hs", "un-comtrade-code")
# Who judged, in the rows made here.
AUTHOR: Final = "pag import"
IDENTIFIERS: Final = "identifiers"


def match_by_identifiers(
    identifiers: Mapping[str, Mapping[str, str]], sources: Sequence[Source], day: str
) -> dict[str, dict[str, str]]:
    """Return rows of ``matches.csv`` by id, for imported things that share an identifier with a known one.

    ``identifiers`` are the rows of the import, ``sources`` the project's other sources, ``day`` the date of the match.
    """
    things = {row.text("id") for one in sources if "entities" in one.tables for row in one.tables["entities"].rows}
    known: dict[tuple[str, str], str] = {}
    for source in sources:
        for row in source.tables[IDENTIFIERS].rows if IDENTIFIERS in source.tables else ():
            known.setdefault((row.text("scheme"), row.text("identifier")), row.text("entity"))
    found: dict[str, dict[str, str]] = {}
    for told in identifiers.values():
        thing, scheme, value = told["entity"], told["scheme"], told["identifier"]
        other = known.get((scheme, value))
        if other in things and scheme in _SURE and other != thing:
            slug = f"{thing}--same--{other}"
            found[slug] = {
                "id": slug,
                "subject_id": f"id:{thing}",
                "predicate_id": "skos:exactMatch",
                "object_id": f"id:{other}",
                "mapping_justification": "semapv:BackgroundKnowledgeBasedMatching",
                "author_label": AUTHOR,
                "mapping_date": day,
                "comment": f"same {scheme}: {value}",
            }
    return found

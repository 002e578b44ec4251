"""Finds things by external identifiers, by ids of records in a source, and by merged ids."""

from __future__ import annotations

import re
from typing import Final

from peru_asia_graph.query.questions import quote_literal
from peru_asia_graph.store import Store
from peru_asia_graph.vocabulary import THING, local

_IDENTIFIED: Final = """
SELECT DISTINCT ?thing WHERE {
  VALUES ?value { $literals } ?id a pag:Identifier ; pag:identifies ?thing ; skos:notation ?value
  FILTER NOT EXISTS { ?id skos:closeMatch ?near }
}"""
# The records of an asset also name its owners and places: the thing with most citations of a record is its subject.
_RECORDED: Final = """
SELECT ?thing (COUNT(DISTINCT ?cited) AS ?count) WHERE {
  ?cited pag:record $literal . ?thing pag:citation ?cited .
  FILTER EXISTS { VALUES ?class { pag:Actor pag:Project pag:MineralDeposit pag:Agreement pag:Event } ?thing a ?class }
} GROUP BY ?thing"""
# Plain numbers are also years, and rows of a table.
_RECORD_ID: Final = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9])[!-~]{4,200}")
_MATCHED: Final = """
SELECT DISTINCT ?thing WHERE {
  ?match pag:matchedId "id:$name" ; pag:matchRelation "skos:exactMatch" ; pag:about ?thing
}"""


def find_identified(store: Store, name: str) -> dict[str, int]:
    """Return the slugs of things with this identifier in a register, such as the ISO code USA."""
    literals = " ".join(map(quote_literal, {name, name.upper()})) if name.isprintable() else ""
    rows = store.query(_IDENTIFIED.replace("$literals", literals)).values()
    return {local(one): 2 for (one,) in rows if one.startswith(THING)}


def find_recorded(store: Store, name: str) -> dict[str, int]:
    """Return the slugs of the things that a record of a source is about, by its id there, such as OG0004942."""
    if not _RECORD_ID.fullmatch(name):
        return {}
    rows = store.query(_RECORDED.replace("$literal", quote_literal(name))).values()
    counts = {local(one): int(count) for one, count in rows if one.startswith(THING)}
    return {slug: 2 for slug, count in counts.items() if count == max(counts.values())}


def find_matched(store: Store, slug: str) -> str:
    """Return the slug into which a source's slug was merged; empty if it was not."""
    rows = store.query(_MATCHED.replace("$name", slug)).rows
    slugs = {local(row[0].value) for row in rows if row[0]}
    return slugs.pop() if len(slugs) == 1 else ""

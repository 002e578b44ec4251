"""Finds things by external identifiers and by merged ids."""

from __future__ import annotations

from typing import Final

from peru_asia_graph.query.questions import quote_literal
from peru_asia_graph.store import Store
from peru_asia_graph.vocabulary import THING, local

_IDENTIFIED: Final = """
SELECT DISTINCT ?thing WHERE {
  VALUES ?value { $literals } ?id a pag:Identifier ; pag:identifies ?thing ; skos:notation ?value
  FILTER NOT EXISTS { ?id skos:closeMatch ?near }
}"""
_MATCHED: Final = """
SELECT DISTINCT ?thing WHERE {
  ?match pag:matchedId "id:$name" ; pag:matchRelation "skos:exactMatch" ; pag:about ?thing
}"""


def find_identified(store: Store, name: str) -> dict[str, int]:
    """Return the slugs of things with this identifier in a register, such as the ISO code USA."""
    literals = " ".join(map(quote_literal, {name, name.upper()})) if name.isprintable() else ""
    rows = store.query(_IDENTIFIED.replace("$literals", literals)).values()
    return {local(one): 2 for (one,) in rows if one.startswith(THING)}


def find_matched(store: Store, slug: str) -> str:
    """Return the slug into which a source's slug was merged; empty if it was not."""
    rows = store.query(_MATCHED.replace("$name", slug)).rows
    slugs = {local(row[0].value) for row in rows if row[0]}
    return slugs.pop() if len(slugs) == 1 else ""

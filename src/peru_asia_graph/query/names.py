"""Finding a thing by what people call it: slug, label or any printed spelling, accents and case ignored.

A store in, slugs out. Limit: a name shared by several things is refused, with the choices.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from peru_asia_graph.errors import UnknownName, WrongUse, join_or
from peru_asia_graph.sources.checks.spelling import fold
from peru_asia_graph.store import Store
from peru_asia_graph.vocabulary import local, thing

_SLUG = re.compile("[a-z0-9]+(-+[a-z0-9]+)*")
_NAMES = """
SELECT DISTINCT ?thing ?rank ?name WHERE {
  { ?thing rdfs:label ?name . BIND(1 AS ?rank) } UNION { ?thing pag:nameAsPrinted ?name . BIND(2 AS ?rank) }
  UNION { ?thing skos:prefLabel ?name . BIND(2 AS ?rank) }
  ?thing pag:citation ?citation .
  FILTER(STRSTARTS(STR(?thing), STR(id:)))
}"""
_STATEMENTS = """
SELECT DISTINCT ?thing WHERE {
  VALUES ?kind { pag:Statement qb:Observation pag:Finding pag:Citation pag:Claim pag:EffectiveShare }
  ?thing a ?kind .
}"""


@dataclass(frozen=True)
class Names:
    """The names of everything in a store."""

    store: Store

    @cached_property
    def _statements(self) -> set[str]:
        return {local(row[0].value) for row in self.store.query_all(_STATEMENTS, "thing").rows if row[0]}

    @cached_property
    def _rows(self) -> list[tuple[int, str, str]]:
        rows = self.store.query_all(_NAMES, "thing").rows
        found = {
            (int(rank.value), name.value, local(thing.value)) for thing, rank, name in rows if thing and rank and name
        }
        return sorted(row for row in found if row[2] not in self._statements)

    @cached_property
    def _by_name(self) -> dict[int, dict[str, set[str]]]:
        """Slugs by folded name, a dictionary for each rank: 0 the slug itself, 1 labels, 2 other spellings."""
        index: dict[int, dict[str, set[str]]] = {rank: defaultdict(set) for rank in (0, 1, 2)}
        for rank, name, slug in self._rows:
            index[rank][fold(name)].add(slug)
            index[0][fold(slug)].add(slug)
        return index

    def find(self, name: str) -> str:
        """Return the slug of the one thing called ``name``; raise UnknownName or WrongUse with what to do."""
        # A slug needs no list of all names, which is long in a large store.
        if _SLUG.fullmatch(name) and self.store.query(f"ASK {{ <{thing(name)}> pag:citation ?place }}").boolean:
            return name
        key = fold(name)
        for rank in (0, 1, 2):
            slugs = sorted(self._by_name[rank].get(key, ()))
            if len(slugs) > 1:
                raise WrongUse(f"'{name}' is the name of several things: {join_or(slugs)}; use one of these")
            if slugs:
                return slugs[0]
        if name in self._statements:
            return name
        raise UnknownName("thing", name, self._close(key), "List all names: pag ask things")

    def search(self, words: str, most: int = 50) -> list[tuple[str, str]]:
        """Return names that hold the words and the slugs they name, closest first, each thing once.

        An exact name comes before one that starts with the words, that before one that holds them.
        """
        key = fold(words)
        found: dict[str, tuple[tuple[bool, bool, int, int, str], str]] = {}
        for rank, name, slug in self._rows:
            folded = fold(name)
            if key and key in folded:
                order = (folded != key, not folded.startswith(key), rank, len(name), name)
                found[slug] = min(found.get(slug, (order, name)), (order, name))
        return [(name, slug) for slug, (_, name) in sorted(found.items(), key=lambda item: item[1])[:most]]

    def complete(self, beginning: str) -> list[str]:
        """Return the labels that start with ``beginning``, for a shell to offer."""
        key = fold(beginning)
        return sorted({name for rank, name, _ in self._rows if rank == 1 and fold(name).startswith(key)})

    def _close(self, key: str) -> list[str]:
        """Return names that hold ``key``, else those whose folded form is near it."""
        import difflib

        labels = {fold(name): name for rank, name, _ in reversed(self._rows)}
        inside = sorted((name for folded, name in labels.items() if key and key in folded), key=len)[:3]
        near = difflib.get_close_matches(key, labels, n=3, cutoff=0.6)
        return inside or [labels[folded] for folded in near]

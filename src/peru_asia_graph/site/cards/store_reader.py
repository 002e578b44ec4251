"""Reads the data of one card from a store, with few queries."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from peru_asia_graph.query.sources import SourceInfo
from peru_asia_graph.site.cards import card_queries as queries
from peru_asia_graph.site.cards.reader import NO_KIND, CardReader, Links, Resource, fill_records, links_in, short_name
from peru_asia_graph.store import Store
from peru_asia_graph.vocabulary import THING

_SUMMARIES_KEPT: Final = 20_000
# Up to this number of links, all statements about a thing are read at once.
_FEW: Final = 200
_SLUG: Final = re.compile("[a-z0-9]+(?:-+[a-z0-9]+)*")
_ADDRESS: Final = re.compile(r"[^<>\"{}|^`\\\s]+")


class StoreReader(CardReader):
    """Reads the data of one card from a store; summaries of things are cached for the next card."""

    def __init__(self, store: Store, sources: Sequence[SourceInfo]) -> None:
        super().__init__(store, sources)
        self._summaries: dict[str, Resource] = {}
        # The statements about the thing whose links were read last.
        self._around: dict[str, Resource] = {}

    def links(self, iri: str) -> Links:
        """If there are few links, read the statements at once."""
        subject = f"<{iri}>"
        ((count,),) = self._store.query(queries.COUNT.replace("$thing", subject)).values()
        self._around = {}
        if int(count) <= _FEW:
            fill_records(self._around, self._store.query(queries.AROUND.replace("$thing", subject)).rows)
            return links_in(self._around.values(), iri)
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for way, one, kind in self._store.query(queries.LINKED.replace("$thing", subject)).values():
            found[short_name(way), short_name(kind)].add(one)
        return {key: sorted(ones) for key, ones in found.items() if key[1] not in NO_KIND}

    def linking(self, iris: Iterable[str], way: str) -> list[str]:
        wanted = _addresses(iris)
        query = queries.OF_SEVERAL.replace("$things", wanted).replace("$way", way)
        return sorted({one for (one,) in self._store.query(query).values()}) if wanted else []

    def records(self, iris: Iterable[str]) -> dict[str, Resource]:
        wanted = list(iris)
        known = {iri: self._around[iri] for iri in wanted if iri in self._around}
        return known | self._read(queries.RECORDS, [iri for iri in wanted if iri not in known])

    def shares(self, iri: str, way: str) -> dict[str, Resource]:
        found: dict[str, Resource] = {}
        fill_records(found, self._store.query(queries.SHARES.replace("$thing", f"<{iri}>").replace("$way", way)).rows)
        return found

    def partners(self, iri: str) -> dict[str, tuple[int, int]]:
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for place, way in enumerate(("pag:participant", "pag:party")):
            query = queries.PARTNERS.replace("$way", way).replace("$thing", f"<{iri}>")
            for state, count in self._store.query(query).values():
                counts[state][place] = int(count)
        return {state: (events, agreements) for state, (events, agreements) in counts.items()}

    def reading_order(self, source: str) -> list[str]:
        return [one for one, _ in self._store.query(queries.ORDER.replace("$thing", f"<{source}>")).values()]

    def latest(self, iri: str) -> list[str]:
        return [one for (one,) in self._store.query(queries.LATEST.replace("$thing", f"<{iri}>")).values()]

    def summaries(self, iris: Iterable[str]) -> dict[str, Resource]:
        """Query only those that are unknown."""
        wanted = dict.fromkeys(iris)
        if missing := [iri for iri in wanted if iri not in self._summaries]:
            if len(self._summaries) > _SUMMARIES_KEPT:
                self._summaries.clear()
                missing = list(wanted)
            self._summaries |= self._read(queries.SUMMARIES, missing)
        return {iri: self._summaries[iri] for iri in wanted}

    def _read(self, query: str, iris: Iterable[str]) -> dict[str, Resource]:
        found = {iri: Resource(iri) for iri in iris}
        if wanted := _addresses(found):
            fill_records(found, self._store.query(query.replace("$things", wanted)).rows)
        return found


def _addresses(iris: Iterable[str]) -> str:
    """Return IRIs as the values of a query; things are written with their prefix, which is parsed faster."""
    return " ".join(
        f"id:{iri[len(THING) :]}" if _SLUG.fullmatch(iri, len(THING)) and iri.startswith(THING) else f"<{iri}>"
        for iri in iris
        if _ADDRESS.fullmatch(iri)
    )

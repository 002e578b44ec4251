"""Reads the whole graph once, for the cards of all things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from peru_asia_graph.query.sources import read_sources
from peru_asia_graph.site.cards.card_queries import EVERYTHING
from peru_asia_graph.site.cards.reader import WAYS, CardReader, Links, Resource, fill_records, links_in
from peru_asia_graph.store import Store
from peru_asia_graph.vocabulary import GRAPH, expand


class WholeReader(CardReader):
    """Reads the whole graph once, so that the number of queries does not depend on the number of cards."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, read_sources(store))
        self._records: dict[str, Resource] = {}
        self._orders: dict[str, list[str]] = {}
        self._linked: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        fill_records(self._records, store.query(EVERYTHING).rows)
        self._years = {name: self._records[GRAPH + name].value("pag:referenceYear") for name in self.sources}
        ways = {*WAYS, "pag:shareIn", "pag:shareholder", "pag:statementA"}
        for iri, record in self._records.items():
            for way in ways & record.said.keys():
                for value in {term.value for term, _ in record.said[way] if term.kind == "iri"}:
                    self._linked[value][way].append(iri)

    def things(self, beginning: str) -> list[str]:
        """Return all things of the graph whose IRI has this prefix."""
        return sorted(iri for iri in self._records if iri.startswith(beginning))

    def links(self, iri: str) -> Links:
        ones = dict.fromkeys(one for some in self._linked.get(iri, {}).values() for one in some)
        return links_in((self._records[one] for one in ones), iri)

    def linking(self, iris: Iterable[str], way: str) -> list[str]:
        return sorted({one for iri in iris for one in self._linked.get(iri, {}).get(way, ())})

    def records(self, iris: Iterable[str]) -> dict[str, Resource]:
        return {iri: self._records.get(iri) or Resource(iri) for iri in iris}

    def summaries(self, iris: Iterable[str]) -> dict[str, Resource]:
        return self.records(iris)

    def shares(self, iri: str, way: str) -> dict[str, Resource]:
        found = self.records(self._linked.get(iri, {}).get(way, ()))
        return {key: one for key, one in found.items() if one.value("pag:asOf") == self._years.get(one.source)}

    def partners(self, iri: str) -> dict[str, tuple[int, int]]:
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        state, statement = expand("pag:State"), expand("pag:Participation")
        for place, way in enumerate(("pag:participant", "pag:party")):
            for one in self._linked.get(iri, {}).get(way, ()):
                record = self._records[one]
                for other in record.values(way) if statement not in record.types else ():
                    if other != iri and other in self._records and state in self._records[other].types:
                        counts[other][place] += 1
        return {one: (events, agreements) for one, (events, agreements) in counts.items()}

    def reading_order(self, source: str) -> list[str]:
        if source not in self._orders:
            ones = self._linked.get(source, {}).get("pag:source", ())
            placed = [
                (min(map(int, places)), one)
                for one in ones
                if (places := self._records[one].values("pag:readingOrder"))
            ]
            self._orders[source] = [one for _, one in sorted(placed)]
        return self._orders[source]

    def latest(self, iri: str) -> list[str]:
        days = {}
        for one in self._linked.get(iri, {}).get("pag:participant", ()):
            event = self._records[one].value("pag:event")
            if event:
                days[one] = self._records[event].value("pag:earliest") if event in self._records else ""
        newest = sorted(days, key=lambda one: (-int(days[one][:10].replace("-", "") or 0), one))
        return newest[:8]

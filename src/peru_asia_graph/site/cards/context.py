"""The shared state of one card's sections: records read so far, names in the reader's language, numbered citations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Final

from peru_asia_graph.site.cards.card import Citation, Cites, Piece
from peru_asia_graph.site.cards.reader import CardReader, Links, Resource
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.sources.date_words import periods_in_text
from peru_asia_graph.views.cited_places import place_in_words
from peru_asia_graph.views.number_format import amount
from peru_asia_graph.views.words import countries, words
from peru_asia_graph.vocabulary import GRAPH, ONTOLOGY, THING, expand, local

# The properties whose values are names on a card.
_NAMING: Final = frozenset({
    "pag:owner", "pag:owned", "pag:investor", "pag:project", "pag:event", "pag:participant", "pag:subject",
    "pag:object", "pag:party", "pag:holder", "pag:officeOf", "pag:officeIn", "pag:place", "pag:category",
    "pag:partner", "pag:figureOf", "pag:ranked", "pag:homeState", "pag:sector", "pag:commodity", "pag:locatedIn",
    "pag:shareholder", "pag:shareIn", "pag:nameOf", "pag:reportedBy", "pag:source",
})  # fmt: skip
# Its label contains the period as the source dates it.
_FIGURE: Final = expand("qb:Observation")
_RELATION: Final = ONTOLOGY + "Relation"
_CITATION: Final = ONTOLOGY + "Citation"
# Things that get a description in English, not a name, if they have no label in the reader's language.
_ENGLISH: Final = frozenset(
    ONTOLOGY + name
    for name in ("Finding", "Discrepancy", "Claim", "RejectedReading", "MissingNote", "Statement", "Event")
)
# A month within a period.
_MONTH: Final = re.compile(r"(?<![\w-])\d{4}-\d\d(?![\w-])")
_CAMEL: Final = re.compile(r"(?<= )[a-z]+[A-Z]\w*(?= )")
# Maximum number of citations in one row.
_MOST_CITED: Final = 4


@dataclass
class CardContext:
    """A card under construction: its thing, its reader, and the records read so far.

    ``placed`` are the relations that it shows with the holdings; the others are among its links.
    """

    reader: CardReader
    frame: Frame
    iri: str
    own: Resource
    links: Links
    records: dict[str, Resource] = field(default_factory=dict)
    names: dict[str, Resource] = field(default_factory=dict)
    cited: dict[str, int] = field(default_factory=dict)
    taking_part: dict[str, list[Resource]] = field(default_factory=dict)
    placed: set[str] = field(default_factory=set)

    @property
    def language(self) -> str:
        return self.frame.language

    @cached_property
    def is_of_several(self) -> bool:
        """Whether several sources mention the thing."""
        return len(self.own.sources) > 1

    def load(self, iris: Iterable[str]) -> None:
        """Read these statements, and the names of everything they mention."""
        wanted = [iri for iri in dict.fromkeys(iris) if iri not in self.records]
        self.records |= self.reader.records(wanted)
        self.read_names(self.records[iri] for iri in wanted)

    def read(self, iris: Iterable[str]) -> list[Resource]:
        """Return those of these statements that have been read."""
        return [self.records[iri] for iri in iris if iri in self.records]

    def linked(self, *links: tuple[str, str]) -> list[Resource]:
        """Return the statements read that link to the thing in this way, by property and class."""
        return self.read(iri for link in links for iri in self.links.get(link, ()))

    def read_summaries(self, iris: Iterable[str]) -> None:
        """Read the names of these things."""
        self.names |= self.reader.summaries([iri for iri in iris if iri not in self.names])

    def load_participants(self, events: Iterable[str]) -> None:
        """Read the participants of these events."""
        ids = self.reader.linking(sorted(set(events)), "pag:event")
        self.load(ids)
        for one in ids:
            self.taking_part.setdefault(self.records[one].value("pag:event"), []).append(self.records[one])

    def read_names(self, records: Iterable[Resource]) -> None:
        """Read the names of all things that these records mention, with one query."""
        wanted = {
            term.value
            for record in records
            for way in _NAMING & record.said.keys()
            for term, _ in record.said[way]
            if term.kind == "iri" and term.value.startswith(THING)
        }
        self.read_summaries(sorted(wanted))

    def name(self, iri: str) -> Resource:
        """Return the summary of a thing."""
        if iri in self.names:
            return self.names[iri]
        if iri in self.records and "rdfs:label" in self.records[iri].said:
            return self.records[iri]
        self.names |= self.reader.summaries([iri])
        return self.names[iri]

    def thing(self, iri: str) -> Piece:
        """Return a thing as a link labelled with its name."""
        if not iri.startswith(THING):
            return Piece(self.code(iri), self.frame.href(iri))
        record = self.name(iri)
        text = label_of(record, self.language)
        if _RELATION in record.types:
            text = _CAMEL.sub(lambda found: self.code(ONTOLOGY + found[0]), text)
        elif _CITATION in record.types:
            text = self.place(record)
        is_english = not record.types.isdisjoint(_ENGLISH) and text == record.value("rdfs:label")
        language = "en" if is_english and self.language != "en" else ""
        return Piece(text or local(iri).replace("-", " "), self.frame.href(iri) if iri != self.iri else "", language)

    def things(self, iris: Sequence[str], most: int = 6) -> list[Piece]:
        """Return up to so many things as links, separated by commas."""
        return join(([self.thing(iri)] for iri in iris[:most]), len(iris) - most, self.frame)

    def code(self, iri: str) -> str:
        """Return the label of a code or a term."""
        return self.frame.label(iri) if iri else ""

    def cite(self, *records: Resource) -> Cites:
        """Return the numbers of the citations of statements; each citation has one number on a card."""
        places = list(dict.fromkeys(iri for record in records for iri in record.values("pag:citation")))
        places.sort(key=lambda iri: self.cited.get(iri, len(self.cited)))
        numbers = [self.cited.setdefault(iri, len(self.cited) + 1) for iri in places[:_MOST_CITED]]
        return Cites(sorted(numbers), max(0, len(places) - _MOST_CITED))

    def cite_all(self, record: Resource) -> None:
        """Number all citations of a statement."""
        for iri in record.values("pag:citation"):
            self.cited.setdefault(iri, len(self.cited) + 1)

    def short(self, source: str) -> str:
        """Return the short name of a source."""
        known = self.reader.sources.get(source)
        return known.shown if known else source

    def source_of(self, record: Resource, way: str, value: str) -> str:
        """Return the first source that gives a property of a thing this value; empty if only one source mentions it."""
        said = {source for term, source in record.said.get(way, ()) if term.value == value}
        return next((one for one in self.reader.sources if one in said), "") if len(record.sources) > 1 else ""

    def each_source(self, way: str) -> dict[str, Resource]:
        """Return what each source that gives a property of the thing says, in the order of the sources."""
        said = {source for _, source in self.own.said.get(way, ())}
        known = [one for one in self.reader.sources if one in said]
        return {one: self.own.of_source(one) for one in (*known, *sorted(said.difference(known)))}

    def source_link(self, source: str) -> Piece:
        """Return a source as a link labelled with its short name."""
        return Piece(self.short(source), self.frame.href(GRAPH + source))

    def when(self, record: Resource) -> str:
        """Return the date of something in words; empty if it is unknown."""
        text, _ = record.text("pag:when", self.language)
        # Everything in it is a date, so four and two digits are a month.
        return _MONTH.sub(lambda found: _in_words(found[0], self.language), date_text(text, self.language))

    def as_of(self, record: Resource) -> str:
        """Return the date at which an undated statement holds: its own as-of date, or that of its source."""
        known = self.reader.sources.get(record.source)
        return record.value("pag:asOf") or (known.as_of or known.date if known else "")

    def citations(self) -> list[Citation]:
        """Return the citations numbered so far."""
        self.read_summaries(self.cited)
        works = {iri: self.names[iri].values("pag:reportedBy") for iri in self.cited}
        cited = dict.fromkeys(work for found in works.values() for work in found)
        self.read_summaries(cited)
        self.read_summaries(
            dict.fromkeys(one for work in cited for one in self.names[work].values("dcterms:publisher"))
        )
        return [
            Citation(
                number,
                self.place(self.names[iri]),
                self.frame.href(iri),
                self.short(self.names[iri].source),
                join(map(self._work, works[iri]), 0, self.frame),
            )
            for iri, number in self.cited.items()
        ]

    def _work(self, iri: str) -> list[Piece]:
        """Return a work with its publisher, whose titles may be as short as "Operations"."""
        publisher = [label_of(self.name(one), self.language) for one in self.names[iri].values("dcterms:publisher")[:1]]
        return [*(Piece(f"{name}, ") for name in publisher), self.thing(iri)]

    def place(self, citation: Resource) -> str:
        """Return the location of a citation: page and paragraph, row of a table, or record."""
        return place_in_words(citation.value("rdfs:label") or local(citation.iri), self.language)

    def state_of(self, iri: str, source: str = "") -> str:
        """Return the home state of an actor, or a state itself; empty if no source gives one, or they give several.

        If ``source`` gives one, other sources do not count.
        """
        record = self.name(iri)
        told = [(term.value, name) for term, name in record.said.get("pag:homeState", ())]
        found = {state for state, name in told if name == source} or {state for state, _ in told}
        return iri if "State" in record.kinds else found.pop() if len(found) == 1 else ""

    def office(self, record: Resource) -> str:
        """Return an office in the reader's language, if there is a word for it."""
        text = record.value("pag:office")
        return str(words(self.language)["terms"].get(text, text))


def label_of(record: Resource, language: str) -> str:
    """Return the name of a thing in the reader's language, or in another if there is none."""
    preferred = {term.language: term.value for term, _ in record.said.get("skos:prefLabel", ())}
    if language in preferred:
        return preferred[language]
    given = {term.language: term.value for term, _ in record.said.get("rdfs:label", ())}
    text = given.get(language) or given.get("en") or given.get("") or preferred.get("en", "")
    return date_text(text, language) if _FIGURE in record.types else text


def country(iri: str) -> tuple[str, str]:
    """Return the colour and the code of a state."""
    known = countries().get(local(iri), {}) if iri else {}
    return str(known.get("tone", "other" if iri else "none")), str(known.get("code", ""))


def percent(value: Decimal, language: str) -> str:
    """Return a percentage with at most two decimals."""
    return amount(value, "percent", language)


def join(parts: Iterable[Sequence[Piece]], left: int, frame: Frame, between: str = ", ") -> list[Piece]:
    """Return parts of a text with a separator between them, followed by how many more there are."""
    listed = list(parts)
    last = f" {frame.t('card.say.and')} " if between == ", " and left <= 0 else between
    found: list[Piece] = []
    for place, part in enumerate(listed):
        found += [Piece(last if place == len(listed) - 1 else between), *part] if place else part
    return [*found, Piece(" " + frame.t("card.and.more", count=left))] if left > 0 else found


@lru_cache(4096)
def date_text(text: str, language: str) -> str:
    """Return a text with days, periods, uncertain dates and single months in words.

    >>> [date_text(date, "en") for date in ("2009-04-28", "2013-04", "2008")], date_text("2009-04-28", "es")
    (['28 April 2009', 'April 2013', '2008'], '28 de abril de 2009')
    >>> [date_text(date, "en") for date in ("2008~", "1990/2011", "../1909", "share, 1990/2011")]
    ['about 2008', '1990 to 2011', 'until 1909', 'share, 1990 to 2011']
    """
    text = periods_in_text(text, language)
    if re.fullmatch(r"\d{4}-\d\d", text):
        return _in_words(text, language)
    return re.sub(r"(?<![\w-])\d{4}-\d\d-\d\d(?![\w-])", lambda found: _in_words(found[0], language), text)


def _in_words(text: str, language: str) -> str:
    from datetime import date

    from babel.dates import format_date

    year, month, day = (*text.split("-"), "")[:3]
    try:
        moment = date(int(year), int(month), int(day or 1))
    except ValueError:
        return text
    patterns = {"en": ("d MMMM y", "MMMM y"), "es": ("d 'de' MMMM 'de' y", "MMMM 'de' y")}[language]
    return format_date(moment, patterns[0] if day else patterns[1], locale=language)


def source_name(context: CardContext, source: str) -> str:
    """Return a source as a column heading: its short name and year."""
    known = context.reader.sources.get(source)
    has_year = known is not None and known.year is not None and str(known.year) not in known.short
    return f"{context.short(source)} {known.year}" if known and has_year else context.short(source)


def by_source(context: CardContext, source: str) -> str:
    """Return a source in brackets."""
    return f" ({source_name(context, source)})" if source else ""

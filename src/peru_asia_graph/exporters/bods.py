"""Beneficial Ownership Data Standard 0.4: the shares each source states, one statement each, as JSON or JSON Lines.

A source is a network of its own: what two sources say of one thing are two records, which share an identifier in the
scheme of this graph. Statements are numbered by a hash of their content, as the standard advises.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.exporters.bods_records import (
    OFFICES,
    Record,
    entity_record,
    numbers_told,
    office_interest,
    person_record,
    stake_interest,
    subsidiary_interest,
)
from peru_asia_graph.exporters.format_registry import ExportInput
from peru_asia_graph.exporters.source_content import (
    Fields,
    Publication,
    SourceContent,
    is_day,
    one_of,
    read_content,
    read_publication,
    to_uri,
)
from peru_asia_graph.files.loss_report import LossReport
from peru_asia_graph.query.requirements import check_vocabulary
from peru_asia_graph.query.side_by_side import parts_about
from peru_asia_graph.sources.dates import parse_date
from peru_asia_graph.store import Store
from peru_asia_graph.vocabulary import BASE, GRAPH, thing

VERSION: Final = "0.4"
LINES: Final = "bods-jsonl"
_INTEREST: Final = "/recordDetails/interests/0"
_NO_PLACE: Final = "no place in BODS"
# What an entity has no field for.
_THING_FIELDS: Final = {"description": "description", "stateOwned": "stateOwned", "lat": "position"}

InterestMaker = Callable[[SourceContent, str, Fields, LossReport], Record]


def write(source: ExportInput, form: str, which: str) -> bytes:
    """Return the statements of all sources as a JSON array, a statement a line; as ``bods-jsonl`` without brackets."""
    statements = make_statements(source.store, source.losses)
    if not statements:
        check_vocabulary(source.store, "export")
    lines = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in statements]
    text = "".join(f"{line}\n" for line in lines) if form == LINES else "[\n{}\n]\n".format(",\n".join(lines))
    return text.encode()


def make_statements(store: Store, losses: LossReport) -> list[Record]:
    """Return the statements of all sources in a store, parties before the relationships between them."""
    publication = read_publication(store)
    contents = [read_content(part) for part in parts_about(store)]
    return list(chain.from_iterable(_SourceStatements(one, publication, losses).make() for one in contents))


class _SourceStatements:
    """Makes the statements of one source."""

    def __init__(self, content: SourceContent, publication: Publication, losses: LossReport) -> None:
        self.content, self.publication, self.losses = content, publication, losses
        self.info = content.info
        self.stakes = content.statements("Stake")
        self.pairs = {(one_of(said, "owner"), one_of(said, "owned")) for said in self.stakes.values()}
        self.parties: set[str] = set()
        self.others: dict[str, Fields] = {}

    def make(self) -> Iterator[Record]:
        """Yield the statements about entities, people and relationships, each by id."""
        related = list(self._relationships())
        people = {slug for slug in self.parties if self.content.class_of(slug) == "Person"}
        for slug in sorted(self.parties - people):
            details = entity_record(self.content, slug, self.losses)
            yield self._party("entity", slug, details)
        for slug in sorted(people):
            yield self._party("person", slug, person_record(self.content, slug, self.losses))
        yield from related
        self._count_others()

    def _relationships(self) -> Iterator[Record]:
        for slug, said in self.stakes.items():
            yield from self._relationship(slug, said, "owned", "owner", stake_interest)
        for slug, said in self.content.statements("Tenure").items():
            if one_of(said, "office") in OFFICES and self._is_entity(one_of(said, "officeOf")):
                yield from self._relationship(slug, said, "officeOf", "holder", office_interest)
            else:
                self.losses.add("Tenure", "", "an office BODS has no interest for", one_of(said, "office"), slug)
        for slug, said in self.content.statements("Relation").items():
            name, parties = one_of(said, "relation"), (one_of(said, "object"), one_of(said, "subject"))
            if name != "subsidiaryOf":
                self.others[slug] = said
            elif parties in self.pairs:
                self.losses.add("Relation", name, "the share of the same parties is told instead", parties[0], slug)
            else:
                yield from self._relationship(slug, said, "subject", "object", subsidiary_interest)

    def _is_entity(self, slug: str) -> bool:
        return bool(slug) and self.content.class_of(slug) != "Person"

    def _relationship(self, slug: str, said: Fields, held: str, holder: str, make: InterestMaker) -> Iterator[Record]:
        subject, party = one_of(said, held), one_of(said, holder)
        if not (self._is_entity(subject) and party):
            self.losses.add("Stake", held, "the subject of an interest is an entity", subject, slug)
            return
        self.parties |= {subject, party}
        interest = make(self.content, slug, said, self.losses)
        details = {
            "isComponent": False,
            "subject": self._record(subject),
            "interestedParty": self._record(party),
            "interests": [interest],
        }
        day, notes = self._dated(one_of(said, "asOf"), slug)
        notes += [self._place(one, _INTEREST) for one in said.get("citation", ())]
        made = self._statement("relationship", slug, subject, day, details, notes, said)
        yield made
        # That a share is no longer held is told by the end of its record where the day of its end is not known.
        if "endDate" not in interest and _has_ended(said, day):
            yield self._numbered({**made, "recordStatus": "closed"})

    def _party(self, kind: str, slug: str, details: Record) -> Record:
        said = self.content.things.get(slug, {})
        for name, field in _THING_FIELDS.items():
            if name in said:
                self.losses.add(self.content.class_of(slug), field, _NO_PLACE, one_of(said, name), slug)
        day, notes = self._dated("", "")
        places = "; ".join(self._cited(one) for one in said.get("citation", ()))
        if places:
            notes.append(_note("commenting", "/recordDetails", f"Named at: {places}"))
        if kind == "entity":
            notes += [
                _note("identifying", f"/recordDetails/identifiers/{at}", f"Added to the source; seen in: {one.seen}")
                for at, one in enumerate(numbers_told(self.content, slug)) if one.seen
            ]  # fmt: skip
        else:
            notes.append({**_note("linking", "/recordDetails", "The person in this graph"), "url": thing(slug)})
        return self._statement(kind, slug, slug, day, details, notes, {})

    def _statement(
        self, kind: str, slug: str, subject: str, day: str, details: Record, notes: list[Record], said: Fields
    ) -> Record:
        name = self.publication.publisher or self.publication.title or self.info.title
        page = {"url": to_uri(self.publication.page)} if to_uri(self.publication.page) else {}
        issued = self.publication.issued if is_day(self.publication.issued) else self._dated("", "")[0]
        published = {"publicationDate": issued, "bodsVersion": VERSION, "publisher": {"name": name, **page}}
        if licence := to_uri(self.info.licence):
            published["license"] = licence
        for one in notes:
            one["createdBy"] = {"name": name}
        return self._numbered({
            "statementId": "",
            "declarationSubject": self._record(subject),
            "declaration": f"{GRAPH}{self.info.name}",
            "statementDate": day,
            "annotations": notes,
            "publicationDetails": published,
            "source": self._source(said),
            "recordId": self._record(slug),
            "recordStatus": "new",
            "recordType": kind,
            "recordDetails": details,
        })  # fmt: skip

    def _numbered(self, statement: Record) -> Record:
        content = json.dumps({**statement, "statementId": ""}, ensure_ascii=False, sort_keys=True)
        return {**statement, "statementId": str(uuid5(NAMESPACE_URL, f"{BASE}bods/{content}"))}

    def _record(self, slug: str) -> str:
        return f"{self.info.name}/{slug}" if self.info.name else slug

    def _source(self, said: Fields) -> Record:
        """Return the source of a statement: the work, who made it, and the page and day of what it cites."""
        cited = [self.content.cited[one] for one in said.get("citation", ()) if one in self.content.cited]
        works = {work for one in cited for work in one.reported_by}
        told: Record = {"type": ["thirdParty"], "description": self.info.citation or self.info.title}
        pages = [one.address for one in cited] + [to_uri(self.info.page)]
        if page := next(filter(None, pages), ""):
            told["url"] = page
        days = sorted(one.retrieved for one in cited if is_day(one.retrieved))
        if days:
            told["retrievedAt"] = days[-1]
        if names := self.content.authors() or sorted(map(self.content.label, works)):
            told["assertedBy"] = [{"name": name} for name in names]
        return told

    def _dated(self, as_of: str, slug: str) -> tuple[str, list[Record]]:
        """Return the day of a statement: of what is known only to a month or year the last one, which a note says."""
        date = as_of or self.info.as_of or self.info.date
        if is_day(date):
            return date, []
        try:
            latest = parse_date(date).latest
        except ValueError:
            latest = None
        if latest is None:
            remedy = "give dc:date in its csv-metadata.json"
            raise WrongUse(f"a statement of BODS has a date, and the source '{self.info.name}' has none; {remedy}")
        if slug:
            self.losses.add("Stake", "asOf", "no full day; statementDate is its last", date, slug)
        text = f"As of {date}; the day is the last of it, because a date is a full day here"
        return latest.isoformat(), [_note("commenting", "/statementDate", text)]

    def _cited(self, slug: str) -> str:
        one = self.content.cited.get(slug)
        if one is None:
            return slug
        works = ", ".join(self.content.label(work) for work in one.reported_by)
        return one.label + (f", from {works}" if works else "")

    def _place(self, slug: str, target: str) -> Record:
        one, text = self.content.cited.get(slug), f"{self._cited(slug)}, in {self.info.short or self.info.name}"
        if one is not None and one.address:
            return {**_note("linking", target, text), "url": one.address}
        return _note("commenting", target, text)

    def _count_others(self) -> None:
        for slug in self.content.things:
            kind = self.content.class_of(slug)
            if kind and slug not in self.parties:
                self.losses.add(kind, "", "takes no part in a share", self.content.label(slug), slug)
        for slug, said in self.others.items():
            name, subject = one_of(said, "relation"), one_of(said, "subject")
            if name != "homeState" or subject not in self.parties:
                self.losses.add("Relation", name, _NO_PLACE, f"{subject} – {one_of(said, 'object')}", slug)
        for slug, said in self.content.statements("Investment").items():
            self.losses.add("Investment", "", _NO_PLACE, one_of(said, "project") or slug, slug)
        for kind, count, first in self.content.others():
            self.losses.add(kind, "", _NO_PLACE, first, first, count)


def _note(motivation: str, target: str, text: str) -> Record:
    return {"statementPointerTarget": target, "motivation": motivation, "description": text}


def _has_ended(said: Fields, day: str) -> bool:
    """Return whether a source says that something had ended by the day of its statement."""
    latest = one_of(said, "latest")
    return one_of(said, "certainty") == "former" or ("validUntil" in said and "" < latest < day)

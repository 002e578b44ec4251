"""Export to the Beneficial Ownership Data Standard 0.4, as JSON or JSON Lines: one statement for each stated share.

Sources are exported separately: an entity described by two sources becomes two records with a common identifier in
this graph's scheme. Statement ids are hashes of the content, as the standard recommends.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from peru_asia_graph.exporters.bods_records import (
    OFFICES,
    BodsObject,
    day_of,
    entity_record,
    note,
    note_place,
    office_interest,
    person_record,
    published_identifiers,
    show_place,
    source_of,
    stake_interest,
    subsidiary_interest,
)
from peru_asia_graph.exporters.format_registry import ExportInput
from peru_asia_graph.exporters.source_content import (
    STATEMENTS,
    Fields,
    SourceContent,
    count_decisions,
    count_details,
    is_day,
    one_of,
    read_content,
    to_uri,
)
from peru_asia_graph.files.loss_report import LossReport
from peru_asia_graph.query.dataset import Dataset, read_dataset
from peru_asia_graph.query.requirements import check_vocabulary
from peru_asia_graph.query.side_by_side import parts_about
from peru_asia_graph.store import Store
from peru_asia_graph.vocabulary import BASE, GRAPH, thing

VERSION: Final = "0.4"
_NO_PLACE: Final = "no equivalent in BODS"
# Properties for which an entity record has no field.
_THING_FIELDS: Final = {"description": "description", "stateOwned": "stateOwned", "lat": "position"}

InterestMaker = Callable[[SourceContent, str, Fields, LossReport], BodsObject]


def write(source: ExportInput, form: str, which: str) -> bytes:
    """Return the statements of all sources as a JSON array, one per line; for ``bods-jsonl`` without brackets."""
    statements = make_statements(source.store, source.losses)
    if not statements:
        check_vocabulary(source.store, "export")
    lines = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in statements]
    if form == "bods-jsonl":
        return "".join(f"{line}\n" for line in lines).encode()
    return ("[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n").encode()


def make_statements(store: Store, losses: LossReport) -> list[BodsObject]:
    """Return the statements of all sources in a store; entities and people precede the relationships between them."""
    dataset = read_dataset(store)
    contents = [read_content(part) for part in parts_about(store)]
    count_decisions(store, losses, _NO_PLACE)
    return list(chain.from_iterable(_SourceStatements(one, dataset, losses).make() for one in contents))


class _SourceStatements:
    """Creates the statements of one source."""

    def __init__(self, content: SourceContent, dataset: Dataset, losses: LossReport) -> None:
        self.content, self.dataset, self.losses = content, dataset, losses
        self.info = content.info
        self.stakes = content.statements("Stake")
        self.pairs = {(one_of(said, "owner"), one_of(said, "owned")) for said in self.stakes.values()}
        self.parties: set[str] = set()
        self.others: dict[str, Fields] = {}

    def make(self) -> Iterator[BodsObject]:
        """Yield the statements about entities, people and relationships, each by id; none if the source has no date."""
        if not day_of(self.content)[0]:
            for kind in STATEMENTS:
                for slug in self.content.statements(kind):
                    self.losses.add(kind, "", "the source has no date; set dc:date in its csv-metadata.json", "", slug)
            self.content.count_rest(set(), self.losses, _NO_PLACE)
            return
        related = list(self._relationships())
        people = {slug for slug in self.parties if self.content.class_of(slug) == "Person"}
        for slug in sorted(self.parties - people):
            details = entity_record(self.content, slug, self.losses)
            yield self._party("entity", slug, details)
        for slug in sorted(people):
            yield self._party("person", slug, person_record(self.content, slug, self.losses))
        yield from related
        self._count_others()

    def _relationships(self) -> Iterator[BodsObject]:
        for slug, said in self.stakes.items():
            yield from self._relationship(slug, said, "owned", "owner", stake_interest)
        for slug, said in self.content.statements("Tenure").items():
            if one_of(said, "office") in OFFICES and self._is_entity(one_of(said, "officeOf")):
                yield from self._relationship(slug, said, "officeOf", "holder", office_interest)
                if part := one_of(said, "officeIn"):
                    self.losses.add("Tenure", "officeIn", _NO_PLACE, part, slug)
            else:
                self.losses.add("Tenure", "", "BODS has no interest type for this office", one_of(said, "office"), slug)
        for slug, said in self.content.statements("Relation").items():
            name, parties = one_of(said, "relation"), (one_of(said, "object"), one_of(said, "subject"))
            if name != "subsidiaryOf":
                self.others[slug] = said
            elif parties in self.pairs:
                self.losses.add("Relation", name, "replaced by the share between the same parties", parties[0], slug)
            else:
                yield from self._relationship(slug, said, "subject", "object", subsidiary_interest)

    def _is_entity(self, slug: str) -> bool:
        return bool(slug) and self.content.class_of(slug) != "Person"

    def _relationship(
        self, slug: str, said: Fields, held: str, holder: str, make: InterestMaker
    ) -> Iterator[BodsObject]:
        subject, party = one_of(said, held), one_of(said, holder)
        if not (self._is_entity(subject) and party):
            self.losses.add("Stake", held, "the subject of an interest must be an entity", subject, slug)
            return
        self.parties |= {subject, party}
        interest = make(self.content, slug, said, self.losses)
        details = {
            "isComponent": False,
            "subject": self._record(subject),
            "interestedParty": self._record(party),
            "interests": [interest],
        }
        day, notes = day_of(self.content, one_of(said, "asOf"))
        if notes:
            self.losses.add("Stake", "asOf", "not a full date; the last day is used", one_of(said, "asOf"), slug)
        notes += [note_place(self.content, one, "/recordDetails/interests/0") for one in said.get("citation", ())]
        made = self._statement("relationship", slug, subject, day, details, notes, said)
        yield made
        # If the end date is not known, closing the record shows that the share is no longer held.
        if "endDate" not in interest and (closed := _closing_day(said, day, day_of(self.content)[0])):
            yield self._numbered({**made, "recordStatus": "closed", "statementDate": closed})

    def _party(self, kind: str, slug: str, details: BodsObject) -> BodsObject:
        said = self.content.things.get(slug, {})
        for name, field in _THING_FIELDS.items():
            if name in said:
                self.losses.add(self.content.class_of(slug), field, _NO_PLACE, one_of(said, name), slug)
        day, notes = day_of(self.content)
        places = "; ".join(show_place(self.content, one) for one in said.get("citation", ()))
        if places:
            notes.append(note("commenting", "/recordDetails", f"Named at: {places}"))
        if kind == "entity":
            notes += [
                note("identifying", f"/recordDetails/identifiers/{at}", f"Not from the source; seen in: {one.seen}")
                for at, one in enumerate(published_identifiers(self.content, slug)) if one.seen
            ]  # fmt: skip
        else:
            notes.append({**note("linking", "/recordDetails", "The person in this graph"), "url": thing(slug)})
        return self._statement(kind, slug, slug, day, details, notes, {})

    def _statement(
        self, kind: str, slug: str, subject: str, day: str, details: BodsObject, notes: list[BodsObject], said: Fields
    ) -> BodsObject:
        known = self.dataset
        name = next(iter(known.publishers), "") or known.titles.get("en") or self.info.title
        page = {"url": to_uri(known.page)} if to_uri(known.page) else {}
        issued = known.issued if is_day(known.issued) else day_of(self.content)[0]
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
            "source": source_of(self.content, said),
            "recordId": self._record(slug),
            "recordStatus": "new",
            "recordType": kind,
            "recordDetails": details,
        })  # fmt: skip

    def _numbered(self, statement: BodsObject) -> BodsObject:
        content = json.dumps({**statement, "statementId": ""}, ensure_ascii=False, sort_keys=True)
        return {**statement, "statementId": str(uuid5(NAMESPACE_URL, f"{BASE}bods/{content}"))}

    def _record(self, slug: str) -> str:
        return f"{self.info.name}/{slug}" if self.info.name else slug

    def _count_others(self) -> None:
        self.content.count_rest(self.parties, self.losses, _NO_PLACE)
        for slug, said in self.others.items():
            name, subject = one_of(said, "relation"), one_of(said, "subject")
            if name != "homeState" or subject not in self.parties:
                self.losses.add("Relation", name, _NO_PLACE, f"{subject} – {one_of(said, 'object')}", slug)
            else:
                count_details(slug, said, self.losses, "jurisdictions")
        for slug, said in self.content.statements("Investment").items():
            self.losses.add("Investment", "", _NO_PLACE, one_of(said, "project") or slug, slug)


def _closing_day(said: Fields, day: str, last: str) -> str:
    """Return a day by which something had ended, not before its statement's day; empty if not known by ``last``."""
    latest = one_of(said, "latest")
    if "validUntil" in said and "" < latest <= max(day, last):
        return max(day, latest)
    return day if one_of(said, "certainty") == "former" else ""

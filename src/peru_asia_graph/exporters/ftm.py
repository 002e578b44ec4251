"""Export to FollowTheMoney as JSON Lines: parties, shares, offices, memberships, investments and links, with sources.

A thing is one entity whose ``datasets`` are the sources that mention it; a statement is an entity of its own, from one
source.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Final

from peru_asia_graph.exporters.format_registry import ExportInput
from peru_asia_graph.exporters.ftm_things import GatheredEntities, GatheredEntity
from peru_asia_graph.exporters.source_content import (
    Fields,
    SourceContent,
    count_decisions,
    count_details,
    one_of,
    read_content,
    to_uri,
)
from peru_asia_graph.files.loss_report import LossReport
from peru_asia_graph.query.requirements import check_vocabulary
from peru_asia_graph.query.side_by_side import parts_about
from peru_asia_graph.store import Store
from peru_asia_graph.store.values import canonical_decimal, decimal
from peru_asia_graph.vocabulary import slugify, thing

_PREFIX_DATE: Final = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_TIMES: Final = {"validFrom": "startDate", "validUntil": "endDate", "asOf": "date", "year": "date"}
_NO_PLACE: Final = "no equivalent in FollowTheMoney"
# Relations that become a country, if they are certain and it has a code.
_COUNTRIES: Final = ("homeState", "locatedIn")
_WORDS: Final = re.compile("(?<=[a-z])(?=[A-Z])")


def write(source: ExportInput, form: str, which: str) -> bytes:
    """Return the entities of all sources, one per line, by schema and id."""
    entities = make_entities(source.store, source.losses)
    if not entities:
        check_vocabulary(source.store, "export")
    ordered = sorted(entities, key=lambda one: (one.schema, one.id))
    return "".join(json.dumps(one.to_dict(), ensure_ascii=False) + "\n" for one in ordered).encode()


def make_entities(store: Store, losses: LossReport) -> list[GatheredEntity]:
    contents = [read_content(part) for part in parts_about(store)]
    stakes = chain.from_iterable(one.statements("Stake").values() for one in contents)
    entities = GatheredEntities(losses, {one_of(said, "owned") for said in stakes})
    for content in contents:
        _SourceEntities(content, entities).make()
    count_decisions(store, losses, _NO_PLACE)
    return list(entities.found.values())


class _SourceEntities:
    """Creates the entities of one source."""

    def __init__(self, content: SourceContent, entities: GatheredEntities) -> None:
        self.content, self.entities, self.losses = content, entities, entities.losses
        self.parties: set[str] = set()

    def make(self) -> None:
        """Add the statements of the source and the entities they are about."""
        for slug, said in self.content.statements("Stake").items():
            self._stake(slug, said)
        for slug, said in self.content.statements("Tenure").items():
            self._office(slug, said)
        for slug, said in self.content.statements("Investment").items():
            self._investment(slug, said)
        for slug, said in self.content.statements("Relation").items():
            self._relation(slug, said)
        self.content.count_rest(self.parties, self.losses, _NO_PLACE)

    def _stake(self, slug: str, said: Fields) -> None:
        owner, owned = one_of(said, "owner"), one_of(said, "owned")
        if self.content.class_of(owned) == "Person" or not self.entities.is_party(self.content, owner):
            self.losses.add("Stake", "", "the owner must be a legal entity, and the owned thing an asset", owner, slug)
            return
        self._add(slug, "Ownership", "Stake", said, {
            "owner": [self._party(owner)], "asset": [self._party(owned)],
            "percentage": [self._percentage(slug, said)], "ownershipType": said.get("basis", ()),
        })  # fmt: skip

    def _percentage(self, slug: str, said: Fields) -> str:
        low, high = (plain(one_of(said, name)) for name in ("shareLow", "shareHigh"))
        if exact := plain(one_of(said, "sharePercent")):
            return exact
        text = f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}" if high else ""
        if text:
            self.losses.add("Stake", "shareLow", "bounds become text in percentage", text, slug)
        return text or one_of(said, "shareAsPrinted")

    def _office(self, slug: str, said: Fields) -> None:
        holder, office, part = (one_of(said, name) for name in ("holder", "office", "officeIn"))
        body = one_of(said, "officeOf") or part
        if part not in ("", body):
            self.losses.add("Tenure", "officeIn", _NO_PLACE, part, slug)
        if self.content.class_of(body) == "State" and self.content.class_of(holder) == "Person":
            post = self.entities.add(f"{body}--{slugify(office)}", "Position", self.content, {
                "name": [f"{office} of {self.content.label(body)}"], "organization": [self._party(body)],
                "country": [self.content.country(body).lower()], "publisher": [self.content.info.title],
            })  # fmt: skip
            self._add(slug, "Occupancy", "Tenure", said, {"holder": [self._party(holder)], "post": [post]})
        elif self.entities.is_organization(self.content, body) and self.entities.is_party(self.content, holder):
            parties = {"director": [self._party(holder)], "organization": [self._party(body)], "role": [office]}
            self._add(slug, "Directorship", "Tenure", said, parties)
        else:
            self.losses.add("Tenure", "", "the office is not in an organization", office, slug)

    def _investment(self, slug: str, said: Fields) -> None:
        amounts = [plain(str(amount * 10**6)) for amount in map(decimal, said.get("amountUsdMillion", ())) if amount]
        project = self._add(slug, "Project", "Investment", said, {
            "name": said.get("label", ()), "amountUsd": amounts, "phase": said.get("phaseAsPrinted", ()),
        })  # fmt: skip
        for investor in said.get("investor", ()):
            if not self.entities.is_party(self.content, investor):
                self.losses.add("Investment", "investor", "not a legal entity", investor, slug)
                continue
            parties = {"project": [project], "participant": [self._party(investor)], "role": ["investor"]}
            self._add(f"{slug}--{investor}", "ProjectParticipant", "", {"citation": said.get("citation", ())}, parties)
        for held in said.get("project", ()):
            ends = {"subject": [project], "object": [self._party(held)], "role": ["investment in"]}
            self._add(f"{slug}--in-{held}", "UnknownLink", "", {"citation": said.get("citation", ())}, ends)
        for name in ("homeState", "sector", "commentAsPrinted", "amountAsPrinted"):
            for value in said.get(name, ())[:1]:
                self.losses.add("Investment", name, _NO_PLACE, value, slug)

    def _relation(self, slug: str, said: Fields) -> None:
        name, subject, target = (one_of(said, key) for key in ("relation", "subject", "object"))
        kinds = [self.content.class_of(one) for one in (subject, target)]
        is_party, is_organization = self.entities.is_party, self.entities.is_organization
        is_stated = one_of(said, "certainty") in ("", "stated")
        if name in _COUNTRIES and all(kinds) and is_stated and (country := self.content.country(target)):
            count_details(slug, said, self.losses, "countries")
            self.entities.add(self._party(subject), "", self.content, {
                "nationality" if kinds[0] == "Person" else "country": [country.lower()]
            })  # fmt: skip
        elif not all(kinds):
            self.losses.add("Relation", name, "one end is not a legal entity or asset", f"{subject} – {target}", slug)
        elif name == "memberOf" and is_party(self.content, subject) and is_organization(self.content, target):
            self._add(slug, "Membership", "Relation", said, {
                "member": [self._party(subject)], "organization": [self._party(target)],
            })  # fmt: skip
        else:
            ends = {"subject": [self._party(subject)], "object": [self._party(target)]}
            self._add(slug, "UnknownLink", "Relation", said, {**ends, "role": [_WORDS.sub(" ", name).lower()]})

    def _party(self, slug: str) -> str:
        if slug not in self.parties:
            self.parties.add(slug)
            self.entities.party(self.content, slug)
        return slug

    def _add(self, slug: str, schema: str, kind: str, said: Fields, properties: Mapping[str, Iterable[str]]) -> str:
        """Add a statement with its content, dates, certainty and citations."""
        cited = [self.content.cited[one] for one in said.get("citation", ()) if one in self.content.cited]
        notes = list(said.get("note", ()))
        times: dict[str, list[str]] = {}
        for name, short in _TIMES.items():
            for date in said.get(name, ())[:1]:
                if _PREFIX_DATE.fullmatch(date):
                    times[short] = [date]
                else:
                    notes.append(f"{_WORDS.sub(' ', name).lower()} {date}")
                    self.losses.add(kind, name, "not a date in this format; as text in description", date, slug)
        printed = one_of(said, "shareAsPrinted")
        if printed and [printed] != properties.get("percentage"):
            notes.append(f"share printed as {printed}")
            self.losses.add(kind, "shareAsPrinted", "no property; as text in description", printed, slug)
        told = {
            **times,
            "status": [one_of(said, "certainty") or one_of(said, "status")],
            "description": ["; ".join(notes)],
            "summary": [one.label for one in cited],
            "sourceUrl": [one.address for one in cited if one.address] or [thing(slug)],
            "retrievedAt": [one.retrieved for one in cited if _PREFIX_DATE.fullmatch(one.retrieved)],
            "publisher": [self.content.info.title],
            "publisherUrl": [to_uri(self.content.info.page)],
        }
        if self.content.info.name:
            told["proof"] = [self.entities.source(self.content)]
        for one in cited:
            for work in one.reported_by:
                told["summary"].append(f"from {self.content.label(work)}")
        return self.entities.add(slug, schema, self.content, {**properties, **told})


def plain(text: str) -> str:
    """Return a decimal without insignificant zeros; return text that is not a number unchanged.

    >>> plain("11.70"), plain("1500000000"), plain("half")
    ('11.7', '1500000000', 'half')
    """
    value = decimal(text)
    return text if value is None else canonical_decimal(value)

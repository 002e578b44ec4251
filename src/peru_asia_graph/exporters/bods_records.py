"""Parties and interests of one source as records of BODS 0.4, and their provenance: source, day, annotations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from peru_asia_graph.exporters.source_content import (
    LEI,
    WIKIDATA,
    Fields,
    Number,
    SourceContent,
    is_day,
    one_of,
    to_uri,
)
from peru_asia_graph.files.loss_report import LossReport
from peru_asia_graph.sources.dates import parse_date
from peru_asia_graph.store.values import decimal
from peru_asia_graph.vocabulary import PROJECTS, thing

BodsObject = dict[str, Any]
_ENTITY_TYPES: Final = {
    "Firm": "registeredEntity", "State": "state", "GovernmentBody": "stateBody",
    **dict.fromkeys(PROJECTS, "arrangement"),
}  # fmt: skip
_OWN_SCHEME: Final = "Peru–Asia knowledge graph"
_WIKIDATA_ADDRESS: Final = "http://www.wikidata.org/entity/"
# Offices for which BODS has an interest type.
OFFICES: Final = {
    "Board member": "boardMember", "Chair of the board": "boardChair",
    "Senior managing official": "seniorManagingOfficial",
}  # fmt: skip
_TIMES: Final = {"validFrom": ("startDate", "from"), "validUntil": ("endDate", "until")}
_INTEREST_FIELDS: Final = "recordDetails.interests"


def entity_record(content: SourceContent, slug: str, losses: LossReport) -> BodsObject:
    """Return the details of an entity: its type, names, jurisdiction and identifiers.

    BODS has no assets, so mines, blocks and works are arrangements with their class in ``details``.
    """
    kind = content.class_of(slug)
    sort: BodsObject = {"type": _ENTITY_TYPES.get(kind, "legalEntity")}
    if kind not in ("", "State"):
        sort["details"] = f"pag:{kind}"
    record: BodsObject = {"isComponent": False, "entityType": sort, "name": content.label(slug)}
    if names := content.names(slug):
        record["alternateNames"] = names
    places = [_jurisdiction(content, state) for state in content.homes(slug)]
    if places:
        record["jurisdiction"] = places[0]
    for place in places[1:]:
        losses.add(kind, "homeState", "a record has only one jurisdiction", place["name"], slug)
    record["identifiers"] = [_identifier(one.scheme, one.value) for one in published_identifiers(content, slug)]
    record["identifiers"].append({"id": slug, "schemeName": _OWN_SCHEME, "uri": thing(slug)})
    record["uri"] = thing(slug)
    return record


def person_record(content: SourceContent, slug: str, losses: LossReport) -> BodsObject:
    """Return the details of a person; BODS only has personal identifiers such as passport numbers."""
    others = [{"type": "alternative", "fullName": name} for name in content.names(slug)]
    names = [{"fullName": content.label(slug)}, *others]
    record: BodsObject = {"isComponent": False, "personType": "knownPerson", "names": names}
    homes = content.homes(slug)
    if homes:
        record["nationalities"] = [_jurisdiction(content, state) for state in homes]
    for one in content.numbers.get(slug, ()):
        losses.add("Person", one.scheme, "BODS has no identifier of this kind for people", one.value, slug)
    return record


def published_identifiers(content: SourceContent, slug: str) -> list[Number]:
    """Return the identifiers that a record includes: LEI and Wikidata. State codes become jurisdictions."""
    return [one for one in content.numbers.get(slug, ()) if one.scheme in (LEI, WIKIDATA)]


def _identifier(scheme: str, value: str) -> BodsObject:
    if scheme == LEI:
        return {"id": value, "scheme": "XI-LEI"}
    return {"id": value, "schemeName": "Wikidata", "uri": _WIKIDATA_ADDRESS + value}


def _jurisdiction(content: SourceContent, state: str) -> BodsObject:
    code = content.country(state)
    return {"name": content.label(state), **({"code": code} if code else {})}


def share(said: Fields) -> BodsObject:
    """Return a share in BODS form: exact, or as inclusive bounds; empty if the source states none."""
    names = {"sharePercent": "exact", "shareLow": "minimum", "shareHigh": "maximum"}
    return {short: number(text) for name, short in names.items() if decimal(text := one_of(said, name)) is not None}


def number(text: str) -> int | float:
    """Return a decimal as a number that JSON writes with the same digits.

    >>> number("81.9"), number("100"), number("100.0")
    (81.9, 100, 100)
    """
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else float(value)


def stake_interest(content: SourceContent, slug: str, said: Fields, losses: LossReport) -> BodsObject:
    """Return a stake as an interest: a shareholding, or a right granted by contract for a mine, block or works."""
    owner, owned = one_of(said, "owner"), one_of(said, "owned")
    contract = content.class_of(owned) in PROJECTS
    interest: BodsObject = {
        "type": "rightsGrantedByContract" if contract else "shareholding",
        "directOrIndirect": one_of(said, "basis") or "unknown",
    }
    return _finish(interest, content.class_of(owner), "Stake", slug, said, losses)


def subsidiary_interest(content: SourceContent, slug: str, said: Fields, losses: LossReport) -> BodsObject:
    """Return a subsidiary without a stated stake as an interest of unknown type."""
    interest = {"type": "unknownInterest", "directOrIndirect": "unknown"}
    return _finish(interest, content.class_of(one_of(said, "object")), "Relation", slug, said, losses, ["subsidiary"])


def office_interest(content: SourceContent, slug: str, said: Fields, losses: LossReport) -> BodsObject:
    office = one_of(said, "office")
    interest = {"type": OFFICES[office], "directOrIndirect": "direct"}
    return _finish(interest, "Person", "Tenure", slug, said, losses, [office])


def _finish(
    interest: BodsObject, holder: str, kind: str, slug: str, said: Fields, losses: LossReport, told: Sequence[str] = ()
) -> BodsObject:
    """Complete an interest with its share, full dates and, as text, everything that has no field."""
    if holder != "Person":
        interest["beneficialOwnershipOrControl"] = False
    if found := share(said):
        interest["share"] = found
    words = list(told)
    for name, (short, word) in _TIMES.items():
        for day in said.get(name, ())[:1]:
            if is_day(day):
                interest[short] = day
            else:
                words.append(f"{word} {day}")
                losses.add(kind, name, f"not a full date; as text in {_INTEREST_FIELDS}.details", day, slug)
    for name, text in _words(said).items():
        words.append(text)
        losses.add(kind, name, f"no field; as text in {_INTEREST_FIELDS}.details", text, slug)
    words += said.get("note", ())
    if words:
        interest["details"] = "; ".join(words)
    return interest


def _words(said: Fields) -> Mapping[str, str]:
    found = {}
    if printed := one_of(said, "shareAsPrinted"):
        found["shareAsPrinted"] = f"share printed as “{printed}”"
    if one_of(said, "certainty") not in ("", "stated"):
        found["certainty"] = f"certainty: {one_of(said, 'certainty')}"
    return found


def source_of(content: SourceContent, said: Fields) -> BodsObject:
    """Return the source of a statement: the work, its authors, and the page and retrieval day of the citations.

    A source without authors is asserted by the works it reports from.
    """
    info = content.info
    cited = [content.cited[one] for one in said.get("citation", ()) if one in content.cited]
    works = {work for one in cited for work in one.reported_by}
    told: BodsObject = {"type": ["thirdParty"], "description": info.citation or info.title}
    pages = [one.address for one in cited] + [to_uri(info.page)]
    if page := next(filter(None, pages), ""):
        told["url"] = page
    days = sorted(one.retrieved for one in cited if is_day(one.retrieved))
    if days:
        told["retrievedAt"] = days[-1]
    if names := content.authors() or sorted(map(content.label, works)):
        told["assertedBy"] = [{"name": name} for name in names]
    return told


def day_of(content: SourceContent, as_of: str = "") -> tuple[str, list[BodsObject]]:
    """Return the day of a statement; a month or year becomes its last day, with an explanatory note.

    Without ``as_of``, the day is that of the source; empty if the source has none.
    """
    info = content.info
    for stated in (as_of, info.as_of, info.date, one_of(content.works.get(info.name, {}), "date")):
        if is_day(stated):
            return stated, []
        latest = _latest(stated)
        if latest is not None:
            text = f"As of {stated}; statementDate is its last day, because BODS requires a full date"
            return latest.isoformat(), [note("commenting", "/statementDate", text)]
    return "", []


def _latest(text: str) -> date | None:
    try:
        return parse_date(text).latest
    except ValueError:
        return None


def show_place(content: SourceContent, slug: str) -> str:
    """Return a citation as displayed, with the works that the source reports from there."""
    one = content.cited.get(slug)
    if one is None:
        return slug
    works = ", ".join(content.label(work) for work in one.reported_by)
    return one.label + (f", from {works}" if works else "")


def note_place(content: SourceContent, slug: str, target: str) -> BodsObject:
    """Return the annotation with the citation for a part of a statement."""
    one, text = content.cited.get(slug), f"{show_place(content, slug)}, in {content.info.shown}"
    if one is not None and one.address:
        return {**note("linking", target, text), "url": one.address}
    return note("commenting", target, text)


def note(motivation: str, target: str, text: str) -> BodsObject:
    """Return an annotation of the part of a statement to which ``target`` points."""
    return {"statementPointerTarget": target, "motivation": motivation, "description": text}

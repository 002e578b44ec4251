"""Parties and interests of one source as records of the Beneficial Ownership Data Standard 0.4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from peru_asia_graph.exporters.source_content import LEI, WIKIDATA, Fields, Number, SourceContent, is_day, one_of
from peru_asia_graph.files.loss_report import LossReport
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
        for date in said.get(name, ())[:1]:
            if is_day(date):
                interest[short] = date
            else:
                words.append(f"{word} {date}")
                losses.add(kind, name, f"not a full date; as text in {_INTEREST_FIELDS}.details", date, slug)
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

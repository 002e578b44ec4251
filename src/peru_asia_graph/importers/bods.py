"""Imports Beneficial Ownership Data Standard 0.4, JSON or JSON Lines: parties, and shares with their history."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from peru_asia_graph.importers.bods_checks import check_statements
from peru_asia_graph.importers.bods_interests import Interests
from peru_asia_graph.importers.bods_statements import (
    BodsStatement,
    by_record,
    choose_by_country,
    cite,
    count_lost,
    read_statements,
)
from peru_asia_graph.importers.countries import code_named
from peru_asia_graph.importers.draft import Draft, clean, own_class
from peru_asia_graph.importers.importer_registry import ImportRequest

# The class of each type of entity; in our own exports, the details name the class of an arrangement.
CLASSES: Final = {
    "registeredEntity": "Firm", "legalEntity": "Organization", "arrangement": "Organization",
    "anonymousEntity": "Organization", "unknownEntity": "Organization", "state": "State", "stateBody": "GovernmentBody",
}  # fmt: skip
_SCHEMES: Final = {"XI-LEI": "lei", "Wikidata": "wikidata"}
# Fields of records that are not supported.
_LOST: Final = {
    "entity": ("foundingDate", "dissolutionDate", "addresses", "uri", "publicListing", "formedByStatute"),
    "person": ("birthDate", "deathDate", "placeOfBirth", "taxResidencies", "addresses", "politicalExposure"),
}

# For these fields, the last statement about a record counts; names are kept from all.
_LAST: Final = ("entityType", "jurisdiction", "nationalities", "identifiers")


def read_bods(request: ImportRequest, draft: Draft) -> None:
    """Read BODS files into a draft; each interest in shares becomes a stake that cites its statement and line."""
    wanted = choose_by_country(request, draft.problems)
    statements = list(read_statements(request, draft.problems, wanted))
    draft.problems.raise_any()
    check_statements(statements, draft.problems, date.today(), whole=wanted is None)
    draft.problems.raise_any()
    series = by_record(statements)
    _describe(statements, draft)
    parties = [parts for parts in series if parts[0].kind != "relationship"]
    # States come first, because other entities refer to them by their codes.
    parties.sort(key=lambda parts: _class_of(parts[-1]) != "State")
    records = {parts[0].record: _add_record(parts, draft) for parts in parties}
    interests = Interests(draft, records)
    for parts in series:
        if parts[0].kind == "relationship":
            interests.add(parts)
    interests.stakes.write()
    for one in statements:
        count_lost(one, one.id in interests.noted, draft.losses)


def _describe(statements: Sequence[BodsStatement], draft: Draft) -> None:
    """Take date, title and licence from the publication details of the statements."""
    published = [one.fields["publicationDetails"] for one in statements if "publicationDetails" in one.fields]
    days = [one.day for one in statements] + [str(one["publicationDate"])[:10] for one in published]
    draft.date = max(days, default="")
    licences = {one["license"] for one in published if one.get("license")}
    names = {clean(one["publisher"].get("name", "")) for one in published}
    draft.licence = licences.pop() if len(licences) == 1 else ""
    draft.title = f"Beneficial ownership data of {names.pop()}" if len(names) == 1 and "" not in names else ""


def _add_record(parts: Sequence[BodsStatement], draft: Draft) -> str:
    """Add the record of these statements, in chronological order, and return its id; the last gives its name."""
    last = parts[-1]
    cited = [cite(one, draft) for one in parts]
    labels = _names(last)
    kind = _class_of(last)
    slug = draft.thing(last.record, kind, labels[0], cited, description=_description(last))
    if kind == "State":
        draft.is_state(slug, str(last.details.get("jurisdiction", {}).get("code", "")), cited[-1])
    for one, citation in zip(reversed(parts), reversed(cited), strict=True):
        for name in dict.fromkeys(map(clean, _names(one))):
            if name and name != clean(labels[0]):
                draft.also_named(f"{slug}-{name}", slug, name, citation)
    for one in parts:
        _count_lost(one, draft)
        _count_corrected(one, last, draft)
    _add_states(last, slug, cited[-1], draft)
    _add_identifiers(last, slug, cited[-1], draft)
    return slug


def _add_states(one: BodsStatement, slug: str, citation: str, draft: Draft) -> None:
    found = [one.details["jurisdiction"]] if "jurisdiction" in one.details else one.details.get("nationalities", [])
    if _class_of(one) == "State":
        return
    for country in found:
        code, name = country.get("code", ""), country.get("name", "")
        # The name of a nationality is often an adjective, such as British, which names no state.
        if one.kind == "person" and not code and not code_named(name):
            draft.lose(one, "nationalities", "neither the code nor the name of a state", name)
            continue
        state = draft.state(code, "" if code and one.kind == "person" else name, citation)
        draft.relate(f"{slug}-from-{state}", slug, "homeState", state, citation)


def _add_identifiers(one: BodsStatement, slug: str, citation: str, draft: Draft) -> None:
    for found in one.details.get("identifiers", []):
        scheme, value = found.get("scheme", found.get("schemeName", "")), found.get("id", "")
        if scheme in _SCHEMES and value:
            draft.identifier(slug, _SCHEMES[scheme], value, citation)
            if found.get("uri"):
                draft.lose(one, "identifiers.uri", "not supported", found["uri"])
        else:
            draft.lose(one, "identifiers", f"scheme {scheme} is not supported", value)


def _count_corrected(one: BodsStatement, last: BodsStatement, draft: Draft) -> None:
    """Count the values in a statement that the last statement about the record, which is kept, does not have."""
    for name in _LAST:
        before, now = (_values(statement, name) for statement in (one, last))
        for value in before:
            if value not in now:
                reason = "not in the last statement about the record"
                draft.lose(one, name, reason, json.dumps(value, default=str))


def _count_lost(one: BodsStatement, draft: Draft) -> None:
    for name in _LOST[one.kind]:
        if name in one.details:
            draft.lose(one, name, "not supported", one.details[name])
    for name in one.details.get("names", []):
        if name.get("type", "legal") != "legal":
            draft.lose(one, "names.type", "not supported", name["type"])
        for part in ("familyName", "givenName", "patronymicName"):
            if name.get(part):
                draft.lose(one, f"names.{part}", "only full names are kept", name[part])


def _values(one: BodsStatement, name: str) -> list[Any]:
    found = one.details.get(name, [])
    return found if isinstance(found, list) else [found]


def _names(one: BodsStatement) -> list[str]:
    """Return the names of a record, the main one first; a nameless record gets a descriptive name."""
    details = one.details
    if one.kind == "entity":
        names = [details.get("name", ""), *details.get("alternateNames", [])]
    else:
        known = sorted(details.get("names", []), key=lambda name: name.get("type") != "legal")
        names = [name.get("fullName", "") for name in known]
    kind = details.get("personType") or details.get("entityType", {}).get("type", "")
    return [name for name in names if clean(name)] or [_NAMELESS.get(kind, f"record {one.record}")]


_NAMELESS: Final[Mapping[str, str]] = {
    "anonymousPerson": "anonymous person", "unknownPerson": "unknown person",
    "anonymousEntity": "anonymous entity", "unknownEntity": "unknown entity",
}  # fmt: skip


def _class_of(one: BodsStatement) -> str:
    if one.kind == "person":
        return "Person"
    sort = one.details["entityType"]
    return own_class(str(sort.get("details", ""))) or CLASSES[sort["type"]]


def _description(one: BodsStatement) -> str:
    """Return what kind of party it is, if its class does not say that, and why it is unknown."""
    sort: dict[str, Any] = one.details.get("entityType", {})
    details = str(sort.get("details", ""))
    if own_class(details):
        sort = {}
    said = [sort.get("subtype", ""), details if sort else ""]
    said = ["arrangement", *said] if sort.get("type") == "arrangement" else said
    for name in ("unspecifiedEntityDetails", "unspecifiedPersonDetails"):
        found = one.details.get(name, {})
        said += [found.get("reason", ""), found.get("description", "")]
    return "; ".join(filter(None, map(clean, said)))

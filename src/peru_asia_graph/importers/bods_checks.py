"""Checks requirements in the BODS documentation that its JSON Schemas do not cover, within and across statements.

If the files describe no subject of a declaration, they are part of a stream and may refer to records in other parts; so
may records that are selected from a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from babel.core import get_global

from peru_asia_graph.importers.bods_statements import BodsStatement, by_record
from peru_asia_graph.importers.problems import Problems

# A problem: the field and what is wrong with it.
Found = tuple[str, str]
_REMEDY: Final = "correct the field; see the requirements of BODS 0.4"
_EARLIEST_YEAR: Final = 1800
_LONGEST_LIFE: Final = 120
# Passport codes (ICAO 9303) that are not in ISO 3166-1.
_PASSPORT_CODES: Final = (
    "D", "EUE", "GBD", "GBN", "GBO", "GBP", "GBS", "RKS", "UNA", "UNK", "UNO", "XOM", "XXA", "XXB", "XXC",
)  # fmt: skip
_TRUST: Final = ("settlor", "trustee", "protector")
_NOMINATION: Final = ("nominee", "nominator")


def check_statements(statements: Sequence[BodsStatement], problems: Problems, today: date, whole: bool = True) -> None:
    """Note every problem of the statements, in order; no date may be later than ``today``.

    ``whole`` is False if the statements are a selection from the files.
    """
    for one in statements:
        for check in (_check_days, _BY_KIND[one.kind]):
            _note(one, check(one, today.isoformat()), problems)
    _check_ids(statements, problems)
    _check_series(statements, problems)
    kinds = {one.record: one for one in statements}
    if whole and any(one.fields["declarationSubject"] in kinds for one in statements):
        _check_references(statements, kinds, problems)


def _note(one: BodsStatement, found: Iterator[Found], problems: Problems) -> None:
    for field, message in found:
        problems.at(one, field, message, _REMEDY)


def _check_days(one: BodsStatement, today: str) -> Iterator[Found]:
    fields = one.fields
    days = {
        "statementDate": fields["statementDate"],
        "source/retrievedAt": fields.get("source", {}).get("retrievedAt"),
        "publicationDetails/publicationDate": fields.get("publicationDetails", {}).get("publicationDate"),
    }
    days |= {f"annotations/{at}/creationDate": note.get("creationDate")
             for at, note in enumerate(fields.get("annotations", []))}  # fmt: skip
    for field, day in days.items():
        if day and str(day)[:10] > today:
            yield field, f"{str(day)[:10]} is in the future"
        elif day and str(day)[:4] < "1000":
            yield field, f"{str(day)[:10]} is not a plausible date"


def _check_annotations(one: BodsStatement) -> Iterator[Found]:
    # In the standard's own examples, annotations of relationships point to nothing.
    for at, note in enumerate(one.fields.get("annotations", []) if one.kind == "entity" else []):
        if not _resolves(one.fields, note["statementPointerTarget"]):
            yield f"annotations/{at}/statementPointerTarget", "points to nothing in the statement"


def _resolves(value: Any, pointer: str) -> bool:
    if pointer and not pointer.startswith("/"):
        return False
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return False
    return True


def _check_entity(one: BodsStatement, today: str) -> Iterator[Found]:
    details = one.details
    if (details.get("foundingDate") or "") > (details.get("dissolutionDate") or "9"):
        yield "recordDetails/dissolutionDate", "is before the founding date"
    listing = details.get("publicListing", {})
    if listing.get("hasPublicListing") is False and listing.get("securitiesListings"):
        yield "recordDetails/publicListing/hasPublicListing", "is false although listings are given"


def _check_person(one: BodsStatement, today: str) -> Iterator[Found]:
    born, died = (str(one.details.get(name) or "") for name in ("birthDate", "deathDate"))
    for name, day in (("birthDate", born), ("deathDate", died)):
        if (day and not str(_EARLIEST_YEAR) <= day[:4]) or day > today:
            yield f"recordDetails/{name}", f"{day} is not a plausible date"
    if born and died and (died < born[: len(died)] or int(died[:4]) - int(born[:4]) > _LONGEST_LIFE):
        yield "recordDetails/deathDate", "is inconsistent with the birth date"
    for at, identifier in enumerate(one.details.get("identifiers", [])):
        country, _, kind = str(identifier.get("scheme", "")).partition("-")
        known = country in _PASSPORT_CODES or (len(country) == 3 and country in get_global("territory_aliases"))
        if "scheme" in identifier and not (known and kind in ("PASSPORT", "TAXID", "IDCARD")):
            yield f"recordDetails/identifiers/{at}/scheme", "is not a scheme for persons, such as GBR-PASSPORT"


def _check_interests(one: BodsStatement, today: str) -> Iterator[Found]:
    for at, interest in enumerate(one.details.get("interests", [])):
        place = f"recordDetails/interests/{at}"
        if (interest.get("startDate") or "") > (interest.get("endDate") or "9"):
            yield f"{place}/endDate", "is before the start date"
        yield from _check_share(f"{place}/share", interest.get("share", {}))


def _check_share(place: str, share: Mapping[str, Any]) -> Iterator[Found]:
    for name, other in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if name in share and other in share:
            yield f"{place}/{other}", f"is given together with {name}"
    low, high = (share.get(name, share.get(f"exclusive{name.capitalize()}")) for name in ("minimum", "maximum"))
    if "exact" in share and not {low, high} <= {None, share["exact"]}:
        yield f"{place}/exact", "is given together with bounds"
    elif "exact" not in share and low is not None and high is not None and low >= high:
        yield f"{place}/maximum", "is not above the minimum"


_BY_KIND: Final = {"entity": _check_entity, "person": _check_person, "relationship": _check_interests}


def _check_ids(statements: Sequence[BodsStatement], problems: Problems) -> None:
    seen: dict[str, BodsStatement] = {}
    for one in statements:
        first = seen.setdefault(one.id, one)
        if first is not one:
            message = f"is already used by the statement on line {first.line}"
            problems.at(one, "statementId", message, "give each statement its own identifier")


def _check_series(statements: Sequence[BodsStatement], problems: Problems) -> None:
    for ordered in by_record(statements):
        statuses = [one.status for one in ordered]
        wrong = ""
        if statuses.count("new") > 1 or statuses.count("closed") > 1:
            wrong = "several statements about the record are 'new', or several 'closed'"
        elif "new" in statuses[1:] or "closed" in statuses[:-1]:
            wrong = "'new' must come first and 'closed' last of the statements about a record"
        if wrong:
            problems.at(ordered[-1], "recordStatus", wrong, _REMEDY)
        elif len({one.kind for one in ordered}) > 1:
            message = "statements about the record are of several types"
            problems.at(ordered[-1], "recordType", message, _REMEDY)
        # Each publisher numbers its own records, so these are different records, not versions of one.
        elif len(names := dict.fromkeys(filter(None, map(_publisher, ordered)))) > 1:
            message = f"the record has several publishers: {', '.join(names)[:120]}"
            remedy = "import the files of each publisher as a separate source"
            problems.at(ordered[-1], "recordId", message, remedy)


def _publisher(one: BodsStatement) -> str:
    return str(one.fields.get("publicationDetails", {}).get("publisher", {}).get("name", ""))


def _check_references(
    statements: Sequence[BodsStatement], kinds: Mapping[str, BodsStatement], problems: Problems
) -> None:
    """Check that references lead to records in the files, of the right kind, that come earlier."""
    first: dict[str, int] = {}
    for at, one in enumerate(statements):
        first.setdefault(one.record, at)
    whole = {part: one.record for one in statements for part in one.details.get("componentRecords", [])}
    for one in statements:
        _note(one, _check_annotations(one), problems)
        for check in (_check_subject, _check_parties, _check_kinds_of_interests):
            _note(one, check(one, kinds), problems)
        _note(one, _check_order(one, first, whole), problems)


def _check_subject(one: BodsStatement, kinds: Mapping[str, BodsStatement]) -> Iterator[Found]:
    subject = kinds.get(one.fields["declarationSubject"])
    if subject is None:
        yield "declarationSubject", "no record with this identifier is in the files"
    elif subject.kind == "relationship":
        yield "declarationSubject", "is neither an entity nor a person"


def _check_parties(one: BodsStatement, kinds: Mapping[str, BodsStatement]) -> Iterator[Found]:
    allowed = {"subject": ("entity",), "interestedParty": ("entity", "person")}
    for name, possible in allowed.items() if one.kind == "relationship" else ():
        party = one.details[name]
        if isinstance(party, str) and party not in kinds:
            yield f"recordDetails/{name}", "no record with this identifier is in the files"
        elif isinstance(party, str) and kinds[party].kind not in possible:
            yield f"recordDetails/{name}", f"is a {kinds[party].kind}"
    for at, part in enumerate(one.details.get("componentRecords", [])):
        if part not in kinds:
            yield f"recordDetails/componentRecords/{at}", "no record with this identifier is in the files"


def _check_kinds_of_interests(one: BodsStatement, kinds: Mapping[str, BodsStatement]) -> Iterator[Found]:
    if one.kind != "relationship":
        return
    party, subject = (kinds.get(name) if isinstance(name := one.details[role], str) else None
                      for role in ("interestedParty", "subject"))  # fmt: skip
    sort = subject.details.get("entityType", {}) if subject else {}
    for at, interest in enumerate(one.details.get("interests", [])):
        place, kind = f"recordDetails/interests/{at}", interest.get("type")
        if interest.get("beneficialOwnershipOrControl") is True and party is not None and party.kind != "person":
            yield f"{place}/beneficialOwnershipOrControl", "is true although the interested party is not a person"
        if kind in _NOMINATION and (sort.get("type"), sort.get("subtype")) != ("arrangement", "nomination"):
            yield f"{place}/type", f"a {kind} needs a nomination arrangement as subject"
        if kind in _TRUST and sort.get("subtype") != "trust":
            yield f"{place}/type", f"a {kind} needs a trust as subject"


def _check_order(one: BodsStatement, first: Mapping[str, int], whole: Mapping[str, str]) -> Iterator[Found]:
    for name in ("subject", "interestedParty") if one.kind == "relationship" else ():
        party = one.details[name]
        if isinstance(party, str) and first.get(party, -1) > first[one.record]:
            yield f"recordDetails/{name}", "is described after the relationship"
    if one.details.get("isComponent") is True:
        primary = whole.get(one.record)
        if primary is None:
            yield "recordDetails/isComponent", "is true, but no relationship lists the record as a component"
        elif first.get(primary, -1) < first[one.record]:
            yield "recordDetails/isComponent", "comes after the relationship it is a component of"

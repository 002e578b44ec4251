"""Interests of BODS relationships as stakes and offices, with what the statements about a record say of their time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from peru_asia_graph.importers.bods_sources import cite, place
from peru_asia_graph.importers.bods_statements import BodsStatement
from peru_asia_graph.importers.draft import PROJECTS, Draft, DraftCell, clean

# An interest in shares is a stake; that of a contract is one in a project, which has no shares.
_SHARES: Final = "shareholding"
_CONTRACT: Final = "rightsGrantedByContract"
# Without a stated interest the party is an owner whose share is not stated.
_UNSTATED: Final = ("unknownInterest", "unpublishedInterest")
OFFICES: Final = {
    "boardMember": "Board member", "boardChair": "Chair of the board",
    "seniorManagingOfficial": "Senior managing official",
}  # fmt: skip
# What two statements must agree on for an interest to be the same one.
_SAME: Final = ("type", "directOrIndirect", "share", "startDate", "details")
# What they must agree on for it to be another version of the same.
_VERSION: Final = ("type", "directOrIndirect", "startDate")


class Held(NamedTuple):
    """An interest as statements one after the other give it.

    ``first`` and ``last`` are the statements that have it, ``before`` the one before the first, ``after`` the one after
    the last: None at the ends of the series. A ``changed`` interest is another version of one in the statement before.
    """

    fields: Mapping[str, Any]
    at: int
    first: BodsStatement
    last: BodsStatement
    before: BodsStatement | None
    after: BodsStatement | None
    changed: bool = False

    @property
    def kind(self) -> str:
        """The type of the interest."""
        return str(self.fields.get("type", _UNSTATED[0]))


class Interests:
    """Adds what relationships say; ``records`` has the ids of the parties by their record identifiers."""

    def __init__(self, draft: Draft, records: dict[str, str]) -> None:
        self.draft = draft
        self.records = records

    def add(self, parts: Sequence[BodsStatement]) -> None:
        """Add the interests of a relationship from all statements about it, in the order of time."""
        for held in combine(merge(parts), self.draft):
            owned, owner = (self._party(held.last, role) for role in ("subject", "interestedParty"))
            if not owned or not owner:
                continue
            if held.kind in OFFICES and self._class_of(owner) == "Person":
                self._add_office(held, owner, owned, OFFICES[held.kind])
            elif self._is_stake(held, owner, owned):
                self._add_stake(held, owner, owned)
            else:
                self.draft.losses.add("relationship", f"interests.{held.kind}", "is no share", owner, place(held.last))

    def _class_of(self, slug: str) -> str:
        return self.draft.tables["entities"][slug]["type"]

    def _is_stake(self, held: Held, owner: str, owned: str) -> bool:
        if owner == owned or held.fields.get("share", {}).get("exact") == 0:
            return False
        types = [one.get("type", "") for one in held.last.details.get("interests", [])]
        return (
            held.kind == _SHARES
            or (held.kind == _CONTRACT and self._class_of(owned) in PROJECTS)
            or (held.kind in _UNSTATED and _SHARES not in types)
        )

    def _party(self, one: BodsStatement, role: str) -> str:
        """Return the id of a party; empty when the statement says only why there is none, which its subject keeps."""
        found = one.details[role]
        if isinstance(found, str):
            if found not in self.records:
                self.draft.losses.add("relationship", role, "is described in another file", found, place(one))
                kind = "Organization"
                self.records[found] = self.draft.thing(found, kind, f"record {found}", [cite(one, self.draft)])
            return self.records[found]
        reason = "; ".join(filter(None, (found["reason"], clean(found.get("description", "")))))
        if role == "interestedParty" and (subject := self._party(one, "subject")):
            row = self.draft.tables["entities"][subject]
            said = f"interested party not named: {reason}"
            if said not in row.get("description", ""):
                row["description"] = "; ".join(filter(None, (row.get("description", ""), said)))
        self.draft.losses.add("relationship", role, "not named, so no stake", reason, place(one))
        return ""

    def _add_stake(self, held: Held, owner: str, owned: str) -> None:
        share, draft = held.fields.get("share", {}), self.draft
        low = share.get("minimum", share.get("exclusiveMinimum"))
        high = share.get("maximum", share.get("exclusiveMaximum"))
        for name in ("exclusiveMinimum", "exclusiveMaximum"):
            if name in share:
                draft.losses.add(
                    "relationship", f"share.{name}", "kept as an inclusive bound", share[name], place(held.last)
                )
        how = held.fields.get("directOrIndirect", "unknown")
        if how == "unknown":
            draft.losses.add(
                "relationship", "directOrIndirect", "unknown, read as direct", held.last.id, place(held.last)
            )
        if held.fields.get("beneficialOwnershipOrControl") is not None:
            draft.losses.add("relationship", "beneficialOwnershipOrControl", "no place here", "", place(held.last))
        for part in held.last.details.get("componentRecords", []):
            draft.losses.add("relationship", "componentRecords", "the steps of a chain are not linked to it", part)
        exact = share.get("exact")
        cells: dict[str, DraftCell] = {
            "owner": owner,
            "owned": owned,
            "basis": "indirect" if how == "indirect" else "direct",
            "certainty": "stated",
            "share_percent": _number(exact),
            "share_low": _number(low if exact is None else None),
            "share_high": _number(high if exact is None else None),
            "note": self._note(held),
        }
        draft.add("stakes", self._key(held, "stakes"), [self._cite(held)], **cells, **_times(held))

    def _add_office(self, held: Held, holder: str, body: str, office: str) -> None:
        cells: dict[str, DraftCell] = {"holder": holder, "office": office, "office_of": body, "certainty": "stated"}
        self.draft.add("tenures", self._key(held, "tenures"), [self._cite(held)], **cells, **_times(held))

    def _key(self, held: Held, table: str) -> str:
        return self.draft.id_of(f"{held.first.id}-{held.at + 1}", table)

    def _cite(self, held: Held) -> str:
        return cite(held.last, self.draft, f"recordDetails/interests/{held.at}" if held.at >= 0 else "recordDetails")

    def _note(self, held: Held) -> str:
        notes = [clean(str(held.fields.get("details", "")))]
        for one in held.last.fields.get("annotations", []):
            if one["motivation"] == "commenting" and one.get("description"):
                notes.append(clean(one["description"]))
            else:
                example = one.get("description") or one.get("url", "")
                self.draft.losses.add("annotation", one["motivation"], "no place here", example, place(held.last))
        return "; ".join(filter(None, notes))


def merge(parts: Sequence[BodsStatement]) -> list[Held]:
    """Return the interests of all statements about one relationship; one that stays the same is one.

    A statement that closes the record without saying of an interest that it ended, ends it.
    """
    found: list[Held] = []
    for number, one in enumerate(parts):
        if one.status == "closed" and number:
            found = _close(found, parts[number - 1], one)
            continue
        before, after = parts[number - 1] if number else None, parts[number + 1] if number + 1 < len(parts) else None
        interests = list(enumerate(one.details.get("interests", []))) or [(-1, {})]
        for at, fields in interests:
            same = [old for old in found if old.last is before and _is_same(old.fields, fields)]
            if same:
                found[found.index(same[0])] = same[0]._replace(fields=fields, at=at, last=one, after=after)
            else:
                changed = any(old.last is before and _is_same(old.fields, fields, _VERSION) for old in found)
                found.append(Held(fields, at, one, one, before, after, changed))
    return found


def combine(interests: Sequence[Held], draft: Draft) -> list[Held]:
    """Return the interests, several in shares of one statement (classes of shares) as one whose share is not stated."""
    found: dict[tuple[str, str, str], Held] = {}
    for held in interests:
        how = str(held.fields.get("directOrIndirect", ""))
        key = (held.last.id, held.kind, how if held.kind in (_SHARES, _CONTRACT) else str(held.at))
        first = found.get(key)
        if first is None:
            found[key] = held
            continue
        draft.losses.add("relationship", "share", "several of one party at a time are not added up", held.last.id,
                         place(held.last))  # fmt: skip
        told = [first.fields.get("details", ""), _written(first), _written(held)]
        fields = {name: value for name, value in first.fields.items() if name != "share"}
        found[key] = first._replace(fields={**fields, "details": "; ".join(filter(None, told))})
    return list(found.values())


def _written(held: Held) -> str:
    share, details = held.fields.get("share", {}), str(held.fields.get("details", ""))
    told = ", ".join(f"{name} {value}" for name, value in share.items())
    return f"{told} ({details})" if told and details else told


def _close(found: Sequence[Held], last: BodsStatement, closing: BodsStatement) -> list[Held]:
    """Return the interests with the end dates that the closing statement gives."""
    ended = []
    for held in found:
        same = [one for one in closing.details.get("interests", []) if _is_same(held.fields, one)]
        told = held.last is last and same and same[0].get("endDate")
        ended.append(held._replace(fields=same[0], last=closing) if told else held)
    return ended


def _is_same(one: Mapping[str, Any], other: Mapping[str, Any], names: Sequence[str] = _SAME) -> bool:
    return all(one.get(name) == other.get(name) for name in names)


def _times(held: Held) -> dict[str, DraftCell]:
    """Return from when to when it held: days the statements give, else that it changed between two of them."""
    start, end = held.fields.get("startDate"), held.fields.get("endDate")
    if held.before is not None and (held.changed or not start):
        start = _between(held.before.day, held.first.day)
    if not end and held.after is not None:
        end = _between(held.last.day, held.after.day)
    return {"valid_from": start or None, "valid_until": end or None, "as_of": held.last.day}


def _between(one: str, other: str) -> str:
    return one if one == other else f"[{one}..{other}]"


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))

"""Converts the interests of BODS relationships to stakes, offices and subsidiaries, with their dates."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Final

from peru_asia_graph.exporters.bods_records import OFFICES as EXPORTED_OFFICES
from peru_asia_graph.importers.bods_history import UNSTATED, Held, is_subsidiary, merge, read_words, written
from peru_asia_graph.importers.bods_statements import BodsStatement, cite, comments
from peru_asia_graph.importers.draft import Draft, DraftCell, clean
from peru_asia_graph.importers.shares import EXCLUSIVE
from peru_asia_graph.importers.stakes import ForeignStake, ForeignStakes
from peru_asia_graph.vocabulary import PROJECTS

# An interest in shares is a stake; an interest by contract is one only in a project, since projects have no shares.
_SHARES: Final = "shareholding"
OFFICES: Final = {kind: office for office, kind in EXPORTED_OFFICES.items()}


class Interests:
    """Adds the interests of relationships; ``records`` maps record identifiers to the ids of the parties."""

    def __init__(self, draft: Draft, records: dict[str, str]) -> None:
        self.draft = draft
        self.records = records
        # Identifiers of the statements whose comments became notes of a stake or office.
        self.noted: set[str] = set()
        self.stakes = ForeignStakes(draft, "relationship", "share")

    def add(self, parts: Sequence[BodsStatement]) -> None:
        """Add the interests of a relationship from all statements about it, in chronological order."""
        for held in merge(parts, self.draft.losses):
            owned, owner = (self._party(held.last, role) for role in ("subject", "interestedParty"))
            if not owned or not owner:
                continue
            if held.kind in OFFICES and self._class_of(owner) == "Person":
                self._add_office(held, owner, owned, OFFICES[held.kind])
            elif is_subsidiary(held):
                self._add_subsidiary(held, owner, owned)
            elif self._is_stake(held, owner, owned):
                self._add_stake(held, owner, owned)
            else:
                self._count_lost(held, owner, owned)

    def _count_lost(self, held: Held, owner: str, owned: str) -> None:
        share = held.fields.get("share", {})
        reason, example = "not a share", " ".join(filter(None, (owner, written(held.fields))))
        if owner == owned:
            reason = "both parties are the same"
        elif share.get("exact") == 0:
            reason = "a share of 0 is not a stake"
        self.draft.lose(held.last, f"interests.{held.kind}", reason, example)

    def _class_of(self, slug: str) -> str:
        return self.draft.tables["entities"][slug]["type"]

    def _is_stake(self, held: Held, owner: str, owned: str) -> bool:
        if owner == owned or held.fields.get("share", {}).get("exact") == 0:
            return False
        types = [one.get("type", "") for one in held.last.details.get("interests", [])]
        return (
            held.kind == _SHARES
            or (held.kind == "rightsGrantedByContract" and self._class_of(owned) in PROJECTS)
            or (held.kind in UNSTATED and _SHARES not in types)
        )

    def _party(self, one: BodsStatement, role: str) -> str:
        """Return the id of a party; empty if it is not named: the reason is then added to the subject's description."""
        found = one.details[role]
        if isinstance(found, str):
            if found not in self.records:
                self.draft.lose(one, role, "described in another file", found)
                kind = "Organization"
                self.records[found] = self.draft.thing(found, kind, f"record {found}", [cite(one, self.draft)])
            return self.records[found]
        reason = "; ".join(filter(None, (found["reason"], clean(found.get("description", "")))))
        if role == "interestedParty" and (subject := self._party(one, "subject")):
            row = self.draft.tables["entities"][subject]
            said = f"interested party not named: {reason}"
            if said not in row.get("description", ""):
                row["description"] = "; ".join(filter(None, (row.get("description", ""), said)))
        self.draft.lose(one, role, "not named, so no stake", reason)
        return ""

    def _add_stake(self, held: Held, owner: str, owned: str) -> None:
        share, draft = held.fields.get("share", {}), self.draft
        low = share.get("minimum", share.get("exclusiveMinimum"))
        high = share.get("maximum", share.get("exclusiveMaximum"))
        for name in ("exclusiveMinimum", "exclusiveMaximum"):
            if name in share:
                draft.lose(held.last, f"share.{name}", EXCLUSIVE, share[name])
        how = held.fields.get("directOrIndirect", "unknown")
        if how == "unknown":
            draft.lose(held.last, "directOrIndirect", "unknown; imported as direct", held.last.id)
        self._count_control(held)
        for part in held.last.details.get("componentRecords", []):
            draft.losses.add("relationship", "componentRecords", "not linked to the relationship", part)
        exact = share.get("exact")
        number = partial(self._number, held)
        cells: dict[str, DraftCell] = {
            "owner": owner,
            "owned": owned,
            "basis": "indirect" if how == "indirect" else "direct",
            "share_percent": number(exact),
            "share_low": number(low if exact is None else None),
            "share_high": number(high if exact is None else None),
            **self._stated(held),
        }
        self.stakes.add(ForeignStake(self._key(held, "stakes"), cells, [self._cite(held)], held.last.place))

    def _number(self, held: Held, value: Any) -> Decimal | None:
        number = None if value is None else Decimal(str(value))
        return self.draft.rounded(held.last, "share", number)

    def _count_control(self, held: Held) -> None:
        name = "beneficialOwnershipOrControl"
        if name in held.fields:
            told = json.dumps(held.fields[name])
            self.draft.lose(held.last, name, "not supported", told)

    def _add_office(self, held: Held, holder: str, body: str, office: str) -> None:
        self._count_control(held)
        cells: dict[str, DraftCell] = {"holder": holder, "office": office, "office_of": body, **self._stated(held)}
        self.draft.add("tenures", self._key(held, "tenures"), [self._cite(held)], **cells)

    def _add_subsidiary(self, held: Held, parent: str, firm: str) -> None:
        self._count_control(held)
        cells: dict[str, DraftCell] = {"subject": firm, "relation": "subsidiaryOf", "object": parent}
        self.draft.add("relations", self._key(held, "relations"), [self._cite(held)], **cells, **self._stated(held))

    def _key(self, held: Held, table: str) -> str:
        return self.draft.id_of(f"{held.first.id}-{held.at + 1}", table)

    def _cite(self, held: Held) -> str:
        return cite(held.last, self.draft, f"recordDetails/interests/{held.at}" if held.at >= 0 else "recordDetails")

    def _stated(self, held: Held) -> dict[str, DraftCell]:
        """Return certainty, dates and note."""
        self.noted.add(held.last.id)
        cells, words = read_words(held)
        return {**cells, "note": "; ".join(filter(None, [clean(words), *comments(held.last)]))}

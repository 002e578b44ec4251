"""The sign (kind) of a dealing, which is one of four, and the direction of a visit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

AGREEMENT: Final = "agreement"
VISIT: Final = "visit"
RELATIONS: Final = "relations"
DEED: Final = "deed"
# Event types by sign; all others, such as aid, promises, sales and bans, are deeds.
SIGNS: Final[Mapping[str, str]] = {
    "agreement-signing": AGREEMENT,
    "state-visit": VISIT,
    "official-visit": VISIT,
    "recognition": RELATIONS,
    "establishment-of-relations": RELATIONS,
    "diplomatic-mission": RELATIONS,
    "anniversary": RELATIONS,
    "accession": RELATIONS,
    "withdrawal": RELATIONS,
}
MIGRATION: Final = frozenset({"migration", "immigration-ban", "deportation"})
HOST: Final = "host"


def sign_of(event_type: str) -> str:
    """Return the sign for an event type.

    >>> sign_of("state-visit"), sign_of("arms-sale")
    ('visit', 'deed')
    """
    return SIGNS.get(event_type, DEED)


def direction(home: str, parts: Iterable[tuple[str, str]], states: Mapping[str, frozenset[str]]) -> str:
    """Return the direction of a visit: ``home``, ``partner``, or ``both`` if neither or both sides are hosts."""
    hosts = {state for actor, role in parts if role == HOST for state in states[actor]}
    if hosts == {home}:
        return "home"
    return "partner" if hosts and home not in hosts else "both"

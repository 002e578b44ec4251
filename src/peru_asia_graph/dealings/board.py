"""The rows of the diplomacy board: one for each dealing of a state with others.

An event whose subject is a single agreement is merged into the agreement's row. Dealings without the state, or without
a partner, are set aside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from peru_asia_graph.dealings.sides import COMMUNITY, Participant, busiest_state, find_sides, states_of_actors

if TYPE_CHECKING:
    import networkx as nx

PARTY: Final = "party"
TAKING_PART: Final = frozenset({"participant", PARTY})
AGREEMENT: Final = "agreement"
VISIT: Final = "visit"
RELATIONS: Final = "relations"
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


@dataclass(frozen=True)
class BoardRow:
    """A dealing according to one source.

    ``partners`` are the states on the other side, sorted; empty if there is only a body without a state. ``home`` and
    ``across`` are the persons and bodies on each side, ``beside`` those whose side is unknown. ``toward`` is the
    direction of a visit (``home``, ``partner`` or ``both``), ``people`` marks dealings about migration, and ``folded``
    lists the events merged into the agreement. ``date`` and ``until`` are as in the source, or empty.
    """

    id: str
    source: str
    sign: str
    date: str
    until: str
    certainty: str
    partners: tuple[str, ...]
    home: tuple[str, ...]
    across: tuple[str, ...]
    beside: tuple[str, ...]
    toward: str = ""
    people: bool = False
    folded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Board:
    """All rows by id and source, the dealings set aside (id and source), and pure office holders (slug and state)."""

    home: str | None
    rows: tuple[BoardRow, ...]
    aside: tuple[tuple[str, str], ...]
    officers: tuple[tuple[str, str], ...]


@dataclass
class _EventRecord:
    """What one source says about one event or agreement."""

    parts: list[Participant] = field(default_factory=list)
    date: str = ""
    until: str = ""
    certainty: str = ""
    agreement: bool = False
    folded: list[str] = field(default_factory=list)

    def add(self, actor: str, facts: Mapping[str, Any]) -> None:
        self.agreement |= facts["relation"] == PARTY
        self.parts.append((actor, str(facts.get("role", PARTY))))
        self.date = self.date or str(facts.get("valid_from", ""))
        self.until = self.until or str(facts.get("valid_until", ""))
        self.certainty = self.certainty or str(facts.get("certainty", ""))

    def fold(self, name: str, event: _EventRecord) -> None:
        """Merge an event: add its participants, and take its date if this has none or began with it."""
        if not self.date or self.date == event.date:
            self.date, self.until = event.date, self.until or event.until
        self.parts += event.parts
        self.folded.append(name)


def read_board(graph: nx.MultiDiGraph[str], home: str | None = None) -> Board:
    """Return the rows of the board of a state, by default the one that takes part in most dealings.

    ``graph`` is the network "diplomacy": nodes with ``type``, ``country`` and ``event_type``; edges with ``relation``,
    ``role``, ``valid_from``, ``valid_until`` and ``source``. Sources are read separately.
    """
    kinds = {node: facts.get("type") for node, facts in graph.nodes(data=True)}
    states = states_of_actors(graph)
    told = _read_events(graph)
    home = busiest_state(states, (one.parts for one in told.values())) if home is None else home
    if home is None:
        return Board(None, (), (), ())
    rows: list[BoardRow] = []
    aside: list[tuple[str, str]] = []
    for (name, source), one in sorted(told.items()):
        row = _row(name, source, one, home, states, graph.nodes[name].get("event_type", ""), kinds)
        if row is None:
            aside.append((name, source))
        else:
            rows.append(row)
    return Board(home, tuple(rows), tuple(aside), _officers(graph, rows))


def _read_events(graph: nx.MultiDiGraph[str]) -> dict[tuple[str, str], _EventRecord]:
    """Return every event and agreement by name and source, with events merged into their agreement."""
    told: dict[tuple[str, str], _EventRecord] = defaultdict(_EventRecord)
    for actor, name, facts in graph.edges(data=True):
        if facts.get("relation") in TAKING_PART:
            told[name, str(facts.get("source", ""))].add(actor, facts)
    agreements = {key for key, one in told.items() if one.agreement}
    names = {name for name, _ in agreements}
    for (name, source), one in sorted(told.items()):
        subjects = {actor for actor, role in one.parts if role == "subject" and actor in names}
        one.parts = [(actor, role) for actor, role in one.parts if actor not in names]
        if not one.agreement and len(subjects) == 1 and (*subjects, source) in agreements:
            told[min(subjects), source].fold(name, one)
            del told[name, source]
    return dict(told)


def _row(
    name: str,
    source: str,
    one: _EventRecord,
    home: str,
    states: Mapping[str, frozenset[str]],
    event_type: str,
    kinds: Mapping[str, Any],
) -> BoardRow | None:
    sides = find_sides(one.parts, home, states, kinds)
    if sides is None:
        return None
    sign = AGREEMENT if one.agreement else sign_of(event_type)
    named = {actor for actor, _ in one.parts if states[actor] - {home}}
    moved = event_type in MIGRATION or (bool(named) and all(kinds.get(actor) == COMMUNITY for actor in named))
    return BoardRow(
        id=name,
        source=source,
        sign=sign,
        date=one.date,
        until=one.until,
        certainty=one.certainty,
        partners=sides.partners,
        home=sides.home,
        across=sides.across,
        beside=sides.beside,
        toward=direction(home, one.parts, states) if sign == VISIT else "",
        people=moved,
        folded=tuple(sorted(one.folded)),
    )


def _officers(graph: nx.MultiDiGraph[str], rows: list[BoardRow]) -> tuple[tuple[str, str], ...]:
    """Return the office holders of a state that take part in no row."""
    active = {actor for row in rows for actor in (*row.home, *row.across, *row.beside)}
    held = {(actor, state) for actor, state, facts in graph.edges(data=True) if facts.get("relation") == "officeOf"}
    return tuple(sorted((actor, state) for actor, state in held if actor not in active))


def sign_of(event_type: str) -> str:
    """Return the sign for an event type.

    >>> sign_of("state-visit"), sign_of("arms-sale")
    ('visit', 'deed')
    """
    return SIGNS.get(event_type, "deed")


def direction(home: str, parts: Iterable[tuple[str, str]], states: Mapping[str, frozenset[str]]) -> str:
    """Return the direction of a visit: ``home``, ``partner``, or ``both`` if neither or both sides are hosts."""
    hosts = {state for actor, role in parts if role == "host" for state in states[actor]}
    if hosts == {home}:
        return "home"
    return "partner" if hosts and home not in hosts else "both"

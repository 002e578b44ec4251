"""The rows of the diplomacy board: one for each dealing of a state with others.

An event whose subject is a single agreement is merged into the agreement's row. Dealings without the state, or without
a partner, are set aside.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

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

STATE: Final = "State"
COMMUNITY: Final = "Community"
# Types that can be on the other side without a home state.
BODIES: Final = frozenset({"InternationalBody", "Organization", "Association"})
# Roles of supporters and predecessors: their states are partners only if nobody else is.
HELPER: Final = "supporter"
BEFORE: Final = "predecessor"

Participant = tuple[str, str]  # slug and role


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


@dataclass(frozen=True)
class Sides:
    """The sides of a dealing. ``home``, ``across`` and ``beside`` are participants other than states.

    ``partners`` are the states on the other side, sorted; ``across`` those who act for them, bodies without a state and
    states that only supported the dealing; ``beside`` are participants whose side is unknown.
    """

    partners: tuple[str, ...] = ()
    home: tuple[str, ...] = ()
    across: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


def states_of_actors(graph: nx.MultiDiGraph[str]) -> dict[str, frozenset[str]]:
    """Return the states of every node: the state itself, a home state, the state of an office, a state of descent.

    An office counts only if no home state is known; descent counts only for a community.
    """
    kinds: Mapping[str, Any] = {node: facts.get("type") for node, facts in graph.nodes(data=True)}
    found: dict[str, set[str]] = {node: set() for node in graph}
    for node, facts in graph.nodes(data=True):
        if kinds[node] == STATE:
            found[node] = {node}
        elif facts.get("country"):
            found[node] = {str(facts["country"])}
    known = {node for node, states in found.items() if states}
    for source, target, facts in graph.edges(data=True):
        office = facts.get("relation") == "officeOf" and source not in known
        descent = facts.get("relation") == "descendedFrom" and kinds[source] == COMMUNITY
        if kinds[target] == STATE and (office or descent):
            found[source].add(target)
    return {node: frozenset(states) for node, states in found.items()}


def busiest_state(states: Mapping[str, frozenset[str]], dealings: Iterable[Iterable[Participant]]) -> str | None:
    """Return the state that takes part, itself or through its people, in most dealings; ties go to the first name."""
    counts = Counter(
        state for parts in dealings for state in {state for actor, _ in parts for state in states.get(actor, ())}
    )
    return min(counts, key=lambda state: (-counts[state], state), default=None)


def find_sides(
    parts: Iterable[Participant], home: str, states: Mapping[str, frozenset[str]], kinds: Mapping[str, Any]
) -> Sides | None:
    """Return the sides of a dealing of the home state; None if that state or the other side is missing."""
    taking = sorted(set(parts))
    near = {actor for actor, _ in taking if home in states[actor]}
    far = {actor: role for actor, role in reversed(taking) if states[actor] - {home}}
    acting = {actor for actor, role in taking if actor in far and role not in (HELPER, BEFORE)}
    helping = {actor for actor, role in taking if actor in far and role == HELPER}
    unbound = {actor for actor, role in taking if not states[actor] and role not in (HELPER, BEFORE)}
    bodies = {actor for actor in unbound if kinds.get(actor) in BODIES}
    if not acting and not bodies:
        acting, helping = helping, set()
    partners = {state for actor in acting for state in states[actor]} - {home}
    if not near or not (partners or bodies):
        return None
    across = (acting | (helping if not partners else set())) if partners else bodies | helping
    guests = {actor for actor, role in taking if role == "visitor" and not states[actor]}
    senders = {state for actor, role in taking if role == "sender" for state in states[actor]}
    near |= guests if home in senders else set()
    across |= guests if senders and home not in senders else set()
    placed = near | across
    return Sides(
        partners=tuple(sorted(partners)),
        home=tuple(sorted(actor for actor in near if kinds.get(actor) != STATE)),
        across=tuple(sorted(actor for actor in across if kinds.get(actor) != STATE or actor not in partners)),
        beside=tuple(sorted({actor for actor, _ in taking} - placed)),
    )

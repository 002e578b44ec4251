"""The sides of a dealing: the state for which each participant acts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import networkx as nx

STATE: Final = "State"
COMMUNITY: Final = "Community"
# Types that can be on the other side without a home state.
BODIES: Final = frozenset({"InternationalBody", "Organization", "Association"})
# Roles of supporters and predecessors: their states are partners only if nobody else is.
HELPER: Final = "supporter"
BEFORE: Final = "predecessor"

Participant = tuple[str, str]  # slug and role


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

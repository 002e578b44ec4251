"""The home states of the owners of a thing, at the ends of chains, and which source says so."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from peru_asia_graph.site.cards.context import CardContext
from peru_asia_graph.site.cards.holdings import ThingHoldings, is_doubtful


class StateShare(NamedTuple):
    """The share of a state in a thing, and the other source that says whose home it is, where only that does."""

    share: Decimal
    told_by: str = ""


def end_states(context: CardContext, found: ThingHoldings) -> dict[str, StateShare]:
    """Return the share of each home state in a thing, by the owners at the end of chains, of the first source only.

    Owners that have owners themselves are not ends; shares known only within bounds leave their state out.
    """
    if not found.direct:
        return {}
    source = next(iter(found.direct[0].stakes))
    held = {one.owned for one in found.behind if source in one.stakes}
    ends = {one.owner: one.shares[source] for one in found.direct if source in one.stakes and one.owner not in held
            and not is_doubtful(one.stakes[source])}  # fmt: skip
    for share in found.through_up:
        if share.source == source and share.owner not in held:
            ends[share.owner] = share.low if share.low == share.high else None
    states: dict[str, list[Decimal | None]] = {}
    for owner, part in ends.items():
        states.setdefault(context.state_of(owner), []).append(part)
    whole = {state: [part for part in parts if part is not None] for state, parts in states.items()}
    complete = [state for state, parts in whole.items() if state and len(parts) == len(states[state])]
    return {
        state: StateShare(
            sum(whole[state], Decimal()),
            next((told for owner in ends if (told := _told_by(context, owner, state, source))), ""),
        )
        for state in complete
    }


def _told_by(context: CardContext, owner: str, state: str, source: str) -> str:
    """Return the source that says that this is the owner's home state; empty where the one of the share does."""
    told = [one for term, one in context.name(owner).said.get("pag:homeState", ()) if term.value == state]
    return "" if source in told or "" in told else next(iter(told), "")

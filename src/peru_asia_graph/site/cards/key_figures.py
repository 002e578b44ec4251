"""The key figures at the top of a card, from facts; amounts and shares of several sources are not added up."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from peru_asia_graph.site.cards.card import KeyFigure
from peru_asia_graph.site.cards.context import CardContext, by_source, percent, source_name
from peru_asia_graph.site.cards.holdings import (
    WHOLE,
    Holding,
    ThingHoldings,
    is_doubtful,
    is_held,
    is_of_several,
    totals,
)
from peru_asia_graph.site.cards.rows import money, value_text
from peru_asia_graph.store.values import decimal
from peru_asia_graph.views.words import countries
from peru_asia_graph.vocabulary import local

# The measured values of a deposit, the most informative first.
_DEPOSIT = ("ore-tonnage", "grade")
_MOST_DEPOSIT = 2


def asset_figures(context: CardContext, found: ThingHoldings, differences: int) -> list[KeyFigure]:
    """Return the largest holder, the shares of Asian states, what is not accounted for, and the differences."""
    t, figures = context.frame.t, []
    certain = [one for one in found.direct if one.kind == "solid"]
    by = (
        by_source(context, next(iter(found.direct[0].stakes))) if found.direct and is_of_several(context, found) else ""
    )
    share, source = max(map(_held_share, certain), key=lambda one: one[0][0], default=((Decimal(), WHOLE), ""))
    if share[0] == share[1]:
        name = t("card.figure.largest") + (by and by_source(context, source))
        figures.append(KeyFigure(percent(share[0], context.language), name))
    states = sorted(end_states(context, found).items(), key=lambda one: (-one[1].share, one[0]))
    for state, part in [one for one in states if countries().get(local(one[0]), {}).get("asia")][:2]:
        name = t("card.figure.state", state=context.thing(state).text) + by
        home = f"; {t('card.figure.home', source=source_name(context, part.told_by))}" if part.told_by else ""
        figures.append(KeyFigure(percent(part.share, context.language), name + home))
    if certain and (found_total := totals(found.direct, next(iter(certain[0].stakes)))):
        left = WHOLE - found_total[0]
        if left > 0 and found_total[0] == found_total[1]:
            figures.append(KeyFigure(percent(left, context.language), t("card.figure.open") + by))
    figures += deposit_figures(context)
    return [*figures, *investment_figure(context), *difference_figure(context, differences)]


def _held_share(one: Holding) -> tuple[tuple[Decimal, Decimal], str]:
    """Return the share that the owner holds according to the first source that gives it, if possible exactly."""
    held = {source: bounds for source, bounds in one.bounds.items() if is_held(one, source)}
    exact = (source for source, (low, high) in held.items() if low == high)
    source = next(exact, next(iter(held), ""))
    return held.get(source, (Decimal(), WHOLE)), source


def deposit_figures(context: CardContext) -> list[KeyFigure]:
    """Return the tonnage and copper grade of a deposit, as stated by sources."""
    records = context.linked(("pag:figureOf", ""))
    found = []
    for measure in _DEPOSIT:
        for one in records:
            good = one.value("pag:category")
            if local(one.value("pag:measure")) == measure and (not good or "copper" in local(good)):
                name = context.code(one.value("pag:measure")) + (f", {context.thing(good).text}" if good else "")
                found.append(KeyFigure(value_text(context, one), f"{name} ({context.short(one.source)})"))
    return found[:_MOST_DEPOSIT]


def difference_figure(context: CardContext, differences: int) -> list[KeyFigure]:
    """Return the number of differences between sources, or nothing if there are none."""
    return [count_figure(context, "differences", differences)] if differences else []


def investment_figure(context: CardContext) -> list[KeyFigure]:
    """Return the largest announced amount; amounts are not added up, because the same one is often printed twice."""
    records = context.linked(("pag:project", "pag:Investment"), ("pag:investor", ""))
    amounts = [(amount, one) for one in records if (amount := decimal(one.value("pag:amountUsdMillion")))]
    if not amounts:
        return []
    _, largest = max(amounts, key=lambda one: one[0])
    name = context.frame.t(f"card.figure.{'announced' if len(amounts) == 1 else 'largest-announced'}")
    return [
        KeyFigure(money(context, largest), name + (by_source(context, largest.source) if context.is_of_several else ""))
    ]


def firm_figures(context: CardContext, found: ThingHoldings, differences: int) -> list[KeyFigure]:
    """Return how many things it holds directly and is named for, and its largest announced investment."""
    figures = []
    for key, number in (("held", len(found.held)), ("named", len(found.named_in)),
                        ("events", len(context.links.get(("pag:participant", "pag:Participation"), ())))):  # fmt: skip
        if number:
            figures.append(count_figure(context, key, number))
    return [*figures, *investment_figure(context), *difference_figure(context, differences)]


def counted_figures(context: CardContext, **links: Sequence[tuple[str, str]]) -> list[KeyFigure]:
    """Return the number of statements of each kind."""
    found = []
    for key, some in links.items():
        number = len({one for link in some for one in context.links.get(link, ())})
        if number:
            found.append(count_figure(context, key, number))
    return found


def count_figure(context: CardContext, key: str, number: int) -> KeyFigure:
    """Return a count with its caption, singular for one."""
    return KeyFigure(context.frame.number(number), context.frame.t(f"card.figure.{key}{'.one' if number == 1 else ''}"))


class StateShare(NamedTuple):
    """The share of a state in a thing, and the source of the home state if it is another one."""

    share: Decimal
    told_by: str = ""


def end_states(context: CardContext, found: ThingHoldings) -> dict[str, StateShare]:
    """Return the share of each home state in a thing, by its ultimate owners, from the first source only.

    Owners that have owners are not ultimate; a state whose shares are only known within bounds, or depend on a former
    or uncertain stake, is left out.
    """
    if not found.direct:
        return {}
    source = next(iter(found.direct[0].stakes))
    held = {one.owned for one in found.behind if source in one.stakes}
    ends = {one.owner: _exact_share(one, source) for one in found.direct if source in one.stakes
            and one.owner not in held and not is_doubtful(one.stakes[source])}  # fmt: skip
    doubtful = {
        stake.iri for one in (*found.direct, *found.behind) for stake in one.stakes.values() if is_doubtful(stake)
    }
    for share in found.through_up:
        if share.source == source and share.owner not in held:
            is_sure = doubtful.isdisjoint(share.record.values("prov:wasDerivedFrom"))
            ends[share.owner] = share.low if is_sure and share.low == share.high else None
    states: dict[str, list[Decimal | None]] = {}
    for owner, part in ends.items():
        states.setdefault(context.state_of(owner, source), []).append(part)
    whole = {state: [part for part in parts if part is not None] for state, parts in states.items()}
    complete = [state for state, parts in whole.items() if state and len(parts) == len(states[state])]
    return {
        state: StateShare(
            sum(whole[state], Decimal()),
            next((told for owner in ends if (told := _told_by(context, owner, state, source))), ""),
        )
        for state in complete
    }


def _exact_share(one: Holding, source: str) -> Decimal | None:
    """Return the share that an owner holds according to a source, None if it may be another one."""
    low, high = totals([one], source) or (Decimal(), WHOLE)
    return low if low == high else None


def _told_by(context: CardContext, owner: str, state: str, source: str) -> str:
    """Return the source of the owner's home state; empty if it is the source of the share."""
    told = [one for term, one in context.name(owner).said.get("pag:homeState", ()) if term.value == state]
    return "" if source in told or "" in told else next(iter(told), "")

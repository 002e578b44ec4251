"""The sentence under the heading of a card, generated from facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from peru_asia_graph.site.cards.card import Piece
from peru_asia_graph.site.cards.context import CardContext, by_source, date_text, join, percent, source_name
from peru_asia_graph.site.cards.holdings import Holding, ThingHoldings, is_held, is_of_several
from peru_asia_graph.site.cards.reader import Resource
from peru_asia_graph.site.cards.rows import dated_key, hedge, share_text
from peru_asia_graph.vocabulary import local

SentencePart = str | Piece | Sequence[Piece]
_PLACE: Final = re.compile(r"\{(\w+)\}")


def say(context: CardContext, key: str, **values: SentencePart) -> list[Piece]:
    """Return words with texts and links inserted."""
    pieces: list[Piece] = []
    for place, part in enumerate(_PLACE.split(context.frame.t(f"card.say.{key}"))):
        value: SentencePart = values[part] if place % 2 else part
        if isinstance(value, Piece):
            pieces.append(value)
        elif isinstance(value, str):
            pieces += [Piece(value)] if value else []
        else:
            pieces += value
    return pieces


def capital(pieces: Sequence[Piece]) -> list[Piece]:
    """Return a sentence with its first letter capitalized."""
    if not pieces:
        return []
    first = pieces[0]
    return [Piece(first.text[:1].upper() + first.text[1:], first.link, first.language), *pieces[1:]]


def asset_sentence(context: CardContext, kind: str, found: ThingHoldings) -> list[Piece]:
    """Return the kind of asset, its location and phase, and its holders."""
    places = [iri for iri in context.own.values("pag:locatedIn") if local(iri) != "peru"]
    goods = context.own.values("pag:commodity")
    text = say(
        context,
        "asset",
        kind=kind,
        goods=say(context, "goods", goods=context.things(goods, 3)) if goods else "",
        place=say(context, "in", place=context.things(places, 3)) if places else "",
    )
    return [*capital(text), Piece(". "), *_holders(context, found)]


def _holders(context: CardContext, found: ThingHoldings) -> list[Piece]:
    certain = [one for one in found.direct if one.kind == "solid"]
    if not certain:
        named = dict.fromkeys(one.company for one in found.named_for)
        companies = [iri for iri in named if context.state_of(iri) != iri]
        if companies and not found.direct:
            return _named(context, found, companies)
        is_sized = any(one.bounds for one in found.direct)
        each = [[context.thing(one.owner), Piece(f" {share_text(context, one.stakes[one.source])}" if is_sized else ""),
                 *hedge(context, one.stakes.values())] for one in found.direct]  # fmt: skip
        stated = join(each[:3], len(each) - 3, context.frame)
        return say(context, "unsure" if is_sized else "no-share", owners=stated) if found.direct else []
    if len(sources := _disagreeing(certain)) > 1:
        return [part for source in sources for part in _held_in(context, certain, source)]
    first, *others = certain
    share, source = share_text(context, first.stakes[first.source]), first.source
    by = [Piece(f"{source_name(context, source)}: ")] if is_of_several(context, found) else []
    pieces = by + say(context, "holds", owner=context.thing(first.owner), share=share)
    behind = [(one, part) for one in found.behind if one.owned == first.owner for part in found.through_up
              if part.owner == one.owner and part.source in one.stakes and part.low == part.high]  # fmt: skip
    if behind:
        owners = [
            [context.thing(one.owner), Piece(f" ({percent(part.low, context.language)})")] for one, part in behind
        ]
        and_text = f" {context.frame.t('card.say.and')} "
        key = "behind.one" if len(owners) == 1 else "behind"
        pieces += say(context, key, owners=join(owners, 0, context.frame, and_text))
    pieces.append(Piece(". "))
    own = [one.shares[source] for one in others if one.shares.get(source) is not None]
    if own:
        whole = sum((one for one in own if one is not None), Decimal())
        key = "others.one" if len(own) == 1 else "others"
        pieces += say(context, key, count=str(len(own)), share=percent(whole, context.language))
    return pieces


def _named(context: CardContext, found: ThingHoldings, companies: Sequence[str]) -> list[Piece]:
    """Return the named companies, the home state and certainty of each, and the sources that name them."""
    parts = []
    for company in companies:
        said = [one.statement for one in found.named_for if one.company == company]
        state = context.state_of(company, said[0].source if said else "")
        home = [Piece(" ("), context.thing(state), Piece(")")] if state else []
        parts.append([context.thing(company), *home, *hedge(context, said)])
    key = "named.one" if len(companies) == 1 else "named"
    sources = dict.fromkeys(one.statement.source for one in found.named_for if one.company in companies)
    by = join([[context.source_link(one)] for one in sources if one], 0, context.frame)
    return say(context, key, companies=join(parts[:3], len(parts) - 3, context.frame), sources=by)


def _disagreeing(certain: Sequence[Holding]) -> list[str]:
    """Return the sources of certain stakes, in order, if they name different owners; else none."""
    sources = list(dict.fromkeys(source for one in certain for source in one.stakes))
    owners = [{one.owner for one in certain if is_held(one, source)} for source in sources]
    return sources if any(one != owners[0] for one in owners) else []


def _held_in(context: CardContext, certain: Sequence[Holding], source: str) -> list[Piece]:
    """Return the direct owners that one source names, with their shares."""
    pieces = [Piece(f"{source_name(context, source)}: ")]
    for one in [one for one in certain if is_held(one, source)]:
        share = f" {share_text(context, one.stakes[source])}" if source in one.bounds else ""
        pieces += [Piece(", ")] if len(pieces) > 1 else []
        pieces += [context.thing(one.owner), Piece(share)]
    return [*pieces, Piece(". ")] if len(pieces) > 1 else []


def _homes(context: CardContext, homes: Sequence[str]) -> list[Piece]:
    """Return the home states of a body; if several are given, each with the sources that give it."""
    if len(homes) == 1:
        return context.things(homes)
    said = context.own.said["pag:homeState"]
    told = {state: [one for one in context.reader.sources if any((term.value, source) == (state, one)
            for term, source in said)] for state in homes}  # fmt: skip
    order = list(context.reader.sources)
    found = sorted(homes, key=lambda state: [order.index(one) for one in told[state]])
    parts = []
    for state in found:
        names = ", ".join(source_name(context, one) for one in told[state])
        parts.append([context.thing(state), Piece(f" ({names})" if names else "")])
    return join(parts, 0, context.frame)


def _body(context: CardContext, kind: str) -> list[Piece]:
    """Return the kind of body or person, its home state, and whether it is state-owned."""
    home = context.own.values("pag:homeState")
    state = say(context, "home", state=_homes(context, home)) if home else ""
    owned = ""
    if "true" in context.own.values("pag:stateOwned"):
        by = by_source(context, context.source_of(context.own, "pag:stateOwned", "true"))
        owned = context.frame.t("card.say.state-owned") + by
    text = say(context, "firm", kind=kind, home=state, owned=owned)
    return [*capital(text), Piece(". ")]


def firm_sentence(context: CardContext, kind: str, found: ThingHoldings) -> list[Piece]:
    """Return the kind of body, its home state, and its holdings."""
    pieces = _body(context, kind)
    if found.direct:
        pieces += [*_holders(context, found), Piece(" ")]
    held = len(found.held)
    if held:
        pieces += [*say(context, "holds-in.one" if held == 1 else "holds-in", count=str(held)), Piece(" ")]
    if doubtful := len({one.owned for one in found.below} - found.held):
        pieces += say(context, "doubtful" if held else "doubtful.only", count=str(doubtful))
    if found.through_down and not found.below:
        pieces += say(context, "through", count=str(len({one.asset for one in found.through_down})))
    if found.named_in:
        count = str(len(found.named_in))
        pieces += say(context, "named-in.one" if len(found.named_in) == 1 else "named-in", count=count)
    return pieces


def person_sentence(context: CardContext, kind: str) -> list[Piece]:
    """Return the offices of a person, and the number of events with the person's participation."""
    offices = context.linked(("pag:holder", ""))
    pieces: list[Piece] = []
    for office in offices[:2]:
        seat = office.values("pag:officeIn") or office.values("pag:officeOf")
        when = context.when(office) or date_text(office.value("pag:asOf"), context.language)
        pieces += say(context, "office", office=context.office(office),
                      of=say(context, "of", seat=context.things(seat)) if seat else "",
                      when=f" ({when})" if when else "")  # fmt: skip
    if not pieces:
        pieces = _body(context, kind)
    events = len(context.links.get(("pag:participant", "pag:Participation"), ()))
    if events:
        pieces += say(context, "takes-part.one" if events == 1 else "takes-part", count=str(events))
    return pieces


def agreement_sentence(context: CardContext, kind: str) -> list[Piece]:
    """Return the parties of an agreement, and when it was signed and came into force."""
    parties = context.own.values("pag:party")
    pieces = say(context, "between", kind=kind, parties=context.things(parties, 4)) if parties else [Piece(kind)]
    signed, force = (context.own.date(f"pag:{name}") for name in ("signedOn", "inForceOn"))
    for key, way, date in (("signed", "pag:signedOn", signed), ("in-force", "pag:inForceOn", force)):
        if date:
            pieces += say(context, dated_key(key, date), date=date_text(date, context.language))
            pieces += [Piece(by_source(context, context.source_of(context.own, way, date)))]
    if not (signed or force) and (when := context.when(context.own)):
        pieces.append(Piece(f", {when}"))
    return [*capital(pieces), Piece(".")]


def event_sentence(context: CardContext, participants: Sequence[Resource]) -> list[Piece]:
    """Return the kind of an event, its certainty unless it is plainly stated, its date, place and participants."""
    kind = context.code(context.own.value("pag:eventType"))
    if local(context.own.value("pag:eventType")) == "other":
        kind = context.frame.t("card.say.event")
    kind += "".join(piece.text for piece in hedge(context, [context.own]))
    places = context.own.values("pag:place")
    when = context.when(context.own) or context.frame.t("card.no-date")
    place = say(context, "in", place=context.things(places, 3)) if places else ""
    pieces = [*capital(say(context, "happened", kind=kind, when=when, place=place)), Piece(". ")]
    named = [
        [context.thing(one.value("pag:participant")), Piece(f" ({context.code(one.value('pag:role'))})")]
        for one in participants
    ]
    return [*pieces, *(join(named[:5], len(named) - 5, context.frame)), Piece(".")] if named else pieces

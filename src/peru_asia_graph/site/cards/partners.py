"""With which states a state has dealings: events in which both take part, agreements of which both are parties."""

from __future__ import annotations

from typing import Final

from peru_asia_graph.site.cards.card import CardPicture, Piece
from peru_asia_graph.site.cards.context import CardContext, country, label_of
from peru_asia_graph.views.small.bars import SmallBar, draw_bars
from peru_asia_graph.views.small.svg import NARROW, WIDE

_MOST: Final = 8


def partners_picture(context: CardContext) -> CardPicture | None:
    """Return the partners of a state as bars, those with most dealings first; None without any."""
    first = sorted(context.reader.partners(context.iri).items(), key=lambda one: (-sum(one[1]), one[0]))[:_MOST]
    if not first:
        return None
    t = context.frame.t
    context.read_summaries(iri for iri, _ in first)
    bars = [
        SmallBar(label_of(context.name(iri), context.language)[0], counts, country(iri)[0], context.frame.href(iri))
        for iri, counts in first
    ]
    kinds = (t("card.partners.events"), t("card.partners.agreements"))
    spoken = "; ".join(f"{bar.name}: {bar.counts[0]} {kinds[0]}, {bar.counts[1]} {kinds[1]}" for bar in bars)
    name = t("card.partners.name", bars=spoken)
    svg, narrow = (draw_bars(bars, name, key, width) for key, width in (("bars", WIDE), ("rows", NARROW)))
    return CardPicture("partners", t("card.partners"), svg, narrow, [Piece(t("card.partners.note"))], "diplomacy")

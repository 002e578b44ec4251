"""Cards as values and as text."""

from __future__ import annotations

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.cards.card import CardSection, ThingCard
from peru_asia_graph.site.cards.make import make_card
from peru_asia_graph.site.cards.store_reader import StoreReader
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.site.pages import make_frame
from peru_asia_graph.vocabulary import thing


def frame(kg: KnowledgeGraph, language: str = "en") -> Frame:
    """Return the frame of a page."""
    return make_frame(kg, {"language": language, "here": "page/id/x"})


def card_of(kg: KnowledgeGraph, slug: str, language: str = "en") -> ThingCard:
    found = make_card(StoreReader(kg.store, kg.sources), frame(kg, language), thing(slug))
    assert found is not None
    return found


def texts(section: CardSection) -> list[list[str]]:
    return [
        ["".join(piece.text for piece in cell.pieces).replace("\xa0", " ") for cell in row.cells]
        for row in section.rows
    ]


def sections(card: ThingCard) -> dict[str, CardSection]:
    return {one.key: one for one in (*card.main, *card.side)}


def said(card: ThingCard) -> str:
    """Return the summary sentence of a card."""
    return "".join(piece.text for piece in card.sentence).replace("\xa0", " ")

"""The page of a thing: its card as HTML, and the pages of its lists."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from peru_asia_graph.site.cards.card import CardSection, ThingCard
from peru_asia_graph.site.cards.context import date_text
from peru_asia_graph.site.cards.fold import fold_to_fit
from peru_asia_graph.site.cards.html import pieces_html, section_html
from peru_asia_graph.site.cards.lists import LISTS, ROWS_PER_PAGE
from peru_asia_graph.site.cards.make import make_card, make_card_list
from peru_asia_graph.site.cards.reader import CardReader
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.site.schema_org import describe_card, summary
from peru_asia_graph.views.number_format import amount
from peru_asia_graph.views.small.line_kinds import line_kinds
from peru_asia_graph.views.words import countries
from peru_asia_graph.vocabulary import BASE, THING, local


def warm_cards(language: str) -> None:
    """Read the files that cards in a language need: line styles, number and date formats."""
    _ = line_kinds(), countries(), date_text("2000-01-02", language), amount(Decimal(1), "percent", language)


def render_card(reader: CardReader, frame: Frame, iri: str) -> str | None:
    """Return the page of a thing; None if nothing is known about it."""
    card = make_card(reader, frame, iri)
    if card is None:
        return None
    card.main = [_linked(frame, card, section) for section in card.main]
    card.side = [_linked(frame, card, section) for section in card.side]
    fold_to_fit(card)
    places = {one.number: one for one in card.citations}
    chosen = local(iri) if iri.startswith(THING) else ""
    path = iri.removeprefix(BASE)
    return frame.render(
        "card.html",
        card=card,
        places=places,
        path=path,
        chosen=chosen,
        about=summary(card),
        described=describe_card(card),
        preview=frame.preview(*card.classes, card.kind),
        pieces=pieces_html,
        content=section_html,
    )


def _linked(frame: Frame, card: ThingCard, section: CardSection) -> CardSection:
    """Return a section with a link to its full list, if it shows only part of it."""
    if section.key not in LISTS or section.count <= len(section.rows):
        return section
    return replace(section, more=frame.addresses.list(card.iri.removeprefix(BASE), section.key))


def render_card_list(reader: CardReader, frame: Frame, iri: str, key: str, page: int) -> str | None:
    """Return one page of a list of a card; None if there is no such list or page."""
    found = make_card_list(reader, frame, iri, key, page)
    if found is None:
        return None
    card, section = found
    pages = -(-section.count // ROWS_PER_PAGE)
    places, path = {one.number: one for one in card.citations}, iri.removeprefix(BASE)
    return frame.render(
        "card_list.html",
        card=card,
        section=section,
        places=places,
        page=page,
        pages=pages,
        linked=[(one, frame.addresses.list(path, section.key, one)) for one in near_pages(page, pages)],
        preview=frame.preview(card.kind),
        content=section_html,
    )


def near_pages(page: int, pages: int) -> list[int]:
    """Return the page numbers to link to from a page: the first, the last, and the adjacent ones."""
    return sorted({1, pages} | {*range(max(1, page - 2), min(pages, page + 2) + 1)})

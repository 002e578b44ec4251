"""The page of a thing: its card as HTML, and the pages of its lists.

The last sections of a long card are collapsed, so that the important ones fit two screens, or six on a phone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from math import ceil
from typing import Final

from peru_asia_graph.site.cards.card import CardPicture, CardRow, CardSection, ThingCard
from peru_asia_graph.site.cards.context import date_text
from peru_asia_graph.site.cards.html import pieces_html, section_html
from peru_asia_graph.site.cards.lists import LISTS, ROWS_PER_PAGE
from peru_asia_graph.site.cards.make import make_card, make_card_list
from peru_asia_graph.site.cards.reader import CardReader
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.site.link_preview import describe_card, summary
from peru_asia_graph.views.number_format import amount
from peru_asia_graph.views.small.line_kinds import line_kinds
from peru_asia_graph.views.words import countries
from peru_asia_graph.vocabulary import BASE, THING, local

# Pixels available for one column, and for both on a phone, without head and foot.
_DESK: Final = 1340
_PHONE: Final = 3900
_MAIN, _SIDE, _NARROW = 108, 46, 44
_FOLDED, _PANEL, _HEAD, _NOTE, _LINE, _SMALL, _GAP = 62, 66, 28, 28, 21, 18, 9
# Sections essential to a kind of card are never collapsed.
_OPEN: Final = frozenset({"holders", "behind", "holdings", "cells", "dates", "stated", "backed", "participants"})
_HEIGHT: Final = re.compile(r' height="([\d.]+)"')


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
        pieces=pieces_html,
        page=page,
        pages=pages,
        linked=[(one, frame.addresses.list(path, section.key, one)) for one in near_pages(page, pages)],
        preview=frame.preview(card.kind),
        content=section_html,
    )


def near_pages(page: int, pages: int) -> list[int]:
    """Return the page numbers to link to from a page: the first, the last, and the adjacent ones."""
    return sorted({1, pages} | {*range(max(1, page - 2), min(pages, page + 2) + 1)})


def fold_to_fit(card: ThingCard) -> None:
    """Collapse sections of a card, starting at the end of a column, until its estimated height fits."""
    pictures = sum(_picture_height(one) for one in card.pictures)
    card.main = _fold(card.main, _DESK - pictures, _MAIN)
    # Citations and addresses, collapsed, follow the sections of the side column.
    place = _picture_height(card.place) if card.place else 0
    card.side = _fold(card.side, _DESK - 4 * _FOLDED - place, _SIDE)
    both = _fold([*card.side, *card.main], _PHONE - pictures - place, _NARROW)
    card.side, card.main = both[: len(card.side)], both[len(card.side) :]


def _fold(sections: Sequence[CardSection], room: float, width: int) -> list[CardSection]:
    found = list(sections)
    heights = [section_height(one, width) for one in found]
    for place in reversed(range(len(found))):
        if sum(heights) <= room:
            break
        one = found[place]
        if not one.folded and one.key not in _OPEN:
            found[place] = replace(one, folded=True)
            heights[place] = _FOLDED
    return found


def section_height(section: CardSection, width: int) -> float:
    """Return the approximate height in pixels of a section in a column of so many characters."""
    if section.folded:
        return _FOLDED
    rows = sum(_row_height(row, width) for row in section.rows)
    return _PANEL + rows + bool(section.columns) * _HEAD + bool(section.note) * _NOTE + bool(section.more) * _NOTE


def _row_height(row: CardRow, width: int) -> float:
    """Return the approximate height of a row: the longest cell, at its share of the width, determines it."""
    lengths = [sum(len(piece.text) for piece in cell.pieces) for cell in row.cells]
    total = sum(lengths) + 3 * len(row.cites.numbers) + len(row.source) + 4 * len(row.cells)
    remark = ceil(sum(len(piece.text) for piece in row.remark) * 0.9 / width)
    return _GAP + _LINE * max(1, ceil(total / width)) + _SMALL * remark


def _picture_height(picture: CardPicture) -> float:
    found = _HEIGHT.search(picture.svg)
    return (float(found[1]) if found else 0.0) + _PANEL + (_NOTE if picture.caption or picture.page else 0)

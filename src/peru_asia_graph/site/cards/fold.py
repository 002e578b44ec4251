"""Collapses the last sections of a long card, so that the important ones fit two screens, or six on a phone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from typing import Final

from peru_asia_graph.site.cards.card import CardPicture, CardRow, CardSection, ThingCard

# Pixels available for one column, and for both on a phone, without head and foot.
_DESK: Final = 1340
_PHONE: Final = 3900
_MAIN, _SIDE, _NARROW = 108, 46, 44
_FOLDED, _PANEL, _HEAD, _NOTE, _LINE, _SMALL, _GAP = 62, 66, 28, 28, 21, 18, 9
# Sections essential to a kind of card are never collapsed.
_OPEN: Final = frozenset({"holders", "behind", "holdings", "cells", "dates", "stated", "backed", "participants"})
_HEIGHT: Final = re.compile(r' height="([\d.]+)"')


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

"""A card as values: what the page of a thing shows, in one language, before it becomes HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Piece:
    """A part of a text: where it links to, and its language where that is not the reader's."""

    text: str
    link: str = ""
    language: str = ""


@dataclass(frozen=True)
class CardCell:
    """A cell of a row: parts of a text; numbers are set flush right."""

    pieces: Sequence[Piece]
    is_number: bool = False
    differs: bool = False


@dataclass(frozen=True)
class Cites:
    """The numbers of the first citations of a row, and how many more it has."""

    numbers: Sequence[int] = ()
    left: int = 0


NO_CITES: Final = Cites()


@dataclass(frozen=True)
class CardRow:
    """A row of a section: its cells, the numbers of its citations, a remark below.

    ``level`` is how far it is indented; a ``total`` is no fact of its own; ``source`` is the short name of the source
    that says so, on a card of several.
    """

    cells: Sequence[CardCell]
    cites: Cites = NO_CITES
    remark: Sequence[Piece] = ()
    level: int = 0
    total: bool = False
    source: str = ""


@dataclass(frozen=True)
class CardSection:
    """Facts of one kind: the rows shown of ``count``, with the heads of columns where it is a table.

    ``more`` is the address of the whole list, ``note`` a sentence on how to read it.
    """

    key: str
    title: str
    rows: Sequence[CardRow]
    count: int = 0
    columns: Sequence[tuple[str, bool]] = ()
    more: str = ""
    note: Sequence[Piece] = ()
    folded: bool = False

    @property
    def is_foreign(self) -> bool:
        """Whether a text in it is in another language than the card."""
        texts = (part for row in self.rows for part in (row.remark, *(cell.pieces for cell in row.cells)))
        return any(piece.language for part in texts for piece in part)


@dataclass(frozen=True)
class KeyFigure:
    """A number and what it is."""

    value: str
    name: str


@dataclass(frozen=True)
class CardPicture:
    """A picture as SVG, with its title, a caption and the page that shows the same large.

    ``narrow`` is the same for a phone, empty where the first fits or may be scrolled.
    """

    key: str
    title: str
    svg: str
    narrow: str = ""
    caption: Sequence[Piece] = ()
    page: str = ""


@dataclass(frozen=True)
class Citation:
    """Where something is said: its number on the card, its text in full, its link and the short name of its source.

    ``prefix`` sets the places of one card apart where a page has several.
    """

    number: int
    text: str
    link: str
    source: str = ""
    prefix: str = ""

    @property
    def anchor(self) -> str:
        """The name of the place within its page."""
        return f"{self.prefix}c{self.number}"


@dataclass
class ThingCard:
    """All that a card shows.

    ``classes`` are the names of its classes; ``path`` are the kind and where it belongs; ``place`` is a small map;
    ``main`` and ``side`` the sections of the two columns; ``named`` are the first of the ``named_count`` places that
    name the thing; ``programs`` are its own statements in the terms of the ontology.
    """

    iri: str
    kind: str
    heading: str
    path: Sequence[Piece] = ()
    sentence: Sequence[Piece] = ()
    figures: Sequence[KeyFigure] = ()
    pictures: Sequence[CardPicture] = ()
    place: CardPicture | None = None
    main: list[CardSection] = field(default_factory=list)
    side: list[CardSection] = field(default_factory=list)
    named: Sequence[Piece] = ()
    named_count: int = 0
    citations: Sequence[Citation] = ()
    pages: Sequence[Piece] = ()
    programs: Sequence[tuple[str, Sequence[Piece]]] = ()
    classes: Sequence[str] = ()

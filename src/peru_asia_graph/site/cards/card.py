"""A card as values: the content of a thing's page in one language, before it is rendered as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Piece:
    """A part of a text, with its link, and its language if that is not the reader's."""

    text: str
    link: str = ""
    language: str = ""


@dataclass(frozen=True)
class CardCell:
    """A cell of a row: parts of a text; numbers are right-aligned."""

    pieces: Sequence[Piece]
    is_number: bool = False
    differs: bool = False


@dataclass(frozen=True)
class Cites:
    """The numbers of the first citations of a row, and how many more there are."""

    numbers: Sequence[int] = ()
    left: int = 0


@dataclass(frozen=True)
class CardRow:
    """A row of a section: its cells, the numbers of its citations, and a remark below.

    ``level`` is its indentation; a ``total`` is not a fact; ``source`` is the short name of its source, if the card has
    several.
    """

    cells: Sequence[CardCell]
    cites: Cites = Cites()
    remark: Sequence[Piece] = ()
    level: int = 0
    total: bool = False
    source: str = ""


@dataclass(frozen=True)
class CardSection:
    """Facts of one kind: the rows shown out of ``count``, with column headings if it is a table.

    ``more`` is the address of the full list, ``note`` an explanatory sentence.
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
        """Whether a text in it is in a language other than the card's."""
        texts = (part for row in self.rows for part in (row.remark, *(cell.pieces for cell in row.cells)))
        return any(piece.language for part in texts for piece in part)


@dataclass(frozen=True)
class KeyFigure:
    """A number and its caption."""

    value: str
    name: str


@dataclass(frozen=True)
class CardPicture:
    """A picture as SVG, with its title, a caption and the page that shows it enlarged.

    ``narrow`` is a version for phones, empty if the first fits or can be scrolled.
    """

    key: str
    title: str
    svg: str
    narrow: str = ""
    caption: Sequence[Piece] = ()
    page: str = ""


@dataclass(frozen=True)
class Citation:
    """A citation: its number on the card, its full text, its link, the short name of its source and the works that the
    source has it from.

    ``prefix`` makes the anchors of a card unique on a page with several.
    """

    number: int
    text: str
    link: str
    source: str = ""
    reported: Sequence[Piece] = ()
    prefix: str = ""

    @property
    def anchor(self) -> str:
        """The anchor of the citation on its page."""
        return f"{self.prefix}c{self.number}"


@dataclass
class ThingCard:
    """Everything that a card shows.

    ``classes`` are the names of its classes; ``path`` is the breadcrumb; ``place`` is a small map; ``main`` and
    ``side`` are the sections of the two columns; ``named`` has the first of the ``named_count`` citations that name the
    thing; ``programs`` are its own statements in ontology terms.
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

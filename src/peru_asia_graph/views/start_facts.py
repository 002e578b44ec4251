"""The values shown on the start page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class LargestInvestment:
    """The largest announced amount, in millions of US dollars, as printed by one source."""

    id: str
    amount: Decimal
    project: str
    investors: tuple[str, ...]
    where: str


@dataclass(frozen=True)
class ShareShift:
    """The share of exports to a partner that changed most: percent in the first and last year of a table."""

    partner: str
    category: str
    first: str
    last: str
    before: Decimal
    after: Decimal
    where: str


@dataclass(frozen=True)
class DifferingShare:
    """The stake with the largest difference between two sources' shares; for each its short name and percentage."""

    about: str
    owner: str
    sources: tuple[str, str]
    shares: tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Origin:
    """The source with the most statements: name, how to cite it, the last year it covers.

    ``is_most`` says whether it has more than half of the statements; ``others`` is the number of other sources;
    ``maker`` is the maker of the graph according to its catalogue. Texts are empty if unknown.
    """

    name: str
    citation: str
    year: str
    is_most: bool
    others: int
    maker: str = ""


@dataclass
class StartFacts:
    """The values of the start page.

    ``pages`` are the kinds of the pages with content. Things are slugs, with their names by language in ``names``.
    ``counts`` are keyed by their words. The last five are the data of the thumbnails: home state and amount of
    investments; sectors and their shares, one list per year; owner, owned, percent and home state of stakes; partner
    and year of dealings; east and north of mines and blocks.
    """

    pages: Sequence[str] = ()
    counts: list[tuple[str, int]] = field(default_factory=list)
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    largest: LargestInvestment | None = None
    shift: ShareShift | None = None
    differing: DifferingShare | None = None
    verdicts: dict[str, int] = field(default_factory=dict)
    audited: str = ""
    origin: Origin | None = None
    kinds: dict[str, int] = field(default_factory=dict)
    investments: list[tuple[str, float]] = field(default_factory=list)
    shares: list[list[tuple[str, float]]] = field(default_factory=list)
    stakes: list[tuple[str, str, float, str]] = field(default_factory=list)
    dealings: list[tuple[str, float | None]] = field(default_factory=list)
    positions: list[tuple[float, float]] = field(default_factory=list)

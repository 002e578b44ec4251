"""The values that the start page shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class LargestInvestment:
    """The largest amount announced, in millions of US dollars, as one source prints it."""

    id: str
    amount: Decimal
    project: str
    investors: tuple[str, ...]
    where: str


@dataclass(frozen=True)
class ShareShift:
    """The share of exports to a partner that changed most: percent in the first and in the last year of a table."""

    partner: str
    category: str
    first: str
    last: str
    before: Decimal
    after: Decimal
    where: str


@dataclass(frozen=True)
class DifferingShare:
    """The stake of which two sources give shares that lie furthest apart; of each its short name and its percent."""

    about: str
    owner: str
    sources: tuple[str, str]
    shares: tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Origin:
    """The source with most of the statements: name, how to cite it, the last year it speaks of.

    ``is_most`` tells whether more than half are its; ``others`` is how many sources stand beside it; ``maker`` is who
    made the graph, by its own catalogue. Texts are empty where nothing is said.
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

    Things are slugs, with their names by language in ``names``. ``counts`` are by key of the words. The last five are
    what the small pictures show: home state and amount of investments; sectors and their shares, a list for each year;
    owner, owned, percent and home state of stakes; partner and year of dealings; east and north of mines and blocks.
    """

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

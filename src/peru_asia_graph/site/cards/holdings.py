"""The holders and holdings of a thing: direct stakes of each source, indirect owners, companies only named.

Direct and indirect shares are never in one list: an indirect share is part of a direct holder's share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from typing import Final

from peru_asia_graph.audit.differences import VALUE
from peru_asia_graph.ownership.versions import PLANNED
from peru_asia_graph.site.cards.context import CardContext
from peru_asia_graph.site.cards.reader import Resource
from peru_asia_graph.store.values import decimal
from peru_asia_graph.vocabulary import local

_DEPTH: Final = 4
WHOLE: Final = Decimal(100)
NAMED: Final = ("pag:operatorOf", "pag:concessionIn", "pag:involvedIn")
INVESTOR: Final = "investor"
# The kinds of lines that are not counted in totals.
UNCOUNTED: Final = ("dotted", "former")


@dataclass(frozen=True)
class Holding:
    """One line from an owner to an asset: the stake that each source states, by the source's name.

    Of successive stakes it is the last; ``earlier`` has the others. ``differs`` is whether two shares contradict each
    other.
    """

    owner: str
    owned: str
    stakes: Mapping[str, Resource]
    earlier: Sequence[Resource] = ()
    differs: bool = False

    @cached_property
    def shares(self) -> dict[str, Decimal | None]:
        """The share that each source states, None for a stake without a share."""
        return {source: decimal(one.value("pag:sharePercent")) for source, one in self.stakes.items()}

    @cached_property
    def bounds(self) -> dict[str, tuple[Decimal, Decimal]]:
        """The minimum and maximum share, for each source that states a share or bounds."""
        return {source: found for source, one in self.stakes.items() if (found := bounds_of(one))}

    @cached_property
    def kind(self) -> str:
        """The kind of its line, one of `line_kinds`."""
        stakes = list(self.stakes.values())
        if all(map(is_doubtful, stakes)):
            return "former" if is_former(stakes[0]) else "dotted"
        return "solid" if self.bounds else "dashed"

    @property
    def share(self) -> Decimal | None:
        """The share stated by the first source with one."""
        return self.shares[self.source]

    @property
    def source(self) -> str:
        """The first source that states a share, or else the first that states the stake."""
        exact = (name for name, share in self.shares.items() if share is not None)
        return next(exact, next(iter(self.bounds or self.stakes)))

    @property
    def size(self) -> Decimal:
        """The share in that source, or its minimum."""
        return self.bounds[self.source][0] if self.bounds else Decimal()


@dataclass(frozen=True)
class Named:
    """A company named for a project or firm, in a role, without a stake; ``statement`` is the source's statement."""

    company: str
    asset: str
    role: str
    statement: Resource


@dataclass(frozen=True)
class BehindShare:
    """An indirect share, computed from one source or stated by it."""

    owner: str
    asset: str
    source: str
    low: Decimal
    high: Decimal
    record: Resource


@dataclass
class ThingHoldings:
    """What the sources say about the ownership around one thing.

    ``direct`` are the stakes in the thing, ``behind`` the stakes in its holders and so on, ``below`` the stakes that it
    holds; ``through_up`` and ``through_down`` are the indirect shares in the thing, and of the thing in others.
    """

    direct: list[Holding] = field(default_factory=list)
    behind: list[Holding] = field(default_factory=list)
    below: list[Holding] = field(default_factory=list)
    named_for: list[Named] = field(default_factory=list)
    named_in: list[Named] = field(default_factory=list)
    through_up: list[BehindShare] = field(default_factory=list)
    through_down: list[BehindShare] = field(default_factory=list)

    @property
    def sources(self) -> list[str]:
        """The sources that state a stake here."""
        found = [source for one in (*self.direct, *self.behind, *self.below) for source in one.stakes]
        return list(dict.fromkeys(found))

    @property
    def held(self) -> set[str]:
        """Direct holdings, without former and uncertain stakes."""
        return {one.owned for one in self.below if one.kind not in UNCOUNTED}

    def __bool__(self) -> bool:
        return bool(self.direct or self.below or self.named_for or self.named_in)


def is_of_several(context: CardContext, found: ThingHoldings) -> bool:
    """Return whether several sources mention a thing or its owners, so that each figure must name its source."""
    return context.is_of_several or len(found.sources) > 1


def bounds_of(stake: Resource) -> tuple[Decimal, Decimal] | None:
    """Return the minimum and maximum of a stake, None if its source states neither."""
    share, low, high = (decimal(stake.value(f"pag:share{end}")) for end in ("Percent", "Low", "High"))
    if share is not None:
        return share, share
    if low is None and high is None:
        return None
    return low or Decimal(), WHOLE if high is None else high


def is_former(stake: Resource) -> bool:
    """Return whether a stake was no longer held at the date of its source."""
    return bool(stake.value("pag:ended"))


def is_held(one: Holding, source: str) -> bool:
    """Return whether a source states a certain stake that has not ended."""
    return source in one.stakes and not is_doubtful(one.stakes[source])


def is_doubtful(stake: Resource) -> bool:
    """Return whether a stake is former or uncertain, so that it does not count in a total."""
    return not stake.value("pag:current")


def read_holdings(context: CardContext) -> ThingHoldings:
    """Return the ownership around a card's thing, whose own statements have been read."""
    out = context.linked(("pag:owner", ""))
    found = ThingHoldings(direct=_holdings(context, context.linked(("pag:owned", ""))), below=_holdings(context, out))
    edge, seen = {one.owner for one in found.direct}, {context.iri}
    for _ in range(_DEPTH):
        edge -= seen
        stakes = context.reader.linking(sorted(edge), "pag:owned") if edge else []
        if not stakes:
            break
        context.load(stakes)
        seen |= edge
        further = _holdings(context, (context.records[one] for one in stakes))
        found.behind += further
        edge = {one.owner for one in further}
    known = {(one.owner, one.owned, source) for one in (*found.direct, *found.below) for source in one.stakes}
    if found.direct:
        found.through_up = _through(context, "pag:shareIn", known)
    if out:
        found.through_down = _through(context, "pag:shareholder", known)
    holders = {one.owner for one in (*found.direct, *found.behind)} | {one.owner for one in found.through_up}
    found.named_for = _named(context, holders, into_thing=True)
    held = {one.owned for one in found.below} | {one.asset for one in found.through_down}
    found.named_in = _named(context, held, into_thing=False)
    return found


def _holdings(context: CardContext, stakes: Iterable[Resource]) -> list[Holding]:
    """Return the direct stakes, merged by owner and asset, largest first."""
    lines: dict[tuple[str, str], dict[str, list[Resource]]] = {}
    order = {name: place for place, name in enumerate(context.reader.sources)}
    for stake in stakes:
        if local(stake.value("pag:basis")) == "indirect":
            continue
        by_source = lines.setdefault((stake.value("pag:owner"), stake.value("pag:owned")), {})
        by_source.setdefault(stake.source, []).append(stake)
    apart = _contradictions(context, lines.values())
    found = []
    for ends, some in lines.items():
        names = sorted(some, key=lambda one: order.get(one, len(order)))
        last = {name: max(some[name], key=_lasting) for name in names}
        earlier = [stake for name in names for stake in some[name] if stake is not last[name]]
        pairs = map(frozenset, combinations((stake.iri for stake in last.values()), 2))
        found.append(Holding(*ends, last, earlier, any(pair in apart for pair in pairs)))
    return sorted(found, key=lambda one: (one.kind in UNCOUNTED, -one.size, one.owner, one.owned))


def _contradictions(context: CardContext, lines: Iterable[Mapping[str, Sequence[Resource]]]) -> set[frozenset[str]]:
    """Return the pairs of stakes, by IRI, whose shares contradict each other according to the graph's differences."""
    told = [stake for some in lines if len(some) > 1 for stakes in some.values() for stake in stakes]
    # Those about the thing itself are among its links.
    further = [stake.iri for stake in told if stake.value("pag:owned") != context.iri]
    compared = list(context.links.get(("pag:about", "pag:Difference"), ())) if told else []
    compared += context.reader.linking(further, "pag:statementA") if further else []
    context.load(compared)
    return {
        frozenset(one.value(f"pag:statement{side}") for side in "AB")
        for one in context.read(compared)
        if local(one.value("pag:differenceKind")) == VALUE
    }


def _lasting(stake: Resource) -> tuple[bool, bool, str]:
    """Return the sort key for the most recent stake: not former, certain, latest start."""
    return not is_former(stake), not is_doubtful(stake), stake.value("pag:earliest")


def _named(context: CardContext, holders: set[str], *, into_thing: bool) -> list[Named]:
    """Return companies named for the thing, or things it is named for, without a stake; each pair once."""
    found: dict[str, Named] = {}
    ends = ("pag:subject", "pag:object")
    other, own = ends if into_thing else ends[::-1]
    for relation in NAMED:
        for one in context.links.get((own, relation), ()):
            record = context.records.get(one)
            if record and record.value(other) not in holders:
                _add(context, found, record, record.value(other), relation, into_thing)
    link = ("pag:project", "pag:Investment") if into_thing else ("pag:investor", "")
    for one in context.links.get(link, ()):
        record = context.records.get(one)
        for end in record.values("pag:investor" if into_thing else "pag:project") if record else ():
            if record and end not in holders:
                _add(context, found, record, end, INVESTOR, into_thing)
    return list(found.values())


def _add(
    context: CardContext, found: dict[str, Named], record: Resource, end: str, role: str, into_thing: bool
) -> None:
    if not into_thing and "State" in context.name(end).kinds:
        return  # a concession in a country is not a concession in an asset
    own = record.value("pag:project") if role == INVESTOR else record.value("pag:object")
    company = end if into_thing else record.value("pag:subject")
    shown = found.setdefault(end, Named(company, own if into_thing else end, role, record))
    if shown.role == role:
        context.placed.add(record.iri)


def _through(context: CardContext, way: str, known: set[tuple[str, str, str]]) -> list[BehindShare]:
    """Return the indirect shares without a direct stake in the same source, as of the last year of each source."""
    shares = context.reader.shares(context.iri, way)
    context.read_names(shares.values())
    found = []
    for record in shares.values():
        low, high = (decimal(record.value(f"pag:{end}Percent")) for end in ("low", "high"))
        ends = record.value("pag:shareholder"), record.value("pag:shareIn")
        if (*ends, record.source) in known or low is None or high is None or not high:
            continue
        found.append(BehindShare(*ends, record.source, low, high, record))
    return sorted(found, key=lambda one: (-one.high, one.owner, one.asset))


def totals(holdings: Sequence[Holding], source: str) -> tuple[Decimal, Decimal] | None:
    """Return the minimum and maximum of the sum of the direct shares that one source states.

    An unstated share may be the whole remainder; one that is only possible may not be held, and a planned one is not.
    None if the source states no share.
    """
    lines = [[stake for stake in (*one.stakes.values(), *one.earlier) if stake.source == source] for one in holdings]
    lines = [[one for one in stakes if not is_former(one) and not _is_planned(one)] for stakes in lines]
    if not any(bounds_of(one) for stakes in lines for one in stakes):
        return None
    low, high = (sum(ends, Decimal()) for ends in zip(*map(_total_of, filter(None, lines)), strict=True))
    return low, max(low, min(high, WHOLE))


def _is_planned(stake: Resource) -> bool:
    return local(stake.value("pag:certainty")) == PLANNED


def _total_of(stakes: Sequence[Resource]) -> tuple[Decimal, Decimal]:
    """Return the minimum and maximum that one owner holds by stakes that exclude each other."""
    lows, highs = zip(*(bounds_of(one) or (Decimal(), WHOLE) for one in stakes), strict=True)
    return Decimal() if all(map(is_doubtful, stakes)) else min(lows), max(highs)

"""The shares of a snapshot as rows for people and tables.

The percentage of a row is the computed share. If the chain has unknown shares and the source states the indirect share,
it is the stated one, marked ``stated``, with the certainty and citation of that statement. If the two contradict each
other, the bounds include both. A stated share is not passed on to the owners of its owner.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from peru_asia_graph.ownership.combine import DISPUTED
from peru_asia_graph.ownership.derivation import Chain, ChainsTo, chain_of
from peru_asia_graph.ownership.effective import EffectiveShares, Share, effective_holdings, effective_owners
from peru_asia_graph.ownership.plain_graph import Edge
from peru_asia_graph.ownership.snapshot import DATES, LEAST_IN_ALL, OwnershipSnapshot
from peru_asia_graph.ownership.versions import PLANNED, TRUE, UNKNOWN, counted_beside, is_sure

DECIMAL_PLACES: Final = 6
# Two printed percentages of the same share may differ by rounding.
ROUNDING_POINTS: Final = 0.5
STATED: Final = "stated"
RELAXED: Final = "relaxed"


@dataclass(frozen=True)
class ShareRow:
    """The share of one owner in one asset in a year.

    ``how`` is ``computed`` or ``stated``; ``time`` is ``true``, or ``not known then`` if a stake in a chain is undated.
    ``chains`` are the shortest ones; ``more`` is the number of others, None if there may be more but they are too many
    to count. ``time`` and ``certainty`` take all into account, ``stakes`` those of ``chains``.
    """

    owner: str
    asset: str
    share: Share
    how: str
    time: str
    certainty: str
    chains: Sequence[Chain[str]]
    stated: Edge[str] | None = None
    more: int | None = 0

    @property
    def more_chains(self) -> str | None:
        """A note on the chains that are not listed, None if all are."""
        if self.more is None:
            return "and possibly more chains"
        return f"and {self.more:,} more {'chain' if self.more == 1 else 'chains'}" if self.more else None

    @property
    def described(self) -> ShareRow:
        """The row as described in the graph and on pages: with all chains, or if there are too many, the shortest one.

        A chain in the graph takes some fifty triples.
        """
        if self.more == 0:
            return self
        return replace(self, chains=self.chains[:1], more=self.more and self.more + len(self.chains) - 1)

    @property
    def stakes(self) -> list[Edge[str]]:
        """The stakes that the row depends on, without duplicates; only the stated one if ``how`` is ``stated``."""
        if self.how == STATED and self.stated is not None:
            return [self.stated]
        found = {edge.key: edge for chain in self.chains for edge in chain.edges}
        if self.stated is not None:
            found[self.stated.key] = self.stated
        return list(found.values())


def owner_rows(snapshot: OwnershipSnapshot, asset: str) -> tuple[list[ShareRow], EffectiveShares]:
    """Return the owners of an asset, largest first, and the computed shares they come from."""
    found = effective_owners(snapshot.holdings, asset)
    stated = _stated_in(snapshot, asset, found)
    ways = _Ways(snapshot, asset)
    # A stake of unknown size gets no computed share if the others add up to the whole, but it is listed.
    direct = set(snapshot.graph.sources(asset)) - {asset}
    names = sorted({str(owner) for owner in found.shares} | stated.keys() | direct)
    rows = [_row(snapshot, owner, asset, found, stated, ways) for owner in names]
    return _sorted(_leave_room(snapshot, rows, found)), found


def holding_rows(snapshot: OwnershipSnapshot, owner: str) -> list[ShareRow]:
    """Return what an owner holds, largest first."""
    assets: set[str] = {edge.target for edge in snapshot.stated if edge.source == owner}
    if owner in snapshot.graph:
        assets |= {str(asset) for asset in effective_holdings(snapshot.holdings, owner).shares}
        assets |= set(snapshot.graph.targets(owner)) - {owner}
    rows = []
    for asset in assets:
        found = effective_owners(snapshot.holdings, asset)
        stated = _stated_in(snapshot, asset, found)
        if owner in stated and len(stated) > 1:
            rows += [row for row in owner_rows(snapshot, asset)[0] if row.owner == owner]
        elif owner in found.shares or owner in stated or snapshot.graph.edges_between(owner, asset):
            rows.append(_row(snapshot, owner, asset, found, stated, _Ways(snapshot, asset)))
    return _sorted(rows)


def all_rows(snapshot: OwnershipSnapshot) -> list[ShareRow]:
    owned = {asset for asset in snapshot.graph.nodes if snapshot.graph.edges_in(asset)}
    assets = sorted(owned | {edge.target for edge in snapshot.stated})
    return [row for asset in assets for row in owner_rows(snapshot, asset)[0]]


def percent(value: float | None) -> Decimal | None:
    """Return a percentage to six places, in canonical form.

    >>> percent(27.000000000000004), percent(None)
    (Decimal('27'), None)
    """
    if value is None:
        return None
    text = f"{value:.{DECIMAL_PLACES}f}".rstrip("0").rstrip(".")
    return Decimal("0" if text in ("", "-0") else text)


def direct_percent(snapshot: OwnershipSnapshot, row: ShareRow) -> float | None:
    """Return the share held directly, None if there is none or its size is unknown."""
    return row.share.direct if row.share.direct and snapshot.graph.edges_between(row.owner, row.asset) else None


def left_over(rows: Sequence[ShareRow], found: EffectiveShares, is_end: Callable[[str], bool]) -> Share:
    """Return what the owners at the top of the chains leave unaccounted for, given their stated shares.

    ``rows`` and ``found`` are those of ``owner_rows``; ``is_end`` returns whether an owner has no owners.
    """
    left = found.unaccounted or Share(100.0, 100.0, 100.0)
    ends = [row for row in rows if is_end(row.owner)]
    computed = {row.owner: found.shares[row.owner].low for row in ends if row.owner in found.shares}
    held = sum(row.share.low for row in ends if row.owner in computed)
    # A share stated as indirect without a chain may be part of what an owner at the top holds, or of what the stated
    # owners of a firm leave.
    beside = [row.share for row in ends if row.owner not in computed]
    high = max(0.0, left.high + sum(computed.values()) - max(held, sum(share.low for share in beside)))
    known = [row.share for row in rows if row.owner in found.shares]
    directly = sum(share.high if share.direct is None else share.direct for share in known)
    open_part = left.high - max(0.0, 100.0 - directly)
    low = left.low - _contradicted(ends, found) - max(0.0, min(open_part, sum(share.high for share in beside)))
    low = max(0.0, low) if found.closed_cycles else max(low, 100.0 - sum(row.share.high for row in ends))
    low = min(max(0.0, round(low, 12)), high)
    return Share(low, high, low if low == high else None)


def unheld(snapshot: OwnershipSnapshot, rows: Sequence[ShareRow], found: EffectiveShares) -> Share | None:
    """Return what no stated holder accounts for: at least what the upper bounds of the top owners leave.

    ``rows`` and ``found`` are those of ``owner_rows``. A planned stake accounts for nothing, one that is only possible,
    or former and perhaps no longer held then, for nothing or all of it. None if no direct stake is stated, as the
    stakes stated as indirect may be all there are.
    """
    asset = str(found.of)
    if snapshot.is_sure:
        return _unheld(snapshot, rows, found)
    possible = snapshot.only(lambda edge: edge.data.get("certainty") != PLANNED)
    sure = snapshot.only(lambda edge: is_sure(edge.data))
    least, most = (_unheld(one, *owner_rows(one, asset)) for one in (possible, sure))
    if least is None:
        return None
    high = 100.0 if most is None else most.high
    return Share(least.low, high, high if least.low == high else None)


def _unheld(snapshot: OwnershipSnapshot, rows: Sequence[ShareRow], found: EffectiveShares) -> Share | None:
    if not snapshot.graph.edges_in(str(found.of)):
        return None
    if found.unheld is None or found.closed_cycles:
        return found.unheld
    ends = [row for row in rows if row.owner in found.shares and not snapshot.graph.edges_in(row.owner)]
    least = round(100.0 - sum(found.shares[row.owner].high for row in ends), 12)
    more = sum(max(0.0, row.share.low - found.shares[row.owner].low) for row in ends if row.how != STATED)
    high = max(0.0, round(found.unheld.high - more, 12))
    low = max(0.0, round(min(max(found.unheld.low, least), high) - _contradicted(ends, found), 12))
    return Share(low, high, low if low == high else None)


def _contradicted(ends: Sequence[ShareRow], found: EffectiveShares) -> float:
    """Return how much more the owners at the top of the chains hold by stated shares than by their chains."""
    return sum(max(0.0, row.share.high - found.shares[row.owner].high) for row in ends if row.owner in found.shares)


def _stated_in(snapshot: OwnershipSnapshot, asset: str, found: EffectiveShares) -> dict[str, Edge[str]]:
    """Return the indirect shares stated for an asset, by owner: of computed owners, or where there is room for them.

    There is room in the remainder. A share known to hold then, or stated as of the same moment as every direct stake,
    may also be part of the shares of owners at the top of the chains; so may any, unless a direct stake ends later:
    then it may be of the time after that end.
    """
    left = 100.0 if found.unaccounted is None else found.unaccounted.high
    ends = [share.high for owner, share in found.shares.items() if not snapshot.graph.edges_in(str(owner))]
    stated = {edge.source: edge for edge in snapshot.stated if edge.target == asset}
    direct = [edge.data for edge in snapshot.graph.edges_in(asset)]
    moments, ending = {data.get("as_of") for data in direct}, any(data.get(DATES[1]) for data in direct)

    def room(edge: Edge[str]) -> float:
        together = edge.data.get("time", UNKNOWN) == TRUE or (moments == {edge.data.get("as_of")} != {None})
        return left + ROUNDING_POINTS + (sum(ends) if together or not ending else 0.0)

    return {
        owner: edge
        for owner, edge in stated.items()
        if owner in found.shares or edge.data.get("share", 0.0) <= room(edge)
    }


def _row(
    snapshot: OwnershipSnapshot,
    owner: str,
    asset: str,
    found: EffectiveShares,
    stated: Mapping[str, Edge[str]],
    ways: _Ways,
) -> ShareRow:
    chains = ways.chains(owner)
    indirect = counted_beside(stated.get(owner), ways.traits(owner))
    bounds = {} if indirect is None else indirect.data
    low, high = bounds.get("share_low", 0.0), bounds.get("share_high", 100.0)
    unknown = Share(low, high, None)
    least, most = bounds.get("share", low), bounds.get("share", high)
    if chains:
        # Other stakes leave nothing for these chains.
        unknown = Share(0.0, 0.0, 0.0)
    share, how = found.shares.get(owner, unknown), "computed"
    least_in_all = max((e.data.get(LEAST_IN_ALL, 0.0) for e in snapshot.graph.edges_between(owner, asset)), default=0.0)
    if share.low < least_in_all <= share.high:
        share = Share(least_in_all, share.high, share.high if least_in_all == share.high else None, share.direct)
    traits = ways.traits(owner) if chains or indirect is None else _traits(indirect)
    low, high = share.low - ROUNDING_POINTS, share.high + ROUNDING_POINTS
    if indirect is None or (least, most) == (0.0, 100.0):
        pass  # no size is stated
    elif RELAXED not in traits and share.point is None and low <= least <= most <= high:
        share, how = Share(least, most, least if least == most else None, share.direct), STATED
        traits = _traits(indirect)
    elif not (least <= high and low <= most):
        share = Share(min(share.low, least), max(share.high, most), None, share.direct)
    time = UNKNOWN if UNKNOWN in traits else TRUE
    unsure = ", ".join(sorted(traits - {UNKNOWN, RELAXED, "stated"})) or "stated"
    return ShareRow(owner, asset, share, how, time, unsure, chains, indirect, ways.more(owner))


class _Ways:
    """The chains of stakes to an asset, and the traits of those stakes."""

    def __init__(self, snapshot: OwnershipSnapshot, asset: str) -> None:
        self._found = ChainsTo(snapshot.graph, asset, snapshot.graph.ancestors(asset))
        self._of_cut = self._found.traits(_traits) if self._found.cut else {}

    def chains(self, owner: str) -> list[Chain[str]]:
        return list(map(chain_of, self._found.paths.get(owner, ())))

    def more(self, owner: str) -> int | None:
        """Return the number of chains that are not listed, None if it is not known."""
        if owner not in self._found.cut:
            return 0
        count = self._found.counts.get(owner)
        return None if count is None else count - len(self._found.paths[owner])

    def traits(self, owner: str) -> Set[str]:
        if owner in self._found.cut:
            return self._of_cut[owner]
        return {one for path in self._found.paths.get(owner, ()) for edge in path for one in _traits(edge)}


def _traits(stake: Edge[str]) -> Set[str]:
    """Return the certainty of a stake, ``UNKNOWN`` if it is undated, ``RELAXED`` if its share became bounds."""
    found = {str(stake.data.get("certainty", "stated"))}
    if stake.data.get("time") != TRUE:
        found.add(UNKNOWN)
    # Bounds of shares that are stated, but cannot all hold, or differ between sources.
    if "share_exact" in stake.data or DISPUTED in stake.data:
        found.add(RELAXED)
    return found


def _leave_room(snapshot: OwnershipSnapshot, rows: Sequence[ShareRow], found: EffectiveShares) -> list[ShareRow]:
    """Lower the stated shares of owners at the top of the chains to bounds if they exceed the whole together.

    If one source states 60 for an owner and another 70 for a second one, they hold 30 to 60 and 40 to 70.
    """
    over = sum(row.share.low for row in rows if row.chains and not snapshot.graph.edges_in(row.owner)) - 100.0
    if over <= ROUNDING_POINTS:
        return list(rows)

    def lower(row: ShareRow) -> ShareRow:
        if row.how != STATED or row.owner not in found.shares:
            return row
        low, share = max(found.shares[row.owner].low, row.share.low - over), row.share
        return replace(row, share=Share(low, share.high, None, share.direct), how="computed")

    return [lower(row) for row in rows]


def _sorted(rows: list[ShareRow]) -> list[ShareRow]:
    return sorted(rows, key=lambda row: (-row.share.high, -row.share.low, row.owner, row.asset))

"""Answers about ownership in a year: rows for people and tables. A ``Picture`` in, rows out.

A row's percent is the computed share; where the chain has unknown shares and the source states the indirect share
itself, it is that one, marked ``stated``. Limit: a stated indirect share is not carried on to the owners of its owner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import networkx as nx

from peru_asia_graph.ownership.derivation import Chain, Link, chains
from peru_asia_graph.ownership.effective import Effective, Share, effective_holdings, effective_owners
from peru_asia_graph.ownership.snapshot import TRUE, UNKNOWN, Picture

PLACES: Final = 6
# Two printed percentages of the same thing may differ by their rounding.
AGREES: Final = 0.5


@dataclass(frozen=True)
class Row:
    """The share of one owner in one asset in a year.

    ``how`` is ``computed`` or ``stated``; ``time`` is ``true``, or ``not known then`` if a stake on the way is undated.
    """

    owner: str
    asset: str
    share: Share
    how: str
    time: str
    certainty: str
    chains: Sequence[Chain]
    stated: Link | None = None

    @property
    def links(self) -> list[Link]:
        """Every stake the row rests on, each once."""
        found = {link.key: link for chain in self.chains for link in chain.links}
        if self.stated is not None:
            found[self.stated.key] = self.stated
        return list(found.values())


def owners_of(picture: Picture, asset: str) -> tuple[list[Row], Effective]:
    """Return the owners of an asset, the largest first, and the computed shares they come from."""
    found = effective_owners(picture.held, asset)
    stated = {str(link.owner): link for link in picture.stated if link.asset == asset}
    room = 100.0 if found.unaccounted is None else found.unaccounted.high
    possible = {name for name, link in stated.items() if link.data.get("share", 0.0) <= room + AGREES}
    names = sorted({str(owner) for owner in found.shares} | possible)
    return _sorted([_row(picture, owner, asset, found.shares.get(owner), stated.get(owner)) for owner in names]), found


def holdings_of(picture: Picture, owner: str) -> list[Row]:
    """Return what an owner holds, the largest first."""
    held = effective_holdings(picture.held, owner).shares if owner in picture.graph else {}
    assets = {str(asset) for asset in held}
    assets |= {str(link.asset) for link in picture.stated if link.owner == owner}
    rows = [row for asset in assets for row in owners_of(picture, asset)[0]]
    return _sorted([row for row in rows if row.owner == owner])


def all_rows(picture: Picture) -> list[Row]:
    """Return every owner of every asset."""
    owned = {str(asset) for asset in picture.graph if picture.graph.in_degree(asset)}
    assets = sorted(owned | {str(link.asset) for link in picture.stated})
    return [row for asset in assets for row in owners_of(picture, asset)[0]]


def percent(value: float | None) -> Decimal | None:
    """Return a percentage to six places, in canonical form.

    >>> percent(27.000000000000004), percent(None)
    (Decimal('27'), None)
    """
    if value is None:
        return None
    text = f"{value:.{PLACES}f}".rstrip("0").rstrip(".")
    return Decimal("0" if text in ("", "-0") else text)


def _row(picture: Picture, owner: str, asset: str, share: Share | None, stated: Link | None) -> Row:
    ways = chains(picture.graph, owner, asset)
    links = [link for way in ways for link in way.links] or ([stated] if stated is not None else [])
    time = TRUE if all(link.data.get("time") == TRUE for link in links) else UNKNOWN
    unsure = sorted({str(link.data.get("certainty", "stated")) for link in links} - {"stated"})
    share, how = Share(0.0, 100.0, None) if share is None else share, "computed"
    said = None if stated is None else stated.data.get("share")
    loose = any("share_high" in link.data for link in links)
    if said is not None and not loose and share.point is None and share.low - AGREES <= said <= share.high + AGREES:
        share, how = Share(said, said, said, share.direct), "stated"
    return Row(owner, asset, share, how, time, ", ".join(unsure) or "stated", ways, stated)


def _sorted(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-row.share.high, -row.share.low, row.owner, row.asset))


def direct_percent(picture: Picture, row: Row) -> float | None:
    """Return the share held directly, None when there is none or its size is unknown."""
    return row.share.direct if row.share.direct and picture.graph.has_edge(row.owner, row.asset) else None


def changes(before: Picture, after: Picture) -> list[tuple[str, Link]]:
    """Return the direct stakes that went, came or changed between two pictures, as (what, stake)."""
    one, two = _stakes(before), _stakes(after)
    found = [("went", one[key]) for key in one.keys() - two.keys()]
    found += [("came", two[key]) for key in two.keys() - one.keys()]
    found += [("became known" if _time(two[key]) == TRUE else "no longer known", two[key])
              for key in one.keys() & two.keys() if _time(one[key]) != _time(two[key])]  # fmt: skip
    return sorted(found, key=lambda pair: (str(pair[1].asset), pair[0] == "came", str(pair[1].owner)))


def _time(link: Link) -> Any:
    return link.data.get("time")


def _stakes(picture: Picture) -> Mapping[str, Link]:
    edges: nx.MultiDiGraph[str] = picture.graph
    return {str(key): Link(owner, asset, key, data) for owner, asset, key, data in edges.edges(keys=True, data=True)}

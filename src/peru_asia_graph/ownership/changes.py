"""Changes between two snapshots: stakes, companies named without a stake, and indirect owners."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from peru_asia_graph.ownership.plain_graph import Edge, reach
from peru_asia_graph.ownership.share_rows import ShareRow, owner_rows
from peru_asia_graph.ownership.snapshot import OwnershipSnapshot, companies_named
from peru_asia_graph.ownership.versions import TRUE

STAKE: Final = "stake"
THROUGH: Final = "through others"
CAME: Final = "came"
MAY_HAVE_COME: Final = "may have come"


class Change(NamedTuple):
    """One change to an owner of an asset.

    ``what`` is ``came``, ``went``, ``became known``, ``no longer known``, or ``may have come`` for an owner
    that is new but not known to hold then.

    ``how`` is ``stake``, ``through others`` or the role of a company named without a stake; ``share`` is in percent,
    None if it is not stated or is a range.
    """

    what: str
    owner: str
    asset: str
    how: str
    share: float | None
    certainty: str
    statements: tuple[Edge[str], ...]


def changes(before: OwnershipSnapshot, after: OwnershipSnapshot) -> list[Change]:
    """Return all changes to the owners of every asset between two snapshots."""
    found = _changed_stakes(before, after)
    stated = ({str(edge.key): edge.data.get("time") for edge in one.stated} for one in (before, after))
    moved = {change.asset for change in found}
    keys = dict(_differences(*stated))
    moved |= {edge.target for one in (before, after) for edge in one.stated if str(edge.key) in keys}
    found += _changed_names(before, after)
    for asset in sorted(_below(moved, before, after)):
        found += _changed_through(asset, before, after)
    return sorted(found, key=lambda one: (one.asset, one.what in (CAME, MAY_HAVE_COME), one.owner, one.how))


def _changed_stakes(before: OwnershipSnapshot, after: OwnershipSnapshot) -> list[Change]:
    one, two = ({str(edge.key): edge for edge in snapshot.graph.edges()} for snapshot in (before, after))
    times = tuple({key: edge.data.get("time") for key, edge in stakes.items()} for stakes in (one, two))
    found = []
    for key, what in _differences(*times):
        stake = (two if key in two else one)[key]
        share = stake.data.get("share", stake.data.get("share_exact"))
        certainty = str(stake.data.get("certainty", "stated"))
        found.append(Change(what, stake.source, stake.target, STAKE, share, certainty, (stake,)))
    return found


def _changed_names(before: OwnershipSnapshot, after: OwnershipSnapshot) -> list[Change]:
    assets = {edge.target for snapshot in (before, after) for edge in snapshot.named}
    found = []
    for asset in sorted(assets):
        named = (companies_named(one, asset) for one in (before, after))
        rows = [{(row.owner, row.role, row.certainty): row for row in some} for some in named]
        for key, what in _differences(*({key: row.time for key, row in some.items()} for some in rows)):
            row = (rows[1] if key in rows[1] else rows[0])[key]
            found.append(Change(what, row.owner, asset, row.how, None, row.certainty, tuple(row.statements)))
    return found


def _changed_through(asset: str, before: OwnershipSnapshot, after: OwnershipSnapshot) -> list[Change]:
    """Return the changes of the indirect owners."""
    rows = [_through(one, asset) for one in (before, after)]
    found = []
    for owner, what in _differences(*({owner: row.time for owner, row in some.items()} for some in rows)):
        row = (rows[1] if owner in rows[1] else rows[0])[owner]
        found.append(Change(what, owner, asset, THROUGH, row.share.point, row.certainty, tuple(row.stakes)))
    return found


def _through(snapshot: OwnershipSnapshot, asset: str) -> dict[str, ShareRow]:
    if asset not in snapshot.graph:
        return {}
    direct = set(snapshot.graph.sources(asset))
    return {row.owner: row for row in owner_rows(snapshot, asset)[0] if row.owner not in direct}


def _below(assets: Iterable[str], *snapshots: OwnershipSnapshot) -> set[str]:
    """Return these assets and everything they hold in one of the snapshots."""
    return reach(assets, lambda node: {target for one in snapshots for target in one.graph.targets(node)})


def _differences(before: Mapping[Any, str | None], after: Mapping[Any, str | None]) -> list[tuple[Any, str]]:
    """Return the keys that are in one mapping only, or whose time differs, each with the kind of change."""
    found = [(key, "went") for key in before.keys() - after.keys()]
    found += [(key, CAME if after[key] == TRUE else MAY_HAVE_COME) for key in after.keys() - before.keys()]
    for key in before.keys() & after.keys():
        if before[key] != after[key]:
            found.append((key, "became known" if after[key] == TRUE else "no longer known"))
    return found

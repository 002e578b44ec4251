"""Ownership from a store as tables and explanations, with names, years and citations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from peru_asia_graph.ownership.control import controlled_by
from peru_asia_graph.ownership.derivation import Chain
from peru_asia_graph.ownership.plain_graph import Edge
from peru_asia_graph.ownership.share_rows import (
    ShareRow,
    changed_stakes,
    direct_percent,
    holding_rows,
    owner_rows,
    percent,
)
from peru_asia_graph.ownership.snapshot import OwnershipSnapshot, make_snapshot
from peru_asia_graph.query.network import LAST_YEAR, read_network_around, read_networks
from peru_asia_graph.sources.moments import Year
from peru_asia_graph.store import Store
from peru_asia_graph.store.results import Result, from_rows
from peru_asia_graph.store.values import Value, sort_parts

SHARES: Final = ("direct_percent", "effective_low", "effective_percent", "effective_high", "how", "time", "certainty")


def read_snapshot(store: Store, year: Year | None = None, folder: Path | None = None) -> OwnershipSnapshot:
    """Return who owned what in a year, by default the last one the source speaks of."""
    return read_snapshots(store, [LAST_YEAR if year is None else year], folder)[0]


def read_snapshots(store: Store, years: Sequence[Year], folder: Path | None = None) -> list[OwnershipSnapshot]:
    """Return who owned what in each of these years, from one reading of the store."""
    networks = read_networks(store, "ownership", years, folder)
    return [make_snapshot(network, year) for network, year in zip(networks, years, strict=True)]


def read_snapshot_around(
    store: Store, slug: str, year: Year | None = None, *, below: bool = False
) -> OwnershipSnapshot:
    """Return who owned a thing in a year, and with ``below`` what it held: only the stakes needed are fetched."""
    year = LAST_YEAR if year is None else year
    return make_snapshot(read_network_around(store, slug, year, below=below), year)


def owners_table(snapshot: OwnershipSnapshot, asset: str) -> Result:
    """Return the effective owners of an asset, and a last row for what is unaccounted for."""
    rows, found = owner_rows(snapshot, asset)
    table = [[snapshot.label(row.owner), *_cells(snapshot, row)] for row in rows]
    left = found.unaccounted
    if left is not None and snapshot.graph.edges_in(asset):
        shares = [percent(left.low), percent(left.point), percent(left.high)]
        table.append(["unaccounted for", None, *shares, "computed", None, None, None, None])
    return from_rows(["owner", *SHARES, "paths", "citations"], table)


def holdings_table(snapshot: OwnershipSnapshot, owner: str) -> Result:
    """Return everything an owner holds, directly or through others."""
    rows = holding_rows(snapshot, owner)
    table = [[snapshot.label(row.asset), *_cells(snapshot, row)] for row in rows]
    return from_rows(["asset", *SHARES, "paths", "citations"], table)


def compact(result: Result) -> Result:
    """Return a table of shares for a narrow screen: bounds in one column, what is usual left out."""
    first = result.variables[0]
    rows: list[list[Value | None]] = []
    for row in result:
        low, high = row["effective_low"], row["effective_high"]
        share = str(low) if low == high else f"{low}–{high}"
        usual = {"how": "computed", "time": "true", "certainty": "stated"}
        remarks = [str(row[name]) for name in usual if row[name] not in (None, usual[name])]
        rows.append(
            [row[first], row["direct_percent"], share, ", ".join(remarks) or None, row["paths"], row["citations"]]
        )
    return from_rows([first, "direct_percent", "effective_percent", "remarks", "paths", "citations"], rows)


def control_table(snapshot: OwnershipSnapshot, owner: str, threshold: float) -> Result:
    """Return what an owner controls, or may control, by more than ``threshold`` percent or as stated."""
    graph = snapshot.with_states()
    found = controlled_by(graph, owner, threshold=threshold) if owner in graph else {}
    rows: list[list[Value | None]] = []
    for firm, how in sorted(found.items(), key=lambda pair: (pair[1], str(pair[0]))):
        controllers = [one for one in graph.sources(str(firm)) if one == owner or one in found]
        stakes = [edge for edge in graph.edges_in(str(firm)) if edge.source in controllers]
        through = ", ".join(snapshot.label(one) for one in controllers if one != owner)
        reasons = "; ".join(sorted({_reason(stake) for stake in stakes}))
        rows.append([snapshot.label(str(firm)), how, through or None, reasons, join_citations(stakes)])
    return from_rows(["firm", "control", "through", "because", "citations"], rows)


def diff_table(store: Store, before: Year, after: Year, folder: Path | None = None) -> Result:
    """Return which direct stakes came and went between two years."""
    one, two = read_snapshots(store, [before, after], folder)
    rows: list[list[Value | None]] = []
    for what, stake in changed_stakes(one, two):
        names = [(two if node in two.graph else one).label(node) for node in (stake.target, stake.source)]
        share = stake.data.get("share", stake.data.get("share_high"))
        dates = [stake.data.get(name) for name in ("valid_from", "valid_until")]
        rows.append([what, *names, percent(share), *dates, str(stake.data["certainty"]), join_citations([stake])])
    header = ["change", "asset", "owner", "share_percent", "valid_from", "valid_until", "certainty", "citations"]
    return from_rows(header, rows)


def explain(snapshot: OwnershipSnapshot, asset: str) -> str:
    """Return how each share of an asset comes about, chain by chain, with citations."""
    rows, found = owner_rows(snapshot, asset)
    lines = [f"{snapshot.label(asset)}, {snapshot.year}"]
    for row in rows:
        lines += ["", f"{snapshot.label(row.owner)}: {_row_size(row, snapshot.year)}"]
        lines += [f"  {line}" for chain in row.chains for line in _steps(snapshot, chain)]
        if row.stated is not None:
            stated = row.stated.data.get("share")
            size = f"{percent(stated)} %" if stated is not None else "without a figure"
            lines.append(f"  stated as indirect: {size}  [{row.stated.data['citations']}]")
    left = found.unaccounted
    if left is not None:
        lines += ["", f"unaccounted for: {_range(left.low, left.high)}"]
    lines += [f"firms wholly owned by each other: {', '.join(sorted(map(str, one)))}" for one in found.closed_cycles]
    return "\n".join(lines) + "\n"


def derivation(snapshot: OwnershipSnapshot, row: ShareRow) -> Mapping[str, object]:
    """Return the derivation of a share as plain data: chains of stakes with shares and citations."""
    steps = [
        {
            "share_percent": chain.share,
            "stakes": [
                {
                    "id": str(edge.key),
                    "owner": edge.source,
                    "asset": edge.target,
                    "share_percent": edge.data.get("share"),
                    "citations": edge.data.get("citations", "").split("; "),
                }
                for edge in chain.edges
            ],
        }
        for chain in row.chains
    ]
    stated = None if row.stated is None else {"id": str(row.stated.key), "share_percent": row.stated.data.get("share")}
    share = {"low": row.share.low, "high": row.share.high, "percent": row.share.point, "how": row.how, "time": row.time}
    return {"owner": row.owner, "asset": row.asset, "year": snapshot.year, **share, "chains": steps, "stated": stated}


def join_citations(stakes: Sequence[Edge[str]]) -> str:
    """Return the places all these stakes are cited from, each once."""
    return sort_parts("; ".join(str(stake.data.get("citations", "")) for stake in stakes), "; ")


def _cells(snapshot: OwnershipSnapshot, row: ShareRow) -> list[Value | None]:
    share = row.share
    sizes = [percent(direct_percent(snapshot, row)), percent(share.low), percent(share.point), percent(share.high)]
    return [*sizes, row.how, row.time, row.certainty, _paths(snapshot, row), join_citations(row.stakes)]


def _paths(snapshot: OwnershipSnapshot, row: ShareRow) -> str | None:
    paths = [" > ".join(snapshot.label(edge.source) for edge in chain.edges[1:]) for chain in row.chains]
    return "; ".join(f"via {path}" for path in paths if path) or None


def _reason(stake: Edge[str]) -> str:
    if stake.data.get("relation") == "stateOwned":
        return "called state-owned"
    if stake.data.get("control"):
        return "called its subsidiary"
    share = stake.data.get("share")
    return "share not stated" if share is None else f"{percent(share)} %"


def _steps(snapshot: OwnershipSnapshot, chain: Chain[str]) -> list[str]:
    lines = []
    for number, edge in enumerate(chain.edges):
        sign = "× " if number else ""
        dates = [(name, edge.data[name]) for name in ("valid_from", "valid_until") if name in edge.data]
        period = "".join(f", {name.removeprefix('valid_')} {date}" for name, date in dates)
        lines.append(f"{sign}{_stake_size(edge)} of {snapshot.label(edge.target)}{period}  [{edge.data['citations']}]")
    if len(chain.edges) > 1:
        lines.append(f"= {percent(chain.share)} %" if chain.share is not None else "= not determined")
    return lines


def _stake_size(stake: Edge[str]) -> str:
    share = stake.data.get("share")
    if share is not None:
        return f"{percent(share)} %"
    return f"0 to {percent(stake.data['share_high'])} %" if "share_high" in stake.data else "share not stated"


def _row_size(row: ShareRow, year: Year) -> str:
    size = _range(row.share.low, row.share.high)
    unknown = "" if row.time == "true" else f"whether {'on' if len(str(year)) > 7 else 'in'} {year} is not known"
    notes = [note for note in (row.certainty, unknown) if note and note != "stated"]
    return f"{size} ({', '.join(notes)})" if notes else size


def _range(low: float, high: float) -> str:
    ends = percent(low), percent(high)
    return f"{ends[0]} %" if ends[0] == ends[1] else f"{ends[0]} to {ends[1]} %"

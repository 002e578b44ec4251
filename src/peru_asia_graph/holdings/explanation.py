"""How the shares of an asset are computed, as text and as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from peru_asia_graph.holdings.owners import NO_OWNER, OVER_WHOLE, doubt_of, join_citations
from peru_asia_graph.ownership.combine import least_in_all
from peru_asia_graph.ownership.derivation import Chain
from peru_asia_graph.ownership.plain_graph import Edge
from peru_asia_graph.ownership.share_rows import ShareRow, owner_rows, percent, unheld
from peru_asia_graph.ownership.snapshot import NamedRow, OwnershipSnapshot, companies_named
from peru_asia_graph.ownership.stakes import stated_bounds
from peru_asia_graph.ownership.versions import STATEMENTS
from peru_asia_graph.sources.dates import Year


def explain(snapshot: OwnershipSnapshot, asset: str) -> str:
    """Return how each share of an asset is computed, chain by chain, with citations."""
    named = companies_named(snapshot, asset)
    if not snapshot.is_owned(asset):
        lines = [f"{snapshot.label(asset)}, {snapshot.year}", "", *(_named_line(snapshot, row) for row in named)]
        return "\n".join(lines if named else [*lines, NO_OWNER]) + "\n"
    rows, found = owner_rows(snapshot, asset)
    lines = [f"{snapshot.label(asset)}, {snapshot.year}"]
    for row in rows:
        size = _with_notes(_range(row.share.low, row.share.high), row, snapshot.year)
        lines += ["", f"{snapshot.label(row.owner)}: {size}"]
        lines += [f"  {line}" for chain in row.chains for line in _steps(snapshot, chain)]
        lines += [f"  {row.more_chains}"] if row.more_chains else []
        if row.stated is not None:
            stated = _stake_size(row.stated, "without a figure")
            lines.append(f"  stated as indirect: {stated}{doubt_of(row.stated)}{_cited(row.stated)}")
            lines += [f"  {line}" for line in _said(row.stated)]
    if (total := least_in_all(snapshot.graph, asset)) is not None:
        lines += ["", f"{OVER_WHOLE}: {percent(total)} %"]
    left = unheld(snapshot, rows, found)
    if left is not None:
        lines += ["", f"unaccounted for: {_range(left.low, left.high)}"]
    lines += [f"firms wholly owned by each other: {', '.join(sorted(map(str, one)))}" for one in found.closed_cycles]
    lines += ["", *(_named_line(snapshot, row) for row in named)] if named else []
    return "\n".join(lines) + "\n"


def derivations(snapshot: OwnershipSnapshot, asset: str) -> list[Mapping[str, object]]:
    """Return the derivation of each share of an asset as plain data, and the companies named without a stake."""
    rows = owner_rows(snapshot, asset)[0] if snapshot.is_owned(asset) else []
    named = companies_named(snapshot, asset)
    return [*(derivation(snapshot, row) for row in rows), *(_named(snapshot, row) for row in named)]


def derivation(snapshot: OwnershipSnapshot, row: ShareRow) -> Mapping[str, object]:
    """Return the derivation of a share as plain data: chains of stakes with shares and citations.

    If only the shortest chains are listed, ``more_chains`` is the number of the others, None if it is not known.
    """
    steps = [
        {
            "share_percent": chain.share,
            "stakes": [
                {
                    "id": str(edge.key),
                    "owner": edge.source,
                    "asset": edge.target,
                    **_size(edge),
                    "citations": edge.data.get("citations", "").split("; "),
                    **_statements(edge),
                }
                for edge in chain.edges
            ],
        }
        for chain in row.chains
    ]
    stated = None if row.stated is None else {"id": str(row.stated.key), **_size(row.stated), **_statements(row.stated)}
    share = {"low": row.share.low, "high": row.share.high, "percent": row.share.point, "how": row.how, "time": row.time}
    more = {"more_chains": row.more} if row.more_chains else {}
    ends = {"owner": row.owner, "asset": row.asset, "year": snapshot.year}
    return {**ends, **share, "chains": steps, **more, "stated": stated}


def _size(edge: Edge[str]) -> dict[str, object]:
    size: dict[str, object] = {"share_percent": edge.data.get("share")}
    return size | {name: edge.data[name] for name in ("share_low", "share_high") if name in edge.data}


def _statements(edge: Edge[str]) -> dict[str, object]:
    """Return what the source or sources state, if the stake combines several statements."""
    said = [
        {
            "source": one.data.get("source"),
            "id": str(one.key),
            **_size(one),
            "certainty": one.data.get("certainty", "stated"),
            "citations": str(one.data.get("citations", "")).split("; "),
        }
        for one in edge.data.get(STATEMENTS, ())
    ]
    return {STATEMENTS: said} if said else {}


def _named(snapshot: OwnershipSnapshot, row: NamedRow) -> Mapping[str, object]:
    cited = {str(one.key): one.data.get("citations", "").split("; ") for one in row.statements}
    statements = [{"id": key, "citations": places} for key, places in cited.items()]
    ends = {"owner": row.owner, "asset": row.asset, "year": snapshot.year}
    return {**ends, "how": row.how, "time": row.time, "certainty": row.certainty, "statements": statements}


def _named_line(snapshot: OwnershipSnapshot, row: NamedRow) -> str:
    said = _with_notes(row.how, row, snapshot.year)
    return f"{snapshot.label(row.owner)}: {said}  [{join_citations(row.statements)}]"


def _steps(snapshot: OwnershipSnapshot, chain: Chain[str]) -> list[str]:
    lines = []
    for number, edge in enumerate(chain.edges):
        sign = "× " if number else ""
        size, asset = _stake_size(edge), snapshot.label(edge.target)
        lines.append(f"{sign}{size} of {asset}{_period(edge)}{doubt_of(edge)}{_cited(edge)}")
        lines += _said(edge)
    if len(chain.edges) > 1:
        ends = [stated_bounds(edge.data) or (0.0, 100.0) for edge in chain.edges]
        low, high = (100 * prod(end[side] / 100 for end in ends) for side in (0, 1))
        lines.append(f"= {percent(chain.share)} %" if chain.share is not None else f"= {_range(low, high)}")
    return lines


def _said(stake: Edge[str]) -> list[str]:
    """Return the statements that a stake combines, a line each, if they differ from it or from each other."""
    said: list[Edge[str]] = stake.data.get(STATEMENTS, [])
    certainties = {str(one.data.get("certainty", "stated")) for one in said}
    periods = {_period(one) for one in said} - {""}
    if {_stake_size(one) for one in said} <= {_stake_size(stake)} and max(len(certainties), len(periods)) < 2:
        return []
    lines = []
    for one in said:
        day = one.data.get("as_of")
        time = _period(one) or (f", as of {day}" if day else "")
        lines.append(f"  {_stake_size(one)}{time}{doubt_of(one)}{_cited(one)}")
    return lines


def _period(stake: Edge[str]) -> str:
    dates = {"from": stake.data.get("first_from", stake.data.get("valid_from")), "until": stake.data.get("valid_until")}
    return "".join(f", {name} {date}" for name, date in dates.items() if date)


def _cited(stake: Edge[str]) -> str:
    """Return the citations of a stake in brackets; empty if it has none, as in a graph of other origin."""
    places = stake.data.get("citations", "")
    return f"  [{places}]" if places else ""


def _stake_size(stake: Edge[str], unstated: str = "share not stated") -> str:
    low, high = stated_bounds(stake.data) or (0.0, 100.0)
    return unstated if (low, high) == (0.0, 100.0) else _range(low, high)


def _with_notes(said: str, row: ShareRow | NamedRow, year: Year) -> str:
    when = f"{'on' if len(str(year)) > 7 else 'in'} {year}"
    unknown = "" if row.time == "true" else f"whether {when} is not known"
    notes = [note for note in (row.certainty, unknown) if note and note != "stated"]
    return f"{said} ({', '.join(notes)})" if notes else said


def _range(low: float, high: float) -> str:
    ends = percent(low), percent(high)
    return f"{ends[0]} %" if ends[0] == ends[1] else f"{ends[0]} to {ends[1]} %"

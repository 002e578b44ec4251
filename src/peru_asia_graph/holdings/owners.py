"""Ownership answered from the graph: a store in, tables for people and programs out.

The mathematics is in ``ownership``; here are names, citations and years. Limit: without a year it is the last one the
source speaks of.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from peru_asia_graph.ownership.answers import Row, changes, direct_percent, holdings_of, owners_of, percent
from peru_asia_graph.ownership.control import controlled_by
from peru_asia_graph.ownership.derivation import Chain, Link
from peru_asia_graph.ownership.snapshot import Picture, make_picture
from peru_asia_graph.query.network import LAST_YEAR, make_network, network_around
from peru_asia_graph.store import Store
from peru_asia_graph.store.results import Result, from_rows
from peru_asia_graph.store.values import Value, sort_parts

SHARES: Final = ("direct_percent", "effective_low", "effective_percent", "effective_high", "how", "time", "certainty")


def picture_of(store: Store, year: int | None = None, folder: Path | None = None) -> Picture:
    """Return who owned what in a year, by default the last one the source speaks of."""
    when = LAST_YEAR if year is None else year
    return make_picture(make_network(store, "ownership", when, folder=folder), when)


def picture_around(store: Store, slug: str, year: int | None = None, *, below: bool = False) -> Picture:
    """Return who owned a thing in a year, and with ``below`` what it held: only the stakes needed are fetched."""
    when = LAST_YEAR if year is None else year
    return make_picture(network_around(store, slug, when, below=below), when)


def owners_table(picture: Picture, asset: str) -> Result:
    """Return the effective owners of an asset, and a last row for what is unaccounted for."""
    rows, found = owners_of(picture, asset)
    table = [[picture.label(row.owner), *_shares(picture, row), _paths(picture, row), cited(row.links)] for row in rows]
    left = found.unaccounted
    if left is not None and picture.graph.in_degree(asset):
        shares = [percent(left.low), percent(left.point), percent(left.high)]
        table.append(["unaccounted for", None, *shares, "computed", None, None, None, None])
    return from_rows(["owner", *SHARES, "paths", "citations"], table)


def holdings_table(picture: Picture, owner: str) -> Result:
    """Return everything an owner holds, directly or through others."""
    rows = holdings_of(picture, owner)
    table = [[picture.label(row.asset), *_shares(picture, row), _paths(picture, row), cited(row.links)] for row in rows]
    return from_rows(["asset", *SHARES, "paths", "citations"], table)


def in_brief(result: Result) -> Result:
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


def control_table(picture: Picture, owner: str, threshold: float) -> Result:
    """Return what an owner controls, or may control, by more than ``threshold`` percent or because it is said so."""
    graph = picture.with_states()
    found = controlled_by(graph, owner, threshold=threshold) if owner in graph else {}
    rows: list[list[Value | None]] = []
    for firm, how in sorted(found.items(), key=lambda pair: (pair[1], str(pair[0]))):
        inside = [one for one in graph.predecessors(firm) if one == owner or one in found]
        links = [Link(one, firm, key, data) for one in inside for key, data in graph[one][firm].items()]
        through = ", ".join(picture.label(str(one)) for one in inside if one != owner)
        why = sorted({_why(link) for link in links})
        rows.append([picture.label(str(firm)), how, through or None, "; ".join(why), cited(links)])
    return from_rows(["firm", "control", "through", "because", "citations"], rows)


def diff_table(store: Store, before: int, after: int, folder: Path | None = None) -> Result:
    """Return which direct stakes came and went between two years."""
    one, two = picture_of(store, before, folder), picture_of(store, after, folder)
    rows: list[list[Value | None]] = []
    for what, link in changes(one, two):
        names = [(two if node in two.graph else one).label(str(node)) for node in (link.asset, link.owner)]
        share = link.data.get("share", link.data.get("share_high"))
        dates = [link.data.get(name) for name in ("valid_from", "valid_until")]
        rows.append([what, *names, percent(share), *dates, str(link.data["certainty"]), cited([link])])
    header = ["change", "asset", "owner", "share_percent", "valid_from", "valid_until", "certainty", "citations"]
    return from_rows(header, rows)


def explain(picture: Picture, asset: str) -> str:
    """Return how each share of an asset comes about, chain by chain, with citations."""
    rows, found = owners_of(picture, asset)
    lines = [f"{picture.label(asset)}, {picture.year}"]
    for row in rows:
        lines += ["", f"{picture.label(row.owner)}: {_size(row, picture.year)}"]
        lines += [f"  {line}" for chain in row.chains for line in _steps(picture, chain)]
        if row.stated is not None:
            said = row.stated.data.get("share")
            size = f"{percent(said)} %" if said is not None else "without a figure"
            lines.append(f"  stated as indirect: {size}  [{row.stated.data['citations']}]")
    left = found.unaccounted
    if left is not None:
        lines += ["", f"unaccounted for: {_between(left.low, left.high)}"]
    lines += [f"circle of firms owned by each other: {', '.join(map(str, one))}" for one in found.circles]
    return "\n".join(lines) + "\n"


def tree(picture: Picture, row: Row) -> Mapping[str, object]:
    """Return the derivation of a share as plain data: chains of stakes with shares and citations."""
    steps = [
        {
            "share_percent": chain.share,
            "stakes": [
                {"id": str(link.key), "owner": link.owner, "asset": link.asset, "share_percent": link.data.get("share"),
                 "citations": link.data.get("citations", "").split("; ")}
                for link in chain.links
            ],
        }
        for chain in row.chains
    ]  # fmt: skip
    stated = None if row.stated is None else {"id": str(row.stated.key), "share_percent": row.stated.data.get("share")}
    share = {"low": row.share.low, "high": row.share.high, "percent": row.share.point, "how": row.how, "time": row.time}
    return {"owner": row.owner, "asset": row.asset, "year": picture.year, **share, "chains": steps, "stated": stated}


def cited(links: list[Link]) -> str:
    """Return the places all these stakes are cited from, each once."""
    return sort_parts("; ".join(str(link.data.get("citations", "")) for link in links), "; ")


def _shares(picture: Picture, row: Row) -> list[Value | None]:
    share = row.share
    sizes = [percent(direct_percent(picture, row)), percent(share.low), percent(share.point), percent(share.high)]
    return [*sizes, row.how, row.time, row.certainty]


def _paths(picture: Picture, row: Row) -> str | None:
    ways = [" > ".join(picture.label(str(link.owner)) for link in chain.links[1:]) for chain in row.chains]
    return "; ".join(f"via {way}" for way in ways if way) or None


def _why(link: Link) -> str:
    if link.data.get("relation") == "stateOwned":
        return "called state-owned"
    if link.data.get("control"):
        return "called its subsidiary"
    share = link.data.get("share")
    return "share not stated" if share is None else f"{percent(share)} %"


def _steps(picture: Picture, chain: Chain) -> list[str]:
    lines = []
    for number, link in enumerate(chain.links):
        sign = "× " if number else ""
        dates = "".join(f", {name.replace('valid_', '')} {link.data[name]}" for name in ("valid_from", "valid_until")
                        if name in link.data)  # fmt: skip
        lines.append(f"{sign}{_part(link)} of {picture.label(str(link.asset))}{dates}  [{link.data['citations']}]")
    if len(chain.links) > 1:
        lines.append(f"= {percent(chain.share)} %" if chain.share is not None else "= not determined")
    return lines


def _part(link: Link) -> str:
    share = link.data.get("share")
    if share is not None:
        return f"{percent(share)} %"
    return f"0 to {percent(link.data['share_high'])} %" if "share_high" in link.data else "share not stated"


def _size(row: Row, year: int) -> str:
    size = _between(row.share.low, row.share.high)
    when = "" if row.time == "true" else f"whether in {year} is not known"
    notes = [note for note in (row.certainty, when) if note and note != "stated"]
    return f"{size} ({', '.join(notes)})" if notes else size


def _between(low: float, high: float) -> str:
    least, most = percent(low), percent(high)
    return f"{least} %" if least == most else f"{least} to {most} %"

"""Ownership tables from a store, with names, years and citations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from peru_asia_graph.ownership.changes import THROUGH, changes
from peru_asia_graph.ownership.combine import combine, least_in_all
from peru_asia_graph.ownership.control import CONTROLS, MAY_CONTROL, controlled_by
from peru_asia_graph.ownership.plain_graph import Edge
from peru_asia_graph.ownership.share_rows import ShareRow, direct_percent, holding_rows, owner_rows, percent, unheld
from peru_asia_graph.ownership.snapshot import (
    DATES,
    NO_STAKE,
    NamedRow,
    OwnershipSnapshot,
    assets_named,
    companies_named,
    make_snapshot,
)
from peru_asia_graph.ownership.stakes import STAKE, UNSURE, stated_bounds
from peru_asia_graph.ownership.versions import FORMER, STATED, TRUE, UNKNOWN, certainty_of, is_sure
from peru_asia_graph.query.network import holds_in, read_network_around, read_networks
from peru_asia_graph.query.side_by_side import SourcePart
from peru_asia_graph.query.sources import SourceInfo, default_year
from peru_asia_graph.sources.dates import Year, parse_moment
from peru_asia_graph.store import Store
from peru_asia_graph.store.results import Result, from_rows
from peru_asia_graph.store.values import Value, sort_parts
from peru_asia_graph.vocabulary import local, thing

NO_OWNER: Final = "no owner stated"
OVER_WHOLE: Final = "sum of direct shares (over 100 %)"
NAMED: Final = f"named, {NO_STAKE}"
_OF_OWNERS: Final = ("stake", "namedCompany", "hasSubsidiary")
SHARES: Final = ("direct_percent", "effective_low", "effective_percent", "effective_high", "how", "time", "certainty")

_DAYS: Final = """
SELECT ?first ?last WHERE {
  ?stake a pag:Stake ; pag:$end <$thing> ; pag:basis ?basis .
  OPTIONAL { ?stake pag:earliest ?first } OPTIONAL { ?stake pag:latest ?last }
}"""
_WORDS: Final = {"owned": "owners of", "owner": "stakes of"}


_HOMES: Final = """
SELECT DISTINCT ?key ?owner ?state ?label ?certainty ?graph ?earliest ?latest WHERE {
  GRAPH ?graph {
    ?key a pag:Relation ; pag:relation pag:homeState ; pag:subject ?owner ; pag:object ?state ; pag:certainty ?certainty
  }
  ?state rdfs:label ?label
  OPTIONAL { ?key pag:earliest ?earliest } OPTIONAL { ?key pag:latest ?latest }
}"""


def read_snapshot(store: Store, year: Year | None = None) -> OwnershipSnapshot:
    """Return who owned what in a year (default: the last year the source covers)."""
    return read_snapshots(store, [default_year(store) if year is None else year])[0]


def read_snapshots(store: Store, years: Sequence[Year], folder: Path | None = None) -> list[OwnershipSnapshot]:
    """Return who owned what in each of these years, reading the store once."""
    networks = read_networks(store, "ownership", years, folder)
    return [make_snapshot(network, year) for network, year in zip(networks, years, strict=True)]


def read_snapshot_around(
    store: Store, slug: str, year: Year | None = None, *, below: bool = False
) -> OwnershipSnapshot:
    """Return who owned a thing in a year and, with ``below``, what it held; fetch only the stakes needed."""
    year = default_year(store) if year is None else year
    return make_snapshot(read_network_around(store, slug, year, below=below), year)


def read_combined(
    store: Store,
    parts: Sequence[SourcePart],
    year: Year | None,
    things: Collection[str],
    also: Sequence[SourcePart] = (),
    with_homes: bool = False,
) -> tuple[SourcePart, OwnershipSnapshot]:
    """Return who owned what according to several sources together, by default in the last year any of them covers.

    ``things`` are what the answer is about. The combined part is named after the sources with ownership data and the
    sources in ``also``, which the answer depends on as well. ``with_homes`` also reads the home states of
    owners that are given by sources without a stake of them.
    """
    sources = [part.source for part in parts if part.source is not None]
    limited = store.part(list(dict.fromkeys(graph for one in sources for graph in one.graphs)))
    moment = default_year(limited) if year is None else year
    network, always = read_networks(limited, "ownership", [moment, None], things=things)
    stakes = [edge for edge in always.edges() if edge.data["relation"] == STAKE]
    coming = [edge for edge in stakes if parse_moment(moment).is_before(edge.data.get(DATES[0], ""))]
    ended = [edge for edge in stakes if parse_moment(moment).is_after(edge.data.get(DATES[1], ""))]
    shorts = {one.name: one.shown for one in sources}
    combined = combine(network, shorts, ended, coming)
    snapshot = make_snapshot(combined, moment)
    owning = (edge.data for edge in combined.edges() if edge.data["relation"] in _OF_OWNERS)
    speaking = {name for data in owning for name in str(data.get("source")).split(";")}
    speaking |= {part.source.name for part in also if part.source is not None}
    if with_homes:
        homes, told = _read_homes(limited, snapshot)
        snapshot, speaking = replace(snapshot, homes=homes), speaking | told
    titles = {one.name: SourcePart(limited, one).title for one in sources}
    named = {name: title for name, title in titles.items() if name in speaking} or titles
    return SourcePart(limited, SourceInfo("+".join(named), " + ".join(named.values())), is_combined=True), snapshot


def _read_homes(store: Store, snapshot: OwnershipSnapshot) -> tuple[dict[str, set[str]], set[str]]:
    """Return the home states of the owners in a combined snapshot, and the sources that give them."""
    homes = {owner: set(states) for owner, states in snapshot.homes.items()}
    told: set[str] = set()
    for row in store.query(_HOMES):
        owner, state, certainty = (local(str(row[name])) for name in ("owner", "state", "certainty"))
        days = {name: str(row[name]) for name in ("earliest", "latest") if row[name] is not None}
        is_said = certainty not in (*UNSURE, FORMER) and holds_in(days, snapshot.year) is not None
        if is_said and owner in snapshot.graph.nodes:
            homes.setdefault(owner, set()).add(state)
            snapshot.graph.add_node(
                state, **({"label": str(row["label"])} if state not in snapshot.graph.nodes else {})
            )
            told.add(local(str(row["graph"])))
    return homes, told


def owners_table(snapshot: OwnershipSnapshot, asset: str) -> Result:
    """Return the effective owners of an asset, what no stated holder accounts for, and companies without a stake.

    If the source states neither, the table has one row that says so. The last column is the asset, so that the table
    can be used as a table of stakes.
    """
    table: list[list[Value | None]] = []
    label = snapshot.label(asset)
    if snapshot.is_owned(asset):
        rows, found = owner_rows(snapshot, asset)
        table = [[snapshot.label(row.owner), *_cells(snapshot, row), label] for row in rows]
        if (left := unheld(snapshot, rows, found)) is not None:
            shares = [percent(left.low), percent(left.point), percent(left.high)]
            table.append(["unaccounted for", None, *shares, "computed", None, None, None, None, label])
    table += [[snapshot.label(row.owner), *_named_cells(row), label] for row in companies_named(snapshot, asset)]
    if (total := least_in_all(snapshot.graph, asset)) is not None:
        table.append([OVER_WHOLE, percent(total), *[None] * (len(SHARES) + 1), label])
    empty: list[Value | None] = [NO_OWNER, *[None] * (len(SHARES) + 2), label]
    return from_rows(["owner", *SHARES, "paths", "citations", "asset"], table or [empty])


def holdings_table(snapshot: OwnershipSnapshot, owner: str) -> Result:
    """Return everything an owner holds, directly or indirectly, then the assets it is named for without a stake."""
    rows = holding_rows(snapshot, owner)
    label = snapshot.label(owner)
    table = [[snapshot.label(row.asset), *_cells(snapshot, row), label] for row in rows]
    table += [[snapshot.label(row.asset), *_named_cells(row), label] for row in assets_named(snapshot, owner)]
    return from_rows(["asset", *SHARES, "paths", "citations", "owner"], table)


def compact(result: Result) -> Result:
    """Return a table of shares for a narrow screen: one column of bounds, no default values, no requested name."""
    kept = result.variables[: list(result.variables).index("direct_percent") + 1]
    rows: list[list[Value | None]] = []
    for row in result:
        low, high = row["effective_low"], row["effective_high"]
        share = None if low is None else str(low) if low == high else f"{low}–{high}"
        usual = {"how": "computed", "time": "true", "certainty": "stated"}
        remarks = [str(row[name]) for name in usual if row[name] not in (None, usual[name])]
        cells = [row[name] for name in kept]
        rows.append([*cells, share, ", ".join(remarks) or None, row["paths"], row["citations"]])
    return from_rows([*kept, "effective_percent", "remarks", "paths", "citations"], rows)


def control_table(snapshot: OwnershipSnapshot, owner: str, threshold: float) -> Result:
    """Return what an owner controls, or may control, with more than ``threshold`` percent or as stated.

    A stake that is only possible or planned, or former and perhaps no longer held, at most makes control possible. An
    indirect share stated without its chain means control if it is 100 percent, and possible control if it is above
    ``threshold``. Then follow the assets for which the owner, or a firm it controls or may control, is named without a
    stake. ``time`` is true if the result follows from stakes known to have held then.
    """
    graph, held_or_not = snapshot.with_states(), snapshot.with_doubts_open.with_states()
    found = controlled_by(held_or_not, owner, threshold=threshold) if owner in graph else {}
    dated = held_or_not.only(lambda edge: edge.data.get("time") == TRUE)
    then = controlled_by(dated, owner, threshold=threshold) if owner in dated else {}
    rows: list[list[Value | None]] = []
    for firm, how in sorted(found.items(), key=lambda pair: (pair[1], str(pair[0]))):
        controllers = [one for one in graph.sources(str(firm)) if one == owner or one in found]
        stakes = [edge for edge in graph.edges_in(str(firm)) if edge.source in controllers]
        through = ", ".join(snapshot.label(one) for one in controllers if one != owner)
        reasons = "; ".join(sorted({_reason(stake) + doubt_of(stake) * (not is_sure(stake.data)) for stake in stakes}))
        time = TRUE if then.get(firm) in (how, CONTROLS) else UNKNOWN
        rows.append([snapshot.label(str(firm)), how, through or None, reasons, time, join_citations(stakes)])
    held = {owner: CONTROLS, **found}
    behind = [edge for edge in snapshot.stated if edge.source in held and edge.target not in held]
    for edge in sorted(behind, key=lambda edge: (edge.target, edge.source)):
        share, most = edge.data.get("share", 0.0), edge.data.get("share", edge.data.get("share_high", 100.0))
        if most > threshold:
            # The chain is not stated: below 100 percent, others may control the firms in between.
            sure = share >= 100.0 and held[edge.source] == CONTROLS and is_sure(edge.data)
            via = None if edge.source == owner else snapshot.label(edge.source)
            unknown = stated_bounds(edge.data) is None
            size = "indirect share of unknown size" if unknown else f"{_reason(edge)} indirect"
            reason = size + doubt_of(edge) * (not is_sure(edge.data))
            cells = [reason, edge.data.get("time", UNKNOWN), join_citations([edge])]
            rows.append([snapshot.label(edge.target), CONTROLS if sure else MAY_CONTROL, via, *cells])
    rows.sort(key=lambda row: str(row[1]))
    named = [row for firm in (owner, *found) for row in assets_named(snapshot, str(firm)) if row.asset not in found]
    for row in sorted(named, key=lambda row: (snapshot.label(row.asset), snapshot.label(row.owner))):
        who = None if row.owner == owner else snapshot.label(row.owner)
        reason = row.how if row.certainty == "stated" else f"{row.how} ({row.certainty})"
        rows.append([snapshot.label(row.asset), NAMED, who, reason, row.time, join_citations(row.statements)])
    return from_rows(["firm", "control", "through", "because", "time", "citations"], rows)


def diff_table(store: Store, before: Year, after: Year) -> Result:
    """Return the owners added and removed between two years: by stake, indirectly, or named without a stake."""
    one, two = read_snapshots(store, [before, after])
    rows: list[list[Value | None]] = []
    for change in changes(one, two):
        names = [(two if node in two.graph else one).label(node) for node in (change.asset, change.owner)]
        whole = change.statements if change.how != THROUGH else ()
        dates = [_only(edge.data.get(name) for edge in whole) for name in ("valid_from", "valid_until")]
        citations = join_citations(change.statements)
        rows.append([change.what, *names, percent(change.share), *dates, change.certainty, change.how, citations])
    header = ["change", "asset", "owner", "share_percent", "valid_from", "valid_until", "certainty", "how", "citations"]
    return from_rows(header, rows)


def join_citations(stakes: Sequence[Edge[str]]) -> str:
    """Return the citations of all these stakes, without duplicates."""
    return sort_parts("; ".join(str(stake.data.get("citations", "")) for stake in stakes), "; ")


def _cells(snapshot: OwnershipSnapshot, row: ShareRow) -> list[Value | None]:
    share = row.share
    sizes = [percent(direct_percent(snapshot, row)), percent(share.low), percent(share.point), percent(share.high)]
    return [*sizes, row.how, row.time, row.certainty, _paths(snapshot, row), join_citations(row.stakes)]


def _named_cells(row: NamedRow) -> list[Value | None]:
    return [*[None] * 4, row.how, row.time, row.certainty, None, join_citations(row.statements)]


def _only(values: Iterable[Value | None]) -> Value | None:
    """Return the value if all are the same, else None."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _paths(snapshot: OwnershipSnapshot, row: ShareRow) -> str | None:
    paths = [" > ".join(snapshot.label(edge.source) for edge in chain.edges[1:]) for chain in row.chains]
    more = [row.more_chains] if row.more_chains else []
    return "; ".join([*(f"via {path}" for path in paths if path), *more]) or None


def doubt_of(stake: Edge[str]) -> str:
    """Return the certainty of a stake in parentheses after a space; empty if it is stated plainly."""
    certainty = certainty_of(stake.data)
    return "" if certainty == STATED else f" ({certainty})"


def _reason(stake: Edge[str]) -> str:
    if stake.data.get("relation") == "stateOwned":
        return "called state-owned"
    if stake.data.get("control"):
        return "called its subsidiary"
    share, low, high = (stake.data.get(name) for name in ("share", "share_low", "share_high"))
    if share is None and high is not None:
        return f"{percent(low or 0.0)} to {percent(high)} %"
    if share is None and low:
        return f"at least {percent(low)} %"
    return "share not stated" if share is None else f"{percent(share)} %"


def times_note(part: SourcePart, snapshot: OwnershipSnapshot, slug: str, end: str) -> str:
    """Return a note if a source states no stake of a thing in the year of a snapshot, but some in others; else ``""``.

    ``end`` is the end of the stakes at which the thing is: ``owned`` or ``owner``.
    """
    held = snapshot.graph.edges_out(slug) or any(edge.source == slug for edge in snapshot.stated)
    if snapshot.is_owned(slug) if end == "owned" else held:
        return ""
    moment = parse_moment(snapshot.year)
    rows = part.store.query(_DAYS.replace("$end", end).replace("$thing", thing(slug)))
    ends = [str(row["last"]) for row in rows if row["last"] is not None and moment.is_after(row["last"])]
    starts = [str(row["first"]) for row in rows if row["first"] is not None and not moment.is_after(row["first"])]
    if not ends and not starts:
        return ""
    year = max(ends)[:4] if ends else min(starts)[:4]
    what = f"{part.name or 'the source'} states {_WORDS[end]} {snapshot.label(slug)}"
    return f"{what} only for other times than {snapshot.year}, such as {year}"


def times_notes(answers: Sequence[tuple[SourcePart, OwnershipSnapshot]], slug: str, end: str) -> list[str]:
    """Return the notes of `times_note` for several sources."""
    return [note for part, snapshot in answers if (note := times_note(part, snapshot, slug, end))]

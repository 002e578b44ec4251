"""Several sources read as one network: on request, never by default.

A stake that several sources state is one edge with all their citations; if they state it differently, the edge has
bounds. A stake from one source stays as it is. Nothing is added up: if one source names a firm and another the firm's
owner, the owner's share may be the one it holds through the firm.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import compress, count
from typing import Any, Final

from peru_asia_graph.errors import OverOwned
from peru_asia_graph.ownership.effective import effective_owners
from peru_asia_graph.ownership.plain_graph import Edge, PlainGraph
from peru_asia_graph.ownership.shareholdings import ROUNDING, Holdings
from peru_asia_graph.ownership.snapshot import AGREED, DATES, LEAST_IN_ALL, least_of, state_edges
from peru_asia_graph.ownership.stakes import STAKE, SUBSIDIARY, UNSURE, stated_bounds
from peru_asia_graph.ownership.versions import (
    FORMER,
    PLANNED,
    STATEMENTS,
    TRUE,
    certainty_of,
    doubt,
    group_versions,
    held_stakes,
    time_of,
)
from peru_asia_graph.sources.dates import Span, parse_date

# Whether the sources state the share differently.
DISPUTED: Final = "disputed"
# The largest share that one of the sources states at least.
_LARGEST_LOW: Final = "share_largest_low"


def combine(
    network: PlainGraph[str],
    shorts: Mapping[str, str],
    ended: Iterable[Edge[str]] = (),
    coming: Iterable[Edge[str]] = (),
) -> PlainGraph[str]:
    """Return the ownership network with one edge per stake, however many sources state it.

    ``shorts`` maps each source to the short name put before its citations. ``ended`` and ``coming`` are stakes that, as
    one source states, had ended by the time of the network or began after it: if another states them without saying
    that it means another time, they may not have been held.
    """
    groups: dict[tuple[object, ...], list[Edge[str]]] = defaultdict(list)
    order = list(shorts)
    for edge in sorted(network.edges(), key=lambda edge: order.index(str(edge.data.get("source")))):
        alone = edge.key if edge.data["relation"] != "stake" else edge.data.get("basis")
        groups[edge.source, edge.target, edge.data["relation"], alone].append(edge)
    graph = network.with_edges(_merge(edges, shorts) for edges in groups.values())
    for name, stakes in zip(DATES, (coming, ended), strict=True):
        for other in stakes:
            for edge in graph.edges_between(other.source, other.target):
                _let_lapse(edge, other, name, shorts)
    chains = graph.only(lambda edge: edge.data["relation"] in (STAKE, SUBSIDIARY))
    chains = chains.with_edges((*chains.edges(), *state_edges(graph, chains)))
    holdings = Holdings.from_graph(chains)
    for asset in graph.nodes:
        _let_levels_overlap(graph, asset, chains, holdings)
        direct = [edge for edge in graph.edges_in(asset) if _is_direct(edge)]
        direct = [edge for edge in direct if certainty_of(edge.data) not in UNSURE] or direct
        _mark_agreed(direct)
        _leave_room(direct)
    return graph


def _let_lapse(edge: Edge[str], absent: Edge[str], name: str, shorts: Mapping[str, str]) -> None:
    """Turn the share of a stake not known to hold then into bounds from zero, if it may be one not held then.

    ``name`` is the date of the other that says so: it had ended by then, or began later.
    """
    data, other = edge.data, absent.data
    alike = all(data.get(key) == other.get(key) for key in ("relation", "basis"))
    if _sources(absent) & _sources(edge) or not alike or data.get("time") == TRUE:
        return
    if any(_is_beyond(one.data, name, parse_date(str(other[name]))) for one in data[STATEMENTS]):
        return
    high = (stated_bounds(data) or (0.0, 100.0))[1]
    data["source"] = f"{data['source']};{other['source']}"
    data[STATEMENTS] = [*data[STATEMENTS], said := _named(absent, shorts)]
    data["citations"] = "; ".join([data["citations"], said.data["citations"]])
    data |= {name: other[name], "share_low": 0.0, "share_high": high, DISPUTED: True}
    for key in ("share", _LARGEST_LOW):
        data.pop(key, None)


def _is_beyond(stake: Mapping[str, Any], name: str, date: Span) -> bool:
    """Return whether a stake is known to hold after an end, or may begin after it; before a start, or end before it."""
    has_ended = name == DATES[1]
    ends = (DATES[0 if has_ended else 1], "as_of")
    bound, known = (parse_date(str(stake[key])) if stake.get(key) else None for key in ends)
    if known and (_is_before(date, known) if has_ended else _is_before(known, date)):
        return True
    return bound is not None and not (_is_before(bound, date) if has_ended else _is_before(date, bound))


def _is_before(one: Span, other: Span) -> bool:
    """Return whether a date is certainly before another."""
    return one.latest is not None and other.earliest is not None and one.latest < other.earliest


def _named(edge: Edge[str], shorts: Mapping[str, str]) -> Edge[str]:
    """Return a stake with the short name of its source before each citation."""
    short = shorts.get(str(edge.data.get("source")), "")
    places = (f"{short} {place}".strip() for place in str(edge.data.get("citations", "")).split("; "))
    return replace(edge, data={**edge.data, "citations": "; ".join(places)})


def _let_levels_overlap(graph: PlainGraph[str], asset: str, chains: PlainGraph[str], holdings: Holdings) -> None:
    """Turn an owner's share into bounds if another source names firms it owns: their shares may be part of it.

    ``chains`` has the stakes of the graph, subsidiaries, and firms called state-owned; ``holdings`` are its shares.
    """
    direct = [edge for edge in graph.edges_in(asset) if _is_direct(edge) and certainty_of(edge.data) != PLANNED]
    if len({source for edge in direct for source in _sources(edge)}) < 2:
        return
    above = {edge.source: chains.ancestors(edge.source) for edge in direct}
    bounds = {edge.source: stated_bounds(edge.data) or (0.0, 100.0) for edge in direct}
    least = sum(low for low, _ in bounds.values())
    for edge in direct:
        below = [other.source for other in direct if edge.source in above[other.source] and edge.source != other.source
                 and not _sources(edge) & _sources(other)]  # fmt: skip
        if below and (found := stated_bounds(edge.data)):
            theirs = sum(bounds[firm][1] for firm in below)
            through = sum(bounds[firm][1] * _largest_part(holdings, edge.source, firm) for firm in below)
            room = 100.0 - least + bounds[edge.source][0]
            low = max(0.0, found[0] - theirs, min(found[0] - through, room))
            for name in ("share", _LARGEST_LOW):
                edge.data.pop(name, None)
            edge.data.update(share_low=low, share_high=found[1])
            edge.data[LEAST_IN_ALL] = found[0]


def _largest_part(holdings: Holdings, owner: str, firm: str) -> float:
    """Return the largest part (0 to 1) of a firm that an owner may hold; all of it if its shares exceed the whole."""
    try:
        share = effective_owners(holdings, firm).shares.get(owner)
    except OverOwned:
        share = None
    return 1.0 if share is None else share.high / 100.0


def _mark_agreed(edges: Sequence[Edge[str]]) -> None:
    """Mark the stakes in an asset that all its sources state alike, unless one alone states more than the whole.

    What else the sources state does not put these in doubt.
    """
    stated: dict[str, float] = defaultdict(float)
    for said in (one.data for edge in edges for one in edge.data[STATEMENTS]):
        stated[str(said["source"])] += least_of(said)
    if len(stated) < 2 or _is_much(max(stated.values()) - 100.0):
        return
    for edge in edges:
        alike = DISPUTED not in edge.data and LEAST_IN_ALL not in edge.data and stated_bounds(edge.data) is not None
        if alike and _sources(edge) == stated.keys() and certainty_of(edge.data) not in (FORMER, *UNSURE):
            edge.data[AGREED] = True


def _leave_room(edges: Sequence[Edge[str]]) -> None:
    """Lower the other stakes in an asset if they leave no room for the larger share that one of the sources states.

    If one source states 60 and 40, and another 70 for the first owner, the first holds 60 to 70, the second 30 to 40.
    Stakes not known to hold then leave all its room to one that is, stated by other sources, even of unknown size.
    """
    is_sure = [edge.data.get("time") == TRUE or AGREED in edge.data for edge in edges]
    bounds = [stated_bounds(edge.data) or (0.0, 100.0) for edge in edges]
    lows = [low for low, _ in bounds]
    if is_over := sum(lows) > 100.0 * (1 + ROUNDING):
        lows = [low if sure else 0.0 for low, sure in zip(lows, is_sure, strict=True)]
    spare = 100.0 - sum(lows)
    # How much more a source states than there is room for.
    over = [
        float(edge.data.get(_LARGEST_LOW, low)) - low - spare if sure or not is_over else 0.0
        for edge, low, sure in zip(edges, lows, is_sure, strict=True)
    ]
    if _is_much(-spare) or (is_over and not any(map(_is_much, over))):
        return  # `make_snapshot` turns them into bounds
    # Stakes not known to hold then are lowered first.
    lasting = [0.0 if sure else low for low, sure in zip(lows, is_sure, strict=True)]
    for place, (edge, (stated, high)) in enumerate(zip(edges, bounds, strict=True)):
        most = [one - is_sure[place] * (sum(lasting) - lasting[at]) for at, one in enumerate(over) if at != place]
        if not is_sure[place]:
            apart = [sure and not _sources(other) & _sources(edge) for sure, other in zip(is_sure, edges, strict=True)]
            most += [bounds[at][1] - lows[at] - spare for at in compress(count(), apart)]
        low = max(0.0, lows[place] - max([0.0, *filter(_is_much, most)]))
        if low < stated and AGREED not in edge.data:
            edge.data.pop("share", None)
            if LEAST_IN_ALL in edge.data:
                edge.data[LEAST_IN_ALL] -= stated - low
            edge.data.update(share_low=low, share_high=high)


def _is_much(part: float) -> bool:
    """Return whether a percentage is more than a rounding error."""
    return part > 100.0 * ROUNDING


def _is_direct(edge: Edge[str]) -> bool:
    return edge.data["relation"] == "stake" and edge.data.get("basis") == "direct"


def _sources(edge: Edge[str]) -> set[str]:
    return set(edge.data["source"].split(";"))


def _merge(edges: Sequence[Edge[str]], shorts: Mapping[str, str]) -> Edge[str]:
    by_source: dict[str, list[Edge[str]]] = defaultdict(list)
    for edge in edges:
        by_source[str(edge.data.get("source"))].append(edge)
    edges = [some[at] for some in by_source.values() for at in held_stakes([edge.data for edge in some])]
    # If only some sources call a stake former, use the others, unless it was held then.
    lasting = [edge for edge in edges if certainty_of(edge.data) != FORMER or edge.data.get("time") == TRUE]
    edges = lasting or edges
    first = edges[0]
    data: dict[str, Any] = dict(first.data)
    data["source"] = ";".join(dict.fromkeys(str(edge.data.get("source", "")) for edge in edges))
    data[STATEMENTS] = [_named(edge, shorts) for edge in edges]
    data["citations"] = "; ".join(edge.data["citations"] for edge in data[STATEMENTS])
    if "time" in data:
        data["time"] = time_of([edge.data for edge in edges])
    for name in DATES:
        if dates := dict.fromkeys(str(edge.data[name]) for edge in edges if edge.data.get(name)):
            data[name] = "; ".join(dates)
    held = [edge for edge in edges if certainty_of(edge.data) != PLANNED] or edges
    sized = [edge for edge in held if stated_bounds(edge.data) is not None]
    bounds = _bounds_of_each(held)
    # The certainty is the highest among the sources that state a size.
    data["certainty"] = min((certainty_of(edge.data) for edge in sized or held), key=doubt)
    for name in ("share", "share_low", "share_high"):
        data.pop(name, None)
    if bounds:
        low, high = min(one for one, _ in bounds), max(one for _, one in bounds)
        data |= {"share": low} if low == high else {"share_low": low, "share_high": high}
        if len(set(bounds)) > 1:
            data[DISPUTED] = True
        sure = _bounds_of_each([edge for edge in held if certainty_of(edge.data) not in UNSURE])
        data[_LARGEST_LOW] = max((one for one, _ in sure), default=low)
    return Edge(first.source, first.target, "+".join(str(edge.key) for edge in edges), data)


def _bounds_of_each(edges: Sequence[Edge[str]]) -> list[tuple[float, float]]:
    """Return the lower and upper bound that each source states.

    A source may list several holders that a match has merged into one; their stakes are added up.
    """
    groups: dict[tuple[str, str], list[Edge[str]]] = defaultdict(list)
    for edge in edges:
        groups[str(edge.data.get("source")), certainty_of(edge.data)].append(edge)
    found = []
    for group in groups.values():
        versions = group_versions([edge.data for edge in group])
        sizes = [[one for at in version if (one := stated_bounds(group[at].data))] for version in versions]
        if any(sizes):
            low = sum(min(one for one, _ in size) for size in sizes if size)
            high = sum(max(one for _, one in size) if size else 100.0 for size in sizes)
            found.append((low, high if len(sizes) == 1 else min(high, 100.0)))
    return found


def least_in_all(network: PlainGraph[str], asset: str) -> float | None:
    """Return the sum of the lower bounds of the direct shares in an asset if it exceeds 100 percent, else None.

    A share that was turned into bounds for that reason counts as stated.
    """
    direct = [edge.data for edge in network.edges_in(asset) if _is_direct(edge)]
    total = sum(float(data.get("share_stated", least_of(data))) for data in direct)
    return total if total > 100.0 * (1 + ROUNDING) else None

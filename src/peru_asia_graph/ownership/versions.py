"""Successive stakes of one owner in one asset, and stakes of different certainty, which are not added up.

In a year in which one stake ended and the next began, the last one stands for all, with a share between the smallest
and the largest of them; so does the most certain of stakes that differ in certainty. A former or planned stake does not
count beside one that is held. ``first_from`` is when the first began, empty if that is not stated, and
``share_largest`` the largest share held for certain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from typing import Any, Final

from peru_asia_graph.ownership.plain_graph import Edge, PlainGraph
from peru_asia_graph.ownership.stakes import UNSURE, stated_bounds, with_bounds
from peru_asia_graph.sources.dates import Span, parse_date

# Whether a stake is known to hold at the time asked for.
TRUE: Final = "true"
UNKNOWN: Final = "not known then"
STATED: Final = "stated"
FORMER: Final = "former"
PLANNED: Final = "planned"
# The stakes that an edge stands for, as their sources state them.
STATEMENTS: Final = "statements"
# How a date begins that may be any day up to another.
BY: Final = "[.."


def merge_versions(graph: PlainGraph[str]) -> PlainGraph[str]:
    """Return the graph with successive stakes of an owner in an asset merged into one edge."""
    pairs: dict[tuple[str, str], list[Edge[str]]] = defaultdict(list)
    for edge in graph.edges():
        pairs[edge.source, edge.target].append(edge)
    if len(pairs) == sum(map(len, pairs.values())):
        return graph
    return graph.with_edges(
        _merge([edges[at] for at in group])
        for edges in pairs.values()
        for group in group_versions([edge.data for edge in edges])
    )


def group_versions(stakes: Sequence[Mapping[str, Any]]) -> list[list[int]]:
    """Return the indices of stakes (of one owner in one asset) in groups of successive or alternative stakes.

    ``valid_from`` and ``valid_until`` are dates as written, empty if not stated; stakes of different ``certainty`` are
    alternatives. Those that ``held_stakes`` omits are left out.
    """
    groups: list[list[int]] = []
    for at in held_stakes(stakes):
        stake = stakes[at]
        group = next((one for one in groups if all(_exclude(stakes[other], stake) for other in one)), None)
        if group is None:
            groups.append([at])
        else:
            group.append(at)
    return groups


def held_stakes(stakes: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the indices of stakes (of one owner in one asset) without those that do not count beside others.

    Those are former and planned ones. But a former stake whose dates say that it was held at the time asked for
    (``time``) counts, and those not known to hold then do not.
    """
    places = list(range(len(stakes)))
    lasting = [at for at in places if stakes[at].get("time") == TRUE]
    past = [at for at in lasting if certainty_of(stakes[at]) == FORMER]
    places = [at for at in places if at in lasting or _is_apart(stakes, at, past)]
    for certainty in (FORMER, PLANNED):
        others = [at for at in places if at in past or certainty_of(stakes[at]) != certainty]
        if others:
            places = [at for at in places if at in others or _is_apart(stakes, at, others)]
    return places


def _is_apart(stakes: Sequence[Mapping[str, Any]], at: int, others: Sequence[int]) -> bool:
    return all(_apart(stakes[at], stakes[one]) for one in others)


def counted_beside(stake: Edge[str] | None, certainties: Set[str]) -> Edge[str] | None:
    """Return a stake if it counts beside others of these certainties: a former or planned one only beside its like."""
    if stake is None or not certainties or (certainty := certainty_of(stake.data)) in certainties:
        return stake
    is_past = certainty == FORMER and stake.data.get("time") != TRUE
    return None if is_past or certainty == PLANNED else stake


def certainty_of(stake: Mapping[str, Any]) -> str:
    """Return the certainty of a stake; it is stated plainly if nothing else is said."""
    return str(stake.get("certainty") or STATED)


def is_sure(stake: Mapping[str, Any]) -> bool:
    """Return whether a stake is neither only possible nor former and perhaps no longer held.

    A former one with a date of its end, other than one by which it had ended, counts until then like any other.
    """
    certainty, end = certainty_of(stake), str(stake.get("valid_until") or BY)
    return certainty not in UNSURE and (certainty != FORMER or stake.get("time") == TRUE or not end.startswith(BY))


def doubt(certainty: str) -> tuple[bool, bool, str]:
    """Return the sort key of a certainty, the highest first."""
    return certainty != STATED, certainty in UNSURE, certainty


def time_of(stakes: Sequence[Mapping[str, Any]]) -> str:
    """Return whether one of several stakes is known to hold; uncertain ones count only if there are no others."""
    actual = [one for one in stakes if certainty_of(one) not in UNSURE] or stakes
    return TRUE if any(one.get("time") == TRUE for one in actual) else UNKNOWN


def first_and_last(stakes: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Return the indices of the first and the last of successive stakes, of alternatives those of the most certain."""
    first = last = min(range(len(stakes)), key=lambda at: doubt(certainty_of(stakes[at])))
    for at in range(len(stakes)):
        first = at if _follows(stakes[at], stakes[first]) else first
        last = at if _follows(stakes[last], stakes[at]) else last
    return first, last


def _exclude(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two stakes did not hold together: one followed the other, or they differ in certainty."""
    return certainty_of(one) != certainty_of(other) or _apart(one, other)


def _apart(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return _follows(one, other) or _follows(other, one)


def _follows(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether the first stake ended, or may have ended, by the time the other began."""
    end, start = _span(one.get("valid_until")), _span(other.get("valid_from"))
    if end is None or start is None or end.earliest is None or start.latest is None:
        return False
    begun = _span(one.get("valid_from"))
    return end.earliest <= start.latest and (begun is None or begun.earliest is None or begun.earliest < start.latest)


def _span(text: object) -> Span | None:
    return parse_date(str(text)) if text else None


def _merge(edges: Sequence[Edge[str]]) -> Edge[str]:
    if len(edges) == 1:
        return edges[0]
    first, last = (edges[at] for at in first_and_last([edge.data for edge in edges]))
    bounds = [stated_bounds(edge.data) or (0.0, 100.0) for edge in edges]
    data = with_bounds(last.data, min(low for low, _ in bounds), max(high for _, high in bounds))
    data[STATEMENTS] = edges
    if "time" in data:
        data["time"] = time_of([edge.data for edge in edges])
    data["citations"] = "; ".join(dict.fromkeys(str(edge.data.get("citations", "")) for edge in edges))
    sure = [low for (low, _), edge in zip(bounds, edges, strict=True) if certainty_of(edge.data) not in UNSURE]
    data |= {"first_from": first.data.get("valid_from", ""), "share_largest": max(sure or [low for low, _ in bounds])}
    return Edge(last.source, last.target, last.key, data)

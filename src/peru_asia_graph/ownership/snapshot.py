"""Ownership in one year, month or day, according to the stated stakes.

Direct stakes carry shares; shares stated as indirect are kept apart and never added to them. A stake that is not known
to hold then keeps its share, unless the stakes of an asset cannot all hold at once: then such a stake is between zero
and its share. So is a possible or planned stake, if it would leave less room for those that are held. Successive stakes
of one owner are merged into one, from the smallest to the largest of their shares. A company that a source names for an
asset without a stake is never a share, never part of a sum or a bound.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from peru_asia_graph.ownership.plain_graph import Edge, PlainGraph
from peru_asia_graph.ownership.shareholdings import ROUNDING, Holdings
from peru_asia_graph.ownership.stakes import SUBSIDIARY, UNSURE, stated_bounds
from peru_asia_graph.ownership.versions import BY, TRUE, UNKNOWN, is_sure, merge_versions
from peru_asia_graph.sources.dates import Year, parse_moment

# The role of a firm whose parenthood is uncertain: it is named, without a stake.
PARENT: Final = "parent"
# In a network combined from several sources, these may hold several dates, separated by "; ".
DATES: Final = ("valid_from", "valid_until")

# In a combined network: the least that an owner holds directly and through the firms that another source names.
LEAST_IN_ALL: Final = "share_least_in_all"

# Whether all sources of a combined network that state stakes in the asset state this one alike.
AGREED: Final = "agreed"

NO_STAKE: Final = "no stake stated"


@dataclass(frozen=True)
class OwnershipSnapshot:
    """Who owned what in a year (a number), month or day (ISO strings).

    ``graph`` has the direct stakes, ``stated`` the shares stated as indirect, ``named`` the companies named without a
    stake (including uncertain parents), ``states`` an edge from the state to every firm called state-owned, ``homes``
    the home states of firms. Node attributes are those of the network.
    """

    year: Year
    graph: PlainGraph[str]
    stated: list[Edge[str]] = field(default_factory=list)
    states: list[Edge[str]] = field(default_factory=list)
    named: list[Edge[str]] = field(default_factory=list)
    homes: Mapping[str, Set[str]] = field(default_factory=dict)

    @cached_property
    def holdings(self) -> Holdings:
        """The direct stakes as a matrix."""
        return Holdings.from_graph(self.graph)

    def label(self, node: str) -> str:
        return str(self.graph.nodes.get(node, {}).get("label", node))

    def is_owned(self, asset: str) -> bool:
        """Return whether the source states a stake in an asset, direct or indirect, with or without a share."""
        return bool(self.graph.edges_in(asset)) or any(edge.target == asset for edge in self.stated)

    def only(self, wanted: Callable[[Edge[str]], bool]) -> OwnershipSnapshot:
        """Return the snapshot with only some of the stakes."""
        return replace(self, graph=self.graph.only(wanted), stated=list(filter(wanted, self.stated)))

    @cached_property
    def is_sure(self) -> bool:
        """Whether no stake is only possible, planned, or former and perhaps no longer held."""
        return all(is_sure(edge.data) for edge in (*self.graph.edges(), *self.stated))

    @cached_property
    def with_doubts_open(self) -> OwnershipSnapshot:
        """The snapshot in which each of those stakes is between zero and its share."""
        if self.is_sure:
            return self
        graph = self.graph.with_edges(map(_from_zero, self.graph.edges()))
        return replace(self, graph=graph, stated=list(map(_from_zero, self.stated)))

    def with_states(self) -> PlainGraph[str]:
        """Return the graph with edges of control, without a share, from states to the firms called state-owned."""
        return self.graph.with_edges((*self.graph.edges(), *self.states))


def make_snapshot(network: PlainGraph[str], year: Year) -> OwnershipSnapshot:
    """Return the snapshot of a year from the ownership network of that year, whose edges have ``time``."""
    stakes: PlainGraph[str] = PlainGraph()
    indirect: PlainGraph[str] = PlainGraph()
    named: list[Edge[str]] = []
    edges = sorted(network.edges(), key=lambda edge: str(edge.key))
    for edge in edges:
        if edge.data["relation"] == "stake":
            copy = Edge(edge.source, edge.target, edge.key, dict(edge.data))
            (stakes if edge.data["basis"] == "direct" else indirect).add_edge(copy)
        elif edge.data["relation"] == "namedCompany":
            named.append(edge)
    graph, stated = merge_versions(stakes), list(merge_versions(indirect).edges())
    held = {(edge.source, edge.target) for edge in (*graph.edges(), *stated)}
    # When sources are combined, one may name a company without a stake whose stake another one states.
    named = [edge for edge in named if (edge.source, edge.target) not in held]
    for edge in edges:
        if edge.data["relation"] != SUBSIDIARY:
            continue
        if is_sure(edge.data):
            _state_control(graph, edge)
        elif (edge.source, edge.target) not in held:
            named.append(replace(edge, data={**edge.data, "role": PARENT}))
    for asset in sorted(graph.nodes):
        relax_to_bounds([edge.data for edge in graph.edges_in(asset)], year)
    states = state_edges(network, graph)
    graph.nodes = dict(network.nodes)
    return OwnershipSnapshot(parse_moment(year).year, graph, stated, states, named, _homes(edges))


def _homes(edges: Sequence[Edge[str]]) -> dict[str, set[str]]:
    """Return the home states of firms; several if sources differ."""
    homes: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        if edge.data["relation"] == "homeStateOf" and edge.data.get("certainty") not in (*UNSURE, "former"):
            homes[edge.target].add(edge.source)
    return dict(homes)


def _state_control(graph: PlainGraph[str], edge: Edge[str]) -> None:
    """Mark the stakes in a subsidiary, or a new edge, as control."""
    stakes = graph.edges_between(edge.source, edge.target)
    for stake in stakes:
        stake.data["control"] = True
    if not stakes:
        graph.add_edge(Edge(edge.source, edge.target, edge.key, {**edge.data, "control": True}))


def relax_to_bounds(stakes: Sequence[dict[str, Any]], year: Year) -> None:
    """Turn shares into bounds from zero (in place) if the stated stakes of an asset cannot all hold at once.

    First those that are only possible or planned, which leave the others all their room; then the stakes that begin or
    end in the year; if that is not enough, or leaves no room for one of them, all that are not known to hold then;
    finally all, since they may have followed each other within the year. In these two steps, stakes on which combined
    sources agree are left as they are. In the last step the stated share is kept as ``share_stated``. Exact shares are
    kept as ``share_exact``, which is None for bounds. Successive stakes that were merged count with the largest of
    their shares, and begin with the first of them.
    """
    unsure = [one for one in stakes if one.get("certainty") in UNSURE]
    highs = [(stated_bounds(one) or (0.0, 100.0))[1] for one in stakes if one.get("certainty") not in UNSURE]
    if highs and sum(highs) + sum(map(least_of, unsure)) > 100.0 * (1 + ROUNDING):
        _relax(unsure)
    moment = parse_moment(year)
    ends = [(one.get("first_from", one.get(DATES[0], "")), one.get(DATES[1], "")) for one in stakes]
    # A date that is only an upper bound may be long before.
    dates = [[date for end in both for date in str(end).split("; ") if not date.startswith(BY)] for both in ends]
    changing = [one for one, days in zip(stakes, dates, strict=True) if any(map(moment.may_be, days))]
    sizes = [(one, _largest_of(one)) for one in changing]
    disputed = [one for one in stakes if AGREED not in one]
    for group in (changing, [one for one in disputed if one.get("time") != TRUE], disputed):
        least = sum(map(least_of, stakes)) + max((size - least_of(one) for one, size in sizes), default=0.0)
        if max(least, sum(map(_largest_of, stakes))) <= 100.0 * (1 + ROUNDING):
            return
        _relax(group, keep=group is disputed)


def _relax(stakes: Sequence[dict[str, Any]], *, keep: bool = False) -> None:
    for data in stakes:
        if largest := _largest_of(data):
            if keep:
                data["share_stated"] = largest
            data["share_exact"] = data.get("share")
            if "share" in data:
                data["share_high"] = data.pop("share")
            data["share_low"] = 0.0
            for name in ("share_largest", LEAST_IN_ALL):
                data.pop(name, None)


def _from_zero(edge: Edge[str]) -> Edge[str]:
    """Return a stake that may not be held with bounds from zero, any other as it is."""
    if is_sure(edge.data):
        return edge
    _relax([data := dict(edge.data)])
    return replace(edge, data=data)


def _largest_of(stake: Mapping[str, Any]) -> float:
    """Return the largest share that the owner held for certain, in percent."""
    return float(stake.get("share_largest", least_of(stake)))


def least_of(stake: Mapping[str, Any]) -> float:
    """Return the lower bound of a stake as stated, in percent."""
    return float(stake.get("share", stake.get("share_low", 0.0)) or 0.0)


def state_edges(network: PlainGraph[str], graph: PlainGraph[str]) -> list[Edge[str]]:
    """Return an edge from the state to every firm called state-owned that has no owner other than that state."""
    found = []
    for firm, attributes in sorted(network.nodes.items()):
        state = attributes.get("country")
        if attributes.get("state_owned") is True and state in network and set(graph.sources(firm)) <= {state}:
            citations = attributes.get("citations", "")
            data = {"control": True, "relation": "stateOwned", "citations": citations, "time": UNKNOWN}
            found.append(Edge(str(state), firm, f"{state}-owns-{firm}", data))
    return found


@dataclass(frozen=True)
class NamedRow:
    """A company named for an asset in one role, with the statements that name it.

    ``role`` is ``investor``, ``involved``, ``operator``, ``concession-holder`` or, for an uncertain parent,
    ``parent``; ``time`` is ``true`` or ``not known then``.
    """

    owner: str
    asset: str
    role: str
    time: str
    certainty: str
    statements: Sequence[Edge[str]]

    @property
    def how(self) -> str:
        return f"{self.role.replace('-', ' ')}, {NO_STAKE}"


def companies_named(snapshot: OwnershipSnapshot, asset: str) -> list[NamedRow]:
    return _rows([edge for edge in snapshot.named if edge.target == asset])


def assets_named(snapshot: OwnershipSnapshot, owner: str) -> list[NamedRow]:
    return _rows([edge for edge in snapshot.named if edge.source == owner])


def _rows(edges: Sequence[Edge[str]]) -> list[NamedRow]:
    """Return one row for all statements that say the same."""
    groups: dict[tuple[str, str, str, str, str], list[Edge[str]]] = {}
    for edge in edges:
        data = edge.data
        says = (str(data["role"]), str(data.get("time", "")), str(data.get("certainty", "stated")))
        groups.setdefault((edge.source, edge.target, *says), []).append(edge)
    return [NamedRow(*key, statements) for key, statements in sorted(groups.items())]

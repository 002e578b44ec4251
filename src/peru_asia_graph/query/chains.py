"""Chains of statements between two things, shortest first, that avoid hubs: things with very many links."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from peru_asia_graph.errors import WrongUse, check_flag
from peru_asia_graph.ownership.plain_graph import Edge, PlainGraph
from peru_asia_graph.query.side_by_side import SOURCE
from peru_asia_graph.query.term_labels import labels_in
from peru_asia_graph.store import Store
from peru_asia_graph.store.results import Result, from_rows
from peru_asia_graph.store.values import Value, sort_parts
from peru_asia_graph.vocabulary import local, thing

# A thing with more neighbours is a hub: nearly everything is two steps away from everything through it. So is a class.
HUB: Final = 25
_CLASSES: Final = frozenset({"Sector", "TechnologyClass"})
MOST_DEPTH: Final = 8
SECONDS: Final = 10.0
# Figures have a subject and a partner, but do not link them.
_NO_LINK: Final = "figure"
COLUMNS: Final = ("chain", "length", "step", "from_thing", "relation", "direction", "to_thing", "share_percent",
                  "role", "valid_from", "valid_until", "certainty", "citations")  # fmt: skip
_SAID: Final = ("share", "role", "valid_from", "valid_until", "certainty", SOURCE)
Steps = Mapping[str, Mapping[str, Sequence[Edge[str]]]]


@dataclass(frozen=True)
class Search:
    """The search: statements indexed by both ends, limits, and the hubs to avoid."""

    steps: Steps
    hubs: frozenset[str]
    most: int
    deadline: float

    def distances(self, target: str, depth: int, avoid: frozenset[str]) -> dict[str, int]:
        """Return the number of steps to ``target`` from each thing at most ``depth`` away."""
        found, frontier = {target: 0}, [target]
        for distance in range(1, depth + 1):
            reached = {near for node in frontier if node == target or node not in avoid for near in self.steps[node]}
            frontier = sorted(reached - found.keys())
            found |= dict.fromkeys(frontier, distance)
        return found

    def chains(self, one: str, other: str, depth: int, avoid: frozenset[str]) -> Iterator[tuple[str, ...]]:
        """Yield the chains without repeated things, shorter ones first, equally long ones ordered by their names."""
        left = self.distances(other, depth, avoid)
        for length in range(1, depth + 1):
            yield from self._extend((one,), other, length, left, avoid)

    def _extend(
        self, path: tuple[str, ...], other: str, steps: int, left: Mapping[str, int], avoid: frozenset[str]
    ) -> Iterator[tuple[str, ...]]:
        if time.monotonic() > self.deadline:
            raise TimeoutError
        for node in sorted(self.steps[path[-1]]):
            if node in path or left.get(node, steps) > steps - 1:
                continue
            if node == other:
                if steps == 1:
                    yield (*path, node)
            elif node not in avoid:
                yield from self._extend((*path, node), other, steps - 1, left, avoid)


def chains_between(
    store: Store,
    graph: PlainGraph[str],
    one: str,
    other: str,
    *,
    depth: int,
    most: int,
    hubs: bool = False,
    several: bool = False,
) -> Result:
    """Return the steps of the chains between two things; notes say what was left out.

    ``graph`` is the network of everything, as returned by `query.network.run_network_queries`. With ``several`` sources
    each step names its source; a statement made by two sources is two rows.
    Raises WrongUse for a depth or a number of chains out of range, and if both things are the same.
    """
    if not isinstance(depth, int) or not 1 <= depth <= MOST_DEPTH:
        raise WrongUse(f"the depth is a number of steps from 1 to {MOST_DEPTH}, not {depth}")
    if not isinstance(most, int) or most < 1:
        raise WrongUse(f"the number of chains is 1 or more, not {most}")
    check_flag(hubs, "hubs")
    if one == other:
        raise WrongUse(f"'{one}' is given twice; name two things")
    steps = _steps(graph, one, other)
    busy = frozenset(
        node for node, near in steps.items() if len(near) > HUB or graph.nodes.get(node, {}).get("type") in _CLASSES
    ) - {one, other}
    search = Search(steps, busy, most, time.monotonic() + SECONDS)
    notes: list[str] = []
    chains: list[tuple[str, ...]] = []
    try:
        for chain in search.chains(one, other, depth, frozenset() if hubs else busy):
            if len(chains) == most:
                notes.append(f"the first {most} chains are shown; there are more")
                break
            chains.append(chain)
    except TimeoutError:
        notes.append(f"the search stopped after {SECONDS:.0f} seconds; there may be more chains")
    if not hubs and (passed := _passed(search, one, other, depth)):
        labels = ", ".join(sorted(str(graph.nodes[node].get("label", node)) for node in passed))
        notes.append(f"chains through sectors and things with more than {HUB} links are left out: {labels}")
    if not chains:
        notes.append(f"no chain of at most {depth} step{'' if depth == 1 else 's'} was found; allow more steps or hubs")
    return _table(store, graph, steps, chains, notes, several)


def _steps(graph: PlainGraph[str], *ends: str) -> dict[str, dict[str, list[Edge[str]]]]:
    """Return the statements about two things, indexed by one and then by the other; none for an end without any."""
    found: dict[str, dict[str, list[Edge[str]]]] = {node: defaultdict(list) for node in (*graph.nodes, *ends)}
    for edge in graph.edges():
        if edge.data.get("relation") != _NO_LINK and edge.source != edge.target:
            found[edge.source][edge.target].append(edge)
            found[edge.target][edge.source].append(edge)
    return found


def _passed(search: Search, one: str, other: str, depth: int) -> list[str]:
    """Return the hubs that a chain of this depth could pass through."""
    ahead, back = (search.distances(end, depth, search.hubs) for end in (one, other))
    return [node for node in search.hubs if ahead.get(node, depth) + back.get(node, depth) <= depth]


def _table(
    store: Store,
    graph: PlainGraph[str],
    steps: Steps,
    chains: Sequence[tuple[str, ...]],
    notes: Sequence[str],
    several: bool,
) -> Result:
    places = _places(
        store, [edge for chain in chains for here, there in pairwise(chain) for edge in steps[here][there]]
    )
    rows: list[list[Value | None]] = []
    for number, chain in enumerate(chains, 1):
        for step, (here, there) in enumerate(pairwise(chain), 1):
            names = [str(graph.nodes[node].get("label", node)) for node in (here, there)]
            for said, cited in _statements(steps[here][there], here, places):
                relation, direction, *rest, source = said
                row = [number, len(chain) - 1, step, names[0], relation, direction, names[1], *rest, cited]
                rows.append([source, *row] if several else row)
    found = from_rows((SOURCE, *COLUMNS) if several else COLUMNS, rows)
    return Result(found.variables, found.rows, notes=tuple(notes))


def _statements(
    edges: Sequence[Edge[str]], here: str, places: Mapping[str, str]
) -> list[tuple[tuple[Value | None, ...], str]]:
    """Return the statements about two things, identical ones merged, each with its citations."""
    cited: dict[tuple[Value | None, ...], list[str]] = defaultdict(list)
    for edge in edges:
        data = edge.data
        direction = "forward" if edge.source == here else "backward"
        said = (data["relation"], direction, *(_cell(data.get(name)) for name in _SAID))
        cited[said] += [places.get(one, one) for one in str(data.get("citations", "")).split(";")]
    ordered = sorted(cited.items(), key=lambda item: [str(part) for part in item[0]])
    return [(said, sort_parts("; ".join(found), "; ")) for said, found in ordered]


def _cell(value: Value | None) -> Value | None:
    """Return an attribute of an edge for a table: a share, a float in the network, as stated; slugs of things."""
    if isinstance(value, float):
        return Decimal(int(value) if value.is_integer() else str(value))
    return local(value) if isinstance(value, str) else value


def _places(store: Store, edges: Sequence[Edge[str]]) -> dict[str, str]:
    """Return the label of each citation of these statements."""
    ids = {one for edge in edges for one in str(edge.data.get("citations", "")).split(";") if one}
    return {local(iri): place for iri, place in labels_in(store, [*map(thing, sorted(ids))], "en").items()}

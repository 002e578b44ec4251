"""A network of several sources: each is queried separately, and every edge names its source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from peru_asia_graph.query.sources import part_of, read_sources
from peru_asia_graph.store import Store
from peru_asia_graph.store.values import Value, sort_parts

# Statements of one source are not attributed to another.
OF_ONE_SOURCE: Final = {"date", "end_date", "from_year", "until_year", "phases"}


def parts_of(store: Store) -> list[tuple[Store, dict[str, Value]]]:
    """Return the store split by source, with the source's name and last day for every edge.

    Data in other forms is one part without a known source.
    """
    sources = read_sources(store)
    parts: list[tuple[Store, dict[str, Value]]] = []
    for one in sources:
        said: dict[str, Value] = {"said_in": one.name}
        if one.last_day:
            said["last_day"] = one.last_day
        parts.append((store if len(sources) == 1 else part_of(store, one), said))
    return parts or [(store, {})]


def merge_nodes(
    parts: Iterable[tuple[dict[str, dict[str, Value]], Value | None]], between: str
) -> dict[str, dict[str, Value]]:
    """Return the attributes of each node from its attributes in each source, given with the name of that source.

    If sources differ, the attributes are those of the first. ``citations`` are those of all, ``sources`` their names.
    """
    nodes: dict[str, dict[str, Value]] = {}
    for part, source in parts:
        for slug, said in part.items():
            found = {**said, "sources": source} if source and said.get("citations") else said
            known = nodes.get(slug)
            if known is None:
                nodes[slug] = dict(found)
                continue
            cited = between.join(str(one["citations"]) for one in (known, found) if one.get("citations"))
            names = ";".join(str(one["sources"]) for one in (known, found) if one.get("sources"))
            known |= {name: value for name, value in found.items() if name not in known and name not in OF_ONE_SOURCE}
            if names:
                known["sources"] = names
            if cited:
                known["citations"] = sort_parts(cited, between)
    return nodes

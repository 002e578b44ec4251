"""Networks out of the store: each query of ``ontology/networks`` gives the edges of one, as a NetworkX graph.

Nodes are slugs, edge keys the slugs of the statements they come from; attributes are plain strings, numbers and
booleans and are absent, never None, when nothing is known. Limit: nothing is computed here but what holds in a year.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from peru_asia_graph.errors import BadInput, Problem, UnknownName, WrongUse
from peru_asia_graph.paths import find_project
from peru_asia_graph.store import Store
from peru_asia_graph.store.values import Value, sort_parts
from peru_asia_graph.vocabulary import local, thing

if TYPE_CHECKING:
    import networkx as nx

# The paper speaks of the present up to this year; nothing said without an end is known beyond it.
LAST_YEAR: Final = 2013
TRUE: Final = "true"
UNKNOWN: Final = "not known then"
_FIELD: Final = re.compile(r"^# (title|description): (.*)$", re.MULTILINE)
_NODES: Final = "nodes"
OWNERSHIP: Final = "ownership"
# Where a query of the folder takes the ends of the edges that are wanted; and how many it takes at once.
_ENDS: Final = "# ends"
_AT_ONCE: Final = 500
# What may stand in a query as it is.
_PLAIN: Final = re.compile(r"[^<>\"{}|^`\\\s]+")


def network_kinds(folder: Path) -> list[str]:
    """Return the names of the networks a folder of queries holds."""
    return sorted(path.stem for path in folder.glob("*.rq") if path.stem != _NODES)


def make_network(store: Store, kind: str, year: int | None = None, folder: Path | None = None) -> nx.MultiDiGraph[str]:
    """Return a network; with a year, only what held then or may have.

    Edges carry ``relation``, ``certainty``, ``citations`` and, where stated, ``share`` (percent), ``basis``, ``role``,
    ``valid_from`` and ``valid_until``; with a year also ``time``: ``true`` or ``not known then``.
    """
    return make_networks(store, kind, [year], folder)[0]


def network_around(
    store: Store, slug: str, year: int, folder: Path | None = None, *, below: bool = False
) -> nx.MultiDiGraph[str]:
    """Return the part of the ownership network that says who owns a thing, fetched step by step, and nothing else.

    With ``below`` also what the thing holds, and who owns that. Raises WrongUse for a year that is none.
    """
    folder = find_project().ontology / "networks" if folder is None else folder
    _check_year(year)
    query = (folder / f"{OWNERSHIP}.rq").read_text("utf-8")
    held = (
        {slug} | {str(row["target"]) for row in _follow(store, query, {slug}, "source", "target")} if below else {slug}
    )
    edges = [_plain(row) for row in _follow(store, query, held, "target", "source")]
    edges.sort(key=lambda row: (str(row["key"]), str(row["source"])))
    ends = held | {str(edge[name]) for edge in edges for name in ("source", "target")}
    return _network(OWNERSHIP, query, edges, _read_nodes(store, folder, ends), year)


def _follow(store: Store, query: str, start: set[str], here: str, there: str) -> list[Mapping[str, Value | None]]:
    """Return the edges that lead on from ``start``, from their end ``here`` to their end ``there``, all the way."""
    found: list[Mapping[str, Value | None]] = []
    seen: set[str] = set()
    edge = start
    while edge:
        rows = [row for part in restrict_query(query, here, edge) for row in store.query_all(part, "key")]
        found += rows
        seen |= edge
        edge = {str(row[there]) for row in rows} - seen
    return found


def restrict_query(query: str, variable: str, slugs: Collection[str]) -> Iterator[str]:
    """Yield the query for these values of a variable only, 500 at a time, put where the query says ``# ends``."""
    ordered = sorted(slug for slug in slugs if _PLAIN.fullmatch(slug))
    for first in range(0, len(ordered), _AT_ONCE):
        values = " ".join(f"<{_address(slug)}>" for slug in ordered[first : first + _AT_ONCE])
        yield query.replace(_ENDS, f"VALUES ?{variable} {{ {values} }}")


def _address(slug: str) -> str:
    return slug if ":" in slug else thing(slug)


def make_networks(
    store: Store, kind: str, years: Sequence[int | None], folder: Path | None = None
) -> list[nx.MultiDiGraph[str]]:
    """Return one network a year, asking the store once; None is no year."""
    folder = find_project().ontology / "networks" if folder is None else folder
    kinds = network_kinds(folder)
    if kind not in kinds:
        raise UnknownName("network", kind, kinds)
    for year in years:
        _check_year(year)
    query = (folder / f"{kind}.rq").read_text("utf-8")
    rows = store.query_all(query, "key")
    edges = sorted((_plain(row) for row in rows), key=lambda row: (str(row["key"]), str(row["source"])))
    ends = {str(edge[name]) for edge in edges for name in ("source", "target")}
    nodes = _read_nodes(store, folder, ends if len(ends) <= _AT_ONCE else None)
    return [_network(kind, query, edges, nodes, year) for year in years]


def _check_year(year: int | None) -> None:
    if year is not None and not 1000 <= year <= 2999:
        raise WrongUse(f"{year} is no year of this graph; write four digits, as 2012")


def _network(
    kind: str,
    query: str,
    edges: Sequence[Mapping[str, Value]],
    nodes: Mapping[str, Mapping[str, Value]],
    year: int | None,
) -> nx.MultiDiGraph[str]:
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=kind, **dict(_FIELD.findall(query)))
    if year is not None:
        graph.graph["year"] = year
    for edge in edges:
        time = holds_in(edge, year)
        if time is not None:
            attributes = {
                name: edge[name] for name in sorted(edge.keys() - {"key", "source", "target", "earliest", "latest"})
            }
            if year is not None:
                attributes["time"] = time
            graph.add_edge(str(edge["source"]), str(edge["target"]), key=str(edge["key"]), **attributes)
    for node in sorted(graph.nodes):
        graph.add_node(node, **nodes.get(node, {"label": node}))
    return graph


def holds_in(edge: Mapping[str, Value], year: int | None) -> str | None:
    """Return ``true``, ``not known then`` or None (not true) for a statement in a year.

    ``edge`` may have ``earliest`` and ``latest`` (ISO dates, absent when open) and ``certainty``.

    >>> holds_in({"latest": "2012-12-31"}, 2011), holds_in({"latest": "2012-12-31"}, 2013)
    ('not known then', None)
    """
    start, end = (int(str(edge[name])[:4]) if name in edge else None for name in ("earliest", "latest"))
    if year is None:
        return TRUE
    if (start is not None and year < start) or (end is not None and year > end):
        return None
    if start is not None and (end is not None or (year <= LAST_YEAR and edge.get("certainty") != "former")):
        return TRUE
    return TRUE if end == year else UNKNOWN


def _read_nodes(store: Store, folder: Path, only: Collection[str] | None = None) -> dict[str, dict[str, Value]]:
    """Return the attributes of everything that may be a node, or of some things, by slug."""
    query = (folder / f"{_NODES}.rq").read_text("utf-8")
    parts = [query] if only is None else restrict_query(query, "node", only)
    rows = [_plain(row) for part in parts for row in store.query_all(part, "node")]
    for row in rows:
        if "country" in row:
            row["country"] = local(str(row["country"]))
    return {str(row["node"]): {name: row[name] for name in sorted(row.keys() - {"node"})} for row in rows}


def _plain(row: Mapping[str, Value | None]) -> dict[str, Value]:
    """Return the row without empty cells, shares as floats, which every graph format can write."""
    plain = {name: value for name, value in row.items() if value is not None and value != ""}
    if "share" in plain:
        plain["share"] = read_share(str(row.get("key", "a stake")), plain["share"])
    if "citations" in plain:
        plain["citations"] = sort_parts(str(plain["citations"]), "; ")
    return plain


def read_share(stake: str, share: Value) -> float:
    """Return a share in percent; raise BadInput when it is none."""
    try:
        percent = float(share)
    except ValueError:
        percent = math.nan
    if 0 <= percent <= 100:
        return percent
    remedy = "give pag:sharePercent a decimal from 0 to 100"
    raise BadInput([Problem(stake, 0, "", f"the share '{share}' is no percentage", remedy)])

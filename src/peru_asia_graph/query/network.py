"""Networks read from a store: each query of ``ontology/networks`` returns the edges of one.

Nodes are slugs, edge keys the slugs of the edges' statements; attributes are plain strings, numbers and booleans, and
are absent, never None, if unknown.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final

from peru_asia_graph.errors import BadInput, Problem, UnknownName
from peru_asia_graph.ownership.plain_graph import Edge, PlainGraph
from peru_asia_graph.ownership.versions import TRUE, UNKNOWN
from peru_asia_graph.paths import find_project
from peru_asia_graph.query.requirements import check_vocabulary
from peru_asia_graph.query.sources import merge_nodes, parts_of
from peru_asia_graph.sources.dates import Moment, Year, parse_moment
from peru_asia_graph.store import Store
from peru_asia_graph.store.values import Value, sort_parts
from peru_asia_graph.vocabulary import local, thing

if TYPE_CHECKING:
    import networkx as nx

_FIELD: Final = re.compile(r"^# (title|description): (.*)$", re.MULTILINE)
_NODES: Final = "nodes"
_BOUNDS: Final = ("earliest", "latest", "latest_start", "earliest_end")
# The name of an edge's source, and the last day that source covers.
_SAID: Final = ("said_in", "last_day")
_NOT_ATTRIBUTES: Final = frozenset({"key", "source", "target", *_BOUNDS, *_SAID})
_EVER: Final = "9999-12-31"
# With this line, a query makes every thing a node, linked or not.
_EVERY_NODE: Final = re.compile(r"^# nodes: all$", re.MULTILINE)
OWNERSHIP: Final = "ownership"
_YEARS: Final = (("earliest", "from_year"), ("latest", "until_year"))
# Where a query accepts VALUES for the ends of edges, and how many one request may have.
_ENDS: Final = "# ends"
_BATCH_SIZE: Final = 500
# Characters allowed in an IRI in a query.
_IRI_TEXT: Final = re.compile(r"[^<>\"{}|^`\\\s]+")


def network_kinds(folder: Path) -> list[str]:
    """Return the names of the networks in a folder of queries."""
    return sorted(path.stem for path in folder.glob("*.rq") if path.stem != _NODES)


def make_network(store: Store, kind: str, year: Year | None = None, folder: Path | None = None) -> nx.MultiDiGraph[str]:
    """Return a network for NetworkX; with a year, month or day, only what held or may have held then.

    Edges have ``relation``, ``certainty``, ``citations``, ``source`` and, where stated, ``share`` (percent), ``basis``,
    ``role``, ``valid_from``, ``valid_until``, ``from_year`` and ``until_year``; with a year (2012), month ("2012-05")
    or day also ``time``: ``true`` or ``not known then``. For all attributes of nodes and edges, see
    docs/reference/networks.md.
    """
    return read_networks(store, kind, [year], folder)[0].to_networkx()


def read_networks(
    store: Store, kind: str, years: Sequence[Year | None], folder: Path | None = None, things: Collection[str] = ()
) -> list[PlainGraph[str]]:
    """Return a network for each year (None for no year) from one read of the store, with attributes as above.

    ``things`` are nodes even if nothing links them then.
    """
    folder = find_project().ontology / "networks" if folder is None else folder
    kinds = network_kinds(folder)
    if not isinstance(kind, str) or kind not in kinds:
        raise UnknownName("network", kind, kinds)
    found = run_network_queries(store, kind, read_network_queries(folder, kind), years, things)
    if not any(graph.nodes for graph in found):
        check_vocabulary(store, "network", folder / f"{kind}.rq")
    return found


def read_network_queries(folder: Path, kind: str) -> tuple[str, str]:
    """Return the query for the edges of a network and the query for its nodes."""
    one, other = folder / f"{kind}.rq", folder / f"{_NODES}.rq"
    return _read(one, one.stat().st_mtime_ns), _read(other, other.stat().st_mtime_ns)


@lru_cache(16)
def _read(path: Path, changed: int) -> str:
    """Return the text of a file, re-read if its modification time changed: a confined worker may open no files."""
    return path.read_text("utf-8")


def run_network_queries(
    store: Store,
    kind: str,
    queries: tuple[str, str],
    years: Sequence[Year | None] = (None,),
    things: Collection[str] = (),
) -> list[PlainGraph[str]]:
    """Return the result of `read_networks`, from queries that have already been read."""
    moments = [None if year is None else parse_moment(year) for year in years]
    query, nodes_query = queries
    parts = parts_of(store)
    edges = [row for part, said in parts for row in _edges(part.query_all(query, "key"), said)]
    ends = {str(edge[name]) for edge in edges for name in ("source", "target")} | {*things}
    every = _EVERY_NODE.search(query) is not None
    only = None if every or len(ends) > _BATCH_SIZE else ends
    read = ((_read_nodes(part, nodes_query, only, short=every), said.get("said_in")) for part, said in parts)
    nodes = merge_nodes(read, ";" if every else "; ")
    if every:
        nodes = {slug: facts for slug, facts in nodes.items() if facts.get("citations") or slug in ends}
    graphs = [_network(kind, query, edges, nodes, moment) for moment in moments]
    for graph, slug in product(graphs, things):
        graph.add_node(slug, **nodes.get(slug, {"label": slug}))
    return graphs


def read_network_around(store: Store, slug: str, year: Year, *, below: bool = False) -> PlainGraph[str]:
    """Return the part of the ownership network with the owners of a thing, fetched step by step.

    With ``below`` also what the thing holds, and who owns that. Raises WrongUse for an invalid year, month or day.
    """
    moment = parse_moment(year)
    query, nodes_query = read_network_queries(find_project().ontology / "networks", OWNERSHIP)
    held = {slug}
    if below:
        held |= {str(row["target"]) for row in _follow(store, query, held, "source", "target")}
    said = next((said for _, said in parts_of(store)), {})
    edges = _edges(_follow(store, query, held, "target", "source"), said)
    ends = held | {str(edge[name]) for edge in edges for name in ("source", "target")}
    nodes = _read_nodes(store, nodes_query, ends)
    graph = _network(OWNERSHIP, query, edges, nodes, moment)
    graph.add_node(slug, **nodes.get(slug, {"label": slug}))
    return graph


def _edges(rows: Iterable[Mapping[str, Value | None]], said: Mapping[str, Value]) -> list[dict[str, Value]]:
    return [{**_plain_values(row), **said} for row in rows]


def _follow(store: Store, query: str, start: set[str], here: str, there: str) -> list[Mapping[str, Value | None]]:
    """Return the edges reached from ``start``, breadth first, each followed from its end ``here`` to ``there``."""
    found: list[Mapping[str, Value | None]] = []
    seen: set[str] = set()
    frontier = start
    while frontier:
        rows = [row for part in restrict_query(query, here, frontier) for row in store.query_all(part, "key")]
        found += rows
        seen |= frontier
        frontier = {str(row[there]) for row in rows} - seen
    return found


def restrict_query(query: str, variable: str, slugs: Collection[str]) -> Iterator[str]:
    """Yield the query limited to these values of a variable, inserted at ``# ends``, 500 at a time.

    A query without ``# ends`` is yielded once, unchanged.
    """
    if _ENDS not in query:
        yield query
        return
    ordered = sorted(slug for slug in slugs if _IRI_TEXT.fullmatch(slug))
    for first in range(0, len(ordered), _BATCH_SIZE):
        values = " ".join(f"<{_iri(slug)}>" for slug in ordered[first : first + _BATCH_SIZE])
        yield query.replace(_ENDS, f"VALUES ?{variable} {{ {values} }}")


def _iri(slug: str) -> str:
    return slug if ":" in slug else thing(slug)


def _network(
    kind: str,
    query: str,
    rows: Sequence[Mapping[str, Value]],
    nodes: Mapping[str, Mapping[str, Value]],
    moment: Moment | None,
) -> PlainGraph[str]:
    graph: PlainGraph[str] = PlainGraph(name=kind, **dict(_FIELD.findall(query)))
    if moment is not None:
        graph.attributes["year"] = moment.year
    every = _EVERY_NODE.search(query) is not None
    gone = _gone(nodes, moment) if every else set()
    edges: dict[tuple[str, str, str], dict[str, Value]] = {}
    for row in sorted(rows, key=lambda row: (str(row["key"]), str(row["source"]))):
        time = None if {row["source"], row["target"]} & gone else holds_in(row, moment)
        if time is not None:
            data: dict[str, Value] = {name: row[name] for name in sorted(row.keys() - _NOT_ATTRIBUTES)}
            data |= years_of(row)
            if "said_in" in row:
                data["source"] = row["said_in"]
            if moment is not None:
                data["time"] = time
            end = (str(row["source"]), str(row["target"]), str(row["key"]))
            if edges.get(end, data).get("source") != data.get("source"):  # a key made of the ends, in another source
                end = (*end[:2], f"{end[2]}--{row['said_in']}")
            edges.setdefault(end, {}).update(data)
    for (source, target, key), data in edges.items():
        graph.add_edge(Edge(source, target, key, data))
    for node in [*graph.nodes, *(sorted(nodes.keys() - graph.nodes.keys() - gone) if every else ())]:
        graph.add_node(node, **nodes.get(node, {"label": node}))
    return graph


def _gone(nodes: Mapping[str, Mapping[str, Value]], moment: Moment | None) -> set[str]:
    """Return the events and agreements outside a time."""
    bounds = {node: {end: facts[name] for end, name in _YEARS if name in facts} for node, facts in nodes.items()}
    return {node for node, times in bounds.items() if holds_in(times, moment) is None}


def years_of(row: Mapping[str, Value]) -> dict[str, int]:
    """Return the years of ``earliest`` and ``latest`` as ``from_year`` and ``until_year``; omitted for an open end.

    >>> years_of({"earliest": "1990-01-01", "latest": "2011-12-31"}), years_of({"latest": "1909-12-31"})
    ({'from_year': 1990, 'until_year': 2011}, {'until_year': 1909})
    """
    return {name: int(str(row[bound])[:4]) for bound, name in _YEARS if bound in row}


def holds_in(edge: Mapping[str, Value], when: Moment | Year | None) -> str | None:
    """Return ``true``, ``not known then`` or None (not true) for a statement at some time in a year, month or day.

    ``edge`` may have ``earliest`` and ``latest`` (ISO dates between which the statement may have held, absent if open),
    ``latest_start`` and ``earliest_end`` (between which it certainly held; if both are absent they equal ``earliest``
    and ``latest``, if one is absent it is unknown) and ``certainty``. A statement without an end held until the last
    day its source covers (``last_day``; without one, forever), unless it is former: then it had ended by that day.

    >>> holds_in({"latest": "2012-12-31"}, 2011), holds_in({"latest": "2012-12-31"}, 2013)
    ('not known then', None)
    >>> may = {"earliest": "2012-05-01", "latest_start": "2012-05-31"}
    >>> holds_in(may, "2012-04"), holds_in(may, "2012-05-14"), holds_in(may, "2012-05")
    (None, 'not known then', 'true')
    """
    if when is None:
        return TRUE
    moment = when if isinstance(when, Moment) else parse_moment(when)
    start, end, begun, ended = (str(edge[name]) if name in edge else None for name in _BOUNDS)
    is_former, last_day = edge.get("certainty") == "former", str(edge.get("last_day", _EVER))
    end_known = last_day if end is None and is_former else end
    if (start is not None and moment.last < start) or (end_known is not None and moment.first > end_known):
        return None
    if ended is None and end is None:
        ended, begun = last_day if start is not None and not is_former else start, begun or start
    elif ended is None and begun is None:
        begun, ended = start or end, end
    return TRUE if begun and ended and begun <= moment.last and moment.first <= ended else UNKNOWN


def _read_nodes(
    store: Store, query: str, only: Collection[str] | None = None, *, short: bool = False
) -> dict[str, dict[str, Value]]:
    """Return the attributes of all possible nodes, or of some things, by slug.

    With ``short``, citations are ids instead of labels.
    """
    parts = [query] if only is None else restrict_query(query, "node", only)
    rows = [_plain_values(row) for part in parts for row in store.query_all(part, "node")]
    for row in rows:
        if "country" in row:
            row["country"] = local(str(row["country"]))
        ids = str(row.pop("citation_ids", ""))
        if short:
            row["citations"] = sort_parts(ids, ";")
        if "phases" in row:
            row["phases"] = sort_parts(str(row["phases"]), ";")
        row |= years_of(row)
    unwanted = {"node", "earliest", "latest"}
    return {str(row["node"]): {name: row[name] for name in sorted(row.keys() - unwanted)} for row in rows}


def _plain_values(row: Mapping[str, Value | None]) -> dict[str, Value]:
    """Return the row without empty cells; decimals become floats, which every graph format can write."""
    filled = {name: value for name, value in row.items() if value is not None and value != ""}
    plain: dict[str, Value] = {
        name: float(value) if isinstance(value, Decimal) else value for name, value in filled.items()
    }
    if "share" in plain:
        plain["share"] = read_share(str(row.get("key", "a stake")), plain["share"])
    if "citations" in plain:
        cited = str(plain["citations"])
        plain["citations"] = sort_parts(cited, "; " if "; " in cited else ";")
    return plain


def read_share(stake: str, share: Value) -> float:
    """Return a share in percent; raise BadInput unless it is a number from 0 to 100."""
    try:
        percent = float(share)
    except ValueError:
        percent = math.nan
    if 0 <= percent <= 100:
        return percent
    remedy = "give pag:sharePercent a decimal from 0 to 100"
    raise BadInput([Problem(stake, 0, "", f"the share '{share}' is not a percentage", remedy)])

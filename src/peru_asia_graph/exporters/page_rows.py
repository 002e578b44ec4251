"""The rows of the pages' queries, read from each source separately; with several sources each row names its source."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from peru_asia_graph.query.network import read_networks, restrict_query
from peru_asia_graph.query.side_by_side import SourcePart, parts_about
from peru_asia_graph.store import Store
from peru_asia_graph.store.values import sort_parts
from peru_asia_graph.views.page_registry import PAGES
from peru_asia_graph.vocabulary import local

if TYPE_CHECKING:
    import networkx as nx

_BETWEEN = "; "
_NAMES: Final = "names"
# The limit above which a page lists no other things, since the list would be larger than its network.
_MOST: Final = 5000
LIST_ATTRIBUTES = ("names", "sector", "phase")
# A GROUP_CONCAT, whose order is undefined in SPARQL: the separator and the column.
_LIST: Final = re.compile(r'SEPARATOR="([^"]*)"\) AS \?(\w+)')


def read_rows(store: Store, folder: Path, name: str, nodes: Collection[str] | None = None) -> list[dict[str, Any]]:
    """Return the rows of a query in the folder, without empty cells; with ``nodes``, only those of these nodes.

    Each source is queried separately. With several, rows have ``source``, and citations start with its short name.
    """
    parts = parts_about(store)
    rows: list[dict[str, Any]] = []
    for part in parts:
        for row in read_rows_together(part.store, folder, name, nodes):
            if len(parts) > 1:
                row |= {"source": part.name} | ({"where": cite(part, str(row["where"]))} if "where" in row else {})
            rows.append(row)
    return rows


def read_rows_together(
    store: Store, folder: Path, name: str, nodes: Collection[str] | None = None
) -> list[dict[str, Any]]:
    """Return the rows of a query on all sources together."""
    query = (folder / f"{name}.rq").read_text("utf-8")
    queries = [query] if nodes is None else restrict_query(query, "node", nodes)
    lists = {column: between for between, column in _LIST.findall(query)}
    rows = []
    for found in (row for part in queries for row in store.query(part)):
        row = {key: value for key, value in found.items() if value is not None and value != ""}
        row |= {key: sort_parts(str(row[key]), between) for key, between in lists.items() if key in row}
        rows.append(row)
    return rows


def read_differences(whole: Store, folder: Path, sources: Collection[str]) -> list[dict[str, Any]]:
    """Return the differences between two of these sources, which are in no source and so in no part of a store."""
    rows = read_rows_together(whole, folder, "differences")
    return [row for row in rows if row["source_a"] in sources and row["source_b"] in sources]


def cite(part: SourcePart, places: str) -> str:
    """Return citations, each preceded by the short name of the source."""
    return _BETWEEN.join(f"{part.short} {place}" for place in places.split(_BETWEEN))


def source_rows(store: Store, named: Collection[str] | None = None) -> list[dict[str, Any]]:
    """Return name, short name, title, last year, date and licence of all sources, or of those ``named``, in order."""
    rows = [
        {
            "name": part.name,
            "short": part.short,
            "title": part.source.title,
            "year": part.source.year,
            "date": part.source.date or None,
            "licence": part.source.licence or None,
        }
        for part in parts_about(store)
        if part.source is not None and (named is None or part.name in named)
    ]
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def cite_sources(graph: nx.MultiDiGraph[str], store: Store) -> None:
    """Put the short name of the source before the citations of each edge, if there are several sources."""
    parts = {part.name: part for part in parts_about(store)}
    for *_, facts in graph.edges(data=True) if len(parts) > 1 else ():
        if "citations" in facts:
            facts["citations"] = cite(parts[facts["source"]], facts["citations"])


def add_details(graph: nx.MultiDiGraph[str], store: Store, folder: Path, queries: Iterable[str]) -> None:
    """Add the results of the page's queries to the nodes: other names, sectors, current phases, facts and citations.

    If sources differ in a single value, the first source is used.
    """
    for name in queries:
        for row in read_rows(store, folder, name, graph.nodes):
            attributes = graph.nodes.get(local(str(row.pop("node"))))
            if attributes is None:
                continue
            if name == "facts":
                attributes.setdefault("facts", []).append(row)
            elif name == "places":
                attributes.setdefault("places", []).append(str(row["where"]))
            else:
                _add(attributes, row)
    for _, attributes in graph.nodes(data=True):
        if "places" in attributes:
            attributes["citations"] = _BETWEEN.join(attributes.pop("places"))


def _add(attributes: dict[str, Any], row: dict[str, Any]) -> None:
    row.pop("source", None)
    for key in LIST_ATTRIBUTES:
        if key in row:
            listed = filter(None, str(row.pop(key)).split(";"))
            attributes[key] = sorted({*attributes.get(key, ()), *listed})
    for key, value in row.items():
        attributes.setdefault(key, value)


def read_works(store: Store, folder: Path) -> dict[str, list[str]]:
    """Return the works that a source reports from, by citation: publisher, title, date."""
    works: dict[str, list[str]] = {}
    for row in read_rows(store, folder, "works"):
        parts: Sequence[Any] = [row.get("publisher"), row["title"], row.get("date")]
        works.setdefault(str(row["where"]), []).append(", ".join(str(part) for part in parts if part))
    return works


def read_elsewhere(store: Store, ontology: Path, kind: str, here: Collection[str]) -> list[dict[str, Any]]:
    """Return the things that are not ``here``, sorted by name: id, label, type and, if known, es, names and page.

    ``page`` is the other network page that shows the thing. Empty for a graph with more than 5000 things.
    """
    rows = read_rows_together(store, ontology / "pages", _NAMES)
    if len(rows) > _MOST:
        return []
    others = [page.kind for page in PAGES if page.network and page.kind != kind]
    shown = {other: read_networks(store, other, [None], ontology / "networks")[0].nodes for other in others}
    found = []
    for row in rows:
        slug = str(row.pop("node"))
        if slug in here:
            continue
        names = sorted(filter(None, str(row.pop("names", "")).split(";")))
        page = next((other for other in others if slug in shown[other]), None)
        found.append({"id": slug, **row} | ({"names": names} if names else {}) | ({"page": page} if page else {}))
    return sorted(found, key=lambda row: (str(row["label"]).casefold(), row["id"]))

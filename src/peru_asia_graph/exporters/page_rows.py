"""Rows of the pages' queries, read from each source on its own; with several sources every row says which it is of."""

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
# Of a larger graph a page lists none: it would outgrow its own network.
_MOST: Final = 5000
LIST_ATTRIBUTES = ("names", "sector", "phase")
# A GROUP_CONCAT, whose parts have no order in SPARQL: the separator and the column.
_LIST: Final = re.compile(r'SEPARATOR="([^"]*)"\) AS \?(\w+)')


def read_rows(store: Store, folder: Path, name: str, nodes: Collection[str] | None = None) -> list[dict[str, Any]]:
    """Return the rows of a query of the folder without empty cells; with ``nodes`` those of these nodes only.

    Each source is asked on its own. With several, a row has ``source``, and its places begin with the short name.
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
    """Return the rows that a query has in all sources together."""
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
    """Return the differences between two of these sources: they lie in no source, so no part of a store has them."""
    rows = read_rows_together(whole, folder, "differences")
    return [row for row in rows if row["source_a"] in sources and row["source_b"] in sources]


def cite(part: SourcePart, places: str) -> str:
    """Return places with the short name of their source before each."""
    return _BETWEEN.join(f"{part.short} {place}" for place in places.split(_BETWEEN))


def source_rows(store: Store, named: Collection[str] | None = None) -> list[dict[str, Any]]:
    """Return name, short name, title, last year and licence of the sources, or of those ``named``, in their order."""
    rows = [
        {
            "name": part.name,
            "short": part.short,
            "title": part.source.title,
            "year": part.source.year,
            "licence": part.source.licence or None,
        }
        for part in parts_about(store)
        if part.source is not None and (named is None or part.name in named)
    ]
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def cite_sources(graph: nx.MultiDiGraph[str], store: Store) -> None:
    """Put the short name of the source before the places of each edge, where there are several sources."""
    parts = {part.name: part for part in parts_about(store)}
    for *_, facts in graph.edges(data=True) if len(parts) > 1 else ():
        if "citations" in facts:
            facts["citations"] = cite(parts[facts["source"]], facts["citations"])


def add_details(graph: nx.MultiDiGraph[str], store: Store, folder: Path, queries: Iterable[str]) -> None:
    """Add to the nodes what the page's queries know: other names, sectors, present phases, further facts and places.

    Where sources differ in a single value, it is that of the first.
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
    """Return the works a source names, by place: publisher, title, date."""
    works: dict[str, list[str]] = {}
    for row in read_rows(store, folder, "works"):
        parts: Sequence[Any] = [row.get("publisher"), row["title"], row.get("date")]
        works.setdefault(str(row["where"]), []).append(", ".join(str(part) for part in parts if part))
    return works


def read_elsewhere(store: Store, ontology: Path, kind: str, here: Collection[str]) -> list[dict[str, Any]]:
    """Return the things that are not ``here``, sorted by name: id, label, type and, where known, es, names and page.

    ``page`` is the other network page that has the thing. A graph of more than 5000 things gives none.
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

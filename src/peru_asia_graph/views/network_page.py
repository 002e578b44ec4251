"""The page of a network: ownership, diplomacy or any NetworkX graph.

Nodes, edges and options are passed to the page in a pyvis network; its script computes the layout for the window.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from peru_asia_graph.errors import WrongUse, check_text
from peru_asia_graph.sources.date_words import period_in_words
from peru_asia_graph.views.board_data import board_data
from peru_asia_graph.views.cited_places import places_in_words
from peru_asia_graph.views.graph_data import MOMENTS, JsonObject, read_edges, read_nodes
from peru_asia_graph.views.html_view import View
from peru_asia_graph.views.number_format import size
from peru_asia_graph.views.page_registry import ANY_GRAPH, is_board, network_kinds
from peru_asia_graph.views.sanitize import sanitize, sanitize_all
from peru_asia_graph.views.shell import render
from peru_asia_graph.views.words import glossary, home_states, words

if TYPE_CHECKING:
    import networkx as nx

# The script draws the diagram; vis-network does panning, zooming and hit testing.
OPTIONS: Final[JsonObject] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False, "randomSeed": 1},
    "nodes": {"fixed": True, "physics": False},
    "edges": {"hidden": True, "smooth": False, "physics": False},
    "interaction": {
        "dragNodes": False, "hover": True, "multiselect": False, "selectable": True, "selectConnectedEdges": False,
        "hoverConnectedEdges": False, "keyboard": {"enabled": False}, "tooltipDelay": 1000000,
    },
}  # fmt: skip
NOSCRIPT_ROWS: Final = 500
# Attributes that pyvis adds to nodes and edges for its own drawing.
STYLING: Final = frozenset({"color", "shape", "size", "arrows", "title", "font"})


def network_page(
    graph: nx.Graph[Any],
    kind: str = ANY_GRAPH,
    *,
    title: str | None = None,
    language: str = "en",
    assets: str | None = None,
    works: Mapping[str, Sequence[str]] | None = None,
    shares: Iterable[Mapping[str, Any]] = (),
    start: Mapping[str, Any] | None = None,
    sources: Sequence[Mapping[str, Any]] = (),
    beside: Sequence[Mapping[str, Any]] = (),
    differences: Sequence[Mapping[str, Any]] = (),
    elsewhere: Sequence[Mapping[str, Any]] = (),
    series: Iterable[Mapping[str, Any]] = (),
    series_sources: Sequence[Mapping[str, Any]] = (),
    pages: Sequence[str] | None = None,
) -> str:
    """Return a complete HTML document for the graph, which is not modified.

    ``kind`` is "ownership" (edges from owner to owned), "diplomacy" or "graph". ``works`` has the works cited in a
    passage, ``shares`` are effective shares (owner, asset, percent or low and high, paths of edge keys), ``start`` is
    the initial state of the page (year, chosen). ``sources`` (name, short, title, year; in order) are those of the
    edges, ``beside`` those of facts only; ``differences`` (kind, a, b) compare edges of two sources by their keys.
    ``elsewhere`` (id, label, type and, if known, es, names, page) are additional things that the search finds.
    ``series`` are figures of single years (partner, measure, unit, period, value, source), drawn on a board;
    ``series_sources`` are their sources; ``pages`` is the menu. Raises WrongUse for an unknown kind or language.
    """
    if kind not in network_kinds():
        raise WrongUse(f"no page of kind '{kind}'; there are: {', '.join(network_kinds())}")
    nodes, edges = read_nodes(graph), read_edges(graph)
    ours = words(language)["ui"]
    heading = sanitize(title) if title is not None else ours.get(f"{kind}.title", "")
    data = network_data(nodes, edges)
    data |= {
        "title": None if title is None else heading,
        "glossary": glossary(codes_of(nodes, edges) | {str(row["type"]) for row in elsewhere}),
        "countries": home_states(_state_labels(nodes)),
        "works": {where: list(named) for where, named in (works or {}).items()},
        "shares": [dict(row) for row in shares],
        "start": dict(start or {}),
        "sources": [dict(row) for row in sources],
        "beside": [dict(row) for row in beside],
        "differences": [dict(row) for row in differences],
        "elsewhere": sanitize_all([dict(row) for row in elsewhere]),
        "directed": graph.is_directed(),
    }
    if is_board(kind):
        data["board"] = board_data(graph, series) | {"sources": [dict(row) for row in series_sources]}
    return render(
        kind,
        data,
        language=language,
        assets=assets,
        pages=pages,
        title=heading,
        tables=[plain_table(nodes, edges, language, directed=graph.is_directed())],
        footer="footer" if title is None else "footer.drawn",
        lead=f"{kind}.lead" if graph.is_directed() else "graph.lead.undirected",
    )


def draw(graph: nx.Graph[Any], title: str = "Network", *, language: str = "en") -> View:
    """Return a page for any NetworkX graph, to be saved or shown in a notebook.

    Attributes read, all optional: on nodes ``label``, ``type``, ``country``, ``names``, ``sector``, ``date``,
    ``citations``; on edges ``relation``, ``share``, ``certainty``, ``valid_from``, ``valid_until``, ``citations``. With
    a ``stake`` among the relations of a directed graph, owners are to the left of what they own. An attribute that is
    None or NaN counts as absent; links of an undirected graph have no arrows.
    Raises WrongUse for anything that is not a graph.
    """
    check_graph(graph)
    check_text(title, "the title of a page")
    relations = [facts.get("relation") for *_, facts in graph.edges(data=True)] if graph.is_directed() else []
    stakes = any(isinstance(relation, str) and relation == "stake" for relation in relations)
    return View(network_page(graph, "ownership" if stakes else ANY_GRAPH, title=title, language=language))


def check_graph(graph: Any) -> None:
    """Raise WrongUse for anything but a NetworkX graph."""
    if isinstance(graph, type) or not all(
        hasattr(graph, name) for name in ("nodes", "edges", "is_directed", "is_multigraph")
    ):
        raise WrongUse(
            f"{type(graph).__name__} is not a graph; pass a networkx.Graph, DiGraph, MultiGraph or MultiDiGraph"
        )


def network_data(nodes: Sequence[JsonObject], edges: Sequence[JsonObject]) -> JsonObject:
    """Return nodes, edges and options as in a pyvis network, without what pyvis adds for its own drawing."""
    from pyvis.network import Network

    network = Network(directed=True)
    network.set_options(json.dumps(OPTIONS))
    for node in nodes:
        facts = {name: value for name, value in node.items() if name not in ("id", "label")}
        network.add_node(node["id"], label=node["label"], shape="custom", **facts)
    for edge in edges:
        facts = {name: value for name, value in edge.items() if name not in ("from", "to", "source")}
        network.add_edge(edge["from"], edge["to"], **facts)
        if "source" in edge:  # pyvis's name for an end
            network.edges[-1]["source"] = edge["source"]
    return {
        "nodes": [{name: value for name, value in node.items() if name not in STYLING} for node in network.nodes],
        # The script makes an edge's id out of its ends and its key.
        "edges": [
            {name: value for name, value in edge.items() if name not in STYLING and name != "id"}
            for edge in network.edges
        ],
        "options": network.options,
    }


def codes_of(nodes: Iterable[JsonObject], edges: Iterable[JsonObject]) -> set[str]:
    """Return every code that has words in both languages."""
    found: set[str] = set()
    for row in (*nodes, *edges):
        found |= {row[name] for name in ("type", "event", "relation", "basis", "role", "certainty") if name in row}
        for name in ("sector", "phase"):
            found |= set(row.get(name, ()))
        for fact in row.get("facts", ()):
            found |= set(fact.values())
    return found


def plain_table(
    nodes: Sequence[JsonObject], edges: Sequence[JsonObject], language: str, *, directed: bool = True
) -> list[list[str]]:
    """Return the table for readers without scripts: the first 500 edges, then the nodes without any."""
    ui, terms = words(language)["ui"], words(language)["terms"]
    names = {node["id"]: node["label"] for node in nodes}
    ends = ("from", "to") if directed else ("name", "linked")
    rows = [[ui[f"col.{name}"] for name in (ends[0], "relation", ends[1], "share", "remarks", "where")]]
    for edge in edges[:NOSCRIPT_ROWS]:
        relation = edge.get("relation", "")
        if directed:
            relation = words(language)["relations"].get(relation, [relation])[0]
        remarks = [terms.get(edge[name], edge[name]) for name in ("role", "basis", "certainty") if name in edge]
        remarks += [period] if (period := _period(edge, language)) else []
        where = places_in_words(edge.get("where", ()), language)
        rows.append([names[edge["from"]], relation, names[edge["to"]], size(edge), "; ".join(remarks), where])
    linked = {end for edge in edges for end in (edge["from"], edge["to"])}
    for node in nodes[:NOSCRIPT_ROWS]:
        if node["id"] not in linked:
            rows.append(
                [node["label"], "", "", "", node.get("date", ""), places_in_words(node.get("where", ()), language)]
            )
    return rows


def _state_labels(nodes: Sequence[JsonObject]) -> dict[str, str]:
    """Return the labels of the nodes' home states, and of states that are nodes, which are their own."""
    labels = {node["id"]: node["label"] for node in nodes}
    homes = {node["country"]: node.get("home", "") for node in nodes if "country" in node}
    return {state: labels.get(state) or home or state for state, home in homes.items()}


def _period(edge: JsonObject, language: str) -> str:
    """Return the dates of an edge in words; unchanged if they are not dates."""
    since, until = edge.get("since", ""), edge.get("until", "")
    if "start" not in edge and "end" not in edge:
        return "–".join(filter(None, (since, until)))
    return period_in_words(since, until, language, lasting=edge.get("relation") not in MOMENTS)

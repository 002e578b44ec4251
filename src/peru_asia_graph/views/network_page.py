"""The page of a network: ownership, diplomacy or any NetworkX graph.

In: a graph as `read` takes it, with what a page may know beside it. Out: HTML text. Limit: pyvis carries nodes, edges
and options to the page; where they stand is for the page's script, which knows the window.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.views.read import Row, read_edges, read_nodes, visible
from peru_asia_graph.views.shell import GRAPH_KINDS, render
from peru_asia_graph.views.view import View
from peru_asia_graph.views.words import LANGUAGES, countries, glossary, spanish_names, words

if TYPE_CHECKING:
    import networkx as nx

# The picture is ours and stands still; vis-network moves, zooms and finds what is under the pointer.
OPTIONS: Final[Row] = {
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


def network_page(
    graph: nx.Graph[Any],
    kind: str = "graph",
    *,
    title: str | None = None,
    language: str = "en",
    assets: str | None = None,
    works: Mapping[str, Sequence[str]] | None = None,
    shares: Iterable[Mapping[str, Any]] = (),
    start: Mapping[str, Any] | None = None,
) -> str:
    """Return a complete HTML document of the graph; the graph is left as it was.

    ``kind`` is "ownership" (edges from owner to owned), "diplomacy" or "graph". ``works`` names the works behind a
    citation, ``shares`` are effective shares (owner, asset, percent or low and high, paths of edge keys), ``start`` is
    what the page opens with (year, chosen). Raises WrongUse for a kind or language there is none of.
    """
    if kind not in GRAPH_KINDS:
        raise WrongUse(f"no page of kind '{kind}'; there are: {', '.join(GRAPH_KINDS)}")
    nodes, edges = read_nodes(graph), read_edges(graph)
    ours = words(language)["ui"] if language in LANGUAGES else {}
    heading = visible(title) if title is not None else ours.get(f"{kind}.title", "")
    data = carry(nodes, edges)
    data |= {
        "title": None if title is None else heading,
        "glossary": glossary(codes_of(nodes, edges)),
        "countries": {slug: row for slug, row in countries().items() if slug in {n.get("country") for n in nodes}},
        "works": {where: list(named) for where, named in (works or {}).items()},
        "shares": [dict(row) for row in shares],
        "start": dict(start or {}),
    }
    return render(
        kind,
        data,
        language=language,
        assets=assets,
        title=heading,
        tables=[plain_table(nodes, edges, language)] if language in LANGUAGES else [],
    )


def draw(graph: nx.Graph[Any], title: str = "Network", *, language: str = "en") -> View:
    """Return the page of any NetworkX graph, to be saved or shown in a notebook.

    Attributes looked at, all optional: on nodes ``label``, ``type``, ``country``, ``names``, ``sector``, ``date``,
    ``citations``; on edges ``relation``, ``share``, ``certainty``, ``valid_from``, ``valid_until``, ``citations``. With
    a ``stake`` among the relations owners stand left and what they own right.
    """
    stakes = any(facts.get("relation") == "stake" for *_, facts in graph.edges(data=True))
    return View(network_page(graph, "ownership" if stakes else "graph", title=title, language=language))


def carry(nodes: Sequence[Row], edges: Sequence[Row]) -> Row:
    """Put nodes, edges and options into a pyvis network and return what it holds."""
    from pyvis.network import Network

    network = Network(directed=True)
    network.set_options(json.dumps(OPTIONS))
    spanish = spanish_names()
    for node in nodes:
        facts = {name: value for name, value in node.items() if name not in ("id", "label")}
        if node["id"] in spanish:
            facts["es"] = spanish[node["id"]]
        network.add_node(node["id"], label=node["label"], shape="custom", **facts)
    for edge in edges:
        facts = {name: value for name, value in edge.items() if name not in ("from", "to")}
        network.add_edge(edge["from"], edge["to"], **facts)
    dull = {"color", "shape", "size", "arrows", "title", "font"}
    return {
        "nodes": [{name: value for name, value in node.items() if name not in dull} for node in network.nodes],
        # The script makes an edge's id anew, out of its ends and its key.
        "edges": [{name: value for name, value in edge.items() if name not in {*dull, "id"}} for edge in network.edges],
        "options": network.options,
    }


def codes_of(nodes: Iterable[Row], edges: Iterable[Row]) -> set[str]:
    """Return every code that has a word in both languages."""
    found: set[str] = set()
    for row in (*nodes, *edges):
        found |= {row[name] for name in ("type", "event", "relation", "basis", "role", "certainty") if name in row}
        for name in ("sector", "phase"):
            found |= set(row.get(name, ()))
        for fact in row.get("facts", ()):
            found |= set(fact.values())
    return found


def plain_table(nodes: Sequence[Row], edges: Sequence[Row], language: str) -> list[list[str]]:
    """Return the table for readers without script: every edge, or the first five hundred, then what stands alone."""
    ui, terms = words(language)["ui"], words(language)["terms"]
    names = {node["id"]: node["label"] for node in nodes}
    rows = [[ui[f"col.{name}"] for name in ("from", "relation", "to", "share", "remarks", "where")]]
    for edge in edges[:NOSCRIPT_ROWS]:
        relation = words(language)["relations"].get(edge.get("relation", ""), [edge.get("relation", "")])[0]
        remarks = [terms.get(edge[name], edge[name]) for name in ("role", "basis", "certainty") if name in edge]
        remarks += [f"{edge.get('since', '')}–{edge.get('until', '')}"] if "since" in edge or "until" in edge else []
        share = "" if "share" not in edge else f"{edge['share']:g} %"
        where = "; ".join(edge.get("where", ()))
        rows.append([names[edge["from"]], relation, names[edge["to"]], share, "; ".join(remarks), where])
    linked = {end for edge in edges for end in (edge["from"], edge["to"])}
    for node in nodes[:NOSCRIPT_ROWS]:
        if node["id"] not in linked:
            rows.append([node["label"], "", "", "", node.get("date", ""), "; ".join(node.get("where", ()))])
    return rows

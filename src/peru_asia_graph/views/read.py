"""A NetworkX graph as what a page shows: nodes and edges of codes and plain texts, nothing in any language.

In: any NetworkX graph; the attributes looked at are those of `KnowledgeGraph.network`, each may be absent. Out: lists
of dictionaries. Limit: texts lose control and direction characters, and what is beyond 2,000 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from peru_asia_graph.sources.dates import parse_date

if TYPE_CHECKING:
    import networkx as nx

Row = dict[str, Any]

UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+")
SPACES: Final = re.compile(r"[^\S\u00a0]+")  # a space that holds a number and its sign together stays
LONGEST: Final = 2000
# Relations that happen at their date; all others hold from it on.
MOMENTS: Final = frozenset({"participant"})


def read_nodes(graph: nx.Graph[Any]) -> list[Row]:
    """Return each node as codes and texts, sorted by name."""
    nodes = [_node(str(key), facts) for key, facts in graph.nodes(data=True)]
    return sorted(nodes, key=lambda node: (node["label"].casefold(), node["id"]))


def read_edges(graph: nx.Graph[Any]) -> list[Row]:
    """Return each edge as codes and texts, sorted by its ends and its key."""
    if graph.is_multigraph():
        found: Iterable[Any] = graph.edges(keys=True, data=True)
    else:
        found = ((source, target, "", facts) for source, target, facts in graph.edges(data=True))
    edges = [_edge(str(source), str(target), str(key), facts) for source, target, key, facts in found]
    return sorted(edges, key=lambda edge: (edge["from"], edge["to"], edge["id"]))


def _node(key: str, facts: Mapping[str, Any]) -> Row:
    kind, country = visible(facts.get("type", "")), facts.get("country")
    if country is None and kind == "State":
        country = key
    return _filled(
        id=key,
        label=visible(facts.get("label", key)) or "?",
        names=_several(facts.get("names")),
        type=kind,
        country=None if country is None else visible(country),
        home=visible(facts.get("country_label", "")),
        sector=_several(facts.get("sector")),
        phase=_several(facts.get("phase")),
        event=visible(facts.get("event_type", "")),
        date=visible(facts.get("date", "")),
        facts=[{name: visible(value) for name, value in fact.items()} for fact in _rows(facts.get("facts"))],
        where=_several(facts.get("citations")),
        **_years(facts.get("date"), facts.get("end_date", facts.get("date"))),
    )


def _edge(source: str, target: str, key: str, facts: Mapping[str, Any]) -> Row:
    relation = visible(facts.get("relation", ""))
    since, until = facts.get("valid_from"), facts.get("valid_until")
    return _filled(
        id=f"{source}|{key}|{target}",
        key=key,
        **{"from": source, "to": target},
        relation=relation,
        share=_share(facts.get("share")),
        basis=visible(facts.get("basis", "")),
        role=visible(facts.get("role", "")),
        certainty=visible(facts.get("certainty", "")),
        since="" if since is None else visible(since),
        until="" if until is None else visible(until),
        where=_several(facts.get("citations")),
        **_years(since, since if relation in MOMENTS else until),
    )


def _years(start: Any, end: Any) -> Row:
    """The first and last year two dates allow; a date that cannot be read says nothing."""
    years: Row = {}
    for name, text, side in (("start", start, "earliest"), ("end", end, "latest")):
        try:
            day = None if text is None else getattr(parse_date(str(text)[:40]), side)
        except ValueError:
            day = None
        if day is not None:
            years[name] = day.year
    return years


def _share(value: Any) -> float | None:
    try:
        share = None if value is None else float(value)
    except (TypeError, ValueError):
        return None
    return share if share is not None and isfinite(share) and 0 <= share <= 100 else None


def _several(value: Any) -> list[str]:
    """Many values, as a list or with semicolons between."""
    parts = [] if value is None else value if isinstance(value, (list, tuple, set)) else str(value).split(";")
    texts = [visible(part) for part in (sorted(map(str, parts)) if isinstance(parts, set) else parts)]
    return [text for text in texts if text]


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, (list, tuple)) else []


def _filled(**facts: Any) -> Row:
    """The facts without the empty ones; a share of nought stays."""
    return {name: value for name, value in facts.items() if value is not None and value != "" and value != []}


def visible(text: Any) -> str:
    """Return the text on one line without control and direction characters, which could pass for something else.

    >>> visible("a\u202eb\\n c")
    'a b c'
    """
    return SPACES.sub(" ", UNSEEN.sub(" ", str(text)[: 2 * LONGEST])).strip()[:LONGEST]

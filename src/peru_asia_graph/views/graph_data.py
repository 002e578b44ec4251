"""A NetworkX graph as lists of nodes and edges ready for JSON: codes and sanitized texts, language-independent.

The attributes read are those of `KnowledgeGraph.network`; each may be absent, None, NaN and the like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import count
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from peru_asia_graph.sources.dates import Span, certain_days, parse_date
from peru_asia_graph.sources.missing import is_missing
from peru_asia_graph.views.sanitize import sanitize

if TYPE_CHECKING:
    import networkx as nx

JsonObject = dict[str, Any]

# Relations for which a date without an end is a moment; all others hold from that date on.
MOMENTS: Final = frozenset({"participant"})
# A year beyond all that are shown.
NEVER: Final = 9999
# The kind of a field, and its country, at the end of a name.
_SUFFIX: Final = re.compile(r"\s+(?:Oil and Gas|Oil|Gas) Field(?: \(\w+\))?$")


def read_nodes(graph: nx.Graph[Any]) -> list[JsonObject]:
    """Return each node as codes and texts, sorted by name."""
    ids = distinct_texts(graph.nodes)
    nodes = [_node(ids[key], _present(facts)) for key, facts in graph.nodes(data=True)]
    return sorted(nodes, key=lambda node: (node["label"].casefold(), node["id"]))


def read_edges(graph: nx.Graph[Any]) -> list[JsonObject]:
    """Return each edge as codes and texts, sorted by its ends and its key."""
    if graph.is_multigraph():
        found: list[Any] = list(graph.edges(keys=True, data=True))
    else:
        found = [(source, target, "", facts) for source, target, facts in graph.edges(data=True)]
    ids, keys = distinct_texts(graph.nodes), distinct_texts(key for _, _, key, _ in found)
    edges = [_edge(ids[source], ids[target], keys[key], _present(facts)) for source, target, key, facts in found]
    return sorted(edges, key=lambda edge: (edge["from"], edge["to"], edge["id"]))


def short_name(name: str) -> str:
    """Return a short name for a box or symbol that shows the kind: the name without kind and country at its end.

    Empty if the name has no such ending, or nothing would be left.

    >>> short_name("Block VI/VII Oil and Gas Field (Peru)"), short_name("Block 8"), short_name(" Gas Field")
    ('Block VI/VII', '', '')
    """
    short = _SUFFIX.sub("", name)
    return "" if short == name else short


def distinct_texts(values: Iterable[Any]) -> dict[Any, str]:
    """Return a unique, non-empty text for each value; a number that clashes with a text gets its type appended.

    >>> distinct_texts([1, "1", ("a", 2)])
    {'1': '1', 1: '1 (int)', ('a', 2): "('a', 2)"}
    """
    listed = list(dict.fromkeys(values))
    found = {value: str(value) for value in listed if isinstance(value, str) and value}
    taken = set(found.values())
    for value in listed:
        if value not in found:
            text, name = str(value) or repr(value), type(value).__name__
            others = (f"{text} ({name}{f' {number}' if number else ''})" for number in count())
            found[value] = text if text not in taken else next(one for one in others if one not in taken)
            taken.add(found[value])
    return found


def _present(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the non-empty attributes, with arrays and series as lists."""
    given = {name: value for name, value in facts.items() if not is_missing(value)}
    return {name: value.tolist() if getattr(value, "ndim", 0) else value for name, value in given.items()}


def _node(key: str, facts: Mapping[str, Any]) -> JsonObject:
    kind, country = sanitize(facts.get("type", "")), facts.get("country")
    if country is None and kind == "State":
        country = key
    label = sanitize(facts.get("label", key)) or "?"
    start, end = _date(facts.get("date")), _date(facts.get("end_date"))
    return {"id": key} | _without_empty(
        label=label,
        short=short_name(label),
        es=sanitize(facts.get("es", "")),
        names=_values(facts.get("names")),
        type=kind,
        country=None if country is None else sanitize(country),
        home=sanitize(facts.get("country_label", "")),
        sector=_values(facts.get("sector")),
        phase=_values(facts.get("phase")),
        event=sanitize(facts.get("event_type", "")),
        date=_period(start, end),
        facts=[
            {name: sanitize(value) for name, value in _present(fact).items()} for fact in _mappings(facts.get("facts"))
        ],
        where=_values(facts.get("citations")),
        **date_years(start, start if end is None else end),
    )


def _edge(source: str, target: str, key: str, facts: Mapping[str, Any]) -> JsonObject:
    relation = sanitize(facts.get("relation", ""))
    since, until = _date(facts.get("valid_from")), _date(facts.get("valid_until"))
    as_of, share = _date(facts.get("as_of")), _share(facts.get("share"))
    low, high = (_share(facts.get(f"share_{end}")) if share is None else None for end in ("low", "high"))
    return {"id": f"{source}|{key}|{target}", "from": source, "to": target} | _without_empty(
        key=key,
        relation=relation,
        share=share,
        low=low,
        high=high,
        basis=sanitize(facts.get("basis", "")),
        role=sanitize(facts.get("role", "")),
        certainty=sanitize(facts.get("certainty", "")),
        since="" if since is None else sanitize(since),
        until="" if until is None else sanitize(until),
        asof="" if as_of is None else sanitize(as_of),
        source=sanitize(facts.get("source", "")),
        where=_values(facts.get("citations")),
        **date_years(since, since if relation in MOMENTS and until is None else until, as_of),
    )


def _date(value: Any) -> Any:
    """Return a date or time as its day, and a year that a data frame turned into a fraction as a whole number."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    if hasattr(value, "astype"):  # from NumPy
        value = str(value).partition("T")[0] if value.dtype.kind == "M" else value.item()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _period(start: Any, end: Any) -> str:
    """Return both ends of a period separated by a slash, or the only date."""
    return "/".join(sanitize(date) for date in (start, end) if date is not None and date != "")


def date_years(start: Any, end: Any, as_of: Any = None) -> JsonObject:
    """Return the range of years for two dates; a date that cannot be parsed is ignored.

    ``start`` and ``end`` are the first and the last possible year; it had certainly begun by ``begun`` and had not
    ended before ``lasted``, both only given if they differ from the first two. It held at ``as_of``. If one of the two
    dates is unknown, no year is certain: ``begun`` is `NEVER`.
    """
    first, last, known = _span(start), _span(end), _span(as_of)
    years: JsonObject = {}
    if first is not None and first.earliest is not None:
        years["start"] = first.earliest.year
    if last is not None and last.latest is not None:
        years["end"] = last.latest.year
    begun, ended = certain_days(*([span] if span else [] for span in (first, last, known)))
    if begun is not None and begun.year != years.get("start", years.get("end")):
        years["begun"] = begun.year
    if ended is not None and ended.year != years.get("end"):
        years["lasted"] = ended.year
    if (begun is None and first is not None) or (ended is None and last is not None):
        years["begun"] = NEVER
    return years


def _span(text: Any) -> Span | None:
    try:
        return None if text is None else parse_date(str(text)[:40])
    except ValueError:
        return None


def _share(value: Any) -> float | None:
    try:
        share = None if value is None or isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return share if share is not None and isfinite(share) and 0 <= share <= 100 else None


def _values(value: Any) -> list[str]:
    """Return the values of a list, or of a text separated by semicolons."""
    parts = (
        [] if value is None else value if isinstance(value, (list, tuple, set, frozenset)) else str(value).split(";")
    )
    given = [part for part in parts if not is_missing(part)]
    texts = [sanitize(part) for part in (sorted(map(str, given)) if isinstance(parts, (set, frozenset)) else given)]
    return [text for text in texts if text]


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, (list, tuple)) else []


def _without_empty(**facts: Any) -> JsonObject:
    """Return the non-empty attributes; a share of zero is kept."""
    return {name: value for name, value in facts.items() if value is not None and value != "" and value != []}

"""The pages of the sources: what each is, and where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from peru_asia_graph.errors import PeruAsiaGraphError
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.codes import Code, read_codes
from peru_asia_graph.query.differences import SCHEME
from peru_asia_graph.query.sources import SourceInfo, sources_table
from peru_asia_graph.site.addresses import RDF_FILES
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.site.response import PageResponse
from peru_asia_graph.site.thing_sources import source_link
from peru_asia_graph.store.results import Result
from peru_asia_graph.vocabulary import BASE, GRAPH

# The most differences on a page; the question has all.
MAX_DIFFERENCES: Final = 500
_AGREES: Final = "agrees"


@dataclass(frozen=True)
class SourceEntry:
    """A source and how much it holds."""

    source: SourceInfo
    link: str
    things: int
    statements: int
    places: int


def make_sources_page(kg: KnowledgeGraph, frame: Frame, arguments: Mapping[str, Any]) -> PageResponse:
    """Return the page of all sources; ``kind``, ``thing`` and ``source`` choose the differences it lists."""
    kind, thing = (str(arguments.get(name, "")).strip() for name in ("kind", "thing"))
    kinds = _kinds(kg) if len(kg.sources) > 1 else []
    found, failure = None, ""
    try:
        wanted = [kind] if kind else [code.slug for code in kinds if code.slug != _AGREES]
        found = kg.differences(thing or None, wanted, arguments.get("sources") or None) if kinds else None
    except PeruAsiaGraphError as error:
        failure = str(error)
    values: dict[str, Any] = {"kind": kind, "thing": thing, "kinds": kinds, "failure": failure}
    values |= {"question": kg.questions.get("differences"), **_differences(kg, frame, found)}
    return 400 if failure else 200, {}, frame.render("sources.html", sources=_entries(kg, frame), **values)


def make_source_page(kg: KnowledgeGraph, frame: Frame, iri: str) -> PageResponse:
    """Return the page of the source with this graph."""
    one = next(entry for entry in _entries(kg, frame) if GRAPH + entry.source.name == iri)
    kinds = [code.slug for code in _kinds(kg) if code.slug != _AGREES] if len(kg.sources) > 1 else []
    found = kg.differences(None, kinds, one.source.name) if kinds else None
    whole = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}"
    values = {
        "iri": iri,
        "path": iri.removeprefix(BASE),
        "whole": whole,
        "formats": RDF_FILES[: 1 if frame.addresses.static else None],
        **_differences(kg, frame, found),
    }
    return 200, {}, frame.render("source.html", one=one, **values)


def is_source(kg: KnowledgeGraph, iri: str) -> bool:
    """Return whether an address is that of the graph of a source."""
    return any(GRAPH + one.name == iri for one in kg.sources)


def graph_fields(source: SourceInfo) -> str:
    """Return the fields of a request to the endpoint that reads one source only."""
    return urlencode([("default-graph-uri", graph) for graph in source.graphs], safe=":/")


def _kinds(kg: KnowledgeGraph) -> Sequence[Code]:
    return read_codes(kg.store, SCHEME)


def _entries(kg: KnowledgeGraph, frame: Frame) -> list[SourceEntry]:
    counts = {str(row["name"]): row for row in sources_table(kg.store)}
    return [
        SourceEntry(one, frame.href(GRAPH + one.name),
                    *(int(str(counts[one.name][name])) for name in ("things", "statements", "places")))
        for one in kg.sources
    ]  # fmt: skip


def _differences(kg: KnowledgeGraph, frame: Frame, found: Result | None) -> dict[str, Any]:
    """Return the first differences as a template shows them, and the number of all."""
    if found is None:
        return {"differences": [], "count_all": 0}
    shown = list(found)[:MAX_DIFFERENCES]
    links = kg.names.link({str(row["about"]) for row in shown})
    known = {one.name: source_link(frame, one) for one in kg.sources}
    rows = []
    for row in shown:
        told = {name: "" if row[name] is None else str(row[name]) for name in found.variables}
        sides = [
            (known.get(told[f"source_{one}"], (told[f"source_{one}"], "")), told[f"says_{one}"], told[f"value_{one}"])
            for one in "ab"
        ]
        rows.append({**told, "link": frame.href(links.get(told["about"], "")), "sides": sides})
    return {"differences": rows, "count_all": len(found)}

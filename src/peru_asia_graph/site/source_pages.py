"""The page of a source: its description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import quote, urlencode

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.sources import SourceInfo, sources_table
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.views.words import licence_name
from peru_asia_graph.vocabulary import BASE, GRAPH, THING

# The short name of a source and the link to its page.
SourceLink = tuple[str, str]


_COUNTED: Final = ("things", "statements", "places")
# A source's metadata about the work it is taken from, by field name.
_WORK: Final = """
SELECT ?title ?authors ?publisher ?dated ?note WHERE {
  $work a pag:Source ; rdfs:label ?title .
  OPTIONAL { $work pag:authorAsPrinted ?authors } OPTIONAL { $work dcterms:publisher/rdfs:label ?publisher }
  OPTIONAL { $work dcterms:date ?dated } OPTIONAL { $work skos:note ?note FILTER(LANG(?note) IN ("", "en")) }
} ORDER BY ?title ?publisher LIMIT 1"""


@dataclass(frozen=True)
class SourceEntry:
    """A source with its counts; ``work`` has title, authors, publisher, dated and note, each if known."""

    source: SourceInfo
    link: str
    things: int
    statements: int
    places: int
    work: Mapping[str, str] = field(default_factory=dict)


def render_source(kg: KnowledgeGraph, frame: Frame, iri: str) -> str:
    one = next(entry for entry in source_entries(kg, frame) if GRAPH + entry.source.name == iri)
    one = replace(one, work=_work(kg, one.source.name))
    whole = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}"
    values = {
        "iri": iri,
        "path": iri.removeprefix(BASE),
        "whole": whole,
        "licence": licence_name(one.source.licence, frame.language),
    }
    return frame.render("source.html", one=one, preview=frame.preview("source"), **values)


def is_source(kg: KnowledgeGraph, iri: str) -> bool:
    """Return whether an address is that of a source's graph."""
    return any(GRAPH + one.name == iri for one in kg.sources)


def graph_fields(source: SourceInfo) -> str:
    """Return the request fields with which the endpoint reads one source only."""
    return urlencode([("default-graph-uri", graph) for graph in source.graphs], safe=":/")


def source_entries(kg: KnowledgeGraph, frame: Frame) -> list[SourceEntry]:
    """Return each source with the link to its page and its counts."""
    counts = {str(row["name"]): row for row in sources_table(kg.store)}
    return [
        SourceEntry(one, frame.href(GRAPH + one.name), things, statements, places)
        for one in kg.sources
        for things, statements, places in [[int(str(counts[one.name][name])) for name in _COUNTED]]
    ]


def _work(kg: KnowledgeGraph, name: str) -> dict[str, str]:
    """Return the metadata of the work that a source is, found under the source's own name."""
    found = kg.store.query(_WORK.replace("$work", f"<{THING}{quote(name)}>"))
    (row, *_) = [*found.values(), ()]
    return {key: cell for key, cell in zip(found.variables, row, strict=False) if cell}


def source_link(frame: Frame, source: SourceInfo) -> SourceLink:
    """Return the short name of a source and the link to its page."""
    return source.shown, frame.href(GRAPH + source.name)

"""The page of a source: its description, and where others differ from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import quote, urlencode

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.codes import read_codes
from peru_asia_graph.query.differences import SCHEME
from peru_asia_graph.query.sources import SourceInfo, sources_table
from peru_asia_graph.query.term_labels import labels_in
from peru_asia_graph.site.answer_words import dates_in_words
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.store.results import Result
from peru_asia_graph.views.cited_places import place_in_words
from peru_asia_graph.views.words import licence_name
from peru_asia_graph.vocabulary import BASE, GRAPH, THING

# Maximum number of differences on a page; the question lists all.
MAX_DIFFERENCES: Final = 500
# A longer table of differences is collapsed.
_FEW: Final = 12
_AGREES: Final = "agrees"
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
    kinds = [code.slug for code in read_codes(kg.store, SCHEME) if code.slug != _AGREES] if len(kg.sources) > 1 else []
    found = kg.differences(None, kinds, one.source.name) if kinds else None
    whole = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}"
    values = {
        "iri": iri,
        "path": iri.removeprefix(BASE),
        "whole": whole,
        "few": _FEW,
        "licence": licence_name(one.source.licence, frame.language),
        **_differences(kg, frame, found),
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


def _differences(kg: KnowledgeGraph, frame: Frame, found: Result | None) -> dict[str, Any]:
    """Return the first differences as a template shows them, and the total number."""
    if found is None:
        return {"differences": [], "count_all": 0}
    shown = list(found)[:MAX_DIFFERENCES]
    links = kg.names.link({str(row["about"]) for row in shown})
    names = labels_in(kg.store, sorted(set(links.values())), frame.language)
    known = {one.name: source_link(frame, one) for one in kg.sources}
    rows = []
    for row in shown:
        told = {name: "" if row[name] is None else str(row[name]) for name in found.variables}
        about = links.get(told["about"], "")
        sides = [
            (known.get(told[f"source_{one}"], (told[f"source_{one}"], "")), told[f"says_{one}"],
             dates_in_words(frame, told[f"value_{one}"]))
            for one in "ab"
        ]  # fmt: skip
        cited = "; ".join(place_in_words(text, frame.language) for text in told["citations"].split("; "))
        shown_as = {"about": names.get(about, told["about"]), "citations": cited, "link": frame.href(about)}
        rows.append({**told, **shown_as, "sides": sides})
    return {"differences": rows, "count_all": len(found)}


def source_link(frame: Frame, source: SourceInfo) -> SourceLink:
    """Return the short name of a source and the link to its page."""
    return source.shown, frame.href(GRAPH + source.name)

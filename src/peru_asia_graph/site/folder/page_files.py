"""The pages of the folder that are not cards (start, questions, sources, ontology, search, pictures), and all RDF."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.rdf.formats import write_rdf
from peru_asia_graph.site.dataset_page import is_dataset, render_dataset
from peru_asia_graph.site.folder.card_files import PageFiles, at, file_of
from peru_asia_graph.site.folder.plan import SitePlan
from peru_asia_graph.site.frame import Frame, put_in_frame
from peru_asia_graph.site.ontology_page import render_ontology
from peru_asia_graph.site.pages import PAGES
from peru_asia_graph.site.question_pages import answer_question, render_question
from peru_asia_graph.site.source_pages import render_source
from peru_asia_graph.views.page_registry import page_kinds
from peru_asia_graph.vocabulary import BASE, DATASET, GRAPH, ONTOLOGY_GRAPH, PREFIXES

# Maximum number of rows of an answer on a page; the downloadable tables have all.
ROWS: Final = 30

_FORMATS = {"ttl": "turtle", "jsonld": "jsonld", "rdf": "rdfxml"}


def plain_pages(kg: KnowledgeGraph, frame: Frame, downloads: Sequence[Mapping[str, Any]]) -> PageFiles:
    """Yield start page, list of questions, data, ontology, search and the page for missing addresses."""
    for path, name, given in (("", "home", {}), ("data", "data", {"files": downloads}), ("questions", "questions", {})):
        here = at(frame, path)
        yield file_of(here), PAGES[name](kg, here, given)[2].encode()
    for path, template in (("search", "search_offline.html"), ("404", "missing_offline.html")):
        here = at(frame, path)
        yield file_of(here), here.render(template).encode()
    here = at(frame, "ontology")
    yield file_of(here), render_ontology(kg, here).encode()
    if is_dataset(kg, DATASET):
        here = at(frame, DATASET.removeprefix(BASE))
        yield file_of(here), render_dataset(kg, here, downloads).encode()


def question_pages(kg: KnowledgeGraph, frames: Sequence[Frame]) -> PageFiles:
    """Yield each question with its answer for the default values, in each language."""
    for name in kg.questions:
        answer = answer_question(kg, {"name": name, "values": {}, "sources": []})
        for frame in frames:
            here = at(frame, f"questions/{name}")
            yield file_of(here), render_question(kg, here, answer, ROWS).encode()


def source_pages(kg: KnowledgeGraph, frame: Frame) -> PageFiles:
    """Yield the page of each source."""
    for one in kg.sources:
        here = at(frame, f"graph/{one.name}")
        yield file_of(here), render_source(kg, here, GRAPH + one.name).encode()


def interactive_pages(exports: Path, frame: Frame) -> PageFiles:
    """Yield the interactive pages, as made by the build, in the frame of the site."""
    for kind in page_kinds():
        here = at(frame, kind)
        text = (exports / f"{kind}.html").read_text("utf-8")
        yield f"{kind}.html", put_in_frame(text, kind, here).encode()


def addresses_apart(kg: KnowledgeGraph) -> list[str]:
    """Return the addresses whose page is not a card: the graphs of sources, the data set."""
    return [*(GRAPH + one.name for one in kg.sources), *([DATASET] if is_dataset(kg, DATASET) else [])]


def rdf_files(quads: Iterable[ox.Quad], plan: SitePlan, more: Iterable[str] = ()) -> Iterator[tuple[str, bytes]]:
    """Yield a Turtle file for each page of the plan and each address in ``more``, and the ontology in three formats.

    For a page of statements, the file has the triples about them, but not those that refer to them.
    """
    about: dict[str, list[ox.Triple]] = defaultdict(list)
    referring: dict[str, list[ox.Triple]] = defaultdict(list)
    terms: list[ox.Triple] = []
    with_page = {*plan.own, *more}
    for quad in quads:
        triple = quad.triple
        if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value == ONTOLOGY_GRAPH:
            terms.append(triple)
        if isinstance(triple.subject, ox.NamedNode):
            about[triple.subject.value].append(triple)
        if isinstance(triple.object, ox.NamedNode) and triple.object.value in with_page:
            referring[triple.object.value].append(triple)
    for iri in sorted(with_page):
        yield f"{iri.removeprefix(BASE)}.ttl", _turtle([*about[iri], *referring[iri]])
    for group in plan.groups:
        yield f"{group.path}.ttl", _turtle([triple for iri in group.members for triple in about[iri]])
    for ending, form in _FORMATS.items():
        yield f"ontology.{ending}", write_rdf(terms, form)


def _turtle(triples: Iterable[ox.Triple]) -> bytes:
    """Return triples as Turtle with the prefixes they use, sorted and without duplicates."""
    ordered = [triple for _, triple in sorted({str(triple): triple for triple in triples}.items())]
    used = "\n".join(str(triple) for triple in ordered)
    prefixes = {name: iri for name, iri in PREFIXES.items() if f"<{iri}" in used}
    written = ox.serialize(ordered, format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    return written or b""

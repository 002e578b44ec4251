"""The pages of the folder that are not cards: start, questions, sources, ontology, search, pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.dataset_page import is_dataset, render_dataset
from peru_asia_graph.site.folder.card_files import PageFiles, at, file_of
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.site.interactive import put_in_frame
from peru_asia_graph.site.ontology_page import render_ontology
from peru_asia_graph.site.pages import PAGES
from peru_asia_graph.site.question_pages import answer_question, render_question
from peru_asia_graph.site.source_pages import render_source
from peru_asia_graph.views.page_registry import page_kinds
from peru_asia_graph.vocabulary import BASE, DATASET, GRAPH

# Maximum number of rows of an answer on a page; the downloadable tables have all.
ROWS: Final = 30


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

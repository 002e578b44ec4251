"""The pages of the site by name: arguments in, status, headers and HTML out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Final

from peru_asia_graph.errors import PeruAsiaGraphError, UnknownName
from peru_asia_graph.exporters.start_rows import read_start
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.addresses import Addresses
from peru_asia_graph.site.card_page import render_card, render_card_list, warm_cards
from peru_asia_graph.site.dataset_page import is_data, is_dataset, render_dataset
from peru_asia_graph.site.frame import Arguments, Frame, PageResponse, environment
from peru_asia_graph.site.link_preview import describe_dataset
from peru_asia_graph.site.messages import problem_in_words
from peru_asia_graph.site.once import pages_of, reader_of, terms_of
from peru_asia_graph.site.ontology_alignments import vocabularies
from peru_asia_graph.site.ontology_page import is_ontology, render_ontology
from peru_asia_graph.site.question_pages import (
    make_between_page,
    make_query_page,
    make_question_page,
    make_questions_page,
)
from peru_asia_graph.site.search_page import make_missing_page, make_search_page, suggest
from peru_asia_graph.site.source_pages import is_source, render_source
from peru_asia_graph.site.words import site_words
from peru_asia_graph.views.start_page import group_files, start_values
from peru_asia_graph.views.words import LANGUAGES, countries, file_purposes
from peru_asia_graph.vocabulary import BASE, GRAPH, THING, local

# A thing of each kind whose card has pictures, dates and numbers.
_EXAMPLES: Final = """
SELECT ?x WHERE {
  { SELECT ?x WHERE { ?s pag:owned ?x ; pag:sharePercent ?share } LIMIT 1 }
  UNION { SELECT ?x WHERE { ?x a pag:Agreement ; pag:date ?date } LIMIT 1 }
}"""


def warm(kg: KnowledgeGraph) -> None:
    """Read all files a page may need, and import lazily imported modules.

    Raises WrongUse for a graph that only supports queries.
    """
    for module in ("difflib", "html", "jinja2.debug", "unicodedata", "peru_asia_graph.query.chains"):
        import_module(module)
    environment()
    for language in LANGUAGES:
        warm_cards(language)
        _ = site_words(language), terms_of(kg).code("", language), countries(), file_purposes()
    vocabularies()
    _ = kg.section_queries, kg.link_queries
    kg.warnings("ASK { ?s a pag:State }")
    for question in kg.questions.values():
        question.details()
    make_page(kg, "home", {})
    for (one,) in kg.store.query(_EXAMPLES).values():
        for language in LANGUAGES:
            make_page(kg, "thing", {"iri": one, "language": language})


def make_frame(kg: KnowledgeGraph, arguments: Arguments) -> Frame:
    """Return the frame of a page; ``language``, ``here`` (its path), ``query`` and ``site`` come from the request."""
    language, site = arguments.get("language") or LANGUAGES[0], arguments.get("site", "")
    addresses = Addresses(language, arguments.get("here", ""), site=site)
    return Frame(addresses, terms_of(kg), query=arguments.get("query", ""), pages=pages_of(kg))


def make_page(kg: KnowledgeGraph, name: str, arguments: Arguments) -> PageResponse:
    """Return a page; an error of this package becomes a page with its message."""
    frame = make_frame(kg, arguments)
    try:
        return PAGES[name](kg, frame, arguments)
    except PeruAsiaGraphError as error:
        status = 404 if isinstance(error, UnknownName) else 400
        return status, {}, frame.render("failure.html", failure=problem_in_words(frame, error, kg))


def _start(kg: KnowledgeGraph, frame: Frame, arguments: Arguments) -> PageResponse:
    to = frame.addresses
    start = start_values(read_start(kg.store), frame.language, to.page, to.thing, lambda name: frame.href(GRAPH + name))
    described = describe_dataset(frame.t("brand"), frame.t("foot.about"), kg.sources)
    head = replace(frame.head("index", has_search=False), translates=False)
    return 200, {}, frame.render("home.html", start=start, head=head, described=described)


def _data(kg: KnowledgeGraph, frame: Frame, arguments: Arguments) -> PageResponse:
    """Return the page of downloads: ``files`` (name, size) of the exports, without pages and their parts."""
    data = [one for one in arguments["files"] if is_data(one["name"])]
    return 200, {}, frame.render("data.html", files=group_files(data, frame.language), file_at=frame.addresses.download)


def _thing(kg: KnowledgeGraph, frame: Frame, arguments: Arguments) -> PageResponse:
    iri = arguments["iri"]
    if is_ontology(kg, iri):
        return 200, {}, render_ontology(kg, frame)
    if is_source(kg, iri):
        return 200, {}, render_source(kg, frame, iri)
    if is_dataset(kg, iri):
        return 200, {}, render_dataset(kg, frame)
    reader = reader_of(kg)
    if key := arguments.get("list"):
        page = int(arguments["page"]) if re.fullmatch("[1-9][0-9]{0,6}", arguments["page"]) else 0
        listed = render_card_list(reader, frame, iri, key, page) if page else None
        if listed is None:
            return _missing(kg, frame, iri)
        return 200, {}, listed
    card = render_card(reader, frame, iri)
    return _missing(kg, frame, iri) if card is None else (200, {}, card)


def _missing(kg: KnowledgeGraph, frame: Frame, iri: str) -> PageResponse:
    """Redirect from a merged id to the page of the thing it was merged into; else return the page for nothing found."""
    if iri.startswith(THING) and (kept := kg.names.find_matched(local(iri))):
        return 303, {"Location": frame.addresses.thing(kept)}, ""
    return make_missing_page(kg, frame, {"path": iri.removeprefix(BASE)})


def _limits(kg: KnowledgeGraph, frame: Frame, arguments: Arguments) -> PageResponse:
    return 200, {}, frame.render("limits.html", **arguments["limits"])


PAGES: Final[dict[str, Callable[[KnowledgeGraph, Frame, Arguments], PageResponse]]] = {
    "home": _start,
    "data": _data,
    "search": make_search_page,
    "suggest": suggest,
    "missing": make_missing_page,
    "questions": make_questions_page,
    "question": make_question_page,
    "between": make_between_page,
    "thing": _thing,
    "query": make_query_page,
    "limits": _limits,
}

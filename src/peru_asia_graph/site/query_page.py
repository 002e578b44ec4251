"""The page for writing queries."""

from __future__ import annotations

import json
from typing import Final

from peru_asia_graph.errors import PeruAsiaGraphError
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.frame import Arguments, Frame, PageResponse
from peru_asia_graph.site.question_pages import example_value
from peru_asia_graph.site.source_pages import graph_fields, source_link
from peru_asia_graph.vocabulary import ONTOLOGY, PREFIXES

_TERMS: Final = (
    "SELECT DISTINCT ?term WHERE { VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty } ?term a ?kind "
    f'FILTER(STRSTARTS(STR(?term), "{ONTOLOGY}")) }}'
)
_START: Final = "SELECT ?block WHERE { ?x a pag:HydrocarbonBlock ; rdfs:label ?block }"
_WORDS: Final = ("answer", "rows", "first", "chart", "download", "running", "true", "false")


def make_query_page(kg: KnowledgeGraph, frame: Frame, arguments: Arguments) -> PageResponse:
    """Return the page."""
    examples = {}
    for question in kg.questions.values():
        values = {one.name: one.default or example_value(question, one.name) for one in question.parameters}
        try:
            examples[question.name] = kg.fill(question.name, values)
        except PeruAsiaGraphError:
            # In a store of other data, the things named in an example may be missing.
            continue
    words = {name: frame.t(f"query.{name}") for name in _WORDS}
    settings = {"examples": examples, "prefixes": PREFIXES, "ontology": ONTOLOGY, "words": words}
    # Within a script element, only "<" could end it.
    encoded = json.dumps(settings, ensure_ascii=False).replace("<", "\\u003c")
    listed = {theme: [one for one in found if one.name in examples] for theme, found in kg.questions.by_theme().items()}
    terms = sorted((str(row["term"]), frame.label(ONTOLOGY + str(row["term"]))) for row in kg.query(_TERMS))
    sources = [(one, source_link(frame, one)[1], graph_fields(one)) for one in kg.sources]
    shown = {"examples": listed, "terms": terms, "start": _START, "sources": sources}
    return 200, {}, frame.render("query.html", settings=encoded, **shown)

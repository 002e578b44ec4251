"""The page on which one writes queries."""

from __future__ import annotations

import json
from typing import Final

from peru_asia_graph.errors import PeruAsiaGraphError
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.site.question_pages import example_value
from peru_asia_graph.site.response import Arguments, PageResponse
from peru_asia_graph.site.source_pages import graph_fields
from peru_asia_graph.site.thing_sources import source_link
from peru_asia_graph.vocabulary import ONTOLOGY, PREFIXES

_TERMS: Final = (
    "SELECT DISTINCT ?term WHERE { VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty } ?term a ?kind "
    f'FILTER(STRSTARTS(STR(?term), "{ONTOLOGY}")) }}'
)


def make_query_page(kg: KnowledgeGraph, frame: Frame, arguments: Arguments) -> PageResponse:
    examples = []
    for question in kg.questions.values():
        values = {one.name: one.default or example_value(question, one.name) for one in question.parameters}
        try:
            examples.append({"name": question.name, "title": question.title, "query": kg.fill(question.name, values)})
        except PeruAsiaGraphError:
            # In a store of other data the things an example names may be missing.
            continue
    terms = [row["term"] for row in kg.query(_TERMS)]
    settings = {"examples": examples, "prefixes": PREFIXES, "terms": sorted(map(str, terms)), "ontology": ONTOLOGY}
    # Within a script element "<" would be the one way out of it.
    encoded = json.dumps(settings, ensure_ascii=False).replace("<", "\\u003c")
    sources = [(one, source_link(frame, one)[1], graph_fields(one)) for one in kg.sources]
    return 200, {}, frame.render("query.html", settings=encoded, sources=sources)

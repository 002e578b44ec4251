"""The search over everything: its page, and suggestions while one types."""

from __future__ import annotations

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.sources import speaking_of_each
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.site.response import Arguments, PageResponse
from peru_asia_graph.site.thing_sources import source_link
from peru_asia_graph.vocabulary import THING


def make_search_page(kg: KnowledgeGraph, frame: Frame, arguments: Arguments) -> PageResponse:
    words = arguments.get("q", "").strip()
    found = kg.names.search(words)
    if len(found) == 1 or (found and found[0][0].casefold() == words.casefold()):
        return 303, {"Location": frame.href(THING + found[0][1])}, ""
    told = speaking_of_each(kg.store, [slug for _, slug in found]) if len(kg.sources) > 1 else {}
    links = {one.name: source_link(frame, one) for one in kg.sources}
    shown = [(name, THING + slug, [links[one] for one in told.get(slug, ())]) for name, slug in found]
    matching = [one for one in kg.questions.values() if words and words.casefold() in one.title.casefold()]
    return (
        200,
        {},
        frame.render("search.html", words=words, found=shown, questions=matching),
    )

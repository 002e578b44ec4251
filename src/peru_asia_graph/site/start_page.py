"""The start page."""

from __future__ import annotations

from typing import Final

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.site.response import Arguments, PageResponse
from peru_asia_graph.site.thing_sources import source_link

# The questions on the front page, one of each kind.
_FIRST: Final = (
    "who-owns-through-whom", "who-owns", "timeline", "exports-by-sector", "biggest-investments", "who-trades-with",
    "investments-by-country", "state-owned-firms", "visits", "discrepancies",
)  # fmt: skip
_COUNTS: Final = (
    "SELECT ?class (COUNT(DISTINCT ?x) AS ?n) WHERE { VALUES ?class { pag:Organization pag:Project pag:Stake "
    "pag:Investment pag:Event pag:Agreement pag:Person qb:Observation } ?x a ?class } GROUP BY ?class ORDER BY ?class"
)


def make_start_page(kg: KnowledgeGraph, frame: Frame, arguments: Arguments) -> PageResponse:
    first = [kg.questions[name] for name in _FIRST if name in kg.questions]
    counts = [(row["class"], row["n"]) for row in kg.query(_COUNTS)]
    return (
        200,
        {},
        frame.render(
            "home.html",
            questions=first,
            count=len(kg.questions),
            counts=counts,
            files=arguments["files"],
            sources=[(one, source_link(frame, one)[1]) for one in kg.sources],
        ),
    )

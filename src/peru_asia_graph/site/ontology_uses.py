"""How often the data use each term of the ontology, with examples that link to cards."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from peru_asia_graph.site.cards.card import Piece
from peru_asia_graph.site.cards.context import CardContext
from peru_asia_graph.site.cards.reader import CardReader, Resource, short_name
from peru_asia_graph.site.cards.statement_card import sentence_of, value_piece
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.store import Store
from peru_asia_graph.store.results import Term
from peru_asia_graph.vocabulary import GRAPH, THING

# For each term the number of its uses, in three groups by the length of the IRI, and for each group the use with
# the most incoming links.
_USES: Final = """
SELECT ?term ?part (COUNT(?s) AS ?count) (MAX(?key) AS ?first) WHERE {
  { SELECT DISTINCT ?term ?s WHERE {
      { ?s ?term ?o } UNION { ?s a ?term }
      UNION { GRAPH graph:ontology { ?term a owl:NamedIndividual } ?s ?way ?term FILTER(?way != skos:member) }
      FILTER(STRSTARTS(STR(?term), STR(pag:)) && !STRSTARTS(STR(?s), STR(pag:))) } }
  OPTIONAL { SELECT ?s (COUNT(*) AS ?links) WHERE { ?x ?y ?s FILTER(STRSTARTS(STR(?s), STR(id:))) } GROUP BY ?s }
  BIND(STRLEN(STR(?s)) AS ?length) BIND(?length - 3 * FLOOR(?length / 3) AS ?part)
  BIND(CONCAT(STR(1000000 + COALESCE(?links, 0)), " ", STR(?s)) AS ?key)
} GROUP BY ?term ?part"""
# Values written for programs, such as formulas, slugs and field names.
_CODE: Final = re.compile(r"[a-z][A-Z]|--|\w:\w|\w\(|\.[a-z]{2,4}\b|^[a-z]+(-[a-z]+)+$")
_LONGEST: Final = 90
# Maximum number of examples of a term by its kind; others have one.
_MOST: Final = {"class": 3, "individual": 0}


@dataclass(frozen=True)
class TermUse:
    """How many things or statements use a term, and the IRIs of examples, best first."""

    count: int
    examples: Sequence[str]


@dataclass(frozen=True)
class UseExample:
    """An example: a thing or statement, its value if the term is a property, and the source."""

    thing: Piece
    value: Piece | None = None
    source: str = ""


def count_uses(store: Store) -> dict[str, TermUse]:
    """Return the uses of the terms that the data use, by IRI."""
    counts: dict[str, int] = defaultdict(int)
    keys: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for term, _, count, first in store.query(_USES).values():
        counts[term] += int(count)
        links, _, iri = first.partition(" ")
        if iri.startswith((THING, GRAPH)):
            keys[term].append((-int(links), iri))
    return {term: TermUse(count, [iri for _, iri in sorted(keys[term])]) for term, count in counts.items()}


class TermExamples:
    """The examples of all terms for one reader, read with a few queries."""

    def __init__(self, reader: CardReader, frame: Frame, uses: Mapping[str, TermUse]) -> None:
        self._uses = uses
        self._context = context = CardContext(reader, frame, "", Resource(""), {})
        iris = sorted({iri for one in uses.values() for iri in one.examples})
        context.load(iris)
        shown = (term for way, one in uses.items() for iri in one.examples for term, _ in self._first(iri, way))
        values = {term.value for term in shown if term.kind == "iri" and term.value.startswith(THING)}
        context.load(sorted(values))
        context.names |= reader.summaries(sorted(values.union(iris)))

    def of(self, iri: str, kind: str) -> list[UseExample]:
        use = self._uses.get(iri)
        if use is None:
            return []
        shown = use.examples[: _MOST.get(kind, 1)]
        if kind == "class":
            return [self._example(one, self._context.records[one].said.get("pag:citation", ())) for one in shown]
        said = ((one, found) for one in shown if (found := self._first(one, iri)))
        return [self._example(one, found, self._value(found[0][0])) for one, found in said]

    def _first(self, iri: str, way: str) -> list[tuple[Term, str]]:
        """Return the displayed value of a thing's property, once for each source; texts in the reader's language."""
        wanted = ("", self._context.language)
        said = self._context.records[iri].said.get(short_name(way), [])
        said = sorted(said, key=lambda one: (one[0].language not in wanted, one[0].value, one[1]))
        return [one for one in said if one[0] == said[0][0]]

    def _example(self, iri: str, said: Iterable[tuple[Term, str]], value: Piece | None = None) -> UseExample:
        """Return an example, with the source if only one states it."""
        sources = {source for _, source in said}
        only = sources.pop() if len(sources) == 1 else ""
        return UseExample(self._name(iri), value, self._context.short(only) if only else "")

    def _name(self, iri: str) -> Piece:
        """Return a thing by its name, a statement as a sentence; either way as one link to its card."""
        context = self._context
        if iri.startswith(GRAPH):
            return Piece(context.short(iri.removeprefix(GRAPH)), context.frame.href(iri))
        pieces = sentence_of(context, context.records[iri])
        if len(pieces) == 1:
            return replace(context.thing(iri), text=_shorten(context.thing(iri).text))
        return Piece(_shorten("".join(one.text for one in pieces)), context.frame.href(iri))

    def _value(self, term: Term) -> Piece | None:
        """Return a value in words; None for one that is written for programs."""
        if term.kind == "iri" and term.value.startswith((THING, GRAPH)):
            return self._name(term.value) if term.value.startswith(THING) else None
        if term.kind == "literal" and _CODE.search(term.value):
            return None
        found = value_piece(self._context, term)
        return replace(found, text=_shorten(found.text))


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0].rstrip(",;:") + "…"

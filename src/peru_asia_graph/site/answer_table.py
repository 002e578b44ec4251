"""The HTML table of an answer: values in words, things and sources as links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.side_by_side import SOURCE
from peru_asia_graph.query.term_labels import labels_in
from peru_asia_graph.site.answer_words import CHAINS, DATED, REMARKED, STEP, AnswerWords
from peru_asia_graph.site.cards.card import Piece
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.site.source_pages import source_link
from peru_asia_graph.store.results import Result, ResultRow, Term
from peru_asia_graph.vocabulary import CODE, EDTF, GRAPH, THING, XSD, local

# Minimum column width by the length of its longest text.
_WIDTHS: Final = (("long", 120), ("middling", 24), ("short", 8))
# Columns that name a source of the graph; that name one among other words; that contain the id of a thing.
_SOURCES: Final = (SOURCE, "source_a", "source_b", "other_source", "later_source", "name")
_ID_COLUMN: Final = "matched_id"
_ID: Final = "id:"
# Dated event names, which questions write in English.
_EVENTS: Final = "events"
_DATES: Final = frozenset({EDTF, *(XSD + name for name in ("date", "gYearMonth", "gYear"))})


class AnswerCell(NamedTuple):
    """A cell of a table; its language if all of it is in a language other than the page's."""

    pieces: Sequence[Piece]
    language: str = ""


def make_table(kg: KnowledgeGraph, frame: Frame, result: Result, most: int) -> dict[str, Any]:
    """Return the first rows of an answer for its page and the total number of rows; ``empty`` names omitted columns.

    A column without any value is left out, unless all are empty.
    """
    filled = [place for place in range(len(result.variables)) if any(_has_value(row[place]) for row in result.rows)]
    filled = filled or list(range(len(result.variables)))
    variables, whole = [result.variables[at] for at in filled], [[row[at] for at in filled] for row in result.rows]
    rows = whole[:most]
    writer = _CellWriter(kg, frame, variables, rows)
    kinds = ["number" if whole and all(_is_number(row[at]) for row in whole) else "" for at in range(len(variables))]
    cells = [[writer.cell(term, column) for term, column in zip(row, variables, strict=True)] for row in rows]
    for place in [place for place, kind in enumerate(kinds) if not kind]:
        longest = max((len("; ".join(piece.text for piece in row[place].pieces)) for row in cells), default=0)
        kinds[place] = next((kind for kind, least in _WIDTHS if longest > least), "")
    return {
        "columns": list(zip(variables, kinds, strict=True)),
        "empty": [name for name in result.variables if name not in variables],
        "rows": cells,
        "count": len(result.rows),
    }


class _CellWriter:
    """Writes the cells of an answer, after the things they name have been looked up."""

    def __init__(self, kg: KnowledgeGraph, frame: Frame, columns: Sequence[str], rows: Sequence[ResultRow]) -> None:
        self.frame = frame
        self.links = kg.names.link({text for row in rows for term in row if term for text in _texts(term)})
        named = set(self.links.values()) if frame.language != "en" else set()
        for row in rows:
            for term, column in zip(row, columns, strict=True):
                named |= set(_addresses(term, column)) if term else set()
        names = labels_in(kg.store, sorted(named), frame.language)
        self.sources = {one.name: source_link(frame, one) for one in kg.sources}
        short = {name: text for name, (text, _) in self.sources.items()}
        self.words = AnswerWords(frame, names, self.links, short)

    def cell(self, term: Term | None, column: str) -> AnswerCell:
        """Return the cell of a value."""
        if term is None:
            return AnswerCell(())
        if term.kind == "iri":
            return AnswerCell((self._resource(term.value, term.short()),))
        if term.kind != "literal":
            return AnswerCell((Piece(term.short()),))
        if term.datatype in _DATES:
            return AnswerCell((Piece(self.frame.date(term.value)),))
        if whole := self.words.whole(term.value):
            return AnswerCell((Piece(whole),))
        pieces = [self._piece(text, column, term.language) for text in term.value.split("; ")]
        languages = {one.language for one in pieces}
        return AnswerCell(pieces, languages.pop() if len(languages) == 1 else "")

    def _piece(self, text: str, column: str, language: str) -> Piece:
        if column in _SOURCES and text in self.sources:
            return Piece(*self.sources[text])
        if column == _ID_COLUMN and text.startswith(_ID):
            iri, slug = THING + text.removeprefix(_ID), text.removeprefix(_ID)
            return self._resource(iri, slug) if iri in self.words.names else Piece(slug)
        written, foreign = self.words.write(text, column, "en" if column == _EVENTS else language)
        return Piece(written, self.frame.href(self.links.get(text, "")), foreign)

    def _resource(self, iri: str, short: str) -> Piece:
        """Return a thing by its name, a code by its label, or a graph by its source."""
        if iri.startswith(GRAPH) and (name := local(iri).removeprefix("derived/")) in self.sources:
            return Piece(self.sources[name][0], self.frame.href(iri))
        if not (text := self.words.names.get(iri)):
            text = self.frame.code(short)
        if text == short and iri.startswith(CODE):
            text = self.frame.label(iri)
        return Piece(text, self.frame.href(iri))


def _texts(term: Term) -> Iterator[str]:
    """Yield the texts of a value that may be names."""
    for text in term.value.split("; ") if term.kind == "literal" else ():
        yield text
        for pattern in (REMARKED, DATED):
            if found := pattern.fullmatch(text):
                yield found["rest"]


def _addresses(term: Term, column: str) -> Iterator[str]:
    """Yield the addresses of the things that a value names."""
    if term.kind == "iri" and term.value.startswith(THING):
        yield term.value
    elif column == _ID_COLUMN and term.value.startswith(_ID):
        yield THING + term.value.removeprefix(_ID)
    elif column in CHAINS:
        yield from (THING + slug for chain in term.value.split("; ") for slug in chain.split(STEP))


def _has_value(term: Term | None) -> bool:
    return term is not None and term.value != ""


def _is_number(term: Term | None) -> bool:
    return term is None or (bool(term.datatype) and not isinstance(term.python(), (str, bool)))

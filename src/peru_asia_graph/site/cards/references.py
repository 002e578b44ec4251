"""The citations of a thing, and its statements in ontology terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from peru_asia_graph.site.cards.card import Piece
from peru_asia_graph.site.cards.context import CardContext
from peru_asia_graph.site.cards.reader import Resource, short_name

_MOST_PROGRAM_VALUES: Final = 30
_MOST_NAMED: Final = 40


def named_places(context: CardContext) -> tuple[list[Piece], int]:
    """Return the first citations that name the thing, and the total number."""
    places = [(source, term.value) for term, source in context.own.said.get("pag:citation", ())]
    order = list(context.reader.sources)
    places.sort(key=lambda one: (order.index(one[0]) if one[0] in order else len(order), one[1]))
    first = [iri for _, iri in places[:_MOST_NAMED]]
    context.read_summaries(first)
    texts = [(source, context.place(context.names[iri])) for source, iri in places[:_MOST_NAMED]]
    shown = [Piece(f"{context.short(source)}, {text}" if source else text, context.frame.href(iri))
             for (source, text), iri in zip(texts, first, strict=True)]  # fmt: skip
    return shown, len(places)


def linking_counts(context: CardContext) -> list[tuple[str, Sequence[Piece]]]:
    """Return for each property the number of statements that have the thing as value."""
    ways: dict[str, set[str]] = {}
    for (way, _), ones in context.links.items():
        ways.setdefault(way, set()).update(ones)
    return [(f"^{way}", [Piece(str(len(ones)))]) for way, ones in sorted(ways.items())]


def own_statements(own: Resource) -> list[tuple[str, Sequence[Piece]]]:
    """Return the statements of a thing in ontology terms."""
    found: list[tuple[str, Sequence[Piece]]] = []
    for way, values in sorted(own.said.items()):
        texts = list(dict.fromkeys(_raw(term.value) for term, _ in values))
        shown = [Piece(text) for text in texts[:_MOST_PROGRAM_VALUES]]
        if len(texts) > _MOST_PROGRAM_VALUES:
            shown.append(Piece(f"… {len(texts)}"))
        found.append((way, shown))
    return found


def _raw(value: str) -> str:
    return short_name(value) if value.startswith("http") else value

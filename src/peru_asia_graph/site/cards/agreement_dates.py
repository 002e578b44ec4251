"""What each source says about an agreement: when it was signed and came into force, and whether it is in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from peru_asia_graph.site.cards.card import CardCell, CardRow, CardSection, Piece
from peru_asia_graph.site.cards.context import CardContext, date_text
from peru_asia_graph.vocabulary import CODE, expand

_WAYS: Final = ("pag:signedOn", "pag:inForceOn", "pag:endedOn", "pag:date", "pag:status")


def dates_section(context: CardContext) -> CardSection | None:
    """Return the dates of an agreement with one column per source; None if no source gives any."""
    said: dict[str, dict[str, str]] = {}
    raw: dict[str, dict[str, str]] = {}
    for way in _WAYS:
        for term, source in context.own.said.get(way, ()):
            text = context.code(term.value) if term.value.startswith(CODE) else date_text(term.value, context.language)
            said.setdefault(source, {}).setdefault(way, text)
            raw.setdefault(source, {}).setdefault(way, term.value)
    sources = [name for name in context.reader.sources if name in said]
    ways = [way for way in _WAYS if any(way in said[source] for source in sources)]
    if not sources or not ways:
        return None
    rows = []
    for way in ways:
        texts = [said[source].get(way, "") for source in sources]
        differs = _differ([raw[source].get(way, "") for source in sources])
        cells = [CardCell([Piece(text or "–")], differs=differs and bool(text)) for text in texts]
        rows.append(CardRow([CardCell([Piece(context.code(expand(way)))]), *cells]))
    columns = [("", False), *((context.short(source), False) for source in sources)]
    return CardSection("dates", context.frame.t("card.dates"), rows, len(rows), columns)


def _differ(values: Sequence[str]) -> bool:
    """Return whether values differ; a day does not differ from the year that contains it."""
    given = [value for value in values if value]
    return any(not (one.startswith(other) or other.startswith(one)) for one in given for other in given)

"""The lists of a card: for each kind of fact its statements, their order, and the text of a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from peru_asia_graph.site.cards import comparison_rows
from peru_asia_graph.site.cards import rows as row_of
from peru_asia_graph.site.cards.card import CardCell, CardRow, CardSection, Piece
from peru_asia_graph.site.cards.context import CardContext
from peru_asia_graph.site.cards.kinds import kind_of
from peru_asia_graph.site.cards.reader import Links, Resource
from peru_asia_graph.store.values import decimal
from peru_asia_graph.vocabulary import local

AGREES: Final = "agrees"
# Its rows name their source themselves.
REJECTED: Final = "rejected"
NAMES: Final = "names"
SHOWN: Final = 8
ROWS_PER_PAGE: Final = 50
# The kinds of cards that name the co-participants of an event.
ACTORS: Final = ("person", "firm")
# How many rows of a longer list are read without the rest: of events, of anything.
_MANY_EVENTS: Final = 60
_WHOLE: Final = 500


def by_address(context: CardContext, record: Resource) -> tuple[object, ...]:
    """Return the sort key of a statement in an unordered list."""
    return (record.iri,)


@dataclass(frozen=True)
class ListKind:
    """A kind of facts: the links by which it is found, the order of its rows, and the text of a row."""

    key: str
    links: Sequence[tuple[str, str]]
    row: Callable[[CardContext, Resource], CardRow]
    order: Callable[[CardContext, Resource], tuple[object, ...]] = by_address
    columns: Sequence[tuple[str, bool]] = ()
    folded: bool = False

    def pick(self, links: Links) -> list[str]:
        return list(dict.fromkeys(one for link in self.links for one in links.get(link, ())))


def _newest_first(context: CardContext, record: Resource) -> tuple[object, ...]:
    event = context.name(record.value("pag:event")) if record.value("pag:event") else record
    day = event.value("pag:earliest") or event.value("pag:latest")
    if signed := record.date("pag:signedOn"):
        # The day shown in the row, if sources give several.
        day = next((one for one in record.values("pag:earliest") if one.startswith(signed)), day)
    return (not day, -int(day[:10].replace("-", "") or 0) if day[:1].isdecimal() else 0, record.iri)


def _reading_order(context: CardContext, record: Resource) -> tuple[object, ...]:
    return (min(map(int, record.values("pag:readingOrder")), default=0), record.iri)


def _largest_first(context: CardContext, record: Resource) -> tuple[object, ...]:
    amount = decimal(record.value("pag:amountUsdMillion"))
    return (amount is None, -(amount or 0), record.iri)


def _investments(key: str, *links: tuple[str, str]) -> ListKind:
    columns = (("card.investment", False), ("card.amount", True), ("card.year", False))
    return ListKind(key, links, row_of.investment, _largest_first, columns)


_ABOUT: Final = "pag:about"
_DOUBTED: Final = (("pag:concerns", "pag:Discrepancy"), ("pag:opposedBy", "pag:Discrepancy"))
LISTS: Final = {
    one.key: one
    for one in (
        _investments("investments", ("pag:investor", ""), ("pag:project", "pag:Investment")),
        _investments("investments-of-state", ("pag:homeState", "pag:Investment")),
        _investments("investments-of-sector", ("pag:sector", "")),
        ListKind("phases", [("pag:project", "pag:PhaseStatement")], row_of.phase, _newest_first),
        ListKind("events", [("pag:participant", "pag:Participation")], row_of.taking_part, _newest_first),
        ListKind("participants", [("pag:event", "")], row_of.participant,
                 lambda context, record: (record.value("pag:role"), record.iri)),
        ListKind("agreements", [("pag:party", "")], row_of.agreement, _newest_first),
        ListKind("offices", [("pag:holder", ""), ("pag:officeOf", ""), ("pag:officeIn", "")], row_of.office),
        ListKind("events-here", [("pag:place", "")], row_of.happening, _newest_first),
        ListKind("figures", [("pag:figureOf", ""), ("pag:partner", ""), ("pag:category", "")], row_of.figure,
                 columns=(("card.figure", False), ("card.value", True))),
        ListKind("differences", [(_ABOUT, "pag:Difference")], comparison_rows.difference,
                 comparison_rows.difference_order),
        ListKind("findings", [(_ABOUT, "pag:Finding")], row_of.named_thing),
        ListKind("discrepancies", [(_ABOUT, "pag:Discrepancy"), *_DOUBTED], row_of.discrepancy),
        ListKind("doubts", _DOUBTED, row_of.discrepancy),
        ListKind("claims", [(_ABOUT, "pag:Claim")], row_of.claim, row_of.claim_order),
        ListKind("rejected", [(_ABOUT, "pag:RejectedReading")], row_of.rejected, folded=True),
        ListKind("missing", [(_ABOUT, "pag:MissingNote"), ("pag:marks", "")], row_of.named_thing, folded=True),
        ListKind(NAMES, [("pag:nameOf", "")], row_of.printed_name),
        ListKind("identifiers", [("pag:identifies", "")], row_of.identifier, folded=True),
        ListKind("works", [("dcterms:creator", ""), ("dcterms:publisher", "")], row_of.named_thing),
        ListKind("places", [("pag:source", "")], row_of.named_thing, _reading_order),
        ListKind("reported", [("pag:reportedBy", "")], row_of.named_thing),
        ListKind("matches", [(_ABOUT, "pag:Match"), ("pag:matchedThing", "")], comparison_rows.match, folded=True),
    )
}  # fmt: skip


def ids_to_load(context: CardContext, kinds: Sequence[ListKind]) -> list[str]:
    """Return the statements that a card reads for these lists: all of a short list, the first of a long one."""
    found: list[str] = []
    for kind in kinds:
        ids = kind.pick(context.links)
        if kind.order is by_address:
            ids = ids[:SHOWN]
        elif kind.order is _reading_order:
            ids = context.reader.reading_order(context.iri)[:SHOWN]
        elif kind.key == "events" and len(ids) > _MANY_EVENTS:
            ids = context.reader.latest(context.iri)
        else:
            ids = ids[:_WHOLE]
        found += ids
    return found


def make_list(context: CardContext, kind: ListKind, folded: bool = False) -> CardSection | None:
    """Return the first rows of a list whose statements have been read; None if it is empty."""
    ids = kind.pick(context.links)
    records = sorted(
        (context.records[iri] for iri in ids if iri in context.records), key=lambda one: kind.order(context, one)
    )
    if kind.key == "differences":
        records, ids = _without_agreement(records, ids)
    names = _other_names(context, kind, records)
    if not records and not names:
        return None
    if kind.key == "events" and kind_of(context.own).name in ACTORS:
        context.load_participants(record.value("pag:event") for record in records[:SHOWN])
    shown = _rows(context, kind, records[:SHOWN]) + names
    return _section(context, kind, shown, len(ids) + len(names), folded or kind.folded)


def _other_names(context: CardContext, kind: ListKind, printed: Sequence[Resource]) -> list[CardRow]:
    """Return, for the list of names, those in the sources for which no statement says where they are printed."""
    if kind.key != NAMES:
        return []
    known = {record.value("pag:printedForm") for record in printed}
    return [
        CardRow([CardCell([Piece(f"“{term.value}”")])], source=context.short(source) if context.is_of_several else "")
        for term, source in context.own.said.get("pag:nameAsPrinted", ())
        if term.value not in known
    ]


def _rows(context: CardContext, kind: ListKind, records: Sequence[Resource]) -> list[CardRow]:
    """Return statements as rows; if several sources mention the thing, each row names its source."""
    rows = [kind.row(context, record) for record in records]
    if kind.key == REJECTED or not context.is_of_several:
        return rows
    known = context.reader.sources
    speaking = [", ".join(context.short(one) for one in known if one in record.sources) for record in records]
    return [replace(row, source=named) for row, named in zip(rows, speaking, strict=True)]


def _without_agreement(records: Sequence[Resource], ids: Sequence[str]) -> tuple[list[Resource], list[str]]:
    """Return the differences other than agreement."""
    agree = {one.iri for one in records if local(one.value("pag:differenceKind")) == AGREES}
    return [one for one in records if one.iri not in agree], [iri for iri in ids if iri not in agree]


def make_page(context: CardContext, kind: ListKind, page: int) -> CardSection | None:
    """Return one page of a full list; None if there is no page of that number."""
    ids = kind.pick(context.links)
    first = (page - 1) * ROWS_PER_PAGE
    if page < 1 or (first >= len(ids) and kind.key != NAMES):
        return None
    context.load(ids)
    records = sorted((context.records[iri] for iri in ids), key=lambda one: kind.order(context, one))
    names = _other_names(context, kind, records)
    rows = _rows(context, kind, records[first : first + ROWS_PER_PAGE])
    rows += names[max(0, first - len(ids)) : max(0, first + ROWS_PER_PAGE - len(ids))]
    return _section(context, kind, rows, len(ids) + len(names), False) if rows else None


def _section(context: CardContext, kind: ListKind, shown: Sequence[CardRow], count: int, folded: bool) -> CardSection:
    columns = [(context.frame.t(name), is_number) for name, is_number in kind.columns]
    title = context.frame.t(f"card.list.{kind.key}")
    is_read_anew = kind.key == REJECTED and context.is_of_several
    note = [Piece(context.frame.t("card.rejected.note"))] if is_read_anew else []
    return CardSection(kind.key, title, shown, count, columns, note=note, folded=folded)

"""Builds the card of a thing: reads the data with few queries, and assembles the sections of its kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from peru_asia_graph.site.cards.card import CardSection, Piece, ThingCard
from peru_asia_graph.site.cards.comparison_rows import dates_section
from peru_asia_graph.site.cards.context import CardContext, join, label_of
from peru_asia_graph.site.cards.holding_sections import holding_sections, ownership_picture
from peru_asia_graph.site.cards.holdings import NAMED, read_holdings
from peru_asia_graph.site.cards.key_figures import asset_figures, counted_figures, end_states, firm_figures
from peru_asia_graph.site.cards.kinds import CardKind, kind_of
from peru_asia_graph.site.cards.lists import LISTS, ids_to_load, make_list, make_page
from peru_asia_graph.site.cards.pictures import partners_picture, place_picture, time_picture
from peru_asia_graph.site.cards.reader import CardReader, Resource, short_name
from peru_asia_graph.site.cards.relations import relation_ids, relation_section
from peru_asia_graph.site.cards.sentences import (
    agreement_sentence,
    asset_sentence,
    capital,
    event_sentence,
    firm_sentence,
    person_sentence,
    say,
)
from peru_asia_graph.site.cards.statement_card import backed_ids, citing_section, fill_statement, heading_of, stated
from peru_asia_graph.site.cards.table_card import fill_table, printed_name, table_name, table_of
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.vocabulary import ONTOLOGY, local

_MOST_PROGRAM_VALUES: Final = 30
_MOST_NAMED: Final = 40


def make_card(reader: CardReader, frame: Frame, iri: str) -> ThingCard | None:
    """Return the card of an IRI in the language of the frame; None if nothing is known about it."""
    links = reader.links(iri)
    own = reader.records([iri])[iri]
    context = CardContext(reader, frame, iri, own, links)
    table = table_of(context)
    if not (own.said or links or table):
        return None
    if table:
        card = ThingCard(iri, "table", table_name(context, table), [Piece(frame.t("card.kind.table"))])
        fill_table(context, card, table)
    else:
        kind = kind_of(own)
        context.load(_wanted(context, kind))
        context.read_names([own])
        card = _start(context, kind)
        if kind.name == "statement":
            context.cite_all(own)
        _FILL.get(kind.name, _fill_plain)(context, card, _kind_label(context, kind))
        if kind.name != "statement":
            card.sentence = [*card.sentence, *_description(context), *_notes(context, kind)]
        _fill_lists(context, card, kind)
    _balance(card)
    card.classes = sorted(own.kinds)
    if card.kind != "statement":
        card.named, card.named_count = named_places(context)
    card.citations = context.citations()
    card.programs = [*own_statements(own), *linking_counts(context)]
    return card


def _balance(card: ThingCard) -> None:
    """Move the first sections of the narrow column to the wide one if that would be empty."""
    if not (card.main or card.pictures):
        half = -(-len(card.side) // 2)
        card.main, card.side = card.side[:half], card.side[half:]


def make_card_list(
    reader: CardReader, frame: Frame, iri: str, key: str, page: int
) -> tuple[ThingCard, CardSection] | None:
    """Return one page of a list of a card, with the head of the card; None if there is no such list or page."""
    kind = LISTS.get(key)
    if kind is None:
        return None
    own = reader.records([iri])[iri]
    context = CardContext(reader, frame, iri, own, reader.links(iri))
    section = make_page(context, kind, page)
    if section is None:
        return None
    card = _start(context, kind_of(own))
    card.citations = context.citations()
    return card, section


def _wanted(context: CardContext, kind: CardKind) -> list[str]:
    """Return the statements that the sections of a card need."""
    wanted = ids_to_load(context, [LISTS[key] for key in (*kind.main, *kind.side)])
    if kind.links:
        wanted += relation_ids(context)
    if kind.ownership:
        ways = ("pag:owned", "pag:owner")
        wanted += [one for way in ways for one in context.links.get((way, ""), ())]
        named = [one for (_, relation), ones in context.links.items() for one in ones if relation in NAMED]
        wanted += named
    if kind.name == "statement":
        wanted += backed_ids(context)[:40]
    if kind.name == "event":
        wanted += context.links.get(("pag:event", ""), ())
    return wanted


def _start(context: CardContext, kind: CardKind) -> ThingCard:
    label = label_of(context.own, context.language)
    heading = heading_of(context, context.own) if kind.name == "statement" else label
    return ThingCard(context.iri, kind.name, heading or local(context.iri), _path(context, kind))


def _path(context: CardContext, kind: CardKind) -> list[Piece]:
    """Return the breadcrumb of a thing: its kind, sector and location."""
    parts: list[Piece] = [context.thing(iri) for iri in context.own.values("pag:sector")[:1]]
    label = _kind_label(context, kind)
    parts = parts or [Piece(label[:1].upper() + label[1:])]
    said = Counter(term.value for term, _ in context.own.said.get("pag:locatedIn", ()) if local(term.value) != "peru")
    parts += [context.thing(iri) for iri, _ in said.most_common(1)]
    return join(([part] for part in parts), 0, context.frame, " › ")


def _kind_label(context: CardContext, kind: CardKind) -> str:
    own = context.own.types
    classes = [one for one in (*kind.classes, *sorted(own, key=_foreign)) if one in own]
    return context.code(classes[0]) if classes else context.frame.t("card.kind.thing")


def _foreign(kind: str) -> tuple[bool, str]:
    return not kind.startswith(ONTOLOGY), kind


def _fill_lists(context: CardContext, card: ThingCard, kind: CardKind) -> None:
    """Add the lists to a card, the links last."""
    for keys, column in ((kind.main, card.main), (kind.side, card.side)):
        column += [section for key in keys if (section := make_list(context, LISTS[key], key in kind.folded))]
    if kind.links and (links := relation_section(context)):
        (card.main if links.folded else card.side).append(links)
    if kind.name == "thing" and not card.main:
        card.main += filter(None, [stated(context)])


def _differences(context: CardContext) -> int:
    found = context.linked(("pag:about", "pag:Difference"))
    return sum(local(one.value("pag:differenceKind")) != "agrees" for one in found)


def _fill_owned(context: CardContext, card: ThingCard, label: str) -> None:
    """Fill the card of something that can hold shares or be held: an asset or a firm."""
    is_asset, found = card.kind == "asset", read_holdings(context)
    sentence, figures = (asset_sentence, asset_figures) if is_asset else (firm_sentence, firm_figures)
    card.sentence = sentence(context, label, found)
    card.figures = figures(context, found, _differences(context))
    card.pictures = [*filter(None, (ownership_picture(context, found), time_picture(context)))]
    card.place = place_picture(context, {state: one.share for state, one in end_states(context, found).items()})
    card.main += holding_sections(context, found)
    if found and not any(one.page == "ownership" for one in card.pictures):
        card.pages = [Piece(context.frame.t("card.open.ownership"), _page(context, "ownership"))]


def _fill_state(context: CardContext, card: ThingCard, label: str) -> None:
    card.sentence = capital(say(context, "state", kind=label))
    card.figures = counted_figures(
        context, events=[("pag:participant", "pag:Participation")], agreements=[("pag:party", "")],
        figures=[("pag:figureOf", ""), ("pag:partner", "")], investments=[("pag:homeState", "pag:Investment")],
    )  # fmt: skip
    card.pictures = [*filter(None, [partners_picture(context)])]
    card.pages = _diplomacy(context, card)


def _diplomacy(context: CardContext, card: ThingCard) -> list[Piece]:
    ways = (("pag:participant", "pag:Participation"), ("pag:event", ""), ("pag:party", ""))
    is_shown = any(one.page == "diplomacy" for one in card.pictures)
    if is_shown or not (context.own.value("pag:party") or any(way in context.links for way in ways)):
        return []
    return [Piece(context.frame.t("card.open.diplomacy"), _page(context, "diplomacy"))]


def _page(context: CardContext, kind: str) -> str:
    return context.frame.addresses.page(kind, local(context.iri))


def _fill_person(context: CardContext, card: ThingCard, label: str) -> None:
    card.sentence = person_sentence(context, label)
    card.figures = counted_figures(
        context, events=[("pag:participant", "pag:Participation")], offices=[("pag:holder", "")]
    )
    card.pictures = [*filter(None, [time_picture(context)])]
    card.pages = _diplomacy(context, card)


def _fill_agreement(context: CardContext, card: ThingCard, label: str) -> None:
    card.sentence = agreement_sentence(context, label)
    card.figures = counted_figures(
        context, events=[("pag:participant", "pag:Participation")], claims=[("pag:about", "pag:Claim")],
        findings=[("pag:about", "pag:Finding")],
    )  # fmt: skip
    card.pictures = [*filter(None, [time_picture(context)])]
    card.main += filter(None, [dates_section(context)])
    card.pages = _diplomacy(context, card)


def _fill_event(context: CardContext, card: ThingCard, label: str) -> None:
    card.sentence = event_sentence(context, context.linked(("pag:event", "")))
    card.pages = _diplomacy(context, card)


def _fill_source(context: CardContext, card: ThingCard, label: str) -> None:
    fill_statement(context, card, label)
    card.main = [*filter(None, [citing_section(context)]), *card.main]
    card.figures = counted_figures(context, places=[("pag:source", "")], reported=[("pag:reportedBy", "")])
    tables = [slug for slug, table in context.reader.tables.items() if table.source == context.iri]
    names = {slug: printed_name(context.reader.tables[slug], context.language) for slug in tables}
    card.pages = [Piece(name, context.frame.addresses.thing(slug)) for slug, name in names.items()]
    if local(context.iri) in context.reader.sources:
        card.pages = [context.source_link(local(context.iri)), *card.pages]


def _fill_plain(context: CardContext, card: ThingCard, label: str) -> None:
    card.sentence = [Piece(label.capitalize() + ". ")]
    card.place = place_picture(context, {})


def _description(context: CardContext) -> list[Piece]:
    pieces = []
    for source, said in context.each_source("dcterms:description").items():
        text, language = said.text("dcterms:description", context.language)
        pieces.append(Piece(f" {context.short(source)}: " if source else " "))
        pieces.append(Piece(text[:1].upper() + text[1:].rstrip(".") + ".", language=language))
    return pieces


def _notes(context: CardContext, kind: CardKind) -> list[Piece]:
    """Return the notes on an event or an agreement, which is what its source states, not only a thing it names."""
    pieces = []
    for source, said in context.each_source("skos:note").items() if kind.name in ("event", "agreement") else ():
        text, language = said.text("skos:note", context.language)
        by = f" ({context.short(source)})" if len(context.own.sources) > 1 else ""
        pieces.append(Piece(f" {context.frame.t('card.note')}{by}: "))
        pieces.append(Piece(text[:1].upper() + text[1:].rstrip(".") + ".", language=language))
    return pieces


_FILL: Final[dict[str, Callable[[CardContext, ThingCard, str], None]]] = {
    "asset": _fill_owned, "firm": _fill_owned, "state": _fill_state, "person": _fill_person,
    "agreement": _fill_agreement, "event": _fill_event, "statement": fill_statement, "source": _fill_source,
}  # fmt: skip


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

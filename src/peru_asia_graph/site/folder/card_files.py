"""The cards of everything as files: things on their own pages, statements in groups, long lists in several pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from peru_asia_graph.site.addresses import Addresses, anchor
from peru_asia_graph.site.card_page import near_pages, render_card, render_card_list
from peru_asia_graph.site.cards.card import Citation, ThingCard
from peru_asia_graph.site.cards.html import pieces_html, section_html
from peru_asia_graph.site.cards.lists import LISTS
from peru_asia_graph.site.cards.make import make_card
from peru_asia_graph.site.cards.reader import Resource
from peru_asia_graph.site.cards.table_card import printed_name
from peru_asia_graph.site.cards.whole_reader import WholeReader
from peru_asia_graph.site.folder.plan import Group, SitePlan
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.vocabulary import BASE, THING, local

PageFiles = Iterator[tuple[str, bytes]]


def at(frame: Frame, path: str) -> Frame:
    """Return the frame of another page of the site."""
    return replace(frame, addresses=frame.addresses.at(path))


def file_of(frame: Frame) -> str:
    """Return the file of a frame's page."""
    addresses: Addresses = frame.addresses
    return addresses.file_of(addresses.here)


def own_cards(reader: WholeReader, frame: Frame, plan: SitePlan) -> PageFiles:
    """Yield the card of each thing with its own page, and the pages of its long lists."""
    for iri in plan.own:
        here = at(frame, iri.removeprefix(BASE))
        page = render_card(reader, here, iri)
        if page is not None:
            yield file_of(here), page.encode()
            yield from _lists(reader, frame, iri, page)


def _lists(reader: WholeReader, frame: Frame, iri: str, card: str) -> PageFiles:
    """Yield the pages of the lists of which a card shows only a part."""
    path = iri.removeprefix(BASE)
    for key in LISTS:
        number = 1
        here = at(frame, frame.addresses.list_path(path, key, number))
        if f'href="{path.rpartition("/")[2]}/{key}-1.html"' not in card:
            continue
        while page := render_card_list(reader, here, iri, key, number):
            yield file_of(here), page.encode()
            number += 1
            here = at(frame, frame.addresses.list_path(path, key, number))


def group_pages(reader: WholeReader, frame: Frame, plan: SitePlan) -> PageFiles:
    """Yield the pages of the statements, and the page that lists them."""
    for group in plan.groups:
        here = at(frame, group.path)
        cards = [card for iri in group.members if (card := make_card(reader, here, iri)) is not None]
        near = near_pages(group.number, group.of)
        page = here.render(
            "card_group.html", group=group, title=_title(here, group), cards=[_anchored(card) for card in cards],
            pieces=pieces_html, content=section_html, preview=here.preview(local(group.kind)),
            things=THING,
            others=[(number, here.addresses.to(f"{group.name}-{number}")) for number in near],
        )  # fmt: skip
        yield file_of(here), page.encode()
    here = at(frame, "statements")
    first = [group for group in plan.groups if group.number == 1]
    listed = [(here.label(group.kind), group.count, here.addresses.to(group.path)) for group in first]
    records = reader.records(plan.own)
    named = [(_name(here, reader, records[iri]), here.href(iri)) for iri in plan.own]
    things = sorted(named, key=lambda one: (one[0].casefold(), one[1]))
    yield file_of(here), here.render("statements.html", groups=listed, things=things).encode()


def _name(frame: Frame, reader: WholeReader, record: Resource) -> str:
    """Return the name under which a thing is listed: a printed table by its number, others by their label."""
    table = reader.tables.get(local(record.iri))
    if table:
        return printed_name(table, frame.language)
    return record.text("rdfs:label", frame.language)[0] or frame.name(record.iri)


def _title(frame: Frame, group: Group) -> str:
    kind = frame.label(group.kind)
    return frame.t("group.title", kind=kind[:1].upper() + kind[1:], page=group.number, pages=group.of)


def _anchored(card: ThingCard) -> tuple[str, ThingCard, dict[int, Citation]]:
    """Return the anchor of a card within its page, and the card with citation anchors that are unique on the page."""
    name = anchor(card.iri.removeprefix(BASE))
    card.citations = [replace(one, prefix=f"{name}--") for one in card.citations]
    return name, card, {one.number: one for one in card.citations}

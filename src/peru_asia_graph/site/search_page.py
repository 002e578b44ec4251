"""The search over everything: its page, suggestions while typing, and the index for pages without a server."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from posixpath import dirname, join, normpath
from typing import Final

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.names_script import names_script
from peru_asia_graph.query.search_entries import IndexEntry, page_entries, read_entries
from peru_asia_graph.query.search_index import SearchHit, SearchIndex
from peru_asia_graph.site.addresses import Addresses
from peru_asia_graph.site.cards.table_card import printed_name
from peru_asia_graph.site.frame import Arguments, Frame, PageResponse
from peru_asia_graph.site.once import once_per_graph, pages_of, reader_of, terms_of
from peru_asia_graph.store.results import Result, from_rows
from peru_asia_graph.views.words import LANGUAGES
from peru_asia_graph.vocabulary import GRAPH

_SUGGESTED: Final = 8
_LISTED: Final = 60
# How many characters of a search are used.
_LONGEST: Final = 200
# More kinds of entries that are not things of the graph: keys of the words.
QUESTION, SOURCE, TABLE = "kind.question", "kind.source", "kind.table"


@once_per_graph
def search_index(kg: KnowledgeGraph) -> SearchIndex:
    """Return the index of everything: things, questions, sources, printed tables, pages."""
    frame = Frame(Addresses(), terms_of(kg))
    entries = [*_site_entries(kg, frame), *read_entries(kg.store)]
    kinds = _kind_labels(frame, entries)
    return SearchIndex(entries, {kind: [kinds[code][kind] for code in LANGUAGES] for kind in kinds["en"]})


def _site_entries(kg: KnowledgeGraph, frame: Frame) -> Iterable[IndexEntry]:
    yield from page_entries(pages_of(kg))
    for source in kg.sources:
        yield IndexEntry(f"graph/{source.name}", {"en": source.title}, SOURCE, [source.shown])
    for question in kg.questions.values():
        asked = {code: frame.in_language(code).translated(question.title) for code in LANGUAGES}
        yield IndexEntry(f"questions/{question.name}", asked, QUESTION, tier=1)
    for slug, table in reader_of(kg).tables.items():
        named = {code: printed_name(table, code) for code in LANGUAGES}
        yield IndexEntry(f"id/{slug}", named, TABLE)


def _kind_labels(frame: Frame, entries: Iterable[IndexEntry]) -> dict[str, dict[str, str]]:
    """Return the label of each kind of entry, by language."""
    return {code: {one.kind: entry_kind(frame.in_language(code), one) for one in entries} for code in LANGUAGES}


def entry_link(frame: Frame, entry: IndexEntry) -> str:
    """Return the address of a search entry."""
    if entry.path.startswith("@"):
        return frame.addresses.page(entry.path[1:])
    if entry.path.startswith("graph/"):
        return frame.href(GRAPH + entry.path.removeprefix("graph/"))
    if entry.path.startswith("id/"):
        return frame.addresses.thing(entry.path.removeprefix("id/"))
    return frame.addresses.to(entry.path)


def entry_kind(frame: Frame, entry: IndexEntry) -> str:
    kind = frame.t(entry.kind) if entry.kind.startswith("kind.") else frame.label(entry.kind)
    return kind[:1].upper() + kind[1:]


def describe(frame: Frame, found: SearchHit) -> dict[str, str]:
    """Return label, kind and address of a hit, and the reason: the other name matched, value, place and date."""
    entry, language = found.entry, frame.language
    label = entry.labels.get(language) or entry.labels["en"]
    value, place = (texts.get(language) or texts.get("en", "") for texts in (entry.value or {}, entry.about or {}))
    about = [text for text in (place, frame.date(entry.date)) if text and text not in label]
    if value:
        about.insert(0, value)
    if found.name and found.name != label:
        about.insert(0, frame.t("search.also", name=found.name))
    kind = entry_kind(frame, entry)
    return {"label": label, "kind": kind, "why": " · ".join(about), "href": entry_link(frame, entry)}


def suggest(kg: KnowledgeGraph, frame: Frame, arguments: Arguments) -> PageResponse:
    """Return the best hits as JSON."""
    found = _find(kg, str(arguments.get("q", ""))[:_LONGEST].strip(), _SUGGESTED)
    answer = {"found": [{**describe(frame, one), "guess": one.guess} for one in found]}
    return 200, {}, json.dumps(answer, ensure_ascii=False)


def _find(kg: KnowledgeGraph, words: str, most: int) -> list[SearchHit]:
    """Return the best hits; if no name has these words, the things of a record of a source with this id."""
    index = search_index(kg)
    found = index.find(words, most)
    if found and not any(one.guess for one in found):
        return found
    recorded = {f"id/{slug}" for slug in kg.names.find_numbered(words)}
    return [SearchHit(one) for one in index.entries if one.path in recorded][:most] or found


def find_things(kg: KnowledgeGraph, words: str, most: int) -> list[SearchHit]:
    """Return the best hits that have a card, things and statements; none if words are only spelt similarly."""
    found = _find(kg, words.strip()[:_LONGEST], len(search_index(kg).entries))
    shown = [one for one in found if one.entry.path.startswith("id/") and one.entry.kind != TABLE and not one.guess]
    return shown[:most]


def search_result(kg: KnowledgeGraph, words: str, most: int) -> Result:
    """Return the best hits as rows: name, kind, the reason or the place and date, and the id (slug, or question)."""
    found = _find(kg, words.strip()[:_LONGEST], most)
    shown = [describe(Frame(Addresses(), terms_of(kg)), hit) for hit in found]
    rows = [
        [one["label"], one["kind"], one["why"] or None, hit.entry.path.removeprefix("@").rpartition("/")[2]]
        for one, hit in zip(shown, found, strict=True)
    ]
    notes = ["no name has these words; these are spelt similarly"] if any(hit.guess for hit in found) else []
    return replace(from_rows(["name", "kind", "about", "id"], rows), notes=notes)


def make_search_page(kg: KnowledgeGraph, frame: Frame, arguments: Arguments) -> PageResponse:
    """Return the page of hits; the only hit with exactly that name, or the only one with all the words, redirects."""
    words = str(arguments.get("q", ""))[:_LONGEST].strip()
    index = search_index(kg)
    found = _find(kg, words, _LISTED)
    exact = [one for one in found if words.casefold() in {name.casefold() for name in _names(one)}]
    guess = any(one.guess for one in found)
    if len(exact) == 1 or (len(found) == 1 and found[0].whole and not guess):
        return 303, {"Location": entry_link(frame, (exact or found)[0].entry)}, ""
    near = [describe(frame, SearchHit(entry)) for entry in index.near(words)] if words and not found else []
    shown = [describe(frame, one) for one in found]
    return 200, {}, frame.render("search.html", words=words, found=shown, guess=guess, near=near, most=_LISTED)


def make_missing_page(kg: KnowledgeGraph, frame: Frame, arguments: Arguments) -> PageResponse:
    """Return the page for an address that does not exist, with suggestions of what it may have meant."""
    path = str(arguments["path"])
    name = path.rpartition("/")[2].replace("-", " ")
    index = search_index(kg)
    near = [*(one.entry for one in index.find(name, 5) if one.entry.tier == 0), *index.near(name)]
    shown = [describe(frame, SearchHit(entry)) for entry in list({entry.path: entry for entry in near}.values())[:5]]
    return 404, {}, frame.render("missing.html", path=f"/{path}", near=shown)


def _names(found: SearchHit) -> list[str]:
    return [*found.entry.labels.values(), *found.entry.names] if found.entry.tier == 0 else []


def index_script(kg: KnowledgeGraph, frame: Frame) -> bytes:
    """Return the script with all names for a site without a server; its addresses are relative to the root."""
    entries, frames = search_index(kg).entries, {code: frame.in_language(code) for code in LANGUAGES}
    folders = {code: dirname(one.addresses.file_of("")) for code, one in frames.items()}
    addresses = [
        {code: normpath(join(folders[code], entry_link(one, entry))) for code, one in frames.items()}
        for entry in entries
    ]
    return names_script(list(zip(entries, addresses, strict=True)), _kind_labels(frame, entries))

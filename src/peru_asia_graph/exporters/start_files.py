"""The start page of the exported pages in each language, and the names in its search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from peru_asia_graph.exporters.start_rows import read_start
from peru_asia_graph.query.names_script import names_script
from peru_asia_graph.query.search_entries import page_entries, read_entries
from peru_asia_graph.query.term_labels import TermLabels
from peru_asia_graph.store import Store
from peru_asia_graph.views.head import NAMES_SCRIPT, START_FILES
from peru_asia_graph.views.start_page import group_files, start_page
from peru_asia_graph.views.words import LANGUAGES, words


def start_files(
    store: Store, files: Sequence[Mapping[str, Any]], pages_of: Mapping[str, str], assets: str
) -> dict[str, bytes]:
    """Return the start page in each language and the script with all names, by relative name.

    ``files`` (name, size, about) are the data files it offers; ``pages_of`` has the page that shows a thing.
    """
    facts, made = read_start(store), {}
    for language in LANGUAGES:
        page = partial(exported_address, language=language)

        def thing(slug: str, language: str = language) -> str:
            return exported_address(pages_of[slug], slug, language) if slug in pages_of else ""

        listed = group_files(files, language)
        made[START_FILES[language]] = start_page(facts, language, page, thing, listed, assets=assets).encode()
    labels = TermLabels(store)
    chosen = [(entry, entry.path.removeprefix("@"), "") for entry in page_entries(facts.pages)] + [
        (entry, pages_of[slug], slug)
        for entry in read_entries(store)
        if (slug := entry.path.removeprefix("id/")) in pages_of
    ]
    entries = [
        (entry, {code: exported_address(kind, slug, code) for code in LANGUAGES}) for entry, kind, slug in chosen
    ]
    kinds = {
        code: {entry.kind: words(code)["ui"].get(entry.kind) or labels.label(entry.kind, code) for entry, _ in entries}
        for code in LANGUAGES
    }
    return made | {f"{assets}/{NAMES_SCRIPT}": names_script(entries, kinds)}


def exported_address(kind: str, chosen: str, language: str) -> str:
    """Return the file name of a page with the fragment that selects a thing and a language, unless it is the default.

    >>> exported_address("ownership", "block-8", "es")
    'ownership.html#chosen=block-8&lang=es'
    """
    parts = {"chosen": chosen} if chosen else {}
    parts |= {"lang": language} if language not in ("", LANGUAGES[0]) else {}
    return f"{kind}.html" + (f"#{urlencode(parts)}" if parts else "")

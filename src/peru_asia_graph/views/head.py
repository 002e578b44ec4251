"""The links in the head of a page: other pages, search, the other language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from peru_asia_graph.views.page_registry import page_kinds

OTHER_LANGUAGE: Final = {"en": "es", "es": "en"}
# The start page among the exported pages, by language, and the script with the names it can search.
START_FILES: Final = {"en": "index.html", "es": "inicio.html"}
NAMES_SCRIPT: Final = "names.js"
START: Final = "index"


@dataclass(frozen=True)
class Head:
    """The head of a page, with addresses as the page writes them.

    ``links`` are names of pages (``nav.NAME`` in the words) with their addresses, ``current`` is the name of the page
    itself. ``search`` is the address of the search, empty for none; if ``index`` names a script with all names,
    suggestions come from it, and its addresses are relative to ``root``. A page with its own search box has none in the
    head (``has_search``). ``other`` is this page in the other language. With ``translates`` a script translates the
    page, whose elements name the keys of their texts.
    """

    language: str = "en"
    home: str = ""
    links: tuple[tuple[str, str], ...] = ()
    current: str = ""
    search: str = ""
    index: str = ""
    root: str = ""
    other: str = ""
    has_search: bool = True
    translates: bool = True

    @property
    def other_language(self) -> str:
        """The language to which the switch leads."""
        return OTHER_LANGUAGE[self.language]


def exported_head(kind: str, language: str, assets: str | None, pages: Sequence[str] | None = None) -> Head:
    """Return the head of an exported page; without ``assets`` it is self-contained and links to no other page.

    ``pages`` are those in the menu, by default all.
    """
    other = f"#lang={OTHER_LANGUAGE[language]}"
    if assets is None:
        return Head(language=language, current=kind, other=other)
    links = tuple((name, exported_address(name, "", language)) for name in (page_kinds() if pages is None else pages))
    return Head(
        language=language, home=START_FILES[language], links=links, current=kind,
        other=START_FILES[OTHER_LANGUAGE[language]] if kind == START else other,
        search=START_FILES[language], index=f"{assets}/{NAMES_SCRIPT}", has_search=kind != START,
    )  # fmt: skip


def exported_address(kind: str, chosen: str, language: str) -> str:
    """Return the file name of a page with the fragment that selects a thing and a language, unless it is the default.

    >>> exported_address("ownership", "block-8", "es")
    'ownership.html#chosen=block-8&lang=es'
    """
    parts = {"chosen": chosen} if chosen else {}
    parts |= {"lang": language} if language not in ("", "en") else {}
    return f"{kind}.html" + (f"#{urlencode(parts)}" if parts else "")

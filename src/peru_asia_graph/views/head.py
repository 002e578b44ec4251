"""What the head of a page links to: other pages, the search, the other language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from peru_asia_graph.views.page_registry import page_kinds

OTHER_LANGUAGE: Final = {"en": "es", "es": "en"}


@dataclass(frozen=True)
class Head:
    """The head of a page, with the addresses as the page writes them.

    ``links`` are names of pages (``nav.NAME`` in the words) with their addresses, ``current`` is the name of the page
    itself. ``search`` is the address that answers the search box, empty for none; where ``index`` names a script with
    all names, suggestions come from it, and the addresses in it start from ``root``. ``other`` is this page in the
    other language.
    """

    language: str = "en"
    home: str = ""
    links: tuple[tuple[str, str], ...] = ()
    current: str = ""
    search: str = ""
    index: str = ""
    root: str = ""
    other: str = ""

    @property
    def other_language(self) -> str:
        """The language that the switch leads to."""
        return OTHER_LANGUAGE[self.language]


def exported_head(kind: str, language: str, assets: str | None) -> Head:
    """Return the head of an exported page; one without ``assets`` stands alone and links to no other."""
    other = f"#lang={OTHER_LANGUAGE[language]}"
    if assets is None:
        return Head(language=language, current=kind, other=other)
    links = tuple((name, f"{name}.html") for name in page_kinds())
    return Head(language=language, home="index.html", links=links, current=kind, other=other)

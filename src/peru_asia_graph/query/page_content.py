"""Which interactive pages have something to show."""

from __future__ import annotations

from peru_asia_graph.store import Store
from peru_asia_graph.views.page_registry import PAGES


def pages_with_content(store: Store) -> tuple[str, ...]:
    """Return the kinds of the pages that have content in a store, in menu order."""
    return tuple(page.kind for page in PAGES if not page.shows or store.query(f"ASK {{ {page.shows} }}"))

"""What a network page does not show: the other things of the graph, with the page that has them, for its search."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from peru_asia_graph.exporters.page_rows import read_rows_together
from peru_asia_graph.query.network import read_networks
from peru_asia_graph.store import Store
from peru_asia_graph.views.page_registry import PAGES

NAMES: Final = "names"
# Of a larger graph a page lists none: it would outgrow its own network.
MOST: Final = 5000


def read_elsewhere(store: Store, ontology: Path, kind: str, here: Collection[str]) -> list[dict[str, Any]]:
    """Return the things that are not ``here``, sorted by name: id, label, type and, where known, es, names and page.

    ``page`` is the other network page that has the thing. A graph of more than 5000 things gives none.
    """
    rows = read_rows_together(store, ontology / "pages", NAMES)
    if len(rows) > MOST:
        return []
    others = [page.kind for page in PAGES if page.network and page.kind != kind]
    shown = {other: read_networks(store, other, [None], ontology / "networks")[0].nodes for other in others}
    found = []
    for row in rows:
        slug = str(row.pop("node"))
        if slug in here:
            continue
        names = sorted(filter(None, str(row.pop("names", "")).split(";")))
        page = next((other for other in others if slug in shown[other]), None)
        found.append({"id": slug, **row} | ({"names": names} if names else {}) | ({"page": page} if page else {}))
    return sorted(found, key=lambda row: (str(row["label"]).casefold(), row["id"]))

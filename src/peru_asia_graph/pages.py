"""The interactive pages: a network in, one HTML document out; and the folder of pages with its shared scripts.

Limit: how a page looks is in ``views``; which networks there are, in ``ontology/networks``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from peru_asia_graph.atomic import read_folder
from peru_asia_graph.network import make_network
from peru_asia_graph.store import Store
from peru_asia_graph.views import page, write_assets

if TYPE_CHECKING:
    import networkx as nx

ASSETS: Final = "assets"
KINDS: Final = ("ownership", "diplomacy")


def make_page(graph: nx.MultiDiGraph[str], assets: str | None) -> str:
    """Return the page of a network; without ``assets`` it carries its scripts itself."""
    title = str(graph.graph["title"])
    if "year" in graph.graph:
        title += f" in {graph.graph['year']}"
    return page(graph, str(graph.graph["name"]), title, assets=assets)


def make_pages(store: Store, networks: Path) -> dict[str, bytes]:
    """Return the pages and the scripts they share, by relative name."""
    files = {f"{kind}.html": make_page(make_network(store, kind, folder=networks), ASSETS).encode() for kind in KINDS}
    with tempfile.TemporaryDirectory() as folder:
        write_assets(Path(folder) / ASSETS)
        files |= read_folder(Path(folder))
    return files

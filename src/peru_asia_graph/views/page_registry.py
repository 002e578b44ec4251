"""The registry of pages: one row registers a page for the command line, the build, the index page and the script.

A page consists of a row here, its queries in ``ontology/pages``, its script in ``views/script`` and its words in
``views/words/pages``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, Final

from peru_asia_graph.errors import look_up

if TYPE_CHECKING:
    from peru_asia_graph.store import Store

QueryRows = Sequence[Mapping[str, Any]]
Builder = Callable[..., str]


@dataclass(frozen=True)
class InteractivePage:
    """An interactive page.

    ``kind`` names its file, its command-line choice and its words. ``build`` is the function in ``views`` that makes
    HTML from the rows of ``queries``; for a page with ``network`` it gets the network of that name instead, drawn on a
    canvas or, with ``board``, as rows between bars. ``queries`` and ``script`` default to the name of the page. Queries
    are run for each source separately, or ``together``. Networks, and pages with ``year``, can open at a year.
    Menus and start pages leave out a page if nothing in the graph matches ``shows``, a SPARQL pattern.
    """

    kind: str
    build: str = "figures.rows_page"
    queries: tuple[str, ...] = ()
    script: str = ""
    network: bool = False
    board: bool = False
    year: bool = False
    together: bool = False
    shows: str = ""

    @property
    def query_names(self) -> tuple[str, ...]:
        """The names of its queries in ``ontology/pages``."""
        return self.queries or (self.kind,)

    @property
    def script_name(self) -> str:
        """The name of its script in ``views/script``."""
        return self.script or self.kind

    def builder(self) -> Builder:
        """Import and return the function that makes the document."""
        made: Builder = resolve_name(f"peru_asia_graph.views.{self.build}")
        return made


PAGES: Final[list[InteractivePage]] = [
    InteractivePage(
        "ownership",
        "network_page.network_page",
        ("details", "facts", "places"),
        "network",
        network=True,
        shows="?x a ?kind VALUES ?kind { pag:Stake pag:Relation pag:Investment }",
    ),
    InteractivePage(
        "diplomacy",
        "network_page.network_page",
        ("details", "facts", "places"),
        network=True,
        board=True,
        shows="?x a ?kind VALUES ?kind { pag:Event pag:Agreement pag:Tenure }",
    ),
    InteractivePage("investments", "figures.investments_page", shows="?x a pag:Investment"),
    InteractivePage(
        "trade",
        "figures.trade_page",
        shows='?x qb:dataSet ?table FILTER(CONTAINS(STR(?table), "/table-"))',
    ),
    InteractivePage(
        "map",
        "map_page.map_page",
        ("map", "map-places", "map-owners", "map-shares", "map-homes"),
        year=True,
        shows="{ ?x a ?kind VALUES ?kind { pag:MiningProject pag:HydrocarbonBlock pag:InfrastructureProject "
        "pag:MineralDeposit } } UNION { ?x <http://www.w3.org/2003/01/geo/wgs84_pos#lat> ?given }",
    ),
    InteractivePage("audit", "audit_page.audit_page", ("audit", "audit-inputs", "spanish"), shows="?x a pag:Claim"),
    InteractivePage("sources", "sources_page.sources_page", ("sources", "differences", "discrepancies"), together=True),
]
# A user's NetworkX graph, drawn by `draw`; it has no file.
ANY_GRAPH: Final = "graph"


def page_kinds() -> list[str]:
    """Return the names of the pages, in menu order."""
    return [page.kind for page in PAGES]


def network_kinds() -> list[str]:
    """Return the kinds of pages that show a network."""
    return [*(page.kind for page in PAGES if page.network), ANY_GRAPH]


def is_board(kind: str) -> bool:
    """Return whether a page shows its network as rows between bars, without a canvas."""
    return any(page.board for page in PAGES if page.kind == kind)


def find_page(kind: str) -> InteractivePage:
    """Return the row of a page; raise UnknownName if there is none."""
    return look_up("page", {page.kind: page for page in PAGES}, kind)


def pages_with_content(store: Store) -> tuple[str, ...]:
    """Return the kinds of the pages that have content in a store, in menu order."""
    return tuple(page.kind for page in PAGES if not page.shows or store.query(f"ASK {{ {page.shows} }}"))

"""The pages of the knowledge graph: query results and networks passed to the builders in ``views``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.exporters.page_about import page_about
from peru_asia_graph.exporters.page_rows import (
    add_details,
    cite_sources,
    read_differences,
    read_elsewhere,
    read_rows,
    read_rows_together,
    read_works,
    source_rows,
)
from peru_asia_graph.exporters.start_rows import start_files
from peru_asia_graph.exporters.stories import Story
from peru_asia_graph.query.network import read_networks
from peru_asia_graph.query.requirements import check_vocabulary
from peru_asia_graph.query.side_by_side import parts_about
from peru_asia_graph.query.sources import count_content, default_year
from peru_asia_graph.sources.dates import Year, parse_moment
from peru_asia_graph.store import Store
from peru_asia_graph.views.page_registry import PAGES, InteractivePage, find_page, pages_with_content
from peru_asia_graph.views.shared_files import shared_files
from peru_asia_graph.views.shell import fill_about
from peru_asia_graph.vocabulary import STAKE_DATES, local

if TYPE_CHECKING:
    import networkx as nx

    from peru_asia_graph.ownership.share_rows import ShareRow

ASSETS: Final = "assets"
OWNERSHIP: Final = "ownership"
AUDIT: Final = "audit"
DIFFERENCES: Final = "differences"
SOURCES: Final = "sources"


def make_page(
    store: Store,
    kind: str,
    ontology: Path,
    *,
    language: str = "en",
    assets: str | None = None,
    year: Year | None = None,
    around: str | None = None,
    depth: int | None = None,
    shares: Sequence[ShareRow] | None = None,
    story: Story | None = None,
    strict: bool = False,
    pages_of: dict[str, str] | None = None,
    whole: Store | None = None,
) -> str:
    """Return a page in the registry; raise UnknownName, WrongUse, or NothingStored for a store of another vocabulary.

    ``year`` is the initial year, ``around`` (a slug) the initially selected thing; ``depth`` limits the page to nodes
    at most that many links from it. ``shares`` are the effective shares of each source's last year, if already
    computed. ``story`` is shown in addition to those of the ontology folder; ``strict`` makes it an error if the latter
    do not fit the store. Every thing shown is added to ``pages_of`` with its page, unless it has one. ``whole`` is the
    store of which ``store`` is a part: it has the differences between the sources of the part.
    """
    page = find_page(kind)
    folder = ontology / "pages"
    options: dict[str, Any] = {"kind": kind, "language": language, "assets": assets}
    options["works"] = read_works(store, folder)
    if assets is not None:
        options["pages"] = pages_with_content(store)
    if not page.network:
        options |= _opening(page, year, has_neighbourhood=around is not None or depth is not None)
        rows = [_read_page_rows(store, folder, name, page.together, whole) for name in page.query_names]
        if not rows[0]:
            _refuse_empty(kind, store, folder / f"{page.query_names[0]}.rq", whole)
        speaking = {str(row["source"]) for row in rows[0] if "source" in row}
        made = page.builder()(*rows, **options, sources=source_rows(store, None if page.together else speaking))
        shown: set[str] = {local(str(row["id"])) for found in rows for row in found if "id" in row}
        _note_page(pages_of, shown, kind)
        return fill_about(made, page_about(store, kind, shown, ontology, story, strict))
    if depth is not None and around is None:
        raise WrongUse("depth needs a thing to start from; name it too (around, --around NAME)")
    if year is not None:
        parse_moment(year)
    graph = _read_page_network(store, kind, ontology / "networks", whole)
    add_details(graph, store, folder, page.query_names)
    options |= page_sources(graph, store)
    cite_sources(graph, store)
    if around is not None:
        graph = neighbourhood(graph, around, depth)
    if kind == OWNERSHIP:
        found = compute_shares(store, ontology / "networks", options["sources"]) if shares is None else shares
        options |= {"shares": page_shares(graph, found), "differences": page_differences(graph, whole or store, folder)}
    if assets is not None:  # a single-file page has no other pages to link to
        options["elsewhere"] = read_elsewhere(store, ontology, kind, graph.nodes)
    if page.board:
        options |= page_series(store, folder)
    options["start"] = _opened(year) | ({"chosen": around} if around else {})
    _note_page(pages_of, set(graph), kind)
    return fill_about(page.builder()(graph, **options), page_about(store, kind, set(graph), ontology, story, strict))


def _opening(page: InteractivePage, year: Year | None, has_neighbourhood: bool) -> dict[str, Any]:
    """Return the initial state of a page without a network; raise WrongUse for options that it does not have."""
    if has_neighbourhood:
        raise WrongUse(f"the page '{page.kind}' has no neighbourhood; leave out around and depth")
    if year is not None and not page.year:
        raise WrongUse(f"the page '{page.kind}' has no year; leave it out")
    return {"start": _opened(year)} if page.year else {}


def _opened(year: Year | None) -> dict[str, str]:
    return {} if year is None else {"year": parse_moment(year).text[:4]}


def _read_page_rows(
    store: Store, folder: Path, name: str, together: bool, whole: Store | None
) -> Sequence[Mapping[str, Any]]:
    if name == AUDIT:
        return read_claims(store, folder)
    if name == SOURCES:
        rows = [row | count_content(store, row["name"]) for row in read_rows_together(store, folder, name)]
        return [row for row in rows if row["places"]]  # of a part of the graph, only its own sources
    if name == DIFFERENCES and whole is not None:
        return read_differences(whole, folder, {part.name for part in parts_about(store)})
    return read_rows_together(store, folder, name) if together else read_rows(store, folder, name)


def _read_page_network(store: Store, kind: str, networks: Path, whole: Store | None) -> nx.MultiDiGraph[str]:
    check_vocabulary(store, "page", networks / f"{kind}.rq")
    graph = read_networks(store, kind, [None], networks)[0].to_networkx()
    if not graph:
        _refuse_empty(kind, store, networks / f"{kind}.rq", whole)
    return graph


def _refuse_empty(kind: str, store: Store, query: Path, whole: Store | None) -> None:
    """Raise NothingStored for a store of another vocabulary, WrongUse if the selected sources have nothing to show."""
    check_vocabulary(store, "page", query)
    if whole is not None:
        chosen = " and ".join(f"'{part.name}'" for part in parts_about(store))
        raise WrongUse(f"the page '{kind}' shows nothing of {chosen}; choose another source")


def draw_pages(
    store: Store, ontology: Path, shares: Sequence[ShareRow] | None = None, strict: bool = False
) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the pages in the registry by relative name, and the page of each thing shown.

    With ``strict``, a story that does not fit the store is a problem (BadInput).
    """
    pages_of: dict[str, str] = {}
    options: dict[str, Any] = {"assets": ASSETS, "shares": shares, "strict": strict, "pages_of": pages_of}
    pages = {f"{page.kind}.html": make_page(store, page.kind, ontology, **options).encode() for page in PAGES}
    return pages, pages_of


def page_assets(store: Store, files: Sequence[Mapping[str, Any]], pages_of: Mapping[str, str]) -> dict[str, bytes]:
    """Return the start pages and the shared assets of all pages, by relative name.

    ``files`` (name, size, about) are the data files offered on the start page; ``pages_of`` has the page that shows a
    thing.
    """
    started = start_files(store, files, pages_of, ASSETS)
    return started | {f"{ASSETS}/{name}": data for name, data in shared_files().items()}


def _note_page(pages_of: dict[str, str] | None, shown: set[str], kind: str) -> None:
    if pages_of is not None:
        for slug in shown:
            pages_of.setdefault(slug, kind)


def neighbourhood(graph: nx.MultiDiGraph[str], around: str, depth: int | None) -> nx.MultiDiGraph[str]:
    """Return the nodes at most ``depth`` links from a node; paths do not pass through states."""
    if around not in graph:
        raise WrongUse(f"'{around}' is not in this network")
    if depth is None:
        return graph
    if not isinstance(depth, int) or depth < 0:
        raise WrongUse(f"depth must be 0 or more links, not {depth}")
    found, frontier = {around}, {around}
    for _ in range(min(depth, len(graph))):
        passed = {node for node in frontier if node == around or graph.nodes[node].get("type") != "State"}
        frontier = {other for node in passed for other in (*graph.successors(node), *graph.predecessors(node))} - found
        found |= frontier
    return graph.subgraph(found).copy()


def read_claims(store: Store, folder: Path) -> list[dict[str, Any]]:
    """Return the claims with the stated value, in its unit, and the bounds of what it can mean."""
    from peru_asia_graph.audit.facts import Facts
    from peru_asia_graph.audit.verdicts import interpret_claim

    facts = Facts(store, store.query)  # a stated value is a figure or a number, so no named question is needed
    rows = read_rows(store, folder, AUDIT)
    for row in rows:
        claim = {name: row.get(name) for name in ("kind", "figure", "stated", "unit", "qualifier")}
        row["value"], row["unit"], row["qualifier"], interval = interpret_claim(facts, claim)
        row |= {"claimed_low": interval.low, "claimed_high": interval.high}
    return rows


def compute_shares(store: Store, networks: Path, sources: Sequence[Mapping[str, Any]]) -> Sequence[ShareRow]:
    """Return the effective share of every owner in every asset, for each source in its own last year.

    ``sources`` (name) are those with edges in the ownership network; others have no shares.
    """
    from peru_asia_graph.ownership.share_rows import all_rows
    from peru_asia_graph.ownership.snapshot import make_snapshot

    rows: list[ShareRow] = []
    named = {row["name"] for row in sources}
    for part in (one for one in parts_about(store) if one.source is None or one.name in named):
        year = default_year(part.store)
        (network,) = read_networks(part.store, OWNERSHIP, [year], networks)
        rows += all_rows(make_snapshot(network, year))
    return rows


def page_sources(graph: nx.MultiDiGraph[str], store: Store) -> dict[str, Any]:
    """Return the sources of the edges in a network, and those with facts about its nodes only."""
    speaking = {f["source"] for *_, f in graph.edges(data=True) if "source" in f}
    told = {f["source"] for _, node in graph.nodes(data=True) for f in node.get("facts", ()) if "source" in f}
    return {"sources": source_rows(store, speaking), "beside": source_rows(store, told - speaking)}


def page_series(store: Store, folder: Path) -> dict[str, Any]:
    """Return the figures of states over the years, with their sources."""
    rows = read_rows(store, folder, "series")
    named = {str(row["source"]) for row in rows if "source" in row}
    return {"series": rows, "series_sources": source_rows(store, named)}


def page_differences(graph: nx.MultiDiGraph[str], store: Store, folder: Path) -> list[dict[str, str]]:
    """Return kind and statements of the differences, other than dates, between two edges of the graph."""
    keys = {key for *_, key in graph.edges(keys=True)}
    found = [row for row in read_rows_together(store, folder, DIFFERENCES) if row["property"] not in STAKE_DATES]
    rows = ({"kind": str(row["kind"]), **{end: local(str(row.get(f"statement_{end}", ""))) for end in "ab"}}
            for row in found)  # fmt: skip
    return [row for row in rows if {row["a"], row["b"]} <= keys]


def page_shares(graph: nx.MultiDiGraph[str], shares: Sequence[ShareRow]) -> list[dict[str, Any]]:
    """Return owner, asset, percent (or low and high) and chains of stakes for shares with a chain in the graph."""
    rows: list[dict[str, Any]] = []
    for row in (share.described for share in shares):
        paths = [chain.keys for chain in row.chains]
        if row.owner in graph and row.asset in graph and any(len(path) > 1 for path in paths):
            share = row.share
            bounds = {"low": round(share.low, 6), "high": round(share.high, 6)}
            value = bounds if share.point is None else {"percent": round(share.point, 6)}
            more = {"more": row.more_chains} if row.more_chains else {}
            rows.append({"owner": row.owner, "asset": row.asset, "paths": paths, **value, **more})
    return rows

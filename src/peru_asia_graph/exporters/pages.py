"""The pages of the knowledge graph: what the store says, asked by `ontology/pages` and `networks`, put into `views`.

In: a store and the ontology folder. Out: HTML text, or the folder of pages with the files they share. Limit: how a page
looks and behaves is in ``views``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from peru_asia_graph.audit.facts import Facts
from peru_asia_graph.audit.verdicts import claimed
from peru_asia_graph.errors import UnknownName, WrongUse
from peru_asia_graph.holdings.owners import picture_of
from peru_asia_graph.ownership.answers import Row, all_rows
from peru_asia_graph.query.network import make_network
from peru_asia_graph.store import Store
from peru_asia_graph.views import audit_page, index_page, investments_page, network_page, shared_files, trade_page
from peru_asia_graph.vocabulary import local

if TYPE_CHECKING:
    import networkx as nx

ASSETS: Final = "assets"
NETWORKS: Final = ("ownership", "diplomacy")
FIGURES: Final = {"investments": investments_page, "trade": trade_page}
AUDIT: Final = "audit"
KINDS: Final = (*NETWORKS, *FIGURES, AUDIT)
MANY: Final = ("names", "sector", "phase")


def make_page(
    store: Store,
    kind: str,
    ontology: Path,
    *,
    language: str = "en",
    assets: str | None = None,
    year: int | None = None,
    around: str | None = None,
    depth: int | None = None,
    shares: Sequence[Row] | None = None,
) -> str:
    """Return a page: ``ownership``, ``diplomacy``, ``investments``, ``trade`` or ``audit``.

    ``year`` is the one the page opens with; ``around`` (a slug) is chosen then, and with ``depth`` nothing farther than
    so many links from it is on the page. Raises UnknownName and WrongUse.
    """
    if kind not in KINDS:
        raise UnknownName("page", kind, KINDS)
    works = read_works(store, ontology / "pages")
    if kind not in NETWORKS and (year is not None or around is not None):
        raise WrongUse(f"the page '{kind}' has no year and no neighbourhood to open with")
    if kind == AUDIT:
        claims, inputs = read_claims(store, ontology / "pages"), ask(store, ontology / "pages", "audit-inputs")
        return audit_page(claims, inputs, works, language=language, assets=assets)
    if kind in FIGURES:
        return FIGURES[kind](ask(store, ontology / "pages", kind), works, language=language, assets=assets)
    graph = make_network(store, kind, folder=ontology / "networks")
    graph = add_details(graph, store, ontology / "pages")
    if around is not None:
        graph = near(graph, around, depth)
    start = {"year": None if year is None else str(year), "chosen": around}
    return network_page(
        graph,
        kind,
        language=language,
        assets=assets,
        works=works,
        shares=effective_shares(store, ontology, graph, shares) if kind == "ownership" else (),
        start={name: value for name, value in start.items() if value is not None},
    )


def make_pages(
    store: Store, ontology: Path, sizes: Mapping[str, int] | None = None, shares: Sequence[Row] | None = None
) -> dict[str, bytes]:
    """Return the pages and the files they share, by relative name; ``sizes`` is of the files to stand beside them."""
    files = {f"{kind}.html": make_page(store, kind, ontology, assets=ASSETS, shares=shares).encode() for kind in KINDS}
    files["index.html"] = index_page(sizes, assets=ASSETS).encode()
    return files | {f"{ASSETS}/{name}": data for name, data in shared_files().items()}


def near(graph: nx.MultiDiGraph[str], around: str, depth: int | None) -> nx.MultiDiGraph[str]:
    """Return what is at most ``depth`` links from a node, states reached but not passed through."""
    if around not in graph:
        raise WrongUse(f"'{around}' is not in this network")
    if depth is None:
        return graph
    if depth < 0:
        raise WrongUse(f"depth is a number of links, 0 or more, not {depth}")
    found, edge = {around}, {around}
    for _ in range(depth):
        passed = {node for node in edge if node == around or graph.nodes[node].get("type") != "State"}
        edge = {other for node in passed for other in (*graph.successors(node), *graph.predecessors(node))} - found
        found |= edge
    return graph.subgraph(found).copy()


def add_details(graph: nx.MultiDiGraph[str], store: Store, folder: Path) -> nx.MultiDiGraph[str]:
    """Return a copy of the network whose nodes carry other names, sectors, phases, dates and further facts."""
    graph = graph.copy()
    for row in ask(store, folder, "details"):
        node = local(str(row["node"]))
        if node in graph:
            facts = {name: value for name, value in row.items() if name != "node" and value}
            facts |= {name: sorted(set(filter(None, str(facts[name]).split(";")))) for name in MANY if name in facts}
            end = facts.pop("end_date", None)
            if end is not None and "date" in graph.nodes[node]:
                facts["date"] = f"{graph.nodes[node]['date']}/{end}"
            graph.nodes[node].update(facts)
    for row in ask(store, folder, "facts"):
        node = local(str(row["node"]))
        if node in graph:
            graph.nodes[node].setdefault("facts", []).append({k: v for k, v in row.items() if k != "node"})
    return graph


def read_works(store: Store, folder: Path) -> dict[str, list[str]]:
    """Return the works the paper names, by place: publisher, title, date."""
    works: dict[str, list[str]] = {}
    for row in ask(store, folder, "works"):
        parts = [row.get("publisher"), row["title"], row.get("date")]
        works.setdefault(str(row["locator"]), []).append(", ".join(str(part) for part in parts if part))
    return works


def read_claims(store: Store, folder: Path) -> list[dict[str, Any]]:
    """Return the claims with what each states, in its unit, and the least and the most that can be meant by it."""
    facts = Facts(store, store.query)  # what is stated is a figure or a number; no question is asked for it
    rows = ask(store, folder, "audit")
    for row in rows:
        claim = {name: row.get(name) for name in ("kind", "figure", "stated", "unit", "qualifier")}
        row["value"], row["unit"], row["qualifier"], interval = claimed(facts, claim)
        row |= {"claimed_low": interval.low, "claimed_high": interval.high}
    return rows


def effective_shares(
    store: Store, ontology: Path, graph: nx.MultiDiGraph[str], shares: Sequence[Row] | None = None
) -> list[dict[str, Any]]:
    """Return owner, asset, percent (or low and high) and the chains of stakes it comes from, where there is a chain.

    They are those of the last year the source speaks of, for the owners and assets of the graph.
    """
    rows: list[dict[str, Any]] = []
    for row in all_rows(picture_of(store, folder=ontology / "networks")) if shares is None else shares:
        paths = [chain.keys for chain in row.chains]
        if row.owner in graph and row.asset in graph and any(len(path) > 1 for path in paths):
            share = row.share
            bounds = {"low": round(share.low, 6), "high": round(share.high, 6)}
            value = bounds if share.point is None else {"percent": round(share.point, 6)}
            rows.append({"owner": row.owner, "asset": row.asset, "paths": paths, **value})
    return rows


def ask(store: Store, folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the rows of a query of the folder, without empty cells."""
    rows = store.query((folder / f"{name}.rq").read_text("utf-8"))
    return [{key: value for key, value in row.items() if value is not None and value != ""} for row in rows]

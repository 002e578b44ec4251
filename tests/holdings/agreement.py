"""Checks that all answers about owners agree: each function compares two of them and returns how many it compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyoxigraph as ox

from ownership.generated import random_shares
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.holdings.owners import NO_OWNER, diff_table, holdings_table, owners_table, read_snapshots
from peru_asia_graph.holdings.ties import all_ties, ties_table
from peru_asia_graph.ownership.changes import STAKE, THROUGH
from peru_asia_graph.ownership.snapshot import NO_STAKE, OwnershipSnapshot
from peru_asia_graph.store import Store
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.store.values import sort_parts
from peru_asia_graph.vocabulary import PREFIXES

PARENT = f"parent, {NO_STAKE}"
NOT_OWNERS = ("unaccounted for", NO_OWNER)
Rows = dict[tuple[str, str, bool], list[tuple[Any, ...]]]


def assets_of(snapshot: OwnershipSnapshot) -> list[str]:
    """Return everything with a stated owner or a named company."""
    return sorted({edge.target for edge in (*snapshot.graph.edges(), *snapshot.stated, *snapshot.named)})


def owners_of_all(snapshot: OwnershipSnapshot) -> Rows:
    """Return the rows of ``owners`` of all assets by asset, owner and whether there is a stake."""
    found: Rows = defaultdict(list)
    for asset in assets_of(snapshot):
        for row in owners_table(snapshot, asset):
            owner, *cells, asked_for = row.values()
            assert asked_for == snapshot.label(asset)
            if owner not in NOT_OWNERS:
                found[snapshot.label(asset), str(owner), NO_STAKE not in str(row["how"])].append(tuple(cells))
    return found


def check_holdings(snapshot: OwnershipSnapshot) -> int:
    """Compare all columns of ``owners`` of every asset with ``holdings`` of every owner."""
    held: Rows = defaultdict(list)
    for owner in snapshot.graph.nodes:
        for row in holdings_table(snapshot, owner):
            asset, *cells, asked_for = row.values()
            assert asked_for == snapshot.label(owner)
            held[str(asset), snapshot.label(owner), NO_STAKE not in str(row["how"])].append(tuple(cells))
    owned = owners_of_all(snapshot)
    assert held == owned
    return sum(map(len, owned.values()))


def check_ties(store: Store, snapshot: OwnershipSnapshot) -> int:
    """Compare all columns of ``ties`` of each asset with ``ties`` of all."""
    every: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in all_ties(store, snapshot.year).table():
        every[str(row[0])].append(tuple(row[1:]))
    for asset in assets_of(snapshot):
        alone = [tuple(row) for row in ties_table(store, snapshot, {"asset": asset}).table()]
        assert sorted(every[snapshot.label(asset)], key=str) == sorted(alone, key=str)
    assert every.keys() == {snapshot.label(asset) for asset in assets_of(snapshot)}
    return sum(map(len, every.values()))


def owners_by_year(store: Store, years: Iterable[int]) -> dict[int, Rows]:
    """Return the rows of ``owners`` of all assets in each year."""
    return {snapshot.year: owners_of_all(snapshot) for snapshot in read_snapshots(store, list(years))}


def check_diff(store: Store, owned: Mapping[int, Rows], before: int, after: int) -> int:
    """Compare ``diff`` of two years with ``owners`` of both: added rows exist only after, removed rows only before."""
    one, two = owned[before], owned[after]
    moved: dict[str, set[tuple[str, str, bool]]] = defaultdict(set)
    for row in diff_table(store, before, after):
        moved[str(row["change"])].add((str(row["asset"]), str(row["owner"]), row["how"] in (STAKE, THROUGH)))
    added = moved["came"] | moved["may have come"]
    assert two.keys() - one.keys() <= added <= two.keys()
    for key in moved["may have come"] - moved["came"]:
        assert all(row[5] != "true" for row in two[key]), key
    assert one.keys() - two.keys() <= moved["went"] <= one.keys()
    named = [{key: {row[4:7] for row in rows} for key, rows in some.items() if not key[2]} for some in (one, two)]
    changed = {key for key in named[0].keys() | named[1].keys() if named[0].get(key) != named[1].get(key)}
    assert changed == {key for keys in moved.values() for key in keys if not key[2]}
    return len(one.keys() | two.keys())


def check_who_owns(kg: KnowledgeGraph, years: Iterable[int]) -> int:
    """Compare the question ``who-owns`` with the stakes and names behind ``owners`` in all these years.

    The question lists a parent only if no stake of it is stated for any year.
    """
    snapshots = read_snapshots(kg.store, list(years))
    held: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
    for one in snapshots:
        for edge in (*one.graph.edges(), *one.stated, *one.named):
            share = edge.data.get("share", edge.data.get("share_high"))
            role = "parent" if edge.data["relation"] == "hasSubsidiary" else edge.data.get("role", "")
            said = f"{role.replace('-', ' ')}, {NO_STAKE}" if role else STAKE
            ends = (one.label(edge.source), None if share is None else float(share), said)
            held[edge.target].add((*ends, edge.data["certainty"], edge.data["citations"]))
    for asset, rows in held.items():
        holders = {row[0] for row in rows if row[2] == STAKE}
        rows -= {row for row in rows if row[2] == PARENT and row[0] in holders}
        answer = kg.ask("who-owns", asset=asset)
        said = {
            (
                str(row["owner"]),
                None if row["share_percent"] is None else float(row["share_percent"]),
                str(row["statement"] or STAKE),
                str(row["certainty"]),
                sort_parts(str(row["citations"]), "; "),
            )
            for row in answer
        }
        assert said == rows, asset
    return sum(map(len, held.values()))


def generated_store(seed: int) -> EmbeddedStore:
    """Return a random store of stakes, subsidiaries, investments and companies named without a stake."""
    random = np.random.default_rng(seed)
    shares = random_shares(seed, largest=9)
    size = len(shares)
    np.fill_diagonal(shares, 0.0)
    for asset in np.flatnonzero(shares.sum(axis=0)):
        if random.random() < 0.3:
            shares[:, asset] /= shares[:, asset].sum()
    lines = [f'id:p a pag:Citation ; rdfs:label "p. {seed}" ; pag:firstLine 1 ; pag:readingOrder 1 .']
    for state in "ab":
        lines.append(f'id:{state} a pag:State ; rdfs:label "State {state}" ; pag:citation id:p .')
    for node in range(size):
        kind = "pag:Firm" if random.random() < 0.7 else "pag:MiningProject, pag:Project"
        lines.append(f'id:n{node} a {kind} ; rdfs:label "Node {node}" ; pag:citation id:p .')
        if random.random() < 0.6:
            state = "ab"[int(random.integers(2))]
            lines.append(
                _relation(f"h{node}", "homeState", f"n{node}", state) + f"id:n{node} pag:homeState id:{state} ."
            )
    for owner, asset in np.argwhere(shares).tolist():
        share = f" ; pag:sharePercent {int(shares[owner, asset] * 1000) / 10}" if random.random() < 0.7 else ""
        basis = "direct" if random.random() < 0.85 else "indirect"
        ends = f"pag:owner id:n{owner} ; pag:owned id:n{asset} ; pag:basis <{PREFIXES['code']}basis/{basis}>"
        facts = f"{share}{_time(random)}{_certainty(random)} ; pag:citation id:p ."
        lines.append(f"id:s{owner}-{asset} a pag:Stake, pag:Statement ; {ends}{facts}")
    for number in range(int(random.integers(0, size))):
        subject, thing = (f"n{node}" for node in random.choice(size, 2, replace=False))
        name = ("involvedIn", "operatorOf", "concessionIn", "subsidiaryOf")[int(random.integers(4))]
        lines.append(_relation(f"r{number}", name, subject, thing, _time(random) + _certainty(random)))
        if random.random() < 0.5:
            investor, project = (f"n{node}" for node in random.choice(size, 2, replace=False))
            status = f"<{PREFIXES['code']}status/{'announced' if random.random() < 0.7 else 'not-confirmed'}>"
            ends = f"pag:investor id:{investor} ; pag:project id:{project}"
            lines.append(
                f"id:i{number} a pag:Investment, pag:Statement ; {ends} ; pag:status {status} ; pag:citation id:p ."
            )
    heads = "".join(f"PREFIX {name}: <{space}>\n" for name, space in PREFIXES.items())
    text = heads + f"GRAPH <{PREFIXES['graph']}invented> {{\n" + "\n".join(lines) + "\n}"
    return EmbeddedStore.of(ox.parse(text, format=ox.RdfFormat.TRIG))


def _relation(key: str, name: str, subject: str, thing: str, more: str | None = None) -> str:
    more = f" ; pag:certainty <{PREFIXES['code']}certainty/stated>" if more is None else more
    ends = f"pag:subject id:{subject} ; pag:object id:{thing}"
    return f"id:{key} a pag:Relation, pag:Statement ; pag:relation pag:{name} ; {ends}{more} ; pag:citation id:p ."


def _certainty(random: np.random.Generator) -> str:
    code = random.choice(["stated", "stated", "stated", "possible", "former"])
    return f" ; pag:certainty <{PREFIXES['code']}certainty/{code}>"


def _time(random: np.random.Generator) -> str:
    facts: Mapping[str, str] = {}
    if random.random() < 0.3:
        year = int(random.integers(2008, 2013))
        facts = {"validFrom": f'"{year}"', "earliest": f'"{year}-01-01"^^xsd:date'}
    elif random.random() < 0.3:
        year = int(random.integers(2008, 2013))
        facts = {"validUntil": f'"{year}"', "latest": f'"{year}-12-31"^^xsd:date'}
    return "".join(f" ; pag:{name} {value}" for name, value in facts.items())

"""All answers about owners agree, on the shipped graph in every dated year and on generated graphs."""

from __future__ import annotations

import csv
from collections import defaultdict
from itertools import permutations
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings

from holdings.agreement import (
    assets_of,
    check_diff,
    check_holdings,
    check_ties,
    check_who_owns,
    generated_store,
    owners_by_year,
    owners_of_all,
)
from ownership.generated import SEEDS
from page_data import data_of
from peru_asia_graph.errors import BadInput
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.holdings.bulk import read_holdings
from peru_asia_graph.holdings.owners import read_snapshot, read_snapshots
from peru_asia_graph.ownership import Holdings
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.store.values import sort_parts
from peru_asia_graph.vocabulary import PREFIXES, local

YEARS = (1991, 1992, 1993, 1994, 1995, 2000, 2006, 2007, 2008, 2009, 2010, 2011, 2012, 2013)
LAST = 2013

BULK_YEARS = (1991, 1992, 2000, 2008, 2009, 2011, 2012, 2013)


def test_years_cover_every_date(kg: KnowledgeGraph) -> None:
    days = kg.query("""
        SELECT ?day { ?s pag:earliest|pag:latest ?day FILTER EXISTS {
          { ?s a pag:Stake } UNION { ?s pag:relation pag:involvedIn } UNION { ?s pag:relation pag:concessionIn } } }""")
    assert {int(str(row["day"])[:4]) for row in days} <= set(YEARS)


@pytest.mark.parametrize("year", YEARS)
def test_owners_agree_with_holdings_and_single_ties_with_all_ties(kg: KnowledgeGraph, year: int) -> None:
    snapshot = read_snapshot(kg.store, year)
    assert check_holdings(snapshot) >= 60
    assert check_ties(kg.store, snapshot) >= 60


@pytest.mark.slow
@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.long)])
def test_diff_agrees_with_the_owners_of_both_years(kg: KnowledgeGraph, every: int) -> None:
    owned = owners_by_year(kg.store, YEARS)
    pairs = list(permutations(YEARS, 2))[::every]
    assert sum(check_diff(kg.store, owned, one, two) for one, two in pairs) > 10_000 / every


def test_who_owns_agrees_with_owners(kg: KnowledgeGraph) -> None:
    assert check_who_owns(kg, YEARS) >= 70


@pytest.mark.slow
def test_answers_of_a_dated_source_agree(sources: KnowledgeGraph) -> None:
    """Everything in a tracker is as of its date: the years lie before, at and after it."""
    store, years = sources.only("gem").store, (1995, 2013, 2024, 2025, 2026)
    kg = KnowledgeGraph(store, several=False)
    for snapshot in (read_snapshot(store, year) for year in years):
        assert check_holdings(snapshot) >= 80
        assert check_ties(store, snapshot) >= 60
    owned = owners_by_year(store, years)
    assert sum(check_diff(store, owned, one, two) for one in years for two in years if one != two) > 1_500
    assert check_who_owns(kg, years) >= 80


def test_cards_agree_with_who_owns(kg: KnowledgeGraph) -> None:
    compared = 0
    for asset in assets_of(read_snapshot(kg.store)):
        sections = {section.title: section.facts for section in kg.show(asset).sections}
        said = [
            (fact.get("owner"), fact.get("share_percent"), None, fact["certainty"], fact["citations"])
            for fact in sections.get("Held by", ())
        ] + [
            (fact["name"], None, f"{fact['statement']}, no stake stated", fact["certainty"], fact["citations"])
            for fact in sections.get("Companies named for it, no stake stated", ())
        ]
        names = ("owner", "share_percent", "statement", "certainty")
        asked = set()
        for row in kg.ask("who-owns", asset=asset):
            cells = (None if row[name] is None else str(row[name]) for name in names)
            asked.add((*cells, sort_parts(str(row["citations"]), "; ")))
        assert set(said) == asked
        compared += len(said)
    assert compared >= 70


def test_flat_tables_agree_with_owners(kg: KnowledgeGraph) -> None:
    """Compare stakes.csv with who-owns, and effective_ownership.csv with owners in each of its years."""
    stakes = list(csv.DictReader(kg.export("csv", table="stakes").decode().splitlines()))
    by_asset: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for row in stakes:
        by_asset[row["owned"]].add((row["owner_label"], row["share_percent"], row["certainty"]))
    for asset, rows in by_asset.items():
        answer = (row for row in kg.ask("who-owns", asset=asset) if row["statement"] is None)
        assert rows == {(str(r["owner"]), str(r["share_percent"] or ""), str(r["certainty"])) for r in answer}
    table: dict[int, dict[tuple[str, str], tuple[str, ...]]] = defaultdict(dict)
    columns = ("direct_percent", "effective_low", "effective_percent", "effective_high", "derivation", "held_then")
    for row in csv.DictReader(kg.export("csv", table="effective_ownership").decode().splitlines()):
        cells = (*(row[name] for name in columns[:-1]), row["held_then"].replace("-", " "))
        table[int(row["as_of"])][row["asset_label"], row["owner_label"]] = cells
    for snapshot in read_snapshots(kg.store, sorted(table)):
        owners = {
            (asset, owner): tuple("" if cell is None else str(cell) for cell in rows[0][:6])
            for (asset, owner, stake), rows in owners_of_all(snapshot).items()
            if stake
        }
        assert owners == table[snapshot.year]


def test_ownership_page_agrees_with_owners(kg: KnowledgeGraph) -> None:
    """Compare its lines with the network of all years, and its effective shares with owners in the last year."""
    data = data_of(kg.view("ownership").html)
    lines = {(edge["key"], edge["from"], edge["to"], edge["relation"], edge.get("share")) for edge in data["edges"]}
    graph = kg.network("ownership")
    assert lines == {
        (key, source, target, facts["relation"], facts.get("share"))
        for source, target, key, facts in graph.edges(keys=True, data=True)
    }
    snapshot = read_snapshot(kg.store, LAST)
    owners = owners_of_all(snapshot)
    for row in data["shares"]:
        cells = owners[snapshot.label(row["asset"]), snapshot.label(row["owner"]), True][0]
        low, percent, high = (None if cell is None else float(cell) for cell in cells[1:4])
        assert (row.get("low", low), row.get("percent", percent), row.get("high", high)) == (low, percent, high)
    assert len(lines) > 100 and data["shares"]


@pytest.mark.slow
@settings(max_examples=20)
@given(SEEDS)
def test_answers_agree_on_generated_graphs(seed: int) -> None:
    kg: Any = KnowledgeGraph(generated_store(seed))
    for snapshot in read_snapshots(kg.store, [2007, 2010, LAST]):
        check_holdings(snapshot)
        check_ties(kg.store, snapshot)
    owned = owners_by_year(kg.store, (2007, 2010, LAST))
    for one, two in ((2007, 2010), (2010, LAST), (LAST, 2007)):
        check_diff(kg.store, owned, one, two)
    check_who_owns(kg, range(2000, LAST + 1))


def test_a_thing_without_owners_says_so(kg: KnowledgeGraph) -> None:
    for name in ("Katanga", "Michiquillay", "South Andean gas pipeline"):
        assert [row["owner"] for row in kg.owners(name)] == ["no owner stated"]
        assert "no owner stated" in kg.explain(name)


@pytest.mark.parametrize("when", ["1992", "1993", "2010", "2012", "2012-06", "2013"])
def test_time_status_is_the_same_in_every_answer(kg: KnowledgeGraph, when: str) -> None:
    """A share known only within bounds may still belong to a stake that was certainly held at some time in the year."""
    held = {(row["owner"], row["owned"]): str(row["held"]) for row in kg.ask("stakes-in-year", year=when)}
    compared = 0
    for asset in ("Mina Justa", "Bayovar", "Hierro Peru", "State-owned oil assets bought by Sapet"):
        for row in kg.owners(asset, when):
            if row["paths"] is None and (known := held.get((row["owner"], asset))):
                assert row["time"] == {"true": "true", "not known": "not known then"}[known], (row["owner"], when)
                compared += 1
    assert compared >= 4  # at least one owner of each asset


def test_control_through_a_bounded_share_shows_the_bounds(kg: KnowledgeGraph) -> None:
    """Table 7: CST held 70 % of Mina Justa until 2012, and may have sold it on any day of 2012."""
    (row,) = kg.control("CST Mining Group Limited", 2012)
    assert (row["control"], row["because"], row["time"]) == ("may control", "0 to 70 %", "true")


@pytest.mark.parametrize("year", BULK_YEARS)
def test_bulk_read_matches_the_snapshot(kg: KnowledgeGraph, year: int) -> None:
    def cells(held: Holdings) -> dict[tuple[str, str, str], float]:
        parts = {"known": held.known.to_scipy().tocoo(), "slack": held.slack.to_scipy().tocoo()}
        return {
            (name, local(str(held.nodes[row])), local(str(held.nodes[column]))): pytest.approx(value)
            for name, part in parts.items()
            for row, column, value in zip(part.row.tolist(), part.col.tolist(), part.data.tolist(), strict=True)
            if value
        }

    assert cells(read_holdings(kg.store, year)[0]) == cells(read_snapshot(kg.store, year).holdings)


@pytest.mark.parametrize("share", ["half", "150", "-1", "NaN", "INF"])
def test_invalid_share_is_reported_with_its_stake(share: str) -> None:
    stake = f'id:s a pag:Stake ; pag:owner id:a ; pag:owned id:b ; pag:basis code:basis ; pag:sharePercent "{share}" .'
    heads = "".join(f"PREFIX {name}: <{space}>\n" for name, space in PREFIXES.items())
    store = EmbeddedStore.of(
        ox.parse(heads + stake + " id:a a pag:Firm . id:b a pag:Firm .", format=ox.RdfFormat.TURTLE)
    )
    for read in (read_holdings, read_snapshot):
        with pytest.raises(BadInput, match=f"s: the share '{share}' is not a percentage; give pag:sharePercent"):
            read(store, 2013)

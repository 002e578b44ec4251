"""Benchmarks: the generated graphs, the queries and the document they are written to."""

from __future__ import annotations

import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.vocabulary import ONTOLOGY

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import generate
import stores
import tables
from engines import Engine

LINES = list(generate.generate(20_000))
QUADS = list(ox.parse("".join(LINES), format=ox.RdfFormat.N_QUADS))


def test_the_same_seed_gives_the_same_graph() -> None:
    assert LINES == list(generate.generate(20_000)) != list(generate.generate(20_000, seed=2))
    assert 18_000 < len(set(LINES)) < 23_000


def test_shares_of_an_asset_are_at_most_a_hundred_and_there_are_cycles() -> None:
    owned = {quad.subject.value: quad.object.value for quad in QUADS if quad.predicate.value == f"{ONTOLOGY}owned"}
    total: dict[str, Decimal] = defaultdict(Decimal)
    for quad in QUADS:
        if quad.predicate.value == f"{ONTOLOGY}sharePercent":
            total[owned[quad.subject.value]] += Decimal(quad.object.value)
    assert total and max(total.values()) <= 100
    store = EmbeddedStore.of(QUADS)
    assert store.query("ASK { ?a pag:holdsStakeIn+ ?a }").boolean
    assert not store.query("ASK { ?a pag:holdsStakeIn ?a }").boolean


@pytest.mark.parametrize("name", stores.QUERIES)
def test_every_query_has_results(name: str) -> None:
    assert EmbeddedStore.of(QUADS).query(stores.QUERIES[name])


def test_the_ownership_layer_finds_the_same_pairs_as_sparql() -> None:
    store = EmbeddedStore.of(QUADS)
    assert stores.all_states(store) == len(store.query(stores.ALL_STATES)) > 100


def test_a_part_of_the_document_is_replaced_alone() -> None:
    document = stores.replace_part(stores.replace_part("Text.\n", "stores", "a"), "http", "b")
    assert stores.replace_part(document, "stores", "new") == (
        "Text.\n<!-- stores -->\nnew\n<!-- end of stores -->\n<!-- http -->\nb\n<!-- end of http -->\n"
    )


def test_a_server_that_fails_has_no_timing_and_no_rate() -> None:
    engine = Engine("down", 0.0, lambda _: (None, None))
    assert stores.measure([engine], {"q": "ASK {}"})["q"]["down"] == (None, None, None)
    lines = tables.throughput_table({"q": {"a": [None, 5.0], "b": [40.0, 80.0]}}, ["cached", "uncached"], 32)
    assert lines[-2:] == ["| q | cached | – | 40 | – |", "| q | uncached | 5 | 80 | – |"]

"""Benchmarks: the generated graphs, the queries and the document with the results."""

from __future__ import annotations

import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from peru_asia_graph.importers.run import import_source
from peru_asia_graph.importers.source_folder import SourceTerms
from peru_asia_graph.paths import Project
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.vocabulary import ONTOLOGY

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import foreign_files
import generate
import imports
import report
import stores
import tables
from engines import Engine

LINES = list(generate.generate(20_000))
QUADS = list(ox.parse("".join(LINES), format=ox.RdfFormat.N_QUADS))


def test_the_same_seed_gives_the_same_graph() -> None:
    assert LINES == list(generate.generate(20_000)) != list(generate.generate(20_000, seed=2))
    assert 18_000 < len(set(LINES)) < 23_000


def test_shares_add_up_to_at_most_a_hundred_and_there_are_cycles() -> None:
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


def test_only_the_named_part_of_the_document_is_replaced() -> None:
    document = report.replace_part(report.replace_part("Text.\n", "stores", "a"), "http", "b")
    assert report.replace_part(document, "stores", "new") == (
        "Text.\n<!-- stores -->\nnew\n<!-- end of stores -->\n<!-- http -->\nb\n<!-- end of http -->\n"
    )


def test_failing_server_has_no_timing_and_no_rate() -> None:
    engine = Engine("down", 0.0, lambda _: (None, None))
    assert stores.measure([engine], {"q": "ASK {}"})["q"]["down"] == (None, None, None)
    lines = tables.throughput_table({"q": {"a": [None, 5.0], "b": [40.0, 80.0]}}, ["cached", "uncached"], 32)
    assert lines[-2:] == ["| q | cached | – | 40 | – |", "| q | uncached | 5 | 80 | – |"]


@pytest.mark.parametrize("form", imports.BARE)
def test_bare_reader_keeps_what_the_import_keeps(form: str, tmp_path: Path) -> None:
    """Both read the same small file; importing only what the bare reader keeps gives the same tables."""
    files = foreign_files.WRITERS[form](tmp_path, 20_000 if form == "bods" else 8_000)
    alone = [tmp_path / f"alone-{path.name}" for path in files]
    imports.write_kept(form, files, alone)
    tables = []
    for number, paths in enumerate((files, alone)):
        (tmp_path / f"{number}").mkdir()
        project = Project(tmp_path / f"{number}")
        import_source(project, form, paths, "bench", SourceTerms(date="2024"), {"country": "PE"})
        found = {path.name: path.read_text("utf-8") for path in (project.data / "bench").glob("*.csv")}
        # Line numbers differ in the reduced file.
        tables.append({name: text for name, text in found.items() if name != "citations.csv"})
        assert found["citations.csv"].count("\n") > 15
    assert tables[0] == tables[1] and "entities.csv" in tables[0]

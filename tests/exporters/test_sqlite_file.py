"""SQLite export: complete, valid, reproducible, and readable in Datasette, even with hostile names."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad

import servers
from exporters import HOSTILE, make_input, tool
from peru_asia_graph.errors import NothingStored
from peru_asia_graph.exporters.flat_schema import FlatTable, parts
from peru_asia_graph.exporters.format_registry import ExportInput, find_format
from peru_asia_graph.graph import KnowledgeGraph


@pytest.fixture(scope="module")
def data(whole: ExportInput) -> bytes:
    """The SQLite export of the shipped graph."""
    return find_format("sqlite").data(whole)


@pytest.fixture(scope="module")
def database(data: bytes) -> sqlite3.Connection:
    """The SQLite export, opened in memory."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(data)
    return connection


def ask(connection: sqlite3.Connection, query: str, *values: Any) -> list[tuple[Any, ...]]:
    return connection.execute(query, values).fetchall()


def test_integrity(database: sqlite3.Connection) -> None:
    assert ask(database, "PRAGMA integrity_check") == [("ok",)]
    assert ask(database, "PRAGMA foreign_key_check") == []


def test_contains_the_flat_tables(database: sqlite3.Connection, tables: dict[str, FlatTable]) -> None:
    for name, table in tables.items():
        assert ask(database, f'SELECT COUNT(*) FROM "{name}"') == [(len(table.rows),)], name
        for column in table.columns:
            place = [one.name for one in table.columns].index(column.name)
            if column.many:
                count = sum(len(set(parts(row[place]))) for row in table.rows)
                assert ask(database, f'SELECT COUNT(*) FROM "{name}_{column.name}"') == [(count,)], column
            else:
                filled = sum(bool(row[place]) for row in table.rows)
                assert ask(database, f'SELECT COUNT("{column.name}") FROM "{name}"') == [(filled,)], column


def test_references_are_foreign_keys(database: sqlite3.Connection) -> None:
    keys = {(row[3], row[2], row[4]) for row in ask(database, "PRAGMA foreign_key_list(stakes)")}
    assert keys == {("owner", "entities", "id"), ("owned", "entities", "id"), ("source", "source_graphs", "name")}
    parties = {row[2] for row in ask(database, "PRAGMA foreign_key_list(agreements_parties)")}
    assert parties == {"agreements", "entities"}


def test_block_8_shares(database: sqlite3.Connection) -> None:
    """Table 6 of the paper, page 25: 60, 20, 11.6 and 8.3 %; GEM record OG0004942: 60, 20, 11.7 and 8.3 %."""
    query = "SELECT share_percent FROM who_owns WHERE asset = 'Block 8' AND basis = 'direct' AND source = ?"
    assert sorted(ask(database, query, "sanborn-yong")) == [(8.3,), (11.6,), (20.0,), (60.0,)]
    assert sorted(ask(database, query, "gem")) == [(8.3,), (11.7,), (20.0,), (60.0,)]
    places = ask(database, "SELECT places FROM who_owns WHERE asset = 'Block 8' AND share_percent = 27")
    assert places == [("Table 7, row Block 8 (p. 28)",)]


def test_views(database: sqlite3.Connection) -> None:
    """Page 10: the agreement with Korea was signed on 21 March 2011."""
    names = {name for (name,) in ask(database, "SELECT name FROM sqlite_master WHERE type = 'view'")}
    assert {"who_owns", "effective_owners", "agreements_of", "where_sources_differ", "timeline"} <= names
    query = "SELECT signed_on FROM agreements_of WHERE party = 'Peru' AND source = 'sanborn-yong' AND agreement LIKE ?"
    assert ("2011-03-21",) in ask(database, query, "%Korea%")
    kinds = {kind for (kind,) in ask(database, "SELECT kind FROM where_sources_differ")}
    assert kinds and "agrees" not in kinds


def test_search_ignores_accents(database: sqlite3.Connection) -> None:
    found = ask(database, "SELECT id FROM search WHERE search MATCH 'petroperu' AND in_table = 'entities'")
    assert ("petroperu",) in found


def test_export_is_reproducible(whole: ExportInput, data: bytes) -> None:
    """Header offsets 24, 92 and 96: both counters are 1 and the SQLite version is 0."""
    assert find_format("sqlite").data(whole) == data
    assert [int.from_bytes(data[at : at + 4], "big") for at in (24, 92, 96)] == [1, 1, 0]
    assert len(data) % 4096 == 0 and int.from_bytes(data[28:32], "big") == len(data) // 4096


def test_database_is_writable(data: bytes, tmp_path: Path) -> None:
    """The fixed change counter does not stop SQLite from writing to the file."""
    path = tmp_path / "g.sqlite"
    path.write_bytes(data)
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (x)")
        connection.execute("INSERT INTO mine VALUES (1)")
    connection.close()
    again = sqlite3.connect(path)
    assert ask(again, "PRAGMA integrity_check") == [("ok",)] and ask(again, "SELECT x FROM mine") == [(1,)]
    again.close()


def test_hostile_names_are_kept(hostile: ExportInput) -> None:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(find_format("sqlite").data(hostile))
    assert ask(connection, "PRAGMA integrity_check") == [("ok",)]
    assert ask(connection, "PRAGMA foreign_key_check") == []
    labels = [label for (label,) in ask(connection, "SELECT owner_label FROM stakes ORDER BY id")]
    assert labels == HOSTILE
    printed = ask(connection, "SELECT names_as_printed FROM entities_names_as_printed WHERE entities LIKE 'firm-%'")
    assert sorted(name for (name,) in printed) == sorted(f"{name}!" for name in HOSTILE)


def test_single_source(sources: KnowledgeGraph) -> None:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(sources.export("sqlite", source="un-votes"))
    assert ask(connection, "SELECT name, licence FROM source_graphs") == [
        ("un-votes", "https://creativecommons.org/publicdomain/zero/1.0/")
    ]
    assert ask(connection, "SELECT DISTINCT source FROM observations") == [("un-votes",)]
    assert ask(connection, "PRAGMA foreign_key_check") == []


def test_empty_graph_has_empty_tables() -> None:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(find_format("sqlite").data(make_input([])))
    assert ask(connection, "SELECT COUNT(*) FROM stakes") == [(0,)]


def test_graph_with_another_vocabulary_is_refused() -> None:
    """It would otherwise become an empty database with no reported losses."""
    other = NamedNode("https://example.org/x")
    with pytest.raises(NothingStored, match="this export needs things with pag:citation"):
        find_format("sqlite").data(make_input([Quad(other, other, other, DefaultGraph())]))


@pytest.mark.slow
def test_datasette_displays_the_export(data: bytes, tmp_path: Path, browser: Any) -> None:
    program, port = tool("datasette"), servers.free_port()
    (tmp_path / "graph.sqlite").write_bytes(data)
    command = [program, "serve", str(tmp_path / "graph.sqlite"), "--port", str(port)]
    with servers.running(command, port), browser.new_context() as context:
        address, page = f"http://127.0.0.1:{port}", context.new_page()
        page.goto(f"{address}/graph/who_owns?asset=Block+8&_sort=share_percent")
        rows = page.locator("table.rows-and-columns tbody tr")
        assert rows.count() == 14
        assert "China National Petroleum Corporation" in page.inner_text("table.rows-and-columns")
        page.goto(f"{address}/graph/search?_search=toromocho&in_table=entities")
        assert "Toromocho" in page.inner_text("table.rows-and-columns")
        page.goto(f"{address}/graph/stakes")
        page.click("table.rows-and-columns tbody td.col-owner a")  # a foreign key is a link
        page.wait_for_url("**/graph/entities/*")

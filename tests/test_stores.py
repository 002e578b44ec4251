"""The same questions, cards, networks and tables on every kind of store: memory, disk, and two servers of others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import servers
from peru_asia_graph.errors import CheckFailed, StoreUnreachable
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.network import make_network
from peru_asia_graph.store import open_store, paging
from peru_asia_graph.store.load import load_files
from peru_asia_graph.store.push import BATCH, journal_file, parse, push
from peru_asia_graph.store.results import Value
from peru_asia_graph.vocabulary import SOURCE_GRAPH
from test_questions import QUESTIONS, example_values

ROOT = Path(__file__).parents[1]
TRIG = ROOT / "exports" / "peru-asia-graph.trig"
KINDS = ("disk", "oxigraph", "virtuoso")


def hush(_: str) -> None:
    """Say nothing."""


def send(server: servers.Server, journal: Path) -> int:
    """Push the shipped graph to a server, as whoever may write there."""
    with pytest.MonkeyPatch.context() as patch:
        if server.user:
            patch.setenv("PAG_STORE_USER", server.user)
            patch.setenv("PAG_STORE_PASSWORD", server.password)
        return push(parse(TRIG), server.graphs, None, journal, BATCH, hush)


@pytest.fixture(scope="module", params=KINDS)
def other(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """The shipped graph in a store that is not the shipped one."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "disk":
        load_files([TRIG], folder / "store", hush)
        yield KnowledgeGraph(open_store(folder / "store"), folder / "store")
        return
    with getattr(servers, request.param)(folder / "data") as server:
        assert send(server, folder / "journal") == len(list(parse(TRIG)))
        yield KnowledgeGraph(open_store(server.query), server.query)


def comparable(rows: Sequence[Sequence[Value | None]]) -> list[list[str]]:
    """Return rows in one order; within a cell of many values SPARQL leaves the order open."""
    return sorted(["; ".join(sorted(str(cell).split("; "))) for cell in row] for row in rows)


def test_every_question_has_the_same_answer(kg: KnowledgeGraph, other: KnowledgeGraph) -> None:
    different = []
    for name, question in QUESTIONS.items():
        values = example_values(question)
        here, there = kg.ask(name, **values), other.ask(name, **values)
        if here.variables != there.variables or comparable(here.table()) != comparable(there.table()):
            different.append(name)
    assert different == []


@pytest.mark.parametrize("slug", ["block-8", "cnpc", "knoc-in-block-8", "peru-china-fta", "hu-jintao", "antamina"])
def test_cards_are_the_same(kg: KnowledgeGraph, other: KnowledgeGraph, slug: str) -> None:
    def facts(graph: KnowledgeGraph) -> dict[str, list[list[str]]]:
        return {part.title: comparable([list(map(str, fact.items())) for fact in part.facts]) for part in
                graph.show(slug).sections}  # fmt: skip

    assert facts(kg).keys() == facts(other).keys()
    for title, rows in facts(kg).items():
        assert len(rows) == len(facts(other)[title]), title


@pytest.mark.parametrize("kind", ["ownership", "diplomacy"])
def test_networks_are_the_same(kg: KnowledgeGraph, other: KnowledgeGraph, kind: str) -> None:
    here, there = kg.network(kind, year=2012), make_network(other.store, kind, 2012)
    assert dict(here.nodes) == dict(there.nodes)
    assert {key: data for *key, data in map(list, here.edges(keys=True, data=True)) for key in [tuple(key)]} == {
        key: data for *key, data in map(list, there.edges(keys=True, data=True)) for key in [tuple(key)]
    }


def test_ownership_is_the_same_and_comes_in_pages(
    kg: KnowledgeGraph, other: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE", 200)
    assert kg.ties().table() == other.ties().table()
    for asset in ("Block 8", "Mina Justa", "Antamina"):
        assert comparable(kg.owners(asset, 2012).table()) == comparable(other.owners(asset, 2012).table())
    assert comparable(kg.holdings("CNPC").table()) == comparable(other.holdings("CNPC").table())
    assert comparable(kg.control("China").table()) == comparable(other.control("China").table())


def test_the_whole_graph_comes_back(kg: KnowledgeGraph, other: KnowledgeGraph) -> None:
    count = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH graph:sanborn-yong { ?s ?p ?o } }"
    quads = other.export("nquads").splitlines()
    assert sum(line.endswith(f"<{SOURCE_GRAPH}> .".encode()) for line in quads) == next(iter(kg.query(count)))["n"]
    assert len(quads) == len(list(parse(TRIG)))


def test_a_push_cut_off_goes_on_and_one_that_lost_something_is_noticed(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    with servers.oxigraph(tmp_path / "o") as server:

        def stop(line: str) -> None:
            if line.startswith("batch 2"):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            push(parse(TRIG), server.graphs, None, journal, 5000, stop)
        said: list[str] = []
        push(parse(TRIG), server.graphs, None, journal, 5000, said.append)
        assert said[:2] == ["going on after batch 2", next(line for line in said if line.startswith("batch 3"))]
        assert not journal.exists()
        journal.write_text('{"done": 3}')
        half = tmp_path / "half.nt"
        half.write_bytes(b"<https://example.org/a> <https://example.org/b> <https://example.org/c> .\n")
        with pytest.raises(CheckFailed, match="0 triples there, 1 were sent"):
            push(parse(half), server.graphs, None, journal, 5000, hush)
    with pytest.raises(StoreUnreachable, match="does not answer"):
        push(parse(half), server.graphs, None, tmp_path / "new", 5000, hush)


def test_the_journal_belongs_to_file_address_and_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    one = tmp_path / "a.nt"
    one.write_text("")
    names = {journal_file("http://a/store", one, 1), journal_file("http://a/store", one, 2), journal_file("x", one, 1)}
    one.write_text("#")
    assert len(names | {journal_file("http://a/store", one, 1)}) == 4
    assert all(name.is_relative_to(tmp_path) for name in names)

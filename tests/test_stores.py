"""Every kind of store gives the same answers: in memory, on disk, and two SPARQL servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

import servers
from peru_asia_graph.cli import pag
from peru_asia_graph.errors import BadInput, CheckFailed, PeruAsiaGraphError, StoreUnreachable, WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.network import make_network
from peru_asia_graph.store import open_store, remote
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.store.load import load_files
from peru_asia_graph.store.push import push_file
from peru_asia_graph.store.results import Value
from peru_asia_graph.vocabulary import GRAPH, XSD, thing
from test_questions import QUESTIONS, example_values

ROOT = Path(__file__).parents[1]
TRIG = ROOT / "exports" / "peru-asia-graph.trig"
KINDS = ("disk", "oxigraph", "virtuoso")
# Virtuoso crashed on it, because of an EXISTS in a NOT EXISTS with alternatives.
ALWAYS = ("assets-only-in-others",)


def ignore(_: str) -> None:
    """Ignore a progress line."""


@cache
def count_quads() -> int:
    """Return the number of quads in the shipped graph."""
    return sum(1 for _ in ox.parse(path=str(TRIG)))


def send(server: servers.Server) -> int:
    """Push the shipped graph to a server, with the credentials it requires."""
    with pytest.MonkeyPatch.context() as patch:
        if server.user:
            patch.setenv("PAG_STORE_USER", server.user)
            patch.setenv("PAG_STORE_PASSWORD", server.password)
        return push_file(TRIG, server.graphs, None, 10_000, ignore)


@pytest.fixture(scope="module")
def kg(sources: KnowledgeGraph) -> KnowledgeGraph:
    """The whole graph, since a server holds all sources."""
    return sources


@pytest.fixture(scope="module", params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The folder or URL of another store holding the shipped graph."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "disk":
        load_files([TRIG], folder / "store", ignore)
        yield str(folder / "store")
        return
    with getattr(servers, request.param)(folder / "data") as server:
        assert send(server) == count_quads()
        yield server.query


@pytest.fixture(scope="module")
def other(place: str) -> KnowledgeGraph:
    """The shipped graph in another store."""
    return KnowledgeGraph(open_store(place), place)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with 2,400 quads of the shipped graph, including its description, which names the graphs."""
    file = tmp_path_factory.mktemp("few") / "few.nq"
    description = ox.NamedNode(f"{GRAPH}description")
    quads = sorted(ox.parse(path=str(TRIG)), key=lambda quad: quad.graph_name != description)
    ox.serialize(quads[:2400], file, format=ox.RdfFormat.N_QUADS)
    return file


@pytest.fixture(scope="module")
def answers(kg: KnowledgeGraph) -> Callable[[str], tuple[Sequence[str], list[list[str]]]]:
    """Columns and comparable rows of the answer to a question, computed once for all kinds of store."""

    @cache
    def answer(name: str) -> tuple[Sequence[str], list[list[str]]]:
        found = kg.ask(name, **example_values(QUESTIONS[name]))
        return found.variables, comparable(found.table())

    return answer


def comparable(rows: Sequence[Sequence[Value | None]]) -> list[list[str]]:
    """Return sorted rows with sorted cells; SPARQL does not define the order within GROUP_CONCAT.

    An empty GROUP_CONCAT is unbound in Oxigraph and an empty string in Virtuoso.
    """
    return sorted(["; ".join(sorted(("" if cell is None else str(cell)).split("; "))) for cell in row] for row in rows)


@pytest.mark.slow
@pytest.mark.parametrize("every", [12, pytest.param(1, marks=pytest.mark.long)])
def test_every_question_has_the_same_answer(
    answers: Callable[[str], tuple[Sequence[str], list[list[str]]]], other: KnowledgeGraph, every: int
) -> None:
    """All questions, or one in twelve; a server gets different ones from a store on disk."""
    different = {}
    first = 0 if isinstance(other.store, EmbeddedStore) else every // 2
    for name in dict.fromkeys([*ALWAYS, *list(QUESTIONS)[first::every]]):
        found = other.ask(name, **example_values(QUESTIONS[name]))
        there = found.variables, comparable(found.table())
        if there != (here := answers(name)):
            rows = [row for row in there[1] if row not in here[1]], [row for row in here[1] if row not in there[1]]
            different[name] = (there[0], here[0], *rows)
    assert different == {}


@pytest.mark.slow
def test_owners_in_a_list_are_sorted_by_share(other: KnowledgeGraph) -> None:
    """Table 7, row Block 1AB (p. 28): 55 % to Pluspetrol Resources, 45 % to CNPC. Virtuoso sorted them by name."""
    found = {row["asset"]: row["owners"] for row in other.ask("joint-ventures", source="sanborn-yong")}
    assert found["Block 1AB"] == "Pluspetrol Resources Corporation 55 %; China National Petroleum Corporation 45 %"


@pytest.mark.slow
@pytest.mark.parametrize("slug", ["block-8", "cnpc", "knoc-in-block-8", "peru-china-fta", "hu-jintao", "antamina"])
def test_cards_are_the_same(kg: KnowledgeGraph, other: KnowledgeGraph, slug: str) -> None:
    def facts(graph: KnowledgeGraph) -> dict[str, list[dict[str, str]]]:
        return {part.title: [dict(fact) for fact in part.facts] for part in graph.show(slug).sections}

    assert facts(kg) == facts(other)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["ownership", "diplomacy", "all"])
def test_networks_are_the_same(kg: KnowledgeGraph, other: KnowledgeGraph, kind: str) -> None:
    here, there = kg.network(kind, year=2012), make_network(other.store, kind, 2012)
    assert dict(here.nodes) == dict(there.nodes)
    assert {key: data for *key, data in map(list, here.edges(keys=True, data=True)) for key in [tuple(key)]} == {
        key: data for *key, data in map(list, there.edges(keys=True, data=True)) for key in [tuple(key)]
    }


@pytest.mark.slow
def test_ownership_query_keeps_the_key_of_each_edge(kg: KnowledgeGraph, other: KnowledgeGraph) -> None:
    """As sent by a person, without paging: Virtuoso gave all edges the same key."""
    query = (ROOT / "ontology" / "networks" / "ownership.rq").read_text("utf-8")
    here, there = ([row[:4] for row in graph.query(query).texts()] for graph in (kg, other))
    assert sorted(map(str, here)) == sorted(map(str, there))


@cache
def written(*command: str) -> bytes:
    """Return a command's standard output. Its report of losses is left out: the examples there may vary."""
    done = CliRunner().invoke(pag, command)
    assert done.exit_code == 0, done.output
    return done.stdout_bytes


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        "sources",
        "differences",
        "between CNPC Shougang",
        "show Chinalco",
        "show China",
        "view audit -o -",
        "view sources -o -",
        "view trade -o -",
        "export --table agreements",
        "export --table citations",
        "export --table relations",
        "export -f ftm -o -",
        pytest.param("show Peru", marks=pytest.mark.long),
        pytest.param("view ownership -o -", marks=pytest.mark.long),
        pytest.param("view diplomacy -o -", marks=pytest.mark.long),
        pytest.param("view map -o -", marks=pytest.mark.long),
        pytest.param("export -f bods -o -", marks=pytest.mark.long),
        pytest.param("export -f sqlite -o -", marks=pytest.mark.long),
    ],
)
def test_commands_write_the_same(place: str, command: str) -> None:
    words = command.split()
    assert written(*words) == written(*words, "--store", place)


@pytest.mark.long
@pytest.mark.slow
def test_all_exports_are_the_same(place: str, tmp_path: Path) -> None:
    """In one folder, with its catalogue, where the authors were organizations if Virtuoso had answered."""
    for folder, options in (("here", ()), ("there", ("--store", place))):
        written("export", "-f", "ro-crate", "-o", str(tmp_path / folder), *options)
    here, there = (
        {path.relative_to(tmp_path / folder): path.read_bytes() for path in (tmp_path / folder).rglob("*.*")}
        for folder in ("here", "there")
    )
    assert here == there


@pytest.mark.slow
def test_ownership_is_the_same_with_paging(
    kg: KnowledgeGraph, other: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "PAGE", 200)
    assert kg.ties().table() == other.ties().table()
    assert kg.ties(commodity="copper").table() == other.ties(commodity="copper").table()
    for asset in ("Block 8", "Mina Justa", "Antamina"):
        assert comparable(kg.owners(asset, 2012).table()) == comparable(other.owners(asset, 2012).table())
    assert comparable(kg.holdings("CNPC").table()) == comparable(other.holdings("CNPC").table())
    assert comparable(kg.control("China").table()) == comparable(other.control("China").table())


@pytest.mark.slow
def test_whole_graph_round_trips(kg: KnowledgeGraph, other: KnowledgeGraph) -> None:
    count = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH graph:sanborn-yong { ?s ?p ?o } }"
    quads = other.export("nquads").splitlines()
    assert sum(line.endswith(f"<{GRAPH}sanborn-yong> .".encode()) for line in quads) == next(iter(kg.query(count)))["n"]
    assert len(quads) == count_quads()


def test_interrupted_push_can_be_completed(few: Path, tmp_path: Path) -> None:
    with servers.oxigraph(tmp_path / "o") as server:

        def interrupt(line: str) -> None:
            if line.startswith("batch 2"):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            push_file(few, server.graphs, None, 500, interrupt)
        count = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
        assert open_store(server.query).query(count).table() == [[1000]]
        for _ in range(2):
            assert push_file(few, server.graphs, None, 500, ignore) == 2400
            assert len(open_store(server.query).quads()) == 2400


def test_push_replaces_only_the_graphs_in_the_file(tmp_path: Path) -> None:
    first, second = tmp_path / "first.nq", tmp_path / "second.nq"
    first.write_text("".join(f"<http://x/{n}> <http://x/p> <http://x/o> <http://x/g{n % 2}> .\n" for n in range(10)))
    # A repeated triple counts once.
    second.write_text("<http://x/new> <http://x/p> <http://x/o> <http://x/g1> .\n" * 2)
    with servers.oxigraph(tmp_path / "o") as server:
        assert push_file(first, server.graphs, None, 2, ignore) == 10
        assert push_file(second, server.graphs, None, 2, ignore) == 1
        query = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
        rows = open_store(server.query).query(query).table()
        assert rows == [["http://x/g0", 5], ["http://x/g1", 1]]


def test_ill_typed_literals_are_pushed_and_merged_numbers_explained(tmp_path: Path) -> None:
    ill, merging = tmp_path / "ill.nt", tmp_path / "merging.nt"
    texts = [("A1", "integer"), ("NaN", "double"), ("True", "boolean"), ("2012-13-45", "date"), ("9" * 30, "integer")]
    ill.write_text("".join(f'<http://x/a> <http://x/p> "{text}"^^<{XSD}{kind}> .\n' for text, kind in texts))
    merging.write_text("".join(f'<http://x/a> <http://x/p> "{text}"^^<{XSD}integer> .\n' for text in ("1", "01")))
    with servers.oxigraph(tmp_path / "o") as server:
        assert push_file(ill, server.graphs, None, 2, ignore) == 5
        found = open_store(server.query).query("SELECT ?o { ?s ?p ?o }").texts()
        assert sorted(row[0] or "" for row in found) == sorted(text for text, _ in texts)
        with pytest.raises(CheckFailed, match=r"1 triples on the server, but 2 were sent.*different spellings"):
            push_file(merging, server.graphs, None, 2, ignore)


def test_missing_triples_are_detected(few: Path, tmp_path: Path) -> None:
    """The triples are sent to one server and counted on another, empty one."""
    with (
        servers.oxigraph(tmp_path / "a") as server,
        servers.oxigraph(tmp_path / "b") as empty,
        pytest.raises(CheckFailed, match=r"has 0 triples on the server, but [\d,]+ were sent"),
    ):
        push_file(few, server.graphs, empty.query, 10_000, ignore)


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        ("<http://x/a> <http://x/p> <http://x/o> .\n_:b <http://x/p> <http://x/o> .\n", WrongUse, "blank nodes"),
        ("<http://x/a> <http://x/p> <http://x/o> .\n<http://x/a> <http://x/p> _:b .\n", WrongUse, "blank nodes"),
        ("<http://x/a> <http://x/p> <<( <http://x/a> <http://x/p> _:b )>> .\n", WrongUse, "blank nodes"),
        ("<http://x/a> <http://x/p> <http://x/o> .\n<http://x/a> <http:\n", BadInput, r"bad\.nt:2"),
    ],
)
def test_invalid_file_sends_nothing(tmp_path: Path, data: str, error: type[PeruAsiaGraphError], message: str) -> None:
    file = tmp_path / "bad.nt"
    file.write_text(data)
    with servers.oxigraph(tmp_path / "o") as server:
        with pytest.raises(error, match=message):
            push_file(file, server.graphs, None, 1, ignore)
        assert open_store(server.query).quads() == []


def test_chains_reflect_the_current_server_data(tiny_kg: KnowledgeGraph, tmp_path: Path) -> None:
    quads = tiny_kg.store.quads()
    stake = ox.NamedNode(thing("beta-in-cerro-norte"))

    def push(kept: Sequence[ox.Quad]) -> None:
        ox.serialize(kept, tmp_path / "tiny.nq", format=ox.RdfFormat.N_QUADS)
        push_file(tmp_path / "tiny.nq", server.graphs, None, 10_000, ignore)

    with servers.oxigraph(tmp_path / "o") as server:
        push(quads)
        graph = KnowledgeGraph(open_store(server.query), server.query)
        assert "stake" in {row["relation"] for row in graph.between("Beta", "Cerro Norte", depth=1)}
        push([quad for quad in quads if quad.subject != stake])
        assert "stake" not in {row["relation"] for row in graph.between("Beta", "Cerro Norte", depth=1)}


def test_push_failures(few: Path) -> None:
    with pytest.raises(StoreUnreachable, match="does not respond"):
        push_file(few, f"http://127.0.0.1:{servers.free_port()}/store", None, 10_000, ignore)
    with pytest.raises(WrongUse, match="--query URL"):
        push_file(few, "http://127.0.0.1:9/graphs", None, 10_000, ignore)


@pytest.mark.slow
def test_wrong_password_is_rejected(few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with servers.virtuoso(tmp_path / "v") as server:
        monkeypatch.setenv("PAG_STORE_USER", server.user)
        monkeypatch.setenv("PAG_STORE_PASSWORD", "wrong")
        with pytest.raises(StoreUnreachable, match="refuses access"):
            push_file(few, server.graphs, None, 10_000, ignore)

"""Commands work on the nearest project folder upward; the package provides what it lacks."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Literal
from starlette.requests import Request

import peru_asia_graph
from folders import snapshot
from own_project import TABLES, make_own_project
from peru_asia_graph import cli, paths
from peru_asia_graph.build import inputs
from peru_asia_graph.build.pipeline import build, build_graph
from peru_asia_graph.errors import BadInput, StoreUnreachable, WrongUse
from peru_asia_graph.paths import PROJECT_VARIABLE, Project, find_project, shipped_project, use_project
from peru_asia_graph.site.pages import make_page
from peru_asia_graph.store import find_version
from peru_asia_graph.store.snapshot import StoreSnapshot
from peru_asia_graph.views.page_registry import page_kinds
from peru_asia_graph.vocabulary import GRAPH, PREFIXES
from peru_asia_graph.web.site import error_page
from tiny import copy_tiny

ROOT = Path(__file__).parents[1]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with a single small user source; the working directory is below it."""
    project = make_own_project(tmp_path / "own")
    root = project.root
    (root / "deep" / "er").mkdir(parents=True)
    monkeypatch.delenv(PROJECT_VARIABLE, raising=False)
    monkeypatch.chdir(root / "deep" / "er")
    return project


@pytest.fixture
def _tiny_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the package ship the tiny source; an example in the documentation adds the real ones."""
    shipped = copy_tiny(tmp_path / "shipped")
    for module in (paths, inputs):
        monkeypatch.setattr(module, "shipped_project", lambda: shipped)


def add_row(project: Project, table: str, row: str) -> None:
    with (project.data / "my-notes" / f"{table}.csv").open("a", encoding="utf-8") as file:
        file.write(row + "\n")


def pag(*arguments: str, cwd: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "peru_asia_graph", *arguments]
    return subprocess.run(
        command, capture_output=True, cwd=cwd, env={**os.environ, **variables}, text=True, check=False, timeout=300
    )


# --- Project lookup ---------------------------------------------------------------------------------------


def test_nearest_folder_upward_with_tables_is_the_project(own: Project, tmp_path: Path) -> None:
    assert find_project() == own
    # A data folder without tables does not count, nor does a file named data.
    (own.root / "deep" / "data" / "raw").mkdir(parents=True)
    (own.root / "deep" / "er" / "data").write_text("x")
    assert find_project() == own
    os.chdir(tmp_path)
    assert find_project() == shipped_project() == Project(ROOT)


def test_named_project_takes_precedence(own: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(PROJECT_VARIABLE, str(ROOT))
    assert find_project() == Project(ROOT)
    with use_project("../.."):
        assert find_project() == own
        monkeypatch.chdir(tmp_path)
        assert find_project() == own
    assert find_project() == Project(ROOT)
    for named in (tmp_path, tmp_path / "nowhere", own.data):
        monkeypatch.setenv(PROJECT_VARIABLE, str(named))
        with pytest.raises(WrongUse, match=r"it has no data/NAME.*; name another, or start one there"):
            find_project()


def test_server_keeps_its_project_while_the_tables_are_moved_away(
    own: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = list[Path]()

    def serve(*_: object) -> None:
        own.data.rename(own.root / "away")
        assert find_version(None) == ""
        with pytest.raises(StoreUnreachable, match="is not a project folder"):
            StoreSnapshot(None)
        (own.root / "away").rename(own.data)
        found.append(find_project().root)

    monkeypatch.setattr("peru_asia_graph.web.server.serve", serve)
    assert CliRunner().invoke(cli.pag, ["serve"], catch_exceptions=False).exit_code == 0
    assert found == [own.root] and PROJECT_VARIABLE not in os.environ


def test_removed_working_directory_is_not_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PROJECT_VARIABLE, raising=False)
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert find_project() == Project(ROOT)


# --- Sources of a build -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("_unvalidated")
def test_schemas_ontology_and_lists_come_from_the_package(own: Project) -> None:
    report = build_graph(own)
    graphs = {quad.graph_name.value.removeprefix(GRAPH) for quad in report.quads}
    assert graphs == {"my-notes", "reference", "ontology", "derived", "derived/my-notes", "description"}
    assert report.warnings == []
    # Of the package's identifiers only those of things in the source are used, with the CLDR names of states.
    peru = {str(quad.object) for quad in report.quads if quad.subject.value.endswith("/id/peru")}
    assert '"Perú"@es' in peru
    assert not [quad for quad in report.quads if quad.subject.value.endswith("/id/china")]


@pytest.mark.parametrize("kept", [(), ("schemes",), ("concepts",)])
def test_reference_folder_without_code_lists_is_one_problem(own: Project, kept: tuple[str, ...]) -> None:
    """Otherwise each row that uses a code is a problem."""
    folder = own.data / "reference"
    folder.mkdir()
    names = (*kept, "matches")
    for name in names:
        rows = (ROOT / "data" / "reference" / f"{name}.csv").read_text("utf-8")
        (folder / f"{name}.csv").write_text(rows if name in kept else rows.partition("\n")[0] + "\n", "utf-8")
    metadata = json.loads((ROOT / "data" / "reference" / "csv-metadata.json").read_text("utf-8"))
    metadata["tables"] = [one for one in metadata["tables"] if one["url"].removesuffix(".csv") in names]
    for one in metadata["tables"]:
        del one["dc:extent"]
    (folder / "csv-metadata.json").write_text(json.dumps(metadata), "utf-8")
    with pytest.raises(BadInput) as raised:
        build_graph(own)
    (problem,) = raised.value.problems
    lacking = ", ".join(f"{name}.csv" for name in ("schemes", "concepts") if name not in kept)
    assert problem.file == "data/reference/csv-metadata.json" and problem.message.endswith(f"no codes: {lacking}")


@pytest.mark.usefixtures("_unvalidated")
def test_project_files_take_precedence(own: Project) -> None:
    shutil.copytree(ROOT / "data" / "reference", own.data / "reference")
    shutil.copytree(ROOT / "ontology", own.root / "ontology")
    (own.data / "schema").mkdir()
    schema = json.loads((ROOT / "data" / "schema" / "stakes.json").read_text("utf-8"))
    note = {"name": "colour", "propertyUrl": PREFIXES["skos"] + "note"}
    schema["columns"].append(note)
    (own.data / "schema" / "stakes.json").write_text(json.dumps(schema), "utf-8")
    path = own.data / "my-notes" / "stakes.csv"
    header, row = path.read_text("utf-8").splitlines()
    path.write_text(f"{header},colour\n{row},red\n", "utf-8")
    (own.root / "ontology" / "rules" / "99-more.rq").write_text(
        "CONSTRUCT { ?x skos:note 'more' } WHERE { ?x a pag:MiningProject }", "utf-8"
    )
    for name in ("identifiers.csv", "translations.csv"):
        table = own.data / "reference" / name
        table.write_text(table.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    quads = build_graph(own).quads
    objects = {quad.object for quad in quads}
    assert {Literal("red"), Literal("more")} <= objects
    assert Literal("Perú", language="es") not in objects


@pytest.mark.parametrize(
    ("file", "missing"),
    [("shapes.ttl", "peru-asia.ttl"), ("peru-asia.ttl", "shapes.ttl"), ("questions", "peru-asia.ttl")],
)
def test_incomplete_ontology_folder_is_refused(own: Project, file: str, missing: str) -> None:
    (own.root / "ontology").mkdir()
    (own.root / "ontology" / file).write_text("", "utf-8")
    with pytest.raises(WrongUse, match=f"ontology/{missing} is missing; copy the package.s ontology folder, or"):
        build_graph(own)
    with use_project(own.root), pytest.raises(WrongUse, match=f"ontology/{missing} is missing"):
        peru_asia_graph.load(ROOT / "exports" / "peru-asia-graph.trig").owners("Block 8")


def test_lost_link_to_an_ontology_folder_is_refused(own: Project) -> None:
    (own.root / "ontology").symlink_to("nowhere")
    with pytest.raises(WrongUse, match=r"ontology/peru-asia\.ttl is missing"):
        build_graph(own)


@pytest.mark.usefixtures("_unvalidated", "_tiny_shipped")
def test_missing_things_in_the_shipped_data_are_suggested(own: Project) -> None:
    add_row(own, "stakes", "alfa-in-my-mine,alfa,my-mine,10,10%,direct,stated,2012,note-1")
    with pytest.raises(BadInput) as refused:
        build_graph(own)
    assert str(refused.value) == (
        "data/my-notes/stakes.csv:3: column 'owner': no 'alfa' in entities.csv; it is in the shipped data; add your "
        "own row for it"
    )
    add_row(own, "entities", "alfa,Firm,Alfa Holding,note-1")
    report = build_graph(own, with_shipped=True)
    graphs = {quad.graph_name.value.removeprefix(GRAPH) for quad in report.quads}
    assert {"my-notes", "tiny"} <= graphs
    owners = {row.owner for row in [one for rows in report.shares.values() for one in rows] if row.asset == "my-mine"}
    assert owners == {"my-holding", "alfa"}


@pytest.mark.usefixtures("_unvalidated", "_tiny_shipped")
def test_matches_with_shipped_things_are_one_warning_without_them(own: Project) -> None:
    add_row(own, "entities", "my-beta,Firm,My Beta,note-1")
    metadata = own.data / "my-notes" / "csv-metadata.json"
    described = json.loads(metadata.read_text("utf-8"))
    described["tables"].append({"url": "matches.csv", "tableSchema": "../schema/matches.json"})
    metadata.write_text(json.dumps(described), "utf-8")
    header = "id,subject_id,predicate_id,object_id,mapping_justification,author_label,mapping_date\n"
    judged = "skos:exactMatch,id:{},semapv:ManualMappingCuration,A. Reader,2026-01-01\n"
    rows = [
        f"m-{mine},id:{mine}," + judged.format(other) for mine, other in (("my-holding", "alfa"), ("my-beta", "beta"))
    ]
    (own.data / "my-notes" / "matches.csv").write_text(header + "".join(rows), "utf-8")
    assert [str(problem) for problem in build_graph(own).warnings] == [
        "data/my-notes/matches.csv: warning: 2 rows name things of the shipped data, first in line 2; "
        "--with-shipped adds it; without that, such rows only join things of yours that match the same one"
    ]
    assert build_graph(own, with_shipped=True).warnings == []


@pytest.mark.usefixtures("_unvalidated", "_tiny_shipped")
def test_decision_about_shipped_data_has_no_effect_without_it(own: Project) -> None:
    metadata = own.data / "my-notes" / "csv-metadata.json"
    described = json.loads(metadata.read_text("utf-8"))
    described["tables"].append({"url": "decisions.csv", "tableSchema": "../schema/decisions.json"})
    metadata.write_text(json.dumps(described), "utf-8")
    (own.data / "my-notes" / "decisions.csv").write_text("id,preferred,reason,author_label,decided_on\n", "utf-8")
    for slug in (
        "difference--owner--beta-in-cerro-norte--my-holding-in-my-mine",
        "difference--owner--not-in-tiny--my-1",
    ):
        add_row(own, "decisions", f"{slug},my-notes,It is newer,A. Reader,2026-01-01")
    told = [problem.remedy for problem in build_graph(own).warnings if problem.column == "id"]
    assert told == ["it is about shipped data; without --with-shipped the row has no effect"] * 2
    add_row(own, "decisions", "difference--owner--mine--yours,my-notes,It is newer,A. Reader,2026-01-01")
    with pytest.raises(BadInput, match=r"decisions\.csv:4: column 'id': no difference 'difference--owner--mine"):
        build_graph(own)


@pytest.mark.usefixtures("_tiny_shipped")
def test_source_with_the_name_of_a_shipped_one_gets_a_warning(own: Project) -> None:
    (own.data / "my-notes").rename(own.data / "tiny")
    metadata = own.data / "tiny" / "csv-metadata.json"
    metadata.write_text(metadata.read_text("utf-8").replace("graph/my-notes", "graph/tiny"), "utf-8")
    told = {with_shipped: [str(problem) for source in inputs.read_inputs(own, with_shipped) if source.name == "tiny"
                           for problem in source.problems] for with_shipped in (True, False)}  # fmt: skip
    (warning,) = told[True]
    assert warning.startswith("data/tiny/csv-metadata.json: warning: replaces the shipped source of the same name")
    assert told[False] == []


@pytest.mark.usefixtures("_unvalidated")
def test_two_sources_cannot_share_a_graph(own: Project) -> None:
    shutil.copytree(own.data / "my-notes", own.data / "copy")
    with pytest.raises(BadInput, match=r"data/my-notes/csv-metadata\.json: '@id' is already the graph of 'copy'"):
        build_graph(own)


@pytest.mark.slow
@pytest.mark.usefixtures("_unvalidated", "_tiny_shipped")
def test_licence_and_creator_apply_only_to_the_shipped_source(own: Project) -> None:
    several = "Knowledge graph of my-notes, tiny"
    for with_shipped, title in ((False, "Knowledge graph of my-notes"), (True, several)):
        quads = [
            quad for quad in build_graph(own, with_shipped=with_shipped).quads
            if quad.graph_name.value == f"{GRAPH}description"
        ]  # fmt: skip
        predicates = {quad.predicate.value.rsplit("/", 1)[1] for quad in quads}
        assert not predicates & {"creator", "issued", "source", "void#exampleResource"}
        assert [quad for quad in quads if str(quad.object).startswith(f'"{title}')]


@pytest.mark.slow
def test_empty_tables_are_built(own: Project) -> None:
    for name, lines in TABLES.items():
        (own.data / "my-notes" / f"{name}.csv").write_text(lines[0] + "\n", "utf-8")
    build(own)
    assert len(peru_asia_graph.load().audit()) == 0


# --- Commands ---------------------------------------------------------------------------------------------


def test_graph_must_be_built_first(own: Project) -> None:
    with pytest.raises(StoreUnreachable, match=r"exports/peru-asia-graph\.trig is not built yet; run: pag build"):
        peru_asia_graph.load()
    done = pag("owners", "My Mine")
    assert (done.returncode, done.stdout) == (4, "")
    assert "is not built yet; run: pag build" in done.stderr
    done = pag("push", "--store", "http://127.0.0.1:9/store")
    assert done.returncode in (2, 4) and "run: pag build" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.slow
def test_menus_have_only_the_pages_with_content(own: Project) -> None:
    """A stake in a mine: owners and a place on the map, but no events, investments, trade or claims."""
    assert pag("build").returncode == 0
    found = {"ownership", "map", "sources"}
    for name in ("index.html", "inicio.html", "map.html"):
        text = (own.root / "exports" / name).read_text("utf-8")
        assert set(re.findall(r'<a href="(\w+)\.html', text)) - {"index", "inicio"} == found
    home = make_page(peru_asia_graph.load(), "home", {})[2]
    assert set(re.findall(r'<a href="/(\w+)"', home)) & set(page_kinds()) == found
    # An error page is made without the graph.
    asked = {"type": "http", "method": "GET", "path": "/x", "headers": [], "query_string": b"", "scheme": "http"}
    made = error_page(Request({**asked, "server": ("127.0.0.1", 80)}), 400, "no", {})
    with ThreadPoolExecutor(1) as thread:  # this one may have an event loop of the browser
        response = thread.submit(asyncio.run, made).result()
    assert set(re.findall(r'<a href="/(\w+)"', bytes(response.body).decode())) & set(page_kinds()) == found


@pytest.mark.slow
def test_commands_answer_from_the_built_project(own: Project) -> None:
    done = pag("build")
    assert done.returncode == 0, done.stderr
    assert "written     exports  (" in done.stderr
    assert done.stderr.count("\n") == 8
    assert pag("build", "--check", "-q").returncode == 0
    expected = {
        ("ask", "who-owns", "-p", "asset=My Mine"): "My Holding,80,direct",
        ("query", "SELECT ?o { id:my-mine rdfs:label ?o }"): "My Mine",
        ("show", "My Mine"): "My Holding · 80 %",
        ("owners", "My Mine"): "My Holding,80,80,80,80",
        ("holdings", "My Holding"): "My Mine,80,80,80,80",
        ("control", "My Holding"): "My Mine,controls",
        ("diff", "2011", "2013"): "came,My Mine,My Holding,80",
        ("ties", "--all"): "asset,tied_to",
        ("audit",): "verdict,claim",
        ("export", "-f", "csv", "--table", "stakes"): "my-holding-in-my-mine",
        ("export", "-f", "trig"): "graph:my-notes {",
        ("network", "ownership"): "my-holding",
        ("questions",): "who-owns",
    }
    for command, text in expected.items():
        done = pag(*command)
        assert done.returncode == 0 and text in done.stdout, (command, done.stdout, done.stderr)
    for page in page_kinds():
        done = pag("view", page, "-o", "page.html")
        assert done.returncode == 0 and done.stderr == "page.html written\n"
    assert pag("show", "Block 8").returncode == 2


@pytest.mark.slow
def test_project_can_be_named_from_any_folder(own: Project, tmp_path: Path) -> None:
    build(own)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    query = ("query", "SELECT ?o { id:my-mine rdfs:label ?o }")
    assert "My Mine" in pag("--project", "../own", *query, cwd=elsewhere).stdout
    assert "My Mine" in pag(*query, cwd=elsewhere, PAG_PROJECT=str(own.root)).stdout
    assert "My Mine" not in pag(*query, cwd=elsewhere).stdout
    for arguments in (("--project", "../own", "build", "--check"), ("build", "--check", "--project", "../own")):
        done = pag(*arguments, cwd=elsewhere)
        assert done.returncode == 0, done.stderr
    done = pag("check", "--project", "../nowhere", cwd=elsewhere)
    assert done.returncode == 2 and "is not a project folder" in done.stderr
    assert snapshot(elsewhere) == {}


def test_problems_name_files_relative_to_the_project(own: Project, tmp_path: Path) -> None:
    add_row(own, "stakes", "a-in-b,my-holding,my-mine,180,180%,direct,stated,2012,note-1")
    for where, arguments in ((own.root / "deep", ()), (tmp_path, ("--project", str(own.root)))):
        done = pag("check", *arguments, cwd=where)
        assert done.returncode == 2
        assert "\ndata/my-notes/stakes.csv:3: column 'share_percent': '180'" in done.stderr


# The program with another shipped project, its first argument.
SHIPPING = """
import sys
from pathlib import Path
from peru_asia_graph import cli, paths
shipped = paths.Project(Path(sys.argv.pop(1)))
paths.shipped_project = lambda: shipped
cli.main()
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "asset", "owner"),
    [("tiny", "Cerro Norte", "Beta"), pytest.param("all", "Block 8", "Pluspetrol", marks=pytest.mark.long)],
)
def test_build_adds_shipped_sources_on_request(own: Project, tmp_path: Path, kind: str, asset: str, owner: str) -> None:
    shipped = copy_tiny(tmp_path / "shipped") if kind == "tiny" else Project(ROOT)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", SHIPPING, str(shipped.root), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)

    done = run("build", "--with-shipped", "-q")
    assert (done.returncode, done.stderr) == (0, "")
    assert owner in run("owners", asset).stdout
    assert "My Holding" in run("owners", "My Mine").stdout
    assert run("build", "--check", "-q").returncode == 1
    assert run("build", "--check", "-q", "--with-shipped").returncode == 0

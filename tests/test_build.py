"""The build as a whole: its stages, what is validated; it collects all problems and writes nothing if there are any."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from folders import read_folder, snapshot
from paper_project import add_tiny, copy_paper
from peru_asia_graph.build.pipeline import build, build_graph
from peru_asia_graph.build.validate import parts_of
from peru_asia_graph.errors import BadInput, CheckFailed
from peru_asia_graph.files.output_folder import write_folder
from peru_asia_graph.paths import Project
from peru_asia_graph.vocabulary import BASE, GRAPH, ONTOLOGY, ONTOLOGY_GRAPH, REFERENCE_GRAPH, THING
from tiny import copy_tiny

ROOT = Path(__file__).parents[1]

UNIT = f"{BASE}code/unit"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project to break."""
    return copy_paper(tmp_path)


@pytest.fixture
def tiny(tmp_path: Path) -> Project:
    """The tiny source with its own copy of the ontology to break."""
    project = copy_tiny(tmp_path)
    (project.root / "ontology").unlink()
    shutil.copytree(ROOT / "ontology", project.root / "ontology")
    return project


@pytest.mark.slow
def test_stages_are_reported_and_a_second_build_changes_nothing(tmp_path: Path) -> None:
    told: list[tuple[str, str, float]] = []
    tiny = copy_tiny(tmp_path)
    assert build(tiny, tmp_path / "out", lambda *line: told.append(line)).folder.changed
    assert [name for name, _, _ in told] == [
        "tables", "checks", "quads", "rules", "computed", "exports", "validation", "written",
    ]  # fmt: skip
    assert all(counted and seconds >= 0 for _, counted, seconds in told)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    assert not build(tiny, tmp_path / "out").folder.changed
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}


@pytest.mark.slow
def test_check_only_writes_nothing(tiny: Project) -> None:
    before = snapshot(tiny.root)
    assert build(tiny, check_only=True).folder.changed
    assert snapshot(tiny.root) == before


def test_all_problems_are_reported_at_once_and_nothing_is_written(project: Project) -> None:
    write_folder(project.exports, {"README.md": b"of an earlier build"})
    before = read_folder(project.exports)
    stakes = project.data / "sanborn-yong" / "stakes.csv"
    lines = stakes.read_text("utf-8").splitlines()
    lines[1] = lines[1].replace(",direct,", ",sideways,")
    lines[2] = "nobody" + lines[2]
    lines.append("odd-in-odd,nobody-known,block-8,120,,direct,stated,2012,2011,,t6-block-8")
    stakes.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(BadInput) as refused:
        build(project)
    said = str(refused.value)
    assert "'sideways' is not in the code list 'basis'" in said
    assert re.search(r"stakes\.csv:50: column 'share_percent': .*120.*100", said)
    assert "no 'nobody-known' in entities.csv" in said
    assert "is before valid_from" in said
    assert read_folder(project.exports) == before


@pytest.mark.slow
def test_graph_that_violates_a_shape_is_not_written(tiny: Project) -> None:
    shapes = tiny.ontology / "shapes.ttl"
    strict = """
    <https://w3id.org/peru-asia-graph/shapes#Never> a sh:NodeShape ; sh:targetClass pag:Stake ;
        sh:property <https://w3id.org/peru-asia-graph/shapes#NeverNote> .
    <https://w3id.org/peru-asia-graph/shapes#NeverNote> a sh:PropertyShape ; sh:path pag:owner ; sh:maxCount 0 ;
        sh:message "never" .
    """
    shapes.write_text(shapes.read_text("utf-8") + strict, "utf-8")
    with pytest.raises(CheckFailed, match="never"):
        build(tiny)
    assert not tiny.exports.exists()


@pytest.mark.parametrize("text", ["CONSTRUCT { ?s ?p", "SELECT * { ?s ?p ?o }"])
def test_broken_rule_is_named(tiny: Project, text: str) -> None:
    (tiny.ontology / "rules" / "99-odd.rq").write_text(text, "utf-8")
    with pytest.raises(BadInput, match=r"99-odd\.rq"):
        build_graph(tiny)


@pytest.mark.slow
@pytest.mark.usefixtures("_unvalidated")
@pytest.mark.parametrize("name", ["pages/series.rq", "tables/names.rq"])
def test_invalid_query_file_is_named(tiny: Project, name: str) -> None:
    file = tiny.ontology / name
    text = file.read_bytes()
    for broken, message in ((text + b"}", r"is not valid SPARQL \(line "), (text + b"# \xff", "is not UTF-8")):
        file.write_bytes(broken)
        for run in (build, build_graph):
            with pytest.raises(BadInput) as caught:
                run(tiny)
            (problem,) = caught.value.problems
            assert problem.file.endswith(f"ontology/{name}") and re.match(message, problem.message), problem


@pytest.mark.slow
def test_second_source_needs_no_code(project: Project) -> None:
    """A new folder with the same schemas adds its facts in a named graph of its own."""
    metadata = add_tiny(project) / "csv-metadata.json"
    metadata.write_text(metadata.read_text("utf-8").replace("../../../../data/schema", "../schema"), "utf-8")
    report = build_graph(project)
    graphs = {quad.graph_name.value for quad in report.quads}
    # Each with its derived graph.
    assert len([name for name in graphs if name.endswith(("/sanborn-yong", "/tiny"))]) == 4


def quad(subject: str, predicate: str, target: str, graph: str) -> ox.Quad:
    return ox.Quad(*(ox.NamedNode(one) for one in (subject, f"{ONTOLOGY}{predicate}", target, graph)))


def subjects(part: list[ox.Quad]) -> set[str]:
    return {str(one.subject.value).removeprefix(ONTOLOGY).removeprefix(BASE) for one in part}


def test_codes_are_validated_once_and_shared_with_sources_that_use_them() -> None:
    lists = [quad(f"{UNIT}/{code}", "inScheme", UNIT, REFERENCE_GRAPH) for code in ("percent", "tonnes", "unused")]
    lists.append(quad(UNIT, "inScheme", f"{BASE}code", REFERENCE_GRAPH))
    classes = [quad(f"{ONTOLOGY}{name}", "subClassOf", f"{ONTOLOGY}{upper}", ONTOLOGY_GRAPH)
               for name, upper in (("Mine", "Project"), ("Project", "Thing"), ("Person", "Actor"))]  # fmt: skip
    copper = quad(f"{THING}copper", "inScheme", f"{BASE}code/commodity", REFERENCE_GRAPH)
    of_one = [quad(f"{THING}a", "unit", f"{UNIT}/percent", f"{GRAPH}{name}") for name in ("one", "derived/one")]
    of_other = [quad(f"{THING}b", "unit", f"{UNIT}/tonnes", f"{GRAPH}other"),
                quad(f"{THING}b", "type", f"{ONTOLOGY}Mine", f"{GRAPH}derived/other")]  # fmt: skip
    first, second = parts_of([*lists, *classes, copper, *of_one, *of_other])
    names = {"id/a", "code/unit/percent", "code/unit/tonnes", "code/unit/unused", "code/unit"}
    assert subjects(first) == names | {"Mine", "Project", "Person"}
    assert subjects(second) == {"id/b", "code/unit/tonnes", "code/unit", "Mine", "Project"}

"""The build as a whole: stages told, problems collected, nothing touched when something is wrong."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from folders import read_folder
from peru_asia_graph.build.pipeline import build, build_graph
from peru_asia_graph.errors import BadInput, CheckFailed
from peru_asia_graph.paths import Project

ROOT = Path(__file__).parents[1]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A copy of the project to break."""
    for name in ("data", "ontology"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return Project(tmp_path)


def test_each_stage_is_told_with_counts_and_time(tmp_path: Path) -> None:
    told: list[tuple[str, str, float]] = []
    build(Project(ROOT), tmp_path / "out", lambda *line: told.append(line))
    assert [name for name, _, _ in told] == [
        "tables", "checks", "quads", "rules", "computed", "exports", "validation", "written",
    ]  # fmt: skip
    assert all(counted and seconds >= 0 for _, counted, seconds in told)


def test_a_second_build_changes_nothing(tmp_path: Path) -> None:
    assert build(Project(ROOT), tmp_path / "out").folder.changed
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    assert not build(Project(ROOT), tmp_path / "out").folder.changed
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}


def test_check_only_writes_nothing(tmp_path: Path) -> None:
    assert build(Project(ROOT), tmp_path / "out", check_only=True).folder.changed
    assert list(tmp_path.iterdir()) == []


def test_all_problems_come_at_once_and_nothing_is_touched(project: Project) -> None:
    build(project)
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


def test_a_graph_that_breaks_a_shape_is_not_written(project: Project) -> None:
    shapes = project.ontology / "shapes.ttl"
    strict = """
    <https://w3id.org/peru-asia-graph/shapes#Never> a sh:NodeShape ; sh:targetClass pag:Stake ;
        sh:property <https://w3id.org/peru-asia-graph/shapes#NeverNote> .
    <https://w3id.org/peru-asia-graph/shapes#NeverNote> a sh:PropertyShape ; sh:path pag:owner ; sh:maxCount 0 ;
        sh:message "never" .
    """
    shapes.write_text(shapes.read_text("utf-8") + strict, "utf-8")
    with pytest.raises(CheckFailed, match="never"):
        build(project)
    assert not project.exports.exists()


@pytest.mark.parametrize("text", ["CONSTRUCT { ?s ?p", "SELECT * { ?s ?p ?o }"])
def test_a_broken_rule_is_named(project: Project, text: str) -> None:
    (project.ontology / "rules" / "99-odd.rq").write_text(text, "utf-8")
    with pytest.raises(BadInput, match=r"99-odd\.rq"):
        build_graph(project)


def test_a_second_source_needs_no_code(project: Project) -> None:
    """A new folder with the same schemas adds its facts in a graph of its own."""
    other = project.data / "other"
    shutil.copytree(ROOT / "tests" / "tiny" / "data" / "tiny", other)
    metadata = other / "csv-metadata.json"
    metadata.write_text(metadata.read_text("utf-8").replace("../../../../data/schema", "../schema"), "utf-8")
    for table in other.glob("*.csv"):
        # Its places are its own; things both sources name (Peru, China) may stay.
        table.write_text(re.sub(r"(?<![\w-])([pt]\d+-)", r"tiny-\1", table.read_text("utf-8")), "utf-8")
    report = build_graph(project)
    graphs = {quad.graph_name.value for quad in report.quads}
    assert len([name for name in graphs if name.endswith(("/sanborn-yong", "/tiny"))]) == 2

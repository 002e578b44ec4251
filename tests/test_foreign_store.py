"""A store with another vocabulary: commands and pages report what is missing instead of writing something empty."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import peru_asia_graph
from peru_asia_graph.cli import pag
from peru_asia_graph.errors import NothingStored
from peru_asia_graph.exporters.format_registry import names_of
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.paths import find_project
from peru_asia_graph.views.page_registry import page_kinds

ONTOLOGY = find_project().ontology
NETWORKS, TABLES = (names_of(content, ONTOLOGY) for content in ("network", "table"))  # type: ignore[arg-type]
COMMANDS = [
    *(["view", kind, "-o", "page.html"] for kind in page_kinds()),
    *(["network", kind, "-o", "network.graphml"] for kind in NETWORKS),
    *(["export", "--network", kind, "-f", form, "-o", "network"] for kind in NETWORKS for form in ("graphml", "gexf")),
    *(["export", "--table", name, "-o", "table.csv"] for name in TABLES),
    ["export", "-f", "csv", "-o", "table.csv"],
    ["audit", "-o", "audit.csv"],
    ["ties", "--all", "-o", "ties.csv"],
    ["diff", "2000", "2010", "-o", "diff.csv"],
    ["ask", "things", "-o", "things.csv"],
    ["ask", "timeline", "-o", "timeline.csv"],
    ["owners", "Antamina", "-o", "owners.csv"],
    ["holdings", "CNPC", "-o", "holdings.csv"],
    ["control", "China", "-o", "control.csv"],
    ["ties", "--commodity", "copper", "-o", "ties.csv"],
    ["show", "Peru", "-o", "peru.txt"],
    ["sources", "-o", "sources.csv"],
    ["differences", "-o", "differences.csv"],
]


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """An RDF file with another vocabulary."""
    path = tmp_path / "foreign.ttl"
    path.write_text('<urn:a> <http://xmlns.com/foaf/0.1/name> "A" ; <http://xmlns.com/foaf/0.1/knows> <urn:b> .\n')
    return path


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:3]))
def test_commands_report_what_is_missing(foreign: Path, command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(foreign.parent)
    run = CliRunner().invoke(pag, [*command, "--store", str(foreign)])
    assert run.exit_code != 0 and isinstance(run.exception, NothingStored)
    assert " found; this " in str(run.exception) and " needs " in str(run.exception)
    assert [path.name for path in foreign.parent.iterdir()] == ["foreign.ttl"]


def test_pages_name_the_classes_they_need(foreign: Path) -> None:
    graph = peru_asia_graph.load(foreign)
    says = {
        "ownership": "no stakes found; this page needs pag:Stake, ",
        "investments": "no investments found; this page needs pag:Investment",
        "trade": "no observations found; this page needs qb:Observation",
        "audit": "no claims found; this page needs pag:Claim",
    }
    for kind, said in says.items():
        with pytest.raises(NothingStored, match=said):
            graph.view(kind)


def test_empty_result_for_a_year_is_not_an_error(kg: KnowledgeGraph) -> None:
    assert len(kg.diff(1000, 1001)) == 0


def test_raw_queries_and_rdf_export_still_work(foreign: Path) -> None:
    graph = peru_asia_graph.load(foreign)
    assert len(graph.query("SELECT * { ?s ?p ?o }")) == 2
    assert b"urn:b" in graph.export("ntriples")

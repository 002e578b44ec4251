"""The tiny source gives the answers worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

import peru_asia_graph
from peru_asia_graph.build.pipeline import Report, build
from peru_asia_graph.errors import WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.holdings.owners import read_snapshot
from peru_asia_graph.ownership.share_rows import owner_rows
from peru_asia_graph.sources.tables import read_source
from peru_asia_graph.vocabulary import local
from tiny import answers, copy_tiny


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """The exports of the tiny source and the build report."""
    project = copy_tiny(tmp_path_factory.mktemp("tiny"))
    return project.exports, build(project)


@pytest.fixture(scope="module")
def kg(exports: tuple[Path, Report]) -> KnowledgeGraph:
    """The graph of the tiny source."""
    return peru_asia_graph.load(exports[0] / "peru-asia-graph.trig")


def pairs(kg: KnowledgeGraph, query: str) -> set[tuple[str, ...]]:
    """Return the rows of a query result, with IRIs as slugs and empty cells as ''."""
    return {tuple(local(term.value) if term else "" for term in row) for row in kg.query(query).rows}


def test_build_has_no_warnings(exports: tuple[Path, Report]) -> None:
    assert exports[1].warnings == []
    assert "peru-asia-graph.trig" in exports[1].files


def test_rows(tmp_path: Path) -> None:
    folders = copy_tiny(tmp_path).data.iterdir()
    sources = [read_source(folder) for folder in sorted(folders)]
    assert {name: len(table.rows) for source in sources for name, table in source.tables.items()} == answers.ROWS


def test_holders(kg: KnowledgeGraph) -> None:
    query = """SELECT ?owner ?share ?basis ?certainty WHERE {
      ?stake pag:owned id:cerro-norte ; pag:owner ?owner ; pag:sharePercent ?share .
      ?stake pag:basis ?basis ; pag:certainty ?certainty }"""
    assert pairs(kg, query) == answers.HOLDERS


@pytest.mark.slow
@pytest.mark.parametrize("relation", sorted(answers.LINKS))
def test_links(kg: KnowledgeGraph, relation: str) -> None:
    # Investments have a home state too; only links between named things are expected.
    query = f"SELECT ?a ?b WHERE {{ ?a pag:{relation} ?b . FILTER NOT EXISTS {{ ?a a pag:Investment }} }}"
    assert pairs(kg, query) == answers.LINKS[relation]


@pytest.mark.parametrize("when", answers.HELD)
def test_stakes_in_a_year_or_month_or_on_a_day(kg: KnowledgeGraph, when: int | str) -> None:
    edges = kg.network("ownership", year=when).in_edges("cerro-norte", keys=True, data=True)
    held = {key: data["time"] for _, _, key, data in edges if data["relation"] == "stake"}
    assert held == answers.HELD[when]


def test_queries_accept_months_and_days(kg: KnowledgeGraph) -> None:
    """Beta's half is absent in April 2009 and present from May on; a number and a string mean the same year."""
    assert not [row for row in kg.owners("cerro-norte", "2009-04") if str(row["owner"]).startswith("Beta")]
    for when in ("2009-05", "2010-02-03", 2010, "2010"):
        owners = {row["owner"]: row["time"] for row in kg.owners("cerro-norte", when)}
        label = next(name for name in owners if str(name).startswith("Beta"))
        assert owners[label] == "true"
        assert "Cerro Norte" in {row["asset"] for row in kg.holdings("beta", when)}
    assert [list(row) for row in kg.owners("cerro-norte", 2010).rows] == [
        list(row) for row in kg.owners("cerro-norte", "2010").rows
    ]
    changes = {(row["change"], row["asset"], row["owner"]) for row in kg.diff("2009-04", "2009-05")}
    assert [(change, asset) for change, asset, owner in changes if str(owner).startswith("Beta")] == [
        ("came", "Cerro Norte")
    ]
    for nonsense in ("2009-13", "spring", "0", 20090514):
        with pytest.raises(WrongUse, match="is not a year, month or day; write 2012, 2012-05 or 2012-05-14"):
            kg.owners("cerro-norte", nonsense)


def test_effective_shares_are_products_of_direct_ones(kg: KnowledgeGraph) -> None:
    snapshot = read_snapshot(kg.store, 2012)
    for project, shares in answers.EFFECTIVE.items():
        assert {row.owner: row.share.point for row in owner_rows(snapshot, project)[0]} == shares


def test_claims(kg: KnowledgeGraph) -> None:
    """18.5 and 0.0 add up to 18.5, not to 100."""
    found = {one.id: (one.verdict, float(one.recomputed.point)) for one in kg.audit() if one.recomputed}
    assert found == {"claim-copper-to-china": ("holds", 18.5), "claim-copper-adds-up": ("differs", 18.5)}


@pytest.mark.slow
@pytest.mark.parametrize("slug", sorted(answers.BOUNDS))
def test_date_bounds(kg: KnowledgeGraph, slug: str) -> None:
    query = f"SELECT ?a ?b WHERE {{ OPTIONAL {{ id:{slug} pag:earliest ?a }} OPTIONAL {{ id:{slug} pag:latest ?b }} }}"
    assert pairs(kg, query) == {tuple(day or "" for day in answers.BOUNDS[slug])}


def test_country_code_na_is_read_as_text(kg: KnowledgeGraph) -> None:
    rows = kg.query("SELECT ?name WHERE { id:namibia skos:prefLabel ?name }").rows
    assert {term.language: term.value for (term,) in rows if term} == answers.NAMIBIA

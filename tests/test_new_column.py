"""A new optional column of stakes needs a schema entry, an ontology term, a shape and queries, but no code."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import Literal, NamedNode

from paper_project import add_tiny, copy_paper
from patches import read_rows, write_rows
from peru_asia_graph.build.pipeline import build, build_graph
from peru_asia_graph.errors import BadInput, CheckFailed
from peru_asia_graph.paths import Project
from peru_asia_graph.query.cards import make_card, read_section_queries
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.vocabulary import XSD, term, thing
from tiny import copy_tiny

ROOT: Final = Path(__file__).parents[1]
STAKE: Final = "mitsui-and-co-in-bayovar"
COLUMN: Final = {
    "name": "royalty_percent",
    "titles": "royalty_percent",
    "propertyUrl": term("royaltyPercent"),
    "datatype": "decimal",
}
TERM: Final = """
pag:royaltyPercent a owl:DatatypeProperty ;
    rdfs:label "royalty in percent"@en , "regalía en porcentaje"@es ;
    skos:definition "The royalty that goes with a stake, in percent of sales."@en ;
    skos:example "1.5"@en ;
    rdfs:domain pag:Stake ;
    rdfs:range xsd:decimal ;
    rdfs:isDefinedBy <> .
"""
SHAPE: Final = """
pags:Stake-royaltyPercent a sh:PropertyShape ;
    sh:targetClass pag:Stake ;
    sh:path pag:royaltyPercent ;
    sh:maxCount 1 ;
    sh:datatype xsd:decimal ;
    sh:maxInclusive 100.0 ;
    sh:severity sh:Violation ;
    sh:message "The royalty is at most 100 percent."@en .
"""
QUERIES: Final = ("ontology/tables/stakes.rq", "ontology/cards/20-holders.rq")
EDITED: Final = {"data/schema/stakes.json", "ontology/peru-asia.ttl", "ontology/shapes.ttl", *QUERIES}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The paper and a second source without the new column."""
    project = copy_paper(tmp_path)
    add_tiny(project)
    return project


def edit_schema(project: Project) -> None:
    """Describe the column in the schema."""
    path = project.data / "schema" / "stakes.json"
    schema = json.loads(path.read_text("utf-8"))
    schema["columns"].insert(5, COLUMN)
    path.write_text(json.dumps(schema, indent=1, ensure_ascii=False) + "\n", "utf-8")


def edit_ontology(project: Project) -> None:
    """Define and constrain the term, and show it in the flat table and on the card."""
    for name, text in (("peru-asia.ttl", TERM), ("shapes.ttl", SHAPE)):
        path = project.ontology / name
        path.write_text(path.read_text("utf-8") + text, "utf-8")
    for name in QUERIES:
        path = project.root / name
        before = re.compile(r"\?share_percent(?= \?(?:basis|share_low|share_bounds))")
        query = before.sub("?share_percent ?royalty_percent", path.read_text("utf-8"))
        pattern = r"OPTIONAL \{ (\?\w+) pag:sharePercent \?share_percent \}"
        query, count = re.subn(pattern, r"\g<0> OPTIONAL { \1 pag:royaltyPercent ?royalty_percent }", query)
        assert count == 1 and query.count("?royalty_percent") == 3
        path.write_text(query, "utf-8")


def fill_in(stakes: Path, stake: str, value: str) -> None:
    """Add the column to a table of stakes, with one value."""
    header, *rows = read_rows(stakes)
    write_rows(stakes, [[*header, "royalty_percent"], *([*row, value if row[0] == stake else ""] for row in rows)])


def changed_files(project: Project) -> set[str]:
    """Return the files of the project that differ from the originals."""
    copied = ("data/sanborn-yong", "data/schema", "ontology")
    shipped = [path for name in copied for path in (ROOT / name).rglob("*") if path.is_file()]
    names = [path.relative_to(ROOT).as_posix() for path in shipped]
    return {name for name in names if (ROOT / name).read_bytes() != (project.root / name).read_bytes()}


@pytest.mark.slow
def test_column_is_added_without_code(project: Project) -> None:
    edit_schema(project)
    fill_in(project.data / "sanborn-yong" / "stakes.csv", STAKE, "1.5")
    with pytest.raises(BadInput, match=r"stakes\.json:\d+: .*no property 'pag:royaltyPercent'; define"):
        build_graph(project)
    edit_ontology(project)
    assert changed_files(project) == {*EDITED, "data/sanborn-yong/stakes.csv"}
    assert "royalty_percent" not in read_rows(project.data / "other" / "stakes.csv")[0]

    report = build(project)
    stated = [quad for quad in report.quads if quad.predicate == NamedNode(term("royaltyPercent"))]
    value = Literal("1.5", datatype=NamedNode(XSD + "decimal"))
    assert [(quad.subject, quad.object) for quad in stated] == [(NamedNode(thing(STAKE)), value)]
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(report.files["tables/stakes.csv"].decode()))}
    assert {slug for slug, row in rows.items() if row["royalty_percent"]} == {STAKE}
    assert rows[STAKE]["royalty_percent"] == "1.5"
    assert "alfa-in-beta" in rows
    card = make_card(EmbeddedStore(report.store), "bayovar", read_section_queries(project.ontology / "cards"))
    [holders] = [section for section in card.sections if section.title == "Held by"]
    assert {fact.get("royalty_percent", "") for fact in holders.facts} == {"1.5", ""}
    assert "royalty percent 1.5" in str(card)


@pytest.mark.slow
def test_invalid_value_violates_the_shape(tmp_path: Path) -> None:
    project = copy_tiny(tmp_path)
    for folder in (project.data / "schema", project.ontology):
        shared = folder.resolve()
        folder.unlink()
        shutil.copytree(shared, folder)
    edit_schema(project)
    edit_ontology(project)
    fill_in(project.data / "tiny" / "stakes.csv", "alfa-in-beta", "130")
    with pytest.raises(CheckFailed, match="alfa-in-beta pag:royaltyPercent: The royalty is at most 100 percent"):
        build_graph(project)

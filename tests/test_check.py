"""Checks within and across tables: each rule satisfied and violated, on tables defined here."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peru_asia_graph.build.inputs import read_inputs
from peru_asia_graph.build.reference import ontology_terms, read_ontology
from peru_asia_graph.errors import Problem
from peru_asia_graph.paths import Project
from peru_asia_graph.sources.cells import Cell
from peru_asia_graph.sources.checks import check_keys, check_sources
from peru_asia_graph.sources.checks.citations import check_citations
from peru_asia_graph.sources.checks.links import HINTED, check_codes, check_kinds, check_links
from peru_asia_graph.sources.checks.ontology_terms import (
    OntologyTerms,
    check_classes,
    check_properties,
    check_relations,
)
from peru_asia_graph.sources.checks.periods import check_dates
from peru_asia_graph.sources.checks.shares import check_stakes, held
from peru_asia_graph.sources.checks.spelling import check_names
from peru_asia_graph.sources.metadata import About
from peru_asia_graph.sources.tables import CsvRow, Source, Table, read_source
from peru_asia_graph.vocabulary import GRAPH, ONTOLOGY, RDF_TYPE, THING, fold
from tiny import ROOT

SUBCLASSES: Final = {
    "Organization": {"Organization"},
    "Firm": {"Firm", "Organization"},
    "State": {"State"},
    "Person": {"Person"},
    "Project": {"Project"},
    "Treaty": {"Treaty"},
    "Stake": {"Stake"},
    "Relation": {"Relation"},
}
TERMS: Final = OntologyTerms(
    SUBCLASSES,
    {"homeState", "sector", "operatorOf"},
    ontology_terms(ROOT / "ontology", read_ontology(ROOT / "ontology")).properties,
    inverses={"operatedBy": "operatorOf"},
)


def table(
    name: str, *rows: dict[str, Cell], complete: bool = True, expected: int | None = None, file: str = ""
) -> Table:
    """Return a table with a shared schema; the first row is on line 2."""
    schema = json.loads((ROOT / "data" / "schema" / f"{name}.json").read_text("utf-8"))
    return Table(
        name, file or f"{name}.csv", schema, [CsvRow(line, row) for line, row in enumerate(rows, 2)], expected, complete
    )


def source(*tables: Table, slug: str = "tiny") -> Source:
    return Source(slug, "https://w3id.org/peru-asia-graph/graph/" + slug, {one.name: one for one in tables})


def messages(problems: Any) -> list[str]:
    """Return the problems as the user sees them."""
    return [str(problem) for problem in problems]


def entities(**types: str) -> Table:
    return table("entities", *({"id": slug.replace("_", "-"), "type": kind} for slug, kind in types.items()))


def stake(
    owner: str = "a", owned: str = "x", share: str = "50", start: str = "", end: str = "", **more: Cell
) -> dict[str, Cell]:
    """Return the cells of a direct, stated stake."""
    return {
        "id": f"{owner}-in-{owned}",
        "owner": owner,
        "owned": owned,
        "share_percent": Decimal(share) if share else None,
        "basis": "direct",
        "certainty": "stated",
        "valid_from": start or None,
        "valid_until": end or None,
        **more,
    }


# --- Keys -------------------------------------------------------------------------------------------------


def test_ids_are_unique_across_tables() -> None:
    tables = [
        table("entities", {"id": "a"}, {"id": "b"}, {"id": "a"}),
        table("events", {"id": "b"}, {"id": "e"}),
        table("structure", {"id": "a"}, {"id": "s"}, {"id": "s"}),
        table("agreements", {"id": "a"}),
        table("entities", {"id": "e"}, {}, file="other/entities.csv"),
        table("concepts", {"scheme": "x", "slug": "a"}, {"scheme": "y", "slug": "a"}, {"scheme": "x", "slug": "a"}),
    ]
    assert messages(check_keys(tables)) == [
        "entities.csv:4: column 'id': 'a' is already used at entities.csv:2; give each row its own id",
        "events.csv:2: column 'id': 'b' is already used at entities.csv:3; give each row its own id",
        "structure.csv:4: column 'id': 's' is already used at structure.csv:3; give each row its own id",
        "other/entities.csv:2: column 'id': 'e' is already used at events.csv:3; give each row its own id",
        "concepts.csv:4: column 'slug': 'x/a' is already used at concepts.csv:2; give each row its own id",
    ]


# --- Links ------------------------------------------------------------------------------------------------


def test_codes_are_in_their_list() -> None:
    lists = table("concepts", {"scheme": "basis", "slug": "direct"}, {"scheme": "certainty", "slug": "stated"})
    stakes = table("stakes", stake(), stake(basis="dirct"), stake(certainty="direct"), stake(basis=None))
    assert messages(check_codes([stakes, lists])) == [
        "stakes.csv:3: column 'basis': 'dirct' is not in the code list 'basis'; did you mean 'direct'?",
        "stakes.csv:4: column 'certainty': 'direct' is not in the code list 'certainty'; the codes are stated",
    ]
    assert messages(check_codes([stakes, table("concepts", complete=False)])) == []
    # One problem for each list that has no codes, as in a project's own concepts.csv with only a few.
    remedy = f"add it to concepts.csv; the rows of the package are in {ROOT / 'data' / 'reference' / 'concepts.csv'}"
    said = "'direct' is not in the code list 'basis', nor are the codes of 2 other cells: the list has no codes"
    basis, certainty = messages(check_codes([stakes, table("concepts", {"scheme": "unit", "slug": "euro"})]))
    assert basis == f"stakes.csv:2: column 'basis': {said}; {remedy}"
    assert certainty.startswith(
        "stakes.csv:2: column 'certainty': 'stated' is not in the code list 'certainty', nor are"
    )


def test_links_resolve_to_a_row() -> None:
    stakes = table("stakes", stake("alfa", "mine", citations=["p1", "p2"]), stake("alpha", "peru", citations=["alfa"]))
    things, places = entities(alfa="Firm", mine="Project"), table("citations", {"id": "p1"})
    assert messages(check_links([stakes, things, places])) == [
        "stakes.csv:3: column 'owner': no 'alpha' in entities.csv; did you mean 'alfa'?",
        "stakes.csv:3: column 'owned': no 'peru' in entities.csv; add it first",
        "stakes.csv:2: column 'citations': no 'p2' in citations.csv; add it first",
        "stakes.csv:3: column 'citations': no 'alfa' in citations.csv; add it first",
    ]


def test_links_without_a_fixed_target_table_resolve_to_any_row() -> None:
    findings = table("findings", {"id": "f", "about": ["alfa", "f", "none"], "attributed_to": []})
    assert messages(check_links([findings, entities(alfa="Firm")])) == [
        "findings.csv:2: column 'about': no 'none' in any table; add it first",
    ]


def test_second_source_may_link_to_things_of_the_first() -> None:
    second = table("stakes", stake("alfa", "mine"), file="second/stakes.csv")
    assert messages(check_links([entities(alfa="Firm"), entities(mine="Project"), second])) == []


def test_links_into_an_incomplete_table_are_not_checked() -> None:
    stakes = table("stakes", stake("alfa", "mine", citations=["p1"]))
    problems = messages(check_links([stakes, table("entities", complete=False), table("citations")]))
    assert problems == ["stakes.csv:2: column 'citations': no 'p1' in citations.csv; add it first"]


def test_suggestions_are_limited_to_the_first_values() -> None:
    stakes = table("stakes", *(stake("alfa", f"mine-{number}") for number in range(HINTED + 5)))
    problems = list(check_links([stakes, entities(alfa="Firm", mine="Project")]))
    hinted = [problem for problem in problems if "did you mean" in problem.remedy]
    assert (len(problems), len(hinted)) == (HINTED + 5, HINTED)


def test_links_have_the_expected_class() -> None:
    things = entities(alfa="Firm", peru="State", pact="Treaty", mine="Project", odd="Nonsense")
    stakes = table("stakes", stake("pact", "mine"), stake("peru", "peru"), stake("odd", "alfa"), stake("none", "mine"))
    assert messages(check_kinds([things, stakes], OntologyTerms(SUBCLASSES))) == [
        "stakes.csv:2: column 'owner': 'pact' is a Treaty where 'Organization', 'State' or 'Person' is expected; "
        "name another, or correct its type",
        "stakes.csv:3: column 'owned': 'peru' is a State where 'Organization' or 'Project' is expected; "
        "name another, or correct its type",
    ]


def test_nothing_is_related_to_itself() -> None:
    relations = table("relations", {"subject": "a", "object": "a"}, {"subject": "a", "object": "b"}, {})
    assert messages(check_kinds([relations], OntologyTerms())) == [
        "relations.csv:2: column 'object': 'a' is related to itself; name another"
    ]


# --- Terms of the ontology --------------------------------------------------------------------------------


def test_classes_are_in_the_ontology() -> None:
    things = entities(a="Firm", b="Frim", c="Xyz", d="Stake", e="irm")
    assert messages(check_classes([things, table("stakes")], TERMS)) == [
        "entities.csv:3: column 'type': the ontology has no class 'Frim'; did you mean 'Firm'?",
        "entities.csv:4: column 'type': the ontology has no class 'Xyz'; they are listed in docs/reference/tables.md",
        "entities.csv:5: column 'type': things of the class Stake have their own table; enter it in stakes.csv",
        "entities.csv:6: column 'type': the ontology has no class 'irm'; did you mean 'Firm'?",
    ]


def test_relations_are_in_the_ontology() -> None:
    words = ("homeState", "homestate", "xyz", None, "operatedBy", "citation")
    rows = [{"relation": word} for word in words]
    relations = table("relations", *rows)
    expected = [
        "relations.csv:3: column 'relation': the ontology has no relation 'homestate'; did you mean 'homeState'?",
        "relations.csv:4: column 'relation': the ontology has no relation 'xyz'; "
        "they are listed in docs/reference/tables.md",
        "relations.csv:6: column 'relation': 'operatedBy' is the inverse of 'operatorOf'; "
        "write operatorOf and swap subject and object",
        "relations.csv:7: column 'relation': 'citation' cannot be used as a relation; "
        "they are listed in docs/reference/tables.md",
    ]
    assert messages(check_relations([relations, entities(a="Firm")], TERMS)) == expected
    found = messages(check_sources([source(relations)], TERMS))
    assert [one for one in found if one in expected] == expected


def with_columns(tmp_path: Path, *columns: dict[str, str | bool]) -> Table:
    """Return a table whose schema is a file with these columns."""
    schema = {"primaryKey": "id", "columns": [{"name": "id", "suppressOutput": True}, *columns]}
    (tmp_path / "mines.json").write_text(json.dumps(schema, indent=1), "utf-8")
    return Table("mines", "mines.csv", schema, [], schema_file=tmp_path / "mines.json")


def test_properties_are_defined_by_the_ontology(tmp_path: Path) -> None:
    mines = with_columns(
        tmp_path,
        {"name": "share", "propertyUrl": ONTOLOGY + "sharePercnt"},
        {"name": "known", "propertyUrl": ONTOLOGY + "sharePercent"},
        {"name": "depth", "propertyUrl": ONTOLOGY + "depth"},
        {"name": "lat", "propertyUrl": "http://www.w3.org/2003/01/geo/wgs84_pos#lat"},
        {"name": "own", "propertyUrl": "https://example.org/own#grade"},
        {"name": "other", "propertyUrl": "https://example.org/other#grade"},
        {"name": "thing", "propertyUrl": THING + "grade"},
        {"name": "class", "virtual": True, "propertyUrl": RDF_TYPE, "valueUrl": ONTOLOGY + "Mine"},
        {"name": "kind", "virtual": True, "propertyUrl": RDF_TYPE, "valueUrl": ONTOLOGY + "Firm"},
        {"name": "place", "virtual": True, "propertyUrl": ONTOLOGY + "locatedin", "valueUrl": THING + "peru"},
    )
    defined = dict.fromkeys((ONTOLOGY + "sharePercent", "https://example.org/own#grade"), ("DatatypeProperty",))
    defined[ONTOLOGY + "locatedIn"] = ("ObjectProperty",)
    terms = OntologyTerms(SUBCLASSES, (), defined)
    file = str(tmp_path / "mines.json")
    lines = (tmp_path / "mines.json").read_text("utf-8").splitlines()
    found = list(check_properties([mines], terms))
    assert [(one.column, one.message, one.remedy) for one in found] == [
        (
            "share",
            "the ontology has no property 'pag:sharePercnt'",
            "define pag:sharePercnt in ontology/peru-asia.ttl; did you mean 'sharePercent'?",
        ),
        ("depth", "the ontology has no property 'pag:depth'", "define pag:depth in ontology/peru-asia.ttl"),
        (
            "other",
            "the ontology has no property 'https://example.org/other#grade'",
            "define https://example.org/other#grade in ontology/peru-asia.ttl; "
            "did you mean 'https://example.org/own#grade'?",
        ),
        ("thing", "the ontology has no property 'id:grade'", "define id:grade in ontology/peru-asia.ttl"),
        ("class", "the ontology has no class 'pag:Mine'", "define pag:Mine in ontology/peru-asia.ttl"),
        (
            "place",
            "the ontology has no property 'pag:locatedin'",
            "define pag:locatedin in ontology/peru-asia.ttl; did you mean 'locatedIn'?",
        ),
    ]
    for one in found:
        assert one.file == file
        assert one.message.rsplit("#")[-1].rsplit(":")[-1].strip("'") in lines[one.line - 1]


def test_unknown_term_of_a_well_known_vocabulary_is_a_warning(tmp_path: Path) -> None:
    skos, schema = "http://www.w3.org/2004/02/skos/core#", "https://schema.org/"
    mines = with_columns(
        tmp_path,
        {"name": "note", "propertyUrl": skos + "note"},
        {"name": "remark", "propertyUrl": skos + "noet"},
        {"name": "address", "propertyUrl": schema + "address"},
        {"name": "own", "propertyUrl": skos + "own"},
    )
    terms = OntologyTerms(properties={skos + "own": ("DatatypeProperty",)})
    assert [(one.column, one.message, one.remedy, one.warning) for one in check_properties([mines], terms)] == [
        (
            "remark",
            "'skos:noet' is not a known term of its vocabulary",
            "check its spelling; did you mean 'skos:note'?",
            True,
        ),
    ]


def test_object_properties_take_no_literals_and_vice_versa(tmp_path: Path) -> None:
    mines = with_columns(
        tmp_path,
        {"name": "method", "propertyUrl": ONTOLOGY + "method", "datatype": "string"},
        {"name": "share", "propertyUrl": ONTOLOGY + "sharePercent", "valueUrl": THING + "{share}"},
        {"name": "owner", "propertyUrl": ONTOLOGY + "owner", "valueUrl": THING + "{owner}"},
    )
    terms = ontology_terms(ROOT / "ontology", read_ontology(ROOT / "ontology"))
    assert [(one.message, one.remedy) for one in check_properties([mines], terms)] == [
        (
            "'pag:method' is an owl:ObjectProperty, but the column has values",
            "give the column a valueUrl, or use another property",
        ),
        (
            "'pag:sharePercent' is an owl:DatatypeProperty, but the column has IRIs",
            "remove the valueUrl, or use another property",
        ),
    ]


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (
            {"name": "depth", "propertyUrl": ONTOLOGY + "depth"},
            "the ontology has no property 'pag:depth'; define pag:depth in ontology/peru-asia.ttl",
        ),
        (
            {"name": "depth", "datatype": "decimel", "suppressOutput": True},
            "the datatype 'decimel' is not one of string",
        ),
    ],
)
def test_problem_of_a_shared_schema_is_reported_once(tmp_path: Path, column: dict[str, Any], message: str) -> None:
    """Each source refers to the file by a different URL."""
    schema = {"primaryKey": "id", "columns": [{"name": "id", "suppressOutput": True}, column]}
    (tmp_path / "mines.json").write_text(json.dumps(schema), "utf-8")
    sources = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mines.csv").write_text("id,depth\n")
        group = {"@id": GRAPH + name, "tables": [{"url": "mines.csv", "tableSchema": "../mines.json"}]}
        (tmp_path / name / "csv-metadata.json").write_text(json.dumps(group), "utf-8")
        sources.append(read_source(tmp_path / name))
    found = [one for one in messages(check_sources(sources, TERMS)) if message in one]
    assert len(found) == 1 and found[0].startswith(f"{tmp_path / 'mines.json'}:")


def test_shared_schemas_use_only_defined_terms() -> None:
    tables = [one for found in read_inputs(Project(ROOT)) for one in found.tables.values()]
    assert messages(check_properties(tables, ontology_terms(ROOT / "ontology", read_ontology(ROOT / "ontology")))) == []
    undefined = messages(check_properties(tables, OntologyTerms()))
    assert any(one.startswith("data/schema/stakes.json:") and "'pag:sharePercent'" in one for one in undefined)


# --- Dates ------------------------------------------------------------------------------------------------


def test_end_is_not_before_start() -> None:
    spans = [
        ("2012", "2011"),
        ("2012", "2012"),
        ("2012-05", "2012"),
        ("2012", "2012-05"),
        ("", "2011"),
        ("[2012..2014]", "2013"),
        ("[..2014]", "2013"),
    ]
    tenures = table("tenures", *({"valid_from": start or None, "valid_until": end} for start, end in spans))
    events = table("events", {"date": "2008-11-21", "end_date": "2008-11-19"})
    pacts = table("agreements", {"signed_on": "2010", "in_force_on": "2009"})
    assert messages(check_dates(source(tenures, events, pacts))) == [
        "tenures.csv:2: column 'valid_until': '2011' is before valid_from '2012'; swap or correct the two dates",
        "events.csv:2: column 'end_date': '2008-11-19' is before date '2008-11-21'; swap or correct the two dates",
        "agreements.csv:2: warning: column 'in_force_on': '2009' is before signed_on '2010'; "
        "correct one; allowed if the source says so",
    ]


def test_period_in_one_cell_is_refused() -> None:
    events = table("events", {"date": "1990/2011"}, {"date": "../2011"}, {"date": "1990", "end_date": "2011/.."})
    stakes = table("stakes", {"valid_from": "2012/2013"}, {"valid_until": "[2012..2013]"})
    cubes = table("observations", {"period": "1990/2011"})
    remedy = "is a period in one cell; write start and end in their own columns or, for one moment between them,"
    assert messages(check_dates(source(events, stakes, cubes))) == [
        f"events.csv:2: column 'date': '1990/2011' {remedy} [1990..2011]",
        f"events.csv:3: column 'date': '../2011' {remedy} [..2011]",
        f"events.csv:4: column 'end_date': '2011/..' {remedy} [2011..]",
        f"stakes.csv:2: column 'valid_from': '2012/2013' {remedy} [2012..2013]",
    ]


@pytest.mark.parametrize(
    ("written", "warned"),
    [("2013", ["2014", "[2015..2016]"]), ("2014-06", ["[2015..2016]"]), ("", [])],
)
def test_dates_after_the_source_must_be_marked_as_planned(written: str, warned: list[str]) -> None:
    events = table(
        "events",
        {"date": "2013", "certainty": "stated", "end_date": "2020"},
        {"date": "2014", "certainty": "stated"},
        {"date": "[2014..2016]", "certainty": "planned"},
        {"date": "[2015..2016]", "certainty": "reported"},
        {"date": "[..2030]", "certainty": "stated"},
        {"date": None},
    )
    works = table("sources", {"id": "tiny", "retrieved": "2026"}, {"id": "other", "date": "1990"})
    found = list(check_dates(replace(source(events, works), about=About(date=written))))
    assert [problem.message.split("'")[1] for problem in found] == warned
    assert all(problem.warning and problem.column == "date" for problem in found)
    assert not found or str(found[-1]).endswith("; correct it, or mark it as planned or possible")


# --- Citations --------------------------------------------------------------------------------------------

STRUCTURE: Final[list[dict[str, Cell]]] = [
    {"id": "p2-1", "page": 2, "last_page": 2, "paragraph": 1, "first_line": 1, "last_line": 8},
    {"id": "p3-1", "page": 3, "last_page": 4, "paragraph": 1, "first_line": 10, "last_line": 20},
    {"id": "t1-a", "page": 4, "last_page": 4, "table": "Table 1", "row": "A", "first_line": 30, "last_line": 31},
]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({}, ""),
        ({"first_line": 3, "last_line": 3}, ""),
        ({"last_page": None}, ""),
        ({"page": 9}, "column 'page': the source has no page 9; structure.csv has pages 2 to 4"),
        ({"paragraph": 2}, "column 'paragraph': page 2: no such paragraph '2'; structure.csv lists what there is"),
        ({"paragraph": None}, "column 'paragraph': page 2: no paragraph is given; structure.csv lists what there is"),
        ({"page": 3}, "column 'last_page': 2 is not the last page of this paragraph; structure.csv has 4"),
        ({"first_line": 9}, "column 'first_line': lines 9-8 are not inside this paragraph; it has lines 1-8"),
        ({"last_line": 9}, "column 'first_line': lines 1-9 are not inside this paragraph; it has lines 1-8"),
        (
            {"page": 4, "table": "Table 1", "row": "B", "paragraph": None},
            "column 'row': page 4 in Table 1: no such row 'B'; structure.csv lists what there is",
        ),
        (
            {"page": 2, "table": "Table 1", "row": "A", "paragraph": None},
            "column 'row': page 2 in Table 1: no such row 'A'; structure.csv lists what there is",
        ),
        (
            {
                "page": 4,
                "last_page": 4,
                "table": "Table 1",
                "row": "A",
                "paragraph": None,
                "first_line": 30,
                "last_line": 31,
            },
            "",
        ),
    ],
)
def test_citations_match_the_structure_of_the_paper(cells: dict[str, Cell], message: str) -> None:
    row: dict[str, Cell] = {
        "page": 2,
        "last_page": 2,
        "paragraph": 1,
        "first_line": 1,
        "last_line": 8,
        "table": None,
        "row": None,
    }
    found = messages(check_citations(source(table("citations", row | cells), table("structure", *STRUCTURE))))
    first = found[:1] or [""]
    assert first == [f"citations.csv:2: {message}" if message else ""]


def test_citations_with_unreadable_cells_are_skipped() -> None:
    citations = table("citations", {"paragraph": 1}, {"page": 2}, {"page": 2, "paragraph": 1, "first_line": 1})
    structure = table("structure", *STRUCTURE)
    assert messages(check_citations(source(citations, structure))) == []
    cut_off = table("structure", *STRUCTURE, complete=False)
    assert messages(check_citations(source(table("citations", {"page": 9}), cut_off))) == []
    assert messages(check_citations(source(table("citations", {"page": 9}), table("structure")))) == [
        "citations.csv:2: column 'page': the source has no page 9; structure.csv is empty"
    ]
    assert messages(check_citations(source(citations))) == []


# --- Stakes -----------------------------------------------------------------------------------------------


def test_single_stakes() -> None:
    rows = [stake("a", "a"), stake(share="0"), stake("b", share=""), {"id": "bad"}, {"owner": "a"}, {"owned": "x"}]
    assert messages(check_stakes(table("stakes", *rows))) == [
        "stakes.csv:2: column 'owned': 'a' owns itself; name another",
        "stakes.csv:3: column 'share_percent': a stake cannot be 0; "
        "delete the row, or leave the cell empty if the share is not known",
    ]


@pytest.mark.parametrize(
    ("stakes", "message"),
    [
        ([("a", "50", "", ""), ("b", "50", "", "")], ""),
        ([("a", "50.5", "", ""), ("b", "50", "", "")], ""),
        ([("a", "60", "", ""), ("b", "50", "", "")], "direct shares of 'x' at one time add up to 110 (a 60, b 50)"),
        ([("a", "60", "2009", "2012"), ("b", "50", "2010-06", "")], "on 2010-06-30 add up to 110 (a 60, b 50)"),
        ([("a", "60", "", "2012"), ("b", "60", "2012", "")], ""),
        ([("a", "60", "", "2012-06-30"), ("b", "60", "2012-06-30", "")], ""),
        ([("a", "60", "", "2012-06-30"), ("b", "60", "2012-06-29", "")], "on 2012-06-29 add up to 120"),
        ([("a", "60", "../2012", ""), ("b", "60", "", "2010")], ""),
        ([("a", "60", "1990/..", ""), ("b", "60", "", "")], ""),
        ([("a", "60", "", "../2000"), ("b", "60", "", "")], ""),
        ([("a", "60", "200X", ""), ("b", "60", "2001", "2009")], ""),
        ([("a", "60", "200X", ""), ("b", "60", "2001", "2010-02")], "on 2009-12-31 add up to 120 (a 60, b 60)"),
        ([("a", "60", "", ""), ("b", "", "", ""), ("c", "40.6", "", "")], "add up to 100.6 (a 60, b ?, c 40.6)"),
    ],
)
def test_direct_shares_add_up_to_at_most_100(stakes: list[tuple[str, str, str, str]], message: str) -> None:
    rows = [stake(owner, "x", share, start, end) for owner, share, start, end in stakes]
    found = messages(check_stakes(table("stakes", *rows)))
    assert len(found) == bool(message)
    assert all(message in one and one.endswith("; correct a share, a date or a basis") for one in found)


def test_stakes_not_held_or_not_direct_are_not_added_up() -> None:
    kinds: list[dict[str, Cell]] = [{"certainty": word} for word in ("former", "planned", "possible", "not-confirmed")]
    rows = [
        stake("a", share="100"),
        *(stake(f"b-{n}", **more) for n, more in enumerate([*kinds, {"basis": "indirect"}])),
    ]
    assert messages(check_stakes(table("stakes", *rows))) == []


@pytest.mark.parametrize(
    ("one", "other", "twice"),
    [
        (("2009", "2012"), ("2011", ""), True),
        (("", ""), ("", ""), True),
        (("2011", "2011"), ("2011", "2011"), True),
        (("", "2011"), ("2011", ""), False),
        (("2009", "2010"), ("2011", ""), False),
        (("2011", ""), ("2009", "2010"), False),
    ],
)
def test_owner_holds_a_stake_only_once_at_a_time(one: tuple[str, str], other: tuple[str, str], twice: bool) -> None:
    rows = [stake("a", "x", "10", *one), stake("b", "x", "10"), stake("a", "x", "10", *other)]
    remedy = "merge the two rows or correct their dates"
    message = f"stakes.csv:4: column 'owner': 'a' already holds 'x' then (line 2); {remedy}"
    assert messages(check_stakes(table("stakes", *rows))) == [message] * twice


def test_two_simultaneous_shares_belong_in_discrepancies() -> None:
    (said,) = messages(check_stakes(table("stakes", stake("a", "x", "20"), stake("a", "x", "25"))))
    assert said.endswith("(line 2); correct their dates; if the source contradicts itself, keep one row and "
                         "give both shares in discrepancies.csv")  # fmt: skip


def test_long_stake_overlaps_with_all_later_ones() -> None:
    rows = [stake("a", "x", "1", "2000", "2012"), stake("a", "x", "1", "2002", "2003"), stake("a", "x", "1", "2005")]
    assert [problem.line for problem in check_stakes(table("stakes", *rows))] == [3, 4]


def test_each_cycle_is_reported_once() -> None:
    pairs = ["ab", "bc", "ca", "cd", "de", "ed", "ff"]
    found = list(check_stakes(table("stakes", *(stake(owner, owned, "5") for owner, owned in pairs))))
    assert {(problem.line, problem.message, problem.remedy) for problem in found if problem.warning} == {
        (4, "'a' owns itself through others: 'a' → 'b' → 'c' → 'a'", "allowed if the source says so"),
        (7, "'d' owns itself through others: 'd' → 'e' → 'd'", "allowed if the source says so"),
    }


def test_stake_is_certain_from_latest_start_to_earliest_end() -> None:
    assert held(CsvRow(2, stake(start="2009-05", end="2012"))) == (date(2009, 5, 31), date(2012, 1, 1))
    assert held(CsvRow(2, stake())) == (date.min, date.max)
    assert held(CsvRow(2, stake(start="1990/..", end="../2000"))) == (date.max, date.min)


shares = st.lists(
    st.tuples(
        st.sampled_from("abcde"),
        st.integers(1, 100),
        st.sampled_from(["", "2009", "2010-03", "2010-03-04", "200X", "2009/2011"]),
        st.sampled_from(["", "2010", "2011-02-03", "2012/2013", "../2011"]),
    ),
    max_size=7,
)


def test_long_lists_are_truncated() -> None:
    many = [stake(f"a-{number}", "x", "20") for number in range(10)]
    ring = [stake(f"b-{number}", f"b-{(number + 1) % 10}", "20") for number in range(10)]
    found = list(check_stakes(table("stakes", *many, *ring)))
    owners = ", ".join(f"a-{number} 20" for number in range(8))
    assert found[0].message == f"direct shares of 'x' at one time add up to 200 ({owners}, … and 2 more)"
    assert found[1].message.endswith("'b-7' → … and 2 more → 'b-0'")


@given(shares)
def test_sums_are_found_by_looking_at_every_day(stakes: list[tuple[str, int, str, str]]) -> None:
    rows = [stake(owner, "x", str(share), start, end) for owner, share, start, end in stakes]
    spans = [(held(CsvRow(2, row)), share) for row, (_, share, _, _) in zip(rows, stakes, strict=True)]
    days = [
        date.min,
        *(date.fromordinal(day) for day in range(date(2008, 1, 1).toordinal(), date(2014, 1, 1).toordinal())),
    ]
    highest = max(sum(share for (first, over), share in spans if first <= day < over) for day in days)
    found = [problem for problem in check_stakes(table("stakes", *rows)) if "add up" in problem.message]
    assert len(found) == (highest > 100)


# --- Names ------------------------------------------------------------------------------------------------


def test_names_with_mixed_alphabets() -> None:
    cyrillic, greek, wide = "Сhinalco", "Αlfa", "Ａlfa"
    rows: list[dict[str, Cell]] = [
        {
            "id": "a",
            "label": f"{cyrillic} Perú",
            "names_as_printed": [f"{greek} {wide}", "株式会社ABC", "Nº 5", "Газпром", "µg"],
        },
        {"id": "b", "names_as_printed": []},
    ]
    found = list(check_names(table("entities", *rows)))
    assert [(problem.column, problem.message) for problem in found] == [
        ("label", f"'{cyrillic}' mixes alphabets (U+0421 CYRILLIC CAPITAL LETTER ES)"),
        ("names_as_printed", f"'{greek}' mixes alphabets (U+0391 GREEK CAPITAL LETTER ALPHA)"),
        ("names_as_printed", f"'{wide}' mixes alphabets (U+FF21 FULLWIDTH LATIN CAPITAL LETTER A)"),
    ]
    assert all(problem.warning and problem.remedy == "type it again in Latin letters" for problem in found)


def test_nearly_identical_names() -> None:
    names = [
        ("a", "Firm", "Hierro Perú"),
        ("b", "Firm", "HIERRO-PERU"),
        ("c", "State", "Hierro Peru"),
        ("d", "Firm", "Hierro Peruano"),
    ]
    things = table(
        "entities",
        *({"id": slug, "type": kind, "label": label} for slug, kind, label in names),
        {"label": "Hierro Perú"},
    )
    assert messages(check_names(things)) == [
        "entities.csv:3: warning: column 'label': 'HIERRO-PERU' is almost the same as the name of 'a'; "
        "if they are the same thing, merge the rows"
    ]
    assert fold("株式会社") == "株式会社"


# --- All checks together ----------------------------------------------------------------------------------


def test_all_problems_are_reported_at_once() -> None:
    reference = source(
        table("concepts", {"scheme": "basis", "slug": "direct"}, {"scheme": "certainty", "slug": "stated"})
    )
    things = entities(a="Firm", b="Frim")
    stakes = table("stakes", stake("a", "a"), stake("a", "b", basis="x", id="a"), expected=3)
    read = Problem("stakes.csv", 9, "", "found while reading", "correct it")
    tiny = Source("tiny", "graph", {"entities": things, "stakes": stakes}, [read])
    found = messages(sorted(check_sources([reference, tiny], TERMS)))
    assert len(found) == 7
    expects = "stakes.csv: warning: 2 rows where csv-metadata.json expects 3 (dc:extent); correct the table"
    for phrase in (
        "no class 'Frim'",
        "owns itself",
        "not in the code list",
        "found while reading",
        "already used",
        "neither the source nor any of its rows has a date",
        expects,
    ):
        assert sum(phrase in one for one in found) == 1, phrase


def test_unreadable_source_is_reported_once() -> None:
    broken = Source("reference", "", {}, [Problem("csv-metadata.json", 0, "", "not JSON", "correct it")])
    tiny = source(table("stakes", stake(citations=["p1"]), expected=7, complete=False))
    assert messages(check_sources([broken, tiny], TERMS)) == ["csv-metadata.json: not JSON; correct it"]

"""Stakes of two sources: each answers on its own, and nothing is added up."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from peru_asia_graph.graph import KnowledgeGraph
from two_sources import build_in, same, source, write_source

FIRMS = {"field": ("HydrocarbonBlock", "North Field"), "owner": ("Firm", "Owner Co.")}
LATER = {"b-field": ("HydrocarbonBlock", "Campo Norte"), "b-owner": ("Firm", "Owner Company S.A.")}
MATCHED = [same("b-field", "field"), same("b-owner", "owner")]


def project(root: Path, first: str, second: str, matches: bool = True) -> KnowledgeGraph:
    """Return a graph in which each of two sources states a share of the owner in the field."""
    one = [{"id": "a-stake", "owner": "owner", "owned": "field", "share_percent": first}]
    two = [{"id": "b-stake", "owner": "b-owner", "owned": "b-field", "share_percent": second}]
    write_source(root, "alpha", source("alpha", FIRMS, one), date="2013-05-08", position=1)
    tables = source("beta", LATER, two, **({"matches": MATCHED} if matches else {}))
    write_source(root, "beta", tables, date="2020-02-26", valid="2020-02-26", position=2)
    return build_in(root)[0]


def shares(graph: KnowledgeGraph, asset: str, **options: str) -> dict[tuple[str, str], Decimal]:
    return {(row["source"], row["owner"]): row["effective_percent"] for row in graph.owners(asset, **options)
            if row["owner"] != "unaccounted for"}  # fmt: skip


def test_the_same_fact_twice_is_not_added_up(tmp_path: Path) -> None:
    graph = project(tmp_path, "25", "25")
    assert shares(graph, "North Field") == {("alpha", "Owner Co."): 25, ("beta", "Owner Co."): 25}
    assert graph.network("ownership").number_of_edges("owner", "field") == 2
    effective = (tmp_path / "exports/tables/effective_ownership.csv").read_text("utf-8").splitlines()[1:]
    assert {line.split(",")[7] for line in effective} == {"25"}


def test_contradicting_shares_stand_side_by_side(tmp_path: Path) -> None:
    graph = project(tmp_path, "25", "40")
    assert shares(graph, "field") == {("alpha", "Owner Co."): 25, ("beta", "Owner Co."): 40}
    assert shares(graph, "field", source="beta") == {("beta", "Owner Co."): 40}
    assert shares(graph.only("alpha"), "field") == {("alpha", "Owner Co."): 25}


def test_more_than_the_whole_in_all_is_no_fault(tmp_path: Path) -> None:
    assert shares(project(tmp_path, "60", "70"), "field") == {
        ("alpha", "Owner Co."): 60, ("beta", "Owner Co."): 70,
    }  # fmt: skip


def test_the_other_spelling_finds_the_matched_thing(tmp_path: Path) -> None:
    graph = project(tmp_path, "25", "40")
    assert graph.names.find("Campo Norte") == graph.names.find("north field") == "field"
    assert list(graph.query("SELECT ?label { id:field rdfs:label ?label }").table()) == [["North Field"]]
    assert not graph.query("ASK { id:b-field ?p ?o }")


def test_without_the_match_they_are_two(tmp_path: Path) -> None:
    graph = project(tmp_path, "25", "40", matches=False)
    assert shares(graph, "field") == {("alpha", "Owner Co."): 25}
    assert shares(graph, "Campo Norte") == {("beta", "Owner Company S.A."): 40}


def test_a_share_stated_without_a_date_is_known_as_of_its_source(tmp_path: Path) -> None:
    graph = project(tmp_path, "25", "40")
    times = {
        year: {row["source"]: row["time"] for row in graph.owners("field", year) if row["owner"] == "Owner Co."}
        for year in (2013, 2020, 2021)
    }
    assert times[2020]["beta"] == "true"
    assert times[2013]["beta"] == times[2021]["beta"] == "not known then"

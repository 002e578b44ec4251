"""Stakes of two sources: each source answers on its own, and shares are not added up."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.holdings.bulk import read_holdings
from peru_asia_graph.ownership.effective import effective_owners
from peru_asia_graph.vocabulary import local, thing
from two_sources import build_in, flat, same, source, write_source

FIRMS = {"field": ("HydrocarbonBlock", "North Field"), "owner": ("Firm", "Owner Co.")}
LATER = {"b-field": ("HydrocarbonBlock", "Campo Norte"), "b-owner": ("Firm", "Owner Company S.A.")}
MATCHED = [same("b-field", "field"), same("b-owner", "owner")]


def project(root: Path, first: str, second: str, matches: bool = True) -> KnowledgeGraph:
    """Return a graph in which two sources each state the owner's share of the field."""
    one = [{"id": "a-stake", "owner": "owner", "owned": "field", "share_percent": first}]
    two = [{"id": "b-stake", "owner": "b-owner", "owned": "b-field", "share_percent": second}]
    write_source(root, "alpha", source("alpha", FIRMS, one), date="2013-05-08", position=1)
    tables = source("beta", LATER, two, **({"matches": MATCHED} if matches else {}))
    write_source(root, "beta", tables, date="2020-02-26", valid="2020-02-26", position=2)
    return build_in(root)[0]


def shares(graph: KnowledgeGraph, asset: str, **options: Any) -> dict[tuple[str, str], Decimal]:
    return {(row["source"], row["owner"]): row["effective_percent"] for row in graph.owners(asset, **options)
            if row["owner"] != "unaccounted for"}  # fmt: skip


@pytest.mark.slow
def test_share_stated_by_both_sources_is_not_added_up(tmp_path: Path) -> None:
    graph = project(tmp_path, "25", "25")
    assert shares(graph, "North Field") == {("alpha", "Owner Co."): 25, ("beta", "Owner Co."): 25}
    assert graph.network("ownership").number_of_edges("owner", "field") == 2
    effective = flat(graph, "effective_ownership")[1:]
    assert {line.split(",")[7] for line in effective} == {"25"}


@pytest.mark.slow
def test_conflicting_shares_are_listed_separately(tmp_path: Path) -> None:
    graph = project(tmp_path, "25", "40")
    assert shares(graph, "field") == {("alpha", "Owner Co."): 25, ("beta", "Owner Co."): 40}
    assert shares(graph, "field", source="beta") == {("beta", "Owner Co."): 40}
    assert shares(graph.only("alpha"), "field") == {("alpha", "Owner Co."): 25}


@pytest.mark.slow
def test_sources_together_may_exceed_100_percent(tmp_path: Path) -> None:
    assert shares(project(tmp_path, "60", "70"), "field") == {
        ("alpha", "Owner Co."): 60, ("beta", "Owner Co."): 70,
    }  # fmt: skip


@pytest.mark.slow
def test_matched_thing_is_found_by_either_name(tmp_path: Path) -> None:
    graph = project(tmp_path, "25", "40")
    assert graph.names.find("Campo Norte") == graph.names.find("north field") == "field"
    assert list(graph.query("SELECT ?label { id:field rdfs:label ?label }").table()) == [["North Field"]]
    assert not graph.query("ASK { id:b-field ?p ?o }")


@pytest.mark.slow
def test_unmatched_things_stay_separate(tmp_path: Path) -> None:
    graph = project(tmp_path, "25", "40", matches=False)
    assert shares(graph, "field") == {("alpha", "Owner Co."): 25}
    assert shares(graph, "Campo Norte") == {("beta", "Owner Company S.A."): 40}

    def of_stakes(name: str, source: str) -> Any:
        return graph.ask("who-owns", asset=name, source=source)

    def of_chains(name: str, source: str) -> Any:
        return graph.between(name, "Owner Co.", source=source)

    for ask in (graph.owners, graph.show, graph.explain, graph.derivation, of_stakes, of_chains):
        with pytest.raises(WrongUse, match=r"'Campo Norte' .* is not in 'alpha'; choose the source 'beta'"):
            ask("Campo Norte", source="alpha")


@pytest.mark.slow
def test_name_is_resolved_within_the_given_source(tmp_path: Path) -> None:
    """Two firms share a name, as do two fields; a third field is in both sources and found by either of its names."""
    for place, (name, share) in enumerate([("alpha", "10"), ("beta", "20")]):
        things = {f"{name}-owner": ("Firm", "Norte"), f"{name}-field": ("HydrocarbonBlock", "North Field"),
                  f"{name}-other": ("HydrocarbonBlock", f"Field of {name}")}  # fmt: skip
        stakes = [
            {
                "id": f"{name}-{field}-stake",
                "owner": f"{name}-owner",
                "owned": f"{name}-{field}",
                "share_percent": share,
            }
            for field in ("field", "other")
        ]
        matches = {"matches": [same("beta-other", "alpha-other")]} if place else {}
        write_source(tmp_path, name, source(name, things, stakes, **matches), date="2020", position=place)
    graph = build_in(tmp_path)[0]
    assert graph.notes("Norte") == ["Norte (alpha-owner) is meant; also called Norte: Norte (beta-owner)"]
    for name, share in (("alpha", 10), ("beta", 20)):
        assert shares(graph, "North Field", source=name) == shares(graph.only(name), "North Field")
        assert shares(graph, "North Field", source=name) == {(name, "Norte"): share}
        assert [row["share_percent"] for row in graph.ask("who-owns", asset="North Field", source=name)] == [share]
        assert graph.show("North Field", source=name).slug == f"{name}-field"
        for called in ("Field of alpha", "Field of beta", "alpha-other", "beta-other"):
            assert shares(graph, called, source=name) == {(name, "Norte"): share}, called


@pytest.mark.slow
def test_undated_share_is_known_at_the_date_of_its_source(tmp_path: Path) -> None:
    graph = project(tmp_path, "25", "40")
    times = {
        year: {row["source"]: row["time"] for row in graph.owners("field", year) if row["owner"] == "Owner Co."}
        for year in (2013, 2020, 2021)
    }
    assert times[2020]["beta"] == "true"
    assert times[2013]["beta"] == times[2021]["beta"] == "not known then"


BOUNDED = [
    {"id": "a-stake", "owner": "owner", "owned": "field", "share_low": "25", "share_high": "50"},
    {"id": "a-more", "owner": "more", "owned": "field", "share_low": "10"},
    {"id": "a-less", "owner": "less", "owned": "field", "share_high": "5"},
    {"id": "a-far", "owner": "far", "owned": "field", "share_low": "1", "share_high": "2", "basis": "indirect"},
]


def test_bounds_are_shown_wherever_a_stake_appears(tmp_path: Path) -> None:
    firms = {one: ("Firm", f"{one.title()} Co.") for one in ("more", "less", "far")}
    write_source(tmp_path, "alpha", source("alpha", FIRMS | firms, BOUNDED), date="2013", valid="2013")
    graph = build_in(tmp_path)[0]
    told = {"Owner Co.": "25 to 50 %", "More Co.": "at least 10 %", "Less Co.": "at most 5 %", "Far Co.": "1 to 2 %"}
    held = next(section for section in graph.show("field").sections if section.title == "Held by")
    assert {fact["owner"]: fact["share_bounds"] for fact in held.facts} == told
    assert {graph.show(one).head["label"] for one in ("a-stake", "a-more", "a-less")} == {
        "Owner Co. holds 25 to 50 % of North Field", "More Co. holds at least 10 % of North Field",
        "Less Co. holds at most 5 % of North Field",
    }  # fmt: skip
    (row,) = graph.ask("owned-by", owner="owner")
    assert (row["share_percent"], row["share_low"], row["share_high"]) == (None, 25, 50)
    (row,) = graph.ask("joint-ventures")
    assert row["owners"].split("; ") == [
        "Less Co. at most 5 %", "More Co. at least 10 %", "Owner Co. 25 to 50 %"
    ]  # fmt: skip


def test_explanation_shows_the_bounds_of_each_stake(tmp_path: Path) -> None:
    firms = {one: ("Firm", f"{one.title()} Co.") for one in ("more", "less", "far", "top")}
    above = [{"id": "a-top", "owner": "top", "owned": "owner", "share_percent": "80"}]
    write_source(tmp_path, "alpha", source("alpha", FIRMS | firms, BOUNDED + above), date="2013", valid="2013")
    text = build_in(tmp_path)[0].explain("field")
    for line in ("25 to 50 % of", "10 to 100 % of", "0 to 5 % of", "stated as indirect: 1 to 2 %", "= 20 to 40 %"):
        assert f"  {line}" in text


@pytest.mark.slow
def test_combined_share_lies_between_the_stated_values(tmp_path: Path) -> None:
    """25 in one source and 40 in the other give 25 to 40, not 0 to 40."""
    assert "  25 to 40 % of North Field" in project(tmp_path, "25", "40").explain("field", combine=True)


def test_bounds_and_shares_over_100_percent_in_one_source(tmp_path: Path) -> None:
    """At least 50 plus 70 exceeds 100: a warning, and neither is certain; "at least 50" may still be 100."""
    rows = [{"id": "a-more", "owner": "more", "owned": "field", "share_low": "50"},
            {"id": "a-stake", "owner": "owner", "owned": "field", "share_percent": "70"}]  # fmt: skip
    write_source(tmp_path, "alpha", source("alpha", FIRMS | {"more": ("Firm", "More Co.")}, rows), date="2013",
                 valid="2013")  # fmt: skip
    graph, report = build_in(tmp_path)
    assert ["add up to 120 (more 50, owner 70)" in one.message for one in report.warnings] == [True]
    columns = ("direct_percent", "effective_low", "effective_high")
    told = {row["owner"]: tuple(row[name] for name in columns) for row in graph.owners("field")}
    assert (told["More Co."], told["Owner Co."]) == ((None, 0, 100), (None, 0, 70))
    assert told["sum of direct shares (over 100 %)"] == (120, None, None)
    found = effective_owners(read_holdings(graph.store, 2013)[0], thing("field")).shares
    assert {local(str(one)): (share.low, share.high) for one, share in found.items()} == {
        "more": (0, 100),
        "owner": (0, 70),
    }


@pytest.mark.slow
def test_combined_chain_crosses_sources(tmp_path: Path) -> None:
    """80 % of a firm in one source, and its 50 % of the field in the other, make 40 %, which neither states."""
    above = [{"id": "a-stake", "owner": "top", "owned": "owner", "share_percent": "80"}]
    below = [{"id": "b-stake", "owner": "b-owner", "owned": "b-field", "share_percent": "50"}]
    things = {"top": ("Firm", "Top Co."), "owner": FIRMS["owner"]}
    write_source(tmp_path, "alpha", source("alpha", things, above), date="2020", valid="2020", position=1)
    tables = source("beta", LATER, below, matches=MATCHED[1:])
    write_source(tmp_path, "beta", tables, date="2020", valid="2020", position=2)
    graph = build_in(tmp_path)[0]
    assert shares(graph, "b-field") == {("beta", "Owner Co."): 50}
    assert shares(graph, "b-field", combine=True) == {("alpha+beta", "Owner Co."): 50, ("alpha+beta", "Top Co."): 40}
    held = {row["asset"]: row["effective_percent"] for row in graph.holdings("top", combine=True)}
    assert held == {"Owner Co.": 80, "Campo Norte": 40}
    assert "80 % of Owner Co.  [Alpha p. 1 ¶1]\n  × 50 % of Campo Norte  [Beta p. 1 ¶1]\n  = 40 %" in graph.explain(
        "b-field", combine=True
    )


@pytest.mark.slow
def test_combined_total_over_100_percent_is_reported(tmp_path: Path) -> None:
    """Each source names a different owner with 60 % on the same day: 120 % in total, so neither is certain."""
    things = {**LATER, "b-owner": ("Firm", "Another Co.")}
    for name, named, row, rest in (
        ("alpha", FIRMS, {"id": "a-stake", "owner": "owner", "owned": "field"}, {}),
        ("beta", things, {"id": "b-stake", "owner": "b-owner", "owned": "b-field"}, {"matches": MATCHED[:1]}),
    ):
        tables = source(name, named, [{**row, "share_percent": "60"}], **rest)
        write_source(tmp_path, name, tables, date="2020-02-26", valid="2020-02-26")
    graph = build_in(tmp_path)[0]
    told = {row["owner"]: row["direct_percent"] for row in graph.owners("field", combine=True)}
    assert told["sum of direct shares (over 100 %)"] == 120
    assert "sum of direct shares (over 100 %): 120 %" in graph.explain("field", combine=True)
    assert [row["owner"] for row in graph.owners("field") if "more than" in str(row["owner"])] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("one", "other", "kind", "values"),
    [
        # The start page must not read these bounds as a number.
        ({"share_low": "25", "share_high": "50"}, {"share_percent": "60"}, "value", ("25-50", "60")),
        ({"share_low": "25", "share_high": "50"}, {"share_percent": "30"}, "refines", ("25-50", "30")),
        ({"share_low": "25"}, {"share_percent": "60"}, "refines", ("25-100", "60")),
        ({"share_high": "30"}, {"share_percent": "60"}, "value", ("0-30", "60")),
        ({"share_low": "25"}, {"share_high": "30"}, "refines", ("25-100", "0-30")),
        ({"share_low": "50"}, {"share_high": "30"}, "value", ("50-100", "0-30")),
    ],
)
def test_bounds_are_compared_across_sources(
    tmp_path: Path, one: dict[str, str], other: dict[str, str], kind: str, values: tuple[str, str]
) -> None:
    """A share of at least 25 can be 60; one of at most 30 cannot."""
    first = [{"id": "a-stake", "owner": "owner", "owned": "field", **one}]
    second = [{"id": "b-stake", "owner": "b-owner", "owned": "b-field", **other}]
    write_source(tmp_path, "alpha", source("alpha", FIRMS, first), date="2013-05-08", position=1)
    write_source(tmp_path, "beta", source("beta", LATER, second, matches=MATCHED), date="2020-02-26", position=2)
    (row,) = build_in(tmp_path)[0].differences("North Field")
    assert (row["kind"], row["value_a"], row["value_b"]) == (kind, *values)


def test_source_with_owners_only_at_other_times_is_named(tmp_path: Path) -> None:
    """Beta covers up to 2020 and states one stake, until May 2015; alpha's stake has no dates."""
    ended = {"id": "b-stake", "owner": "b-owner", "owned": "b-field", "share_percent": "25", "valid_until": "2015-05"}
    one = [{"id": "a-stake", "owner": "owner", "owned": "field", "share_percent": "30"}]
    write_source(tmp_path, "alpha", source("alpha", FIRMS, one), date="2013", position=1)
    write_source(tmp_path, "beta", source("beta", LATER, [ended], matches=MATCHED), date="2020", position=2)
    graph = build_in(tmp_path)[0]
    note = "beta states owners of North Field only for other times than 2020, such as 2015"
    assert graph.owners("field").notes == [note]
    assert graph.owners("field", source="beta").notes == [note]
    assert f"no owner stated\n({note})\n" in graph.explain("field")
    assert graph.holdings("owner", 2016).notes == [
        "beta states stakes of Owner Co. only for other times than 2016, such as 2015"
    ]
    assert graph.control("owner", 2016).notes == graph.holdings("owner", 2016).notes
    assert graph.ties(asset="field").notes == [note]
    assert graph.ties(asset="field", year=2015).notes == []
    assert graph.owners("field", 2015).notes == []
    assert graph.owners("field", 2014, combine=True).notes == []


@pytest.mark.slow
@pytest.mark.parametrize(("dates", "year"), [({"valid_from": "2016"}, 2012), ({"valid_until": "2010"}, 2012)])
def test_combined_share_may_not_be_held_before_the_start_or_after_the_end(
    tmp_path: Path, dates: dict[str, str], year: int
) -> None:
    """Alpha states 25 without dates, beta that it began later or had ended."""
    one = [{"id": "a-stake", "owner": "owner", "owned": "field", "share_percent": "25"}]
    two = [{"id": "b-stake", "owner": "b-owner", "owned": "b-field", "share_percent": "25", **dates}]
    write_source(tmp_path, "alpha", source("alpha", FIRMS, one), date="2013", position=1)
    write_source(tmp_path, "beta", source("beta", LATER, two, matches=MATCHED), date="2020", position=2)
    row = next(iter(build_in(tmp_path)[0].owners("field", year, combine=True)))
    assert (row["effective_low"], row["effective_high"], row["time"]) == (0, 25, "not known then")


@pytest.mark.slow
def test_combined_answer_without_an_owner_names_the_asset(tmp_path: Path) -> None:
    """Both stakes ended in 2010; nothing links the pit."""
    ended = {"id": "a-stake", "owner": "owner", "owned": "field", "share_percent": "25", "valid_until": "2010"}
    pit = {"pit": ("MiningProject", "South Pit")}
    write_source(tmp_path, "alpha", source("alpha", FIRMS | pit, [ended]), date="2013", position=1)
    other = ended | {"id": "b-stake", "owner": "b-owner", "owned": "b-field"}
    write_source(tmp_path, "beta", source("beta", LATER, [other], matches=MATCHED), date="2020", position=2)
    graph = build_in(tmp_path)[0]
    for slug, label in (("field", "North Field"), ("pit", "South Pit")):
        (row,) = graph.owners(slug, 2013, combine=True)
        assert (row["owner"], row["asset"]) == ("no owner stated", label)
        assert f"\n{label}, 2013\n" in graph.explain(slug, 2013, combine=True)

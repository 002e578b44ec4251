"""Differences between sources: values, dates, silence, levels and later times, each with both statements."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from card_texts import card_of, sections
from page_data import data_of, make_pages
from peru_asia_graph.audit.differences import (
    Difference,
    SourceStake,
    SourceValue,
    compare_dates,
    compare_numbers,
    compare_stakes,
    compare_values,
)
from peru_asia_graph.audit.statements import compare_agreement
from peru_asia_graph.build.differences import slug_of
from peru_asia_graph.errors import BadInput
from peru_asia_graph.paths import shipped_project
from peru_asia_graph.query.differences import compact
from peru_asia_graph.store.results import from_rows
from two_sources import build_in, flat, same, source, write_source

THINGS = {
    "field": ("HydrocarbonBlock", "North Field"), "owner": ("Firm", "Owner Co."), "parent": ("Firm", "Parent Co."),
    "seller": ("Firm", "Seller Co."), "pact": ("FreeTradeAgreement", "The pact"), "here": ("State", "Here"),
}  # fmt: skip
ALPHA = [
    {"id": "a1", "owner": "owner", "owned": "field", "share_percent": "11.6"},
    {"id": "a2", "owner": "parent", "owned": "field", "share_percent": "40"},
    {"id": "a3", "owner": "seller", "owned": "field", "share_percent": "20"},
]
BETA = [
    {"id": "b1", "owner": "b-owner", "owned": "b-field", "share_percent": "11.7"},
    {"id": "b2", "owner": "b-child", "owned": "b-field", "share_percent": "40"},
    {"id": "b3", "owner": "b-buyer", "owned": "b-field", "share_percent": "20", "valid_from": "2016"},
]
NAMES = {
    "b-field": ("HydrocarbonBlock", "Campo Norte"), "b-owner": ("Firm", "Owner Company"),
    "b-child": ("Firm", "Child Co."), "b-parent": ("Firm", "Parent"), "b-buyer": ("Firm", "Buyer Co."),
    "b-pact": ("FreeTradeAgreement", "Pact"), "b-here": ("State", "Here"),
}  # fmt: skip


@pytest.mark.slow
def test_each_kind_of_difference_is_found(tmp_path: Path) -> None:
    agreement = {"parties": "here", "status": "signed", "citations": "alpha-p1"}
    write_source(
        tmp_path, "alpha",
        source("alpha", THINGS, ALPHA, agreements=[{"id": "pact", "signed_on": "2009", "in_force_on": "2010-03-01",
                                                    **agreement}]),
        date="2013", position=1,
    )  # fmt: skip
    relation = {"id": "b-r", "subject": "b-child", "relation": "subsidiaryOf", "object": "b-parent",
                "certainty": "stated", "citations": "beta-p1"}  # fmt: skip
    pact = {"id": "b-pact", "signed_on": "2009-04-28", "in_force_on": "2011", **agreement, "parties": "b-here",
            "citations": "beta-p1"}  # fmt: skip
    matches = [same(f"b-{name}", name) for name in ("field", "owner", "parent", "pact", "here")]
    tables = source("beta", NAMES, BETA, relations=[relation], agreements=[pact], matches=matches)
    write_source(tmp_path, "beta", tables, date="2020", position=2)
    graph = build_in(tmp_path)[0]
    found = {(row["property"], row["kind"]): (row["value_a"], row["value_b"]) for row in graph.ask("differences-about",
             thing="North Field")}  # fmt: skip
    assert found[("sharePercent", "value")] == ("11.6", "11.7")
    assert found[("owner", "level")] == ("40", "40")
    assert found[("owner", "silent")] == ("20", None)
    assert found[("owner", "later")] == (None, "20")
    assert len(found) == 4
    # Differences of an owner are found whichever source names it.
    for owner, kind in (("Seller Co.", "silent"), ("Buyer Co.", "later")):
        for answer in (graph.differences(owner), graph.ask("differences-about", thing=owner)):
            assert [(row["kind"], row["about"]) for row in answer] == [(kind, "North Field")]
    dates = {(row["property"], row["kind"]): (row["value_a"], row["value_b"])
             for row in graph.ask("differences-about", thing="The pact")}  # fmt: skip
    assert dates == {("signedOn", "refines"): ("2009", "2009-04-28"), ("inForceOn", "date"): ("2010-03-01", "2011")}
    table = flat(graph, "differences")
    assert len(table) == 1 + 6
    told = {(row["property"], row["kind"]): row for row in compact(graph.differences())}
    dates, shares = told["in force on", "date"], told["share percent", "value"]
    assert (dates["one_source"], dates["other_source"]) == ("2010-03-01 (alpha)", "2011 (beta)")
    assert shares["one_source"] == "Owner Co. holds 11.6 % of North Field (alpha)"
    assert told["owner", "silent"]["other_source"] == "nothing (beta)"


@pytest.mark.slow
def test_difference_ids_do_not_depend_on_source_order(tmp_path: Path) -> None:
    """Otherwise reordering the sources would orphan recorded decisions."""
    names = {name: NAMES[name] for name in ("b-field", "b-owner", "b-buyer", "b-pact", "b-here")}
    matches = [same(f"b-{name}", name) for name in ("field", "owner", "pact", "here")]
    for order in (1, -1):
        root = tmp_path / str(order)
        pacts = {name: [{"id": slug, "parties": party, "signed_on": day, "citations": f"{name}-p1"}]
                 for name, slug, party, day in (("alpha", "pact", "here", "2009"), ("beta", "b-pact", "b-here", "2010"))
                 }  # fmt: skip
        write_source(root, "alpha", source("alpha", THINGS, ALPHA[::2], agreements=pacts["alpha"]), position=1)
        tables = source("beta", names, BETA[::2], agreements=pacts["beta"], matches=matches)
        write_source(root, "beta", tables, position=1 + order)
        assert {line.split(",")[0] for line in flat(build_in(root)[0], "differences")[1:]} == {
            "difference--owner--a3--not-in-beta", "difference--owner--not-in-alpha--b3",
            "difference--sharepercent--a1--b1", "difference--signedon--pact--b-pact",
        }  # fmt: skip


@pytest.mark.slow
def test_each_difference_among_three_sources_cites_its_two(tmp_path: Path) -> None:
    """Two sources give the same day, the third the year before: three pairs, each with two citations."""
    for place, (name, day) in enumerate([("alpha", "2009-04-28"), ("beta", "2009-04-28"), ("gamma", "2008")]):
        things = {f"{name}-pact": ("FreeTradeAgreement", "The pact"), f"{name}-here": ("State", "Here")}
        pact = {"id": f"{name}-pact", "parties": f"{name}-here", "signed_on": day, "citations": f"{name}-p1"}
        matches = [same(f"{name}-{one}", f"alpha-{one}") for one in ("pact", "here")] if place else []
        tables = source(name, things, agreements=[pact], **({"matches": matches} if matches else {}))
        write_source(tmp_path, name, tables, date="2020", position=place)
    graph = build_in(tmp_path)[0]
    expected = {
        ("agrees", "Alpha p. 1 ¶1; Beta p. 1 ¶1"), ("date", "Alpha p. 1 ¶1; Gamma p. 1 ¶1"),
        ("date", "Beta p. 1 ¶1; Gamma p. 1 ¶1"),
    }  # fmt: skip
    assert {(row["kind"], row["citations"]) for row in graph.differences()} == expected
    cited = {one.rsplit(",", 1)[1] for one in flat(graph, "differences")}
    assert cited == {"citations", "alpha-p1;beta-p1", "alpha-p1;gamma-p1", "beta-p1;gamma-p1"}
    by_source = {name: len(graph.differences(source=name)) for name in ("alpha", "beta", "gamma")}
    assert by_source == {"alpha": 2, "beta": 2, "gamma": 2}
    for names, number in ((("alpha",), 2), (("alpha", "beta"), 3)):
        assert len(graph.only(*names).differences()) == len(flat(graph.only(*names), "differences")) - 1 == number


@pytest.mark.parametrize(
    ("unsaid", "expected"),
    [
        # The second source's date may be its entry into force, which is already compared.
        ("2011", [("inForceOn", "date", "2010-03-01", "2011")]),
        ("2009-04", [("inForceOn", "date", "2010-03-01", "2011"), ("signedOn", "refines", "2009-04-28", "2009-04")]),
        ("1999", [("inForceOn", "date", "2010-03-01", "2011"), ("signedOn", "date", "2009-04-28", "1999")]),
    ],
)
def test_date_of_unstated_meaning_does_not_displace_a_known_one(unsaid: str, expected: list[tuple[str, ...]]) -> None:
    """One source has signature and entry into force, the other entry into force and a date of unstated meaning."""
    said = {"a": {"signedOn": "2009-04-28", "inForceOn": "2010-03-01"}, "b": {"inForceOn": "2011", "date": unsaid}}
    one, other = ({what: SourceValue(name, "pact", day) for what, day in dates.items()} for name, dates in said.items())
    found = sorted(compare_agreement("pact", one, other), key=lambda each: each.property)
    told = [(each.property, each.kind, each.one.value, each.other.value) for each in found if each.one and each.other]
    assert told == expected and len({slug_of(each, {}) for each in found}) == len(found)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"date": "2009"}, {"date": "2010"}, [("date", "date", "2009", "2010")]),
        ({"date": "2009"}, {"date": "2009-04"}, [("date", "refines", "2009", "2009-04")]),
        # The first source's date is the signature stated by the second, whose other date does not matter.
        ({"date": "2009"}, {"date": "2010", "signedOn": "2009"}, [("signedOn", "agrees", "2009", "2009")]),
        # Both of the second's dates are as close.
        ({"date": "2009"}, {"date": "2009-04", "inForceOn": "2009-04-28"}, [("date", "refines", "2009", "2009-04")]),
        # The first's date may be its end, which is compared; the second's may be the first's signature.
        (
            {"signedOn": "2009", "endedOn": "2009", "date": "2009"},
            {"endedOn": "2011", "date": "2009"},
            [("endedOn", "date", "2009", "2011"), ("signedOn", "agrees", "2009", "2009")],
        ),
    ],
)
def test_dates_of_unstated_meaning_are_compared_once(
    one: dict[str, str], other: dict[str, str], expected: list[tuple[str, ...]]
) -> None:
    a, b = ({what: SourceValue(name, "pact", day) for what, day in said.items()}
            for name, said in (("a", one), ("b", other)))  # fmt: skip
    for first, second in ((a, b), (b, a)):
        told = [(each.property, each.kind, *(said.value for said in (each.one, each.other) if said))
                for each in compare_agreement("pact", first, second)]  # fmt: skip
        assert told == [(name, kind, *(values if first is a else values[::-1])) for name, kind, *values in expected]


@pytest.mark.slow
def test_amounts_are_compared_across_unit_scales(tmp_path: Path) -> None:
    """12.8 million t matches 12,783 thousand t; US$ 500 million is not US$ 0.6 billion; percent is not a count."""
    said = {
        "alpha": [
            ("output", "12.8", "million-tonnes"),
            ("ore-reserves", "500", "usd-million"),
            ("grade", "7", "percent"),
        ],
        "beta": [
            ("output", "12783", "thousand-tonnes"),
            ("ore-reserves", "0.6", "usd-billion"),
            ("grade", "8", "count"),
        ],
    }
    for place, (name, figures) in enumerate(said.items()):
        rows = [{"id": f"{name}-{measure}", "dataset": "gem-iron-ore-mines", "subject": f"{name}-mine",
                 "measure": measure,
                 "period": "2022", "value": value, "unit": unit, "qualifier": "exact", "citations": f"{name}-p1"}
                for measure, value, unit in figures]  # fmt: skip
        matches = {"matches": [same("beta-mine", "alpha-mine")]} if place else {}
        tables = source(name, {f"{name}-mine": ("MiningProject", "A Mine")}, observations=rows, **matches)
        write_source(tmp_path, name, tables, date="2024", position=place)
    graph = build_in(tmp_path)[0]
    assert {(row["kind"], row["value_a"], row["value_b"]) for row in graph.differences()} == {
        ("refines", "12.8 million tonnes", "12783 thousand tonnes"),
        ("value", "500 million US dollars", "0.6 billion US dollars"),
    }
    told = "A Mine: output, 2022: 12.8 million tonnes (Alpha) / 12783 thousand tonnes (Beta)"
    assert told in graph.show("A Mine").render("json")


@pytest.mark.slow
def test_printed_zeros_show_precision(tmp_path: Path) -> None:
    """25.0 cannot be 25.3, but 25 can; nor can 8.0 be 8.3, as 8.0 is stated to be exact to a tenth."""
    stakes = {
        "alpha": [("owner", "25.0", "25.0%"), ("seller", "25", "25%")],
        "beta": [("owner", "25.3", ""), ("seller", "25.3", "25.3%")],
    }
    for place, (name, told) in enumerate(stakes.items()):
        things = {f"{name}-{one}": THINGS[one] for one in ("field", "owner", "seller")}
        rows = [{"id": f"{name}-{owner}-stake", "owner": f"{name}-{owner}", "owned": f"{name}-field",
                 "share_percent": share, "share_printed": printed} for owner, share, printed in told]  # fmt: skip
        figures = [{"id": f"{name}-{year}", "dataset": "gem-iron-ore-mines", "subject": f"{name}-field",
                    "measure": "output", "period": year, "value": value, "unit": "thousand-tonnes",
                    "precision": digit, "qualifier": "exact", "citations": f"{name}-p1"}
                   for year, value, digit in (("2022", ("8.0", "8.3")[place], "0.1"),
                                              ("2023", ("700", "745")[place], ("100", "1")[place]))]  # fmt: skip
        matches = {"matches": [same(one, one.replace("beta", "alpha")) for one in things]} if place else {}
        write_source(tmp_path, name, source(name, things, rows, observations=figures, **matches), date="2024",
                     position=place)  # fmt: skip
    assert {
        (row["kind"], row["value_a"], row["value_b"], row["says_a"]) for row in build_in(tmp_path)[0].differences()
    } == {
        ("value", "25", "25.3", "Owner Co. holds 25 % of North Field"),
        ("refines", "25", "25.3", "Seller Co. holds 25 % of North Field"),
        ("value", "8", "8.3", "North Field: output, 2022"),
        ("refines", "700", "745", "North Field: output, 2023"),
    }


def test_figure_is_shown_with_its_name() -> None:
    """Two sources print 5 and 6 for a mine's output; the statement names the figure, not its value."""
    sides = [f"{what}_{one}" for one in "ab" for what in ("source", "value", "says")]
    header = ["kind", "about", "property", *sides, "citations"]
    name = "Mine: output, 2012"
    row = compact(from_rows(header, [["value", "Mine", "value", "alpha", "5", name, "beta", "6", name, "p. 1"]]))
    assert [(one["one_source"], one["other_source"]) for one in row] == [
        ("Mine: output, 2012: 5 (alpha)", "Mine: output, 2012: 6 (beta)")
    ]


def test_successive_shares_are_compared_period_by_period() -> None:
    """60 until 2012, then 30 in both sources: agreement. With 35 in the second, only that share differs."""

    def history(source: str, after: str) -> list[SourceStake]:
        said = [
            SourceValue(source, f"{source}1", "60", latest="2012-12-31"),
            SourceValue(source, f"{source}2", after, "2012-01-01"),
        ]
        return [SourceStake("owner", "field", "direct", one) for one in said]

    def told(after: str) -> set[tuple[str, str, str]]:
        found = compare_stakes(history("a", "30"), history("b", after), {})
        return {(one.kind, one.one.value, one.other.value) for one in found if one.one and one.other}

    assert told("30") == {("agrees", "60", "60"), ("agrees", "30", "30")}
    assert told("35") == {("agrees", "60", "60"), ("value", "30", "35")}


def test_share_without_a_counterpart_is_compared_with_all_shares_of_the_other_source() -> None:
    """Since 2005 the first source states 60, since 2015 50; the second still states 60 in 2020, as in 2010."""
    first = [SourceStake("owner", "field", "direct", SourceValue("a", f"a{since}", share, f"{since}-01-01"))
             for since, share in ((2005, "60"), (2015, "50"))]  # fmt: skip
    second = [SourceStake("owner", "field", "direct",
                          SourceValue("b", f"b{year}", "60", f"{year}-01-01", f"{year}-12-31"))
              for year in (2010, 2020)]  # fmt: skip
    for one, other in ((first, second), (second, first)):
        found = compare_stakes(one, other, {})
        told = {tuple(sorted(each.statement for each in (diff.one, diff.other) if each)): diff.kind for diff in found}
        assert told == {("a2005", "b2010"): "agrees", ("a2005", "b2020"): "agrees", ("a2015", "b2010"): "later",
                        ("a2015", "b2020"): "value"}  # fmt: skip


@pytest.mark.parametrize(
    ("whole", "parts", "kinds"),
    [
        ("60", ["30", "30"], ["refines", "refines"]),
        ("65", ["11.2", "30.1", "23.6"], ["refines"] * 3),  # 64.9
        ("60", ["30", "20"], ["value", "value"]),
        ("60", ["30", ""], ["value", "refines"]),  # the other branch may hold 30 or more
        ("66.6", ["33", "33"], ["refines", "refines"]),  # printed without decimals: 65 to 67 in total
        ("60", ["30", "20-40"], ["refines", "refines"]),
        ("60", ["30", "20-25"], ["value", "value"]),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_share_of_a_firm_is_compared_with_the_sum_of_its_branches(
    whole: str, parts: list[str], kinds: list[str], turned: bool
) -> None:
    """The branches in one source are matched with a single firm in the other."""
    one = [SourceStake("owner", "field", "direct", SourceValue("a", "a1", whole))]
    other = [
        SourceStake("owner", "field", "direct", SourceValue("b", f"b{at}", share)) for at, share in enumerate(parts)
    ]
    found = compare_stakes(other, one, {}) if turned else compare_stakes(one, other, {})
    assert [each.kind for each in found] == kinds


@pytest.mark.parametrize("turned", [False, True])
def test_planned_share_is_not_added_to_the_share_held(turned: bool) -> None:
    """30 held and 30 more planned is not the 60 of the other source."""
    one = [SourceStake("owner", "field", "direct", SourceValue("a", "a1", "60"))]
    other = [SourceStake("owner", "field", "direct", SourceValue("b", f"b{unsure}", "30", unsure=unsure))
             for unsure in (False, True)]  # fmt: skip
    found = compare_stakes(other, one, {}) if turned else compare_stakes(one, other, {})
    assert [each.kind for each in found] == ["value", "refines"]


def test_former_and_current_shares_do_not_conflict() -> None:
    stakes = [SourceStake("owner", "field", "direct", SourceValue(name, name, share, former=name == "a"))
              for name, share in (("a", "50"), ("b", "70"))]  # fmt: skip
    assert [one.kind for one in compare_stakes(stakes[:1], stakes[1:], {})] == ["later"]


@pytest.mark.parametrize(("until", "kind"), [("2005-12-31", "later"), ("", "level")])
def test_owner_and_its_parent_at_different_times_are_not_at_different_levels(until: str, kind: str) -> None:
    firm = SourceStake("firm", "field", "direct", SourceValue("a", "a1", "60", latest=until))
    parent = SourceStake("parent", "field", "direct",
                         SourceValue("b", "b1", "60", begun="2020-12-31", not_ended="2020-01-01"))  # fmt: skip
    for one, other in ((firm, parent), (parent, firm)):
        assert [found.kind for found in compare_stakes([one], [other], {"firm": {"parent"}})] == [kind]


@pytest.mark.parametrize(
    ("gone", "kind"),
    [
        ({"latest": "2005-12-31"}, "later"),  # the other source speaks of 2020
        ({"former": True}, "later"),
        ({"latest": "2020-06-30"}, "silent"),
        ({"latest": "2005-12-31", "last_day": "2013-12-31", "not_ended": "2005-01-01"}, "later"),
        ({}, "silent"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_owner_named_by_one_source_for_an_earlier_time_is_not_missing_in_the_other(
    gone: dict[str, Any], kind: str, turned: bool
) -> None:
    """Both sources name the owner of today; only the first names the one before."""
    today = {"begun": "2020-12-31", "not_ended": "2020-01-01"}
    first = [SourceStake("now", "field", "direct", SourceValue("a", "a1", "80", **today)),
             SourceStake("before", "field", "direct", SourceValue("a", "a2", "20", **gone))]  # fmt: skip
    other = [SourceStake("now", "field", "direct", SourceValue("b", "b1", "80", **today))]
    found = compare_stakes(other, first, {}) if turned else compare_stakes(first, other, {})
    assert [one.kind for one in found] == ["agrees", kind]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("shares", "unsure", "kind"),
    [
        (("70", "70"), (True, False), "refines"),  # planned by one source, held according to the other
        (("", ""), (True, False), "refines"),
        (("60", "70"), (True, False), "refines"),
        (("70", "70"), (True, True), "agrees"),
        (("60", "70"), (True, True), "value"),  # two plans
    ],
)
def test_plan_does_not_agree_with_a_holding(
    shares: tuple[str, str], unsure: tuple[bool, bool], kind: str, turned: bool
) -> None:
    one, other = ([SourceStake("firm", "port", "direct", SourceValue(name, f"{name}1", share, unsure=is_plan))]
                  for name, share, is_plan in zip("ab", shares, unsure, strict=True))  # fmt: skip
    (found,) = compare_stakes(other, one, {}) if turned else compare_stakes(one, other, {})
    assert found.kind == kind


@pytest.mark.slow
def test_planned_or_possible_stake_does_not_conflict_with_a_held_one(tmp_path: Path) -> None:
    """One source states 6; the other gives 5 as planned, announced, possible or reported."""
    owners = {"planned": "is to hold", "announced": "is to hold", "possible": "may hold", "reported": "holds"}
    things = {"field": THINGS["field"], **{f"{one}-co": ("Firm", one.title()) for one in owners}}
    for place, (name, share) in enumerate((("alpha", "5"), ("beta", "6"))):
        stakes = [{"id": f"{name}-{one}", "owner": f"{name}-{one}-co", "owned": f"{name}-field", "share_percent": share,
                   "certainty": "stated" if place else one} for one in owners]  # fmt: skip
        named = {f"{name}-{slug}": about for slug, about in things.items()}
        matches = {"matches": [same(f"beta-{slug}", f"alpha-{slug}") for slug in things]} if place else {}
        write_source(tmp_path, name, source(name, named, stakes, **matches), date="2020", position=place)
    graph = build_in(tmp_path)[0]
    found = {row["says_a"]: row["kind"] for row in graph.differences()}
    assert found == {
        f"{one.title()} {verb} 5 % of North Field": "value" if one == "reported" else "refines"
        for one, verb in owners.items()
    }
    assert card_of(graph, "alpha-planned").heading.replace("\xa0", " ") == "Planned is to hold 5 % of North Field"
    assert card_of(graph, "alpha-announced", "es").heading.startswith("Announced ha de poseer 5")


@pytest.mark.slow
def test_starts_and_ends_with_an_open_bound_are_compared_as_dates(tmp_path: Path) -> None:
    """The stakes agree; "by 2015" contradicts "from 2016-05", and "until 2012" contradicts "until 2015 or later"."""
    things = {"field": THINGS["field"], "mine": ("MiningProject", "Mine"), "owner": THINGS["owner"]}
    dates = {"field": ("valid_from", "[..2015]", "2016-05"), "mine": ("valid_until", "2012", "[2015..]")}
    for place, name in enumerate(("alpha", "beta")):
        stakes = [{"id": f"{name}-{asset}-stake", "owner": f"{name}-owner", "owned": f"{name}-{asset}",
                   "share_percent": "60", column: said[place]} for asset, (column, *said) in dates.items()]  # fmt: skip
        named = {f"{name}-{slug}": about for slug, about in things.items()}
        matches = {"matches": [same(f"beta-{slug}", f"alpha-{slug}") for slug in things]} if place else {}
        write_source(tmp_path, name, source(name, named, stakes, **matches), date="2020", position=place)
    lines = flat(build_in(tmp_path)[0], "differences")
    found = {(row["subject"], row["property"]): row["kind"] for row in csv.DictReader(lines)}
    assert found == {
        ("alpha-field", "sharePercent"): "agrees", ("alpha-field", "validFrom"): "date",
        ("alpha-mine", "sharePercent"): "agrees", ("alpha-mine", "validUntil"): "date",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        # One source says it ended in 2010, the other that it was held in 2020, or from 2005.
        ({"latest": "2010-12-31"}, {"not_ended": "2020-01-01", "begun": "2020-01-01"}, "later"),
        ({"latest": "2010-12-31"}, {"earliest": "2005-01-01", "begun": "2005-12-31"}, "agrees"),
        (
            {"latest": "2010-12-31", "not_ended": "2010-01-01"},
            {"latest": "2012-12-31", "not_ended": "2012-01-01"},
            "agrees",
        ),
        # One source says it began in 2018, the other that it was held in 2013.
        (
            {"earliest": "2018-01-01", "begun": "2018-12-31"},
            {"begun": "2013-12-31", "not_ended": "2013-01-01"},
            "later",
        ),
        (
            {"earliest": "2012-01-01", "begun": "2012-12-31"},
            {"begun": "2013-12-31", "not_ended": "2013-01-01"},
            "agrees",
        ),
        ({"former": True}, {}, "later"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_same_share_at_different_times_is_not_agreement(
    one: dict[str, Any], other: dict[str, Any], kind: str, turned: bool
) -> None:
    told = [one, other][:: -1 if turned else 1]
    stakes = [
        SourceStake("owner", "field", "direct", SourceValue(name, name, "25", **days))
        for name, days in zip("ab", told, strict=True)
    ]
    assert [found.kind for found in compare_stakes(stakes[:1], stakes[1:], {})] == [kind]


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (("100", "at-least"), ("150", "exact"), "refines"),
        (("100", "around"), ("103", "exact"), "refines"),  # within 5 % either way
        (("100", "around"), ("110", "exact"), "value"),
        (("100", "up-to"), ("150", "exact"), "value"),
        (("100", "over"), ("80", "up-to"), "value"),
        (("100", "over"), ("100", "over"), "agrees"),
        (("-5", "exact"), ("-5.4", "exact"), "refines"),
    ],
)
def test_figures_are_compared_with_their_qualifiers(one: tuple[str, str], other: tuple[str, str], kind: str) -> None:
    first, second = (SourceValue(name, name, said[0], qualifier=said[1]) for name, said in (("a", one), ("b", other)))
    assert compare_values("mine", "value", first, second).kind == kind


def test_printed_number_covers_values_that_round_to_it() -> None:
    assert compare_numbers("12", "12.4") == "refines"
    assert compare_numbers("12", "12.6") == "value"
    assert compare_numbers("25-50", "30") == "refines"
    assert compare_numbers("25-50", "60") == "value"
    assert compare_numbers("", "60") == "refines"
    assert compare_dates("2009-04", "2009-04-28") == "refines"


def decide(root: Path, difference: str, preferred: str) -> None:
    """Write two sources that differ, and a decision about one of their differences."""
    stake = {"id": "b1", "owner": "b-owner", "owned": "b-field", "share_percent": "11.7"}
    fields = {name: THINGS[name] for name in ("field", "owner")}
    write_source(root, "alpha", source("alpha", fields, ALPHA[:1]), date="2013", position=1)
    decision = {"id": difference, "preferred": preferred, "reason": "The shares then add up.",
                "author_label": "a reader", "decided_on": "2026-01-01"}  # fmt: skip
    matches = [same("b-field", "field"), same("b-owner", "owner")]
    named = {name: NAMES[name] for name in ("b-field", "b-owner")}
    tables = source("beta", named, [stake], matches=matches, decisions=[decision])
    write_source(root, "beta", tables, date="2020", position=2)


@pytest.mark.slow
def test_decision_is_shown_beside_both_readings(tmp_path: Path) -> None:
    decide(tmp_path, "difference--sharepercent--a1--b1", "beta")
    graph = build_in(tmp_path)[0]
    (row,) = graph.differences("North Field")
    assert (row["preferred"], row["reason"]) == ("beta", "The shares then add up.")
    assert (row["value_a"], row["value_b"]) == ("11.6", "11.7")
    # On a terminal, on a text card and on a site card.
    assert [one["preferred"] for one in compact(graph.differences())] == ["beta: The shares then add up."]
    assert (
        "(Beta) · preferred beta · reason The shares then add up. · judged by a reader · judged on 2026-01-01"
        in " ".join(graph.show("North Field").render("text").split())
    )
    (told,) = sections(card_of(graph, "field"))["differences"].rows
    assert "".join(piece.text for piece in told.remark) == (
        "preferred: Beta. The shares then add up. (a reader, 1 January 2026)"
    )
    # Who decided and when is in the graph, and on the page of the sources.
    decided = graph.query("SELECT ?by ?on { ?one pag:preferredSource ?source ; pag:judgedBy ?by ; pag:judgedOn ?on }")
    assert list(decided.texts()) == [["a reader", "2026-01-01"]]
    page = data_of(make_pages(graph.store, shipped_project().ontology)["sources.html"].decode())
    (entry,) = (one for one in page["entries"] if "preferred" in one)
    assert (entry["judged_by"], entry["judged_on"]) == ("a reader", "2026-01-01")


@pytest.mark.parametrize(
    ("difference", "preferred", "message"),
    [
        ("difference--sharepercent--a1--b2", "beta", "data/beta/decisions.csv:2: column 'id': no difference"),
        ("difference--sharepercent--a1--b1", "gamma", "'gamma' is not one of the two sources"),
    ],
)
def test_decision_without_a_matching_difference_or_source_is_rejected(
    tmp_path: Path, difference: str, preferred: str, message: str
) -> None:
    decide(tmp_path, difference, preferred)
    with pytest.raises(BadInput) as error:
        build_in(tmp_path)
    assert message in str(error.value)


def test_second_decision_on_a_difference_is_rejected(tmp_path: Path) -> None:
    decide(tmp_path, "difference--sharepercent--a1--b1", "beta")
    alpha, beta = (tmp_path / "data" / name for name in ("alpha", "beta"))
    (alpha / "decisions.csv").write_text((beta / "decisions.csv").read_text("utf-8").replace(",beta,", ",alpha,"))
    described = json.loads((alpha / "csv-metadata.json").read_text("utf-8"))
    described["tables"].append({"url": "decisions.csv", "tableSchema": "../schema/decisions.json"})
    (alpha / "csv-metadata.json").write_text(json.dumps(described), "utf-8")
    with pytest.raises(
        BadInput, match=r"beta/decisions.csv:2: column 'id': .* already has a decision at .*data/alpha/decisions.csv:2"
    ):
        build_in(tmp_path)


def pairs(found: list[Difference]) -> set[tuple[str, frozenset[str]]]:
    """Return kind and statements of each difference, regardless of side."""
    return {(one.kind, frozenset(said.statement for said in (one.one, one.other) if said)) for one in found}


@pytest.mark.slow
def test_transfer_dated_differently_by_two_sources(tmp_path: Path) -> None:
    """The owner bought one share in 2014 or 2015, or in 2016: the sources agree on the share and differ on the date."""
    for name, things, year, position in (("alpha", THINGS, "[2014..2015]", 1), ("beta", NAMES, "2016-05", 2)):
        owner, field = ("owner", "field") if position == 1 else ("b-owner", "b-field")
        stake = {"id": f"{name}-s", "owner": owner, "owned": field, "share_percent": "25", "valid_from": year}
        used = {slug: things[slug] for slug in (owner, field)}
        matches = {} if position == 1 else {"matches": [same(f"b-{one}", one) for one in ("field", "owner")]}
        write_source(tmp_path, name, source(name, used, [stake], **matches), date="2020", position=position)
    graph = build_in(tmp_path)[0]
    found = [(row["kind"], row["property"], row["value_a"], row["value_b"]) for row in graph.differences("North Field")]
    assert found == [("date", "validFrom", "[2014..2015]", "2016-05"), ("agrees", "sharePercent", "25", "25")]
    told = next(iter(compact(graph.differences("North Field"))))
    assert told["one_source"] == "Owner Co. holds 25 % of North Field: 2014 or 2015 (alpha)"
    assert "Owner Co. holds 25 % of North Field: 2014 or 2015 (Alpha) / " in graph.show("North Field").render("json")
    # The ownership line of the share is not marked as differing.
    assert '"kind":"date"' not in graph.view("ownership").html


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2015", "2016", [("date", "validFrom")]),
        ("2016", "2016-05-03", [("refines", "validFrom")]),
        ("2016", "2016", []),
        ("2016", "", []),
    ],
)
def test_start_dates_of_a_holding_are_compared(one: str, other: str, expected: list[tuple[str, str]]) -> None:
    alpha, beta = (
        SourceStake(
            "owner", "field", "direct", SourceValue(name, f"{name}-s", "25"), {"validFrom": date} if date else {}
        )
        for name, date in (("alpha", one), ("beta", other))
    )
    found = [(each.kind, each.property) for each in compare_stakes([alpha], [beta], {})]
    assert found == [("agrees", "sharePercent"), *expected]


def test_every_parent_of_a_firm_is_compared_in_either_order() -> None:
    """One source gives a firm 100 %, the other gives its two parents 50 % each: both differ in level."""
    firm = [SourceStake("firm", "field", "direct", SourceValue("alpha", "a-firm", "100"))]
    parents = [SourceStake(one, "field", "direct", SourceValue("beta", f"b-{one}", "50")) for one in ("east", "west")]
    expected = {("level", frozenset({"a-firm", "b-east"})), ("level", frozenset({"a-firm", "b-west"}))}
    for one, other in ((firm, parents), (parents, firm)):
        assert pairs(list(compare_stakes(one, other, {"firm": {"east", "west"}}))) == expected


def test_levels_are_the_same_in_either_order() -> None:
    """Of alpha's owners, the firm belongs to both of beta's, but in the past; the parent owns one of beta's."""
    alpha = [SourceStake("firm", "field", "direct", SourceValue("alpha", "a-firm", "20", former=True)),
             SourceStake("parent", "field", "direct", SourceValue("alpha", "a-parent", "60"))]  # fmt: skip
    beta = [SourceStake(one, "field", "direct", SourceValue("beta", f"b-{one}", "30")) for one in ("east", "west")]
    parents = {"firm": {"east", "west"}, "west": {"parent"}}
    expected = {("later", "a-firm", "b-east"), ("level", "a-parent", "b-west")}
    for one, other in ((alpha, beta), (beta, alpha)):
        found = pairs(list(compare_stakes(one, other, parents)))
        assert found == {(kind, frozenset(both)) for kind, *both in expected}


@pytest.mark.parametrize(
    ("behind", "expected"), [("20", set()), ("30", {("level", frozenset({"a-firm", "b-parent"}))})]
)
def test_share_stated_for_owner_and_parent_is_compared_once(
    behind: str, expected: set[tuple[str, frozenset[str]]]
) -> None:
    """A tracker names a branch as owner and the firm as parent; if both match the same firm, it is one share."""
    paper = [SourceStake("firm", "field", "direct", SourceValue("alpha", "a-firm", "20"))]
    tracker = [
        SourceStake("firm", "field", "direct", SourceValue("beta", "b-owner", "20")),
        SourceStake("firm", "field", "indirect", SourceValue("beta", "b-parent", behind)),
    ]
    agrees = ("agrees", frozenset({"a-firm", "b-owner"}))
    for one, other in ((paper, tracker), (tracker, paper)):
        assert pairs(list(compare_stakes(one, other, {}))) == {agrees, *expected}

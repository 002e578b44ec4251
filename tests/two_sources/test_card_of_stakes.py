"""Cards of assets with stakes that are ranges, succeed one another or have no stated share."""

from __future__ import annotations

from pathlib import Path

import pytest

from card_texts import card_of, frame, said, sections, texts
from peru_asia_graph.site.cards.make import make_card
from peru_asia_graph.site.cards.whole_reader import WholeReader
from peru_asia_graph.vocabulary import thing
from two_sources import build_in, same, source, write_source

THINGS = {"mine": ("MiningProject", "Mina Honda"), "own": ("Firm", "Owner Co."), "other": ("Firm", "Other Co.")}
# First source: Owner Co. holds 30 % until 2015, 50 % from 2016. Second: 50 %, and another owner without a share.
FIRST = [
    {"id": "a-then", "owner": "own", "owned": "mine", "share_percent": "30", "valid_until": "2015"},
    {"id": "a-now", "owner": "own", "owned": "mine", "share_percent": "50", "valid_from": "2016"},
    {"id": "a-other", "owner": "other", "owned": "mine", "share_low": "40", "share_high": "50"},
]
SECOND = [
    {"id": "b-own-in-mine", "owner": "b-own", "owned": "b-mine", "share_percent": "50"},
    {"id": "b-other-in-mine", "owner": "b-other", "owned": "b-mine", "share_high": "20"},
    {"id": "b-sub-in-mine", "owner": "b-sub", "owned": "b-mine"},
]


def test_card_shows_ranges_latest_stakes_and_remainder(tmp_path: Path) -> None:
    """First source: 50 + (40 to 50) is 90 to 100 %. Second: 50 + at most 20 + an unknown share is 50 to 100 %."""
    write_source(tmp_path, "alpha", source("alpha", THINGS, FIRST), date="2020", valid="2020", position=1)
    things = {f"b-{one}": about for one, about in {**THINGS, "sub": ("Firm", "Sub Co.")}.items()}
    matches = [same(f"b-{one}", one) for one in THINGS]
    write_source(tmp_path, "beta", source("beta", things, SECOND, matches=matches), date="2024", valid="2024")
    graph = build_in(tmp_path)[0]
    card = card_of(graph, "mine")
    holders = sections(card)["holders"]
    assert [row[1:] for row in texts(holders)] == [
        ["50 %", "50 %"], ["40 %–50 %", "at most 20 %"], ["–", "share not stated"],
        ["90 %–100 %", "50 %–100 %"], ["0 %–10 %", "0 %–50 %"],
    ]  # fmt: skip
    remark = "".join(piece.text for piece in holders.rows[0].remark).replace("\xa0", " ")
    assert remark == "Alpha 2020: from 2016; 30 %, until 2015"  # the second gives no dates
    assert [any(cell.differs for cell in row.cells) for row in holders.rows[:3]] == [False, True, False]
    assert "share not stated" not in said(card)
    expected = "Other Co.: different value · Alpha 40 %–50 % / Beta 0 %–20 %"
    assert any(one[0].replace("share in percent: ", "") == expected
               for one in texts(sections(card)["differences"]))  # fmt: skip
    assert "40–50 ≠ at most 20 %" in card.pictures[0].svg.replace("\xa0", " ")


def test_stake_that_ends_after_its_source_is_held_and_its_holder_may_operate(tmp_path: Path) -> None:
    """In 2020 a concession until 2041 is held; one until 2019 is not. Its holder is also named as the operator."""
    stakes = [
        {"id": "now", "owner": "own", "owned": "mine", "share_percent": "100", "valid_until": "2041"},
        {"id": "then", "owner": "other", "owned": "mine", "share_percent": "100", "valid_until": "2019"},
    ]
    operates = {
        "id": "operates",
        "subject": "own",
        "relation": "operatorOf",
        "object": "mine",
        "certainty": "stated",
        "citations": "alpha-p1",
    }
    write_source(tmp_path, "alpha", source("alpha", THINGS, stakes, relations=[operates]), date="2020", valid="2020")
    # The date of another source, before both ends, says nothing about them.
    write_source(tmp_path, "beta", source("beta", {"b-own": ("Firm", "Older Co.")}), date="2010", valid="2010")
    graph = build_in(tmp_path)[0]
    links = graph.query("SELECT ?owner { ?owner pag:holdsStakeIn id:mine }")
    assert [row["owner"] for row in links] == ["own"]
    card = card_of(graph, "mine")
    assert "Owner Co. holds 100 %." in said(card) and "Other Co." not in said(card)
    assert texts(sections(card)["holders"])[-2:] == [["All direct holders", "100 %"], ["Not accounted for", "0 %"]]
    assert ["operated by", "Owner Co."] in texts(sections(card)["links"])
    assert ["operator of", "Mina Honda"] in texts(sections(card_of(graph, "own"))["links"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        ({"share_percent": "60"}, {"share_percent": "70"}, True),
        ({"share_percent": "60"}, {"share_percent": "70", "certainty": "planned"}, False),
        ({"share_percent": "60"}, {"share_percent": "60.4"}, False),  # the other is more precise
        ({"share_percent": "60", "valid_until": "2010"}, {"share_percent": "70", "valid_from": "2016"}, False),
    ],
)
def test_card_marks_shares_as_different_only_if_they_contradict(
    tmp_path: Path, one: dict[str, str], other: dict[str, str], differs: bool
) -> None:
    """A plan, a more precise share and a share at another time do not contradict the one beside them."""
    for place, (name, stake) in enumerate((("alpha", one), ("beta", other))):
        things = {f"{name}-{slug}": THINGS[slug] for slug in ("mine", "own")}
        matches = {"matches": [same(f"beta-{slug}", f"alpha-{slug}") for slug in ("mine", "own")]} if place else {}
        said_of = {"id": f"{name}-1", "owner": f"{name}-own", "owned": f"{name}-mine", **stake}
        write_source(tmp_path, name, source(name, things, [said_of], **matches), date="2020", position=place)
    graph = build_in(tmp_path)[0]
    whole = make_card(WholeReader(graph.store), frame(graph), thing("alpha-own"))
    for card, key in ((card_of(graph, "alpha-mine"), "holders"), (card_of(graph, "alpha-own"), "holdings"),
                      (whole, "holdings")):  # fmt: skip
        assert card is not None
        assert any(cell.differs for cell in sections(card)[key].rows[0].cells) is differs
        assert ("≠" in card.pictures[0].svg) is differs


def test_card_names_the_source_of_each_home_state_and_of_an_indirect_share(tmp_path: Path) -> None:
    """First source: 20 % held indirectly by an owner from Chile. Second: 9.5 % held directly, from Spain."""
    for place, (name, state, share, basis) in enumerate((
        ("alpha", "Chile", "20", "indirect"), ("beta", "Spain", "9.5", "direct"),
    )):  # fmt: skip
        things = {f"{name}-{one}": THINGS[one] for one in ("mine", "own")} | {f"{name}-state": ("State", state)}
        stake = {"id": f"{name}-1", "owner": f"{name}-own", "owned": f"{name}-mine", "share_percent": share}
        home = {"id": f"{name}-home", "subject": f"{name}-own", "relation": "homeState", "object": f"{name}-state",
                "certainty": "stated", "citations": f"{name}-p1"}  # fmt: skip
        matches = {"matches": [same(f"beta-{one}", f"alpha-{one}") for one in ("mine", "own")]} if place else {}
        tables = source(name, things, [{**stake, "basis": basis}], relations=[home], **matches)
        write_source(tmp_path, name, tables, date="2020", position=place)
    graph = build_in(tmp_path)[0]
    mine, owner = (sections(card_of(graph, f"alpha-{one}")) for one in ("mine", "own"))
    assert texts(mine["holders"])[0] == ["Owner Co.", "9.5 %"]
    assert texts(mine["behind"]) == [["Owner Co.", "20 %"]] and mine["behind"].columns[1][0] == "Alpha 2020"
    assert said(card_of(graph, "alpha-own")).startswith("Firm of Chile (Alpha 2020) and Spain (Beta 2020).")
    ((label, states),) = texts(owner["links"])
    assert label == "home state" and sorted(states.split(" and ")) == ["Chile (Alpha)", "Spain (Beta)"]


def test_card_shows_the_relation_of_each_match(tmp_path: Path) -> None:
    """South is part of the field, the basin contains it, the heir succeeds it, and the other is a different block."""
    block = ("HydrocarbonBlock", "A Field")
    write_source(tmp_path, "alpha", source("alpha", {"field": block}), date="2020", position=1)
    judged = [
        same("beta-south", "field", "dcterms:isPartOf"), same("beta-basin", "field", "dcterms:hasPart"),
        same("beta-heir", "field", "pag:successorOf"), same("beta-other", "field", modifier="Not"),
    ]  # fmt: skip
    things = {row["subject_id"].removeprefix("id:"): block for row in judged}
    write_source(tmp_path, "beta", source("beta", things, matches=judged), date="2024", position=2)
    graph = build_in(tmp_path)[0]
    rows = texts(sections(card_of(graph, "field"))["matches"])
    assert {row[0] for row in rows} == {
        "has the part “south” (Beta)", "part of “basin” (Beta)", "succeeded by “heir” (Beta)",
        "not the same as “other” (Beta)",
    }  # fmt: skip
    own = {
        name: texts(sections(card_of(graph, f"beta-{name}"))["matches"])[0][0] for name in ("south", "basin", "heir")
    }
    assert own == {
        "south": "part of “A Field”", "basin": "has the part “A Field”", "heir": "successor of “A Field”"
    }  # fmt: skip
    assert texts(sections(card_of(graph, "beta-other"))["matches"])[0][0] == "not the same as “A Field”"
    [related] = [one for one in graph.show("beta-basin").sections if one.title.startswith("Judged")]
    assert [fact["relation"] for fact in related.facts] == ["has the part"]
    [related] = [one for one in graph.show("field").sections if one.title.startswith("Judged")]
    assert [fact["relation"] for fact in related.facts] == ["has the part", "part of", "succeeded by"]


def test_card_spells_out_months_and_open_dates(tmp_path: Path) -> None:
    stakes = [
        {"id": "a1", "owner": "own", "owned": "mine", "share_percent": "30", "valid_from": "2012-05-14",
         "valid_until": "2012-06"},
        {"id": "a2", "owner": "other", "owned": "mine", "share_percent": "20", "valid_until": "[..2014]"},
    ]  # fmt: skip
    write_source(tmp_path, "alpha", source("alpha", THINGS, stakes), date="2020", position=1)
    graph = build_in(tmp_path)[0]
    for language, periods in (
        ("en", {"14 May 2012 to June 2012", "until 2014 at the latest"}),
        ("es", {"14 de mayo de 2012 a junio de 2012", "hasta 2014 a más tardar"}),
    ):
        holders = sections(card_of(graph, "mine", language))["holders"]
        told = {"".join(piece.text for piece in row.remark).replace("\xa0", " ") for row in holders.rows}
        assert told - {""} == periods


def test_source_of_a_match_is_taken_from_the_id_prefix(tmp_path: Path) -> None:
    """Ids start with the folder name of the source, even if its short name differs."""
    block = ("HydrocarbonBlock", "Lot 8")
    write_source(tmp_path, "alpha", source("alpha", {"field": block}), date="2020", position=1)
    tables = source("land-register", {"land-register-lot-8": block}, matches=[same("land-register-lot-8", "field")])
    write_source(tmp_path, "land-register", tables, date="2024", position=2, alternative="Contracts 2024")
    rows = texts(sections(card_of(build_in(tmp_path)[0], "field"))["matches"])
    assert [row[0] for row in rows] == ["the same as “lot 8” (Contracts 2024)"]


def test_key_figures_leave_out_planned_stakes(tmp_path: Path) -> None:
    """First source: 30 % held, 70 % planned for a firm of which Top Co. (China) has 10 %. Second: the firm has 60 %."""
    things = {**THINGS, "top": ("Firm", "Top Co."), "china": ("State", "China")}
    stakes = [
        {"id": "a-own", "owner": "own", "owned": "mine", "share_percent": "30"},
        {"id": "a-other", "owner": "other", "owned": "mine", "share_percent": "70", "certainty": "planned"},
        {"id": "a-top", "owner": "top", "owned": "other", "share_percent": "10"},
    ]
    home = {"id": "home", "subject": "top", "relation": "homeState", "object": "china", "certainty": "stated",
            "citations": "alpha-p1"}  # fmt: skip
    write_source(tmp_path, "alpha", source("alpha", things, stakes, relations=[home]), date="2015", position=1)
    stake = {"id": "b-1", "owner": "b-other", "owned": "b-mine", "share_percent": "60"}
    matches = [same(f"b-{one}", one) for one in ("mine", "other")]
    two = source("beta", {f"b-{one}": THINGS[one] for one in ("mine", "other")}, [stake], matches=matches)
    write_source(tmp_path, "beta", two, date="2012", position=2)
    card = card_of(build_in(tmp_path)[0], "mine")
    assert card is not None
    assert [(one.value.replace("\xa0", " "), one.name) for one in card.figures] == [
        ("60 %", "largest direct holder (Beta 2012)"),
        ("70 %", "not accounted for (Alpha 2015)"),
        ("2", "differences between sources"),
    ]


def test_possible_stake_beside_a_held_one_leaves_the_share_open(tmp_path: Path) -> None:
    """Owner Co. (China) holds 30, possibly 60, and Other Co. 20: together 50 to 80, which leaves 20 to 50."""
    stakes = [
        {"id": "held", "owner": "own", "owned": "mine", "share_percent": "30"},
        {"id": "perhaps", "owner": "own", "owned": "mine", "share_percent": "60", "certainty": "possible"},
        {"id": "beside", "owner": "other", "owned": "mine", "share_percent": "20"},
    ]
    home = {"id": "home", "subject": "own", "relation": "homeState", "object": "china", "certainty": "stated",
            "citations": "alpha-p1"}  # fmt: skip
    things = {**THINGS, "china": ("State", "China")}
    write_source(tmp_path, "alpha", source("alpha", things, stakes, relations=[home]), date="2013")
    graph = build_in(tmp_path)[0]
    card = card_of(graph, "mine")
    assert texts(sections(card)["holders"])[-2:] == [
        ["All direct holders", "50 %–80 %"], ["Not accounted for", "20 %–50 %"]
    ]  # fmt: skip
    assert [one.name for one in card.figures] == ["largest direct holder"]
    left = graph.owners("Mina Honda")[-1]
    assert (left["effective_low"], left["effective_high"]) == (20, 50)

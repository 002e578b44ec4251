"""Which stakes are current: the same in questions, on cards and in answers on owners."""

from __future__ import annotations

from pathlib import Path

from card_texts import card_of, sections, texts
from two_sources import build_in, same, source, write_source

THINGS = {
    "mine": ("MiningProject", "Mina Honda"),
    **{name: ("Firm", f"{name.capitalize()} Co.") for name in ("ara", "bera", "cira", "dora", "eva")},
}
# In 2013: Ara holds 40 until 2041, Bera 35 with an open end; Dora held 90 until 2010, the others only may come.
STAKES = [
    {"id": "s1", "owner": "ara", "owned": "mine", "share_percent": "40", "valid_until": "2041"},
    {"id": "s2", "owner": "bera", "owned": "mine", "share_percent": "35", "valid_from": "2005",
     "valid_until": "[2005..]"},
    {"id": "s3", "owner": "cira", "owned": "mine", "share_percent": "25", "certainty": "planned"},
    {"id": "s4", "owner": "dora", "owned": "mine", "share_percent": "90", "valid_until": "2010"},
    {"id": "s5", "owner": "eva", "owned": "mine", "share_percent": "20", "certainty": "announced"},
]  # fmt: skip


def test_end_by_a_date_is_past_only_by_that_date(tmp_path: Path) -> None:
    """In 2013 Ara, who is to leave by 2016, holds 40; Dora had left by 2012."""
    stakes = [
        {"id": "s1", "owner": "ara", "owned": "mine", "share_percent": "40", "valid_from": "2005",
         "valid_until": "[..2016]"},
        {"id": "s2", "owner": "dora", "owned": "mine", "share_percent": "60", "valid_until": "[..2012]"},
    ]  # fmt: skip
    write_source(tmp_path, "alpha", source("alpha", THINGS, stakes), date="2013-05-08")
    graph = build_in(tmp_path)[0]
    assert [(row["owner"], row["share_percent"]) for row in graph.ask("former-owners")] == [("Dora Co.", 60)]
    assert texts(sections(card_of(graph, "mine"))["holders"])[-1] == ["Not accounted for", "60 %"]
    assert [row["owner"] for row in graph.owners("Mina Honda")] == ["Ara Co.", "unaccounted for"]


def test_source_without_a_date_is_warned_of_if_its_last_date_is_an_end(tmp_path: Path) -> None:
    """Alpha does not say whether 2041 is to come; beta, of 2013, does."""
    for name, about in (("alpha", {}), ("beta", {"date": "2013"})):
        things = {f"{name}-{one}": THINGS[one] for one in ("mine", "ara")}
        ends = {"owner": f"{name}-ara", "owned": f"{name}-mine"}
        stake = {"id": f"{name}-1", **ends, "valid_from": "2005", "valid_until": "2041"}
        write_source(tmp_path, name, source(name, things, [stake]), **about)
    (warning,) = build_in(tmp_path)[1].warnings
    assert "alpha/stakes.csv:2: warning: column 'valid_until': '2041', an end, is the last date" in str(warning)


def test_former_stake_may_account_for_nothing(tmp_path: Path) -> None:
    """In 2013 a source of May calls the holder of 30 former, beside 40 held: that leaves 30 to 60 in that year."""
    held, former = (
        STAKES[0],
        {"id": "f", "owner": "dora", "owned": "mine", "share_percent": "30", "certainty": "former"},
    )
    write_source(tmp_path, "alpha", source("alpha", THINGS, [held, former]), date="2013-05-08")
    graph = build_in(tmp_path)[0]
    left = {year: graph.owners("Mina Honda", year=year)[-1] for year in (2013, 2014)}
    assert {year: (row["effective_low"], row["effective_high"]) for year, row in left.items()} == {
        2013: (30, 60), 2014: (60, 60),
    }  # fmt: skip


def test_current_stakes_are_the_same_everywhere(tmp_path: Path) -> None:
    """Ara and Bera hold 75 together and leave 25, of which Eva may hold 20."""
    write_source(tmp_path, "alpha", source("alpha", THINGS, STAKES), date="2013")
    graph = build_in(tmp_path)[0]

    def ask(name: str, *columns: str, **values: str) -> list[tuple[object, ...]]:
        return [tuple(row[column] for column in columns) for row in graph.ask(name, **values)]

    assert ask("joint-ventures", "holders", "owners") == [(2, "Ara Co. 40 %; Bera Co. 35 %")]
    assert ask("stakes-added-up", "direct_total", "holders") == [(75, 2)]
    assert ask("double-counting", "all_shares", "direct_shares") == [(210, 75)]
    assert ask("co-owners", "own_share", "co_owner", "co_owner_share", firm="Ara Co.") == [(40, "Bera Co.", 35)]
    assert ask("former-owners", "owner", "valid_until") == [("Dora Co.", "2010")]
    assert ask("who-owns-through-whom", "holder", "share_percent", "certainty", asset="Mina Honda") == [
        ("Ara Co.", 40, None), ("Bera Co.", 35, None), ("Cira Co.", 25, "planned"), ("Eva Co.", 20, "announced"),
    ]  # fmt: skip
    links = graph.query("SELECT ?owner { ?owner pag:holdsStakeIn id:mine } ORDER BY ?owner")
    assert [row["owner"] for row in links] == ["ara", "bera"]
    totals = texts(sections(card_of(graph, "mine"))["holders"])[-2:]
    assert totals == [["All direct holders", "75 %–95 %"], ["Not accounted for", "5 %–25 %"]]
    owners = {row["owner"]: (row["effective_low"], row["effective_high"]) for row in graph.owners("Mina Honda")}
    assert owners == {
        "Ara Co.": (40, 40), "Bera Co.": (35, 35), "Cira Co.": (0, 25), "Eva Co.": (0, 20), "unaccounted for": (5, 25),
    }  # fmt: skip
    assert "unaccounted for: 5 to 25 %" in graph.explain("Mina Honda")


def test_what_has_ended_is_called_former_where_no_end_is_shown(tmp_path: Path) -> None:
    """Ara held one block until 2010, holds one until 2041, and owned Bera until 2010. Norland is to hold Cira."""
    things = {
        **THINGS,
        "nor": ("State", "Norland"),
        "one": ("HydrocarbonBlock", "One"),
        "two": ("HydrocarbonBlock", "Two"),
    }
    stakes = [
        {"id": "s1", "owner": "ara", "owned": "one", "valid_until": "2010"},
        {"id": "s2", "owner": "ara", "owned": "two", "valid_until": "2041"},
        {"id": "s3", "owner": "nor", "owned": "cira", "certainty": "planned"},
        {"id": "s4", "owner": "nor", "owned": "dora", "valid_until": "2041"},
    ]
    relations = [
        {"id": "home", "subject": "ara", "relation": "homeState", "object": "nor"},
        {"id": "above", "subject": "bera", "relation": "subsidiaryOf", "object": "ara", "valid_until": "2010"},
    ]
    cited = {"certainty": "stated", "citations": "alpha-p1"}
    tables = source("alpha", things, stakes, relations=[{**one, **cited} for one in relations])
    write_source(tmp_path, "alpha", tables, date="2013", position=1)
    later = {f"b-{one}": things[one] for one in ("one", "two", "eva")}
    later |= {f"b-{one}": THINGS[one] for one in ("cira", "dora")}
    held = [{"id": f"b-eva-in-{one}", "owner": "b-eva", "owned": f"b-{one}"} for one in ("one", "two")]
    held += [
        {"id": "b-2", "owner": "b-cira", "owned": "b-two", "valid_until": "2017"},
        {"id": "b-3", "owner": "b-dora", "owned": "b-two", "share_percent": "20", "certainty": "planned"},
    ]
    matches = [same(slug, slug.removeprefix("b-")) for slug in later]
    write_source(tmp_path, "beta", source("beta", later, held, matches=matches), date="2020", position=2)
    graph = build_in(tmp_path)[0]

    def ask(name: str, *columns: str, **values: str) -> list[tuple[object, ...]]:
        return [tuple(row[column] for column in columns) for row in graph.ask(name, **values)]

    holders = [row for row in ask("blocks", "block", "who", "certainty") if row[1] == "Ara Co."]
    assert holders == [("One", "Ara Co.", "former"), ("Two", "Ara Co.", "stated")]
    assert ask("subsidiaries", "subsidiary", "certainty") == [("Bera Co.", "former")]
    assert ask("state-owned-firms", "firm", "valid_until") == [("Dora Co.", None)]
    # That Ara no longer holds the first block, the earlier source says itself.
    found = ask("owners-not-repeated", "asset", "owner", "owners_there", country="Norland")
    assert found == [("Two", "Ara Co.", "Cira Co. direct (former); Dora Co. 20 % direct (planned); Eva Co. direct")]


def test_card_says_until_when_a_link_held(tmp_path: Path) -> None:
    """Ara operated the mine and was Bera's subsidiary until 2010; Cira operates it, and is Dora's, until 2041.

    Eva, who holds it, was of Norland until 2010.
    """
    links = [("ara", "operatorOf", "mine", "2010"), ("ara", "subsidiaryOf", "bera", "2010"),
             ("cira", "operatorOf", "mine", "2041"), ("cira", "subsidiaryOf", "dora", "2041"),
             ("eva", "homeState", "nor", "2010")]  # fmt: skip
    relations = [
        {"id": f"{one}-{other}", "subject": one, "relation": how, "object": other, "valid_until": until,
         "certainty": "stated", "citations": "alpha-p1"}
        for one, how, other, until in links
    ]  # fmt: skip
    things, stake = {**THINGS, "nor": ("State", "Norland")}, {"id": "s1", "owner": "eva", "owned": "mine"}
    write_source(tmp_path, "alpha", source("alpha", things, [stake], relations=relations), date="2013")
    graph = build_in(tmp_path)[0]
    named = sections(card_of(graph, "mine"))["named-for"].rows
    assert ["".join(piece.text for piece in row.remark) for row in named] == ["until 2010", "until 2041"]
    parents = [texts(sections(card_of(graph, one))["links"])[-1][-1] for one in ("ara", "cira")]
    assert parents == ["Bera Co. (until 2010)", "Dora Co."]
    assert [row["home_states"] for row in graph.ask("mines")] == ["Norland (former)"]
    homes = {row["holder"]: row["home_state"] for row in graph.ask("who-owns-through-whom", asset="Mina Honda")}
    assert homes["Eva Co."] == "Norland (former)"

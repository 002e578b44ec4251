"""Which stakes are current: the same in questions, on cards and in answers on owners."""

from __future__ import annotations

from pathlib import Path

from card_texts import card_of, sections, texts
from two_sources import build_in, source, write_source

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

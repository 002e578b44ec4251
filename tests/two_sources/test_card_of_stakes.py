"""The card of a thing of which sources state bounds, stakes that followed each other, and stakes without a share."""

from __future__ import annotations

from pathlib import Path

from card_texts import card_of, said, sections, texts
from two_sources import build_in, same, source, write_source

THINGS = {"mine": ("MiningProject", "Mina Honda"), "own": ("Firm", "Owner Co."), "other": ("Firm", "Other Co.")}
# Owner Co. had 30 % until 2015 and has 50 % since; the second source has 50 %, and an owner without a share.
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


def test_a_card_tells_bounds_the_last_of_stakes_that_followed_each_other_and_what_is_open(tmp_path: Path) -> None:
    """50 and 40 to 50 are 90 to 100 of the first; 50, at most 20 and an unknown share are 50 to all of the second."""
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
    assert "40–50 ≠ at most 20 %" in card.pictures[0].svg.replace("\xa0", " ")

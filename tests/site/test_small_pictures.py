"""Small pictures: lines of the right kind, labels that never meet, texts that fit."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import combinations
from xml.etree import ElementTree

import pytest

from peru_asia_graph.views.small.bars import SmallBar, draw_bars
from peru_asia_graph.views.small.kinds import KindBox, KindLine, draw_kinds
from peru_asia_graph.views.small.ladder import draw_ladder
from peru_asia_graph.views.small.line_kinds import FILE, line_kinds
from peru_asia_graph.views.small.ownership import SmallLine, SmallNode, draw_ownership
from peru_asia_graph.views.small.svg import NARROW, WIDE
from peru_asia_graph.views.small.text_width import shorten_text, text_width, wrap_text
from peru_asia_graph.views.small.timeline import TimeMark, draw_timeline

SVG = "{http://www.w3.org/2000/svg}"
NODES = [
    SmallNode("mine", "Mine & <Co>"),
    SmallNode("holder", "Holder", "korea", "KR", "/id/holder"),
    SmallNode("parent", "Parent", "china", "CN"),
    SmallNode("named", "Named", "japan", "JP"),
]
LINES = [
    SmallLine("holder", "mine", "solid", "60 %", 60.0, [("S", True), ("G", False)]),
    SmallLine("parent", "holder", "dashed"),
    SmallLine("named", "mine", "named"),
]


def parse(svg: str) -> ElementTree.Element:
    """Return a picture that is well formed, has a role and a name."""
    root = ElementTree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))
    title = root.find(f"{SVG}title")
    role = "img" if root.find(f".//{SVG}a") is None else "group"
    assert root.get("role") == role and title is not None and root.get("aria-labelledby") == title.get("id")
    return root


@pytest.mark.parametrize("draw", [draw_ownership, draw_ladder])
def test_a_box_for_each_name_and_a_hollow_line_for_a_named_company(draw: Callable[..., str]) -> None:
    root = parse(draw(NODES, LINES, "mine", "Who holds it"))
    texts = [one.text for one in root.iter(f"{SVG}text")]
    assert {"Mine & <Co>", "Holder", "Parent", "Named", "60 %"} <= set(texts)
    assert [one.get("href") for one in root.iter(f"{SVG}a")] == ["/id/holder"]
    # A hollow line is drawn twice: its colour, and the ground in it.
    runs = [one for one in root.iter(f"{SVG}path") if one.get("fill") == "none"]
    strokes = [one.get("stroke") for one in runs]
    assert strokes.count("var(--japan)") == 1 and strokes.count("var(--card)") == 1
    assert [one.get("stroke-dasharray") for one in runs if one.get("stroke") == "var(--china)"] == ["7 4"]


def test_what_is_behind_a_holder_is_further_left() -> None:
    root = parse(draw_ownership(NODES, LINES, "mine", "Who holds it"))
    at = {one.text: float(one.get("x", 0)) for one in root.iter(f"{SVG}text")}
    assert at["Parent"] < at["Holder"] == at["Named"] < at["Mine & <Co>"]


def test_a_line_past_a_firm_between_goes_beside_it() -> None:
    """An owner of a mine and of the firm that also holds it stands left of the firm, and no box hides its line."""
    lines = [
        SmallLine("parent", "holder", "dotted", "50 %", 50.0),
        SmallLine("parent", "mine", "solid", "40 %", 40.0),
        SmallLine("holder", "mine", "solid", "60 %", 60.0),
    ]
    root = parse(draw_ownership(NODES[:3], lines, "mine", "Who holds it"))
    at = {one.text: float(one.get("x", 0)) for one in root.iter(f"{SVG}text")}
    assert at["Parent"] < at["Holder"] < at["Mine & <Co>"]
    boxes = [one for one in root.iter(f"{SVG}rect") if float(one.get("width", 0)) > 100]
    firm = next(one for one in boxes if float(one.get("x", 0)) < at["Holder"] < float(one.get("x", 0)) + 30)
    (past,) = (
        match for one in root.iter(f"{SVG}path") if (match := re.search(r"([\d.]+)h([\d.]+)$", one.get("d", "")))
    )
    top, height = float(firm.get("y", 0)), float(firm.get("height", 0))
    assert float(past[2]) == float(firm.get("width", 0)) and not top <= float(past[1]) <= top + height


@pytest.mark.parametrize("draw", [draw_ownership, draw_ladder])
def test_a_share_has_the_marks_of_the_sources(draw: Callable[..., str]) -> None:
    root = parse(draw(NODES, LINES, "mine", "Who holds it"))
    marks = [one for one in root.iter(f"{SVG}circle")]
    assert [one.get("fill") for one in marks] == ["var(--ink)", "var(--card)"]
    texts = {one.text: one for one in root.iter(f"{SVG}text")}
    end = {"end": 0.0}.get(texts["60 %"].get("text-anchor", ""), text_width("60 %", 13))
    assert float(texts["60 %"].get("x", 0)) + end < float(marks[0].get("cx", 0)) < float(marks[1].get("cx", 0)) < 768


def test_a_circle_of_owners_ends() -> None:
    lines = [SmallLine("holder", "mine", "solid", "1 %", 1.0), SmallLine("mine", "holder", "solid", "2 %", 2.0)]
    for draw in (draw_ownership, draw_ladder):
        parse(draw(NODES[:2], lines, "mine", "A circle"))


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_labels_of_a_time_line_never_meet(width: float) -> None:
    marks = [
        TimeMark(2000 + place / 3, f"{2000 + place // 3} · something that has a long name {place}")
        for place in range(25)
    ]
    marks += [TimeMark(1990, "1990 to 2011", 2011.9), TimeMark(2013.3, "May 2013 · source", hollow=True)]
    root = parse(draw_timeline(marks, "Timeline", width=width))
    boxes = []
    for text in root.iter(f"{SVG}text"):
        if text.get("text-anchor") == "middle":
            continue
        long = text_width(text.text or "", 12.5)
        x = float(text.get("x", 0)) - (long if text.get("text-anchor") == "end" else 0)
        boxes.append((x, x + long, float(text.get("y", 0))))
        assert x >= -1 and x + long <= width + 1
    assert len(boxes) == len(marks)
    assert not [1 for (a, b, y), (c, d, z) in combinations(boxes, 2) if y == z and a < d and c < b]


def test_bars_are_as_long_as_their_counts() -> None:
    root = parse(draw_bars([SmallBar("China", (24, 5)), SmallBar("Chile", (0, 17))], "Partners"))
    filled, hollow, other = [float(one.get("width", 0)) for one in root.iter(f"{SVG}rect")]
    assert filled / hollow == pytest.approx(24 / 5, rel=0.01) and other / hollow == pytest.approx(17 / 5, rel=0.01)


def test_texts_are_wrapped_and_cut_to_their_room() -> None:
    lines = wrap_text("A very long name of a firm that does not fit", 13, 90)
    assert len(lines) == 2 and all(text_width(line, 13) <= 90 for line in lines) and lines[-1].endswith("…")
    assert shorten_text("short", 13, 90) == "short" and text_width("日本", 10) == 20


def test_kinds_of_lines_stand_in_one_file() -> None:
    assert set(json.loads(FILE.read_text("utf-8"))) == set(line_kinds())
    script = (FILE.parents[1] / "script" / "scene.js").read_text("utf-8")
    assert re.search(r"const DASHES = .*LINE_KINDS", script), "scene.js reads the kinds of lines from the same file"


def test_kinds_stand_below_one_another_and_each_property_has_a_row() -> None:
    left = [
        KindBox("a", [("Above", "#a")], outside=True), KindBox("b", [("Below & <so on>", "#b")], "a"),
        KindBox("c", [("Third", "#c")]),
    ]  # fmt: skip
    right = [KindBox("x y", [("One", "#x"), ("Other", "#y")]), KindBox("z", [("Never met", "#z")])]
    lines = [KindLine("b", "x y", "has", "#has"), KindLine("b", "x y", "has had", "#had"), KindLine("b", "?", "lost")]
    root = parse(draw_kinds(left, right, lines, ("kind", "property", "value"), "Kinds", "kinds"))
    at = {one.text: (float(one.get("x", 0)), float(one.get("y", 0))) for one in root.iter(f"{SVG}text")}
    assert at.keys() == {
        "kind",
        "property",
        "value",
        "Above",
        "Below & <so on>",
        "Third",
        "has",
        "has had",
        "One",
        "Other",
    }
    assert at["Above"][0] < at["Below & <so on>"][0] < at["has"][0] == at["has had"][0] < at["One"][0] == at["Other"][0]
    assert at["Above"][1] < at["Below & <so on>"][1] < at["Third"][1] and at["has had"][1] - at["has"][1] >= 15
    # A box of one name is a link as a whole, in one of several each name is.
    assert [one.get("href") for one in root.iter(f"{SVG}a")] == ["#has", "#had", "#a", "#b", "#c", "#x", "#y"]
    assert len([one for one in root.iter(f"{SVG}rect") if one.get("stroke-dasharray")]) == 1
    arrows = [one.get("d") or "" for one in root.iter(f"{SVG}path") if one.get("fill") == "var(--line)"]
    assert [arrow.count("z") for arrow in arrows] == [2]


def test_a_kind_that_is_linked_with_nothing_is_drawn_alone() -> None:
    root = parse(draw_kinds([KindBox("a", [("Alone", "#a")])], [], [], ("kind", "property", "value"), "Kinds", "kinds"))
    assert [one.text for one in root.iter(f"{SVG}text")] == ["kind", "Alone"]

"""Small pictures: lines in the right style, labels that never overlap, texts that fit."""

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
    """Return the root of a picture, checking that it is well formed and has a role and a title."""
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
    # A hollow line is drawn twice: in its colour, and the background inside it.
    runs = [one for one in root.iter(f"{SVG}path") if one.get("fill") == "none"]
    strokes = [one.get("stroke") for one in runs]
    assert strokes.count("var(--japan)") == 1 and strokes.count("var(--card)") == 1
    assert [one.get("stroke-dasharray") for one in runs if one.get("stroke") == "var(--china)"] == ["7 4"]


def test_indirect_owners_are_further_left() -> None:
    root = parse(draw_ownership(NODES, LINES, "mine", "Who holds it"))
    at = {one.text: float(one.get("x", 0)) for one in root.iter(f"{SVG}text")}
    assert at["Parent"] < at["Holder"] == at["Named"] < at["Mine & <Co>"]


def test_line_past_an_intermediate_firm_avoids_its_box() -> None:
    """An owner of both a mine and a firm that holds the mine stands left of the firm, and no box hides its line."""
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
def test_share_has_the_marks_of_its_sources(draw: Callable[..., str]) -> None:
    root = parse(draw(NODES, LINES, "mine", "Who holds it"))
    marks = [one for one in root.iter(f"{SVG}circle")]
    assert [one.get("fill") for one in marks] == ["var(--ink)", "var(--card)"]
    texts = {one.text: one for one in root.iter(f"{SVG}text")}
    end = {"end": 0.0}.get(texts["60 %"].get("text-anchor", ""), text_width("60 %", 13))
    assert float(texts["60 %"].get("x", 0)) + end < float(marks[0].get("cx", 0)) < float(marks[1].get("cx", 0)) < 768


def test_circular_ownership_can_be_drawn() -> None:
    lines = [SmallLine("holder", "mine", "solid", "1 %", 1.0), SmallLine("mine", "holder", "solid", "2 %", 2.0)]
    for draw in (draw_ownership, draw_ladder):
        parse(draw(NODES[:2], lines, "mine", "A circle"))


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_timeline_labels_never_overlap(width: float) -> None:
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


def test_bars_are_proportional_to_their_counts() -> None:
    root = parse(draw_bars([SmallBar("China", (24, 5)), SmallBar("Chile", (0, 17))], "Partners"))
    filled, hollow, other = [float(one.get("width", 0)) for one in root.iter(f"{SVG}rect")]
    assert filled / hollow == pytest.approx(24 / 5, rel=0.01) and other / hollow == pytest.approx(17 / 5, rel=0.01)


def test_texts_are_wrapped_and_shortened_to_fit() -> None:
    lines = wrap_text("A very long name of a firm that does not fit", 13, 90)
    assert len(lines) == 2 and all(text_width(line, 13) <= 90 for line in lines) and lines[-1].endswith("…")
    assert shorten_text("short", 13, 90) == "short" and text_width("日本", 10) == 20


def test_line_kinds_are_defined_in_one_file() -> None:
    assert set(json.loads(FILE.read_text("utf-8"))) == set(line_kinds())
    script = (FILE.parents[1] / "script" / "scene.js").read_text("utf-8")
    assert re.search(r"const DASHES = .*LINE_KINDS", script), "scene.js reads the kinds of lines from the same file"


def test_kinds_are_stacked_and_each_property_has_a_row() -> None:
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
    # A box with one name is itself a link; in a box with several, each name is.
    assert [one.get("href") for one in root.iter(f"{SVG}a")] == ["#has", "#had", "#a", "#b", "#c", "#x", "#y"]
    assert len([one for one in root.iter(f"{SVG}rect") if one.get("stroke-dasharray")]) == 1
    arrows = [one.get("d") or "" for one in root.iter(f"{SVG}path") if one.get("fill") == "var(--line)"]
    assert [arrow.count("z") for arrow in arrows] == [2]


def test_unlinked_kind_is_drawn_alone() -> None:
    root = parse(draw_kinds([KindBox("a", [("Alone", "#a")])], [], [], ("kind", "property", "value"), "Kinds", "kinds"))
    assert [one.text for one in root.iter(f"{SVG}text")] == ["kind", "Alone"]

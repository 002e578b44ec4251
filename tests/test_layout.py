"""Places: nothing overlaps, everything is placed, and the same input gives the same drawing."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peru_asia_graph.layout import Drawing, Link, Size, lanes, layered

BOXES = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3),
    st.builds(Size, st.floats(40, 240), st.floats(20, 120)),
    min_size=1,
    max_size=24,
)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict[str, Size], list[Link]]:
    boxes = draw(BOXES)
    names = st.sampled_from(sorted(boxes))
    pairs = draw(st.lists(st.tuples(names, names), max_size=40))
    return boxes, [Link(f"{place}", a, b) for place, (a, b) in enumerate(pairs)]


def assert_apart(drawing: Drawing, boxes: dict[str, Size]) -> None:
    for a, b in combinations(sorted(boxes), 2):
        (ax, ay), (bx, by) = drawing.places[a], drawing.places[b]
        beside = ax + boxes[a].width <= bx + 0.01 or bx + boxes[b].width <= ax + 0.01
        above = ay + boxes[a].height <= by + 0.01 or by + boxes[b].height <= ay + 0.01
        assert beside or above, f"{a} and {b} overlap"


def assert_inside(drawing: Drawing, boxes: dict[str, Size]) -> None:
    for box, (x, y) in drawing.places.items():
        assert -0.01 <= x <= drawing.width - boxes[box].width + 0.01
        assert -0.01 <= y <= drawing.height - boxes[box].height + 0.01


@given(graphs())
def test_layered_boxes_are_apart_and_inside(graph: tuple[dict[str, Size], list[Link]]) -> None:
    boxes, links = graph
    drawing = layered(boxes, links, aspect=1.9, widest=1400, loose_title="loose")
    assert drawing.places.keys() == boxes.keys()
    assert drawing.routes.keys() == {link.id for link in links if link.source != link.target}
    assert_apart(drawing, boxes)
    assert_inside(drawing, boxes)


@given(graphs())
def test_layered_does_not_depend_on_the_order_of_its_input(graph: tuple[dict[str, Size], list[Link]]) -> None:
    boxes, links = graph
    turned = layered(dict(reversed(boxes.items())), links[::-1], aspect=1.9, widest=1400, loose_title="")
    assert turned.places == layered(boxes, links, aspect=1.9, widest=1400, loose_title="").places


@given(graphs())
def test_lanes_boxes_are_apart_and_inside(graph: tuple[dict[str, Size], list[Link]]) -> None:
    boxes, links = graph
    home, *rest = sorted(boxes)
    half = len(rest) // 2
    groups = [("first", rest[0] if rest else None, rest[1:half]), ("second", None, rest[max(half, 1) :])]
    drawing = lanes(boxes, links, groups, home=home, widest=1400)
    assert drawing.places.keys() == boxes.keys()
    assert_apart(drawing, boxes)
    assert_inside(drawing, boxes)
    assert all(below.y >= band.y + band.height for band, below in pairwise(drawing.bands))


def test_owners_stand_left_of_what_they_own() -> None:
    boxes = dict.fromkeys(("group", "firm", "mine"), Size(100, 24))
    links = [Link("1", "group", "firm"), Link("2", "firm", "mine"), Link("3", "group", "mine")]
    places = layered(boxes, links, aspect=1.9, widest=1400, loose_title="").places
    assert places["group"].x < places["firm"].x < places["mine"].x


def test_a_cycle_is_drawn() -> None:
    boxes = dict.fromkeys("abc", Size(100, 24))
    links = [Link("1", "a", "b"), Link("2", "b", "c"), Link("3", "c", "a")]
    drawing = layered(boxes, links, aspect=1.9, widest=1400, loose_title="")
    assert len({place.x for place in drawing.places.values()}) == 3
    back = drawing.routes["3"]
    assert back[0].x > back[-1].x


def test_many_small_blocks_fill_the_canvas_at_its_aspect_ratio() -> None:
    boxes = {f"{side}{i:02}": Size(150, 24) for i in range(30) for side in "ab"}
    links = [Link(str(i), f"a{i:02}", f"b{i:02}") for i in range(30)]
    drawing = layered(boxes, links, aspect=1.9, widest=1400, loose_title="")
    assert drawing.width / drawing.height == pytest.approx(1.9, rel=0.35)


def test_a_hub_with_many_holdings_stays_within_the_width() -> None:
    boxes = {"hub": Size(150, 24)} | {f"b{i:02}": Size(150, 24) for i in range(60)}
    links = [Link(str(i), "hub", f"b{i:02}") for i in range(60)]
    drawing = layered(boxes, links, aspect=1.9, widest=1400, loose_title="")
    assert_apart(drawing, boxes)
    assert drawing.height < 1200


def test_an_unknown_box_is_an_error() -> None:
    with pytest.raises(KeyError):
        layered({"a": Size(10, 10)}, [Link("1", "a", "nobody")], aspect=1, widest=100, loose_title="")
    assert layered({}, [], aspect=1, widest=100, loose_title="").places == {}

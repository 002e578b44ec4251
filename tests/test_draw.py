"""`draw` with graphs from practice: empty attributes, odd names, parallel edges, loops, undirected graphs."""

from __future__ import annotations

import math
import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import peru_asia_graph
from browser import visit
from graphs import HOSTILE
from peru_asia_graph.errors import WrongUse
from peru_asia_graph.views.graph_data import distinct_texts, read_edges, read_nodes

EMPTY = [None, math.nan, np.float64("nan"), pd.NA, pd.NaT, Decimal("NaN"), np.datetime64("NaT")]
NODE_NAMES = ("label", "es", "type", "country", "country_label", "names", "sector", "phase", "event_type", "date")
EDGE_NAMES = ("relation", "share", "basis", "role", "certainty", "valid_from", "valid_until", "citations")
ODD = [
    1,
    "1",
    1.5,
    "1.5",
    (1, 2),
    "(1, 2)",
    frozenset([1]),
    "",
    " ",
    True,
    b"x",
    "b'x'",
    date(2012, 5, 14),
    Decimal("1.5"),
]


class Thing:
    """An object with the same text as all others of its class."""

    def __str__(self) -> str:
        return "thing"


@pytest.mark.parametrize("empty", EMPTY)
def test_empty_attribute_is_treated_as_missing(empty: Any) -> None:
    bare, full = (nx.MultiDiGraph([("acme", "beta")]) for _ in range(2))
    for node in full:
        full.nodes[node].update(dict.fromkeys([*NODE_NAMES, "end_date", "citations", "facts"], empty))
    full.edges["acme", "beta", 0].update(dict.fromkeys(EDGE_NAMES, empty))
    assert peru_asia_graph.draw(full).html == peru_asia_graph.draw(bare).html
    listed = nx.DiGraph([("acme", "beta")])
    listed.add_node("acme", names=["Acme", empty], facts=[{"kind": "phase", "value": "operation", "date": empty}])
    assert read_nodes(listed)[0]["names"] == ["Acme"]
    assert read_nodes(listed)[0]["facts"] == [{"kind": "phase", "value": "operation"}]


def test_dates_from_data_frames_are_accepted() -> None:
    graph = nx.DiGraph()
    for number, (since, until) in enumerate(
        [(2010.0, np.nan), (date(2010, 5, 1), None), (pd.Timestamp("2010-05-01"), pd.NaT)]
    ):
        graph.add_edge(number, "mine", valid_from=since, valid_until=until)
    edges = read_edges(graph)
    assert [edge["since"] for edge in edges] == ["2010", "2010-05-01", "2010-05-01"]
    assert {edge["start"] for edge in edges} == {2010} and all("until" not in edge for edge in edges)


def test_arrays_and_huge_numbers_are_accepted_as_attributes() -> None:
    graph = nx.DiGraph()
    graph.add_node("acme", names=np.array(["Acme", "ACME"]), date=np.array([2010, 2011]))
    graph.add_edge("acme", "beta", share=10**400, valid_from=np.datetime64("2010-05-01", "ns"))
    [edge], [node, _] = read_edges(graph), read_nodes(graph)
    assert node["names"] == ["Acme", "ACME"] and "share" not in edge and edge["since"] == "2010-05-01"


@given(st.lists(st.sampled_from([*ODD, None, 0, "0", "1 (int)", "1 (int 1)", -1, "-1", (1,), "(1,)"])))
def test_different_nodes_have_different_texts(values: list[Any]) -> None:
    found = distinct_texts(values)
    assert len(set(found.values())) == len(found) == len(set(values))
    assert "" not in found.values()
    assert all(found[value] == value for value in values if value and isinstance(value, str))


@pytest.mark.parametrize("make", [nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph])
def test_odd_nodes_and_keys_stay_distinct(browser: Any, tmp_path: Path, make: Any) -> None:
    things = [Thing(), Thing(), Thing()]
    graph = make()
    graph.add_nodes_from([*ODD, *things])
    graph.add_edges_from([(1, "1"), ("a|b", "c"), ("a", "b|c"), (things[0], things[1]), ("loop", "loop")])
    several = graph.is_multigraph()
    if several:
        graph.add_edges_from([("p", "q", 1), ("p", "q", "1"), ("p", "q", (1,)), ("loop", "loop", "again")])
    file = peru_asia_graph.draw(graph, "Odd").save(tmp_path / "odd.html")
    with visit(browser, file) as seen:
        drawn = seen.page.evaluate("[...pagView.layout.places.keys()]")
        assert len(drawn) == len(set(drawn)) == graph.number_of_nodes()
        assert seen.page.evaluate("pagView.layout.routes.size") == (7 if several else 4)
        loops = seen.page.evaluate("new Set(pagView.parts.filter((part) => part.loop).map((part) => part.loop)).size")
        assert loops == (2 if several else 1)
        arrows = seen.page.evaluate("pagView.parts.filter((part) => /^M\\S+ \\S+l-?8 /.test(part.d ?? '')).length")
        assert arrows == (seen.page.evaluate("pagView.layout.routes.size") if graph.is_directed() else 0)
        assert seen.page.locator("#lines tbody tr").count() == graph.number_of_edges()
    assert (seen.dialogs, seen.requests, seen.console) == ([], [], [])


class Texts(HTMLParser):
    """The text of a page outside scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.hidden = "", False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Note elements that are not displayed."""
        self.hidden = tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        self.text += "" if self.hidden else data


@pytest.mark.parametrize("make", [nx.Graph, nx.MultiGraph])
@pytest.mark.parametrize("language", ["en", "es"])
def test_undirected_graph_has_no_direction(browser: Any, tmp_path: Path, make: Any, language: str) -> None:
    graph = make([("a", "b", {"relation": "stake", "share": 60.0}), ("b", "c", {"relation": "participant"})])
    file = peru_asia_graph.draw(graph, "Pairs", language=language).save(tmp_path / "pairs.html")
    reader = Texts()
    reader.feed(file.read_text("utf-8"))
    with visit(browser, file) as seen:
        seen.page.evaluate("document.getElementById('table').hidden = false")
        seen.page.locator("#names td:first-child .go", has_text="b").click()
        shown = seen.page.locator("body").inner_text() + reader.text
    words = [
        "left of",
        "izquierda",
        "Owner",
        "Owned",
        "Propietario",
        "Poseído",
        "Holds",
        "Held",
        "Posee",
        "points",
        "Sanborn",
    ]
    words += [rf"\b{word}\b" for word in (("From", "To(?! the table)") if language == "en" else ("De", "A"))]
    assert re.search("|".join(words), shown) is None
    assert ("Linked to" if language == "en" else "Vinculado con") in shown


def test_long_and_hostile_names_stay_within_the_window(browser: Any, tmp_path: Path) -> None:
    for make in (nx.Graph, nx.MultiDiGraph):
        graph = make()
        for number, text in enumerate(HOSTILE):
            graph.add_edge(text, HOSTILE[number - 1], relation=text)
            graph.add_edge(text, text)
        file = peru_asia_graph.draw(graph, HOSTILE[0]).save(tmp_path / "hostile.html")
        with visit(browser, file) as seen:
            assert len(seen.page.evaluate("[...pagView.layout.places.keys()]")) == len(HOSTILE)
            assert seen.page.locator("main img, main script:not([type='application/json']), svg[onload]").count() == 0
            assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert (seen.dialogs, seen.requests, seen.console) == ([], [], [])


@pytest.mark.parametrize("graph", [None, 3, "a", [("a", "b")], {"a": ["b"]}, pd.DataFrame(), nx])
def test_non_graph_is_refused(graph: Any) -> None:
    with pytest.raises(WrongUse, match=r"is not a graph; pass a networkx\.Graph"):
        peru_asia_graph.draw(graph)

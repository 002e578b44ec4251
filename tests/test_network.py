"""Networks: what is in them, what holds in a year, what may stand in an attribute."""

from __future__ import annotations

import pytest

from peru_asia_graph.errors import UnknownName
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.network import TRUE, UNKNOWN, holds_in
from peru_asia_graph.sources.moments import Year


def test_block_8_is_held_as_tables_6_and_7_say(kg: KnowledgeGraph) -> None:
    graph = kg.network("ownership")
    held = {
        source: data["share"] for source, _, data in graph.in_edges("block-8", data=True) if data["relation"] == "stake"
    }
    assert held == {
        "sk-energy": 8.3, "daewoo": 11.6, "knoc": 20.0, "pluspetrol-norte": 60.0,
        "cnpc": 27.0, "pluspetrol-resources": 33.0,
    }  # fmt: skip
    direct = {source for source, _, data in graph.in_edges("block-8", data=True) if data.get("basis") == "direct"}
    assert direct == {"sk-energy", "daewoo", "knoc", "pluspetrol-norte"}


def test_mina_justa_changes_hands(kg: KnowledgeGraph) -> None:
    """Table 7: CST until 2012, then sold to CumbresAndinas."""
    holders = {
        year: {
            source: data["time"]
            for source, _, data in kg.network("ownership", year=year).in_edges("mina-justa", data=True)
        }
        for year in (2011, 2013)
    }
    assert "cst-mining-group" in holders[2011] and "cumbres-andinas" not in holders[2011]
    assert "cst-mining-group" not in holders[2013] and holders[2013]["cumbres-andinas"] == TRUE
    assert holders[2013]["korea-resources"] == UNKNOWN


@pytest.mark.parametrize(
    ("statement", "year", "held"),
    [
        ({}, 2012, UNKNOWN),
        ({}, None, TRUE),
        ({"earliest": "2012-01-01"}, 2011, None),
        ({"earliest": "2012-01-01"}, 2012, TRUE),
        ({"earliest": "2012-01-01"}, 2013, TRUE),
        ({"earliest": "2012-01-01"}, 2014, UNKNOWN),
        ({"earliest": "1990-01-01", "certainty": "former"}, 2013, UNKNOWN),
        ({"latest": "2012-12-31"}, 2012, TRUE),
        ({"latest": "2012-12-31"}, 2013, None),
        ({"latest": "2012-12-31"}, 2000, UNKNOWN),
        ({"earliest": "1990-01-01", "latest": "2000-12-31"}, 1995, TRUE),
        # From May 2012, as a month: certain from its last day on.
        ({"earliest": "2012-05-01", "latest_start": "2012-05-31"}, "2012-04", None),
        ({"earliest": "2012-05-01", "latest_start": "2012-05-31"}, "2012-05-14", UNKNOWN),
        ({"earliest": "2012-05-01", "latest_start": "2012-05-31"}, "2012-05", TRUE),
        ({"earliest": "2012-05-01", "latest_start": "2012-05-31"}, "2013-05-08", TRUE),
        ({"earliest": "2012-05-01", "latest_start": "2012-05-31"}, "2013-05-09", UNKNOWN),
        # Until 2012: held in the year, in which of its months is not known.
        ({"latest": "2012-12-31", "latest_start": "2012-12-31", "earliest_end": "2012-01-01"}, "2012", TRUE),
        ({"latest": "2012-12-31", "latest_start": "2012-12-31", "earliest_end": "2012-01-01"}, "2012-06", UNKNOWN),
        # About 2012: not certain within the year itself.
        ({"earliest": "2012-01-01", "latest_start": "2013-01-01"}, 2012, UNKNOWN),
        ({"earliest": "2012-01-01", "latest_start": "2013-01-01"}, 2013, TRUE),
        # As of May 2012: then, and not known before or after.
        ({"latest_start": "2012-05-31", "earliest_end": "2012-05-01"}, 2012, TRUE),
        ({"latest_start": "2012-05-31", "earliest_end": "2012-05-01"}, 2011, UNKNOWN),
    ],
)
def test_three_answers_for_a_moment(statement: dict[str, str], year: Year | None, held: str | None) -> None:
    assert holds_in(statement, year) == held


@pytest.mark.parametrize("kind", ["ownership", "diplomacy"])
def test_attributes_are_plain_and_never_none(kg: KnowledgeGraph, kind: str) -> None:
    graph = kg.network(kind, year=2012)
    attributes = [data for _, data in graph.nodes(data=True)] + [data for _, _, data in graph.edges(data=True)]
    assert {type(value) for data in attributes for value in data.values()} <= {str, float, int, bool}
    assert all("label" in data for _, data in graph.nodes(data=True))
    assert all("citations" in data for _, _, data in graph.edges(data=True))


def test_no_dealing_of_peru_with_another_state_is_left_out_for_its_type(kg: KnowledgeGraph) -> None:
    """Pages 6 to 11, 23 and 24: events of the types other, conflict, flight, regulation, discrimination, road show."""
    told = {
        "peru-japan-rapprochement-1960s", "peru-japan-high-point", "peru-japan-tensions", "fujimori-flight-2000",
        "peru-japan-cooperation-1990s", "peru-china-technical-cooperation", "peru-china-strategic-partnership-2008",
        "immigration-regulation-1909", "confiscation-of-japanese-peruvian-property", "invest-in-peru-road-show",
        "korea-peru-arrangements", "peru-us-distrust", "peru-china-fta-2009",
    }  # fmt: skip
    graph = kg.network("diplomacy")
    assert told <= set(graph) and graph.has_edge("japanese-peruvians", "japan")
    assert not {"peru-exports-shift-to-china", "japanese-fdi-wave-1965-1975", "hierro-peru-privatization"} & set(graph)


def test_diplomacy_links_peru_with_its_partners(kg: KnowledgeGraph) -> None:
    graph = kg.network("diplomacy")
    for agreement, partner in [
        ("peru-china-fta", "china"),
        ("peru-korea-fta", "south-korea"),
        ("mexico-japan-epa", "japan"),
    ]:
        assert graph.has_edge(partner, agreement)


def test_events_that_last_have_both_ends_in_networks(kg: KnowledgeGraph) -> None:
    """p. 6: coolies were brought between 1849 and 1874."""
    graph = kg.network("diplomacy")
    assert (graph.nodes["coolie-migration"]["date"], graph.nodes["coolie-migration"]["end_date"]) == ("1849", "1874")
    ends = {(data["valid_from"], data["valid_until"]) for _, _, data in graph.in_edges("coolie-migration", data=True)}
    assert ends == {("1849", "1874")}


def test_a_month_is_told_from_its_year(kg: KnowledgeGraph) -> None:
    """Table 7: CST held its part of Mina Justa until 2012; p. 10: Humala was president in May 2012."""
    times = {
        when: {data["time"] for _, _, data in kg.network("ownership", year=when).edges("cst-mining-group", data=True)
               if data["relation"] == "stake"}
        for when in (2012, "2012-05", "2012-05-14")
    }  # fmt: skip
    assert times == {2012: {TRUE}, "2012-05": {UNKNOWN}, "2012-05-14": {UNKNOWN}}
    office = {
        when: [data["time"] for _, _, data in kg.network("diplomacy", year=when).edges("ollanta-humala", data=True)
               if data["relation"] == "officeOf"]
        for when in ("2012-05", "2012-06")
    }  # fmt: skip
    assert office == {"2012-05": [TRUE], "2012-06": [UNKNOWN]}


def test_unknown_kinds_are_named(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match="'diplomacy' or 'ownership'"):
        kg.network("nope")

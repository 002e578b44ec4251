"""Networks: their contents, the statements that hold in a year, and the permitted attribute values."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from csv_rows import read_csv
from exporters import write_homes_and_offices
from peru_asia_graph.errors import UnknownName
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.network import TRUE, UNKNOWN, holds_in, restrict_query
from peru_asia_graph.sources.dates import Year
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.vocabulary import ONTOLOGY, THING
from two_sources import build_in, flat

ROOT = Path(__file__).parents[1]
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def test_stakes_in_block_8_match_tables_6_and_7(kg: KnowledgeGraph) -> None:
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
        ({"earliest": "2012-01-01", "last_day": "2013-05-08"}, 2014, UNKNOWN),
        ({"earliest": "2012-01-01"}, 2014, TRUE),
        ({"earliest": "1990-01-01", "certainty": "former"}, 2013, UNKNOWN),
        # Called former on 8 May 2013, without dates: it may have been held earlier in 2013, not afterwards.
        ({"certainty": "former", "last_day": "2013-05-08"}, 2013, UNKNOWN),
        ({"certainty": "former", "last_day": "2013-05-08"}, "2013-05-09", None),
        ({"certainty": "former", "last_day": "2013-05-08"}, 2014, None),
        ({"latest": "2012-12-31"}, 2012, TRUE),
        ({"latest": "2012-12-31"}, 2013, None),
        ({"latest": "2012-12-31"}, 2000, UNKNOWN),
        ({"earliest": "1990-01-01", "latest": "2000-12-31"}, 1995, TRUE),
        # From May 2012 (a month): certain from its last day on.
        ({"earliest": "2012-05-01", "latest_start": "2012-05-31"}, "2012-04", None),
        ({"earliest": "2012-05-01", "latest_start": "2012-05-31"}, "2012-05-14", UNKNOWN),
        ({"earliest": "2012-05-01", "latest_start": "2012-05-31"}, "2012-05", TRUE),
        ({"earliest": "2012-05-01", "latest_start": "2012-05-31"}, "2013-05-08", TRUE),
        ({"earliest": "2012-05-01", "latest_start": "2012-05-31", "last_day": "2013-05-08"}, "2013-05-09", UNKNOWN),
        # Until 2012: it held within the year, but the months are not known.
        ({"latest": "2012-12-31", "latest_start": "2012-12-31", "earliest_end": "2012-01-01"}, "2012", TRUE),
        ({"latest": "2012-12-31", "latest_start": "2012-12-31", "earliest_end": "2012-01-01"}, "2012-06", UNKNOWN),
        # About 2012: not certain within the year itself.
        ({"earliest": "2012-01-01", "latest_start": "2013-01-01"}, 2012, UNKNOWN),
        ({"earliest": "2012-01-01", "latest_start": "2013-01-01"}, 2013, TRUE),
        # As of May 2012: it held then; before and after are not known.
        ({"latest_start": "2012-05-31", "earliest_end": "2012-05-01"}, 2012, TRUE),
        ({"latest_start": "2012-05-31", "earliest_end": "2012-05-01"}, 2011, UNKNOWN),
    ],
)
def test_statement_holds_or_not_or_is_unknown_at_a_time(
    statement: dict[str, str], year: Year | None, held: str | None
) -> None:
    assert holds_in(statement, year) == held


@pytest.mark.parametrize("kind", ["all", "ownership", "diplomacy"])
def test_attributes_have_plain_types_and_are_never_none(kg: KnowledgeGraph, kind: str) -> None:
    graph = kg.network(kind, year=2012)
    attributes = [data for _, data in graph.nodes(data=True)] + [data for _, _, data in graph.edges(data=True)]
    assert {type(value) for data in attributes for value in data.values()} <= {str, float, int, bool}
    assert all("label" in data for _, data in graph.nodes(data=True))
    assert all("citations" in data for _, _, data in graph.edges(data=True))


def test_diplomacy_includes_events_of_every_type(kg: KnowledgeGraph) -> None:
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


def test_lasting_events_have_both_dates_in_networks(kg: KnowledgeGraph) -> None:
    """p. 6: coolies were brought between 1849 and 1874."""
    graph = kg.network("diplomacy")
    assert (graph.nodes["coolie-migration"]["date"], graph.nodes["coolie-migration"]["end_date"]) == ("1849", "1874")
    ends = {(data["valid_from"], data["valid_until"]) for _, _, data in graph.in_edges("coolie-migration", data=True)}
    assert ends == {("1849", "1874")}


def test_month_is_distinguished_from_its_year(kg: KnowledgeGraph) -> None:
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


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of the paper."""
    return read_csv(ROOT / "data" / "sanborn-yong" / f"{name}.csv")


def parts(cell: str) -> set[str]:
    """Return the values of a cell."""
    return set(filter(None, cell.split(";")))


def test_full_network_has_everything_in_the_tables(kg: KnowledgeGraph) -> None:
    graph = kg.network("all")
    tables = ("entities", "events", "agreements", "sources")
    assert {row["id"] for name in tables for row in rows(name)} == set(graph)


def test_full_network_has_every_link_in_the_tables(kg: KnowledgeGraph) -> None:
    """Each row that names two things is an edge; a row with several pairs has an edge for each."""
    found = {(source, target, key) for source, target, key in kg.network("all").edges(keys=True)}
    wanted = {(row["subject"], row["object"], row["id"]) for row in rows("relations")}
    wanted |= {(row["owner"], row["owned"], row["id"]) for row in rows("stakes")}
    wanted |= {(row["participant"], row["event"], row["id"]) for row in rows("participations")}
    wanted |= {(row["holder"], row["office_of"], row["id"]) for row in rows("tenures") if row["office_of"]}
    wanted |= {
        (investor, row["project"] or row["sector"], row["id"])
        for row in rows("investments")
        for investor in parts(row["investors"])
    }
    made = {
        (party, row["id"], f"{row['id']}--party--{party}")
        for row in rows("agreements")
        for party in parts(row["parties"])
    }
    made |= {
        (row["id"], place, f"{row['id']}--place--{place}") for row in rows("events") for place in parts(row["places"])
    }
    made |= {
        (row["holder"], row["office_in"], f"{row['id']}--in--{row['office_in']}")
        for row in rows("tenures")
        if row["office_of"] and row["office_in"]
    }
    for row in rows("sources"):
        for relation, column in (("creator", "authors"), ("publisher", "publisher")):
            made |= {(row["id"], one, f"{row['id']}--{relation}--{one}") for one in parts(row[column])}
    assert wanted | made <= found
    rest = {key for _, _, key in found - wanted - made}
    assert rest <= {row["id"] for row in rows("observations")}


def test_full_network_of_a_year(kg: KnowledgeGraph) -> None:
    """The crisis of 1998 (page 9) is absent in 1850; the owners of Mina Justa change in 2012."""
    early, late = kg.network("all", year=1850), kg.network("all", year=2013)
    assert not any(data.get("from_year", 0) > 1850 for _, data in early.nodes(data=True))
    assert not any(data.get("until_year", 9999) < 2013 for *_, data in late.edges(data=True))
    assert not late.has_edge("cst-mining-group", "mina-justa", "cst-mining-group-in-mina-justa")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["all", "diplomacy"])
def test_agreement_lasts_beyond_its_signature(sources: KnowledgeGraph, kind: str) -> None:
    """HUGGO: China and Korea signed on 2009-04-28 and 2011-03-21, in force; LAFTA from 1960-02-18 to 1980-08-12.

    DESTA does not say of any whether it is still in force; the paper has the agreement with Korea as signed.
    """
    lafta = "desta-561-latin-american-free-trade-area-lafta"
    for year, by_hand in {
        1975: {("huggo", lafta): "true", ("desta", lafta): "not known then"},
        2015: {
            **dict.fromkeys([("huggo", "peru-china-fta"), ("huggo", "peru-korea-fta")], "true"),
            **dict.fromkeys([("desta", lafta), ("sanborn-yong", "peru-korea-fta")], "not known then"),
        },
    }.items():  # fmt: skip
        edges = [
            edge for edge in sources.network(kind, year).out_edges("peru", data=True) if edge[2]["relation"] == "party"
        ]
        found = {(data["source"].removeprefix("trade-agreements-"), end): data["time"] for _, end, data in edges}
        assert {key: found[key] for key in by_hand} == by_hand
        assert (("huggo", lafta) in found) == (year == 1975)
    whole = sources.network(kind)
    ends = {
        data["until_year"]
        for *_, data in whole.out_edges("peru", data=True)
        if data["relation"] == "party"
        if "until_year" in data
    }
    assert 1980 in ends and "until_year" not in whole.nodes["peru-korea-fta"]


@pytest.mark.slow
def test_exactly_the_used_attributes_are_documented(sources: KnowledgeGraph) -> None:
    graphs = [sources.network(kind, year) for kind in ("all", "ownership", "diplomacy") for year in (None, 2012)]
    nodes = {name for graph in graphs for _, data in graph.nodes(data=True) for name in data}
    edges = {name for graph in graphs for *_, data in graph.edges(data=True) for name in data}
    # No source gives an upper bound yet.
    attributes = json.loads((ROOT / "ontology" / "networks" / "attributes.json").read_text("utf-8"))
    assert [nodes, edges | {"share_high"}] == [{one["name"] for one in attributes[of]} for of in ("Nodes", "Edges")]


def test_unknown_network_is_refused_with_the_choices(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match="'all', 'diplomacy' or 'ownership'"):
        kg.network("nope")


def test_query_is_restricted_at_its_marked_place() -> None:
    slugs = [f"thing-{number}" for number in range(501)]
    first, second = restrict_query("SELECT ?node { # ends\n?node a ?class }", "node", slugs)
    assert first.count("/thing-") == 500 and second.count("VALUES ?node {") == second.count("/thing-") == 1
    assert list(restrict_query("SELECT ?node { ?node a ?class }", "node", slugs)) == ["SELECT ?node { ?node a ?class }"]


@pytest.mark.slow
def test_investments_without_a_sector_and_offices_in_a_part_are_edges(tmp_path: Path) -> None:
    graph = build_in(write_homes_and_offices(tmp_path, project="mine"))[0]
    links = [(one, other, data["relation"]) for one, other, data in graph.network("all").edges(data=True)]
    assert sorted(links) == [
        ("ana", "firm", "officeOf"), ("ana", "firm", "stake"), ("ana", "ministry", "officeIn"),
        ("ana", "ministry", "officeIn"), ("firm", "atlantis", "homeState"), ("firm", "mine", "investsIn"),
    ]  # fmt: skip
    told = {tuple(line.split(",")[at] for at in (1, 3, 4)) for line in flat(graph, "relations")}
    assert {("ana", "officeOf", "firm"), ("ana", "officeIn", "ministry")} <= told


def relation(key: str, name: str, subject: str, other: str) -> list[ox.Quad]:
    """Return a relation between two things, without its certainty and citation."""
    values = {"subject": f"{THING}{subject}", "object": f"{THING}{other}", "relation": f"{ONTOLOGY}{name}"}
    properties = {f"{ONTOLOGY}{column}": value for column, value in values.items()} | {TYPE: f"{ONTOLOGY}Relation"}
    return [
        ox.Quad(ox.NamedNode(f"{THING}{key}"), ox.NamedNode(name), ox.NamedNode(value))
        for name, value in properties.items()
    ]


@pytest.mark.slow
def test_time_to_read_the_ownership_network_is_not_quadratic() -> None:
    """Searching all relations again for each of 3,000 firms takes half a minute."""
    quads = []
    for number in range(3000):
        firm, mine = f"firm-{number}", f"mine-{number}"
        quads += relation(f"home-{number}", "homeState", firm, "peru") + relation(
            f"runs-{number}", "operatorOf", firm, mine
        )
        quads.append(ox.Quad(ox.NamedNode(THING + mine), ox.NamedNode(TYPE), ox.NamedNode(f"{ONTOLOGY}Project")))
    store = EmbeddedStore.of(quads)
    start = time.perf_counter()
    found = store.query((ROOT / "ontology/networks/ownership.rq").read_text())
    assert len(found) == 6000 and time.perf_counter() - start < 8

"""Rules of the diplomacy board: small networks worked out by hand, and the dealings described in the paper."""

from __future__ import annotations

import networkx as nx
import pytest

from boards import network
from peru_asia_graph.dealings.board import Board, BoardRow, read_board
from peru_asia_graph.graph import KnowledgeGraph

PAPER = "sanborn-yong"


STATES = {name: ("State", "") for name in ("chile", "vietnam", "laos")}


def row(graph: nx.MultiDiGraph[str], name: str, home: str | None = None) -> BoardRow:
    return next(one for one in read_board(graph, home).rows if one.id == name)


def test_home_is_the_state_with_most_dealings() -> None:
    graph = network(
        {**STATES, "visit": ("Event", "state-visit"), "pact": ("Treaty", "")},
        [
            ("chile", "visit", "sender"),
            ("vietnam", "visit", "host"),
            ("chile", "pact", "party of"),
            ("laos", "pact", "party of"),
        ],
    )
    board = read_board(graph)
    assert board.home == "chile"
    assert {(one.id, one.sign, one.partners, one.toward) for one in board.rows} == {
        ("visit", "visit", ("vietnam",), "partner"),
        ("pact", "agreement", ("laos",), ""),
    }
    assert {one.partners for one in read_board(graph, "laos").rows} == {("chile",)}


def test_partners_are_the_states_of_participants() -> None:
    """A firm acts for its home state, a body without a state adds no partner, people act for their state of origin."""
    graph = network(
        {
            **STATES,
            "firm": ("Firm", "laos"),
            "club": ("InternationalBody", ""),
            "settlers": ("Community", ""),
            "sale": ("Event", "arms-sale"),
            "joining": ("Event", "accession"),
            "landing": ("Event", "migration"),
        },
        [
            ("chile", "sale", "buyer"),
            ("firm", "sale", "seller"),
            ("chile", "joining", "member"),
            ("club", "joining", "subject"),
            ("vietnam", "joining", "supporter"),
            ("settlers", "vietnam", "from"),
            ("settlers", "landing", "subject"),
            ("chile", "landing", "recipient"),
        ],
    )
    sale, joining, landing = (row(graph, name, "chile") for name in ("sale", "joining", "landing"))
    assert (sale.partners, sale.across, sale.people) == (("laos",), ("firm",), False)
    assert (joining.partners, joining.across) == ((), ("club", "vietnam"))
    assert (landing.partners, landing.across, landing.people) == (("vietnam",), ("settlers",), True)


def test_supporter_is_partner_only_if_there_is_no_other() -> None:
    graph = network(
        {**STATES, "help": ("Event", "assistance"), "recognition": ("Event", "recognition")},
        [
            ("chile", "help", "beneficiary"),
            ("laos", "help", "supporter"),
            ("chile", "recognition", "recogniser"),
            ("vietnam", "recognition", "recognised"),
            ("laos", "recognition", "predecessor"),
        ],
    )
    assert row(graph, "help", "chile").partners == ("laos",)
    found = row(graph, "recognition", "chile")
    assert (found.partners, found.beside) == (("vietnam",), ("laos",))


def test_dealings_without_home_or_a_partner_are_set_aside() -> None:
    graph = network(
        {**STATES, "ours": ("Event", "trade-policy"), "theirs": ("Treaty", "")},
        [("chile", "ours", "party"), ("laos", "theirs", "party of"), ("vietnam", "theirs", "party of")],
    )
    board = read_board(graph, "chile")
    assert (board.rows, board.aside) == ((), (("ours", "mine"), ("theirs", "mine")))
    assert read_board(nx.MultiDiGraph()) == Board(None, (), (), ())


def test_event_is_folded_into_its_only_agreement() -> None:
    """The agreement takes the event's date and people; an event about two agreements keeps its own row."""
    nodes = {
        **STATES,
        "leader": ("Person", "chile"),
        "pact": ("Treaty", ""),
        "other": ("Treaty", ""),
        "signing": ("Event", "agreement-signing"),
        "talks": ("Event", "meeting"),
    }
    both = [(state, name, "party of") for state in ("chile", "laos") for name in ("pact", "other")]
    graph = network(
        nodes,
        [
            *both,
            ("pact", "signing", "subject"),
            ("leader", "signing", "signatory"),
            ("laos", "signing", "signatory"),
            ("pact", "talks", "subject"),
            ("other", "talks", "subject"),
            ("chile", "talks", "party"),
            ("laos", "talks", "party"),
        ],
    )
    for *_, facts in graph.in_edges("signing", data=True):
        facts["valid_from"] = "1902-07"
    board = {one.id: one for one in read_board(graph, "chile").rows}
    assert set(board) == {"pact", "other", "talks"}
    assert (board["pact"].date, board["pact"].home, board["pact"].folded) == ("1902-07", ("leader",), ("signing",))
    assert board["other"].date == ""


def test_sources_are_read_separately() -> None:
    graph = network({**STATES, "pact": ("Treaty", "")}, [("chile", "pact", "party of"), ("laos", "pact", "party of")])
    for state in ("chile", "laos", "vietnam"):
        graph.add_edge(state, "pact", key=f"b-{state}", relation="party", source="theirs", valid_from="1999")
    found = {one.source: (one.partners, one.date) for one in read_board(graph, "chile").rows}
    assert found == {"mine": (("laos",), ""), "theirs": (("laos", "vietnam"), "1999")}


def test_mutual_visit_points_both_ways() -> None:
    graph = network(
        {**STATES, "guests": ("Community", ""), "trip": ("Event", "state-visit"), "trips": ("Event", "official-visit")},
        [
            ("chile", "trips", "party"),
            ("laos", "trips", "party"),
            ("guests", "trip", "visitor"),
            ("chile", "trip", "sender"),
            ("laos", "trip", "host"),
        ],
    )
    assert row(graph, "trips", "chile").toward == "both"
    assert row(graph, "trip", "laos").toward == "home"
    assert (row(graph, "trip", "chile").toward, row(graph, "trip", "chile").home) == ("partner", ("guests",))


# --- the paper: who dealt with whom, from pages 6 to 11, 17, 22 and 23 ------------------------------------------------
WITH_CHINA = {
    "coolie-migration",
    "peru-china-treaty-1874",
    "first-chinese-diplomat-1884",
    "chinese-free-immigration",
    "immigration-regulation-1909",
    "immigration-ban-1930",
    "chinese-immigration-20c",
    "chinese-immigration-wave-21c",
    "peru-china-relations-1971",
    "peru-recognises-prc-1971",
    "peru-china-technical-cooperation",
    "market-economy-status-2004",
    "hu-jintao-visit-to-peru-2008",
    "alan-garcia-visit-to-china-2008",
    "peru-china-strategic-partnership",
    "peru-china-fta",
    "peru-china-40th-anniversary-2011",
    "peru-china-accords-2013",
    "peru-china-comprehensive-strategic-partnership",
    "first-meeting-agriculture-ministers-china-lac",
    "state-visits-to-china",
}
WITH_JAPAN = {
    "peru-japan-relations-1873",
    "japanese-immigration-admission-1899",
    "first-japanese-boatload-1899",
    "japanese-immigration-waves",
    "confiscation-of-japanese-peruvian-property",
    "peru-japan-rapprochement-1960s",
    "japanese-copper-dispute",
    "fujimori-assistance-promise-1990",
    "peru-japan-high-point",
    "peru-japan-cooperation-1990s",
    "japan-restores-peru-standing",
    "fujimori-flight-2000",
    "peru-japan-tensions",
    "state-visits-to-japan",
}
WITH_KOREA = {
    "peru-korea-joint-communique-1963",
    "peru-korea-relations-1963",
    "peru-korea-fta",
    "humala-visit-to-seoul-2012",
    "peru-korea-mutual-visits",
    "kim-visit-to-lima",
    "kim-technology-promise",
    "peru-korea-comprehensive-strategic-partnership",
    "peru-korea-government-arrangements",
    "kt-1-sale",
    "kt-1-technology-transfer",
    "korean-scholarships",
    "korean-development-institute-seminars",
    "invest-in-peru-road-show",
    "peru-korea-technology-efforts",
    "peru-new-asian-channels",
}
WITH_SEVERAL_OR_OTHERS = {
    "asian-labour-migration-19c",
    "deportation-of-japanese-peruvians",
    "peru-us-distrust",
    "peru-apec-accession-1997",
    "creditor-meetings-by-japan",
}


@pytest.fixture(scope="module")
def board(kg: KnowledgeGraph) -> Board:
    """The board of the paper only."""
    return read_board(kg.network("diplomacy"))


def test_dealings_of_the_paper_by_partner(board: Board) -> None:
    found = {
        partner: {one.id for one in board.rows if one.partners == (partner,)}
        for partner in ("china", "japan", "south-korea")
    }
    assert found == {"china": WITH_CHINA, "japan": WITH_JAPAN, "south-korea": WITH_KOREA}
    rest = {one.id for one in board.rows} - WITH_CHINA - WITH_JAPAN - WITH_KOREA
    assert (board.home, rest) == ("peru", WITH_SEVERAL_OR_OTHERS)


def test_dealings_without_peru_or_a_partner_are_set_aside(board: Board) -> None:
    """Pages 8 and 21: NAFTA, the agreement between Mexico and Japan, and the deportations by eleven other countries."""
    aside = {name for name, _ in board.aside}
    without_peru = {
        "nafta",
        "mexico-japan-epa",
        "deportation-by-other-latin-american-countries",
        "toromocho-commitments",
    }
    assert without_peru | {"fujimori-trade-opening", "peru-fta-negotiations", "peru-other-ftas"} <= aside
    assert not aside & {one.id for one in board.rows}


def test_agreements_take_the_dates_of_their_events(board: Board) -> None:
    """Page 7: strategic partnership in 2008, FTA in 2009; page 11: government arrangements in the last three years."""
    rows = {one.id: one for one in board.rows}
    dates = {name: rows[name].date for name in ("peru-china-strategic-partnership", "peru-china-fta", "peru-korea-fta")}
    assert list(dates.values()) == ["2008", "2009", "2011-03-21"]
    arrangements = rows["peru-korea-government-arrangements"]
    assert (arrangements.date, arrangements.until) == ("2010~", "2013")
    assert rows["peru-korea-comprehensive-strategic-partnership"].date == ""


def test_hu_and_garcia_share_three_dealings_of_2008(board: Board) -> None:
    """Page 7: they exchanged visits and established a strategic partnership."""
    theirs = [one for one in board.rows if "hu-jintao" in one.across]
    assert {one.id for one in theirs} == {
        "hu-jintao-visit-to-peru-2008",
        "alan-garcia-visit-to-china-2008",
        "peru-china-strategic-partnership",
    }
    assert {(one.home, one.date) for one in theirs} == {(("alan-garcia",), "2008")}


def test_visits_point_to_the_host(board: Board) -> None:
    """Pages 7, 10 and 11; the state visits of recent presidents are on page 10."""
    assert {one.id: one.toward for one in board.rows if one.sign == "visit"} == {
        "hu-jintao-visit-to-peru-2008": "home",
        "alan-garcia-visit-to-china-2008": "partner",
        "humala-visit-to-seoul-2012": "partner",
        "kim-visit-to-lima": "home",
        "peru-korea-mutual-visits": "both",
        "state-visits-to-china": "partner",
        "state-visits-to-japan": "partner",
    }


def test_movements_of_people_are_marked(board: Board) -> None:
    moved = {one.id for one in board.rows if one.people}
    assert moved == {
        "asian-labour-migration-19c",
        "coolie-migration",
        "chinese-free-immigration",
        "immigration-regulation-1909",
        "immigration-ban-1930",
        "chinese-immigration-20c",
        "chinese-immigration-wave-21c",
        "japanese-immigration-admission-1899",
        "first-japanese-boatload-1899",
        "japanese-immigration-waves",
        "deportation-of-japanese-peruvians",
        "confiscation-of-japanese-peruvian-property",
    }


def test_deportees_and_supporters_add_no_false_partners(board: Board) -> None:
    """Page 8: Peru and the United States deported Japanese Peruvians; page 22: Japan supported Peru joining APEC."""
    rows = {one.id: one for one in board.rows}
    deported = rows["deportation-of-japanese-peruvians"]
    assert (deported.partners, deported.home) == (("japan", "united-states"), ("peruvian-government",))
    assert (rows["peru-apec-accession-1997"].partners, rows["peru-apec-accession-1997"].across) == (
        (),
        ("apec", "japan"),
    )
    assert rows["peru-recognises-prc-1971"].beside == ("chile", "cuba")


def test_office_holders_exclude_the_authors(board: Board, kg: KnowledgeGraph) -> None:
    """Pages 3 and 11 quote Castilla and Park; a quote is not a dealing. The authors hold posts at a university."""
    assert set(board.officers) == {
        ("luis-miguel-castilla", "peru"),
        ("park-hee-kwon", "south-korea"),
        ("south-korean-head-of-state", "south-korea"),
    }
    assert not {"cynthia-sanborn", "alexis-yong", "ciup", "universidad-del-pacifico"} & set(kg.network("diplomacy"))


def test_network_has_the_dates_of_the_board(kg: KnowledgeGraph) -> None:
    graph = kg.network("diplomacy")
    assert {facts["valid_from"] for *_, facts in graph.in_edges("peru-china-fta", data=True)} == {"2009"}
    assert graph.nodes["humala-visit-to-seoul-2012"]["event_type"] == "official-visit"

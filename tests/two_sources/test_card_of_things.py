"""Cards of a thing that two sources describe: positions, descriptions, state ownership and names by source."""

from __future__ import annotations

import pytest

from card_texts import card_of, frame, said, sections, texts
from page_data import data_of
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.cards.make import make_card_list
from peru_asia_graph.site.cards.store_reader import StoreReader
from peru_asia_graph.vocabulary import thing
from two_sources import build_in, same, source, write_source


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """Return a graph in which two sources describe a mine and its owner differently."""
    root = tmp_path_factory.mktemp("described")
    described = {
        "alpha": ({"lat": "-12.5", "long": "-77.5", "description": "in the north"}, {"state_owned": "false"}),
        "beta": ({"lat": "-13.25", "long": "-75", "description": "in the south"}, {"state_owned": "true"}),
    }
    signed = {"alpha": ("2009", "2010-03-01"), "beta": ("2009-04-28", "2010-04")}
    for place, (name, (mine, firm)) in enumerate(described.items()):
        stake = {"id": f"{name}-stake", "owner": f"{name}-firm", "owned": f"{name}-mine", "share_percent": "30"}
        home = {"id": f"{name}-home", "subject": f"{name}-firm", "relation": "homeState", "object": f"{name}-state",
                "certainty": "stated", "citations": f"{name}-p1"}  # fmt: skip
        pact = {"id": f"{name}-pact", "parties": f"{name}-state", "citations": f"{name}-p1",
                **dict(zip(("signed_on", "in_force_on"), signed[name], strict=True))}  # fmt: skip
        spanish = {"thing": f"{name}-mine", "label_es": f"La mina {name}"}
        tables = source(name, {}, [stake], relations=[home], agreements=[pact], translations=[spanish])
        tables["entities"] = [
            {"id": f"{name}-mine", "type": "MiningProject", "label": "The mine", **mine, "citations": f"{name}-p1"},
            {"id": f"{name}-firm", "type": "Firm", "label": f"Firm {name}", **firm, "citations": f"{name}-p1"},
            {"id": f"{name}-state", "type": "State", "label": "State", "citations": f"{name}-p1"},
            {"id": f"{name}-pact", "type": "FreeTradeAgreement", "label": "Pact", "citations": f"{name}-p1"},
        ]
        if place:
            tables["matches"] = [same(f"beta-{one}", f"alpha-{one}") for one in ("mine", "firm", "state", "pact")]
        write_source(root, name, tables, date="2020", position=place)
    return build_in(root)[0]


def test_position_is_not_mixed_from_two_sources(graph: KnowledgeGraph) -> None:
    picture = card_of(graph, "alpha-mine").place
    assert picture is not None
    assert "".join(piece.text for piece in picture.caption) == (
        "At 12.5° S, 77.5° W, as given by Alpha. At 13.25° S, 75° W, as given by Beta"
    )


def test_timeline_of_an_agreement_names_the_source_of_a_date_on_which_sources_differ(graph: KnowledgeGraph) -> None:
    (picture,) = card_of(graph, "alpha-pact").pictures
    told = "28 April 2009 · Beta: signed; 1 March 2010 · Alpha: in force; April 2010 · Beta: in force."
    assert f"Timeline. {told}" in picture.svg  # the 2009 of Alpha is the same date, less precise


def test_thing_has_one_name_in_each_language(graph: KnowledgeGraph) -> None:
    """The first source determines it; a name in another source is an alternative name there."""
    found = graph.query("""SELECT ?graph ?kind ?name { GRAPH ?graph { id:alpha-mine ?kind ?name
        FILTER(LANG(?name) = "es" && ?kind IN (skos:prefLabel, skos:altLabel)) } } ORDER BY ?name""").table()
    assert [[str(cell).rpartition("/")[2] for cell in row] for row in found] == [
        ["alpha", "skos:prefLabel", "La mina alpha"], ["beta", "skos:altLabel", "La mina beta"],
    ]  # fmt: skip


def test_descriptions_name_their_source(graph: KnowledgeGraph) -> None:
    assert said(card_of(graph, "alpha-mine")).endswith("Alpha: In the north. Beta: In the south.")
    shown = " ".join(graph.show("alpha-mine").render("text").split())
    assert "Description in the north [alpha] in the south [beta]" in shown


def test_state_ownership_names_its_source(graph: KnowledgeGraph) -> None:
    assert said(card_of(graph, "alpha-firm")).startswith("Firm of State, state-owned (Beta 2020).")
    card = graph.show("alpha-firm")
    assert card.render("text").startswith("Firm alpha (firm)\n")
    assert "\nDescription\n  not state-owned  [alpha]\n  state-owned  [beta]\n" in card.render("text")
    assert [dict(fact) for fact in card.sections[0].facts] == [
        {"source": "alpha", "state_owned": "false"}, {"source": "beta", "state_owned": "true"},
    ]  # fmt: skip
    assert graph.show("alpha-firm", source="beta").render("text").startswith("Firm alpha (firm, state-owned)\n")


def test_name_in_the_other_source_is_listed(graph: KnowledgeGraph) -> None:
    names = sections(card_of(graph, "alpha-firm"))["names"]
    assert (texts(names), names.rows[0].source, names.count) == ([["“Firm beta”"]], "Beta", 1)
    page = make_card_list(StoreReader(graph.store, graph.sources), frame(graph), thing("alpha-firm"), "names", 1)
    assert page is not None and page[1] == names


def test_shares_on_the_map_are_counted_once(graph: KnowledgeGraph) -> None:
    """Each source states 30 percent for a project with a position; the rest has no stated owner."""
    (entry,) = data_of(str(graph.view("map").html))["entries"]
    shares = [["alpha-state", 30.0], ["", 70.0]]
    assert entry["split"] == {"alpha": shares, "beta": shares}

"""Cards: each section is a query file, and the requirements in its header hide no facts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from peru_asia_graph.cli.ask import show
from peru_asia_graph.errors import WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.cards import count_links, make_card, read_section_queries
from peru_asia_graph.query.fact_words import fact_phrases
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.store.results import Result
from peru_asia_graph.vocabulary import local, thing

THINGS = "SELECT DISTINCT ?x WHERE { ?x ?p ?o FILTER(STRSTARTS(STR(?x), STR(id:))) } ORDER BY ?x"


@pytest.mark.slow
def test_requirements_hide_no_facts(kg: KnowledgeGraph) -> None:
    """Query every section for every twentieth thing of the graph, even where its requirements are not met."""
    hidden = []
    for row in kg.query(THINGS).rows[::20]:
        links = count_links(kg.store, row[0].value)
        for query in kg.section_queries:
            if not query.applies(links) and query.read(kg.store, local(row[0].value)).facts:
                hidden.append((row[0].value, query.title))
    assert hidden == []


def test_only_sections_that_can_have_facts_are_queried(kg: KnowledgeGraph) -> None:
    class CountingStore(EmbeddedStore):
        def __init__(self, answer: Callable[[str], Result]) -> None:
            self.texts: list[str] = []
            self._answer = answer

        def query(self, text: str) -> Result:
            self.texts.append(text)
            return self._answer(text)

    store = CountingStore(kg.store.query)
    assert make_card(store, "loreto", kg.section_queries).sections
    assert not any("pag:Stake" in text for text in store.texts)


def test_links_are_counted_in_both_directions(kg: KnowledgeGraph) -> None:
    links = count_links(kg.store, thing("block-8"))
    owned = "https://w3id.org/peru-asia-graph/ontology#owned"
    stakes = kg.query("SELECT DISTINCT ?s { ?s pag:owned id:block-8 }")
    assert links["^" + owned] == len(stakes) and owned not in links


def test_position_is_shown_with_its_citation(sources: KnowledgeGraph) -> None:
    """Line 21 of the raw file: Alondra, record 266, at -15.8166666666667, -73.5833333333333."""
    (section,) = [one for one in sources.show("usgs-alondra").sections if one.title == "Position"]
    ((line, cited),) = section.lines()
    assert line == "latitude -15.816667 · longitude -73.583333"
    assert "record 266, LatitudeDecimal; record 266, LongitudeDecimal" in cited


def test_new_query_file_adds_a_section(kg: KnowledgeGraph, tmp_path: Path) -> None:
    (tmp_path / "10-located.rq").write_text(
        "# title: Located in\n# requires: pag:locatedIn\n"
        "SELECT ?to WHERE { $thing pag:locatedIn/rdfs:label ?to } ORDER BY ?to\n"
    )
    card = make_card(kg.store, "block-8", read_section_queries(tmp_path))
    assert [section.title for section in card.sections] == ["Located in"]
    assert {"to": "Loreto"} in card.sections[0].facts


def test_render_formats(kg: KnowledgeGraph) -> None:
    card = kg.show("Block 8")
    facts = json.loads(card.render("json"))["facts"]["Held by"]
    assert {"owner": "SK Energy", "share_percent": "8.3"}.items() <= next(
        fact for fact in facts if fact["owner"] == "SK Energy"
    ).items()
    with pytest.raises(WrongUse, match="use text, markdown or json"):
        card.render("turtle")
    (form,) = (one for one in show.params if one.name == "form")
    assert [*form.type.choices] == ["text", "markdown", "json"] and all(map(card.render, form.type.choices))


def test_card_dates_are_in_words(kg: KnowledgeGraph) -> None:
    """Table 7, Block 6 / 7: since January 1994 and October 1995; p. 26: concessions of 2007 and 2008."""
    for name, said in [
        ("Block 6", "involved · from 1994-01 or 1995-10"),
        ("Toromocho", "concession holder · from 2007 or 2008"),
        ("Cumbres Andinas", "70 % · from about 2012"),
    ]:
        assert said in str(kg.show(name))
    assert '"from": "[1994-01,1995-10]"' in kg.show("Block 6").render("json")


def test_text_card_has_words_and_json_has_codes(kg: KnowledgeGraph) -> None:
    card = kg.show("Mina Justa")
    told = card.render("text")
    assert told.startswith("Mina Justa (mine or mining project)\n") and "  located in · Peru" in told
    assert "about 2012" in told and "2012~" not in told and "status not available\n" in told
    stored = json.loads(card.render("json"))
    assert stored["type"] == "MiningProject" and "2012~" in str(stored["facts"]["Held by"])
    assert {fact["relation"] for fact in stored["facts"]["Links"]} >= {"locatedIn"}


def test_card_header_names_the_first_citations_of_each_source(kg: KnowledgeGraph) -> None:
    head = kg.show("Peru").render("text").partition("\n\n")[0].replace("\n", " ")
    for name, places in kg.show("Peru").cited.items():
        assert f"{name}: {places[0]}".removeprefix(": ") in head
        assert (f"and {len(places) - 6} more" in head) == (len(places) > 7)


def test_agreement_shows_when_it_entered_into_force_and_ended(sources: KnowledgeGraph) -> None:
    """GPTAD Andean Community (CAN): 05/25/1988; HUGGO CHL-PER[NA]_1998O: 01.07.1998 to 28.02.2009."""
    card = sources.show("gptad-andean-community-can")
    assert "Bolivia; Colombia; Ecuador; Peru; Venezuela · signed on 1996-03-10 · in force on 1988-05-25" in str(
        card
    ).replace("\n      ", " ")
    facts = json.loads(sources.show("desta-215-chile-peru", source="trade-agreements-huggo").render("json"))["facts"][
        "Parties and dates"
    ]
    assert {"in_force_on": "1998-07-01", "ended_on": "2009-02-28"}.items() <= facts[0].items()
    chile = json.loads(sources.show("Chile", source="trade-agreements-huggo").render("json"))["facts"]["Agreements"]
    assert [one["agreement"] for one in chile if one.get("ended_on") == "2009-02-28"] == [
        "Peru–Chile trade agreement (1998)"
    ]


def test_card_codes_are_in_words(kg: KnowledgeGraph) -> None:
    card = kg.show("Antamina", source="sanborn-yong")
    assert all(
        said in str(card)
        for said in ("Antamina (mine or mining project)", "  located in · Peru", "status not available")
    )
    assert '"type": "MiningProject"' in card.render("json") and '"status": "not-available"' in card.render("json")


def test_notes_are_shown(sources: KnowledgeGraph) -> None:
    """Table 5, Bayovar: bought from Vale. HUGGO EFTPER_2010O PER: StateSignature 14.07.2010. p. 26: US$118 million."""
    assert "note bought from Vale" in str(sources.show("Bayovar")) and "note sold 25 % to" in str(sources.show("Vale"))
    assert "note signed 2010-07-14" in str(sources.show("desta-819-efta-peru")).replace("\n      ", " ")
    assert "note US$118 million" in str(sources.show("hierro-peru-privatization"))
    for row in sources.ask("who-signed", agreement="Pacific Alliance", source="trade-agreements-huggo"):
        assert (row["party"], "only Peru is taken over" in str(row["note"])) == ("Peru", True)
    (row,) = {
        (row["in_force_on"], row["ended_on"])
        for row in sources.ask("who-signed", agreement="desta-215-chile-peru", source="trade-agreements-huggo")
    }
    assert row == ("1998-07-01", "2009-02-28")
    (peru,) = [
        row
        for row in sources.ask("memberships")
        if (row["member"], row["body"]) == ("Peru", "Peru–EFTA trade agreement (2010)")
    ]
    assert (peru["valid_from"], peru["note"]) == ("2011-07-01", "signed 2010-07-14")


def test_name_of_a_source_is_not_read_as_a_code() -> None:
    assert fact_phrases({"preferred": "rail-register"}, frozenset(), {}) == ["preferred rail-register"]

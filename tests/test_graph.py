"""The Python interface, in scripts and notebooks."""

from __future__ import annotations

import pytest
import rdflib

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.vocabulary import thing


def test_representations_are_short(kg: KnowledgeGraph) -> None:
    audit = kg.audit()
    shown = [kg, audit, audit[0], kg.questions, kg.ask("things"), kg.show("Peru"), kg.network("all"), kg.view("trade")]
    assert max(len(repr(one)) for one in [*shown, kg.query("ASK {}"), kg.query("DESCRIBE id:peru")]) < 12_000
    assert repr(audit).startswith(f"{len(audit)} claims:") and len(audit._repr_html_()) < 10_000
    assert "who-owns" in repr(kg.questions) and len(kg.questions._repr_html_()) < 15_000


@pytest.mark.slow
def test_rdflib_converts_the_merged_graph_to_networkx(kg: KnowledgeGraph) -> None:
    from rdflib.extras.external_graph_libs import rdflib_to_networkx_multidigraph

    merged = kg.rdflib(merged=True)
    assert rdflib_to_networkx_multidigraph(merged).number_of_edges() == len(merged) > 30_000


@pytest.mark.slow
def test_rdflib_dataset_has_the_named_graphs(kg: KnowledgeGraph) -> None:
    dataset = kg.rdflib()
    names = {str(graph.identifier).rsplit("/", 1)[-1] for graph in dataset.graphs()}
    assert {"sanborn-yong", "reference", "ontology", "derived", "description"} <= names
    assert (rdflib.URIRef(thing("block-8")), rdflib.RDFS.label, rdflib.Literal("Block 8", "en")) in dataset


def test_answer_converts_to_a_data_frame(kg: KnowledgeGraph) -> None:
    frame = kg.ask("who-owns", asset="Antamina").to_pandas()
    assert str(frame["share_percent"].dtype) == "Float64"
    assert frame["share_percent"].sum() == 100


def test_notebooks_show_answers_cards_and_the_graph(kg: KnowledgeGraph) -> None:
    assert "<table>" in kg.ask("who-owns", asset="Antamina")._repr_html_()
    assert "Antamina" in kg.show("Antamina")._repr_html_()
    assert "Stake" in kg._repr_html_()


def test_card_has_every_stake_with_its_citations(kg: KnowledgeGraph) -> None:
    text = kg.show("Block 8").render("text")
    for words in ("CNPC", "27 %", "indirect", "SK Energy", "8.3 %", "Table 6, row Block 8", "production", "Loreto"):
        assert words in " ".join(text.split()) or words == "CNPC"
    assert max(map(len, text.splitlines())) <= 100


def test_card_of_a_statement_shows_its_values(kg: KnowledgeGraph) -> None:
    text = kg.show("knoc-in-block-8").render("text")
    assert "share percent · 20" in text and "Block 8" in text


def test_every_kind_of_thing_has_a_card(kg: KnowledgeGraph) -> None:
    slugs = ["peru", "china", "hu-jintao", "peru-china-fta", "t6-block-8", "fishery", "pg", "reuters"]
    for slug in slugs:
        assert kg.show(slug).render("markdown").startswith("# ")


def test_card_names_the_only_source_of_a_statement(sources: KnowledgeGraph) -> None:
    """Hu Jintao is only in the paper, and CNPC Perú only in Global Energy Monitor."""
    assert "[Sanborn & Yong: p. 7 ¶1]" in sources.show("Hu Jintao").render("text")
    for limited in (sources, sources.only("gem")):
        assert "[gem: record OG0004950, owner]" in limited.show("gem-cnpc-peru").render("text")


def test_thing_without_source_differences_gets_a_note(sources: KnowledgeGraph) -> None:
    assert not sources.differences("Block 8").notes
    (note,) = sources.differences("Lima").notes
    assert note.startswith("no such difference")


def test_card_shows_where_sources_differ(sources: KnowledgeGraph) -> None:
    """Table 6 gives Daewoo 11.6 % of Block 8, Global Energy Monitor 11.7 %; a single source has no differences."""
    told = sources.show("Block 8").render("text")
    assert "Where sources differ" in told and "11.6 %" in told.partition("Where sources differ")[2]
    assert "11.7 %" in told.partition("Where sources differ")[2]
    assert "Where sources differ" not in sources.show("Block 8", source="gem").render("text")
    assert "Where sources differ" not in sources.only("gem").show("Block 8").render("text")
    two = sources.show("Block 8", source=["gem", "sanborn-yong"]).render("text").partition("Where sources differ")[2]
    assert "11.6 %" in two and "11.7 %" in two
    assert "Where sources differ" not in sources.show("Block 8", source=["sanborn-yong", "un-votes"]).render("text")


@pytest.mark.parametrize("name", ["differences", "differences-about", "matches", "data-sources"])
def test_question_about_all_sources_accepts_no_source(sources: KnowledgeGraph, name: str) -> None:
    values = {"thing": "Block 8"} if name == "differences-about" else {}
    assert len(sources.ask(name, **values))
    for ask in (lambda: sources.ask(name, source="gem", **values), lambda: sources.only("gem").ask(name, **values)):
        with pytest.raises(WrongUse, match="about all sources together"):
            ask()


def test_stake_labels_mark_former_and_indirect_stakes(tiny_kg: KnowledgeGraph) -> None:
    """The tiny source: Gamma's 30 % are former, Alfa's 30 % indirect, Beta's 50 % neither."""
    labels = {str(row["label"]) for row in tiny_kg.query("SELECT ?label { ?s a pag:Stake ; rdfs:label ?label }")}
    assert labels >= {
        "Gamma Minerals held 30 % of Cerro Norte",
        "Alfa Mining holds 30 % of Cerro Norte indirectly",
        "Beta Holding holds 50 % of Cerro Norte",
    }

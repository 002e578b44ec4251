"""Facts of the paper that readers once failed to find: each is found by a question, as printed on the page."""

from __future__ import annotations

from typing import Any

import pytest

from peru_asia_graph.errors import UnknownName
from peru_asia_graph.graph import KnowledgeGraph


def answers(kg: KnowledgeGraph, question: str, *columns: str, **values: str) -> set[tuple[Any, ...]]:
    """Return the given columns of an answer as texts."""
    return {tuple(str(row[column]) for column in columns) for row in kg.ask(question, **values)}


@pytest.mark.parametrize(
    ("country", "sector", "wording", "projects"),
    [
        ("japan", "mining", "operations", {"Quellaveco"}),
        ("japan", "mining", "bought from", {"Bayovar"}),
        ("south-korea", "oil-and-gas", "Ecopetrol", {"Block Z-2B"}),
        ("south-korea", "mining", "EIA", {"Mina Justa"}),
        ("china", "mining", "2009-2014", {"Rio Blanco"}),
        ("china", "oil-and-gas", "october 1995", {"Block 6", "Block 7"}),
    ],
)
def test_table_comments_are_searched(
    kg: KnowledgeGraph, country: str, sector: str, wording: str, projects: set[str]
) -> None:
    found = kg.ask("table-entries", country=country, sector=sector, wording=wording)
    assert {row["project"] for row in found} == projects


def test_policy_gaps_are_a_kind_of_finding(kg: KnowledgeGraph) -> None:
    """Pages 26, 29 (three), 33 (three; the last continues on page 34) and 34 (two)."""
    places = sorted(row["citations"] for row in kg.ask("findings-of-kind", kind="gap"))
    assert places == [
        "p. 26 ¶1", "p. 29 ¶2", "p. 29 ¶2", "p. 29 ¶2", "p. 33–34 ¶2", "p. 33–34 ¶2", "p. 33–34 ¶2; p. 34 ¶1",
        "p. 34 ¶1", "p. 34 ¶2",
    ]  # fmt: skip


def test_ministers_are_found_by_their_ministry(kg: KnowledgeGraph) -> None:
    body = "Ministry of Agriculture (Peru)"
    assert answers(kg, "office-holders", "holder", "office", body=body) == {
        ("Milton Von Hesse", "Minister of Agriculture")
    }
    assert {("Milton Von Hesse", body)} <= answers(kg, "office-holders", "holder", "office_in", body="Peru")


def test_numbers_in_words_have_numeric_values(kg: KnowledgeGraph) -> None:
    """Page 3: poverty cut in half; page 29: most business is private; page 30: nearly a third."""
    for measure, row in [
        ("poverty-reduction", ("50", "exact", "half")),
        ("share-of-business", ("50", "over", "most")),
        ("share-of-world-mineral-investment", ("33.3", "nearly", "nearly a third")),
    ]:
        assert row in answers(kg, "figures", "value", "qualifier", "value_printed", measure=measure)


def test_rejected_reading_is_neither_a_fact_nor_a_name(kg: KnowledgeGraph) -> None:
    assert answers(kg, "rejected-about", "ground", thing="Pesquera Diamante S.A.") == {("rumour",)}
    with pytest.raises(UnknownName):
        kg.show("Dongwon owns Pesquera Diamante")
    titles = [section.title for section in kg.show("Hierro Peru").sections]
    assert "Readings not accepted" in titles and "Missing notes" in titles


def test_both_sides_of_a_discrepancy_are_named(kg: KnowledgeGraph) -> None:
    """Page 27 against Table 7."""
    card = next(one for one in kg.show("el-galeno-investment-t7").sections if one.title == "Doubts about it")
    assert any("Toromocho: rank" in str(fact.get("against")) for fact in card.facts)

"""Wording of cards: certainty of sources, other participants, names of tables, dates, figures as stated."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import peru_asia_graph
from card_texts import card_of, frame, said, sections, texts
from own_project import make_own_project
from peru_asia_graph.cli import pag
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.cards.card import CardRow, ThingCard
from peru_asia_graph.site.cards.whole_reader import WholeReader
from peru_asia_graph.site.folder.card_files import group_pages
from peru_asia_graph.site.folder.plan import SitePlan
from peru_asia_graph.site.pages import make_page
from peru_asia_graph.vocabulary import THING


def remark(row: CardRow) -> str:
    """Return the remark below a row."""
    return "".join(piece.text for piece in row.remark)


def figures(card: ThingCard) -> dict[str, str]:
    """Return the key figures of a card by name."""
    return {one.name: one.value.replace("\xa0", " ") for one in card.figures}


def test_named_companies_show_source_and_home_state(sources: KnowledgeGraph) -> None:
    """Table 7 (p. 28) lists Chinalco Peru (Chinalco); p. 26 speaks of Chinese hands without naming a firm."""
    card = card_of(sources, "toromocho")
    assert "Chinalco (China) and Chinalco Peru (China) are named as its companies by Sanborn & Yong;" in said(card)
    rows = {cells[0]: row for cells, row in zip(texts(sections(card)["named-for"]),
                                                sections(card)["named-for"].rows, strict=True)}  # fmt: skip
    assert remark(rows["China"]) == "the firm is not named; 2007 or 2008" and remark(rows["Chinalco CN"]) == ""
    drawn = html.unescape(card.pictures[0].svg)
    assert "Chinalco" in drawn and not re.search(r">China<", drawn)
    assert "Sanborn & Yong: Among the richest copper claims of the world." in said(card)


def test_planned_and_possible_facts_are_marked(sources: KnowledgeGraph) -> None:
    """Chinalco is committed to a plant (p. 31); only the brackets in Table 7 make it the owner of Chinalco Peru."""
    card = card_of(sources, "chinalco")
    named = sections(card)["named-in"]
    plant = next(row for row, cells in zip(named.rows, texts(named), strict=True) if "plant" in cells[0])
    assert remark(plant) == "planned"
    assert "Former or uncertain stakes: 1." in said(card) and "held directly" not in figures(card)
    plant_card = card_of(sources, "toromocho-water-treatment-plant")
    assert "Chinalco (China) (planned) is named as its company" in said(plant_card)
    phases = html.unescape(card_of(sources, "toromocho").pictures[1].svg)
    assert "completion (possible)" in phases


def test_country_is_not_an_asset(sources: KnowledgeGraph) -> None:
    card = card_of(sources, "chinese-mining-firms-in-peru")
    assert "named-in" not in sections(card) and "Named as the company" not in said(card)
    assert ["concession in", "Peru"] in texts(sections(card)["links"])


def test_events_of_a_person_name_other_participants(sources: KnowledgeGraph) -> None:
    """P. 7: Hu Jintao and Alan García exchanged visits in 2008 and established a strategic partnership."""
    for slug, other in (("hu-jintao", "Alan García"), ("alan-garcia", "Hu Jintao")):
        events = sections(card_of(sources, slug))["events"]
        assert len(events.rows) == 3
        assert all(remark(row).startswith(f"with {other} (") for row in events.rows)
    visit = next(row for row in sections(card_of(sources, "hu-jintao", "es"))["events"].rows if "visitante" in str(row))
    assert remark(visit).startswith("con Alan García (")


@pytest.mark.slow
@pytest.mark.parametrize("language,name", [("en", "Table"), ("es", "Cuadro")])
def test_tables_have_their_printed_names(sources: KnowledgeGraph, whole: WholeReader, language: str, name: str) -> None:
    assert [card_of(sources, f"table-{one}", language).heading[:7].split(" ")[0] for one in range(1, 8)] == [name] * 7
    plan = SitePlan([f"{THING}table-{one}" for one in range(1, 8)], [], [])
    ((_, listed),) = group_pages(whole, frame(sources, language), plan)
    assert re.findall(rf">({name} \d)</a>", listed.decode()) == [f"{name} {one}" for one in range(1, 8)]


def test_a_deposit_has_its_figures_as_stated(sources: KnowledgeGraph) -> None:
    """USGS Open-File Report 2008-1155, record 254: 2152 Mt, 0.461 % copper, 0.017 % molybdenum."""
    card = card_of(sources, "toromocho")
    assert figures(card)["ore tonnage (USGS 2008)"] == "2,152 million tonnes"
    assert figures(card)["grade, Copper (USGS 2008)"] == "0.461 %"
    assert ["grade, Molybdenum", "0.017 %"] in texts(sections(card)["figures"])
    assert sections(card)["names"].count == 2


def test_types_on_cards_come_from_the_ontology(sources: KnowledgeGraph) -> None:
    assert card_of(sources, "kt-1").path[0].text == "Commodity"
    assert card_of(sources, "latin-america").path[0].text == "Place"


def test_months_are_not_shown_as_days(sources: KnowledgeGraph) -> None:
    """Eleven accords date from April 2013; the FTA with Canada was signed on 29 May 2008, in force 1 August 2009."""
    assert "signed in April 2013" in said(card_of(sources, "peru-china-accords-2013"))
    assert "con firma de abril de 2013" in said(card_of(sources, "peru-china-accords-2013", "es"))
    rows = texts(sections(card_of(sources, "canada", "es"))["agreements"])
    dated = "firmado el 29 de mayo de 2008 (GPTAD), en vigor desde el 1 de agosto de 2009 (GPTAD)"
    assert any(dated in cells[0] for cells in rows)


def test_zero_unaccounted_for_is_not_a_key_figure(sources: KnowledgeGraph) -> None:
    assert "not accounted for" not in figures(card_of(sources, "gem-block-58"))
    assert figures(card_of(sources, "block-8"))["not accounted for (Sanborn & Yong 2013)"] == "0.1 %"


def test_matches_name_the_source_instead_of_a_slug(sources: KnowledgeGraph) -> None:
    rows = texts(sections(card_of(sources, "canada"))["matches"])
    assert ["the same as “canada” (DESTA)"] in rows


def test_rejected_reading_names_its_source(sources: KnowledgeGraph) -> None:
    """The paper prints no effective date for the FTA with China; other sources do."""
    rejected = sections(card_of(sources, "peru-china-fta"))["rejected"]
    assert "Sanborn & Yong: No date of effect is printed." in [remark(row) for row in rejected.rows]
    assert not any(row.source for row in rejected.rows) and rejected.note


def test_section_in_another_language_is_marked_once(sources: KnowledgeGraph) -> None:
    for language, times in (("en", 0), ("es", 1)):
        _, _, page = make_page(sources, "thing", {"language": language, "iri": THING + "peru-china-fta"})
        for key in ("findings", "discrepancies", "rejected"):
            section = re.search(rf'id="{key}".*?</section>', str(page), re.DOTALL)
            assert section and section[0].count("(en inglés)") == times
            assert ('lang="en"' in section[0]) is bool(times)


def test_summary_gives_the_types_of_what_a_company_is_named_for(sources: KnowledgeGraph) -> None:
    """Table 5 (p. 23) names Pan Pacific Copper for Quechua only, without a share."""
    named = {
        "en": "Named as the company of 1 firm, mine or block without",
        "es": "empresa de 1 empresa, mina o lote",
    }
    for language, words in named.items():
        assert words in said(card_of(sources, "pan-pacific-copper", language))


@pytest.mark.slow
def test_picture_states_how_many_owners_it_omits(tmp_path: Path) -> None:
    """Made-up data: eleven firms hold a mine, of which nine are drawn."""
    project = make_own_project(tmp_path)
    firms = [f"firm-{place}" for place in range(10)]
    for table, rows in {
        "entities": [f"{firm},Firm,{firm},note-1" for firm in firms],
        "stakes": [f"{firm}-in-my-mine,{firm},my-mine,2,2%,direct,stated,2012,note-1" for firm in firms],
    }.items():
        with (project.root / "data" / "my-notes" / f"{table}.csv").open("a", encoding="utf-8") as file:
            file.write("\n".join(rows) + "\n")
    assert CliRunner().invoke(pag, ["--project", str(project.root), "build", "-q"]).exit_code == 0
    (picture,) = card_of(peru_asia_graph.load(project.root / "exports" / "peru-asia-graph.trig"), "my-mine").pictures
    assert picture.svg.count(">2\xa0%<") == 8 and picture.svg.count(">80\xa0%<") == 1
    assert "and 2 more" in "".join(piece.text for piece in picture.caption)

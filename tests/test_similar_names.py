"""Every command that takes a name warns when the name is ambiguous; names are matched leniently."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from peru_asia_graph.cli import pag
from peru_asia_graph.errors import WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.pages import make_page


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("Mitsubishi", ["mitsubishi-corporation"]),
        ("Mitsubishi Corporation", ["mitsubishi"]),
        ("Mitsui", ["mitsui-and-co", "mitsui-mining-and-smelting"]),
        ("Nippon Mining", ["jx-nippon-mining-holdings"]),
        ("Pluspetrol", ["pluspetrol-norte", "pluspetrol-resources"]),
        ("Shougang", ["shougang-corporation", "shougang-hierro-peru"]),
        ("Hierro Peru", ["shougang-hierro-peru"]),
        ("Chinalco", ["chinalco-peru"]),
        ("Sanborn", ["cynthia-sanborn"]),
        ("Marcona mine", ["marcona-extension"]),
        ("Quellaveco", ["anglo-american-quellaveco"]),
        ("Block 111", ["block-113"]),
        ("Savia Peru", ["block-z-2b"]),
        ("Copper", ["hs-260300"]),
        # Table 2 calls the sector "Textile and Leather" (p. 20).
        ("Textiles", ["textiles-and-garments", "textile-and-leather"]),
        ("Asia", ["asia-pacific"]),
    ],
)
def test_similar_names_are_noted(kg: KnowledgeGraph, name: str, others: list[str]) -> None:
    (note,) = kg.notes(name)
    assert all(f"({other})" in note for other in others)


@pytest.mark.parametrize(
    "name", ["Peru", "China", "Japan", "Antamina", "Alan García", "Ecopetrol", "Loreto", "Block 8"]
)
def test_unambiguous_name_has_no_note(kg: KnowledgeGraph, name: str) -> None:
    assert kg.notes(name) == []


def test_suspected_duplicate_is_noted_with_its_citation(kg: KnowledgeGraph) -> None:
    """Tables 6 and 7: CST Mining Group held 70 % of Mina Justa; China SciTech is at Marcobre."""
    (note,) = kg.notes("CST Mining Group")
    cited = "Table 7, row Mina Justa (p. 28); Table 7, row Marcobre (p. 28)"
    assert f"perhaps the same: China SciTech [{cited}]" in note


def test_notes_on_a_source_are_those_of_the_graph_limited_to_it(sources: KnowledgeGraph) -> None:
    """The survey of deposits mentions Quellaveco, not the firm Anglo American Quellaveco."""
    part = sources.only("usgs-porphyry")
    assert sources.owners("Quellaveco").notes != []
    for graph, source in ((sources, "usgs-porphyry"), (part, None)):
        assert graph.owners("Quellaveco", source=source).notes == []
        assert graph.ask("who-owns", asset="Quellaveco", source=source).notes == []
        assert list(graph.show("Quellaveco", source=source).notes) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ["ask", "owned-by", "-p", "owner=Mitsubishi"],
        ["show", "Mitsubishi"],
        ["holdings", "Mitsubishi"],
        ["control", "Mitsubishi"],
        ["owners", "Quellaveco"],
        ["owners", "Quellaveco", "--explain"],
        ["ties", "--asset", "Quellaveco"],
        ["ties", "--commodity", "copper"],
        ["between", "Mitsubishi", "Antamina"],
        ["view", "ownership", "--around", "Mitsubishi", "-o", "-"],
    ],
    ids=" ".join,
)
def test_every_command_prints_the_note(command: list[str]) -> None:
    done = CliRunner().invoke(pag, command)
    assert done.exit_code == 0 and "is meant; names like it: " in done.stderr
    assert "is meant; names like it" not in done.stdout


@pytest.mark.slow
def test_note_is_included_in_json_python_and_html(kg: KnowledgeGraph) -> None:
    result, card = kg.ask("owned-by", owner="Mitsubishi"), kg.show("Mitsubishi")
    assert result.notes and result.notes[0] in result._repr_html_()
    assert card.notes == result.notes and card.notes[0] in card._repr_html_()
    assert json.loads(card.render("json"))["notes"] == list(card.notes)
    done = CliRunner().invoke(pag, ["ask", "owned-by", "-p", "owner=Mitsubishi", "-f", "json"])
    assert json.loads(done.stdout)["notes"] == list(result.notes)
    question = make_page(kg, "question", {"name": "owned-by", "values": {"owner": "Mitsubishi"}})
    assert "Mitsubishi is meant" in question[2]
    assert not kg.ask("owned-by", owner="Ecopetrol").notes


@pytest.mark.parametrize(
    ("written", "slug"),
    [
        ("Jiangxi Copper", "jiangxi-copper"),
        ("JIANGXI COPPER CO", "jiangxi-copper"),
        ("Compania Minera Santa Luisa", "santa-luisa"),
        ("Mitsui & Co", "mitsui-and-co"),
        ("Mitsui and Co.", "mitsui-and-co"),
        ("mitsui_mining_and_smelting", "mitsui-mining-and-smelting"),
        ("Mitsubishi Corp.", "mitsubishi-corporation"),
        ("Pluspetrol Norte", "pluspetrol-norte"),
        ("Anglo American Quellaveco", "anglo-american-quellaveco"),
        ("block_8", "block-8"),
        ("the Pacific Alliance", "pacific-alliance"),
        ("Coolie", "coolies"),
        ("Corea del Sur", "south-korea"),
    ],
)
def test_names_are_matched_leniently(kg: KnowledgeGraph, written: str, slug: str) -> None:
    assert kg.names.find(written) == slug


def test_lenient_match_must_be_unambiguous(kg: KnowledgeGraph) -> None:
    with pytest.raises(WrongUse, match="several things"):
        kg.names.find("Mitsui Limited")


def test_parts_from_matches_are_noted(sources: KnowledgeGraph) -> None:
    """GEM has a single field VI/VII, the paper two blocks; they are not merged."""
    whole = "Block VI/VII Oil and Gas Field (Peru) (gem-block-vi-vii)"
    for number in (6, 7):
        assert sources.notes(f"Block {number}")[0].endswith(f"; part of {whole}")
    assert sources.notes("gem-block-vi-vii") == [
        f"{whole} is meant; has the part Block 6 (block-6); has the part Block 7 (block-7)"
    ]

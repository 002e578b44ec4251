"""Questions answered from several sources together, with parameters other than those of their examples.

Expected values are read by hand from the paper's tables and from the other sources' raw files.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from csv_rows import check_answer
from peru_asia_graph.errors import WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.side_by_side import ask_each, parts_about

# Question, parameters, columns, and the complete rows for these columns, or only some of them after a leading "…".
CASES: list[tuple[str, dict[str, str], str, list[str]]] = [
    # Table 6: 60, 20, 11.6 and 8.3 add up to 99.9; the tracker has 60, 20, 11.7 and 8.3, which add up to 100.
    ("stakes-added-up", {}, "…source asset direct_total", ["sanborn-yong|Block 8|99.9", "gem|Block 8|100"]),
    ("who-owns", {"asset": "Block 8"}, "…source owner share_percent basis",
     ["sanborn-yong|Daewoo|11.6|direct", "gem|Daewoo|11.7|direct", "gem|PlusPetrol S.A.|33|indirect"]),
    # Table 6 gives KNOC half of Block Z-2B; the tracker gives all of it to Savia and, as Savia's parent, to Ecopetrol.
    # The tracker shows Savia's parent only by column position (possible); no stake names a shareholder of Savia.
    ("who-owns", {"asset": "Savia Peru"}, "…source owner share_percent statement certainty",
     ["gem|Ecopetrol||parent, no stake stated|possible"]),
    ("who-owns", {"asset": "CNPC Perú S.A."}, "source owner share_percent statement certainty",
     ["gem|China National Petroleum Corporation||parent, no stake stated|possible"]),
    # One cell of Table 6 names both Savia Peru and the block; it does not say which of them is held 50 / 50.
    ("who-owns-through-whom", {"asset": "Savia Peru"}, "source holder basis share_percent home_state certainty",
     ["sanborn-yong|Ecopetrol|direct|50||possible",
      "sanborn-yong|Korea National Oil Corporation|direct|50|South Korea|possible",
      "gem|Ecopetrol|parent, no stake stated|||possible"]),
    ("who-owns-through-whom", {"asset": "SAPET"}, "source holder basis via certainty",
     ["sanborn-yong|China National Petroleum Corporation|direct||",
      "gem|China National Petroleum Corporation|parent, no stake stated||possible"]),
    ("owners-not-repeated", {"country": "South Korea"}, "asset owner share_percent later_source owners_there",
     ["Block Z-2B|Korea National Oil Corporation|50|gem|Ecopetrol 100 % indirect; Savia Peru 100 % direct"]),
    ("owners-not-repeated", {"country": "Japan"}, "asset", []),
    # The tracker's Korean firms own parts of Block 8 only, which is in the paper too.
    ("assets-only-in-others", {"country": "South Korea"}, "asset", []),
    # In the tracker Shougang Hierro Peru is its own parent; Table 7 of the paper suggests another.
    ("parents-not-named", {"asset": "Marcona mine"}, "firm source parent stated_as certainty",
     ["Shougang Hierro Peru|gem|Shougang Corporation|stake|possible",
      "Shougang Hierro Peru|gem|Shougang Corporation|subsidiary|possible"]),
    # Paper, p. 10: 21 March 2011; HUGGO agrees, DESTA has only the year. GSTP: GPTAD 13 April 1988, HUGGO 12 April.
    ("agreement-dates", {"country": "South Korea"}, "…agreement what source date beside",
     ["Peru–Korea Free Trade Agreement|signedOn|sanborn-yong|2011-03-21|"
      "agrees trade-agreements-huggo; refines trade-agreements-desta",
      "Peru–Korea Free Trade Agreement|signedOn|trade-agreements-desta|2011|"
      "refines sanborn-yong; refines trade-agreements-huggo",
      "Global System of Trade Preferences (GSTP)|signedOn|trade-agreements-gptad|1988-04-13|"
      "date trade-agreements-huggo; refines trade-agreements-desta"]),
    # DESTA 829 and 899: signed in 2011 and 2016, no status. HUGGO gives the TPP a signature date and no status.
    ("signed-with", {"country": "Japan"}, "…source partner agreement signed_on",
     ["trade-agreements-desta|Peru|Peru–Japan trade agreement (2011)|2011",
      "trade-agreements-desta|Peru|Trans-Pacific Partnership (TPP)|2016",
      "trade-agreements-huggo|Peru|Trans-Pacific Partnership (TPP)|2016-02-04",
      "trade-agreements-huggo|Peru|Peru–Japan trade agreement (2011)|2011-05-31",
      "sanborn-yong|Mexico|Economic Partnership Agreement between Mexico and Japan|2005"]),
    # Raw file: 92 roll calls in 2012 with votes of both, 62 alike. The paper's tables call South Korea "Korea".
    ("un-votes", {"country": "Korea", "from": "2012", "to": "2012"}, "country both_voted voted_alike",
     ["South Korea|92|62"]),
    ("stakes-by-sources", {"asset": "Block Z-2B"}, "owner basis sources stated",
     ["Ecopetrol|direct|1|sanborn-yong 50", "Korea National Oil Corporation|direct|1|sanborn-yong 50",
      "Savia Peru|direct|1|gem 100", "Ecopetrol|indirect|1|gem 100"]),
    # The paper: Ecopetrol and KNOC possibly hold Savia Peru in equal parts.
    ("stakes-by-sources", {"asset": "Savia Peru"}, "owner stated",
     ["Ecopetrol|sanborn-yong 50 (possible)", "Korea National Oil Corporation|sanborn-yong 50 (possible)"]),
    # The tracker's parent column repeats the owner column: Block 57 is 53.8 % Repsol and 46.2 % CNPC.
    ("co-owners", {"firm": "CNPC Perú S.A."}, "source asset own_share co_owner co_owner_share",
     [f"gem|Block 57 Oil and Gas Field (Peru)|46.2|{one}|53.8"
      for one in ("Repsol Exploracion Peru, Sucursal del Peru", "Repsol SA")]),
    ("co-owners", {"firm": "Ecopetrol"}, "source asset own_share co_owner co_owner_share",
     ["sanborn-yong|Block Z-2B|50|Korea National Oil Corporation|50"]),
    ("co-owners", {"firm": "Savia Peru"}, "source asset", []),
    # The works cited for the World Bank's database and for the votes.
    ("sources", {}, "…source work type",
     ["trade-agreements-gptad|Global Preferential Trade Agreement Database (GPTAD)|database",
      "un-votes|Votes in the United Nations General Assembly, 1946–2020|dataset"]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "values", "columns", "expected"), CASES, ids=lambda one: str(one)[:60])
def test_answer_matches_the_sources(
    sources: KnowledgeGraph, question: str, values: dict[str, str], columns: str, expected: list[str]
) -> None:
    check_answer(sources, question, values, columns, expected)


def test_query_cannot_use_the_reserved_source_column(sources: KnowledgeGraph) -> None:
    """Otherwise a row would have two values for ``source``, and JSON would keep only the query's."""
    with pytest.raises(WrongUse, match=r"\?source is reserved for the source of a row"):
        ask_each(
            sources.store, parts_about(sources.store), "SELECT ?source { ?work a pag:Source ; rdfs:label ?source }"
        )


def test_query_of_the_explanation_finds_the_shares_of_shared_blocks(sources: KnowledgeGraph) -> None:
    """Tables 6 and 7: shares in four blocks, of which GEM has two (8 and Z-2B)."""
    text = (Path(__file__).parents[1] / "docs" / "explanation" / "the-graph.md").read_text("utf-8")
    query = next(part for part in text.split("```") if part.startswith("sparql") and "GRAPH graph:" in part)
    found = Counter(block.rpartition("/")[2] for block, _ in sources.query(query.removeprefix("sparql")).values())
    assert found == {"block-8": 6, "block-1ab": 2, "block-115": 2, "block-z-2b": 2}

"""Questions with parameters other than those of their examples: answers read off the paper by hand."""

from __future__ import annotations

import pytest

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.render import text

# Question, parameters, columns, and all the rows there are of these columns, or with a leading "…" some of them.
CASES: list[tuple[str, dict[str, str], str, list[str]]] = [
    ("who-owns", {"asset": "El Galeno"}, "owner share_percent",
     ["China MinMetals Corporation|60", "Jiangxi Copper Company Ltd.|40"]),
    ("who-owns", {"asset": "rio blanco"}, "owner share_percent certainty",
     ["Zijing Mining Group|45|stated", "Tongling Nonferrous|35|stated", "Xiamen C&D|20|stated", "Majaz||former",
      "Monterrico Metals||former"]),
    ("who-owns", {"asset": "Toromocho"}, "owner statement",
     ["China|concession holder, no stake stated", "Chinalco|involved, no stake stated",
      "Chinalco Peru|involved, no stake stated"]),
    ("who-owns-through-whom", {"asset": "Toromocho"}, "holder basis via home_state certainty",
     ["China|named, no stake stated|||stated", "Chinalco|named, no stake stated||China|stated",
      "Chinalco Peru|named, no stake stated||China|stated",
      "Chinalco|holds a company named, no stake stated|Chinalco Peru|China|possible"]),
    ("who-owns-through-whom", {"asset": "Huanzala"}, "holder via home_state",
     ["Compañia Minera Santa Luisa S.A.||",
      "Mitsui Mining & Smelting Co. Ltd.|Compañia Minera Santa Luisa S.A.|Japan"]),
    ("owned-by", {"owner": "KNOC"}, "asset share_percent phases",
     ["Block Z-2B|50|exploration; production", "Savia Peru|50|", "Block 115|30|exploration", "Block 8|20|production"]),
    ("owned-by", {"owner": "Mitsubishi"}, "asset share_percent statement",
     ["Quellaveco|18.1|", "Antamina||involved, no stake stated"]),
    ("owned-by", {"owner": "Peru"}, "asset certainty valid_until",
     ["Cofide|stated|", "Petroperu|stated|", "Hierro Peru|former|1992",
      "State-owned oil assets bought by Sapet|former|1993"]),
    ("stakes-of-country", {"country": "Peru"}, "firm owned share_percent home_certainty",
     ["Brescia Group|Mina Justa|70|possible", "Brescia Group|Cumbres Andinas||possible",
      "One of the main economic groups in Peru|Mina Justa||possible", "Cofide|North-Peru oil pipeline||stated",
      "Petroperu|North-Peru oil pipeline||stated"]),
    ("co-owners", {"firm": "Korea Resources"}, "asset co_owner co_owner_share",
     ["Mina Justa|Brescia Group|70", "Mina Justa|Cumbres Andinas|70", "Mina Justa|LS-Nikko Copper|15"]),
    ("co-owners", {"firm": "Xstrata"}, "co_owner co_owner_share",
     ["BHP Billiton|33.75", "Teck|22.5", "Mitsubishi Corporation|10"]),
    ("firms-by-home-state", {"country": "Peru"}, "…firm certainty",
     ["Brescia Group|possible", "Petroperu|stated", "Cofide|stated", "Hierro Peru|stated"]),
    ("firms-by-home-state", {"country": "Japan"}, "…firm", ["Toyota", "Nissan", "Ajinomoto", "Marubeni"]),
    ("project-phases", {"project": "Quellaveco"}, "phase when certainty",
     ["eia-approved||stated", "operation|from 2016|possible"]),
    # The word of Table 5: probably; of Table 7: possibly.
    ("project-phases", {"project": "Quellaveco"}, "…phase note", ['operation|"probably"']),
    ("projects-by-phase", {"phase": "completion"}, "…project note", ['El Galeno|"possibly"', 'Toromocho|"possibly"']),
    # Table 5, source note 1; Table 6, note 5; Table 7, notes 1 and 6/7/8 name works of Reuters and Andina.
    ("source-backs", {"source": "Reuters"}, "citations",
     ["Table 5, row Bayovar (p. 23)", "Table 5, row Source note 1 (p. 23)"]),
    ("source-backs", {"source": "Andina"}, "…citations",
     ["Table 6, row Mina Justa (p. 25)", "Table 7, row Toromocho (p. 28)", "Table 7, row Rio Blanco (p. 28)"]),
    ("source-facts", {"source": "Reuters"}, "…fact citations", ["Mitsui & Co. buys 25 % of Bayovar from Vale|"
      "Table 5, row Bayovar (p. 23); Table 5, row Source note 1 (p. 23)"]),
    # Tables 5 to 7: 744 for Mina Justa, 200 for Pachapaqui and Marcona, 482.62 for Block Z46; five entries without.
    ("investments-of-country", {"country": "Korea"}, "…project amount_usd_million",
     ["Mina Justa|744", "Block Z46|482.62", "Block 115|"]),
    ("project-phases", {"project": "Block Z46"}, "phase certainty", ["exploration|in-progress"]),
    ("projects-by-phase", {"phase": "producción"}, "project now",
     ["Block 1AB|true", "Block 8|true", "Block Z-2B|true"]),
    ("projects-by-phase", {"phase": "completion"}, "project now when",
     ["Desalination Plant - Cerro Lindo|false|by 2013", "El Galeno|false|2014 or 2015", "Toromocho|false|in 2014"]),
    ("projects-in-place", {"place": "Piura"}, "project", ["Block 6", "Block 7", "Block Z-2B"]),
    ("projects-in-place", {"place": "Arequipa"}, "project", ["Cercana project"]),
    ("projects-by-commodity", {"commodity": "phosphates"}, "project", ["Bayovar"]),
    ("projects-by-commodity", {"commodity": "iron"}, "project", ["Hierro Peru"]),
    ("agreements", {"country": "Mexico"}, "agreement signed_on",
     ["Economic Partnership Agreement between Mexico and Japan|2005", "NAFTA|"]),
    ("agreements", {"country": "Japan"}, "agreement signed_on",
     ["Economic Partnership Agreement between Mexico and Japan|2005"]),
    ("signed-with", {"country": "South Korea"}, "partner agreement signed_on",
     ["Peru|Joint Communique on the Establishment of Diplomatic Relations between the Republic of Peru "
      "and the Republic of Korea|1963-04-01", "Peru|Peru–Korea Free Trade Agreement|2011-03-21",
      "Peru|Government-to-government arrangements of Korea and Peru|"]),
    ("who-signed", {"agreement": "NAFTA"}, "party", ["Canada", "Mexico", "United States"]),
    ("office-holders", {"body": "China"}, "holder office as_of",
     ["Hu Jintao|President|2008", "First Chinese diplomat in Peru|Diplomat|1884"]),
    ("office-holders", {"body": "Ministry of Agriculture (Peru)"}, "holder body", ["Milton Von Hesse|Peru"]),
    ("office-holders", {"body": "CIUP"}, "holder office",
     ["Cynthia Sanborn|Director of the Research Center", "Alexis Yong|Researcher"]),
    ("offices", {"person": "Park Hee-Kwon"}, "office office_of as_of", ["Ambassador|South Korea|2012-11"]),
    ("cooperation", {"who": "Japan"}, "relation other as_of",
     ["cooperatesWith|Peru|199X", "supports|Alberto Fujimori|199X", "supports|Peru|1997"]),
    ("events-at-place", {"place": "Amazon"}, "…event", ["Chinese workers help extract rubber and gold"]),
    ("events-of-type", {"type": "recognition"}, "date type", ["1971|recognition"]),
    ("events-of-type", {"type": "bid"}, "event", ["Unsuccessful application of Hutchison for the Callao North Pier"]),
    ("events-of", {"who": "Hutchison Port Holdings"}, "event role",
     ["Unsuccessful application of Hutchison for the Callao North Pier|bidder",
      "Tender for operating the Callao North Pier|bidder"]),
    ("events-in-years", {"from": "2012-05", "to": "2012-05"}, "…event certain", ["Ollanta Humala visits Seoul|true"]),
    ("timeline", {"country": "South Korea"}, "…date event",
     ["1963-04-01|Official relations of Peru and South Korea begin", "|Kim Sung-Hwan visits Lima",
      "|Sale of 20 KT-1 trainers to the Peruvian Air Force"]),
    ("diplomatic-relations", {"country": "Japan"}, "state date", ["Peru|1873"]),
    ("links-to", {"thing": "Toromocho"}, "…relation other direction",
     ["concessionIn|China|from the other", "involves|Chinalco|", "hasInvestor|Chinalco Peru|"]),
    ("links-to", {"thing": "Cuba"}, "relation other", []),
    ("links-to", {"thing": "China"}, "…relation other direction",
     ["recognisedBy|Peru|", "recognisedBy|Cuba|", "exportsTo|Peru|", "tradeAgreementWith|Peru|mutual"]),
    ("names-of", {"thing": "El Galeno"}, "name kind", ["El Galeno|label", "Galeno|as printed"]),
    ("chain-steps", {"owner": "Brescia Group", "asset": "Mina Justa"}, "step holder share_percent held",
     ["1|Brescia Group||Cumbres Andinas", "2|Cumbres Andinas|70|Mina Justa"]),
    ("effective-owners", {"asset": "Antamina", "year": "2013-05"}, "owner effective_percent",
     ["BHP Billiton|33.75", "Xstrata|33.75", "Teck|22.5", "Mitsubishi Corporation|10"]),
    ("policies", {}, "…policy relation other direction",
     ["Import substitution model|hasPart|Possible protectionist measures|",
      "Possible protectionist measures|partOf|Import substitution model|",
      "Neoliberal reforms of the 1990s|enshrinedIn|New Constitution of Peru|",
      "New Constitution of Peru|enshrinedIn|Neoliberal reforms of the 1990s|from the other",
      '"Go Out" policies|promotedBy|Government of China|',
      "Social development|promotedBy|Eleven bilateral accords of Peru and China, 2013|"]),
    ("timeline", {"country": "Japan"}, "…date event certainty",
     ["|Building of the North-Peru oil pipeline by JAPECO with two state entities|planned"]),
    ("who-owns-through-whom", {"asset": "Mina Justa"}, "…holder via home_state",
     ["Brescia Group|Cumbres Andinas|Peru (possible)", "Korea Resources||South Korea", "Cumbres Andinas||"]),
    ("projects-by-commodity", {"commodity": "oil"}, "project",
     ["JAPECO", "North-Peru oil pipeline", "SAPET", "State-owned oil assets bought by Sapet"]),
    ("who-trades-with", {"who": "South Korea"}, "…one relation other",
     ["Fishery|exportedTo|South Korea", "Mining and Oil|exportedTo|South Korea", "Chemical|exportedTo|South Korea"]),
    ("who-trades-with", {"who": "Japan"}, "…one relation other",
     ["Fishery|exportedTo|Japan", "Mining and Oil|exportedTo|Japan", "Chemical|exportedTo|Japan"]),
    # CNPC and Pluspetrol Resources hold their indirect shares of Block 8 through Pluspetrol Norte itself.
    ("co-owners", {"firm": "Pluspetrol Norte"}, "asset co_owner co_owner_share",
     ["Block 8|Daewoo|11.6", "Block 8|Korea National Oil Corporation|20", "Block 8|SK Energy|8.3"]),
    ("co-owners", {"firm": "Brescia Group"}, "asset co_owner co_owner_share",
     ["Mina Justa|Korea Resources|15", "Mina Justa|LS-Nikko Copper|15"]),
    # Page 7: after Cuba and Chile. Page 8: where the waves of immigrants came from. Page 10: a promise to Peru.
    ("diplomatic-relations", {"country": "China"}, "state date type",
     ["Peru|1971|establishment-of-relations", "Peru|1971|recognition", "Chile||recognition", "Cuba||recognition"]),
    ("diplomatic-relations", {"country": "Cuba"}, "state date type", ["China||recognition"]),
    ("communities", {}, "…community origins",
     ["Japanese immigrants in Peru|Gifu; Hiroshima; Japan; Kanagawa; Okinawa; Osaka"]),
    ("diplomatic-events", {}, "…event type",
     ["Kim Sung-Hwan promises to promote technology transfer projects|promise"]),
    ("events-in-years", {"from": "1899", "to": "1899"}, "…event certain",
     ["First boatload of Japanese families arrives|true", "Waves of Japanese immigrants|possible"]),
    # Pages 6, 7, 25 and 26: of what ended in 1909 or was so by 2011 nothing says that it was before 1850.
    ("events-in-years", {"from": "1700", "to": "1850"}, "when certain",
     ["19th century|possible", "1849 to 1874|true", "until 1909|not known", "by about 2005|not known",
      "by 2011|not known", "by 2013|not known"]),
    # Page 22: assistance after Peru joined APEC in 1997. Table 7: investment over 2010-2014.
    ("events-in-years", {"from": "2014-02", "to": "2014-03"}, "…event certain",
     ["Technical assistance programs for Peru after joining APEC|not known", "Investment in Pampa de Pongo|possible"]),
    ("events-in-years", {"from": "2011", "to": "2011"}, "…event date end_date",
     ["Korea makes government-to-government arrangements with Peru|2010~|2013"]),
    # Table 7 calls Monterrico Metals and Majaz former, in the company cell; of a stake of theirs it says nothing.
    ("former-owners", {}, "owner owned statement",
     ["CST Mining Group Limited|Mina Justa|", "Peru|Hierro Peru|", "Peru|State-owned oil assets bought by Sapet|",
      "Vale|Bayovar|", "Majaz|Rio Blanco|involved, no stake stated",
      "Monterrico Metals|Rio Blanco|involved, no stake stated"]),
    # Table 6 has these rows for Korea Zinc: one project cell, 200, in progress.
    *(("row-facts", {"table": table, "row": "san juan"}, "…citations fact",
       ["Table 6, row San Juan de Marcona, Pachapaqui (p. 25)|Korea Zinc: investment in Pachapaqui"])
      for table in ("Table 6", "table6", "TABLE-6", "Cuadro 6", "t6", "6")),
    ("row-facts", {"table": "Table 7", "row": "Block 111/113"}, "…citations fact",
     ["Table 7, row Block 111/113 (p. 28)|Block 113: exploration"]),
    ("row-facts", {"table": "Table 7", "row": "Block 6/7"}, "…citations fact",
     ["Table 7, row Block 6 / 7 (p. 28)|Block 6 located in Talara"]),
    ("interests", {}, "…who in_what", ["Chinese investors in Peru|Logistics"]),
    ("events-at-place", {"place": "Seúl"}, "…event", ["Ollanta Humala visits Seoul"]),
    ("projects-by-commodity", {"commodity": "cobre"}, "…project",
     ["Katanga", "Michiquillay", "Santa Lucia", "Toromocho"]),
    ("who-owns", {"asset": "Bloque Z-2B"}, "owner share_percent",
     ["Korea National Oil Corporation|50", "Ecopetrol|50", "Savia Peru|"]),
    ("ranks", {}, "…ranked scope printed note",
     ["China|among partners of Peru, by importance and dynamism|the most important and dynamic|",
      'Shougang Group|among Chinese mining cases in South America|most widely criticized|"perhaps"']),
    ("unconfirmed", {"certainty": "announced"}, "…what", ["Nanjinzhao Group: investment in Pampa de Pongo"]),
    ("unconfirmed", {"certainty": "approximate"}, "what", ["Japanese investments in Peru's natural resources"]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "values", "columns", "expected"), CASES, ids=lambda one: str(one)[:60])
def test_the_answer_is_what_the_paper_says(
    kg: KnowledgeGraph, question: str, values: dict[str, str], columns: str, expected: list[str]
) -> None:
    names = columns.removeprefix("…").split()
    rows = ["|".join(text(row[name]) for name in names) for row in kg.ask(question, **values)]
    if columns.startswith("…"):
        assert [row for row in expected if row not in rows] == []
    else:
        assert sorted(rows) == sorted(expected)

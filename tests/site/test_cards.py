"""Contents of cards of Block 8, Toromocho, Peru and others, checked by hand against the sources."""

from __future__ import annotations

import html
import re
import time
from decimal import Decimal

import pyoxigraph as ox
import pytest

from card_texts import card_of, frame, said, sections, texts
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.card_page import render_card, render_card_list
from peru_asia_graph.site.cards.lists import ROWS_PER_PAGE
from peru_asia_graph.site.cards.make import make_card, make_card_list
from peru_asia_graph.site.cards.reader import CardReader
from peru_asia_graph.site.cards.store_reader import StoreReader
from peru_asia_graph.site.cards.whole_reader import WholeReader
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.store.results import Result
from peru_asia_graph.vocabulary import GRAPH, ONTOLOGY, RDF_TYPE, RDFS_LABEL, THING, thing

# One thing of each kind, and those with the fullest cards.
KINDS = (
    "block-8", "toromocho", "chinalco", "cnpc", "peru", "china", "hu-jintao", "peru-china-fta", "table-2", "table-7",
    "hu-jintao-visit-to-peru-2008", "pluspetrol-norte-in-block-8", "t7-block-8", "sanborn-yong", "copper", "loreto",
    "p10-3-ties", "d3-block-8-sum", "claim-t7-cnpc-block-8", "gem-og0004942-lat",
)  # fmt: skip
CODES = re.compile(r"\b(?:pag|qb|rdf|rdfs|skos|dcterms|prov|owl|code|id):\w+|\b[a-z]{2,}[A-Z][a-z]\w*")


def test_direct_holders_of_block_8_with_total_and_remainder(sources: KnowledgeGraph) -> None:
    """Table 6 (p. 25): Pluspetrol Norte 60, KNOC 20, Daewoo 11.6, SK 8.3; the tracker has 11.7 for Daewoo."""
    holders = sections(card_of(sources, "block-8"))["holders"]
    assert [name for name, _ in holders.columns] == ["Holder", "Sanborn & Yong 2013", "GEM 2025"]
    assert [row[1:] for row in texts(holders)] == [
        ["60 %", "60 %"], ["20 %", "20 %"], ["11.6 %", "11.7 %"], ["8.3 %", "8.3 %"],
        ["99.9 %", "100 %"], ["0.1 %", "0 %"],
    ]  # fmt: skip
    assert [cell.differs for row in holders.rows for cell in row.cells].count(True) == 2


def test_operator_is_named_although_it_also_holds_a_share(sources: KnowledgeGraph) -> None:
    """The tracker's record OG0004942 has Pluspetrol Norte as the operator of Block 8 and as an owner, with 60 %."""
    assert ["operated by", "Pluspetrol Norte S.A."] in texts(sections(card_of(sources, "block-8"))["links"])


def test_indirect_shares_are_listed_separately(sources: KnowledgeGraph) -> None:
    """45 % and 55 % of Pluspetrol Norte's 60 % is 27 % and 33 %."""
    behind = texts(sections(card_of(sources, "block-8"))["behind"])
    assert ["Pluspetrol Resources Corporation", "33 %", "–"] in behind
    assert ["China National Petroleum Corporation CN", "27 %", "–"] in behind


def test_a_subsidiary_has_the_colour_of_its_parent(sources: KnowledgeGraph) -> None:
    """The tracker gives CNPC, of China, as the parent of CNPC Perú, which has no home state of its own."""
    drawn = card_of(sources, "gem-cnpc-peru").pictures[0].svg
    assert "var(--china)" in drawn and ">CN<" not in drawn
    assert re.findall(">(Block 5[78][^<]*)</text>", drawn) == ["Block 58", "Block 57"]  # their symbol shows the type


@pytest.mark.parametrize("slug,language,link", [
    # Global Energy Monitor: parents known only from the order of two columns.
    ("gem-cnpc-peru", "en", ["subsidiary of", "China National Petroleum Corporation (possible)"]),
    ("gem-petrotal-peru", "es", ["filial de", "Petrotal Corporation (posible)"]),
    # The paper states that SAPET belongs to CNPC; the tracker gives it as possible.
    ("sapet", "en", ["subsidiary of", "China National Petroleum Corporation"]),
])  # fmt: skip
def test_link_shows_its_certainty(sources: KnowledgeGraph, slug: str, language: str, link: list[str]) -> None:
    assert link in texts(sections(card_of(sources, slug, language))["links"])


def test_empty_columns_are_omitted(sources: KnowledgeGraph) -> None:
    """Chinalco is named for Toromocho, and the paper gives no amount for that relation."""
    page = render_card(StoreReader(sources.store, sources.sources), frame(sources), thing("chinalco"))
    assert page and "Named as<" in page and ">Announced<" not in page


def test_home_state_is_attributed_to_the_source_that_states_it(sources: KnowledgeGraph) -> None:
    """GEM has CNPC behind 46.2 % of Block 57 but no home states; that CNPC is Chinese comes from the paper."""
    figures = {one.name: one.value.replace("\xa0", " ") for one in card_of(sources, "gem-block-57").figures}
    assert figures["ultimate owners: China; home state: Sanborn & Yong 2013"] == "46.2 %"


def test_summary_and_figures_of_block_8(sources: KnowledgeGraph) -> None:
    card = card_of(sources, "block-8")
    assert said(card).endswith(
        "Sanborn & Yong 2013: Pluspetrol Norte S.A. holds 60 %; indirectly through it: Pluspetrol Resources "
        "Corporation (33 %) and China National Petroleum Corporation (27 %). 3 other direct holders have 39.9 % "
        "together."
    )
    figures = {one.name: one.value.replace("\xa0", " ") for one in card.figures}
    by = " (Sanborn & Yong 2013)"
    assert figures["largest direct holder" + by] == "60 %" and figures["not accounted for" + by] == "0.1 %"
    assert figures["ultimate owners: South Korea" + by] == "39.9 %"
    assert figures["ultimate owners: China" + by] == "27 %"


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        # Table 6: 50 % each, only possible, as it may be of the block, which Savia Peru holds in the tracker.
        ("savia-peru", "Firm. Owners: Ecopetrol 50 % (possible) and Korea National Oil Corporation 50 % (possible). "
                       "Holds a stake in 1 firm, mine or block. "),
        ("pluspetrol-norte", "Pluspetrol Resources Corporation holds 55 %. 1 other direct holder has 45 %. Holds a "),
    ],
)  # fmt: skip
def test_summary_of_a_firm_with_owners_and_holdings(sources: KnowledgeGraph, slug: str, sentence: str) -> None:
    assert sentence in said(card_of(sources, slug))


@pytest.mark.slow
def test_no_list_of_shares_exceeds_100_percent(sources: KnowledgeGraph, whole: WholeReader) -> None:
    rows = sources.query("SELECT DISTINCT ?x WHERE { ?s pag:owned ?x ; a pag:Stake }").rows
    for iri in sorted(row[0].value for row in rows if row[0]):
        card = make_card(whole, frame(sources), iri)
        assert card is not None
        holders = sections(card).get("holders")
        for column in range(1, len(holders.columns)) if holders else ():
            counted = [
                Decimal(cells[column].removesuffix(" %"))
                for cells, row in zip(texts(holders), holders.rows, strict=True)  # type: ignore[arg-type]
                if re.fullmatch(r"[\d.]+ %", cells[column]) and not row.total and not row.remark
            ]
            assert sum(counted) <= Decimal("100.1"), iri


def test_toromocho_has_a_hollow_line_and_no_share(sources: KnowledgeGraph) -> None:
    """Table 7 names Chinalco and announces US$ 2,150 million, but no source states a stake."""
    card = card_of(sources, "toromocho")
    assert "holders" not in sections(card) and "no stake is stated" in said(card)
    assert "Chinalco → Toromocho: named as its company, no stake stated" in html.unescape(card.pictures[0].svg)
    assert "US$ 2,150 million" in [one.value.replace("\xa0", " ") for one in card.figures]


def test_single_source_is_not_named_on_the_card(kg: KnowledgeGraph) -> None:
    card = card_of(kg, "block-8")
    assert "differences" not in sections(card) and "≠" not in card.pictures[0].svg
    assert len(sections(card)["holders"].columns) == 2
    assert not any(row.source for one in sections(card).values() for row in one.rows)


def test_cards_of_a_person_an_agreement_and_an_event(sources: KnowledgeGraph) -> None:
    assert said(card_of(sources, "hu-jintao")).startswith("President of China (2008). Takes part in 3 events.")
    fta = card_of(sources, "peru-china-fta")
    assert "signed on 28 April 2009 (GPTAD 2010), in force since 1 March 2010 (GPTAD 2010)" in said(fta)
    dates = sections(fta)["dates"]
    assert [name for name, _ in dates.columns] == ["", "Sanborn & Yong", "DESTA", "GPTAD", "HUGGO"]
    # A year and a day in that year do not differ.
    assert not any(cell.differs for row in dates.rows for cell in row.cells)
    visit = card_of(sources, "hu-jintao-visit-to-peru-2008")
    assert "Official visit, 2008 in Peru." in said(visit) and "Hu Jintao (visitor)" in said(visit)


def test_a_table_shows_its_printed_cells(sources: KnowledgeGraph) -> None:
    """Table 7 (p. 28): 18 projects, Toromocho with 2150; Table 2: agriculture 9.9 % of exports to the world, 2011."""
    cells = sections(card_of(sources, "table-7"))["cells"]
    toromocho = next(row for row in texts(cells) if row[0] == "Toromocho")
    assert toromocho == ["Toromocho", "Chinalco and Chinalco Peru", "2150", "Possibly completed on 2014"]
    assert cells.count == 18 and all(row.cells[2].pieces[0].link for row in cells.rows)
    figures = sections(card_of(sources, "table-2"))["cells"]
    column = [name for name, _ in figures.columns].index("World 2011")
    assert next(row for row in texts(figures) if row[0] == "Agriculture and Livestock")[column] == "9.9"
    # Exports to Korea in 1997 are printed with one decimal.
    column = [name for name, _ in figures.columns].index("Korea 1997")
    assert [row[column] for row in texts(figures)[:2]] == ["23.0", "5.4"]


def test_table_rows_keep_printed_order_and_disagreements_count_once(sources: KnowledgeGraph) -> None:
    """Table 7 (p. 28): under the heading Mining come Toromocho, El Galeno and the extension of Marcona."""
    card = card_of(sources, "table-7")
    first = [row[0] for row in texts(sections(card)["cells"])[:3]]
    assert first == ["Toromocho", "El Galeno", "Extension of Marcona mine"]
    noted = next(one.value for one in card.figures if one.name == "disagreements noted")
    assert noted == str(sections(card)["disagreements"].count)


def test_count_of_one_is_in_the_singular(sources: KnowledgeGraph) -> None:
    """The agreement with Korea is the subject of one event, its signing."""
    figures = {one.name: one.value for one in card_of(sources, "peru-korea-fta").figures}
    assert figures == {"event": "1", "findings": "2"}


def test_cited_places_are_in_reading_order(sources: KnowledgeGraph) -> None:
    """The paper is cited from p. 2 on; p. 10 comes later."""
    assert texts(sections(card_of(sources, "sanborn-yong"))["places"])[:2] == [["p. 2 ¶1"], ["p. 2 ¶2"]]


def test_agreements_are_newest_first_with_the_source_of_each_date(sources: KnowledgeGraph) -> None:
    """For 2019 DESTA gives only the year of signature; both dates come from HUGGO. Guatemala signed on 12 June 2011."""
    shown = sections(card_of(sources, "peru"))["agreements"]
    name = "Andean countries–United Kingdom trade agreement"
    dated = f"{name} · signed 15 May 2019 (HUGGO), in force 31 December 2020 (HUGGO)"
    assert (texts(shown)[0], shown.rows[0].source) == ([dated], "DESTA, HUGGO")
    found = make_card_list(StoreReader(sources.store, sources.sources), frame(sources), thing("peru"), "agreements", 1)
    assert found is not None
    listed = [row[0].partition(" · ") for row in texts(found[1])]
    assert [one[0] for one in listed[:8]] == [row[0].partition(" · ")[0] for row in texts(shown)]
    days = ("signed 12 June", "signed 31 May 2011", "signed 21 March")
    of_2011 = [one[0].split()[0] for one in listed if one[2].startswith(days)]
    assert of_2011 == ["Peru–Guatemala", "Peru–Japan", "Peru–Korea"]


@pytest.mark.parametrize(
    ("slug", "language", "heading"),
    [("cst-mining-group-in-mina-justa", "en", "CST Mining Group Limited held 70 % of Mina Justa"),
     ("peru-in-hierro-peru", "es", "Perú tuvo una participación en Hierro Peru"),
     ("chinalco-in-chinalco-peru", "en", "Chinalco may hold a stake in Chinalco Peru"),
     ("cnpc-in-block-8", "en", "China National Petroleum Corporation holds 27 % of Block 8 indirectly")],
)  # fmt: skip
def test_stake_heading_says_if_former_possible_or_indirect(
    sources: KnowledgeGraph, slug: str, language: str, heading: str
) -> None:
    assert card_of(sources, slug, language).heading.replace("\xa0", " ") == heading


def test_citation_shows_what_it_supports_and_its_neighbours(sources: KnowledgeGraph) -> None:
    found = sections(card_of(sources, "t7-block-8"))
    assert any("holds 27 % of Block 8" in row[0] for row in texts(found["backed"]))
    assert ["Table 7, row Block 1AB (p. 28)"] in texts(found["near"])


def test_state_card_counts_events_and_limits_each_list(sources: KnowledgeGraph) -> None:
    card = card_of(sources, "peru")
    events = sources.query("SELECT (COUNT(DISTINCT ?e) AS ?n) { ?p pag:participant id:peru ; pag:event ?e }")
    assert {one.name: one.value for one in card.figures}["events"] == str(events.rows[0][0].value)  # type: ignore[union-attr]
    shared = sources.query("SELECT (COUNT(DISTINCT ?e) AS ?n) { ?e a pag:Event ; pag:participant id:peru, id:china }")
    assert f"China: {shared.rows[0][0].value} events" in card.pictures[0].svg  # type: ignore[union-attr]
    assert all(len(one.rows) <= 8 for one in sections(card).values() if one.key not in ("links", "dates"))


def test_each_row_of_a_long_list_is_on_exactly_one_page(sources: KnowledgeGraph) -> None:
    reader = StoreReader(sources.store, sources.sources)
    rows = []
    page = 1
    while found := make_card_list(reader, frame(sources), thing("peru"), "findings", page):
        assert len(found[1].rows) <= ROWS_PER_PAGE
        rows += [row.cells[0].pieces[0].link for row in found[1].rows]
        page += 1
    expected = sources.query("SELECT DISTINCT ?f { ?f a pag:Finding ; pag:about id:peru }").rows
    assert len(rows) == len(set(rows)) == len(expected) > ROWS_PER_PAGE


@pytest.mark.parametrize(("key", "page"), [("findings", 99), ("findings", 0), ("nothing", 1), ("about> }", 1)])
def test_missing_list_page_or_thing_gives_none(sources: KnowledgeGraph, key: str, page: int) -> None:
    reader = StoreReader(sources.store, sources.sources)
    assert render_card_list(reader, frame(sources), thing("block-8"), key, page) is None
    assert render_card(reader, frame(sources), thing("nobody")) is None


def visible(page: str) -> str:
    """Return the visible text of a card, without the section for programs."""
    main = page[page.index("<main") : page.index("</main>")]
    main = re.sub(r'<section class="panel folded programs">.*?</section>', "", main, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<title.*?</title>", "", main, flags=re.DOTALL)))


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_codes_on_any_card(sources: KnowledgeGraph, whole: WholeReader, language: str) -> None:
    around = frame(sources, language)
    found = {}
    for iri in [*map(thing, KINDS), *whole.things(THING)[::40]]:
        page = render_card(whole, around, iri)
        assert page is not None and len(page.encode()) < 100_000, iri
        # A source's own field name may be in camel case.
        if codes := {one for one in CODES.findall(visible(page)) if one != "cmdCode"}:
            found[iri] = codes
    assert not found


def test_spanish_card_is_in_spanish(sources: KnowledgeGraph) -> None:
    card = card_of(sources, "block-8", "es")
    assert card.heading == "Lote 8" and said(card).startswith("Lote de hidrocarburos en ")
    assert {one.title for one in sections(card).values()} >= {"Propietarios directos", "Detrás de los propietarios"}
    places = {one.text for one in card.citations}
    assert "Cuadro 6, fila Block 8 (p. 25)" in places and not any("Table" in one or "row" in one for one in places)


@pytest.mark.parametrize("slug", KINDS)
def test_both_readers_make_the_same_card(sources: KnowledgeGraph, whole: WholeReader, slug: str) -> None:
    pages = [
        render_card(reader, frame(sources), thing(slug))
        for reader in (whole, StoreReader(sources.store, sources.sources))
    ]
    assert pages[0] == pages[1]


def test_event_shows_its_certainty_its_note_and_what_contradicts_it(sources: KnowledgeGraph) -> None:
    """Table 6: the purchase of Pesquera Diamante is not confirmed. p. 26: Hierro Peru was sold for US$118 million.
    p. 23: erroneous trade policies are a factor that two authors propose."""
    card = card_of(sources, "dongwon-diamante-acquisition")
    assert "Acquisition (not confirmed), no date." in said(card) and said(card).endswith("Note: Never a stake.")
    assert any("Target of Dongwon" in row[0] for row in texts(sections(card)["discrepancies"]))
    assert "Note: US$118 million; first state enterprise sold" in said(card_of(sources, "hierro-peru-privatization"))
    rows = texts(sections(card_of(sources, "dongwon-industries"))["events"])
    assert any(row[1].startswith(f"{card.heading} (not confirmed)") for row in rows)
    policies = said(card_of(sources, "peru-erroneous-trade-policies", "es"))
    assert policies.startswith("Medida de política comercial (según reportes), 1975 a 2000")


def test_statement_cites_its_passages_and_what_they_are_based_on(sources: KnowledgeGraph) -> None:
    """p. 13: 7.7 billion US dollars according to ADEX. Table 6, Block 8: after the page "Operations" of KNOC's site.
    USGS, record 254: Toromocho, 0.461 % copper."""
    adex = card_of(sources, "p13-3-exports-to-china-2012").citations[0]
    assert adex.text == "p. 13 ¶3, lines 598–602" and "ADEX" in adex.reported[0].text
    block = card_of(sources, "knoc-in-block-8").citations[0]
    assert "".join(one.text for one in block.reported) == "Korea National Oil Corporation, Operations"
    (grade,) = card_of(sources, "usgs-toromocho-copper-grade").citations
    assert (grade.source, grade.text, grade.reported) == ("USGS 2008", "record 254, copper grade", [])


def test_a_card_takes_few_queries(sources: KnowledgeGraph) -> None:
    asked: list[str] = []

    class Counting:
        def query(self, text: str) -> Result:
            asked.append(text)
            return sources.store.query(text)

    reader: CardReader = StoreReader(Counting(), sources.sources)  # type: ignore[arg-type]
    for slug in ("block-8", "peru"):
        make_card(reader, frame(sources), thing(slug))
        asked.clear()
        make_card(reader, frame(sources), thing(slug))
        assert len(asked) <= 9, asked


def many_firms(count: int) -> EmbeddedStore:
    """Return a store with ``count`` firms, each with a stake in a block of its own."""
    graph, kind, label = ox.NamedNode(GRAPH + "x"), ox.NamedNode(RDF_TYPE), ox.NamedNode(RDFS_LABEL)
    quads = []
    for number in range(count):
        firm, block, stake = (ox.NamedNode(f"{THING}{name}-{number}") for name in ("firm", "block", "stake"))
        for one, term in ((firm, "Firm"), (block, "HydrocarbonBlock"), (stake, "Stake")):
            quads += [ox.Quad(one, kind, ox.NamedNode(ONTOLOGY + term), graph)]
            quads += [ox.Quad(one, label, ox.Literal(f"{term} {number}", language="en"), graph)]
        ends = (("owner", firm), ("owned", block), ("sharePercent", ox.Literal("50")))
        quads += [ox.Quad(stake, ox.NamedNode(ONTOLOGY + name), value, graph) for name, value in ends]
    return EmbeddedStore.of(quads)


@pytest.mark.slow
def test_cards_of_all_things_take_linear_time(sources: KnowledgeGraph) -> None:
    around = frame(sources)

    def seconds(count: int) -> float:
        store = many_firms(count)
        started = time.process_time()
        reader = WholeReader(store)
        for iri in reader.things(THING):
            make_card(reader, around, iri)
        return time.process_time() - started

    seconds(50)
    assert seconds(1600) < 8 * seconds(400)

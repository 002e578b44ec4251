"""Things are found by what people call them."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from peru_asia_graph.errors import UnknownName, WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.names import Names
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.vocabulary import GRAPH, RDFS_LABEL, term, thing


def fact(slug: str, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
    """Return a statement about a thing."""
    return ox.Quad(ox.NamedNode(thing(slug)), ox.NamedNode(predicate), value, ox.NamedNode(GRAPH + "sanborn-yong"))


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Block 8", "block-8"),
        ("block-8", "block-8"),
        ("BLOCK 8", "block-8"),
        ("CNPC", "cnpc"),
        ("knoc", "knoc"),
        ("Zijing Mining Group", "zijing-mining-group"),
        ("中国", "china"),
        ("Perú", "peru"),
        ("peru", "peru"),
        ("대한민국", "south-korea"),
        # Spanish: a short name, countries that only the data sets on agreements name, goods, and words for a block.
        ("Corea", "south-korea"),
        ("Corea del Norte", "desta-north-korea"),
        ("Alemania", "desta-germany"),
        ("Canadá", "canada"),
        ("cobre", "copper"),
        ("plata", "usgs-silver"),
        ("Bloque Z-2B", "block-z-2b"),
        ("lote 8", "block-8"),
        # A name may leave out what kind of thing it is of: "Block 192 Oil and Gas Field (Peru)".
        ("Bloque 192", "gem-block-192"),
        ("Block VI/VII", "gem-block-vi-vii"),
        ("Lote X", "gem-block-x"),
        # The number of a block alone, where it cannot be another number.
        ("Z46", "block-z46"),
        ("Z2B", "block-z-2b"),
        ("1AB", "block-1ab"),
        ("31-C", "gem-block-31-c"),
        ("Toromocho mine", "toromocho"),
        # Records OG0020588 and OG0004946 of GEM: a remark within the name, a number with other punctuation.
        ("Bretana Norte", "gem-bretana-norte-95"),
        ("Block 31-B/D", "gem-block-31b-d"),
        # DESTA 562 and 461, not who joined or left them later (562+1, 562+2, 461_1).
        ("ALADI", "desta-562-latin-american-integration-association-aladi-laia"),
        ("SGPC", "desta-461-global-system-of-trade-preferences-gstp"),
        # GEM's Block 67 (OG0004944) is not the paper's "Block 6 / 7" (Table 7).
        ("Block 67", "gem-block-67"),
        # Initials: "Republic of Korea", "Banco Central de Reserva del Perú", "Unión Europea".
        ("ROK", "south-korea"),
        ("BCRP", "central-reserve-bank-of-peru"),
        ("UE", "european-union"),
    ],
)
def test_names(sources: KnowledgeGraph, name: str, slug: str) -> None:
    assert sources.names.find(name) == slug


@pytest.mark.parametrize(
    ("name", "parameter", "choices"),
    [
        # "People's Republic of China", "Pluspetrol Resources Corporation"; "European Union", "Estados Unidos".
        ("PRC", "", "'china' .* or 'pluspetrol-resources'"),
        ("PRC", "owner", "'china' .* or 'pluspetrol-resources'"),
        ("EU", "country", "'european-union' .* or 'united-states'"),
    ],
)
def test_initials_of_several_names_are_refused_with_the_choices(
    sources: KnowledgeGraph, name: str, parameter: str, choices: str
) -> None:
    with pytest.raises(WrongUse, match=choices):
        sources.names.find(name, parameter)


def test_a_block_is_not_taken_for_one_whose_name_only_begins_alike(sources: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match="Block VI/VII"):
        sources.names.find("Block VI")


@pytest.mark.parametrize(
    ("name", "parameter", "slug"),
    [
        # The paper's tables call South Korea "Korea" (p. 20); GPTAD's GSTP does not say which Korea it means.
        ("Korea", "country", "south-korea"),
        ("Korea", "", "south-korea"),
        # GEM has a municipality of this name; the paper a mine, which it calls so in Table 7, source note 4.
        ("Marcona", "asset", "marcona-mine"),
        ("Marcona", "place", "gem-marcona"),
        # A body on p. 4 of the paper, an agreement in DESTA (836, 899).
        ("Pacific Alliance", "agreement", "desta-836-pacific-alliance"),
        ("TPP", "agreement", "desta-899-transpacific-partnership-tpp"),
        ("Trans Pacific Partnership", "agreement", "desta-899-transpacific-partnership-tpp"),
        ("TPP", "", "tpp"),
        # A firm of Table 7, and the work of that title in its source note 9.
        ("CST Mining Group Ltd", "owner", "cst-mining-group"),
        # Words in another order; abbreviations that DESTA and GPTAD print in parentheses.
        ("China-Peru FTA", "agreement", "peru-china-fta"),
        ("Peru Japan", "agreement", "desta-829-japan-peru"),
        ("LAFTA", "agreement", "desta-561-latin-american-free-trade-area-lafta"),
        ("CPTPP", "agreement", "desta-989-comprehensive-and-progressive-agreement-for-transpacific-partnership-cptpp"),
        ("CAN", "agreement", "gptad-andean-community-can"),
        # Codes of ISO 3166.
        ("USA", "country", "united-states"),
        ("KOR", "country", "south-korea"),
        # A deposit has phases (record 270: found 1939, started 1976), and an owner could be named.
        ("Cuajone", "project", "usgs-cuajone"),
        ("Cuajone", "asset", "usgs-cuajone"),
    ],
)
def test_of_several_things_of_a_name_the_one_that_is_asked_for_is_found(
    sources: KnowledgeGraph, name: str, parameter: str, slug: str
) -> None:
    assert sources.names.find(name, parameter) == slug


def test_an_answer_about_one_of_several_things_of_a_name_names_the_others(sources: KnowledgeGraph) -> None:
    (note,) = sources.ask("un-votes", country="Korea").notes
    assert "also called Korea: Korea (gptad-korea)" in note
    empty, note = sources.differences("Pacific Alliance").notes
    assert empty.startswith("no such difference")
    assert "also called Pacific Alliance: Pacific Alliance (desta-836-pacific-alliance)" in note
    # The paper's TPP (p. 4 ¶2) is a body; DESTA's record 899 is an agreement with the abbreviation in its name.
    desta = "desta-899-transpacific-partnership-tpp"
    assert sources.notes("TPP")[0].endswith(f"also called TPP: Trans-Pacific Partnership (TPP) ({desta})")
    assert sources.notes(desta)[0].endswith("also called TPP: Trans Pacific Partnership (tpp)")


@pytest.mark.parametrize("name", ["Block 8", "BLOCK 8", "block-8", "Zijing Mining Group", "knoc-in-block-8"])
def test_a_name_as_it_is_written_is_found_without_reading_all_names(kg: KnowledgeGraph, name: str) -> None:
    class NoListing(Names):
        @property
        def _rows(self) -> list[tuple[int, str, str]]:
            raise AssertionError("all names are read")

    assert NoListing(kg.store).find(name)


def test_the_name_of_several_things_is_refused_with_the_choices() -> None:
    store = EmbeddedStore.of(
        quad
        for slug, label in [("first", "Twin"), ("second", "Twin"), ("third", "Sibling"), ("fourth", "sibling")]
        for quad in (fact(slug, RDFS_LABEL, ox.Literal(label)), fact(slug, term("citation"), ox.NamedNode(thing("p1"))))
    )
    with pytest.raises(WrongUse, match="'first' or 'second'"):
        Names(store).find("Twin")
    with pytest.raises(WrongUse, match="'fourth' or 'third'"):
        Names(store).find("Sibling")


def test_the_choices_of_a_name_are_told_apart(sources: KnowledgeGraph) -> None:
    with pytest.raises(WrongUse, match=r"'desta-214-chile-peru' \(Peru–Chile trade agreement \(1983\)\) or 'desta-215"):
        sources.names.find("Chile Peru")
    # A body of the paper (p. 4) in every spelling; agreements in GPTAD and DESTA (27, wto_name).
    with pytest.raises(WrongUse, match=r"quito-protocol' .* or 'gptad-andean-community-can' "):
        sources.names.find("Andean Community", "agreement")


def test_a_slug_comes_before_a_label_and_a_label_before_a_spelling() -> None:
    names = {"alpha": "Beta", "beta": "Gamma", "delta": "Delta"}
    quads = [fact(slug, RDFS_LABEL, ox.Literal(label)) for slug, label in names.items()]
    quads += [fact(slug, term("citation"), ox.NamedNode(thing("p1"))) for slug in names]
    quads += [fact("delta", term("nameAsPrinted"), ox.Literal(name)) for name in ("Gamma", "Epsilon")]
    found = Names(EmbeddedStore.of(quads))
    assert [found.find(name) for name in ("Beta", "Gamma", "Épsilon")] == ["beta", "beta", "delta"]


def test_labels_are_linked_unless_several_things_have_them(kg: KnowledgeGraph) -> None:
    twice = kg.query(
        "SELECT ?label { ?x rdfs:label ?label FILTER(STRSTARTS(STR(?x), STR(id:))) } "
        "GROUP BY ?label HAVING(COUNT(DISTINCT ?x) > 1) LIMIT 1"
    ).rows[0][0]
    assert kg.names.link(["SK Energy", twice.value, "no such label", ""]) == {"SK Energy": thing("sk-energy")}


def test_unknown_names_get_a_suggestion(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'Chinalco'"):
        kg.names.find("Chinaalco")


def test_what_only_a_description_names_leads_to_the_thing(sources: KnowledgeGraph) -> None:
    """The survey's deposit 245 includes Perol and Chailhuagon."""
    with pytest.raises(UnknownName, match=r"Did you mean 'Minas Conga'\?"):
        sources.names.find("chailhuagon")


def test_a_name_that_only_other_sources_have_says_which(sources: KnowledgeGraph) -> None:
    """Quellaveco is in Table 5 (p. 23) and among the deposits of USGS, not in the files of Global Energy Monitor."""
    with pytest.raises(WrongUse, match="not in 'gem'; choose the source 'sanborn-yong' or 'usgs-porphyry'"):
        sources.only("gem").owners("Quellaveco")
    with pytest.raises(UnknownName, match="no thing is called 'Nowhere'"):
        sources.only("gem").owners("Nowhere")


@pytest.mark.parametrize(
    "name", ["", "  ", "'; DROP", "><script>", "\x00", "x" * 10_000, "\udcff", 'a" } UNION { ?x ?y "b']
)
def test_hostile_names_are_only_unknown(kg: KnowledgeGraph, name: str) -> None:
    with pytest.raises(WrongUse):
        kg.names.find(name)


def test_completion_ignores_case_and_accents(kg: KnowledgeGraph) -> None:
    assert "Block 8" in kg.names.complete("bLOck")
    assert "Antamina" not in kg.names.complete("bLOck") and "Antamina" in kg.names.complete("ántam")


def test_search_puts_first_what_a_name_means(sources: KnowledgeGraph) -> None:
    """The paper's Korea is South Korea (Tables 2 to 4, p. 20); USA is the code of ISO 3166."""
    assert sources.names.search("Korea")[0] == ("Korea", "south-korea")
    assert ("Korea", "gptad-korea") in sources.names.search("Korea")
    assert sources.names.search("USA")[0] == ("USA", "united-states")
    assert sources.names.search("zzzz") == sources.names.search(" ") == []

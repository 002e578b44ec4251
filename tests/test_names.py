"""Names: things are found by what people call them."""

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
        ("https://w3id.org/peru-asia-graph/id/block-8", "block-8"),
        ("id:block-8", "block-8"),
        ("CNPC", "cnpc"),
        ("knoc", "knoc"),
        ("Zijing Mining Group", "zijing-mining-group"),
        ("中国", "china"),
        ("Perú", "peru"),
        ("peru", "peru"),
        ("대한민국", "south-korea"),
        # Spanish: a short name, countries named only by the data sets on agreements, goods, and words for a block.
        ("Corea", "south-korea"),
        ("Corea del Norte", "desta-north-korea"),
        ("Alemania", "desta-germany"),
        ("Canadá", "canada"),
        ("cobre", "copper"),
        ("plata", "usgs-silver"),
        ("Bloque Z-2B", "block-z-2b"),
        ("lote 8", "block-8"),
        # A name may omit what kind of thing it is: "Block 192 Oil and Gas Field (Peru)".
        ("Bloque 192", "gem-block-192"),
        ("Block VI/VII", "gem-block-vi-vii"),
        ("Lote X", "gem-block-x"),
        # The number of a block alone, if it cannot be any other number.
        ("Z46", "block-z46"),
        ("Z2B", "block-z-2b"),
        ("1AB", "block-1ab"),
        ("31-C", "gem-block-31-c"),
        ("Toromocho mine", "toromocho"),
        # Records OG0020588 and OG0004946 of GEM: a remark within the name, a number with different punctuation.
        ("Bretana Norte", "gem-bretana-norte-95"),
        ("Block 31-B/D", "gem-block-31b-d"),
        # DESTA 562 and 461, not the later accessions and withdrawals (562+1, 562+2, 461_1).
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


@pytest.mark.parametrize(("name", "source"), [("Block 6 / 7", "gem"), ("Block 111113", "sanborn-yong")])
def test_numbers_are_not_joined(sources: KnowledgeGraph, name: str, source: str) -> None:
    """GEM's Block 67 (OG0004944) is not "Block 6 / 7"; Table 7 has "Block 111/113"."""
    with pytest.raises((UnknownName, WrongUse)) as raised:
        sources.only(source).names.find(name)
    assert "block-67" not in str(raised.value) and "block-113" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "parameter", "choices"),
    [
        # "People's Republic of China", "Pluspetrol Resources Corporation"; "European Union", "Estados Unidos".
        ("PRC", "", "'china' .* or 'pluspetrol-resources'"),
        ("PRC", "owner", "'china' .* or 'pluspetrol-resources'"),
        ("EU", "country", "'european-union' .* or 'united-states'"),
    ],
)
def test_ambiguous_initials_are_refused_with_the_choices(
    sources: KnowledgeGraph, name: str, parameter: str, choices: str
) -> None:
    with pytest.raises(WrongUse, match=choices):
        sources.names.find(name, parameter)


def test_block_is_not_found_by_a_prefix_of_its_name(sources: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match="Block VI/VII"):
        sources.names.find("Block VI")


@pytest.mark.parametrize(
    ("name", "parameter", "slug"),
    [
        # The paper's tables call South Korea "Korea" (p. 20); GPTAD's GSTP does not say which Korea it means.
        ("Korea", "country", "south-korea"),
        ("Korea", "", "south-korea"),
        # GEM has a municipality of this name; the paper a mine, which it calls Marcona in Table 7, source note 4.
        ("Marcona", "asset", "marcona-mine"),
        ("Marcona", "place", "gem-marcona"),
        # An organization on p. 4 of the paper, an agreement in DESTA (836, 899).
        ("Pacific Alliance", "agreement", "desta-836-pacific-alliance"),
        ("TPP", "agreement", "desta-899-transpacific-partnership-tpp"),
        ("Trans Pacific Partnership", "agreement", "desta-899-transpacific-partnership-tpp"),
        ("TPP", "", "tpp"),
        # A firm in Table 7, and the work with that title in its source note 9.
        ("CST Mining Group Ltd", "owner", "cst-mining-group"),
        # Words in a different order; abbreviations that DESTA and GPTAD print in parentheses.
        ("China-Peru FTA", "agreement", "peru-china-fta"),
        ("Peru Japan", "agreement", "desta-829-japan-peru"),
        ("LAFTA", "agreement", "desta-561-latin-american-free-trade-area-lafta"),
        ("CPTPP", "agreement", "desta-989-comprehensive-and-progressive-agreement-for-transpacific-partnership-cptpp"),
        ("CAN", "agreement", "gptad-andean-community-can"),
        # ISO 3166 codes.
        ("USA", "country", "united-states"),
        ("KOR", "country", "south-korea"),
        # A deposit has phases (record 270: found 1939, started 1976), and an owner could be named.
        ("Cuajone", "project", "usgs-cuajone"),
        ("Cuajone", "asset", "usgs-cuajone"),
    ],
)
def test_ambiguous_name_is_resolved_by_the_parameter(
    sources: KnowledgeGraph, name: str, parameter: str, slug: str
) -> None:
    assert sources.names.find(name, parameter) == slug


def test_answer_for_an_ambiguous_name_lists_the_alternatives(sources: KnowledgeGraph) -> None:
    (note,) = sources.ask("un-votes", country="Korea").notes
    assert "also called Korea: Korea (gptad-korea)" in note
    empty, note = sources.differences("Pacific Alliance").notes
    assert empty.startswith("no such difference")
    assert "also called Pacific Alliance: Pacific Alliance (desta-836-pacific-alliance)" in note
    # The paper's TPP (p. 4 ¶2) is an organization; DESTA's record 899 is an agreement with TPP in its name.
    desta = "desta-899-transpacific-partnership-tpp"
    assert sources.notes("TPP")[0].endswith(f"also called TPP: Trans-Pacific Partnership (TPP) ({desta})")
    assert sources.notes(desta)[0].endswith("also called TPP: Trans Pacific Partnership (tpp)")


@pytest.mark.parametrize("name", ["Block 8", "BLOCK 8", "block-8", "Zijing Mining Group", "knoc-in-block-8"])
def test_exact_name_is_found_without_reading_all_names(kg: KnowledgeGraph, name: str) -> None:
    class NoListing(Names):
        @property
        def _rows(self) -> list[tuple[int, str, str]]:
            raise AssertionError("all names are read")

    assert NoListing(kg.store).find(name)


def test_ambiguous_name_is_refused_with_the_choices() -> None:
    store = EmbeddedStore.of(
        quad
        for slug, label in [("first", "Twin"), ("second", "Twin"), ("third", "Sibling"), ("fourth", "sibling")]
        for quad in (fact(slug, RDFS_LABEL, ox.Literal(label)), fact(slug, term("citation"), ox.NamedNode(thing("p1"))))
    )
    with pytest.raises(WrongUse, match="'first' or 'second'"):
        Names(store).find("Twin")
    with pytest.raises(WrongUse, match="'fourth' or 'third'"):
        Names(store).find("Sibling")


def test_choices_for_an_ambiguous_name_are_distinguishable(sources: KnowledgeGraph) -> None:
    with pytest.raises(WrongUse, match=r"'desta-214-chile-peru' \(Peru–Chile trade agreement \(1983\)\) or 'desta-215"):
        sources.names.find("Chile Peru")
    # An organization of the paper (p. 4) in every spelling; agreements in GPTAD and DESTA (27, wto_name).
    with pytest.raises(WrongUse, match=r"quito-protocol' .* or 'gptad-andean-community-can' "):
        sources.names.find("Andean Community", "agreement")


def test_slug_precedes_label_and_label_precedes_spelling() -> None:
    names = {"alpha": "Beta", "beta": "Gamma", "delta": "Delta"}
    quads = [fact(slug, RDFS_LABEL, ox.Literal(label)) for slug, label in names.items()]
    quads += [fact(slug, term("citation"), ox.NamedNode(thing("p1"))) for slug in names]
    quads += [fact("delta", term("nameAsPrinted"), ox.Literal(name)) for name in ("Gamma", "Epsilon")]
    found = Names(EmbeddedStore.of(quads))
    assert [found.find(name) for name in ("Beta", "Gamma", "Épsilon")] == ["beta", "beta", "delta"]


def test_labels_are_linked_unless_ambiguous(kg: KnowledgeGraph) -> None:
    twice = kg.query(
        "SELECT ?label { ?x rdfs:label ?label FILTER(STRSTARTS(STR(?x), STR(id:))) } "
        "GROUP BY ?label HAVING(COUNT(DISTINCT ?x) > 1) LIMIT 1"
    ).rows[0][0]
    assert kg.names.link(["SK Energy", twice.value, "no such label", ""]) == {"SK Energy": thing("sk-energy")}


def test_a_surname_finds_the_person(kg: KnowledgeGraph) -> None:
    """p. 10 names Ollanta Humala, p. 3 Luis Miguel Castilla, p. 17 Milton Von Hesse, p. 7 Alan García."""
    found = [kg.names.find(name) for name in ("Humala", "castilla", "Von Hesse", "Garcia")]
    assert found == ["ollanta-humala", "luis-miguel-castilla", "milton-von-hesse", "alan-garcia"]
    with pytest.raises(UnknownName):
        kg.names.find("Metals")


def test_unknown_names_get_a_suggestion(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'Chinalco'"):
        kg.names.find("Chinaalco")
    # Not "Mexico Peru", whose letters without spaces contain it, nor a thing whose description contains "China".
    for name, meant in (("coper", "Copper"), ("hina", "China")):
        with pytest.raises(UnknownName, match=f"Did you mean '{meant}'"):
            kg.names.find(name)


@pytest.mark.parametrize(
    ("parameter", "name", "meant"),
    [
        # p. 10: Ollanta Humala visits Seoul; the visit is no person.
        ("person", "Humla", r"'Ollanta Humala'\?"),
        # Table 7 (p. 28); a note on the spelling, and a share, are no assets.
        ("asset", "Zijin", r"'Zijing Mining Group'\?"),
        ("agreement", "TLC con Japón", r"'Peru–Japan trade agreement \(2011\)'\?"),
        ("agreement", "China", r"'Peru–China Free Trade Agreement', "),
    ],
)
def test_suggestions_are_of_a_kind_that_the_parameter_accepts(
    sources: KnowledgeGraph, parameter: str, name: str, meant: str
) -> None:
    with pytest.raises(WrongUse, match=f"Did you mean {meant}"):
        sources.names.find(name, parameter)


@pytest.mark.parametrize("name", ["Taiwan", "ICBC", "MMG", "lithium"])
def test_names_that_are_little_alike_are_not_suggested(sources: KnowledgeGraph, name: str) -> None:
    with pytest.raises(UnknownName, match=r"is called '[A-Za-z]+'\. List all names"):
        sources.names.find(name)


def test_name_found_only_in_a_description_suggests_the_thing(sources: KnowledgeGraph) -> None:
    """The survey's deposit 245 includes Perol and Chailhuagon."""
    with pytest.raises(UnknownName, match=r"Did you mean 'Minas Conga'\?"):
        sources.names.find("chailhuagon")


def test_name_missing_in_the_chosen_source_names_the_others(sources: KnowledgeGraph) -> None:
    """Quellaveco is in Table 5 (p. 23) and among the USGS deposits, but not in the files of Global Energy Monitor."""
    with pytest.raises(WrongUse, match="not in 'gem'; choose the source 'sanborn-yong' or 'usgs-porphyry'"):
        sources.only("gem").owners("Quellaveco")
    with pytest.raises(UnknownName, match="no thing is called 'Nowhere'"):
        sources.only("gem").owners("Nowhere")


@pytest.mark.parametrize(
    "name", ["", "  ", "'; DROP", "><script>", "\x00", "x" * 10_000, "\udcff", 'a" } UNION { ?x ?y "b']
)
def test_hostile_names_are_not_found(kg: KnowledgeGraph, name: str) -> None:
    with pytest.raises(WrongUse):
        kg.names.find(name)


def test_completion_ignores_case_and_accents(kg: KnowledgeGraph) -> None:
    assert "Block 8" in kg.names.complete("bLOck")
    assert "Antamina" not in kg.names.complete("bLOck") and "Antamina" in kg.names.complete("ántam")

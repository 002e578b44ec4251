"""Languages in the graph: every text has a language tag, and names in other languages never duplicate a row."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from csv_rows import read_csv
from parts import paper_part
from peru_asia_graph.build.pipeline import Report
from peru_asia_graph.exporters.format_registry import ExportInput, find_format, names_of
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.vocabulary import ONTOLOGY, PREFIXES, RDF_TYPE, RDFS_LABEL, THING, local, thing

ROOT = Path(__file__).parents[1]
SKOS = PREFIXES["skos"]
NOTE, PREFERRED, ALSO = (SKOS + name for name in ("note", "prefLabel", "altLabel"))
TEXTS = {
    RDFS_LABEL, NOTE, PREFERRED, ALSO, PREFIXES["dcterms"] + "description", PREFIXES["rdfs"] + "comment",
    *(SKOS + name for name in ("definition", "example", "editorialNote")),
    *(ONTOLOGY + name for name in ("reading", "readingUsed")),
}  # fmt: skip


def translations() -> list[dict[str, str]]:
    return read_csv(ROOT / "data" / "sanborn-yong" / "translations.csv")


def texts(report: Report, predicate: str) -> Iterator[tuple[str, str, str]]:
    """Yield slug, text and language of each value of a property of things."""
    for quad in report.quads:
        if quad.predicate.value == predicate and quad.subject.value.startswith(THING):
            assert isinstance(quad.object, ox.Literal)
            yield local(quad.subject.value), quad.object.value, quad.object.language or ""


def test_every_label_note_and_definition_has_a_language(built: Report) -> None:
    found = Counter[str]()
    for quad in built.quads:
        if quad.predicate.value in TEXTS:
            assert isinstance(quad.object, ox.Literal) and quad.object.language, str(quad)
            found[quad.predicate.value] += 1
    assert found[RDFS_LABEL] > 3_500 and found[NOTE] > 900


def test_every_thing_has_a_single_english_label(built: Report) -> None:
    labels = list(texts(built, RDFS_LABEL))
    assert {language for *_, language in labels} == {"en"}
    assert max(Counter(slug for slug, *_ in labels).values()) == 1


def test_thing_in_several_sources_keeps_its_spanish_name_from_each(kg: KnowledgeGraph) -> None:
    # The paper calls the agreement a "Tratado de Libre Comercio"; the databases do not.
    named = {
        "Acuerdo comercial Perú–China (2009)": "peru-china-fta",
        "ACUERDO COMERCIAL PERU-COREA (2011)": "peru-korea-fta",
        "Mina Marcona de Shougang": "marcona-mine",
        "Tratado de Libre Comercio Perú–China": "peru-china-fta",
    }
    assert {name: kg.names.find(name) for name in named} == named
    rows = {(row["name"], row["language"]) for row in kg.ask("names-of", thing="marcona-mine")}
    assert {("Mina Marcona de Shougang", "es"), ("Mina Marcona", "es")} <= rows


def test_thing_has_one_preferred_name_per_language(built: Report) -> None:
    names = Counter((slug, language) for slug, _, language in texts(built, PREFERRED))
    assert max(names.values()) == 1 and {language for _, language in names} == {"en", "es", "zh", "ja", "ko"}


def test_everything_with_a_name_has_a_type(built: Report) -> None:
    """A name given to a matched id belongs to the canonical id: ``desta-227-china-peru`` is ``peru-china-fta``."""
    typed = {quad.subject.value for quad in built.quads if quad.predicate.value == RDF_TYPE}
    named = {thing(slug) for slug, *_ in texts(built, PREFERRED)}
    assert named - typed == set() and thing("gem-block-57") in named


def test_printed_spellings_have_undetermined_language(built: Report) -> None:
    printed = {(slug, text) for slug, text, language in texts(built, ONTOLOGY + "nameAsPrinted") if language == ""}
    assert printed == {(slug, text) for slug, text, language in texts(built, ALSO) if language == "und"} != set()


def test_all_translations_are_in_the_graph(built: Report) -> None:
    for column, predicate in (("label", PREFERRED), ("reading", ONTOLOGY + "reading"), ("note", NOTE)):
        for language in ("es", "zh", "ja", "ko"):
            wanted = {(row["thing"], text) for row in translations() if (text := row.get(f"{column}_{language}"))}
            found = {(slug, text) for slug, text, tag in texts(built, predicate) if tag == language}
            assert wanted <= found, (column, language)
            assert wanted or language != "es"


def test_names_in_asian_scripts_come_from_a_stored_source() -> None:
    asian = [row for row in translations() if any(row.get(f"label_{code}") for code in ("zh", "ja", "ko"))]
    assert [(row["thing"], row["label_ja"]) for row in asian] == [("mitsui-and-co", "三井物産")]
    assert all(row["where_seen"] for row in asian)


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Ollanta Humala visita Seúl", "humala-visit-to-seoul-2012"), ("culies", "coolies"),
     ("Corea del Sur", "south-korea"), ("三井物産", "mitsui-and-co"), ("Block 8", "block-8")],
)  # fmt: skip
def test_thing_is_found_by_its_name_in_any_language(kg: KnowledgeGraph, name: str, slug: str) -> None:
    assert kg.names.find(name) == slug


@pytest.fixture(scope="module")
def untranslated(built: Report) -> KnowledgeGraph:
    """The paper without names, readings and notes in languages other than English."""
    kept = [quad for quad in built.quads if not is_translation(quad)]
    assert len(built.quads) - len(kept) > 400
    store = ox.Store()
    store.bulk_extend(kept)
    return paper_part(EmbeddedStore(store))


def is_translation(quad: ox.Quad) -> bool:
    """Return whether the quad states something about a thing in a language other than English."""
    text = quad.object
    other = isinstance(text, ox.Literal) and text.language not in (None, "en", "und")
    return other and quad.subject.value.startswith(THING)


def answer(kg: KnowledgeGraph, name: str) -> tuple[list[Any], int]:
    """Return the variables and the number of rows for a question's example."""
    words = shlex.split(kg.questions[name].fields["example"])
    values = dict(word.split("=", 1) for before, word in pairwise(words) if before == "-p")
    if "--year" in words:
        values["year"] = words[words.index("--year") + 1]
    result = kg.ask(name, **values)
    return list(result.variables), len(result.rows)


@pytest.mark.slow
def test_translations_change_no_other_question(kg: KnowledgeGraph, untranslated: KnowledgeGraph) -> None:
    """Only the question about names gets more rows."""
    changed = {name for name in kg.questions if answer(kg, name) != answer(untranslated, name)}
    assert changed <= {"names-of"}


@pytest.mark.slow
def test_translations_change_no_flat_table_or_network(kg: KnowledgeGraph, untranslated: KnowledgeGraph) -> None:
    compared = 0
    for form in ("csv", "graphml"):
        row = find_format(form)
        for which in names_of(row.content, ROOT / "ontology"):
            sources = (ExportInput(graph.store, ROOT / "ontology", list) for graph in (kg, untranslated))
            one, other = (row.data(source, which) for source in sources)
            assert one == other, which
            compared += 1
    assert compared > 15


@pytest.mark.slow
def test_translations_change_no_card(kg: KnowledgeGraph, untranslated: KnowledgeGraph) -> None:
    slugs = [row["thing"] for row in translations()]
    assert [slug for slug in slugs if str(kg.show(slug)) != str(untranslated.show(slug))] == []


def test_labels_in_the_store_are_in_english(kg: KnowledgeGraph) -> None:
    (row,) = kg.query(f'SELECT ?label {{ <{thing("block-8")}> rdfs:label ?label FILTER(LANG(?label) = "en") }}')
    assert row["label"] == "Block 8"

"""Fields, dates and the data set are shown to readers in words, not as codes."""

from __future__ import annotations

import csv
import html
import re
from pathlib import Path

import pytest

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.pages import make_page
from peru_asia_graph.views.cited_places import field_words, place_in_words
from peru_asia_graph.vocabulary import DATASET, THING

DATA = Path(__file__).parents[2] / "data"
_FOLD = re.compile(
    r'<section class="panel folded programs">.*?</section>|<details class="programs">.*?</details>', re.S
)
_RAW_DATE = re.compile(r"(?<![\w/.-])(?:[12]\d{3}~|[12]\d{3}/[12]\d{3}|\.\./[12]\d{3}|\[\.\.[12]\d{3})")


def read(kg: KnowledgeGraph, iri: str, language: str) -> str:
    """Return the visible text of the page of a thing, without the folds for programs."""
    status, _, page = make_page(kg, "thing", {"iri": iri, "language": language})
    assert status == 200
    body = _FOLD.sub("", page[page.index("<main") :])
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", body).split()))


def test_every_field_of_a_source_file_has_a_label() -> None:
    fields = set()
    for path in DATA.glob("*/citations.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            fields |= {row["field"] for row in csv.DictReader(stream) if row.get("field")}
    assert len(fields) > 50
    assert sorted(fields - field_words().keys()) == []


@pytest.mark.parametrize(("label", "english", "spanish"), [
    ("record 829, entry_type", "record 829, kind of entry", "registro 829, tipo de registro"),
    ("record ANDNCA_2000O PER, StateSignature", "record ANDNCA_2000O PER, signature by the state",
     "registro ANDNCA_2000O PER, firma del Estado"),
    ("record rcid 488 to 539, those dated 1957, PE, JP",
     "record roll calls 488 to 539, those of 1957, votes of Peru and Japan",
     "registro votaciones 488 a 539, las de 1957, votos del Perú y el Japón"),
    ("record 7, shoe-size", "record 7, shoe-size", "registro 7, shoe-size"),  # a user's own source
])  # fmt: skip
def test_a_citation_of_a_record_is_in_words(label: str, english: str, spanish: str) -> None:
    assert (place_in_words(label, "en"), place_in_words(label, "es")) == (english, spanish)


@pytest.mark.parametrize("language", ["en", "es"])
def test_cards_show_no_raw_field_and_no_raw_date(sources: KnowledgeGraph, language: str) -> None:
    slugs = ("peru-china-fta", "desta-829-japan-peru", "huggo-gatt-1947o", "pampa-de-pongo", "rio-blanco", "peru",
             "p13-1-share-korea-1990-2011", "pampa-de-pongo-investment-t7", "gem-block-58")  # fmt: skip
    for slug in slugs:
        text = read(sources, THING + slug, language)
        assert not re.search(r"\b(entry_type|entryforceyear|stateID|State(?:Name|Signature|Force|End))\b", text), slug
        assert not _RAW_DATE.search(text), (slug, _RAW_DATE.search(text))


def test_the_period_of_an_investment_is_in_words(sources: KnowledgeGraph) -> None:
    # investments.csv: 2010/2014
    assert "2010 to 2014" in read(sources, THING + "pampa-de-pongo-investment-t7", "en")
    assert "2010 a 2014" in read(sources, THING + "pampa-de-pongo-investment-t7", "es")


@pytest.mark.parametrize(("language", "heads"), [
    ("en", ["Sources", "How to cite", "Licence"]), ("es", ["Fuentes", "Cómo citar", "Licencia"]),
])  # fmt: skip
def test_the_data_set_has_a_page_with_sources_licences_and_citation(
    sources: KnowledgeGraph, language: str, heads: list[str]
) -> None:
    text = read(sources, DATASET, language)
    assert all(head in text for head in heads)
    assert all(one.short in text for one in sources.sources)
    assert text.count("CC BY 4.0") >= 5 and "class partition" not in text and "distinct subjects" not in text

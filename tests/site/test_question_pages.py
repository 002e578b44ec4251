"""Question pages: themes, both languages, and answers in words."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from click.testing import CliRunner

from peru_asia_graph.cli import pag
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.questions import OTHER_THEME, THEMES, Questions, read_questions
from peru_asia_graph.site.addresses import Addresses
from peru_asia_graph.site.answer_table import make_table
from peru_asia_graph.site.answer_words import dates_in_words
from peru_asia_graph.site.frame import Frame, site_files
from peru_asia_graph.site.messages import message_in_words, note_in_words
from peru_asia_graph.site.pages import make_frame, make_page
from peru_asia_graph.site.question_pages import QuestionAnswer, answer_question, render_question
from peru_asia_graph.site.words import FOLDER
from peru_asia_graph.store.results import Result, Term
from peru_asia_graph.vocabulary import CODE, EDTF, GRAPH, THING, XSD

ROOT: Final = Path(__file__).parents[2]
QUESTIONS: Final = read_questions(ROOT / "ontology" / "questions")
# Columns that hold printed text, column or file names, or addresses.
PRINTED: Final = frozenset({
    "amount_printed", "citation", "citations", "code", "comment_printed", "field", "formula", "home_citations",
    "hs_code", "licence", "matched_id", "name", "page", "phase_citations", "phase_printed", "place_citations",
    "reading_formula", "record", "row", "share_printed", "slug", "software", "value_printed", "via_citations",
    "where_seen", "words",
})  # fmt: skip
# An EDTF date; a code as the whole value; a term in camel case or with a prefix; a boolean.
UNREADABLE: Final = re.compile(
    r"\b[12]\d{3}-(?:0\d|1[0-2])\b|\b[12]\d{3}[~?%]|\b[12]\d\d?X|\.\.|\b\d{4}/\d{4}\b|\[\d{4}"
    r"|^[a-z]+(?:-[a-z]+)+$|\b[a-z]+[A-Z]\w*|\b(?:pag|qb|rdf|rdfs|owl|skos|xsd|semapv|dcterms|id|code|graph):\w+"
    r"|^(?:true|false)$|http://www\.w3\.org"
)


def texts_of(questions: Questions) -> set[str]:
    """Return all texts of questions that are shown to readers."""
    found = {one.theme for one in questions.values()} | {one.title for one in questions.values()}
    found |= {one.fields["description"] for one in questions.values()}
    return found | {each.description for one in questions.values() for each in one.parameters}


def test_question_texts_and_translations_match() -> None:
    """Translations are keyed by the English text, so a changed text has none."""
    translated = json.loads((FOLDER / "questions.json").read_text("utf-8"))["es"]
    wanted = texts_of(QUESTIONS) | {OTHER_THEME}
    assert wanted - translated.keys() == set(), "write it to site/words/questions.json"
    assert translated.keys() - wanted == set(), "no question has this text any longer"
    assert not [text for text, spanish in translated.items() if not spanish.strip() or spanish == text]


def test_texts_of_questions_name_codes_by_their_labels(sources: KnowledgeGraph) -> None:
    """A status and a measure are codes; `growth-rates` is a question and `state-owned` a word."""
    text = "in-progress, share-of-exports; state-owned, growth-rates"
    told = make_frame(sources, {"language": "en"}).translated(text)
    assert told == "in progress, share of exports; state-owned, growth-rates"


def test_every_question_has_a_theme_and_is_listed_once() -> None:
    themes = QUESTIONS.by_theme()
    assert tuple(themes) == THEMES
    assert Counter(one.name for found in themes.values() for one in found) == Counter(QUESTIONS.keys())
    assert all(len(found) > 5 for found in themes.values())
    assert {"who-owns", "effective-owners"} <= {one.name for one in themes["Ownership"]}


def test_a_question_without_a_theme_comes_last(tmp_path: Path) -> None:
    for name, theme in (("a", ""), ("b", "# theme: My own\n"), ("c", "# theme: Trade\n")):
        (tmp_path / f"{name}.rq").write_text(f"# title: {name}?\n{theme}ASK {{}}", "utf-8")
    assert list(read_questions(tmp_path).by_theme()) == ["Trade", "My own", OTHER_THEME]


def test_page_command_and_reference_list_the_same_themes(sources: KnowledgeGraph) -> None:
    wanted = {theme: [one.name for one in found] for theme, found in QUESTIONS.by_theme().items()}
    page = make_page(sources, "questions", {"language": "en"})[2]
    parts = re.findall(r'<h2 id="theme-\d+">(.*?)</h2>(.*?)</section>', page, re.DOTALL)
    assert {theme: re.findall(r'data-name="([\w-]+)"', part) for theme, part in parts} == wanted
    done = CliRunner().invoke(pag, ["questions"])
    groups = [group.splitlines() for group in done.stdout.strip().split("\n\n")]
    assert {group[0]: [line.split()[0] for line in group[1:]] for group in groups} == wanted
    reference = (ROOT / "docs" / "reference" / "questions.md").read_text("utf-8").split("\n## ")[0]
    tables = re.findall(r"^\*\*(.*?)\*\*$(.*?)(?=^\*\*|\Z)", reference, re.DOTALL | re.MULTILINE)
    assert {theme: re.findall(r"\[`([\w-]+)`\]", table) for theme, table in tables} == wanted


def table_of(kg: KnowledgeGraph, language: str, **columns: Term) -> list[str]:
    """Return the cells of a one-row answer."""
    frame = make_frame(kg, {"language": language})
    table = make_table(kg, frame, Result(list(columns), [list(columns.values())]), 10)
    return ["; ".join(piece.text for piece in cell.pieces) for cell in table["rows"][0]]


@pytest.mark.parametrize(
    ("edtf", "english", "spanish"),
    [
        ("2011-11/2011-12", "Nov 2011 to Dec 2011", "nov 2011 a dic 2011"),
        ("[1994-01,1995-10]", "Jan 1994 or Oct 1995", "ene 1994 o oct 1995"),
        ("[..2011]", "by 2011", "a más tardar en 2011"),
        ("2010~", "about 2010", "alrededor de 2010"),
        ("199X/..", "since the 1990s", "desde la década de 1990"),
        ("18XX", "19th century", "siglo XIX"),
        ("2009/2014", "2009 to 2014", "2009 a 2014"),
    ],
)
def test_dates_are_shown_in_words(sources: KnowledgeGraph, edtf: str, english: str, spanish: str) -> None:
    for language, words in (("en", english), ("es", spanish)):
        assert table_of(sources, language, period=Term("literal", edtf, EDTF)) == [words]
        frame = make_frame(sources, {"language": language})
        assert dates_in_words(frame, f"Peru, {edtf} (copper)") == f"Peru, {words} (copper)"


def test_only_dates_are_put_into_words(sources: KnowledgeGraph) -> None:
    frame = make_frame(sources, {"language": "en"})
    assert table_of(sources, "es", date=Term("literal", "2009-04-28", XSD + "date")) == ["28 abr 2009"]
    for text in ("Investment over 2010-2014", "pp. 30-31", "Block 111/113", "(1973-1975)", "KT-1", "2013", "a ... b"):
        assert dates_in_words(frame, text) == text


def test_values_are_shown_in_words(sources: KnowledgeGraph) -> None:
    def text(value: str) -> Term:
        return Term("literal", value, XSD + "string")

    given = {
        "held_then": text("not-known-then"), "certain": text("true"),
        "state_owned": Term("literal", "false", XSD + "boolean"),
        "phases": text("completion, possible, from 2014; construction, in-progress; shut-in, as of 2025-02-26"),
        "how": text("holds"), "chains": text("cnpc > pluspetrol-norte > block-8"),
        "measure": Term("iri", f"{CODE}measure/deposit-age"), "follows": Term("iri", f"{GRAPH}derived/gem"),
        "stated": text("sanborn-yong 22.5; gem"), "kind": text("silent"), "home_states": text("Japan (former)"),
        "relation": text("Not skos:exactMatch"), "comment_printed": text("true"), "about": Term("iri", f"{THING}peru"),
        "citations": text("Table 6, row Block 8 (p. 25); record OG1, discovery-year"), "country": text("South Korea"),
        "events": text("1963-04-01: Peru and South Korea sign the Joint Communique"),
    }  # fmt: skip
    assert dict(zip(given, table_of(sources, "en", **given), strict=True)) == {
        "held_then": "not known", "certain": "yes", "state_owned": "no",
        "phases": "completion, possible, from 2014; construction, in progress; shut in, as of 26 Feb 2025",
        "how": "holds",
        "chains": "China National Petroleum Corporation → Pluspetrol Norte S.A. → Block 8",
        "measure": "age of deposit", "follows": "GEM", "stated": "Sanborn & Yong: 22.5; GEM",
        "kind": "only one states it", "home_states": "Japan (former)", "relation": "not the same",
        "comment_printed": "true", "about": "Peru",
        "citations": "Table 6, row Block 8 (p. 25); record OG1, year of discovery", "country": "South Korea",
        "events": "1 Apr 1963: Peru and South Korea sign the Joint Communique",
    }  # fmt: skip
    assert dict(zip(given, table_of(sources, "es", **given), strict=True)) == {
        "held_then": "no se sabe", "certain": "sí", "state_owned": "no",
        "phases": "culminación, posible, desde 2014; construcción, en curso; cerrado temporalmente, a 26 feb 2025",
        "how": "posee",
        "chains": "China National Petroleum Corporation → Pluspetrol Norte S.A. → Lote 8",
        "measure": "edad del yacimiento", "follows": "GEM", "stated": "Sanborn & Yong: 22.5; GEM",
        "kind": "solo una lo dice", "home_states": "Japón (anterior)", "relation": "no es lo mismo",
        "comment_printed": "true", "about": "Perú",
        "citations": "Cuadro 6, fila Block 8 (p. 25); registro OG1, año del descubrimiento", "country": "Corea del Sur",
        "events": "1 abr 1963: El Perú y Corea del Sur firman el Comunicado Conjunto",
    }  # fmt: skip


def test_text_in_another_language_is_marked(sources: KnowledgeGraph) -> None:
    row = {"finding": Term("literal", "Visas take long; families wait.", "", "en"),
           "country": Term("literal", "South Korea", "", "en")}  # fmt: skip
    result = Result(list(row), [list(row.values())])
    for language, marks in (("es", ["en", ""]), ("en", ["", ""])):
        cells = make_table(sources, make_frame(sources, {"language": language}), result, 10)["rows"][0]
        assert [cell.language for cell in cells] == marks


def test_notes_are_shown_in_words(sources: KnowledgeGraph) -> None:
    note = (
        "Copper (copper) is meant; names like it: Copper, iron and lead (copper-iron-and-lead), Zinc (zinc) and 2 more"
    )
    english, spanish = (make_frame(sources, {"language": language}) for language in ("en", "es"))
    assert note_in_words(english, note) == (
        "Copper is meant; names like it: Copper, iron and lead, Zinc and 2 more", ""
    )  # fmt: skip
    text, language = note_in_words(spanish, note)
    assert (
        text.startswith("Copper: así se entiende el nombre; nombres parecidos: Copper, iron and lead") and not language
    )
    assert note_in_words(spanish, "the search stopped") == ("the search stopped", "en")


@pytest.fixture(scope="module")
def answered(sources: KnowledgeGraph) -> dict[str, QuestionAnswer]:
    """The answer to the example of every question."""
    found = {name: answer_question(sources, {"name": name, "values": {}, "sources": []}) for name in QUESTIONS}
    assert {name: answer.problem for name, answer in found.items() if answer.problem} == {}
    return found


@pytest.fixture(scope="module")
def answers(answered: dict[str, QuestionAnswer]) -> dict[str, Result]:
    return {name: answer.rows for name, answer in answered.items() if answer.rows is not None}


def unreadable(kg: KnowledgeGraph, frame: Frame, result: Result) -> set[tuple[str, str]]:
    """Return the columns and values of an answer that show codes or machine-readable dates."""
    table = make_table(kg, frame, result, 1_000)
    return {
        (column, piece.text)
        for row in table["rows"]
        for cell, (column, _) in zip(row, table["columns"], strict=True)
        for piece in cell.pieces
        if column not in PRINTED and UNREADABLE.search(piece.text)
    }


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es"])
def test_answers_show_no_codes(sources: KnowledgeGraph, answers: dict[str, Result], language: str) -> None:
    frame = make_frame(sources, {"language": language})
    wrong = {name: found for name, result in answers.items() if (found := unreadable(sources, frame, result))}
    assert wrong == {}
    columns = {column for result in answers.values() for column in result.variables}
    columns |= {one.name for question in QUESTIONS.values() for one in question.parameters}
    english = make_frame(sources, {"language": "en"})
    alike = {column for column in columns if frame.column(column) == english.column(column)}
    assert language == "en" or {one for one in alike if not re.match(r"y\d{4}", one)} <= {"sector", "actor"}


def test_unreadable_values_are_detected(sources: KnowledgeGraph) -> None:
    frame = make_frame(sources, {"language": "en"})
    for text in ("from 2011-11", "2010?", "2010~", "/2011-12", "sharePercent", "some-code", "xsd:date", "196X", "true"):
        assert UNREADABLE.search(text), text
    for text in ("Korea 2010", "1995–2000", "natural-resource goods", "Nov 2011"):
        assert not UNREADABLE.search(text), text
    row = Result(["x"], [[Term("literal", "madeUp", XSD + "string")]])
    assert unreadable(sources, frame, row) == {("x", "madeUp")}


@pytest.fixture(scope="module")
def folder(
    sources: KnowledgeGraph, answered: dict[str, QuestionAnswer], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The question pages as files, all in Spanish and a quarter in English, with their shared files."""
    files = {f"static/{name}": data for name, data in site_files().items()}
    for place, answer in enumerate(answered.values()):
        for language in ("es", "en") if place % 4 == 0 else ("es",):
            path = f"questions/{answer.question.name}"
            addresses = Addresses(language, path, static=True)
            frame = replace(make_frame(sources, {}), addresses=addresses)
            files[addresses.file_of(path)] = render_question(sources, frame, answer, 30).encode()
    folder = tmp_path_factory.mktemp("questions")
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def test_search_box_filters_while_typing(site: str, browser: Any) -> None:
    page = browser.new_page(locale="es", viewport={"width": 390, "height": 844})
    page.goto(f"{site}/questions")
    listed = page.locator(".questions li:visible")
    assert listed.count() == len(QUESTIONS)
    told = page.locator("#found")
    page.get_by_label("Buscar una pregunta").fill("posee final")
    assert listed.evaluate_all("all => all.map(one => one.dataset.name).sort()") == [
        "effective-owners", "who-owns-through-whom"]  # fmt: skip
    assert page.locator("section.theme:visible").count() == 1 == page.locator("nav.themes a:visible").count()
    assert told.inner_text() == "2 preguntas"
    page.get_by_label("Buscar una pregunta").fill("zzz")
    assert listed.count() == 0 and told.inner_text() == "Ninguna pregunta tiene esas palabras."
    page.keyboard.press("Escape")
    assert listed.count() == len(QUESTIONS) and told.inner_text() == ""
    page.close()


def test_list_is_complete_without_javascript(site: str, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto(f"{site}/questions")
    assert page.locator(".questions li:visible").count() == len(QUESTIONS)
    assert page.locator("#find").is_hidden()
    context.close()


# Words broken across lines.
_BROKEN: Final = r"""
() => [...document.querySelectorAll('.answer td, .answer th')].flatMap((cell) => {
  const found = [], walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    for (const word of node.data.matchAll(/\p{L}+/gu)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map((one) => Math.round(one.top))).size > 1) found.push(word[0]);
    }
  return found;
})
"""


@pytest.mark.slow
@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.long)])
def test_answers_fit_on_a_phone_without_broken_words(folder: Path, browser: Any, every: int) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    files = [*folder.glob("es/questions/*.html"), *folder.glob("questions/*.html")]
    assert len(files) >= len(QUESTIONS) * 5 / 4
    files = files[::every]
    for file in files:
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), file.name
        assert page.evaluate(_BROKEN) == [], file.name
        assert page.locator(".answer").evaluate("box => box.scrollWidth <= box.clientWidth"), file.name
    page.close()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_theme_switch_names_the_other_theme(site: str, browser: Any, scheme: str) -> None:
    page = browser.new_page(locale="es", color_scheme=scheme)
    words = {"light": "Claro", "dark": "Oscuro"}
    other = {"light": "dark", "dark": "light"}
    for path in ("/questions", "/ownership"):
        page.goto(site + path)
        page.evaluate("localStorage.clear()")
        page.reload()
        switch, now = page.locator("#theme"), scheme
        for _ in range(3):
            shown = {one for one in words.values() if switch.get_by_text(one, exact=True).is_visible()}
            assert shown == {words[other[now]]}, (path, now)
            assert page.get_by_role("button", name=words[other[now]], exact=True).count() == 1
            assert switch.get_attribute("aria-pressed") is None and switch.get_attribute("title") == "Tema"
            switch.click()
            now = other[now]
            assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == now
    page.close()


@pytest.mark.parametrize(("language", "shown"), [("en", "Block 8"), ("es", "Lote 8")])
def test_form_shows_labels_and_accepts_them(sources: KnowledgeGraph, language: str, shown: str) -> None:
    arguments = {"language": language, "name": "who-owns", "values": {}, "sources": []}
    by_id, again, wrong = (
        str(make_page(sources, "question", arguments | {"values": values})[2])
        for values in ({"asset": "block-8"}, {"asset": shown}, {"asset": "Blok 8"})
    )
    field = f'<input name="asset" value="{shown}">'
    assert field in by_id and field in again and 'value="Blok 8"' in wrong
    assert by_id.split("<tbody>")[1] == again.split("<tbody>")[1].replace("asset=Lote+8", "asset=block-8").replace(
        "asset=Block+8", "asset=block-8"
    )


def test_default_that_only_other_sources_mention_is_a_message_on_the_page(sources: KnowledgeGraph) -> None:
    """GEM does not mention China, the default of this question; the site of GEM alone has the page, too."""
    gem = sources.only("gem")
    for static in (False, True):
        frame = make_frame(gem, {"language": "en", "here": "ask/agreement-dates"})
        frame = replace(frame, addresses=replace(frame.addresses, static=static))
        answer = answer_question(gem, {"name": "agreement-dates", "values": {}, "sources": []})
        assert "is not in" in str(answer.problem) and "choose the source" in render_question(gem, frame, answer)


def test_static_page_of_a_long_answer_has_the_command_for_all_rows(sources: KnowledgeGraph) -> None:
    answer = answer_question(sources, {"name": "who-owns", "values": {"asset": "Block 8"}, "sources": []})
    frame = replace(
        make_frame(sources, {"language": "en"}), addresses=Addresses(here="questions/who-owns", static=True)
    )
    assert "<code>pag ask who-owns -p &#39;asset=Block 8&#39;</code>" in render_question(sources, frame, answer, 2)
    assert "pag ask" not in render_question(sources, frame, answer, 100)


def test_page_of_a_code_is_in_one_language(sources: KnowledgeGraph) -> None:
    page = str(make_page(sources, "thing", {"language": "es", "iri": f"{CODE}status/signed"})[2])
    assert "<td>definición</td>" in page and "Código" in page and "oncept" not in page.split("Para programas")[0]


def test_dated_events_are_named_in_the_language_of_the_page(sources: KnowledgeGraph) -> None:
    """Names as in translations.csv; dates of the signing as in events.csv."""
    for language, told in (
        ("es", "abr 2013: El Perú y China firman once convenios"),
        ("en", "Apr 2013: Peru and China sign eleven accords"),
    ):
        table = make_table(
            sources, make_frame(sources, {"language": language}), sources.ask("signed-with", country="China"), 100
        )
        place = [name for name, _ in table["columns"]].index("events")
        assert told in [piece.text for row in table["rows"] for piece in row[place].pieces]


def test_an_emptied_field_is_not_filled_with_the_example(sources: KnowledgeGraph) -> None:
    for language, said in (("en", "Fill in the field “asset”."), ("es", "Complete el campo «activo».")):
        asked = {"name": "who-owns", "values": {"asset": ""}, "sources": [], "language": language}
        status, _, page = make_page(sources, "question", asked)
        assert status == 400 and f'<p class="failure" lang="{language}">{said}</p>' in str(page)
        assert '<input name="asset" value="">' in str(page) and "<tbody>" not in str(page)
    # A parameter may be left open if "all" is its default.
    answer = answer_question(sources, {"name": "unconfirmed", "values": {"certainty": ""}, "sources": []})
    assert answer.shown == {"certainty": "all"} and answer.rows is not None


def failure_of(kg: KnowledgeGraph, page: str, **given: object) -> str:
    """Return the failure that a Spanish page shows, with its language if that is not Spanish."""
    status, _, html = make_page(kg, page, {"sources": [], "values": {}, "language": "es", **given})
    found = re.search(r'<p class="failure" lang="(\w+)">(.*?)</p>', str(html))
    assert status == 400 and found, html
    return found[2] if found[1] == "es" else f"{found[1]}: {found[2]}"


def test_what_a_reader_may_get_wrong_is_reported_in_the_language_of_the_page(sources: KnowledgeGraph) -> None:
    def ask(question: str, sources_named: tuple[str, ...] = (), repeated: tuple[str, ...] = (), **values: str) -> str:
        asked = {"name": question, "values": values, "repeated": repeated, "sources": sources_named}
        return failure_of(sources, "question", **asked)

    classes = "Clases admitidas: Proyecto, Yacimiento mineral, Organización."
    assert ask("who-owns", asset="Peru").startswith(
        f"«Perú» no puede ser el valor de «activo»: su clase es Estado. {classes} Nombres parecidos: "
    )
    assert ask("who-owns", asset="Camisea", sources_named=("gem",)).endswith("PlusPetrol Camisea S.A.")
    assert ask("who-owns", asset="Mina Justa", sources_named=("zzz",)) == "Ninguna fuente se llama «zzz»."
    assert ask("who-owns", asset="Block 8", foo="1") == "Esta pregunta no tiene el campo «foo»."
    assert ask("who-owns", asset="a", repeated=("asset",)) == (
        "El campo «activo» aparece más de una vez; admite un solo valor."
    )  # fmt: skip
    told = ask("who-owns", asset="Quellaveco", sources_named=("un-votes",))
    assert told == "«Quellaveco» no está en UN votes; elija otra fuente: Sanborn &amp; Yong, USGS 2008."
    assert ask("differences", kind="zzz").startswith("«zzz» no es uno de los valores de este campo")
    assert ask("effective-owners", asset="Block 8", year="1850").startswith(
        "No hay participaciones calculadas para 1850"
    )
    assert ask("effective-owners", asset="Block 8", year="abc").startswith("«abc» no es un año, un mes ni un día")
    assert ask("biggest-investments", most="x").startswith("«x» no es un número de filas")
    for given in ({"other": "CNPC"}, {"other": "Peru", "depth": "x"}, {"other": "Peru", "depth": "99"}):
        assert not failure_of(sources, "between", one="CNPC", **given).startswith("en: ")
    # In English, without the options of the command line.
    asked = {"name": "who-owns", "values": {"asset": "Peru"}, "sources": [], "language": "en"}
    assert "pag ask" not in re.findall(r'<p class="failure".*?</p>', str(make_page(sources, "question", asked)[2]))[0]


def test_notes_on_chains_and_on_parts_are_in_the_language_of_the_page(sources: KnowledgeGraph) -> None:
    frame = make_frame(sources, {"language": "es"})
    notes = list(sources.between("CNPC", "Peru", 4).notes) + list(sources.between("CNPC", "Ajinomoto", 1).notes)
    told = [note_in_words(frame, note, sources) for note in notes]
    assert len(told) >= 4 and not [text for text, language in told if language]
    assert "Corea del Sur, Acuerdo comercial" in " ".join(text for text, _ in told)
    (note,) = sources.ask("who-owns", asset="Block 6").notes
    told_part = note_in_words(frame, note, sources)
    assert told_part == (
        "Lote 6: así se entiende el nombre; también se llama Block 6 / 7: Lote 7; es parte de Lote VI/VII", ""
    )  # fmt: skip


def test_every_message_is_one_of_the_program(sources: KnowledgeGraph) -> None:
    """A message reworded in the code has no translation; a variable part misspelt in one would fail on the page."""
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "src").rglob("*.py")]
    texts = [node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    written = "\n".join(text for text in texts if isinstance(text, str))
    spanish = make_frame(sources, {"language": "es"})
    for language, messages in json.loads((FOLDER / "messages.json").read_text("utf-8")).items():
        for key, text in messages.items():
            message = key.removeprefix("message.")
            parts = set(re.findall(r"{(\w+)}", key))
            assert set(re.findall(r"{(\w+)}", text)) <= parts, (language, key)
            filled = message.format(**dict.fromkeys(parts, "cnpc"))
            assert message_in_words(spanish, filled, sources)[1] == "", key
            # "step" or "steps", and remedies, are added in the code.
            pieces = re.split(r"{\w+}|[.;] |(?: 1)? steps?", message)
            assert not [piece for piece in pieces if piece not in written], key


def test_fields_show_codes_by_their_labels_and_open_ones_empty(sources: KnowledgeGraph) -> None:
    asked = {"name": "differences", "values": {}, "sources": [], "language": "es"}
    page = str(make_page(sources, "question", asked)[2])
    assert '<input name="kind" value="otro valor" list="codes-kind">' in page
    assert '<option value="otra fecha">' in page and 'value="date"' not in page
    same = str(make_page(sources, "question", {**asked, "values": {"kind": "otro valor"}})[2])
    assert "Columnas sin valor" in same and '<p class="failure"' not in same
    opened = str(make_page(sources, "question", {**asked, "name": "unconfirmed"})[2])
    assert '<input name="certainty" value="" placeholder="cualquiera" list="codes-certainty">' in opened


def test_an_unknown_name_is_reported_in_the_language_of_the_page(sources: KnowledgeGraph) -> None:
    for name, given in (("question", {"name": "who-owns", "values": {"asset": "Antamin"}}),
                        ("between", {"one": "Antamin", "other": "China"})):  # fmt: skip
        status, _, page = make_page(sources, name, {"sources": [], "language": "es", **given})
        told = "Nada se llama «Antamin». Nombres parecidos: Antamina."
        assert status == 400 and f'<p class="failure" lang="es">{told}</p>' in str(page)


def test_a_thing_of_a_wrong_kind_is_reported_in_the_language_of_the_page(sources: KnowledgeGraph) -> None:
    asked = {"name": "who-signed", "values": {"agreement": "China"}, "sources": [], "language": "es"}
    status, _, page = make_page(sources, "question", asked)
    told = "«China» no puede ser el valor de «acuerdo»: su clase es Estado. Clases admitidas: Acuerdo. Nombres "
    assert status == 400 and f'<p class="failure" lang="es">{told}' in str(page)

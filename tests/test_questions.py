"""Every question runs, gives the answer worked out by hand and is found by its words; every term is used by one."""

from __future__ import annotations

import csv
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import peru_asia_graph
from csv_rows import check_rows
from peru_asia_graph.build.reference import read_ontology
from peru_asia_graph.cli import pag
from peru_asia_graph.errors import UnknownName, WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.questions import Question, make_term, read_questions
from peru_asia_graph.rdf.quads import iri
from peru_asia_graph.site.question_search import choose_question, find_questions
from peru_asia_graph.store.results import Result
from peru_asia_graph.vocabulary import ONTOLOGY, PREFIXES, XSD, local

ROOT = Path(__file__).parents[1]
QUESTIONS = read_questions(ROOT / "ontology" / "questions")
# Questions the paper cannot answer.
OTHERS = {"deposits", "positions", "un-votes"}
EXPECTED = ROOT / "tests" / "expected"
# Columns that follow from others, and what rows are sorted by but do not show.
NO_ADDRESS = {
    "caveat",
    "chains",
    "citations",
    "first",
    "line",
    "phase_citations",
    "place",
    "place_citations",
    "statuses",
}


def example_values(question: Question) -> dict[str, str]:
    """Return the parameters of a question's example command."""
    words = shlex.split(question.fields["example"])
    assert words[:3] == ["pag", "ask", question.name]
    following = dict(enumerate(words[1:]))
    pairs = [following[index].partition("=") for index, word in enumerate(words) if word == "-p"]
    pairs += [("year", "=", following[index]) for index, word in enumerate(words) if word == "--year"]
    return {key: value for key, _, value in pairs}


def test_there_are_at_least_forty_questions() -> None:
    assert len(QUESTIONS) >= 40


@pytest.mark.parametrize("name", QUESTIONS)
def test_answer_matches_expected_rows(sources: KnowledgeGraph, kg: KnowledgeGraph, name: str) -> None:
    question = QUESTIONS[name]
    assert question.title and question.fields["description"]
    # Answers come from the paper alone, except for questions about sources and those only another source can answer.
    whole = question.together or name in OTHERS
    answer = (sources if whole else kg).ask(name, **example_values(question))
    lines = (EXPECTED / f"{name}.csv").read_text("utf-8").splitlines()
    partly = lines[0] == "# contains"
    header, *expected = csv.reader(lines[1:] if partly else lines)
    assert expected, "an expectation without rows shows nothing"
    check_rows(answer, header, expected, partly=partly)
    assert unsortable(question, answer) == set()


def unsortable(question: Question, answer: Result) -> set[str]:
    """Return the columns of text by which the answer is sorted without STR: Virtuoso ignores the end of long ones."""
    _, found, order = question.text.rpartition("\nORDER BY")
    strings = (f"{XSD}string", f"{PREFIXES['rdf']}langString")
    texts = {
        name
        for row in answer.rows
        for name, term in zip(answer.variables, row, strict=True)
        if term is not None and term.datatype in strings
    }
    return texts & set(re.findall(r"(?<![(\w])\?(\w+)", order)) if found else set()


@pytest.mark.parametrize("name", QUESTIONS)
def test_rows_cannot_tie(name: str) -> None:
    """The order ends with what rows are grouped by: an address that is not shown, or all columns that may differ."""
    text = QUESTIONS[name].text
    clauses = re.search(
        r"^GROUP BY ([^\n]+(?:\n  [^\n]+)*)\n(?:HAVING[^\n]*\n)?ORDER BY ([^\n]+)\n(?:LIMIT|\Z)", text, re.M
    )
    if clauses is None:
        return
    grouped, sorted_by = (re.findall(r"\?(\w+)", clause) for clause in clauses.groups())
    shown = re.findall(r"\?(\w+)", text.partition("\nWHERE")[0])
    if not {one for one in grouped if one not in shown and one not in NO_ADDRESS} & set(sorted_by):
        assert set(grouped) - set(sorted_by) - NO_ADDRESS == set()


def test_every_expected_file_has_a_question() -> None:
    assert {path.stem for path in EXPECTED.glob("*.csv")} == set(QUESTIONS)


def test_every_ontology_term_is_used_by_a_question() -> None:
    quads = read_ontology(ROOT / "ontology")
    # Collections group the terms by theme.
    themes = {iri(quad.subject) for quad in quads if getattr(quad.object, "value", "").endswith("core#Collection")}
    subjects = {iri(quad.subject) for quad in quads} - themes
    defined = {local(subject) for subject in subjects if subject.startswith(ONTOLOGY)}
    texts = " ".join(question.text for question in QUESTIONS.values())
    assert {name for name in defined if not re.search(rf"pag:{name}(?![\w-])", texts)} == set()


class Nobody:
    """A name index that finds nothing."""

    def find(self, name: str, parameter: str = "") -> str:
        raise UnknownName("thing", name, [])

    def find_code(self, scheme: str, value: str) -> str:
        raise UnknownName("code", value, [])


def test_default_missing_from_the_graph_must_be_given() -> None:
    """The default of `offices` is a minister named in the paper, who is unknown in a user's own project."""
    with pytest.raises(WrongUse, match=r"'offices' needs person here, .* -p person=…") as told:
        QUESTIONS["offices"].fill({}, Nobody())
    assert not isinstance(told.value, UnknownName)
    with pytest.raises(UnknownName, match="no thing is called 'Ana'"):
        QUESTIONS["offices"].fill({"person": "Ana"}, Nobody())


def test_values_cannot_inject_sparql() -> None:
    names = peru_asia_graph.load().names
    assert make_term("text", 'x" } DROP ALL #', names) == '"x\\" } DROP ALL #"'
    for kind, value in [("year", "2012 } #"), ("number", "1) ; DROP"), ("code/phase", "a> ; <b")]:
        with pytest.raises(WrongUse):
            make_term(kind, value, names)


def test_wrong_parameters_are_named_in_the_error(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'asset'"):
        kg.ask("who-owns", aset="Block 8")
    with pytest.raises(UnknownName, match="Did you mean 'who-owns'"):
        kg.ask("who-own")
    with pytest.raises(UnknownName, match="no thing is called"):
        kg.ask("who-owns", asset="Blok 88888")


LASTING = "SELECT ?label ?date ?end { ?e a pag:Event ; rdfs:label ?label ; pag:date ?date ; pag:endDate ?end }"
# Questions that list events, each with parameters that select all the relevant ones.
EVENT_QUESTIONS: list[tuple[str, dict[str, str]]] = [
    *((name, {}) for name in ("acquisitions", "diplomatic-events", "migration-history", "visits")),
    *(("timeline", {"country": country}) for country in ("China", "Japan", "South Korea")),
    *(("events-of", {"who": who}) for who in ("Peru", "China", "Japan", "Coolies")),
    *(("events-of-type", {"type": kind}) for kind in ("trade-shift", "migration", "economic-crisis", "project-plan")),
    *(("events-at-place", {"place": place}) for place in ("peru", "japan", "latin-america")),
    ("events-in-years", {"from": "1000", "to": "2999"}),
    ("diplomatic-relations", {"country": "Peru"}),
]


@pytest.mark.parametrize(("name", "values"), EVENT_QUESTIONS)
def test_event_period_shows_both_ends(kg: KnowledgeGraph, name: str, values: dict[str, str]) -> None:
    ends = {str(row["label"]): (str(row["date"]), str(row["end"])) for row in kg.query(LASTING)}
    assert ends["China overtakes Japan among Asian buyers of Peruvian exports"] == ("1990", "2011")
    for row in kg.ask(name, **values):
        if row["event"] in ends:
            assert (str(row["date"]), str(row["end_date"])) == ends[str(row["event"])]
        else:
            assert row["end_date"] is None
        assert (row["when"] is None) == (row["date"] is None)


def test_all_events_with_an_end_are_listed(kg: KnowledgeGraph) -> None:
    listed = {str(row["event"]) for name, values in EVENT_QUESTIONS for row in kg.ask(name, **values)}
    assert {str(row["label"]) for row in kg.query(LASTING)} <= listed


def test_event_and_participant_cards_show_both_ends(kg: KnowledgeGraph) -> None:
    assert "1849 to 1874" in kg.show("coolie-migration").render("text")
    assert "1990 to 2011" in kg.show("Japan").render("text")
    assert "by 2011" in kg.show("china-replaces-united-states").render("text")


@pytest.mark.parametrize(
    ("first", "last", "event", "certain"),
    [
        ("1990", "1990", "China overtakes Japan among Asian buyers of Peruvian exports", "true"),
        ("2000", "2000", "China overtakes Japan among Asian buyers of Peruvian exports", "true"),
        ("2012", "2012", "China overtakes Japan among Asian buyers of Peruvian exports", None),
        ("2000", "2000", "China replaces the United States as Peru's main trading partner", "not known"),
        ("2011", "2011", "China replaces the United States as Peru's main trading partner", "possible"),
        ("2012", "2012", "China replaces the United States as Peru's main trading partner", None),
        ("1909", "1909", "Free immigration", "true"),
        ("1908", "1908", "Free immigration", "not known"),
        ("1910", "1910", "Free immigration", None),
        ("1963", "1963", "Peru–Japan relations improve", "possible"),
        ("1960", "1969", "Peru–Japan relations improve", "true"),
        ("2010", "2010", "Mitsui & Co. buys 25 % of Bayovar from Vale", "possible"),
        ("2012-05", "2012-05", "Ollanta Humala visits Seoul", "true"),
        ("2012-05-14", "2012-05-14", "Ollanta Humala visits Seoul", "possible"),
        ("2012-06", "2012-12", "Ollanta Humala visits Seoul", None),
        ("2012", "2012", "Chinese investment through new concessions and takeovers of junior firms", "true"),
        ("2014", "2014", "Chinese investment through new concessions and takeovers of junior firms", "not known"),
        ("2015", "2015", "Expected start of operation at Mina Justa", "possible"),
    ],
)
def test_certain_and_possible_are_distinguished(
    kg: KnowledgeGraph, first: str, last: str, event: str, certain: str | None
) -> None:
    rows = {row["event"]: row["certain"] for row in kg.ask("events-in-years", **{"from": first, "to": last})}
    assert rows.get(event) == certain


def test_stakes_in_a_given_month(kg: KnowledgeGraph) -> None:
    """Table 7: CST held 70 % of Mina Justa until some unstated month of 2012; p. 26: Hierro Peru, 1992."""

    def held(year: str) -> dict[tuple[str, str], str]:
        return {(str(row["owner"]), str(row["owned"])): str(row["held"]) for row in kg.ask("stakes-in-year", year=year)}

    cst, shougang = ("CST Mining Group Limited", "Mina Justa"), ("Shougang Group", "Hierro Peru")
    assert [held(year)[cst] for year in ("2011", "2012", "2012-05", "2013-01")] == [
        "not known", "true", "not known", "false",
    ]  # fmt: skip
    assert [held(year)[shougang] for year in ("1991-12", "1992-05", "1992", "1993-01", "2013-05-08", "2014")] == [
        "false", "not known", "true", "true", "true", "not known",
    ]  # fmt: skip
    with pytest.raises(WrongUse, match="'spring' is not a year, month or day"):
        kg.ask("stakes-in-year", year="spring")


def test_operating_mine_is_distinguished_from_planned_ones(kg: KnowledgeGraph) -> None:
    """p. 8 and p. 27: one Chinese mine operates, Shougang Hierro Perú; Tables 5 and 6: two are to start later."""
    rows = {row["project"]: (row["now"], row["when"]) for row in kg.ask("projects-by-phase", phase="operation")}
    assert rows == {
        "Shougang Hierro Peru": ("true", None),
        "Marcona mine": ("possible", None),
        "Mina Justa": ("false", "from 2015"),
        "Quellaveco": ("false", "from 2016"),
    }


def test_shares_are_not_mixed_with_amounts(kg: KnowledgeGraph) -> None:
    """Table 2 gives eight sectors in percent for each of four partners; its last row, all sectors, is in dollars."""
    rows = kg.ask("exports-compared")
    assert len(rows) == 8 * 4
    assert max(float(str(row["y2011"])) for row in rows) == 78.5  # mining and oil exports to China


def test_fact_counts_behind_a_source_match_the_listed_facts(kg: KnowledgeGraph) -> None:
    """Table 5, Bayovar: the purchase, 1 finding, 3 participations in the purchase, 2 stakes and 1 investment.

    The other eight are relations: 2 home states, 2 sectors, place, commodity, seller, a firm suspected to be the same.
    """
    counted = {row["citations"]: row["facts"] for row in kg.ask("source-backs", source="Reuters")}
    assert counted["Table 5, row Bayovar (p. 23)"] == 16
    for source in ("Reuters", "Andina", "Doosan water plants"):
        listed = [str(row["citations"]).split("; ") for row in kg.ask("source-facts", source=source)]
        for place, count in ((row["citations"], row["facts"]) for row in kg.ask("source-backs", source=source)):
            assert count == sum(place in places for places in listed)


def test_participation_is_counted_once(kg: KnowledgeGraph) -> None:
    """CNPC has 4 stakes, 13 relations, 4 participations and 6 investments; its events are not counted again."""
    named = {row["actor"]: row["facts"] for row in kg.ask("most-named", most=30)}
    assert named["China National Petroleum Corporation"] == 4 + 13 + 4 + 6
    assert named["Chinalco"] == 1 + 7 + 4 + 2


@pytest.mark.parametrize("year", ["1850", "1850-05"])
def test_year_without_computed_shares_lists_the_years_that_have_them(kg: KnowledgeGraph, year: str) -> None:
    """The last year the paper mentions is 2013."""
    with pytest.raises(WrongUse, match=r"no shares are computed for 1850; years: .*2013\. For any year: pag owners"):
        kg.ask("effective-owners", asset="Antamina", year=year)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("who owns Antamina", "who-owns"),
        ("Who owns Block 8?", "who-owns"),
        ("dueños del Lote 8", "who-owns"),
        ("what does CNPC own", "stakes-of-country"),
        ("¿Quién es dueño de Toromocho?", "who-owns"),
        ("visitas", "visits"),
        ("what happened in 1990", "events-in-years"),
        ("how much does Peru import from China", "trade-values"),
        ("gold grade", "deposits"),
        ("votos con Japón", "un-votes"),
        ("CONCESIONES", "concessions"),
        ("diferencias entre fuentes", "differences"),
    ],
)
def test_free_text_finds_a_question(words: str, name: str) -> None:
    assert find_questions(QUESTIONS, words).questions[0].name == name
    with pytest.raises(UnknownName, match=f"Did you mean '{name}'.* For example: pag ask {name}"):
        choose_question(QUESTIONS, words)


def test_exact_name_matches_and_nonsense_matches_nothing() -> None:
    assert choose_question(QUESTIONS, "visits").name == "visits"
    assert not find_questions(QUESTIONS, "zzz").questions
    with pytest.raises(UnknownName, match=r"no question is called 'zzz'\. List them: pag questions"):
        choose_question(QUESTIONS, "zzz")


def test_commands_search_by_free_text() -> None:
    assert "concessions " in CliRunner().invoke(pag, ["questions", "concesiones"]).output
    assert CliRunner().invoke(pag, ["questions", "votes", "like", "China"]).stdout.startswith("un-votes ")
    misspelt = CliRunner().invoke(pag, ["questions", "vissits"])
    assert misspelt.stdout.startswith("visits ") and "no question fits 'vissits'" in misspelt.stderr
    unknown = CliRunner().invoke(pag, ["questions", "lithium"]).exception
    assert str(unknown).startswith("no question fits 'lithium'. List them: pag questions.")
    done = CliRunner().invoke(pag, ["ask", "who owns Antamina"])
    assert isinstance(done.exception, UnknownName) and "'who-owns'" in str(done.exception)


def test_titles_are_wrapped_at_the_width_of_the_terminal() -> None:
    reader, writer = os.openpty()
    command = [sys.executable, "-m", "peru_asia_graph", "questions", "deposits"]
    subprocess.run(command, stdout=writer, check=True, env={**os.environ, "COLUMNS": "60"})
    lines = os.read(reader, 4096).decode().splitlines()
    os.close(reader)
    os.close(writer)
    assert max(map(len, lines)) <= 60 and lines[1].startswith(" " * 29)
    assert max(map(len, CliRunner().invoke(pag, ["questions", "deposits"]).output.splitlines())) > 100

"""Every question runs and answers as worked out by hand from the paper; every term of the ontology serves one."""

from __future__ import annotations

import csv
import re
import shlex
from pathlib import Path

import pytest

import peru_asia_graph
from peru_asia_graph.build.reference import read_ontology
from peru_asia_graph.errors import UnknownName, WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.questions import Question, make_term, read_questions
from peru_asia_graph.query.render import text
from peru_asia_graph.rdf.quads import iri
from peru_asia_graph.vocabulary import ONTOLOGY, local

ROOT = Path(__file__).parents[1]
QUESTIONS = read_questions(ROOT / "ontology" / "questions")
EXPECTED = ROOT / "tests" / "expected"


def example_values(question: Question) -> dict[str, str]:
    """Return the parameters of a question's example command."""
    words = shlex.split(question.fields["example"])
    assert words[:3] == ["pag", "ask", question.name]
    following = dict(enumerate(words[1:]))
    pairs = [following[index].partition("=") for index, word in enumerate(words) if word == "-p"]
    pairs += [("year", "=", following[index]) for index, word in enumerate(words) if word == "--year"]
    return {key: value for key, _, value in pairs}


def test_there_are_at_least_forty() -> None:
    assert len(QUESTIONS) >= 40


@pytest.mark.parametrize("name", QUESTIONS)
def test_answer_is_the_one_worked_out_by_hand(kg: KnowledgeGraph, name: str) -> None:
    question = QUESTIONS[name]
    assert question.title and question.fields["description"]
    answer = kg.ask(name, **example_values(question))
    lines = (EXPECTED / f"{name}.csv").read_text("utf-8").splitlines()
    partly = lines[0] == "# contains"
    header, *expected = csv.reader(lines[1:] if partly else lines)
    columns = [list(answer.variables).index(column) for column in header]
    rows = [[text(row[column]) for column in columns] for row in answer.table()]
    assert expected, "an expectation without rows shows nothing"
    if partly:
        assert [row for row in expected if row not in rows] == []
    else:
        assert sorted(rows) == sorted(expected)


def test_every_expectation_has_a_question() -> None:
    assert {path.stem for path in EXPECTED.glob("*.csv")} == set(QUESTIONS)


def test_every_term_of_the_ontology_serves_a_question() -> None:
    subjects = {iri(quad.subject) for quad in read_ontology(ROOT / "ontology")}
    defined = {local(subject) for subject in subjects if subject.startswith(ONTOLOGY)}
    texts = " ".join(question.text for question in QUESTIONS.values())
    assert {name for name in defined if not re.search(rf"pag:{name}(?![\w-])", texts)} == set()


def test_values_cannot_change_a_query() -> None:
    names = peru_asia_graph.load().names
    assert make_term("text", 'x" } DROP ALL #', names) == '"x\\" } DROP ALL #"'
    for kind, value in [("year", "2012 } #"), ("number", "1) ; DROP"), ("code/phase", "a> ; <b")]:
        with pytest.raises(WrongUse):
            make_term(kind, value, names)


def test_wrong_parameters_are_named(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'asset'"):
        kg.ask("who-owns", aset="Block 8")
    with pytest.raises(UnknownName, match="Did you mean 'who-owns'"):
        kg.ask("who-own")
    with pytest.raises(UnknownName, match="no thing is called"):
        kg.ask("who-owns", asset="Blok 88888")

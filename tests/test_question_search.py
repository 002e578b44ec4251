"""Searching questions with free text in English and Spanish."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from peru_asia_graph.cli import pag
from peru_asia_graph.errors import UnknownName
from peru_asia_graph.query.questions import read_questions
from peru_asia_graph.site.question_search import choose_question, find_questions

QUESTIONS = read_questions(Path(__file__).parents[1] / "ontology" / "questions")


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

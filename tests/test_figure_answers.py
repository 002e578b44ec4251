"""Questions about figures and investments with non-default parameters; the expected answers were worked out by hand."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest

from csv_rows import check_rows
from peru_asia_graph.errors import UnknownName
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.render import render, text

CASES: Final = tomllib.loads((Path(__file__).parent / "expected/figures.toml").read_text("utf-8"))["case"]


def name_of(case: dict[str, Any]) -> str:
    """Return the question and its parameters as a test id."""
    return "-".join([case["question"], *case.get("parameters", {}).values()])


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_answer_matches_the_paper(kg: KnowledgeGraph, case: dict[str, Any]) -> None:
    header, *expected = csv.reader(case["rows"].splitlines())
    answer = kg.ask(case["question"], **case.get("parameters", {}))
    check_rows(answer, header, expected, partly=bool(case.get("some")))


def test_every_rank_names_the_ranked_thing_and_the_scope(kg: KnowledgeGraph) -> None:
    answer = kg.ask("ranks")
    ranked, scope = (list(answer.variables).index(name) for name in ("ranked", "scope"))
    assert [row for row in answer.table() if row[ranked] is None or row[scope] is None] == []


def test_rank_labels_are_unique(kg: KnowledgeGraph) -> None:
    found = kg.query("SELECT ?label WHERE { ?figure pag:ranked ?who ; rdfs:label ?label }")
    labels = [text(row[0]) for row in found.table()]
    assert len(labels) == len(set(labels)) == 36
    assert "Peru: rank among receivers of Japanese foreign direct investment in Latin America, 196X" in labels


@pytest.mark.parametrize("question", ["investments-by-country", "investments-by-sector", "investments-by-status"])
def test_sums_carry_their_caveat_in_every_format(kg: KnowledgeGraph, question: str) -> None:
    answer = kg.ask(question)
    # The terminal table wraps the caveat after a few words.
    assert "caveat" in render(answer, "table")
    written = [render(answer, form) for form in ("csv", "tsv", "json", "jsonl", "markdown")]
    for form in (*written, answer._repr_html_(), answer.to_pandas().to_csv()):
        assert "not the money invested" in form


def test_all_is_accepted_only_where_it_is_the_default(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName):
        kg.ask("who-invests-in", project="all")

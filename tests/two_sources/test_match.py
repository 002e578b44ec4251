"""Suggestions of matches, and the review that records what a person decides."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from peru_asia_graph.build.match import read_suggestions
from peru_asia_graph.cli import pag
from peru_asia_graph.paths import Project
from peru_asia_graph.sources.suggestions import numbers, plain_name
from two_sources import build_in, same, source, write_source

FIRST = {
    "cnpc": ("Firm", "CNPC"), "hierro": ("Firm", "Shougang Hierro Peru"), "six": ("HydrocarbonBlock", "Block 6"),
    "state": ("State", "Norte"), "teck": ("Firm", "Teck Resources"),
}  # fmt: skip
SECOND = {
    "b-hierro": ("Firm", "Shougang Hierro Perú S.A.A."), "b-56": ("HydrocarbonBlock", "Block 56"),
    "b-six": ("HydrocarbonBlock", "Block 6 (Peru)"), "b-norte": ("Firm", "Norte"),
    "b-teck": ("Firm", "Resources Teck Ltd"),
}  # fmt: skip


def project(root: Path, *matches: dict[str, str]) -> Project:
    """Write two sources, the second with a table of matches."""
    write_source(root, "alpha", source("alpha", FIRST), date="2013", position=1)
    rows = matches or (same("b-56", "six", modifier="Not"),)
    write_source(root, "beta", source("beta", SECOND, matches=list(rows)), date="2020", position=2)
    return Project(root)


def test_names_alike_are_suggested_and_other_numbers_or_kinds_are_not(tmp_path: Path) -> None:
    found = {(one.one.id, one.other.id): one for one in read_suggestions(project(tmp_path))}
    assert ("b-hierro", "hierro") in found
    assert ("b-six", "six") in found
    assert found["b-hierro", "hierro"].reason == "the same name but for legal form, accents or punctuation"
    assert found["b-teck", "teck"].reason == "the same words in another order"
    assert not {("b-56", "six"), ("b-norte", "state")} & found.keys()


def test_what_was_judged_is_not_suggested_again(tmp_path: Path) -> None:
    judged = project(tmp_path, same("b-hierro", "hierro"), same("b-six", "six", modifier="Not"))
    assert not {"b-hierro", "b-six"} & {one.one.id for one in read_suggestions(judged)}


def test_what_follows_from_judgements_is_not_suggested_again(tmp_path: Path) -> None:
    """Two sources matched with the same thing of a first are matched with one another; so are things told apart."""
    root = project(tmp_path, same("b-hierro", "hierro"), same("b-six", "six", modifier="Not")).root
    third = {"c-hierro": ("Firm", "Shougang Hierro Peru"), "c-six": ("HydrocarbonBlock", "Block 6")}
    judged = [same("c-hierro", "hierro"), same("c-six", "six")]
    write_source(root, "gamma", source("gamma", third, matches=judged), date="2021", position=3)
    pairs = {(one.one.id, one.other.id) for one in read_suggestions(Project(root))}
    assert not {("c-hierro", "b-hierro"), ("c-six", "b-six"), ("c-six", "six")} & pairs


def test_a_score_alone_merges_nothing(tmp_path: Path) -> None:
    project(tmp_path)
    graph = build_in(tmp_path)[0]
    assert graph.query("ASK { id:b-hierro a pag:Firm }") and graph.query("ASK { id:hierro a pag:Firm }")


def test_review_records_what_a_person_decides(tmp_path: Path) -> None:
    project(tmp_path)
    suggested = [one.one.id for one in read_suggestions(Project(tmp_path))]
    answers = {"b-hierro": "same", "b-six": "different"}
    typed = "".join(f"{answers.get(one, 'skip')}\n" for one in suggested)
    arguments = ["match", "--review", "--author", "A. Reader", "--project", str(tmp_path)]
    result = CliRunner().invoke(pag, arguments, input=typed, catch_exceptions=False)
    assert "data/beta/matches.csv: 2 rows added" in result.output + (result.stderr or "")
    text = (tmp_path / "data/beta/matches.csv").read_text("utf-8")
    assert "b-hierro--same--hierro,id:b-hierro,skos:exactMatch,,id:hierro" in text
    assert "id:b-six,skos:exactMatch,Not,id:six" in text and "A. Reader" in text
    graph = build_in(tmp_path)[0]
    assert graph.names.find("Shougang Hierro Perú S.A.A.") == "hierro"
    assert graph.names.find("Block 6 (Peru)") == "b-six"


def test_plain_names() -> None:
    assert plain_name("PETRÓLEOS DEL PERÚ") == "petroleos"
    assert plain_name("Peru") == "peru"
    assert numbers("Block Z-2B") == numbers("block z 2b")


def test_without_rapidfuzz_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "rapidfuzz", None)
    arguments = ["match", "--project", str(project(tmp_path).root)]
    result = CliRunner().invoke(pag, arguments)
    assert result.exit_code and "peru-asia-graph[match]" in str(result.exception)

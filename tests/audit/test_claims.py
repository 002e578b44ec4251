"""Verdicts on the paper's claims, against values worked out by hand from the printed numbers."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from csv_rows import read_csv
from peru_asia_graph.audit import Verdict
from peru_asia_graph.audit.formula import CONSTANTS
from peru_asia_graph.audit.report import explain_claim, reading_of, summary, to_text, unexpected
from peru_asia_graph.audit.verdicts import WORST_FIRST
from peru_asia_graph.cli import pag
from peru_asia_graph.errors import UnknownName
from peru_asia_graph.graph import KnowledgeGraph

ROOT = Path(__file__).parents[2]
BY_HAND = read_csv(ROOT / "tests" / "expected_claims.csv")


@pytest.fixture(scope="module")
def verdicts(kg: KnowledgeGraph) -> list[Verdict]:
    return kg.audit()


def test_at_least_sixty_claims_are_recomputed(verdicts: list[Verdict]) -> None:
    assert sum(one.recomputed is not None for one in verdicts) >= 60


def test_values_and_verdicts_match_those_worked_out_by_hand(verdicts: list[Verdict]) -> None:
    found = {one.id: one for one in verdicts}
    assert found.keys() == {row["id"] for row in BY_HAND}
    wrong = []
    for row in BY_HAND:
        one = found[row["id"]]
        point = None if one.recomputed is None else one.recomputed.point
        by_hand = Decimal(row["recomputed"]) if row["recomputed"] else None
        same = point == by_hand or (point and by_hand is not None and abs(point - by_hand) <= Decimal("0.005"))
        if not same or one.verdict != row["verdict"]:
            wrong.append((row, point, one.verdict))
    assert wrong == []
    assert unexpected(verdicts) == []


def test_worst_verdicts_come_first(verdicts: list[Verdict]) -> None:
    places = [WORST_FIRST.index(one.verdict) for one in verdicts]
    assert places == sorted(places)


def test_formulas_contain_no_literal_figures(verdicts: list[Verdict]) -> None:
    for one in verdicts:
        for text in (one.claim["formula"], one.claim["reading_formula"]):
            numbers = re.findall(r"(?<![\w.-])\d+(?:\.\d+)?(?![\w-])", re.sub(r'"[^"]*"', "", str(text or "")))
            assert {int(number) for number in numbers} <= set(CONSTANTS)


def test_graph_has_verdicts_and_their_inputs(kg: KnowledgeGraph, verdicts: list[Verdict]) -> None:
    answer = kg.query("SELECT ?c ?v ?n { ?c a pag:Claim ; pag:verdict ?v OPTIONAL { ?c pag:recomputed ?n } }")
    graph = {str(row["c"]): (str(row["v"]), row["n"]) for row in answer}
    assert {slug: verdict for slug, (verdict, _) in graph.items()} == {one.id: one.verdict for one in verdicts}
    lacking = kg.query("""SELECT ?c { ?c a pag:Claim ; pag:recomputed ?n ; pag:formula ?f
        FILTER(!CONTAINS(?f, "count(") && !CONTAINS(?f, "answers(") && !CONTAINS(?f, "years("))
        FILTER NOT EXISTS { ?c ^pag:verdictOn/prov:wasDerivedFrom ?input } }""")
    assert list(lacking) == []


def test_unexpected_verdicts_are_listed(verdicts: list[Verdict]) -> None:
    one = verdicts[0]
    changed = Verdict({**one.claim, "recorded": "holds"}, one.stated, one.unit, one.qualifier, one.verdict)
    assert unexpected([changed]) == [f"{one.id}: {one.verdict}, recorded: holds"]


def test_note_is_shown_only_for_claims_that_cannot_be_checked(verdicts: list[Verdict]) -> None:
    claim = {**verdicts[0].claim, "note": "a remark", "reading": "read so"}
    told = {
        kind: reading_of(Verdict(claim, Decimal(1), "percent", "exact", kind))
        for kind in ("holds", "holds-under-a-reading", "differs", "cannot-be-checked")
    }
    assert told == {
        "holds": None, "holds-under-a-reading": "read so", "differs": None, "cannot-be-checked": "a remark"
    }  # fmt: skip
    assert reading_of(Verdict({**claim, "note": None}, Decimal(1), "percent", "exact", "cannot-be-checked")) is None


def test_explain_claim(verdicts: list[Verdict]) -> None:
    text = explain_claim(verdicts, "claim-t6-block-8-sum")
    assert "recomputed: 99.9" in text and "based on: pluspetrol-norte-in-block-8" in text and "reading" not in text
    with pytest.raises(UnknownName, match="claim"):
        explain_claim(verdicts, "claim-t6-block-8")


def test_audit_command_formats(verdicts: list[Verdict]) -> None:
    text = CliRunner().invoke(pag, ["audit", "-f", "table"])
    assert text.exit_code == 0 and text.stdout.startswith("Differs (")
    # Page 3 says 13 %, pages 21 and 22 say 23.9 %.
    assert "stated 13 percent, recomputed 23.9 (23.85 to 23.95 given rounding)" in text.stdout
    assert all(len(line) <= 100 for line in to_text(verdicts, 80).splitlines())
    rows = [json.loads(line) for line in CliRunner().invoke(pag, ["audit", "-f", "jsonl"]).stdout.splitlines()]
    assert len(rows) == len(verdicts)
    assert summary(verdicts).startswith(f"{len(BY_HAND)} claims: ")
    assert summary([]) == "0 claims"

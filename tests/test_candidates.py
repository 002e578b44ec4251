"""Matching of foreign names: pairs judged by hand, from the names alone."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import pytest

from csv_rows import read_csv
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.candidates import LEAST, SURE, Candidates, likeness

NAMES = Path(__file__).parent / "expected" / "reconciliation" / "names.csv"
# Judged before any candidates were computed; the matching was developed with the first hundred names in view.
MORE_NAMES = NAMES.with_name("more-names.csv")
UNSURE = "?"


class Pair(NamedTuple):
    """A name from a register, the thing it names (empty: not in the graph), and the candidates found."""

    name: str
    same_as: str
    first: str
    sure: bool
    among: list[str]


@pytest.fixture(scope="module")
def found(sources: KnowledgeGraph, kg: KnowledgeGraph) -> dict[str, list[Pair]]:
    """The pairs of each register; GEM's names are matched with the paper alone, as the whole graph contains them."""
    by_register = {"gem": Candidates(kg.store, kg.names), "gleif": Candidates(sources.store, sources.names)}
    pairs: dict[str, list[Pair]] = {name: [] for name in by_register}
    with NAMES.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["same_as"] == UNSURE:
                continue
            candidates = by_register[row["register"]].find(row["name"])
            best = candidates[0] if candidates else None
            alone = best is not None and [one.score for one in candidates].count(best.score) == 1
            pairs[row["register"]].append(
                Pair(
                    row["name"],
                    row["same_as"],
                    best.slug if best else "",
                    best is not None and alone and best.score >= SURE,
                    [one.slug for one in candidates[:5]],
                )
            )
    return pairs


@pytest.mark.slow
def test_matches_accepted_automatically_are_correct(found: dict[str, list[Pair]]) -> None:
    """The precision of the sure candidates is 1; the remaining true pairs are left to manual review."""
    sure = {register: [pair for pair in pairs if pair.sure] for register, pairs in found.items()}
    assert [pair for pairs in sure.values() for pair in pairs if pair.first != pair.same_as] == []
    assert [len(pairs) for pairs in found.values()] == [50, 50]
    true = {register: sum(bool(pair.same_as) for pair in pairs) for register, pairs in found.items()}
    assert true == {"gem": 22, "gleif": 2}
    assert len(sure["gem"]) >= 13
    assert [pair.name for pair in sure["gleif"]] == ["HUNT OIL COMPANY OF PERU LLC SUCURSAL DEL PERU"]


def test_correct_thing_is_among_the_candidates(found: dict[str, list[Pair]]) -> None:
    """Every true pair is among the five candidates offered for manual review; all but one rank first."""
    true = [pair for pairs in found.values() for pair in pairs if pair.same_as]
    assert [pair.name for pair in true if pair.same_as not in pair.among] == []
    first = [pair.name for pair in true if pair.same_as != pair.first]
    assert first == ["Sapet Development Perú Inc., Sucursal Perú"]


@pytest.mark.slow
def test_fifty_unseen_names(sources: KnowledgeGraph, kg: KnowledgeGraph) -> None:
    """Precision and recall by score threshold, for 8 true pairs among 50 names."""
    graphs = {"gem": kg, "usgs": sources.only("sanborn-yong", "gem"), "gleif": sources}
    by_register = {name: Candidates(graph.store, graph.names) for name, graph in graphs.items()}
    rows = read_csv(MORE_NAMES)
    assert len(rows) == len({row["name"] for row in rows}) == 50
    true = [row for row in rows if row["same_as"]]
    found = {row["name"]: by_register[row["register"]].find(row["name"]) for row in rows}
    assert [row["name"] for row in true if row["same_as"] not in [one.slug for one in found[row["name"]][:5]]] == []

    def rates(score: float) -> tuple[float, float]:
        offered = [row for row in rows if found[row["name"]] and found[row["name"]][0].score >= score]
        right = [row for row in offered if found[row["name"]][0].slug == row["same_as"]]
        return len(right) / len(offered), len(right) / len(true)

    precision, recall = rates(SURE)
    assert precision == 1 and recall >= 0.85
    precision, recall = rates(85)
    assert precision >= 0.85 and recall >= 0.85
    precision, recall = rates(70)
    assert precision >= 0.6 and recall >= 0.85


def test_names_with_different_numbers_never_match(sources: KnowledgeGraph) -> None:
    candidates = Candidates(sources.store, sources.names)
    assert candidates.find("Block 777") == []
    assert "block-6" not in [one.slug for one in candidates.find("Block 56")]


@pytest.mark.parametrize("text", ["block-8", "id:block-8", "https://w3id.org/peru-asia-graph/id/block-8", "BLOCK  8"])
def test_ids_and_names_match_in_every_spelling(sources: KnowledgeGraph, text: str) -> None:
    best = Candidates(sources.store, sources.names).find(text)[0]
    assert (best.slug, best.score) == ("block-8", 100.0)


def test_short_identifiers_are_not_names(sources: KnowledgeGraph) -> None:
    """SK is the code of Slovakia, and not used as a name here."""
    candidates = Candidates(sources.store, sources.names)
    assert all(one.score < SURE for one in candidates.find("PE"))
    assert candidates.named("Q419") == {"peru"}


def test_discrepancies_are_not_candidates(sources: KnowledgeGraph) -> None:
    candidates = Candidates(sources.store, sources.names)
    remarks = {str(row["x"]) for row in sources.query("SELECT ?x { ?x a pag:Discrepancy }")}
    assert remarks
    assert not candidates.labels.keys() & remarks


@pytest.mark.parametrize("text", ["", " ", "\0", "…", "\ud800", "💥", "a" * 1000, "٣", "(((", "-" * 50])
def test_odd_texts_give_only_valid_scores(sources: KnowledgeGraph, text: str) -> None:
    for one in Candidates(sources.store, sources.names).find(text):
        assert LEAST <= one.score <= 100


@pytest.mark.parametrize(
    ("one", "other", "percent"),
    # Twice the number of common letters in the same order, divided by the letters of both.
    [("abcd", "abcd", 100), ("abcd", "bcd", 600 / 7), ("kitten", "sitting", 800 / 13), ("", "a", 0), ("ab", "ba", 50)],
)
def test_likeness(one: str, other: str, percent: float) -> None:
    assert likeness(one, other) == pytest.approx(percent)
    assert likeness(other, one) == pytest.approx(percent)

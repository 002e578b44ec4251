"""Rows of CSV files, and the rows of answers that a test expects."""

from __future__ import annotations

import csv
from pathlib import Path

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.render import text

Row = dict[str, str]


def read_csv(path: Path) -> list[Row]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def check_answer(kg: KnowledgeGraph, question: str, values: dict[str, str], columns: str, expected: list[str]) -> None:
    """Check the cells of an answer in these columns: of all of its rows, or with ``…`` before the columns of some."""
    names = columns.removeprefix("…").split()
    rows = ["|".join(text(row[name]) for name in names) for row in kg.ask(question, **values)]
    if columns.startswith("…"):
        assert [row for row in expected if row not in rows] == []
    else:
        assert sorted(rows) == sorted(expected)

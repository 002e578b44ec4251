"""Rows of CSV files, and expected rows of answers."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.store.results import Result
from peru_asia_graph.store.values import text

Row = dict[str, str]


def read_csv(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def check_answer(kg: KnowledgeGraph, question: str, values: dict[str, str], columns: str, expected: list[str]) -> None:
    """Check the cells of an answer in these columns: all of its rows, or only some if the columns start with ``…``."""
    names, cells = columns.removeprefix("…").split(), [row.split("|") for row in expected]
    check_rows(kg.ask(question, **values), names, cells, partly=columns.startswith("…"))


def check_rows(answer: Result, columns: Sequence[str], expected: list[list[str]], *, partly: bool) -> None:
    """Check the cells of an answer in these columns: all of its rows, or only some if ``partly``."""
    rows = [[text(row[name]) for name in columns] for row in answer]
    if partly:
        assert [row for row in expected if row not in rows] == []
    else:
        assert sorted(rows) == sorted(expected)

"""Public functions and methods called with wrong types return a value or raise an error of this package."""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import peru_asia_graph
from peru_asia_graph import ownership
from peru_asia_graph.errors import PeruAsiaGraphError, WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.ownership import EffectiveShares, Holdings, Share
from peru_asia_graph.query.cards import Card
from peru_asia_graph.store.results import Result
from peru_asia_graph.views.html_view import View

WRONG = [
    None,
    123,
    1.5,
    True,
    b"text",
    "no such thing",
    "",
    [],
    [1],
    {},
    {"a": 1},
    {1},
    object(),
    1j,
    Decimal("NaN"),
    int,
    nx.DiGraph,
    pd.NA,
    pd.DataFrame(),
]
# Plain values created by this package, not by callers.
RECORDS = (EffectiveShares, Share)


def stakes() -> nx.DiGraph[str]:
    """Return a small graph of stakes."""
    return nx.DiGraph([("A", "B", {"share": 60.0}), ("B", "C", {"share": 50.0})])


def right(name: str, function: str, folder: Path) -> Any:
    """Return a valid value for a parameter, by its name."""
    kind = "ownership" if function in ("network", "view") else "nquads"
    values = {
        "where": None, "graph": stakes(), "owner": "A", "asset": "C", "node": "A", "number": 0, "text": "ASK {}",
        "values": {"asset": "Antamina"}, "kind": kind, "before": 2011, "after": 2012, "form": "graphml",
        "path": folder / "page.html",
        "one": "Shougang", "other": "Peru", "question": "who-owns", "parameter": "asset",
        "folder": folder,
        "nodes": ["A", "B"], "owners": [0], "assets": [1], "low": [0.5], "index": 0, "value": {},
    }  # fmt: skip
    if function in ("owners", "holdings", "control", "explain", "derivation", "show"):
        return "CNPC" if name == "owner" else "Block 8"
    if function == "ask":
        return "things"
    if function == "fill" and name == "name":
        return "who-owns"
    if function == "render":
        return "text"
    return values[name]


def functions(kg: KnowledgeGraph) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield every public function of the package and of ``ownership``, and the public methods of their results."""
    for module in (peru_asia_graph, ownership):
        for name in module.__all__:
            if inspect.isfunction(getattr(module, name)):
                yield name, getattr(module, name)
    result, card, view = kg.ask("things"), kg.show("Peru"), peru_asia_graph.draw(stakes())
    for thing in (kg, Holdings.from_graph(stakes()), result, card, view):
        for name, method in inspect.getmembers(thing, callable):
            # Methods that take a function call it, whatever it does.
            if not name.startswith("_") and not hasattr(Sequence, name) and name != "cells":
                yield name, method


def wrong_calls(name: str, function: Callable[..., Any], folder: Path) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    """Yield arguments of which exactly one is wrong."""
    parameters = [
        p for p in inspect.signature(function).parameters.values() if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
    ]
    fixed = {p.name: right(p.name, name, folder) for p in parameters if p.default is p.empty}
    for parameter in parameters:
        # Any value can be used as a boolean.
        for value in WRONG[:2] if parameter.annotation in ("bool", bool) else WRONG:
            given = {**fixed, parameter.name: value}
            first = [given.pop(p.name) for p in parameters if p.kind is p.POSITIONAL_ONLY and p.name in given]
            yield first, given
    if any(p.kind is p.VAR_KEYWORD for p in inspect.signature(function).parameters.values()):
        for value in WRONG:
            yield [], {**fixed, "asset": value}
            yield [], {**fixed, "year": value}
            yield [], {**fixed, "nonsense": value}
    if any(p.kind is p.VAR_POSITIONAL for p in inspect.signature(function).parameters.values()):
        yield from (([value], {}) for value in WRONG)


@pytest.mark.slow
def test_wrong_types_raise_only_package_errors(
    kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    called, found = set(), []
    for name, function in functions(kg):
        called.add(name)
        for arguments, given in wrong_calls(name, function, tmp_path):
            try:
                answer = function(*arguments, **given)
                list(answer if inspect.isgenerator(answer) else [])
            except PeruAsiaGraphError as error:
                assert str(error), name
            except Exception as error:  # noqa: BLE001 escaping exceptions are what is tested
                found.append(f"{name}({arguments}, {given}): {type(error).__name__}: {error}")
    assert found == []
    assert {"load", "draw", "query", "ask", "owners", "ties", "chains", "from_arrays", "to_pandas", "save"} <= called


@pytest.mark.parametrize("year", [2012, "2012", "2012-05", "2012-05-14", np.int64(2012), date(2012, 5, 14), " 2012 "])
def test_year_is_accepted_in_many_forms(kg: KnowledgeGraph, year: Any) -> None:
    assert len(kg.network(year=year)) > 40
    assert kg.owners("Block 8", year)[0]["owner"]
    assert kg.ask("stakes-in-year", year=str(year).strip()[:4])
    assert "2012" in kg.explain("Block 8", year) and kg.diff(year, "2013") is not None
    assert kg.view("ownership", year=year).html


@pytest.mark.parametrize("year", [2012.0, "twelve", [2012], True, None, b"2012", "2012-13", {}])
def test_invalid_years_are_rejected(kg: KnowledgeGraph, year: Any) -> None:
    asked: list[Callable[[], Any]] = [lambda: kg.diff(year, 2012), lambda: kg.diff(2012, year)]
    if year is not None:
        asked += [lambda: kg.network(year=year), lambda: kg.owners("Block 8", year), lambda: kg.view(year=year)]
    for ask in asked:
        with pytest.raises(WrongUse, match="is not a year, month or day"):
            ask()


@pytest.mark.parametrize(
    "text", ["SELECT ?s ?share { ?s pag:sharePercent ?share } ORDER BY ?s", "DESCRIBE id:peru", "ASK {}"]
)
def test_result_is_a_sequence_and_can_be_pickled(kg: KnowledgeGraph, text: str) -> None:
    result = kg.query(text)
    rows = list(result)
    assert isinstance(result, Sequence) and len(result) == len(rows)
    assert [result[place] for place in range(len(rows))] == rows == list(reversed(list(reversed(result))))
    part = result[1:5:2]
    assert isinstance(part, Result) and list(part) == rows[1:5:2] and part.variables == result.variables
    for again in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result), result[:]):
        assert again == result and hash(again) == hash(result) and bool(again) == bool(result)
        assert list(again) == rows and again.table() == result.table()
    if rows:
        assert result[-1] == rows[-1] and rows[-1] in result and result.index(rows[0]) == 0 and result != result[1:]
        with pytest.raises(IndexError):
            result[len(rows)]


def test_result_made_of_values_can_be_pickled(kg: KnowledgeGraph) -> None:
    for result in (kg.owners("Block 8"), kg.ties(commodity="copper"), kg.audit(), kg.show("Peru"), kg.view("trade")):
        again = pickle.loads(pickle.dumps(result))
        assert type(again) is type(result) and repr(again) == repr(result)


def test_cards_and_views_are_public(kg: KnowledgeGraph) -> None:
    assert isinstance(kg.show("Peru"), Card) and isinstance(kg.view("trade"), View)

"""Terms to values, answers to frames and notebooks."""

from __future__ import annotations

from decimal import Decimal

from peru_asia_graph.store.results import Result, Term
from peru_asia_graph.vocabulary import THING, XSD


def number(text: str, kind: str = "decimal") -> Term:
    return Term("literal", text, XSD + kind)


def test_terms_become_python_values() -> None:
    assert number("33.75").python() == Decimal("33.75")
    assert number("28", "positiveInteger").python() == 28
    assert number("true", "boolean").python() is True
    assert number("INF", "double").python() == float("inf")
    assert Term("literal", "2012", XSD + "gYear").python() == "2012"


def test_frames_have_the_right_types() -> None:
    rows = [
        [Term("iri", THING + "block-8"), number("8.3"), number("25", "integer"), number("true", "boolean")],
        [Term("iri", "https://example.org/x"), None, None, None],
    ]
    frame = Result(["thing", "share", "page", "known"], rows).to_pandas()
    assert [str(dtype) for dtype in frame.dtypes] == ["string", "Float64", "Int64", "boolean"]
    assert frame["thing"].tolist() == ["block-8", "https://example.org/x"]
    assert frame["share"].isna().tolist() == [False, True]


def test_a_column_of_several_kinds_keeps_them() -> None:
    frame = Result(["value"], [[number("8.3")], [Term("literal", "half", XSD + "string")]]).to_pandas()
    assert frame["value"].tolist() == [Decimal("8.3"), "half"]


def test_notebook_tables_run_nothing() -> None:
    evil = Term("literal", "<img src=x onerror=alert(1)>", XSD + "string")
    html = Result(["<script>"], [[evil]])._repr_html_()
    assert "<img" not in html and "<script>" not in html and "&lt;img" in html


def test_truth_is_the_answer_of_ask_or_whether_anything_was_found() -> None:
    assert not Result(boolean=False) and Result(boolean=True)
    assert not Result(["a"], []) and Result(["a"], [[None]])

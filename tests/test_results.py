"""Results as Python values, data frames and HTML."""

from __future__ import annotations

from decimal import Decimal

from peru_asia_graph.store.results import Result, Term
from peru_asia_graph.vocabulary import RDFS_LABEL, THING, XSD


def number(text: str, kind: str = "decimal") -> Term:
    return Term("literal", text, XSD + kind)


def test_terms_become_python_values() -> None:
    assert number("33.75").python() == Decimal("33.75")
    assert number("28", "positiveInteger").python() == 28
    assert number("true", "boolean").python() is True
    assert number("INF", "double").python() == float("inf")
    assert Term("literal", "2012", XSD + "gYear").python() == "2012"


def test_frames_have_the_right_dtypes() -> None:
    rows = [
        [Term("iri", THING + "block-8"), number("8.3"), number("25", "integer"), number("true", "boolean")],
        [Term("iri", "https://example.org/x"), None, None, None],
    ]
    frame = Result(["thing", "share", "page", "known"], rows).to_pandas()
    assert [str(dtype) for dtype in frame.dtypes] == ["string", "Float64", "Int64", "boolean"]
    assert frame["thing"].tolist() == ["block-8", "https://example.org/x"]
    assert frame["share"].isna().tolist() == [False, True]


def test_mixed_column_keeps_its_types() -> None:
    frame = Result(["value"], [[number("8.3")], [Term("literal", "half", XSD + "string")]]).to_pandas()
    assert frame["value"].tolist() == [Decimal("8.3"), "half"]


def test_notebook_tables_are_escaped() -> None:
    evil = Term("literal", "<img src=x onerror=alert(1)>", XSD + "string")
    html = Result(["<script>"], [[evil]])._repr_html_()
    assert "<img" not in html and "<script>" not in html and "&lt;img" in html


def test_constructed_triples_are_shown_with_short_names() -> None:
    triple = (Term("iri", THING + "block-8"), Term("iri", RDFS_LABEL), Term("literal", "<Block 8>", XSD + "string"))
    html = Result(triples=[triple])._repr_html_()
    assert "<tr><th>subject</th><th>predicate</th><th>object</th></tr>" in html
    assert "<tr><td>block-8</td><td>rdfs:label</td><td>&lt;Block 8&gt;</td></tr>" in html
    assert html.endswith("<p>1 row</p>")
    assert Result(triples=[triple] * 201)._repr_html_().endswith("<p>201 rows, first 200 shown</p>")


def test_truth_value_is_the_ask_boolean_or_whether_there_are_rows() -> None:
    assert not Result(boolean=False) and Result(boolean=True)
    assert not Result(["a"], []) and Result(["a"], [[None]])


def test_frames_and_tables_show_triples_and_booleans() -> None:
    triple = Term("iri", "http://e/s"), Term("iri", "http://e/p"), number("7", "integer")
    graph = Result(triples=[triple])
    assert graph.table() == [["http://e/s", "http://e/p", 7]] and graph.texts() == [["http://e/s", "http://e/p", "7"]]
    assert graph.to_pandas().to_dict("records") == [{"subject": "http://e/s", "predicate": "http://e/p", "object": 7}]
    assert Result(boolean=False).to_pandas().to_dict("records") == [{"answer": False}]


def test_long_integer_next_to_a_decimal_keeps_its_digits() -> None:
    # 2^53 + 1, which no double can represent.
    rows = [[number("9007199254740993", "integer")], [number("0.5")]]
    assert Result(["n"], rows).to_pandas()["n"].tolist() == [9007199254740993, Decimal("0.5")]

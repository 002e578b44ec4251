"""Results rendered as text."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.query.render import ROW_FORMATS, render, safe_cell, write_separated
from peru_asia_graph.store.results import Result, Term, from_rows
from peru_asia_graph.store.values import sort_parts
from peru_asia_graph.vocabulary import CODE, ONTOLOGY, THING, XSD

ANSWER = Result(
    ["owner", "share"],
    [
        [Term("iri", THING + "cnpc"), Term("literal", "45", XSD + "decimal")],
        [Term("literal", 'a "b", | c', XSD + "string"), None],
    ],
)


def test_csv_and_tsv_round_trip() -> None:
    assert list(csv.reader(io.StringIO(render(ANSWER, "csv")))) == [
        ["owner", "share"],
        ["cnpc", "45"],
        ['a "b", | c', ""],
    ]
    assert render(ANSWER, "tsv").splitlines()[1] == "cnpc\t45"


def test_json_is_sparql_results_json() -> None:
    first, second = json.loads(render(ANSWER, "json"))["results"]["bindings"]
    assert first["owner"] == {"type": "uri", "value": THING + "cnpc"}
    assert first["share"] == {"type": "literal", "value": "45", "datatype": XSD + "decimal"}
    assert "share" not in second


def test_jsonl_has_plain_numbers() -> None:
    assert json.loads(render(ANSWER, "jsonl").splitlines()[0]) == {"owner": "cnpc", "share": 45}


def test_markdown_escapes_pipes() -> None:
    assert '| a "b", \\| c |  |' in render(ANSWER, "markdown")


def test_table_counts_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = render(ANSWER, "table").splitlines()
    assert lines[-1] == "2 rows" and max(map(len, lines)) <= 40


@pytest.mark.parametrize("form", ROW_FORMATS)
@pytest.mark.parametrize("header", [["owner"], ["when", "from"], ["source", "owner"], []])
def test_rows_without_values_are_rendered(form: str, header: list[str]) -> None:
    """As from a query that misspells its variable or has none."""
    text = render(Result(header, [[None] * len(header)] * 2), form)
    assert form != "table" or text.endswith("2 rows\n")


@pytest.mark.parametrize("form", ROW_FORMATS)
def test_ask_result_is_rendered_in_every_format(form: str) -> None:
    assert "true" in render(Result(boolean=True), form)


def test_rows_cannot_be_rendered_as_rdf() -> None:
    with pytest.raises(WrongUse, match="rows cannot be written as turtle"):
        render(ANSWER, "turtle")


def test_spreadsheet_formulas_are_escaped() -> None:
    for sign in "=+@\t\r\n＝＋－＠":
        assert safe_cell(f"{sign}1+cmd") == f"'{sign}1+cmd"
    assert [safe_cell(cell) for cell in ("=1+1", "+x", "@A1", "-cmd")] == ["'=1+1", "'+x", "'@A1", "'-cmd"]
    assert safe_cell(Decimal("-6.8")) == "-6.8"


@given(st.lists(st.lists(st.text(max_size=20), min_size=2, max_size=2), max_size=5))
def test_delimited_text_round_trips(rows: list[list[str]]) -> None:
    rows = [[cell.replace("\r", " ").replace("\n", " ").replace("\x00", "") for cell in row] for row in rows]
    text = write_separated(["a", "b"], rows)
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read[1:] == [[safe_cell(cell) for cell in row] for row in rows]


def test_parts_are_sorted_numerically() -> None:
    assert sort_parts("t2;t10;t1;t2", ";") == "t1;t2;t10"


@pytest.mark.parametrize(
    "text",
    [
        "a|b", r"a\|b", "a\\", "*x*", "`a|b`", "[a](http://x)", "![i](x)", "_x_", "a_b_c", "&amp;", "~~x~~", "<b>x</b>",
        "<http://x.y>", "<!-- c -->", "_:b1", "Perú",
    ],
)  # fmt: skip
def test_markdown_shows_text_verbatim(text: str) -> None:
    from markdown_it import MarkdownIt

    shown = MarkdownIt("commonmark").enable("table").render(render(from_rows(["t"], [[text]]), "markdown"))
    assert re.findall("<td>(.*?)</td>", shown) == [escape(text, quote=False)]


def test_control_characters_are_escaped_on_a_terminal() -> None:
    assert r"a\x1b[31m\x07\x9b" in render(from_rows(["t"], [["a\x1b[31m\x07\x9b"]]), "table")
    assert r"a\u202eb\u2028c" in render(from_rows(["t"], [["a\u202eb\u2028c"]]), "table")


def test_boolean_result_follows_the_standard() -> None:
    # SPARQL 1.1 Query Results JSON Format, section 3.3.
    assert json.loads(render(Result(boolean=True), "json")) == {"head": {}, "boolean": True}


def test_narrow_terminal_shows_one_record_per_row(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["Environmental", "impacts", "announced", "operations", "certainty", "contracts"]
    answer = from_rows([f"column_{number}" for number in range(6)], [words, [*words[:5], None]])
    monkeypatch.setenv("COLUMNS", "100")
    assert render(answer, "table").splitlines()[0].split("  ")[0] == "column 0"
    monkeypatch.setenv("COLUMNS", "50")
    record = [f"column {number}  {word}" for number, word in enumerate(words)]
    assert render(answer, "table").splitlines() == [*record, "", *record[:5], "", "2 rows"]


def test_rows_too_wide_for_the_terminal_become_records(monkeypatch: pytest.MonkeyPatch) -> None:
    # Eight words of eleven letters and seven gaps of one space take 95 columns, more than a terminal of 80 has.
    monkeypatch.setenv("COLUMNS", "80")
    names = [f"column_{number}" for number in range(8)]
    shown = render(
        from_rows([*names, "citations"], [["exploration"] * 8 + ["p. 1"], ["corporation", *[None] * 8]]), "table"
    )
    first = [f"column {number}  exploration" for number in range(8)]
    assert shown.splitlines() == [*first, "notes     [1]", "", "column 0  corporation", "", "[1] p. 1", "2 rows"]
    monkeypatch.setenv("COLUMNS", "120")
    assert "column 0     column 1" in render(from_rows(names, [["exploration"] * 8]), "table")


def test_ids_are_not_broken_where_other_columns_can_give_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    rows = [["New water treatment plant of the Toromocho project", "toromocho-water-treatment-plant"]]
    for title in ("id", "slug"):
        assert "toromocho-water-treatment-plant" in render(from_rows(["name", title], rows), "table")
    assert "toromocho-water-treatment-plant" not in render(from_rows(["name", "text"], rows), "table")


def test_consecutive_note_numbers_are_collapsed() -> None:
    rows = [["p. 1; p. 2; p. 3"], ["p. 2; p. 4; p. 5"], ["p. 1; p. 3; p. 4; p. 5; p. 6"]]
    assert render(from_rows(["citations"], rows), "table").split()[2:8] == [
        "[1–3]",
        "[2]",
        "[4]",
        "[5]",
        "[1]",
        "[3–6]",
    ]


def test_table_shows_labels_and_csv_shows_iris() -> None:
    terms = [Term("iri", ONTOLOGY + "inForceOn"), Term("iri", CODE + "to-be-defined"), Term("iri", THING + "block-8")]
    answer = Result(["what", "status", "of"], [terms])
    assert "in force on  to be defined  block-8" in render(answer, "table")
    assert render(answer, "csv").splitlines()[1] == "inForceOn,to-be-defined,block-8"
    unit = Result(["unit"], [[Term("iri", CODE + "unit/usd-million")]])
    assert "million US dollars" in render(unit, "table")

"""Results with terms of all kinds in every row format: no value is lost or invented."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import xml.etree.ElementTree as ET
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from any_terms import ODD_TEXTS, canonical, directed, objects, triple_terms
from peru_asia_graph import load
from peru_asia_graph.errors import BadQuery, WrongUse
from peru_asia_graph.exporters.start_rows import read_start
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.render import ROW_FORMATS, render, safe_cell
from peru_asia_graph.rdf.formats import FORMATS
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.store.literals import is_number, python_value
from peru_asia_graph.store.results import Result, Term, from_rows
from peru_asia_graph.store.terms import oxigraph_triple, term_of
from peru_asia_graph.vocabulary import XSD
from peru_asia_graph.web.jobs import JobRunner
from skips import skip_outside

TRIALS = next(iter(Path(__file__).parents[2].glob("*/trials")), None)
column_of_terms = st.lists((objects | directed | triple_terms).map(term_of), min_size=1, max_size=8)


def strict(text: str) -> Any:
    """Parse strict JSON, without NaN and Infinity."""

    def refuse(token: str) -> None:
        raise AssertionError(f"{token} is not JSON")

    return json.loads(text, parse_constant=refuse)


@given(column_of_terms)
def test_every_row_format_has_every_row(terms: list[Term]) -> None:
    result = Result(["value"], [[term] for term in terms])
    cells = [term.value if is_number(term.python()) else safe_cell(term.short()) for term in terms]
    for form, delimiter in (("csv", ","), ("tsv", "\t")):
        read = list(csv.reader(io.StringIO(render(result, form), newline=""), delimiter=delimiter))
        # A line with a single empty cell is quoted, and read back as such.
        assert read == [["value"], *([cell] for cell in cells)]
    lines = render(result, "jsonl").split("\n")[:-1]
    for line, term in zip(lines, terms, strict=True):
        value, expected = strict(line)["value"], term.python()
        if isinstance(value, str):
            assert value == term.short()
        else:
            assert isinstance(value, bool) is isinstance(expected, bool)
            assert value == expected or Decimal(repr(value)) == expected
    bindings = strict(render(result, "json"))["results"]["bindings"]
    assert len(bindings) == len(terms)
    assert len(render(result, "markdown").split("\n")) == len(terms) + 3
    assert render(result, "table").endswith(f"{len(terms)} row{'s' if len(terms) > 1 else ''}\n")
    assert result._repr_html_().count("<tr>") == len(terms) + 1
    assert len(result.to_pandas()) == len(terms) == len(list(result)) == len(result.table())


@given(column_of_terms)
def test_json_results_are_read_back_as_the_same_terms(terms: list[Term]) -> None:
    written = render(Result(["value"], [[term] for term in terms]), "json")
    read = ox.parse_query_results(written, format=ox.QueryResultsFormat.JSON)
    assert [term_of(row[0]) for row in read] == terms


@given(column_of_terms)
def test_frames_lose_no_value(terms: list[Term]) -> None:
    frame = Result(["value"], [[term] for term in terms] + [[None]]).to_pandas()["value"]
    values = [term.python() for term in terms]
    assert frame.iloc[-1] is None or frame.iloc[-1] is pd.NA or math.isnan(frame.iloc[-1])
    for found, value in zip(frame, values, strict=False):
        if isinstance(value, float) and math.isnan(value):
            assert isinstance(found, float) and math.isnan(found)
        else:
            assert found == (float(value) if isinstance(value, Decimal) and not isinstance(found, Decimal) else value)


@given(
    st.sampled_from(ODD_TEXTS), st.sampled_from(["integer", "byte", "decimal", "double", "boolean", "gYear", "date"])
)
def test_a_python_value_is_that_of_the_text_or_the_text(text: str, kind: str) -> None:
    value = python_value(text, XSD + kind)
    if isinstance(value, str):
        assert value == text
    elif isinstance(value, bool):
        assert {"true": True, "1": True, "false": False, "0": False}[text] is value
    elif isinstance(value, float) and not math.isfinite(value):
        assert text in ("NaN", "INF", "-INF", "+INF")
    else:
        assert Decimal(text) == Decimal(value) if not isinstance(value, float) else float(text) == value


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("True", "boolean", "True"),
        ("1", "boolean", True),
        ("A1", "integer", "A1"),
        ("1_000", "integer", "1_000"),
        (" 5", "integer", " 5"),
        ("٣", "integer", "٣"),
        ("300", "byte", "300"),
        ("-5", "positiveInteger", "-5"),
        ("255", "unsignedByte", 255),
        ("9" * 30, "integer", int("9" * 30)),
        ("9" * 5000, "integer", "9" * 5000),
        ("NaN", "decimal", "NaN"),
        ("1E5", "decimal", "1E5"),
        ("+INF", "double", math.inf),
        ("Infinity", "double", "Infinity"),
        ("1e400", "double", "1e400"),
        ("1.5E-7", "float", 1.5e-7),
        ("0000", "gYear", "0000"),
        ("2012-13-45", "date", "2012-13-45"),
    ],
)
def test_literals_are_converted_to_python_values(text: str, kind: str, value: Any) -> None:
    found = python_value(text, XSD + kind)
    assert found == value and type(found) is type(value)


def column(*pairs: tuple[str, str]) -> Result:
    return Result(["n"], [[Term("literal", text, XSD + kind)] for text, kind in pairs])


def test_json_lines_write_infinities_and_numbers_beyond_64_bits_as_text() -> None:
    long = ("9" * 30, "integer"), ("0.1234567890123456789", "decimal")
    found = column(("NaN", "double"), ("-INF", "float"), *long, ("12.50", "decimal"), ("7.0", "decimal"))
    values = [strict(line)["n"] for line in render(found, "jsonl").splitlines()]
    assert values == ["NaN", "-INF", "9" * 30, "0.1234567890123456789", 12.5, 7]
    assert from_rows(["n"], [[math.nan], [-math.inf], [2.5]]).texts() == [["NaN"], ["-INF"], ["2.5"]]


def test_formula_guard_affects_only_text() -> None:
    numbers = ("-1.5E-7", "double"), ("+7", "integer"), ("-INF", "double")
    texts = [(text, "string") for text in ("-1e5", "-x", "+7", "Perú")]
    cells = [row[0] for row in csv.reader(io.StringIO(render(column(*numbers, *texts, ("=1+1", "integer")), "csv")))][
        1:
    ]
    assert cells == ["-1.5E-7", "+7", "-INF", "-1e5", "'-x", "'+7", "Perú", "'=1+1"]


@given(st.lists(objects | directed | triple_terms, min_size=1, max_size=6))
def test_terms_go_through_the_store_and_back(values: list[Any]) -> None:
    written = [
        ox.Triple(ox.NamedNode("a:s"), ox.NamedNode(f"a:p{number}"), value) for number, value in enumerate(values)
    ]
    triples = [(term_of(one.subject), term_of(one.predicate), term_of(one.object)) for one in written]
    assert canonical(map(oxigraph_triple, triples)) == canonical(written)


@given(st.lists(objects | directed | triple_terms, min_size=1, max_size=5, unique=True))
def test_the_endpoint_answers_in_every_format(values: list[Any]) -> None:
    store = EmbeddedStore.of(
        [ox.Quad(ox.NamedNode("a:s"), ox.NamedNode("a:p"), one, ox.DefaultGraph()) for one in values]
    )
    runner = JobRunner(store, "http://127.0.0.1:9/", 10_000_000)
    kept = len(store.quads())
    for rows in ("json", "xml", "csv", "tsv"):
        job = {
            "job": "query",
            "text": "SELECT ?o { ?s ?p ?o }",
            "default": None,
            "named": None,
            "rows": rows,
            "graph": None,
        }
        header, body = runner.run(job)
        if header["status"] == 200 and rows == "json":
            assert len(strict(body.decode())["results"]["bindings"]) == kept
        elif header["status"] == 200 and rows == "xml":
            assert len(ET.fromstring(body).findall(".//{*}result")) == kept
        else:
            assert header["status"] == 200 or "XML cannot hold" in header["error"]


@pytest.mark.parametrize("form", ROW_FORMATS)
def test_triple_term_is_shown_by_its_components(tmp_path: Path, form: str) -> None:
    file = tmp_path / "statement.ttl"
    file.write_text("PREFIX ex: <http://example.org/> ex:owner ex:owns ex:mine {| ex:since '2011' |} .")
    text = render(load(file).query("SELECT ?o { ?s rdf:reifies ?o }"), form)
    if form == "json":
        value = strict(text)["results"]["bindings"][0]["o"]["value"]
        assert {name: part["value"][19:] for name, part in value.items()} == {
            "subject": "owner", "predicate": "owns", "object": "mine",
        }  # fmt: skip
    elif form == "table":
        assert "example.org/mine" in text
    else:
        assert "<<( http://example.org/owner http://example.org/owns http://example.org/mine )>>" in text


@pytest.mark.parametrize("form", ["turtle", "trig", "ntriples", "nquads", "rdfxml", "jsonld"])
def test_foreign_graphs_are_rendered_without_loss(form: str) -> None:
    if TRIALS is None:
        skip_outside("the files of others that were tried")
    for name in ("05-blank-object.ttl", "05-two-blank-nodes.nt", "06-triple-term.ttl"):
        answer = load(TRIALS / name).query("CONSTRUCT WHERE { ?s ?p ?o }")
        if (form, name) == ("jsonld", "06-triple-term.ttl"):
            with pytest.raises(WrongUse, match="no triple terms"):
                render(answer, form)
        else:
            kind = FORMATS[form]
            read = ox.parse(render(answer, form), format=kind)
            assert canonical(read) == canonical(ox.parse(path=str(TRIALS / name)))


@pytest.mark.parametrize("name", ["07-dotted-from.rq", "07-dotted-from-spelt-out.rq", "07-two-dots.rq"])
def test_foreign_queries_are_answered(kg: KnowledgeGraph, name: str) -> None:
    if TRIALS is None:
        skip_outside("the queries of others that were tried")
    found = kg.query((TRIALS / name).read_text("utf-8")).table()
    # The paper names nineteen states; nothing has a position.
    assert found == ([] if name == "07-two-dots.rq" else [[19]])


@pytest.mark.parametrize("form", ROW_FORMATS)
@pytest.mark.parametrize(
    ("file", "shown"),
    [
        ("03-ill-typed.ttl", "A1"),
        ("03-infinite.ttl", "INF"),
        ("03-infinite.ttl", "NaN"),
        ("04-python-boolean.ttl", "True"),
        ("05-blank-object.ttl", "Lima"),
    ],
)
def test_foreign_files_are_rendered_as_rows(file: str, shown: str, form: str) -> None:
    if TRIALS is None:
        skip_outside("the files of others that were tried")
    text = render(load(TRIALS / file).query("SELECT * { ?s ?p ?o }"), form)
    assert shown in text and "false" not in text


def test_rdflib_accepts_any_blank_node_label_and_no_base_direction(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text("_:ñ.x <http://e/p> _:漢 . _:漢 <http://e/p> 1 .")
    for graph in (load(file).rdflib(merged=True), load(file).rdflib()):
        [(node, *_)] = graph.triples((None, None, rdflib.Literal(1)))
        assert len(graph) == 2 and len(list(graph.triples((None, None, node)))) == 1
    file.write_text('<http://e/s> <http://e/p> "x"@ar--rtl .')
    with pytest.raises(WrongUse, match="does not support base directions"):
        load(file).rdflib()


def test_query_may_start_with_a_byte_order_mark(kg: KnowledgeGraph) -> None:
    assert kg.query("\ufeffASK {}").boolean is True
    with pytest.raises(BadQuery) as plain:
        kg.query("ASK nonsense")
    with pytest.raises(BadQuery, match=re.escape(str(plain.value))):
        kg.query("\ufeffASK nonsense")


_NUMBERS = ("#sourceOrder", "#lat", "#amountUsdMillion", "#value")


@pytest.mark.slow
def test_ill_typed_number_in_our_vocabulary_breaks_nothing(tmp_path: Path) -> None:
    kg = load()
    seen: set[str] = set()
    quads = []
    for quad in ox.parse(path=str(kg._file)):
        name = quad.predicate.value
        if name not in seen and name.endswith(_NUMBERS) and "derived" not in str(quad.graph_name):
            seen.add(name)
            quad = ox.Quad(
                quad.subject, quad.predicate, ox.Literal("A1", datatype=quad.object.datatype), quad.graph_name
            )
        quads.append(quad)
    ox.serialize(quads, str(tmp_path / "a.nq"), format=ox.RdfFormat.N_QUADS)
    other = load(tmp_path / "a.nq")
    assert len(seen) == len(_NUMBERS) and len(other.sources) == len(kg.sources)
    assert all(other.view(kind).html for kind in ("ownership", "investments", "map"))
    assert other.owners("Toromocho") == kg.owners("Toromocho")
    assert all(other.export(name) for name in ("bods", "ftm"))
    assert read_start(other.store).investments

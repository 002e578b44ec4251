"""The embedded store: results, refused queries, files that cannot be opened."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from peru_asia_graph.errors import BadQuery, StoreUnreachable
from peru_asia_graph.store import open_store
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.vocabulary import THING, XSD

A, P = ox.NamedNode(THING + "a"), ox.NamedNode("https://example.org/p")
STORE = EmbeddedStore.of([ox.Quad(A, P, ox.Literal("x", language="en"), ox.NamedNode("https://example.org/g"))])


def test_the_default_graph_is_the_union() -> None:
    assert STORE.query("ASK { id:a ?p ?o }").boolean
    assert STORE.query("ASK { GRAPH ?g { id:a ?p ?o } }").boolean


def test_terms_keep_language_and_datatype() -> None:
    row = STORE.query("SELECT ?o (1.50 AS ?n) { ?s ?p ?o }").rows[0]
    assert row[0] is not None and row[0].language == "en"
    assert row[1] is not None and row[1].datatype == XSD + "decimal"


def test_construct_gives_triples() -> None:
    triples = STORE.query("CONSTRUCT WHERE { ?s ?p ?o }").triples
    assert triples is not None and triples[0][0].value == THING + "a"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT ?s WHERE { ?s ?p }", "line 1, column 2"),
        ("SELECT * {\n  ?s nope:x ?o\n}", "line 2"),
        ("INSERT DATA { id:a id:b id:c }", "INSERT changes data"),
        ("PREFIX x: <http://x/> DELETE WHERE { ?s ?p ?o }", "DELETE changes data"),
        ("LOAD <file:///etc/passwd>", "LOAD changes data"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE is off"),
        ("SELECT * { sErViCe SILENT ?x { ?s ?p ?o } }", "SERVICE is off"),
        # A keyword needs no space before or behind it, and names may hold escaped quotes.
        ("ASK { ?s ?p 1SERVICE <http://127.0.0.1:9/> {} }", "SERVICE is off"),
        ("ASK { ?s ?p trueSERVICE <http://127.0.0.1:9/> {} }", "SERVICE is off"),
        ("PREFIX e: <http://127.0.0.1:9/> ASK { SERVICEe:x {} }", "SERVICE is off"),
        ("PREFIX e: <http://127.0.0.1:9/> ASK { ?s ?p e:.SERVICE e:x {} }", "SERVICE is off"),
        ("PREFIX e: <http://127.0.0.1:9/> ASK { ?s ?p e:a\\' . SERVICE e:x {} #'\n }", "SERVICE is off"),
        ("PREFIX service: <http://x/> ASK { service:x ?p ?o }", "needs another name"),
        # What looks like an IRI may be a comparison.
        ("ASK { FILTER(1<" + "(" * 6000 + "1" + ")" * 6000 + "&&2>1) }", "nested over"),
        ("ASK { FILTER(1<" + "!" * 20000 + "1&&2>1) }", "chains over"),
        ("ASK { FILTER(1<" + "2/" * 20000 + "1&&2>1) }", "chains over"),
        ("ASK { FILTER(1=" + "2-" * 20000 + "1) }", "chains over"),
        ("SELECT " + "(1AS?x)" * 3000 + " {}", "chains over"),
        ("ASK { ?s ?p " + "1," * 20000 + "1 }", "patterns"),
        ("ASK { FILTER(EXISTS{ ?s ?p " + "1," * 20000 + "1 }) }", "patterns"),
        ("ASK { " + "?s ?p ?o . " * 20000 + " }", "patterns"),
        ("SELECT * { FILTER(" + "(" * 6000 + "1" + ")" * 6000 + ") }", "nested over"),
        ("SELECT * " + "{" * 6000 + "}" * 6000, "nested over"),
        ("SELECT * { ?s ?p ?o " + "UNION {} " * 3000 + "}", "chains over"),
        ("SELECT * { FILTER(" + "!" * 20000 + "true) }", "chains over"),
        ("ASK {}" + " " * 1_000_001, "characters"),
        ("ASK { ?s ?p '\ud800' }", "surrogates"),
        ("", "expected"),
    ],
)
def test_bad_queries_are_refused_with_a_message(query: str, message: str) -> None:
    with pytest.raises(BadQuery) as refused:
        STORE.query(query)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s ?p 'SERVICE <http://x/> {}' }",
        "ASK { ?s ?p ?o } # SERVICE",
        "ASK { ?service ?p ?o }",
        "ASK { <http://example.org/service> ?p ?o }",
        "PREFIX x: <http://x/> ASK { x:service ?p x:a-Service , 1, 2 }",
        "ASK { ?s ?p ?o FILTER(?o IN (" + "1, " * 20_000 + "1)) }",
        "ASK { ?s ?p ?o VALUES ?o { " + "1.5 <http://x/a/b/c> " * 5_000 + "} }",
        'ASK { ?s ?p """' + "((((" * 300 + '""" }',
    ],
)
def test_keywords_in_names_strings_and_comments_are_allowed(query: str) -> None:
    STORE.query(query)


def test_from_never_fetches_a_graph() -> None:
    assert not STORE.query("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }").rows
    assert not STORE.query("SELECT * FROM NAMED <http://127.0.0.1:9/x> { GRAPH ?g { ?s ?p ?o } }").rows


@pytest.mark.parametrize("name", ["no.ttl", "odd.xyz", "torn.ttl"])
def test_stores_that_cannot_be_opened(tmp_path: Path, name: str) -> None:
    if name != "no.ttl":
        (tmp_path / name).write_text("<http://a> <http://b> ")
    with pytest.raises(StoreUnreachable):
        open_store(tmp_path / name)


def test_columns_have_the_values_of_the_rows() -> None:
    values = ["plain", "a,b", 'say "so"', "two\r\nlines", "", "ñ"]
    store = EmbeddedStore.of(
        [ox.Quad(ox.NamedNode(f"{THING}n{n}"), P, ox.Literal(one)) for n, one in enumerate(values)]
    )
    every, some, none, one = (
        "SELECT ?key ?value ?no { ?key ?p ?value OPTIONAL { ?key id:no ?no } } ORDER BY ?key",
        'SELECT ?key ?value { ?key ?p ?value FILTER(?value IN ("plain", "ñ")) } ORDER BY ?key',
        "SELECT ?key ?value { ?key id:no ?value }",
        "SELECT ?value { ?key ?p ?value } ORDER BY ?key",
    )
    iris = [f"{THING}n{n}" for n in range(6)]
    assert store.query_columns([every, some, none, one], "key") == [
        [iris, values, [""] * 6],
        [[iris[0], iris[5]], ["plain", "ñ"]],
        [[], []],
        [values],
    ]

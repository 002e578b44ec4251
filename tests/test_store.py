"""The embedded store: results, rejected queries, files that cannot be opened."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peru_asia_graph.errors import BadQuery, StoreUnreachable, WrongUse
from peru_asia_graph.store import open_store
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.store.results import Result, Term
from peru_asia_graph.vocabulary import RDFS_LABEL, THING, XSD

A, P = ox.NamedNode(THING + "a"), ox.NamedNode("https://example.org/p")
STORE = EmbeddedStore.of([ox.Quad(A, P, ox.Literal("x", language="en"), ox.NamedNode("https://example.org/g"))])


def test_default_graph_is_the_union() -> None:
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
        ("# why\nBASE <http://x/#y>\nWITH <g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "WITH changes data"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE is disabled"),
        ("SELECT * { sErViCe SILENT ?x { ?s ?p ?o } }", "SERVICE is disabled"),
        # Keywords need no surrounding spaces, and names may hold escaped quotes.
        ("ASK { ?s ?p 1SERVICE <http://127.0.0.1:9/> {} }", "SERVICE is disabled"),
        ("ASK { ?s ?p trueSERVICE <http://127.0.0.1:9/> {} }", "SERVICE is disabled"),
        ("PREFIX e: <http://127.0.0.1:9/> ASK { SERVICEe:x {} }", "SERVICE is disabled"),
        ("PREFIX e: <http://127.0.0.1:9/> ASK { ?s ?p e:.SERVICE e:x {} }", "SERVICE is disabled"),
        ("PREFIX e: <http://127.0.0.1:9/> ASK { ?s ?p e:a\\' . SERVICE e:x {} #'\n }", "SERVICE is disabled"),
        ("PREFIX e: <http://127.0.0.1:9/> ASK { ?s ?p true.SERVICEe:x {} }", "SERVICE is disabled"),
        ("PREFIX e: <http://127.0.0.1:9/> ASK { ?s ?p _:a.b.SERVICE e:x {} }", "SERVICE is disabled"),
        ("PREFIX e: <http://127.0.0.1:9/> ASK { ?s ?p 'a'@enSERVICE e:x {} }", "SERVICE is disabled"),
        # Names in SPARQL that only the engine would take for keywords; they are run as names.
        ("PREFIX e: <http://127.0.0.1:9/> ASK { ?s ?p e:a.b.SERVICE e:x {} }", "expected"),
        ("PREFIX e: <http://127.0.0.1:9/> ASK { ?s ?p e:a.b.c.SERVICE e:x {} }", "expected"),
        ("PREFIX e: <http://x/> PREFIX SERVICEe: <http://x/> ASK { ?s ?p ?o . SERVICEe:x {} }", "expected"),
        # A comparison up to ">" looks like an IRI, and a comment inside it would hide what follows.
        ("PREFIX e: <http://x/> ASK { ?s ?p ?o FILTER(?o<3)SERVICE e:x {?a ?b ?c} FILTER(?o>3)}", "SERVICE is dis"),
        ("PREFIX e: <http://x/> ASK { ?s ?p ?o FILTER(?o<3)SERVICEe:x#>\n{?a ?b ?c} }", "add a space after it"),
        ("PREFIX e: <http://x/> ASK { ?s ?p ?o FILTER(?o<3)SERVICE?x{?a ?b ?c} FILTER(?o>3) }", "SERVICE is disabled"),
        ('ASK { FILTER(?o<3#>"""\n) SERVICE <http://x/> {?a ?b ?c} #"""\n }', "add a space after it"),
        ("ASK { FILTER(?o<3'>'||?o='\\' ) SERVICE <http://x/> {?a ?b ?c} #'\n }", "add a space after it"),
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
        ("", "the query is empty"),
        ("# nothing", "the query is empty"),
        # The actual cause among all the errors the engine lists.
        ("ASK {\n  ?s nope:x ?o }", "line 2, column 6: the prefix 'nope:' is not declared"),
        ("ASK { ?s rdf_s:x ?o }", "did you mean 'rdfs:' or 'rdf:'?"),
        ("ASK { ?s ?p 'e:x } # never closed", "expected"),
        ("SELECT ?x ?x { ?x ?p ?o }", ": Duplicated variable name in SELECT\n"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", ": SELECT * is not authorized with GROUP BY\n"),
        ("ASK { ?s <http://e/a b> ?o }", ": an IRI in < > contains an invalid character"),
        ("PREFIX e: <http://e/a b> ASK { ?s e:x ?o }", ": an IRI in < > contains an invalid"),
        ("SELEC ?s { ?s ?p ?o }", "a query must start with SELECT, ASK, CONSTRUCT or DESCRIBE; did you mean SELECT?"),
        ("{ ?s ?p ?o }", "a query must start with SELECT, ASK, CONSTRUCT or DESCRIBE"),
        ("SELECT ?s count(?p) as ?n { ?s ?p ?o }", "line 1, column 11: an expression in SELECT needs parentheses"),
        ("SELECT DISTINCT (1 AS ?n) COUNT(*) { ?s ?p ?o }", ": (COUNT(…) AS ?name)"),
        ("SELECT ?x (COUNT(*) AS ?n) { ?x ?p ?o }", ": The SELECT contains a variable that is unbound\n"),
    ],
)
def test_bad_queries_are_rejected_with_a_message(query: str, message: str) -> None:
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
        "PREFIX x: <http://x/> ASK { x:valid.service ?p x:a.b.SERVICE , x:serviceable , x:\\-service , x:%41service }",
        "PREFIX service: <http://x/> PREFIX my.Service: <http://x/> ASK { service:x ?p my.Service:a.b.service.c }",
        "ASK { ?s ?p ?o FILTER(?o<3)FILTER(?o>2) FILTER((?o<3)&&?o>2) FILTER(?o<(1+2)&&?o>1) }",
        "ASK { ?s ?p ?o VALUES (?s ?o) { (<urn:a> <urn:b:service.x>) (<http://x/a> <http://x/b#service(c)>) } }",
        "ASK { ?s ?p ?o FILTER(?o IN (" + "1, " * 20_000 + "1)) }",
        "ASK { ?s ?p ?o VALUES ?o { " + "1.5 <http://x/a/b/c> " * 5_000 + "} }",
        'ASK { ?s ?p """' + "((((" * 300 + '""" }',
    ],
)
def test_keywords_in_names_strings_and_comments_are_allowed(query: str) -> None:
    STORE.query(query)


@pytest.mark.parametrize(
    "name",
    ["valid.from", "valid.FROM", "from", "a.from.b", "post.holder.name", "a..b.c", "a.b:c.d", "%41.b.c", "from.1",
     "a\\-from", "a.service.b", "Service", "x_from", "é.from.ñ", "a.b-.c"],
)  # fmt: skip
@pytest.mark.parametrize("prefix", ["ex", "from", "valid.from", "service", "my.service", "select", ""])
def test_names_with_keywords_and_dots_are_names(prefix: str, name: str) -> None:
    iri = ox.NamedNode("http://example.org/" + name.replace("\\", ""))
    store = EmbeddedStore.of([ox.Quad(iri, P, ox.Literal("found"), ox.NamedNode(THING + "g"))])
    pattern = f"{prefix}:{name} ?p ?o . OPTIONAL {{ ?s {prefix}:{name} 1 }}"
    query = f"PREFIX {prefix}: <http://example.org/> SELECT ?o {{ {pattern} }}"
    assert store.query(query).texts() == [["found"]]
    assert store.query(f"{query} # FROM <http://example.org/>").texts() == [["found"]]


def test_error_positions_refer_to_the_original_query() -> None:
    with pytest.raises(BadQuery) as refused:
        STORE.query("PREFIX ex: <http://x/>\nASK { ?s ex:a.b.c ?o ?wrong }")
    assert (refused.value.line, refused.value.column) == (2, 30)
    assert str(refused.value).endswith("\n  ASK { ?s ex:a.b.c ?o ?wrong }\n" + " " * 31 + "^")


def test_from_never_fetches_a_graph() -> None:
    assert not STORE.query("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }").rows
    assert not STORE.query("SELECT * FROM NAMED <http://127.0.0.1:9/x> { GRAPH ?g { ?s ?p ?o } }").rows


@pytest.mark.parametrize("name", ["no.ttl", "odd.xyz", "torn.ttl", "n" * 300])
def test_stores_that_cannot_be_opened(tmp_path: Path, name: str) -> None:
    if name in ("odd.xyz", "torn.ttl"):
        (tmp_path / name).write_text("<http://a> <http://b> ")
    with pytest.raises(StoreUnreachable):
        open_store(tmp_path / name)


def test_columns_match_rows() -> None:
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


PIECES = [
    "SERVICE", "service ", " e:x ", "?x", "{?a ?b ?c}", "{ ?s ?p ?o }", " . ", ".", ";", ",", "<", "<3", ">",
    "#", "#>", "\n", '"', "'", '"""', "'''", "\\", "(", ")", "FILTER(", "FILTER(?o<3)", "?o<", "e:a.b",
    "e:a.b.", "e:a\\.", "_:a.b", "1", "1.", "true.", "@en", "/", "|", "OPTIONAL", "EXISTS", "{", "}", " ",
    "?s ?p ?o", "IN(", "<<(", ")>>", "[", "]", "%41", "·", "é", "e:",
]  # fmt: skip
pieces = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
NUMBERS = EmbeddedStore.of([ox.Quad(A, P, ox.Literal(2))])
calls = st.sampled_from(
    ["SERVICE e:x {?a ?b ?c}", "SERVICEe:x{?a ?b ?c}", "SERVICEe:x#>\n{?a ?b ?c}", "SERVICE ?x {?a ?b ?c}"]
)


@settings(max_examples=500)
@given(pieces, calls, pieces, st.sampled_from(["}", ")}", '"}', "'}", "\n}", '"""}', ""]))
def test_no_surrounding_text_hides_service(before: str, call: str, after: str, end: str) -> None:
    query = f"PREFIX e: <http://127.0.0.1:9/> SELECT * {{ ?s ?p ?o {before}{call}{after}{end}"
    try:
        NUMBERS.query(query)
    except BadQuery as error:
        # The engine's error when a query makes it contact this port.
        assert "not allowed for HTTP" not in str(error)


def test_engine_reports_contacting_a_server() -> None:
    store = ox.Store()
    store.add(ox.Quad(A, P, ox.Literal(2)))
    with pytest.raises(OSError, match="not allowed for HTTP"):
        list(store.query("PREFIX e: <http://127.0.0.1:9/> SELECT * { ?s ?p ?o FILTER(?o<3)SERVICEe:x#>\n{?a ?b ?c} }"))


@pytest.mark.parametrize("place", ["nope", "nope.ttl", "localhost:7878", "file:///nope.ttl"])
def test_missing_store_is_reported(place: str) -> None:
    with pytest.raises(StoreUnreachable, match=r"there is no file or folder .*starts with http://"):
        open_store(place)


@pytest.mark.parametrize("address", ["http://[::1", "http://x:abc/", "http://a b/", "http://"])
def test_invalid_url_does_not_respond(address: str) -> None:
    with pytest.raises(StoreUnreachable, match="does not respond"):
        open_store(address).query("ASK {}")


def test_password_in_url_is_rejected_and_not_repeated() -> None:
    with pytest.raises(WrongUse, match="PAG_STORE_PASSWORD") as refused:
        open_store("http://me:secret@127.0.0.1:9/sparql")
    assert "secret" not in str(refused.value)


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

"""Queries answered from columns: the same answers as the engine gives, or none."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from columnar_cases import BODIES, CONDITIONS, GRAPHS, HEAD, HEADS, E, fixed_graph, graphs, node, queries, typed
from peru_asia_graph.errors import BadQuery
from peru_asia_graph.paths import find_project
from peru_asia_graph.store.columnar import Columns
from peru_asia_graph.store.columnar.analytic import read_analytic
from peru_asia_graph.store.columnar.tables import Tables
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.vocabulary import PREFIXES


def engine(store: ox.Store, text: str) -> Any:
    """Return Oxigraph's own answer."""
    return store.query(text, prefixes=PREFIXES, use_default_graph_as_union=True)


def rows_of(answer: Any) -> list[tuple[str, ...]]:
    """Return rows, or triples, as texts that can be counted."""
    if isinstance(answer, ox.QueryTriples):
        return sorted({(str(one.subject), str(one.predicate), str(one.object)) for one in answer})
    return [tuple(str(term) for term in row) for row in answer]


def agree(store: ox.Store, text: str, columns: Columns) -> bool:
    """Compare both answers; return whether there was one from columns."""
    found = columns.answer(text)
    if found is None:
        return False
    expected = engine(store, text)
    if isinstance(expected, ox.QuerySolutions):
        assert [one.value for one in found.variables] == [one.value for one in expected.variables], text
    ours, theirs = rows_of(found), rows_of(expected)
    # Rows that sort alike may stand in any order, and a cut may take any of them.
    cut = "LIMIT" in text or "OFFSET" in text
    assert len(ours) == len(theirs), (text, ours, theirs, sorted(map(str, store)))
    if not cut:
        assert Counter(ours) == Counter(theirs), text
    keys = re.findall(r"\?(\w+)", text.partition("ORDER BY")[2])
    if keys:
        names = [one.value for one in expected.variables]
        shown = [names.index(key) for key in keys if key in names]
        numeric = [[_sortable(row[place]) for place in shown] for row in ours]
        assert numeric == [[_sortable(row[place]) for place in shown] for row in theirs], text
    return True


def _sortable(term: str) -> Any:
    match = re.match(r'"([+-]?[\d.]+)"\^\^', term)
    return float(match[1]) if match else term


@settings(max_examples=250)
@given(graphs(), some.lists(queries(), min_size=1, max_size=6))
def test_columns_agree_with_the_engine(store: ox.Store, texts: list[str]) -> None:
    columns = Columns(store, patience=0)
    for text in texts:
        agree(store, text, columns)


FIXED = fixed_graph()


def is_for_columns(head: str, body: str, name: str, order: str) -> bool:
    """Return whether a question over the fixed graph is one that columns can be sure of."""
    least, total = "MIN" in head, "SUM" in head
    if ("OPTIONAL" in body and (least or total)) or (total and name != "n") or (least and name == "p"):
        return False
    return (order != "" or head != "SELECT ?s ?v") and ("?x" in body or "?x" not in head)


@pytest.mark.parametrize(("head", "group", "orders"), HEADS)
@pytest.mark.parametrize("name", ["p", "n", "t"])
def test_every_kind_of_question_is_answered(head: str, group: str, orders: list[str], name: str) -> None:
    columns, grouped = Columns(FIXED, patience=0), f" GROUP BY {group}" if group else ""
    for body in BODIES:
        for order in ["", *(f" ORDER BY {keys}" for keys in orders)]:
            text = f"{HEAD}{head} WHERE {{ {body.format(p=name)} }}{grouped}{order}"
            if head == "SELECT ?s ?v":
                text += " LIMIT 4"
            assert agree(FIXED, text, columns) or not is_for_columns(head, body, name, order), text


@pytest.mark.parametrize(("name", "condition"), [(name, one) for name in "pnt" for one in CONDITIONS[name]])
def test_every_kind_of_condition_is_answered(name: str, condition: str) -> None:
    columns = Columns(FIXED, patience=0)
    for body in BODIES:
        text = f"{HEAD}SELECT ?s ?v WHERE {{ {body.format(p=name)} FILTER({condition}) }}"
        assert agree(FIXED, text, columns), text


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s { ?s e:p ?v } ORDER BY ?s",
        "SELECT ?s { ?s e:p ?v FILTER(?v = e:a) } LIMIT 2",
        "ASK { ?s e:p ?v }",
        "SELECT DISTINCT ?s { ?s e:p/e:q ?v }",
        "SELECT DISTINCT ?s { ?s e:p e:a ; e:q ?v }",
        "SELECT DISTINCT * { ?s e:p ?v }",
        "SELECT DISTINCT ?s { ?s ?p ?v }",
        "SELECT DISTINCT ?s { e:a e:p ?s }",
        "SELECT DISTINCT ?s { GRAPH ?g { ?s e:p ?v } }",
        "SELECT DISTINCT ?s FROM e:g1 { ?s e:p ?v }",
        "SELECT DISTINCT ?s { ?s e:p ?v } VALUES ?v { e:a }",
        "SELECT DISTINCT ?s { ?s e:p ?v MINUS { ?s e:q ?v } }",
        "SELECT DISTINCT ?s { ?s e:p ?v FILTER NOT EXISTS { ?s e:q ?v } }",
        "SELECT DISTINCT ?s { { ?s e:p ?v } UNION { ?s e:q ?v } }",
        "SELECT DISTINCT ?s { ?s e:n ?v FILTER(?v + 1 > 2) }",
        "SELECT ?s (AVG(?v) AS ?n) { ?s e:n ?v } GROUP BY ?s",
        "SELECT ?s (SUM(?v) AS ?s) { ?s e:n ?v } GROUP BY ?s",
        "SELECT ?s (SUM(?v) AS ?n) { ?s e:n ?v } GROUP BY ?v",
        "SELECT DISTINCT ?s { ?s e:p ?v OPTIONAL { ?s e:q ?x } ?x e:p ?s }",
        "SELECT ?s (SUM(?v) AS ?n) { ?s e:n ?v } GROUP BY ?s HAVING (SUM(?v) > 2)",
        "SELECT DISTINCT ?s { ?s <p> ?v }",
        "SELECT DISTINCT ?s { ?s <http://example.org/x/../p> ?v }",
        "BASE <http://example.org/> SELECT DISTINCT ?s { ?s <p> ?v }",
        "SELECT DISTINCT ?s { ?s e:p ?v } ORDER BY ?v",
        "CONSTRUCT { ?s e:p ?v } { ?s e:p ?v } LIMIT 3",
        "SELECT DISTINCT ?s { ?s e:t ?v FILTER(REGEX(?v, 'a')) }",
        "SELECT DISTINCT ?s { ?s e:t ?v FILTER(?v = 'Lima'@es) }",
        "SELECT DISTINCT ?z { ?s e:p ?v }",
        "SELECT (COUNT(*) AS ?n) { ?s e:t ?v FILTER(?z = 1) }",
        "SELECT DISTINCT ?s {}",
        "SELECT DISTINCT ?s { ?s e:p ?v ?v e:q ?s }",
        "SELECT DISTINCT ?s { ?s e:p ?v } }",
        "SELECT DISTINCT ?s { ?s e:p \\u003Fv }",
        "PREFIX x: <id/> SELECT DISTINCT ?s { ?s e:p ?v FILTER(?v = x:x) }",
        "PREFIX x: <http://example.org/%zz> SELECT DISTINCT ?s { ?s e:p ?v }",
        "PREFIX x: <http://exa:> SELECT DISTINCT ?s { ?s x:x ?v }",
        "SELECT DISTINCT ?s { ?s e:p ?v FILTER(?v != <http://example.org/%zz>) }",
        "SELECT DISTINCT ?s { ?s e:p ?v FILTER(?v != <http://[::1>) }",
        "SELECT DISTINCT ?s { ?s e:p ?v FILTER(?v < 9223372036854775808) }",
        "SELECT DISTINCT\f?s { ?s e:p ?v }",
        "SELECT DISTINCT ?s { ?s e:p ?v } LIMIT 18446744073709551616",
        "SELECT DISTINCT ?s { ?s e:p ?v, ?v }",
    ],
)
def test_other_queries_are_left_to_the_engine(text: str) -> None:
    assert read_analytic(HEAD + text) is None


def test_a_wrong_query_is_reported_by_the_engine() -> None:
    store = EmbeddedStore(FIXED, columns=Columns(FIXED, patience=0))
    with pytest.raises(BadQuery, match="line 1"):
        store.query("SELECT DISTINCT ?s { ?s rdfs:label ?v ?v rdfs:label ?s }")
    with pytest.raises(BadQuery, match="SERVICE"):
        store.query("SELECT DISTINCT ?s { ?s rdfs:label ?v SERVICE <http://127.0.0.1:9/> {} }")
    assert len(store.query(f"{HEAD}SELECT DISTINCT ?s {{ ?s e:p ?v }}")) == 6


def filled(*facts: tuple[str, str, object]) -> ox.Store:
    """Return a store of facts: names, and a name or a term."""
    store = ox.Store()
    for subject, name, value in facts:
        end: Any = node(value) if isinstance(value, str) else value
        store.add(ox.Quad(node(subject), node(name), end, GRAPHS[0]))
    return store


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/\\u003E } SERVICE <http://127.0.0.1:9/x",
        "http://example.org/\\u003E) } } #",
        "http://example.org/a b",
        "http://example.org/%zz",
        "foo",
        "",
        "http://example.org/a\\u003E\\u0009<http://example.org/b",
        "http://example.org/a\\u003E\\u0009<http://example.org/b\\u003E\\u000A<http://example.org/c",
        "http://example.org/a\\u003E\\u000A<http://example.org/b\\u003E\\u0009<http://example.org/c",
    ],
)
def test_an_address_that_is_none_is_never_written_into_a_query(address: str) -> None:
    store = ox.Store()
    line = f"<{E}a> <{E}p> <{address}> <{E}g> ."
    store.load(line, format=ox.RdfFormat.N_QUADS, lenient=True)
    columns = Columns(store, patience=0)
    assert columns.answer(HEAD + "SELECT DISTINCT ?v { ?s e:p ?v }") is None
    assert columns.answer(HEAD + "CONSTRUCT { ?v e:p ?s } { ?s e:p ?v }") is None
    agree(store, HEAD + "SELECT (COUNT(*) AS ?n) { ?s e:p ?v }", columns)


def test_what_cannot_be_named_is_noticed_however_it_came_in() -> None:
    blank = ox.BlankNode("z")
    store = filled(("a", "p", blank), ("b", "q", blank), ("b", "t", ox.Literal("x")))
    columns = Columns(store, patience=0)
    for name in "pq":
        assert columns.answer(f"{HEAD}SELECT DISTINCT ?s {{ ?s e:{name} ?v FILTER(STR(?v) != '') }}") is None
    assert agree(store, HEAD + "SELECT DISTINCT ?s { ?s e:t ?v }", columns)


# Numbers the engine has no place for are none to it; as constants too.
LONG = ["9223372036854775808", "99999999999999999999999", "0.1234567890123456789", "0.0000000000000000001"]


@pytest.mark.parametrize("long", LONG)
def test_numbers_of_any_length_compare_as_the_engine_has_it(long: str) -> None:
    kind = "decimal" if "." in long else "integer"
    store = filled(("a", "p", typed("1", "integer")), ("b", "p", typed(long, kind)), ("c", "q", typed("1", "integer")))
    columns = Columns(store, patience=0)
    for name in "pq":
        for asked in (
            f"SELECT ?s {{ ?s e:{name} ?v FILTER(?v > 1) }}",
            f"SELECT ?s {{ ?s e:{name} ?v FILTER(?v != {long}) }}",
            f"SELECT ?s {{ ?s e:{name} ?v FILTER(!(?v > {long})) }}",
            f"SELECT ?s ?v {{ ?s e:{name} ?v }} ORDER BY ?v LIMIT 9",
            f"SELECT (SUM(?v) AS ?n) (MIN(?v) AS ?m) {{ ?s e:{name} ?v }}",
        ):
            agree(store, HEAD + asked, columns)


def test_which_of_equal_numbers_is_the_least_is_left_to_the_engine() -> None:
    store = filled(("a", "n", typed("2", "integer")), ("b", "n", typed("2.0", "decimal")))
    assert Columns(store, patience=0).answer(HEAD + "SELECT (MIN(?v) AS ?m) { ?s e:n ?v }") is None


@pytest.mark.parametrize("letter", ["\u1c89", "\ua7cb", "\u019b", "\u0264", "ß", "İ", "Σ", "é"])
def test_capitals_are_those_of_the_engine(letter: str) -> None:
    store = filled(("a", "t", ox.Literal(letter)))
    for function in ("LCASE", "UCASE"):
        agree(store, f"{HEAD}SELECT ?v {{ ?s e:t ?v FILTER({function}(?v) = ?v) }}", Columns(store, patience=0))


def test_a_triple_in_two_graphs_counts_as_the_engine_counts() -> None:
    store = ox.Store()
    for graph in GRAPHS:
        store.add(ox.Quad(node("a"), node("p"), node("b"), graph))
    columns = Columns(store, patience=0)
    for body in ("?s e:p ?v", "?s e:p ?v . ?s e:p ?v", "?s e:p ?v, ?v", "?s e:p ?v OPTIONAL { ?s e:p ?x ; e:p ?x }"):
        agree(store, f"{HEAD}SELECT (COUNT(*) AS ?n) {{ {body} }}", columns)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s { ?s e:p ?v FILTER(" + " || ".join(["?v = e:a"] * 600) + ") }",
        "SELECT ?s { ?s e:p ?v FILTER(" + "(" * 190 + "?v = e:a" + ")" * 190 + ") }",
        "SELECT ?s { ?s e:p ?v FILTER(" + "!" * 1500 + "(?v = e:a)) }",
        "SELECT DISTINCT ?s { ?s e:p ?v } OFFSET " + "0" * 5_000,
    ],
)
def test_long_queries_are_answered_as_ever(text: str) -> None:
    store = EmbeddedStore(FIXED, columns=Columns(FIXED, patience=0))
    assert store.query(HEAD + text).variables == ["s"]


def test_what_is_too_much_or_cannot_be_named_is_left_to_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    text = HEAD + "SELECT DISTINCT ?s ?v { ?s e:p ?v ; e:t ?x }"
    assert Columns(FIXED, patience=0).answer(text) is not None
    with monkeypatch.context() as patched:
        patched.setattr("peru_asia_graph.store.columnar.tables.MOST_BYTES", 1_000)
        # Asked again, it is not read again.
        columns = Columns(FIXED, patience=0)
        assert columns.answer(text) is None and columns.answer(text) is None
    with monkeypatch.context() as patched:
        patched.setattr("peru_asia_graph.store.columnar.join.MOST_CELLS", 9)
        assert Columns(FIXED, patience=0).answer(text) is None
        optional = HEAD + "SELECT DISTINCT ?s ?v { ?s a e:C OPTIONAL { ?s e:p ?v } }"
        assert Columns(FIXED, patience=0).answer(optional) is None
    monkeypatch.setattr("peru_asia_graph.store.columnar._MOST_CELLS", 5)
    assert Columns(FIXED, patience=0).answer(text) is None


def test_without_memory_the_engine_answers_and_columns_begin_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    columns, text = Columns(FIXED, patience=0), HEAD + "SELECT DISTINCT ?s { ?s e:p ?v }"
    with monkeypatch.context() as patched:
        patched.setattr(Tables, "_read", full)
        assert columns.answer(text) is None
    assert columns.answer(text) is not None


def test_columns_are_read_when_the_engine_has_taken_its_time() -> None:
    columns, text = Columns(FIXED, patience=1.0), HEAD + "SELECT DISTINCT ?s ?v { ?s e:p ?v ; e:t ?x }"
    columns.note(text, 0.6)
    columns.note(HEAD + "SELECT DISTINCT ?s { ?s e:q ?v }", 5.0)
    assert columns.answer(text) is None
    columns.note(HEAD + "SELECT (COUNT(*) AS ?n) { ?s e:t ?x ; e:p ?v }", 0.6)  # the same columns
    assert columns.answer(text) is not None
    # What has been read is used at once.
    assert columns.answer(HEAD + "SELECT DISTINCT ?v { ?s e:p ?v }") is not None


def test_columns_are_for_stores_on_disk_and_large_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "graph.nt"
    file.write_text("".join(f"<{E}{n}> <{E}p> <{E}{n % 7}> .\n" for n in range(2_000)), "utf-8")
    ox.Store(str(tmp_path / "folder")).bulk_load(path=str(file))
    text = HEAD + "SELECT ?v (COUNT(*) AS ?n) { ?s e:p ?v } GROUP BY ?v ORDER BY ?v"
    expected = EmbeddedStore.load(file).query(text).table()
    assert [row[1] for row in expected] == [286] * 5 + [285] * 2
    given: list[bool] = []
    answer = Columns.answer

    def asked(self: Columns, text: str) -> Any:
        found = answer(self, text)
        given.append(found is not None)
        return found

    monkeypatch.setattr(Columns, "answer", asked)
    # A small file, and a store others may add to.
    for store in (EmbeddedStore.load(file), EmbeddedStore.of(ox.parse(path=str(file)))):
        assert store.query(text).table() == expected
    assert given == []
    monkeypatch.setattr("peru_asia_graph.store.embedded._LARGE", 1_000)
    for store in (EmbeddedStore.load(file), EmbeddedStore.open(tmp_path / "folder")):
        given.clear()
        assert store._columns is not None
        assert store.query(text).table() == expected
        store._columns.note(text, 1.0)
        assert store.query(text).table() == expected
        assert given == [False, True]


def test_the_shipped_queries_get_the_same_answers() -> None:
    project = find_project()
    store = ox.Store()
    store.load(path=str(project.graph))
    columns = Columns(store, patience=0)
    files = [
        path for name in ("tables", "pages", "networks", "rules") for path in (project.ontology / name).glob("*.rq")
    ]
    texts = [path.read_text("utf-8") for path in files]
    answered = sum(agree(store, text, columns) for text in texts if "$" not in text and "INSERT" not in text)
    assert len(texts) > 20 and answered > 0


def test_prefixes_are_read_as_the_engine_reads_them() -> None:
    columns = Columns(FIXED, patience=0)
    for head in (
        "# PREFIX e: <http://example.org/wrong/>\nPREFIX x: <http://example.org/wrong/> prefix e:<http://example.org/>\n#\n",
        "PREFIX e: <http://example.org/wrong/> PREFIX e: <http://example.org/>\r\n",
        "\tPrefix E: <http://example.org/wrong/>PREFIX e:<http://example.org/>",
        "PREFIX rdf: <http://example.org/wrong/> PREFIX e: <http://example.org/> ",
    ):
        assert agree(FIXED, head + "SELECT DISTINCT ?s { ?s a e:C ; e:p ?v }", columns), head

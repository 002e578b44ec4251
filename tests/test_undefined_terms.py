"""Queries with terms undefined in the ontology are answered with a warning in every interface."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.parse
import urllib.request
import warnings

import pytest

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.query_warnings import UndefinedTerm, find_undefined, find_unknown
from peru_asia_graph.store.embedded import EmbeddedStore

TERMS = frozenset({"State", "Stake", "owner", "owned", "sharePercent"})
WRONG = "SELECT ?x { ?x a pag:state ; pag:shareInPercent 5 }"
WARNINGS = ["pag:state is not defined in the ontology", "pag:shareInPercent is not defined in the ontology"]


@pytest.mark.parametrize(
    ("query", "undefined"),
    [
        ("ASK { ?s a pag:State ; pag:owner ?o }", []),
        ("ASK { ?s a pag:Stat }", ["pag:Stat"]),
        ("ASK { ?s pag:Owner/pag:owner ?o ; pag:Owner ?p }", ["pag:Owner"]),
        ("ASK { ?s <https://w3id.org/peru-asia-graph/ontology#ownr> ?o }", ["pag:ownr"]),
        ("PREFIX o: <https://w3id.org/peru-asia-graph/ontology#> ASK { ?s o:ownr ?o }", ["pag:ownr"]),
        ("ASK { ?s <ontology#ownr> ?o }", ["pag:ownr"]),
        ("BASE <https://w3id.org/> ASK { ?s <peru-asia-graph/ontology#ownr> ?o }", ["pag:ownr"]),
        ("BASE <https://w3id.org/peru-asia-graph/> PREFIX o: <ontology#> ASK { ?s o:ownr ?o }", ["pag:ownr"]),
        ("BASE <https://w3id.org/peru-asia-graph/ontology> ASK { ?s <#ownr> ?o }", ["pag:ownr"]),
        ("BASE <http://example.org/> ASK { ?s <ontology#ownr> ?o ; <http://[> ?x }", []),
        # Other namespaces, strings, comments, variables and the bare namespace are not terms.
        ("PREFIX pag: <http://example.org/> ASK { ?s pag:ownr ?o }", []),
        ("ASK { ?s rdfs:label 'pag:ownr' } # pag:ownr", []),
        ("ASK { ?pag ?ownr ?o FILTER(STRSTARTS(STR(?o), STR(pag:))) }", []),
        ("ASK { ?s pag:valid.from ?o }", ["pag:valid.from"]),
        ("ASK { ?s pag:State.owner ?o }", ["pag:State.owner"]),
        ("ASK { ?s a pag:State. ?o a pag:Stat. }", ["pag:Stat"]),
        ("PREFIX pag: <https://w3id.org/peru-asia-graph/ontology#> ASK { ?s a pag:State, pag:Stat }", ["pag:Stat"]),
        ("prefix xpag: <https://w3id.org/peru-asia-graph/ontology#> ASK { ?s a xpag:Stat }", ["pag:Stat"]),
    ],
)
def test_undefined_terms_of_a_query(query: str, undefined: list[str]) -> None:
    assert [warning.partition(" ")[0] for warning in find_undefined(query, TERMS)] == undefined


def test_closest_term_comes_first() -> None:
    assert find_undefined("ASK { ?s a pag:STATE }", TERMS)[0].endswith("did you mean 'pag:State' or 'pag:Stake'?")
    assert find_undefined("ASK { ?s pag:xyzzy ?o }", TERMS) == ["pag:xyzzy is not defined in the ontology"]
    assert find_undefined("ASK { ?s pag:xyzzy ?o }", frozenset()) == []


def test_python_warns(kg: KnowledgeGraph) -> None:
    with pytest.warns(UndefinedTerm) as found:
        assert not kg.query(WRONG)
    assert [str(one.message).partition(";")[0] for one in found] == WARNINGS
    assert found[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert kg.query("ASK { ?x a pag:State }")


def test_shipped_queries_use_only_defined_terms(kg: KnowledgeGraph) -> None:
    for question in kg.questions.values():
        assert kg.warnings(question.text) == [], question.name


def test_command_warns_on_stderr() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "peru_asia_graph", "query", WRONG, "-f", "csv"], capture_output=True, encoding="utf-8"
    )
    assert (done.returncode, done.stdout) == (0, "x\n")
    lines = done.stderr.splitlines()
    assert [line.partition(";")[0] for line in lines] == [f"Warning: {one}" for one in WARNINGS]
    assert "'pag:sharePercent'" in lines[1]


def warning_of(site: str, query: str) -> str | None:
    url = f"{site}/sparql?{urllib.parse.urlencode({'query': query})}"
    with urllib.request.urlopen(url) as answer:
        assert "Pag-Warning" in answer.headers["Access-Control-Expose-Headers"]
        return answer.headers["Pag-Warning"]


def test_endpoint_warns_in_a_header(site: str) -> None:
    for _ in range(2):  # the second response comes from the cache
        found = warning_of(site, WRONG)
        assert found is not None
        assert [one.partition(";")[0] for one in found.split(" | ")] == WARNINGS
    assert warning_of(site, "ASK { ?x a pag:State }") is None
    assert warning_of(site, "ASK { ?x pag:dueño ?y }") == "pag:due\\xf1o is not defined in the ontology"


@pytest.mark.slow
def test_query_page_shows_the_warning(site: str, browser: object) -> None:
    page = browser.new_page()  # type: ignore[attr-defined]
    page.goto(f"{site}/query")
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.locator("#warning").is_hidden()
    page.fill("#text", WRONG)
    page.click("#query button")
    page.wait_for_selector("#warning:visible")
    assert "did you mean 'pag:State'" in page.locator("#warning").inner_text()
    page.fill("#text", "SELECT ?x { ?x a pag:State }")
    page.press("#text", "Control+Enter")
    page.wait_for_selector("table.answer")
    assert page.locator("#warning").is_hidden()
    page.close()


@pytest.mark.parametrize(
    ("query", "unknown"),
    [
        (r"ASK { ?o pag:measure code:measure\/ore-tonnage ; pag:figureOf id:peru FILTER(STR(?o) > STR(id:)) }", []),
        (
            "ASK { ?o pag:measure code:ore-tonnage }",
            [r"code:ore-tonnage is not in the graph; did you mean 'code:measure\/ore-tonnage'?"],
        ),
        (
            "SELECT * { <https://w3id.org/peru-asia-graph/id/block8> pag:owner id:cnpc }",
            ["id:block8 is not in the graph; did you mean 'id:block-8'"],
        ),
        (
            r"SELECT * { ?s pag:certainty code:certainty\/posible }",
            [r"code:certainty/posible is not in the graph; did you mean 'code:certainty\/possible'"],
        ),
        (
            "PREFIX t: <https://w3id.org/peru-asia-graph/id/> SELECT * { t:nil ?p t:nil }",
            ["id:nil is not in the graph"],
        ),
        ("PREFIX t: <https://w3id.org/peru-asia-graph/id/> # is it there?\nASK { t:nil ?p t:nil }", []),
        ("SELECT * { GRAPH graph:gem { ?s ?p ?o } GRAPH graph:derived {} } LIMIT 1", []),
        ("SELECT * { GRAPH graph:gme { ?s ?p ?o } }", ["graph:gme is not in the graph; did you mean 'graph:gem'"]),
        (
            "SELECT * FROM <https://w3id.org/peru-asia-graph/graph/gme> { ?s ?p ?o }",
            ["graph:gme is not in the graph; did you mean 'graph:gem'"],
        ),
        ("PREFIX id: <http://example.org/> ASK { id:nil ?p 'id:nil' } # id:nil", []),
    ],
)
def test_unknown_things_codes_and_graphs_are_reported(kg: KnowledgeGraph, query: str, unknown: list[str]) -> None:
    # Only the closest suggestion; others may follow.
    found = [re.split(r"\?$|, '| or '", warning, maxsplit=1)[0] for warning in kg.warnings(query)]
    assert found == [warning.removesuffix("?") for warning in unknown]


def test_prefixes_are_resolved_and_found_names_cached(kg: KnowledgeGraph) -> None:
    known: set[str] = set()
    for query in ("PREFIX id: <http://example.org/> SELECT * { id:nil ?p 1 }", "SELECT * { ?s ?p 'id:nil' } # id:nil"):
        assert find_unknown(kg.store, query, known) == [] and known == set()
    block = "PREFIX id: <https://w3id.org/peru-asia-graph/id/> SELECT * { id:block-8 ?p id:peru. }"
    assert find_unknown(kg.store, block, known) == [] and known == {"id:block-8", "id:peru"}
    nothing = EmbeddedStore.of([])
    assert find_unknown(nothing, block, known) == []
    assert find_unknown(nothing, "SELECT * { id:block-8 ?p id:china }", known) == [
        "id:block-8 is not in the graph", "id:china is not in the graph",
    ]  # fmt: skip
    assert known == {"id:block-8", "id:peru"}

"""Third-party clients against a running server: curl, SPARQLWrapper, rdflib, Comunica, and pages in Chromium."""

from __future__ import annotations

import csv
import itertools
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDF,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)  # fmt: skip

import servers
from peru_asia_graph.vocabulary import BASE, PREFIXES

ROOT = Path(__file__).parents[1]
# Block 8: the four shares of Table 6, and the two that Table 7 gives for the owners of Pluspetrol Norte.
# The default graph is the union of all sources: Tables 6 and 7 of the paper, record OG0004942 of GEM (11.7).
SHARES = {"8.3", "11.6", "11.7", "20", "27", "33", "60"}
QUERY = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("pag", "id", "rdfs")) + (
    "SELECT DISTINCT ?share WHERE { ?s a pag:Stake ; pag:owned id:block-8 ; pag:sharePercent ?share }"
)
CONSTRUCT = f"CONSTRUCT WHERE {{ <{BASE}id/block-8> <{PREFIXES['rdfs']}label> ?l }}"


def curl(*words: str) -> str:
    """Run curl; skip the test if it is not installed."""
    done = subprocess.run([servers.find("curl"), "-sS", "--fail", *words], capture_output=True, check=True)
    return done.stdout.decode()


def test_curl(site: str) -> None:
    response = curl(f"{site}/sparql", "--data-urlencode", f"query={QUERY}", "-H", "Accept: text/csv")
    assert {row["share"] for row in csv.DictReader(response.splitlines())} == SHARES
    response = curl("-G", f"{site}/sparql", "--data-urlencode", f"query={QUERY}", "--compressed")
    assert len(json.loads(response)["results"]["bindings"]) == len(SHARES)
    assert "Block 8" in curl("-L", "-H", "Accept: text/html", f"{site}/id/block-8")
    assert "@prefix" in curl("-L", "-H", "Accept: text/turtle", f"{site}/id/block-8")
    assert "200 OK" in curl("-I", f"{site}/sparql?query=ASK%7B%7D")


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper(site: str, method: str) -> None:
    wrapper = SPARQLWrapper(f"{site}/sparql")
    wrapper.setMethod(method)
    wrapper.setQuery(QUERY)
    wrapper.setReturnFormat(JSON)
    answer: Any = wrapper.query().convert()
    assert {row["share"]["value"] for row in answer["results"]["bindings"]} == SHARES
    for form, words in ((XML, "<result>"), (CSV, "share"), (TSV, "?share")):
        wrapper.setReturnFormat(form)
        response: Any = wrapper.query()
        content = response.convert()
        assert words in (content.toxml() if form == XML else content.decode())
        # SPARQLWrapper does not close the responses it has read.
        response.response.close()
    wrapper.setQuery(CONSTRUCT)
    wrapper.setReturnFormat(TURTLE)
    assert b"Block 8" in wrapper.query().convert()


QUERIES = {"SELECT": QUERY, "ASK": "ASK {}", "CONSTRUCT": CONSTRUCT, "DESCRIBE": f"DESCRIBE <{BASE}id/block-8>"}
REQUESTS = {"GET": (GET, URLENCODED), "POST": (POST, URLENCODED), "POST directly": (POST, POSTDIRECTLY)}
RETURNED = (None, XML, JSON, CSV, TSV, TURTLE, N3, RDF, RDFXML, JSONLD)


def asked_for(form: str | None, is_graph: bool) -> str:
    """Return the media type of a SPARQLWrapper format; empty if it has none for this kind of query.

    Without a format SPARQLWrapper asks for XML.
    """
    rows = {XML: "application/sparql-results+xml", JSON: "application/sparql-results+json"}
    rows |= {CSV: "text/csv", TSV: "text/tab-separated-values"}
    graphs = {XML: "application/rdf+xml", JSON: "application/ld+json", TURTLE: "text/turtle", N3: "text/turtle"}
    graphs |= {RDF: "application/rdf+xml", RDFXML: "application/rdf+xml", JSONLD: "application/ld+json"}
    return (graphs if is_graph else rows).get(form or XML, "")


@pytest.mark.filterwarnings("ignore")
def test_sparqlwrapper_in_every_form_method_and_format(site: str) -> None:
    statuses = {}
    for (kind, text), (name, (method, request)), form in itertools.product(QUERIES.items(), REQUESTS.items(), RETURNED):
        wrapper = SPARQLWrapper(f"{site}/sparql")
        wrapper.setMethod(method)
        wrapper.setRequestMethod(request)
        if form is not None:
            wrapper.setReturnFormat(form)
        wrapper.setQuery(text)
        answer: Any = wrapper.query()
        with answer.response:
            statuses[kind, name, form] = answer.response.status
            media = answer.info()["content-type"].split(";")[0]
            assert media == (asked_for(form, kind in ("CONSTRUCT", "DESCRIBE")) or media), (kind, name, form)
            assert answer.convert()
    for kind, name in itertools.product(QUERIES, REQUESTS):
        print(f"{kind:<10} {name:<14}", *(statuses[kind, name, form] for form in RETURNED))
    assert set(statuses.values()) == {200} and len(statuses) == 120


def test_curl_gets_a_message_for_an_overlong_url(site: str) -> None:
    url = f"{site}/sparql?query=ASK%7B%7D%23{'a' * 100_000}"
    done = subprocess.run([servers.find("curl"), "-sS", "-w", "%{http_code}", url], capture_output=True, check=True)
    assert done.stdout == b"the URL is over 65,536 bytes; send the query by POST\n414"


def test_rdflib_store_and_service(site: str) -> None:
    store = SPARQLStore(f"{site}/sparql")
    graph = rdflib.Graph(store=store)
    assert {str(row[0]) for row in graph.query(QUERY)} == SHARES
    thing = rdflib.URIRef(f"{BASE}id/block-8")
    assert str(graph.value(thing, rdflib.RDFS.label)) == "Block 8"
    local = rdflib.Graph()
    local.add((thing, rdflib.RDFS.comment, rdflib.Literal("mine")))
    joined = local.query(f"SELECT ?l WHERE {{ ?x rdfs:comment 'mine' SERVICE <{site}/sparql> {{ ?x rdfs:label ?l }} }}")
    assert [str(row[0]) for row in joined] == ["Block 8"]


@pytest.mark.slow
def test_comunica(site: str) -> None:
    program = ROOT / "tests" / "tools" / "comunica" / "node_modules" / ".bin" / "comunica-sparql"
    if shutil.which("node") is None or not program.exists():
        pytest.skip("Comunica is not installed: sh tests/tools/install.sh")
    command = [str(program), f"sparql@{site}/sparql", QUERY, "-t", "text/csv"]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert {line.strip() for line in done.stdout.decode().splitlines()[1:] if line.strip()} == SHARES
    linked = [str(program), f"{site}/data/id/block-8.ttl", CONSTRUCT, "-t", "application/n-triples"]
    assert b'"Block 8"' in subprocess.run(linked, capture_output=True, timeout=120, check=True).stdout


@pytest.fixture(scope="module")
def page(site: str, browser: Any) -> Iterator[Any]:
    """A browser page, with its external requests and its console messages."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.elsewhere, opened.console_lines = [], []
    opened.on("request", lambda one: one.url.startswith((site, "data:")) or opened.elsewhere.append(one.url))
    opened.on("console", lambda one: opened.console_lines.append(one.text))
    opened.on("pageerror", lambda one: opened.console_lines.append(str(one)))
    yield opened
    opened.close()
    assert opened.elsewhere == [] and opened.console_lines == []


def test_query_page_runs_questions_with_labels_and_charts(site: str, page: Any) -> None:
    page.goto(f"{site}/query")
    page.select_option("#example", "exports-by-sector")
    page.wait_for_selector("table.answer")
    assert "Mining and Oil" in page.inner_text("table.answer")
    assert page.inner_text("table.answer td.number >> nth=0") == "16.2"
    page.click("#chart")
    page.wait_for_selector("#answer svg.chart rect")
    # Eight sectors for each of three countries and the world.
    assert page.locator("svg.chart rect").count() == 32
    assert page.locator("#example option").count() > 100


def test_query_page_shows_names_and_permalinks(site: str, page: Any) -> None:
    query = "SELECT ?thing WHERE { VALUES ?thing { id:block-8 } ?thing a pag:HydrocarbonBlock } #"
    page.goto(f"{site}/query")
    page.goto(f"{site}/query#query={query.replace(' ', '%20').replace('#', '%23')}")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.input_value("#text") == query
    page.press("#text", "Control+Enter")
    page.wait_for_selector("table.answer a")
    link = page.locator("table.answer a").first
    assert (link.inner_text(), link.get_attribute("href")) == ("Block 8", "/id/block-8")
    page.fill("#text", "ASK { id:block-8 a pag:HydrocarbonBlock }")
    page.click("#query button")
    page.wait_for_selector("#answer .verdict")
    assert page.inner_text("#answer .verdict") == "Yes"


def test_query_page_shows_the_answer_to_the_last_query(site: str, browser: Any) -> None:
    page, held = browser.new_page(), list[Any]()
    page.goto(f"{site}/query")
    page.route("**/sparql", lambda route: held.append(route) if not held else route.continue_())
    page.fill("#text", "SELECT ?slow { ?slow a pag:State }")
    page.press("#text", "Control+Enter")
    page.fill("#text", "ASK { id:block-8 a pag:HydrocarbonBlock }")
    with page.expect_event("requestfailed") as ended:
        page.press("#text", "Control+Enter")
    page.wait_for_selector("#answer .verdict")
    assert len(held) == 1 and ended.value.url == held[0].request.url and "slow" in (ended.value.post_data or "")
    page.route("**/sparql", lambda route: route.abort())
    page.press("#text", "Control+Enter")
    page.wait_for_selector("#answer .failure")
    page.close()


@pytest.mark.slow
def test_pages_in_a_browser(site: str, page: Any) -> None:
    page.goto(site)
    page.fill("input[name=q]", "Mina Justa")
    page.press("input[name=q]", "Enter")
    page.wait_for_url("**/page/id/mina-justa")
    assert "Direct holders" in page.inner_text("main")
    page.locator('a[href="/ownership#chosen=mina-justa"]').first.click()
    page.wait_for_url("**/ownership#**")
    page.locator("#panel h2 a").click()
    page.wait_for_url("**/page/id/mina-justa")
    page.goto(f"{site}/questions/timeline")
    page.fill("input[name=country]", "Japan")
    page.click("main button")
    page.wait_for_url("**/questions/timeline?*country=Japan*")  # the previous page has a table too
    assert "Japan" in page.inner_text("main table")

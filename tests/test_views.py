"""Pages as HTML: complete, free of external requests, safe with any name, reproducible byte for byte."""

from __future__ import annotations

import copy
import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from babel import Locale
from click.testing import CliRunner

import peru_asia_graph
from graphs import HOSTILE, generated, hostile
from page_data import data_of, make_pages
from peru_asia_graph.cli import pag
from peru_asia_graph.errors import WrongUse
from peru_asia_graph.exporters.html_pages import neighbourhood
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.views.graph_data import read_edges, read_nodes
from peru_asia_graph.views.network_page import network_page
from peru_asia_graph.views.page_registry import page_kinds
from peru_asia_graph.views.sanitize import sanitize
from peru_asia_graph.views.shared_files import shared_files
from peru_asia_graph.views.shell import as_script_data, script_names, texts
from peru_asia_graph.views.words import LANGUAGES, countries, words

ROOT = Path(__file__).parents[1]
VIEWS = ROOT / "src" / "peru_asia_graph" / "views"


def small() -> nx.MultiDiGraph[str]:
    """Two owners of one mine."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("a", label="Ríos & Sons", type="Firm", country="china", citations="p. 1 ¶1")
    graph.add_node("b", label="Bergbau", type="Firm")
    graph.add_node("m", label="Mina <Uno>", type="MiningProject")
    graph.add_edge("a", "m", key="a-in-m", relation="stake", share=60.0, valid_from="2010", valid_until="2012-05")
    graph.add_edge("b", "m", key="b-in-m", relation="stake", certainty="former")
    return graph


def test_page_is_a_complete_document_without_external_hosts() -> None:
    text = network_page(small(), "ownership", title="A <title> & more", assets="assets")
    assert text.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>A &lt;title&gt; &amp; more</title>" in text
    assert "default-src &#39;none&#39;" in text and "unsafe" not in text
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", text)
    HTMLParser().feed(text)


@pytest.mark.slow
def test_every_page_in_the_folder_is_small_and_shares_its_script(kg: KnowledgeGraph) -> None:
    files = make_pages(kg.store, ROOT / "ontology")
    for name, data in files.items():
        assert len(data) < 1_200_000, name
        if name.endswith(".html"):
            read = re.sub(rb'<script type="application/json".*?</script>', b"", data, flags=re.DOTALL)
            assert b"https://" not in read and len(data) < 300_000


@pytest.mark.parametrize("kind", page_kinds())
def test_single_file_is_small_and_self_contained(sources: KnowledgeGraph, kind: str) -> None:
    text = sources.view(kind).html
    assert len(text.encode()) < 1_200_000
    assert re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', text.split('id="data"')[0]) == []
    assert "sha256-" in text and "@font-face" in text


def test_table_without_javascript_has_everything() -> None:
    text = network_page(small(), "ownership", assets="assets")
    table = text.split("<noscript>")[1].split("</noscript>")[0]
    assert table.count("<tr>") == 3 and "Ríos &amp; Sons" in table and "60 %" in table and "Mina &lt;Uno&gt;" in table


@pytest.mark.parametrize(
    ("relation", "dates", "expected"),
    [
        ("stake", {"valid_from": "2012~"}, "from about 2012"),
        ("stake", {"valid_from": "[..1909]", "valid_until": "1909"}, "until 1909"),
        ("participant", {"valid_from": "2008"}, "2008"),  # took part in that year, not from then on
        ("stake", {"valid_from": "/" * 3000}, ""),  # not a date
    ],
)
def test_table_without_javascript_spells_out_dates(relation: str, dates: dict[str, str], expected: str) -> None:
    graph = nx.MultiDiGraph()
    graph.add_edge("a", "b", key="k", relation=relation, **dates)
    table = network_page(graph).split("<noscript>")[1].split("</noscript>")[0]
    assert f"<bdi>{expected}</bdi>" in table if expected else "///" in table


def test_home_state_outside_the_list_of_countries_has_its_label() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("firm", label="Firm", type="Firm", country="w-tr", country_label="Türkiye")
    graph.add_node("other", label="Other", type="Firm", country="w-up", country_label="Utopia")
    graph.add_node("w-at", label="Atlantis", type="State", country="w-at")
    named = data_of(network_page(graph, "ownership", assets="assets"))["countries"]
    assert named["w-at"]["es"] == "Atlantis"
    assert (named["w-tr"]["code"], named["w-tr"]["es"]) == ("TR", "Turquía")
    assert named["w-up"] == {"en": "Utopia", "es": "Utopia"}


def test_graph_is_not_modified() -> None:
    graph = small()
    before = copy.deepcopy((list(graph.nodes(data=True)), list(graph.edges(keys=True, data=True))))
    network_page(graph, "ownership")
    assert before == (list(graph.nodes(data=True)), list(graph.edges(keys=True, data=True)))


def test_nodes_and_edges_are_read_from_a_graph() -> None:
    first, second = read_edges(small())
    assert (first["id"], first["share"], first["start"], first["end"]) == ("a|a-in-m|m", 60.0, 2010, 2012)
    assert "share" not in second and second["certainty"] == "former"
    assert [node["label"] for node in read_nodes(small())] == ["Bergbau", "Mina <Uno>", "Ríos & Sons"]


@pytest.mark.parametrize("make", [nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph])
def test_any_networkx_graph_can_be_drawn(make: Any, tmp_path: Path) -> None:
    graph = make([(1, 2), (2, ("a", "tuple")), (1, 1)])
    graph.add_node("alone", share=float("nan"))
    page = peru_asia_graph.draw(graph, "Odd names")
    assert len(data_of(page.html)["nodes"]) == 4 and len(data_of(page.html)["edges"]) == 3
    assert page.save(tmp_path / "odd.html").read_text("utf-8") == page.html


def test_notebook_view_cannot_escape_its_frame() -> None:
    shown = peru_asia_graph.draw(hostile(), HOSTILE[1])._repr_html_()
    assert shown.startswith("<iframe sandbox=") and shown.endswith("</iframe>")
    assert shown.count("<") == 2 and "allow-same-origin" not in shown


def test_view_of_a_year_and_a_neighbourhood(kg: KnowledgeGraph) -> None:
    data = data_of(kg.view("ownership", year=2012, around="Block 8", depth=2).html)
    assert data["start"] == {"year": "2012", "chosen": "block-8"}
    names = {node["id"] for node in data["nodes"]}
    assert {"block-8", "cnpc", "china", "south-korea", "block-115"} <= names
    assert "mina-justa" not in names and "rio-blanco" not in names


@pytest.mark.slow
def test_command_writes_a_file_or_a_folder(tmp_path: Path) -> None:
    run = CliRunner()
    one = tmp_path / "one" / "block.html"
    command = ["view", "ownership", "--around", "block 8", "--depth", "1", "--year", "2012", "--language", "es"]
    assert run.invoke(pag, [*command, "-o", str(one)]).exit_code == 0
    assert [path.name for path in one.parent.iterdir()] == ["block.html"]
    assert '<html lang="es">' in one.read_text("utf-8")
    shared = tmp_path / "many" / "trade.html"
    assert run.invoke(pag, ["view", "trade", "--shared", "-o", str(shared)]).exit_code == 0
    assert (shared.parent / "assets" / "page.js").is_file() and len(shared.read_bytes()) < 300_000
    refused = run.invoke(pag, ["view", "trade", "--year", "2012", "-o", str(shared)])
    assert isinstance(refused.exception, WrongUse)


def test_excessive_depth_gives_the_whole_neighbourhood() -> None:
    chain = nx.MultiDiGraph([("a", "b"), ("b", "c"), ("x", "y")])
    assert set(neighbourhood(chain, "a", 10**20)) == {"a", "b", "c"}


def test_unknown_kinds_languages_and_depths_are_rejected(kg: KnowledgeGraph) -> None:
    with pytest.raises(WrongUse, match="ownership, diplomacy, graph"):
        network_page(small(), "nope")
    with pytest.raises(WrongUse, match="en, es"):
        network_page(small(), language="fr")
    with pytest.raises(WrongUse, match="depth"):
        kg.view("ownership", around="Block 8", depth=-1)
    with pytest.raises(WrongUse, match="not in this network"):
        kg.view("diplomacy", around="Block 8")


def test_output_is_independent_of_hash_seed_and_graph_order() -> None:
    program = (
        "import hashlib, networkx as nx, graphs\n"
        "from peru_asia_graph.views.network_page import network_page\n"
        "graph = graphs.generated(60, 90); turned = nx.MultiDiGraph()\n"
        "turned.add_nodes_from(reversed(list(graph.nodes(data=True))))\n"
        "turned.add_edges_from(reversed(list(graph.edges(keys=True, data=True))))\n"
        "for one in (graph, turned):\n"
        "    print(hashlib.sha256(network_page(one, 'ownership').encode()).hexdigest())\n"
    )
    found = set()
    for seed in ("0", "1"):
        settings = {"PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}", "PATH": ""}
        done = subprocess.run([sys.executable, "-c", program], env=settings, capture_output=True, text=True, check=True)
        found |= set(done.stdout.split())
    assert found == {hashlib.sha256(network_page(generated(60, 90), "ownership").encode()).hexdigest()}


def test_deceptive_characters_are_removed_and_script_data_is_escaped() -> None:
    assert as_script_data({"a": "</script>&\u2028"})[1] == '{"a":"\\u003c/script\\u003e\\u0026\\u2028"}'
    kind, text = as_script_data({"a": "</script>" * 100}, limit=100)
    assert kind == "application/gzip" and re.fullmatch("[A-Za-z0-9+/=]+", text)
    assert sanitize("a\u202eb\n\x00c") == "a b c"
    assert len(sanitize("x" * 10_000)) == 2000


def test_shared_files_include_their_licences() -> None:
    names = set(shared_files())
    assert {"vis-network.min.js", "page.js", "page.css"} <= names
    assert {"vis-network.LICENSE-MIT", "vis-network.LICENSE-APACHE-2.0", "source-sans-3.LICENSE-OFL-1.1"} <= names


# --- texts -------------------------------------------------------------------------------------------------


def test_both_languages_have_the_same_strings() -> None:
    english, spanish = words("en"), words("es")
    for part in ("ui", "terms", "relations"):
        assert english[part].keys() == spanish[part].keys()
        assert all(spanish[part].values())
    for key, text in english["ui"].items():
        assert re.findall(r"\{\w+\}", text).sort() == re.findall(r"\{\w+\}", spanish["ui"][key]).sort()


def test_country_names_match_cldr() -> None:
    for language in LANGUAGES:
        names = Locale(language).territories
        assert all(row[language] == names[row["code"]] for row in countries().values())


def test_every_string_used_by_the_pages_exists() -> None:
    sources = "".join(path.read_text("utf-8") for path in (VIEWS / "script").glob("*.js"))
    used = set(re.findall(r'\bt\("([\w.]+)"', sources))
    template = (VIEWS / "templates" / "shell.html").read_text("utf-8")
    used |= set(re.findall(r'data-t(?:-label|-hint)?="([\w.]+)"', template))
    assert used - words("en")["ui"].keys() == set()


@pytest.mark.parametrize("kind", ["ownership", "diplomacy"])
def test_every_network_code_has_a_label_in_both_languages(kg: KnowledgeGraph, kind: str) -> None:
    data = data_of(kg.view(kind).html)
    codes = {node["type"] for node in data["nodes"]} | {node["event"] for node in data["nodes"] if "event" in node}
    codes |= {edge[name] for edge in data["edges"] for name in ("role", "certainty", "basis") if name in edge}
    codes |= {code for node in data["nodes"] for name in ("sector", "phase") for code in node.get(name, ())}
    for language in LANGUAGES:
        assert codes - words(language)["terms"].keys() == set()
        assert {edge["relation"] for edge in data["edges"]} <= words(language)["relations"].keys()
    homes = {node["country"] for node in data["nodes"] if "country" in node}
    assert homes - countries().keys() == set()


def test_descriptive_names_are_translated_to_spanish(kg: KnowledgeGraph) -> None:
    """Events, agreements and the like have descriptive names; names of firms, persons and mines are not translated."""
    proper = {"State", "Person", "Firm", "MiningProject", "Organization", "InternationalBody"}
    graph = kg.network("diplomacy")
    named = {node for node, facts in graph.nodes(data=True) if facts["type"] not in proper}
    shown = {node["id"]: node for node in data_of(kg.view("diplomacy").html)["nodes"]}
    assert {graph.nodes[node]["label"] for node in named if "es" not in shown[node]} <= {"KT-1"}


def test_bundle_defines_each_name_once() -> None:
    """All scripts share one scope, so a second definition of a name would silently replace the first."""
    bundle = "\n".join(path.read_text("utf-8") for path in (VIEWS / "script").glob("*.js"))
    names = re.findall(r"^(?:async )?(?:function|const|let) (\w+)", bundle, re.MULTILINE)
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_every_script_is_bundled_and_short() -> None:
    assert {path.stem for path in (VIEWS / "script").glob("*.js")} == set(script_names())
    for path in (VIEWS / "script").glob("*.js"):
        assert len(path.read_text("utf-8").splitlines()) <= 300, path.name
    assert "eval(" not in texts()["page.js"] and "innerHTML" not in texts()["page.js"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["ownership", "map"])
def test_large_page_has_a_note_on_what_makes_it_smaller(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ["view", kind, "-o", "page.html", "--store", str(ROOT / "exports" / "peru-asia-graph.trig")]
    assert "MB" not in CliRunner().invoke(pag, arguments).stderr
    monkeypatch.setattr("peru_asia_graph.cli.export._LARGE", 100_000)
    said = CliRunner().invoke(pag, arguments).stderr
    size = f"{Path('page.html').stat().st_size / 1e6:.1f}"
    around = ", --around NAME --depth 2" if kind == "ownership" else ""
    assert f"Note: the page has {size} MB; smaller with --source NAME{around} or --shared" in said

"""Exports: every reader gets the same graph, every build gives the same bytes, and files are always complete."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import to_canonical_graph

from peru_asia_graph.build.pipeline import Report
from peru_asia_graph.exporters.graphml import write_network
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.rdf.formats import FORMATS, WITH_GRAPHS, write_rdf, write_sorted
from peru_asia_graph.rdf.quads import SortedRow
from peru_asia_graph.vocabulary import BASE, PREFIXES, THING

ROOT = Path(__file__).parents[1]
TOOLS = ROOT / "tests" / "tools"
NO_GRAPH = ox.DefaultGraph()
KINDS = ("all", "ownership", "diplomacy")
Networks = Mapping[str, "nx.MultiDiGraph[str]"]
CONTRACT = {
    "entities": "id,sources,label,type,country,state_owned,names_as_printed,citations",
    "stakes": "id,source,owner,owner_label,owned,owned_label,share_percent,share_low,share_high,basis,certainty"
    ",valid_from,valid_until,as_of,citations",
    "investments": "id,source,project,project_label,investors,home_country,sector,amount_usd_million,year,status"
    ",citations,reported_by,comment_printed",
    "events": "id,source,label,type,date,end_date,participants,places,citations",
    "agreements": "id,source,label,type,parties,date,signed_on,in_force_on,ended_on,status,citations",
    "relations": "source,subject,subject_label,relation,object,object_label,from,until,certainty,citations,as_of",
    "observations": "id,source,table,flow,partner,category,period,measure,value,unit,citations,value_printed,qualifier,"
    "subject,ranked,scope,note",
    "citations": "id,locator,page,table,row,first_line,last_line,source,record,field,address,retrieved",
    "discrepancies": "id,source,label,description,citations,reading_used,statements,opposed_by",
    "rejected": "id,source,statement,kind,reason,about,citations",
    "missing_notes": "id,source,kind,number,marks,about,note,citations",
    "names": "id,source,thing,thing_label,name,citations",
    "claims": "id,source,label,stated,recomputed,unit,verdict,citations",
    "effective_ownership": "source,as_of,owner,owner_label,asset,asset_label,direct_percent,effective_low"
    ",effective_percent,effective_high,paths,citations,held_then,derivation",
    "differences": "id,kind,subject,subject_label,property,source_a,value_a,statement_a,source_b,value_b,statement_b"
    ",citations",
}


def need(tool: str) -> str:
    """Return the path of an external tool, or skip the test."""
    found = shutil.which(tool)
    if found is None:
        pytest.skip(f"{tool} is not installed (tests/tools/install.sh installs it where it may)")
    return found


def digest(statements: Iterable[ox.Quad | ox.Triple]) -> str:
    """Return a digest of the statements in any order; a quad without a graph counts as its triple."""
    lines = {str(one.triple if isinstance(one, ox.Quad) and one.graph_name == NO_GRAPH else one) for one in statements}
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def canonical(lines: bytes) -> str:
    """Return a digest of N-Quads or N-Triples that is independent of order and spelling."""
    return digest(ox.parse(lines, format=ox.RdfFormat.N_QUADS))


@pytest.fixture(scope="session")
def files(built: Report) -> dict[str, bytes]:
    """The files that a build would write."""
    return built.files


@pytest.fixture(scope="session")
def written(built: Report, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each RDF format as a file."""
    return write_formats(built.rows, tmp_path_factory.mktemp("rdf"), built.files)


def write_formats(rows: Sequence[SortedRow], folder: Path, files: Mapping[str, bytes]) -> dict[str, Path]:
    """Write each RDF format to a file; those in ``files`` are taken from there."""
    endings = {**{form: kind.file_extension for form, kind in FORMATS.items()}, "jsonld": "jsonld"}
    paths = {form: folder / f"peru-asia-graph.{ending}" for form, ending in endings.items()}
    for form, path in paths.items():
        data = files.get(path.name)
        path.write_bytes(write_sorted(rows, form) if data is None else data)
    return paths


@pytest.fixture(scope="session")
def triples(built: Report) -> str:
    """The digest of the merged graph."""
    return digest(quad.triple for quad in built.quads)


@pytest.fixture(scope="session")
def quads(built: Report) -> str:
    """The digest of the graph with its named graphs."""
    return digest(built.quads)


@dataclass(frozen=True)
class Written:
    """A graph written in every RDF format, with its digests with and without named graphs."""

    paths: Mapping[str, Path]
    triples: str
    quads: str


@pytest.fixture(scope="module", params=["paper", pytest.param("whole", marks=pytest.mark.long)])
def for_rdflib(request: pytest.FixtureRequest, built: Report, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The graph for a slow reader: the paper, which has statements of every kind, and the ontology; or everything."""
    names = {f"{BASE}graph/{name}" for name in ("sanborn-yong", "reference", "ontology", "description")}
    rows = [row for row in built.rows if request.param == "whole" or row[0][3][1:-1] in names]
    assert {row[0][3][1:-1] for row in rows} >= names
    paths = write_formats(rows, tmp_path_factory.mktemp("rdflib"), {})
    return Written(paths, digest(quad.triple for _, quad in rows), digest(quad for _, quad in rows))


@pytest.fixture(scope="module")
def networks(kg: KnowledgeGraph) -> Networks:
    """The networks of the paper."""
    return {kind: kg.network(kind) for kind in KINDS}


def test_no_blank_nodes_and_no_ill_typed_literals(built: Report) -> None:
    assert not any("_:" in str(quad)[:2] or isinstance(quad.object, ox.BlankNode) for quad in built.quads)
    literals = {quad.object for quad in built.quads if isinstance(quad.object, ox.Literal)}
    ill = [
        literal
        for literal in literals
        if rdflib.Literal(literal.value, datatype=rdflib.URIRef(literal.datatype.value)).ill_typed
        and not literal.language
    ]
    assert ill == []


@pytest.mark.parametrize("form", FORMATS)
def test_pyoxigraph_reads_the_graph(written: dict[str, Path], triples: str, quads: str, form: str) -> None:
    read = ox.parse(path=str(written[form]), format=FORMATS[form])
    assert digest(read) == (quads if form in WITH_GRAPHS else triples)


@pytest.mark.slow
@pytest.mark.parametrize(("form", "name"), [("turtle", "turtle"), ("rdfxml", "xml"), ("ntriples", "nt")])
def test_rdflib_reads_the_graph(for_rdflib: Written, form: str, name: str) -> None:
    graph = rdflib.Graph().parse(for_rdflib.paths[form], format=name)
    assert canonical(graph.serialize(format="nt").encode()) == for_rdflib.triples


@pytest.mark.slow
@pytest.mark.parametrize(("form", "name"), [("trig", "trig"), ("nquads", "nquads"), ("jsonld", "json-ld")])
def test_rdflib_reads_named_graphs(for_rdflib: Written, form: str, name: str) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(for_rdflib.paths[form], format=name)
    assert canonical(dataset.serialize(format="nquads").encode()) == for_rdflib.quads


@pytest.mark.parametrize("form", ["turtle", "ntriples", "rdfxml", "trig", "nquads"])
def test_rapper_reads_the_graph(written: dict[str, Path], triples: str, quads: str, form: str) -> None:
    command = [need("rapper"), "-q", "-i", form, "-o", "nquads" if form in WITH_GRAPHS else "ntriples"]
    done = subprocess.run([*command, str(written[form])], capture_output=True, check=True)
    assert canonical(done.stdout) == (quads if form in WITH_GRAPHS else triples)
    assert form in WITH_GRAPHS or done.stderr == b""


@pytest.mark.parametrize(("form", "out"), [("turtle", "ntriples"), ("trig", "nquads"), ("nquads", "nquads")])
def test_serdi_reads_the_graph(written: dict[str, Path], triples: str, quads: str, form: str, out: str) -> None:
    command = [need("serdi"), "-i", form, "-o", out, str(written[form])]
    done = subprocess.run(command, capture_output=True, check=True)
    assert canonical(done.stdout) == (triples if out == "ntriples" else quads)


@pytest.mark.slow
def test_jsonld_js_reads_the_graph(written: dict[str, Path], quads: str) -> None:
    node = need("node")
    if not (TOOLS / "node_modules" / "jsonld").is_dir():
        pytest.skip("jsonld.js is not installed (tests/tools/install.sh installs it)")
    script = (
        "const j=require('jsonld'),fs=require('fs');"
        "j.toRDF(JSON.parse(fs.readFileSync(process.argv[1])),{format:'application/n-quads',"
        "documentLoader:u=>{throw new Error('request for '+u)}}).then(t=>process.stdout.write(t))"
    )
    done = subprocess.run([node, "-e", script, str(written["jsonld"])], capture_output=True, cwd=TOOLS, check=True)
    assert canonical(done.stdout) == quads


def test_graph_is_its_own_canonical_form(built: Report) -> None:
    few = [quad for quad in built.quads if quad.subject.value.endswith("/block-8")]
    graph = rdflib.Graph().parse(data=write_rdf(few, "turtle"), format="turtle")
    assert set(to_canonical_graph(graph)) == set(graph)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_networks_survive_a_round_trip(networks: Networks, tmp_path: Path, kind: str, form: str) -> None:
    graph = networks[kind]
    path = tmp_path / f"n.{form}"
    path.write_bytes(write_network(graph, form))
    read = nx.read_graphml(path, force_multigraph=True) if form == "graphml" else nx.read_gexf(path)
    assert {node: data["label"] for node, data in read.nodes(data=True)} == dict(graph.nodes(data="label"))
    wanted = sorted(
        (source, target, key, data.get("share")) for source, target, key, data in graph.edges(keys=True, data=True)
    )
    got = sorted(
        (source, target, data["statement"], data.get("share")) for source, target, data in read.edges(data=True)
    )
    assert str(got) == str(wanted)


@pytest.mark.parametrize("kind", KINDS)
def test_igraph_reads_graphml(networks: Networks, tmp_path: Path, kind: str) -> None:
    import igraph

    graph = networks[kind]
    path = tmp_path / "n.graphml"
    path.write_bytes(write_network(graph, "graphml"))
    read = igraph.Graph.Read_GraphML(str(path))
    names = read.vs["id"]
    assert sorted(names) == sorted(graph.nodes)
    edges = sorted((names[edge.source], names[edge.target], edge["statement"]) for edge in read.es)
    assert edges == sorted((source, target, key) for source, target, key in graph.edges(keys=True))
    owned = {node: {True: "yes", None: ""}[value] for node, value in graph.nodes(data="state_owned")}
    assert "state_owned" not in read.vs.attributes() or dict(zip(names, read.vs["state_owned"], strict=True)) == owned
    for name in ("from_year", "until_year"):
        stated = {key: year for *_, key, year in graph.edges(keys=True, data=name) if year is not None}
        assert {edge["statement"]: edge[name] for edge in read.es if edge[name] == edge[name]} == stated


@pytest.mark.parametrize("kind", KINDS)
def test_gexf_is_dynamic_with_years_at_both_ends(networks: Networks, kind: str) -> None:
    graph = networks[kind]
    root = ElementTree.fromstring(write_network(graph, "gexf"))
    space = {"g": "http://gexf.net/1.3"}
    whole = root.find("g:graph", space)
    assert whole is not None and (whole.get("mode"), whole.get("timeformat")) == ("dynamic", "double")
    for one in root.iterfind(".//g:node", space):
        data = graph.nodes[one.attrib["id"]]
        wanted = (data.get("from_year"), data.get("until_year"))
        assert (one.get("start"), one.get("end")) == tuple(None if year is None else str(year) for year in wanted)
    times = sorted((str(one.get("start")), str(one.get("end"))) for one in root.iterfind(".//g:edge", space))
    ends = [(str(data.get("from_year")), str(data.get("until_year"))) for *_, data in graph.edges(data=True)]
    assert times == sorted(ends)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_no_attribute_is_long(networks: Networks, tmp_path: Path, kind: str, form: str) -> None:
    path = tmp_path / f"n.{form}"
    path.write_bytes(write_network(networks[kind], form))
    read = nx.read_graphml(path, force_multigraph=True) if form == "graphml" else nx.read_gexf(path)
    values = [value for _, data in read.nodes(data=True) for value in data.values()]
    values += [value for *_, data in read.edges(data=True) for value in data.values()]
    assert max(len(str(value)) for value in values) < 300 and not any(value is None for value in values)


@pytest.mark.parametrize("name", CONTRACT)
def test_flat_tables_keep_their_header_contract(files: dict[str, bytes], name: str) -> None:
    text = files[f"tables/{name}.csv"].decode()
    header, *rows = csv.reader(io.StringIO(text))
    assert ",".join(header) == CONTRACT[name] and rows and "\r" not in text
    cited = {row[0] for row in csv.reader(io.StringIO(files["tables/citations.csv"].decode()))}
    if header[-1] == "citations" or "citations" in header:
        column = header.index("citations")
        assert all(row[column] and set(row[column].split(";")) <= cited for row in rows)
    if header[0] == "id":
        # An agreement described by several sources has a row for each.
        ids = [row[:2] if name == "agreements" else row[:1] for row in rows]
        assert ids == sorted(ids) and len(ids) == len({tuple(one) for one in ids})


def test_flat_tables_have_every_row(files: dict[str, bytes], built: Report) -> None:
    from peru_asia_graph.sources.tables import read_source

    source = read_source(ROOT / "data" / "sanborn-yong")
    for name in (
        "entities",
        "stakes",
        "investments",
        "events",
        "observations",
        "citations",
        "discrepancies",
        "rejected",
        "missing_notes",
        "names",
    ):
        rows = list(csv.DictReader(io.StringIO(files[f"tables/{name}.csv"].decode())))
        ours = [row["id"] for row in rows if "sanborn-yong" in (row.get("source") or row["sources"])]
        # A place belongs to its source, and to the works it names.
        ids = sorted(row.text("id") for row in source.tables[name].rows)
        assert ours == ids


def table(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    """Return the rows of a flat table."""
    return list(csv.DictReader(io.StringIO(files[f"tables/{name}.csv"].decode())))


def test_single_date_is_not_a_start_date(files: dict[str, bytes]) -> None:
    """Page 7 mentions García as president in 2008, page 9 Fujimori from 1990 to 2000; neither says more."""
    offices = [row for row in table(files, "relations") if row["relation"] == "officeOf"]
    spans = {row["subject"]: [row["from"], row["until"], row["as_of"]] for row in offices}
    assert spans["alan-garcia"] == ["", "", "2008"] and spans["alberto-fujimori"] == ["1990", "2000", ""]
    held = {row["held_then"] for row in table(files, "effective_ownership") if row["asset"] == "antamina"}
    assert held == {"not-known-then"}


def test_agreement_dates_match_the_paper(files: dict[str, bytes]) -> None:
    """Page 7: the partnership of 2008, the trade agreement of 2009, the accords of April 2013; page 10: 2011."""
    dates = {row["id"]: row["date"] for row in table(files, "agreements") if row["source"] == "sanborn-yong"}
    assert {name: dates[f"peru-{name}"] for name in ("china-accords-2013", "china-fta", "korea-fta")} == {
        "china-accords-2013": "2013-04", "china-fta": "2009", "korea-fta": "2011-03-21",
    }  # fmt: skip
    assert dates["peru-china-strategic-partnership"] == "2008"
    assert dates["peru-china-comprehensive-strategic-partnership"] == ""


def test_facts_are_attributed_to_the_cited_source(kg: KnowledgeGraph) -> None:
    """Page 13 has two figures from ADEX, page 23 one factor from Kamiya and four from Gonzalez Vigil and Shimizu."""
    for source, kind, count in [("adex-export-figures-2012", "figure", 2), ("kamiya-2004", "finding", 1)]:
        assert sum(row["kind"] == kind for row in kg.ask("source-facts", source=source)) == count
    factors = [row for row in kg.ask("source-facts", source="gonzalez-vigil-shimizu-2012") if row["kind"] == "finding"]
    assert len(factors) == 4


def test_committed_exports_match_the_build(files: dict[str, bytes]) -> None:
    from folders import read_folder

    committed = read_folder(ROOT / "exports")
    assert sorted(committed) == sorted(files)
    assert [name for name, data in files.items() if committed[name] != data] == []


def test_pages_link_to_no_other_host(files: dict[str, bytes]) -> None:
    for name, data in files.items():
        if name.endswith(".html"):
            assert re.findall(rb"(?:src|href)=\"(?:https?:)?//[^\"]*", data) == []


def test_description_has_the_right_triple_count(built: Report, kg: KnowledgeGraph) -> None:
    row = kg.query("SELECT ?n { ?d a void:Dataset, dcat:Dataset ; void:triples ?n ; dcterms:license ?l }").table()
    others = {quad.triple for quad in built.quads if not quad.graph_name.value.endswith("/description")}
    assert row == [[len(others)]]


def test_jsonld_has_an_embedded_context(files: dict[str, bytes]) -> None:
    context = json.loads(files["peru-asia-graph.jsonld"])["@context"]
    assert isinstance(context, dict) and context["owner"] == {"@id": "pag:owner", "@type": "@id"}


def test_jsonld_declares_the_language_once_if_every_text_has_one() -> None:
    """English texts are then plain strings; a property with any text without a language keeps value objects."""
    thing, graph = ox.NamedNode(THING + "x"), ox.NamedNode(BASE + "graph/x")

    def quad(name: str, text: str, language: str | None) -> ox.Quad:
        return ox.Quad(thing, ox.NamedNode(PREFIXES["skos"] + name), ox.Literal(text, language=language), graph)

    quads = [quad("note", "a", "en"), quad("note", "b", "es"), quad("altLabel", "c", "en"), quad("altLabel", "d", None)]
    document = write_rdf(quads, "jsonld")
    assert json.loads(document)["@context"]["skos:note"] == {"@id": "skos:note", "@language": "en"}
    assert "skos:altLabel" not in json.loads(document)["@context"]
    assert set(ox.parse(document, format=ox.RdfFormat.JSON_LD)) == set(quads)
    assert b'"a"' in document and b'{"@value": "b", "@language": "es"}' in document

"""RDF of generated graphs with all kinds of terms, read back by third-party programs and compared canonically."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from any_terms import ODD_PREDICATES, canonical, datasets, directed, graphs, graphs_12, triple_terms, triples
from peru_asia_graph import load
from peru_asia_graph.errors import WrongUse
from peru_asia_graph.rdf.formats import FORMATS, WITH_GRAPHS, write_rdf

TOOLS = Path(__file__).parent / "tools"
RDFLIB = {
    "turtle": "turtle",
    "trig": "trig",
    "ntriples": "nt",
    "nquads": "nquads",
    "jsonld": "json-ld",
    "rdfxml": "xml",
}
# Control characters, raw or escaped as in N-Triples.
NOT_XML = r"\\[bf]|\\u00(?:0[0-8BCEF]|1)|\\uFFF[EF]|[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"


@pytest.fixture(autouse=True, scope="module")
def _literals_as_written() -> Iterator[None]:
    """Make rdflib keep the lexical forms of literals."""
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    yield
    rdflib.NORMALIZE_LITERALS = before


def quads_of(data: bytes) -> list[ox.Quad]:
    return list(ox.parse(data, format=ox.RdfFormat.N_QUADS))


def by_rdflib(data: bytes, form: str) -> list[ox.Quad]:
    dataset = rdflib.Dataset()
    dataset.parse(data=data, format=RDFLIB[form])
    return [quad for quad in map(_quad, dataset.quads()) if quad is not None]


def _quad(found: Any) -> ox.Quad:
    subject, predicate, value, graph = found
    at = ox.DefaultGraph() if graph in (None, DATASET_DEFAULT_GRAPH_ID) else _term(graph)
    return ox.Quad(_term(subject), _term(predicate), _term(value), at)


def _term(term: Any) -> Any:
    if isinstance(term, rdflib.BNode):
        # Its blank node labels may differ from Oxigraph's.
        return ox.BlankNode("r" + term.encode().hex())
    if isinstance(term, rdflib.Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        return ox.Literal(str(term), datatype=ox.NamedNode(term.datatype or rdflib.XSD.string))
    return ox.NamedNode(str(term))


def by_program(*command: str) -> Callable[[bytes, str], list[ox.Quad]]:
    """Return a reader that passes a file to a program, which writes N-Quads or N-Triples."""

    def read(data: bytes, form: str) -> list[ox.Quad]:
        if shutil.which(command[0]) is None:
            pytest.skip(f"{command[0]} is not installed (tests/tools/install.sh installs it)")
        done = subprocess.run(command, input=data, capture_output=True, timeout=60)
        assert done.returncode == 0, (done.stderr.decode(), data.decode())
        return quads_of(done.stdout)

    return read


def rapper(form: str) -> Callable[[bytes, str], list[ox.Quad]]:
    return by_program("rapper", "-q", "-i", form, "-o", "ntriples", "-", "http://base.example/")


def serdi(form: str) -> Callable[[bytes, str], list[ox.Quad]]:
    return by_program("serdi", "-q", "-i", form, "-o", "nquads", "-")


READERS = [
    ("turtle", by_rdflib),
    ("turtle", serdi("turtle")),
    ("trig", by_rdflib),
    ("trig", serdi("trig")),
    ("ntriples", by_rdflib),
    ("ntriples", serdi("ntriples")),
    ("ntriples", rapper("ntriples")),
    ("nquads", by_rdflib),
    ("nquads", serdi("nquads")),
    ("rdfxml", by_rdflib),
    ("rdfxml", rapper("rdfxml")),
    ("jsonld", by_rdflib),
]


@pytest.mark.parametrize(("form", "read"), READERS)
@settings(max_examples=40)
@given(data=st.data())
def test_programs_of_others_read_the_same_graph(
    form: str, read: Callable[[bytes, str], list[ox.Quad]], data: Any
) -> None:
    written = data.draw(datasets if form in WITH_GRAPHS else graphs)
    assume(form != "rdfxml" or not re.search(NOT_XML, "".join(map(str, written))))
    assert canonical(read(write_rdf(written, form), form)) == canonical(written)


def test_jsonld_js_reads_the_same_graphs(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not (TOOLS / "node_modules" / "jsonld").is_dir():
        pytest.skip("jsonld.js is not installed (tests/tools/install.sh installs it)")
    cases: list[list[ox.Quad]] = []

    @settings(max_examples=150)
    @given(datasets)
    def collect(quads: list[ox.Quad]) -> None:
        cases.append(quads)

    collect()
    documents = tmp_path / "documents.json"
    documents.write_text(json.dumps([json.loads(write_rdf(quads, "jsonld")) for quads in cases]))
    script = (
        "const j=require('jsonld'),fs=require('fs');(async()=>{const out=[];"
        "for(const d of JSON.parse(fs.readFileSync(process.argv[1],'utf8')))"
        "out.push(await j.toRDF(d,{format:'application/n-quads'}));console.log(JSON.stringify(out))})()"
    )
    done = subprocess.run([node, "-e", script, str(documents)], capture_output=True, cwd=TOOLS, check=True)
    for quads, read in zip(cases, json.loads(done.stdout), strict=True):
        assert canonical(quads_of(read.encode())) == canonical(quads)


@given(st.lists(triples(directed), min_size=1, max_size=4))
def test_directions_of_text_are_kept_in_jsonld(written: list[ox.Triple]) -> None:
    document = json.loads(write_rdf(written, "jsonld"))
    values = [one for node in document["@graph"] for name, found in node.items() if name != "@id"
              for one in (found if isinstance(found, list) else [found])]  # fmt: skip
    found = {(one["@value"], one["@language"], one["@direction"]) for one in values}
    assert found == {(t.object.value, t.object.language, str(t.object.direction)) for t in written}


@pytest.mark.parametrize("form", ["turtle", "trig", "ntriples", "nquads", "rdfxml"])
@given(data=st.data())
def test_triple_terms_are_written_where_the_format_has_them(form: str, data: Any) -> None:
    written = data.draw(graphs_12)
    texts = "".join(map(str, written))
    if form == "rdfxml" and re.search(NOT_XML, texts):
        return
    assert canonical(ox.parse(write_rdf(written, form), format=FORMATS[form])) == canonical(written)


@given(triples(triple_terms))
def test_triple_terms_are_refused_in_jsonld(written: ox.Triple) -> None:
    with pytest.raises(WrongUse, match="no triple terms"):
        write_rdf([written], "jsonld")


@pytest.mark.parametrize("name", ODD_PREDICATES)
def test_properties_that_are_not_xml_names_are_refused_in_rdf_xml_only(name: str) -> None:
    written = [ox.Triple(ox.BlankNode("a"), ox.NamedNode(name), ox.Literal("x"))]
    with pytest.raises(WrongUse, match="RDF/XML cannot hold"):
        write_rdf(written, "rdfxml")
    for form in ("turtle", "ntriples", "jsonld"):
        assert canonical(by_rdflib(write_rdf(written, form), form)) == canonical(written)


def test_characters_not_allowed_in_xml_are_refused() -> None:
    written = [ox.Triple(ox.BlankNode("a"), ox.NamedNode("http://example.org/p"), ox.Literal("bell \x07"))]
    with pytest.raises(WrongUse, match="XML cannot hold"):
        write_rdf(written, "rdfxml")


def test_export_of_triple_terms_to_rdflib_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "statement.ttl"
    file.write_text("PREFIX ex: <http://example.org/> ex:owner ex:owns ex:mine {| ex:since '2011' |} .")
    with pytest.raises(WrongUse, match="rdflib does not support triple terms"):
        load(file).rdflib()

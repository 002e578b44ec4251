"""RDF files in practice: common extensions, relative IRIs, byte order marks, malformed lines, huge literals."""

from __future__ import annotations

import bz2
import gzip
import itertools
import lzma
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import servers
from peru_asia_graph import load
from peru_asia_graph.errors import BadInput, PeruAsiaGraphError, StoreUnreachable, WrongUse
from peru_asia_graph.rdf.endings import COMPRESSIONS, RDF_ENDINGS, find_rdf_format
from peru_asia_graph.rdf.lenient import LeftOut
from peru_asia_graph.rdf.rdf_file import parse_rdf
from peru_asia_graph.store import open_store
from peru_asia_graph.store.load import load_files
from peru_asia_graph.store.push import push_file

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/"'
# The same statement in every format: http://e/mine http://e/name "Antamina".
STATEMENT = {
    "turtle": "@prefix e: <http://e/> . e:mine e:name 'Antamina' .\n",
    "trig": "@prefix e: <http://e/> . { e:mine e:name 'Antamina' }\n",
    "ntriples": '<http://e/mine> <http://e/name> "Antamina" .\n',
    "nquads": '<http://e/mine> <http://e/name> "Antamina" .\n',
    "rdfxml": f'<rdf:RDF {RDF}><rdf:Description rdf:about="http://e/mine"><e:name>Antamina</e:name>'
    "</rdf:Description></rdf:RDF>\n",
    "jsonld": '{"@id": "http://e/mine", "http://e/name": "Antamina"}\n',
    "n3": "@prefix e: <http://e/> . e:mine e:name 'Antamina' .\n",
}
# The same statement with a relative subject.
RELATIVE = {name: text.replace("e:mine", "<mine>").replace("http://e/mine", "mine") for name, text in STATEMENT.items()}
WANTED = ox.Quad(ox.NamedNode("http://e/mine"), ox.NamedNode("http://e/name"), ox.Literal("Antamina"))
ENDINGS = [
    (row.name, ending + compression)
    for row in RDF_ENDINGS
    for ending, compression in itertools.product(row.endings, ["", *COMPRESSIONS])
]


def ignore(_: str) -> None:
    """Ignore a progress line."""


def write(path: Path, text: str | bytes) -> Path:
    """Write a file, compressed if its extension says so."""
    data = text if isinstance(text, bytes) else text.encode()
    path.write_bytes(COMPRESSIONS[path.suffix].compress(data) if path.suffix in COMPRESSIONS else data)
    return path


def test_common_extensions_are_registered() -> None:
    usual = ".ttl .turtle .trig .nt .nq .n3 .rdf .xml .owl .jsonld .json .ttl.gz .nt.bz2 .nq.xz .owl.gz .TTL .NT.GZ"
    for ending in usual.split():
        assert find_rdf_format(Path(f"a.b{ending}")) is not None, ending
    for wrong in ("a.csv", "a", "a.gz", "a.zip", "nt", "a.ttl.zip"):
        with pytest.raises(
            BadInput, match=r"no RDF format ends in '.*'; name an RDF file, or rename it to end in \.ttl, .*\.gz"
        ):
            find_rdf_format(Path(wrong))


@pytest.mark.parametrize(("name", "ending"), ENDINGS)
def test_every_extension_is_read(tmp_path: Path, name: str, ending: str) -> None:
    file = write(tmp_path / f"a{ending}", STATEMENT[name])
    assert list(parse_rdf(file)) == [WANTED]
    assert list(parse_rdf(file, left_out=LeftOut())) == [WANTED]


@pytest.mark.parametrize("ending", [".owl", ".turtle", ".nt.bz2", ".ttl.gz", ".xml", ".jsonld.xz", ".n3", ".nq"])
def test_load_push_and_open_read_the_same_triples(tmp_path: Path, ending: str) -> None:
    file = write(tmp_path / f"a{ending}", STATEMENT[find_name(ending)])
    query = "SELECT ?o { <http://e/mine> <http://e/name> ?o }"
    load_files([file], tmp_path / "store", ignore)
    for where in (file, tmp_path / "store"):
        assert open_store(where).query(query).table() == [["Antamina"]]
    with servers.oxigraph(tmp_path / "o") as server:
        assert push_file(file, server.graphs, None, 10, ignore) == 1
        assert open_store(server.query).query(query).table() == [["Antamina"]]
    assert b'"Antamina"' in load(file).export("ntriples")


def find_name(ending: str) -> str:
    """Return the name of a format by its extension."""
    return next(name for name, known in ENDINGS if known == ending)


@pytest.mark.parametrize("name", ["turtle", "trig", "rdfxml", "jsonld", "n3"])
def test_relative_iris_resolve_against_the_file_or_base(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    file = write(folder / f"a{first_ending(name)}", RELATIVE[name])
    for left_out in (None, LeftOut()):
        [here] = parse_rdf(file, left_out=left_out)
        assert here.subject == ox.NamedNode(f"{folder.as_uri()}/mine")
        [there] = parse_rdf(file, "http://e/data/a", left_out)
        assert there.subject == ox.NamedNode("http://e/data/mine")
    load_files([file], tmp_path / "store", ignore, base="http://e/x")
    assert open_store(tmp_path / "store").query("ASK { <http://e/mine> ?p ?o }").boolean
    with pytest.raises(WrongUse, match="the base 'mine' is not an absolute IRI"):
        list(parse_rdf(file, "mine"))


def first_ending(name: str) -> str:
    """Return the first extension of a format."""
    return next(row.endings[0] for row in RDF_ENDINGS if row.name == name)


def test_empty_iri_resolves_to_the_file(tmp_path: Path) -> None:
    file = write(tmp_path / "catalogue.ttl", "<> a <#Catalogue> .\n")
    (tmp_path / "sub").mkdir()
    [quad] = parse_rdf(tmp_path / "sub" / ".." / file.name)
    assert (quad.subject.value, quad.object.value) == (file.as_uri(), f"{file.as_uri()}#Catalogue")


@pytest.mark.parametrize("name", ["ntriples", "nquads"])
def test_relative_iris_are_invalid_in_ntriples_and_nquads(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match=r"a\.n[tq]:1: .*--lenient"):
        list(parse_rdf(write(tmp_path / f"a{first_ending(name)}", RELATIVE[name]), "http://e/"))


@pytest.mark.parametrize("name", STATEMENT)
@pytest.mark.parametrize("compression", ["", ".gz"])
def test_byte_order_mark_is_skipped_or_reported(tmp_path: Path, name: str, compression: str) -> None:
    file = tmp_path / f"a{first_ending(name)}{compression}"
    assert list(parse_rdf(write(file, STATEMENT[name].encode("utf-8-sig")))) == [WANTED]
    for encoding in ("utf-16", "utf-16-be"):
        text = STATEMENT[name] if encoding == "utf-16" else "\ufeff" + STATEMENT[name]
        with pytest.raises(BadInput, match="byte order mark of UTF-16; save it as UTF-8"):
            list(parse_rdf(write(file, text.encode(encoding))))


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.owl", '<?xml version="1.0"?><Ontology xmlns="http://www.w3.org/2002/07/owl#"/>', "is OWL/XML"),
        ("a.owl", f'<Ontology xmlns="http://www.w3.org/2002/07/owl#" {RDF}/>', "is OWL/XML"),
        ("a.owl", "Prefix(:=<http://e/>)\nOntology()", "is OWL functional syntax"),
        ("a.owl", "Prefix: : <http://e/>\nOntology:", "is OWL Manchester syntax"),
        ("a.xml", "<catalog><mine/></catalog>", "is XML, but not RDF/XML"),
        ("a.json", '{"entities": {"Q1": {"labels": 1}}}', "is JSON, but not JSON-LD"),
        ("a.jsonld", "<http://e/a> <http://e/b> 'c' .", "a.jsonld:1: .*'<'"),
        (
            "a.jsonld",
            '{"@context": "http://e/c", "@id": "http://e/a"}',
            "a remote @context",
        ),
        ("a.rdf", "", "is empty"),
        ("a.nt.gz", b"", r"not a complete \.gz file: it is empty"),
        ("a.nt.gz", b"plain", r"not a complete \.gz file"),
        ("a.nt.bz2", b"plain", r"not a complete \.bz2 file"),
        ("a.nt.xz", b"plain", r"not a complete \.xz file"),
        ("a.ttl", gzip.compress(b"plain", mtime=0), r"is compressed, .*rename it to end in \.gz"),
        ("a.rdf", bz2.compress(b"plain"), r"is compressed, .*rename it to end in \.bz2"),
        ("a.nq", lzma.compress(b"plain"), r"is compressed, .*rename it to end in \.xz"),
        ("a.nt.gz", gzip.compress(gzip.compress(b"plain", mtime=0), mtime=0), "is compressed twice"),
        ("a.ttl", "plain".encode("utf-32"), "byte order mark of UTF-32"),
    ],
)
def test_non_rdf_files_are_rejected_with_a_reason(tmp_path: Path, name: str, text: str | bytes, message: str) -> None:
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BadInput, match=message):
        list(parse_rdf(file))
    with pytest.raises(StoreUnreachable, match=message):
        open_store(file)


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "windows-1252", "utf8", "US-ASCII"])
@pytest.mark.parametrize("ending", [".rdf", ".owl.gz"])
def test_xml_is_read_in_its_declared_encoding(tmp_path: Path, encoding: str, ending: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n{STATEMENT["rdfxml"]}'.replace("Antamina", "Ñaupallacta")
    file = write(tmp_path / f"a{ending}", text.encode(encoding, "xmlcharrefreplace"))
    for left_out in (None, LeftOut()):
        [quad] = parse_rdf(file, left_out=left_out)
        assert quad.object == ox.Literal("Ñaupallacta")
    with pytest.raises(BadInput, match="declares the unknown encoding klingon"):
        list(parse_rdf(write(tmp_path / "b.rdf", text.replace(encoding, "klingon"))))


@pytest.mark.parametrize("ending", [".nt.gz", ".nq.bz2", ".ttl.xz"])
def test_truncated_file_is_rejected(tmp_path: Path, ending: str) -> None:
    lines = [f"<http://e/{n}> <http://e/p> <http://e/{n * n}> .\n" for n in range(999)]
    file = write(tmp_path / f"a{ending}", "".join(lines))
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(BadInput, match="not a complete"):
        list(parse_rdf(file))


@pytest.mark.parametrize("text", [STATEMENT["turtle"], STATEMENT["ntriples"]])
def test_turtle_with_owl_extension_is_read(tmp_path: Path, text: str) -> None:
    assert list(parse_rdf(write(tmp_path / "a.owl", text))) == [WANTED]


# --- Huge literals ----------------------------------------------------------------------------------------

LONG = "x" * 17_000_000


@pytest.mark.slow
@pytest.mark.parametrize("name", ["turtle", "trig", "ntriples", "nquads", "jsonld"])
def test_literal_over_the_limit_is_rejected_and_keeps_the_store(tmp_path: Path, name: str) -> None:
    good = write(tmp_path / "a.nt", STATEMENT["ntriples"])
    load_files([good], tmp_path / "store", ignore)
    file = write(tmp_path / f"b{first_ending(name)}", STATEMENT[name].replace("Antamina", LONG))
    tries: list[Callable[[], object]] = [
        lambda: load_files([file], tmp_path / "store", ignore),
        lambda: load_files([file], tmp_path / "store", ignore, left_out=LeftOut()),
        lambda: push_file(file, "http://127.0.0.1:9/store", None, 10, ignore),
        lambda: open_store(file),
    ]
    for attempt in tries:
        with pytest.raises(PeruAsiaGraphError, match=r"over 16 MB, more than the engine reads; shorten it"):
            attempt()
    assert open_store(tmp_path / "store").query("SELECT ?o { ?s ?p ?o }").table() == [["Antamina"]]


# --- Lenient mode -----------------------------------------------------------------------------------------

BAD_LINES = [
    "<http://e/a b> <http://e/p> <http://e/c> .",
    "<http://e/a> <http://e/p> <http://e/{c}> .",
    "<http://e/a> <http://e/p|q> <http://e/c> .",
    "<relative> <http://e/p> <http://e/c> .",
    '<http://e/a> <http://e/p> "1"^^<an integer> .',
    '<http://e/a> <http://e/p> "never closed .',
    "<http://e/a> <http://e/p> <http://e/c>",
    '<http://e/a> <http://e/p> "x"@toolonglanguage .',
]


@pytest.mark.slow
@given(st.lists(st.sampled_from(["good", *BAD_LINES]), max_size=40), st.sampled_from([1, 700]))
def test_lenient_mode_skips_only_malformed_lines(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[str], times: int
) -> None:
    lines = [
        f"_:b{n % 3} <http://e/p> <http://e/{n}> ." if kind == "good" else kind for n, kind in enumerate(kinds * times)
    ]
    file = write(tmp_path_factory.mktemp("lenient") / "a.nt", "\n".join(lines) + "\n")
    left_out = LeftOut()
    found = {quad.object.value for quad in parse_rdf(file, left_out=left_out)}
    assert found == {f"http://e/{n}" for n, kind in enumerate(kinds * times) if kind == "good"}
    wrong = [n + 1 for n, kind in enumerate(kinds * times) if kind != "good"]
    assert left_out.count == len(wrong) and [one.line for one in left_out.first] == wrong[:20]


MALFORMED = {
    "turtle": "@prefix e: <http://e/> . e:mine e:name 'Antamina' ; e:of [ e:in <a b> ; e:is <http://e/{> ; e:at 1 ] .",
    "trig": "@prefix e: <http://e/> . { e:mine e:name 'Antamina' ; e:of [ e:in <a b> ; e:is <http://e/{> ; e:at 1 ] }",
    "rdfxml": f'<rdf:RDF {RDF}><rdf:Description rdf:about="http://e/mine"><e:name>Antamina</e:name><e:of '
    'rdf:parseType="Resource"><e:in rdf:resource="a b"/><e:is rdf:resource="http://e/{"/><e:at>1</e:at></e:of>'
    "</rdf:Description></rdf:RDF>",
    "jsonld": '{"@id": "http://e/mine", "http://e/name": "Antamina", "http://e/of": {"http://e/in": {"@id": "a b"}, '
    '"http://e/is": {"@id": "http://e/{"}, "http://e/at": "1"}}',
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_iri_is_rejected(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match=r"Invalid IRI.*--lenient"):
        list(parse_rdf(write(tmp_path / f"a{first_ending(name)}", MALFORMED[name])))


@pytest.mark.parametrize(
    "value", ['"http://e/p q": 1', '"http://e/p": {"@list": [{"@id": "a b"}]}', '"http://e/p": {"@id": "_:b 1"}',
              '"http://e/p": {"@value": "x", "@language": "en_US"}']
)  # fmt: skip
def test_json_ld_errors_are_not_ignored_silently(tmp_path: Path, value: str) -> None:
    with pytest.raises(BadInput, match="--lenient"):
        list(parse_rdf(write(tmp_path / "a.jsonld", f'{{"@id": "http://e/a", {value}}}')))


def test_unmapped_json_ld_key_yields_no_statement(tmp_path: Path) -> None:
    text = '{"@id": "http://e/a", "http://e/p": 1, "unmapped": {"@id": "http://e/b", "http://e/q": 2}}'
    file = write(tmp_path / "a.jsonld", text)
    for left_out in (None, LeftOut()):
        found = [(quad.predicate.value, quad.object.value) for quad in parse_rdf(file, left_out=left_out)]
        assert found == [("http://e/p", "1")] and (left_out is None or left_out.count == 0)


@pytest.mark.parametrize("name", MALFORMED)
def test_lenient_mode_skips_only_statements_with_malformed_iris(tmp_path: Path, name: str) -> None:
    file, left_out = write(tmp_path / f"a{first_ending(name)}", MALFORMED[name]), LeftOut()
    assert load_files([file], tmp_path / "store", ignore, left_out=left_out) == 3
    assert left_out.count == 2 and all("Invalid IRI" in one.message for one in left_out.first)
    chain = "ASK { <http://e/mine> <http://e/of> ?b . ?b <http://e/at> ?n FILTER(STR(?n) = '1') }"
    assert open_store(tmp_path / "store").query(chain).boolean


def test_lenient_push_sends_the_valid_statements(tmp_path: Path) -> None:
    file, left_out = write(tmp_path / "a.nt", f"{STATEMENT['ntriples']}{BAD_LINES[0]}\n"), LeftOut()
    with servers.oxigraph(tmp_path / "o") as server:
        assert push_file(file, server.graphs, None, 10, ignore, left_out=left_out) == 1
    assert left_out.count == 1


def test_blank_nodes_of_different_files_are_distinct(tmp_path: Path) -> None:
    files = [write(tmp_path / f"{name}.nt", f"_:a <http://e/p> <http://e/{name}> .\n{BAD_LINES[0]}\n") for name in "xy"]
    load_files(files, tmp_path / "store", ignore, left_out=LeftOut())
    both = "ASK { ?b <http://e/p> <http://e/x>, <http://e/y> }"
    assert open_store(tmp_path / "store").query(both).boolean is False

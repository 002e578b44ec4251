"""The W3C's SPARQL 1.1 test suite, from a sibling folder or the one named by ``W3C_SPARQL``.

The order of rows is not compared. Numbers are compared by value, since Oxigraph normalises literals.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import rdflib
from rdflib.collection import Collection

from skips import skip_outside

ROOT = Path(__file__).parents[1]
BASE = "http://example.org/w3c/"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
XSD = "http://www.w3.org/2001/XMLSchema#"
NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float")}
RESULTS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}


def suite() -> Path:
    """Return the folder of the suite; skip the test if it is missing."""
    named = os.environ.get("W3C_SPARQL")
    places = [Path(named)] if named else sorted(ROOT.parent.glob("*/w3c/sparql11"))
    folders = [folder for place in places for folder in (place, place / "sparql11")]
    found = next((folder for folder in folders if (folder / "manifest-sparql11-query.ttl").is_file()), None)
    if found is None:
        skip_outside("the W3C's SPARQL 1.1 tests; W3C_SPARQL names their folder")
    return found


@dataclass(frozen=True)
class Case:
    """One case of the query manifests."""

    name: str
    kind: str
    query: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    result: str = ""


def read_manifest(folder: Path, file: str) -> rdflib.Graph:
    """Return a manifest with its IRIs resolved against ``BASE``."""
    return rdflib.Graph().parse(folder / file, format="turtle", publicID=BASE + file)


def cases(folder: Path, file: str) -> Iterator[Case]:
    """Yield the cases of a manifest and of the manifests it includes."""
    graph = read_manifest(folder, file)
    for included in graph.objects(None, MF.include):
        for one in Collection(graph, included):
            yield from cases(folder, str(one).removeprefix(BASE))
    for entries in graph.objects(None, MF.entries):
        for case in Collection(graph, entries):
            yield _case(graph, case)


def _case(graph: rdflib.Graph, case: Any) -> Case:
    kind = str(next(graph.objects(case, rdflib.RDF.type))).rpartition("#")[2]
    action = graph.value(case, MF.action)
    query = graph.value(action, QT.query) or action
    return Case(
        case_name(str(case)), kind, str(query).removeprefix(BASE),
        tuple(sorted(map(str, graph.objects(action, QT.data)))),
        tuple(sorted(map(str, graph.objects(action, QT.graphData)))),
        str(graph.value(case, MF.result) or "").removeprefix(BASE),
    )  # fmt: skip


def case_name(address: str) -> str:
    """Return the folder and name of a case.

    >>> case_name("http://www.w3.org/2009/sparql/docs/tests/data-sparql11/cast/manifest#cast-float")
    'cast/cast-float'
    """
    folder, _, name = address.rpartition("#")
    return f"{folder.removesuffix('.ttl').removesuffix('/manifest').rpartition('/')[2]}/{name}"


def data_quads(folder: Path, addresses: Iterable[str]) -> Iterator[ox.Quad]:
    """Yield the data files as quads, each in a graph named by its IRI, with blank nodes renamed."""
    for address in sorted(set(addresses)):
        path = folder / address.removeprefix(BASE)
        form = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
        for quad in ox.parse(path=str(path), format=form, base_iri=address, rename_blank_nodes=True):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(address))


def query_text(folder: Path, case: Case) -> str:
    """Return the query with its file's IRI as the base."""
    return f"BASE <{BASE}{case.query}> " + (folder / case.query).read_text("utf-8")


def graphs_named_in(text: str, case: Case) -> list[str]:
    """Return the files a query names in FROM."""
    return [str(rdflib.URIRef(name, BASE + case.query)) for name in re.findall(r"FROM\s+(?:NAMED\s+)?<([^>]*)>", text)]


def same(got: bytes, media: str, folder: Path, case: Case) -> bool:
    """Return whether a result matches the expected one."""
    path = folder / case.result
    if path.suffix == ".csv":
        return _separated(got.decode()) == _separated(path.read_text("utf-8"))
    expected = _facts_of_file(path, case)
    if "sparql-results" in media or media.startswith("text/tab"):
        form = {"json": ".srj", "xml": ".srx"}.get(media.partition("+")[2], ".tsv")
        return _facts(ox.parse_query_results(got, format=RESULTS[form])) == expected
    triples = [quad.triple for quad in ox.parse(got, format=ox.RdfFormat.from_media_type(media.partition(";")[0]))]
    return _canonical(triples) == expected


def _separated(text: str) -> list[dict[str, str]]:
    """Return CSV rows in a canonical order, ignoring column order and blank node names."""
    rows = [dict(sorted(row.items())) for row in csv.DictReader(text.splitlines())]
    return sorted(({name: re.sub("^_:.*", "_:", cell) for name, cell in row.items()} for row in rows), key=str)


def _facts_of_file(path: Path, case: Case) -> Any:
    if path.suffix in RESULTS:
        return _facts(ox.parse_query_results(path=str(path), format=RESULTS[path.suffix]))
    form = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
    triples = [quad.triple for quad in ox.parse(path=str(path), format=form, base_iri=BASE + case.result)]
    if any("result-set#" in triple.predicate.value for triple in triples):
        return _facts_of_rows(triples)
    return _canonical(triples)


def _facts(answer: Any) -> Any:
    if isinstance(answer, ox.QueryBoolean):
        return bool(answer)
    names = [variable.value for variable in answer.variables]
    return _canonical(_rows([dict(zip(names, solution, strict=True)) for solution in answer]))


def _facts_of_rows(triples: list[ox.Triple]) -> Any:
    graph = rdflib.Graph().parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")
    rs = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
    for truth in graph.objects(None, rs.boolean):
        return bool(truth)
    rows = []
    for solution in graph.objects(None, rs.solution):
        rows.append({str(graph.value(one, rs.variable)): graph.value(one, rs.value).n3()
                     for one in graph.objects(solution, rs.binding)})  # fmt: skip
    text = "\n".join(f"<x:{n}> <x:{name}> {value} ." for n, row in enumerate(rows) for name, value in row.items())
    found: list[dict[str, Any]] = [{} for _ in rows]
    for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES):
        found[int(quad.subject.value[2:])][quad.predicate.value[2:]] = quad.object
    return _canonical(_rows(found))


def _rows(rows: list[dict[str, Any]]) -> list[ox.Triple]:
    """Return rows as a graph, so that blank node names do not matter."""
    triples = []
    for row in rows:
        node = ox.BlankNode()
        triples.append(ox.Triple(node, ox.NamedNode("x:row"), ox.Literal("")))
        for name, value in row.items():
            if value is not None:
                triples.append(ox.Triple(node, ox.NamedNode(f"x:{name}"), value))
    return triples


def _canonical(triples: list[ox.Triple]) -> list[str]:
    dataset = ox.Dataset([ox.Quad(one.subject, one.predicate, _by_value(one.object)) for one in triples])
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return sorted(map(str, dataset))


def _by_value(term: Any) -> Any:
    if isinstance(term, ox.Literal) and term.datatype.value == XSD + "boolean":
        return ox.Literal({"1": "true", "0": "false"}.get(term.value, term.value), datatype=term.datatype)
    if isinstance(term, ox.Literal) and term.datatype.value in NUMBERS:
        try:
            return ox.Literal(repr(float(term.value)), datatype=term.datatype)
        except ValueError:
            return term
    return term

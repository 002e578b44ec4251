"""The jobs of a worker: queries, pages, answers for OpenRefine and assistants. A job in, a header and a body out.

Jobs and headers are dictionaries that go through JSON. A body is built in memory, up to a number of bytes.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from peru_asia_graph.errors import PeruAsiaGraphError, StoreUnreachable, UnknownName, WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.dataset import add_sizes
from peru_asia_graph.query.render import render
from peru_asia_graph.rdf.formats import FORMATS
from peru_asia_graph.rdf.xml import escape, write_xml
from peru_asia_graph.site.once import reader_of
from peru_asia_graph.site.pages import make_page, warm
from peru_asia_graph.site.question_pages import ask_question, check_repeated, read_values
from peru_asia_graph.store.snapshot import open_snapshot
from peru_asia_graph.vocabulary import (
    DATASET,
    DESCRIPTION_GRAPH,
    GRAPH,
    ONTOLOGY,
    ONTOLOGY_GRAPH,
    PREFIXES,
    THING,
    local,
    thing,
)
from peru_asia_graph.web.assistant_tools import run_tool, warm_tools
from peru_asia_graph.web.reconcile_queries import TooMany
from peru_asia_graph.web.reconciler import Reconciler
from peru_asia_graph.web.service_description import describe_service

ROW_FORMATS: Final = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_WITH_PREFIXES: Final = ("turtle", "trig")
_GZIP_MINIMUM: Final = 1_000
# Warnings about the terms of a query, separated by " | ".
WARNING: Final = "Pag-Warning"
_MAX_WARNINGS: Final = 10
HeaderAndBody = tuple[dict[str, Any], bytes]

_ABOUT: Final = (
    "CONSTRUCT {{ <{iri}> ?p ?o . ?s ?q <{iri}> }} WHERE {{ {{ <{iri}> ?p ?o }} UNION {{ ?s ?q <{iri}> }} }}"
)
_VERSION: Final = """CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ ?ontology owl:versionIRI <{iri}> . GRAPH <{graph}> {{ ?s ?p ?o }} }}
  UNION {{ BIND(<{iri}> AS ?s) ?s ?p ?o }} UNION {{ BIND(<{iri}> AS ?o) ?s ?p ?o }}
}}"""
_GRAPH: Final = "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}"
_KNOWN: Final = "ASK {{ {{ <{iri}> ?p ?o }} UNION {{ ?s ?p <{iri}> }} UNION {{ GRAPH <{iri}> {{ ?s ?p ?o }} }} }}"


class ResultTooLong(Exception):
    """A result that exceeds its size limit."""


class NotAcceptable(Exception):
    """The client accepts no format for this kind of result (rows or a graph)."""


class BoundedBuffer(io.BytesIO):
    """An in-memory file that refuses to grow beyond a limit."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__()
        self._max_bytes = max_bytes

    def write(self, piece: Any) -> int:
        """Append a piece; raise ResultTooLong if it does not fit."""
        if self.tell() + len(piece) > self._max_bytes:
            raise ResultTooLong
        return super().write(piece)


class JobRunner:
    """A store and the jobs that can run on it."""

    def __init__(self, store: Any, where: str | None, max_bytes: int) -> None:
        self.store = store
        self.graph = KnowledgeGraph(store, where)
        self._max_bytes = max_bytes
        self._reconciler = Reconciler(self.graph)
        self._jobs: dict[str, Callable[[dict[str, Any]], HeaderAndBody]] = {
            "query": self._query,
            "describe": self._describe,
            "known": self._known,
            "data": self._data,
            "page": self._page,
            "ask": self._ask,
            "tool": self._tool,
            "reconcile": self._reconcile,
        }

    @classmethod
    def open(cls, where: str | None, max_bytes: int, path: Path | None = None) -> JobRunner:
        """Open the store, or its snapshot ``path``, and read all files that jobs need: later none may be opened."""
        runner = cls(open_snapshot(where, path), where, max_bytes)
        with suppress(WrongUse):  # for a store that only supports queries, each page says so
            warm(runner.graph)
            warm_tools(runner.graph)
        return runner

    def run(self, job: dict[str, Any]) -> HeaderAndBody:
        """Run a job; an expected error becomes a status and a message."""
        try:
            header, body = self._jobs[job["job"]](job)
        except ResultTooLong:
            return _refused(422, f"the result is over {self._max_bytes:,} bytes; add LIMIT or request it in parts")
        except NotAcceptable as error:
            return _refused(406, str(error))
        except StoreUnreachable as error:
            return _refused(503, str(error))
        except PeruAsiaGraphError as error:
            return _refused(400, str(error))
        except MemoryError:
            return _refused(503, "the query exceeded its memory limit")
        # Compressed here, so that a long result does not delay other clients.
        if job.get("gzip") and len(body) > _GZIP_MINIMUM:
            return {**header, "gzip": True}, gzip.compress(body, 5, mtime=0)
        return header, body

    def _query(self, job: dict[str, Any]) -> HeaderAndBody:
        """``text``, ``default`` and ``named`` (lists or None); ``rows`` and ``graph``: formats or None."""
        header, body = self.store.answer(
            job["text"], lambda found: self._write(found, job), job["default"], job["named"]
        )
        # Headers are limited to ASCII.
        warnings = [one.encode("ascii", "backslashreplace").decode() for one in self.graph.warnings(job["text"])]
        return {**header, "headers": {WARNING: " | ".join(warnings[:_MAX_WARNINGS])}} if warnings else header, body

    def _describe(self, job: dict[str, Any]) -> HeaderAndBody:
        """``endpoint``: an address; ``graph``: a format."""
        return self._write(describe_service(self.store, job["endpoint"]), job)

    def _known(self, job: dict[str, Any]) -> HeaderAndBody:
        """``iri``: an address. Returns it if the graph knows it; for a merged id, the address it was merged into."""
        if is_known(self.store, job["iri"]) or local(job["iri"]) in reader_of(self.graph).tables:
            return {"status": 200}, job["iri"].encode()
        if job["iri"].startswith(THING) and (kept := self.graph.names.find_matched(local(job["iri"]))):
            return {"status": 200}, thing(kept).encode()
        return _refused(404, f"the graph has nothing about {job['iri']}")

    def _data(self, job: dict[str, Any]) -> HeaderAndBody:
        """``iri``: an address; ``graph``: a format; ``sizes`` of exported files, for the address of the dataset."""
        if not is_known(self.store, job["iri"]):
            return _refused(404, f"the graph has nothing about {job['iri']}")
        answer: HeaderAndBody = self.store.answer(
            rdf_query(self.graph, job["iri"]), lambda found: self._write(add_sizes(found, job["sizes"]), job)
        )
        return answer

    def _page(self, job: dict[str, Any]) -> HeaderAndBody:
        """``name`` of a page; ``given``: its arguments."""
        status, headers, html = make_page(self.graph, job["name"], job["given"])
        return {"status": status, "headers": headers}, html.encode()

    def _ask(self, job: dict[str, Any]) -> HeaderAndBody:
        """``name`` of a question, ``values`` of its parameters, ``sources``; ``rows``: a format."""
        question = self.graph.questions.get(job["name"])
        if question is None:
            return _refused(404, f"there is no question {job['name']}")
        given, sources = read_values(question, job)
        check_repeated(job)
        answer = render(ask_question(self.graph, job["name"], given, sources), job["rows"])
        return {"status": 200, "kind": "rows"}, self._bounded(answer)

    def _tool(self, job: dict[str, Any]) -> HeaderAndBody:
        """``name`` of a tool for assistants; its ``arguments``."""
        answer = run_tool(self.graph, job["name"], job["arguments"])
        return {"status": 200}, self._bounded(json.dumps(answer, ensure_ascii=False))

    def _reconcile(self, job: dict[str, Any]) -> HeaderAndBody:
        """``what``: the operation of the reconciliation service; the other fields are its arguments."""
        try:
            answer = self._reconciler.answer(job)
        except TooMany as error:
            return _refused(413, str(error))
        except UnknownName as error:
            return _refused(404, str(error))
        # Escaped, because a client may send a lone surrogate, which is not valid UTF-8.
        return {"status": 200}, self._bounded(answer if isinstance(answer, str) else json.dumps(answer))

    def _bounded(self, text: str) -> bytes:
        """Return a text as a body; raise ResultTooLong if it exceeds the limit."""
        body = text.encode()
        if len(body) > self._max_bytes:
            raise ResultTooLong
        return body

    def _write(self, answer: Any, job: dict[str, Any]) -> HeaderAndBody:
        out = BoundedBuffer(self._max_bytes)
        is_graph = isinstance(answer, (ox.QueryTriples, list))
        form = job["graph"] if is_graph else job["rows"]
        if form is None:
            raise NotAcceptable("a graph" if is_graph else "rows")
        if is_graph and form == "rdfxml":
            out.write(write_xml(list(answer)))
        elif is_graph:
            try:
                prefixes = PREFIXES if form in _WITH_PREFIXES else None
                ox.serialize(answer, out, format=FORMATS[form], prefixes=prefixes)
            except OSError as error:
                # From JSON-LD, which has no triple terms nor, here, text directions.
                raise WrongUse(f"{error}; ask for text/turtle or application/n-triples") from error
        else:
            answer.serialize(out, format=ROW_FORMATS[form])
        body = out.getvalue()
        return {"status": 200, "kind": "graph" if is_graph else "rows"}, escape(body) if form == "xml" else body


def _refused(status: int, message: str) -> HeaderAndBody:
    return {"status": status, "error": message}, b""


def is_known(store: Any, iri: str) -> bool:
    """Return whether the graph contains anything about an IRI."""
    return bool(store.query(_KNOWN.format(iri=iri)).boolean)


def rdf_query(kg: KnowledgeGraph, iri: str) -> str:
    """Return the query for the RDF of an IRI.

    The result is all statements about it, even for a source's graph; the whole content of any other graph; the ontology
    for its IRI and its version IRI; the description for the dataset's IRI.
    """
    ontology = ONTOLOGY.removesuffix("#")
    if iri == ontology:
        return _GRAPH.format(iri=ONTOLOGY_GRAPH)
    if iri == DATASET:
        return _GRAPH.format(iri=DESCRIPTION_GRAPH)
    if iri.startswith(f"{ontology}/"):
        return _VERSION.format(iri=iri, graph=ONTOLOGY_GRAPH)
    is_whole = iri.startswith(GRAPH) and iri not in {GRAPH + one.name for one in kg.sources}
    return (_GRAPH if is_whole else _ABOUT).format(iri=iri)

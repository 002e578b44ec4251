"""A store behind an address: any server that speaks SPARQL 1.1 over HTTP. Query text in, a Result out.

The prefixes of the graph are declared for it, and the default graph is the union of the graphs that the dataset's own
description (VoID) lists, if the server has them; otherwise it is what the server makes it. Limit: an answer is read
whole before it is used, so that a broken one is an error and never a shorter answer.
"""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Final

import pyoxigraph as ox

from peru_asia_graph.errors import BadQuery, StoreUnreachable
from peru_asia_graph.store.embedded import Graphs, Kind
from peru_asia_graph.store.guard import blank, check_query
from peru_asia_graph.store.http import Answer, Client
from peru_asia_graph.store.paging import all_pages
from peru_asia_graph.store.results import Result
from peru_asia_graph.store.terms import result_of
from peru_asia_graph.store.values import CITED, sort_parts
from peru_asia_graph.vocabulary import DESCRIPTION_GRAPH, PREFIXES

ROWS: Final = "application/sparql-results+json"
TRIPLES: Final = "application/n-triples"
# Virtuoso writes a constructed graph as rows when rows are accepted too, so each form of query asks for its own.
_GRAPH_FORM: Final = re.compile(r"(?<![\w?$:.-])(?:construct|describe)(?![\w:-])", re.IGNORECASE)
_TRIPLE_TYPES: Final = f"{TRIPLES}, text/turtle;q=0.8, application/rdf+xml;q=0.5"
_GRAPHS: Final = (
    f"SELECT DISTINCT ?g WHERE {{ GRAPH <{DESCRIPTION_GRAPH}> {{ ?d <{PREFIXES['void']}subset> ?g }} "
    "GRAPH ?g { ?s ?p ?o } }"
)
_USED: Final = re.compile(r"(?<![\w?$:@-])([A-Za-z][\w-]*):")
_PLACE: Final = re.compile(r"(?:\w+ )?error at (\d+):(\d+): ")
_ECHO: Final = re.compile(r" SPARQL query:")
_DECLARED: Final = re.compile(r"\bprefix\s+([\w.-]*)\s*:", re.IGNORECASE)


class RemoteStore:
    """A SPARQL endpoint."""

    def __init__(self, url: str, timeout: float | None = None) -> None:
        self._client = Client(url, timeout)
        self._url = url

    def query(self, text: str) -> Result:
        """Answer a query; raise BadQuery when the server refuses it, StoreUnreachable when it does not answer."""
        return _in_order(self.answer(text, result_of))

    def query_all(self, text: str, key: str) -> Result:
        """Answer a query of many rows, page by page."""
        return all_pages(self.query, text, key)

    def columns(self, texts: Sequence[str], key: str) -> list[list[list[str]]]:
        """Answer queries of many rows by their columns, one after the other and page by page."""
        return [_columns(all_pages(self.query, text, key)) for text in texts]

    def answer(self, text: str, read: Callable[[Any], Kind], default: Graphs = None, named: Graphs = None) -> Kind:
        """Return what ``read`` makes of the answer over the graphs given, else over those of the dataset."""
        names_graphs = check_query(text) or default is not None or named is not None
        if not names_graphs:
            default = named = self._graphs
        return self._ask(text, read, default or (), named or ())

    def _ask(
        self, text: str, read: Callable[[Any], Kind], default: Sequence[str] = (), named: Sequence[str] = ()
    ) -> Kind:
        declared, added = with_prefixes(text)
        form = [("query", declared)]
        form += [("default-graph-uri", graph) for graph in default]
        form += [("named-graph-uri", graph) for graph in named]
        accept = _TRIPLE_TYPES if _GRAPH_FORM.search(blank(text)) else ROWS
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
        answer = self._client.send("POST", self._url, headers, urllib.parse.urlencode(form).encode())
        if answer.status == 400:
            raise _bad_query(answer.said, text, added)
        if answer.status != 200:
            raise StoreUnreachable(f"{self._url} answers {answer.status}: {answer.said}")
        try:
            return read(_parse(_whole(answer, self._url), self._url))
        except (SyntaxError, ValueError) as error:
            raise StoreUnreachable(f"{self._url} gives a broken answer: {error}") from error

    def quads(self) -> list[ox.Quad]:
        """Return everything in the dataset's graphs, or in the server's default graph."""
        if not self._graphs:
            return [_quad(triple, ox.DefaultGraph()) for triple in self._ask("CONSTRUCT WHERE { ?s ?p ?o }", list)]
        found = []
        for graph in self._graphs:
            query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
            triples = self._ask(query, list, named=[graph])
            found += [_quad(triple, ox.NamedNode(graph)) for triple in triples]
        return found

    @cached_property
    def _graphs(self) -> list[str]:
        """The graphs of the dataset, when the server has its description."""
        rows = self._ask(_GRAPHS, result_of).rows
        found = [row[0].value for row in rows if row[0]]
        return sorted({*found, DESCRIPTION_GRAPH}) if found else []


def _whole(answer: Answer, url: str) -> Answer:
    """Raise StoreUnreachable for an answer a server says it cut short; Virtuoso does so with status 200."""
    limit = answer.headers.get("X-SPARQL-MaxRows")
    if limit is not None or answer.headers.get("X-SQL-State") is not None:
        most = f" at {limit} rows" if limit else ""
        raise StoreUnreachable(f"{url} cut the answer short{most}; ask for less, or page with LIMIT and OFFSET")
    return answer


def _parse(answer: Answer, url: str) -> Any:
    """Return an answer as Oxigraph's own kinds of answer; rows are parsed as they are read."""
    if answer.media in (ROWS, "application/json"):
        return ox.parse_query_results(answer.body, format=ox.QueryResultsFormat.JSON)
    form = ox.RdfFormat.from_media_type(answer.media)
    if form is None:
        raise StoreUnreachable(f"{url} answers with {answer.media}; is it the address of a SPARQL endpoint?")
    return [quad.triple for quad in ox.parse(answer.body, format=form)]


def _columns(found: Result) -> list[list[str]]:
    places = range(len(found.variables))
    return [["" if (term := row[at]) is None else term.value for row in found.rows] for at in places]


def _quad(triple: ox.Triple, graph: ox.NamedNode | ox.DefaultGraph) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _in_order(result: Result) -> Result:
    """Return the answer with its citations in reading order: SPARQL leaves the order within GROUP_CONCAT open."""
    if CITED not in result.variables:
        return result
    at = list(result.variables).index(CITED)
    rows = [
        [
            term._replace(value=sort_parts(term.value, "; ")) if index == at and term is not None else term
            for index, term in enumerate(row)
        ]
        for row in result.rows
    ]
    return Result(result.variables, rows)


def with_prefixes(text: str) -> tuple[str, int]:
    """Return the query with the known prefixes it uses declared, and how many characters its first line grew by.

    >>> with_prefixes("ASK { id:peru a pag:State }")[0].count("PREFIX")
    2
    """
    plain = blank(text)
    wanted = set(_USED.findall(plain)) - set(_DECLARED.findall(plain))
    head = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in sorted(wanted & PREFIXES.keys()))
    return head + text, len(head)


def _bad_query(said: str, text: str, added: int) -> BadQuery:
    """Return a server's complaint as ours: without the query it repeats, pointing into the query as it was given."""
    message = _ECHO.split(said)[0]
    place = _PLACE.search(message)
    if place is None:
        return BadQuery(message)
    line, column = int(place[1]), int(place[2])
    return BadQuery(_PLACE.sub("", message), line, column - added if line == 1 else column, text)

"""A remote store: any server that supports the SPARQL 1.1 Protocol.

The known prefixes are declared in the query. The default graph is the union of the graphs in the dataset's own VoID
description or, if the server has no such description, the server's default graph. A response is read and parsed
completely before it is used, so that a truncated response is an error. Because a server may limit or truncate a
response, results with many rows are fetched page by page: each page starts after the last key of the previous one, so
that the server never skips rows (as with OFFSET) and none are lost. Such a query must not declare prefixes.
"""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import takewhile
from typing import Any, Final

import pyoxigraph as ox

from peru_asia_graph.errors import BadQuery, StoreUnreachable, WrongUse
from peru_asia_graph.store.embedded import OWN_GRAPHS, GraphNames, Parsed
from peru_asia_graph.store.guard import check_query
from peru_asia_graph.store.http import HttpClient, HttpResponse
from peru_asia_graph.store.query_text import QueryText
from peru_asia_graph.store.remote_response import ROW_TYPES, TRIPLE_TYPES, check_complete, read_response
from peru_asia_graph.store.results import Result, ResultRow, Term
from peru_asia_graph.store.syntax_errors import bad_query
from peru_asia_graph.store.terms import result_of
from peru_asia_graph.store.tokens import read_prefixes, read_tokens
from peru_asia_graph.store.values import is_cited, sort_parts
from peru_asia_graph.vocabulary import DESCRIPTION_GRAPH, PREFIXES, XSD

# The status codes with which servers refuse queries by POST.
_NO_POST: Final = (405, 415, 501)
_DATASET: Final = (
    f"SELECT DISTINCT ?g WHERE {{ GRAPH <{DESCRIPTION_GRAPH}> {{ ?d <{PREFIXES['void']}subset> ?g }} "
    "GRAPH ?g { ?s ?p ?o } }"
)
_ECHO: Final = re.compile(r" SPARQL query:")
_BOOLEAN: Final = f"{XSD}boolean"
_TRUTH: Final = {"1": "true", "0": "false"}
_ALL: Final = QueryText("CONSTRUCT WHERE { ?s ?p ?o }")

# Virtuoso sorts at most 10,000 rows, and by default returns no more.
PAGE: Final = 10_000


class RemoteStore:
    """A SPARQL endpoint."""

    def __init__(self, url: str, graphs: GraphNames = None) -> None:
        self._client, self._url = HttpClient(url), url
        # The graphs to which a part of a store is limited.
        self._part = graphs
        self._is_get = False

    def query(self, text: str) -> Result:
        """Run a query; raise BadQuery if the server rejects it, StoreUnreachable if it does not respond."""
        return _alike(self.answer(text, result_of))

    def query_all(self, text: str, key: str) -> Result:
        """Run a query with many rows, page by page."""
        return all_pages(self.query, text, key)

    def query_columns(self, texts: Sequence[str], key: str) -> list[list[list[str]]]:
        """Run several queries one after another, page by page, and return their columns."""
        return [_columns(all_pages(self.query, text, key)) for text in texts]

    def answer(
        self, text: str, read: Callable[[Any], Parsed], default: GraphNames = None, named: GraphNames = None
    ) -> Parsed:
        """Run a query and return ``read(results)``, where ``results`` is the pyoxigraph result.

        The dataset consists of the given graph names, else those of FROM clauses, else the dataset's graphs.
        """
        query = check_query(text)
        has_dataset = query.has_from or default is not None or named is not None
        if has_dataset and self._part is not None:
            raise WrongUse(OWN_GRAPHS)
        if not has_dataset:
            default = named = self._graphs
        return self._ask(query, read, default or (), named or ())

    def _ask(
        self, query: QueryText, read: Callable[[Any], Parsed], default: Sequence[str] = (), named: Sequence[str] = ()
    ) -> Parsed:
        declared, added = with_prefixes(query.text)
        form = [("query", declared)]
        form += [("default-graph-uri", graph) for graph in default]
        form += [("named-graph-uri", graph) for graph in named]
        is_graph = makes_graph(query.text)
        response = self._send(urllib.parse.urlencode(form), TRIPLE_TYPES if is_graph else ROW_TYPES)
        if response.status == 400:
            raise bad_query(_ECHO.split(response.excerpt)[0], query, added)
        if response.status != 200:
            raise StoreUnreachable(f"{self._url} returned {response.status}: {response.excerpt}")
        check_complete(response, self._url)
        try:
            return read(read_response(response, self._url, is_graph))
        except (SyntaxError, ValueError) as error:
            raise StoreUnreachable(f"{self._url} sent an invalid response: {error}") from error

    def _send(self, form: str, accept: str) -> HttpResponse:
        """Send a query by POST, or by GET to a server that does not accept POST."""
        refused = None
        if not self._is_get:
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
            response = self._client.send("POST", self._url, headers, form.encode())
            if response.status not in _NO_POST:
                return response
            refused = response.status
        url = f"{self._url}{'&' if '?' in self._url else '?'}{form}"
        response = self._client.send("GET", url, {"Accept": accept})
        self._is_get = response.status in (200, 400)
        if refused is not None and not self._is_get:
            both = f"{refused} for a query by POST and {response.status} by GET"
            raise StoreUnreachable(f"{self._url} returned {both}: {response.excerpt}")
        return response

    def quads(self) -> list[ox.Quad]:
        """Return all quads of the dataset's graphs, or those of the server's default graph."""
        if not self._graphs:
            return [_quad(triple, ox.DefaultGraph()) for triple in self._ask(_ALL, list)]
        found = []
        for graph in self._graphs:
            query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
            triples = self._ask(QueryText(query), list, named=[graph])
            found += [_quad(triple, ox.NamedNode(graph)) for triple in triples]
        return found

    @property
    def graphs(self) -> GraphNames:
        return self._part

    def part(self, graphs: Sequence[str]) -> RemoteStore:
        return RemoteStore(self._url, graphs)

    @cached_property
    def _graphs(self) -> list[str]:
        """The named graphs of the dataset; empty if the server has no description of it."""
        if self._part is not None:
            return list(self._part)
        try:
            rows = self._ask(QueryText(_DATASET), result_of).rows
        except BadQuery:
            return []  # a server without named graphs
        found = [row[0].value for row in rows if row[0] is not None and row[0].kind == "iri"]
        return sorted({*found, DESCRIPTION_GRAPH}) if found else []


def _columns(found: Result) -> list[list[str]]:
    rows = found.values()
    return [[row[column] for row in rows] for column in range(len(found.variables))]


def _quad(triple: ox.Triple, graph: ox.NamedNode | ox.DefaultGraph) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _alike(result: Result) -> Result:
    """Return the result independent of the server: with sorted citations, and without digits for booleans.

    SPARQL does not define the order within GROUP_CONCAT; Virtuoso returns true as 1.
    """
    if result.boolean is not None or result.triples is not None:
        return result
    cited = [is_cited(name) for name in result.variables]
    rows = [[_spelt(term, sort) for term, sort in zip(row, cited, strict=True)] for row in result.rows]
    return Result(result.variables, rows)


def _spelt(term: Term | None, sort: bool) -> Term | None:
    if term is None:
        return None
    if sort:
        return term._replace(value=sort_parts(term.value, "; "))
    return term._replace(value=_TRUTH.get(term.value, term.value)) if term.datatype == _BOOLEAN else term


def makes_graph(text: str) -> bool:
    """Return whether a query returns a graph: CONSTRUCT or DESCRIBE appears before any bracket.

    >>> makes_graph("PREFIX construct: <http://example.org/> SELECT ?describe { ?describe construct:x 1 }")
    False
    """
    head = takewhile(lambda token: token.text not in ("{", "("), read_tokens(text))
    return any(token.kind == "word" and token.text.lower().startswith(("construct", "describe")) for token in head)


def with_prefixes(text: str) -> tuple[str, int]:
    """Return the query with declarations of the known prefixes it uses, and the number of characters added to line 1.

    >>> with_prefixes("ASK { id:peru a pag:State }")[0].count("PREFIX")
    2
    """
    tokens = list(read_tokens(text))
    used = {token.text.partition(":")[0] for token in tokens if token.kind == "name"} - read_prefixes(tokens).keys()
    head = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in sorted(used & PREFIXES.keys()))
    return head + text, len(head)


def all_pages(run: Callable[[str], Result], text: str, key: str, page: int | None = None) -> Result:
    """Return all rows of a query, fetched ``page`` rows at a time and sorted by the IRI variable ``key``.

    Raises StoreUnreachable if the rows of a single key do not fit on a page.
    """
    page = PAGE if page is None else page
    rows: list[ResultRow] = []
    variables: Sequence[str] = ()
    after = ""
    while True:
        condition = f"FILTER(STR(?{key}) > {json.dumps(after)})"
        result = run(f"SELECT * WHERE {{ {{ {text}\n}} {condition} }} ORDER BY STR(?{key}) LIMIT {page}")
        variables = variables or _in_order(result.variables, text)
        columns = [list(result.variables).index(name) for name in variables]
        found: list[ResultRow] = [[row[column] for column in columns] for row in result.rows]
        if len(found) < page:
            return Result(variables, rows + found)
        key_column = list(variables).index(key)
        last = _text(found[-1], key_column)
        # The rows of the last key may continue on the next page, so fetch them again with it.
        complete = [row for row in found if _text(row, key_column) != last]
        if not complete:
            raise StoreUnreachable(f"{last} has more than {page:,} rows, the limit of a page")
        rows += complete
        after = _text(complete[-1], key_column)


def _in_order(names: Sequence[str], text: str) -> list[str]:
    """Return the variables in query order; engines order the columns of SELECT * differently.

    >>> _in_order(["n", "key"], "SELECT ?key (COUNT(?x) AS ?n) WHERE { ?x ?p ?key }")
    ['key', 'n']
    """
    head = re.split(r"\{", text, maxsplit=1)[0]
    positions = {name: [match.start() for match in re.finditer(rf"[?$]{re.escape(name)}\b", head)] for name in names}
    return sorted(names, key=lambda name: positions[name][-1:] or [len(head)])


def _text(row: ResultRow, column: int) -> str:
    term = row[column]
    return "" if term is None else term.value

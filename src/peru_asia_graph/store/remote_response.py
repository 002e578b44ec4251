"""Parse the response of a SPARQL server: rows as JSON, XML or TSV, graphs in any RDF format."""

from __future__ import annotations

import re
from typing import Any, Final

import pyoxigraph as ox

from peru_asia_graph.errors import StoreUnreachable
from peru_asia_graph.store.http import HttpResponse

ROWS: Final = "application/sparql-results+json"
TRIPLES: Final = "application/n-triples"
# Virtuoso returns constructed triples as rows if rows are acceptable, so accept only what fits the query form.
ROW_TYPES: Final = (
    f"{ROWS}, application/sparql-results+xml;q=0.8, application/json;q=0.6, text/json;q=0.5, application/xml;q=0.4, "
    "text/xml;q=0.4, text/tab-separated-values;q=0.3"
)
TRIPLE_TYPES: Final = f"{TRIPLES}, text/turtle;q=0.8, application/rdf+xml;q=0.5, application/ld+json;q=0.3"
_JSON: Final = ("application/json", "text/json", "application/javascript", "text/javascript")
_XML: Final = ("application/xml", "text/xml")
_TSV: Final = "text/tab-separated-values"
_UNTYPED: Final = ("text/plain", "application/octet-stream")
# Virtuoso's blank node labels in JSON and XML are IRIs with this prefix, which it omits in N-Triples.
_NODE_ID: Final = rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*"|<bnode>)nodeID://'
# Virtuoso answers ASK with a row in which this variable is 1, or with no row.
_ASKED: Final = "__ASK_RETVAL"


def read_response(response: HttpResponse, url: str, is_graph: bool) -> Any:
    """Return a response as pyoxigraph results, with lazily parsed rows; raise StoreUnreachable for other content.

    ``is_graph`` says whether the query returns a graph, which decides how ``application/xml`` and the like are read.
    """
    body, media = response.body.lstrip(b"\xef\xbb\xbf \t\r\n"), response.media_type
    form = _row_format(media, body, is_graph)
    if form is not None:
        return _asked(ox.parse_query_results(re.sub(_NODE_ID, rb"\1", body), format=form))
    graph_form = _graph_format(media)
    if graph_form is None or not is_graph:
        raise StoreUnreachable(f"{url} returned {media}{_hint(media)}")
    return [quad.triple for quad in ox.parse(body, format=graph_form, base_iri=url)]


def check_complete(response: HttpResponse, url: str) -> None:
    """Raise StoreUnreachable for a truncated result, which Virtuoso sends with status 200."""
    limit = response.headers.get("X-SPARQL-MaxRows")
    if limit is not None or response.headers.get("X-SQL-State") is not None:
        at = f" at {limit} rows" if limit else ""
        raise StoreUnreachable(f"{url} truncated the response{at}; reduce the query, or page with LIMIT and OFFSET")


def _row_format(media: str, body: bytes, is_graph: bool) -> ox.QueryResultsFormat | None:
    """Return the format of rows, from the content if the media type is generic; None for anything else."""
    if media == _TSV:
        return ox.QueryResultsFormat.TSV
    is_vague = media in _JSON or media in _XML or media in _UNTYPED
    if media == ROWS or (is_vague and not is_graph and body.startswith(b"{")):
        return ox.QueryResultsFormat.JSON
    is_results = b"http://www.w3.org/2005/sparql-results#" in body[:2000]
    if media == "application/sparql-results+xml" or (is_vague and body.startswith(b"<") and is_results):
        return ox.QueryResultsFormat.XML
    return None


def _graph_format(media: str) -> ox.RdfFormat | None:
    if media in _XML:
        return ox.RdfFormat.RDF_XML
    if media in _JSON:
        return ox.RdfFormat.JSON_LD
    return ox.RdfFormat.N_TRIPLES if media == "text/plain" else ox.RdfFormat.from_media_type(media)


def _asked(results: Any) -> Any:
    """Return the results, converting an ASK that came as a row to a boolean."""
    if not isinstance(results, ox.QuerySolutions) or [name.value for name in results.variables] != [_ASKED]:
        return results
    rows = list(results)
    is_true = bool(rows) and rows[0][0] is not None and rows[0][0].value in ("1", "true")
    answer = b'{"head":{},"boolean":%s}' % (b"true" if is_true else b"false")
    return ox.parse_query_results(answer, format=ox.QueryResultsFormat.JSON)


def _hint(media: str) -> str:
    if media == "text/csv":
        return ", which does not distinguish IRIs from strings; it must offer JSON or XML"
    return "; is this the URL of a SPARQL endpoint?"

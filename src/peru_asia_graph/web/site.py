"""The site around the endpoint: pages and linked data. Routes requests; workers make the pages.

An IRI of the graph redirects with 303 to a page (``/page/…``) or to RDF (``/data/….ttl``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from peru_asia_graph.files.entries import list_files
from peru_asia_graph.paths import find_project
from peru_asia_graph.site.addresses import Addresses
from peru_asia_graph.site.frame import Frame, put_in_frame
from peru_asia_graph.site.messages import message_in_words
from peru_asia_graph.site.words import site_words
from peru_asia_graph.views.page_registry import page_kinds
from peru_asia_graph.views.shell import VIS_STYLES
from peru_asia_graph.vocabulary import BASE, DATASET
from peru_asia_graph.web.job_response import VARY, not_acceptable, run_job
from peru_asia_graph.web.language import LANGUAGE, READER_VARY, for_reader, read_reader
from peru_asia_graph.web.middleware import CSP
from peru_asia_graph.web.negotiate import GRAPH_TYPES, HTML, choose
from peru_asia_graph.web.oembed import discovery_link
from peru_asia_graph.web.worker_process import Unavailable

_PATH: Final = re.compile(r"[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)*")
_SUFFIXES: Final = {
    "ttl": "text/turtle", "nt": "application/n-triples", "jsonld": "application/ld+json", "rdf": "application/rdf+xml",
    "trig": "application/trig", "nq": "application/n-quads",
}  # fmt: skip
_SUFFIX_OF: Final = {media: suffix for suffix, media in _SUFFIXES.items()}
# Content types of answers to questions, by format name.
_ANSWERS: Final = {"json": "application/sparql-results+json", "csv": "text/csv", "tsv": "text/tab-separated-values"}
_JSON: Final = "application/json"
# vis-network sets styles, which the policy allows by hash; the font is in the style sheet.
# Any page may frame these: they are display-only.
_UNFRAMED: Final = "; frame-ancestors 'none'"
PAGE_CSP: Final = CSP.replace("style-src 'self'", f"style-src 'self' {VIS_STYLES}").replace(_UNFRAMED, "")
Endpoint = Callable[[Request], Awaitable[Response]]


def page(name: str) -> Endpoint:
    """Return the handler of a page; its arguments are the fields of the request."""

    async def show(request: Request) -> Response:
        given = _arguments(request, name, _fields(request)) | read_reader(request)
        job = {"job": "page", "name": name, "given": given}
        response = await run_job(request, request.app.state.pool, job, HTML)
        return for_reader(request, response, CSP)

    return show


def interactive(kind: str) -> Endpoint:
    """Return the handler of an interactive page: the exported page in the frame of the site."""

    async def show(request: Request) -> Response:
        file = find_project().exports / f"{kind}.html"
        if not file.is_file():
            raise HTTPException(404, f"there is no page {kind}; create it with pag build")
        reader = read_reader(request)
        page = file.read_text("utf-8")
        pages = _menu_of(page) or None
        frame = Frame(Addresses(reader["language"], kind, site=reader["site"]), query=reader["query"], pages=pages)
        text = put_in_frame(page, kind, frame)
        link = discovery_link(request, site_words(frame.language)[f"{kind}.title"])
        response = HTMLResponse(text.replace("</head>", f"{link}</head>", 1), headers={"Cache-Control": "no-cache"})
        return for_reader(request, response, PAGE_CSP)

    return show


def _menu_of(page: str) -> list[str]:
    """Return the interactive pages in the menu of an exported page, which has only those with content."""
    return [one for one in page_kinds() if f'<a href="{one}.html"' in page]


async def error_page(request: Request, status: int, message: str, headers: Mapping[str, str]) -> Response:
    """Return an error page; for a 404, with suggestions of what the address may have meant."""
    reader, html = read_reader(request), ""
    if status == 404:
        given = {**reader, "path": request.url.path.strip("/")[:200]}
        with suppress(Unavailable):
            data = json.dumps({"job": "page", "name": "missing", "given": given}).encode()
            html = (await request.app.state.pool.submit(data, (request.client or ("",))[0]).result).body.decode()
    if not html:
        start = find_project().exports / "index.html"
        pages = _menu_of(start.read_text("utf-8")) if start.is_file() else []
        addresses = Addresses(reader["language"], reader["here"], site=reader["site"])
        frame = Frame(addresses, query=reader["query"], pages=pages)
        text, language = message_in_words(frame, message)
        html = frame.render("failure.html", failure={"text": text, "language": language or frame.language})
    return for_reader(request, HTMLResponse(html, status, headers), CSP)


async def search(request: Request) -> Response:
    """Return the page of search results, or the best hits as JSON."""
    if choose(request.headers.get("accept"), [HTML, _JSON]) != _JSON:
        return await page("search")(request)
    given = _fields(request) | read_reader(request)
    response = await run_job(request, request.app.state.pool, {"job": "page", "name": "suggest", "given": given}, _JSON)
    response.headers["Vary"] = READER_VARY
    return response


async def question(request: Request) -> Response:
    """Return the page of a question, or its answer as rows, as requested by ``format`` or the Accept header."""
    named = _ANSWERS.get(request.query_params.get("format", "").lower())
    offered = {media: form for form, media in _ANSWERS.items()} | {"application/json": "json"}
    media = named or choose(request.headers.get("accept"), [HTML, *offered])
    if media is None or media == HTML:
        return await page("question")(request)
    given = _arguments(request, "question", _fields(request))
    return await run_job(request, request.app.state.pool, {"job": "ask", **given, "rows": offered[media]}, media)


def _fields(request: Request) -> dict[str, str]:
    fields = list(request.query_params.items())[:50]
    return {key: value[:1000] for key, value in fields if key != LANGUAGE}


def _arguments(request: Request, name: str, fields: dict[str, str]) -> dict[str, Any]:
    """Return what a page needs besides the store; workers cannot read files."""
    if name == "data":
        return {"files": [{"name": file, "size": size} for file, size in _sizes().items()]}
    if name == "question":
        values = {key: value for key, value in fields.items() if key != "format"}
        sources, keys = _sources(request), [key for key, _ in request.query_params.multi_items()]
        repeated = [key for key in values if key != "source" and keys.count(key) > 1]
        return {"name": request.path_params["name"], "values": values, "sources": sources, "repeated": repeated}
    if name == "between":
        return {**fields, "sources": _sources(request)}
    if name == "limits":
        return {"limits": asdict(request.app.state.pool.limits)}
    if name == "thing":
        return {"list": "", "page": "1", **fields, "iri": _address(request.path_params["path"])}
    return fields


def _sources(request: Request) -> list[str]:
    """Return the sources named in a request."""
    return [value[:1000] for value in request.query_params.getlist("source")[:50]]


def _address(path: str) -> str:
    """Return the IRI for a path; IRIs of the graph contain only letters, digits and ``-._~/``."""
    if not _PATH.fullmatch(path) or len(path) > 500:
        raise HTTPException(404, f"there is nothing at /{path}")
    return BASE + path


async def resource(request: Request) -> Response:
    """Redirect from an address of the graph to its page or its RDF."""
    iri = _address(request.path_params["path"].rstrip("/"))
    media = choose(request.headers.get("accept"), [*GRAPH_TYPES, HTML])
    if media is None:
        raise not_acceptable([*GRAPH_TYPES, HTML])
    response = await run_job(request, request.app.state.pool, {"job": "known", "iri": iri}, HTML)
    if response.status_code == 304:
        return response
    path = quote(bytes(response.body).decode().removeprefix(BASE))
    target = f"/page/{path}" if media == HTML else f"/data/{path}.{_SUFFIX_OF[media]}"
    return RedirectResponse(target, 303, {"Vary": VARY, "Cache-Control": "no-cache"})


async def data(request: Request) -> Response:
    """Return the RDF of an IRI of the graph, in the format of the suffix."""
    path, _, suffix = request.path_params["path"].rpartition(".")
    if suffix not in _SUFFIXES:
        raise HTTPException(404, "RDF ends in " + ", ".join(f".{one}" for one in _SUFFIXES))
    media = _SUFFIXES[suffix]
    iri = _address(path)
    response = await run_job(
        request,
        request.app.state.pool,
        {"job": "data", "iri": iri, "graph": GRAPH_TYPES[media], "sizes": _sizes() if iri == DATASET else {}},
        media,
    )
    response.headers["Link"] = f'<{iri}>; rel="describes"'
    return response


def _sizes() -> dict[str, int]:
    """Return the size of each exported file, which workers cannot read."""
    folder = find_project().exports
    return {name: (folder / name).stat().st_size for name in list_files(folder)}


async def void(request: Request) -> Response:
    """Redirect to the description of the dataset."""
    return RedirectResponse("/dataset", 303, {"Vary": VARY})

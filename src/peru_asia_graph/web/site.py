"""The site around the endpoint: pages, linked data, files. Requests in, responses out; the pages are made by workers.

An address of the graph answers at its path with 303 to a page (``/page/…``) or to RDF (``/data/….ttl``). Limit: an
address of the graph has letters, digits and ``-._~/`` only, as all of ours have.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from peru_asia_graph.vocabulary import BASE
from peru_asia_graph.web.endpoint import VARY, not_acceptable, run
from peru_asia_graph.web.exchange import CSP, refusal
from peru_asia_graph.web.files import Files
from peru_asia_graph.web.negotiate import GRAPH_TYPES, HTML, choose
from peru_asia_graph.web.pool import Pool
from peru_asia_graph.web.protocol import Refused

_PATH: Final = re.compile(r"[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)*")
_ENDINGS: Final = {
    "ttl": "text/turtle", "nt": "application/n-triples", "jsonld": "application/ld+json", "rdf": "application/rdf+xml",
    "trig": "application/trig", "nq": "application/n-quads",
}  # fmt: skip
_ENDING_OF: Final = {media: ending for ending, media in _ENDINGS.items()}
# The editor writes the styles of its lines itself.
EDITOR_CSP: Final = CSP.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
Handler = Callable[[Request], Awaitable[Response]]


def page(name: str, csp: str = CSP) -> Handler:
    """Return the handler of a page; its arguments are the fields of the request."""

    async def handle(request: Request) -> Response:
        pool: Pool = request.app.state.pool
        given: dict[str, Any] = {key: value[:1000] for key, value in list(request.query_params.items())[:50]}
        if name == "home":
            given = {"files": request.app.state.exports.names()}
        if name == "question":
            given = {"name": request.path_params["name"], "values": given}
        if name == "limits":
            given = {"limits": asdict(pool.limits)}
        if name == "thing":
            pictures = [name for name in request.app.state.exports.names() if name == "ownership.html"]
            given = {"iri": _address(request.path_params["path"]), "pictures": pictures}
        return await _html(request, csp, job="page", name=name, given=given)

    return _refusing(handle)


async def _html(request: Request, csp: str, **said: Any) -> Response:
    response = await run(request, request.app.state.pool, HTML, **said)
    response.headers["Content-Security-Policy"] = csp
    return response


def _refusing(handle: Handler) -> Handler:
    async def handled(request: Request) -> Response:
        try:
            return await handle(request)
        except Refused as refused:
            return refusal(refused)

    return handled


def _address(path: str) -> str:
    if not _PATH.fullmatch(path) or len(path) > 500:
        raise Refused(404, f"there is nothing at /{path}")
    return BASE + path


@_refusing
async def resource(request: Request) -> Response:
    """Send who asks for an address of the graph to its page or its RDF."""
    path = request.path_params["path"].rstrip("/")
    iri = _address(path)
    media = choose(request.headers.get("accept"), [*GRAPH_TYPES, HTML])
    if media is None:
        raise not_acceptable([*GRAPH_TYPES, HTML])
    target = f"/page/{quote(path)}" if media == HTML else f"/data/{quote(path)}.{_ENDING_OF[media]}"
    answer = await run(request, request.app.state.pool, HTML, job="known", iri=iri)
    if answer.status_code == 304:
        return answer
    return RedirectResponse(target, 303, {"Vary": VARY, "Cache-Control": "no-cache"})


@_refusing
async def data(request: Request) -> Response:
    """Answer with the RDF of an address of the graph, in the format of the ending."""
    path, _, ending = request.path_params["path"].rpartition(".")
    if ending not in _ENDINGS:
        raise Refused(404, "RDF ends in " + ", ".join(f".{one}" for one in _ENDINGS))
    media = _ENDINGS[ending]
    iri = _address(path)
    response = await run(request, request.app.state.pool, media, job="data", iri=iri, graph=GRAPH_TYPES[media])
    response.headers["Link"] = f'<{iri}>; rel="describes"'
    return response


def files(name: str) -> Handler:
    """Return the handler of a folder of files."""

    async def handle(request: Request) -> Response:
        folder: Files = getattr(request.app.state, name)
        response = folder.respond(request.path_params["path"], request)
        if name == "static":
            response.headers["Content-Security-Policy"] = CSP
        return response

    return _refusing(handle)


@_refusing
async def void(request: Request) -> Response:
    """Send who asks for the dataset's description there."""
    return RedirectResponse("/dataset", 303, {"Vary": VARY})

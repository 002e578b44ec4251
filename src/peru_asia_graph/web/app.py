"""The application: routes, error responses and the health check."""

from __future__ import annotations

import json
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from peru_asia_graph.paths import find_project
from peru_asia_graph.site.frame import site_files
from peru_asia_graph.views.page_registry import page_kinds
from peru_asia_graph.web.endpoint import answer_sparql
from peru_asia_graph.web.middleware import CSP, CommonMiddleware, LogFunction, allowed_methods
from peru_asia_graph.web.negotiate import HTML, choose
from peru_asia_graph.web.oembed import PATH as OEMBED
from peru_asia_graph.web.oembed import oembed
from peru_asia_graph.web.pool import WorkerPool
from peru_asia_graph.web.reconcile import is_reconciliation, reconcile_routes
from peru_asia_graph.web.site import data, error_page, interactive, page, question, resource, search, void
from peru_asia_graph.web.static_files import serve_contents, serve_folder
from peru_asia_graph.web.worker_process import Unavailable

_STATIC: Final = Path(__file__).parent / "static"
_HEALTH_JOB: Final = json.dumps(
    {"job": "query", "text": "ASK {}", "default": None, "named": None, "rows": "json", "graph": None}
).encode()


def make_app(pool: WorkerPool, log: LogFunction | None = None) -> ASGIApp:
    """Return the application for a pool of workers."""

    routes = [
        Route("/health", health),
        Route("/openapi.json", openapi),
        Route("/logo.svg", logo),
        Route("/", page("home")),
        Route("/data", page("data")),
        Route("/search", search),
        Route("/questions", page("questions")),
        Route("/questions/{name}", question),
        Route("/between", page("between")),
        Route("/query", page("query")),
        Route("/limits", page("limits")),
        *reconcile_routes(),
        Route("/page/{path:path}", page("thing")),
        Route("/data/{path:path}", data),
        Mount("/static", serve_contents(site_files(), {"Content-Security-Policy": CSP})),
        *(Route(f"/{kind}", interactive(kind)) for kind in page_kinds()),
        Route(OEMBED, oembed),
        Mount("/exports", serve_folder(find_project().exports)),
        Route("/void", void),
        Route("/.well-known/void", void),
        Route("/{path:path}", resource),
    ]
    site = Starlette(routes=routes, exception_handlers={HTTPException: explain})
    site.state.pool = pool
    return CommonMiddleware(_with_endpoint(site, pool), log)


def _with_endpoint(site: ASGIApp, pool: WorkerPool) -> ASGIApp:
    """Return the site with the endpoint, which bypasses routing: routing would add a tenth to the time of a query."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in ("/sparql", "/sparql/"):
            await site(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            response = await answer_sparql(request, pool)
        except HTTPException as error:
            response = await explain(request, error)
        await response(scope, receive, send)

    return app


async def health(request: Request) -> Response:
    """Report whether queries are answered, and the problem if not from the store as it is now."""
    pool: WorkerPool = request.app.state.pool
    status = 503
    with suppress(Unavailable):
        result = await pool.submit(_HEALTH_JOB, "health").result
        status = result.header["status"]
    problem = {"problem": pool.store.problem} if pool.store.problem else {}
    body = {"status": "ok" if status == 200 else "failing", **pool.counts, **problem}
    return JSONResponse(body, 200 if status == 200 else 503, {"Cache-Control": "no-store"})


async def openapi(request: Request) -> Response:
    """Return the OpenAPI description of this server."""
    return FileResponse(_STATIC / "openapi.json", headers={"Cache-Control": "no-cache"})


async def logo(request: Request) -> Response:
    """Return the ontology's logo."""
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": CSP}
    return Response(site_files()["logo.svg"], headers=headers, media_type="image/svg+xml")


async def explain(request: Request, error: Exception) -> Response:
    """Return an error as a page for readers, JSON for clients of the reconciliation service, or else plain text."""
    assert isinstance(error, HTTPException)
    headers, message = dict(error.headers or {}), error.detail
    if error.status_code == 405:
        methods = allowed_methods(request.url.path)
        headers["Allow"] = ", ".join(methods)
        usable = " or ".join(method for method in methods if method in ("GET", "POST"))
        message = f"{request.method} is not allowed here; use {usable}"
    elif message == HTTPStatus(error.status_code).phrase:
        message = f"there is nothing at {request.url.path}"
    # JSON may hold half of a surrogate pair, which no response can.
    message = message.encode("utf-8", "replace").decode()
    if error.status_code in (408, 413):
        headers["Connection"] = "close"
    if is_reconciliation(request.url.path):
        return JSONResponse({"error": message}, error.status_code, headers)
    if _wants_page(request):
        return await error_page(request, error.status_code, message, headers)
    return PlainTextResponse(message + "\n", error.status_code, headers)


def _wants_page(request: Request) -> bool:
    """Return whether a person reads the error: the client asks for HTML, and not at the endpoint."""
    offered = ["text/plain", HTML]
    return choose(request.headers.get("accept"), offered) == HTML and not request.url.path.startswith("/sparql")

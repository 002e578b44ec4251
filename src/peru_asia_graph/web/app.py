"""The application: paths to handlers. Limit: built once, for one store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from peru_asia_graph.paths import find_project
from peru_asia_graph.web.cache import Kept
from peru_asia_graph.web.endpoint import answer_sparql
from peru_asia_graph.web.exchange import Frame, Log, refusal
from peru_asia_graph.web.files import Files
from peru_asia_graph.web.frames import Header, Job
from peru_asia_graph.web.pool import Pool
from peru_asia_graph.web.protocol import METHODS, Refused
from peru_asia_graph.web.site import EDITOR_CSP, data, files, page, resource, void
from peru_asia_graph.web.straight import Straight
from peru_asia_graph.web.turns import Unavailable

_ALL: list[str] = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"]


def make_app(pool: Pool, log: Log | None = None) -> tuple[ASGIApp, Straight]:
    """Return the application over a pool of workers, and the straight way beside it."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await pool.open()
        yield
        await pool.close()

    routes = [
        Route("/sparql/", answer_sparql, methods=_ALL),
        Route("/health", health),
        Route("/openapi.json", description),
        Route("/", page("home")),
        Route("/search", page("search")),
        Route("/questions", page("questions")),
        Route("/questions/{name}", page("question")),
        Route("/query", page("query", EDITOR_CSP)),
        Route("/limits", page("limits")),
        Route("/page/{path:path}", page("thing")),
        Route("/data/{path:path}", data),
        Route("/static/{path:path}", files("static")),
        Route("/exports/{path:path}", files("exports")),
        Route("/void", void),
        Route("/.well-known/void", void),
        Route("/{path:path}", resource),
    ]
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers={HTTPException: explain})
    app.state.pool = pool
    app.state.static = Files(Path(__file__).parent / "static")
    app.state.exports = Files(find_project().exports)

    async def queried(scope: Scope, receive: Receive, send: Send) -> None:
        """Queries are most of what is asked; they need no looking for their handler."""
        if scope["type"] == "http" and scope["path"] == "/sparql":
            scope["app"] = app
            response = await answer_sparql(Request(scope, receive))
            await response(scope, receive, send)
        else:
            await app(scope, receive, send)

    kept = Kept(queried, pool)
    return Frame(kept, pool.limits, log), Straight(pool, kept, log)


async def health(request: Request) -> Response:
    """Say whether queries are answered."""
    pool: Pool = request.app.state.pool
    job = Job(Job.of(job="query", default=None, named=None, rows="json", graph=None).header, b"ASK {}")
    header: Header = {"status": 503}
    with suppress(Unavailable):
        header, _ = await pool.run(job, "health")
    fine = header["status"] == 200
    said = {"status": "ok" if fine else "failing", **pool.counts}
    return JSONResponse(said, 200 if fine else 503, {"Cache-Control": "no-store"})


async def description(request: Request) -> Response:
    """Return what can be asked of this server and what it answers, as OpenAPI."""
    found: Files = request.app.state.static
    return found.respond("openapi.json", request)


async def explain(request: Request, error: Exception) -> Response:
    """Say what is wrong with a path or a method."""
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = METHODS if request.url.path.startswith("/sparql") else "GET, HEAD, OPTIONS"
        return refusal(Refused(405, f"{request.method} means nothing here", headers))
    return refusal(Refused(error.status_code, f"there is nothing at {request.url.path}", headers))

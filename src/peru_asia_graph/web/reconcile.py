"""The routes of the Reconciliation Service API, 0.2 at /reconcile and 1.0-draft below it: turns requests into jobs.

JSON is parsed by the workers, which can be killed; here only the length of a request is checked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from peru_asia_graph.web.endpoint import read_body
from peru_asia_graph.web.job_response import run_job
from peru_asia_graph.web.language import base_address
from peru_asia_graph.web.middleware import CSP
from peru_asia_graph.web.negotiate import HTML
from peru_asia_graph.web.protocol import FORM_TYPE, check_charset, decode, read_fields
from peru_asia_graph.web.reconcile_manifest import DRAFT_ROOT, ROOT

_JSON: Final = "application/json"
_MAX_TEXT: Final = 1_000
_SUGGESTED: Final = 10
_MOST_SUGGESTED: Final = 100
_MOST_SKIPPED: Final = 1_000_000
_SUGGESTIONS: Final = ("entity", "property", "type")
# Previews are framed by other sites; they run no scripts.
_PREVIEW_CSP: Final = CSP.replace("frame-ancestors 'none'", "frame-ancestors *")
Answerer = Callable[[Request], Awaitable[Response]]


def reconcile_routes() -> list[Route]:
    """Return the routes of the service."""
    routes = [Route(f"{ROOT}{slash}", _service, methods=["GET", "HEAD", "POST"]) for slash in ("", "/")]
    routes += [Route(f"{DRAFT_ROOT}{slash}", _draft_manifest) for slash in ("", "/")]
    routes += [
        Route(f"{DRAFT_ROOT}/match", _draft_post("draft-queries"), methods=["GET", "HEAD", "POST"]),
        Route(f"{DRAFT_ROOT}/extend", _draft_post("draft-extend"), methods=["GET", "HEAD", "POST"]),
    ]
    for root in (ROOT, DRAFT_ROOT):
        routes += [
            Route(f"{root}/suggest/{{of}}", _suggest),
            Route(f"{root}/preview", _preview),
            Route(f"{root}/extend/propose", _propose),
        ]
    return routes


def is_reconciliation(path: str) -> bool:
    """Return whether a path belongs to the service, whose errors are JSON."""
    return path == ROOT or path.startswith(f"{ROOT}/")


async def _service(request: Request) -> Response:
    """Answer a batch of queries or a data extension query, or else describe the service."""
    fields = read_fields(request.scope["query_string"])
    if request.method == "POST":
        body, media = await read_body(request, request.app.state.pool.limits), _media(request)
        if media != FORM_TYPE:
            raise HTTPException(415, f"send queries=… or extend=… as {FORM_TYPE}", {"Accept-Post": FORM_TYPE})
        fields += read_fields(body)
    given = dict(reversed(fields))
    for what in ("queries", "extend"):
        if what in given:
            return await _run(request, {"what": what, "text": given[what]})
    if request.method == "POST" or "query" in given:
        raise HTTPException(400, 'send queries={"q0": {"query": "a name"}}, or extend={"ids": […], "properties": […]}')
    return await _run(request, {"what": "manifest", "base": base_address(request)})


async def _draft_manifest(request: Request) -> Response:
    return await _run(request, {"what": "draft-manifest", "base": base_address(request)})


def _draft_post(what: str) -> Answerer:
    async def answer(request: Request) -> Response:
        if request.method != "POST":
            raise HTTPException(405)
        body = await read_body(request, request.app.state.pool.limits)
        if _media(request) != _JSON:
            raise HTTPException(415, f"send the query as {_JSON}", {"Accept-Post": _JSON})
        return await _run(request, {"what": what, "text": decode(body)})

    return answer


async def _suggest(request: Request) -> Response:
    of = request.path_params["of"]
    if of not in _SUGGESTIONS:
        raise HTTPException(404, f"suggestions are available for {', '.join(_SUGGESTIONS)}")
    # In version 0.2 it is called cursor.
    skipped = _number(request, "offset", 0, _MOST_SKIPPED) or _number(request, "cursor", 0, _MOST_SKIPPED)
    limit = _number(request, "limit", _SUGGESTED, _MOST_SUGGESTED)
    given = {"prefix": _field(request, "prefix"), "offset": skipped, "limit": limit}
    return await _run(request, {"what": "suggest", "of": of, **given})


async def _propose(request: Request) -> Response:
    limit = _number(request, "limit", _MOST_SUGGESTED, _MOST_SUGGESTED)
    return await _run(request, {"what": "propose", "type": _field(request, "type"), "limit": limit})


async def _preview(request: Request) -> Response:
    response = await _run(request, {"what": "preview", "id": _field(request, "id")}, HTML)
    response.headers["Content-Security-Policy"] = _PREVIEW_CSP
    return response


async def _run(request: Request, job: dict[str, Any], media: str = _JSON) -> Response:
    return await run_job(request, request.app.state.pool, {"job": "reconcile", **job}, media)


def _media(request: Request) -> str:
    media, _, rest = request.headers.get("content-type", "").partition(";")
    check_charset(rest)
    return media.strip().lower()


def _field(request: Request, name: str) -> str:
    value = dict(reversed(read_fields(request.scope["query_string"]))).get(name, "")
    if len(value) > _MAX_TEXT:
        raise HTTPException(400, f"{name} may have at most {_MAX_TEXT:,} characters")
    return value


def _number(request: Request, name: str, default: int, most: int) -> int:
    text = _field(request, name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit()):
        raise HTTPException(400, f"{name} must be a whole number, 0 or more")
    return min(int(text), most)

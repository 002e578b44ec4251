"""The SPARQL endpoint: protocol, negotiation, a worker's answer, and the headers that go with it.

Limit: what may change from one asking to the next (NOW, RAND, UUID) gets no ETag.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from peru_asia_graph.web.exchange import read_body, refusal, until_gone
from peru_asia_graph.web.frames import Answer, Header, Job
from peru_asia_graph.web.negotiate import GRAPH_TYPES, HTML, ROW_TYPES, choose, takes_gzip
from peru_asia_graph.web.pool import Pool
from peru_asia_graph.web.protocol import Query, Refused, read_request
from peru_asia_graph.web.turns import Unavailable

VARY: Final = "Accept, Accept-Encoding"
_CHANGING: Final = re.compile(r"(?:now|rand|uuid|bnode)\s*\(")
_HOST: Final = re.compile(r"[A-Za-z0-9.-]+(?::\d+)?|\[[0-9A-Fa-f:.]+\](?::\d+)?")
_BY_NAME: Final = {form: media for media, form in reversed({**ROW_TYPES, **GRAPH_TYPES}.items())}
Graphs = tuple[str, ...] | None


async def answer_sparql(request: Request) -> Response:
    """Answer a request to the endpoint."""
    pool: Pool = request.app.state.pool
    try:
        body = await read_body(request.receive, pool.limits) if request.method == "POST" else b""
        parameters = request.scope["query_string"]
        asked = read_request(request.method, parameters, request.headers.get("content-type", ""), body)
        if asked is None:
            return await _describe(request, pool)
        pool.refresh()
        return await _answer(request, pool, asked)
    except Refused as refused:
        return refusal(refused)


async def _describe(request: Request, pool: Pool) -> Response:
    accept = request.headers.get("accept")
    media = choose(accept, [*GRAPH_TYPES, HTML])
    if media == HTML:
        return RedirectResponse("/query", 303, {"Vary": VARY})
    if media is None:
        raise not_acceptable(GRAPH_TYPES)
    return await run(
        request, pool, media, job="describe", endpoint=f"{base_address(request)}/sparql", graph=GRAPH_TYPES[media]
    )


async def _answer(request: Request, pool: Pool, asked: Query) -> Response:
    accept = request.headers.get("accept")
    if b"format=" in request.scope["query_string"] and (named := request.query_params.get("format")):
        # For links: the name of a format, or a media type, instead of the header.
        accept = _BY_NAME.get(named, named)
    plan = make_plan(pool, asked, accept, request.headers.get("accept-encoding"))
    request.state.log = plan.log
    return await _follow(request, pool, plan)


class Plan(NamedTuple):
    """What a worker is asked, the media type for each kind of answer, and the answer's tag, if it has one."""

    job: Job
    media: Mapping[str, str | None]
    tag: str
    log: Mapping[str, str]


def make_plan(pool: Pool, asked: Query, accept: str | None, encodings: str | None) -> Plan:
    """Return how a query is to be answered; raise Refused when it is too long or nothing of it would be taken."""
    if len(asked.text) > pool.limits.query_bytes:
        raise Refused(413, f"a query may have {pool.limits.query_bytes:,} bytes")
    media = _media(accept)
    text = asked.text.encode("utf-8", "surrogatepass")
    job = Job(_header(media["rows"], media["graph"], takes_gzip(encodings), asked.default, asked.named), text)
    tag = etag(pool.version, job) if pool.version and _is_stable(asked.text) else ""
    return Plan(job, media, tag, {"query": hashlib.sha256(text).hexdigest()[:12]})


@lru_cache(100)
def _media(accept: str | None) -> Mapping[str, str | None]:
    rows, graph = choose(accept, ROW_TYPES), choose(accept, GRAPH_TYPES)
    if rows is None and graph is None:
        raise not_acceptable([*ROW_TYPES, *GRAPH_TYPES])
    return {"rows": rows, "graph": graph}


@lru_cache(100)
def _header(rows: str | None, graph: str | None, packed: bool, default: Graphs, named: Graphs) -> bytes:
    said = {"rows": ROW_TYPES.get(rows or ""), "graph": GRAPH_TYPES.get(graph or ""), "gzip": packed}
    return Job.of(job="query", default=default, named=named, **said).header


def _is_stable(text: str) -> bool:
    text = text.lower()
    # Looked for one by one, as few queries hold any: that takes a tenth of the time.
    is_suspect = "now" in text or "rand" in text or "uuid" in text or "bnode" in text
    return not (is_suspect and _CHANGING.search(text))


async def run(request: Request, pool: Pool, media: str, **said: Any) -> Response:
    """Return a worker's answer to a job as a response of the media type."""
    pool.refresh()
    job = Job.of(**said, gzip=takes_gzip(request.headers.get("accept-encoding")))
    kinds = dict.fromkeys(("rows", "graph", ""), media)
    return await _follow(request, pool, Plan(job, kinds, etag(pool.version, job) if pool.version else "", {}))


async def _follow(request: Request, pool: Pool, plan: Plan) -> Response:
    if plan.tag and _matches(request.headers.get("if-none-match"), plan.tag):
        return Response(status_code=304, headers={"Vary": VARY, "Cache-Control": "no-cache", "ETag": plan.tag})
    return respond(pool, plan, *await _while_wanted(request, pool, plan.job))


def respond(pool: Pool, plan: Plan, header: Header, body: bytes) -> Response:
    """Return a worker's answer as a response; raise Refused for one that says why there is none."""
    if "error" in header:
        if header["status"] == 406:
            raise not_acceptable(GRAPH_TYPES if header["error"] == "a graph" else ROW_TYPES)
        raise Refused(header["status"], header["error"], {"Retry-After": "5"} if header["status"] == 503 else {})
    headers = fixed_headers(str(plan.media[header.get("kind", "")]), bool(header.get("gzip")))
    tagged = {"ETag": plan.tag} if plan.tag else {}
    pool.held += len(body)
    try:
        return Held(pool, body, header["status"], {**headers, **tagged, **header.get("headers", {})})
    except BaseException:
        pool.held -= len(body)
        raise


def fixed_headers(media: str, packed: bool) -> dict[str, str]:
    """Return the headers of an answer that are the same for all of its kind."""
    typed = media if media.endswith(("json", "xml")) else f"{media}; charset=utf-8"
    said = {"Vary": VARY, "Cache-Control": "no-cache", "Content-Type": typed}
    return {**said, "Content-Encoding": "gzip"} if packed else said


class Held(Response):
    """A response whose bytes are counted as held until they are sent."""

    def __init__(self, pool: Pool, body: bytes, status: int, headers: dict[str, str]) -> None:
        self._pool = pool
        super().__init__(body, status, headers)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Send the response."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._pool.held -= len(self.body)


async def _while_wanted(request: Request, pool: Pool, job: Job) -> Answer:
    """Run a job for as long as the client is there; for quick ones nobody looks."""
    here, loop = asyncio.current_task(), asyncio.get_running_loop()
    watching: list[asyncio.Task[None]] = []
    left = False

    async def watch() -> None:
        nonlocal left
        await until_gone(request.receive)
        left = True
        assert here is not None
        here.cancel()

    try:
        client = request.client.host if request.client else ""
        return await pool.run(job, client, lambda: watching.append(loop.create_task(watch())))
    except Unavailable as error:
        raise Refused(503, str(error), {"Retry-After": "5"}) from error
    except asyncio.CancelledError:
        if not left:
            raise
        raise Refused(400, "the client has left") from None
    finally:
        for task in watching:
            task.cancel()


def not_acceptable(types: Any) -> Refused:
    """Return the refusal of a request that takes none of these types."""
    return Refused(406, "this can be had as: " + ", ".join(types), {"Vary": VARY})


def etag(version: str, job: Job) -> str:
    """Return the tag of the answer to a job on this version of the data."""
    said = b"%b %b %b" % (version.encode(), job.header, job.text)
    return f'W/"{hashlib.sha256(said).hexdigest()[:24]}"'


def _matches(header: str | None, tag: str) -> bool:
    if header is None:
        return False
    return header.strip() == "*" or tag in [part.strip() for part in header.split(",")]


def base_address(request: Request) -> str:
    """Return the address the client knows this server by."""
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        host = "{}:{}".format(*request.scope["server"])
    return f"{request.url.scheme}://{host}"

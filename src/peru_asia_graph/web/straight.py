"""The straight way for what is asked most: a query by GET whose answer is short and goes out in one piece.

It does what the layers of the application do, once and without their steps. Limit: every other request, and every
answer that is long, refused or for a slow reader, goes through the application (see ``exchange``, ``endpoint``).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from peru_asia_graph.web.cache import Kept, Key, Reply
from peru_asia_graph.web.endpoint import Plan, fixed_headers, make_plan, respond
from peru_asia_graph.web.exchange import COMMON, PIECE, Frame, Log, log_entry, refusal
from peru_asia_graph.web.frames import Answer
from peru_asia_graph.web.pool import Pool
from peru_asia_graph.web.protocol import Refused, read_request
from peru_asia_graph.web.turns import Turn, Unavailable

# Requests with these are read by the application.
_SPECIAL: Final = {b"if-none-match", b"content-length", b"transfer-encoding", b"expect"}
_NEVER: Final = Refused(400, "the client has left")
Start = Callable[[RequestResponseCycle, Any], None]


class Straight:
    """The straight way to the workers of a pool."""

    def __init__(self, pool: Pool, kept: Kept, log: Log | None) -> None:
        self.pool = pool
        self.kept = kept
        self.log = log

    def begin(self, cycle: RequestResponseCycle, start: Start) -> Exchange | None:
        """Ask for the answer to a request; None when it does not go this way. ``start`` has an application reply."""
        scope: Any = cycle.scope
        parameters = scope["query_string"]
        if scope["path"] != "/sparql" or scope["method"] != "GET" or b"format=" in parameters:
            return None
        started, headers = time.perf_counter(), dict(scope["headers"])
        if not _SPECIAL.isdisjoint(headers) or len(headers) < len(scope["headers"]):
            return None
        key = self.kept.key(scope, headers, b"")
        if self.kept.find(key, headers) is not None:
            return None
        try:
            asked = read_request("GET", parameters, "", b"")
            if asked is None:
                return None
            plan = make_plan(self.pool, asked, _text(headers, b"accept"), _text(headers, b"accept-encoding"))
            return Exchange(self, cycle, start, plan, key, started)
        except (Refused, Unavailable):
            return None


class Exchange:
    """A request on the straight way, until it is answered or its client has left."""

    def __init__(
        self, way: Straight, cycle: RequestResponseCycle, start: Start, plan: Plan, key: Key, started: float
    ) -> None:
        self._way = way
        self._cycle = cycle
        self._start = start
        self._plan = plan
        self._key = key
        self._started = started
        self._scope: Any = cycle.scope
        self._is_long = False
        client = self._scope["client"]
        self._turn: Turn = way.pool.submit(plan.job, client[0] if client else "", self._done, self._look)

    def leave(self) -> None:
        """Note that the client has left; what is quick is done to its end."""
        if self._is_long:
            self._give_up()

    def _look(self) -> None:
        self._is_long = True
        if self._cycle.disconnected:
            self._give_up()

    def _give_up(self) -> None:
        if not self._turn.over:
            self._way.pool.drop(self._turn)
            self._reply(refusal(_NEVER))

    def _done(self, outcome: Answer | Unavailable) -> None:
        if isinstance(outcome, Unavailable):
            self._reply(refusal(Refused(503, str(outcome), {"Retry-After": "5"})))
            return
        header, body = outcome
        cycle = self._cycle
        if "error" in header or len(body) > PIECE or cycle.flow.write_paused or cycle.disconnected:
            try:
                self._reply(respond(self._way.pool, self._plan, header, body))
            except Refused as refused:
                self._reply(refusal(refused))
            return
        media, packed = str(self._plan.media[header["kind"]]), bool(header.get("gzip"))
        tag = self._plan.tag
        cycle.transport.write(
            b"HTTP/1.1 200 OK\r\n%b%b%b%bcontent-length: %d\r\n\r\n%b"
            % (
                _lines(tuple(cycle.default_headers)),
                b"" if cycle.keep_alive else b"connection: close\r\n",
                _fixed_lines(media, packed),
                b"etag: %b\r\n" % tag.encode() if tag else b"",
                len(body),
                body,
            )
        )
        if tag:
            self._keep(media, packed, body)
        self._complete()
        if self._way.log is not None:
            self._scope["state"]["log"] = self._plan.log
            self._way.log(log_entry(self._scope, 200, len(body), time.perf_counter() - self._started))

    def _keep(self, media: str, packed: bool, body: bytes) -> None:
        own = (b"etag", self._plan.tag.encode()), (b"content-length", b"%d" % len(body))
        self._way.kept.keep(self._key, Reply([*_pairs(media, packed), *own], body, 200, self._plan.log))

    def _complete(self) -> None:
        """Do what ends a response in the server below."""
        cycle = self._cycle
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            cycle.transport.close()
        cycle.on_response()

    def _reply(self, response: ASGIApp) -> None:
        """Send a response through the layers of the application."""
        self._scope["state"]["log"] = self._plan.log
        noted = self._way.kept.note(self._key, response)
        self._start(self._cycle, Frame(noted, self._way.pool.limits, self._way.log, self._started))


def _text(headers: dict[bytes, bytes], name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


@lru_cache(64)
def _lines(pairs: tuple[tuple[bytes, bytes], ...]) -> bytes:
    return b"".join([b"%b: %b\r\n" % pair for pair in pairs])


@lru_cache(64)
def _fixed_lines(media: str, packed: bool) -> bytes:
    return _lines((*_pairs(media, packed), *COMMON))


@lru_cache(64)
def _pairs(media: str, packed: bool) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in fixed_headers(media, packed).items()]

"""The straight way for what is asked most: a query by GET whose answer is short and goes out in one piece.

It does what the layers of the application do, once and without their steps, for an answer that is kept and for one that
a worker makes. Limit: every other request, and every answer that is long, refused or for a slow reader, goes through
the application (see ``exchange``, ``endpoint``).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
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

    def begin(self, cycle: RequestResponseCycle, start: Start) -> Exchange | Sent | None:
        """Ask for the answer to a request; None when it does not go this way. ``start`` has an application reply."""
        scope: Any = cycle.scope
        parameters = scope["query_string"]
        if scope["path"] != "/sparql" or scope["method"] != "GET" or b"format=" in parameters:
            return None
        started, headers = time.perf_counter(), dict(scope["headers"])
        if not _SPECIAL.isdisjoint(headers) or len(headers) < len(scope["headers"]):
            return None
        key = self.kept.key(scope, headers, b"")
        found = self.kept.find(key, headers)
        if found is not None:
            return None if is_slow(cycle, found.body) else Sent(self, cycle, found, started)
        try:
            asked = read_request("GET", parameters, "", b"")
            if asked is None:
                return None
            plan = make_plan(self.pool, asked, _text(headers, b"accept"), _text(headers, b"accept-encoding"))
            return Exchange(self, cycle, start, plan, key, started)
        except (Refused, Unavailable):
            return None


class Sent:
    """A request that is answered by a reply that was kept, on the spot."""

    def __init__(self, way: Straight, cycle: RequestResponseCycle, reply: Reply, started: float) -> None:
        write(cycle, _lines((*reply.headers, *COMMON)), reply.body)
        # Ended in its turn: many requests sent at once would otherwise be answered one inside the other.
        asyncio.get_running_loop().call_soon(complete, cycle)
        note(way, cycle, reply.log, reply.body, started)

    def leave(self) -> None:
        """Note that the client has left: there is nothing to give up."""


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
        if "error" in header or is_slow(cycle, body):
            try:
                self._reply(respond(self._way.pool, self._plan, header, body))
            except Refused as refused:
                self._reply(refusal(refused))
            return
        media, packed, tag = str(self._plan.media[header["kind"]]), bool(header.get("gzip")), self._plan.tag
        own = [(b"content-length", b"%d" % len(body)), *([(b"etag", tag.encode())] if tag else [])]
        write(cycle, _fixed_lines(media, packed) + _joined(own), body)
        if tag:
            self._way.kept.keep(self._key, Reply((*_pairs(media, packed), *own), body, 200, self._plan.log))
        complete(cycle)
        note(self._way, cycle, self._plan.log, body, self._started)

    def _reply(self, response: ASGIApp) -> None:
        """Send a response through the layers of the application."""
        self._scope["state"]["log"] = self._plan.log
        noted = self._way.kept.note(self._key, response)
        self._start(self._cycle, Frame(noted, self._way.pool.limits, self._way.log, self._started))


def is_slow(cycle: RequestResponseCycle, body: bytes) -> bool:
    """Return whether an answer cannot go out in one piece at once."""
    return len(body) > PIECE or cycle.flow.write_paused or cycle.disconnected


def write(cycle: RequestResponseCycle, lines: bytes, body: bytes) -> None:
    """Send an answer, whole."""
    closing = b"" if cycle.keep_alive else b"connection: close\r\n"
    own = _lines(tuple(cycle.default_headers))
    cycle.transport.write(b"HTTP/1.1 200 OK\r\n%b%b%b\r\n%b" % (own, closing, lines, body))


def complete(cycle: RequestResponseCycle) -> None:
    """Do what ends a response in the server below."""
    cycle.response_started = cycle.response_complete = True
    cycle.message_event.set()
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()


def note(way: Straight, cycle: RequestResponseCycle, said: Mapping[str, Any], body: bytes, started: float) -> None:
    """Write a line of the log."""
    if way.log is not None:
        scope: Any = cycle.scope
        scope["state"]["log"] = said
        way.log(log_entry(scope, 200, len(body), time.perf_counter() - started))


def _text(headers: dict[bytes, bytes], name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


def _joined(pairs: Iterable[tuple[bytes, bytes]]) -> bytes:
    return b"".join([b"%b: %b\r\n" % pair for pair in pairs])


@lru_cache(1_000)
def _lines(pairs: tuple[tuple[bytes, bytes], ...]) -> bytes:
    return _joined(pairs)


@lru_cache(64)
def _fixed_lines(media: str, packed: bool) -> bytes:
    return _lines((*_pairs(media, packed), *COMMON))


@lru_cache(64)
def _pairs(media: str, packed: bool) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in fixed_headers(media, packed).items()]

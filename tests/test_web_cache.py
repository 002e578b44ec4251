"""Replies that are kept: for the same question only, of the same data, and only those that name it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest

from peru_asia_graph.web.cache import Kept
from peru_asia_graph.web.limits import Limits
from peru_asia_graph.web.pool import Pool

TAGGED = [(b"etag", b'W/"1"'), (b"content-type", b"text/csv")]


class Data:
    """What is asked of a pool here: the version of the data."""

    limits = Limits(query_bytes=100)
    version = "one"

    def refresh(self) -> None:
        """Look for new data; there is none."""


class Site:
    """An application that counts how often it is asked, behind the memory that is tested."""

    def __init__(self, headers: list[tuple[bytes, bytes]], status: int = 200, most: int = 100_000) -> None:
        self.data, self.asked = Data(), 0
        self._headers, self._status = headers, status
        self._kept = Kept(self._answer, cast(Pool, self.data), most)

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked += 1
        body = (await receive())["body"] + scope["query_string"]
        await send({"type": "http.response.start", "status": self._status, "headers": self._headers})
        await send({"type": "http.response.body", "body": body})

    def get(self, query: bytes, method: str = "GET", body: bytes = b"", **headers: str) -> bytes:
        """Return what is answered to a request."""
        pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "path": "/sparql", "query_string": query, "headers": pairs}
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        # In a thread of its own: the browser of other tests may have a loop running in this one.
        with ThreadPoolExecutor(1) as alone:
            alone.submit(lambda: asyncio.run(self._kept(scope, receive, send))).result()
        return cast(bytes, b"".join(message.get("body", b"") for message in sent))


def test_the_same_is_answered_from_memory_until_the_data_changes() -> None:
    site = Site(TAGGED)
    assert [site.get(b"q=1"), site.get(b"q=1"), site.asked] == [b"q=1", b"q=1", 1]
    assert [site.get(b"q=2"), site.asked] == [b"q=2", 2]
    site.data.version = "two"
    assert [site.get(b"q=1"), site.get(b"q=1"), site.asked] == [b"q=1", b"q=1", 3]


def test_what_a_reply_depends_on_tells_requests_apart() -> None:
    site = Site(TAGGED)
    for headers in ({"accept": "text/csv"}, {"accept": "a/b"}, {"accept_encoding": "gzip"}, {"host": "x"}, {}):
        site.get(b"q", **headers)
    assert site.asked == 5


def test_who_wants_it_anew_gets_it_anew() -> None:
    site = Site(TAGGED)
    site.get(b"q")
    site.get(b"q", cache_control="no-cache")
    site.get(b"q", if_none_match='W/"1"')
    assert site.asked == 3


def test_posted_queries_are_kept_by_their_body() -> None:
    site = Site(TAGGED)
    assert [site.get(b"", "POST", body) for body in (b"a", b"b", b"a", b"b")] == [b"a", b"b", b"a", b"b"]
    assert site.asked == 2
    assert b"a query may have" in site.get(b"", "POST", b"x" * 1000) and site.asked == 2


@pytest.mark.parametrize(("headers", "status"), [([], 200), (TAGGED, 500), (TAGGED, 503)])
def test_what_may_change_or_went_wrong_is_not_kept(headers: list[tuple[bytes, bytes]], status: int) -> None:
    site = Site(headers, status)
    site.get(b"q")
    site.get(b"q")
    assert site.asked == 2


def test_memory_is_bounded_and_the_latest_asked_stay() -> None:
    site = Site(TAGGED, most=5_000)
    for number in (1, 2, 3, 1, 4, 5, 6, 1):
        site.get(b"%d" % number)
    assert site.asked == 6
    site.get(b"2")
    assert site.asked == 7

"""Connection limits: slow, endless and unread connections are closed; those in use are not."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import uvicorn

from peru_asia_graph.web.connections import Connection, ConnectionLimiter
from peru_asia_graph.web.limits import Limits
from peru_asia_graph.web.server import configure
from servers import until

REQUEST = b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n"
LONG = 20_000_000


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Return a body of as many bytes as the path says, or the client's address if it gives no number."""
    size = int(scope["path"][1:])
    body = b"x" * size or scope["client"][0].encode()
    length = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": length})
    for start in range(0, len(body), 65_536):
        piece = body[start : start + 65_536]
        await send({"type": "http.response.body", "body": piece, "more_body": start + 65_536 < len(body)})


@contextmanager
def counted(**limits: Any) -> Iterator[tuple[tuple[str, int], ConnectionLimiter]]:
    """Serve the application with these limits; yield host and port, and the connection limiter."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = configure(application, Limits(**limits))
        assert isinstance(config.app, ConnectionLimiter)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: server.run(sockets=[listening]))
        thread.start()
        try:
            yield listening.getsockname(), config.app
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def served(**limits: Any) -> Iterator[tuple[str, int]]:
    """Serve the application with these limits; yield host and port."""
    with counted(**limits) as (place, _):
        yield place


def connect(place: tuple[str, int], sends: bytes = b"") -> socket.socket:
    """Return a connection on which the given bytes have been sent."""
    one = socket.create_connection(place, 20)
    one.sendall(sends)
    return one


def read_body(one: socket.socket) -> bytes:
    with one.makefile("rb") as file:
        lines = list(iter(file.readline, b"\r\n"))
        assert lines[0].startswith(b"HTTP/1.1 200")
        return file.read(next(int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length")))


def read_all(one: socket.socket) -> bytes:
    """Return everything received until the server closes the connection."""
    received = b""
    with suppress(ConnectionResetError):
        while piece := one.recv(1_000_000):
            received += piece
    return received


def is_closed(one: socket.socket) -> bool:
    """Wait until the server has closed a connection."""
    return read_all(one) == b""


@pytest.mark.parametrize("sends", [b"", b"G", b"GET / HTTP/1.1\r\n", b"\r\n\r\n", REQUEST % 5])
def test_connection_without_a_complete_request_is_closed(sends: bytes) -> None:
    with served(header_seconds=1.0) as place, connect(place, sends) as one:
        if sends.startswith(b"GET /5"):
            assert read_body(one) == b"x" * 5
        assert is_closed(one)


def test_headers_sent_byte_by_byte_are_cut_off() -> None:
    with served(header_seconds=1.0) as place, connect(place) as one, pytest.raises(ConnectionError):
        for _ in range(300):
            one.sendall(b"G")
            time.sleep(0.05)


@pytest.mark.parametrize("line", [b"x-long: " + b"a" * 1_000 + b"\r\n", b"a" * 5_000])
def test_endless_headers_are_refused_and_closed(line: bytes) -> None:
    head = b"GET / HTTP/1.1\r\n"
    with served(header_bytes=50_000, header_seconds=1.0) as place, connect(place, head) as one:
        one.sendall(line * 60)
        assert one.recv(12) == b"HTTP/1.1 431"
        with pytest.raises(ConnectionError):
            for _ in range(30_000):
                one.sendall(line)
                time.sleep(0.001)


@pytest.mark.parametrize("size", [50_001, 70_000, 300_000, 5_000_000])
@pytest.mark.parametrize("piece", [900, 10_000_000])
def test_overlong_url_gets_414_and_not_a_reset(size: int, piece: int) -> None:
    request = b"GET /5?" + b"a" * size + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    with served(header_bytes=50_000) as place, connect(place) as one:
        for start in range(0, len(request), piece):
            one.sendall(request[start : start + piece])
        received = b""
        while data := one.recv(1_000_000):
            received += data
    assert received.startswith(b"HTTP/1.1 414 URI Too Long\r\n") and received.endswith(b"send the query by POST\n")


def test_long_url_within_the_limit_and_long_body_are_passed_on() -> None:
    url = b"GET /5?" + b"a" * 49_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    post = b"POST /5 HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n" + b"a" * 900_000
    with served(header_bytes=50_000) as place:
        for request in (url, post):
            with connect(place, request) as one:
                assert read_body(one) == b"x" * 5


def test_longest_idle_connection_is_closed_when_there_are_too_many() -> None:
    with served(max_connections=3) as place:
        busy = connect(place, REQUEST % LONG)
        assert busy.recv(1, socket.MSG_PEEK) == b"H"  # it is being answered
        waiting = [connect(place) for _ in range(2)]
        with connect(place, REQUEST % 7) as one:
            assert read_body(one) == b"x" * 7
        assert is_closed(waiting[0])
        waiting[1].sendall(REQUEST % 8)
        assert read_body(waiting[1]) == b"x" * 8 and read_body(busy) == b"x" * LONG
        for one in (busy, *waiting):
            one.close()


@pytest.mark.slow
def test_client_that_stops_reading_is_disconnected() -> None:
    with counted(stall_seconds=1.0) as (place, limiter), connect(place, REQUEST % LONG) as one:
        assert one.recv(1, socket.MSG_PEEK) == b"H"
        until(lambda: limiter.count == 0)
        assert len(read_all(one)) < LONG


@pytest.mark.slow
def test_slow_reader_gets_everything() -> None:
    with served(stall_seconds=3.0, header_seconds=1.0) as place, connect(place, REQUEST % 6_000_000) as one:
        received = 0
        while received < 6_000_000:
            piece = one.recv(100_000)
            assert piece, received
            received += len(piece)
            time.sleep(0.1)


def test_pipelined_requests_are_answered_in_order() -> None:
    sizes = [7, 300_000, 1, 2, 70_000, 3] * 20
    with served() as place, connect(place) as one, one.makefile("rb") as file:
        threading.Thread(target=one.sendall, args=(b"".join(REQUEST % size for size in sizes),)).start()
        for size in sizes:
            lines = list(iter(file.readline, b"\r\n"))
            assert b"content-length: %d\r\n" % size in lines
            assert len(file.read(size)) == size


def test_local_proxy_is_trusted_to_name_the_client() -> None:
    forwarded = (REQUEST % 0).replace(b"\r\n\r\n", b"\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n")
    with served() as place:
        with connect(place, REQUEST % 0) as one:
            assert read_body(one) == b"127.0.0.1"
        with connect(place, forwarded) as one:
            assert read_body(one) == b"203.0.113.9"


def test_closed_connections_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    opened, register = list[Connection](), ConnectionLimiter.opened
    monkeypatch.setattr(ConnectionLimiter, "opened", lambda *args: (opened.append(args[1]), register(*args)))
    with counted() as (place, limiter):
        for sends in (b"", b"GET", REQUEST % 5, REQUEST % LONG):
            connect(place, sends).close()
        until(lambda: len(opened) == 4 and limiter.count == 0)

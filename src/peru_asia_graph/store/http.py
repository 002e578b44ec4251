"""HTTP client for remote stores: one timeout for the whole request, and credentials from the environment.

``PAG_STORE_USER`` and ``PAG_STORE_PASSWORD`` (Basic or Digest, whichever the server asks for) or ``PAG_STORE_TOKEN``
(Bearer); ``PAG_STORE_TIMEOUT`` in seconds. Redirects are not followed, so that credentials go only to
the given server.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import http.client
import os
import re
import secrets
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from email.message import Message
from typing import Any, Final

from peru_asia_graph.errors import StoreUnreachable, WrongUse

TIMEOUT: Final = 60.0
_CHUNK: Final = 1 << 16
_PARAMETER: Final = re.compile(r'(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')


@dataclass(frozen=True)
class HttpResponse:
    """A complete response."""

    status: int
    headers: Message
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type, without parameters."""
        return self.headers.get_content_type()

    @property
    def excerpt(self) -> str:
        """The start of the body on one line, for error messages; for HTML, of its text."""
        start = self.body[:2000].decode("utf-8", "replace")
        if self.media_type == "text/html":
            start = re.sub(r"(?s)<head>.*?</head>|<[^>]*>", " ", start)
        return one_line(start)[:300]


def one_line(text: str) -> str:
    """Return a server's text on one line, without control characters, which could act on a terminal.

    >>> one_line("\\x1b]0;title\\x07 no\\r\\nsuch graph")
    ']0;title no such graph'
    """
    return " ".join("".join(one for one in text if one.isprintable() or one.isspace()).split())


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def http_error_302(self, *_: Any, **__: Any) -> None:
        """Leave the response to the caller."""

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


@dataclass(frozen=True)
class Credentials:
    """A user name and password, and the Authorization headers made from them."""

    user: str
    password: str

    def basic(self) -> str:
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()

    def digest(self, challenge: Mapping[str, str], method: str, uri: str, cnonce: str, count: int = 1) -> str | None:
        """Return the header for Digest authentication (RFC 7616, qop=auth), or None for any other challenge."""
        name, nonce, realm = challenge.get("algorithm", "MD5"), challenge.get("nonce", ""), challenge.get("realm", "")
        algorithm = {"MD5": "md5", "SHA-256": "sha256"}.get(name.upper())
        if algorithm is None or "auth" not in re.split(r"[\s,]+", challenge.get("qop", "")):
            return None

        def hashed(*parts: str) -> str:
            return hashlib.new(algorithm, ":".join(parts).encode()).hexdigest()

        secret, request = hashed(self.user, realm, self.password), hashed(method, uri)
        response = hashed(secret, nonce, f"{count:08x}", cnonce, "auth", request)
        quoted = {"username": self.user, "realm": realm, "nonce": nonce, "uri": uri, "response": response}
        quoted |= {"cnonce": cnonce} | {key: challenge[key] for key in ["opaque"] if key in challenge}
        fields = ", ".join(f'{key}="{value}"' for key, value in quoted.items())
        return f"Digest {fields}, algorithm={name}, qop=auth, nc={count:08x}"


class HttpClient:
    """Sends requests to one server; ``timeout`` limits the whole request, including reading the response."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.timeout = _timeout()
        self._headers = {"User-Agent": "peru-asia-graph", "Accept-Encoding": "gzip"}
        user, token = os.environ.get("PAG_STORE_USER"), os.environ.get("PAG_STORE_TOKEN")
        if "@" in url.partition("//")[2].partition("/")[0]:
            raise WrongUse(
                "the URL of a server must not contain a user name or password; set PAG_STORE_USER and "
                "PAG_STORE_PASSWORD"
            )
        self._credentials = Credentials(user, os.environ.get("PAG_STORE_PASSWORD", "")) if user else None
        # The WWW-Authenticate header of the last 401 response.
        self._challenge: str | None = None
        self._requests = 0
        if token and not token.isprintable():
            raise WrongUse("PAG_STORE_TOKEN has a line break or another control character; remove it")
        if token and not user:
            self._headers["Authorization"] = f"Bearer {token}"
        self._opener = urllib.request.build_opener(_NoRedirect())

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> HttpResponse:
        """Send a request; raise StoreUnreachable on a timeout or a redirect, or if access is refused."""
        if body is not None and len(body) > _CHUNK and self._credentials is not None and self._challenge is None:
            # Virtuoso closes the connection during a long unauthorised body, so get its challenge first.
            _checked(self._authorized("HEAD", url, {}, None), self.url)
        return _checked(self._authorized(method, url, headers, body), self.url)

    def _authorized(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> HttpResponse:
        """Send a request, and repeat it with credentials if the response is 401 with a (new) challenge."""
        response = self._send(method, url, {**headers, **self._authorization(method, url)}, body)
        challenges = response.headers.get_all("WWW-Authenticate", [])
        known = [one for scheme in ("digest", "basic") for one in challenges if one.lower().startswith(scheme)]
        if response.status != 401 or self._credentials is None or not known:
            return response
        self._challenge, self._requests = known[0], 0
        return self._send(method, url, {**headers, **self._authorization(method, url)}, body)

    def _authorization(self, method: str, url: str) -> dict[str, str]:
        if self._challenge is None or self._credentials is None:
            return {}
        if self._challenge.lower().startswith("basic"):
            return {"Authorization": self._credentials.basic()}
        fields = {key.lower(): quoted or token for key, quoted, token in _PARAMETER.findall(self._challenge)}
        split = urllib.parse.urlsplit(url)
        uri = (split.path or "/") + (f"?{split.query}" if split.query else "")
        self._requests += 1
        header = self._credentials.digest(fields, method, uri, secrets.token_hex(8), self._requests)
        return {} if header is None else {"Authorization": header}

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> HttpResponse:
        deadline = time.monotonic() + self.timeout
        try:
            request = urllib.request.Request(url, body, {**self._headers, **headers}, method=method)
            with self._open(request) as response:
                return HttpResponse(*_read(response, deadline, method == "HEAD"))
        except (OSError, http.client.HTTPException, ValueError, OverflowError, MemoryError) as error:
            reason = getattr(error, "reason", None) or error
            if isinstance(reason, MemoryError):
                raise StoreUnreachable(f"{self.url} sent more than fits in memory; reduce the query") from error
            if isinstance(reason, TimeoutError):
                remedy = "reduce the query, or set PAG_STORE_TIMEOUT to more seconds"
                raise StoreUnreachable(f"{self.url} did not respond within {self.timeout:g} s; {remedy}") from error
            raise StoreUnreachable(f"{self.url} does not respond: {one_line(str(reason))}") from error

    def _open(self, request: urllib.request.Request) -> Any:
        """Return a response once its headers are complete; raise TimeoutError if that takes too long.

        urllib's timeout is for each read or write, so a server that sends single bytes would never time out.
        """
        found: Future[Any] = Future()

        def run() -> None:
            try:
                response = self._opener.open(request, timeout=self.timeout)
            except urllib.error.HTTPError as error:  # a response, too
                response = error
            except Exception as error:  # noqa: BLE001 - raised by the caller
                found.set_exception(error)
                return
            found.set_result(response)

        threading.Thread(target=run, daemon=True).start()
        try:
            return found.result(self.timeout)
        except TimeoutError:
            found.add_done_callback(lambda late: late.exception() or late.result().close())
            raise


def _timeout() -> float:
    given = os.environ.get("PAG_STORE_TIMEOUT", "")
    try:
        seconds = float(given or TIMEOUT)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise WrongUse(f"PAG_STORE_TIMEOUT is '{given}'; write seconds, such as 60")
    return seconds


def _read(response: Any, deadline: float, head: bool) -> tuple[int, Message, bytes]:
    body = bytearray()
    # read() would block while a slow server sends single bytes; read1() returns what has arrived.
    while chunk := response.read1(_CHUNK):
        body += chunk
        if time.monotonic() > deadline:
            raise TimeoutError
    length = response.headers.get("Content-Length")
    if length is not None and not head and len(body) != int(length):
        raise http.client.IncompleteRead(bytes(body), int(length) - len(body))
    if response.headers.get("Content-Encoding", "").strip().lower() in ("gzip", "x-gzip") and body:
        try:
            return response.status, response.headers, gzip.decompress(body)
        except (EOFError, zlib.error) as error:
            raise ValueError(f"invalid gzip data ({error})") from error
    return response.status, response.headers, bytes(body)


def _checked(response: HttpResponse, url: str) -> HttpResponse:
    if response.status in (401, 403):
        remedy = "set PAG_STORE_USER and PAG_STORE_PASSWORD, or PAG_STORE_TOKEN"
        said = f": {response.excerpt}" if response.excerpt else ""
        raise StoreUnreachable(f"{url} refuses access ({response.status}{said}); {remedy}")
    if 300 <= response.status < 400:
        new = one_line(response.headers.get("Location", "another URL"))
        if re.match("/[^/]", new):
            new = urllib.parse.urljoin(url, new)
        raise StoreUnreachable(f"{url} has moved to {new}; use that URL")
    return response

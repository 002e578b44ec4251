"""HTTP for remote stores: a request in, status and body out, within a deadline, with credentials from the environment.

``PAG_STORE_USER`` and ``PAG_STORE_PASSWORD`` (Basic or Digest, as the server asks), or ``PAG_STORE_TOKEN`` (Bearer);
``PAG_STORE_TIMEOUT`` in seconds. Proxies are those of the environment. Limit: redirects are not followed, so that
credentials stay with the server they were meant for.
"""

from __future__ import annotations

import gzip
import http.client
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any, Final

from peru_asia_graph.errors import StoreUnreachable, WrongUse

TIMEOUT: Final = 60.0
_PIECE: Final = 1 << 16


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    headers: Message
    body: bytes

    @property
    def media(self) -> str:
        """Its media type, without parameters."""
        return self.headers.get_content_type()

    @property
    def said(self) -> str:
        """Its first lines as one line of text, for a message."""
        return " ".join(self.body[:2000].decode("utf-8", "replace").split())[:300]


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class _Basic(urllib.request.HTTPBasicAuthHandler):
    def http_error_401(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        again = super().http_error_401
        return _closing(lambda: again(req, fp, code, msg, headers), fp)


class _Digest(urllib.request.HTTPDigestAuthHandler):
    """Digest access that remembers the server's challenge, so that a body is not sent twice each time."""

    challenge: dict[str, str] | None = None

    def retry_http_digest_auth(self, req: urllib.request.Request, auth: str) -> Any:
        _, _, rest = auth.partition(" ")
        self.challenge = urllib.request.parse_keqv_list(urllib.request.parse_http_list(rest))
        return super().retry_http_digest_auth(req, auth)

    def http_request(self, req: urllib.request.Request) -> urllib.request.Request:
        if self.challenge is not None:
            made = self.get_authorization(req, self.challenge)
            if made:
                req.add_unredirected_header("Authorization", f"Digest {made}")
        return req

    https_request = http_request

    def http_error_401(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        again = super().http_error_401
        return _closing(lambda: again(req, fp, code, msg, headers), fp)


class Client:
    """Sends requests to one server; ``timeout`` bounds a whole request, reading the answer included."""

    def __init__(self, url: str, timeout: float | None = None) -> None:
        self.url = url
        self.timeout = _timeout() if timeout is None else timeout
        self._headers = {"User-Agent": "peru-asia-graph", "Accept-Encoding": "gzip"}
        self._digest: _Digest | None = None
        handlers: list[urllib.request.BaseHandler] = [_Stay()]
        user, token = os.environ.get("PAG_STORE_USER"), os.environ.get("PAG_STORE_TOKEN")
        if user:
            known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
            known.add_password(None, url, user, os.environ.get("PAG_STORE_PASSWORD", ""))
            self._digest = _Digest(known)
            handlers += [_Basic(known), self._digest]
        elif token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._opener = urllib.request.build_opener(*handlers)

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Send one request; raise StoreUnreachable when no answer comes in time or access is refused."""
        if body is not None and len(body) > _PIECE and self._digest is not None and self._digest.challenge is None:
            # Some servers close the connection under a long body they have not yet allowed; be let in first.
            self._send("HEAD", url, {}, None)
        return self._send(method, url, headers, body)

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        request = urllib.request.Request(url, body, {**self._headers, **headers}, method=method)
        deadline = time.monotonic() + self.timeout
        try:
            try:
                response = self._opener.open(request, timeout=self.timeout)
            except urllib.error.HTTPError as error:
                response = error
            with response:
                return _checked(Answer(*_read(response, deadline, method == "HEAD")), self.url)
        except TimeoutError as error:
            raise self._late() from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            # Digest handlers raise ValueError for schemes they do not know.
            reason = getattr(error, "reason", None) or error
            if isinstance(reason, TimeoutError):
                raise self._late() from error
            raise StoreUnreachable(f"{self.url} does not answer: {reason}") from error

    def _late(self) -> StoreUnreachable:
        more = "ask for less, or set PAG_STORE_TIMEOUT to more seconds"
        return StoreUnreachable(f"{self.url} gave no answer within {self.timeout:g} s; {more}")


def _closing(again: Callable[[], Any], refusal: Any) -> Any:
    """Ask again, and close the refusal that led to it; the library leaves it open."""
    try:
        answer = again()
    except OSError:
        refusal.close()
        raise
    if answer is not None:
        refusal.close()
    return answer


def _timeout() -> float:
    given = os.environ.get("PAG_STORE_TIMEOUT", "")
    try:
        seconds = float(given or TIMEOUT)
    except ValueError as error:
        raise WrongUse(f"PAG_STORE_TIMEOUT is '{given}'; write seconds, as 60") from error
    if not 0 < seconds < float("inf"):
        raise WrongUse(f"PAG_STORE_TIMEOUT is '{given}'; write seconds, as 60")
    return seconds


def _read(response: Any, deadline: float, head: bool) -> tuple[int, Message, bytes]:
    pieces = []
    # A server that drips would never let read() return; read1() takes what is there.
    while piece := response.read1(_PIECE):
        pieces.append(piece)
        if time.monotonic() > deadline:
            raise TimeoutError
    body = b"".join(pieces)
    length = response.headers.get("Content-Length")
    if length is not None and not head and len(body) != int(length):
        raise http.client.IncompleteRead(body, int(length) - len(body))
    if response.headers.get("Content-Encoding", "") == "gzip":
        body = gzip.decompress(body)
    return response.status, response.headers, body


def _checked(answer: Answer, url: str) -> Answer:
    if answer.status in (401, 403):
        hint = "set PAG_STORE_USER and PAG_STORE_PASSWORD, or PAG_STORE_TOKEN"
        raise StoreUnreachable(f"{url} refuses access ({answer.status}); {hint}")
    if 300 <= answer.status < 400:
        raise StoreUnreachable(f"{url} has moved to {answer.headers.get('Location', 'another address')}; name that one")
    return answer

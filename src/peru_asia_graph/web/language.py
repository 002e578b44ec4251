"""What a request says about its reader: the address by which this server is reached, and the language.

The language is that in the address, of an earlier choice, or of the browser's preferences, in that order.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from peru_asia_graph.views.words import LANGUAGES
from peru_asia_graph.web.job_response import VARY
from peru_asia_graph.web.negotiate import read_preferences

# The field of an address, and the name of the cookie, whose only values are ``en`` and ``es``.
LANGUAGE: Final = "lang"
_HOST: Final = re.compile(r"[A-Za-z0-9.-]+(?::\d+)?|\[[0-9A-Fa-f:.]+\](?::\d+)?")
_YEAR_SECONDS: Final = 365 * 24 * 3600
_MOST_FIELDS: Final = 50
READER_VARY: Final = f"{VARY}, Accept-Language, Cookie"


def base_address(request: Request) -> str:
    """Return the address by which the client reaches this server; its own if the Host header is not a host name."""
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        host = "{}:{}".format(*request.scope["server"])
    return f"{request.url.scheme}://{host}"


def read_reader(request: Request) -> dict[str, str]:
    """Return the reader's language, the path and query of the page without it, and the address of the site."""
    fields = [pair for pair in request.query_params.multi_items()[:_MOST_FIELDS] if pair[0] != LANGUAGE]
    return {
        "language": find_language(request),
        "here": request.url.path.strip("/"),
        "site": f"{base_address(request)}/",
        "query": urlencode([(key, value[:1000]) for key, value in fields]),
    }


def find_language(request: Request) -> str:
    """Return the language in which the client wants to read."""
    named, kept = request.query_params.get(LANGUAGE, ""), request.cookies.get(LANGUAGE, "")
    return choose_language(named, kept, request.headers.get("accept-language", ""))


def choose_language(*wanted: str) -> str:
    """Return the first available of the requested languages, or English.

    Each is a code, or the value of an Accept-Language header.

    >>> choose_language("", "fr, es-PE;q=0.8, en;q=0.5"), choose_language("de"), choose_language("en", "es")
    ('es', 'en', 'en')
    """
    for text in wanted:
        for name, weight in sorted(read_preferences(text[:500]), key=lambda one: -one[1]):
            if weight > 0 and (code := name.partition("-")[0]) in LANGUAGES:
                return code
    return LANGUAGES[0]


def for_reader(request: Request, response: Response, csp: str) -> Response:
    """Return the response with the headers of a page: language, Vary and security policy."""
    language = find_language(request)
    response.headers["Vary"] = READER_VARY
    response.headers["Content-Language"] = language
    response.headers["Content-Security-Policy"] = csp
    if request.query_params.get(LANGUAGE) == language:
        response.set_cookie(LANGUAGE, language, max_age=_YEAR_SECONDS, samesite="lax")
    return response

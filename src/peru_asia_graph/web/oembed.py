"""oEmbed (https://oembed.com): the code for embedding an interactive page in another page."""

from __future__ import annotations

import re
from html import escape
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from peru_asia_graph.paths import find_project
from peru_asia_graph.site.words import site_words
from peru_asia_graph.views.page_registry import page_kinds
from peru_asia_graph.web.language import base_address, choose_language

PATH: Final = "/oembed"
WIDTH: Final = 960
HEIGHT: Final = 640
_PAGE: Final = re.compile(r"/(?:exports/)?([a-z0-9-]+?)(?:\.html)?")
_MOST_CHARACTERS: Final = 2000
_SAFE: Final = "=&/;,:~-._!$'()*+%"


async def oembed(request: Request) -> Response:
    """Return how to embed the page at ``url``: an iframe at most ``maxwidth`` wide and ``maxheight`` high."""
    form = request.query_params.get("format", "json")
    if form == "xml":
        raise HTTPException(501, "oEmbed responses are JSON only; use format=json")
    if form != "json":
        raise HTTPException(400, "the oEmbed formats are json and xml; use format=json")
    address = request.query_params.get("url", "")
    if not address:
        raise HTTPException(400, "give the page to embed: url=ADDRESS")
    width, height = _size(request, "maxwidth", WIDTH), _size(request, "maxheight", HEIGHT)
    kind, source = _find_page(request, address)
    fragment = dict(parse_qsl(urlsplit(address).fragment))
    words = site_words(choose_language(fragment.get("lang", "")))
    title, root = words[f"{kind}.title"], f"{base_address(request)}/"
    frame = f'<iframe src="{escape(source)}" title="{escape(title)}" width="{width}" height="{height}"'
    answer = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": words["brand"],
        "provider_url": root,
        "cache_age": 86400,
        "html": f'{frame} style="border:0;max-width:100%" loading="lazy"></iframe>',
        "width": width,
        "height": height,
    }
    return JSONResponse(answer, headers={"Cache-Control": "no-cache"})


def discovery_link(request: Request, title: str) -> str:
    """Return the link element by which oEmbed consumers discover a page's oEmbed."""
    site = base_address(request)
    page = f"{site}{quote(request.url.path)}"
    target = f"{site}{PATH}?{urlencode({'format': 'json', 'url': page})}"
    kind = "application/json+oembed"
    return f'<link rel="alternate" type="{kind}" href="{escape(target)}" title="{escape(title)}">\n'


def _find_page(request: Request, address: str) -> tuple[str, str]:
    """Return the kind of a page and its address for embedding; raise HTTPException for any other address."""
    try:
        parts = urlsplit(address[:_MOST_CHARACTERS])
        here = parts.scheme in ("http", "https") and parts.netloc == urlsplit(base_address(request)).netloc
    except ValueError:
        here = False
    found = _PAGE.fullmatch(parts.path) if here else None
    if found is None or found[1] not in page_kinds() or not (find_project().exports / f"{found[1]}.html").is_file():
        raise HTTPException(404, f"there is no embeddable page at {address[:200]}")
    fragment = f"#{quote(parts.fragment, safe=_SAFE)}" if parts.fragment else ""
    return found[1], f"{parts.scheme}://{parts.netloc}{parts.path}?embed=1{fragment}"


def _size(request: Request, name: str, usual: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return usual
    if not re.fullmatch(r"[1-9]\d{0,5}", text):
        raise HTTPException(400, f"{name} must be a number of pixels, not '{text[:40]}'")
    return min(usual, int(text))

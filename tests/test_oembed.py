"""oEmbed according to oembed.com, and which pages may be framed by others, tested in a real Chromium."""

from __future__ import annotations

import http.server
import json
import re
import threading
from collections.abc import Iterator
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

import servers

TYPES = ("photo", "video", "link", "rich")


def get(address: str) -> tuple[int, Any, str]:
    status, headers, body = servers.fetch(address)
    return status, headers, body.decode()


def ask(site: str, page: str, **fields: str) -> tuple[int, Any, str]:
    more = "".join(f"&{name}={quote(value)}" for name, value in fields.items())
    return get(f"{site}/oembed?url={quote(page, safe='')}{more}")


@pytest.mark.slow
def test_response_has_the_required_fields(site: str) -> None:
    page = f"{site}/ownership#chosen=block-8&year=2012"
    status, headers, body = ask(site, page, format="json", maxwidth="600", maxheight="400")
    answer = json.loads(body)
    assert status == 200 and headers["Content-Type"] == "application/json"
    assert answer["version"] == "1.0" and answer["type"] == "rich" and answer["type"] in TYPES
    assert answer["title"] and answer["provider_name"] and answer["provider_url"] == f"{site}/"
    assert 0 < answer["width"] <= 600 and 0 < answer["height"] <= 400 and isinstance(answer["cache_age"], int)
    frame = re.fullmatch(r'<iframe src="([^"]+)" title="[^"]+" width="600" height="400"[^>]*></iframe>', answer["html"])
    assert frame is not None
    assert unescape(frame[1]) == f"{site}/ownership?embed=1#chosen=block-8&year=2012"


def test_default_size_is_the_maximum(site: str) -> None:
    answer = json.loads(ask(site, f"{site}/trade", maxwidth="99999")[2])
    assert (answer["width"], answer["height"]) == (960, 640)
    assert json.loads(ask(site, f"{site}/exports/sources.html")[2])["html"].count("/exports/sources.html?embed=1") == 1
    assert json.loads(ask(site, f"{site}/trade#lang=es")[2])["title"].startswith("Qué")


@pytest.mark.parametrize(
    ("page", "fields", "status"),
    [
        ("{site}/query", {}, 404),
        ("{site}/questions", {}, 404),
        ("{site}/", {}, 404),
        ("{site}/ownership/", {}, 404),
        ("https://example.org/ownership", {}, 404),
        ("javascript:alert(1)//ownership", {}, 404),
        ("http://[", {}, 404),
        ("/ownership", {}, 404),
        ("{site}/ownership", {"format": "xml"}, 501),
        ("{site}/ownership", {"maxwidth": "wide"}, 400),
        ("{site}/ownership", {"maxheight": "0"}, 400),
        ("", {}, 400),
    ],
)
def test_invalid_requests_get_the_specified_status(site: str, page: str, fields: dict[str, str], status: int) -> None:
    found, headers, body = ask(site, page.format(site=site), **fields)
    assert found == status and "Traceback" not in body and headers.get_content_type() == "text/plain"


def test_fragment_cannot_escape_the_attribute(site: str) -> None:
    html = json.loads(ask(site, f'{site}/ownership#"><script>alert(1)</script>')[2])["html"]
    assert html.count("<") == 2 and "script" not in re.sub(r"%3Cscript%3E|%3C/script%3E", "", html)


def test_page_head_links_to_its_oembed_response(site: str) -> None:
    for kind in ("ownership", "diplomacy", "trade"):
        head = get(f"{site}/{kind}?lang=en")[2].split("</head>")[0]
        found = re.search(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', head)
        assert found is not None
        status, _, body = get(unescape(found[1]))
        assert status == 200 and f"{site}/{kind}?embed=1" in json.loads(body)["html"]


# --- framing -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder and the address at which another server publishes it."""
    folder = tmp_path_factory.mktemp("elsewhere")
    handler = partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.slow
def test_only_pages_without_actions_may_be_framed(browser: Any, site: str, elsewhere: tuple[Path, str]) -> None:
    folder, address = elsewhere
    html = json.loads(ask(site, f"{site}/ownership#chosen=block-8")[2])["html"]
    others = "".join(f'<iframe id="{name}" src="{site}/{name}"></iframe>' for name in ("query", "search"))
    (folder / "blog.html").write_text(f"<!doctype html><title>b</title>{html}{others}", "utf-8")
    context = browser.new_context()
    try:
        page = context.new_page()
        console: list[str] = []
        page.on("console", lambda message: console.append(message.text))
        page.goto(f"{address}/blog.html")
        frame = next(one for one in page.frames if urlsplit(one.url).path == "/ownership")
        frame.wait_for_selector("html[data-ready]", state="attached", timeout=20_000)
        assert frame.locator("#panel h2").text_content() == "Block 8" and not frame.locator("header").is_visible()
        assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.wait_for_timeout(500)
        refused = [text for text in console if "frame-ancestors" in text]
        assert len(refused) == 2 and all("404" in text for text in console if text not in refused)  # its own icon
    finally:
        context.close()

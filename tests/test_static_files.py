"""Static files: media types, compression, conditional and range requests, and paths that are not served."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from peru_asia_graph.files.entries import list_files
from peru_asia_graph.web.static_files import serve_folder

TEXT = "a line of a table\n" * 1_000
Response = tuple[int, Mapping[str, str], bytes]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files that are served and some that must not be."""
    served = tmp_path / "served"
    (served / "tables").mkdir(parents=True)
    (served / "tables" / "a.csv").write_text(TEXT)
    (served / "graph.ttl").write_text("<a> <b> <c> .")
    (served / ".manifest").write_text("hidden")
    (served / ".git").mkdir()
    (served / ".git" / "config").write_text("hidden")
    (tmp_path / "secret.txt").write_text("secret")
    (served / "out").symlink_to(tmp_path / "secret.txt")
    (served / "up").symlink_to(tmp_path)
    (served / "inside").symlink_to(served / "graph.ttl")
    (served / "loop").symlink_to(served / "loop")
    return served


def get(folder: Path, path: str, method: str = "GET", **headers: str) -> Response:
    """Return the status, headers and body for a file in the folder."""
    app = Starlette(routes=[Mount("/files", serve_folder(folder))])
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": f"/files/{path}", "headers": pairs, "query_string": b""}
    sent: list[Any] = []

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    # In its own thread: the browser used by other tests may have an event loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(app(scope, receive, send))).result()
    body = b"".join(message.get("body", b"") for message in sent)
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}, body


@pytest.mark.parametrize("path", ["graph.ttl", "inside"])
def test_files_have_their_media_type_and_headers(folder: Path, path: str) -> None:
    status, headers, body = get(folder, path)
    assert (status, body, headers["content-type"]) == (200, b"<a> <b> <c> .", "text/turtle; charset=utf-8")
    assert (headers["cache-control"], headers["vary"]) == ("no-cache", "Accept-Encoding")


def test_large_files_are_compressed_if_the_client_accepts_it(folder: Path) -> None:
    _, headers, body = get(folder, "tables/a.csv", accept_encoding="br, gzip")
    assert headers["content-encoding"] == "gzip" and gzip.decompress(body).decode() == TEXT and len(body) < 1_000
    _, headers, body = get(folder, "tables/a.csv")
    assert "content-encoding" not in headers and body.decode() == TEXT
    status, headers, body = get(folder, "tables/a.csv", "HEAD")
    assert (status, body, headers["content-length"]) == (200, b"", str(len(TEXT)))


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_unchanged_file_gives_not_modified(folder: Path, encoding: str) -> None:
    tag = get(folder, "tables/a.csv", accept_encoding=encoding)[1]["etag"]
    assert tag.startswith('W/"')
    status, headers, body = get(folder, "tables/a.csv", accept_encoding=encoding, if_none_match=f'"x", {tag}')
    assert (status, body, headers["etag"]) == (304, b"", tag)
    (folder / "tables" / "a.csv").write_text("other")
    assert get(folder, "tables/a.csv", accept_encoding=encoding, if_none_match=tag)[0] == 200


def test_ranges_are_sent_uncompressed(folder: Path) -> None:
    status, headers, body = get(folder, "tables/a.csv", range="bytes=2-5", accept_encoding="gzip")
    assert (status, body) == (206, b"line") and "content-encoding" not in headers
    assert get(folder, "tables/a.csv", range="bytes=900000-")[0] == 416


@pytest.mark.parametrize(
    "path",
    ["", "tables", "none", "out", "up/secret.txt", "../secret.txt", "tables/../../secret.txt", "/etc/passwd", "loop",
     "..%2fsecret.txt", ".manifest", ".git/config", "tables/../.manifest", "\x00", "a" * 5_000, "graph.ttl/x",
     "..\\secret.txt", "//graph.ttl/../../secret.txt"],
)  # fmt: skip
def test_other_paths_are_not_served(folder: Path, path: str) -> None:
    status, _, body = get(folder, path)
    assert status == 404 and b"secret" not in body.lower() and b"hidden" not in body


def test_files_are_read_only(folder: Path) -> None:
    assert get(folder, "graph.ttl", "POST")[0] == get(folder, "graph.ttl", "DELETE")[0] == 405


def test_index_lists_the_served_files(folder: Path) -> None:
    (folder / "out").unlink()
    assert list_files(folder) == ["graph.ttl", "inside", "tables/a.csv"]

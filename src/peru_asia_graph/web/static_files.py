"""Serves the files of a folder: Starlette's StaticFiles plus gzip, with the media types and headers of this server."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

_MEDIA_TYPES: Final = {
    ".ttl": "text/turtle",
    ".trig": "application/trig",
    ".jsonld": "application/ld+json",
    ".csv": "text/csv",
    ".graphml": "application/graphml+xml",
    ".gexf": "application/gexf+xml",
    ".md": "text/markdown",
    ".js": "text/javascript",
}
_GZIP_LEVEL: Final = 6


class Files(StaticFiles):
    """The files in a folder; symbolic links that leave it and names that begin with a dot are not served."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if any(part.startswith(".") for part in path.split("/")):
            raise HTTPException(404)
        try:
            response = await super().get_response(path, scope)
        except OSError as error:
            raise HTTPException(404) from error
        # Weak, because the same tag is used for the compressed file.
        response.headers["ETag"] = f"W/{response.headers['ETag']}"
        response.headers.update({"Cache-Control": "no-cache", "Vary": "Accept-Encoding"})
        return response


def serve_folder(folder: Path) -> ASGIApp:
    """Return an application that serves the files of a folder, compressed for clients that accept gzip."""
    for suffix, media_type in _MEDIA_TYPES.items():
        mimetypes.add_type(media_type, suffix)
    return GZipMiddleware(Files(directory=folder, check_dir=False), compresslevel=_GZIP_LEVEL)


def serve_contents(files: Mapping[str, bytes], headers: dict[str, str]) -> ASGIApp:
    """Return an application that serves these files from memory, compressed for clients that accept gzip."""
    tags = {name: f'W/"{hashlib.sha256(content).hexdigest()[:24]}"' for name, content in files.items()}

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        name = scope["path"].removeprefix(scope.get("root_path", "")).lstrip("/")
        if request.method not in ("GET", "HEAD"):
            raise HTTPException(405)
        if name not in files:
            raise HTTPException(404)
        own = {**headers, "Cache-Control": "no-cache", "Vary": "Accept-Encoding", "ETag": tags[name]}
        if tags[name] in request.headers.get("if-none-match", ""):
            response = Response(status_code=304, headers=own)
        else:
            media = _MEDIA_TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "text/plain"
            response = Response(files[name], headers=own, media_type=media)
        await response(scope, receive, send)

    return GZipMiddleware(serve, compresslevel=_GZIP_LEVEL)

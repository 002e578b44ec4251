"""Files of a folder, sent whole, packed once. A name in, a response out.

Limit: only files below the folder, and none whose name begins with a dot; their bytes are kept while they are wanted.
"""

from __future__ import annotations

import gzip
import mimetypes
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from peru_asia_graph.web.negotiate import takes_gzip
from peru_asia_graph.web.protocol import Refused

_KEPT_BYTES: Final = 48_000_000
_BIG: Final = 64_000_000
_TYPES: Final = {
    ".ttl": "text/turtle",
    ".trig": "application/trig",
    ".jsonld": "application/ld+json",
    ".csv": "text/csv",
    ".graphml": "application/graphml+xml",
    ".gexf": "application/gexf+xml",
    ".md": "text/markdown",
    ".js": "text/javascript",
    ".html": "text/html",
    ".css": "text/css",
}


@dataclass(frozen=True)
class Kept:
    """A file as it was when it was read."""

    tag: str
    plain: bytes
    packed: bytes


class Files:
    """The files below a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def names(self) -> list[str]:
        """Return the names of the files, relative to the folder."""
        found = [path.relative_to(self._folder).as_posix() for path in self._folder.rglob("*") if path.is_file()]
        return sorted(name for name in found if not name.startswith("."))

    def respond(self, name: str, request: Request) -> Response:
        """Return a file, packed if the client takes that; raise Refused for what is not there."""
        kept = self._read(name)
        media = _TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        typed = f"{media}; charset=utf-8" if media.startswith("text/") else media
        packed = takes_gzip(request.headers.get("accept-encoding")) and len(kept.packed) < len(kept.plain)
        tag = f'W/"{kept.tag}"'
        headers = {"ETag": tag, "Vary": "Accept-Encoding", "Cache-Control": "no-cache", "Content-Type": typed}
        if tag in [part.strip() for part in request.headers.get("if-none-match", "").split(",")]:
            return Response(status_code=304, headers=headers)
        if packed:
            return Response(kept.packed, headers={**headers, "Content-Encoding": "gzip"})
        return Response(kept.plain, headers=headers)

    def _read(self, name: str) -> Kept:
        path = self._folder / name
        parts = name.split("/")
        try:
            real = path.resolve(strict=True)
            found = real.stat()
            hidden = any(part.startswith(".") or not part or "\\" in part for part in parts)
            if hidden or not real.is_relative_to(self._folder.resolve()) or not real.is_file() or found.st_size > _BIG:
                raise Refused(404, f"there is no file {name}")
            tag = f"{found.st_mtime_ns:x}-{found.st_size:x}"
            kept = self._kept.pop(name, None)
            if kept is None or kept.tag != tag:
                plain = real.read_bytes()
                kept = Kept(tag, plain, gzip.compress(plain, 6, mtime=0))
        except (OSError, ValueError) as error:
            raise Refused(404, f"there is no file {name}") from error
        self._kept[name] = kept
        while (
            sum(len(one.plain) + len(one.packed) for one in self._kept.values()) > _KEPT_BYTES and len(self._kept) > 1
        ):
            self._kept.popitem(last=False)
        return kept

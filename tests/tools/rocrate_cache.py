"""rocrate_cache.py CONTEXT CACHE: put the JSON-LD context of RO-Crate 1.1 into the cache of rocrate-validator.

Run with the Python of that tool; ``rocrate-validator validate --offline --cache-path CACHE`` then needs no network.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests_cache import CachedSession
from urllib3 import HTTPResponse

ADDRESS = "https://w3id.org/ro/crate/1.1/context"


class FileAdapter(HTTPAdapter):
    """Answers every request with one file."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._data = file.read_bytes()

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        headers = {"Content-Type": "application/ld+json"}
        raw = HTTPResponse(
            io.BytesIO(self._data), headers, status=200, preload_content=False, request_url=str(request.url)
        )
        return self.build_response(request, raw)


if __name__ == "__main__":
    context, cache = sys.argv[1:]
    session = CachedSession(cache_name=cache, backend="sqlite", expire_after=-1)
    session.mount("https://", FileAdapter(Path(context)))
    session.get(ADDRESS).raise_for_status()

"""All pages of a store, and the data that a page's script reads."""

from __future__ import annotations

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

from peru_asia_graph.exporters.html_pages import draw_pages, page_assets
from peru_asia_graph.store import Store

DATA = re.compile(r'<script type="application/([a-z]+)" id="data">(.*?)</script>', re.DOTALL)


def data_of(page: str) -> dict[str, Any]:
    """Return the data of a page, decompressed if necessary."""
    ((kind, text),) = DATA.findall(page)
    data: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(text)) if kind == "gzip" else text)
    return data


def make_pages(store: Store, ontology: Path) -> dict[str, bytes]:
    """Return all pages and their shared files, by relative name."""
    pages, pages_of = draw_pages(store, ontology)
    return pages | page_assets(store, [], pages_of)

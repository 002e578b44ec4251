"""The data that a page's script reads."""

from __future__ import annotations

import base64
import gzip
import json
import re
from typing import Any

DATA = re.compile(r'<script type="application/([a-z]+)" id="data">(.*?)</script>', re.DOTALL)


def data_of(page: str) -> dict[str, Any]:
    """Return the data of a page, decompressed if necessary."""
    ((kind, text),) = DATA.findall(page)
    data: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(text)) if kind == "gzip" else text)
    return data

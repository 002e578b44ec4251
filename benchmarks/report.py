"""Where and when a benchmark ran, and the document its results go into."""

from __future__ import annotations

import os
import platform
import re
import time
from pathlib import Path


def machine() -> str:
    """Return a description of this machine and its load."""
    info = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*: (.*)", info.read_text()) if info.exists() else None
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    name = model[1] if model else platform.processor()
    python = platform.python_version()
    return f"{time.strftime('%Y-%m-%d')}, {name}, {os.cpu_count()} cores, Python {python}; load before: {load}"


def replace_part(text: str, part: str, measured: str) -> str:
    """Return a document with the text between a part's markers replaced, or with the part added at the end."""
    start, end = f"<!-- {part} -->\n", f"<!-- end of {part} -->\n"
    before, _, rest = text.partition(start)
    _, _, after = rest.partition(end)
    return f"{before}{start}{measured.strip()}\n{end}{after}"

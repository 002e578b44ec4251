"""Memory and disk space of the engines, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Final, NamedTuple

_LOAD: Final = """
import json, sys, pyoxigraph as ox
where, query = sys.argv[1:]
if where.endswith(".nq"):
    store = ox.Store()
    store.bulk_load(path=where)
else:
    store = ox.Store.read_only(where)
loaded = open("/proc/self/status").read()
sum(1 for _ in store.query(query, use_default_graph_as_union=True))
print(json.dumps([loaded, open("/proc/self/status").read()]))
"""


class Footprint(NamedTuple):
    """Megabytes: resident memory (embedded: before the query), peak memory, and disk space."""

    resident: float
    peak: float
    disk: float


def embedded(where: Path, query: str) -> Footprint:
    """Measure Oxigraph with a file loaded into memory or with a folder on disk, including its disk space."""
    done = subprocess.run([sys.executable, "-c", _LOAD, str(where), query], capture_output=True, text=True, check=True)
    before, after = json.loads(done.stdout)
    return Footprint(_field(before, "VmRSS"), _field(after, "VmHWM"), disk(where) if where.is_dir() else 0.0)


def server(pid: int, folder: Path) -> Footprint:
    """Measure a running server."""
    status = Path(f"/proc/{pid}/status").read_text()
    return Footprint(_field(status, "VmRSS"), _field(status, "VmHWM"), disk(folder))


def disk(folder: Path) -> float:
    """Return the total size of the files in a folder, in megabytes."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def _field(status: str, name: str) -> float:
    line = next(line for line in status.splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) / 1000

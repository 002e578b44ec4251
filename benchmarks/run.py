"""Speed beside the plain way, in one run: ``make bench``. Prints medians in seconds and their ratio.

Each pair is run in turn, so that a busy moment hits both. Limit: whole processes are timed, start-up included.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TURTLE = ROOT / "exports" / "peru-asia-graph.ttl"
QUERY = (
    "PREFIX pag: <https://w3id.org/peru-asia-graph/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "SELECT ?owner ?share WHERE { ?s a pag:Stake ; pag:owner/rdfs:label ?owner ; pag:owned ?o ; "
    'pag:sharePercent ?share . ?o rdfs:label "Block 8" } ORDER BY DESC(?share)'
)
PLAIN_QUERY = f"import rdflib\nfor row in rdflib.Graph().parse({str(TURTLE)!r}).query({QUERY!r}): print(*row)"


@dataclass(frozen=True)
class Pair:
    """Two commands that do the same, and the goal: the first at most ``most`` times as long as the second."""

    name: str
    ours: list[str]
    plain: list[str]
    most: float
    runs: int


def pairs(out: Path) -> list[Pair]:
    """Return what is compared."""
    python, pag = sys.executable, str(Path(sys.executable).with_name("pag"))
    plain_build = str(ROOT / "benchmarks" / "plain_build.py")
    return [
        Pair("query from a cold start", [pag, "query", QUERY], [python, "-c", PLAIN_QUERY], 1 / 8, 9),
        Pair("pag --help beside import click", [pag, "--help"], [python, "-c", "import click"], 2.5, 15),
        Pair(
            "whole build beside rdflib + pyshacl + owlrl",
            [pag, "build", "-q", "--out", str(out / "fast")],
            [python, plain_build, str(TURTLE), str(out / "plain")],
            1 / 3,
            3,
        ),
    ]


def run_once(command: list[str]) -> float:
    """Return the seconds a command takes; it must succeed."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "NO_COLOR": "1"})
    return time.perf_counter() - start


def main() -> None:
    """Run every pair in turn and print a table."""
    print(f"{'':<44} {'ours':>8} {'plain':>8} {'ratio':>7} {'goal':>7}")
    with tempfile.TemporaryDirectory() as name:
        for pair in pairs(Path(name)):
            for command in (pair.ours, pair.plain):
                run_once(command)
            times = [(run_once(pair.ours), run_once(pair.plain)) for _ in range(pair.runs)]
            ours, plain = (statistics.median(column) for column in zip(*times, strict=True))
            print(f"{pair.name:<44} {ours:7.3f}s {plain:7.3f}s {ours / plain:7.3f} {pair.most:7.3f}")


if __name__ == "__main__":
    main()

"""Whole commands compared with plain alternatives, in one run: ``make bench``. Prints medians in seconds and ratios.

The two commands of a pair alternate, start-up included, so that a busy moment affects both.
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
TRIG = ROOT / "exports" / "peru-asia-graph.trig"
LABELS = "SELECT ?label WHERE { ?x a pag:HydrocarbonBlock ; rdfs:label ?label }"
PREFIXES = {
    "pag": "https://w3id.org/peru-asia-graph/ontology#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}
# The minimum for a query on the TriG file in Python: load it into Oxigraph, run the query, print the rows.
FLOOR = f"""
import pyoxigraph as ox
store = ox.Store()
store.bulk_load(path={str(TRIG)!r}, format=ox.RdfFormat.TRIG)
for row in store.query({LABELS!r}, prefixes={PREFIXES!r}, use_default_graph_as_union=True):
    print(row["label"].value)
"""
QUERY = (
    "PREFIX pag: <https://w3id.org/peru-asia-graph/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "SELECT ?owner ?share WHERE { ?s a pag:Stake ; pag:owner/rdfs:label ?owner ; pag:owned ?o ; "
    'pag:sharePercent ?share . ?o rdfs:label "Block 8" } ORDER BY DESC(?share)'
)
PLAIN_QUERY = f"import rdflib\nfor row in rdflib.Graph().parse({str(TURTLE)!r}).query({QUERY!r}): print(*row)"


@dataclass(frozen=True)
class Pair:
    """A command and its plain alternative, with the target: at most ``goal`` times as long."""

    name: str
    ours: list[str]
    plain: list[str]
    goal: float
    runs: int


def pairs(folder: Path) -> list[Pair]:
    """Return the pairs to compare."""
    python, pag = sys.executable, [sys.executable, "-m", "peru_asia_graph"]
    floor = [python, "-c", FLOOR]
    plain_build = str(ROOT / "benchmarks" / "plain_build.py")
    page = ["-o", str(folder / "page.html")]
    return [
        Pair("pag --help / import click", [*pag, "--help"], [python, "-c", "import click"], 1.3, 15),
        Pair("pag query / pyoxigraph", [*pag, "query", LABELS], floor, 1.2, 15),
        Pair("pag ask / pyoxigraph", [*pag, "ask", "who-owns", "-p", "asset=Block 8"], floor, 1.5, 9),
        Pair("pag show / pyoxigraph", [*pag, "show", "Block 8"], floor, 1.5, 9),
        Pair("pag owners / pyoxigraph", [*pag, "owners", "Block 8"], floor, 2.5, 9),
        Pair("pag view / pyoxigraph", [*pag, "view", "ownership", *page], floor, 4, 9),
        Pair("pag query / rdflib", [*pag, "query", QUERY], [python, "-c", PLAIN_QUERY], 1 / 8, 5),
        Pair(
            "pag build / rdflib, pyshacl, owlrl",
            [*pag, "build", "-q", "-o", str(folder / "ours")],
            [python, plain_build, str(TURTLE), str(folder / "plain")],
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
    """Run every pair alternately and print a table."""
    print(f"{'':<40} {'ours':>8} {'plain':>8} {'ratio':>7} {'goal':>7}")
    with tempfile.TemporaryDirectory() as name:
        for pair in pairs(Path(name)):
            for command in (pair.ours, pair.plain):
                run_once(command)
            times = [(run_once(pair.ours), run_once(pair.plain)) for _ in range(pair.runs)]
            ours, plain = (statistics.median(column) for column in zip(*times, strict=True))
            print(f"{pair.name:<40} {ours:7.3f}s {plain:7.3f}s {ours / plain:7.3f} {pair.goal:7.3f}", flush=True)


if __name__ == "__main__":
    main()
